"""Model ▸ Models…, used with real pointer and key events."""

import hashlib
import json
import shutil
import time
import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest

from app.facts.card_text import UNKNOWN, percent
from app.kept import models, paths, settings
from app.kept.models import BUNDLED
from app.ui.models import drawn_digits
from app.ui.models.models_dialog import ModelsDialog
from model.base.errors import UserError
from model.bundle.bundle import CARD_FILE, LITERT_FILE, open_bundle
from model.bundle.litert_head import Head
from model.data.data import scaled
from model.training.synthetic import shapes
from tests.app.ui.window.test_main_window import buttons
from tests.conftest import Window, save_npz, soon, ten_patterns
from tests.kept import damage, keep
from tests.screen import wait_for


class Dialog:
    """The dialog and somebody who uses it."""

    def __init__(self, window: Window):
        self.window = window
        for key in ("alt+m", "m"):
            window.key(key)
        (self.widget,) = (child for child in window.root.winfo_children() if isinstance(child, ModelsDialog))
        self.widget.focus_force()  # as a window manager would
        self.widget.focus_set()
        window.root.update()
        self.wait(lambda: all(key in self.widget._problems for key in self.keys()), "each model looked through")

    def keys(self) -> list[str]:
        return [row[1:] for row in self.widget.list.tree.get_children()]

    def row(self, key: str) -> dict[str, str]:
        return dict(self.widget.list.tree.set(f"/{key}"))

    def marked(self) -> list[str]:
        """Return the keys of the models that are shown as in use."""
        return [key for key in self.keys() if self.widget.list.tree.item(f"/{key}", "text")]

    def place(self, key: str) -> tuple[float, float]:
        tree = self.widget.list.tree
        box = tree.bbox(f"/{key}", "name")
        assert box
        return tree.winfo_rootx() + box[0] + 20, tree.winfo_rooty() + box[1] + box[3] / 2

    def choose(self, key: str) -> None:
        x, y = self.place(key)
        self.window.do(lambda: self.window.screen.click(x, y))
        assert self.widget.list.key == key

    def button(self, text: str) -> ttk.Button:
        (found,) = (each for each in buttons(self.widget) if each.cget("text") == text and each.winfo_ismapped())
        return found

    def click(self, text: str) -> None:
        self.window.click(self.button(text))

    def export(self, form: int) -> None:
        """Choose an entry of the menu that the button opens, by keys."""
        self.click("Export…")
        for key in ("Down",) * (form + 1):
            self.window.key(key)
        self.window.key("Return")

    def usable(self) -> list[str]:
        mapped = [each for each in buttons(self.widget) if each.winfo_ismapped() and each.instate(["!disabled"])]
        return [text for each in mapped if (text := str(each.cget("text"))) != "Close"]  # which is always usable

    def text(self) -> str:
        """Return everything that the dialog says outside the list."""

        def labels(widget: object) -> list[str]:
            assert isinstance(widget, tkinter.Misc)
            own = [str(widget.cget("text"))] if isinstance(widget, ttk.Label) and widget.winfo_ismapped() else []
            return own + [text for child in widget.winfo_children() for text in labels(child)]

        return "\n".join(labels(self.widget))

    def wait(self, look: Callable[[], bool], what: str, seconds: float = 60) -> None:
        def looked() -> bool:
            self.window.root.update()
            return look()

        wait_for(looked, seconds, what, pause=0.01)


def test_the_list_tells_what_there_is_and_what_is_in_use(window: Window) -> None:
    opened = keep("Ann's", network="net", accuracy=None, origin="opened", date="2026-02-01T12:00:00+00:00")
    trained = keep("Mine", network="mlp-128", accuracy=0.9771, date="2026-01-01T12:00:00+00:00")
    models.use(trained)
    dialog = Dialog(window)
    assert dialog.keys() == [BUNDLED, opened, trained]
    assert dialog.marked() == [trained]
    assert dialog.widget.list.key == trained
    assert dialog.row(trained) | {"date": "", "drawn": ""} == {
        "name": "Mine",
        "network": "mlp-128",
        "accuracy": "97.71 %",
        "drawn": "",
        "origin": "trained here",
        "date": "",
    }
    assert dialog.row(trained)["date"].startswith(("2025-12-31", "2026-01-0"))
    assert (dialog.row(opened)["accuracy"], dialog.row(opened)["origin"]) == ("–", "opened")  # noqa: RUF001
    dialog.choose(BUNDLED)
    card = open_bundle().card
    measured = (f"{percent(card.accuracy)} of MNIST", f"{percent(card.ink_accuracy)} of drawings by people")
    for words in ("2,648,555 weights", "59,000 images of mnist.npz", *measured):
        assert words in dialog.text()


