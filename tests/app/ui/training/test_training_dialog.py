"""Model ▸ Retrain…, used with real pointer and key events, with real training in its child process."""

import tkinter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest
from PIL import Image

from app.jobs import unfinished
from app.jobs.training import Choice
from app.kept import models, paths, settings
from app.ui.training.progress_page import ProgressPage
from app.ui.training.training_dialog import TrainingDialog
from model.base import events
from model.bundle.bundle import BUNDLED, HISTORY_FILE
from model.data import architectures
from model.data.recipe import Recipe
from model.training.learn.checkpoint import Checkpoint
from model.training.opened.probe import probe
from tests.app.jobs.test_job import exists, left
from tests.app.ui.window.test_main_window import SEVEN, buttons
from tests.conftest import Window, on_linux, save_npz, ten_patterns
from tests.model.training.learn.test_resume import killed_after
from tests.screen import PATIENCE, wait_for


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return save_npz(tmp_path / "small.npz", **ten_patterns(6000, 500))


class Dialog:
    """The dialog and somebody who uses it."""

    def __init__(self, window: Window):
        self.window = window
        for key in ("alt+m", "t"):
            window.key(key)
        (self.widget,) = (child for child in window.root.winfo_children() if isinstance(child, TrainingDialog))
        self.widget.focus_force()  # as a window manager would
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
        monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(data))
        self.click("File…")
        assert data.name in self.labels()

    def type(self, place: int, text: str) -> None:
        """Type into one of the form's number fields."""
        (field,) = (each for each in every(self.widget) if isinstance(each, ttk.Spinbox) and place == order(each))
        self.window.click(field)
        self.window.key("ctrl+/")  # Select all on X11
        for letter in text:
            self.window.key(letter)

    def wait_for_epochs(self, count: int) -> None:
        """Run the window's loop until this many epochs are done."""

        def through() -> bool:
            self.window.root.update()
            return len(self.widget.progress.epochs) >= count

        wait_for(through, PATIENCE, "epochs", pause=0.005)

    def wait(self, words: str, seconds: float = 300) -> None:
        """Run the window's loop until the dialog says something."""

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
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")  # so that there's something in the log
    monkeypatch.setattr("app.jobs.training.CHECKPOINT_SECONDS", 86_400)  # nobody knows how long a training takes here
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
    with np.load(shared / "data" / "mnist.npz") as file:  # with a tenth of the test images
        np.savez(tmp_path / "mnist.npz", **{name: file[name][: 1000 if "test" in name else None] for name in file})
    dialog.choose(tmp_path / "mnist.npz", monkeypatch)
    dialog.type(0, "2")
    dialog.click("Train")
    dialog.wait("Epoch 1 of 2, batch ")
    dialog.widget.geometry("+0+440")  # out of the hand's way
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
    assert "of 1,000 digits drawn by the program" in dialog.labels()
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
    dialog.window.key("Return")  # by mistake; it doesn't end anything
    dialog.window.key("space")
    dialog.wait("The new model reads ")
    focus = dialog.widget.focus_lastfor()
    assert focus
    focus.focus_force()
    dialog.window.root.update()
    dialog.window.key("Return")  # the current model reads more drawn digits: what keeps it has the keyboard
    assert not dialog.widget.winfo_exists()
    assert dialog.window.session.recognizer.bundle.card.network == "mlp-1200-1000-500"
    assert settings.load().model == models.BUNDLED
    assert [model.in_use for model in models.everything()] == [True, False]


