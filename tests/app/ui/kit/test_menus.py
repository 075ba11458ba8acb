"""The menus' letters and keys, in every language."""

from collections import Counter
from tkinter.font import Font

import pytest

from app.kept import settings
from app.ui.kit.menus import SEPARATOR, MenuBar, plain
from app.ui.window import main_menu
from model.base import language
from model.base.language import _
from tests.conftest import Window


def letters(window: Window) -> dict[str, list[str]]:
    """Return each menu's access keys, from the translations of its entries; the menu bar's name is empty."""
    found: dict[str, dict[str, None]] = {"": {}}
    for entry in main_menu.entries(window.main):
        above = ""
        for label in entry.menu.split("/"):
            found.setdefault(above, {})[_(label)] = None
            above = f"{above}/{label}".removeprefix("/")
        if entry.label not in ("", SEPARATOR):
            found.setdefault(entry.menu, {})[_(entry.label)] = None
    return {menu: [label.partition("&")[2][:1].lower() for label in labels] for menu, labels in found.items()}


@pytest.mark.parametrize("code", language.available())
def test_each_line_of_a_menu_has_a_letter_of_its_own(code: str, window: Window) -> None:
    language.use(code)
    found = letters(window)
    assert {"", main_menu.FILE, main_menu.EDIT} <= found.keys()
    assert sum(map(len, found.values())) > 20
    for menu, its_own in found.items():
        assert [letter for letter, count in Counter(its_own).items() if count > 1 or not letter.isascii()] == [], menu
        assert all(its_own), menu


def test_what_is_underlined_is_the_letter_and_a_mac_has_none(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    language.use("zh_CN")
    for system, shown in (("x11", ("打开(O)…", "O")), ("aqua", ("打开…", ""))):
        monkeypatch.setattr("app.ui.kit.menus.window_system", lambda _root, system=system: system)
        bar = MenuBar(window.root, main_menu.entries(window.main), {})
        menu = bar.menu(main_menu.FILE)
        label, place = str(menu.entrycget(0, "label")), int(menu.entrycget(0, "underline"))
        assert (label, label[place] if place >= 0 else "") == shown
        bar.destroy()
    assert plain("文件(&F)") == "文件"
    assert plain("&File") == "File"
    assert plain("a (b)…") == "a (b)…"


def test_the_menus_are_short_and_each_line_stands_in_one_place(window: Window) -> None:
    lines = {entry.label or entry.menu for entry in main_menu.entries(window.main)} - {SEPARATOR}
    assert len(lines) == sum(entry.label != SEPARATOR for entry in main_menu.entries(window.main)) <= 24
    elsewhere = {entry.label for entry in main_menu.unseen(window.main)}
    assert not {plain(label).removesuffix("…") for label in lines} & elsewhere
    for menu in (main_menu.FILE, main_menu.EDIT, main_menu.MODEL):
        shown = window.main.menus.menu(menu)
        assert "separator" in [shown.type(place) for place in range(int(shown.index("end") or 0))]


def test_keys_that_no_menu_shows_do_what_the_sheet_of_shortcuts_says(window: Window) -> None:
    main = window.main
    keys = {entry.label: entry.keys for entry in main_menu.unseen(main)}
    assert keys == {
        "Shortcuts": "F1",
        "Eraser": "E",
        "Draw by keyboard": "F6",
        "Learn now": "Mod+T",
        "Answer follows the pen": "Mod+L",
        "Larger text": "Mod+plus",
        "Smaller text": "Mod+minus",
        "Text as at first": "Mod+0",
        "Save what was misread": "S",
        "Ask for something else": "N",
    }
    window.key("e")
    assert main.erasing.get()
    window.key("ctrl+l")
    assert settings.load().live
    assert main.choices.switch("live").get()
    while main._loading.waits:  # which shows everything once more
        window.root.update()
    window.key("ctrl+t")
    assert "There's nothing to learn from yet" in window.text()


@pytest.mark.parametrize("larger", ["ctrl+=", "ctrl+shift+="])  # how a + is typed in America
def test_text_is_larger_and_smaller_in_the_whole_window_and_stays_so(window: Window, larger: str) -> None:
    def high() -> tuple[int, ...]:
        window.root.update()
        menu = Font(window.root, window.main.menus._bar.cget("font"))
        button = window.main.contents.toolbar.buttons[main_menu.RECOGNIZE]
        return menu.metrics("linespace"), button.winfo_reqheight(), window.main.answer._labels[2].winfo_reqheight()

    at_first = high()
    window.key(larger)
    assert settings.load().text_size == 110
    window.key(larger)
    assert all(now > then for now, then in zip(high(), at_first, strict=True))
    window.key("ctrl+-")
    assert settings.load().text_size == 110
    window.key("ctrl+0")
    assert settings.load().text_size == 100
    assert high() == at_first
    for _step in range(9):
        window.key("ctrl+-")
    assert settings.load().text_size == 90
    assert all(now < then for now, then in zip(high(), at_first, strict=True))