def confuse(folder: Path) -> None:
    """Let a model take each 0 for a 1, and each 1 for a 0."""
    head = Head((folder / LITERT_FILE).read_bytes(), 10)
    *before, last = head.layers
    order = [1, 0, *range(2, 10)]
    content = head.with_layers([*before, last._replace(weights=last.weights[order], bias=last.bias[order])])
    (folder / LITERT_FILE).write_bytes(content)
    card = json.loads((folder / CARD_FILE).read_text())
    card["sha256"][LITERT_FILE] = hashlib.sha256(content).hexdigest()
    (folder / CARD_FILE).write_text(json.dumps(card))


def test_how_many_drawn_digits_each_model_reads_is_found_meanwhile(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_digits, "_known", {})
    mine, other, half = keep("Mine"), keep("Other"), keep("Half")
    confuse(paths.models_folder() / other)
    damage(half)
    dialog = Dialog(window)
    dialog.choose(mine)  # the list can be used all the while
    rows = (BUNDLED, mine, other)
    dialog.wait(lambda: all(dialog.row(key)["drawn"] != UNKNOWN for key in rows), "how many each reads")
    images, digits = shapes.digits(1000, np.random.default_rng(1000))
    right = {
        key: sum(int(np.argmax(read(image))) == digit for image, digit in zip(scaled(images), digits, strict=True))
        for key, read in ((key, models.load(key).probabilities) for key in rows)
    }
    assert right[mine] == right[BUNDLED] > right[other] + 100
    assert {key: dialog.row(key)["drawn"] for key in rows} == {key: f"{right[key] / 10:.2f} %" for key in rows}
    assert dialog.row(half)["drawn"] == UNKNOWN
    dialog.widget.refresh()
    assert dialog.row(other)["drawn"] == f"{right[other] / 10:.2f} %"  # at once: it's known


@pytest.mark.parametrize("way", ["button", "double click", "Return"])
def test_a_model_is_used_by_button_double_click_and_return(window: Window, way: str) -> None:
    key = keep("Mine")
    dialog = Dialog(window)
    if way == "double click":
        x, y = dialog.place(key)
        for _ in range(2):
            window.do(lambda: window.screen.click(x, y))
    else:
        dialog.choose(key)
        window.key("Return") if way == "Return" else dialog.click("Use")
    assert dialog.marked() == [key]
    assert settings.load().model == key
    assert window.session.recognizer.bundle.path.name == key
    assert "Mine is now in use." in window.text()
    dialog.click("Use the built-in one")
    assert dialog.marked() == [BUNDLED]
    assert settings.load().model == BUNDLED
    assert "Use the built-in one" not in dialog.usable()


def test_the_window_shows_which_model_reads_unless_it_is_the_built_in_one(window: Window) -> None:
    key = keep("Mine")
    shown = window.main.contents.toolbar._model
    assert not shown.winfo_ismapped()
    window.main.learning.use(key)
    window.root.update()
    assert (shown.winfo_ismapped(), shown.cget("text")) == (True, "Model: Mine")
    window.click(shown)
    window.root.update()
    dialog = window.main.dialogs._open["models"]
    assert isinstance(dialog, ModelsDialog)
    assert dialog.winfo_ismapped()
    window.set("language", "zh_CN")
    assert str(window.main.contents.toolbar._model.cget("text")).startswith("模型")
    window.main.learning.use(BUNDLED)
    window.root.update()
    assert not window.main.contents.toolbar._model.winfo_ismapped()


def test_the_arrow_keys_choose(window: Window) -> None:
    key = keep("Mine")
    dialog = Dialog(window)
    window.key("Down")
    assert dialog.widget.list.key == key
    window.key("Return")
    assert dialog.marked() == [key]


