"""The program as a wheel installs it: other people's `app`, `model` and `assets` are left alone, and never run."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.sources.test_cluster import Cluster, cluster
from tests.app.test_cli import picture
from tests.conftest import ROOT, on_linux
from tests.screen import PATIENCE

__all__ = ["cluster"]

FOREIGN = "import os, sys\nsys.stderr.write(f'somebody else: {__file__}\\n')\nos._exit(9)\n"
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
CHILD = """
from contextlib import suppress
from pathlib import Path
with suppress(ImportError):
    import inkling
    inkling.lead()
from app.jobs.job import Job
if __name__ == "__main__":
    job = Job(["open", str(Path("nowhere.keras").resolve()), "--output", str(Path("made").resolve())])
    assert job.wait(1800)
    print(job.last.message if hasattr(job.last, "message") else job.last, *job.lines)
"""


def foreign(folder: Path) -> None:
    """Make a folder of other people's packages, with the same names as the program's own."""
    for name in ("app", "model", "assets"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for module in ("__init__", "__main__"):
            (folder / name / f"{module}.py").write_text(FOREIGN)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this checkout's wheel is installed, followed by another with its own `app`, `model` and `assets`."""
    folder = tmp_path_factory.mktemp("wheel")
    made = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(made, check=True, timeout=PATIENCE)
    (wheel,) = folder.glob("inkling*.whl")
    subprocess.run([*PIP, "install", "--no-deps", "--target", folder / "site", wheel], check=True, timeout=PATIENCE)
    foreign(folder / "site")
    return folder / "site"


@pytest.fixture
def run(site: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python with the wheel; the working folder and one before the wheel's have other people's packages."""
    foreign(tmp_path / "here")
    foreign(tmp_path / "before")

    def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join((str(tmp_path / "before"), str(site)))
        return subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=tmp_path / "here",
            env=os.environ | {"PYTHONPATH": path, "DISPLAY": ""} | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

    return run


@pytest.mark.parametrize("safe", ["", "-P"])
@pytest.mark.parametrize("how", [pytest.param(["bin/inkling-cli"], marks=on_linux), ["-m", "inkling"]])
def test_it_reads_in_processes_of_its_own_whoever_else_has_an_app(
    how: list[str], safe: str, run: Callable[..., subprocess.CompletedProcess[str]], site: Path, tmp_path: Path
) -> None:
    command = [*filter(None, [safe]), *(site / word if "/" in word else word for word in how)]
    done = run(*command, "self-test")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(site / "inkling" / "assets" / "model") in done.stdout
    for digit in (1, 7):
        picture(digit).save(tmp_path / f"{digit}.png")
    done = run(*command, "recognize", tmp_path / "1.png", tmp_path / "7.png", "--jobs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split("\t")[1] for line in done.stdout.splitlines()] == ["1", "7"]


@pytest.mark.parametrize("safe", ["", "1"])
def test_its_trainings_are_its_own_too(
    safe: str, run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    start = tmp_path / "start.py"
    start.write_text(CHILD)
    done = run(start, PYTHONSAFEPATH=safe)
    assert done.stdout.startswith("nowhere.keras can't be read (No such file or directory)"), done.stderr
    done = run("-m", "inkling", "model", "quadrants", "--output", tmp_path / "quadrants.png", PYTHONSAFEPATH=safe)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "quadrants.png").is_file()


def test_a_scheduler_s_workers_find_it(
    cluster: Cluster,
    run: Callable[..., subprocess.CompletedProcess[str]],
    site: Path,
    tmp_path: Path,
) -> None:
    words = ["--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
    cluster.start("worker", *words, PYTHONPATH=str(site))
    picture(4).save(tmp_path / "4.png")
    done = run("-m", "inkling", "recognize", tmp_path / "4.png", "--scheduler", cluster.address)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split("\t")[1] == "4"
