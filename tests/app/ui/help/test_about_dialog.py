"""About: versions, the model's card and the licences, as the dialog shows them, used by mouse and keys."""

import sys
import time
import tkinter
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from tkinter import ttk

import pytest

from app.facts import licences
from app.facts.card_text import UNKNOWN
from app.kept import paths
from app.ui.help.about_dialog import GUIDE, INKLING, LICENCES, MODEL, AboutDialog, model_lines
from app.ui.kit.text_view import TextView
from model.base import project
from model.bundle.bundle import Bundle, BundleError, open_bundle
from tests.app.ui.window.test_main_window import buttons
from tests.conftest import Window
from tests.kept import copied


class Dialog:
    """The dialog and somebody who uses it."""

    def __init__(self, window: Window, page: str = INKLING, bundle: Callable[[], Bundle] = open_bundle):
        self.window = window
        self.widget = AboutDialog(window.root, bundle, page)
        window.root.update()
        self.widget.focus_force()  # as a window manager would
        self.widget.focus_set()
        window.root.update()

    def all(self, kind: type[tkinter.Misc]) -> Iterator[tkinter.Misc]:
        def under(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
            for child in widget.winfo_children():
                if isinstance(child, kind):
                    yield child
                yield from under(child)

        return under(self.widget)

    @property
    def shown(self) -> str:
        (view,) = (view for view in self.all(TextView) if isinstance(view, TextView))
        return view.content

    @property
    def table(self) -> ttk.Treeview:
        (table,) = (table for table in self.all(ttk.Treeview) if isinstance(table, ttk.Treeview))
        return table

    def turn_to(self, text: str) -> None:
        (chip,) = (chip for chip in self.all(ttk.Radiobutton) if str(chip.cget("text")) == text)
        self.window.click(chip)

    def said(self) -> str:
        return "\n".join(str(label.cget("text")) for label in self.all(ttk.Label) if label.winfo_ismapped())

    def click(self, text: str) -> None:
        (button,) = (button for button in buttons(self.widget) if button.cget("text") == text)
        self.window.click(button)


def test_it_tells_the_versions_and_the_places(window: Window) -> None:
    dialog = Dialog(window)
    lines = dict(line.split("\t") for line in dialog.shown.splitlines())
    assert lines["Inkling"] == project.version()
    assert lines["Python"] == sys.version.split()[0]
    assert lines["Tk"] == window.root.tk.call("info", "patchlevel")
    for name, library in (("LiteRT", "ai-edge-litert"), ("NumPy", "numpy"), ("Pillow", "pillow")):
        assert lines[name] == metadata.version(library)
    assert lines["Log"] == str(paths.log_file())
    assert "Linux" in lines["System"]
    assert f"Inkling {project.version()}" in dialog.said()


def test_it_tells_the_model_s_card(window: Window) -> None:
    dialog = Dialog(window, MODEL)
    lines = dict(line.split("\t") for line in dialog.shown.splitlines())
    card = open_bundle().card
    assert lines["Name"] == "The built-in model"
    assert lines["Network"] == f"{card.network}, {card.weights:,} weights of 8 bits"
    assert f"{card.accuracy:.2%}".replace("%", " %") in lines["Reads"]
    assert f"{card.temperature:.3f}" in lines["Calibrated"]
    assert f"{card.doubt['weights']:,}" in lines["Doubted by"]
    assert lines["Made"][:4].isdigit()


def test_a_card_that_says_little_is_told_as_it_is(tmp_path: Path) -> None:
    bare = open_bundle(copied(tmp_path / "bare", temperature=None, doubt={"weights": "many"}, eye={}))
    lines = dict(model_lines(bare))
    assert lines["Calibrated"].startswith("no")
    assert lines["Doubted by"] == lines["Digits found by"] == "the built-in model's network"
    own = {"weights": 70_000, "date": "2026-11-29T12:00:00+00:00"}
    seeing = dict(model_lines(open_bundle(copied(tmp_path / "seeing", eye=own))))
    assert seeing["Digits found by"].startswith("a network of its own with 70,000 weights, made 2026-11-29")


def test_a_model_that_cannot_be_read_is_a_sentence_and_the_rest_is_told(window: Window) -> None:
    def damaged() -> Bundle:
        raise BundleError("The model is damaged; choose another model.")

    dialog = Dialog(window, MODEL, damaged)
    assert "The model is damaged" in dialog.said()
    assert dialog.shown == ""
    dialog.turn_to("Inkling")
    assert "Python" in dialog.shown
    assert "damaged" not in dialog.said()


def test_each_part_that_is_installed_has_its_licence(window: Window) -> None:
    dialog = Dialog(window, LICENCES)
    rows = {dialog.table.item(row, "values")[0]: row for row in dialog.table.get_children()}
    for name in ("ai-edge-litert", "numpy", "pillow", "platformdirs", "filelock", "polib", "darkdetect", "tqdm"):
        assert f"{name} {metadata.version(name)}" in rows
    for name in ("Inkling", "Python", "Tcl/Tk", "MNIST", "UJI Pen Characters", "NumberPad"):
        assert any(row.startswith(name) for row in rows), name
    assert "pytest" not in " ".join(rows)  # packages that only tests need aren't listed
    assert "MIT License" in dialog.shown
    window.key("Down")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in dialog.shown.upper()
    window.key("End")
    dialog.table.selection_set(rows["MNIST"])
    window.root.update()
    assert "Corinna Cortes" in dialog.shown
    assert all(dialog.table.item(row, "values")[1] not in ("", UNKNOWN) for row in rows.values())


def test_every_licence_has_a_text() -> None:
    there = [*licences.components(), *licences.DATA]
    texts = {part.name: part.text() for part in there}
    assert all(len(text) > 40 for text in texts.values())
    assert "Apache License" in texts["ai-edge-litert"]
    assert "NumPy" in texts["numpy"]
    assert len({part.name.lower() for part in there}) == len(there)


def test_licences_are_read_as_packages_of_all_ages_say_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "new": "License-Expression: Zlib",
        "old": "License: BSD",
        "older": "Classifier: License :: OSI Approved :: ISC License (ISCL)",
        "long": "License: " + "All of it. " * 20,
        "none": "Author: Nobody",
    }
    for name, line in said.items():
        folder = tmp_path / f"{name}-1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1\n{line}\n")
    (tmp_path / "none-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: none\nVersion: 1\nRequires-Dist: new>=1\nRequires-Dist: never; extra == 'x'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(project, "named", lambda: ["none>=1", "old", "Older", "long", "not-there; x == 'y'"])
    found = {part.name: part.licence for part in licences._libraries()}
    assert found == {"none": "–", "old": "BSD", "older": "ISC License (ISCL)", "long": "–", "new": "Zlib"}  # noqa: RUF001
    assert "package" in licences.Component("none", "1", "", distribution="none").text()


def test_text_is_marked_and_copied_by_mouse_and_keys(window: Window) -> None:
    dialog = Dialog(window)
    window.key("ctrl+a")
    window.key("ctrl+c")
    assert window.root.clipboard_get() == dialog.shown
    for key in ("x", "Delete", "ctrl+v"):
        window.key(key)
    assert window.root.clipboard_get() == dialog.shown  # it can't be edited
    dialog.turn_to("Licences")
    dialog.click("Copy")
    copied_text = window.root.clipboard_get()
    assert f"numpy {metadata.version('numpy')}: BSD" in copied_text
    assert "MIT License" in copied_text
    assert "Copied to the clipboard." in dialog.said()


def test_it_is_used_by_the_keyboard_alone(window: Window) -> None:
    dialog = Dialog(window)
    assert isinstance(window.root.focus_get(), tkinter.Text)
    seen: list[str] = []
    for _ in range(7):
        window.key("Tab")
        focus = window.root.focus_get()
        assert focus is not None
        seen.append(str(focus.cget("text")) if not isinstance(focus, tkinter.Text) else "page")
    assert seen == ["Copy", "Close", "Inkling", "Guide", "This model", "Licences", "page"]
    for _ in range(5):
        window.key("Tab")
    window.key("space")
    assert "mlp-1200-1000-500" in dialog.shown
    window.key("Escape")
    assert not dialog.widget.winfo_exists()


def test_every_page_is_as_large_and_quick(window: Window) -> None:
    dialog = Dialog(window)
    sizes, began = set(), time.process_time()
    for page in (INKLING, GUIDE, MODEL, LICENCES):
        dialog.widget.show(page)
        window.root.update()
        sizes.add((dialog.widget.winfo_width(), dialog.widget.winfo_height()))
    assert len(sizes) == 1
    assert time.process_time() - began < 2
    assert dialog.widget.winfo_width() <= 800
    assert dialog.widget.winfo_height() <= 600


def test_the_guide_is_in_the_menu_and_says_why_there_is_a_question_mark(window: Window) -> None:
    window.choose("&Guide")
    dialog = next(it for it in window.root.winfo_children() if isinstance(it, AboutDialog))
    dialog._copy()
    text = window.root.clipboard_get()
    assert "Why a question mark?\nInkling isn't sure that these are digits, or that it read them right." in text
    dialog.destroy()
