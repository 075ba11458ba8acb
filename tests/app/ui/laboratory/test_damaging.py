"""The picture is damaged in the laboratory, and another model reads next to the one in use; with real events."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from tkinter import ttk

import pytest

from app.kept import models, paths
from model.bundle.bundle import BUNDLED
from tests.app.ui.laboratory.test_laboratory import Lab
from tests.app.ui.window.test_correcting import LEFT_SEVEN
from tests.conftest import Window


@pytest.fixture
def lab(live_window: Window) -> Lab:
    live_window.draw(LEFT_SEVEN)
    return Lab(live_window)


def turn_to_damage(lab: Lab) -> None:
    _touch, chip = lab.dialog.pages.winfo_children()
    lab.window.click(chip)
    lab.settle()


def drag(lab: Lab, name: str, to: float) -> None:
    """Drag a slider's knob to a fraction of the slider's length."""
    scale = lab.dialog.damaging.sliders[name].scale
    x, y = scale.coords()
    start, above = scale.winfo_rootx() + x, scale.winfo_rooty() + y
    end = scale.winfo_rootx() + to * scale.winfo_width()
    lab.window.do(lambda: lab.window.screen.move(start, above))
    lab.window.do(lab.window.screen.press)
    lab.window.do(lambda: lab.window.screen.move(end, above))
    lab.window.do(lab.window.screen.release)
    lab.settle()


def curves(lab: Lab) -> list[list[float]]:
    """Return the heights of the chart's lines, in pixels from its top."""
    chart = lab.dialog.damaging.chart
    lines = [item for item in chart.find_all() if str(chart.type(item)) == "line"]
    return [chart.coords(item)[1::2] for item in lines if len(chart.coords(item)) > 4]


def test_a_slider_damages_the_drawing_and_draws_curves(lab: Lab) -> None:
    turn_to_damage(lab)
    assert [text for text in lab.written(lab.dialog.damaging.chart) if "is damaged" in text]
    drag(lab, "erased", 0.95)
    assert lab.dialog.damaging.damage.erased > 0.9
    assert not [text for text in lab.written() if "%" in text]  # there's nothing left to read
    right, accepted = curves(lab)
    assert len(right) == len(accepted) == 9
    assert right[-1] > right[0] + 40  # hardly anything is read once it's erased
    assert all(strict >= loose - 1e-6 for strict, loose in zip(accepted, right, strict=True))
    lab.window.click(lab.dialog.damaging.undo)
    lab.settle()
    assert lab.dialog.damaging.damage.erased == 0


def test_what_is_written_in_the_chart_lies_on_nothing_else(lab: Lab) -> None:
    turn_to_damage(lab)
    chart = lab.dialog.damaging.chart

    def assert_apart(least: int) -> None:
        written = [chart.bbox(item) for item, text in lab.items(chart).items() if text]
        assert len(written) >= least
        assert max(box[2] for box in written) <= chart.winfo_width()
        assert max(bottom for *_start, bottom in written) <= chart.winfo_height()
        for one, other in combinations(written, 2):
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]

    assert_apart(3)
    drag(lab, "noise", 0.5)
    assert_apart(7)


def test_to_fit_it_anew_makes_a_shift_harmless(lab: Lab) -> None:
    turn_to_damage(lab)
    drag(lab, "shift", 0.9)
    far = curves(lab)[0][-1]
    lab.window.click(lab.dialog.damaging.fit)
    lab.settle()
    assert curves(lab)[0][-1] < far - 20


def test_by_the_keyboard_too(lab: Lab) -> None:
    turn_to_damage(lab)
    lab.dialog.damaging.sliders["turn"].scale.focus_force()
    lab.key("Right")
    assert lab.dialog.damaging.damage.turn == pytest.approx(1.8)
    assert len(curves(lab)) == 2


