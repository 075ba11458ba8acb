"""Where the window is: remembered when it closes, and restored at the next start."""

from __future__ import annotations

import logging
import re
import tkinter as tk
from typing import NamedTuple

from app.kept import settings
from app.ui.kit import style
from app.ui.kit.room import SETTLED, Room, is_zoomed
from app.ui.kit.work_area import frame, free_area
from model.base.errors import UserError
from model.ink.ink import Box

SEEN = 96  # pixels of the title that must be on a screen, or nobody can grab the window
ZOOMED = " zoomed"

_NUMBER = "[+](-?[0-9]{1,5})"
_PLACE = re.compile(f"([0-9]{{1,5}})x([0-9]{{1,5}}){_NUMBER}{_NUMBER}({ZOOMED})?")


class Target(NamedTuple):
    """Where a window is to go."""

    size: tuple[int, int]
    position: tuple[int, int] | None  # of its frame's corner; None if the system should place the window
    zoomed: bool


class Place:
    """Puts a window, which isn't shown yet and has its least size, back where it was, and remembers where it is.

    The extra width that the window has for now, as its room knows, isn't remembered.
    """

    def __init__(self, root: tk.Tk, room: Room):
        self._root, self._room = root, room
        self._found = settings.load().place
        self._normal = ""  # where the window is while it isn't maximised; empty before it's shown
        self._zoomed = False
        self._waiting = ""
        inside = free_area(root, menu=True)
        target = fitted(self._found, root.minsize(), inside, style.px(SEEN), room.more)
        if target:
            size = room.begin(target.size[0] - room.more, target.size[1])
            root.geometry(size + (f"+{target.position[0]}+{target.position[1]}" if target.position else ""))
            if target.zoomed:
                self._normal = self._found.removesuffix(ZOOMED)
                _zoom(root)
        for event in ("<Map>", "<Configure>"):
            root.bind(event, self._moved, add="+")

    def end(self) -> None:
        """Remember where the window was last seen; it's closed."""
        place = self._normal + (ZOOMED if self._zoomed else "")
        if not self._normal or place == self._found:
            return
        try:
            settings.change(place=place)
        except UserError as error:
            logging.warning("where the window is cannot be remembered: %s", error)

    def _moved(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._root and not self._waiting:  # events of the widgets in it arrive here, too
            self._waiting = self._root.after(2 * SETTLED, self._look)  # after the room has seen what the user did

    def _look(self) -> None:
        """Look where the window is, once it and the window manager agree about that."""
        self._waiting, root = "", self._root
        if not root.winfo_viewable() or root.state() not in ("normal", "zoomed") or root.attributes("-fullscreen"):
            return  # none of these is a place worth remembering
        self._zoomed = is_zoomed(root)
        if self._zoomed and self._normal:
            return
        around = frame(root, menu=True)
        left, top = root.winfo_rootx() - around.left, root.winfo_rooty() - around.top
        self._normal = f"{root.winfo_width() - self._room.more}x{root.winfo_height()}+{left}+{top}"


def fitted(place: str, least: tuple[int, int], screen: Box, seen: int, more: int = 0) -> Target | None:
    """Return where to put a window that was at a place, on the current screens; None if the place isn't valid.

    At least ``seen`` pixels of its top must be visible, or the system places it. It may hang out as far at a side,
    and is moved in if it hangs out farther, or at the bottom. ``screen`` is less a frame; ``more`` is the extra
    width that the window has now.
    """
    parts = _PLACE.fullmatch(place)
    if parts is None:
        return None
    width, height, left, top = (int(number) for number in parts.groups()[:4])
    width = round(max(min(width + more, screen.width), least[0]))
    height = round(max(min(height, screen.height), least[1]))
    across = min(left + width, screen.right) - max(left, screen.left)
    size, zoomed = (width, height), bool(parts[5])
    if across >= seen and screen.top <= top <= screen.bottom - seen:
        if max(left + width - screen.right, screen.left - left) > seen:
            left = round(max(min(left, screen.right - width), screen.left))
        top = round(max(min(top, screen.bottom - height), screen.top))  # where its buttons are
        return Target(size, (left, top), zoomed)
    return Target(size, None, zoomed)


def _zoom(root: tk.Tk) -> None:
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.attributes("-zoomed", True)
    else:
        root.state("zoomed")
