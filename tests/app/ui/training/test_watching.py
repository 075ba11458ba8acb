"""Model ▸ Retrain…, watched: paused, adjusted and inspected as its child learns, with real pointer and key events."""

import functools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from xml.dom import minidom

import pytest

from app.jobs.training import TrainingProgress
from app.ui.training.progress_page import ProgressPage
from app.ui.training.watch_part import WatchPart
from app.ui.training.watch_view import Thing, WatchView
from model.base.events import Control
from tests.app.jobs.test_job import exists
from tests.app.ui.training.test_training_dialog import Dialog, dialog, every, small
from tests.screen import wait_for

__all__ = ["dialog", "small"]  # fixtures


class Watcher:
    """A training under way and somebody who watches it."""

    def __init__(self, dialog: Dialog, *, network: str = "mlp-128", epochs: str = "500", stops: bool = False):
        self.dialog, self.window = dialog, dialog.window
        dialog.widget.setup.fill({"network": network})
        dialog.type(0, epochs)
        assert dialog.widget.job
        child = dialog.widget.job.process
        os.kill(child, signal.SIGSTOP)  # otherwise it may be done before the hand is
        self.click("Train")
        self.click("Watch ▸")
        if stops:
            self.settle()
            self.window.click(self.part.stop)
        os.kill(child, signal.SIGCONT)
        self.until(lambda: self.progress.control is not None and self.progress.started is not None, "the first word")

    @property
    def progress(self) -> TrainingProgress:
        return self.dialog.widget.progress

    @property
    def control(self) -> Control:
        """The settings that the training last confirmed."""
        assert self.progress.control
        return self.progress.control

    @property
    def steps(self) -> int:
        assert self.progress.started
        return self.progress.started.steps

    @property
    def part(self) -> WatchPart:
        page = self.dialog.widget._page
        assert isinstance(page, ProgressPage)
        return page.watch

    def until(self, look: Callable[[], object], what: str) -> None:
        def seen() -> bool:
            self.window.root.update()
            return bool(look())

        wait_for(seen, 300, what, pause=0.005)

    def settle(self) -> None:
        """Wait until nothing moves any more, because a click would miss what moves away."""
        seen: list[object] = []

        def is_calm() -> bool:
            placed = [(each.winfo_rootx(), each.winfo_rooty()) for each in every(self.dialog.widget)]
            if seen[:1] != [placed] or self.dialog.widget._resizing.waits or self.dialog.widget._placing.waits:
                seen[:] = [placed]
            seen.append(None)
            return len(seen) > 10

        self.until(is_calm, "an end of all movements")

    def click(self, text: str) -> None:
        self.settle()
        self.dialog.click(text)

    def pause(self) -> None:
        self.click("Pause")
        self.until(lambda: self.progress.is_paused, "a pause")

    def drag(self, name: str, to: float) -> None:
        """Drag a slider's knob to a fraction of its length."""
        scale = self.part.sliders[name].scale
        self.dialog.widget.body.bring(scale)
        self.settle()
        x, y = scale.coords()
        start, above = scale.winfo_rootx() + x, scale.winfo_rooty() + y
        end = scale.winfo_rootx() + to * scale.winfo_width()
        for act in (
            lambda: self.window.screen.move(start, above),
            self.window.screen.press,
            lambda: self.window.screen.move(end, above),
            self.window.screen.release,
        ):
            self.window.do(act)

    def bring(self) -> WatchView:
        """Scroll the pictures into view, and wait until everything is shown."""
        self.dialog.widget.body.bring(self.part.view)
        self.until(lambda: self.part.view._points and not self.part.is_working, "all pictures")
        self.settle()
        return self.part.view

    def point(self, place: tuple[float, float]) -> str:
        """Move the pointer to a place in the pictures, and return what's said about it."""
        view = self.bring()
        x, y = view.winfo_rootx() + place[0], view.winfo_rooty() + place[1]
        self.window.do(lambda: self.window.screen.move(x, y))
        return self.said()

    def said(self) -> str:
        labels = [each for each in self.part._inspector.winfo_children() if isinstance(each, ttk.Label)]
        return "\n".join(str(label.cget("text")) for label in labels)


