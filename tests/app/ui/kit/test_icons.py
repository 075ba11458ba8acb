"""The buttons' icons: our own lines, as fine as the screen, in the appearance's colours."""

import tkinter as tk
from typing import Any

import pytest

from app.ui.kit import style
from app.ui.kit.icons import ICONS, SIDE
from app.ui.window.main_menu import REDO, UNDO
from tests.conftest import Window
from tests.screen import PATIENCE, Area, wait_for


def seen(window: Window, line: str) -> list[Any]:
    """Return the colours in the middle of a button."""
    button = window.main.contents.toolbar.buttons[line]
    side = style.px(SIDE)
    left = button.winfo_rootx() + (button.winfo_width() - side) // 2
    top = button.winfo_rooty() + (button.winfo_height() - side) // 2
    picture = window.screen.pixels(Area(left, top, side, side))
    return [picture.getpixel((x, y)) for x in range(side) for y in range(side)]


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def test_an_icon_has_the_ink_of_the_look_and_is_faint_where_it_cannot_be_used(window: Window) -> None:
    colours = style.now.colours
    window.draw([(60, 60), (160, 160)])

    def drawn() -> bool:
        window.root.update()
        return rgb(colours.ink) in seen(window, UNDO)

    wait_for(drawn, PATIENCE, "the icons, which come after the first paint")
    can, cannot = seen(window, UNDO), seen(window, REDO)
    assert rgb(colours.ink) not in cannot
    assert rgb(colours.faint) in cannot
    assert can.count(rgb(colours.paper)) > len(can) / 2  # the button shows through it


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_lies_within_its_square(name: str) -> None:
    sides = [side for path in ICONS[name] for place in path for side in place]
    assert 0.05 <= min(sides) < max(sides) <= 0.95


def test_a_button_with_an_icon_alone_has_its_words_for_who_hears_them_and_in_its_tooltip(window: Window) -> None:
    toolbar = window.main.contents.toolbar
    assert [str(each.cget("text")) for each in toolbar.winfo_children()[:-1] if isinstance(each, tk.Widget)] == [
        *("Recognize", "Clear", "Pen", "Eraser", "Undo", "Redo")
    ]
