"""Corrections learned at once, by the real child process: the key, the answer that changes, and the way back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.drawing.session import Session
from app.kept import models, paths, settings
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.window import learning
from model.bundle.bundle import UNTAUGHT, open_bundle
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from tests.app.ui.window.test_main_window import ONE, SEVEN
from tests.app.ui.window.test_teaching_window import until
from tests.conftest import Window

FLAT = [(70.0, 150.0), (140.0, 140.0), (210.0, 128.0)]  # a 1 on its side, which the built-in model doubts

HOOK = [(90.0, 100.0), (140.0, 60.0), (180.0, 100.0), (100.0, 220.0), (130.0, 218.0)]  # a 2 with a short foot


@pytest.fixture(autouse=True)
def at_once(window: Window) -> None:
    """Let it learn from each correction, which is the default."""
    settings.change(learn=True)
    until(window, lambda: window.session.is_ready and not window.main._loading.waits)


def says(window: Window, words: str) -> Callable[[], bool]:
    """Return a function that says whether the answer contains some words."""
    return lambda: words in window.text().replace("\n", " ")


def drawings(window: Window) -> int:
    """Return how many drawings the model in use was taught."""
    return int(window.session.recognizer.bundle.card.data["taught"]["drawings"])


def correct(window: Window, stroke: list[tuple[float, float]], label: str) -> None:
    window.draw(stroke)
    window.key("Return")
    window.key(label)


def test_a_correction_is_learned_the_answer_changes_and_undo_takes_both_back(window: Window) -> None:
    window.draw(FLAT)
    window.key("Return")
    assert window.session.reading
    assert not window.session.reading.accepted
    window.key("1")
    until(window, says(window, "Saved as a 1. Learned."))
    assert window.session.reading.accepted
    assert window.session.reading.text == "1"
    assert window.session.recognizer.bundle.card.data["taught"]["drawings"] == 1
    assert settings.load().model.startswith("taught-")
    assert not paths.teaching_file().exists()
    window.key("ctrl+z")
    until(window, says(window, "Forgotten."))
    assert "The 1 is taken back" in window.text().replace("\n", " ")
    assert not window.session.reading.accepted
    assert window.session.samples.count() == 0
    assert settings.load().model == models.BUNDLED
    window.key("ctrl+y" if window.root.tk.call("tk", "windowingsystem") == "win32" else "ctrl+shift+z")
    until(window, says(window, "Learned."))
    assert window.session.reading.accepted


def test_what_is_learned_under_a_newer_drawing_is_said_of_the_last_one(window: Window) -> None:
    held: list[tuple[bool, str, str]] = []  # what the learner tells when it's done, until the next drawing is there
    window.main.learning._learner._tell = lambda *told: held.append(told)
    correct(window, FLAT, "1")
    until(window, lambda: held)
    window.key("Delete")
    window.draw(SEVEN)
    window.key("Return")
    window.main.learning._tell(*held[0])
    until(window, says(window, "Your last correction is learned."))
    assert "Saved" not in window.text()
    window.click(window.main.answer.below._label)
    (dialog,) = (child for child in window.root.winfo_children() if isinstance(child, DrawingsDialog))
    assert str(dialog._status.cget("text")).startswith("Learned from 1 drawing: ")
    dialog.destroy()


def test_a_picture_s_digit_is_learned_and_taken_back_like_one_on_the_pad(window: Window, tmp_path: Path) -> None:
    digit = Drawing((Stroke(tuple(Point(x, y) for x, y in HOOK)),), width=18, canvas=(280, 280))
    paper = Image.new("L", (560, 420), 214)
    paper.paste(render(digit).convert("L").point(lambda grey: round(40 + grey * 174 / 255)), (140, 70))
    paper.save(tmp_path / "two.jpg", quality=90)
    window.main.open_paths([tmp_path / "two.jpg"])
    until(window, lambda: window.session.picture and window.session.reading)
    window.key("2")
    assert window.text().splitlines()[0] == "2"
    until(window, says(window, "Saved as a 2. Learned."))
    assert drawings(window) == 1
    assert window.session.reading
    assert (window.session.reading.text, window.session.reading.accepted) == ("2", True)
    assert window.session.picture
    window.key("ctrl+z")
    until(window, says(window, "Forgotten."))
    assert "The 2 is taken back" in window.text().replace("\n", " ")
    assert window.session.samples.count() == 0
    assert settings.load().model == models.BUNDLED


def test_what_is_corrected_meanwhile_is_learned_too_and_one_taught_model_stays(window: Window) -> None:
    correct(window, FLAT, "1")
    window.key("Delete")
    correct(window, SEVEN, "7")
    until(window, says(window, "Saved as a 7. Learned."))
    bundle = window.session.recognizer.bundle
    assert bundle.card.data["taught"]["drawings"] == 2
    assert not window.session.samples.differ(bundle.network)
    assert [path.name for path in paths.models_folder().iterdir()] == [settings.load().model]


def test_a_drawing_that_is_deleted_is_unlearned(window: Window) -> None:
    correct(window, FLAT, "1")
    until(window, says(window, "Learned."))
    window.key("Delete")
    correct(window, SEVEN, "7")
    until(window, says(window, "Saved as a 7. Learned."))
    window.key("Delete")
    dialog = window.main.dialogs.open("drawings")
    window.session.samples.remove(window.session.samples.ids("1"))
    dialog._show_changed("")  # type: ignore[attr-defined]  # as Delete in the dialog does
    until(window, lambda: drawings(window) == 1)
    dialog.destroy()
    window.draw(FLAT)
    window.key("Return")
    assert window.session.reading
    assert not window.session.reading.accepted


def test_what_is_rehearsed_is_drawn_ahead_and_a_correction_waits_for_it(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "AHEAD", 1)
    window.main.learning.prepare()
    until(window, lambda: window.main.learning._learner._ahead)
    correct(window, FLAT, "1")
    assert window.main.learning._learner._ahead
    assert not window.main.learning._learner.busy
    until(window, says(window, "Saved as a 1. Learned."))
    kept = {path.name.partition("-")[0] for path in paths.rehearsal_folder().iterdir()}
    assert kept == {"digits", "doubt"}
    window.main.learning._learner.prepare()
    assert window.main.learning._learner._ahead is None  # everything is there


def test_closing_the_window_ends_what_draws_ahead(window: Window) -> None:
    window.main.learning._learner.prepare()
    ahead = window.main.learning._learner._ahead
    assert ahead
    window.main.close()
    assert ahead.wait(20)


def contradict(window: Window) -> None:
    """Label the same drawing as a 1 and as a 7, which can't both be learned."""
    correct(window, ONE, "1")
    until(window, says(window, "Learned."))
    window.key("Delete")
    correct(window, ONE, "7")
    until(window, says(window, "Nearly the same drawing is saved as 1 and as 7. Check which of them is right."))


