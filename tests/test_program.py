"""The whole program, in a process of its own: drawn on through the X server, answers read from the clipboard."""

import json
import os
import subprocess
import sys
import tkinter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import last_drawing_file, log_file, running_file
from tests.conftest import ROOT, run
from tests.screen import Area, Screen, wait_for

OLD = "an older text"


class Program:
    """The running program and a person in front of it."""

    def __init__(self, screen: Screen):
        self.screen = screen
        self.process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=os.environ)
        self.canvas: Area = screen.canvas(screen.window("Inkling"))
        self.clipboard = tkinter.Tk()  # another program, as far as the clipboard is concerned
        self.clipboard.withdraw()

    def read(self, strokes: list[list[tuple[int, int]]]) -> str:
        """Draw, recognise, copy, clear; return what was copied."""
        for stroke in strokes:
            self.screen.stroke([(x + self.canvas.left, y + self.canvas.top) for x, y in stroke])
        self.clipboard.clipboard_clear()
        self.clipboard.clipboard_append(OLD)
        self.clipboard.update()
        self.screen.key("Return")
        self.screen.key("ctrl+c")
        text = wait_for(self._copied, 10, "a copied answer")
        self.screen.key("Escape")
        x, y = strokes[0][0]
        place = Area(round(x) + self.canvas.left - 4, round(y) + self.canvas.top - 4, 9, 9)
        wait_for(lambda: self._is_clear(place), 10, "a clear canvas")
        return text

    def _is_clear(self, place: Area) -> bool:
        """Return whether there is no ink, which covers all of it, as the letters of an empty pad's hint do not."""
        grey = self.screen.pixels(place).convert("L")
        return sum(grey.tobytes()) > 128 * place.width * place.height

    def _copied(self) -> str | None:
        self.clipboard.update()  # gives the clipboard away when it is asked for
        text = self.clipboard.clipboard_get()
        return None if text == OLD else text

    def close(self) -> None:
        """End the program as a person does, and see that it ended well."""
        self.clipboard.destroy()
        self.screen.key("ctrl+q")
        assert self.process.wait(timeout=10) == 0


@pytest.fixture
def program(screen: Screen) -> Iterator[Program]:
    running = Program(screen)
    yield running
    running.process.kill()
    running.process.wait()


def test_a_hundred_people_s_digits_read_as_on_the_command_line(program: Program, shared: Path, tmp_path: Path) -> None:
    cases = subprocess.run(
        [sys.executable, shared / "tools" / "pen_cases.py", shared / "data" / "pad-digits.jsonl", "--limit", "100"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    # A pointer stands on whole pixels, and stands still when it is sent where it is.
    drawings = []
    for number in range(100):
        case = json.loads(cases[4 * number + number % 4])  # of its four placements, each in turn
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
    program: Program,
) -> None:
    program.screen.stroke([(program.canvas.left + 50, program.canvas.top + 50), (program.canvas.left + 90, 200)])
    program.clipboard.destroy()
    program.process.kill()
    program.process.wait()
    left = {path for path in Path.home().rglob("*") if not path.is_dir() and path.suffix != ".lock"}
    left -= set((Path.home() / ".cache" / "dconf").rglob("*"))  # of the system, asked whether it is light or dark
    running = running_file()
    assert left <= {log_file(), last_drawing_file(), running, running.with_suffix(".socket")}
    assert run("app", "self-test").returncode == 0
