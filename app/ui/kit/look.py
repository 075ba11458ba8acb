"""Light or dark: as the user has chosen, or as the system is, also when that changes."""

from __future__ import annotations

import sys
import threading
import tkinter as tk
from collections.abc import Callable
from shutil import which

from app.ui.kit.style import DARK, LIGHT, Colours

PAUSE = 100  # milliseconds until the system has answered, mostly


def chosen(name: str) -> Colours:
    """Return the look of that name, ``light`` or ``dark``; any other name is the system's."""
    return {"light": LIGHT, "dark": DARK}.get(name) or (DARK if _system_is_dark() else LIGHT)


class SystemLook:
    """Tells when the system has become light or dark: asked each time that the window gets the keyboard.

    Whoever changes it does so in another window. The question can take a while, so a thread asks it.

    Args:
        root: the window.
        changed: is called, in the window's thread, when the look of the system is not what it was.
    """

    def __init__(self, root: tk.Tk, changed: Callable[[], None]):
        self._root, self._changed = root, changed
        self._asking: threading.Thread | None = None
        self._waiting = ""  # Tk's name for the next look at the answer
        self._dark: bool | None = None
        root.bind("<FocusIn>", self._ask, add=True)

    def end(self) -> None:
        """Wait for no answer any more: the window closes."""
        if self._waiting:
            self._root.after_cancel(self._waiting)

    def _ask(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is not self._root or self._asking:
            return
        answers: list[bool] = []
        self._asking = threading.Thread(target=lambda: answers.append(_system_is_dark()), daemon=True)
        self._asking.start()
        self._waiting = self._root.after(PAUSE, self._look, answers)

    def _look(self, answers: list[bool]) -> None:
        if not answers and self._asking and self._asking.is_alive():
            self._waiting = self._root.after(PAUSE, self._look, answers)
            return
        self._asking, self._waiting = None, ""
        before, self._dark = self._dark, bool(answers and answers[0])
        if before is not None and before != self._dark:
            self._changed()


def _system_is_dark() -> bool:
    """Return whether the system is dark; where it does not say, it is light."""
    if sys.platform == "linux" and not which("gsettings"):
        return False  # what darkdetect asks there
    import darkdetect  # noqa: PLC0415  (where there is nothing to ask, it need not be loaded)

    return bool(darkdetect.isDark())
