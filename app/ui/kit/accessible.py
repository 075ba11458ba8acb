"""What a screen reader is told of widgets that Tk cannot describe by itself: the pad, the answer and the bars.

Tk speaks to screen readers from 9.1 on (TIP 733, ``tk accessible``); with an older one, or where nobody listens,
nothing happens here. It was tested with a stand-in for that command, and with no real Tk 9.1.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Iterable, Sequence
from tkinter import ttk

from app.ui.kit.percent import percent
from model.base.language import _, ngettext

# Roles that Tk has, as the manual page of `tk accessible` names them. A canvas is not made known by itself.
CANVAS, LABEL, BUTTON = "Canvas", "Label", "Button"
LIKELIEST = 3  # digits of the bars are told: ten would be a speech

log = logging.getLogger(__name__)


class Voice:
    """Tells the screen reader of a window's widgets.

    Args:
        root: the window.
    """

    def __init__(self, root: tk.Misc):
        self._tk = root.tk
        self._told: dict[str, str] = {}  # a widget's name -> its value, as it was told last
        try:
            self.heard = str(self._tk.call("tk", "accessible", "check_screenreader")) not in ("", "0")
        except tk.TclError:  # Tk is older
            self.heard = False

    def describe(self, widget: tk.Misc, role: str, name: str, description: str = "", how: str = "") -> None:
        """Tell what a widget is.

        Args:
            widget: what it is about.
            role: one of Tk's.
            name: a word or two.
            description: a sentence more.
            how: it is used by the keyboard.
        """
        if not self.heard:
            return

        def tell() -> None:
            words = {"role": role, "name": name, "description": description, "help": how}
            for what, value in words.items():
                if value:
                    self._call(f"set_acc_{what}", widget, value)
            self._call("add_acc_object", widget)

        def mapped(_event: tk.Event[tk.Misc]) -> None:
            widget.after_idle(tell)  # Tk itself describes a widget when it is mapped, by its class alone

        tell()
        widget.bind("<Map>", mapped, add="+")

    def say(self, widget: tk.Misc, value: str) -> None:
        """Tell what a widget shows now; the same is not told twice."""
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
        CANVAS,
        _("Drawing pad"),
        _("A digit or a number is drawn here."),
        _("The arrow keys move the pen, Space presses and lifts it, Return reads the drawing."),
    )
    voice.describe(answer, LABEL, _("Answer"), _("What was read, and how sure that is."))
    voice.describe(
        bars, CANVAS, _("How likely each digit is"), how=_("Press a digit's key to say that it is the right one.")
    )
    for button in buttons:
        voice.describe(button, BUTTON, str(button.cget("text")))


def strokes_in_words(strokes: int) -> str:
    """Return what the pad shows."""
    return ngettext("{count} stroke", "{count} strokes", strokes).format(count=strokes) if strokes else _("empty")


def bars_in_words(probabilities: Sequence[float]) -> str:
    """Return the likeliest of ten digits with their probabilities, the likeliest first."""
    likeliest = sorted(enumerate(probabilities), key=lambda each: -each[1])[:LIKELIEST]
    return ", ".join(f"{digit}: {percent(probability)}" for digit, probability in likeliest)
