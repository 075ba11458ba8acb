"""The icons of the buttons: lines of our own, drawn for the screen that they are on, in the colours of the look."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from math import cos, pi, sin
from tkinter import ttk
from typing import Any
from weakref import WeakKeyDictionary

from app.ui.kit import style
from app.ui.kit.shapes import Place, cut_out, lines

SIDE = 18  # pixels of 1/96 inch
WIDTH = 1.7  # of a line, likewise
STEPS = 10  # straight pieces of half a circle

Lines = tuple[tuple[Place, ...], ...]

_images: WeakKeyDictionary[tk.Misc, tuple[tk.PhotoImage, ...]] = WeakKeyDictionary()  # Tk forgets those nobody holds


def _mirrored(paths: Lines) -> Lines:
    return tuple(tuple((1 - x, y) for x, y in path) for path in paths)


_BEND = tuple(
    (0.6 + 0.22 * cos(at * pi / STEPS - pi / 2), 0.6 + 0.22 * sin(at * pi / STEPS - pi / 2)) for at in range(STEPS + 1)
)
_UNDO = (((0.36, 0.14), (0.12, 0.38), (0.36, 0.62)), ((0.12, 0.38), *_BEND, (0.34, 0.82)))

# Each in a square whose sides are 1, the origin in its upper left corner.
ICONS: dict[str, Lines] = {
    "pen": (
        ((0.12, 0.88), (0.18, 0.64), (0.66, 0.16), (0.84, 0.34), (0.36, 0.82), (0.12, 0.88)),
        ((0.54, 0.28), (0.72, 0.46)),
    ),
    "eraser": (
        ((0.32, 0.84), (0.1, 0.62), (0.56, 0.14), (0.9, 0.48), (0.55, 0.84)),
        ((0.31, 0.4), (0.65, 0.74)),
        ((0.32, 0.84), (0.9, 0.84)),
    ),
    "undo": _UNDO,
    "redo": _mirrored(_UNDO),
    "clear": (
        ((0.12, 0.25), (0.88, 0.25)),
        ((0.37, 0.25), (0.37, 0.11), (0.63, 0.11), (0.63, 0.25)),
        ((0.21, 0.25), (0.27, 0.89), (0.73, 0.89), (0.79, 0.25)),
        ((0.41, 0.43), (0.41, 0.71)),
        ((0.59, 0.43), (0.59, 0.71)),
    ),
}


def put(button: ttk.Button | ttk.Radiobutton, name: str, *, words: bool = False) -> Callable[[], None]:
    """Give a button an icon, instead of its words or before them, and return what draws it.

    All five take ten milliseconds, for which a first paint need not wait.
    """
    side = style.text_px(SIDE)
    _images[button] = ink, faint = tuple(tk.PhotoImage(master=button, width=side, height=side) for _state in range(2))
    by_state: Any = (str(ink), "disabled", str(faint))
    button.configure(image=by_state, compound="left" if words else "image")

    def draw() -> None:
        paths = tuple(tuple((side * x, side * y) for x, y in path) for path in ICONS[name])
        cover, colours = lines((side, side), paths, WIDTH * style.now.factor * style.now.text), style.now.colours
        for image, colour in ((ink, colours.ink), (faint, colours.faint)):
            image.configure(data=cut_out((side, side), cover, colour), format="png")

    return draw
