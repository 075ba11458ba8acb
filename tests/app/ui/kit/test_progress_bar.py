"""A progress bar, as its user sees it."""

import tkinter

import pytest

from app.ui.kit.progress_bar import ProgressBar
from tests.conftest import Window
from tests.screen import PATIENCE, wait_for


@pytest.fixture
def bar(window: Window) -> ProgressBar:
    shown = ProgressBar(tkinter.Toplevel(window.root), 200)
    shown.pack()
    shown.show(None)
    return shown


def is_filled(bar: ProgressBar, part: float) -> bool:
    """Return whether the bar is filled at this part of its width."""
    bar.update()
    return "pbar" in bar.identify(round(part * bar.winfo_width()), bar.winfo_height() // 2)


def test_while_nobody_knows_how_far_it_is_the_bar_goes_from_end_to_end(bar: ProgressBar) -> None:
    for part in (0.9, 0.1, 0.9):
        wait_for(lambda part=part: is_filled(bar, part), PATIENCE, f"the bar at {part}", pause=0.02)  # type: ignore[misc]


def test_once_that_is_known_it_is_filled_that_far(bar: ProgressBar) -> None:
    wait_for(lambda: is_filled(bar, 0.9), PATIENCE, "the bar at its end", pause=0.02)
    bar.show(0.5)
    assert [is_filled(bar, part) for part in (0.1, 0.45, 0.55, 0.9)] == [True, True, False, False]
