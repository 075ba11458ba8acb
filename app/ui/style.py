"""Colours, sizes, fonts and ttk styles, in one place."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import ttk
from tkinter.font import Font, nametofont

from app.ui import screen as the_screen


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a look; text has a contrast of at least 4.5 to 1 on what it stands on (WCAG 2.2, 1.4.3)."""

    background: str
    paper: str  # the pad, lists and fields
    ink: str
    muted: str  # text that is less important
    faint: str  # only for what cannot be used now
    edge: str
    hover: str
    chosen: str  # a row of a list
    accent: str
    accent_hover: str
    on_accent: str  # text on the accent
    warning: str


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
)

colours = LIGHT  # of the look that is shown now; read it when something is drawn, it changes
factor = 1.0  # the screen's pixels in one of ours, which are 1/96 inch


def px(length: float) -> int:
    """Return a length, in pixels of 1/96 inch, in the pixels of this screen."""
    return round(length * factor)


def family(widget: tk.Misc) -> str:
    """Return the system's own font family."""
    return str(nametofont("TkDefaultFont", widget).actual("family"))


def measure(widget: tk.Misc, font: str | tuple[str, int, str], text: str) -> int:
    """Return how wide a text is in a font, in pixels."""
    return int(Font(widget, font).measure(text))


def apply(root: tk.Tk, look: Colours = LIGHT) -> None:
    """Give the window, its menus and its ttk widgets a look; widgets that are not of ttk take theirs when made."""
    global colours, factor
    colours, factor = look, the_screen.factor(root)
    root.configure(background=colours.background)
    root.option_add("*tearOff", False)
    for option, value in (
        ("background", colours.background),
        ("foreground", colours.ink),
        ("activeBackground", colours.accent),
        ("activeForeground", colours.paper),
        ("disabledForeground", colours.faint),
        ("relief", "flat"),
        ("borderWidth", 0),
        ("activeBorderWidth", 0),
    ):
        root.option_add(f"*Menu.{option}", value)  # the systems that draw menus themselves pay no heed
    style = ttk.Style(root)
    style.theme_use("clam")  # the built-in theme that looks the same everywhere and takes every colour
    style.configure(".", background=colours.background, foreground=colours.ink)
    family = nametofont("TkDefaultFont", root).actual("family")  # the system's own
    style.configure("Digit.TLabel", font=(family, 96, "bold"))
    style.configure("Doubtful.TLabel", foreground=colours.muted)
    style.configure("Confidence.TLabel", font=(family, 13))
    style.configure("Doubt.TLabel", foreground=colours.warning, font=(family, 12))
    style.configure("Hint.TLabel", foreground=colours.muted, font=(family, 12))
    style.configure("Warning.TLabel", foreground=colours.warning, font=(family, 12))
    style.configure("TLabel", font=(family, 11))
    style.configure("Title.TLabel", font=(family, 14, "bold"))
    style.configure("Strong.TLabel", font=(family, 11, "bold"))
    style.configure("Small.TLabel", foreground=colours.muted, font=(family, 9))
    for kind in ("TRadiobutton", "TCheckbutton"):
        style.configure(kind, font=(family, 11), focuscolor=colours.background, indicatormargin=(0, 0, 7, 0))
        style.map(kind, background=[("active", colours.background)], foreground=[("disabled", colours.faint)])
    for kind in ("TEntry", "TSpinbox", "TCombobox"):
        style.configure(
            kind,
            padding=4,
            fieldbackground=colours.paper,
            bordercolor=colours.edge,
            lightcolor=colours.paper,
            arrowcolor=colours.muted,
        )
        style.map(
            kind,
            fieldbackground=[("readonly", colours.paper), ("disabled", colours.background)],
            bordercolor=[("focus", colours.accent)],
        )
    style.map("TCombobox", foreground=[("disabled", colours.faint)])
    style.configure(
        "TProgressbar", background=colours.accent, troughcolor=colours.hover, bordercolor=colours.hover, thickness=8
    )
    style.configure("TProgressbar", lightcolor=colours.accent, darkcolor=colours.accent)
    style.configure("Caption.TLabel", foreground=colours.muted, font=(family, 11))
    _style_lists(style, root, family)
    style.configure("Chip.Toolbutton", padding=(4, 5), font=(family, 11), anchor="center", justify="center")
    _colour_button(style, "Chip.Toolbutton", text=colours.ink, face=colours.paper, hover=colours.hover)
    chosen = [("selected", colours.chosen)]
    style.map("Chip.Toolbutton", background=[*chosen, ("disabled", colours.background), ("active", colours.hover)])
    style.map("Chip.Toolbutton", lightcolor=chosen, darkcolor=chosen, bordercolor=[("selected", colours.accent)])
    style.configure("Chip.Toolbutton", relief="raised")  # without one it has no border
    style.map("Chip.Toolbutton", relief=[("disabled", "flat")])
    style.configure("TButton", padding=(12, 7), font=(family, 11), width=-8)
    style.configure("Small.TButton", padding=(8, 3), font=(family, 10), width=0)
    _colour_button(style, "Small.TButton", text=colours.ink, face=colours.paper, hover=colours.hover)
    _colour_button(style, "TButton", text=colours.ink, face=colours.paper, hover=colours.hover)
    _colour_button(style, "Accent.TButton", text=colours.paper, face=colours.accent, hover=colours.accent_hover)


