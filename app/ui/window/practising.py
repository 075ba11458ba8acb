"""Practice in the window: it asks, the user writes on the pad, and the answer shows whether it was read right."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from app.drawing.practice import begun
from app.ui.answer.note import Note
from app.ui.kit.background import Timer
from app.ui.practice.practice_strip import RIGHT, SAVED, WRONG, PracticeStrip
from model.base.language import _

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

PAUSE = 2500  # milliseconds from the last stroke of a right answer to the next question


class Practising:
    """Asks, and follows the answer; it saves nothing that's written unless the user says so."""

    def __init__(self, window: MainWindow):
        self._window, self._session = window, window.session
        self._chance = Random()  # noqa: S311  (no secret)
        self.practice = begun(self._chance)
        self._misread = False  # what was written, when it was saved
        self._strip: PracticeStrip | None = None
        self._pause = Timer(window.root)

    def switch(self) -> None:
        """Begin practice, or end it and say how it went."""
        if self._window.practising.get():
            if "lessons" in vars(self._window):
                self._window.lessons.close()  # they share the same place
            self.practice = begun(self._chance)
            self._window.editor.clear()  # Undo brings it back
            self.redraw()
        else:
            self._pause.stop()
            self._count()  # what's still on the pad
            self.redraw()
            if went := self.practice.went:
                line = _("Practice is over: {right} of {all} were read right.")
                self._window.editor.show_answer(Note(line.format(right=self.practice.right, all=len(went))))
        self._window.contents.show_subject()  # the pad says what to draw if nothing else does

    def redraw(self) -> None:
        """Rebuild the strip in the current appearance and language, or remove it."""
        if self._strip:
            self._strip.destroy()
            self._strip = None
        if self._window.practising.get():
            self._strip = PracticeStrip(self._window.root, self.save, self.go_on, self._end)
            self._strip.lower()  # Tab reaches it before the pad
            self._strip.grid(row=0, column=0, sticky="ew")
            self.follow()

    def follow(self) -> None:
        """Show how the answer compares with what was asked, and if it's right, go on to the next after a moment."""
        if self._strip is None:
            return
        wrong = self._session.reading is not None and not self._is_right
        saved = bool(self._session.labels)
        self._misread = saved and (self._misread or wrong)
        state = SAVED if saved else RIGHT if self._is_right else ""
        if wrong and not state and len(self._session.text) >= len(self.practice.asked):  # else more of it is to come
            state = WRONG
        self._strip.show(self.practice, state, self._verdict, can_save=wrong and not saved and self._can_save)
        self._pause.start(PAUSE, self._go_on_alone) if state in (RIGHT, SAVED) else self._pause.stop()

    def save(self) -> None:
        """Save what was misread with the label that was asked for: in a number, the digits that were misread."""
        editor, reading = self._window.editor, self._session.reading
        if self._strip is None or reading is None or self._is_right or not self._can_save:
            return
        both = list(zip(reading.text, self.practice.asked, strict=True))
        doubted = all(digit == meant for digit, meant in both)
        for place, (digit, meant) in enumerate(both):
            if doubted or digit != meant:
                editor.select(place)
                editor.correct(meant)

    def go_on(self) -> None:
        """Ask for something else; a blank pad doesn't count."""
        if self._strip is None:
            return
        verdict = self._count()
        self._window.editor.clear()
        self.follow()  # even if there was nothing to clear
        if verdict:
            self._window.answer.show_hint(verdict)  # until the next stroke

    def _count(self) -> str:
        """Count what was written, if it was read, and return what to say about it; then something else is asked."""
        self._window.editor.settle()
        verdict = self._verdict
        right = self._is_right and not self._misread if self._session.reading is not None else None
        self.practice = self.practice.after(self._chance, right=right)
        return verdict

    def _go_on_alone(self) -> None:
        if self._window.pad.is_drawing:
            self._pause.start(PAUSE, self._go_on_alone)
        else:
            self.go_on()

    def _end(self) -> None:
        self._window.practising.set(False)
        self.switch()

    @property
    def _is_right(self) -> bool:
        reading = self._session.reading
        return reading is not None and reading.accepted and reading.text == self.practice.asked

    @property
    def _verdict(self) -> str:
        """What to say about how it was read; empty if it wasn't."""
        reading, asked = self._session.reading, self.practice.asked
        if reading is None:
            return ""
        if self._is_right:
            return _("Right! Read as {text}.").format(text=reading.text)
        if not reading.accepted:
            return _("Not sure it's {number}.").format(number=asked)
        return _("Read as {text}, not {number}.").format(text=reading.text, number=asked)

    @property
    def _can_save(self) -> bool:
        """Whether each digit that was asked for has its own ink in what was read."""
        reading = self._session.reading
        return reading is not None and not self._session.picture and len(reading.text) == len(self.practice.asked)
