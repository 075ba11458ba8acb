"""What My drawings offers for each digit and sign: a button that shows those of it alone, and what makes it a label."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from functools import partial
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.menus import dress
from model.base.language import _
from model.reading.reading import DIGITS

ALL = ""  # lets everything through
BESIDE, NARROW = 6, 2  # pixels between the buttons, and where there's little room


class Filters(ttk.Frame):
    """Lets the user choose which drawings are shown, all or those of a digit, and tells how many there are.

    Args:
        parent: the dialog.
        chosen: is called when another one is chosen.
        narrow: whether there's little room.
    """

    def __init__(self, parent: tk.Misc, chosen: Callable[[], None], *, narrow: bool):
        super().__init__(parent)
        self.digit = tk.StringVar(self, ALL)
        self.buttons: dict[str, ttk.Radiobutton] = {}
        self._chosen, self._narrow = chosen, narrow
        for label in (ALL, *DIGITS):
            self._add(label)

    def show(self, counts: Mapping[str, int]) -> None:
        """Show how many there are of each digit, and of each sign that there is."""
        for label in [each for each in counts if each not in self.buttons]:
            self._add(label)
        for label in [each for each in self.buttons if each not in (ALL, *counts)]:
            self.buttons.pop(label).destroy()
            if self.digit.get() == label:
                self.digit.set(ALL)
                self._chosen()
                return
        for digit, button in self.buttons.items():
            count = counts[digit] if digit else sum(counts.values())
            name = digit or _("All")
            button.configure(text=f"{name}\n{count:,}")
            button.state(["!disabled" if count or digit == self.digit.get() else "disabled"])

    def _add(self, label: str) -> None:
        """Add a button: digits side by side, signs in rows below them."""
        row, column = divmod(len(self.buttons) - 1, len(DIGITS)) if label else (0, -1)
        button = ttk.Radiobutton(self, variable=self.digit, value=label, command=self._chosen, style="Chip.Toolbutton")
        beside = style.px(NARROW if self._narrow else BESIDE)
        button.grid(
            row=row, column=column + 1, sticky="ew", padx=(beside if label else 0, 0), pady=(beside if row else 0, 0)
        )
        self.columnconfigure(column + 1, weight=1, uniform="" if self._narrow else "filters")
        self.buttons[label] = button


def relabel_menu(
    parent: tk.Misc, filters: Filters, relabel: Callable[[str], None], delete: Callable[[], None]
) -> tk.Menu:
    """Return the menu of what is chosen."""

    def fill() -> None:
        menu.delete(0, "end")
        for label in filters.buttons:
            if label:
                said = _("It's a {digit}") if label in DIGITS else _("It's {sign}")
                command = partial(relabel, label)
                menu.add_command(label=said.format(digit=label, sign=label), command=command)
        menu.add_separator()
        menu.add_command(label=_("Delete"), command=delete)
        dress(menu)

    menu = tk.Menu(parent, postcommand=fill)
    return menu
