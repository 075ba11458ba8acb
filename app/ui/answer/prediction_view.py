"""The answer: what was read, in large type, how sure it is, a line of help, and a bar for each digit."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Callable, Mapping
from functools import cache
from tkinter import ttk
from tkinter.font import Font
from typing import TYPE_CHECKING

from app.ui.answer.digit_bars import DigitBars
from app.ui.answer.note import NONE, Note, NoteLine
from app.ui.kit import style, tooltip
from app.ui.kit.line_breaks import broken
from app.ui.kit.numbers import percent
from model.base.language import _
from model.reading.rejection import what_helps, what_is_wrong

if TYPE_CHECKING:
    from model.reading.reading import Reading

LEAST = 152  # pixels wide, whatever is shown: the pad must not move when an answer comes
CLOSE = 0.05  # the runner-up is named if it's likelier than this
SIZES = (160, 128, 96, 80, 64, 52, 44, 32, 26, 22, 18, 15, 12, 10, 8)  # points; the first in which all digits fit
NOTHING = ("", "TLabel")
PROBLEM = "Warning.TLabel"
ABOVE_BARS, BELOW_BARS = 6, 4  # pixels
BARS = 0.27  # the bars' part of the height
TALLEST = 0.45  # the digits' part of the height, at most
MOST_BELOW = 0.37  # likewise, for what went wrong in addition to an answer
SMALLEST = 40  # pixels, likewise, if the sentence below them is long

_READ = "\0"  # stands for what was read, in a text that has points and commas in it

# Tk breaks lines only at spaces, and a path can be longer than a line; it breaks Chinese anywhere.
_LONG = 18  # letters
_LONG_WORD = rf"([^\s\u2e80-\uffef]{{{_LONG}}})(?=[^\s\u2e80-\uffef])"


class PredictionView(ttk.Frame):
    """Shows what was read, or a hint, or what went wrong; when that changes, it generates ``<<Said>>``.

    ``correct`` gets the digit whose bar was clicked, and ``select`` the place of the clicked digit in a number;
    ``read_page`` is called when the user wants to read a picture of many numbers as a page.
    """

    def __init__(
        self,
        parent: tk.Misc,
        correct: Callable[[str], None],
        select: Callable[[int], None],
        read_page: Callable[[], None],
    ):
        super().__init__(parent, width=style.text_px(LEAST))
        self._select = select
        self._shown: tuple[tuple[str, str], ...] = ()  # text, confidence and line, each with its style
        self._size = (0, 0)  # in pixels, which the current answer was fitted into
        self._is_read: list[bool] = []  # which characters of the text can be selected: digits and the user's signs
        self._kept = 0  # pixels high, reserved for each line below the digits
        self._family = style.family(self)  # looked up once: asking takes a millisecond
        self._measures = cache(self._measured)
        self._font = cache(lambda name: Font(self, ttk.Style(self).lookup(name, "font")))  # of a style
        self._labels = [ttk.Label(self, anchor="center", justify="center") for _row in range(3)]
        self._text, self._line = self._labels[0], self._labels[2]
        self._page = ttk.Button(
            self, text=_("Read as a page…"), command=read_page, style="Small.TButton", state="disabled"
        )
        self.bars, self.below = DigitBars(self, correct), NoteLine(self)
        self.grid_propagate(False)
        self.columnconfigure(0, weight=1)
        self.rowconfigure((0, 4), weight=1)
        for row, label in enumerate(self._labels, 1):
            label.grid(row=row, sticky="ew")
        self.bars.grid(row=5, sticky="sew", pady=(style.px(ABOVE_BARS), style.px(BELOW_BARS)))
        self.below.grid(row=6, sticky="ew")
        self._page.grid(row=4, sticky="n", pady=style.px(ABOVE_BARS))
        self._page.grid_remove()
        self.bars.grid_remove()
        self._text.bind("<Button-1>", self._clicked)
        self.bind("<Configure>", lambda _event: self._fit())
        self.below.bind("<Configure>", lambda _event: self._fit_again())

    def show_reading(
        self, reading: Reading, selected: int, labels: Mapping[int, str], note: Note = NONE, *, moving: bool = False
    ) -> None:
        """Show what was read, with the bars of the digit in the selected place.

        Args:
            reading: has at least one digit.
            selected: a digit's place.
            labels: the user's labels for the digits at some places.
            note: what else to say; if it's empty, how to correct the digit, if that's possible.
            moving: whether the pen is down, so that there's more to come.
        """
        answer = reading.as_told(labels)
        text, sure = answer.written, answer.accepted
        self._is_read = [each == _READ for each in answer.signed(_READ * len(answer.digits))]
        self._offer_digits(len(answer.digits) > 1)
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
        more, how = _runner_up(answer) if sure or moving else what_helps(answer), ""
        is_picture = not any(digit.strokes for digit in answer.digits)
        if selected not in labels and (sure or moving or (is_picture and len(answer.digits) > 1)):
            how = _how_to_correct(answer, selected)
        elif selected not in labels and not is_picture:
            more, how = "", more
        prediction = answer.digits[selected].prediction
        chosen = prediction.text
        if not moving and _is_none(answer):  # it isn't named after what it looks most like
            if answer.reason == "letters":
                closest = _("Closest: {text}.")
                more = f"{closest.format(text=text)} {more}"
            text = chosen = ""
        self._show(
            (text if sure else f"{text}?", "Digit.TLabel" if sure else "Doubtful.TLabel"),
            (confidence, "Confidence.TLabel" if sure or moving else "Doubt.TLabel"),
            (more, "Hint.TLabel"),
        )
        self.below.show(note if note != NONE else Note(how))
        self.bars.show(prediction.choices, chosen, percents=(sure or moving) and selected not in labels)
        if not self.bars.winfo_manager():
            self.bars.grid()
        self._offer_page(_may_be_page(answer))

    def show_hint(self, line: str, name: str = "Hint.TLabel") -> None:
        """Show only a line of help, without an answer."""
        self._show(NOTHING, NOTHING, (line, name))
        self.below.show(NONE)
        self.bars.grid_remove()
        self._offer_page(False)

    def show_page(self, line: str, more: str) -> None:
        """Show only what is known about a page, and the button that opens it."""
        self._show(NOTHING, (line, "Confidence.TLabel"), (more, "Hint.TLabel"))
        self.below.show(NONE)
        self.bars.grid_remove()
        self._offer_page(True)

    def show_problem(self, line: str) -> None:
        """Show only what went wrong."""
        self.show_hint(line, PROBLEM)

    @property
    def problem(self) -> str:
        """What went wrong, as far as it's still shown."""
        line, name = self._shown[2] if self._shown else NOTHING
        return self.below.note.text if self.below.note.is_problem else line if name == PROBLEM else ""

    def _offer_digits(self, offered: bool) -> None:
        """Hint that a digit of a number can be clicked."""
        if offered != bool(str(self._text.cget("cursor"))):
            self._text.configure(cursor="hand2" if offered else "")
            tooltip.of(self).explain(self._text, _("Click a digit to choose it, then press the right one.") * offered)

    def _offer_page(self, offered: bool) -> None:
        if offered != bool(self._page.winfo_manager()):
            self._page.grid() if offered else self._page.grid_remove()
            self._page.configure(state="normal" if offered else "disabled")
            self._fit_again()

    def _show(self, *texts: tuple[str, str]) -> None:
        if texts == self._shown:
            return  # the usual case, while the pen moves
        self._shown = texts
        self.event_generate("<<Said>>")
        for label, (text, name) in zip(self._labels, texts, strict=True):
            label.configure(text=text, style=name)
            label.grid() if text else label.grid_remove()
        # This room stays when a line comes or goes, so that the digit above it doesn't move.
        self._kept = self._measures(style.points(13))[1] + style.px(4) if texts[0][0] else 0
        self.rowconfigure((2, 3), minsize=self._kept)
        self._fit_again()

    def _fit_again(self) -> None:
        self._size = 0, 0
        self._fit()

    def _fit(self) -> None:
        size = self.winfo_width(), self.winfo_height()
        if size == self._size:
            return
        self._size = width, height = size
        self.bars.fit(BARS * height)
        self.below.fit(MOST_BELOW * height)
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
        below += self.below.winfo_reqheight() + style.px(BELOW_BARS)
        if self._page.winfo_manager():
            below += self._page.winfo_reqheight() + 3 * style.px(ABOVE_BARS)  # labels are measured a little too late
        below += style.px(ABOVE_BARS) + style.px(4)  # with the digits' own border
        room = max(height - self.bars.winfo_reqheight() - below, style.px(SMALLEST))
        tallest = min(max(TALLEST * height, style.px(60)), room)
        points = SIZES[-1]
        for points in SIZES:
            wide = sum(self._measures(points, "0" if each.isdigit() else each, bold=True)[0] for each in text)
            if wide <= width and self._measures(points, "0", bold=True)[1] <= tallest:
                break
        self._text.configure(font=(self._family, points, "bold"))
        # The digit is in the middle, next to the pad's, if there's room for the rest below it.
        high = self._measures(points, "0", bold=True)[1]
        above = min((height - high) // 2, room - high)
        self.rowconfigure(0, minsize=max(0, above), weight=0)

    def _measured(self, points: int, text: str = "0", *, bold: bool = False) -> tuple[int, int]:
        font = Font(self, (self._family, points, "bold" if bold else "normal"))
        return font.measure(text), font.metrics("linespace")

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        """Select the clicked digit of a number; the text is centred."""
        text, font = str(self._text.cget("text")), Font(self, str(self._text.cget("font")))
        x = event.x - (self._text.winfo_width() - font.measure(text)) / 2
        if not 0 <= x < font.measure(text):
            return
        place = next(place for place in range(len(text)) if x < font.measure(text[: place + 1]))
        if place < len(self._is_read) and self._is_read[place]:
            self._select(sum(self._is_read[:place]))


def _may_be_page(reading: Reading) -> bool:
    """Return whether a picture may have more than one number."""
    return not (reading.accepted or any(digit.strokes for digit in reading.digits)) and len(reading.digits) > 1


def _is_none(reading: Reading) -> bool:
    """Return whether a single digit is more likely not a digit; a number's digits stay, to be selected."""
    return len(reading.digits) == 1 and reading.reason in ("doubt", "letters")


def _how_to_correct(reading: Reading, selected: int) -> str:
    """Return how to correct a digit, which also says whose bars are shown."""
    if len(reading.digits) == 1:
        is_sign = not reading.text.isdecimal()
        return _("Wrong? Click the right bar.") if is_sign else _("Wrong? Press the right digit.")
    digit = reading.text[selected]
    before, after = reading.text[:selected].count(digit), reading.text[selected + 1 :].count(digit)
    if not (before or after):
        sentence = _("Is the {digit} wrong? Press the right digit.")
    elif not (before and after):
        first = _("Is the first {digit} wrong? Press the right digit.")
        sentence = _("Is the last {digit} wrong? Press the right digit.") if before else first
    else:
        sentence = _("Is the {digit} at place {place} wrong? Press the right digit.")
    return sentence.format(digit=digit, place=selected + 1)


def _runner_up(reading: Reading) -> str:
    """Return a line that names the second likeliest answer; empty if there isn't a likely one."""
    if len(reading.alternatives) < 2:
        return ""
    text, probability = reading.alternatives[1]
    if probability <= CLOSE:
        return ""
    return _("or {text} ({percent})").format(text=reading.signed(text), percent=percent(probability))
