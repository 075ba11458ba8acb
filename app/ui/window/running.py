"""The window from its first paint to its end: the last drawing, its place, and what a second start hands over."""

from __future__ import annotations

import signal
import sys
import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.drawing.canvas import on_canvas
from app.drawing.session import Session
from app.kept import paths
from app.kept.last_drawing import LastDrawing
from app.ui.kit import screen
from app.ui.kit.background import collect_garbage_here, in_turn
from app.ui.window.main_window import MainWindow
from app.ui.window.place import Place

if TYPE_CHECKING:
    from model.reading.recognizer import Recognizer

AFTER_PAINT = 40  # milliseconds to what the first paint must not wait for; LiteRT takes longer and comes later
KEEP_AFTER = 300  # milliseconds from a change until it's written: a fast hand costs the disk three writes a second
LOOK_EVERY = 200  # milliseconds between two checks for what was handed over
ABOVE = 150  # milliseconds for which the window is kept above the others


def open_root() -> tk.Tk:
    """Open an empty window. Raises TclError."""
    screen.prepare()  # before Tk has a window
    root = tk.Tk(className="Inkling")
    try:
        root.tk.call("font", "metrics", "TkDefaultFont")
    except tk.TclError:  # a bare-bones system
        root.destroy()
        screen.bring_fonts()
        root = tk.Tk(className="Inkling")
    return root


def fill(root: tk.Tk) -> MainWindow:
    """Turn an empty window into the program's, with the model in use."""

    def load() -> tuple[Recognizer, str]:
        from app.kept import models  # noqa: PLC0415  (with NumPy and Pillow, after the first paint)

        return models.recognizer_in_use()

    return MainWindow(root, Session(load))


def run_until_closed(window: MainWindow, files: Sequence[Path]) -> Callable[[], None] | None:
    """Restore the window's last state, open files and listen for a second start, until the window is closed.

    Returns what has to be done before another window opens; None if no other one opens.
    """
    root = window.root
    ending = [Place(root, window.room).end]

    def go_on() -> None:
        """Do what the first paint didn't wait for."""
        ending.append(collect_garbage_here(root, lambda: window.pad.is_drawing))
        drawing = KeptDrawing(root, window.session, window.editor.show)
        visits = Visits(root, window.open_paths)
        ending.extend((drawing.end, visits.end))
        if sys.platform == "darwin":
            heed_the_mac(root, window.open_paths, window.close)
        drawing.restore()
        if files:
            window.open_paths(files)
        in_turn(root, visits.begin)

    def painted(_event: tk.Event[tk.Misc]) -> None:
        root.unbind("<Expose>")
        root.after(AFTER_PAINT, go_on)

    root.bind("<Expose>", painted)
    # Tk passes a Ctrl+C in the terminal on to Python only with the next event, so the system ends the program itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    root.mainloop()
    for end in ending:
        end()
    for waiting in root.tk.splitlist(root.tk.call("after", "info")):  # otherwise the next window's loop would run them
        root.tk.call("after", "cancel", waiting)
    return window.then


class KeptDrawing:
    """Saves a session's drawing: each change is written a moment later, and is back at the next start.

    ``show`` is called after a drawing has been restored.
    """

    def __init__(self, root: tk.Tk, session: Session, show: Callable[[], None]):
        self._root, self._session, self._show = root, session, show
        self._file = LastDrawing(paths.last_drawing_file())
        self._waiting = False

    def restore(self) -> None:
        """Restore the last drawing, unless something has been drawn already, and save what's drawn from now on."""
        drawing = self._file.take()
        session = self._session
        if not drawing.is_blank and session.drawing.is_blank and not session.can_undo:
            session.begin_with(on_canvas(drawing))  # anybody may have written that file
            self._show()
        session.on_change = self._changed
        self._changed()  # what was drawn before

    def end(self) -> None:
        """Save the drawing as it is now; the window is closed, or about to be."""
        self._keep()
        self._file.close()

    def _changed(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._root.after(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        self._waiting = False
        self._file.keep(self._session.drawing)


class Visits:
    """Answers second starts: the window comes to the front, and opens the files that they hand over."""

    def __init__(self, root: tk.Tk, open_paths: Callable[[list[Path]], None]):
        from app.facts.instance import Instance  # noqa: PLC0415  (after the first paint)

        self._root, self._open_paths = root, open_paths
        self._instance = Instance(paths.running_file())

    def begin(self) -> None:
        """Listen from now on, unless another window does."""
        if self._instance.listen():
            self._look()

    def end(self) -> None:
        """Stop listening; the window is closed, or about to be."""
        self._instance.close()

    def _look(self) -> None:
        self._root.after(LOOK_EVERY, self._look)  # first, so that the checks go on even if something below fails
        for request in self._instance.requests():
            if request.accept():
                come_to_front(self._root)
                if request.files:
                    self._open_paths(request.files)


def heed_the_mac(root: tk.Tk, open_paths: Callable[[list[Path]], None], close: Callable[[], None]) -> None:
    """Open what's double-clicked in the Finder, which notifies the running program; let the Mac's *Quit* close it."""
    root.createcommand("::tk::mac::OpenDocument", lambda *files: open_paths([Path(file) for file in files]))
    root.createcommand("::tk::mac::Quit", close)


def come_to_front(root: tk.Tk) -> None:
    """Raise the window above all others and give it the keyboard, as far as the system lets a program do that."""
    if root.state() in ("iconic", "withdrawn"):
        root.deiconify()
    root.lift()
    if not root.attributes("-topmost"):  # a window manager may refuse to raise a window, but not to keep one above
        root.attributes("-topmost", True)
        root.after(ABOVE, lambda: root.attributes("-topmost", False))
    root.focus_force()
