"""An update brings a new built-in model, which learns by itself what the previous one was taught."""

import hashlib
import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.drawing.session import Session
from app.jobs import teaching
from app.kept import models, paths, settings
from model.base import events
from model.bundle import bundle
from model.bundle.bundle import CARD_FILE, DOUBT_KERAS_FILE, EYE_KERAS_FILE, KERAS_FILE, open_bundle
from tests import kept
from tests.app.ui.window.test_main_window import SEVEN
from tests.app.ui.window.test_teaching_window import press, strip, teach_one, until
from tests.conftest import Window
from tests.screen import Screen

TAKEN_OVER = "new built-in model has learned your drawings. It reads"
HOOKED = [(105.0, 95.0), (140.0, 50.0), (140.0, 230.0)]


@pytest.fixture
def start(screen: Screen) -> Iterator[Callable[[], Window]]:
    """Close the window, and open another one, as the program's next start does."""
    settings.change(live=False, learn=False)
    opened: list[Window] = []

    def close() -> None:
        for window in opened:
            window.main.close()
            vars(window).clear()
        opened.clear()

    def again() -> Window:
        close()
        opened.append(Window(screen, Session(models.recognizer_in_use)))
        until(opened[0], lambda: opened[0].session.is_ready and not opened[0].main._loading.waits)
        return opened[0]

    yield again
    close()


@pytest.fixture
def update(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], bundle.Bundle]:
    """Replace the built-in model, as an update does: all files of its networks are new."""

    def updated() -> bundle.Bundle:
        folder = Path(shutil.copytree(bundle.BUNDLED, tmp_path / "newer"))
        card = json.loads((folder / CARD_FILE).read_text())
        for name in (KERAS_FILE, DOUBT_KERAS_FILE, EYE_KERAS_FILE):
            with zipfile.ZipFile(folder / name, "a") as file:
                file.comment = b"newer"
            card["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        (folder / CARD_FILE).write_text(json.dumps(card))
        monkeypatch.setattr(bundle, "BUNDLED", folder)
        return open_bundle()

    return updated


def taught(name: str = "taught", **first: Any) -> str:
    """Add a model that says that it was taught from the built-in one, and use it."""
    known = {"sha256": open_bundle().network, "answers": ""} | first
    data = {**open_bundle().card.data, "taught": {"drawings": 1, "from": known["sha256"], "first": known}}
    key = kept.keep(name, data=data, format=3)
    models.use(key)
    return key


def keep_ones(window: Window) -> None:
    """Save two drawings with their labels, as a user does."""
    for stroke in (HOOKED, SEVEN):
        window.draw(stroke)
        window.key("Return")
        window.key("7" if stroke is SEVEN else "1")
        window.key("Delete")


def test_what_is_built_in_now_is_known_as_built_in() -> None:
    known = "add the hash of the new model's model.keras to BUILT_IN in app/jobs/teaching.py; the older ones stay there"
    assert open_bundle().network in teaching.BUILT_IN, known


@pytest.mark.usefixtures("shared")
def test_after_an_update_the_new_built_in_model_learns_what_was_taught_and_can_be_taken_back(
    start: Callable[[], Window], update: Callable[[], bundle.Bundle], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    keep_ones(window)
    window.key("ctrl+t")
    until(window, lambda: "Learned from 2 drawings: 2 of 2" in strip(window))
    old = settings.load().model
    window = start()
    assert strip(window) == ""  # there was no update
    newer = update()
    window = start()
    assert strip(window).startswith("Inkling's new built-in model learns from 2 drawings: ")
    assert settings.load().model == old
    window.draw(SEVEN)  # the window goes on, and reads with the old model
    window.key("Return")
    assert window.text().startswith("7\n")
    assert window.session.recognizer.bundle.path.name == old
    until(window, lambda: TAKEN_OVER in strip(window))
    assert strip(window) == f"Inkling's {TAKEN_OVER} 2 of 2 drawings, and is now in use."
    new = settings.load().model
    card = window.session.recognizer.bundle.card
    assert old != new == window.session.recognizer.bundle.path.name
    assert card.data["taught"]["first"]["sha256"] == newer.card.sha256[KERAS_FILE]
    assert {name: card.sha256[name] for name in (DOUBT_KERAS_FILE, EYE_KERAS_FILE)} == {
        name: newer.card.sha256[name] for name in (DOUBT_KERAS_FILE, EYE_KERAS_FILE)
    }
    assert window.main.learning.learned() == 2
    window = start()
    assert strip(window) == ""
    assert settings.load().model == new
    monkeypatch.setattr("app.ui.window.learning.messagebox.askokcancel", lambda *_words, **_more: True)
    window.main.learning.undo()  # as the menu does
    assert settings.load().model == old
    window = start()
    assert strip(window) == ""  # after an undo, the user isn't asked again
    assert settings.load().model == old


@pytest.mark.usefixtures("shared")
def test_where_the_new_model_cannot_learn_it_the_taught_one_stays_and_nothing_is_tried_again(
    start: Callable[[], Window], update: Callable[[], bundle.Bundle]
) -> None:
    old = taught()
    keep_ones(start())
    (update().path / KERAS_FILE).write_bytes(b"")  # it can read, but its installation is damaged
    window = start()
    until(window, lambda: "The model that you taught stays in use" in strip(window))
    assert settings.load().model == old
    window.draw([(60, 60)])
    assert strip(window) == ""  # the next stroke clears it
    assert [each.name for each in paths.models_folder().iterdir()] == [old]
    assert strip(start()) == ""


@pytest.mark.usefixtures("shared")
def test_a_window_that_closes_while_it_learns_again_leaves_it_to_the_next_start(
    start: Callable[[], Window], update: Callable[[], bundle.Bundle]
) -> None:
    taught()
    keep_ones(start())
    update()
    assert strip(start()) != ""
    window = start()
    assert strip(window) != ""
    press(window, "Cancel")
    until(window, lambda: strip(window) == "")
    assert strip(start()) == ""  # after cancelling, the user isn't asked again


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda: models.use(models.BUNDLED), "the user has gone back to the built-in model"),
        (lambda: models.use(kept.keep("mine")), "it was trained here"),
        (lambda: taught("opened-taught"), "it was opened"),
        (lambda: taught(sha256="a" * 64), "it was taught from one that was trained here"),
    ],
)
def test_other_models_are_left_alone(
    prepare: Callable[[], object], why: str, start: Callable[[], Window], update: Callable[[], bundle.Bundle]
) -> None:
    taught()
    keep_ones(start())
    prepare()
    used = settings.load().model
    update()
    window = start()
    assert strip(window) == "", why
    assert settings.load().model == used


def test_without_saved_drawings_nothing_happens(
    start: Callable[[], Window], update: Callable[[], bundle.Bundle]
) -> None:
    old = taught()
    window = start()
    teach_one(window, "1")
    window.session.samples.remove_all()
    update()
    window = start()
    assert (strip(window), window.text().count("learn")) == ("", 0)
    assert settings.load().model == old


def test_another_model_that_is_chosen_meanwhile_stays(
    start: Callable[[], Window], update: Callable[[], bundle.Bundle], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "from model.base import events as e; print(e.to_line(e.Finished('x', None, 1.0)))"
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", f"input(); {said}"])
    taught()
    keep_ones(start())
    update()
    window = start()
    window.main.learning.use(models.BUNDLED)
    below = window.main.learning._strip
    assert below
    assert below._teaching
    below._teaching.job.go_on([], paths.models_folder() / below._teaching.key, events.Control())
    until(window, lambda: strip(window) == "")
    assert settings.load().model == models.BUNDLED
