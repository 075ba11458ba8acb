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
from app.kept import profiles, settings
from app.ui.kit import glyphs, icon, key_events, look, style, theme
from app.ui.kit.background import Timer, in_turn
from app.ui.kit.keys import has_keyboard
from app.ui.kit.questions import is_asking, leave_out_hidden_files
from app.ui.kit.room import Room
from app.ui.pad.pad import ERASER, PEN
from app.ui.window import main_menu
from app.ui.window.choices import INSIDE, Choices
from app.ui.window.contents import INSIDE_WIDTH, Contents
from app.ui.window.editor import Editor
from model.base import language
from model.base.errors import UserError
from model.base.language import _
from model.base.program import NAME

if TYPE_CHECKING:
    from app.ui.answer.note import Note
    from app.ui.laboratory.laboratory import Laboratory
    from app.ui.window.dialogs import Dialogs
    from app.ui.window.files import Files
    from app.ui.window.first_minute import FirstMinute
    from app.ui.window.hands import Hands
    from app.ui.window.learning import Learning
    from app.ui.window.lessons import Lessons
    from app.ui.window.pages import Pages
    from app.ui.window.practising import Practising

SMALLEST = (480, 360)  # pixels: the smallest window
AT_FIRST = (680, 460)

LATER = {
    "dialogs",
    "files",
    "first_minute",
    "learning",
    "lessons",
    "pages",
    "practice",
}  # are imported and created on demand: after the first paint
LOAD_AFTER = 100  # milliseconds after the first paint, and between two checks of the pen
BETWEEN_STEPS = 1  # milliseconds for what the window has to do
LOADED_ALONE = ("numpy", "model.reading.recognizer")  # each takes some tens of milliseconds, for which the pen waits


