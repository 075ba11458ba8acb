"""The window: pad, answer, buttons and menus around one session."""

from __future__ import annotations

import logging
import sys
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from app.drawing.session import Session
from app.facts import log
from app.kept import settings
from app.ui.kit import glyphs, icon, key_events, look, style, theme
from app.ui.kit.background import Timer
from app.ui.kit.keys import has_keyboard
from app.ui.kit.questions import is_asking, leave_out_hidden_files
from app.ui.kit.room import Room
from app.ui.pad.pad import ERASER, PEN
from app.ui.window import main_menu
from app.ui.window.contents import INSIDE_WIDTH, Contents
from app.ui.window.editor import Editor
from app.ui.window.main_menu import Choices
from model.base import language
from model.base.errors import UserError
from model.base.language import _

if TYPE_CHECKING:
    from app.ui.window.dialogs import Dialogs
    from app.ui.window.files import Files
    from app.ui.window.learning import Learning
    from app.ui.window.pages import Pages

SMALLEST = (480, 360)  # pixels, of the window
AT_FIRST = (680, 460)

INSIDE = "inside"  # what the window is wider for
LATER = {
    "dialogs",
    "files",
    "learning",
    "pages",
}  # are imported and made when they are asked for: after the first paint
LOAD_AFTER = 100  # milliseconds after the first paint, and until the pen is looked at again
BETWEEN_STEPS = 1  # milliseconds, for what the window has to do
LOADED_ALONE = ("numpy", "model.reading.recognizer")  # each some tens of milliseconds, for which a pen waits


