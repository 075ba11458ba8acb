"""Light or dark: as the user chose, or following the system when it changes."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Callable
from shutil import which

from app.ui.kit.background import Background
from app.ui.kit.style import DARK, LIGHT, Colours


def chosen(name: str) -> Colours:
    """Return the look of that name, ``light`` or ``dark``; any other name means the system's."""
    return {"light": LIGHT, "dark": DARK}.get(name) or (DARK if _system_is_dark() else LIGHT)


def watch_system(root: tk.Tk, changed: Callable[[], None]) -> None:
    """Call ``changed`` when the system has become light or dark.

    A thread checks whenever the window gets the keyboard: people change it in another window, and the check can take a
    while.
    """
    background = Background(root, lambda _error: None)
    seen: list[bool] = []

    def ask(event: tk.Event[tk.Misc]) -> None:
        if event.widget is root and not background.busy:
            background.do(_system_is_dark, answered)

    def answered(dark: bool) -> None:
        seen.append(dark)
        if seen[-2:-1] == [not dark]:
            changed()

    root.bind("<FocusIn>", ask, add=True)


def _system_is_dark() -> bool:
    """Return whether the system is dark; where it doesn't say, it is light."""
    if sys.platform == "linux" and not which("gsettings"):
        return False  # what darkdetect asks there
    import darkdetect  # noqa: PLC0415  (where there is nothing to ask, it need not be loaded)

    return bool(darkdetect.isDark())
