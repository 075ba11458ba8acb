"""The program used as people use it, with any umask: what it keeps is private, and what they save is as usual."""

import contextlib
import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.facts import log
from app.facts.open_file import open_file
from app.kept import models, paths
from model.base import files
from model.base.files import replaced
from model.base.program import NAME
from tests.app.facts.test_open_file import opener  # noqa: F401  (a fixture)
from tests.conftest import ROOT, app_program, on_linux
from tests.person import Person
from tests.screen import Screen, wait_for

pytestmark = on_linux

OPEN = 0o000  # a umask that takes nothing away, so whatever is private was made private
MASKS = [0o022, OPEN]
SEVEN = [(60, 60), (200, 60), (130, 230)]
INK = json.dumps({"strokes": [SEVEN], "label": "7"}) + "\n"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    """Return what others can read or enter in a folder, with its modes."""
    found = []
    for path in (Path(place, name) for place, folders, names in os.walk(folder) for name in (*folders, *names)):
        with contextlib.suppress(FileNotFoundError):  # it was there for a moment
            if mode(path) & 0o077 and not path.is_symlink():
                found.append(f"{mode(path):o} {path.relative_to(folder)}")
    return found


@pytest.fixture
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where people save their files, outside the program's own folders; its name can be typed."""
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(params=MASKS, ids=lambda mask: f"{mask:03o}")
def umask(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def program(screen: Screen) -> Iterator[Person]:
    process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=os.environ, umask=OPEN)
    yield Person(screen, process)
    process.kill()
    process.wait()


def use(person: Person, saved: Path) -> None:
    """Draw, correct the answer (which saves the drawing), change a setting, save, teach, and copy the taught model."""
    person.screen.stroke([(x + person.canvas.left, y + person.canvas.top) for x, y in SEVEN])
    person.copy_answer()
    person.screen.key("7")
    wait_for(paths.samples_file().exists, 20, "the kept drawing")
    person.screen.key("ctrl+l")
    person.screen.key("ctrl+s")
    person.choose_file("Save drawing", str(saved / "seven.png"))
    person.point_at("Inkling")
    wait_for((saved / "seven.png").exists, 10, "the saved drawing")
    person.screen.key("ctrl+t")


def test_what_the_program_keeps_is_private_with_the_most_open_umask(program: Person, saved: Path, shared: Path) -> None:
    del shared
    use(program, saved)

    def taught() -> bool:
        seen.update(open_to_others(Path.home()))  # meanwhile, too: the socket, half-written files, scratch folders
        return paths.models_folder().is_dir() and any(each.key != models.BUNDLED for each in models.everything())

    seen: set[str] = set()
    wait_for(taught, 200, "a taught model", pause=0.05)
    assert running_socket().exists()
    wait_for(lambda: "taught-" in paths.settings_file().read_text(), 20, "its use")
    program.close()
    for folder in (paths.samples_file().parent, paths.settings_file().parent, paths.log_file().parent):
        assert mode(folder) == 0o700
    assert mode(saved / "seven.png") == 0o666
    left = seen | set(open_to_others(Path.home()))
    assert left == set()


def running_socket() -> Path:
    return paths.running_file().with_suffix(".socket")


def test_what_the_command_line_keeps_is_private_and_what_it_is_told_to_write_is_not(
    tmp_path: Path, saved: Path, shared: Path
) -> None:
    del shared
    ink = tmp_path / "ink.jsonl"
    ink.write_text(INK)
    for words in (["recognize", ink], ["teach", ink], ["teach", ink, "--output", saved / "model"]):
        command = [*app_program(), *map(str, words)]
        subprocess.run(command, cwd=ROOT, env=os.environ, umask=OPEN, check=True, capture_output=True)
    assert list(paths.models_folder().iterdir())
    assert open_to_others(paths.models_folder().parent) == []
    assert open_to_others(paths.log_file().parent) == []
    assert mode(saved / "model" / "card.json") == 0o666
    assert mode(paths.log_file().parent) == mode(paths.models_folder()) == 0o700


