"""Practice: it asks for a digit, somebody draws it, and it says how that was read and keeps the score."""

from __future__ import annotations

import tkinter
from tkinter import ttk

import pytest

from app.drawing.practice import Practice
from app.kept import settings
from app.ui.practice.practice_strip import PracticeStrip
from docs.screenshots.digits import DIGITS
from tests.conftest import Window


class Pupil:
    """Somebody who practises."""

    def __init__(self, window: Window):
        self.window = window
        self.window.choose("P&ractice")

    @property
    def strip(self) -> PracticeStrip | None:
        return next((it for it in self.window.root.winfo_children() if isinstance(it, PracticeStrip)), None)

    @property
    def said(self) -> list[str]:
        """What the strip says, and what its buttons say."""
        assert self.strip
        seen = [part for part in self.strip.winfo_children() if part.winfo_ismapped()]
        return [str(part.cget("text")) for part in seen if isinstance(part, ttk.Label | ttk.Button)]

    def write(self, number: str) -> None:
        pad = self.window.main.pad
        for place, digit in enumerate(number):
            for stroke in DIGITS[digit]:
                left = pad.winfo_rootx() + 20 + 90 * place
                points = [(left + 0.8 * x, pad.winfo_rooty() + 60 + 0.8 * y) for line in stroke for x, y in line]
                self.window.do(lambda points=points: self.window.screen.stroke(points, follow=True))  # type: ignore[misc]

    def wait_for_the_next(self) -> None:
        before = self.window.main.practice.practice
        while self.window.main.practice.practice == before:
            self.window.root.update()

    def press(self, text: str) -> None:
        assert self.strip
        buttons = [part for part in self.strip.winfo_children() if isinstance(part, ttk.Button)]
        self.window.click(next(button for button in buttons if button.cget("text") == text))


@pytest.fixture
def pupil(live_window: Window, monkeypatch: pytest.MonkeyPatch) -> Pupil:
    settings.change(learn=False)
    monkeypatch.setattr("app.ui.window.practising.begun", lambda _chance: Practice("7", ("8", "47", "1")))
    return Pupil(live_window)


def test_what_is_read_right_counts_and_the_next_is_asked_by_itself(pupil: Pupil) -> None:
    assert pupil.said == ["Write a 7", "", "Next", "End practice"]
    pupil.write("7")
    assert pupil.said[0] == "Right! Read as 7."
    assert "sure" in pupil.window.text()
    pupil.wait_for_the_next()
    pupil.window.root.update()
    assert pupil.said == ["Write an 8", "1 of 1 right", "Next", "End practice"]
    assert pupil.window.session.is_blank
    assert pupil.window.text() == "Right! Read as 7."  # until the next stroke
    assert not pupil.window.main.pad.find_withtag("hint")  # the strip says what to write
    pupil.write("1")
    assert "Right!" not in pupil.window.text()
    assert pupil.window.session.samples.count() == 0  # nothing is saved without being asked for


def test_what_is_misread_stays_until_it_is_saved_by_one_key(pupil: Pupil) -> None:
    pupil.write("1")
    assert pupil.said == ["Read as 1, not 7.", "", "Save as a 7", "Next", "End practice"]
    pupil.window.key("s")
    assert pupil.said[0] == "Saved."
    (kept,) = pupil.window.session.samples.everything()
    assert (kept.label, kept.read_as) == ("7", "1")
    pupil.wait_for_the_next()
    assert pupil.window.main.practice.practice.went == (False,)
    pupil.window.key("ctrl+z")  # the drawing is back
    pupil.window.key("ctrl+z")  # and its label is undone
    assert pupil.window.session.samples.count() == 0


def test_the_digits_of_a_number_that_were_misread_are_saved(pupil: Pupil) -> None:
    pupil.window.key("n")
    pupil.window.key("n")  # a blank one doesn't count
    assert pupil.said[:2] == ["Write the number 47", ""]
    pupil.write("41")
    pupil.press("Save as 47")
    (kept,) = pupil.window.session.samples.everything()
    assert (kept.label, kept.read_as) == ("7", "1")


def test_what_has_not_as_many_digits_cannot_be_saved_and_counts_when_one_goes_on(pupil: Pupil) -> None:
    pupil.write("17")
    assert pupil.said[2:] == ["Next", "End practice"]
    pupil.window.key("s")
    assert pupil.window.session.samples.count() == 0
    pupil.press("Next")
    assert pupil.said[:2] == ["Write an 8", "0 of 1 right"]


def test_it_stays_in_another_look_and_ends_with_the_score(pupil: Pupil) -> None:
    pupil.write("7")
    pupil.wait_for_the_next()
    pupil.window.main.rebuild()
    pupil.window.root.update()
    assert pupil.said[:2] == ["Write an 8", "1 of 1 right"]
    pupil.press("End practice")
    assert pupil.strip is None
    assert pupil.window.text() == "Practice is over: 1 of 1 were read right."
    before = pupil.window.main.practice.practice
    for key in ("s", "n"):
        pupil.window.key(key)  # they mean nothing now
    assert pupil.window.session.is_blank
    assert pupil.window.main.practice.practice == before


def test_what_was_on_the_pad_comes_back_by_undo(live_window: Window) -> None:
    live_window.draw([(60, 60), (200, 60), (120, 230)])
    strokes = live_window.session.drawing.strokes
    pupil = Pupil(live_window)
    assert live_window.session.is_blank
    live_window.key("ctrl+z")
    assert live_window.session.drawing.strokes == strokes
    pupil.press("End practice")
    assert live_window.session.drawing.strokes == strokes


def test_the_strip_fits_the_smallest_window(pupil: Pupil) -> None:
    root = pupil.window.root
    pupil.window.main.practice.practice = Practice("3058", (), (True, False) * 9)
    root.geometry("x".join(map(str, root.minsize())))
    pupil.window.main.practice.follow()
    root.update()
    pupil.write("305")
    assert pupil.strip
    parts = [part for part in pupil.strip.winfo_children() if part.winfo_ismapped()]
    ends = [part.winfo_rootx() + part.winfo_width() for part in parts]
    assert max(ends) <= root.winfo_rootx() + root.winfo_width()
    assert all(part.winfo_width() >= part.winfo_reqwidth() for part in parts if not isinstance(part, tkinter.Canvas))


def test_what_stands_there_when_it_ends_counts_and_its_answer_stays(pupil: Pupil) -> None:
    pupil.write("1")
    assert pupil.said[0] == "Read as 1, not 7."
    pupil.press("End practice")
    said = " ".join(pupil.window.text().split())
    assert said.startswith("1 ")
    assert "Practice is over: 0 of 1 were read right." in said