def test_what_cannot_be_done_is_grey(window: Window) -> None:
    whole, half, unreadable = keep("Whole"), keep("Half"), keep("None")
    damage(half)
    (paths.models_folder() / unreadable / CARD_FILE).write_text("{")
    dialog = Dialog(window)
    assert dialog.usable() == ["Export…", "Report"]  # for the built-in model, which is in use
    dialog.choose(whole)
    assert dialog.usable() == ["Use", "Rename…", "Export…", "Report", "Delete"]
    for key, usable in ((half, ["Rename…", "Delete"]), (unreadable, ["Delete"])):
        dialog.choose(key)
        assert dialog.row(key)["network"] == "damaged"
        assert "damaged" in dialog.text()
        assert dialog.usable() == usable
        window.key("Return")
        assert dialog.marked() == [BUNDLED]


def test_a_name_is_changed_in_its_place(window: Window) -> None:
    key = keep("mine")
    window.main.learning.use(key)
    dialog = Dialog(window)
    dialog.choose(key)
    dialog.click("Rename…")
    for letter in "ours":
        window.key(letter)
    window.key("Return")
    assert (dialog.row(key)["name"], models.name(key)) == ("ours", "ours")
    assert window.main.contents.toolbar._model.cget("text") == "Model: ours"
    window.key("F2")
    window.key("x")
    window.key("Escape")  # the new name isn't taken, and the dialog stays
    assert models.name(key) == "ours"
    window.key("F2")
    window.key("y")
    dialog.choose(BUNDLED)  # a click elsewhere accepts it
    assert models.name(key) == "y"
    window.key("F2")  # the built-in model keeps its name
    window.key("z")
    assert models.name(BUNDLED) == "The built-in model"


def test_a_name_that_cannot_be_is_refused_in_a_sentence(window: Window) -> None:
    key = keep("mine")
    dialog = Dialog(window)
    dialog.choose(key)
    window.key("F2")
    window.key("space")
    window.key("Return")
    assert "Choose another name" in dialog.text()
    assert dialog.row(key)["name"] == "mine"


