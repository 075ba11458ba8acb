"""Where the window is: remembered when it closes, and taken again at the next start.

What a window manager puts around a window is its own: Tk is told to put the frame somewhere, and sees where the inside
comes to lie. Tk's own account of the frame is wrong under several window managers, at first above all, so the frame is
measured when a window was told where to go, and a window that was not is corrected at the next start, once.
"""

from __future__ import annotations

import logging
import re
import tkinter as tk
from typing import NamedTuple

from app import settings
from app.ui import style
from model.errors import UserError
from model.ink import Box

SETTLED = 100  # milliseconds after which a moved window counts as being where it is
SEEN = 96  # pixels: as much of a title must be on a screen, or nobody can take hold of the window
FRAME = 128  # pixels: no frame is wider, a menu in it included
INSIDE, ZOOMED = " inside", " zoomed"

_NUMBER = "[+](-?[0-9]{1,5})"
_PLACE = re.compile(f"([0-9]{{1,5}})x([0-9]{{1,5}}){_NUMBER}{_NUMBER}({INSIDE})?({ZOOMED})?")


class Target(NamedTuple):
    """Where a window is to go: a geometry of Tk, which has no position where the system is to place the window."""

    geometry: str
    position: tuple[int, int] | None
    inside: bool  # the position is that of the inside, because the frame was not known
    zoomed: bool


class Place:
    """Puts a window where it was and remembers where it is; made before the window is shown.

    Args:
        root: the window, with its least size already set.
    """

    def __init__(self, root: tk.Tk):
        self._root = root
        self._found = settings.load().place
        left, top = root.winfo_vrootx(), root.winfo_vrooty()  # of all screens, where there are several
        screen = Box(left, top, left + root.winfo_vrootwidth(), top + root.winfo_vrootheight())
        target = fitted(self._found, root.minsize(), screen, style.px(SEEN))
        self._asked = target and target.position  # where the window was told to go, until it is there
        self._inside = bool(target and target.inside)
        self._frame: tuple[int, int] | None = None  # how far the inside lies from the frame's corner, once measured
        self._normal = ""  # where the window is while it is not maximised; empty before it is shown
        self._zoomed = False
        self._waiting = ""
        if target:
            root.geometry(target.geometry)
            if target.zoomed:
                self._normal, self._asked = self._found.removesuffix(ZOOMED), None
                _zoom(root)
        for event in ("<Map>", "<Configure>"):
            root.bind(event, self._moved, add="+")

    def end(self) -> None:
        """Remember where the window was when it was last seen; it is closed."""
        place = self._normal + (ZOOMED if self._zoomed else "")
        if not self._normal or place == self._found:
            return
        try:
            settings.change(place=place)
        except UserError as error:
            logging.warning("where the window is cannot be remembered: %s", error)

    def _moved(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._root and not self._waiting:  # the widgets in it tell, too
            self._waiting = self._root.after(SETTLED, self._look)

    def _look(self) -> None:
        """See where the window is, once it and what the window manager says of it agree."""
        self._waiting, root = "", self._root
        if not root.winfo_viewable() or root.state() not in ("normal", "zoomed") or root.attributes("-fullscreen"):
            return  # none of these is a place worth remembering
        self._zoomed = _is_zoomed(root)
        if self._zoomed and self._normal:
            return
        left, top = root.winfo_rootx(), root.winfo_rooty()
        if self._asked:
            self._measure(left - self._asked[0], top - self._asked[1])
        across, down = self._frame or (0, 0)
        self._normal = f"{root.winfo_width()}x{root.winfo_height()}+{left - across}+{top - down}"
        self._normal += "" if self._frame else INSIDE

    def _measure(self, across: int, down: int) -> None:
        """Learn the frame from where the inside came to lie; correct the position if it was meant for the inside."""
        asked, self._asked = self._asked, None
        assert asked
        if max(abs(across), abs(down)) <= style.px(FRAME):  # else the window manager has put the window elsewhere
            self._frame = across, down
            if self._inside and (across or down):
                self._root.geometry(f"+{asked[0] - across}+{asked[1] - down}")  # it is looked at again then


def fitted(place: str, least: tuple[int, int], screen: Box, seen: int) -> Target | None:
    """Return where to put a window that was at a place, on the screens that there are; None when that is no place.

    Args:
        place: as it was remembered.
        least: the window's least (width, height).
        screen: what all screens cover.
        seen: how much of the window's top must be on it; with less the system is left to place the window.
    """
    parts = _PLACE.fullmatch(place)
    if parts is None:
        return None
    width, height, left, top = (int(number) for number in parts.groups()[:4])
    width = round(max(min(width, screen.width), least[0]))
    height = round(max(min(height, screen.height), least[1]))
    across = min(left + width, screen.right) - max(left, screen.left)
    size, inside, zoomed = f"{width}x{height}", bool(parts[5]), bool(parts[6])
    if across >= seen and screen.top <= top <= screen.bottom - seen:
        return Target(f"{size}+{left}+{top}", (left, top), inside, zoomed)
    return Target(size, None, inside, zoomed)


def _is_zoomed(root: tk.Tk) -> bool:
    if root.tk.call("tk", "windowingsystem") == "x11":
        return bool(root.attributes("-zoomed"))
    return root.state() == "zoomed"


def _zoom(root: tk.Tk) -> None:
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.attributes("-zoomed", True)
    else:
        root.state("zoomed")
