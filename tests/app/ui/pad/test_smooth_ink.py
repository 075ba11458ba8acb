"""Smooth edges, on a canvas made for the test."""

import io
import math
import time
import tkinter
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from app.ui.pad import smooth_ink
from app.ui.pad.smooth_ink import TILE, Ink, SmoothInk
from tests.screen import Screen

LONG = [(20.0, 20.0), (380.0, 380.0), (20.0, 390.0)]


class Sheet:
    """A canvas with smooth ink on it; ``busy`` is whether a pen is down."""

    def __init__(self) -> None:
        self.root = tkinter.Tk(className="Inkling")
        self.canvas = tkinter.Canvas(self.root, width=400, height=400, background="white", highlightthickness=0)
        self.canvas.pack()
        self.busy = False
        self.ink = SmoothInk(self.canvas, lambda: self.busy)
        self.root.update()

    def add(self, tag: str, places: list[tuple[float, float]] = LONG) -> int:
        line = self.canvas.create_line(*[side for place in places for side in place], width=20, tags=(tag, "dry"))
        self.ink.add(tag, line, places, 20)
        return line

    def live(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            self.root.update()

    def kinds(self, tag: str) -> list[str]:
        return [str(self.canvas.type(item)) for item in self.canvas.find_withtag(tag)]


@pytest.fixture
def sheet(screen: Screen) -> Iterator[Sheet]:
    assert screen
    made = Sheet()
    yield made
    made.root.destroy()
    vars(made).clear()


def test_a_line_becomes_pictures_in_its_place_and_tiles_without_ink_cost_nothing(sheet: Sheet) -> None:
    sheet.add("below")
    over = sheet.canvas.create_rectangle(0, 0, 30, 30)
    sheet.live(10, lambda: sheet.ink.is_done)
    kinds = sheet.kinds("below")
    assert set(kinds) == {"image"}
    assert len(kinds) <= 12  # of 16 in the stroke's box
    assert sheet.canvas.find_all()[-1] == over


def test_ink_on_a_pad_that_has_no_size_yet_is_thin_and_no_bug(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    bugs: list[object] = []
    monkeypatch.setattr(sheet.root, "report_callback_exception", lambda *bug: bugs.append(bug))
    sheet.ink.add("thin", sheet.canvas.create_line(0, 0, 1, 1), [(0.0, 0.0), (1.0, 1.0)], 0.04)
    sheet.live(10, lambda: sheet.ink.is_done or bool(bugs))
    assert not bugs


def test_nothing_is_made_while_a_pen_is_down(sheet: Sheet) -> None:
    sheet.busy = True
    sheet.add("one")
    sheet.live(0.4)
    assert sheet.kinds("one") == ["line"]
    sheet.busy = False
    sheet.live(10, lambda: sheet.ink.is_done)
    assert "line" not in sheet.kinds("one")


def test_a_stroke_that_is_gone_gets_no_pictures(sheet: Sheet) -> None:
    sheet.add("one")
    sheet.add("two")
    sheet.live(10, lambda: len(sheet.kinds("one")) > 1)  # it's half done
    sheet.ink.drop("one")
    sheet.canvas.delete("one")
    sheet.live(10, lambda: sheet.ink.is_done)
    assert sheet.kinds("one") == []
    assert set(sheet.kinds("two")) == {"image"}


def test_pictures_take_no_more_than_their_room(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smooth_ink, "MOST_PIXELS", 12 * TILE**2)
    for number in range(5):
        sheet.add(f"stroke-{number}")
    sheet.live(10, lambda: sheet.ink.is_done)
    kinds = sheet.kinds("dry")
    assert kinds.count("image") <= 12
    assert 0 < kinds.count("line") < 5  # what doesn't fit stays a line


def test_a_canvas_that_goes_takes_its_work_along(sheet: Sheet) -> None:
    failures: list[object] = []
    sheet.root.report_callback_exception = lambda *failure: failures.append(failure)
    sheet.add("one")
    sheet.live(10, lambda: len(sheet.kinds("one")) > 1)
    sheet.canvas.destroy()
    sheet.live(0.3)
    assert failures == []


def test_ink_that_is_next_to_nothing_wide_is_no_error(sheet: Sheet) -> None:
    bugs: list[object] = []
    sheet.root.report_callback_exception = lambda *bug: bugs.append(bug)
    line = sheet.canvas.create_line(*[side for place in LONG for side in place], width=0.01, tags=("thin", "dry"))
    sheet.ink.add("thin", line, LONG, 0.01)
    sheet.live(10, lambda: sheet.ink.is_done or bool(bugs))
    assert bugs == []


@pytest.mark.parametrize("width", [4.5, 20.0])
@pytest.mark.parametrize("apart", [1.1, 5.7, 9.3])
@pytest.mark.parametrize("degrees", [0, 5, 20, 40])
def test_a_straight_stroke_is_as_wide_everywhere_wherever_its_points_lie(
    sheet: Sheet, degrees: int, apart: float, width: float
) -> None:
    assert sheet  # it sets an appearance
    right, down = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    places = [(12.3 + apart * step * right, 15.7 + apart * step * down) for step in range(int(100 / apart))]
    ink = Ink(TILE, width)
    for start, end in pairwise(places):
        ink.draw(start, end)
    with Image.open(io.BytesIO(ink.png())) as picture:
        covered = np.asarray(picture.getchannel("A"), np.float64).sum(axis=0) / 255 * right
    inner = covered[int(places[0][0] + width) + 1 : int(places[-1][0] - width) - 1]
    assert len(inner) > 10
    assert np.abs(inner - width).max() < 0.12  # pixels; computed in quarters of a pixel it was up to 0.7
