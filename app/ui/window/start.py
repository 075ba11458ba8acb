"""Opening the window, and saying so in a sentence where there can be none."""

from __future__ import annotations

import contextlib
import locale
import os
import signal
import sys
from typing import TYPE_CHECKING

from app.drawing.session import Session
from model.base.errors import UserError
from model.base.language import N_, _

if TYPE_CHECKING:
    import tkinter
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.ui.window.main_window import MainWindow
    from model.reading.recognizer import Recognizer

AFTER_PAINT = 40  # milliseconds to what it must not wait for; LiteRT, which takes longer, comes later

COMMAND_LINE = N_("the command line works without it: inkling-cli recognize PATH")


class NoWindowError(UserError):
    """Why there is no window, and what works without one."""


def run(files: Sequence[Path] = ()) -> int:
    """Open the window with some files, work until it is closed, and return the exit status.

    The window comes back where it was and with the drawing that it had, and a second start finds it.
    """
    window = open_window()
    root = window.root
    from app.ui.window.place import Place  # noqa: PLC0415  (where there is Tk)

    ending = [Place(root, window.room).end]

    def painted(_event: tkinter.Event[tkinter.Misc]) -> None:
        root.unbind("<Expose>")
        root.after(AFTER_PAINT, lambda: _go_on(window, files, ending))

    root.bind("<Expose>", painted)
    # Tk shows Python a Ctrl+C in the terminal only with the next event, so the system ends the program itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    root.mainloop()
    for end in ending:
        end()
    return 0


def _go_on(window: MainWindow, files: Sequence[Path], ending: list[Callable[[], None]]) -> None:
    """Do what the first paint did not wait for: the last drawing, the files, being found; add what is to be ended."""
    from app.ui.kit.rubbish import Rubbish  # noqa: PLC0415
    from app.ui.window.kept_drawing import KeptDrawing  # noqa: PLC0415  (this and the next ones: after the first paint)
    from app.ui.window.visits import Visits, heed_the_mac  # noqa: PLC0415

    ending.append(Rubbish(window.root, lambda: window.pad.is_drawing).end)
    drawing = KeptDrawing(window.root, window.session, window.show)
    visits = Visits(window.root, window.open_paths)
    ending += [drawing.end, visits.end]
    if sys.platform == "darwin":
        heed_the_mac(window.root, window.open_paths, window.close)
    drawing.restore()
    if files:
        window.open_paths(files)
    window.root.after_idle(visits.begin)


def open_and_close() -> str:
    """Open the window, paint it, close it, and say so. Raises NoWindowError."""
    window = open_window()
    try:
        window.root.update()
        return _("opened and closed (Tk {version})").format(version=window.root.tk.call("info", "patchlevel"))
    finally:
        window.close()


def open_window() -> MainWindow:
    """Open the window of the program, and return it before it is painted. Raises UserError."""
    _let_tcl_read_names()  # before it is loaded, which is when it looks
    try:
        import tkinter  # noqa: PLC0415  (a Python can come without it, and then this is where it shows)
    except ImportError as error:
        raise NoWindowError(
            _("This Python has no Tk for the window (Debian: apt install python3-tk); {instead}").format(
                instead=_(COMMAND_LINE)
            )
        ) from error
    from app.ui.kit import icon, screen  # noqa: PLC0415
    from app.ui.window.main_window import MainWindow  # noqa: PLC0415

    screen.promise_sharpness()  # both before Tk has a window
    icon.set_group()
    try:
        root = tkinter.Tk(className="Inkling")
    except tkinter.TclError as error:
        if "display" in str(error):
            raise NoWindowError(
                _("There is no display to open the window on; {instead}").format(instead=_(COMMAND_LINE))
            ) from error
        raise UserError(
            _("Tk is there but does not start; install Python's Tk again. Meanwhile {instead}").format(
                instead=_(COMMAND_LINE)
            )
        ) from error
    try:
        root.tk.call("font", "metrics", "TkDefaultFont")
    except tkinter.TclError:
        from app.ui.kit import fonts  # noqa: PLC0415  (a bare system alone needs it)

        root.destroy()
        fonts.bring()
        root = tkinter.Tk(className="Inkling")
    return MainWindow(root, Session(_load_recognizer))


def _let_tcl_read_names() -> None:
    """Let Tcl, too, read names as UTF-8 where the locale is C or is not installed; else it misses files.

    A Python that is not frozen does so itself (PEP 538), unless LC_ALL keeps it from that.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(locale.Error):  # it is not installed, and C holds
        locale.setlocale(locale.LC_CTYPE, "")
    if locale.setlocale(locale.LC_CTYPE) == "C":
        if os.environ.get("LC_ALL"):
            os.environ["LC_MESSAGES"] = os.environ.pop("LC_ALL")  # whose language is still wanted
        os.environ["LC_CTYPE"] = "C.UTF-8"


def _load_recognizer() -> tuple[Recognizer, str]:
    from app.kept import models  # noqa: PLC0415  (after the first paint)

    return models.recognizer_in_use()
