"""Colours, lengths and fonts: how things look now."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter.font import nametofont
from typing import Any


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a look; text has a contrast of at least 4.5 to 1 on what it stands on (WCAG 2.2, 1.4.3)."""

    background: str
    paper: str  # the pad, lists and fields
    ink: str
    muted: str  # text that is less important
    faint: str  # only for what can't be used now
    edge: str
    hover: str
    chosen: str  # a row of a list
    accent: str
    accent_hover: str
    on_accent: str  # text on the accent
    warning: str
    more: str  # what speaks for something: blue and orange, which colour-blind people can distinguish, too
    less: str  # what speaks against it


LIGHT = Colours(
    background="#f3f4f6",
    paper="#ffffff",
    ink="#111827",
    muted="#4b5563",
    faint="#9ca3af",
    edge="#d1d5db",
    hover="#e5e7eb",
    chosen="#dbeafe",
    accent="#1d4ed8",
    accent_hover="#1e40af",
    on_accent="#ffffff",
    warning="#9a3412",
    more="#0b5cad",
    less="#b54708",
)
DARK = Colours(
    background="#1f2329",
    paper="#14171b",
    ink="#eef1f5",
    muted="#b3bac5",
    faint="#6b7480",
    edge="#434a55",
    hover="#2d333c",
    chosen="#1e3a66",
    accent="#8ab4ff",
    accent_hover="#a9c8ff",
    on_accent="#0b1a33",
    warning="#ffb38a",
    more="#7db8ff",
    less="#ffab66",
)


@dataclass(slots=True)
class Shown:
    """The current look; read it when you draw something, because it changes."""

    colours: Colours
    factor: float  # the screen's pixels in one of ours, which are 1/96 inch
    text: float = 1.0  # how much larger text is than at first


now = Shown(LIGHT, 1.0)


def px(length: float) -> int:
    """Return a length, in pixels of 1/96 inch, in the pixels of this screen."""
    return round(length * now.factor)


def points(size: int) -> int:
    """Return the size of a font, in points, scaled to the user's text size."""
    return round(size * now.text)


def text_px(length: float) -> int:
    """Return a length that text needs, as `px` does."""
    return round(length * now.factor * now.text)


def family(widget: tk.Misc) -> str:
    """Return the system's own font family."""
    return str(nametofont("TkDefaultFont", widget).actual("family"))


def text_options(widget: tk.Misc) -> dict[str, Any]:
    """Return how a tk.Text looks: like ttk's fields."""
    colours = now.colours
    return {
        "relief": "flat",
        "borderwidth": 0,
        "font": (family(widget), points(11)),
        "background": colours.paper,
        "foreground": colours.ink,
        "insertbackground": colours.ink,
        "selectbackground": colours.chosen,
        "selectforeground": colours.ink,
        "inactiveselectbackground": colours.chosen,
        "highlightthickness": px(1),
        "highlightbackground": colours.edge,
        "highlightcolor": colours.accent,
        "padx": px(10),
        "pady": px(8),
    }
