"""Teaching from the window, by the real child process."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tkinter import ttk

import pytest

from app.drawing.session import Session
from app.kept import models, paths, settings
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer
from tests.app.ui.window.test_main_window import ONE, SEVEN
from tests.conftest import Window
from tests.screen import PATIENCE, Screen

pytestmark = pytest.mark.usefixtures("shared")


def until(window: Window, there: Callable[[], object]) -> None:
    """Let the window live until something is there."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, strip(window)
        window.root.update()
        time.sleep(0.01)


def strip(window: Window) -> str:
    """Return what the strip below the buttons says."""
    below = window.main.learning._strip
    return str(below._line.cget("text")) if below and below.winfo_ismapped() else ""


def press(window: Window, text: str) -> None:
    """Click a button of the strip."""
    below = window.main.learning._strip
    assert below
    (found,) = [
        child
        for child in below.winfo_children()
        if isinstance(child, ttk.Button) and child.cget("text") == text and child.winfo_ismapped()
    ]
    window.click(found)


def teach_one(window: Window, label: str) -> None:
    window.draw(ONE)
    window.key("Return")
    window.key(label)
    window.key("Escape")


def test_without_drawings_there_is_nothing_to_learn_from(window: Window) -> None:
    window.key("ctrl+t")
    assert "There is nothing to learn from yet" in window.text()
    assert strip(window) == ""


@pytest.mark.usefixtures("fresh_model")
def test_a_model_is_taught_used_and_taken_back(window: Window) -> None:
    bundled = window.session.recognizer
    hooked = [(105.0, 95.0), (140.0, 50.0), (140.0, 230.0)]
    for stroke in (hooked, [(x + 3, y) for x, y in hooked], SEVEN):
        window.draw(stroke)
        window.key("Return")
        window.key("7" if stroke is SEVEN else "1")
        window.key("Escape")
    window.key("ctrl+t")
    assert strip(window).startswith("Learning from 3 drawings")
    window.draw(ONE)  # the window goes on
    window.key("Return")
    assert window.text().startswith("1\n")
    until(window, lambda: "Learned from 3 drawings: 3 of 3 read now" in strip(window))
    assert settings.load().model.startswith("taught-")
    assert window.session.recognizer is not bundled
    assert window.session.recognizer.bundle.card.data["taught"]["drawings"] == 3
    assert window.session.recognizer.bundle.card.doubt == open_bundle().card.doubt
    assert models.everything()[1].origin == "taught here"
    assert not paths.teaching_file().exists()
    window.key("Escape")
    window.draw(SEVEN)
    window.key("Return")
    window.key("7")
    assert "Saved as a 7. Waiting to be learned: 1 drawing (" in window.text().replace("\n", " ")
    taught = settings.load().model
    press(window, "Undo learning")
    assert settings.load().model == models.BUNDLED
    assert strip(window) == ""
    window.choose("&Recognize")
    window.key("7")
    assert "Waiting to be learned: 4 drawings" in window.text().replace("\n", " ")
    assert not window.main.learning.can_undo()
    window.main.learning.use(taught)
    below = window.main.learning._strip
    assert below
    below.grid()  # as it stood after the teaching
    window.main.learning.undo()  # as the menu does
    window.root.update()
    assert settings.load().model == models.BUNDLED
    assert strip(window) == ""


