"""What a screen reader is told about widgets that Tk can't describe: the pad, the answer and the bars.

Tk speaks to screen readers from 9.1 on (TIP 733, ``tk accessible``); with an older one, or where nobody listens,
nothing happens here. It was tested with a stand-in for that command, and with no real Tk 9.1.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Iterable, Sequence
from tkinter import ttk

from app.ui.kit.background import Timer
from app.ui.kit.numbers import percent
from model.base.language import _, ngettext

TOLD_DIGITS = 3  # the likeliest of the bars: ten would be a speech

log = logging.getLogger(__name__)


class Voice:
    """Describes a window's widgets to the screen reader."""

    def __init__(self, root: tk.Misc):
        self._tk = root.tk
        self._told: dict[str, str] = {}  # a widget's name -> its value, as it was told last
        try:
            self.heard = str(self._tk.call("tk", "accessible", "check_screenreader")) not in ("", "0")
        except tk.TclError:  # Tk is older
            self.heard = False

    def describe(self, widget: tk.Misc, role: str, **words: str) -> None:
        """Say what a widget is: one of Tk's roles, and its ``name``, ``description`` and ``help`` (by the keyboard)."""
        if not self.heard:
            return

        def tell() -> None:
            for what, value in {"role": role, **words}.items():
                self._call(f"set_acc_{what}", widget, value)
            self._call("add_acc_object", widget)

        tell()
        # Tk itself describes a widget when it's mapped, by its class alone; and a canvas not at all.
        telling = Timer(widget)
        widget.bind("<Map>", lambda _event: telling.start("idle", tell), add="+")

    def say(self, widget: tk.Misc, value: str) -> None:
        """Say what a widget shows now; the same isn't said twice."""
        if self.heard and self._told.get(str(widget)) != value:
            self._told[str(widget)] = value
            self._call("set_acc_value", widget, value)
            self._call("emit_selection_change", widget)

    def _call(self, command: str, widget: tk.Misc, *words: str) -> None:
        """Call Tk; what it refuses is no reason to stop reading digits."""
        try:
            self._tk.call("tk", "accessible", command, widget, *words)
        except tk.TclError as error:
            if self.heard:
                log.warning("the screen reader is not told: %s", error)
            self.heard = False


def describe_window(voice: Voice, pad: tk.Misc, answer: tk.Misc, bars: tk.Misc, buttons: Iterable[ttk.Button]) -> None:
    """Describe the main window's widgets; buttons by their own texts."""
    voice.describe(
        pad,
        "Canvas",
        name=_("Drawing pad"),
        description=_("Draw a digit or a number here."),
        help=_("The arrow keys move the pen, Space presses and lifts it, Return reads the drawing."),
    )
    voice.describe(answer, "Label", name=_("Answer"), description=_("What was read, and how sure that is."))
    how = _("Press a digit's key to say that it's the right one.")
    voice.describe(bars, "Canvas", name=_("How likely each digit is"), help=how)
    for button in buttons:
        voice.describe(button, "Button", name=str(button.cget("text")))


def strokes_in_words(strokes: int) -> str:
    """Return what the pad shows."""
    return ngettext("{count} stroke", "{count} strokes", strokes).format(count=strokes) if strokes else _("empty")


def bars_in_words(alternatives: Sequence[tuple[str, float]]) -> str:
    """Return the likeliest digits and signs with their probabilities."""
    return ", ".join(f"{text}: {percent(probability)}" for text, probability in alternatives[:TOLD_DIGITS])
