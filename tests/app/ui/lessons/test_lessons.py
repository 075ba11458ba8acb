"""Each lesson is followed from its first step to its last, in the real window, with real pointer and key events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.kept import models, settings
from app.ui.lessons import lesson
from app.ui.lessons.lesson import Step, own_folder
from app.ui.lessons.lesson_strip import LessonStrip
from app.ui.training.training_dialog import TrainingDialog
from model.base import language
from model.inside.touched import Touch
from tests.conftest import Window
from tests.kept import keep
from tests.screen import wait_for
from tests.test_windows_fit import COMPARED

SEVEN = [(30, 20), (150, 20), (80, 130)]


class Pupil:
    """Somebody who follows a lesson."""

    def __init__(self, window: Window):
        self.window = window
        window.choose("&Lessons")
        self.settle()

    @property
    def strip(self) -> LessonStrip:
        found = self.window.main.lessons._strip
        assert found
        return found

    @property
    def step(self) -> Step:
        return self.window.main.lessons._step

    @property
    def said(self) -> str:
        return self.strip.view.content

    @property
    def is_there(self) -> bool:
        return any(isinstance(each, LessonStrip) for each in self.window.root.winfo_children())

    def wait(self, found: Callable[[], object], what: str) -> None:
        def look() -> bool:
            self.window.root.update()
            return bool(found())

        wait_for(look, 60, what)

    def settle(self) -> None:
        """Wait until everything that the step can do by now is done and shown."""
        lessons, main = self.window.main.lessons, self.window.main

        def is_still() -> bool:
            laboratory = main.laboratory
            busy = main.editor.is_reading or (laboratory and laboratory.is_working)
            return not busy and (not lessons._to_do or bool(lessons._said))

        self.wait(is_still, "a step that's done")
        before = lessons._looking._waiting
        self.wait(lambda: lessons._strip is None or lessons._looking._waiting != before, "another look")

    def draw(self, stroke: list[tuple[int, int]] = SEVEN) -> None:
        pad = self.window.main.pad
        points = [(pad.winfo_rootx() + x, pad.winfo_rooty() + y) for x, y in stroke]
        self.window.do(lambda: self.window.screen.stroke(points))
        lessons = self.window.main.lessons
        self.wait(lambda: not lessons._to_do or lessons._to_do[0].name != "draw", "a drawing that is seen")
        self.settle()

    def key(self, name: str) -> None:
        self.window.key(name)
        self.settle()

    def turn(self, place: int) -> None:
        box = self.strip.lessons
        box.current(place)
        box.event_generate("<<ComboboxSelected>>")
        self.settle()

    def dialog(self) -> TrainingDialog:
        dialog = self.window.main.dialogs._there("retrain")
        assert isinstance(dialog, TrainingDialog)
        return dialog


@pytest.fixture
def pupil(live_window: Window) -> Iterator[Pupil]:
    settings.change(learn=False)
    yield Pupil(live_window)
    language.use("en")


def follow(pupil: Pupil) -> list[tuple[str, int | None]]:
    """Follow the open lesson, drawing when it asks for it, and return what each step said at its end.

    The first choice is made with its digit's key, the others with the pointer.
    """
    main, told = pupil.window.main, []
    lessons = main.lessons
    count = len(lessons._lessons[lessons._at].steps)
    for number in range(count):
        assert lessons._number == number
        if lessons._to_do and lessons._to_do[0].name == "draw":
            assert pupil.strip.on.instate(["disabled"])
            pupil.draw()
        step = pupil.step
        if step.question:
            assert pupil.strip.on.instate(["disabled"])
            assert step.question in pupil.said.replace("\n", " ") or "{" in step.question or language.current() != "en"
            pupil.strip.focus_first() if number % 2 else pupil.window.root.focus_force()
            pupil.window.click(pupil.strip.choices[0])
            pupil.settle()
            assert lessons._chosen == 0
            pupil.wait(lambda: lessons._right is not None, "what's right")
            assert ["✓" in str(each.cget("text")) for each in pupil.strip.choices].index(True) == lessons._right
        pupil.wait(lambda: "…" not in pupil.said.replace("Retrain…", "").replace("训练…", ""), "all that's measured")
        held(pupil, step)
        told.append((pupil.said, lessons._right))
        if main.dialogs._there("retrain"):
            pupil.dialog().close()
        if number < count - 1:
            pupil.window.click(pupil.strip.on)
            pupil.settle()
    return told


def held(pupil: Pupil, step: Step) -> None:
    """Check that the program has done what a step says."""
    main = pupil.window.main
    for each in (*step.first, *step.do):
        given, laboratory = each.given, main.laboratory
        match each.name:
            case "show":
                assert laboratory
            case "pin":
                assert laboratory
                assert laboratory.thing
                assert laboratory.thing.column == int(given["layer"])
            case "change":
                assert laboratory
                touch = laboratory.touching.touch
                assert touch.pruned == float(given.get("prune", 0)) / 100
                assert touch.temperature == pytest.approx(float(given.get("temperature", 1)), rel=0.05)
                assert len(touch.off) == ("off" in given)
                assert list(touch.biases.values()) == ([float(given["bias"])] if "bias" in given else [])
            case "damage":
                assert laboratory
                damage = laboratory.damaging.damage
                assert damage.normal == ("fit" in given)
                assert all(getattr(damage, name) == float(given[name]) for name in given if name != "fit")
            case "use":
                assert main.session.recognizer.bundle.card.network == each.word
            case "beside":
                assert laboratory
                assert len(laboratory.beside.chosen) == 1
            case "train":
                filled = pupil.dialog().setup.filled()
                assert filled["network"] == each.word
                shown = {
                    name: {"1": "True"}.get(value, value) if name == "deform" else value
                    for name, value in given.items()
                }
                assert {name: str(filled[name]) for name in given} == shown


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("place", range(7))
def test_each_lesson_is_followed_to_its_end_and_does_what_it_says(pupil: Pupil, place: int, code: str) -> None:
    for network in ("mlp-128", "mlp-512"):
        keep(network, network=network)
    before = pupil.window.session.recognizer.bundle.path
    pupil.window.set("language", code)
    pupil.turn(place)
    told = follow(pupil)
    assert len({said for said, _right in told}) == len(told) >= 4
    pupil.strip.focus_first()
    pupil.window.root.focus_force()
    pupil.window.click(pupil.strip.close)
    assert not pupil.is_there
    assert pupil.window.session.recognizer.bundle.path == before
    assert pupil.window.main.laboratory is None  # the lesson had opened it


def test_numbers_are_those_of_the_drawing_and_follow_the_pen(pupil: Pupil) -> None:
    pupil.draw()
    pupil.key("Tab") if pupil.strip.on.instate(["disabled"]) else None
    pupil.window.click(pupil.strip.on)
    pupil.settle()
    pupil.window.click(pupil.strip.choices[2])
    pupil.settle()
    seen = pupil.window.main.laboratory
    assert seen
    assert seen.seen
    first = int((seen.seen.traced.values[0] > 0).sum())
    assert f"It's {first} for your drawing" in pupil.said
    pupil.draw([(30, 140), (150, 140)])
    again = int((seen.seen.traced.values[0] > 0).sum())
    assert again != first
    pupil.wait(lambda: f"It's {again} for your drawing" in pupil.said, "the number of now")


def test_by_the_keyboard_alone(pupil: Pupil) -> None:
    pupil.draw()
    pupil.strip.focus_first()
    pupil.key("Return")  # Next
    assert pupil.window.main.lessons._number == 1
    assert pupil.window.root.focus_get() is pupil.strip.choices[0]
    pupil.key("Right")
    assert pupil.window.root.focus_get() is pupil.strip.choices[1]
    pupil.key("3")
    assert pupil.window.main.lessons._chosen == 2
    assert pupil.window.session.samples.count() == 0  # it isn't a label
    pupil.key("1")  # the first choice counts
    assert pupil.window.main.lessons._chosen == 2
    assert pupil.window.root.focus_get() is pupil.strip.choices[pupil.window.main.lessons._right or 0] or pupil.strip.on
    pupil.strip.on.focus_set()
    pupil.key("space")
    assert pupil.window.main.lessons._number == 2
    pupil.key("Escape")
    assert not pupil.is_there


def test_what_a_step_does_is_taken_back_when_it_is_left(pupil: Pupil) -> None:
    key = keep("mlp-128", network="mlp-128")
    pupil.turn(6)
    pupil.draw()
    assert pupil.window.session.recognizer.bundle.path.name == key
    assert settings.load().model == models.BUNDLED  # in case the program ends now
    for _step in range(2):
        pupil.window.click(pupil.strip.on)
        pupil.settle()
        pupil.window.click(pupil.strip.choices[0])
        pupil.settle()
    laboratory = pupil.window.main.laboratory
    assert laboratory
    assert laboratory.damaging.damage.shift == 5
    assert "The built-in model" in [name for name, _recognizer in laboratory.beside.all()]
    pupil.window.click(pupil.strip.back)
    pupil.settle()
    assert laboratory.damaging.damage.shift == 0
    assert not laboratory.beside.chosen
    pupil.turn(1)
    assert pupil.window.session.recognizer.bundle.path.name == "model"
    assert laboratory.touching.touch == Touch()


def test_a_model_that_was_taught_in_a_lesson_is_not_in_use_after_it(pupil: Pupil) -> None:
    keep("mlp-128", network="mlp-128")
    other = keep("another", network="cnn")
    pupil.turn(6)
    pupil.draw()
    settings.change(model=other)  # as learning does
    pupil.strip.focus_first()
    pupil.key("Escape")
    assert settings.load().model == models.BUNDLED
    assert pupil.window.session.recognizer.bundle.path.name == "model"


def test_where_there_is_no_such_model_training_is_offered_and_the_lesson_goes_on_then(pupil: Pupil) -> None:
    pupil.turn(6)
    assert "You have no mlp-128 yet" in pupil.said
    assert pupil.dialog().setup.filled()["network"] == "mlp-128"
    keep("mlp-128", network="mlp-128")  # as when it's trained
    pupil.wait(lambda: "You have no mlp-128" not in pupil.said, "the model")
    pupil.settle()
    assert pupil.window.session.recognizer.bundle.card.network == "mlp-128"
    pupil.dialog().close()


def test_a_teacher_changes_a_copy_and_what_is_wrong_in_it_is_told(
    pupil: Pupil, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr("app.ui.window.lessons.open_file", opened.append)
    pupil.window.click(pupil.strip.change)
    pupil.settle()
    assert opened == [own_folder()]
    (copy,) = own_folder().iterdir()
    assert copy.read_text(encoding="utf-8") == (lesson.FOLDER / "en" / "1-pixels.md").read_text(encoding="utf-8")
    assert len(pupil.strip.lessons.cget("values")) == 8
    copy.write_text("# Ours\n\nOur class begins.\n---\nAnd ends.\n", encoding="utf-8")
    pupil.turn(7)
    assert pupil.strip.lessons.get() == "Ours"
    assert pupil.said == "Our class begins."
    pupil.window.click(pupil.strip.change)  # it's the teacher's own already, so it isn't copied again
    assert list(own_folder().iterdir()) == [copy]
    pupil.window.click(pupil.strip.on)
    pupil.settle()
    assert pupil.said == "And ends."
    assert pupil.strip.on.instate(["disabled"])  # it's the last lesson's last step
    copy.write_text("# Ours\n\n::break it\n", encoding="utf-8")
    pupil.turn(7)
    assert "1-pixels.md, line 3: “break” isn't known here" in pupil.said
    assert pupil.strip.lessons.get() == "1-pixels.md"
    assert pupil.strip.back.instate(["disabled"])


def test_it_stays_in_another_look_and_language_and_ends_for_practice(pupil: Pupil) -> None:
    pupil.draw()
    pupil.window.click(pupil.strip.on)
    pupil.settle()
    pupil.window.set("look", "dark")
    pupil.settle()
    assert pupil.strip.lessons.current() == 0
    assert pupil.window.main.lessons._number == 1
    pupil.window.set("language", "zh_CN")
    pupil.settle()
    assert "784" in pupil.said
    assert "network" not in pupil.said
    pupil.window.set("language", "en")
    pupil.settle()
    pupil.window.choose("P&ractice")
    assert not pupil.is_there
    pupil.window.choose("&Lessons")
    pupil.settle()
    assert pupil.is_there
    assert not pupil.window.main.practising.get()
    assert pupil.window.main.lessons._number == 1  # it continues at the same step


def test_the_strip_gives_the_window_its_height_back(pupil: Pupil) -> None:
    high = pupil.window.root.winfo_height()
    assert high > 460
    pupil.strip.focus_first()
    pupil.key("Escape")
    pupil.wait(lambda: pupil.window.root.winfo_height() == 460, "the height of before")


def test_the_result_of_one_training_gives_way_to_the_next(pupil: Pupil) -> None:
    pupil.turn(5)
    pupil.window.click(pupil.strip.choices[1])
    pupil.settle()
    dialog = pupil.dialog()
    assert dialog.job
    dialog.job.cancel()  # the process that waits; a training's own is over, too, when its result is shown
    pupil.wait(lambda: not dialog.busy, "the process's end")
    dialog._show_result(COMPARED)
    assert dialog.stays
    pupil.strip.on.invoke()  # the dialog may be on top of it
    pupil.settle()
    pupil.strip.choices[0].invoke()
    pupil.settle()
    assert not pupil.dialog().stays
    assert pupil.dialog().setup.filled()["network"] == "mlp-512-dropout"
    pupil.strip.on.invoke()
    pupil.settle()
    laboratory = pupil.window.main.laboratory
    assert laboratory
    assert laboratory.tk.getboolean(laboratory.tk.call("wm", "stackorder", laboratory, "isabove", pupil.dialog()))
    pupil.dialog().close()


def test_a_training_under_way_is_waited_for_and_its_result_stays(pupil: Pupil) -> None:
    pupil.turn(5)
    pupil.window.click(pupil.strip.choices[1])
    pupil.settle()
    dialog = pupil.dialog()
    dialog._show_result(COMPARED)  # its process still runs, as one that trains
    assert dialog.stays
    assert dialog.busy
    pupil.strip.on.invoke()  # the dialog may be on top of it
    pupil.settle()
    pupil.strip.choices[0].invoke()
    pupil.settle()
    assert "Another training is open" in pupil.said
    assert dialog.job
    dialog.job.cancel()
    pupil.wait(lambda: not dialog.busy, "the process's end")
    pupil.settle()
    assert pupil.dialog() is dialog
    assert dialog.stays
    dialog.close()
    pupil.wait(lambda: "Another training is open" not in pupil.said, "the next form")
    assert pupil.dialog().setup.filled()["network"] == "mlp-512-dropout"
    pupil.dialog().close()


def test_what_is_told_after_an_answer_is_in_sight(pupil: Pupil) -> None:
    pupil.turn(5)
    pupil.window.click(pupil.strip.choices[0])
    pupil.wait(lambda: "Press Train" in pupil.said, "what's told")
    text = pupil.strip.view.text
    begins = text.search("Press Train", "1.0")
    is_whole = text.dlineinfo("end-1c") is not None
    assert text.dlineinfo(begins)
    assert is_whole or text.compare(text.index("@0,0"), "==", begins)
    pupil.dialog().close()
    pupil.window.click(pupil.strip.on)
    pupil.settle()
    assert text.dlineinfo("1.0")
