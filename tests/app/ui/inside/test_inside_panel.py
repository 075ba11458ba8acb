"""The See inside panel, in its own window, with real pointer and key events."""

import gc
import math
import re
import time
import tkinter
import weakref
from collections.abc import Callable, Iterator, Sequence
from tkinter import ttk
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from app.ui.inside import inside_panel
from app.ui.inside.digit_row import DigitRow
from app.ui.inside.inside_panel import InsidePanel
from app.ui.kit import style, theme
from app.ui.kit.line_breaks import CLOSING
from model.base import language
from model.ink.ink import Box, Drawing, Point, Stroke
from model.ink.render import render
from model.reading.normalize import Image28
from model.reading.picture_digit import PictureDigit
from model.reading.reading import Prediction
from model.reading.recognizer import Recognizer
from stress.inputs import networks
from tests.screen import PATIENCE, Area, Screen


def drawing(*strokes: Sequence[tuple[float, float]]) -> Drawing:
    return Drawing(tuple(Stroke(tuple(Point(x, y) for x, y in stroke)) for stroke in strokes), canvas=(300, 300))


ONE = drawing([(150, 60), (150, 240)])
LETTER = drawing([(70, 240), (150, 40), (230, 240)], [(100, 170), (200, 170)])  # an A
SEVEN = drawing([(80, 60), (220, 60), (130, 240)])
ZERO = drawing([(150 - 60 * math.sin(k * 0.3), 150 - 90 * math.cos(k * 0.3)) for k in range(22)])


class Counted:
    """A recogniser that counts how often its network is asked."""

    def __init__(self, recognizer: Recognizer):
        self.file, self.threshold = recognizer.file, recognizer.threshold
        self.asked = 0
        self._recognizer = recognizer

    def image(self, *subject: Any) -> Image28:
        return self._recognizer.image(*subject)

    def read(self, image: Image28) -> Prediction:
        return self._recognizer.read(image)

    def probabilities(self, image: Image28) -> Sequence[float]:
        self.asked += 1
        return self._recognizer.probabilities(image)


class Opened:
    """A window with only the panel."""

    def __init__(self, screen: Screen, look: style.Colours = style.LIGHT, size: str = "330x740"):
        self.screen = screen
        self.root = tkinter.Tk(className="Inkling")
        self.root.report_callback_exception = self._failed
        self.failures: list[BaseException] = []
        self.heard: list[str] = []  # keys that reached the window
        theme.apply(self.root, look)
        self.root.geometry(f"{size}+0+0")
        for key in ("<Left>", "<Right>", "5"):
            self.root.bind(key, lambda _event, key=key: self.heard.append(key))
        self.panel = InsidePanel(self.root)
        self.panel.pack(fill="both", expand=True)
        self.root.update()
        self.root.focus_force()
        self.root.update()

    def _failed(self, _kind: object, error: BaseException, _trace: object) -> None:
        self.failures.append(error)

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end
            assert not self.failures
            self.root.update()
            time.sleep(0.001)
        self.root.update()

    def look_at(self, subject: Any, recognizer: Any) -> None:
        self.panel.show(subject, recognizer)
        self.until(lambda: not self.panel.is_working)

    def key(self, name: str) -> None:
        self.screen.key(name)
        for _ in range(3):
            self.root.winfo_pointerxy()
            self.root.update()
        self.until(lambda: not self.panel.is_working)

    def texts(self) -> str:
        labels = [each for each in self.all(self.panel) if isinstance(each, ttk.Label) and each.winfo_ismapped()]
        return "\n".join(str(label.cget("text")) for label in labels)

    def all(self, widget: tkinter.Misc) -> list[tkinter.Misc]:
        return [widget, *(each for child in widget.winfo_children() for each in self.all(child))]

    def buttons(self) -> list[ttk.Radiobutton]:
        return [each for each in self.all(self.panel) if isinstance(each, ttk.Radiobutton)]

    def pictures(self) -> list[Image.Image]:
        """Return what the panel's labels with pictures show on the screen, from the top."""
        self.root.update()
        shown = self.shown()
        labels = [each for each in self.all(self.panel) if isinstance(each, ttk.Label) and each.winfo_ismapped()]
        places = [
            (each.winfo_rootx(), each.winfo_rooty(), each.winfo_width(), each.winfo_height())
            for each in labels
            if each.cget("image")
        ]
        return [shown.crop((left, top, left + wide, top + high)) for left, top, wide, high in places]

    def shown(self) -> Image.Image:
        return self.screen.pixels(Area(0, 0, self.root.winfo_width(), self.root.winfo_height()))


