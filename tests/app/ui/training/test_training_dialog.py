"""Model ▸ Retrain…, used by real pointer and key events, with the real training in its child process."""

import tkinter
from collections.abc import Iterator
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest

from app.kept import models, paths, settings
from app.ui.training.training_dialog import TrainingDialog
from model.base import events
from model.data import architectures
from tests.app.jobs.test_job import exists, left
from tests.app.ui.window.test_main_window import SEVEN, buttons
from tests.conftest import Window, save_npz, ten_patterns
from tests.screen import PATIENCE, wait_for


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return save_npz(tmp_path / "small.npz", **ten_patterns(6000, 500))


class Dialog:
    """The dialog, and somebody who uses it."""

    def __init__(self, window: Window):
        self.window = window
        for key in ("alt+m", "t"):
            window.key(key)
        (self.widget,) = (child for child in window.root.winfo_children() if isinstance(child, TrainingDialog))
        self.widget.focus_force()  # what a window manager would do
        window.root.update()

    def labels(self) -> str:
        return "\n".join(texts(self.widget))

    def click(self, text: str) -> None:
        (button,) = (each for each in buttons(self.widget) if each.cget("text") == text and each.winfo_ismapped())
        self.window.click(button)

    def radio(self, text: str) -> ttk.Radiobutton:
        (found,) = (each for each in every(self.widget) if isinstance(each, ttk.Radiobutton) and each["text"] == text)
        return found

    def choose(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.ui.training.training_setup.filedialog.askopenfilename", lambda **_: str(data))
        self.click("File…")
        assert data.name in self.labels()

    def type(self, place: int, text: str) -> None:
        """Type into one of the form's number fields."""
        (field,) = (each for each in every(self.widget) if isinstance(each, ttk.Spinbox) and place == order(each))
        self.window.click(field)
        self.window.key("ctrl+/")  # select all, as X11 has it
        for letter in text:
            self.window.key(letter)

    def wait(self, words: str, seconds: float = 300) -> None:
        """Let the window live until the dialog says something."""

        def said() -> bool:
            self.window.root.update()
            return words in self.labels()

        wait_for(said, seconds, words, pause=0.005)


def every(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
    for child in widget.winfo_children():
        yield child
        yield from every(child)


def order(field: ttk.Spinbox) -> int:
    return [each for each in every(field.master) if isinstance(each, ttk.Spinbox)].index(field)


def texts(widget: tkinter.Misc) -> list[str]:
    kinds = (ttk.Label, ttk.Button, ttk.Radiobutton)
    return [str(each.cget("text")) for each in every(widget) if isinstance(each, kinds) and each.winfo_ismapped()]


@pytest.fixture
def dialog(window: Window, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dialog]:
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")  # so that there is something in the log
    opened = Dialog(window)
    yield opened
    if window.root.children and opened.widget.winfo_exists() and opened.widget.job:
        opened.widget.job.cancel()
        opened.widget.job.wait(PATIENCE)


@pytest.mark.usefixtures("fresh_model")
def test_mnist_is_learned_compared_and_used_while_the_window_reads(
    dialog: Dialog, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = dialog.window
    with np.load(shared / "data" / "mnist.npz") as file:  # with a tenth of its test images
        np.savez(tmp_path / "mnist.npz", **{name: file[name][: 1000 if "test" in name else None] for name in file})
    dialog.choose(tmp_path / "mnist.npz", monkeypatch)
    dialog.type(0, "2")
    dialog.click("Train")
    dialog.wait("Epoch 1 of 2, batch ")
    dialog.widget.geometry("+0+440")  # out of the way of the hand
    window.root.update()
    window.root.focus_force()
    window.draw(SEVEN)
    window.key("Return")
    assert window.text().startswith("7\n")
    assert window.session.recognizer.bundle.card.network == "mlp-1200-1000-500"
    dialog.widget.geometry("+0+0")
    dialog.wait("seconds left")
    dialog.wait("The current model is better: it reads ")
    assert "of 1,000 test images" in dialog.labels()
    assert "Only the current model reads these" in dialog.labels()
    dialog.click("Use the new model")
    assert not dialog.widget.winfo_exists()
    card = window.session.recognizer.bundle.card
    assert card.network == "mlp-128"
    assert card.accuracy is not None
    assert card.accuracy > 0.95
    assert settings.load().model == left()[0]
    window.root.focus_force()
    window.root.update()
    window.key("Return")
    assert window.text().startswith("7\n")
    assert models.recognizer_in_use()[0].bundle.card == card


def test_keeping_the_current_model_keeps_the_new_one_in_the_list(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.choose(small, monkeypatch)
    dialog.type(0, "4")
    dialog.click("Train")
    assert "Loading TensorFlow and the images…" in dialog.labels()
    dialog.wait(" of 4, batch ")
    dialog.click("Log ▸")
    (log,) = (each for each in every(dialog.widget) if isinstance(each, tkinter.Text) and each.winfo_ismapped())

    def logged() -> bool:
        dialog.window.root.update()
        return "training images: " in log.get("1.0", "end")

    wait_for(logged, 60, "the log")
    dialog.click("Log ▾")
    assert not log.winfo_ismapped()
    dialog.widget.focus_force()
    dialog.window.root.update()
    dialog.window.key("Return")  # by mistake; it ends nothing
    dialog.window.key("space")
    dialog.wait("The new model is better")
    focus = dialog.widget.focus_lastfor()
    assert focus
    focus.focus_force()
    dialog.window.root.update()
    for key in ("Tab", "Return"):  # from the better one, which has the keyboard, to the other
        dialog.window.key(key)
    assert not dialog.widget.winfo_exists()
    assert dialog.window.session.recognizer.bundle.card.network == "mlp-1200-1000-500"
    assert settings.load().model == models.BUNDLED
    assert [model.in_use for model in models.everything()] == [True, False]


def test_cancel_brings_the_form_back_and_leaves_nothing(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.choose(small, monkeypatch)
    dialog.type(0, "500")
    dialog.click("Train")
    dialog.wait("Epoch 2 of 500")
    assert dialog.widget.job
    child = dialog.widget.job.process
    dialog.click("Cancel")
    dialog.wait("The training was cancelled; nothing of it is left.", 3)
    assert not exists(child)
    assert left() == []
    assert "Train" in dialog.labels()  # and again, with what was chosen
    dialog.click("Train")
    dialog.wait(" of 500, batch ")


def test_bad_data_is_a_sentence_that_offers_another_file(
    dialog: Dialog, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(small.read_bytes()[:5000])
    dialog.choose(broken, monkeypatch)
    dialog.click("Train")
    dialog.wait("is cut off, damaged or not numbers")
    assert left() == []
    monkeypatch.setattr("app.ui.training.training_setup.filedialog.askopenfilename", lambda **_: str(small))
    dialog.click("Choose a file…")
    dialog.type(0, "1")
    dialog.click("Train")
    dialog.wait("The new model is better")


def test_the_form_unfolds_goes_on_from_the_model_in_use_and_asks_for_a_file(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.click("Advanced ▸")
    assert "Learning rate" in dialog.labels()
    dialog.click("Advanced ▾")
    assert "Learning rate" not in dialog.labels()
    dialog.window.click(dialog.radio("Go on from the model in use (mlp-1200-1000-500)"))
    assert architectures.NETWORKS["mlp-1200-1000-500"].about in dialog.labels()
    own = dialog.radio("A file of mine")
    for chosen in ("", str(small)):
        monkeypatch.setattr(
            "app.ui.training.training_setup.filedialog.askopenfilename", lambda chosen=chosen, **_: chosen
        )
        dialog.window.click(own)
        assert own.instate(["selected"]) is bool(chosen)
    assert small.name in dialog.labels()


def test_a_number_that_is_none_is_said(dialog: Dialog) -> None:
    dialog.type(0, "many")
    dialog.click("Train")
    assert "Epochs must be a whole number from 1 to 10,000; 'many' is not." in dialog.labels()
    assert paths.models_folder().exists() is False


def test_a_device_that_fails_offers_the_cpu(dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog.choose(small, monkeypatch)
    dialog.type(0, "1")
    dialog.widget.show_end(events.Failed("The memory of the GPU does not suffice.", "cpu"))
    dialog.wait("The memory of the GPU does not suffice.")
    dialog.click("Train on the CPU")
    dialog.wait("The new model is better")
    assert models.everything()[1].bundle is not None


def test_closing_the_window_asks_while_a_training_runs(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    answers = iter((False, True))

    def ask(*_: object, **__: object) -> bool:
        asked.append(True)
        return next(answers)

    monkeypatch.setattr("app.ui.kit.dialog.messagebox.askyesno", ask)
    dialog.choose(small, monkeypatch)
    dialog.type(0, "500")
    dialog.click("Train")
    dialog.wait("Epoch 2 of 500")
    assert dialog.widget.job
    child = dialog.widget.job.process
    dialog.window.main.close()
    assert exists(child)
    dialog.window.main.close()
    assert not exists(child)
    assert left() == []
    assert asked == [True, True]
    with pytest.raises(tkinter.TclError, match="has been destroyed"):
        dialog.window.root.winfo_exists()


def test_the_form_closes_without_a_question_while_devices_are_looked_for(
    dialog: Dialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.kit.dialog.messagebox.askyesno", lambda *_, **__: pytest.fail("it asked"))
    assert dialog.widget.job
    assert not dialog.widget.job.over
    dialog.click("Close")
    assert not dialog.widget.winfo_exists()
