"""View ▸ See inside in the window: shown and hidden, and which digit it shows."""

from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from typing import Any

import pytest

from app.kept import settings
from app.ui.inside.column import WIDTH
from app.ui.inside.inside_panel import InsidePanel
from app.ui.kit import style
from app.ui.window.contents import INSIDE_WIDTH
from model.ink.ink import Drawing
from model.ink.render import render
from model.reading.picture_digit import PictureDigit
from tests.app.ui.window.test_correcting import FAR_ONE, LEFT_SEVEN
from tests.conftest import Window
from tests.screen import wait_for

Seen = list[Drawing | PictureDigit | None]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What the panel was given to show."""
    shown: Seen = []
    show: Callable[..., None] = InsidePanel.show

    def told(panel: InsidePanel, subject: Any, recognizer: Any) -> None:
        shown.append(subject)
        show(panel, subject, recognizer)

    monkeypatch.setattr(InsidePanel, "show", told)
    return shown


def panels(window: Window) -> list[InsidePanel]:
    return [child for child in window.main.contents.winfo_children() if isinstance(child, InsidePanel)]


def last_drawing(seen: Seen) -> Drawing:
    assert isinstance(seen[-1], Drawing)
    return seen[-1]


def test_it_unfolds_beside_the_answer_and_folds_again(window: Window) -> None:
    width = window.root.winfo_width()
    window.choose("&See inside")
    (panel,) = panels(window)
    assert panel.winfo_ismapped()
    assert panel.winfo_rootx() > window.main.pad.winfo_rootx() + window.main.pad.winfo_width()
    assert window.root.winfo_width() == width + style.px(INSIDE_WIDTH)
    assert settings.load().inside
    window.choose("&See inside")
    assert not panels(window)
    assert window.root.winfo_width() == width
    assert not settings.load().inside


def test_all_that_it_shows_has_room_side_by_side(window: Window) -> None:
    window.draw(LEFT_SEVEN)
    window.choose("&See inside")
    (panel,) = panels(window)

    def bars() -> list[str]:
        window.root.update()
        all_bars = [each for each in panel._column.winfo_children() if isinstance(each, ttk.Scrollbar)]
        return [str(each.cget("orient")) for each in all_bars if each.winfo_ismapped()]

    wait_for(lambda: bars() == ["vertical"] and not panel.is_working, 20, "all parts, and one bar beside them")


def test_headings_of_the_largest_text_are_seen_whole(window: Window) -> None:
    window.set("text_size", 200)
    window.draw(LEFT_SEVEN)
    window.choose("&See inside")
    (panel,) = panels(window)
    sections = (panel._way, panel._seen, panel._spoke, panel._hidden)

    def shown() -> bool:
        window.root.update()
        return all(section.winfo_ismapped() for section in sections) and not panel.is_working

    wait_for(shown, 20, "all parts")
    wide = panel._column.view.winfo_width()
    assert wide >= style.px(WIDTH)
    assert max(section.title.winfo_reqwidth() for section in sections) <= wide


def test_it_looks_at_the_drawing_and_at_the_digit_of_a_number_that_is_selected(window: Window, seen: Seen) -> None:
    window.choose("&See inside")
    window.draw(LEFT_SEVEN)
    assert last_drawing(seen) == window.session.drawing
    window.draw(FAR_ONE)
    window.key("Return")
    assert window.text().splitlines()[0] == "71"
    window.main.editor.select(0)
    assert last_drawing(seen).strokes == window.session.drawing.strokes[:1]
    window.main.editor.select(1)
    assert last_drawing(seen).strokes == window.session.drawing.strokes[1:]


def test_of_a_picture_it_looks_at_the_digit_that_is_selected(window: Window, seen: Seen, tmp_path: Path) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    picture = render(window.session.drawing)
    picture.save(tmp_path / "number.png")
    window.main.files.open_paths([str(tmp_path / "number.png")])
    window.choose("&See inside")
    window.key("Return")
    assert window.text().splitlines()[0] == "71"
    widths = [picture.width]
    for place in (0, 1):
        window.main.editor.select(place)
        digit = seen[-1]
        assert isinstance(digit, PictureDigit)
        assert digit.picture.size == picture.size  # the digit's surroundings stay
        assert digit.box
        widths.append(round(digit.box.width))
    assert widths[0] > widths[1] > widths[2]  # the whole number, its seven, its one
