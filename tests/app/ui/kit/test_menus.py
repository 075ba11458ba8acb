"""The menus' letters and keys, in every language."""

from collections import Counter
from functools import partial

import pytest

from app.ui.kit.menus import MenuBar, plain
from app.ui.window import main_menu
from model.base import language
from model.base.language import _
from tests.conftest import Window
from tests.screen import Area


def letters(window: Window) -> dict[str, list[str]]:
    """Return each menu's letters, as the translations of its lines have them; that of the bar has no name."""
    found: dict[str, dict[str, None]] = {"": {}}
    for entry in main_menu.entries(window.main):
        above = ""
        for label in entry.menu.split("/"):
            found.setdefault(above, {})[_(label)] = None
            above = f"{above}/{label}".removeprefix("/")
        if entry.label:
            found.setdefault(entry.menu, {})[_(entry.label)] = None
    names = set(language.available().values())  # those of languages have none: nobody could know them
    return {
        menu: [label.partition("&")[2][:1].lower() for label in labels if label not in names]
        for menu, labels in found.items()
    }


@pytest.mark.parametrize("code", language.available())
def test_each_line_of_a_menu_has_a_letter_of_its_own(code: str, window: Window) -> None:
    language.use(code)
    try:
        found = letters(window)
    finally:
        language.use(language.ENGLISH)
    assert {"", main_menu.FILE, main_menu.EDIT, f"{main_menu.VIEW}/{main_menu.LOOK}"} <= found.keys()
    assert sum(map(len, found.values())) > 40
    for menu, its_own in found.items():
        assert [letter for letter, count in Counter(its_own).items() if count > 1 or not letter.isascii()] == [], menu
        assert all(its_own), menu


def test_what_is_underlined_is_the_letter_and_a_mac_has_none(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    language.use("zh_CN")
    try:
        for system, shown in (("x11", ("打开(O)…", "O")), ("aqua", ("打开…", ""))):
            monkeypatch.setattr("app.ui.kit.menus.window_system", lambda _root, system=system: system)
            bar = MenuBar(window.root, main_menu.entries(window.main), {})
            menu = bar.menu(main_menu.FILE)
            label, place = str(menu.entrycget(0, "label")), int(menu.entrycget(0, "underline"))
            assert (label, label[place] if place >= 0 else "") == shown
            bar.destroy()
    finally:
        language.use(language.ENGLISH)
    assert plain("文件(&F)") == "文件"
    assert plain("&File") == "File"
    assert plain("a (b)…") == "a (b)…"


def marked(window: Window, *keys: str) -> list[int]:
    """Open a menu by keys, and return the places of the lines that have a mark to be seen."""
    window.do(lambda: window.screen.move(1000, 700))
    for key in keys:
        window.key(key)
    menu = window.root.tk.call("focus")
    ask = partial(window.root.tk.call, "winfo")
    left, top, high = (int(ask(what, menu)) for what in ("rootx", "rooty", "reqheight"))
    count = int(window.root.tk.call(menu, "index", "end")) + 1
    found = []
    for place in range(count):
        y = top + int(window.root.tk.call(menu, "yposition", place))
        strip = window.screen.pixels(Area(left + 4, y + 2, 30, high // count - 6))
        if len(strip.getcolors() or ()) > 1:
            found.append(place)
    for _key in keys:
        window.key("Escape")
    assert not window.root.tk.call("grab", "current")
    return found


def test_menus_to_choose_from_show_what_is_chosen_at_the_first_start_too(window: Window) -> None:
    pen, look, tongue, refuse = ("alt+v", "p"), ("alt+v", "k"), ("alt+v", "g"), ("alt+m", "f")
    assert [marked(window, *keys) for keys in (pen, look, tongue, refuse)] == [[1], [0], [0], [2]]
    for label in ("&Marker", "&Dark", "&Never"):
        window.choose(label)
    assert [marked(window, *keys) for keys in (pen, look, tongue, refuse)] == [[3], [2], [0], [0]]
    window.main.menus.menu(f"{main_menu.VIEW}/{main_menu.LOOK}").invoke(0)
    window.root.update()
    assert marked(window, *look) == [0]
