"""Each bundle, used as by somebody without Python: in a place without it, on a virtual screen, with real events.

INKLING_BUNDLES names the frozen folders. The checkout can be one of them; it's then tested in its own folder, like a
full bundle.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from model.base import project
from model.bundle.bundle import BUNDLED, CARD_FILE, KERAS_FILE
from model.ink.ink import Drawing
from model.ink.render import render
from tests import places
from tests.conftest import ROOT, missing, on_linux
from tests.person import Person
from tests.places import Place
from tests.screen import PATIENCE, Screen, wait_for

pytestmark = on_linux

SEVEN = [[(80, 60), (140, 60), (200, 60), (165, 145), (130, 230)]]  # pixels of the pad
TRAINING = "Retrain the model"  # its dialog's title
INK = json.dumps({"strokes": [[[80, 60], [200, 60], [130, 230]]]})

CONDITIONS: dict[str, dict[str, Any]] = {  # what's special about a place
    "a home of any letters": {},
    "no home": {"has_home": False},
    "a home that is read-only": {"writable": False},
    "a system in Chinese": {"environment": {"LANG": "zh_CN.UTF-8"}},
    "no locale": {"environment": {}},
    "the locale POSIX": {"environment": {"LC_ALL": "POSIX"}},
    "no fonts": {"has_fonts": False},
    "a language that Inkling has not": {"environment": {"LANG": "is_IS.UTF-8", "LANGUAGE": "is:nn"}},
}
NAMED = places.bundles()
FULL = [each for each in NAMED if each == ROOT or (each / "_internal" / "tensorflow").is_dir()]
LIGHT = [each for each in NAMED if each not in FULL]
MOST_LIGHT = 106_000_000  # bytes: it's 105 MB as released, and a little more with some systems' own Python
NONE = [] if NAMED else [Path()]  # stands for the missing bundle


def those(found: list[Path], flavour: str) -> list[Any]:
    """Return the bundles of a flavour; if only others are named, a skipped one that says so."""
    none = pytest.param(Path("none"), marks=pytest.mark.skip(reason=f"INKLING_BUNDLES names no {flavour} bundle"))
    return found + NONE or [none]


in_the_light_one = pytest.mark.parametrize("bundle", those(LIGHT, "light"), ids=lambda each: each.name, indirect=True)
everywhere = pytest.mark.parametrize("condition", CONDITIONS)


@pytest.fixture(scope="module", params=[each for each in NAMED if each != ROOT] + NONE, ids=lambda each: each.name)
def bundle(request: pytest.FixtureRequest) -> Iterator[Path]:
    """One of the bundles, which mustn't change."""
    _need(request.param)
    before = places.fingerprint(request.param)
    assert before
    yield request.param
    assert places.fingerprint(request.param) == before


@pytest.fixture
def place(bundle: Path, tmp_path: Path, display: str) -> Place:
    """A place with a bundle, a screen, and the home of somebody who has never used it."""
    (tmp_path / "home").mkdir()
    return Place(bundle, tmp_path / "home", display)


def _need(bundle: Path) -> None:
    """Skip the test, or fail it, if there's no bundle or no place for it."""
    if bundle == Path():
        missing("a bundle is needed: pyinstaller build.spec -- --flavour light, its folder in INKLING_BUNDLES")
    if not places.can_be_made():
        missing(places.WHAT_IS_MISSING)


@contextmanager
def used(place: Place, screen: Screen, *words: str) -> Iterator[Person]:
    """Start the window and use it."""
    process = place.start(*words)
    try:
        person = Person(screen, process)
        person.point_at("Inkling")
        yield person
    finally:
        process.kill()
        process.wait()


def test_the_place_has_no_python_no_network_and_a_program_that_nobody_can_change(place: Place) -> None:
    told = place.run("-c", places.PROBE, program="/bin/sh")
    assert told.stdout.splitlines() == ["network: lo:", f"written: {places.HOME}", "written: /tmp"]
    told = place.but(writable=False).run("-c", places.PROBE, program="/bin/sh")
    assert told.stdout.splitlines() == ["network: lo:", "written: /tmp"]


def test_the_version_is_the_project_s(place: Place) -> None:
    for program in ("inkling", "inkling-cli", places.LINK):
        assert place.run("--version", program=program).stdout == f"Inkling {project.version()}\n"


@everywhere
def test_the_self_test_is_green(place: Place, condition: str) -> None:
    done = place.but(**CONDITIONS[condition]).run("self-test")
    assert done.returncode == 0
    parts = ["model", "recognition", "window"] + (["training"] if place.bundle in FULL else [])
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == parts
    opened = "已打开并关闭" if "Chinese" in condition else "opened and closed"
    assert opened in done.stdout.splitlines()[2]
    assert "Traceback" not in done.stderr


