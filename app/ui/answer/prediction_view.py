"""The answer: what was read large, how sure it is, a line of help, and a bar for each digit."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Callable, Mapping
from functools import cache
from tkinter import ttk
from tkinter.font import Font
from typing import TYPE_CHECKING

from app.ui.answer.digit_bars import DigitBars
from app.ui.answer.line_breaks import broken
from app.ui.kit import style
from app.ui.kit.percent import percent
from model.base.language import _
from model.reading.rejection import what_helps, what_is_wrong

if TYPE_CHECKING:
    from model.reading.reading import Reading

LEAST = 152  # pixels wide, whatever is shown: the pad must not move when an answer comes
CLOSE = 0.05  # the runner-up is named when it is likelier than this
SIZES = (96, 80, 64, 52, 44, 32, 26, 22, 18, 15, 12, 10, 8)  # points; the first in which all digits fit
NOTHING = ("", "TLabel")
ABOVE_BARS = 6  # pixels
LOW = 220  # pixels high: the bars are lower then, too
TALLEST = 0.45  # of the height, the digits
SMALLEST = 40  # pixels, likewise, where the sentence below them is long

# Tk breaks lines at spaces alone, and a path can be longer than a line; what is Chinese it breaks anywhere.
_LONG = 18  # letters
_LONG_WORD = rf"([^\s\u2e80-\uffef]{{{_LONG}}})(?=[^\s\u2e80-\uffef])"


class PredictionView(ttk.Frame):
    """Shows what was read, or a hint, or what went wrong.

    ``correct`` is given the digit whose bar was clicked, and ``select`` the place of that in a number which was;
    ``read_page`` is called where a picture of many numbers is to be read as a page.
    """

    def __init__(
        self,
        parent: tk.Misc,
        correct: Callable[[str], None],
        select: Callable[[int], None],
        read_page: Callable[[], None],
    ):
        super().__init__(parent, width=style.px(LEAST))
        self._select = select
        self._shown: tuple[tuple[str, str], ...] = ()  # text, confidence and line, each with its style
        self._size = (0, 0)  # in pixels, that what is shown was fitted into
        self._kept = 0  # pixels high, kept free for each line below the digits
        self._family = style.family(self)  # known once and for all: to ask takes a millisecond
        self._measures = cache(self._measured)
        self._font = cache(lambda name: Font(self, ttk.Style(self).lookup(name, "font")))  # of a style
        self._labels = [ttk.Label(self, anchor="center", justify="center") for _row in range(3)]
        self._text, self._line = self._labels[0], self._labels[2]
        self._page = ttk.Button(
            self, text=_("Read as a page…"), command=read_page, style="Small.TButton", state="disabled"
        )
        self.bars = DigitBars(self, correct)
        self.grid_propagate(False)
        self.columnconfigure(0, weight=1)
        self.rowconfigure((0, 4), weight=1)
        for row, label in enumerate(self._labels, 1):
            label.grid(row=row, sticky="ew")
        self.bars.grid(row=5, sticky="sew", pady=(style.px(ABOVE_BARS), 0))
        self._page.grid(row=4, sticky="n", pady=style.px(ABOVE_BARS))
        self._page.grid_remove()
        self.bars.grid_remove()
        self._text.bind("<Button-1>", self._clicked)
        self.bind("<Configure>", lambda _event: self._fit())

    def show_reading(
        self, reading: Reading, selected: int, labels: Mapping[int, str], line: str = "", *, moving: bool = False
    ) -> None:
        """Show what was read, with the bars of the digit in the selected place.

        Args:
            reading: at least one digit.
            selected: a digit's place.
            labels: what the user says of the digits in some places.
            line: what else is to be said.
            moving: the pen is down, and it will be more than this.
        """
        answer = reading.as_told(labels)
        text, sure = answer.written, answer.accepted
        if len(labels) == len(answer.digits):
            confidence = _("as you say")
        elif sure and labels:
            told = ", ".join(labels[place] for place in sorted(labels))
            confidence = _("{digits} as you say, the rest {percent} sure").format(
                digits=told, percent=percent(answer.confidence)
            )
        elif sure:
            confidence = _("{percent} sure").format(percent=percent(answer.confidence))
        elif moving:
            confidence = _("Not sure yet")
        else:
            confidence = what_is_wrong(answer)
        more = _runner_up(answer) if sure or moving else what_helps(answer)
        self._show(
            (text if sure else f"{text}?", "Digit.TLabel" if sure else "Doubtful.TLabel"),
            (confidence, "Confidence.TLabel" if sure or moving else "Doubt.TLabel"),
            (line or more, "Hint.TLabel"),
        )
        prediction = answer.digits[selected].prediction
        self.bars.show(prediction.probabilities, prediction.text)
        if not self.bars.winfo_manager():
            self.bars.grid()
        self._offer_page(_may_be_page(answer))

    def show_hint(self, line: str, name: str = "Hint.TLabel") -> None:
        """Show no answer but a line of help."""
        self._show(NOTHING, NOTHING, (line, name))
        self.bars.grid_remove()
        self._offer_page(False)

    def show_problem(self, line: str) -> None:
        """Show no answer but what went wrong."""
        self.show_hint(line, "Warning.TLabel")

    def _offer_page(self, offered: bool) -> None:
        if offered != bool(self._page.winfo_manager()):
            self._page.grid() if offered else self._page.grid_remove()
            self._page.configure(state="normal" if offered else "disabled")
            self._size = 0, 0
            self._fit()

    def _show(self, *texts: tuple[str, str]) -> None:
        if texts == self._shown:
            return  # as mostly, while the pen moves
        self._shown = texts
        for label, (text, name) in zip(self._labels, texts, strict=True):
            label.configure(text=text, style=name)
            label.grid() if text else label.grid_remove()
        # Room that stays when a line comes or goes, so that the digit above it does not move.
        self._kept = self._measures(12)[1] if texts[0][0] else 0
        self.rowconfigure((2, 3), minsize=self._kept)
        self._size = 0, 0
        self._fit()

    def _fit(self) -> None:
        size = self.winfo_width(), self.winfo_height()
        if size == self._size:
            return
        self._size = width, height = size
        self.bars.be(low=height < style.px(LOW))
        for label, (said, name) in zip(self._labels[1:], self._shown[1:], strict=False):
            wide = width - style.px(4)  # less the border of a label
            is_long = len(max(said.split(), key=len, default="")) > _LONG
            parted = re.sub(_LONG_WORD, r"\1\n", said) if is_long else said
            label.configure(wraplength=wide, text=broken(parted, wide, self._font(name).measure))
        text = str(self._text.cget("text"))
        if not text:
            self.rowconfigure(0, minsize=0, weight=1)
            return
        below = sum(max(label.winfo_reqheight(), self._kept) for label in self._labels[1:])
        if self._page.winfo_manager():
            below += self._page.winfo_reqheight() + 3 * style.px(ABOVE_BARS)  # labels are measured a little late
        room = max(height - self.bars.winfo_reqheight() - style.px(ABOVE_BARS) - below, style.px(SMALLEST))
        tallest = min(max(TALLEST * height, style.px(60)), room)
        points = SIZES[-1]
        for points in SIZES:
            wide = sum(self._measures(points, "0" if each.isdigit() else each, bold=True)[0] for each in text)
            if wide <= width and self._measures(points, "0", bold=True)[1] <= tallest:
                break
        self._text.configure(font=(self._family, points, "bold"))
        # The digit stands in the middle, beside that of the pad, where there is room for the rest below it.
        high = self._measures(points, "0", bold=True)[1]
        above = min((height - high) // 2, room - high)
        self.rowconfigure(0, minsize=max(0, above), weight=0)

    def _measured(self, points: int, text: str = "0", *, bold: bool = False) -> tuple[int, int]:
        font = Font(self, (self._family, points, "bold" if bold else "normal"))
        return font.measure(text), font.metrics("linespace")

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        """Select the digit of a number that was clicked; the text stands in the middle."""
        text, font = str(self._text.cget("text")), Font(self, str(self._text.cget("font")))
        x = event.x - (self._text.winfo_width() - font.measure(text)) / 2
        if not 0 <= x < font.measure(text):
            return
        place = next(place for place in range(len(text)) if x < font.measure(text[: place + 1]))
        if text[place].isdigit():
            self._select(sum(map(str.isdigit, text[:place])))


def _may_be_page(reading: Reading) -> bool:
    """Return whether a picture can have more than one number."""
    is_picture = not any(digit.strokes for digit in reading.digits)
    return is_picture and (reading.reason == "lines" or (not reading.accepted and len(reading.digits) > 1))


def _runner_up(reading: Reading) -> str:
    """Return a line that names what else it can well be; empty when nothing else."""
    if len(reading.alternatives) < 2:
        return ""
    text, probability = reading.alternatives[1]
    if probability <= CLOSE:
        return ""
    return _("or {text} ({percent})").format(text=reading.signed(text), percent=percent(probability))
