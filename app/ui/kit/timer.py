"""What is done later in the window's thread, and not at all once its widget is gone."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Literal


class Timer:
    """Does one thing later; a newer one takes the place of what waits, and the end of a widget ends the wait."""

    def __init__(self, widget: tk.Misc):
        self._widget = widget
        self._waiting = ""  # Tk's name for what waits
        widget.bind("<Destroy>", self._destroyed, add="+")

    @property
    def waits(self) -> bool:
        """Whether something is still to be done."""
        return bool(self._waiting)

    def start(self, wait: int | Literal["idle"], action: Callable[[], object]) -> None:
        """Do something in so many milliseconds, or when nothing else is to be done."""

        def run() -> None:
            self._waiting = ""
            action()

        self.stop()
        self._waiting = self._widget.after(wait, run)

    def stop(self) -> None:
        """Leave what waits undone."""
        if self._waiting:
            self._widget.after_cancel(self._waiting)
            self._waiting = ""

    def _destroyed(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._widget:  # a window is told of what was in it, too
            self.stop()
