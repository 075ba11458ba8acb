"""Windows whose questions wait for an answer: they don't close before that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.kept import settings
from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit import style
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
        path = window.root.tk.splitlist(window.root.tk.call("grab", "current"))[0]
        window.root.tk.call("focus", "-force", path)
        window.root.tk.call("event", "generate", path, "<Escape>")

    window.root.after(300, answer)
    ask()


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


def all_in(window: Window, path: str) -> list[str]:
    """Return the paths of all of Tk's widgets inside one of them."""
    children = window.root.tk.splitlist(window.root.tk.call("winfo", "children", path))
    return [each for child in children for each in (child, *all_in(window, child))]