@pytest.fixture
def opened(screen: Screen) -> Iterator[Opened]:
    yield from _open(screen)


def _open(screen: Screen, *options: Any) -> Iterator[Opened]:
    window = Opened(screen, *options)
    yield window
    failures = window.failures
    window.root.destroy()
    vars(window).clear()
    style.now.colours = style.LIGHT
    assert not failures


def near(picture: Image.Image, colour: str) -> int:
    """Return how many pixels have a colour."""
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return int((np.abs(np.asarray(picture, np.int16) - wanted).max(2) < 12).sum())


def test_in_chinese_no_line_begins_with_a_mark_that_closes(opened: Opened, recognizer: Recognizer) -> None:
    language.use("zh_CN")
    opened.panel.destroy()
    opened.panel = InsidePanel(opened.root)
    opened.panel.pack(fill="both", expand=True)
    opened.look_at(LETTER, recognizer)
    lines = opened.texts().split("\n")
    assert len(lines) > 20
    assert not [line for line in lines if line and line[0] in CLOSING]
    assert any(line[-1] in CLOSING for line in lines if line)


def test_a_blank_panel_says_what_it_will_show(opened: Opened, recognizer: Recognizer) -> None:
    assert opened.texts().startswith("Draw a digit to see what the network does")
    opened.look_at(Drawing(), recognizer)
    assert opened.texts().startswith("Draw a digit")
    opened.look_at(SEVEN, recognizer)
    assert "Draw a digit" not in opened.texts()
    opened.look_at(None, recognizer)
    assert opened.texts().startswith("Draw a digit")


def test_all_parts_are_shown_for_the_answer(opened: Opened, recognizer: Recognizer) -> None:
    opened.look_at(SEVEN, recognizer)
    text = opened.texts()
    for part in ("From your ink to the image", "What the network sees", "What spoke for and against 7", "Hidden units"):
        assert part in text
    assert "spoke most for 7" in text
    assert "1200 units in its first hidden layer; these 8 counted most" in text
    votes = [float(line.replace("−", "-")) for line in re.findall(r"^[+−]\d+\.\d\d$", text, re.MULTILINE)]
    assert len(votes) == 8
    assert votes == sorted(votes, reverse=True)
    assert near(opened.shown(), style.now.colours.more) > 20


def test_it_shows_how_much_is_doubted_and_what_follows(opened: Opened, recognizer: Recognizer) -> None:
    opened.look_at(SEVEN, recognizer)
    (bar,) = (each for each in opened.all(opened.panel) if isinstance(each, ttk.Progressbar))
    assert bar.cget("value") < 0.5
    assert "Up to 50 %, it's accepted." in opened.texts().replace("\n", " ")
    opened.look_at(LETTER, recognizer)
    assert bar.cget("value") > 0.9
    assert "The doubt is over 99 %. That's why it's rejected" in opened.texts()
    opened.look_at(LETTER, recognizer.with_threshold(1.0))
    assert "The doubt is over 99 %. Up to 100 %, it's accepted." in opened.texts()


def test_another_digit_is_chosen_by_a_click(opened: Opened, recognizer: Recognizer) -> None:
    opened.root.geometry("640x740")
    opened.look_at(SEVEN, recognizer)
    less = near(opened.shown(), style.now.colours.less)
    button = opened.buttons()[3]
    opened.screen.click(button.winfo_rootx() + 8, button.winfo_rooty() + 8)
    opened.until(lambda: "against 3" in opened.texts() and not opened.panel.is_working)
    assert "spoke most against 3" in opened.texts()
    assert near(opened.shown(), style.now.colours.less) > less + 20
    opened.look_at(ONE, recognizer)  # it starts with a new drawing's answer
    assert "What spoke for and against 1" in opened.texts()


def test_another_digit_is_chosen_by_keys_which_go_no_further(opened: Opened, recognizer: Recognizer) -> None:
    opened.look_at(SEVEN, recognizer)
    opened.key("Tab")
    assert str(opened.root.focus_get()) == str(opened.buttons()[7])
    for key, digit in (("Right", 8), ("Left", 7), ("Left", 6), ("5", 5), ("End", 9), ("Right", 0)):
        opened.key(key)
        assert f"What spoke for and against {digit}" in opened.texts()
        assert str(opened.root.focus_get()) == str(opened.buttons()[digit])
    assert opened.heard == []
    assert [str(button.cget("takefocus")) for button in opened.buttons()].count("1") == 1