def test_a_model_is_deleted_after_a_question(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(_title: str, question: str, *, default: str, **_: object) -> bool:
        assert default == "cancel"  # what Return chooses
        asked.append(question)
        return len(asked) > 1

    monkeypatch.setattr("app.ui.models.models_dialog.messagebox.askokcancel", ask)
    key, other = keep("Mine"), keep("Other", date="2020-01-01T00:00:00+00:00")
    dialog = Dialog(window)
    window.key("Delete")
    assert asked == []  # the built-in one stays
    dialog.choose(key)
    window.key("Return")
    window.key("Delete")
    assert dialog.keys() == [BUNDLED, key, other]
    dialog.click("Delete")
    assert asked == ["Delete Mine?"] * 2
    assert dialog.keys() == [BUNDLED, other]
    assert dialog.widget.list.key == other
    assert dialog.marked() == [BUNDLED]
    assert window.session.recognizer.bundle.path == open_bundle().path  # the deleted one was in use


def test_a_model_is_copied_to_a_folder(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tkinter.filedialog.askdirectory", lambda **_: str(tmp_path))
    key = keep("Mine")
    dialog = Dialog(window)
    dialog.choose(key)
    dialog.export(0)
    assert str(tmp_path / "Mine") in dialog.text()
    open_bundle(tmp_path / "Mine").verify()
    dialog.export(2)
    dialog.wait(lambda: "The model is written to" in dialog.text(), "the LiteRT file")
    assert "Of 1,000 drawn digits it answers 1,000 as the model does." in dialog.text()
    assert (tmp_path / "Mine.tflite").read_bytes() == (paths.models_folder() / key / LITERT_FILE).read_bytes()
    shutil.rmtree(paths.models_folder() / key)
    dialog.export(0)
    assert "can't be read" in dialog.text()


def test_a_model_is_written_for_other_programs_in_a_child(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tkinter.filedialog.askdirectory", lambda **_: str(tmp_path))
    (tmp_path / "Mine.keras").write_text("another one")
    key = keep("Mine")
    dialog = Dialog(window)
    dialog.choose(key)
    dialog.export(1)
    assert "Export…" not in dialog.usable()
    dialog.wait(lambda: "The model is written to" in dialog.text(), "the Keras file")
    assert str(tmp_path / "Mine-2.keras") in dialog.text()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["Mine-2.keras", "Mine.keras"]
    assert "Export…" in dialog.usable()


@pytest.mark.usefixtures("fresh_model")
def test_a_report_is_made_in_a_child_and_opened(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def open_file(path: Path) -> Callable[[], str]:
        opened.append(path)
        return lambda: "No program opens it."

    monkeypatch.setattr("app.ui.kit.dialog.open_file", open_file)
    data = save_npz(tmp_path / "small.npz", **ten_patterns(20, 50))
    settings.change(data=str(data))
    key = keep("Mine", accuracy=None)
    dialog = Dialog(window)
    dialog.choose(key)
    dialog.click("Report")
    assert "Making the report on Mine" in dialog.text()
    assert "Delete" not in dialog.usable()
    dialog.wait(lambda: bool(opened), "the report")
    assert opened == [models.report_place(key) / "report.md"]
    assert opened[0].is_file()
    measured = json.loads((opened[0].parent / "report.json").read_text())["accuracy"]
    assert dialog.row(key)["accuracy"] == f"{measured * 100:.2f} %"
    dialog.wait(lambda: "No program opens it." in dialog.text(), "what became of it")
    dialog.click("Report")  # it exists, so it's only opened
    assert len(opened) == 2
    assert str(opened[0]) in dialog.text()


def test_without_data_the_report_asks_for_it(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []

    def open_file(path: Path) -> Callable[[], str]:
        opened.append(path)
        return str  # it opens without a complaint

    monkeypatch.setattr("app.ui.kit.dialog.open_file", open_file)
    settings.change(data=str(tmp_path / "gone.npz"))
    dialog = Dialog(window)
    dialog.click("Report")
    dialog.wait(lambda: "There's no" in dialog.text(), "the failure")
    assert "gone.npz" in dialog.text()
    assert not models.report_place(BUNDLED).exists()
    data = save_npz(tmp_path / "small.npz", **ten_patterns(20, 50))
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(data))
    dialog.click("Choose MNIST…")
    assert settings.load().data == str(data)
    dialog.wait(lambda: bool(opened), "the report")
    assert "There's no" not in dialog.text()


@soon(5)
def test_a_report_is_stopped(window: Window, tmp_path: Path, seconds: float) -> None:
    data = save_npz(tmp_path / "small.npz", **ten_patterns(20, 5000))
    settings.change(data=str(data))
    dialog = Dialog(window)
    dialog.click("Report")
    began = time.monotonic()
    dialog.click("Stop")
    dialog.wait(lambda: "Report" in dialog.usable(), "the end")
    assert time.monotonic() - began < seconds
    assert list(paths.reports_folder().glob("*")) == list(paths.reports_folder().glob(".*")) == []


def test_a_system_that_opens_no_files_is_a_sentence(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(path: Path) -> Callable[[], str]:
        raise UserError(f"This system has no program that opens {path}.")

    monkeypatch.setattr("app.ui.kit.dialog.open_file", none)
    report = models.report_place(BUNDLED)
    report.mkdir(parents=True)
    (report / "report.json").write_text(json.dumps({"model": {"sha256": open_bundle().card.sha256[LITERT_FILE]}}))
    dialog = Dialog(window)
    dialog.click("Report")
    assert "has no program that opens" in dialog.text()


def test_a_model_that_was_damaged_meanwhile_is_not_used(window: Window) -> None:
    key = keep("Mine")
    dialog = Dialog(window)
    dialog.choose(key)
    damage(key)
    dialog.click("Use")
    assert dialog.marked() == [BUNDLED]
    assert "the window says why" in dialog.text()
    assert "damaged" in window.text()
    assert dialog.row(key)["network"] == "damaged"


def test_escape_closes_and_the_menu_brings_one_dialog(window: Window) -> None:
    dialog = Dialog(window)
    window.key("Escape")
    assert not dialog.widget.winfo_exists()
    window.root.focus_force()  # as a window manager would
    window.root.update()
    Dialog(window)
    window.main.dialogs.open("models")
    assert len([child for child in window.root.winfo_children() if isinstance(child, ModelsDialog)]) == 1