def test_folders_of_an_older_inkling_are_tightened_and_those_above_stay(umask: int) -> None:
    kept = paths.settings_file().parent, paths.log_file().parent, paths.models_folder(), paths.reports_folder()
    for folder in kept:
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    above = [Path.home(), paths.settings_file().parent.parent, paths.samples_file().parent.parent]
    for folder in above:
        folder.chmod(0o755)
    code = "from app.facts import log; from app.kept import paths; log.start(); paths.keep_private()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, umask=umask, check=True)
    assert [oct(mode(folder)) for folder in kept] == ["0o700"] * len(kept)
    assert mode(paths.samples_file().parent) == mode(paths.log_file().parent.parent) == 0o700
    assert [oct(mode(folder)) for folder in above] == ["0o755"] * len(above)


def in_the_window_s_process(code: str, umask: int, *words: str) -> None:
    """Run code in a process that makes only private files, as the window's does."""
    code = f"import sys\nfrom app.kept import paths\npaths.keep_private()\n{code}"
    subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, env=os.environ, umask=umask, check=True)


def test_copies_of_models_are_saved_as_usual(umask: int, saved: Path) -> None:
    code = "from pathlib import Path\nfrom app.kept import models\nmodels.export(models.BUNDLED, Path(sys.argv[1]))"
    in_the_window_s_process(code, umask, str(saved))
    (copied,) = saved.iterdir()
    assert mode(copied) == 0o777 & ~umask
    assert {mode(path) for path in copied.iterdir()} == {0o666 & ~umask}


def test_models_that_were_opened_are_private(umask: int) -> None:
    code = "import shutil\nfrom pathlib import Path\nfrom app.kept import models\n"
    code += "shutil.copytree(models.bundle.BUNDLED, sys.argv[1])\nmodels.add(Path(sys.argv[1]))"
    in_the_window_s_process(code, umask, str(Path.home() / "elsewhere"))
    assert len(list(paths.models_folder().iterdir())) == 1
    assert open_to_others(paths.models_folder().parent) == []


def test_the_log_is_private_also_after_it_was_full(umask: int) -> None:
    code = "import logging\nfrom app.facts import log\nlog.start()\n[logging.info('x' * 1000) for _ in range(600)]"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, umask=umask, check=True)
    files = list(paths.log_file().parent.iterdir())
    assert len(files) == 2  # the full one and the next one
    assert {mode(path) for path in files} == {0o600}


def test_a_report_on_a_problem_is_saved_as_usual(umask: int, saved: Path) -> None:
    code = "from pathlib import Path\nfrom app.facts import problem_report\n"
    code += "problem_report.write({'a.txt': 'a'}, Path(sys.argv[1]))"
    in_the_window_s_process(code, umask, str(saved / "report.zip"))
    assert mode(saved / "report.zip") == 0o666 & ~umask
    assert zipfile.ZipFile(saved / "report.zip").namelist() == ["a.txt"]


@pytest.fixture
def unasked() -> Iterator[None]:
    """As in a new process, which doesn't know its umask yet."""
    files.usual_mask.cache_clear()
    yield
    files.usual_mask.cache_clear()


@pytest.mark.usefixtures("unasked")
def test_programs_that_are_started_have_the_user_s_own_umask(
    opener: Path,  # noqa: F811  (the fixture)
    tmp_path: Path,
) -> None:
    opener.write_text('#!/bin/sh\numask > "$0.told"\n')
    before = os.umask(0o027)
    try:
        paths.keep_private()
        paths.keep_private()  # a second time changes nothing
        assert files.usual_mask() == 0o027
        open_file(tmp_path / "x.md")
        told = opener.with_name("xdg-open.told")
        assert wait_for(lambda: told.exists() and told.read_text().strip(), 10, "a call") == "0027"
    finally:
        os.umask(before)


@pytest.mark.usefixtures("unasked")
def test_asking_for_the_umask_leaves_it() -> None:
    before = os.umask(0o031)
    try:
        assert [files.usual_mask(), files.usual_mask()] == [0o031, 0o031]
    finally:
        assert os.umask(before) == 0o031


def test_a_disk_without_modes_keeps_no_file_from_being_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no modes here")

    monkeypatch.setattr(Path, "chmod", refuse)
    with replaced(tmp_path / "x") as file:
        file.write(b"whole")
    assert (tmp_path / "x").read_bytes() == b"whole"
    files.make_folder(tmp_path / NAME)
    assert log.place()
