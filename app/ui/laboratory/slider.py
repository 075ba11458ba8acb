"""A slider with its name on the left and its value on the right."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.ui.kit import style

NAME, LENGTH, TOLD = 92, 150, 52  # pixels of 1/96 inch
STEPS = 100  # of a slider: an arrow key moves it by one


class Slider(ttk.Frame):
    """Chooses a number from ``low`` to ``high``; ``told`` puts it into words, ``changed`` is called for each one."""

    def __init__(
        self,
        parent: tk.Misc,
        name: str,
        ends: tuple[float, float],
        told: Callable[[float], str],
        changed: Callable[[], object],
    ):
        super().__init__(parent)
        self._ends, self._told, self._changed = ends, told, changed
        looks, colours = ttk.Style(self), style.now.colours
        flat = {"lightcolor": colours.accent, "darkcolor": colours.accent, "bordercolor": colours.edge}
        looks.configure("Horizontal.TScale", background=colours.accent, troughcolor=colours.hover, gripcount=0, **flat)
        looks.configure("Horizontal.TScale", sliderlength=style.px(14), arrowsize=style.px(14))
        looks.map("Horizontal.TScale", background=[("disabled", colours.edge), ("focus", colours.ink)])
        self._value = tk.DoubleVar(self)
        ttk.Label(self, text=name, style="Small.TLabel").grid(row=0, column=0, sticky="w")
        length = style.px(LENGTH)
        self.scale = ttk.Scale(self, from_=0, to=STEPS, variable=self._value, length=length, command=self._moved)
        self.scale.grid(row=0, column=1, padx=style.px(8))
        self._label = ttk.Label(self, style="Small.TLabel")
        self._label.grid(row=0, column=2, sticky="w")
        self.columnconfigure(0, minsize=style.px(NAME))
        self.columnconfigure(2, minsize=style.px(TOLD))

    @property
    def value(self) -> float:
        """The chosen number."""
        low, high = self._ends
        return low + (high - low) * round(self._value.get()) / STEPS

    def set(self, value: float) -> None:
        """Choose a number, without calling ``changed``."""
        low, high = self._ends
        self._value.set((value - low) / (high - low) * STEPS)
        self._label.configure(text=self._told(value))

    def move(self, value: float) -> None:
        """Choose a number as the user would."""
        self.set(value)
        self._changed()

    def enable(self, possible: bool) -> None:
        """Let the user move it, or not."""
        self.scale.state(["!disabled" if possible else "disabled"])

    def _moved(self, _place: str) -> None:
        self._label.configure(text=self._told(self.value))
        self._changed()
