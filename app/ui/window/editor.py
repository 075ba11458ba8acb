"""Edits the drawing in the window, and shows it and its answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from app.kept import settings
from app.ui.answer.name_of_sign import NameOfSign
from app.ui.answer.note import NONE, Note
from app.ui.kit import style
from app.ui.kit.background import Slices
from app.ui.window import main_menu
from model.base.language import N_, _
from model.base.work import Work
from model.ink.ink import Drawing, Point
from model.reading.reading import FEWEST

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow
    from model.reading.reading import Reading

HERE = N_("The answer appears here.")
READ = N_("Press Return, or click Recognize.")
LEARNED, FORGOTTEN = N_("Learned."), N_("Forgotten.")

NEAR, WIDER = 60, 160  # pixels: ink this close to the right edge makes the canvas this much wider
NUMBER = "number"  # what makes the window wider


class Editor:
    """Works on a window's session, and shows the result after every change."""

    def __init__(self, window: MainWindow):
        self._window, self._session = window, window.session
        self.selected = 0  # which digit of a number a key corrects
        self._slices = Slices(window.root, window.tell)  # of the work of reading what's on the pad
        self._is_newer = False  # whether the pad is newer than what is being read or was read last

    def end(self) -> None:
        """Finish the stroke under the pen: the window is closing."""
        self._window.pad.finish_stroke()
        self._slices.stop()

    def add_stroke(self, points: tuple[Point, ...]) -> None:
        """Add a stroke to the drawing, and make room on the right for another digit."""
        size = self._window.pad.size_in_pixels
        self._session.add_stroke(points, size)
        if self._session.drawing.box.right > size[0] - NEAR:
            self._window.room.widen(NUMBER, style.px(WIDER), whole=True)
        self._show()

    def erase(self, places: Collection[int]) -> None:
        """Remove the strokes at these places in the drawing."""
        self._session.erase(places)
        self.show()

    def clear(self) -> None:
        """Remove all ink."""
        self._window.pad.finish_stroke()
        self._session.clear()
        self.show()

    def answer(self) -> None:
        """Recognize the drawing again if it has been read already."""
        again = self._session.reading is not None
        if again and not self._session.picture:
            self._session.reading = None
        self.recognize()
        if again and self._session.reading:
            self.show_answer(Note(_("Read again: {text}.").format(text=self._session.written)))

    def recognize(self) -> None:
        """Read what's drawn and show the answer; if the pad is blank, ask for a drawing."""

        def read() -> None:
            self._slices.stop()
            if reading := self._session.recognize():
                self.select(reading.least_sure)  # most likely to need a correction
            else:
                self._window.answer.show_hint(_("There's nothing to read yet. Draw a digit."))
            self._show_possible()

        self._window.attempt(read)

    def correct(self, label: str) -> None:
        """Save the selected digit's ink with the user's label."""

        def keep() -> None:
            self.settle()
            if self._session.reading:
                self._session.correct(self.selected, label)
                self._show_kept(label)

        self._window.attempt(keep)

    def name_sign(self) -> None:
        """Ask, in the answer, which sign the selected digit is."""
        self.settle()
        if self._session.reading:
            NameOfSign(self._window.answer, self.correct)

    def undo(self) -> None:
        """Undo the last change: a stroke, a clear, a label."""
        learned = self._window.learning.learned() if self._session.correction else 0

        def tell(line: str) -> None:
            too = _("The model has learned it; Undo learning in Model ▸ My drawings… takes that back, too.")
            has_learned = self._window.learning.learned() < learned
            stays = has_learned and not settings.load().learn
            self._tell_and_learn(Note(line, too if stays else ""), FORGOTTEN if has_learned else "")

        self._step(self._session.undo, tell)

    def take_back(self, correction: object) -> None:
        """Undo a correction, unless there have been changes since then, which undo would take back first."""
        if correction is self._session.correction:
            self.undo()

    def redo(self) -> None:
        """Redo what was undone."""
        self._step(self._session.redo, self._show_kept)

    def copy_result(self) -> None:
        """Copy the recognized text, or a page's table, to the clipboard; if there's no answer, leave it alone."""
        self.settle()
        if reading := self._session.reading:
            picture = self._session.picture
            table = self._window.pages.table_of(picture) if picture and reading.reason == "lines" else None
            self._window.root.clipboard_clear()
            self._window.root.clipboard_append(table.tabbed if table else self._session.written)

    def select(self, place: int) -> None:
        """Show the bars of the digit at this place: a key or a click corrects it."""
        self.selected = place
        self.show_answer()

    def choose(self, place: int) -> None:
        """Select the digit whose frame on the pad was clicked; if the click was read as a dot, no longer show that."""
        self.settle()
        if self._session.reading:
            self.select(place)

    def select_beside(self, by: int) -> None:
        """Select the digit this many places to the right."""
        self.settle()
        if self._session.reading:
            self.select((self.selected + by) % len(self._session.reading.digits))

    def follow(self) -> None:
        """Let the answer follow the pen, once pending events are handled."""
        if self.is_followed:
            self._is_newer = True
            if not self._slices.busy:
                self._slices.start(self._read_newest(), "idle")

    def settle(self) -> None:
        """Finish the answer that's being worked out, now."""
        self._slices.go_on(math.inf)

    @property
    def is_reading(self) -> bool:
        """Whether an answer is being worked out."""
        return self._slices.busy

    @property
    def is_followed(self) -> bool:
        """Whether the answer follows the pen and can: the recognizer is loaded some time after the first paint."""
        return self._window.choices.now.live and self._session.is_ready

    def show(self) -> None:
        """Show the drawing or the picture, and its answer if the answer follows the pen."""
        self._slices.stop()  # it may be about something else altogether
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
        """Show a hint about what to do, unless there's an answer, or will be in a moment."""
        if self._session.reading is None and not self.is_reading:
            hint = _(HERE) if self._session.is_blank else _(READ)
            self._window.answer.show_hint(f"{line} {hint}".lstrip())

    def show_answer(self, note: Note = NONE) -> None:
        """Show what was read, if anything, and a note."""
        if note.undo is not self._session.correction:
            note = replace(note, undo=None)  # its button would undo something else
        if reading := self._session.reading:
            self.selected = min(self.selected, len(reading.digits) - 1)
            self._window.contents.show_answer(reading, self.selected, note)
            self.show_inside()
        elif note.text:
            self._window.answer.show_hint(note.text)

    def show_inside(self) -> None:
        """Show in the panel of what the network does what the answer is about."""
        self._window.contents.show_inside(self._session.drawing, self._session.reading, self.selected)

    def _read_newest(self) -> Work[None]:
        """Read what's on the pad, in pieces of work, until there's nothing newer.

        A reading that has begun is finished and shown even if the pen has moved on: otherwise a hand that never rests
        on a pad full of ink would see no answer.
        """
        session = self._session
        while self._is_newer:
            self._is_newer = False
            strokes = self._window.pad.wet_strokes
            drawing = session.with_strokes(strokes) if strokes else session.drawing
            if strokes or session.reading is None:
                self._show_read(drawing, (yield from session.recognizer.reading(drawing)))

    def _show_read(self, drawing: Drawing, reading: Reading) -> None:
        """Show what a drawing was read as, though it may have changed meanwhile."""
        if self._session.take_reading(drawing, reading):
            self.select(reading.least_sure)
            self._show_possible()
        else:
            self._window.answer.show_reading(reading, reading.least_sure, {}, moving=True)
            self._window.contents.show_inside(drawing, reading, reading.least_sure)

    def _step(self, step: Callable[[], str], tell: Callable[[str], None]) -> None:
        """Take a step through the history, and report what can't be seen on the pad."""

        def go() -> None:
            what = step()
            if not what or self._session.reading is None:
                self.show()
            if what:
                self.settle()  # an answer that came later would replace the line
                self.selected = self._session.changed
                tell(what)
                self._show_possible()

        self._window.attempt(go)

    def _show_kept(self, label: str) -> None:
        """Say that a digit's ink is saved, and how many drawings wait to be learned."""
        a_digit = _("Saved as an {digit}.") if label == "8" else _("Saved as a {digit}.")
        as_what = a_digit if label.isdecimal() else _("Saved as {sign}.")
        undo = self._session.correction_of(self.selected)
        count = FEWEST if label.isdecimal() else self._session.samples.counts_by_label().get(label, 0)
        if count < FEWEST:  # not enough to learn yet
            line = _("Saved as {sign}, {count} of {most} drawings: then it's read.")
            self.show_answer(Note(line.format(sign=label, count=count, most=FEWEST), undo=undo))
            self._show_possible()
            return
        kept = f"{self._session.samples.notice} {as_what.format(digit=label, sign=label)}".lstrip()
        self._tell_and_learn(Note(kept, undo=undo), LEARNED)

    def _tell_and_learn(self, note: Note, done: str) -> None:
        """Say what was done with a label, and learn it, or say how many drawings wait to be learned."""
        self.show_answer(note)
        self._show_possible()
        self._window.attempt(lambda: self.show_answer(self._window.learning.changed(note, done)))

    def show_learned(self, note: Note) -> None:
        """Read what's on the pad again with what the model has learned, if it has been read, and show a note."""
        if self.is_reading:
            self.follow()
        elif self._session.reading:
            self._slices.start(self._read_anew(note))

    def _read_anew(self, note: Note) -> Work[None]:
        recognizer, picture, drawing = self._session.recognizer, self._session.picture, self._session.drawing
        reading = recognizer.recognize(picture.image) if picture else (yield from recognizer.reading(drawing))
        if reading.digits and self._session.take_reading(picture or drawing, reading):
            self.show_answer(note)
            self._show_possible()

    def _show_possible(self) -> None:
        """Grey out what can't be done now, and update practice."""
        session = self._session
        last = session.correction.text if session.correction else ""
        for label, possible, what in (
            (main_menu.UNDO, session.can_undo, last),
            (main_menu.REDO, session.can_redo, session.label_to_redo),
            (main_menu.CLEAR, not session.is_blank, ""),
            (main_menu.COPY, session.reading is not None or self.is_reading, ""),
        ):
            self._window.menus.enable(label, possible, _("(saved as {digit})").format(digit=what) if what else "")
            self._window.contents.toolbar.enable(label, possible)
        if self._window.practising.get():
            self._window.practice.follow()
