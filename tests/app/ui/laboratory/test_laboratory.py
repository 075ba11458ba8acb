"""The laboratory next to the window, with real pointer and key events."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from typing import Any
from xml.dom import minidom

import numpy as np
import pytest

from app.ui.inside.pixels import rgb
from app.ui.kit import style
from app.ui.laboratory.laboratory import Laboratory
from app.ui.laboratory.network_view import Thing
from app.ui.training.training_dialog import TrainingDialog
from model.ink.render import render
from model.reading.picture_digit import PictureDigit
from stress.inputs import networks
from tests.app.ui.window.test_correcting import FAR_ONE, LEFT_SEVEN
from tests.conftest import Window
from tests.screen import PATIENCE, Area, wait_for

LABEL = "La&boratory…"


class Lab:
    """The open laboratory and somebody who uses it."""

    def __init__(self, window: Window):
        self.window = window
        window.choose(LABEL)
        self.settle()

    @property
    def dialog(self) -> Laboratory:
        found = self.window.main.laboratory
        assert found
        return found

    def settle(self) -> None:
        """Wait until everything is shown."""

        def is_still() -> bool:
            self.window.root.update()
            return not self.dialog.is_working and self.dialog.view.winfo_width() > 1

        wait_for(is_still, 20, "a laboratory that has shown all")

    def move(self, thing: Thing | None) -> None:
        """Move the pointer to something; with None, out of the way."""
        x, y = self.place(thing) if thing else (1015, 760)
        self.window.do(lambda: self.window.screen.move(x, y))
        self.settle()

    def click(self, thing: Thing) -> None:
        x, y = self.place(thing)
        self.window.do(lambda: self.window.screen.click(x, y))
        self.settle()

    def key(self, name: str) -> None:
        self.window.key(name)
        self.settle()

    def place(self, thing: Thing) -> tuple[float, float]:
        view = self.dialog.view
        x, y = view.columns[thing.column].place(thing.unit)
        is_bar = thing.column == len(view.columns) - 1
        return view.winfo_rootx() + x + (4 if is_bar else -0.5), view.winfo_rooty() + y - 0.5

    def texts(self) -> str:
        labels = [each for each in self.dialog.inspector.winfo_children() if isinstance(each, ttk.Label)]
        return "\n".join(str(label.cget("text")) for label in labels)

    def items(self, canvas: tkinter.Canvas | None = None) -> dict[int, str]:
        """Return the texts on the network or another canvas, by their items."""
        view = canvas or self.dialog.view
        items = [item for item in view.find_all() if str(view.type(item)) == "text"]
        return {item: str(view.tk.call(view, "itemcget", item, "-text")) for item in items}

    def written(self, canvas: tkinter.Canvas | None = None) -> list[str]:
        return list(self.items(canvas).values())

    def colours(self, colour: str) -> int:
        """Return how many of the network's pixels are close to a colour."""
        view = self.dialog.view
        area = Area(view.winfo_rootx(), view.winfo_rooty(), view.winfo_width(), view.winfo_height())
        pixels = np.asarray(self.window.screen.pixels(area), np.int16)
        return int((np.abs(pixels - rgb(colour)).max(2) < 40).sum())

    def oranges(self) -> int:
        """Return how many of the network's pixels are more or less orange."""
        view = self.dialog.view
        area = Area(view.winfo_rootx(), view.winfo_rooty(), view.winfo_width(), view.winfo_height())
        pixels = np.asarray(self.window.screen.pixels(area), np.int16)
        return int((pixels[..., 0] > pixels[..., 2] + 30).sum())

    def strongest(self, column: int) -> Thing:
        """Return a column's most important unit."""
        assert self.dialog.seen
        return Thing(column, int(np.abs(self.dialog.seen.shares[column]).argmax()))


@pytest.fixture
def lab(live_window: Window) -> Lab:
    live_window.draw(LEFT_SEVEN)
    return Lab(live_window)


