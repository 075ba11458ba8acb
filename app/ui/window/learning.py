"""Learning from the window's side: when the model is taught, the strip that shows it, and the way back."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.drawing.session import Session
from model.base.errors import UserError
from model.base.installation import tensorflow_is_missing
from model.base.language import _, ngettext

if TYPE_CHECKING:
    from app.ui.training.teaching_strip import TeachingStrip
    from model.bundle.bundle import Bundle

OFTEN = 5  # new drawings, after which the model is taught by itself where the user wants that

# What teaches is imported when it is asked for: the window opens sooner.


class Learning:
    """Lets the model in use learn from the drawings that are kept.

    Args:
        root: the window, below whose buttons the strip comes.
        session: what is worked on, and where drawings are kept.
        use: is given the key of the model to read with from now on.
    """

    def __init__(self, root: tk.Tk, session: Session, use: Callable[[str], None]):
        self._root, self._session, self._use = root, session, use
        self._strip: TeachingStrip | None = None

    def corrected(self) -> str:
        """Say how many drawings wait to be learned; enough new ones are, where the user wants that. Raises UserError.

        What came to nothing, or was taken back, waits, and is learned by itself only together with more.
        """
        from app.jobs import teaching  # noqa: PLC0415
        from app.kept import settings  # noqa: PLC0415

        waiting, new = self._session.samples.waiting(teaching.network(self._current()))
        busy = self._strip is not None and self._strip.busy
        if 0 < settings.load().teach_after <= new and not busy and not tensorflow_is_missing():
            self.teach()
            return ""
        if busy:
            waiting = new  # the others are being learned
        if not waiting:
            return ""
        return ngettext(
            "Waiting to be learned: {count} drawing (Model ▸ Teach now).",
            "Waiting to be learned: {count} drawings (Model ▸ Teach now).",
            waiting,
        ).format(count=waiting)

    def learned(self) -> int:
        """Return how many of the drawings that are kept the model in use has learned; 0 where nobody can tell."""
        from app.jobs import teaching  # noqa: PLC0415

        samples = self._session.samples
        try:
            return samples.count() - samples.waiting(teaching.network(self._current())).all
        except UserError:
            return 0

    def teach(self) -> None:
        """Teach the model in use. Raises UserError when that cannot begin."""
        from app.ui.training.teaching_strip import TeachingStrip  # noqa: PLC0415

        if self._strip is None:
            self._strip = TeachingStrip(self._root, self._session.samples, self._current, self._use)
        if self._strip.busy:
            raise UserError(_("It is learning already; wait until it is done, or cancel it."))
        self._strip.teach()

    def undo(self) -> None:
        """Read with the model that the one in use was taught from. Raises UserError when there is none."""
        from app.jobs import teaching  # noqa: PLC0415

        before = teaching.before(self._current())
        if before is None:
            raise UserError(_("The model in use was not taught, or the one from before is gone; see Model ▸ Models…."))
        self._use(before)
        if self._strip:
            self._strip.hide()  # what it tells of, and would take back, is taken back

    def can_undo(self) -> bool:
        """Return whether the model in use was taught, and nothing is learned right now."""
        from app.jobs import teaching  # noqa: PLC0415

        try:
            busy = self._strip is not None and self._strip.busy
            return not busy and bool(teaching.taught_from(self._current()))
        except UserError:
            return False

    def redraw(self) -> None:
        """Say what the strip says in the language of now."""
        if self._strip:
            self._strip.redraw()

    def end(self) -> None:
        """End what is under way: the window closes."""
        if self._strip:
            self._strip.end()

    def _current(self) -> Bundle:
        """Return the model that reads now. Raises UserError."""
        return self._session.recognizer.bundle