def test_learning_again_and_again_does_not_fill_the_window(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = "from model.base import events; print(events.to_line(events.Failed('It learns nothing.')))"
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", fails])
    teach_one(window, "1")
    until(window, lambda: not window.main._loading.waits)  # what the window loads later brings commands, too
    held = []
    for _ in range(6):
        window.key("ctrl+t")
        until(window, lambda: "It learns nothing." in strip(window))
        held.append(len(window.root.tk.splitlist(window.root.tk.call("info", "commands"))))
        press(window, "Close")
    assert max(held) <= held[0] + 2  # each command would hold what it is for, a child process and all that it said


def test_cancel_leaves_nothing(window: Window) -> None:
    teach_one(window, "1")
    window.key("ctrl+t")
    until(window, lambda: "learning" in strip(window).split(":")[-1])
    press(window, "Cancel")
    until(window, lambda: strip(window) == "")
    assert not any(paths.models_folder().iterdir())
    assert not paths.teaching_file().exists()
    assert settings.load().model == models.BUNDLED


def test_closing_the_window_while_it_learns_leaves_nothing(window: Window) -> None:
    teach_one(window, "1")
    window.key("ctrl+t")
    below = window.main.learning._strip
    assert below
    assert below._teaching
    job = below._teaching.job
    window.main.close()
    assert job.over
    assert not any(paths.models_folder().iterdir())
    assert not paths.teaching_file().exists()


def test_closing_it_before_the_last_word_of_a_teaching_is_seen_leaves_nothing_to_read(window: Window) -> None:
    teach_one(window, "1")
    window.key("ctrl+t")
    below = window.main.learning._strip
    assert below
    assert below._teaching
    below._teaching.job.cancel()
    assert below._teaching.job.wait(PATIENCE)  # and the window has not looked since
    window.main.close()
    assert not paths.teaching_file().exists()


def test_what_came_of_it_has_the_strip_s_whole_width(window: Window) -> None:
    teach_one(window, "1")
    window.root.geometry("480x360")
    window.key("ctrl+t")
    press(window, "Cancel")
    below = window.main.learning._strip
    assert below
    until(window, lambda: strip(window) == "")
    below.grid()
    below._bar.grid_remove()
    below._button.grid_remove()
    below._say("Nothing was learned: without forgetting other digits these drawings would be read no better.")
    window.root.update()
    assert below._line.winfo_width() > below.winfo_width() - 120
    assert below._line.winfo_height() < 72  # pixels: three lines
    assert below._line.winfo_reqwidth() <= below._line.winfo_width()


def test_after_five_corrections_it_learns_by_itself_where_that_is_wanted(window: Window) -> None:
    settings.change(teach_after=5)
    for _ in range(4):
        teach_one(window, "1")
    assert strip(window) == ""
    teach_one(window, "1")
    assert strip(window).startswith("Learning from 5 drawings")
    press(window, "Cancel")


@pytest.fixture
def start(screen: Screen, recognizer: Recognizer) -> Iterator[Callable[[], Window]]:
    """Close the window, and open another one as the next start of the program does."""
    settings.change(live=False, teach_after=5)
    opened = [Window(screen, Session(lambda: (recognizer, "")))]

    def again() -> Window:
        opened[-1].main.close()
        opened.append(Window(screen, Session(lambda: (recognizer, ""))))
        return opened[-1]

    yield again
    opened[-1].main.close()
    vars(opened[-1]).clear()
    opened.clear()


def test_what_waits_is_known_from_one_start_to_the_next(
    start: Callable[[], Window], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    goes_on = tmp_path / "goes on"
    fails = (
        f"import pathlib, time; from model.base import events\nwhile not pathlib.Path({str(goes_on)!r}).exists(): "
        "time.sleep(0.01)\nprint(events.to_line(events.Failed('It learns nothing.')))"
    )
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", fails])
    window = start()
    for _ in range(4):  # a day's
        teach_one(window, "1")
    window.session.samples.remove(window.session.samples.ids()[:1])
    window = start()
    teach_one(window, "1")
    window.draw(ONE)
    window.key("Return")
    assert strip(window) == ""
    window.key("1")
    assert strip(window).startswith("Learning from 5 drawings")
    goes_on.touch()
    until(window, lambda: "It learns nothing." in strip(window))
    window = start()
    window.draw(ONE)
    window.key("Return")
    window.key("1")
    assert strip(window) == ""  # what came to nothing is tried again together with more
    assert "Waiting to be learned: 6 drawings" in window.text().replace("\n", " ")


def test_the_newest_taught_models_stay(window: Window, tmp_path: Path) -> None:
    from app.jobs import teaching  # noqa: PLC0415

    made = []
    for number in range(8):
        source = open_bundle()
        card = replace(
            source.card,
            name="Mine" if number == 0 else f"Taught {number}",
            date=f"2026-11-{number + 1:02}T00:00:00+00:00",
            data={**source.card.data, "taught": {"from": "x"}},
        )
        place = paths.models_folder() / f"taught-{number}"
        from model.bundle.bundle import write_bundle  # noqa: PLC0415

        write_bundle(place, source.copy_files, card)
        made.append(place)
    teaching._make_room("taught-7")
    assert [place.name for place in made if place.exists()] == ["taught-0", *(f"taught-{n}" for n in range(3, 8))]
    assert window.session.samples.count() == 0
    assert tmp_path.exists()