def test_it_shows_the_whole_network_and_follows_the_pen(live_window: Window) -> None:
    lab = Lab(live_window)
    assert "Draw a digit on the pad" in lab.texts()
    assert {"28×28 pixels", "1200 units", "1000 units", "500 units"} < set(lab.written())
    assert not any("%" in text for text in lab.written())
    assert lab.colours(style.now.colours.more) == 0
    live_window.draw(LEFT_SEVEN)
    lab.settle()
    assert lab.colours(style.now.colours.more) > 500
    (told,) = [text for text in lab.written() if "%" in text]
    assert live_window.text().startswith("7")
    assert int(told.removesuffix("%")) > 90


def test_what_the_pointer_is_on_is_told_and_lit(lab: Lab) -> None:
    unit = lab.strongest(2)
    lab.move(unit)
    title, text = lab.texts().split("\n")[-2:]
    assert title == f"Unit {unit.unit + 1} of hidden layer 2"
    assert "It answers" in text
    assert "the score of 7 by" in text
    assert len(lab.dialog.view.find_withtag("ring")) > 12
    lab.move(Thing(0, 9 * 28 + 13))
    assert "Pixel in row 10, column 14" in lab.texts()
    assert "of ink, from 0 to 1" in lab.texts()
    lab.move(Thing(4, 3))
    assert "Answer 3" in lab.texts()
    assert "Softmax turns the ten scores into probabilities" in lab.texts()
    lab.move(None)
    assert "Draw a digit on the pad" in lab.texts()
    assert not lab.dialog.view.find_withtag("ring")


def test_a_way_is_told_where_the_pointer_is_on_its_line(lab: Lab) -> None:
    view = lab.dialog.view
    start, to, _by = view.ways[3][0]
    low, high = view.columns[3].place(start)[1], view.columns[4].place(to)[1]
    x = view.winfo_rootx() + view.columns[3].right + view.gap / 2
    y = view.winfo_rooty() + (low + high) / 2
    lab.window.do(lambda: lab.window.screen.move(x, y))
    lab.settle()
    assert " → Answer 7" in lab.texts()
    assert "times the weight" in lab.texts()
    answer, weight, adds = (float(word.replace("−", "-").rstrip(".")) for word in _numbers(lab.texts()))
    assert answer * weight == pytest.approx(adds, abs=0.05)


def _numbers(text: str) -> list[str]:
    line = text.rsplit("\n", maxsplit=1)[-1]
    return [word for word in line.split() if word.strip("+−.").replace(".", "").isdigit()]


def test_a_click_pins_and_another_one_lets_go(lab: Lab) -> None:
    unit = lab.strongest(1)
    lab.click(unit)
    lab.move(None)
    assert f"Unit {unit.unit + 1} of hidden layer 1 (pinned)" in lab.texts()
    lab.window.draw(FAR_ONE)
    lab.settle()
    assert f"Unit {unit.unit + 1} of hidden layer 1 (pinned)" in lab.texts()
    lab.click(unit)
    lab.move(None)
    assert "(pinned)" not in lab.texts()


def test_a_pinned_answer_is_what_all_speaks_for(lab: Lab) -> None:
    lab.click(Thing(4, 2))
    lab.move(lab.strongest(3))
    assert "the score of 2 by" in lab.texts()


def test_only_a_pinned_answer_has_the_network_computed_anew(lab: Lab) -> None:
    seen = lab.dialog.seen
    lab.click(lab.strongest(2))
    lab.window.click(lab.dialog.pin)
    lab.settle()
    assert "(pinned)" in lab.texts()
    assert lab.dialog.seen is seen
    lab.click(Thing(4, 2))
    assert lab.dialog.seen is not seen


def test_all_of_it_by_keyboard(lab: Lab) -> None:
    lab.dialog.view.focus_force()
    lab.key("Down")
    assert "Answer 1" in lab.texts()
    view = lab.dialog.view
    x, y = view.columns[4].place(1)
    boxes = [view.bbox(ring) for ring in view.find_withtag("ring")]
    assert any(
        left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes
    )  # it's seen where one is
    for _ in range(2):
        lab.key("Left")
    assert "of hidden layer 2" in lab.texts()
    before = lab.texts()
    lab.key("Up")
    assert lab.texts() != before
    lab.key("Return")
    assert "(pinned)" in lab.texts()
    lab.window.key("Escape")
    assert lab.window.main.laboratory is None


