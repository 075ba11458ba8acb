"""Lessons in the window: a strip above the pad shows a lesson file's texts and questions, step by step."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from app.facts.open_file import open_file
from app.ui.kit.background import Timer
from app.ui.kit.dialog import Dialog
from app.ui.lessons import lesson
from app.ui.lessons.lesson import Do, Lesson, Step
from app.ui.lessons.lesson_strip import Hands, LessonStrip, Shown
from app.ui.lessons.measured import filled, measured
from app.ui.window.lesson_steps import LessonSteps
from model.base.errors import UserError
from model.base.files import make_folder, unused
from model.base.language import _

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

LOOK = 60  # milliseconds between two checks for what there is to do and to measure
SELDOM = 1000  # the same, while it waits for a model
MOST = 0.45  # of the room on the screen: the strip's greatest height


class Lessons:
    """Leads through lessons. When a lesson is left, its steps are undone, and the model from before is back in use."""

    def __init__(self, window: MainWindow):
        self._window = window
        self._strip: LessonStrip | None = None
        self._higher = 0  # pixels that the strip adds to the window's height
        self._lessons: list[Lesson] = []
        self._at, self._number = 0, 0  # the lesson and the step on display
        self._chosen: int | None = None
        self._right: int | None = None
        self._steps = LessonSteps(window)
        self._to_do: list[Do] = []
        self._said = ""  # about what's still to be done, if it can't be done, or not yet
        self._asked: dict[str, float] = {}  # what was measured when the question was answered
        self._looking = Timer(window.root)

    def open(self) -> None:
        """Begin, or continue where one left off; the keyboard goes to the strip."""
        if self._window.practising.get():  # they share the same place
            self._window.practising.set(False)
            self._window.practice.switch()
        if self._strip is None:
            self._show_strip()
        assert self._strip
        self._strip.focus_first()

    def close(self) -> None:
        """Leave the lesson, and undo all that it has done."""
        if self._strip:
            self._looking.stop()
            self._to_do = []
            self._strip.destroy()
            self._strip = None
            self._higher += self._window.room.heighten(-self._higher)
            self._window.attempt(self._steps.end)
            self._window.pad.focus_set()

    def redraw(self) -> None:
        """Rebuild the strip in the current appearance and language, if it's shown."""
        if self._strip:
            self._strip.destroy()
            self._show_strip()

    def _show_strip(self) -> None:
        self._lessons, room = lesson.everything(), self._window.room
        self._at = min(self._at, len(self._lessons) - 1)
        hands = Hands(self._turn, self._go, self._choose, self._change, self.close)
        self._strip = LessonStrip(self._window.root, [each.title for each in self._lessons], hands)
        high = min(self._strip.wanted, round(MOST * room.most[1]))
        self._strip.configure(height=high)
        self._strip.lower()  # Tab reaches it before the pad
        self._strip.grid(row=0, column=0, sticky="ew")
        self._higher += room.heighten(high - self._higher)
        self._begin(min(self._number, max(0, len(self._lessons[self._at].steps) - 1)))

    @property
    def _step(self) -> Step:
        """The current step; if the file isn't a valid lesson, what's wrong with it."""
        now = self._lessons[self._at]
        return now.steps[self._number] if now.steps else Step(now.problem)

    def _turn(self, place: int) -> None:
        """Begin another lesson, from its file as it is now."""
        self._at, self._number = place, 0
        self.redraw()

    def _go(self, by: int) -> None:
        """Go this many steps forward, from the last one to the next lesson."""
        number = self._number + by
        if number == len(self._lessons[self._at].steps):
            self._turn(self._at + 1)
        else:
            self._begin(number)

    def _begin(self, number: int) -> None:
        self._window.attempt(self._steps.take_back)
        self._number, self._chosen, self._right, self._said = number, None, None, ""
        self._to_do, self._asked = list(self._step.first), {}
        self._go_on()

    def _choose(self, place: int) -> None:
        """Take the first prediction, and show the result."""
        if self._chosen is None:
            self._chosen = place
            self._to_do += self._step.do
            self._go_on()

    def _go_on(self) -> None:
        self._show({}, is_done=False)  # at once, whatever the laboratory is doing
        self._look()
        if self._strip:
            self._strip.focus_first()

    def _look(self) -> None:
        """Do what's still to be done, each once the laboratory has shown the one before, and measure; then repeat."""
        laboratory = self._window.laboratory
        if not (laboratory and laboratory.is_working) and not self._window.editor.is_reading:
            if self._to_do:
                self._do(self._to_do[0])
            self._measure()
        if self._strip:
            needs_model = self._said and self._to_do and self._to_do[0].name != "draw"
            self._looking.start(SELDOM if needs_model else LOOK, self._look)

    def _do(self, what: Do) -> None:
        had_none = self._window.laboratory is None
        try:
            self._said = self._steps.do(what)
            if not self._said:
                self._to_do.pop(0)
        except UserError as error:
            self._said, self._to_do = str(error), []
        if had_none and self._window.laboratory and self._strip:
            self._strip.focus_first()  # the laboratory has taken the keyboard

    def _measure(self) -> None:
        step, values = self._step, measured(self._step.values, self._window.laboratory)
        is_done = not self._to_do and (self._chosen is not None or not step.question)
        if self._chosen is None:
            self._asked = values
        if is_done and self._right is None and step.choices:
            self._right = step.right(values)
        self._show(values, is_done=is_done)

    def _show(self, values: dict[str, float], *, is_done: bool) -> None:
        """Show the step with what was measured, and its final text once everything is done."""
        step, steps, window = self._step, len(self._lessons[self._at].steps), self._window
        assert self._strip
        asked = filled(f"{step.text}\n*{step.question}*" if step.question else step.text, self._asked)
        told = filled(step.then, values) if is_done else ""
        is_last = self._number >= steps - 1 and self._at == len(self._lessons) - 1
        needs_ink = bool(self._to_do) and self._to_do[0].name == "draw"
        waits = needs_ink or (step.question and self._chosen is None and not self._said)
        self._strip.show(
            Shown(
                self._at,
                _("{step} of {steps}").format(step=self._number + 1, steps=max(1, steps)),
                asked,
                "\n".join(filter(None, (told, self._said))),
                [filled(choice.text, self._asked) for choice in step.choices],
                self._chosen,
                self._right,
                can_go_back=self._number > 0,
                can_go_on=not waits and not is_last,
            )
        )
        start, wide = window.root.winfo_rootx(), window.root.winfo_width()
        dialogs = (each for each in window.root.winfo_children() if isinstance(each, Dialog) and each.winfo_viewable())
        covered = (start + wide - each.winfo_rootx() for each in dialogs)
        self._strip.leave(max((part for part in covered if 0 < part < wide), default=0))

    def _change(self) -> None:
        """Copy the lesson to the user's own, unless it's one already, and open their folder."""
        path, folder = self._lessons[self._at].path, lesson.own_folder()

        def copy() -> None:
            try:
                make_folder(folder)
                if path.parent != folder:
                    shutil.copyfile(path, unused(folder / path.stem, path.suffix))
            except OSError as error:
                sentence = _("{folder} can't be written to ({reason}). Make room on the disk.")
                raise UserError(sentence, folder=folder, reason=error.strerror) from error
            open_file(folder)

        self._window.attempt(copy)
        self.redraw()
