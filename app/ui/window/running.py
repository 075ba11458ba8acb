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
from app.ui.kit.background import collect_garbage_here
from app.ui.window.main_window import MainWindow
from app.ui.window.place import Place

if TYPE_CHECKING:
    from model.reading.recognizer import Recognizer

AFTER_PAINT = 40  # milliseconds to what the first paint must not wait for; LiteRT, which takes longer, comes later
KEEP_AFTER = 300  # milliseconds from a change to its writing: a fast hand costs the disk three writings a second
LOOK_EVERY = 200  # milliseconds between two looks at what was handed over
ABOVE = 150  # milliseconds for which the window is kept above the others


def open_root() -> tk.Tk:
    """Open an empty window. Raises TclError."""
    screen.prepare()  # before Tk has a window
    root = tk.Tk(className="Inkling")
    try:
        root.tk.call("font", "metrics", "TkDefaultFont")
    except tk.TclError:  # a bare system
        root.destroy()
        screen.bring_fonts()
        root = tk.Tk(className="Inkling")
    return root


def fill(root: tk.Tk) -> MainWindow:
    """Let an empty window be the program's, with the model in use."""

    def load() -> tuple[Recognizer, str]:
        from app.kept import models  # noqa: PLC0415  (with NumPy and Pillow, after the first paint)

        return models.recognizer_in_use()

    return MainWindow(root, Session(load))


def run_until_closed(window: MainWindow, files: Sequence[Path]) -> int:
    """Let the window come back as it was, open files and be found by a second start, until it is closed; return 0."""
    root = window.root
    ending = [Place(root, window.room).end]

    def go_on() -> None:
        """Do what the first paint did not wait for."""
        ending.append(collect_garbage_here(root, lambda: window.pad.is_drawing))
        drawing = KeptDrawing(root, window.session, window.editor.show)
        visits = Visits(root, window.open_paths)
        ending.extend((drawing.end, visits.end))
        if sys.platform == "darwin":
            heed_the_mac(root, window.open_paths, window.close)
        drawing.restore()
        if files:
            window.open_paths(files)
        root.after_idle(visits.begin)

    def painted(_event: tk.Event[tk.Misc]) -> None:
        root.unbind("<Expose>")
        root.after(AFTER_PAINT, go_on)

    root.bind("<Expose>", painted)
    # Tk shows Python a Ctrl+C in the terminal only with the next event, so the system ends the program itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    root.mainloop()
    for end in ending:
        end()
    return 0


class KeptDrawing:
    """Keeps a session's drawing: what is drawn is written a moment later, and is there again at the next start.

    ``show`` is called when a drawing has been put back.
    """

    def __init__(self, root: tk.Tk, session: Session, show: Callable[[], None]):
        self._root, self._session, self._show = root, session, show
        self._file = LastDrawing(paths.last_drawing_file())
        self._waiting = False

    def restore(self) -> None:
        """Put the last drawing back, unless something is drawn already, and keep what is drawn from now on."""
        drawing = self._file.take()
        session = self._session
        if not drawing.is_blank and session.drawing.is_blank and not session.can_undo:
            session.begin_with(on_canvas(drawing))  # whoever wrote that file
            self._show()
        session.on_change = self._changed
        self._changed()  # what was drawn before

    def end(self) -> None:
        """Keep the drawing as it is now; the window is closed, or is about to be."""
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
    """Answers second starts: the window comes to the front, and opens what they hand over."""

    def __init__(self, root: tk.Tk, open_paths: Callable[[list[Path]], None]):
        from app.facts.instance import Instance  # noqa: PLC0415  (after the first paint)

        self._root, self._open_paths = root, open_paths
        self._instance = Instance(paths.running_file())

    def begin(self) -> None:
        """Be found from now on, unless another window is."""
        if self._instance.listen():
            self._look()

    def end(self) -> None:
        """Be found no longer; the window is closed, or is about to be."""
        self._instance.close()

    def _look(self) -> None:
        self._root.after(LOOK_EVERY, self._look)  # first: what fails below must not be the last that is looked at
        for request in self._instance.requests():
            if request.accept():
                come_to_front(self._root)
                if request.files:
                    self._open_paths(request.files)


def heed_the_mac(root: tk.Tk, open_paths: Callable[[list[Path]], None], close: Callable[[], None]) -> None:
    """Open what is double-clicked in the Finder, which tells the program that runs; let the Mac's *Quit* close it."""
    root.createcommand("::tk::mac::OpenDocument", lambda *files: open_paths([Path(file) for file in files]))
    root.createcommand("::tk::mac::Quit", close)


def come_to_front(root: tk.Tk) -> None:
    """Put the window above all others and give it the keyboard, as far as the system lets a program do that."""
    if root.state() in ("iconic", "withdrawn"):
        root.deiconify()
    root.lift()
    if not root.attributes("-topmost"):  # a window manager may refuse to raise a window, but not to keep one above
        root.attributes("-topmost", True)
        root.after(ABOVE, lambda: root.attributes("-topmost", False))
    root.focus_force()
