"""The screen less its panels, and what is around a window: both are known to the system, and not to Tk."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CDLL, POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p, sizeof
from typing import Any, NamedTuple

from app.ui.kit import style
from model.ink.ink import Box

TITLE, SIDE = 38, 6  # pixels of 1/96 inch: no frame of a window is usually wider, above and at its other sides

_PANELS, _FRAME = b"_NET_WORKAREA", b"_NET_FRAME_EXTENTS"


class Frame(NamedTuple):
    """How far what is around a window reaches beyond its inside, in pixels."""

    left: int
    top: int
    right: int
    bottom: int


def work_area(widget: tk.Misc) -> Box:
    """Return where windows can lie on the screen, in pixels: the whole of it where the system tells no panels."""
    left, top = widget.winfo_vrootx(), widget.winfo_vrooty()  # of all screens, where there are several
    screen = Box(left, top, left + widget.winfo_vrootwidth(), top + widget.winfo_vrootheight())
    if sys.platform == "win32":
        with suppress(ImportError, AttributeError, OSError):
            return _on_windows(widget.winfo_id()) or screen
        return screen
    with _xlib(widget) as x:
        if x:
            now = x.numbers(x.root, b"_NET_CURRENT_DESKTOP") or [0]
            left, top, wide, high = (x.numbers(x.root, _PANELS)[4 * now[0] :] + [0] * 4)[:4]
            if wide > 0 and high > 0:
                return Box(left, top, left + wide, top + high)
    return screen


def frame(window: tk.Misc, *, menu: bool = False) -> Frame:
    """Return what is around a window, with its menu bar or without; what may be there while it is not shown."""
    if not window.winfo_viewable():
        title = style.px(TITLE) * (2 if menu else 1)  # the bar is as high
        return Frame(style.px(SIDE), title, style.px(SIDE), style.px(SIDE))
    with _xlib(window) as x:
        if x:
            inside = window.winfo_id()
            whole, _left, bar = x.around(inside)  # inside and menu bar
            told = x.numbers(whole, _FRAME)[:4]
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
        """Return a property that is a list of numbers; an empty one where there is none."""
        kind, form, count, rest, data = c_ulong(), c_int(), c_ulong(), c_ulong(), POINTER(c_long)()
        atom = c_ulong(self._library.XInternAtom(self._display, c_char_p(name), 1))
        if not atom.value:
            return []
        whole = (c_long(0), c_long(1024), 0, c_ulong(0))  # as long as it is, and of any type
        found = (byref(each) for each in (kind, form, count, rest, data))
        self._library.XGetWindowProperty(self._display, c_ulong(window), atom, *whole, *found)
        numbers = data[: count.value] if data and form.value == 32 else []
        if data:
            self._library.XFree(data)
        return numbers

    def around(self, window: int) -> tuple[int, int, int]:
        """Return the window that another one lies in, and how far it lies from its left and its top."""
        root, parent, count, children = c_ulong(), c_ulong(), c_uint(), c_void_p()
        answer = (byref(each) for each in (root, parent, children, count))
        self._library.XQueryTree(self._display, c_ulong(window), *answer)
        if children:
            self._library.XFree(children)
        left, top, rest = c_int(), c_int(), [c_uint() for _ in range(4)]
        answer = (byref(each) for each in (root, left, top, *rest))
        self._library.XGetGeometry(self._display, c_ulong(window), *answer)
        return parent.value, left.value, top.value

    def measured(self, window: int) -> tuple[int, int, int, int]:
        """Return a frame, left, right, top, bottom, by the windows that it is made of; its sides count as equal."""
        across = down = 0
        around, left, top = self.around(window)
        while around and around != self.root:
            across, down = across + left, down + top
            around, left, top = self.around(around)
        return across, across, down, across


@contextmanager
def _xlib(widget: tk.Misc) -> Iterator[_Xlib | None]:
    """Yield what asks the X server that a widget is on; None where there is none."""
    library = None
    if widget.tk.call("tk", "windowingsystem") == "x11":
        with suppress(OSError):
            library = CDLL("libX11.so.6")  # that Tk itself has loaded
    if library is None:
        yield None
        return
    widget.winfo_pointerxy()  # an answer from the server: what Tk had asked of it before is done
    library.XOpenDisplay.restype = c_void_p
    display = library.XOpenDisplay(c_char_p(widget.winfo_screen().encode()))
    if not display:
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
    """Return the part of a window's monitor that the taskbar leaves free."""
    from ctypes import windll  # type: ignore[attr-defined,unused-ignore]  # noqa: PLC0415  (exists on Windows alone)

    user: Any = windll.user32
    user.MonitorFromWindow.restype = c_void_p
    found = _Monitor(size=sizeof(_Monitor))
    nearest = 2
    if not user.GetMonitorInfoW(c_void_p(user.MonitorFromWindow(c_void_p(window), nearest)), byref(found)):
        return None
    area = Box(*found.work)
    return area if area.width > 0 else None
