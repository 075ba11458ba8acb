"""A slider with its name on the left and its value on the right."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.ui.kit import style

NAME, LENGTH, TOLD = 92, 150, 52  # pixels of 1/96 inch
STEPS = 100  # of a slider: an arrow key moves it by one


class Slider(ttk.Frame):
    """Chooses a number between two ends; ``told`` puts it into words, ``changed`` is called for each one.

    If it ``multiplies``, each step makes the number larger by the same factor instead of the same amount.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (what there is to a slider)
        self,
        parent: tk.Misc,
        name: str,
        ends: tuple[float, float],
        start: float,
        told: Callable[[float], str],
        changed: Callable[[], object],
        *,
        multiplies: bool = False,
    ):
        super().__init__(parent)
        self._ends, self._told, self._changed, self._multiplies = ends, told, changed, multiplies
        self._place = tk.DoubleVar(self)
        ttk.Label(self, text=name, style="Small.TLabel").grid(row=0, column=0, sticky="w")
        length = style.px(LENGTH)
        self.scale = ttk.Scale(self, from_=0, to=STEPS, variable=self._place, length=length, command=self._moved)
        self.scale.grid(row=0, column=1, padx=style.px(8))
        self._label = ttk.Label(self, style="Small.TLabel")
        self._label.grid(row=0, column=2, sticky="w")
        self.columnconfigure(0, minsize=style.px(NAME))
        self.columnconfigure(2, minsize=style.px(TOLD))
        self.set(start)

    @property
    def value(self) -> float:
        """The chosen number."""
        (low, high), step = self._ends, round(self._place.get())
        return low * (high / low) ** (step / STEPS) if self._multiplies else low + (high - low) * step / STEPS

    def set(self, value: float) -> None:
        """Choose a number, or the end that's nearest to it, without calling ``changed``."""
        low, high = self._ends
        value = min(max(value, low), high)
        part = math.log(value / low, high / low) if self._multiplies else (value - low) / (high - low)
        self._place.set(part * STEPS)
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
