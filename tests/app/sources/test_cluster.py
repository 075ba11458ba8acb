"""Reading spread by Dask: real schedulers with real workers, all on this computer."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.base import installation, project
from tests.app.sources.test_spread import DEADLY, LOST, extended, folder_of, gone, started
from tests.app.test_cli import answers, ink, picture
from tests.conftest import ROOT, on_linux, run
from tests.screen import PATIENCE, wait_for

WITHOUT = """
import sys
sys.modules["{name}"] = None  # as where it is not installed
"""


class Cluster:
    """A scheduler and its workers, each in its own process."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []

    def begin(self) -> None:
        """Start the scheduler; it gives up a task that has killed one worker."""
        self.start("scheduler", "--port", "0", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
        wait_for(lambda: self._file.exists() and self._file.read_text().endswith("}"), 120, "a scheduler")

    def end(self) -> None:
        """End all processes, the scheduler last."""
        for process in reversed(self.processes):
            process.kill()  # its children notice that and end
        for process in self.processes:
            process.wait(PATIENCE)

    @property
    def address(self) -> str:
        return str(json.loads(self._file.read_text())["address"])

    def start(self, *words: str, **environment: str) -> int:
        """Start a part of Dask by its command line, in a folder without Inkling, and return its process number."""
        here = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(self._file)]
        command = [sys.executable, "-m", "dask", *words, *here]
        process = subprocess.Popen(
            command,
            cwd=self._folder,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process.pid

    def worker(self, path: str = "", *, minded: bool = True) -> int:
        """Start a worker that finds Inkling, and return its process number, or its nanny's."""
        path = os.pathsep.join(filter(None, (path, str(ROOT))))
        words = ["--nthreads", "1", "--nanny" if minded else "--no-nanny", "--local-directory", str(self._folder)]
        return self.start("worker", *words, PYTHONPATH=path)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "dask").mkdir()
    cluster = Cluster(tmp_path / "dask")
    try:
        cluster.begin()
        yield cluster
    finally:
        cluster.end()


def minded_by(pid: int) -> list[int]:
    """Return the workers that a nanny has started."""
    found = [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]
    return [each for each in found if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()]


@on_linux
def test_a_scheduler_s_workers_print_what_one_process_prints_and_one_may_be_killed(
    cluster: Cluster, tmp_path: Path
) -> None:
    folder = folder_of(150, tmp_path / "many")
    (folder / "00050.png").write_bytes((folder / "00050.png").read_bytes()[:60])
    minders = [cluster.worker(), cluster.worker()]
    wait_for(lambda: all(map(minded_by, minders)), 120, "two workers")
    with started("--json", folder, "nowhere.png", scheduler=cluster.address) as process:
        assert process.stdout
        assert process.stderr
        lines = [process.stdout.readline() for _ in range(30)]
        os.kill(minded_by(minders[0])[0], signal.SIGKILL)
        lines += process.stdout.readlines()
        told = process.stderr.read()
        assert process.wait() == 1
    one = run("app", "recognize", "--json", folder, "nowhere.png")
    assert ("".join(lines), told) == (one.stdout, one.stderr)


@on_linux
def test_a_file_that_ends_its_workers_is_lost_alone(cluster: Cluster, tmp_path: Path) -> None:
    folder = folder_of(40, tmp_path / "many")
    whole = run("app", "recognize", folder, "--json").stdout
    picture(1).save(folder / "00020-deadly.png")
    script = DEADLY.replace(
        '"deadly" in str(getattr(path, "name", path))', 'getattr(path, "getbuffer", bytes)()[-6:] == b"deadly"'
    )
    with (folder / "00020-deadly.png").open("ab") as file:
        file.write(b"deadly")  # workers don't see names
    path = extended(tmp_path / "path", script)
    for _ in range(3):
        cluster.worker(path, minded=False)  # it kills a worker twice: in its batch, and alone
    done = run("app", "recognize", "--scheduler", cluster.address, folder, "--json")
    assert done.returncode == 1
    told = answers(done.stdout)
    (lost,) = [each for each in told if each.get("error") == LOST]
    assert Path(str(lost["source"])).name == "00020-deadly.png"
    assert [each["source"] for each in told] == sorted(str(each["source"]) for each in told)
    assert [each for each in told if each is not lost] == answers(whole)


@on_linux
def test_a_scheduler_that_is_lost_and_one_that_is_not_there_are_a_sentence(cluster: Cluster, tmp_path: Path) -> None:
    folder = folder_of(300, tmp_path / "many")
    cluster.worker(minded=False)
    with started(folder, scheduler=cluster.address) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        cluster.processes[0].kill()
        assert process.stderr.read() == (
            f"The connection to the Dask scheduler at {cluster.address} was lost. "
            "Start the scheduler again, then run this command again.\n"
        )
        assert process.wait() == 1
    done = run("app", "recognize", "--scheduler", cluster.address, folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"No Dask scheduler answers at {cluster.address}. Make sure that it's running, and that the address is right.\n"
    )


@on_linux
def test_a_scheduler_without_workers_and_a_worker_without_inkling_are_a_sentence(
    cluster: Cluster, tmp_path: Path
) -> None:
    script = (
        "from app.sources import cluster; from app.__main__ import main\n"
        "cluster.WORKER_SECONDS = 1; raise SystemExit(main())"
    )
    command = [sys.executable, "-c", script, "recognize", "--scheduler", cluster.address, "-"]
    done = subprocess.run(command, cwd=ROOT, input="{}", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"The Dask scheduler at {cluster.address} has no workers. Start some with: dask worker {cluster.address}\n"
    )
    cluster.worker(extended(tmp_path / "path", WITHOUT.format(name="app")), minded=False)
    done = run("app", "recognize", "--scheduler", cluster.address.removeprefix("tcp://"), "-", text=json.dumps(ink(7)))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"A worker of {cluster.address} doesn't have Inkling {project.version()}. "
        "Install the same version there as here.\n"
    )


@on_linux
def test_ctrl_c_ends_it_and_the_workers_go_on_for_others(cluster: Cluster, tmp_path: Path) -> None:
    folder = folder_of(2000, tmp_path / "many")
    worker = cluster.worker(minded=False)
    with started(folder, scheduler=cluster.address) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.close()
        assert (process.stderr.read(), process.wait(PATIENCE)) == ("", 130)
    assert not gone(worker)
    done = run("app", "recognize", "--scheduler", cluster.address, "-", text=json.dumps(ink(7)))
    assert done.stdout.startswith("-:0\t7\t")


def test_without_dask_a_sentence_tells_how_to_get_it(tmp_path: Path) -> None:
    path = extended(tmp_path / "path", WITHOUT.format(name="distributed"))
    done = run("app", "recognize", "--scheduler", "tcp://127.0.0.1:1", "-", text="", PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"A scheduler needs Dask; install it with: {installation.command('cluster')}\n"


@pytest.mark.parametrize("words", [["nothing"], ["foo:bar"], ["tcp://"], ["udp://a:1"], ["a:1", "--jobs", "2"]])
def test_what_is_no_address_is_wrong_usage(words: list[str]) -> None:
    done = run("app", "recognize", "-", "--scheduler", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("inkling recognize: error: argument --")
