"""Each bundle, used as by somebody without Python: in a place that has none, on a virtual screen, with real events.

INKLING_BUNDLES names the frozen folders. What is tried of the full one alone is tried of the checkout as well.
"""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app import about
from model.ink import Drawing
from model.render import render
from tests import places
from tests.conftest import missing, on_linux
from tests.person import Person
from tests.places import Place
from tests.screen import Screen, wait_for

pytestmark = on_linux

SEVEN = [[(80, 60), (140, 60), (200, 60), (165, 145), (130, 230)]]  # pixels of the canvas
INK = json.dumps({"strokes": [[[80, 60], [200, 60], [130, 230]]]})

CONDITIONS: dict[str, dict[str, Any]] = {  # in what a place is unlike the others
    "a home of any letters": {},
    "no home": {"has_home": False},
    "a home that is read-only": {"writable": False},
    "a system in Chinese": {"environment": {"LANG": "zh_CN.UTF-8"}},
    "no locale": {"environment": {}},
    "the locale POSIX": {"environment": {"LC_ALL": "POSIX"}},
    "no fonts": {"has_fonts": False},
    "a language that Inkling has not": {"environment": {"LANG": "is_IS.UTF-8", "LANGUAGE": "is:nn"}},
}
everywhere = pytest.mark.parametrize("condition", CONDITIONS)


@pytest.fixture(scope="module", params=places.bundles() or [Path()], ids=lambda each: each.name or "none")
def bundle(request: pytest.FixtureRequest) -> Iterator[Path]:
    """One of the bundles, which is the same afterwards."""
    if request.param == Path():
        missing("a bundle is needed: pyinstaller build.spec, and name its folder in INKLING_BUNDLES")
    if not places.can_be_made():
        missing(places.WHAT_IS_MISSING)
    before = places.fingerprint(request.param)
    assert before
    yield request.param
    assert places.fingerprint(request.param) == before


@pytest.fixture
def place(bundle: Path, tmp_path: Path, display: str) -> Place:
    """A place with a bundle, a screen, and the home of somebody who has never used it."""
    (tmp_path / "home").mkdir()
    return Place(bundle, tmp_path / "home", display)


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
        assert place.run("--version", program=program).stdout == f"Inkling {about.version()}\n"


@everywhere
def test_the_self_test_is_green(place: Place, condition: str) -> None:
    done = place.but(**CONDITIONS[condition]).run("self-test")
    assert done.returncode == 0
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["model", "recognition", "window"]
    opened = "已打开并关闭" if "Chinese" in condition else "opened and closed"
    assert opened in done.stdout.splitlines()[-1]
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
    assert line.startswith("There is no display to open the window on; ")


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
        for stroke in SEVEN:
            screen.stroke([(x + person.canvas.left, y + person.canvas.top) for x, y in stroke])
        wait_for(lambda: kept.exists() and b"[" in kept.read_bytes(), 10, "a kept drawing")
        os.kill(descendants(person.process.pid)[-1], signal.SIGTERM)
        assert person.process.wait(10) == 128 + signal.SIGTERM
        person.leave()
    with used(place, screen) as person:
        wait_for(person.sees_ink, 10, "the drawing of before")
        assert person.copy_answer() == "7"
        person.close()


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have, the last ones last."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [each for child in children for each in (int(child), *descendants(int(child)))]
