"""The strip next to the buttons while a model learns: how far it is, the result until the next stroke, and undo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.jobs import teaching
from app.kept.samples import Samples
from app.ui.kit import style
from app.ui.kit.dialog import Follower
from app.ui.kit.progress_bar import ProgressBar
from app.ui.kit.short_label import ShortLabel
from model.base import events
from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import Bundle

LEAST = 150  # pixels wide, in a window so narrow that it covers buttons then


class TeachingStrip(ttk.Frame):
    """Teaches the model in use, in a child process, and shows the progress; it appears when teaching begins.

    Args:
        parent: the window.
        samples: the drawings to learn from.
        current: returns the model in use. May raise UserError.
        use: gets the key of the model to read with from now on.
        beside: returns where in the window it's shown.

    Attributes:
        undo: goes back to the model from before.
    """

    def __init__(
        self,
        parent: tk.Misc,
        samples: Samples,
        current: Callable[[], Bundle],
        use: Callable[[str], None],
        beside: Callable[[], tk.Misc],
    ):
        super().__init__(parent)
        self._beside = beside
        self._samples = samples
        self._current = current
        self._use = use
        self.undo: Callable[[], None] = lambda: None
        self.said = ""  # the full text; whenever it changes, the strip generates ``<<Said>>``
        self._follower = Follower(self)
        self._teaching: teaching.Teaching | None = None
        self._line = ShortLabel(self, 2, "Note.TLabel")
        self._bar = ProgressBar(self, style.px(70))
        self._action: Callable[[], object] = lambda: None  # what the button does
        self._button = ttk.Button(self, style="Small.TButton", command=self._act)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._line.grid(row=0, column=0, sticky="ew", padx=(0, style.px(10)))
        self._bar.grid(row=0, column=1, padx=(0, style.px(10)))
        self._button.grid(row=0, column=2)
        parent.bind("<<PenDown>>", lambda _event: None if self.busy else self.hide(), add="+")

    @property
    def busy(self) -> bool:
        """Whether it's learning."""
        return self._teaching is not None and self._teaching.job.last is None

    def teach(self, built_in: Bundle | None = None) -> None:
        """Teach the model in use all drawings, or another one to replace it. Raises UserError if that can't begin."""
        self._teaching = teaching.Teaching(self._samples, self._current(), built_in)
        self._say_what()
        self._bar.show(None)
        self._bar.grid()
        self._offer(_("Cancel"), self._teaching.job.cancel)
        self.show()
        self._follower.follow(self._teaching.job, self._take)

    def check(self) -> None:
        """Begin again if what is being learned was undone. Raises UserError."""
        if self._teaching:
            self._teaching.check()

    def show(self) -> None:
        """Show it where there's room, at least as wide as its button."""
        there = self._beside()
        is_narrow = 1 < there.winfo_width() < style.px(LEAST)  # 1: it isn't laid out yet
        self.place(in_=there, relx=1, rely=0.5, anchor="e", height=self._line.most)
        self.place_configure(relwidth=0 if is_narrow else 1, width=style.px(LEAST) if is_narrow else 0)
        self.lift()

    def redraw(self) -> None:
        """Show its text in the current language and appearance, next to the window's current buttons."""
        if self.winfo_manager():
            self.show()
        self._button.configure(text=_("Cancel") if self.busy else _("Undo learning"))
        if self.busy:
            self._say_what()
        elif self._teaching:
            self._line.say(self._teaching.result)

    def hide(self) -> None:
        """Hide the strip until something is taught again."""
        self.place_forget()

    def end(self) -> None:
        """End what's under way: the window is closing."""
        if self._teaching:
            self._teaching.end()

    def _take(self, event: events.Event) -> None:
        assert self._teaching
        self._teaching.take(event)
        self._say_what()
        self._bar.show(self._teaching.fraction)
        if not isinstance(event, events.LAST):
            return
        self._bar.stop()
        self._bar.grid_remove()
        self._button.grid_remove()
        match event:
            case events.Finished() if self._teaching.is_wanted(self._current()) and not self._teaching.is_off:
                self._use(self._teaching.key)
                self._say(self._teaching.result)
                self._offer(_("Undo learning"), self.undo)
            case events.Finished() | events.Cancelled():
                self.hide()
                self._tell("")
                if self._teaching.is_off and self._samples.count():
                    self._begin_anew()
            case _:
                self._say(self._teaching.result, problem=True)

    def _begin_anew(self) -> None:
        """Teach what's saved by now."""
        try:
            self.teach()
        except UserError as error:
            self._say(str(error), problem=True)
            self.show()

    def _say_what(self) -> None:
        assert self._teaching
        self._say(self._teaching.progress)

    def _say(self, line: str, *, problem: bool = False) -> None:
        self._line.configure(style="Warning.Note.TLabel" if problem else "Note.TLabel")
        self._line.say(line)
        self._tell(line)

    def _tell(self, line: str) -> None:
        self.said = line
        self.event_generate("<<Said>>")

    def _act(self) -> None:
        self._action()

    def _offer(self, text: str, action: Callable[[], None]) -> None:
        self._action = action  # as the button's own command, Tk would keep every action that it ever had
        self._button.configure(text=text)
        self._button.grid()
