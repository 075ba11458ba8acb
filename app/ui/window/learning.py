"""The model in use: which it is, when it is taught, the strip that shows it, and the way back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.jobs import teaching
from app.kept import models, settings
from app.ui.training.teaching_strip import TeachingStrip
from model.base.errors import UserError
from model.base.installation import tensorflow_is_missing
from model.base.language import _, ngettext

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow
    from model.bundle.bundle import Bundle


class Learning:
    """Lets the model in use learn from the drawings that are kept, or another one be used."""

    def __init__(self, window: MainWindow):
        self._window, self._session = window, window.session
        self._strip: TeachingStrip | None = None  # below the window's buttons, once there is something to tell

    def use(self, key: str) -> None:
        """Read with another model from now on, or say why not."""
        try:
            self._session.use(models.use(key))
        except UserError as error:
            self._window.tell(error)
            return
        self._window.editor.show()
        self._window.editor.show_hint(_("{model} reads now.").format(model=models.name(key)))

    def corrected(self) -> str:
        """Say how many drawings wait to be learned; enough new ones are, where the user wants that. Raises UserError.

        What came to nothing, or was taken back, waits, and is learned by itself only together with more.
        """
        waiting, new = self._session.samples.waiting(teaching.network(self._bundle()))
        if 0 < settings.load().teach_after <= new and not self._is_busy and not tensorflow_is_missing():
            self.teach()
            return ""
        if self._is_busy:
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
        samples = self._session.samples
        try:
            return samples.count() - samples.waiting(teaching.network(self._bundle())).all
        except UserError:
            return 0

    def learn_again(self) -> None:
        """Let a new built-in model, where an update has brought one, learn what the model in use was taught.

        Nobody has asked for it, so nobody is told where it cannot begin; the next start tries again.
        """
        try:
            built_in = teaching.successor(self._bundle())
            if built_in and not tensorflow_is_missing():
                self.teach(built_in)
        except UserError as error:
            logging.info("nothing is learned again", exc_info=error)

    def teach(self, built_in: Bundle | None = None) -> None:
        """Teach the model in use, or another to take its place. Raises UserError when that cannot begin."""
        if self._strip is None:
            self._strip = TeachingStrip(self._window.root, self._session.samples, self._bundle, self.use)
        if self._strip.busy:
            raise UserError(_("It is learning already; wait until it is done, or cancel it."))
        self._strip.teach(built_in)

    def undo(self) -> None:
        """Read with the model whose place the one in use took. Raises UserError when there is none."""
        before = teaching.before(self._bundle())
        if before is None:
            raise UserError(_("The model in use was not taught, or the one from before is gone; see Model ▸ Models…."))
        self.use(before)
        if self._strip:
            self._strip.hide()  # what it tells of, and would take back, is taken back

    def can_undo(self) -> bool:
        """Return whether the model in use was taught, and nothing is learned right now."""
        try:
            return not self._is_busy and bool(teaching.taught_from(self._bundle()))
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

    @property
    def _is_busy(self) -> bool:
        return self._strip is not None and self._strip.busy

    def _bundle(self) -> Bundle:
        """Return the model that reads now. Raises UserError."""
        return self._session.recognizer.bundle