@everywhere
def test_a_digit_that_is_drawn_is_read(place: Place, screen: Screen, condition: str) -> None:
    there = place.but(**CONDITIONS[condition])
    with used(there, screen) as person:
        assert person.read(SEVEN) == "7"
        person.keys("F1")
        person.close_dialog("快捷键" if "Chinese" in condition else "Shortcuts")
        person.close()
    assert not [line for line in there.log().splitlines() if "WARNING" in line or "ERROR" in line]


def test_pictures_and_ink_are_read_from_the_user_s_own_folder(place: Place) -> None:
    (place.home / "ink 手.jsonl").write_text(INK + "\n", encoding="utf-8")
    render(Drawing.from_json(json.loads(INK))).save(place.home / "七.png")
    for program in ("inkling-cli", "inkling", places.LINK):
        done = place.run("recognize", "ink 手.jsonl", "七.png", program=program)
        assert (done.returncode, done.stderr) == (0, "")
        assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [["ink 手.jsonl:0", "7"], ["七.png", "7"]]
    assert json.loads(place.run("recognize", "--json", "-", text=INK).stdout)["digit"] == 7


def test_the_pages_of_a_pdf_are_read(place: Place) -> None:
    page = render(Drawing.from_json(json.loads(INK))).convert("L")
    page.save(place.home / "scan.pdf", save_all=True, append_images=[page])
    done = place.run("recognize", "scan.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [["scan.pdf:0", "7"], ["scan.pdf:1", "7"]]


def test_who_listens_to_the_first_answer_alone_leaves_no_trace_on_the_others(place: Place) -> None:
    (place.home / "many.jsonl").write_text(f"{INK}\n" * 5000)
    words = place.words("recognize", "many.jsonl")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"many.jsonl:0\t7")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert "ERROR" not in place.log()


def test_without_streams_it_works(place: Place) -> None:
    words = " ".join(f"'{word}'" for word in place.words("self-test"))
    assert subprocess.run(["sh", "-c", f"{words} <&- >&- 2>&-"], check=False).returncode == 0


def test_where_there_is_no_display_a_sentence_says_so(place: Place) -> None:
    done = place.but(display="").run(program="inkling")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("There's no display to open the window on; ")


def test_a_second_start_hands_its_file_to_the_window(place: Place, screen: Screen) -> None:
    render(Drawing.from_json(json.loads(INK))).save(place.home / "七.png")
    with used(place, screen) as person:
        running = place.home / ".local" / "share" / "Inkling" / ".running.json"
        wait_for(running.exists, 10, "a window that can be found")
        assert place.run("七.png", program="inkling").returncode == 0
        wait_for(person.sees_ink, 10, "the picture")
        assert person.copy_answer() == "7"
        person.close()


def test_a_window_that_the_system_ends_keeps_its_drawing(place: Place, screen: Screen) -> None:
    with used(place, screen) as person:
        kept = place.home / ".local" / "share" / "Inkling" / "last-drawing.json"
        person.draw(SEVEN)
        wait_for(lambda: kept.exists() and b"[" in kept.read_bytes(), 10, "a kept drawing")
        os.kill(descendants(person.process.pid)[-1], signal.SIGTERM)
        assert person.process.wait(PATIENCE) == 128 + signal.SIGTERM
        person.leave()
    with used(place, screen) as person:
        wait_for(person.sees_ink, 10, "the drawing of before")
        assert person.copy_answer() == "7"
        person.close()


@in_the_light_one
def test_the_light_one_has_no_more_in_it_than_it_needs(bundle: Path) -> None:
    size = sum(path.stat().st_size for path in bundle.rglob("*") if not path.is_symlink())
    assert size < MOST_LIGHT, sorted(bundle.rglob("*"), key=lambda path: path.stat().st_size)[-9:]


@in_the_light_one
def test_the_light_one_says_how_to_get_what_it_lacks(place: Place, screen: Screen) -> None:
    shutil.copy(BUNDLED / KERAS_FILE, place.home / "net.keras")
    how = "needs the full Inkling, and this is the light one. Get it where you got this one."
    with used(place, screen) as person:
        person.keys("alt+m", "t")
        wait_for(lambda: f"told the user: Training {how}" in place.log(), 10, how)
        person.keys("alt+m", "o")
        person.choose_file("Open a model", "net.keras")
        wait_for(lambda: f"told the user: Opening a Keras model {how}" in place.log(), 10, how)
        person.close_dialog("Open a model")
        assert person.read(SEVEN) == "7"
        person.close()


def test_it_learns_at_the_command_line_and_from_each_correction(place: Place, screen: Screen) -> None:
    (place.home / "ink.jsonl").write_text(json.dumps(json.loads(INK) | {"label": "7"}), encoding="utf-8")
    done = place.run("teach", "ink.jsonl", "--output", "taught")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Learned from 1 drawing: 1 of 1 read and accepted now")
    with used(place, screen) as person:
        person.draw(SEVEN)
        assert person.copy_answer() == "7"
        person.keys("7")
        wait_for(lambda: '"model": "taught-' in settings_of(place), 60, "what was learned", pause=0.05)
        person.close()
    assert "ERROR" not in place.log()


