"""The dialog for when TensorFlow is missing: installs it at a click and continues, or says why that can't be done."""

from __future__ import annotations

import importlib
import tkinter as tk
from collections.abc import Callable

from app.jobs.job import Job
from app.ui.kit import style
from app.ui.kit.pages import PagedDialog
from app.ui.kit.text_view import TextView
from model.base import events
from model.base.errors import UserError
from model.base.install_tensorflow import DOWNLOAD, INSTALLED, obstacle, tidy
from model.base.installation import tensorflow_is_missing
from model.base.language import N_, _


class InstallDialog(PagedDialog):
    """Installs what training needs, and continues with what the user wanted.

    Args:
        parent: the window.
        doing: what the user wants to do with it, a sentence to be translated by `_`.
        then: does that.
    """

    def __init__(self, parent: tk.Misc, doing: str, then: Callable[[], None]):
        super().__init__(parent, _("TensorFlow is needed"))
        self._doing, self._then = doing, then
        self._bar, self._progress = self.add_progress()
        self._offer()

    def _offer(self) -> None:
        """Say what's needed, and offer to install it, or say why it can't be installed."""
        self.turn(_("{doing} needs TensorFlow").format(doing=_(self._doing)))
        if why := obstacle(_(self._doing)):
            view = TextView(self.page, lines=6)  # people copy from there what they have to do
            view.text.configure(width=64)
            view.show(why)
            view.pack(anchor="w", pady=(style.px(8), 0))
            self.offer((N_("Close"), self.close))
            return
        sentence = _(
            "It isn't installed yet. It's about {download:.0f} MB to download, and takes {size:.1f} GB on "
            "disk. Inkling can get it now from Python's package index, and then carry on. What's already "
            "installed stays as it is, and Cancel leaves nothing behind."
        ).format(download=DOWNLOAD / 1e6, size=INSTALLED / 1e9)
        self.write(sentence)
        self.offer((N_("Install TensorFlow"), self._install), (N_("Not now"), self.close))

    def _install(self) -> None:
        """Install it in a child process."""
        self.say("")
        try:
            job = Job(["install"], sweep=tidy)
        except UserError as error:
            self.tell(error)
            return
        self.turn(_("Installing TensorFlow"))
        self._bar, self._progress = self.add_progress()
        self._wait(_("starting"))
        self.offer((N_("Cancel"), self._cancel))
        self.first = self.page  # a key pressed by mistake must not end minutes of downloading
        self.focus_set()
        self.follow(job, self._told)

    def _cancel(self) -> None:
        if self.job:
            self._wait(_("cleaning up"))
            self.job.cancel()

    def _told(self, event: events.Event) -> None:
        match event:
            case events.Stage():
                self._wait(event.doing)
            case events.Downloading():
                self._bar.show(event.done / event.total)
                doing = _("Downloading, {done:.0f} of about {total:.0f} MB…")
                self._progress.configure(text=doing.format(done=event.done / 1e6, total=event.total / 1e6))
            case events.Failed():
                self._offer()
                self.say(event.message, problem=True)
            case events.Cancelled() if not _is_there():
                self._offer()
                self.say(_("Cancelled. Everything is as it was."))
            case events.Finished() | events.Cancelled():  # cancelled after the end
                self._go_on()

    def _go_on(self) -> None:
        if not _is_there():
            self._offer()
            self.say(_("It's installed. Start Inkling again to use it."), problem=True)
            return
        self.destroy()
        self._then()

    def _wait(self, doing: str) -> None:
        """Show what's being done, without a duration, which nobody knows."""
        self._bar.show(None)
        self._progress.configure(text=_("{doing}…").format(doing=f"{doing[:1].upper()}{doing[1:]}"))


def _is_there() -> bool:
    """Return whether what training needs is installed now."""
    importlib.invalidate_caches()  # Python remembers modules that it didn't find
    return not tensorflow_is_missing()
