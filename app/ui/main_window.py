"""The window: pad, answer, buttons and menus around one session."""

from __future__ import annotations

import functools
import logging
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from tkinter import ttk
from types import TracebackType

from app import log
from app.session import Session
from app.ui import style
from app.ui.dialogs import Dialogs
from app.ui.learning import OFTEN, Learning, what_training_needs
from app.ui.menus import Entry, MenuBar
from app.ui.pad import Pad
from app.ui.prediction_view import PredictionView
from model.errors import UserError
from model.ink import Point

WARM_UP = 100  # milliseconds after the first paint: then LiteRT is loaded, before anybody has drawn a digit

DRAW = "Draw a digit."
READ = "Press Return, or click Recognize."

TEXT_FIELDS = ("Entry", "TEntry", "Text", "Spinbox", "TSpinbox", "TCombobox")
RETRAIN, TEACH, UNDO_LEARNING, BY_ITSELF = "Re&train…", "Teac&h now", "U&ndo learning", "Teach by &itself"
DOUBTS = (("&Never", 1.0), ("&Seldom", 0.9), ("N&ormally", 0.5), ("O&ften", 0.15))  # what is refused: thresholds

NEAR = 60  # pixels: ink nearer to the right edge widens the canvas
WIDER = 160  # pixels


class MainWindow:
    """Puts a session on the screen.

    Args:
        root: an empty Tk window.
        session: what is worked on; the window shows it after every change.
    """

    def __init__(self, root: tk.Tk, session: Session):
        self.root = root
        self.session = session
        self.dialogs = Dialogs(root, session, self.use)
        self._selected = 0  # the place of the digit, in a number, that a key corrects
        root.title("Inkling")
        root.geometry("680x460")
        root.minsize(480, 360)
        root.report_callback_exception = self._report_bug
        root.protocol("WM_DELETE_WINDOW", self.close)
        style.apply(root)
        self.pad = Pad(root, self._add_stroke)
        self.answer = PredictionView(root, self.correct, self._select)
        buttons = ttk.Frame(root)
        self.learning = Learning(root, session, self.use)
        self.pad.grid(row=0, column=0, sticky="nsew", padx=(16, 8), pady=(12, 8))
        self.answer.grid(row=0, column=1, sticky="nsew", padx=(8, 16), pady=(12, 8))
        buttons.grid(row=1, column=0, columnspan=2, sticky="ew", padx=16, pady=(4, 12))
        root.rowconfigure(0, weight=1)
        root.columnconfigure(0, weight=4)
        root.columnconfigure(1, weight=1)
        self._recognize_button = self._button(buttons, "Recognize", self.recognize, "Accent.TButton")
        self._clear_button = self._button(buttons, "Clear", self.clear)
        self._undo_button = self._button(buttons, "Undo", self.undo)
        self._redo_button = self._button(buttons, "Redo", self.redo)
        self._threshold, self._by_itself = tk.DoubleVar(root), tk.BooleanVar(root)
        self._menus = self._add_menus()
        self._bind_keys()
        self._show()
        self._warming = ""
        self.pad.bind("<Expose>", self._painted)

    def close(self) -> None:
        """Close the window, and the program ends with it; a training under way is asked about."""
        if not self.dialogs.may_close():
            return
        if self._warming:
            self.root.after_cancel(self._warming)
        self.learning.end()
        self.session.samples.close()
        self.root.destroy()

    def recognize(self) -> None:
        """Answer what the drawing shows; a blank canvas asks for a drawing."""
        self.pad.finish_stroke()
        try:
            reading = self.session.recognize()
        except UserError as error:
            self._tell(error)
            return
        if reading is None:
            self.answer.show_hint(f"There is nothing to read yet. {DRAW}")
        else:
            confidences = [digit.prediction.confidence for digit in reading.digits]
            self._select(confidences.index(min(confidences)))  # most likely to need a correction
        self._show_possible()

    def correct(self, label: str) -> None:
        """Keep the selected digit's ink as what the user says it is."""
        self.pad.finish_stroke()
        if self.session.reading is None:
            return
        try:
            new = self.session.correct(self._selected, label)
        except UserError as error:
            self._tell(error)
            return
        kept = f"{self.session.samples.notice} Kept as {'an' if label == '8' else 'a'} {label}. ".lstrip()
        self._show_answer(kept)
        self._try(lambda: self._show_answer(kept + self.learning.corrected(new=new)))

    def clear(self) -> None:
        """Take all ink away."""
        self._change(self.session.clear)

    def undo(self) -> None:
        """Take the last stroke back, or the last clear."""
        self._change(self.session.undo)

    def redo(self) -> None:
        """Draw again what was taken back."""
        self._change(self.session.redo)

    def copy_result(self) -> None:
        """Put the recognised text on the clipboard; without an answer the clipboard stays as it is."""
        if self.session.reading is not None:
            self.root.clipboard_clear()
            self.root.clipboard_append(self.session.text)

    def use(self, key: str) -> None:
        """Read with another model from now on, or say why not."""
        from app import models  # noqa: PLC0415  (opening the window does not need it)

        try:
            self.session.use(models.use(key))
        except UserError as error:
            self._tell(error)
            return
        self._show()
        self.answer.show_hint(f"{models.name(key)} reads now. {DRAW if self.session.drawing.is_blank else READ}")

    def _change(self, change: Callable[[], None]) -> None:
        self.pad.finish_stroke()
        change()
        self._show()

    def _add_stroke(self, points: tuple[Point, ...]) -> None:
        self.session.add_stroke(points, self.pad.size_in_pixels)
        self._widen()
        self._show()

    def _widen(self) -> None:
        """Make room on the right for a further digit, as far as the screen has it."""
        wide, high = self.root.winfo_width(), self.root.winfo_height()
        more = min(WIDER, self.root.winfo_screenwidth() - self.root.winfo_rootx() - wide)
        if more > 0 and self.session.drawing.box.right > self.pad.size_in_pixels[0] - NEAR:
            self.root.geometry(f"{wide + more}x{high}")

    def _select(self, place: int) -> None:
        """Show the bars of the digit in this place: a key or a click corrects it."""
        self._selected = place
        self._show_answer()

    def _move(self, by: int) -> None:
        """Select the digit so many places to the right."""
        if self.session.reading:
            self._select((self._selected + by) % len(self.session.reading.digits))

    def _show_answer(self, line: str = "") -> None:
        reading = self.session.reading
        assert reading
        self.answer.show_reading(reading, self._selected, self.session.labels, line)
        self.pad.mark(self.session.text, [digit.box for digit in reading.digits], self._selected)

    def _show(self) -> None:
        """Show the session as it is after a change of the drawing."""
        drawing = self.session.drawing
        self.pad.show(drawing)
        self.pad.mark("", (), 0)
        self.answer.show_hint(DRAW if drawing.is_blank else READ)
        self._show_possible()

    def _show_possible(self) -> None:
        """Grey out what cannot be done now."""
        blank = self.session.drawing.is_blank
        for label, button, possible in (
            ("&Undo", self._undo_button, self.session.can_undo),
            ("&Redo", self._redo_button, self.session.can_redo),
            ("&Clear", self._clear_button, not blank),
            ("C&opy result", None, self.session.reading is not None),
        ):
            self._menus.enable(label, possible)
            if button:
                button.state(["!disabled" if possible else "disabled"])

    def _try(self, action: Callable[[], object]) -> None:
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
            f"Inkling met an error of its own; your drawing is safe. What happened is in {log.place()}"
        )

    def _painted(self, _event: tk.Event[tk.Misc]) -> None:
        self.pad.unbind("<Expose>")
        self._warming = self.root.after(WARM_UP, self._warm_up)

    def _warm_up(self) -> None:
        """Load LiteRT and the network before they are needed; not under a moving pen, which would stutter."""
        if self.pad.is_drawing:
            self._warming = self.root.after(WARM_UP, self._warm_up)
            return
        try:
            self.session.recognizer  # noqa: B018  (loads itself)
        except UserError as error:
            self._tell(error)
        if self.session.notice:
            self.answer.show_problem(self.session.notice)

    def _button(self, parent: ttk.Frame, text: str, command: Callable[[], None], name: str = "TButton") -> ttk.Button:
        button = ttk.Button(parent, text=text, command=command, style=name)
        button.pack(side="left", padx=(0, 8))
        return button

    def _add_menus(self) -> MenuBar:
        mac = self.root.tk.call("tk", "windowingsystem") == "aqua"
        command = "Command-" if mac else "Ctrl+"
        windows = self.root.tk.call("tk", "windowingsystem") == "win32"
        redo = "Ctrl+Y" if windows else "Shift-Command-Z" if mac else "Ctrl+Shift+Z"
        entries = [
            Entry("File", "&Save drawing…", f"{command}S", lambda: self._try(self.dialogs.save_drawing)),
            Entry("File", "&Quit", f"{command}Q", self.close),
            Entry("Edit", "&Undo", f"{command}Z", self.undo),
            Entry("Edit", "&Redo", redo, self.redo),
            Entry("Edit", "&Clear", "Esc", self.clear),
            Entry("Edit", "C&opy result", f"{command}C", self.copy_result),
            Entry("Model", "&Recognize", "Return", self.recognize),
            Entry("Model", TEACH, f"{command}T", lambda: self._try(self.learning.teach)),
            Entry("Model", UNDO_LEARNING, "", lambda: self._try(self.learning.undo)),
            Entry("Model", BY_ITSELF, "", self._set, self._by_itself),
            Entry("Model", "My &drawings…", "", lambda: self._try(self.dialogs.drawings)),
            *(Entry("Model/Re&fuse", label, "", self._set, self._threshold, value) for label, value in DOUBTS),
            Entry("Model", RETRAIN, "", lambda: self._try(self.dialogs.retrain)),
            Entry("Model", "&Models…", "", lambda: self._try(self.dialogs.models)),
            Entry("Model", "&Open…", "", lambda: self._try(self.dialogs.open_model)),
            Entry("Model", "&About this model", "", lambda: self._try(self.dialogs.about_model)),
            Entry("Help", "&About Inkling", "", self.dialogs.about),
        ]
        return MenuBar(self.root, entries, {"Model": self._show_model_menu})

    def _show_model_menu(self) -> None:
        """Show what can be done with the model now, and name what is missing for the rest."""
        from app import settings  # noqa: PLC0415  (opening the window does not need it)

        chosen = settings.load()
        self._threshold.set(chosen.threshold)
        self._by_itself.set(chosen.teach_after > 0)
        missing = what_training_needs()
        for label in (TEACH, RETRAIN):
            self._menus.enable(label, not missing, f"needs: {missing}" if missing else "")
        self._menus.enable(UNDO_LEARNING, self.learning.can_undo())

    def _set(self) -> None:
        """Keep what was chosen in the menu, and answer by it."""
        from app import settings  # noqa: PLC0415  (as above)

        chosen = replace(
            settings.load(),
            threshold=self._threshold.get(),
            teach_after=OFTEN if self._by_itself.get() else 0,
        )
        self._try(lambda: settings.save(chosen))
        was_read = self.session.reading is not None
        self.session.set_threshold(chosen.threshold)
        if was_read:
            self.recognize()

    def _bind_keys(self) -> None:
        modifier = "Command" if self.root.tk.call("tk", "windowingsystem") == "aqua" else "Control"
        for keys, action in (
            (("<Return>", "<KP_Enter>"), self.recognize),
            (("<Escape>",), self.clear),
            (("<<Undo>>",), self.undo),
            (("<<Redo>>",), self.redo),
            (("<<Copy>>",), self.copy_result),
            ((f"<{modifier}-s>",), lambda: self._try(self.dialogs.save_drawing)),
            ((f"<{modifier}-q>",), self.close),
            ((f"<{modifier}-t>",), lambda: self._try(self.learning.teach)),
            (("<Left>",), lambda: self._move(-1)),
            (("<Right>",), lambda: self._move(1)),
            *(((digit, f"<KP_{digit}>"), functools.partial(self.correct, digit)) for digit in "0123456789"),
        ):
            for key in keys:
                self.root.bind(key, lambda event, action=action: self._pressed(event, action))  # type: ignore[misc]

    def _pressed(self, event: tk.Event[tk.Misc], action: Callable[[], None]) -> None:
        """Do what a key stands for, unless a dialog has the key or a text field needs it itself."""
        focus = event.widget
        if not isinstance(focus, tk.Misc) or focus.winfo_toplevel() is not self.root:
            return
        if focus.winfo_class() not in TEXT_FIELDS:
            action()
