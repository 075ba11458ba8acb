"""The running program on a virtual screen: a hand that uses it, and an eye that keeps what is seen."""

from __future__ import annotations

import threading
import time
import tkinter as tk
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from PIL import Image, ImageChops

from app.ui.kit import style
from app.ui.kit.menus import plain
from app.ui.window.main_window import MainWindow
from docs.screenshots.digits import Strokes
from model.base.language import _
from tests.screen import Area, Screen, wait_for

PAUSE = 0.12  # seconds between two looks at whether all has come to rest
PATIENCE = 4  # seconds: what moves then, moves always
AWAY = 6  # pixels from the lower right corner of the screen, where the pointer rests


class Stage:
    """The window of the program, which lives in the main thread, and somebody who uses it from another one.

    Args:
        window: the program's.
        hand: on its screen.
    """

    def __init__(self, window: MainWindow, hand: Screen):
        self.window, self.hand = window, hand
        self.root = window.root
        self.size = self.root.winfo_screenwidth(), self.root.winfo_screenheight()

    def play(self, play: Callable[[], object]) -> None:
        """Let the hand play while the window lives, then close it. Raises what the hand met."""
        failures: list[BaseException] = []

        def run() -> None:
            try:
                wait_for(lambda: self.window.session.is_ready, 30, "the network")
                play()
            except BaseException as failure:  # noqa: BLE001  (raised again below, in the main thread)
                failures.append(failure)
            self.root.after(0, self.root.quit)

        self.root.after(100, self.root.focus_force)  # what a window manager would do
        self.root.after(200, threading.Thread(target=run, daemon=True).start)
        self.root.mainloop()
        if failures:
            raise failures[0]

    def rest(self) -> None:
        """Put the pointer away and wait until nothing moves any more."""
        self.hand.move(self.size[0] - AWAY, self.size[1] - AWAY)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing moves any more on the screen."""
        before, end = b"", time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(PAUSE)
            seen = self.hand.pixels(Area(0, 0, *self.size)).tobytes()
            if seen == before:
                return
            before = seen

    def picture(self, *windows: tk.Misc) -> Image.Image:
        """Return what the screen shows of windows, and nothing besides them."""
        areas = [self.area(window) for window in windows]
        left, top = min(area.left for area in areas), min(area.top for area in areas)
        right = max(area.left + area.width for area in areas)
        bottom = max(area.top + area.height for area in areas)
        whole = Image.new("RGB", (right - left, bottom - top), "white")
        for area in areas:
            whole.paste(self.hand.pixels(area), (area.left - left, area.top - top))
        return whole

    def around(self, window: tk.Misc) -> Image.Image:
        """Return a window with what has opened over it or next to it, menus and lists: all that isn't bare screen."""
        whole = self.hand.pixels(Area(0, 0, *self.size))
        bare = Image.new("RGB", whole.size, whole.getpixel((whole.width - 1, whole.height - 1)))
        left, top, right, bottom = ImageChops.difference(whole, bare).getbbox() or (0, 0, *whole.size)
        area = self.area(window)
        return whole.crop((min(left, area.left), min(top, area.top), max(right, area.left), max(bottom, area.top)))

    def area(self, window: tk.Misc) -> Area:
        """Return where a window is, its menus included, as far as the screen has it."""
        left, top = max(0, window.winfo_rootx()), window.winfo_rooty()
        high = window.winfo_height()
        if window is self.root:  # its menus are above what Tk calls its top
            top, high = top - self._menus, high + self._menus
        return Area(left, top, min(window.winfo_width(), self.size[0] - left), min(high, self.size[1] - top))

    @property
    def _menus(self) -> int:
        """The height of the menu bar: Tk shows a copy of it, in addition to the window's own widgets."""
        call: Any = self.root.tk.call
        bars = [name for name in self._all() if name.count(".") == 1 and call("winfo", "class", name) == "Menu"]
        return max(int(call("winfo", "height", name)) for name in bars if call("winfo", "viewable", name))

    def resize(self, wide: float, high: float) -> None:
        """Give the window a size, in pixels of 1/96 inch."""
        self.root.geometry(f"{style.px(wide)}x{style.px(high)}+0+0")
        self.settle()

    def fill(self) -> None:
        """Make the window as large as the screen."""
        self.root.geometry(f"{self.size[0]}x{self.size[1] - self._menus}+0+0")
        self.settle()

    def draw(self, strokes: Strokes, drawn: Callable[[], object] = lambda: None) -> None:
        """Draw strokes, given in the drawing's pixels; ``drawn`` is called after each bit of them."""
        pad = self.window.pad
        for stroke in strokes:
            left, top, scale = pad.winfo_rootx(), pad.winfo_rooty(), pad.shown_scale
            right, bottom = left + pad.winfo_width() - 1, top + pad.winfo_height() - 1
            places = [(min(round(left + scale * x), right), min(round(top + scale * y), bottom)) for x, y in stroke]
            self.hand.move(*places[0])
            self.hand.press()
            for before, place in pairwise(places):
                seen = sum(map(len, pad.wet_strokes))
                self.hand.move(*place)
                if place != before:  # a hand that doesn't look can be faster than a busy program
                    wait_for(lambda seen=seen: sum(map(len, pad.wet_strokes)) > seen, 10, "ink")  # type: ignore[misc]
                drawn()
            self.hand.release()
            wait_for(lambda: not pad.is_drawing, 10, "a stroke")
            time.sleep(0.02)  # the window may widen

    def click(self, widget: tk.Misc) -> None:
        """Click in the middle of a widget."""
        wait_for(widget.winfo_viewable, 10, f"{widget}")
        self.hand.click(
            widget.winfo_rootx() + widget.winfo_width() / 2, widget.winfo_rooty() + widget.winfo_height() / 2
        )

    def button(self, text: str, around: tk.Misc | None = None) -> tk.Misc:
        """Return the button that says this, by its text in the sources."""
        found = [each for each in widgets(around or self.root) if self.text(each) == _(text) and each.winfo_viewable()]
        if not found:
            raise LookupError(f"there is no button {text!r}")
        return found[0]

    def text(self, widget: tk.Misc) -> str:
        """Return what a widget says; nothing where it is of a kind that says nothing."""
        return str(widget.cget("text")) if "text" in (widget.keys() or ()) else ""

    def post(self, *labels: str) -> None:
        """Open a menu with the pointer, and a menu in it, by their labels in the sources."""
        for depth, label in enumerate(labels):
            menu = self.window.menus.menu("/".join(labels[:depth]) or label) if depth else None
            self._click_on(label, menu)
            self.settle()

    def _click_on(self, label: str, menu: tk.Menu | None) -> None:
        """Click a label of the menu bar, or of a menu that is open."""
        call: Any = self.root.tk.call
        path = str(menu) if menu else str(self.window.menus._bar)
        # What is on the screen is a copy that Tk has made, named after its original.
        copies = [name for name in self._all() if name.rpartition(".")[2].endswith(path.replace(".", "#"))]
        shown = next((name for name in [*copies, path] if call("winfo", "viewable", name)), path)
        index = next(
            number
            for number in range(int(call(shown, "index", "end")) + 1)
            if call(shown, "type", number) != "separator"
            and str(call(shown, "entrycget", number, "-label")).startswith(plain(_(label)))
        )
        x = int(call("winfo", "rootx", shown)) + int(call(shown, "xposition", index)) + style.px(12)
        y = int(call("winfo", "rooty", shown)) + int(call(shown, "yposition", index)) + style.px(8)
        self.hand.click(x, y)

    def _all(self, name: str = ".") -> list[str]:
        """Return the names of all of Tk's widgets, also of those that Python hasn't made."""
        children = [str(child) for child in self.root.tk.splitlist(self.root.tk.call("winfo", "children", name))]
        return [name, *(each for child in children for each in self._all(child))]


def widgets(around: tk.Misc) -> list[tk.Misc]:
    """Return a widget and all that is in it."""
    return [around, *(each for child in around.winfo_children() for each in widgets(child))]