def test_the_chosen_button_shows_that_it_has_the_focus(opened: Opened, recognizer: Recognizer) -> None:
    opened.look_at(SEVEN, recognizer)
    opened.key("Tab")
    with_focus = opened.shown()
    opened.root.focus_force()
    opened.root.update()
    button = opened.buttons()[7]
    left, top = button.winfo_rootx(), button.winfo_rooty()
    box = (left, top, left + button.winfo_width(), top + button.winfo_height())
    ink = style.now.colours.ink
    assert near(with_focus.crop(box), ink) > near(opened.shown().crop(box), ink) + 20


def test_under_a_moving_pen_only_the_image_follows(
    opened: Opened, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(recognizer)
    seen = {opened.shown().tobytes()}

    def draw(count: int) -> None:
        opened.panel.show(drawing([(80 + 12 * step, 60 + (step % 3) * 40) for step in range(count)]), counted)  # type: ignore[arg-type]
        opened.until(lambda: opened.shown().tobytes() not in seen)
        seen.add(opened.shown().tobytes())

    monkeypatch.setattr(inside_panel, "REST", 600_000)  # so that a busy machine doesn't think that the pen rests
    for count in range(1, 12):
        draw(count)
    assert counted.asked == 0
    assert len(seen) > 5
    assert "Hidden units" not in opened.texts()
    monkeypatch.undo()
    draw(12)
    opened.until(lambda: not opened.panel.is_working)
    assert counted.asked > 10
    assert "Hidden units" in opened.texts()


def test_a_newer_drawing_ends_the_work_on_an_older_one(opened: Opened, recognizer: Recognizer) -> None:
    old, new = Counted(recognizer), Counted(recognizer)
    opened.panel.show(SEVEN, old)  # type: ignore[arg-type]
    opened.until(lambda: old.asked > 3)
    asked = old.asked
    opened.look_at(ONE, new)
    assert old.asked == asked
    assert "What spoke for and against 1" in opened.texts()
    opened.panel.show(SEVEN, old)  # type: ignore[arg-type]
    opened.until(lambda: old.asked > asked)
    opened.panel.clear()
    asked = old.asked
    assert not opened.panel.is_working
    opened.root.update()
    assert opened.texts().startswith("Draw a digit")


def test_the_same_drawing_is_worked_on_once(opened: Opened, recognizer: Recognizer) -> None:
    counted = Counted(recognizer)
    opened.look_at(SEVEN, counted)
    asked = counted.asked
    opened.look_at(SEVEN, counted)
    assert counted.asked == asked


def test_a_picture_is_looked_into_too(opened: Opened, recognizer: Recognizer) -> None:
    picture = render(SEVEN).convert("RGB")
    opened.look_at(PictureDigit(picture), recognizer)
    assert "A separate network, the eye, finds the pixels that are ink of digits" in opened.texts()
    assert "What spoke for and against 7" in opened.texts()
    opened.look_at(SEVEN, recognizer)
    assert "the eye" not in opened.texts()
    opened.look_at(PictureDigit(Image.new("RGB", (200, 120), "white")), recognizer)
    assert opened.texts().startswith("Draw a digit")


def test_what_the_eye_took_for_digits_is_shown_and_the_rest_is_pale(opened: Opened, recognizer: Recognizer) -> None:
    picture = ImageOps.expand(render(SEVEN), 60, 255)
    ImageDraw.Draw(picture).rectangle((20, 20, 400, 400), outline=0, width=5)
    opened.look_at(PictureDigit(picture), recognizer)
    whole, written = [each for each in opened.pictures() if each.width > 100][:2]
    ink = style.now.colours.ink
    assert near(whole, "#000000") > 1.3 * near(written, ink) > 100  # without the frame
    assert near(written, style.now.colours.accent) == 0
    opened.look_at(PictureDigit(picture, Box(140, 120, 280, 300)), recognizer)
    assert near(opened.pictures()[1], style.now.colours.accent) > 50


def test_another_digit_of_the_same_picture_is_looked_at_in_its_place(opened: Opened, recognizer: Recognizer) -> None:
    picture = Image.new("L", (600, 300), 255)
    for left, drawn in ((0, SEVEN), (300, ZERO)):
        picture.paste(render(drawn), (left, 0))
    for left, digit in ((0, 7), (300, 0)):
        opened.look_at(PictureDigit(picture, Box(left + 60, 40, left + 240, 260)), recognizer)
        assert f"What spoke for and against {digit}" in opened.texts()


def test_a_picture_that_comes_right_after_a_stroke_is_not_followed_as_ink(
    opened: Opened, recognizer: Recognizer
) -> None:
    opened.panel.show(ONE, recognizer)
    opened.panel.show(PictureDigit(Image.new("L", (28, 28), 255)), recognizer)
    opened.until(lambda: not opened.panel.is_working)
    assert not opened.failures


def test_a_picture_that_cannot_be_read_is_a_sentence(opened: Opened, recognizer: Recognizer) -> None:
    opened.look_at(PictureDigit(Image.new("LAB", (20, 20))), recognizer)
    assert "can't be read; save it as RGB or grey" in opened.texts()
    opened.look_at(ONE, recognizer)
    assert "What spoke for and against 1" in opened.texts()


@pytest.mark.parametrize("number", range(len(networks.whole())))
def test_a_network_of_unknown_steps_is_shown_as_far_as_it_can_be(
    opened: Opened, recognizer: Recognizer, number: int
) -> None:
    counted = Counted(recognizer)
    counted.file = networks.whole()[number]  # it has unknown steps, or known ones that don't make the answer
    opened.look_at(SEVEN, counted)
    text = opened.texts()
    assert "What spoke for and against 7" in text
    assert "hidden units aren't shown" in text
    assert "excites" not in text
    counted = Counted(recognizer)
    counted.file = bytes(bytearray(recognizer.file))  # another file
    opened.look_at(ONE, counted)
    assert "1200 units" in opened.texts()


def test_a_low_panel_scrolls(screen: Screen, recognizer: Recognizer) -> None:
    for opened in _open(screen, style.LIGHT, "330x360"):
        opened.look_at(SEVEN, recognizer)
        before = opened.shown().tobytes()
        opened.screen.click(100, 100, button=5)
        opened.until(lambda: True)
        assert opened.shown().tobytes() != before
        opened.key("Tab")
        button = opened.buttons()[7]
        assert 0 <= button.winfo_rooty() <= 360 - button.winfo_height()
        shown = button.winfo_rooty()
        opened.key("Next")
        assert button.winfo_rooty() < shown


def test_a_wide_panel_puts_its_parts_beside_each_other(screen: Screen, recognizer: Recognizer) -> None:
    for opened in _open(screen, style.DARK, "900x500"):
        opened.look_at(SEVEN, recognizer)
        rows = {each.winfo_rooty() for each in opened.all(opened.panel) if isinstance(each, DigitRow)}
        assert rows
        assert max(rows) < 100
        assert near(opened.shown(), style.now.colours.more) > 20
        assert style.now.colours.more != "#0b5cad"  # the light appearance's colour
        opened.root.geometry("330x500")
        for _ in range(20):
            opened.root.update()
            time.sleep(0.01)
        assert min(each.winfo_rooty() for each in opened.all(opened.panel) if isinstance(each, DigitRow)) > 300


def test_it_can_be_taken_away_while_it_works(opened: Opened, recognizer: Recognizer) -> None:
    opened.panel.show(SEVEN, recognizer)
    opened.until(lambda: opened.panel.is_working)
    opened.panel.destroy()
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        opened.root.update()


def test_pictures_do_not_pile_up(opened: Opened, recognizer: Recognizer) -> None:
    def pictures() -> int:
        gc.collect()
        return len(opened.root.tk.splitlist(opened.root.tk.call("image", "names")))

    opened.look_at(SEVEN, recognizer)
    opened.look_at(ONE, recognizer)
    before = pictures()
    for subject in (SEVEN, ONE, SEVEN, ONE):
        opened.look_at(subject, recognizer)
    assert pictures() == before


def test_a_panel_that_is_taken_away_is_gone(opened: Opened, recognizer: Recognizer) -> None:
    opened.look_at(SEVEN, recognizer)
    gone = weakref.ref(opened.panel)
    opened.panel.destroy()
    del opened.panel
    opened.root.update()
    gc.collect()
    assert gone() is None
