"""The answer: the digit large, how sure it is, and a line of help."""

from __future__ import annotations

import re
import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.recognizer import Prediction

LEAST = 152  # pixels wide, whatever is shown: the pad must not move when an answer comes

_LONG_WORD = re.compile(r"(\S{18})(?=\S)")  # Tk breaks lines at spaces alone, and a path can be longer than a line


class PredictionView(ttk.Frame):
    """Shows a prediction, or a hint, or what went wrong."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, width=LEAST)
        self._digit = ttk.Label(self, style="Digit.TLabel", anchor="center")
        self._confidence = ttk.Label(self, style="Confidence.TLabel", anchor="center")
        self._line = ttk.Label(self, style="Hint.TLabel", anchor="center", justify="center")
        self.grid_propagate(False)
        self.columnconfigure(0, weight=1)
        self.rowconfigure((0, 4), weight=1)  # what is shown stays in the middle
        for row, label in enumerate((self._digit, self._confidence, self._line), 1):
            label.grid(row=row, sticky="ew")
        self.bind("<Configure>", lambda event: self._line.configure(wraplength=event.width))

    def show_prediction(self, prediction: Prediction) -> None:
        """Show what was read."""
        self._show(prediction.text, f"{percent(prediction.confidence)} sure", "")

    def show_hint(self, line: str) -> None:
        """Show no answer but a line of help."""
        self._show("", "", line)

    def show_problem(self, line: str) -> None:
        """Show no answer but what went wrong."""
        self._show("", "", line, "Warning.TLabel")

    def _show(self, digit: str, confidence: str, line: str, line_style: str = "Hint.TLabel") -> None:
        self._digit.configure(text=digit)
        self._confidence.configure(text=confidence)
        self._line.configure(text=_LONG_WORD.sub(r"\1\n", line), style=line_style)
        for label in (self._digit, self._confidence, self._line):
            label.grid() if label.cget("text") else label.grid_remove()


def percent(confidence: float) -> str:
    """Return a fraction in whole per cent; never 100, because no network is that sure with reason."""
    return "over 99 %" if confidence > 0.99 else f"{confidence:.0%}".replace("%", " %")
