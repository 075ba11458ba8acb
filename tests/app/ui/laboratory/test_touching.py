"""A network is changed by hand in the laboratory, with real pointer and key events."""

from __future__ import annotations

import tkinter
from tkinter import ttk

import pytest

from tests.app.ui.laboratory.test_laboratory import Lab
from tests.app.ui.window.test_correcting import LEFT_SEVEN
from tests.conftest import Window


@pytest.fixture
def lab(live_window: Window) -> Lab:
    live_window.draw(LEFT_SEVEN)
    return Lab(live_window)


def line(lab: Lab) -> str:
    """Return what's said about the digits that are read."""
    labels = [each for each in lab.dialog.touching.winfo_children() if isinstance(each, ttk.Label)]
    return "\n".join(str(each.cget("text")) for each in labels)


def press(lab: Lab, button: tkinter.Misc) -> None:
    lab.window.click(button)
    lab.settle()


def right(lab: Lab) -> float:
    return float(line(lab).split(" %")[0])


def test_at_first_it_is_said_how_many_digits_the_program_draws_and_reads(lab: Lab) -> None:
    assert line(lab).endswith("% of 500 are right.")
    assert right(lab) > 95
    assert lab.dialog.touching.data.get() == "500 digits drawn by the program"
    assert lab.dialog.touching.switch.instate(["disabled"])


def test_a_unit_is_switched_off_and_on(lab: Lab) -> None:
    unit = lab.strongest(3)
    lab.click(unit)
    press(lab, lab.dialog.touching.switch)
    lab.move(None)
    assert "It answers 0.00" in lab.texts()
    assert "It's switched off." in lab.texts()
    assert "without changes" in line(lab)
    press(lab, lab.dialog.touching.switch)
    lab.move(None)
    assert "switched off" not in lab.texts()
    lab.dialog.view.focus_force()
    lab.key("space")
    assert "It's switched off." in lab.texts()


def test_another_look_keeps_the_changes(lab: Lab) -> None:
    lab.click(lab.strongest(3))
    press(lab, lab.dialog.touching.switch)
    said = line(lab)
    lab.window.root.focus_force()  # as a window manager does when somebody goes to its menu
    lab.window.root.update()
    lab.window.set("look", "dark")
    lab.settle()
    assert lab.dialog.touching.switch.cget("text") == "Switch unit on"
    assert line(lab) == said
    assert "without changes" in said


def test_without_a_layer_nothing_is_told_apart(lab: Lab) -> None:
    lab.click(lab.strongest(2))
    press(lab, lab.dialog.touching.layer)
    assert right(lab) < 20
    assert lab.dialog.touching.switch.cget("text") == "Switch unit on"
    assert lab.dialog.touching.layer.cget("text") == "Switch layer on"
    press(lab, lab.dialog.touching.undo)
    assert lab.dialog.touching.layer.cget("text") == "Switch layer off"
    assert right(lab) > 95


def test_weights_are_pruned_by_the_slider_and_its_keys(lab: Lab) -> None:
    scale = lab.dialog.touching.sliders["prune"].scale
    x, y = scale.winfo_rootx(), scale.winfo_rooty() + scale.winfo_height() // 2
    wide = scale.winfo_width()
    lab.window.do(lambda: lab.window.screen.move(x + 7, y))
    lab.window.do(lab.window.screen.press)
    lab.window.do(lambda: lab.window.screen.move(x + wide * 0.9, y))
    lab.window.do(lab.window.screen.release)
    lab.settle()
    assert "weights" in line(lab)
    pruned = right(lab)
    assert pruned < 80
    scale.focus_force()
    for _ in range(3):
        lab.key("Left")
    assert right(lab) > pruned


def test_a_bias_and_a_temperature_are_moved(lab: Lab) -> None:
    lab.click(lab.strongest(1))
    for name in ("bias", "temperature"):
        lab.dialog.touching.sliders[name].scale.focus_force()
        for _ in range(3):
            lab.key("Right")
    touch = lab.dialog.touching.touch
    assert touch.temperature == pytest.approx(1.13, abs=0.02)
    assert lab.dialog.thing
    assert touch.biases[lab.dialog.thing[:2]] == pytest.approx(0.6)
    lab.dialog.touching.sliders["bias"].scale.focus_force()
    for _ in range(3):
        lab.key("Left")
    assert not lab.dialog.touching.touch.biases  # it's as if nobody had touched it


def test_the_users_own_drawings_are_read_where_there_are_some(lab: Lab) -> None:
    data = lab.dialog.touching.data

    def choose(place: int) -> None:
        data.current(place)
        data.event_generate("<<ComboboxSelected>>")
        lab.settle()

    choose(1)
    assert "You have no drawings yet" in line(lab)
    lab.window.session.samples.keep(lab.window.session.drawing, "7")
    choose(1)
    assert line(lab) == "100.0 % of 1 are right."
    choose(2)
    assert "MNIST isn't on this computer yet" in line(lab)