def test_what_stands_against_it_is_said(window: Window) -> None:
    contradict(window)
    note = window.main.answer.below.note
    assert note.text == f"Saved as a 7. {note.more}"
    assert note.is_problem
    window.click(window.main.answer.below._label)
    dialog = window.main.dialogs._open["drawings"]
    assert str(dialog._status.cget("text")) == note.more  # type: ignore[attr-defined]


def test_taking_back_what_was_never_learned_says_no_more_than_that(window: Window) -> None:
    contradict(window)
    window.key("Delete")
    correct(window, ONE, "2")
    window.key("ctrl+z")
    until(window, lambda: idle(window))
    assert window.main.answer.below.note.text == "The 2 is taken back, and isn't saved any more."


def test_where_nobody_wants_that_drawings_wait(window: Window) -> None:
    for wanted in (True, False):  # the default, and the other way
        window.set("learn", wanted)
        assert settings.load().learn == wanted
    correct(window, FLAT, "1")
    assert (
        "Still to learn: 1. Learn now in Model ▸ My drawings…, or Ctrl+T, lets the model learn what waits."
        in window.text().replace("\n", " ")
    )
    assert settings.load().model == models.BUNDLED


def test_closing_the_window_while_it_learns_keeps_the_drawing_and_the_next_start_learns_it(window: Window) -> None:
    correct(window, FLAT, "1")
    until(window, says(window, "Learned."))
    taught = settings.load().model
    window.key("Delete")
    correct(window, SEVEN, "7")
    until(window, lambda: window.main.learning._learner._teaching)
    window.main.close()
    assert not paths.teaching_file().exists()
    assert settings.load().model == taught
    other = Window(window.screen, Session(models.recognizer_in_use))
    until(
        other, lambda: other.session.is_ready and other.session.recognizer.bundle.card.data["taught"]["drawings"] == 2
    )
    assert other.session.samples.count() == 2
    other.main.close()


def test_a_taught_model_holds_what_it_was(window: Window) -> None:
    correct(window, FLAT, "1")
    until(window, says(window, "Learned."))
    folder = paths.models_folder() / settings.load().model
    for name, before in UNTAUGHT.items():
        assert (Path(folder) / before).read_bytes() == open_bundle().read(name)


def idle(window: Window) -> bool:
    """Return whether nothing is being learned, and there's an answer."""
    return not window.main.learning._is_busy and not window.main.editor.is_reading