class MainWindow:
    """Puts a session into an empty Tk window."""

    def __init__(self, root: tk.Tk, session: Session):
        self.root = root
        self.session = session
        self.then: Callable[[], None] | None = None  # what to do after it has closed, before another one opens
        self.choices = Choices(self)
        self.show_name()
        root.report_callback_exception = self._report_bug
        root.protocol("WM_DELETE_WINDOW", self.close)
        root.rowconfigure(1, weight=1)
        root.columnconfigure(0, weight=1)
        key_events.listen(root)
        self.room = Room(root)
        self.erasing = tk.BooleanVar(root)  # whether the eraser is in use
        self.practising = tk.BooleanVar(root)
        self._loading = Timer(root)  # what the first paint didn't wait for
        self.editor = Editor(self)
        self._build()
        more = {INSIDE: style.px(INSIDE_WIDTH)} if self.choices.now.inside else {}
        root.geometry(self.room.begin(style.px(AT_FIRST[0]), style.px(AT_FIRST[1]), more))
        look.watch_system(root, self._system_look_changed)
        self.pad.bind("<Expose>", self._painted)

    @cached_property
    def files(self) -> Files:
        """Opens and saves files."""
        from app.ui.window.files import Files  # noqa: PLC0415

        return Files(self.root, self.session, self._show_opened, self.tell)

    @cached_property
    def dialogs(self) -> Dialogs:
        """Opens the dialogs."""
        from app.ui.window.dialogs import Dialogs  # noqa: PLC0415

        return Dialogs(self)

    @property
    def laboratory(self) -> Laboratory | None:
        """The laboratory, while it is open."""
        return self.dialogs.laboratory if "dialogs" in vars(self) else None

    @cached_property
    def first_minute(self) -> FirstMinute:
        """Greets a newcomer."""
        from app.ui.window.first_minute import FirstMinute  # noqa: PLC0415

        return FirstMinute(self)

    @cached_property
    def learning(self) -> Learning:
        """Lets the model learn, and switches to another one."""
        from app.ui.window.learning import Learning  # noqa: PLC0415

        return Learning(self)

    @cached_property
    def hands(self) -> Hands:
        """Lets the user choose and manage profiles."""
        from app.ui.window.hands import Hands  # noqa: PLC0415

        return Hands(self)

    @cached_property
    def lessons(self) -> Lessons:
        """Leads through lessons."""
        from app.ui.window.lessons import Lessons  # noqa: PLC0415

        return Lessons(self)

    @cached_property
    def pages(self) -> Pages:
        """Opens pages."""
        from app.ui.window.pages import Pages  # noqa: PLC0415

        return Pages(self.root, self.session, self.editor.show_answer, lambda: self.learning.changed().text)

    @cached_property
    def practice(self) -> Practising:
        """Asks for digits and numbers while the user practises."""
        from app.ui.window.practising import Practising  # noqa: PLC0415

        return Practising(self)

    def close(self) -> None:
        """Close the window, which ends the program; ask first if a training is under way."""
        made = LATER & vars(self).keys()
        asks = [getattr(self, part) for part in ("dialogs", "pages", "files") if part in made]
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

    def close_for(self, then: Callable[[], None]) -> None:
        """Close the window, and let another one open after doing something."""
        self.then = then
        self.close()
        if self.root.children:  # the user answered a question with no
            self.then = None

    def show_name(self) -> None:
        """Show whose window it is, if there are several profiles."""
        self.root.title(f"{NAME}: {profiles.name()}" if profiles.several() else NAME)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a drawing or a picture in the window, or several in a list."""
        self.files.open_paths([str(path) for path in paths])

    def read_page(self) -> None:
        """Read the open picture as a page, in a window of its own."""
        self.attempt(self.pages.read)

    def explain(self, note: Note) -> None:
        """Say the details of a note in My drawings, which they're about."""
        self.attempt(lambda: self.dialogs.open("drawings").say(note.more, problem=note.is_problem))

    def switch_tool(self) -> None:
        """Switch to the tool that the menu says."""
        self.pad.take(ERASER if self.erasing.get() else PEN)

    def draw_by_keyboard(self) -> None:
        """Let the user draw on the pad with the keyboard."""
        self.pad.focus_set()
        self.pad.keyboard.wake()

    def rebuild(self) -> None:
        """Rebuild the window's contents in the current language and appearance; the drawing and its answer stay."""
        self.pad.finish_stroke()
        selected, pen = self.editor.selected, self.pad.keyboard
        had_keyboard = has_keyboard(self.pad)
        self.menus.destroy()
        self.contents.destroy()
        self._build()
        self.contents.lower()  # Tab reaches it before what's below the buttons
        self.editor.selected = selected
        self.editor.show_answer()
        if had_keyboard:
            self.pad.focus_set()
        self.pad.keyboard.go_on_from(pen)
        for part in LATER & vars(self).keys():
            getattr(self, part).redraw()

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something, or say why it can't be done."""
        self.pad.finish_stroke()
        try:
            action()
        except UserError as error:
            self.tell(error)

    def _show_opened(self) -> None:
        """Show what was opened; a picture of several lines also opens as a page."""
        self.editor.show()
        reading = self.session.reading
        if self.session.picture and reading and reading.reason == "lines":
            self.read_page()

    def _build(self) -> None:
        """Fill the window from the session and the settings."""
        language.use(self.choices.now.language)
        theme.apply(self.root, look.chosen(self.choices.now.look), self.choices.now.text_size)
        self._let_shrink()
        self.contents = Contents(self)
        self.pad, self.answer = self.contents.pad, self.contents.answer
        self.menus = main_menu.build(self)
        self.set_pen()
        if self.session.is_ready:  # otherwise it isn't needed yet, and can wait
            self.contents.unfold(self.choices.now.inside)
        self.editor.show()

    def _let_shrink(self) -> None:
        """Let the window be as small as its text allows, if the screen has the room."""
        sides = (style.px(side * max(1, (1 + style.now.text) / 2)) for side in SMALLEST)
        self.root.minsize(*map(min, sides, self.room.most))

    def set_pen(self) -> None:
        """Give the pad the pen from the settings, and the current tool."""
        chosen = self.choices.now
        self.session.set_width(chosen.width)
        self.pad.pen_width, self.pad.smooth, self.pad.guide = chosen.width, chosen.smooth, chosen.guide
        self.switch_tool()

    def tell(self, error: UserError) -> None:
        """Say what's wrong; the traceback goes to the log."""
        logging.info("told the user: %s", error, exc_info=error)
        self.contents.show_problem(str(error))

    def _report_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an unexpected error and say so; the drawing isn't touched."""
        logging.error("a bug", exc_info=(kind, error, trace))
        sentence = _("Inkling ran into an internal error. Your drawing is safe. What happened is in {log}")
        self.contents.show_problem(sentence.format(log=log.place()))
        from app.ui.kit.dialog import in_front  # noqa: PLC0415  (after the first paint)

        if dialog := in_front(self.root):  # it may cover the answer
            dialog.say(sentence.format(log=log.place()), problem=True)

    def _painted(self, _event: tk.Event[tk.Misc]) -> None:
        self.pad.unbind("<Expose>")
        in_turn(self.root, lambda: icon.set_icon(self.root))  # after the paint
        self._loading.start(LOAD_AFTER, self._load)

    def _load(self) -> None:
        """Load what the first paint didn't wait for, in a few steps; not while the pen moves, which would stutter."""
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
        problem = self.answer.problem  # told while the window was opening
        if self.session.reading:
            self.editor.show_inside()  # what the answer says already stays
        elif self.editor.is_followed or self.contents.shows_inside:
            self.editor.show()
        notice = " ".join(filter(None, (problem, self.session.notice, settings.notice(), glyphs.warning(self.root))))
        if notice:
            self.contents.show_problem(notice)
        elif self.session.is_blank and not self.choices.now.welcomed:
            self.first_minute.begin()
        if self.choices.now.model:
            self.learning.learn_again()
        self.learning.prepare()
        self.learning.show_model()
        profiles.tidy()

    def _system_look_changed(self) -> None:
        if not self.choices.now.look:
            self.rebuild()
