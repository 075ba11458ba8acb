"""The buttons of My drawings that let the model learn what is kept, and take that back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.ui.kit import tooltip
from app.ui.kit.dialog import Dialog
from model.base.language import _


class Learns(Protocol):
    """What lets the model in use learn."""

    def teach(self) -> None:
        """Learn what is kept. Raises UserError when that can't begin."""

    def undo(self) -> None:
        """Read with the model from before. Raises UserError when there's none."""

    def can_teach(self) -> bool:
        """Return whether something waits to be learned, and nothing is being learned."""

    def can_undo(self) -> bool:
        """Return whether there's one from before, and nothing is being learned."""


class LearnButtons:
    """Adds them to a dialog, in which is said why something can't be done; what is done is told to ``changed``."""

    def __init__(self, dialog: Dialog, learning: Learns, changed: Callable[[], None]):
        self._dialog, self._learning = dialog, learning
        self._changed = changed
        self._learn = dialog.buttons.add(_("Learn now"), lambda: self._do(learning.teach))
        self._undo = dialog.buttons.add(_("Undo learning"), lambda: self._do(learning.undo))
        tips = tooltip.of(dialog)
        tips.explain(self._learn, _("Learns all that's saved; the window shows how it goes. Ctrl+T does so there"))
        tips.explain(self._undo, _("Reads with the model from before"))

    def show_possible(self, *, there: bool) -> None:
        """Grey out what can't be done, where drawings are there or not."""
        learning = self._learning
        for button, possible in ((self._learn, there and learning.can_teach()), (self._undo, learning.can_undo())):
            button.state(["!disabled" if possible else "disabled"])

    def _do(self, action: Callable[[], None]) -> None:
        if self._dialog.attempt(action):
            self._changed()
