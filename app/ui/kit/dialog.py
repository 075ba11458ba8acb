"""What all dialogs of the window share: they fit the screen, don't block the window, and follow their own job."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import messagebox, ttk
from tkinter.font import Font
from typing import Any

from app.facts.open_file import open_file
from app.jobs.job import Job
from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.kit.flow import Flow
from app.ui.kit.key_events import bind_plain, is_first_escape
from app.ui.kit.line_breaks import broken
from app.ui.kit.questions import is_asking
from app.ui.kit.scrolled import Scrolled
from app.ui.kit.work_area import frame, free_area
from model.base import events
from model.base.errors import UserError
from model.base.language import N_, _

MARGIN, ABOVE = 16, 14  # pixels on either side of what a dialog shows, and above and below
POLL = 50  # milliseconds between two looks at a job
SETTLED = 50  # milliseconds after which a size counts as what it is
ENDING = (N_("Close"), N_("Cancel"), N_("Not now"))  # what ends, and does nothing
DRAWN = 0.68  # of the window's width, on its left, is what is drawn on: it's worst to hide that
APART = 12  # pixels between the window and a dialog next to it
LINE_WIDTH = 560  # pixels, of what it says
BAR = 18  # pixels that a bar next to the body takes
SOON = 1500  # milliseconds after which an opener that failed has told so


class Follower:
    """Passes on the events of one job after the other, as long as a widget lives."""

    def __init__(self, widget: tk.Misc):
        self.job: Job | None = None
        self._timer = Timer(widget)

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self.job is not None and not self.job.over

    def follow(self, job: Job, tell: Callable[[events.Event], None]) -> None:
        """Hand each event of a job to ``tell``, in this thread, until the last, or until another job is followed."""
        self.job = job
        self._timer.stop()
        for event in job.poll():
            tell(event)
            if isinstance(event, events.LAST) or self.job is not job:
                return
        self._timer.start(POLL, partial(self.follow, job, tell))


class Dialog(tk.Toplevel):
    """A window next to the main one, which stays usable.

    It's never larger than there is room on the screen. What it shows lies in ``body``, which scrolls where it must;
    ``buttons`` below it are always there, and so is what the dialog says.

    Args:
        parent: the window.
        title: of the dialog.
        more: pixels of 1/96 inch by which the body, and what fills it, is higher than it must be, where there's room.
        keys: the keyboard comes to the body itself.
        fixed: it keeps the size that it has at first, whatever its texts become; its user may give it another.
    """

    lost = N_("What it has done so far will be lost.")  # what its end means, said before a precious job is ended

    def __init__(
        self, parent: tk.Misc, title: str, *, more: int | None = None, keys: bool = False, fixed: bool = False
    ):
        super().__init__(parent, background=style.now.colours.background, padx=style.px(MARGIN), pady=style.px(ABOVE))
        self.title(title)
        window = parent.winfo_toplevel()
        self.transient(window)
        self._area, self._frame = free_area(window), frame(window)
        self.maxsize(round(self._area.width), round(self._area.height))
        self._fixed = fixed
        self._size = (0, 0)  # that it last had by itself
        self._stands = ""  # where it was put next to the window, as Tk writes it
        self._was_put = False
        self._placing, self._resizing, self._opening = Timer(self), Timer(self), Timer(self)
        self._placing.start("idle", self._place_beside)
        self.body = Scrolled(self, more=None if more is None else style.px(more), keys=keys)
        self.buttons = Flow(self)  # after the body for Tab, and before it for room
        self.buttons.pack(side="bottom", fill="x")
        self.body.pack(fill="both", expand=True, pady=(0, style.px(ABOVE)))
        self.bind("<Configure>", self._resized)
        self.protocol("WM_DELETE_WINDOW", self.close)
        bind_plain(self, "<Escape>", lambda event: self.close() if is_first_escape(event) else None)
        self._follower = Follower(self)
        self._precious = False
        self._line = ttk.Label(self, justify="left")
        self.first: tk.Misc | None = None  # what has the keyboard at first

    def focus_set(self) -> None:
        """Give the keyboard to what has it at first."""
        if self.first and self.first.winfo_exists():
            self.first.focus_set()

    def destroy(self) -> None:
        """Close it, whatever is under way. The keyboard goes back to the window first.

        Tk 8.6 goes on asking a widget that had the keyboard, and died with its dialog, and ends the process.
        """
        if f"{self.tk.call('focus')}.".startswith(f"{self}."):
            self.tk.call("focus", self.tk.call("focus", "-lastfor", self.master))
        super().destroy()

    @property
    def job(self) -> Job | None:
        """The job that is followed, or was last."""
        return self._follower.job

    @property
    def place(self) -> str:
        """Where it is on the screen, for `put`; with its size where its user has given it another one."""
        size, _plus, position = self.geometry().partition("+")
        own = (self.winfo_width(), self.winfo_height()) != self._wanted
        return f"{size if own else ''}+{position}"

    def room(self, width: int) -> int:
        """Return a width in pixels of 1/96 inch in the screen's pixels, or what there is of it on the screen."""
        return min(style.px(width), self.maxsize()[0] - 2 * style.px(MARGIN) - style.px(BAR))

    def least(self, width: int, height: int) -> None:
        """Let the dialog never be smaller than this, in pixels of 1/96 inch, where the screen has the room."""
        self.minsize(*map(min, (style.px(width), style.px(height)), self.maxsize()))

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._follower.busy

    @property
    def stays(self) -> bool:
        """Whether it goes on as it is when the language or the look changes: it's at work, or tells what it found."""
        return self.busy

    def entered(self) -> dict[str, Any]:
        """Return what its user has entered and chosen, for the dialog that takes its place."""
        return {}

    def enter(self, entered: dict[str, Any]) -> None:
        """Take over what was entered in the dialog whose place this one takes."""

    def put(self, place: str) -> None:
        """Stand in this place of the screen, +LEFT+TOP or WIDTHxHEIGHT+LEFT+TOP, instead of next to the window."""
        self._placing.stop()
        self._was_put = True
        self.geometry(place)

    def _place_beside(self) -> None:
        self.update_idletasks()  # now its size is known
        if self.winfo_exists():  # closed meanwhile, as a file dialog that was cancelled closes its own
            self._stand_beside()

    def _stand_beside(self) -> None:
        """Stand on the right of the window, or else on its left, or where the least of it is hidden: on its answer."""
        window, area = self.master.winfo_toplevel(), self._area
        wide, high = self._wanted
        start, end, apart = window.winfo_rootx(), window.winfo_rootx() + window.winfo_width(), style.px(APART)

        def hides(x: float, until: float = end) -> float:
            """Return how much of the window's width is hidden, from its start to a place."""
            return max(0.0, min(until, x + wide) - max(start, x))

        drawn, beside = start + DRAWN * (end - start), (end + apart, start - apart - wide - self._frame.right)
        places = [max(area.left, min(x, area.right - wide)) for x in beside]
        x = min(places, key=lambda x: hides(x) + 3 * hides(x, drawn))
        y = max(area.top, min(window.winfo_rooty(), area.bottom - high))
        self._stands = f"{round(x)}+{round(y)}"
        self.geometry(f"+{self._stands}")

    @property
    def _wanted(self) -> tuple[int, int]:
        """The size that it has by itself."""
        least, most, asks = self.minsize(), self.maxsize(), (self.winfo_reqwidth(), self.winfo_reqheight())
        return min(max(asks[0], least[0]), most[0]), min(max(asks[1], least[1]), most[1])

    def _resized(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self and not self._resizing.waits:  # what is in it tells of its own size, too
            self._resizing.start(SETTLED, self._grow_inwards)

    def _grow_inwards(self) -> None:
        """Move in where the dialog has grown, with what it shows, beyond the end of the screen."""
        if self._size == (0, 0):
            self.update_idletasks()  # a timer comes before what Tk has put off: what is in it may ask for its room yet
        size, before = (self.winfo_width(), self.winfo_height()), self._size
        if size == before or size != self._wanted:  # it is its user's, or on the way to another
            return
        self._size = size
        position = self.geometry().partition("+")[2]
        if before == (0, 0):
            if self._fixed:
                self.geometry(f"{size[0]}x{size[1]}")
            if position == self._stands:
                self._stand_beside()  # it may have grown since
            elif self._was_put:  # the window manager has moved it where it was larger for a moment
                ends = (self._area.right - size[0], self._area.bottom - size[1])
                left, top = (min(int(at), round(end)) for at, end in zip(position.split("+"), ends, strict=True))
                self.geometry(f"+{left}+{top}")
            return
        corner = (self.winfo_rootx() - self._frame.left, self.winfo_rooty() - self._frame.top)
        ends = (self._area.right, self._area.bottom)
        left, top = (
            int(at) - max(0, min(now - then, round(start + now - end)))
            for at, start, now, then, end in zip(position.split("+"), corner, size, before, ends, strict=True)
        )
        if f"{left}+{top}" != position:
            self.geometry(f"+{left}+{top}")

    def may_close(self) -> bool:
        """Return whether the dialog can be closed; a job under way is ended, where it is precious after a question."""
        if self.job is None or self.job.over:
            return True
        if self._precious and not messagebox.askyesno(
            self.title(),
            _("This is still running. Stop it?"),
            detail=_(self.lost),
            default="no",
            parent=self,
        ):
            return False
        self.job.cancel()
        self.withdraw()
        return not self.job.makes or self.job.wait(4)  # what it was writing is cleared away

    def close(self) -> None:
        """Close the dialog, if its user wants that, and no question of its own waits."""
        if not is_asking(self) and self.may_close():
            self.destroy()

    def add_button(self, text: str, command: Callable[[], object], name: str = "TButton") -> ttk.Button:
        """Show a button, its text marked by `N_`, and return it: at the right end where it ends something."""
        button = ttk.Button(self.buttons, text=_(text), command=command, style=name)
        self.buttons.show(button, right=text in ENDING)
        return button

    def add_close(self) -> None:
        """Show the button that closes, where it is in each dialog: the last, at the right end."""
        self.add_button(ENDING[0], self.close)

    def follow(self, job: Job, tell: Callable[[events.Event], None], *, precious: bool = True) -> None:
        """Hand each event of a job to ``tell``, in this thread, until the last, or until another job is followed.

        Closing the dialog asks before it ends a precious one.
        """
        self._precious = precious
        self._follower.follow(job, tell)

    def say(self, line: str, *, problem: bool = False) -> None:
        """Show a line at the bottom of the dialog; an empty one takes it away."""
        wide = max(self.room(LINE_WIDTH), self.winfo_width() - 2 * style.px(MARGIN))
        name = "Warning.TLabel" if problem else "Hint.TLabel"
        measure = Font(self, ttk.Style(self).lookup(name, "font")).measure
        self._line.configure(text=broken(line, wide - style.px(4), measure), wraplength=wide, style=name)
        above = (0, style.px(10))
        self._line.pack(side="bottom", fill="x", pady=above, before=self.body) if line else self._line.pack_forget()

    def tell(self, error: UserError) -> None:
        """Say what is wrong; the trace goes to the log."""
        logging.info("told the user: %s", error, exc_info=error)
        self.say(str(error), problem=True)

    def attempt(self, action: Callable[[], object]) -> bool:
        """Do something, and return whether it was done; where it wasn't, say why."""
        try:
            action()
        except UserError as error:
            self.tell(error)
            return False
        return True

    def open_outside(self, path: Path, line: str = "", problem: str = "") -> None:
        """Let the system open a file, and say a line; where it can't, say why, or another problem."""
        try:
            failure = open_file(path)
        except UserError as error:
            self.say(problem, problem=True) if problem else self.tell(error)
            return
        if line:
            self.say(line)
        self._opening.start(SOON, lambda: self.say(problem or failure(), problem=True) if failure() else None)


def in_front(root: tk.Misc) -> Dialog | None:
    """Return the dialog of a window that lies in front of the others, or soon will; None where there's none."""
    dialogs = [each for each in root.winfo_children() if isinstance(each, Dialog) and each.state() != "withdrawn"]
    return next(reversed(dialogs), None)  # as Tk stacks them
