"""What the window's first paint did not wait for: icon, screen reader, file dialogs, drops, LiteRT and the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.ui.kit.icon import set_icon
from app.ui.kit.questions import leave_out_hidden_files

if TYPE_CHECKING:
    import tkinter as tk

    from app.ui.window.main_window import MainWindow

WAIT = 100  # milliseconds after the first paint, and until the pen is looked at again


class WarmUp:
    """Makes a window ready for what its user will do, before that is done.

    Args:
        window: not painted yet.
        ready: is called when the network is loaded.
    """

    def __init__(self, window: MainWindow, ready: Callable[[], None]):
        self._window, self._ready = window, ready
        self._waiting = ""  # Tk's name for what is to come
        window.pad.bind("<Expose>", self._painted)

    def end(self) -> None:
        """Leave what is not done: the window closes."""
        if self._waiting:
            self._window.root.after_cancel(self._waiting)

    def _painted(self, _event: tk.Event[tk.Misc]) -> None:
        self._window.pad.unbind("<Expose>")
        set_icon(self._window.root)
        self._waiting = self._window.root.after(WAIT, self._load)

    def _load(self) -> None:
        """Load what recognition needs; not under a moving pen, which would stutter."""
        if self._window.pad.is_drawing:
            self._waiting = self._window.root.after(WAIT, self._load)
            return
        self._waiting = ""
        leave_out_hidden_files(self._window.root)
        self._window.files.listen_for_drops()
        self._window.attempt(lambda: self._window.session.recognizer)  # loads itself
        if self._window.session.is_ready:
            self._ready()