@pytest.fixture
def watch(dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Watcher]:
    dialog.choose(small, monkeypatch)
    return functools.partial(Watcher, dialog)


def test_a_pause_stops_the_steps_until_it_goes_on(watch: Callable[..., Watcher]) -> None:
    watcher = watch()
    watcher.pause()
    assert "; paused" in watcher.dialog.labels()
    done = watcher.progress.done
    watcher.drag("learning_rate", 0.8)  # it takes effect after everything that was sent before it
    watcher.until(lambda: watcher.control.learning_rate > 0.01, "another learning rate")
    assert watcher.progress.is_paused
    assert watcher.progress.done == done
    watcher.click("Go on")
    watcher.until(lambda: watcher.progress.done > done, "more steps")
    watcher.click("Cancel")
    watcher.dialog.wait("The training was ")


def test_it_stops_after_each_epoch_and_learns_for_one_more_after_the_last(watch: Callable[..., Watcher]) -> None:
    watcher = watch(epochs="2", stops=True)
    watcher.until(lambda: len(watcher.progress.epochs) == 1 and watcher.progress.is_paused, "the first epoch's end")
    watcher.click("Go on")
    watcher.until(lambda: len(watcher.progress.epochs) == 2 and watcher.progress.is_paused, "the second epoch's end")
    watcher.click("One more epoch")
    watcher.until(lambda: len(watcher.progress.epochs) == 3 and watcher.progress.is_paused, "the third epoch's end")
    assert watcher.control.epochs == 3
    assert [done.epoch for done in watcher.progress.epochs] == [1, 2, 3]
    assert max(point[0] for point in watcher.progress.curve) == 3
    watcher.click("Go on")
    watcher.dialog.wait("The new model reads ")


def test_knobs_turn_while_it_learns(watch: Callable[..., Watcher]) -> None:
    watcher = watch(network="mlp-512-dropout")
    watcher.pause()
    steps = watcher.steps
    watcher.drag("dropout", 0.9)
    watcher.drag("batch_size", 0.95)
    watcher.until(lambda: watcher.steps < steps, "larger batches")
    assert (watcher.control.dropout or 0) > 0.6
    assert watcher.control.batch_size == 4096
    assert f"of {watcher.steps}; paused" in watcher.dialog.labels()
    watcher.part.sliders["steps_a_second"].scale.focus_force()
    for _press in range(60):  # an arrow key moves it by a hundredth
        watcher.window.key("Left")
    watcher.until(lambda: 0 < watcher.control.steps_a_second < 50, "slow motion")
    watcher.click("Go on")
    steps = watcher.progress.done
    watcher.until(lambda: watcher.progress.done > steps, "a step")
    watcher.click("Cancel")
    watcher.dialog.wait("The training was ")


def test_a_network_without_dropout_has_no_such_knob(watch: Callable[..., Watcher]) -> None:
    watcher = watch()
    watcher.pause()
    assert watcher.part.sliders["dropout"].scale.instate(["disabled"])
    assert not watcher.part.sliders["batch_size"].scale.instate(["disabled"])