class MainWindow:
    """Puts a session into an empty Tk window."""

    def __init__(self, root: tk.Tk, session: Session):
        self.root = root
        self.session = session
        self.choices = Choices(self)
        root.title("Inkling")
        root.report_callback_exception = self._report_bug
        root.protocol("WM_DELETE_WINDOW", self.close)
        root.rowconfigure(0, weight=1)
        root.columnconfigure(0, weight=1)
        key_events.listen(root)
        self.room = Room(root)
        self.erasing = tk.BooleanVar(root)  # the eraser is in the hand
        self._loading = Timer(root)  # of what the first paint did not wait for
        self.editor = Editor(self)
        self._build()
        most = self.room.most
        root.minsize(*(min(style.px(side), there) for side, there in zip(SMALLEST, most, strict=True)))
        more = {INSIDE: style.px(INSIDE_WIDTH)} if self.choices.now.inside else {}
        root.geometry(self.room.begin(style.px(AT_FIRST[0]), style.px(AT_FIRST[1]), more))
        look.watch_system(root, self._system_look_changed)
        self.pad.bind("<Expose>", self._painted)

    @cached_property
    def files(self) -> Files:
        """What opens and saves."""
        from app.ui.window.files import Files  # noqa: PLC0415

        return Files(self.root, self.session, self._show_opened, self.tell)

    @cached_property
    def dialogs(self) -> Dialogs:
        """What opens the dialogs."""
        from app.ui.window.dialogs import Dialogs  # noqa: PLC0415

        return Dialogs(self)

    @cached_property
    def learning(self) -> Learning:
        """What lets the model learn, and chooses another."""
        from app.ui.window.learning import Learning  # noqa: PLC0415

        return Learning(self)

    @cached_property
    def pages(self) -> Pages:
        """What opens pages."""
        from app.ui.window.pages import Pages  # noqa: PLC0415

        return Pages(self.root, self.session)

    def close(self) -> None:
        """Close the window, and the program ends with it; a training under way is asked about."""
        made = LATER & vars(self).keys()
        asks = [getattr(self, part) for part in ("dialogs", "pages") if part in made]
        if is_asking(self.root) or not all(part.may_close() for part in asks):
            return
        self._loading.stop()
        self.editor.end()
        if "files" in made:
            self.files.close()
        if "learning" in made:
            self.learning.end()
        self.session.samples.close()
        self.root.destroy()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a drawing or a picture in the window, or several in a list."""
        self.files.open_paths([str(path) for path in paths])

    def read_page(self) -> None:
        """Read the picture that is worked on as a page, in a window of its own."""
        self.attempt(self.pages.read)

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
        selected, pen = self.editor.selected, self.pad.keyboard
        had_keyboard = has_keyboard(self.pad)
        self.menus.destroy()
        self.contents.destroy()
        self._build()
        self.contents.lower()  # Tab comes to it before what is below the buttons
        self.editor.selected = selected
        self.editor.show_answer()
        if had_keyboard:
            self.pad.focus_set()
        self.pad.keyboard.go_on_from(pen)
        for part in LATER & vars(self).keys():
            getattr(self, part).redraw()

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something, or say why not."""
        self.pad.finish_stroke()
        try:
            action()
        except UserError as error:
            self.tell(error)

    def _show_opened(self) -> None:
        """Show what was opened; a picture of several lines as a page, too."""
        self.editor.show()
        reading = self.session.reading
        if self.session.picture and reading and reading.reason == "lines":
            self.read_page()

    def _build(self) -> None:
        """Fill the window, from the session and the settings."""
        language.use(self.choices.now.language)
        theme.apply(self.root, look.chosen(self.choices.now.look))
        self.contents = Contents(self)
        self.pad, self.answer = self.contents.pad, self.contents.answer
        self.menus = main_menu.build(self)
        self._set_pen()
        if self.session.is_ready:  # else it is not needed yet, and can wait
            self.contents.unfold(self.choices.now.inside)
        self.editor.show()

    def _set_pen(self) -> None:
        """Let the pad have the pen that the settings say, and the tool that is in the hand."""
        chosen = self.choices.now
        self.session.set_width(chosen.width)
        self.pad.pen_width, self.pad.smooth, self.pad.guide = chosen.width, chosen.smooth, chosen.guide
        self.switch_tool()

    def tell(self, error: UserError) -> None:
        """Say what is wrong; the trace goes to the log."""
        logging.info("told the user: %s", error, exc_info=error)
        self.answer.show_problem(str(error))

    def _report_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an error that nobody expected and say so; the drawing is not touched."""
        logging.error("a bug", exc_info=(kind, error, trace))
        sentence = _("Inkling met an error of its own; your drawing is safe. What happened is in {log}")
        self.answer.show_problem(sentence.format(log=log.place()))

    def _painted(self, _event: tk.Event[tk.Misc]) -> None:
        self.pad.unbind("<Expose>")
        self.root.after_idle(icon.set_icon, self.root)  # after the paint
        self._loading.start(LOAD_AFTER, self._load)

    def _load(self) -> None:
        """Load what the first paint did not wait for, in a few steps; not under a moving pen, which would stutter."""
        if self.pad.is_drawing:
            self._loading.start(LOAD_AFTER, self._load)
            return
        if needed := next((name for name in LOADED_ALONE if name not in sys.modules), ""):
            import_module(needed)
            self._loading.start(BETWEEN_STEPS, self._load)
            return
        leave_out_hidden_files(self.root)
        self.files.listen_for_drops()
        self.attempt(lambda: self.session.recognizer)  # loads itself
        if not self.session.is_ready:
            return
        self.contents.unfold(self.choices.now.inside)
        if self.editor.is_followed or self.contents.shows_inside:
            self.editor.show()
        notice = " ".join(filter(None, (self.session.notice, settings.notice(), glyphs.warning(self.root))))
        if notice:
            self.answer.show_problem(notice)
        if self.choices.now.model:
            self.learning.learn_again()

    def chosen(self, name: str) -> None:
        """Do what follows from a setting that was chosen."""
        match name:
            case "look" | "language":
                self.rebuild()
                if warning := glyphs.warning(self.root):
                    self.answer.show_problem(warning)
            case "live":
                self.editor.show()
            case "inside":
                self.contents.unfold(self.choices.now.inside)
                if self.choices.now.inside:
                    self.room.widen(INSIDE, style.px(INSIDE_WIDTH))
                else:
                    self.room.narrow(INSIDE)
                self.editor.show_inside()
            case "width" | "smooth" | "guide":
                self._set_pen()
                self.editor.show()
            case "threshold":
                self.editor.settle()
                was_read = self.session.reading is not None
                self.session.set_threshold(self.choices.now.threshold)
                if was_read:
                    self.editor.recognize()

    def _system_look_changed(self) -> None:
        if not self.choices.now.look:
            self.rebuild()
