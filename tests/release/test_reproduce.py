"""Building one commit twice gives the same bytes, whoever builds it, wherever and whenever."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from release import reproduce
from release.__main__ import main
from tests.conftest import missing, on_linux

pytestmark = on_linux


@pytest.fixture(autouse=True)
def _tools() -> None:
    if shutil.which("faketime") is None:
        missing("faketime is needed (Debian: apt install faketime)")
    if subprocess.run([*reproduce.SOMEBODY, "true"], capture_output=True, check=False).returncode:
        missing("user namespaces are needed to build as another user")


def test_wheel_and_sdist_are_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "--keep", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[1].rpartition(".")[2] for line in lines) == ["gz", "whl"]
    assert all(line.endswith("the same") for line in lines)
    for line in lines:
        name = line.split()[1]
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


@pytest.mark.nightly
def test_the_light_flavour_s_packages_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "light"]) == 0, capsys.readouterr().out


def test_the_two_builds_differ_in_all_that_a_build_must_not_show(tmp_path: Path) -> None:
    """Each step of the second build sees another user, day, umask, locale and folder."""
    asked = "import os, locale, time; print(os.getuid(), time.strftime('%Y'), oct(os.umask(0)), os.environ['LC_ALL'])"
    said = []
    for where in (reproduce.FIRST, reproduce.SECOND):
        folder = tmp_path / where.folder
        folder.mkdir(parents=True)
        said.append(reproduce.step(where, folder, ["python3", "-c", asked]).split())
    assert all(first != second for first, second in zip(*said, strict=True)), said
    assert said[0][0] == str(os.getuid())


@pytest.mark.parametrize(
    ("diffoscope", "said"),
    [
        ("", "Install diffoscope to see in what they differ, or compare them yourself with --keep."),
        ("printf -- '-one\\n+two\\n' > $2; exit 1", "-one\n+two"),  # diff ends like this if files differ
        ("echo it broke >&2; exit 2", "diffoscope failed: it broke"),
        ("exit 0", "diffoscope finds nothing in which they differ."),
    ],
    ids=["not installed", "a report", "broken", "nothing"],
)
def test_what_differs_is_named_kept_and_shown(
    diffoscope: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(place: Path, where: reproduce.Surroundings, _flavours: list[str], _commit: str) -> Path:
        made = place / where.folder
        made.mkdir(parents=True)
        (made / "same.whl").write_text("same")
        (made / "made.deb").write_text(where.folder)
        return made

    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("git", "unshare", "faketime"):
        (tools / name).symlink_to(shutil.which(name) or "")
    if diffoscope:
        (tools / "diffoscope").write_text(f"#!/bin/sh\n{diffoscope}\n")
        (tools / "diffoscope").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(reproduce, "build", build)
    assert main(["reproduce", "--keep", str(tmp_path)]) == 1
    told = capsys.readouterr()
    first, second, report = told.out.rstrip().split("\n", 2)
    assert [line.split(maxsplit=1)[1] for line in (first, second)] == ["made.deb  differs", "same.whl  the same"]
    assert (report, told.err) == (said, "made.deb differs between the two builds.\n")
    assert (tmp_path / "second" / "made.deb").read_text() == reproduce.SECOND.folder
