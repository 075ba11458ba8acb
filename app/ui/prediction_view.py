"""The answer: what was read large, how sure it is, a line of help, and a bar for each digit."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Callable, Mapping
from math import prod
from tkinter import ttk
from typing import TYPE_CHECKING

from app.ui import style
from app.ui.digit_bars import DigitBars

if TYPE_CHECKING:
    from model.reading import Reading

LEAST = 152  # pixels wide, whatever is shown: the pad must not move when an answer comes
ROOM = 360  # pixels high, with room for as much above the digit as the bars take below it
CLOSE = 0.05  # the runner-up is named when it is likelier than this
SIZES = (96, 64, 44, 32, 26, 22, 18, 15, 12, 10, 8)  # points; the first in which all digits fit

_LONG_WORD = re.compile(r"(\S{18})(?=\S)")  # Tk breaks lines at spaces alone, and a path can be longer than a line


class PredictionView(ttk.Frame):
    """Shows what was read, or a hint, or what went wrong.

    Args:
        parent: the widget around it.
        correct: is given the digit that the user says it is, by a click on its bar.
        select: is given the place of the digit of a number that was clicked.
    """

    def __init__(self, parent: tk.Misc, correct: Callable[[str], None], select: Callable[[int], None]):
        super().__init__(parent, width=LEAST)
        self._select = select
        self._text = ttk.Label(self, style="Digit.TLabel", anchor="center")
        self._confidence = ttk.Label(self, style="Confidence.TLabel", anchor="center")
        self._line = ttk.Label(self, style="Hint.TLabel", anchor="center", justify="center")
        self._bars = DigitBars(self, correct)
        self.grid_propagate(False)
        self.columnconfigure(0, weight=1)
        self.rowconfigure((0, 4), weight=1)
        for row, label in enumerate((self._text, self._confidence, self._line), 1):
            label.grid(row=row, sticky="ew")
        self._bars.grid(row=4, sticky="sew", pady=(6, 0))
        self._bars.grid_remove()
        self._text.bind("<Button-1>", self._clicked)
        self.bind("<Configure>", lambda event: self._fit(event.width, event.height))

    def show_reading(self, reading: Reading, selected: int, labels: Mapping[int, str], line: str = "") -> None:
        """Show what was read.

        Args:
            reading: at least one digit.
            selected: the place of the digit whose bars are shown.
            labels: what the user says of the digits in some places.
            line: what else is to be said.
        """
        prediction = reading.digits[selected].prediction
        told = set(range(len(reading.digits))) <= set(labels)
        sure = reading.accepted or told
        text = "".join(labels.get(place, digit.prediction.text) for place, digit in enumerate(reading.digits))
        if told:
            confidence = "as you say"
        elif sure:
            known = prod(
                digit.prediction.confidence for place, digit in enumerate(reading.digits) if place not in labels
            )
            confidence = f"{percent(known)} sure"
        else:
            confidence = "Not sure this is a digit" if len(text) == 1 else "Not sure this is a number"
        more = _runner_up(reading, labels) if sure else "If it is one, press its key."
        self._show(text if sure else f"{text}?", confidence, line or more)
        self._text.configure(style="Digit.TLabel" if sure else "Doubtful.TLabel")
        self._fit(self.winfo_width(), self.winfo_height())
        self._confidence.configure(style="Confidence.TLabel" if sure else "Doubt.TLabel")
        self._bars.show(prediction.probabilities, labels.get(selected, prediction.text))
        self._bars.grid()

    def show_hint(self, line: str) -> None:
        """Show no answer but a line of help."""
        self._show("", "", line)

    def show_problem(self, line: str) -> None:
        """Show no answer but what went wrong."""
        self._show("", "", line, "Warning.TLabel")

    def _show(self, text: str, confidence: str, line: str, line_style: str = "Hint.TLabel") -> None:
        self._text.configure(text=text)
        self._confidence.configure(text=confidence)
        self._line.configure(text=_LONG_WORD.sub(r"\1\n", line), style=line_style)
        self._bars.grid_remove()
        for label in (self._text, self._confidence, self._line):
            label.grid() if label.cget("text") else label.grid_remove()

    def _fit(self, width: int, height: int) -> None:
        """Let what is shown fit into so many pixels, in the middle of them where there is room for that above."""
        room = height >= ROOM and not self._line.cget("text")
        self.rowconfigure((0, 4), uniform="beside" if room else "")
        self._line.configure(wraplength=width - 4)  # less the border of a label
        fonts = [(style.family(self), size, "bold") for size in SIZES]
        text = str(self._text.cget("text"))
        self._text.configure(font=next((font for font in fonts if style.measure(self, font, text) <= width), fonts[-1]))

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        """Select the digit of a number that was clicked: they are equally wide, and stand in the middle."""
        text, font = str(self._text.cget("text")), str(self._text.cget("font"))
        left = (self._text.winfo_width() - style.measure(self, font, text)) / 2
        place = int((event.x - left) // style.measure(self, font, "0"))
        if 0 <= place < len(text.rstrip("?")):
            self._select(place)


def percent(confidence: float) -> str:
    """Return a fraction in whole per cent; never 100, because no network is that sure with reason."""
    return "over 99 %" if confidence > 0.99 else f"{confidence:.0%}".replace("%", " %")


def _runner_up(reading: Reading, labels: Mapping[int, str]) -> str:
    """Return a line that names what else it can well be; empty when nothing else, or the user has said."""
    if labels or len(reading.alternatives) < 2:
        return ""
    text, probability = reading.alternatives[1]
    return f"or {text} ({percent(probability)})" if probability > CLOSE else ""
