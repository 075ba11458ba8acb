"""The screen less its panels, and what is around a window: both are known to the system, and not to Tk."""

from __future__ import annotations

import ctypes
import sys
import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CDLL, POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p, sizeof
from typing import NamedTuple

from app.ui.kit import style
from app.ui.kit.screen import window_system
from model.ink.ink import Box

TITLE, SIDE = 38, 6  # pixels of 1/96 inch: no frame of a window is usually wider, above and at its other sides


class Frame(NamedTuple):
    """How far what is around a window reaches beyond its inside, in pixels."""

    left: int
    top: int
    right: int
    bottom: int


def free_area(window: tk.Misc, *, menu: bool = False) -> Box:
    """Return where the corner of a window's frame can lie, and how large its inside can be, in pixels."""
    area, around = work_area(window), frame(window, menu=menu)
    across, down = around.left + around.right, around.top + around.bottom
    return area._replace(right=area.right - across, bottom=area.bottom - down)


def work_area(widget: tk.Misc) -> Box:
    """Return where windows can lie on the screen, in pixels: the whole of it where the system tells no panels."""
    left, top = widget.winfo_vrootx(), widget.winfo_vrooty()  # of all screens, where there are several
    screen = Box(left, top, left + widget.winfo_vrootwidth(), top + widget.winfo_vrootheight())
    if sys.platform == "win32":
        return _on_windows(widget.winfo_id()) or screen
    with _xlib(widget) as x:
        if x:
            now = x.numbers(x.root, b"_NET_CURRENT_DESKTOP") or [0]
            left, top, wide, high = (x.numbers(x.root, b"_NET_WORKAREA")[4 * now[0] :] + [0] * 4)[:4]
            if wide > 0 and high > 0:
                return Box(left, top, left + wide, top + high)
    return screen


def frame(window: tk.Misc, *, menu: bool = False) -> Frame:
    """Return what is around a window, with its menu bar or without; what may be there while it isn't shown."""
    if not window.winfo_viewable():
        title = style.px(TITLE) * (2 if menu else 1)  # the bar is as high
        return Frame(style.px(SIDE), title, style.px(SIDE), style.px(SIDE))
    with _xlib(window) as x:
        if x:
            whole, _left, bar = x.around(window.winfo_id())  # inside and menu bar
            told = x.numbers(whole, b"_NET_FRAME_EXTENTS")[:4]
            left, right, top, bottom = told if len(told) == 4 else x.measured(whole)
            return Frame(left, top + (bar if menu else 0), right, bottom)
    side = window.winfo_rootx() - window.winfo_x()
    return Frame(side, window.winfo_rooty() - window.winfo_y(), side, side)  # where the bar is a part of the frame


class _Xlib:
    """The few questions, asked over a connection of their own."""

    def __init__(self, library: CDLL, display: int):
        self._library, self._display = library, c_void_p(display)
        library.XDefaultRootWindow.restype = library.XInternAtom.restype = c_ulong
        self.root = library.XDefaultRootWindow(self._display)

    def numbers(self, window: int, name: bytes) -> list[int]:
        """Return a property that is a list of numbers; an empty one where there's none."""
        atom = c_ulong(self._library.XInternAtom(self._display, c_char_p(name), 1))
        if not atom.value:
            return []
        kind, form, count, rest, data = c_ulong(), c_int(), c_ulong(), c_ulong(), POINTER(c_long)()
        whole = (c_long(0), c_long(1024), 0, c_ulong(0))  # as long as it is, and of any type
        found = map(byref, (kind, form, count, rest, data))
        self._library.XGetWindowProperty(self._display, c_ulong(window), atom, *whole, *found)
        numbers = data[: count.value] if data and form.value == 32 else []
        if data:
            self._library.XFree(data)
        return numbers

    def around(self, window: int) -> tuple[int, int, int]:
        """Return the window that another one lies in, and how far it lies from its left and its top."""
        root, parent, count, children = c_ulong(), c_ulong(), c_uint(), c_void_p()
        answer = map(byref, (root, parent, children, count))
        self._library.XQueryTree(self._display, c_ulong(window), *answer)
        if children:
            self._library.XFree(children)
        left, top, rest = c_int(), c_int(), [c_uint() for _ in range(4)]
        self._library.XGetGeometry(self._display, c_ulong(window), *map(byref, (root, left, top, *rest)))
        return parent.value, left.value, top.value

    def measured(self, window: int) -> tuple[int, int, int, int]:
        """Return a frame, left, right, top, bottom, by the windows that it's made of; its sides count as equal."""
        across = down = 0
        around, left, top = self.around(window)
        while around and around != self.root:
            across, down = across + left, down + top
            around, left, top = self.around(around)
        return across, across, down, across


@contextmanager
def _xlib(widget: tk.Misc) -> Iterator[_Xlib | None]:
    """Yield what asks the X server that a widget is on; None where there's none."""
    library = display = None
    if window_system(widget) == "x11":
        with suppress(OSError):
            library = CDLL("libX11.so.6")  # that Tk itself has loaded
    if library:
        widget.winfo_pointerxy()  # an answer from the server: what Tk had asked of it before is done
        library.XOpenDisplay.restype = c_void_p
        display = library.XOpenDisplay(c_char_p(widget.winfo_screen().encode()))
    if not library or not display:
        yield None
        return
    try:
        yield _Xlib(library, display)
    finally:
        library.XCloseDisplay(c_void_p(display))


class _Monitor(Structure):
    """Windows' MONITORINFO: its size, the monitor, the part of it that windows can have, and flags."""

    _fields_ = (("size", c_uint), ("whole", c_int * 4), ("work", c_int * 4), ("flags", c_uint))


def _on_windows(window: int) -> Box | None:
    if sys.platform != "win32":
        return None
    user = ctypes.windll.user32
    user.MonitorFromWindow.restype = c_void_p
    found, nearest = _Monitor(size=sizeof(_Monitor)), 2
    if not user.GetMonitorInfoW(c_void_p(user.MonitorFromWindow(c_void_p(window), nearest)), byref(found)):
        return None
    area = Box(*found.work)
    return area if area.width > 0 else None
