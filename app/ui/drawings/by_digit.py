"""What My drawings offers for each digit: a button that shows those of it alone, and what makes it a label."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk

from app.kept.sample import DIGITS
from app.ui.kit import style
from app.ui.kit.menus import dress
from model.base.language import _

ALL = ""  # lets everything through
BESIDE, NARROW = 6, 2  # pixels between the buttons, and where there is little room


class Filters(ttk.Frame):
    """Lets the user choose which drawings are shown, all or those of a digit, and tells how many there are.

    Args:
        parent: the dialog.
        chosen: is called when another one is chosen.
        narrow: whether there is little room.
    """

    def __init__(self, parent: tk.Misc, chosen: Callable[[], None], *, narrow: bool):
        super().__init__(parent)
        self.digit = tk.StringVar(self, ALL)
        self.buttons: dict[str, ttk.Radiobutton] = {}
        for column, digit in enumerate((ALL, *DIGITS)):
            button = ttk.Radiobutton(self, variable=self.digit, value=digit, command=chosen, style="Chip.Toolbutton")
            beside = style.px(NARROW if narrow else BESIDE) if column else 0
            button.grid(row=0, column=column, sticky="ew", padx=(beside, 0))
            self.columnconfigure(column, weight=1, uniform="" if narrow else "filters")
            self.buttons[digit] = button

    def show(self, counts: Mapping[str, int]) -> None:
        """Show how many there are of each digit."""
        for digit, button in self.buttons.items():
            count = counts[digit] if digit else sum(counts.values())
            name = digit or _("All")
            button.configure(text=f"{name}\n{count:,}")
            button.state(["!disabled" if count or digit == self.digit.get() else "disabled"])


def relabel_menu(parent: tk.Misc, relabel: Callable[[str], None], delete: Callable[[], None]) -> tk.Menu:
    """Return the menu of what is chosen."""
    menu = tk.Menu(parent)
    for digit in DIGITS:
        label = _("It is a {digit}").format(digit=digit)
        menu.add_command(label=label, command=lambda digit=digit: relabel(digit))  # type: ignore[misc]
    menu.add_separator()
    menu.add_command(label=_("Delete"), command=delete)
    dress(menu)
    return menu
