"""The row of buttons below the pad: on the left what is done, on the right what is in the hand."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from app.ui.kit import style, tooltip
from app.ui.window.main_menu import CLEAR, REDO, UNDO, redo_keys
from model.base.language import _

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow


class Toolbar(ttk.Frame):
    """Buttons for a window's commands.

    Args:
        parent: the widget around it.
        window: does what they say.
    """

    def __init__(self, parent: tk.Misc, window: MainWindow):
        super().__init__(parent)
        self._add(_("Recognize"), window.recognize, _("Read what is drawn"), "Return", "Accent.TButton")
        redo = _("Make the change again that was taken back")
        self._buttons = {  # by the menu's line that does the same
            CLEAR: self._add(_("Clear"), window.clear, _("Take all ink away; Undo brings it back"), "Escape"),
            UNDO: self._add(_("Undo"), window.undo, _("Take the last change back"), "Mod+Z"),
            REDO: self._add(_("Redo"), window.redo, redo, redo_keys(window.root)),
        }
        eraser = ttk.Checkbutton(
            self, text=_("Eraser"), variable=window.erasing, command=window.switch_tool, style="Tool.Toolbutton"
        )
        eraser.pack(side="right")
        tooltip.add(eraser, _("Touch a stroke to take it away; the right button does so too"), "E")

    @property
    def buttons(self) -> list[ttk.Button]:
        """All of them, from left to right."""
        return [child for child in self.winfo_children() if isinstance(child, ttk.Button)]

    def enable(self, label: str, possible: bool) -> None:
        """Let the button be pressed that does the same as a menu's line, if there is one, or not."""
        if label in self._buttons:
            self._buttons[label].state(["!disabled" if possible else "disabled"])

    def _add(self, text: str, command: Callable[[], None], tip: str, keys: str, name: str = "TButton") -> ttk.Button:
        button = ttk.Button(self, text=text, command=command, style=name)
        button.pack(side="left", padx=(0, style.px(8)))
        tooltip.add(button, tip, keys)
        return button
