"""How wide the window is: wider while something in it needs that, and then as the user had it."""

from __future__ import annotations

import tkinter as tk

from app.ui.kit.background import Timer
from app.ui.kit.screen import window_system
from app.ui.kit.work_area import frame, free_area, work_area

SETTLED = 100  # milliseconds after which a window that was resized counts as being as it is


class Room:
    """Widens a window in place, and undoes that unless the user has resized it since."""

    def __init__(self, root: tk.Tk):
        self._root, self._timer = root, Timer(root)
        self._width = 0  # as it was asked for, or found
        self._more: dict[str, int] = {}  # what it is wider for, and by how many pixels
        self._gave_way = False
        root.bind("<Configure>", self._resized, add="+")

    @property
    def more(self) -> int:
        """The pixels by which the window is wider than its user had it."""
        return sum(self._more.values())

    @property
    def most(self) -> tuple[int, int]:
        """The width and the height that there are for what is in the window, in pixels."""
        area = free_area(self._root, menu=True)
        return round(area.width), round(area.height)

    def begin(self, width: int, height: int, more: dict[str, int] | None = None) -> str:
        """Return the size, as Tk writes it, that the window begins with: this one, and what it is wider for.

        That is ``more``, by how many pixels, or as before.
        """
        self._more = self._more if more is None else more
        most = self.most
        width, height = map(min, (width, height), most)
        self._more = {what: min(by, most[0] - width) for what, by in self._more.items()}
        self._width = width + self.more
        return f"{self._width}x{height}"

    def widen(self, what: str, by: int, *, whole: bool = False) -> None:
        """Make the window wider for something, by this many pixels or as far as the screen has the room.

        ``whole``: or not at all, where there is less.
        """
        if self._is_free():
            end = work_area(self._root).right - frame(self._root).right
            free = round(end) - self._root.winfo_rootx() - self._width
            if whole and free < by:
                return
            by = max(0, min(by, free))
            self._more[what] = self._more.get(what, 0) + by
            self._resize(by)

    def give_way(self, wide: int) -> None:
        """Move the window to the screen's left edge where there is less room on its right; once, or it would annoy."""
        root, area, around = self._root, work_area(self._root), frame(self._root, menu=True)
        free = area.right - root.winfo_rootx() - root.winfo_width()
        if free < wide and not self._gave_way and self._is_free():
            self._gave_way = True
            root.geometry(f"+{round(area.left)}+{root.winfo_rooty() - around.top}")
            root.update_idletasks()  # until the window manager has moved it

    def narrow(self, what: str) -> None:
        """Undo the widening for something."""
        if self._is_free():
            self._resize(-self._more.pop(what, 0))

    def heighten(self, by: int) -> int:
        """Make the window higher by so many pixels, or lower, as far as the screen has the room; return by how many."""
        root, around, area = self._root, frame(self._root, menu=True), work_area(self._root)
        by = min(by, self.most[1] - root.winfo_height()) if self._is_free() else 0
        if by:
            left, high = root.winfo_rootx() - around.left, root.winfo_height() + by
            lowest = round(area.bottom) - around.bottom - high - around.top
            root.geometry(f"{root.winfo_width()}x{high}+{left}+{min(root.winfo_rooty() - around.top, lowest)}")
        return by

    def _is_free(self) -> bool:
        """Return whether the window has a size of its own, and is no larger one for being maximised."""
        if self._timer.waits:
            self._timer.stop()
            self._look()
        return self._is_normal()

    def _is_normal(self) -> bool:
        root = self._root
        return root.state() in ("normal", "withdrawn") and not root.attributes("-fullscreen") and not is_zoomed(root)

    def _resize(self, by: int) -> None:
        """Ask for another width. The place is asked for, too: Tk would take one that it only thinks is the window's."""
        if by:
            root, around = self._root, frame(self._root, menu=True)
            self._width += by
            left, top = root.winfo_rootx() - around.left, root.winfo_rooty() - around.top
            root.geometry(f"{self._width}x{root.winfo_height()}+{left}+{top}")

    def _resized(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._root and event.width != self._width and not self._timer.waits:
            self._timer.start(SETTLED, self._look)

    def _look(self) -> None:
        """See whether the window has another width than it was given: then that is its user's, all of it."""
        width = self._root.winfo_width()
        if self._is_normal() and width != self._width:
            self._width = width
            self._more.clear()


def is_zoomed(root: tk.Tk) -> bool:
    """Return whether a window is maximised."""
    return bool(root.attributes("-zoomed")) if window_system(root) == "x11" else root.state() == "zoomed"