def test_cancel_brings_the_form_back_and_leaves_nothing(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.choose(small, monkeypatch)
    assert "mlp-128 takes seconds, but is far smaller than the built-in network" in dialog.labels()
    dialog.type(0, "500")
    dialog.click("Train")
    page = dialog.widget._page
    assert isinstance(page, ProgressPage)
    items = [(chart, item) for chart in page._charts for item in chart.find_all()]  # before anything is learned
    texts = [chart.itemcget(item, "text") for chart, item in items if str(chart.type(item)) == "text"]  # type: ignore[no-untyped-call]
    assert texts.count("500 epochs") == 2
    dialog.wait("Epoch 2 of 500")
    assert dialog.widget.job
    child = dialog.widget.job.process
    dialog.click("Cancel")
    dialog.wait("The training was cancelled, and left nothing behind.", 3)
    assert not exists(child)
    assert left() == []
    assert "Train" in dialog.labels()  # and again, with what was chosen
    dialog.click("Train")
    dialog.wait(" of 500, batch ")


def test_what_was_cancelled_goes_on_where_it_stopped_or_is_deleted(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.training.CHECKPOINT_SECONDS", 0)
    assert "Go on" not in dialog.labels()
    dialog.choose(small, monkeypatch)
    dialog.type(0, "500")
    dialog.click("Train")
    dialog.wait_for_epochs(3)  # so two epochs are saved
    dialog.click("Cancel")
    dialog.wait("The training was stopped. It can go on later, too", PATIENCE)
    stopped = unfinished.newest()
    assert stopped
    assert stopped.epochs >= 2
    assert f"The training of mlp-128 stopped after {stopped.epochs} of 500 epochs." in dialog.labels()
    assert [model.key for model in models.everything()] == [models.BUNDLED]
    dialog.type(0, "7")  # this only counts for another training
    dialog.click("Go on")
    dialog.wait(" of 500, batch ")
    dialog.wait_for_epochs(2)  # so the first epoch is saved
    assert dialog.widget.progress.epochs[0].epoch == stopped.epochs + 1
    dialog.click("Cancel")
    dialog.wait("The training was stopped.", PATIENCE)
    again = unfinished.newest()
    assert again
    assert (again.place, again.choice) == (stopped.place, stopped.choice)
    assert again.epochs > stopped.epochs
    dialog.click("Delete it")
    assert "Go on" not in dialog.labels()
    assert left() == []


@on_linux
def test_what_a_crash_left_goes_on_to_its_end(window: Window, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.jobs.training.CHECKPOINT_SECONDS", 0)
    knobs: dict[str, str | bool] = {"epochs": "3", "batch_size": "1", "deform": False}  # so that an epoch takes long
    choice, place = Choice("mlp-128", knobs, data=small), models.new_place("mlp-128")
    _train, *words = choice.words(BUNDLED, "Mine", place, "--asked", unfinished.noted(choice, "Mine"))
    killed_after("network", 1, *words, "--events")
    dialog = Dialog(window)
    dialog.wait(" of 3 epochs. It can go on from there.")
    dialog.click("Go on")
    dialog.wait("The new model reads ")
    dialog.click("Use the new model")
    (mine,) = (model for model in models.everything() if model.in_use)
    assert (mine.name, mine.key) == ("Mine", place.name)
    assert len((place / HISTORY_FILE).read_text(encoding="utf-8").splitlines()) == 3
    assert unfinished.newest() is None
    assert left() == [place.name]


def test_where_the_data_are_others_now_a_sentence_says_so(window: Window, small: Path) -> None:
    choice = Choice("mlp-128", {"epochs": "3", "batch_size": "128", "deform": False}, data=small)
    place = models.new_place("mlp-128")
    recipe = asdict(Recipe.of("mlp-128", epochs=3, batch_size=128, deform=False))
    saved = Checkpoint(place, recipe | {"data": {}}, seconds=0, resume=False, asked=unfinished.noted(choice, "Mine"))
    saved.save("network", [events.EpochDone(1, 0.5, 0.5, 0.5, 0.5, 1.0)], lambda: [np.zeros(3)], last=False)
    dialog = Dialog(window)
    dialog.wait("The training of mlp-128 stopped after 1 of 3 epochs. It can go on from there.")
    dialog.click("Go on")
    dialog.wait("belongs to another training: it differs in ")
    assert "Use the same settings and images as then, or start from the beginning." in dialog.labels()
    assert "--" not in dialog.labels()
    dialog.click("Delete it")
    assert left() == []
    dialog.click("Close")


def test_bad_data_is_a_sentence_that_offers_another_file(
    dialog: Dialog, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(small.read_bytes()[:5000])
    dialog.choose(broken, monkeypatch)
    dialog.click("Train")
    dialog.wait("is cut off, damaged or not numbers")
    assert left() == []
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(small))
    dialog.click("Choose a file…")
    dialog.type(0, "1")
    dialog.click("Train")
    dialog.wait("The new model reads ")


def test_what_is_no_data_is_refused_at_once_with_what_it_is(
    dialog: Dialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("L", (9, 9)).save(tmp_path / "mine.png")
    dialog.choose(tmp_path / "mine.png", monkeypatch)
    for _ in range(2):
        dialog.click("Train")
        assert "mine.png is a picture, which can't be used to learn digits; choose" in dialog.labels()
    assert left() == []
    asked: list[str] = []

    def choose(title: str, **_how: object) -> str:
        asked.append(title)
        return "mine.npz"

    monkeypatch.setattr("tkinter.filedialog.askopenfilename", choose)
    dialog.click("Choose a file…")  # there's only one such button
    assert asked == ["Choose a file of images and labels"]
    assert "which can't be used" not in dialog.labels()  # another file is chosen


@pytest.mark.usefixtures("fresh_model")
def test_a_folder_of_ones_own_pictures_is_learned_and_used(
    dialog: Dialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, digits = probe()
    for number, (image, digit) in enumerate(zip(images, digits, strict=True)):
        place = tmp_path / "mine" / str(digit) / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        paper = Image.fromarray((235 - 200 * image).astype(np.uint8)).resize((84, 84), Image.Resampling.BICUBIC)
        paper.save(place)  # dark on bright, and larger: as it would be scanned
    monkeypatch.setattr("tkinter.filedialog.askdirectory", lambda **_: str(tmp_path / "mine"))
    dialog.click("Folder…")
    dialog.type(0, "12")
    dialog.click("Train")
    dialog.wait("There were no images to test with, so every 7th was set aside for that.")
    dialog.wait("of 28 test images")
    dialog.click("How it learned")
    assert "It learned for 12 epochs." in dialog.labels()
    assert dialog.labels().count("There were no images to test with") == 1
    dialog.click("Back")
    assert "There are only 172 images to learn from." in dialog.labels()  # it's still there
    dialog.click("Use the new model")
    window = dialog.window
    assert window.session.recognizer.bundle.card.network == "mlp-128"
    assert settings.load().model == left()[0]
    used = next(model for model in models.everything() if model.in_use)
    assert used.bundle
    assert used.bundle.card.accuracy is not None
    assert used.accuracy is None  # it isn't MNIST's, which the list compares
    window.root.focus_force()
    window.draw(SEVEN)
    window.key("Return")
    assert window.text().startswith("7\n")


def test_the_form_unfolds_goes_on_from_the_model_in_use_and_asks_for_a_file(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.click("Advanced ▸")
    assert "Learning rate" in dialog.labels()
    dialog.click("Advanced ▾")
    assert "Learning rate" not in dialog.labels()
    dialog.window.click(dialog.radio("Continue from the model in use (mlp-1200-1000-500)"))
    assert architectures.NETWORKS["mlp-1200-1000-500"].about in dialog.labels()
    own = dialog.radio("A file of mine")
    for chosen in ("", str(small)):
        monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda chosen=chosen, **_: chosen)
        dialog.window.click(own)
        assert own.instate(["selected"]) is bool(chosen)
    assert small.name in dialog.labels()


def test_a_number_that_is_none_is_said(dialog: Dialog) -> None:
    dialog.type(0, "many")
    dialog.click("Train")
    assert "Epochs must be a whole number from 1 to 10,000, not 'many'." in dialog.labels()
    assert paths.models_folder().exists() is False


def test_a_device_that_fails_offers_the_cpu(dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog.choose(small, monkeypatch)
    dialog.type(0, "1")
    dialog.widget.show_end(events.Failed("The GPU hasn't enough memory.", "cpu"))
    dialog.wait("The GPU hasn't enough memory.")
    dialog.click("Train on the CPU")
    dialog.wait("The new model reads ")
    assert models.everything()[1].bundle is not None


@pytest.mark.parametrize(
    ("right", "drawn", "says", "is_better"),
    [
        (91, 80, "The new model is better: it reads 1 more.", True),
        (91, 83, "The new model is better: it reads 4 more.", True),
        (88, 80, "The current model is better: it reads 2 more.", False),
        (91, 60, "The new model reads 1 more of the test images, but 20 fewer of the drawn digits.", False),
        (80, 82, "The new model reads 2 more of the drawn digits, but 10 fewer of the test images.", False),
        (90, 80, "Both models read equally many.", False),
    ],
)
def test_which_model_is_better_is_said_of_test_images_and_drawn_digits(
    dialog: Dialog, right: int, drawn: int, says: str, *, is_better: bool
) -> None:
    current, new = events.Side(90, 80, 100_000, 0.1), events.Side(right, drawn, 100_000, 0.1)
    dialog.widget._output = models.new_place("mlp-128")
    dialog.widget._show_result(events.Compared(100, 100, current, new, ()))
    dialog.wait(says)
    assert f"{drawn}.00 %" in dialog.labels()
    (first,) = (each for each in buttons(dialog.widget) if each.cget("style") == "Accent.TButton")
    assert first.cget("text") == ("Use the new model" if is_better else "Keep the current model")


def test_closing_the_window_asks_while_a_training_runs(
    dialog: Dialog, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = iter((False, True))

    def ask(*_: object, default: str, **__: object) -> bool:
        asked.append(default)
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
    assert asked == ["no", "no"]  # what Return chooses
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