def test_another_look_keeps_the_damage_and_its_curves(lab: Lab) -> None:
    turn_to_damage(lab)
    drag(lab, "turn", 0.9)
    lab.window.click(lab.dialog.damaging.fit)
    lab.settle()
    damage = lab.dialog.damaging.damage
    lab.window.root.focus_force()
    lab.window.root.update()
    lab.window.set("look", "dark")
    lab.settle()
    assert lab.dialog.damaging.damage == damage
    assert damage.turn > 45
    assert len(curves(lab)) == 2


def test_without_digits_the_chart_says_so(lab: Lab) -> None:
    data = lab.dialog.touching.data
    data.current(1)
    data.event_generate("<<ComboboxSelected>>")
    lab.settle()
    turn_to_damage(lab)
    drag(lab, "blur", 0.5)
    assert [text for text in lab.written(lab.dialog.damaging.chart) if "You have no drawings yet" in text]
    lab.window.session.samples.keep(lab.window.session.drawing, "7")
    drag(lab, "blur", 0.1)
    drag(lab, "noise", 0.1)
    assert len(curves(lab)) == 2
    labels = [each for each in lab.dialog.touching.winfo_children() if isinstance(each, ttk.Label)]
    assert not [each for each in labels if "Making" in str(each.cget("text"))]  # which would never end


@pytest.fixture
def another(tmp_path: Path) -> str:
    """A second model among the user's: a copy of the built-in one under another name."""
    from model.bundle.bundle import copy_bundle, open_bundle  # noqa: PLC0415  (only needed here)

    copy_bundle(open_bundle(BUNDLED), tmp_path / "copy")
    key = models.add(tmp_path / "copy")
    models.rename(key, "Twin")
    return key


def test_another_model_reads_beside_it_live(lab: Lab, another: str) -> None:
    assert another
    box = lab.dialog.beside.boxes[0]
    box.tk.call(box.cget("postcommand"))  # as when its list opens
    assert "Twin" in box.tk.splitlist(box.cget("values"))
    lab.move(lab.strongest(2))
    box.set("Twin")
    box.event_generate("<<ComboboxSelected>>")
    lab.settle()
    assert "Twin" in lab.written()
    lab.move(None)
    assert not lab.dialog.view.find_withtag("ring")  # no ring is left from the old layout
    assert len([text for text in lab.written() if "%" in text]) == 2
    lab.window.root.focus_force()
    lab.window.key("Delete")
    lab.settle()
    assert not [text for text in lab.written() if "%" in text]
    lab.window.draw(LEFT_SEVEN)
    lab.settle()
    assert len([text for text in lab.written() if "%" in text]) >= 2
    turn_to_damage(lab)
    drag(lab, "blur", 0.5)
    assert len(curves(lab)) == 4
    box.set("no other model")
    box.event_generate("<<ComboboxSelected>>")
    lab.settle()
    assert "Twin" not in lab.written()


def test_two_models_beside_it_leave_room_for_every_text(lab: Lab, another: str) -> None:
    models.rename(another, "Twin of the built-in network, taught in November")
    for box in lab.dialog.beside.boxes:
        box.set("Twin of the built-in network, taught in November")
        box.event_generate("<<ComboboxSelected>>")
        lab.settle()
    view, texts = lab.dialog.view, {item: text for item, text in lab.items().items() if text}
    assert len([text for text in texts.values() if "%" in text]) == 3
    for item in texts:
        left, top, right, bottom = view.bbox(item)
        assert left >= 0
        assert right <= view.winfo_width()
        assert not {*view.find_overlapping(left + 2, top + 2, right - 2, bottom - 2)} & {*texts} - {item}
    assert {"units", "Twin of the"} <= {*lab.written()}


def test_a_model_that_cannot_be_used_is_told(lab: Lab, another: str) -> None:
    box = lab.dialog.beside.boxes[1]
    (paths.models_folder() / another / "model.tflite").write_bytes(b"no network")
    box.set("Twin")
    box.event_generate("<<ComboboxSelected>>")
    lab.settle()
    assert box.get() == "no other model"
    said = [str(each.cget("text")) for each in lab.dialog.winfo_children() if each.winfo_class() == "TLabel"]
    assert any("choose another model" in line or "damaged" in line for line in said)
