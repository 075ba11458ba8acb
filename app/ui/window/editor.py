"""What is done with the drawing in the window, and what is shown of it and of its answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from app.ui.kit import style
from app.ui.kit.background import Slices
from app.ui.window import main_menu
from model.base.language import N_, _
from model.base.work import Work
from model.ink.ink import Drawing, Point

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow
    from model.reading.reading import Reading

HERE = N_("The answer comes here.")
READ = N_("Press Return, or click Recognize.")

NEAR = 60  # pixels: ink nearer to the right edge widens the canvas
WIDER = 160  # pixels
NUMBER = "number"  # what the window is wider for


class Editor:
    """Works on a window's session, and shows it after every change."""

    def __init__(self, window: MainWindow):
        self._window, self._session = window, window.session
        self.selected = 0  # the place of the digit, in a number, that a key corrects
        self._slices = Slices(window.root, window.tell)  # of reading what is on the pad
        self._is_newer = False  # what is on the pad, than what is being read or was read last

    def end(self) -> None:
        """Finish what is under the pen: the window closes."""
        self._window.pad.finish_stroke()
        self._slices.stop()

    def add_stroke(self, points: tuple[Point, ...]) -> None:
        """Let a stroke be in the drawing, and make room on the right for a further digit."""
        size = self._window.pad.size_in_pixels
        self._session.add_stroke(points, size)
        if self._session.drawing.box.right > size[0] - NEAR:
            self._window.room.widen(NUMBER, style.px(WIDER))
        self._show()

    def erase(self, places: Collection[int]) -> None:
        """Take the strokes in these places of the drawing away."""
        self._session.erase(places)
        self.show()

    def clear(self) -> None:
        """Take all ink away."""
        self._window.pad.finish_stroke()
        self._session.clear()
        self.show()

    def recognize(self) -> None:
        """Answer what the drawing shows; a blank canvas asks for a drawing."""

        def read() -> None:
            self._slices.stop()
            if reading := self._session.recognize():
                self.select(reading.least_sure)  # most likely to need a correction
            else:
                self._window.answer.show_hint(_("There is nothing to read yet. Draw a digit."))
            self._show_possible()

        self._window.attempt(read)

    def correct(self, label: str) -> None:
        """Keep the selected digit's ink as what the user says it is."""

        def keep() -> None:
            self.settle()
            if self._session.reading:
                self._session.correct(self.selected, label)
                self._show_kept(label)

        self._window.attempt(keep)

    def undo(self) -> None:
        """Take the last change back: a stroke, a clear, a label."""
        learned = self._window.learning.learned() if self._session.label_to_undo else 0

        def tell(line: str) -> None:
            too = _("The model has learned it; Model ▸ Undo learning takes that back, too.")
            self.show_answer(f"{line} {too}" if self._window.learning.learned() < learned else line)

        self._step(self._session.undo, tell)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(self._session.redo, self._show_kept)

    def copy_result(self) -> None:
        """Put the recognised text on the clipboard; without an answer the clipboard stays as it is."""
        self.settle()
        if self._session.reading:
            self._window.root.clipboard_clear()
            self._window.root.clipboard_append(self._session.written)

    def select(self, place: int) -> None:
        """Show the bars of the digit in this place: a key or a click corrects it."""
        self.selected = place
        self.show_answer()

    def select_beside(self, by: int) -> None:
        """Select the digit so many places to the right."""
        self.settle()
        if self._session.reading:
            self.select((self.selected + by) % len(self._session.reading.digits))

    def follow(self) -> None:
        """Let the answer follow the pen, once the events that wait are through."""
        if self.is_followed:
            self._is_newer = True
            if not self._slices.busy:
                self._slices.start(self._read_newest(), "idle")

    def settle(self) -> None:
        """Have the answer that is being worked out, all of it, now."""
        self._slices.go_on(math.inf)

    @property
    def is_reading(self) -> bool:
        """Whether an answer is being worked out."""
        return self._slices.busy

    @property
    def is_followed(self) -> bool:
        """Whether the answer follows the pen, and can: the recogniser is loaded some time after the first paint."""
        return self._window.choices.now.live and self._session.is_ready

    def show(self) -> None:
        """Show the drawing or the picture, and what is known of it: the answer, where it follows the pen."""
        self._slices.stop()  # it can be about something else altogether
        self._show()

    def _show(self) -> None:
        session = self._session
        self._window.contents.show_subject()
        if session.is_blank:
            self._window.room.narrow(NUMBER)
        elif session.is_ready and (session.picture or (session.reading and self.is_followed)):
            self.recognize()
            return
        elif self.is_followed:
            self.follow()
            self._slices.go_on()
            self._show_possible()
            return
        self.show_inside()
        if session.reading is None:
            self._window.pad.mark("", (), 0)
            self.show_hint()
        self._show_possible()

    def show_hint(self, line: str = "") -> None:
        """Say something and what to do, unless there is an answer, or will be in a moment."""
        if self._session.reading is None and not self.is_reading:
            hint = _(HERE) if self._session.is_blank else _(READ)
            self._window.answer.show_hint(f"{line} {hint}".lstrip())

    def show_answer(self, line: str = "") -> None:
        """Show what was read, if it was, and what else is to be said."""
        if reading := self._session.reading:
            self.selected = min(self.selected, len(reading.digits) - 1)
            self._window.contents.show_answer(reading, self.selected, line)
            self.show_inside()
        elif line:
            self._window.answer.show_hint(line)

    def show_inside(self) -> None:
        """Let the panel of what the network does show what the answer is about."""
        self._window.contents.show_inside(self._session.drawing, self._session.reading, self.selected)

    def _read_newest(self) -> Work[None]:
        """Read what is on the pad, in pieces of work, until nothing newer is there.

        What is begun is finished and shown where the pen has moved on, too: else a hand that never rests on a pad full
        of ink would see no answer.
        """
        session = self._session
        while self._is_newer:
            self._is_newer = False
            strokes = self._window.pad.wet_strokes
            drawing = session.with_strokes(strokes) if strokes else session.drawing
            if strokes or session.reading is None:
                self._show_read(drawing, (yield from session.recognizer.reading(drawing)))

    def _show_read(self, drawing: Drawing, reading: Reading) -> None:
        """Show what a drawing was read as, which may have gone on meanwhile."""
        if self._session.take_reading(drawing, reading):
            self.select(reading.least_sure)
            self._show_possible()
        else:
            self._window.answer.show_reading(reading, reading.least_sure, {}, moving=True)
            self._window.contents.show_inside(drawing, reading, reading.least_sure)

    def _step(self, step: Callable[[], str], tell: Callable[[str], None]) -> None:
        """Go through the history, and tell what is not seen on the pad."""

        def go() -> None:
            what = step()
            if not what or self._session.reading is None:
                self.show()
            if what:
                self.selected = self._session.changed
                tell(what)
                self._show_possible()

        self._window.attempt(go)

    def _show_kept(self, label: str) -> None:
        """Say that a digit's ink is kept, and how many wait to be learned."""
        as_what = _("Saved as an {digit}.") if label == "8" else _("Saved as a {digit}.")
        kept = f"{self._session.samples.notice} {as_what.format(digit=label)} ".lstrip()
        self.show_answer(kept)
        self._show_possible()
        self._window.attempt(lambda: self.show_answer(kept + self._window.learning.corrected()))

    def _show_possible(self) -> None:
        """Grey out what cannot be done now."""
        session = self._session
        for label, possible, what in (
            (main_menu.UNDO, session.can_undo, session.label_to_undo),
            (main_menu.REDO, session.can_redo, session.label_to_redo),
            (main_menu.CLEAR, not session.is_blank, ""),
            (main_menu.COPY, session.reading is not None or self.is_reading, ""),
        ):
            self._window.menus.enable(label, possible, _("(label {digit})").format(digit=what) if what else "")
            self._window.contents.enable(label, possible)
