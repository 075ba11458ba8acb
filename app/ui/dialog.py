"""What all dialogs beside the window share: they do not block it, and follow a job of theirs."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from tkinter import messagebox, ttk
from typing import Any

from app.job import Job
from app.ui import style
from app.ui.follower import Follower
from app.ui.key_events import bind_plain, is_first_escape
from app.ui.questions import is_asking
from model import events
from model.errors import UserError
from model.language import _

MARGIN = 16  # pixels beside what a dialog shows


class Dialog(tk.Toplevel):
    """A window beside the main one, which stays usable."""

    def __init__(self, parent: tk.Misc, title: str):
        super().__init__(parent, background=style.colours.background, padx=style.px(MARGIN), pady=style.px(14))
        self.title(title)
        self.transient(parent.winfo_toplevel())
        self._placing = self.after_idle(self._place_beside, parent.winfo_toplevel())
        self.protocol("WM_DELETE_WINDOW", self.close)
        bind_plain(self, "<Escape>", lambda event: self.close() if is_first_escape(event) else None)
        self._follower = Follower(self)
        self._precious = False
        self._line: ttk.Label | None = None

    @property
    def job(self) -> Job | None:
        """The job that is followed, or was last."""
        return self._follower.job

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._follower.busy

    @property
    def stays(self) -> bool:
        """Whether it goes on as it is when the language or the look changes: it is at work, or tells what it found."""
        return self.busy

    def entered(self) -> dict[str, Any]:
        """Return what its user has entered and chosen, for the dialog that takes its place."""
        return {}

    def enter(self, entered: dict[str, Any]) -> None:
        """Take over what was entered in the dialog whose place this one takes."""

    def put(self, place: str) -> None:
        """Stand in this place of the screen, LEFT+TOP, instead of beside the window."""
        self.after_cancel(self._placing)
        self.geometry(f"+{place}")

    def _place_beside(self, window: tk.Misc) -> None:
        """Leave the window's canvas free, as far as the screen has the room."""
        self.update_idletasks()  # now its size is known
        if not self.winfo_exists():  # closed meanwhile, as a file dialog that was cancelled closes its own
            return
        beside = window.winfo_rootx() + window.winfo_width() + style.px(12)
        x = min(beside, max(0, window.winfo_screenwidth() - self.winfo_reqwidth()))
        self.geometry(f"+{x}+{window.winfo_rooty()}")

    def may_close(self) -> bool:
        """Return whether the dialog can be closed; a job under way is ended, where it is precious after a question."""
        if self.job is None or self.job.over:
            return True
        if self._precious and not messagebox.askyesno(
            self.title(),
            _("This is still going on. End it?"),
            detail=_("What it has done so far is lost."),
            parent=self,
        ):
            return False
        self.job.cancel()
        self.withdraw()
        return self.job.output is None or self.job.wait(4)  # what it was writing is cleared away

    def close(self) -> None:
        """Close the dialog, if its user wants that, and no question of its own waits."""
        if not is_asking(self) and self.may_close():
            self.destroy()

    def follow(self, job: Job, tell: Callable[[events.Event], None], *, precious: bool = True) -> None:
        """Hand each event of a job to ``tell``, in this thread, until the last, or until another job is followed.

        Closing the dialog asks before it ends a precious one.
        """
        self._precious = precious
        self._follower.follow(job, tell)

    def destroy(self) -> None:
        """Take the dialog away, with what it waits for."""
        self.after_cancel(self._placing)
        self._follower.stop()
        super().destroy()

    def say(self, line: str, *, problem: bool = False) -> None:
        """Show a line at the bottom of the dialog; an empty one takes it away."""
        if self._line is None:
            self._line = ttk.Label(self, justify="left")
        self._line.configure(
            wraplength=max(style.px(560), self.winfo_width() - 2 * style.px(MARGIN)),
            text=line,
            style="Warning.TLabel" if problem else "Hint.TLabel",
        )
        self._line.pack(side="bottom", fill="x", pady=(style.px(10), 0)) if line else self._line.pack_forget()

    def tell(self, error: UserError) -> None:
        """Say what is wrong; the trace goes to the log."""
        logging.info("told the user: %s", error, exc_info=error)
        self.say(str(error), problem=True)
