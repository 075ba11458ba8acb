"""The appearances' contrast, and sizes by the screen's resolution."""

import tkinter
from dataclasses import astuple, fields
from itertools import product
from tkinter import ttk

import pytest

from app.ui.kit import menus, style, theme
from app.ui.kit.shapes import lines, picture, rounded, stretched
from tests.conftest import Window

TEXT, MARK = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for what shows a state
LOOKS = pytest.mark.parametrize("look", [style.LIGHT, style.DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@LOOKS
def test_text_can_be_read_on_all_that_it_stands_on(look: style.Colours) -> None:
    pairs = [
        *product((look.ink, look.muted, look.warning), (look.background, look.paper)),
        *product((look.ink,), (look.hover, look.edge, look.chosen)),  # buttons under the pointer, pressed, and chosen
        (look.warning, look.chosen),  # a list's chosen row can be one that wasn't read
        *product((look.on_accent,), (look.accent, look.accent_hover)),
        *product((look.accent,), (look.paper, look.background)),  # the digit above the chosen one, a link
        *product((look.muted,), (look.hover,)),  # the digit below a bar that's under the pointer
    ]
    poor = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < TEXT}
    assert not poor


@LOOKS
def test_for_and_against_can_be_read(look: style.Colours) -> None:
    for colour, ground in product((look.more, look.less), (look.background, look.paper)):
        assert contrast(colour, ground) >= TEXT


@LOOKS
def test_what_has_the_keyboard_and_what_is_chosen_stand_out(look: style.Colours) -> None:
    rings = [
        *product((look.accent,), (look.background, look.paper)),  # around fields, buttons, lists and the pad
        (look.ink, look.background),  # around the default button and a checked mark,
        (look.on_accent, look.accent),  # which a gap separates from what's inside
        (look.background, look.accent),
        (look.edge, look.accent),  # the pad without the keyboard, and with it
        (look.ink, look.chosen),  # around a chosen button
        (look.muted, look.background),  # the edges of fields and marks
        (look.muted, look.paper),
    ]
    poor = {ring: round(contrast(*ring), 2) for ring in rings if contrast(*ring) < MARK}
    assert not poor


def test_both_looks_say_every_colour_as_tk_and_the_shapes_read_it() -> None:
    for look in (style.LIGHT, style.DARK):
        for field, colour in zip(fields(look), astuple(look), strict=True):
            assert len(colour) == 7, field.name
            assert bytes.fromhex(colour[1:]), field.name


@pytest.mark.parametrize("factor", [1.0, 1.25, 2.0])
def test_lengths_follow_the_screen(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style.now, "factor", factor)
    assert style.px(100) == round(100 * factor)
    assert style.px(theme.RADIUS) == round(6 * factor)


def test_a_shape_covers_as_much_at_every_fineness() -> None:
    small, large = rounded((15, 15), 1, 5), rounded((60, 60), 4, 20)
    assert sum(large) / 16 == pytest.approx(sum(small), rel=0.01)
    assert max(small) == max(large) == 1
    assert min(small) == min(large) == 0, "its corners are round"
    tick = lines((16, 16), (((3, 8), (7, 12), (13, 4)),), 2)
    fine = lines((48, 48), (((9, 24), (21, 36), (39, 12)),), 6)
    assert sum(fine) / 9 == pytest.approx(sum(tick), rel=0.02)


@LOOKS
def test_a_menu_s_lines_have_the_paper_s_colour_and_room(look: style.Colours, window: Window) -> None:
    theme.apply(window.root, look)
    menu = tkinter.Menu(window.root)
    menu.add_command(label="Undo", accelerator="Ctrl+Z")
    menu.add_separator()
    menu.add_checkbutton(label="Erase")
    bare = menu.winfo_reqheight()
    menus.dress(menu)
    menus.dress(menu)
    window.root.update()
    assert str(menu.cget("background")) == look.edge
    assert [str(menu.entrycget(place, "background")) for place in range(3)] == [look.paper] * 3
    assert menu.winfo_reqheight() >= bare + 2 * (menus.LINE_ROOM - 4)
    assert str(menu.entrycget(0, "accelerator")).rstrip() == "Ctrl+Z"


def test_a_plate_s_middle_is_many_pixels_so_that_ttk_lays_few(window: Window) -> None:
    small = picture(window.root, (5, 3), "#000000", (tuple(place / 14 for place in range(15)), "#ffffff"))
    large = stretched(window.root, small, (4, 6))
    assert (large.width(), large.height()) == (8, 8)
    for x, y in product(range(8), range(8)):
        was = (x if x < 2 else max(2, x - 3), y if y < 1 else max(1, y - 5))
        assert large.get(x, y) == small.get(*was), (x, y)


def test_a_button_is_drawn_anew_only_when_it_changes(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = []
    state = ttk.Button.state

    def noted(button: ttk.Button, spec: list[str]) -> object:
        changes.append(spec)
        return state(button, spec)

    monkeypatch.setattr(ttk.Button, "state", noted)
    window.draw([(60, 60), (200, 200)])
    assert changes  # now there's something to clear
    changes.clear()
    window.draw([(60, 200), (200, 60)])
    assert not changes


def test_marks_and_arrows_grow_with_the_text(window: Window) -> None:
    sizes = []
    for text in (100, 200):
        window.set("text_size", text)
        mark = ttk.Checkbutton(window.root)
        arrow = int(ttk.Style(window.root).lookup("TCombobox", "arrowsize"))
        sizes.append((mark.winfo_reqheight() - 2 * style.px(2), arrow))
        mark.destroy()
    assert all(large >= 1.9 * small for small, large in zip(*sizes, strict=True)), sizes
