"""The window: pad, answer, buttons and menus around one session."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path
from tkinter import ttk
from types import TracebackType
from typing import TYPE_CHECKING

from app.drawing.session import Session
from app.facts import log
from app.kept import settings
from app.ui.answer.prediction_view import PredictionView
from app.ui.kit import glyphs, key_events, look, style, theme
from app.ui.kit.accessible import Voice, bars_in_words, describe_window, strokes_in_words
from app.ui.kit.keys import has_keyboard
from app.ui.kit.look import SystemLook
from app.ui.kit.questions import is_asking
from app.ui.kit.room import Room
from app.ui.pad.empty_hint import EmptyHint
from app.ui.pad.pad import ERASER, PEN, Pad
from app.ui.window import main_menu
from app.ui.window.choices import Choices
from app.ui.window.dialogs import Dialogs
from app.ui.window.learning import Learning
from app.ui.window.see_inside import INSIDE, WIDTH, SeeInside
from app.ui.window.toolbar import Toolbar
from app.ui.window.warm_up import WarmUp
from model.base import language
from model.base.errors import UserError
from model.base.language import N_, _
from model.ink.ink import Point

if TYPE_CHECKING:
    from app.ui.window.files import Files

SMALLEST = (480, 360)  # pixels, of the window
AT_FIRST = (680, 460)

HERE = N_("The answer comes here.")
READ = N_("Press Return, or click Recognize.")

NEAR = 60  # pixels: ink nearer to the right edge widens the canvas
WIDER = 160  # pixels
NUMBER = "number"  # what the window is wider for


class MainWindow:
    """Puts a session on the screen.

    Args:
        root: an empty Tk window.
        session: what is worked on; the window shows it after every change.
    """

    def __init__(self, root: tk.Tk, session: Session):
        self.root = root
        self.session = session
        self.choices = Choices(root, self._chosen, self.attempt)
        root.title("Inkling")
        root.report_callback_exception = self._report_bug
        root.protocol("WM_DELETE_WINDOW", self.close)
        root.rowconfigure(0, weight=1)
        root.columnconfigure(0, weight=1)
        key_events.let_return_press(root)
        key_events.listen(root)
        self.dialogs = Dialogs(root, session, self.use, lambda: main_menu.entries(self), self.attempt)
        self.room = Room(root)
        self.inside = SeeInside(self.room, session)
        self.learning = Learning(root, session, self.use)
        self._selected = 0  # the place of the digit, in a number, that a key corrects
        self.erasing = tk.BooleanVar(root)  # the eraser is in the hand
        self._later = ""  # Tk's name for what waits until the pen's events are through
        self._build()
        most = self.room.most
        root.minsize(*(min(style.px(side), there) for side, there in zip(SMALLEST, most, strict=True)))
        more = {INSIDE: style.px(WIDTH)} if self.choices.now.inside else {}
        root.geometry(self.room.begin(style.px(AT_FIRST[0]), style.px(AT_FIRST[1]), more))
        self._system_look = SystemLook(root, self._system_look_changed)
        self._warm_up = WarmUp(self, self._ready)

    @cached_property
    def files(self) -> Files:
        """What opens and saves."""
        from app.ui.window.files import Files  # noqa: PLC0415  (it has Pillow: after the first paint)

        return Files(self.root, self.session, self.show, self._tell)

    def close(self) -> None:
        """Close the window, and the program ends with it; a training under way is asked about."""
        if is_asking(self.root) or not self.dialogs.may_close():
            return
        if self._later:
            self.root.after_cancel(self._later)
        self._warm_up.end()
        self.pad.finish_stroke()
        self.files.close()
        self._system_look.end()
        self.learning.end()
        self.session.samples.close()
        self.root.destroy()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a drawing or a picture in the window, or several in a list."""
        self.files.open_paths([str(path) for path in paths])

    def recognize(self) -> None:
        """Answer what the drawing shows; a blank canvas asks for a drawing."""
        self.pad.finish_stroke()
        try:
            reading = self.session.recognize()
        except UserError as error:
            self._tell(error)
            return
        if reading is None:
            self.answer.show_hint(_("There is nothing to read yet. Draw a digit."))
        else:
            self._select(reading.least_sure)  # most likely to need a correction
        self._show_possible()

    def correct(self, label: str) -> None:
        """Keep the selected digit's ink as what the user says it is."""
        self.pad.finish_stroke()
        if self.session.reading is None:
            return
        try:
            self.session.correct(self._selected, label)
        except UserError as error:
            self._tell(error)
            return
        self._show_kept(label)

    def clear(self) -> None:
        """Take all ink away."""
        self._change(self.session.clear)

    def undo(self) -> None:
        """Take the last change back: a stroke, a clear, a label."""
        learned = self.learning.learned() if self.session.label_to_undo else 0

        def tell(line: str) -> None:
            too = _("The model has learned it; Model ▸ Undo learning takes that back, too.")
            self._show_line(f"{line} {too}" if self.learning.learned() < learned else line)

        self._step(self.session.undo, tell)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(self.session.redo, self._show_kept)

    def copy_result(self) -> None:
        """Put the recognised text on the clipboard; without an answer the clipboard stays as it is."""
        if self.session.reading is not None:
            self.root.clipboard_clear()
            self.root.clipboard_append(self.session.text)

    def use(self, key: str) -> None:
        """Read with another model from now on, or say why not."""
        from app.kept import models  # noqa: PLC0415  (opening the window does not need it)

        try:
            self.session.use(models.use(key))
        except UserError as error:
            self._tell(error)
            return
        self.show()
        if self.session.reading is None:
            hint = _(HERE) if self.session.is_blank else _(READ)
            self.answer.show_hint(_("{model} reads now.").format(model=models.name(key)) + " " + hint)

    def switch_tool(self) -> None:
        """Take the tool into the hand that the menu says."""
        self.pad.take(ERASER if self.erasing.get() else PEN)

    def draw_by_keyboard(self) -> None:
        """Give the keyboard a pen on the pad."""
        self.pad.focus_set()
        self.pad.keyboard.wake()

    def rebuild(self) -> None:
        """Make the window's contents anew, in the language and the look of now; the drawing and its answer stay."""
        self.pad.finish_stroke()
        selected, pen = self._selected, self.pad.keyboard
        had_keyboard = has_keyboard(self.pad)
        self._menus.destroy()
        self._page.destroy()
        self._build()
        self._page.lower()  # Tab comes to it before what is below the buttons
        self._selected = selected
        if self.session.reading is not None:
            self._show_answer()
        if had_keyboard:
            self.pad.focus_set()
        self.pad.keyboard.go_on_from(pen)
        self.dialogs.renew()
        self.files.redraw()
        self.learning.redraw()

    def _build(self) -> None:
        """Fill the window, from the session and the settings."""
        language.use(self.choices.now.language)
        theme.apply(self.root, look.chosen(self.choices.now.look))
        self._page = page = ttk.Frame(self.root)
        page.grid(row=0, column=0, sticky="nsew")
        self.pad = Pad(page, self._add_stroke, self._erase)
        self.pad.on_move = self._follow
        self.pad.on_full = self._say_full
        self.answer = PredictionView(page, self.correct, self._select)
        self._toolbar = Toolbar(page, self)
        side, between = style.px(16), style.px(8)
        self.pad.grid(row=0, column=0, sticky="nsew", padx=(side, between), pady=(style.px(12), between))
        self.answer.grid(row=0, column=1, sticky="nsew", padx=(between, side), pady=(style.px(12), between))
        self._toolbar.grid(row=1, column=0, columnspan=2, sticky="ew", padx=side, pady=(style.px(4), style.px(12)))
        page.rowconfigure(0, weight=1)
        page.columnconfigure(0, weight=4)
        page.columnconfigure(1, weight=1)
        self._menus = main_menu.build(self)
        self._hint = EmptyHint(self.pad)
        self._voice = Voice(self.root)
        describe_window(self._voice, self.pad, self.answer, self.answer.bars, self._toolbar.buttons)
        self._set_pen()
        if self.session.is_ready:  # else it is not needed yet, and can wait
            self.inside.fold(page, unfolded=self.choices.now.inside)
        self.show()

    def _change(self, change: Callable[[], None]) -> None:
        self.pad.finish_stroke()
        change()
        self.show()

    def _step(self, step: Callable[[], str], tell: Callable[[str], None]) -> None:
        """Go through the history, and tell what is not seen on the pad."""
        self.pad.finish_stroke()
        try:
            what = step()
        except UserError as error:
            self._tell(error)
            return
        if not what or self.session.reading is None:
            self.show()
        if what:
            self._selected = self.session.changed
            tell(what)
            self._show_possible()

    def _show_kept(self, label: str) -> None:
        """Say that a digit's ink is kept, and how many wait to be learned."""
        as_what = _("Saved as an {digit}.") if label == "8" else _("Saved as a {digit}.")
        kept = f"{self.session.samples.notice} {as_what.format(digit=label)} ".lstrip()
        self._show_line(kept)
        self._show_possible()
        self.attempt(lambda: self._show_line(kept + self.learning.corrected()))

    def _add_stroke(self, points: tuple[Point, ...]) -> None:
        self.session.add_stroke(points, self.pad.size_in_pixels)
        self._widen()
        self.show()

    def _say_full(self) -> None:
        self.answer.show_problem(_("This drawing is full; clear it, or undo a stroke."))

    def _erase(self, places: Collection[int]) -> None:
        self.session.erase(places)
        self.show()

    def _set_pen(self) -> None:
        """Let the pad have the pen that the settings say, and the tool that is in the hand."""
        chosen = self.choices.now
        self.session.set_width(chosen.width)
        self.pad.pen_width, self.pad.smooth, self.pad.guide = chosen.width, chosen.smooth, chosen.guide
        self.switch_tool()

    def _follow(self) -> None:
        """Let the answer follow the pen, once the events that wait are through."""
        if self._is_followed and not self._later:
            self._later = self.root.after_idle(self._follow_now)

    def _show_inside(self) -> None:
        """Let the panel show what the answer is about."""
        self.inside.show(self.session.drawing, self.session.reading, self._selected)

    @property
    def _is_followed(self) -> bool:
        """Whether the answer follows the pen, and can: the recogniser is loaded some time after the first paint."""
        return self.choices.now.live and self.session.is_ready

    def _follow_now(self) -> None:
        self._later = ""
        if self.pad.wet_strokes:
            drawing = self.session.with_strokes(self.pad.wet_strokes)
            reading = self.session.recognizer.recognize(drawing)
            self.answer.show_reading(reading, reading.least_sure, {}, moving=True)
            self.inside.show(drawing, reading, reading.least_sure)

    def _widen(self) -> None:
        """Make room on the right for a further digit."""
        if self.session.drawing.box.right > self.pad.size_in_pixels[0] - NEAR:
            self.room.widen(NUMBER, style.px(WIDER))

    def _select(self, place: int) -> None:
        """Show the bars of the digit in this place: a key or a click corrects it."""
        self._selected = place
        self._show_answer()

    def select_beside(self, by: int) -> None:
        """Select the digit so many places to the right."""
        if self.session.reading:
            self._select((self._selected + by) % len(self.session.reading.digits))

    def _show_line(self, line: str) -> None:
        """Say something, beside the answer where there is one."""
        if self.session.reading is None:
            self.answer.show_hint(line)
        self._show_answer(line)

    def _show_answer(self, line: str = "") -> None:
        """Show what was read, with what else is to be said."""
        reading = self.session.reading
        if reading is not None:
            self._selected = min(self._selected, len(reading.digits) - 1)
            self.answer.show_reading(reading, self._selected, self.session.labels, line)
            self.pad.mark(self.session.text, [digit.box for digit in reading.digits], self._selected)
            self._voice.say(self.answer, self.session.text)
            told = reading.as_told(self.session.labels).digits[self._selected].prediction
            self._voice.say(self.answer.bars, bars_in_words(told.probabilities))
            self._show_inside()

    def show(self) -> None:
        """Show the drawing or the picture, and what is known of it: the answer, where it follows the pen."""
        picture = self.session.picture
        self.pad.show_picture(picture.image if picture else None)
        self.pad.show(self.session.drawing)
        self._hint.show(self.session.is_blank)
        if self.session.is_blank:
            self.room.narrow(NUMBER)
        self._voice.say(self.pad, strokes_in_words(len(self.session.drawing.strokes)))
        if self.session.is_ready and not self.session.is_blank and (self.choices.now.live or picture):
            self.recognize()
            return
        self._show_inside()
        if self.session.reading is None:
            self.pad.mark("", (), 0)
            self.answer.show_hint(_(HERE) if self.session.is_blank else _(READ))
        self._show_possible()

    def _show_possible(self) -> None:
        """Grey out what cannot be done now."""
        blank = self.session.is_blank
        for label, possible, what in (
            (main_menu.UNDO, self.session.can_undo, self.session.label_to_undo),
            (main_menu.REDO, self.session.can_redo, self.session.label_to_redo),
            (main_menu.CLEAR, not blank, ""),
            (main_menu.COPY, self.session.reading is not None, ""),
        ):
            self._menus.enable(label, possible, _("(label {digit})").format(digit=what) if what else "")
            self._toolbar.enable(label, possible)

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something, or say why not."""
        self.pad.finish_stroke()
        try:
            action()
        except UserError as error:
            self._tell(error)

    def _tell(self, error: UserError) -> None:
        """Say what is wrong; the trace goes to the log."""
        logging.info("told the user: %s", error, exc_info=error)
        self.answer.show_problem(str(error))

    def _report_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an error that nobody expected and say so; the drawing is not touched."""
        logging.error("a bug", exc_info=(kind, error, trace))
        self.answer.show_problem(
            _("Inkling met an error of its own; your drawing is safe. What happened is in {log}").format(
                log=log.place()
            )
        )

    def _ready(self) -> None:
        """Show what waited for the network to be loaded, and what is to be said of the start."""
        self.inside.fold(self._page, unfolded=self.choices.now.inside)
        if self._is_followed or self.inside.is_shown:
            self.show()
        notice = " ".join(filter(None, (self.session.notice, settings.notice(), glyphs.warning(self.root))))
        if notice:
            self.answer.show_problem(notice)

    def _chosen(self, name: str) -> None:
        """Do what follows from a setting that was chosen."""
        match name:
            case "look" | "language":
                self.rebuild()
                if warning := glyphs.warning(self.root):
                    self.answer.show_problem(warning)
            case "live":
                self.show()
            case "inside":
                self.inside.fold(self._page, unfolded=self.choices.now.inside)
                self.inside.widen()
                self._show_inside()
            case "width" | "smooth" | "guide":
                self._set_pen()
                self.show()
            case "threshold":
                was_read = self.session.reading is not None
                self.session.set_threshold(self.choices.now.threshold)
                if was_read:
                    self.recognize()

    def _system_look_changed(self) -> None:
        if not self.choices.now.look:
            self.rebuild()
