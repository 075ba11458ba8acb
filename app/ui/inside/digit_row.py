"""A row of ten buttons, one for each digit, one of them chosen: one stop for the Tab key, with arrows inside."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.key_events import bind_plain, digit_of

STYLE = "Digit.Chip.Toolbutton"


class DigitRow(ttk.Frame):
    """Chooses a digit; ``choose`` is given the one that the user chose."""

    def __init__(self, parent: tk.Misc, choose: Callable[[int], None]):
        super().__init__(parent)
        self._choose = choose
        looks = ttk.Style(self)
        looks.configure(STYLE, padding=(0, style.px(4)), focuscolor=style.now.colours.ink, width=0)
        looks.map(
            STYLE,
            bordercolor=[("focus", style.now.colours.ink), ("selected", style.now.colours.accent)],
            font=[("selected", (style.family(self), style.points(11), "bold"))],
        )
        self._digit = tk.IntVar(self, -1)
        self._buttons = [self._button(digit) for digit in range(10)]
        self.show(0)

    def show(self, digit: int) -> None:
        """Show which digit is chosen; the Tab key stops at it."""
        self._digit.set(digit)
        for number, button in enumerate(self._buttons):
            button.configure(takefocus=number == digit)

    def _button(self, digit: int) -> ttk.Radiobutton:
        button = ttk.Radiobutton(self, text=str(digit), value=digit, variable=self._digit, style=STYLE)
        button.configure(command=lambda: self._chosen(digit))
        button.grid(row=0, column=digit, sticky="ew")
        self.columnconfigure(digit, weight=1, uniform="digits")
        for key, other in (("Left", (digit - 1) % 10), ("Right", (digit + 1) % 10), ("Home", 0), ("End", 9)):
            bind_plain(button, f"<{key}>", lambda _event, other=other: self._pressed(other))  # type: ignore[misc]
        button.bind("<Key>", self._said)
        return button

    def _said(self, event: tk.Event[tk.Misc]) -> str | None:
        """Choose the digit of a key; elsewhere in the window it says which one was drawn."""
        return self._pressed(int(said)) if (said := digit_of(event)) else None

    def _pressed(self, digit: int) -> str:
        self._chosen(digit)
        self._buttons[digit].focus_set()
        return "break"

    def _chosen(self, digit: int) -> None:
        self.show(digit)
        self._choose(digit)