def test_a_sign_is_taught_with_five_drawings_and_still_read_after_a_restart(place: Place, screen: Screen) -> None:
    with used(place, screen) as person:
        person.keys("alt+m", "d")
        person.point_at("My drawings")
        person.keys("Tab", "space")  # from the drawings to New sign…: nothing is there to learn yet
        person.point_at("New sign")
        person.keys("shift+a")
        pad = screen.canvas(screen.window("New sign"))
        for by in range(0, 20, 4):
            for stroke in house(by):
                screen.stroke([(x + pad.left, y + pad.top) for x, y in stroke])
            person.keys("Return")
        person.keys("Escape")
        wait_for(lambda: '"model": "taught-' in settings_of(place), 60, "what was learned", pause=0.05)
        person.close_dialog("My drawings")
        assert [person.read(each) for each in (house(2), SEVEN)] == ["A", "7"]
        person.close()
    with used(place, screen) as person:
        assert [person.read(each) for each in (house(10), SEVEN)] == ["A", "7"]
        person.close()
    told = json.loads(place.run("recognize", "--json", "-", text=json.dumps({"strokes": house(14)})).stdout)
    assert (told["text"], told["digit"], told["accepted"]) == ("A", None, True)
    assert "ERROR" not in place.log()


@pytest.fixture(params=those(FULL, "full"), ids=lambda each: each.name)
def full(request: pytest.FixtureRequest, tmp_path: Path, display: str) -> Place:
    """A place that can train: a full bundle, or the checkout."""
    _need(request.param)
    (tmp_path / "home").mkdir()
    return Place(None if request.param == ROOT else request.param, tmp_path / "home", display)


def test_a_network_is_retrained_from_the_menu_and_reads(full: Place, screen: Screen, shared: Path) -> None:
    shutil.copy(shared / "data" / "mnist.npz", full.home)
    with used(full, screen) as person:
        person.keys("alt+m", "t")
        person.point_at(TRAINING)
        person.keys(*["Tab"] * 7, "space")  # to File…
        person.choose_file("Choose a file of images and labels", "mnist.npz")
        person.point_at(TRAINING)
        person.keys("Tab", "Tab", "1", "Return")  # past Folder… to the epochs; Return presses Train
        (child,) = wait_for(lambda: trainings(person), 30, "a training")
        assert child[: child.index("train")] == full.child()
        assert "mlp-128" in child
        person.point_at(TRAINING)
        before = screen.area(screen.window(TRAINING))  # while it shows the training's progress
        wait_for(lambda: not trainings(person), 180, "the end of the training", pause=0.1)
        wait_for(lambda: screen.area(screen.window(TRAINING)) != before, 10, "what came of it")
        person.point_at(TRAINING)
        person.keys("Tab", "Return")  # after one epoch the old model is better, so the new one is the other button
        wait_for(lambda: screen.find(TRAINING) is None, 10, "the end of the dialog")
        person.point_at("Inkling")
        assert person.read(SEVEN) == "7"
        person.close()
    used_now = json.loads(settings_of(full))["model"]
    card = full.home / ".local" / "share" / "Inkling" / "models" / used_now / CARD_FILE
    assert json.loads(card.read_text(encoding="utf-8"))["network"] == "mlp-128"
    assert json.loads(full.run("recognize", "--json", "-", text=INK).stdout)["digit"] == 7
    assert "ERROR" not in full.log()


def test_what_needs_tensorflow_works_in_the_menu(full: Place, screen: Screen) -> None:
    shutil.copy(BUNDLED / KERAS_FILE, full.home / "net.keras")
    models = full.home / ".local" / "share" / "Inkling" / "models"
    with used(full, screen) as person:
        person.keys("alt+m", "o")
        person.choose_file("Open a model", "net.keras")
        wait_for(lambda: list(models.glob("net*/card.json")), 60, "an opened model", pause=0.05)
        wait_for(lambda: '"model": "net' in settings_of(full), 10, "its use", pause=0.05)
        person.close_dialog("Open a model")
        assert person.read(SEVEN) == "7"
        person.close()
    assert "ERROR" not in full.log()


def house(by: int) -> list[list[tuple[int, int]]]:
    """Return an A, a little different each time, in pixels of the canvas."""
    legs = [[(140 + by, 60), (90, 200 + by)], [(142 + by, 60), (200, 200 - by)]]
    return [*legs, [(112, 150 + by), (180, 150)]]


def trainings(person: Person) -> list[list[str]]:
    """Return the command of each training that the program is running."""
    words = []
    for each in descendants(person.process.pid):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            words.append(Path(f"/proc/{each}/cmdline").read_bytes().decode().split("\0"))
    return [each for each in words if "train" in each]


def settings_of(place: Place) -> str:
    """Return the content of somebody's settings file; empty if there's none."""
    path = place.home / ".config" / "Inkling" / "settings.json"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def descendants(pid: int) -> list[int]:
    """Return a process's children and all of their descendants, the newest last."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [each for child in children for each in (int(child), *descendants(int(child)))]
