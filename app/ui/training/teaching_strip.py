"""Learning under way, below the buttons: how far it is, what came of it, and the way back."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.jobs import teaching
from app.kept.samples import Samples
from app.ui.kit import style
from app.ui.kit.dialog import Follower
from app.ui.kit.progress_bar import ProgressBar
from model.base import events
from model.base.language import _
from model.bundle.bundle import Bundle


class TeachingStrip(ttk.Frame):
    """Teaches the model in use, in a child process, and shows how it goes; it comes when something is taught.

    Args:
        parent: the window.
        samples: the drawings to learn from.
        current: returns the model in use. May raise UserError.
        use: is given the key of the model to read with from now on.
    """

    def __init__(self, parent: tk.Misc, samples: Samples, current: Callable[[], Bundle], use: Callable[[str], None]):
        super().__init__(parent)
        self._samples = samples
        self._current = current
        self._use = use
        self._follower = Follower(self)
        self._teaching: teaching.Teaching | None = None
        self._line = ttk.Label(self, style="Hint.TLabel")
        self._bar = ProgressBar(self, style.px(140))
        self._action: Callable[[], object] = lambda: None  # what the button does
        self._button = ttk.Button(self, style="Small.TButton", command=self._act)
        self._close = ttk.Button(self, style="Small.TButton", text=_("Close"), command=self.hide)
        self.columnconfigure(0, weight=1)
        self._line.grid(row=0, column=0, sticky="ew", padx=(0, style.px(10)))
        self._bar.grid(row=0, column=1, padx=(0, style.px(10)))
        self._button.grid(row=0, column=2)
        self._close.grid(row=0, column=3, padx=(style.px(8), 0))
        self._line.bind("<Configure>", lambda event: self._line.configure(wraplength=event.width - style.px(4)))

    @property
    def busy(self) -> bool:
        """Whether learning is under way."""
        return self._follower.busy

    def teach(self, built_in: Bundle | None = None) -> None:
        """Teach the model in use all drawings, or another to take its place. Raises UserError: that cannot begin."""
        self._teaching = teaching.Teaching(self._samples, self._current(), built_in)
        self._say_what()
        self._bar.show(None)
        self._bar.grid()
        self._close.grid_remove()
        self._offer(_("Cancel"), self._teaching.job.cancel)
        self.grid(row=2, column=0, columnspan=2, sticky="ew", padx=style.px(16), pady=(0, style.px(12)))
        self._follower.follow(self._teaching.job, self._take)

    def redraw(self) -> None:
        """Say what it says in the language of now."""
        self._close.configure(text=_("Close"))
        self._button.configure(text=_("Cancel") if self.busy else _("Undo learning"))
        if self.busy:
            self._say_what()
        elif self._teaching:
            self._line.configure(text=self._teaching.result)

    def hide(self) -> None:
        """Take the strip away until something is taught again."""
        self.grid_remove()

    def end(self) -> None:
        """End what is under way: the window closes."""
        if self._teaching:
            self._teaching.job.cancel()
            self._teaching.job.wait(4)
            self._teaching.clear()  # its last event may not have been seen yet

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
        self._close.grid()
        match event:
            case events.Finished() if self._teaching.is_wanted(self._current()):
                self._use(self._teaching.key)
                self._say(self._teaching.result)
                self._offer(_("Undo learning"), self._undo)
            case events.Finished() | events.Cancelled():
                self.hide()
            case _:
                self._say(self._teaching.result, problem=True)

    def _say_what(self) -> None:
        assert self._teaching
        self._say(self._teaching.progress)

    def _undo(self) -> None:
        before = teaching.before(self._current())
        if before is None:
            self._say(_("The model from before is gone; choose another under Model ▸ Models…."), problem=True)
        else:
            self._use(before)
            self.hide()

    def _say(self, line: str, *, problem: bool = False) -> None:
        self._line.configure(text=line, style="Warning.TLabel" if problem else "Hint.TLabel")

    def _act(self) -> None:
        self._action()

    def _offer(self, text: str, action: Callable[[], None]) -> None:
        self._action = action  # were it the button's own command, Tk would hold each that it ever had
        self._button.configure(text=text)
        self._button.grid()
