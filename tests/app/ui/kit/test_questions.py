"""Windows whose questions wait for an answer: they don't close before that."""

import tkinter.ttk
from collections.abc import Callable
from pathlib import Path

import pytest

from app.kept import settings
from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit import style
from app.ui.kit.file_dialogs import ask_for_files, ask_for_folder
from app.ui.kit.questions import is_asking
from app.ui.models.open_dialog import OpenDialog
from model.ink.ink import write_line
from tests.bench import SEVEN
from tests.conftest import Window, on_linux


def while_it_asks(window: Window, ask: Callable[[], object], act: Callable[[], object]) -> None:
    """Do something while a file dialog waits, then press Escape there."""

    def answer() -> None:
        window.root.update()
        act()
        cancel(window)

    window.root.after(300, answer)
    ask()


def cancel(window: Window) -> None:
    """Press Escape in the file dialog that waits."""
    window.root.tk.call("focus", "-force", asking(window))
    window.root.tk.call("event", "generate", asking(window), "<Escape>")


def test_a_window_that_asks_where_to_save_stays_until_it_knows(window: Window) -> None:
    def try_to_close() -> None:
        assert is_asking(window.root)
        window.main.close()

    while_it_asks(window, window.main.files.save, try_to_close)
    assert not is_asking(window.root)
    assert window.root.winfo_exists()


@pytest.mark.parametrize("how", ["close", "another look"])
def test_a_list_that_asks_where_to_save_stays_until_it_knows(window: Window, how: str, tmp_path: Path) -> None:
    page = tmp_path / "page.jsonl"
    page.write_text("\n".join([write_line(SEVEN)] * 2))
    window.main.editor.recognize()
    window.session.recognizer  # noqa: B018  (loads itself)
    window.main.open_paths([page])
    (dialog,) = (child for child in window.root.winfo_children() if isinstance(child, ListDialog))
    other = {"close": dialog.close, "another look": lambda: window.set("look", "dark")}[how]
    while_it_asks(window, dialog.save, other)
    assert dialog.winfo_exists()
    dialog.close()
    assert not dialog.winfo_exists()


