"""The window's side of the last drawing: what is drawn is kept a moment later, and is there again at the next start."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.drawing.canvas import on_canvas
from app.drawing.session import Session
from app.kept import paths
from app.kept.last_drawing import LastDrawing

SOON = 300  # milliseconds from a change to its writing: a fast hand costs the disk three writings a second


class KeptDrawing:
    """Keeps a session's drawing.

    Args:
        root: the window, whose clock it uses.
        session: what is worked on.
        show: shows the session as it is, when a drawing has been put back.
    """

    def __init__(self, root: tk.Tk, session: Session, show: Callable[[], None]):
        self._root, self._session, self._show = root, session, show
        self._file = LastDrawing(paths.last_drawing_file())
        self._waiting = False
        self._restored = False

    def restore(self) -> None:
        """Put the last drawing back, unless something is drawn already, and keep what is drawn from now on."""
        drawing = self._file.take()
        session = self._session
        if not drawing.is_blank and session.drawing.is_blank and not session.can_undo:
            session.begin_with(on_canvas(drawing))  # whoever wrote that file
            self._show()
        self._restored = True
        session.on_change = self._changed
        self._changed()  # what was drawn before

    def end(self) -> None:
        """Keep the drawing as it is now; the window is closed, or is about to be."""
        if self._restored:
            self._keep()
        self._file.close()

    def _changed(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._root.after(SOON, self._keep)

    def _keep(self) -> None:
        self._waiting = False
        self._file.keep(self._session.drawing)
