"""The whole program, in its own process: drawn on through the X server, its answers read from the clipboard."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kept.paths import last_drawing_file, log_file, running_file
from tests.conftest import ROOT, run
from tests.person import Person
from tests.screen import Screen


@pytest.fixture
def program(screen: Screen) -> Iterator[Person]:
    process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=os.environ)
    yield Person(screen, process)
    process.kill()
    process.wait()


def test_a_hundred_people_s_digits_read_as_on_the_command_line(program: Person, shared: Path, tmp_path: Path) -> None:
    cases = subprocess.run(
        [sys.executable, shared / "tools" / "pen_cases.py", shared / "data" / "pad-digits.jsonl", "--limit", "100"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    # A pointer is on whole pixels, and doesn't move when it's sent where it already is.
    drawings = []
    for number in range(100):
        case = json.loads(cases[4 * number + number % 4])  # its four placements in turn
        strokes = [[(round(x), round(y)) for x, y in stroke] for stroke in case["strokes"]]
        drawings.append([[p for k, p in enumerate(stroke) if not k or p != stroke[k - 1]] for stroke in strokes])
    assert len(drawings) == 100
    path = tmp_path / "the same ink.jsonl"
    path.write_text("".join(json.dumps({"strokes": strokes}) + "\n" for strokes in drawings))
    expected = [json.loads(line)["text"] for line in run("app", "recognize", "--json", path).stdout.splitlines()]

    answers = [program.read(strokes) for strokes in drawings]

    program.close()
    assert answers == expected
    log = log_file().read_text(encoding="utf-8") if log_file().exists() else ""
    assert "ERROR" not in log


def test_a_killed_window_leaves_nothing_behind_but_its_drawing_and_what_the_next_one_takes_over(
    program: Person,
) -> None:
    program.screen.stroke([(program.canvas.left + 50, program.canvas.top + 50), (program.canvas.left + 90, 200)])
    program.leave()
    program.process.kill()
    program.process.wait()
    left = {path for path in Path.home().rglob("*") if not path.is_dir() and path.suffix != ".lock"}
    left -= set((Path.home() / ".cache" / "dconf").rglob("*"))  # the system's, to tell whether it's light or dark
    running = running_file()
    assert left <= {log_file(), last_drawing_file(), running, running.with_suffix(".socket")}
    assert run("app", "self-test").returncode == 0