def test_closing_the_window_in_a_pause_ends_the_child(
    watch: Callable[..., Watcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.kit.dialog.messagebox.askyesno", lambda *_, **__: True)
    watcher = watch()
    watcher.pause()
    assert watcher.dialog.widget.job
    child = watcher.dialog.widget.job.process
    watcher.window.main.close()
    assert not exists(child)


def written(view: WatchView) -> list[str]:
    items = [item for item in view.find_all() if str(view.type(item)) == "text"]
    return [str(view.tk.call(view, "itemcget", item, "-text")) for item in items]


def test_a_thousand_digits_are_on_a_map_and_each_is_told_of(watch: Callable[..., Watcher]) -> None:
    watcher = watch(network="mlp-256-128-dropout", stops=True)
    watcher.until(lambda: len(watcher.progress.watched) == 2 and watcher.progress.is_paused, "the first epoch's end")
    view = watcher.bring()
    drawn, (before, now) = watcher.progress.drawn, watcher.progress.watched
    assert drawn
    assert len(view._points) == 1000
    counts = [view.itemcget(item, "text") for item in view._counts]  # type: ignore[no-untyped-call]
    assert sum(int(count) for count in counts if count) == 1000
    right = sum(one == other for one, other in zip(now.read, drawn.digits, strict=True))
    assert f"{right} of 1,000 drawn digits are read right" in written(view)
    said = watcher.point(tuple(view._places[17].tolist()))
    assert view.under
    number = view.under.number  # it may be on top of another one
    assert f"A drawn {drawn.digits[number]}, read as {now.read[number]}" in said
    assert f"Before training it was read as {before.read[number]}." in said
    assert [str(view.type(item)) for item in view.find_withtag("ring")].count("line") == 1
    cell = counts.index(max(counts, key=lambda count: int(count or 0)))
    assert f"{counts[cell]} of {drawn.digits.count(str(cell // 10))} drawings." in watcher.point(
        view.matrix.place(cell)
    )
    assert "Weights of units 1 to 24 of 256" in written(view)
    watcher.click("Other units")
    watcher.until(lambda: "Weights of units 25 to 48 of 256" in written(view), "other units")
    watcher.part.epoch.scale.focus_force()
    watcher.window.key("Home")
    for _press in range(100):
        watcher.window.key("Left")
    watcher.bring()
    right = sum(one == other for one, other in zip(before.read, drawn.digits, strict=True))
    assert f"{right} of 1,000 drawn digits are read right" in written(view)


def test_the_pictures_are_gone_through_by_the_keyboard_and_saved(
    watch: Callable[..., Watcher], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = watch()
    watcher.pause()
    view = watcher.bring()
    view.focus_force()
    watcher.window.key("Right")
    assert view.under == Thing("point", 0)
    watcher.window.key("Right")
    watcher.window.key("Return")
    watcher.until(lambda: watcher.control.drawing == 1, "another drawing")
    watcher.bring().focus_force()
    watcher.window.key("Down")
    assert view.under == Thing("cell", 0)
    assert "0 read as 0" in watcher.said()
    watcher.window.key("Down")
    assert "Unit 1 of the first hidden layer" in watcher.said()
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(tmp_path / "it.svg"))
    watcher.click("Save picture…")
    assert "Saved as it.svg." in watcher.dialog.labels()
    picture = minidom.parse(str(tmp_path / "it.svg"))  # noqa: S318  (it's our own)
    assert len(picture.getElementsByTagName("text")) > 1000
    assert len(picture.getElementsByTagName("image")) == 3


def test_a_convolution_shows_kernels_and_maps(watch: Callable[..., Watcher]) -> None:
    watcher = watch(network="cnn")
    view = watcher.bring()
    assert "Weights of units 1 to 24 of 32" in written(view)
    told = watcher.progress.watched[-1]
    assert (told.weights.rows, told.answers.rows) == (5, 24)
    watcher.click("Other units")
    watcher.until(lambda: "Weights of units 25 to 32 of 32" in written(view), "other units")
    watcher.click("Cancel")
    watcher.dialog.wait("The training was ")


def test_how_it_learned_is_seen_after_its_end(watch: Callable[..., Watcher]) -> None:
    watcher = watch(epochs="2")
    watcher.dialog.wait("The new model reads ")
    watcher.click("How it learned")
    watcher.bring()
    assert watcher.part._epoch(1) == "2"
    assert watcher.part._epoch(0) == "0"
    assert not watcher.part.stop.winfo_ismapped()  # nothing can be adjusted any more
    watcher.click("Back")
    watcher.dialog.wait("The new model reads ")