def is_as_before(window: Window) -> bool:
    """Return whether nothing was learned and nothing is left: no drawing and no model."""
    models_there = [path.name for path in paths.models_folder().glob("*")]
    kept, used = window.session.samples.count(), settings.load().model
    same = window.session.recognizer.bundle.network == open_bundle().network
    return (models_there, kept, used, same) == ([], 0, models.BUNDLED, True)


def took_back(window: Window, label: str) -> None:
    """Check that a correction is undone for good."""
    until(window, lambda: idle(window))
    assert is_as_before(window)
    assert f"The {label} is taken back, and isn't saved any more." in window.text().replace("\n", " ")
    assert "Learned" not in window.text()
    assert window.session.reading
    assert not window.session.reading.accepted
    assert not window.main.answer.below._undo.winfo_ismapped()
    assert len(window.session.drawing.strokes) == 1  # no ink is removed


def at_its_start(window: Window) -> bool:
    return window.main.learning._learner.busy


def at_its_work(window: Window) -> bool:
    """Return whether the child is learning by now."""
    begun = window.main.learning._learner._teaching
    return begun is not None and begun.fraction is not None


@pytest.mark.parametrize(("how", "when"), [("key", at_its_work), ("button", at_its_start)])
def test_what_is_undone_while_it_is_learned_never_comes_back(
    window: Window, how: str, when: Callable[[Window], bool]
) -> None:
    correct(window, FLAT, "1")
    until(window, lambda: when(window))
    window.key("ctrl+z") if how == "key" else window.click(window.main.answer.below._undo)
    took_back(window, "1")


def test_what_is_deleted_in_my_drawings_while_it_is_learned_never_comes_back(window: Window) -> None:
    correct(window, FLAT, "1")
    until(window, lambda: at_its_work(window))
    dialog = window.main.dialogs.open("drawings")
    window.root.update()
    dialog.focus_force()  # as a window manager would
    dialog.focus_set()
    window.root.update()
    window.key("ctrl+a")
    window.key("Delete")
    until(window, lambda: idle(window))
    assert is_as_before(window)
    dialog.destroy()
    assert "Saved" not in window.text()  # by now it isn't saved any more
    assert not window.main.answer.below._undo.winfo_ismapped()


def test_what_is_undone_while_it_is_learned_is_not_learned_with_the_next_correction(window: Window) -> None:
    correct(window, FLAT, "1")
    until(window, lambda: at_its_work(window))
    window.key("ctrl+z")
    window.key("7")
    until(window, says(window, "Saved as a 7. Learned."))
    until(window, lambda: idle(window))
    assert drawings(window) == 1
    assert window.session.samples.counts_by_label()["1"] == 0
    assert window.session.text == "7"


def test_what_is_undone_and_done_again_is_learned(window: Window) -> None:
    correct(window, FLAT, "1")
    until(window, lambda: at_its_work(window))
    window.key("ctrl+z")
    window.key("ctrl+y" if window.root.tk.call("tk", "windowingsystem") == "win32" else "ctrl+shift+z")
    until(window, says(window, "Saved as a 1. Learned."))
    assert drawings(window) == 1


def test_an_older_model_stays_in_use_where_what_followed_is_undone_meanwhile(window: Window) -> None:
    correct(window, FLAT, "1")
    until(window, says(window, "Saved as a 1. Learned."))
    until(window, lambda: idle(window))
    taught = settings.load().model
    window.key("Delete")
    correct(window, SEVEN, "2")
    until(window, lambda: at_its_work(window))
    window.key("ctrl+z")
    until(window, lambda: idle(window))
    assert settings.load().model == taught == window.session.recognizer.bundle.path.name
    assert [path.name for path in paths.models_folder().iterdir()] == [taught]
    assert "The 2 is taken back, and isn't saved any more." in window.text().replace("\n", " ")
    assert window.session.text == "7"


def test_beside_what_was_learned_of_an_earlier_drawing_is_no_undo(window: Window) -> None:
    undo, learner = window.main.answer.below._undo, window.main.learning._learner
    tell, held = learner._tell, list[tuple[bool, str, str]]()  # what the learner tells, until the 7 is there
    learner._tell = lambda *told: held.append(told)
    correct(window, FLAT, "1")
    until(window, lambda: held)
    learner._tell = tell
    window.key("Delete")
    window.draw(SEVEN)
    window.key("Return")
    tell(*held[0])
    until(window, says(window, "Your last correction is learned."))
    assert not undo.winfo_ismapped()  # it would remove the 7's ink
    window.key("Delete")
    correct(window, HOOK, "2")
    until(window, says(window, "Saved as a 2. Learned."))
    window.click(undo)
    until(window, says(window, "Forgotten."))
    assert window.session.samples.counts_by_label()["2"] == 0
    assert len(window.session.drawing.strokes) == 1