def test_another_look_asks_for_no_other_model(window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[bool] = []

    def ask(**_: object) -> str:
        asked.append(True)
        return str(tmp_path / "no.model")

    monkeypatch.setattr("tkinter.filedialog.askopenfilename", ask)
    dialog = window.main.dialogs.open("open model")
    window.root.update()
    assert isinstance(dialog, OpenDialog)
    window.set("look", "dark")
    window.root.update()
    assert asked == [True]
    assert dialog.winfo_exists()


@on_linux
def test_tk_s_own_dialog_lists_no_hidden_files(window: Window, tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    (tmp_path / "Pictures").mkdir()
    settings.change(folder=str(tmp_path))
    listed: list[str] = []

    def look() -> None:
        for widget in all_in(window, window.root.tk.call("grab", "current")):
            if window.root.tk.call("winfo", "class", widget) == "Canvas":
                items = window.root.tk.splitlist(window.root.tk.call(widget, "find", "withtag", "text"))
                listed.extend(window.root.tk.call(widget, "itemcget", item, "-text") for item in items)

    while not window.session.is_ready:  # so everything that was left for after the first paint is there
        window.root.update()
    while_it_asks(window, window.main.files.save, look)
    assert listed == ["Pictures"]


@on_linux
def test_tk_s_own_dialog_is_in_the_look_of_now(window: Window, tmp_path: Path) -> None:
    (tmp_path / "Pictures").mkdir()
    settings.change(folder=str(tmp_path))
    call, seen = window.root.tk.call, set()

    def look() -> None:
        for widget in all_in(window, call("grab", "current")):
            if call("winfo", "class", widget) == "Canvas":
                seen.add((call(widget, "cget", "-background"), call(widget, "itemcget", "text", "-fill")))

    for name, colours in (("light", style.LIGHT), ("dark", style.DARK)):
        window.set("look", name)
        seen.clear()
        while_it_asks(window, window.main.files.save, look)
        assert seen == {(colours.paper, colours.ink)}


@on_linux
@pytest.mark.parametrize("keys", ["", "Tab Return"])
def test_ok_takes_the_folder_that_is_highlighted_in_tk_s_own_dialog(window: Window, tmp_path: Path, keys: str) -> None:
    (tmp_path / "scans" / "of today").mkdir(parents=True)
    settings.change(folder=str(tmp_path))

    def choose() -> None:
        click_item(window, "scans")
        for key in keys.split():
            window.key(key)
        if not keys:
            click_button(window, "OK")

    assert chosen_by(window, lambda: ask_for_folder(window.root, "Where"), choose) == str(tmp_path / "scans")


@on_linux
def test_ok_takes_the_folder_whose_path_is_typed_in_tk_s_own_dialog(window: Window, tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    settings.change(folder=str(tmp_path))

    def choose() -> None:
        for key in ("ctrl+a", "a", "b", "Return"):
            window.key(key)

    assert chosen_by(window, lambda: ask_for_folder(window.root, "Where"), choose) == str(tmp_path / "ab")


@on_linux
@pytest.mark.parametrize("first", ["1.png", ""])
def test_ctrl_a_chooses_all_files_in_tk_s_own_dialog(window: Window, tmp_path: Path, first: str) -> None:
    (tmp_path / "a folder").mkdir()
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        path.touch()
    settings.change(folder=str(tmp_path))

    def choose() -> None:
        if first:
            click_item(window, first)
        window.key("ctrl+a")
        click_button(window, "Open")

    asked = chosen_by(window, lambda: ask_for_files(window.root, "Open", {"Pictures": (".png",)}), choose)
    assert asked == tuple(map(str, paths))


@on_linux
def test_ctrl_a_marks_all_of_a_field(window: Window) -> None:
    field = tkinter.ttk.Entry(window.root)
    field.place(x=0, y=0)
    field.insert(0, "anna")
    field.focus_force()
    window.root.update()
    for key in ("ctrl+a", "b"):
        window.key(key)
    assert field.get() == "b"


def chosen_by(window: Window, ask: Callable[[], object], choose: Callable[[], object]) -> object:
    """Return what a question is answered with by what's done there; if it still waits after that, it's cancelled."""

    def act() -> None:
        window.root.update()
        choose()
        window.root.after_idle(lambda: cancel(window) if is_asking(window.root) else None)  # an answer comes before

    window.root.after(300, act)
    return ask()


def click_item(window: Window, text: str) -> None:
    """Click a file or a folder in the list of Tk's own dialog."""
    call = window.root.tk.call
    (canvas,) = (each for each in all_in(window, asking(window)) if call("winfo", "class", each) == "Canvas")
    items = window.root.tk.splitlist(call(canvas, "find", "withtag", "text"))
    (item,) = (item for item in items if call(canvas, "itemcget", item, "-text") == text)
    left, top, right, bottom = window.root.tk.splitlist(call(canvas, "bbox", item))
    x, y = call("winfo", "rootx", canvas), call("winfo", "rooty", canvas)
    window.do(lambda: window.screen.click(x + (int(left) + int(right)) / 2, y + (int(top) + int(bottom)) / 2))


def click_button(window: Window, text: str) -> None:
    """Click a button of Tk's own dialog."""
    call = window.root.tk.call
    buttons = [each for each in all_in(window, asking(window)) if call("winfo", "class", each) == "TButton"]
    (button,) = (each for each in buttons if call(each, "cget", "-text") == text)
    x, y, width, height = (call("winfo", what, button) for what in ("rootx", "rooty", "width", "height"))
    window.do(lambda: window.screen.click(x + width / 2, y + height / 2))


def asking(window: Window) -> str:
    """Return the path of the window whose question waits."""
    return str(window.root.tk.splitlist(window.root.tk.call("grab", "current"))[0])


def all_in(window: Window, path: str) -> list[str]:
    """Return the paths of all of Tk's widgets inside one of them."""
    children = window.root.tk.splitlist(window.root.tk.call("winfo", "children", path))
    return [each for child in children for each in (child, *all_in(window, child))]