def _style_lists(style: ttk.Style, root: tk.Tk, family: str) -> None:
    space = Font(root, (family, 11)).metrics("linespace")
    style.configure(
        "Treeview", font=(family, 11), rowheight=space + 10, background=colours.paper, fieldbackground=colours.paper
    )
    style.configure("Treeview", bordercolor=colours.edge, lightcolor=colours.paper, darkcolor=colours.paper)
    style.map("Treeview", background=[("selected", colours.chosen)], foreground=[("selected", colours.ink)])
    style.map("Treeview", bordercolor=[("focus", colours.accent)])
    # Without the arrow that opens branches: a list has none.
    style.layout("Treeview.Item", [("Treeitem.padding", {"sticky": "nswe", "children": [("Treeitem.text", {})]})])
    style.configure("Treeview.Cell", padding=(8, 0))
    style.configure(
        "Treeview.Heading",
        relief="flat",
        font=(family, 10),
        foreground=colours.muted,
        background=colours.background,
        padding=(10, 5),
    )
    style.configure(
        "Treeview.Heading", bordercolor=colours.edge, lightcolor=colours.background, darkcolor=colours.background
    )
    style.map("Treeview.Heading", background=[("active", colours.background)])
    style.configure(
        "Cell.TEntry",
        padding=(9, 0),
        bordercolor=colours.accent,
        lightcolor=colours.paper,
        fieldbackground=colours.paper,
    )
    style.configure(
        "TScrollbar",
        background=colours.edge,
        troughcolor=colours.background,
        bordercolor=colours.background,
        arrowcolor=colours.muted,
    )
    style.configure("TScrollbar", lightcolor=colours.edge, darkcolor=colours.edge)
    off = [("disabled", colours.background)]
    style.map("TScrollbar", background=off, arrowcolor=off, lightcolor=off, darkcolor=off)


def _colour_button(style: ttk.Style, name: str, *, text: str, face: str, hover: str) -> None:
    off = ("disabled", colours.background)
    faces = [off, ("active", hover)]
    style.configure(name, foreground=text, background=face, lightcolor=face, darkcolor=face, focuscolor=text)
    style.configure(name, bordercolor=colours.edge if face == colours.paper else face)
    style.map(name, foreground=[("disabled", colours.faint)], background=faces, lightcolor=faces, darkcolor=faces)
    style.map(name, bordercolor=[off])