def test_two_drawings_are_compared(lab: Lab) -> None:
    before = lab.oranges()
    lab.window.click(lab.dialog.pin)
    lab.settle()
    lab.window.key("Delete")
    lab.settle()
    lab.window.root.focus_force()
    lab.window.draw([(100, 60), (100, 200)])
    lab.settle()
    lab.move(None)
    assert "Blue is more than in the pinned drawing" in lab.texts()
    assert lab.oranges() > 2 * before


def test_the_picture_is_saved_as_svg(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_options: str(tmp_path / "network.svg"))
    lab.window.click(lab.dialog.save)
    elements = minidom.parse(str(tmp_path / "network.svg"))  # noqa: S318  (our own)
    assert len(elements.getElementsByTagName("image")) == 8
    texts = {each.firstChild.nodeValue for each in elements.getElementsByTagName("text") if each.firstChild}
    assert texts >= {"1200 units", "500 units", "7"}
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_options: str(tmp_path / "no" / "a.svg"))
    lab.window.click(lab.dialog.save)
    said = [str(each.cget("text")) for each in lab.dialog.winfo_children() if isinstance(each, ttk.Label)]
    assert any("can't be written" in line for line in said)


def test_another_look_shows_the_same(lab: Lab) -> None:
    unit = lab.strongest(2)
    lab.click(unit)
    lab.window.root.focus_force()  # as a window manager does when somebody goes to its menu
    lab.window.root.update()
    lab.window.set("look", "dark")
    lab.settle()
    lab.move(None)
    assert f"Unit {unit.unit + 1} of hidden layer 2 (pinned)" in lab.texts()
    assert lab.colours("#14171b") > 10_000


def test_larger_text_is_larger_on_the_network_and_in_the_chart(lab: Lab) -> None:
    def heights() -> list[int]:
        boxes = []
        for canvas, wanted in ((lab.dialog.view, "Answer"), (lab.dialog.damaging.chart, "100 %")):
            (item,) = [item for item, text in lab.items(canvas).items() if text == wanted]
            _left, top, _right, bottom = canvas.bbox(item)
            boxes.append(bottom - top)
        return boxes

    before = heights()
    lab.window.set("text_size", 150)
    lab.settle()
    assert all(now > 1.3 * then for now, then in zip(heights(), before, strict=True))


@pytest.mark.parametrize("number", range(len(networks.whole())))
def test_a_network_of_unknown_steps_says_so(lab: Lab, number: int, recognizer: Any) -> None:
    class Other:
        file = networks.whole()[number]

        def __getattr__(self, name: str) -> Any:
            return getattr(recognizer, name)

    show: Callable[..., None] = lab.dialog.show
    show(lab.window.session.drawing, Other())
    lab.settle()
    assert "can't be shown here" in lab.texts()
    show(lab.window.session.drawing, recognizer)
    lab.settle()
    assert "1200 units" in lab.written()


def test_the_eye_looks_at_a_picture_once(lab: Lab, recognizer: Any) -> None:
    looked = []

    class Counting:
        def __getattr__(self, name: str) -> Any:
            looked.append(name)
            return getattr(recognizer, name)

    show: Callable[..., None] = lab.dialog.show
    show(PictureDigit(render(lab.window.session.drawing)), Counting())
    lab.settle()
    lab.dialog.touching.sliders["prune"].scale.focus_force()
    for _ in range(3):
        lab.key("Right")
    assert lab.dialog.touching.touch.pruned
    assert looked.count("image") == 1


def test_a_button_leads_to_training(lab: Lab) -> None:
    lab.window.click(lab.dialog.train)
    (training,) = (each for each in lab.window.root.winfo_children() if isinstance(each, TrainingDialog))
    assert training.job
    training.job.cancel()
    training.job.wait(PATIENCE)
