"""The window's side of the settings: what the user chooses is saved, and takes effect at once."""

from __future__ import annotations

import tkinter as tk
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.kept import settings
from app.kept.settings import TEXT_SIZES, Settings
from app.ui.kit import glyphs, style
from app.ui.window.contents import INSIDE_WIDTH

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

INSIDE = "inside"  # what makes the window wider


class Choices:
    """Saves the settings that the user chooses in a window, and shows which ones are on."""

    def __init__(self, window: MainWindow):
        self.now = settings.load()
        self._window = window
        self._switches: dict[str, tk.BooleanVar] = {}

    def switch(self, name: str) -> tk.BooleanVar:
        """Return the variable that shows whether a setting is on."""
        if name not in self._switches:
            self._switches[name] = tk.BooleanVar(self._window.root, value=getattr(self.now, name))
        return self._switches[name]

    def turned(self, name: str) -> None:
        """Save a setting as its switch is now."""
        self.keep(name, self.switch(name).get())

    def keep(self, name: str, value: Any) -> None:
        """Give a setting a value, and update the window."""
        self._window.attempt(lambda: settings.change(**{name: value}))
        self._show(replace(settings.load(), **{name: value}))  # as chosen, even if it can't be saved
        self._follow(name)

    def resize_text(self, steps: int) -> None:
        """Make all text larger by this many steps, or reset its size."""
        now = bisect_left(TEXT_SIZES, self.now.text_size)
        size = TEXT_SIZES[min(max(now + steps, 0), len(TEXT_SIZES) - 1)] if steps else Settings().text_size
        if size != self.now.text_size:
            self.keep("text_size", size)

    def refresh(self) -> None:
        """Show the current settings, whoever changed them."""
        self._show(settings.load())

    def _follow(self, name: str) -> None:
        """Update the window after a setting has changed."""
        window = self._window
        match name:
            case "look" | "language" | "text_size":
                window.rebuild()
                if warning := glyphs.warning(window.root):
                    window.contents.show_problem(warning)
            case "live":
                window.contents.toolbar.show_live()
                window.editor.show()
            case "inside":
                window.contents.unfold(self.now.inside)
                if self.now.inside:
                    window.room.widen(INSIDE, style.px(INSIDE_WIDTH))
                else:
                    window.room.narrow(INSIDE)
                window.editor.show_inside()
            case "width" | "smooth" | "guide":
                window.set_pen()
                window.editor.show()
            case "threshold":
                window.editor.settle()
                was_read = window.session.reading is not None
                window.session.set_threshold(self.now.threshold)
                if was_read:
                    window.editor.recognize()

    def _show(self, now: Settings) -> None:
        self.now = now
        for name, switch in self._switches.items():
            switch.set(getattr(now, name))
