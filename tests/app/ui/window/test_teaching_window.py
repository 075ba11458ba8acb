"""Teaching from the window, with the real child process."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tkinter import ttk

import pytest

from app.kept import models, paths, settings
from model.bundle.bundle import open_bundle
from tests.app.ui.window.test_main_window import ONE, SEVEN, button
from tests.conftest import Window
from tests.screen import PATIENCE

pytestmark = pytest.mark.usefixtures("shared")


def until(window: Window, there: Callable[[], object]) -> None:
    """Run the window's loop until something is there."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, strip(window)
        window.root.update()
        time.sleep(0.01)


def strip(window: Window) -> str:
    """Return what the strip next to the buttons says."""
    below = window.main.learning._strip
    return below._line.said if below and below.winfo_ismapped() else ""


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
    window.key("Delete")


def test_without_drawings_there_is_nothing_to_learn_from(window: Window) -> None:
    window.key("ctrl+t")
    assert "There's nothing to learn from yet" in window.text()
    assert strip(window) == ""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions asked before something is forgotten; the first answer is no, and all others are yes."""
    questions: list[str] = []

    def answer(_title: str, sentence: str, **_more: object) -> bool:
        questions.append(sentence)
        return len(questions) > 1

    monkeypatch.setattr("app.ui.window.learning.messagebox.askokcancel", answer)
    return questions


@pytest.mark.usefixtures("fresh_model")
def test_a_model_is_taught_used_and_taken_back(window: Window, asked: list[str]) -> None:
    bundled = window.session.recognizer
    hooked = [(105.0, 95.0), (140.0, 50.0), (140.0, 230.0)]
    for stroke in (hooked, [(x + 3, y) for x, y in hooked], SEVEN):
        window.draw(stroke)
        window.key("Return")
        window.key("7" if stroke is SEVEN else "1")
        window.key("Delete")
    window.key("ctrl+t")
    assert strip(window).startswith("Learning from 3 drawings")
    window.draw(ONE)  # the window goes on
    window.key("Return")
    assert window.text().startswith("1\n")
    until(window, lambda: "Learned from 3 drawings: 3 of 3 read and accepted now" in strip(window))
    assert settings.load().model.startswith("taught-")
    assert window.session.recognizer is not bundled
    assert window.session.recognizer.bundle.card.data["taught"]["drawings"] == 3
    assert window.session.recognizer.bundle.card.doubt == open_bundle().card.doubt
    taught = models.everything()[1]
    assert taught.origin == "taught here"
    assert taught.name.startswith("Taught 1 7, ")  # what it learned
    assert models.base(window.session.recognizer.bundle) == open_bundle().card
    assert not paths.teaching_file().exists()
    window.key("Delete")
    window.draw(SEVEN)
    window.key("Return")
    window.key("7")
    assert "Saved as a 7. Still to learn: 1." in window.text().replace("\n", " ")
    key = settings.load().model
    assert strip(window) == ""  # the stroke has cleared it
    dialog = window.main.dialogs.open("drawings")
    window.root.update()
    window.click(button(dialog, "Undo learning"))
    assert (asked, settings.load().model) == (
        ["What was learned from 3 drawings will be forgotten."],
        key,
    )  # the answer was no, so it stays
    window.click(button(dialog, "Undo learning"))
    dialog.destroy()
    window.root.focus_force()  # what a window manager would do
    window.root.update()
    assert settings.load().model == models.BUNDLED
    assert strip(window) == ""
    window.key("Return")
    window.key("7")
    assert "Still to learn: 4" in window.text().replace("\n", " ")
    assert not window.main.learning.can_undo()
    window.main.learning.use(key)
    below = window.main.learning._strip
    assert below
    below.show()  # as it was after teaching
    window.main.learning.undo()  # as the menu does
    window.root.update()
    assert settings.load().model == models.BUNDLED
    assert strip(window) == ""


def test_learning_again_and_again_does_not_fill_the_window(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = "from model.base import events; print(events.to_line(events.Failed('It learns nothing.')))"
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", fails])
    teach_one(window, "1")
    until(window, lambda: not window.main._loading.waits)  # what the window loads later adds commands, too
    held = []
    for _ in range(6):
        window.key("ctrl+t")
        until(window, lambda: "It learns nothing." in strip(window))
        tk = window.root.tk
        count = [len(tk.splitlist(tk.call(*words))) for words in (("info", "commands"), ("image", "names"))]
        held.append(count[0] - count[1])  # an image is also a command, and ink has images
        window.draw([(60, 60)])
        assert strip(window) == ""  # the next stroke clears it
    assert max(held) <= held[0] + 2  # a command keeps alive what it belongs to: a child process and all its output


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
    assert below._teaching.job.wait(PATIENCE)  # and the window hasn't looked since
    window.main.close()
    assert not paths.teaching_file().exists()


def test_what_came_of_it_has_the_strip_s_whole_width_and_takes_nothing_of_the_pad(window: Window) -> None:
    teach_one(window, "1")
    window.root.geometry("480x360")
    window.root.update()
    pad = window.main.pad.winfo_height()
    window.key("ctrl+t")
    press(window, "Cancel")
    below = window.main.learning._strip
    assert below
    until(window, lambda: strip(window) == "")
    below.show()
    below._bar.grid_remove()
    below._button.grid_remove()
    below._say("Nothing changed: learning these would have made Inkling worse at other digits.")
    window.root.update()
    assert below._line.winfo_width() > below.winfo_width() - 20
    assert below._line.winfo_reqheight() <= below.winfo_height()
    assert below._line.winfo_reqwidth() <= below._line.winfo_width()
    assert below.winfo_rootx() + below.winfo_width() <= window.root.winfo_rootx() + 480
    assert window.main.pad.winfo_height() == pad


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
    teaching.make_room("taught-7")
    assert [place.name for place in made if place.exists()] == ["taught-0", "taught-7"]
    assert window.session.samples.count() == 0
    assert tmp_path.exists()
