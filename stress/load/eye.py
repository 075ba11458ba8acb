"""A player's eye: windows, menus, what the X server holds for the program, and what the program shows wrongly."""

from __future__ import annotations

import random
import tkinter as tk
from collections.abc import Iterator
from typing import Any

import xcffib
import xcffib.res

from app.ui.window.main_window import MainWindow


class Eye:
    """Looks at a program.

    Args:
        display: the name of the X display with the program's windows.
        root: its window.
    """

    def __init__(self, display: str, root: tk.Tk):
        self._root = root
        self._connection: Any = xcffib.connect(display)  # type: ignore[no-untyped-call]
        self._resources = self._connection(xcffib.res.key)

    @property
    def grab(self) -> str:
        """The name of the widget that blocks all other windows by a grab; empty if none does."""
        return next((str(window) for window in self._root.tk.splitlist(self._root.tk.call("grab", "current"))), "")

    def windows(self) -> list[tk.Misc]:
        """Return the visible windows, the main one first."""
        children = [child for child in self._root.winfo_children() if child.winfo_class() != "Menu"]
        return [self._root, *(child for child in children if isinstance(child, tk.Toplevel) and child.winfo_viewable())]

    def widgets(self, inside: tk.Misc) -> Iterator[tk.Misc]:
        """Yield the visible widgets in another one."""
        for child in inside.winfo_children():
            if child.winfo_viewable():
                yield child
                yield from self.widgets(child)

    def line_of(self, menu: tk.Menu, chance: random.Random) -> tuple[tk.Menu, int | None]:
        """Return a line of a menu that's open, or of one of its submenus."""
        command = str(menu.cget("postcommand"))
        if command:
            self._root.tk.call(command)
        last = menu.index("end")
        if last is None:
            return menu, None
        place = chance.randint(0, last)
        if menu.type(place) != "cascade":
            return menu, place
        return self.line_of(self._root.nametowidget(str(menu.entrycget(place, "menu"))), chance)

    def resources(self) -> int:
        """Return how much the X server holds for the program: windows, pixmaps, fonts, cursors and so on."""
        told = self._resources.QueryClientResources(self._root.winfo_id()).reply()
        return sum(each.count for each in told.types)

    def wrong(self, window: MainWindow) -> Iterator[str]:
        """Yield where the pad doesn't show what the session has, or the answer doesn't show what was read."""
        pad, session = window.pad, window.session
        if pad.is_drawing:
            return
        strokes = [stroke for stroke in session.drawing.strokes if stroke.points]
        shown = [dry for _place, dry in pad.dry.in_order]
        if [id(dry.stroke) for dry in shown] != [id(stroke) for stroke in strokes]:
            yield f"the pad shows {len(shown)} strokes, the drawing has {len(strokes)}"
        if any(pad.itemcget(dry.tag, "state") == tk.HIDDEN for dry in shown):  # type: ignore[no-untyped-call]
            yield "the pad hides a stroke of the drawing"
        tags = {tag for item in pad.find_withtag("dry") for tag in pad.gettags(item)} - {"dry", "current"}
        if not tags <= {dry.tag for dry in shown}:
            yield "the pad shows a stroke that is not in the drawing"
        text = str(window.answer._text.cget("text")).rstrip("?")
        if text and text != session.text:
            yield f"the window says {text}, the session {session.text or 'nothing'}"
