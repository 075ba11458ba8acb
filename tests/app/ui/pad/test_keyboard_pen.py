"""The pen that keys move, with real key events in the real window."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from app.ui.kit import style
from tests.app.ui.pad.test_pad import colour, let_erase, places
from tests.app.ui.window.test_main_window import SEVEN
from tests.conftest import Window


@pytest.fixture
def keys(window: Window) -> Iterator[Window]:
    """A window whose pad got the focus from the keyboard."""
    for _ in range(20):
        window.key("Tab")
        if window.main.pad.keyboard.is_awake:
            break
    yield window
    for name in ("Left", "Right", "Up", "Down", "shift"):
        window.screen.let_go(name)


def press(window: Window, *names: str) -> None:
    for name in names:
        window.key(name)


def test_it_is_seen_where_it_is_up_or_down(keys: Window) -> None:
    pad = keys.main.pad
    assert pad.keyboard.is_awake
    assert keys.root.focus_get() is pad
    x, y = pad.keyboard.place
    assert colour(keys, 0, 50) == colour(keys, 1, 50) == style.LIGHT.accent  # the focus ring
    assert colour(keys, x + 20, y) == style.LIGHT.accent  # an arm of the cross
    up = len(pad.find_withtag("keyboard"))
    press(keys, "space")
    assert colour(keys, x + 20, y) == style.LIGHT.paper
    assert colour(keys, x, y) == style.LIGHT.accent  # the dot
    assert len(pad.find_withtag("keyboard")) < up
    keys.root.focus_set()
    keys.root.update()
    assert not pad.find_withtag("keyboard")
    assert len(places(keys)) == 1  # what was under the pen isn't lost


def test_arrow_keys_draw_between_two_presses_of_space(keys: Window) -> None:
    x, y = keys.main.pad.keyboard.place
    press(keys, "Left", "Up", "space", "shift+Right", "shift+Down", "space", "shift+Right")
    x, y = x - 4, y - 4
    assert places(keys) == [[(x, y), (x + 20, y), (x + 20, y + 20)]]
    times = [point.t for point in keys.session.drawing.strokes[0].points]
    assert times == sorted(times, key=lambda time: time or 0)
    press(keys, "space", "space")
    assert places(keys)[1] == [(x + 40, y + 20)]  # a dot


def test_a_digit_is_drawn_and_read_by_keyboard_alone(keys: Window) -> None:
    press(keys, *["shift+Up"] * 4, *["shift+Left"] * 3, "space", *["shift+Right"] * 6)

    def aslant() -> None:
        for name in ("Down", "Left"):
            keys.screen.hold(name)
        keys.screen.let_go("Left")
        keys.screen.let_go("Down")

    for _ in range(8):
        keys.do(aslant)
    press(keys, *["shift+Down"] * 5, "space", "Return")
    assert keys.text().startswith("7\n")


def test_two_arrow_keys_go_aslant(keys: Window) -> None:
    x, y = keys.main.pad.keyboard.place
    keys.do(lambda: keys.screen.hold("Right"))
    keys.do(lambda: keys.screen.hold("Up"))
    assert keys.main.pad.keyboard.place == (x + 8, y - 4)
    for name in ("Right", "Up"):
        keys.do(lambda name=name: keys.screen.let_go(name))  # type: ignore[misc]
    press(keys, "Up")
    assert keys.main.pad.keyboard.place == (x + 8, y - 8)


def test_a_key_that_is_held_gets_faster_up_to_a_limit(keys: Window) -> None:
    pad = keys.main.pad
    press(keys, *["shift+Left"] * 30)
    assert pad.keyboard.place[0] == 0

    steps = [0.0]
    for time in range(1000, 1000 + 30 * 25, 30):
        pad.event_generate("<KeyPress-Right>", time=time)
        steps.append(pad.keyboard.place[0])
    widths = [after - before for before, after in pairwise(steps)]
    assert widths[0] == 4
    assert widths == sorted(widths)
    assert widths[-1] == 12
    pad.event_generate("<KeyPress-Right>", time=9000)
    assert pad.keyboard.place[0] - steps[-1] == 4


def test_it_stays_on_the_pad(keys: Window) -> None:
    pad = keys.main.pad
    press(keys, *["shift+Right"] * 40, *["shift+Down"] * 40)
    width, height = pad.size_in_pixels
    assert pad.keyboard.place == (width - 1, height - 1)
    keys.root.geometry("480x360")
    keys.root.update()
    width, height = pad.size_in_pixels
    assert pad.keyboard.place == (width - 1, height - 1)


def test_escape_gives_up_the_stroke_and_nothing_else(keys: Window) -> None:
    press(keys, "space", "shift+Right", "space", "shift+Down", "space", "shift+Left", "Escape")
    assert len(places(keys)) == 1
    assert not keys.main.pad.is_drawing
    press(keys, "Escape", "Up", "Escape")
    assert len(places(keys)) == 1


@pytest.mark.parametrize("key", ["Delete", "BackSpace"])
def test_delete_clears(keys: Window, key: str) -> None:
    press(keys, "space", "shift+Right", "space", key)
    assert keys.session.drawing.is_blank
    press(keys, "ctrl+z")
    assert len(places(keys)) == 1


def test_it_erases_when_the_eraser_is_in_the_hand(keys: Window) -> None:
    erased = let_erase(keys)
    press(keys, "space", *["shift+Right"] * 4, "space")
    keys.main.pad.take("eraser")
    press(keys, *["shift+Down"] * 3)
    assert not keys.main.pad.find_withtag("lit")
    press(keys, *["shift+Up"] * 3)
    assert keys.main.pad.find_withtag("lit")
    press(keys, "space")
    keys.do(lambda: keys.screen.move(keys.canvas.left + 5, keys.canvas.top + 5))  # a pointer that only hovers
    press(keys, "space")
    assert erased == [{0}]
    assert keys.session.drawing.is_blank


def test_where_the_pointer_draws_arrow_keys_are_the_window_s_until_space_wakes_the_pen(window: Window) -> None:
    small = [(x / 2 + 10, y / 2 + 60) for x, y in SEVEN]
    window.draw(small, [(x + 110, y) for x, y in small])
    window.key("Return")
    assert window.session.text == "77"
    selected = window.main.editor.selected
    window.key("Left")
    assert window.main.editor.selected == 1 - selected
    assert not window.main.pad.find_withtag("keyboard")
    window.key("space")
    x, y = window.main.pad.keyboard.place
    window.key("Left")
    assert window.main.editor.selected == 1 - selected
    assert window.main.pad.keyboard.place == (x - 4, y)
    assert len(window.session.drawing.strokes) == 2


def test_the_pointer_ends_the_keyboard_s_stroke_and_sends_it_to_sleep(keys: Window) -> None:
    press(keys, "space", "shift+Right")
    keys.draw([(40, 40), (90, 40)])
    assert len(places(keys)) == 2
    assert not keys.main.pad.keyboard.is_awake
