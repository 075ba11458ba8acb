"""What greets a newcomer: once, until the pen comes down or there's something to say."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from tkinter import ttk

import pytest
from PIL import Image

from app.drawing.session import Session
from app.kept import settings
from app.sources.pictures import PICTURE_ENDINGS
from app.ui.help.first_cards import FirstCards
from app.ui.page.page_dialog import PageDialog
from app.ui.window.first_minute import EXAMPLE
from model.reading.recognizer import Recognizer
from tests.bench import SEVEN
from tests.conftest import Window, on_linux
from tests.screen import Screen

pytestmark = on_linux

TITLES = ["It reads", "It learns", "Look inside"]


@pytest.fixture(autouse=True)
def _as_in_the_program() -> Iterator[None]:
    gc.disable()  # a thread that reads a page mustn't collect Tk's objects
    yield
    gc.enable()


def shown(window: Window) -> list[str]:
    """Return what the visible cards say."""
    found = [part for part in window.main.contents.winfo_children() if isinstance(part, FirstCards)]
    parts = [part for cards in found for part in (cards, *cards.winfo_children())]
    labels = [part for each in parts for part in each.winfo_children() if isinstance(part, ttk.Label | ttk.Button)]
    return [str(part.cget("text")) for part in labels if part.winfo_viewable()]


def greeted(window: Window) -> None:
    """Let the window load what comes after the first paint, the cards included."""
    while "first_minute" not in vars(window.main) or not shown(window):
        window.root.update()


def loaded(window: Window) -> None:
    while not window.session.is_ready or window.main._loading.waits:
        window.root.update()


def press(window: Window, text: str) -> None:
    (cards,) = (part for part in window.main.contents.winfo_children() if isinstance(part, FirstCards))
    parts = [part for each in (cards, *cards.winfo_children()) for part in each.winfo_children()]
    window.click(next(part for part in parts if isinstance(part, ttk.Button) and part.cget("text") == text))


@pytest.fixture
def newcomer(live_window: Window) -> Window:
    greeted(live_window)
    return live_window


def test_three_cards_come_once_and_the_first_stroke_puts_them_away(newcomer: Window) -> None:
    assert [text for text in shown(newcomer) if text in TITLES] == TITLES
    assert any("phone number" in text for text in shown(newcomer))  # there's room for the texts, too
    assert settings.load().welcomed
    newcomer.draw([(60, 60), (200, 60), (120, 230)])
    assert shown(newcomer) == []
    assert newcomer.session.text == "7"
    newcomer.key("Delete")
    assert shown(newcomer) == []


def test_they_never_come_again(live_window: Window, screen: Screen, recognizer: Recognizer) -> None:
    greeted(live_window)
    live_window.main.close()
    again = Window(screen, Session(lambda: (recognizer, "")))
    loaded(again)
    assert shown(again) == []
    again.main.close()


def test_nobody_is_greeted_who_comes_with_a_drawing(screen: Screen, recognizer: Recognizer) -> None:
    session = Session(lambda: (recognizer, ""))
    session.begin_with(SEVEN)
    window = Window(screen, session)
    loaded(window)
    assert shown(window) == []
    assert not settings.load().welcomed
    window.main.close()


def test_a_page_of_handwriting_is_there_to_try(newcomer: Window) -> None:
    press(newcomer, "Try a page")
    (page,) = (part for part in newcomer.root.winfo_children() if isinstance(part, PageDialog))
    while not page.page.is_over:
        newcomer.root.update()
    rows = [[cell.text for cell in row] for row in page.page.table.rows]
    assert rows[1] == ["2212.9", "866", "1"]
    assert [len(row) for row in rows] == [3] * 5
    page.close()
    assert [text for text in shown(newcomer) if text in TITLES] == TITLES  # it wasn't the user's own drawing


def test_the_example_is_a_small_picture() -> None:
    assert EXAMPLE.suffix in PICTURE_ENDINGS
    assert EXAMPLE.stat().st_size <= 300_000
    with Image.open(EXAMPLE) as picture:
        assert max(picture.size) <= 1000


def test_see_inside_unfolds_from_its_card(newcomer: Window) -> None:
    press(newcomer, "See inside")
    assert newcomer.main.contents.shows_inside
    assert newcomer.main.choices.now.inside
    assert [text for text in shown(newcomer) if text in TITLES] == TITLES


def test_they_stay_in_another_look_and_go_where_there_is_something_to_say(newcomer: Window) -> None:
    newcomer.main.rebuild()
    newcomer.root.update()
    assert [text for text in shown(newcomer) if text in TITLES] == TITLES
    newcomer.key("Return")
    assert shown(newcomer) == []
    assert newcomer.text() == "There's nothing to read yet. Draw a digit."


def test_got_it_puts_them_away(newcomer: Window) -> None:
    press(newcomer, "Got it")
    assert shown(newcomer) == []
    newcomer.main.rebuild()
    assert shown(newcomer) == []


def test_in_a_low_window_they_are_titles_alone_and_texts_again_where_there_is_room(newcomer: Window) -> None:
    newcomer.root.geometry("x".join(map(str, newcomer.root.minsize())))
    while any("phone" in text for text in shown(newcomer)):
        newcomer.root.update()
    assert [text for text in shown(newcomer) if text in TITLES] == TITLES
    newcomer.root.geometry("680x560")
    while not any("phone" in text for text in shown(newcomer)):
        newcomer.root.update()
