"""The row of buttons below the pad: first reading and clearing, then the tools, then undo and redo."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from app.ui.kit import icons, style, tooltip
from app.ui.kit.background import Timer
from app.ui.kit.short_label import ShortLabel
from app.ui.window.main_menu import CLEAR, RECOGNIZE, REDO, UNDO, redo_keys
from model.base.language import _

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

AFTER_PAINT = 20  # milliseconds until the icons are drawn
APART, TOGETHER = 16, 4  # pixels between groups, and between the buttons of a group


class Toolbar(ttk.Frame):
    """Offers the most common menu commands as buttons.

    Attributes:
        buttons: those that do the same as a menu's line, keyed by that line.
        rest: the free room at the right end.
    """

    def __init__(self, parent: tk.Misc, window: MainWindow):
        super().__init__(parent)
        self._window = window
        editor = window.editor
        self.buttons = {
            RECOGNIZE: self._add(_("Recognize"), editor.answer, _("Read the drawing"), "Return"),
            CLEAR: self._add(_("Clear"), editor.clear, _("Erase everything; Undo brings it back"), "Delete"),
        }
        self._icons = [icons.put(self.buttons[CLEAR], "clear", words=True)]  # what draws each icon
        self._add_tool(_("Pen"), "pen", _("The pen draws"), erasing=False)
        self._add_tool(
            _("Eraser"),
            "eraser",
            _("The eraser takes each stroke that it touches; so does the right button"),
            erasing=True,
        )
        undone = _("Redo the change that was undone")
        for line, icon, text, command, tip, keys in (
            (UNDO, "undo", _("Undo"), editor.undo, _("Undo the last change"), "Mod+Z"),
            (REDO, "redo", _("Redo"), editor.redo, undone, redo_keys(window.root)),
        ):
            self.buttons[line] = button = self._add(text, command, tip, keys, apart=line == UNDO)
            button.configure(style="Tool.TButton")
            self._icons.append(icons.put(button, icon))
        self.rest = ttk.Frame(self)
        self.rest.pack(side="left", fill="both", expand=True, padx=(style.px(APART), 0))
        self._model = ShortLabel(self.rest, 2, "Note.TLabel")
        self._model.configure(anchor="e", justify="right", cursor="hand2")
        self._model.bind("<Button-1>", lambda _event: window.attempt(lambda: window.dialogs.open("models")))
        self.show_live()
        drawing = Timer(self)
        self.bind("<Map>", lambda _event: drawing.start(AFTER_PAINT, self._draw))

    def show_live(self) -> None:
        """Make the button that reads quiet if the answer follows the pen."""
        self.buttons[RECOGNIZE].configure(style="TButton" if self._window.choices.now.live else "Accent.TButton")

    def show_model(self, name: str) -> None:
        """Show the name of the model in use at the right end; with an empty one, nothing."""
        self._model.say(_("Model: {name}").format(name=name), _("This model reads. Click to choose another one."))
        self._model.place(relx=1, rely=0.5, anchor="e", relwidth=1) if name else self._model.place_forget()

    def enable(self, label: str, possible: bool) -> None:
        """Enable or disable the button that does the same as a menu's line, if there's one."""
        button = self.buttons.get(label)
        if button and possible == button.instate(["disabled"]):  # ttk redraws a button even if nothing changes
            button.state(["!disabled" if possible else "disabled"])

    def _draw(self) -> None:
        for draw in self._icons:
            draw()

    def _add(self, text: str, command: Callable[[], object], tip: str, keys: str, *, apart: bool = False) -> ttk.Button:
        button = ttk.Button(self, text=text, command=command)
        self._show(button, tip, keys, apart=apart)
        return button

    def _add_tool(self, text: str, icon: str, tip: str, *, erasing: bool) -> None:
        """Add a button that switches to a tool; E switches between them."""
        window = self._window
        button = ttk.Radiobutton(self, text=text, variable=window.erasing, value=erasing, command=window.switch_tool)
        button.configure(style="Tool.Toolbutton")
        self._icons.append(icons.put(button, icon))
        self._show(button, tip, "E", apart=not erasing)

    def _show(self, button: ttk.Button | ttk.Radiobutton, tip: str, keys: str, *, apart: bool) -> None:
        before = APART if apart else TOGETHER if len(self.winfo_children()) > 1 else 0
        button.pack(side="left", padx=(style.px(before), 0))
        tooltip.of(self).explain(button, tip, keys)
