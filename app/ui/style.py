"""Colours, fonts and ttk styles, in one place."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from tkinter.font import Font, nametofont

BACKGROUND = "#f3f4f6"
PAPER = "#ffffff"
INK = "#111827"
MUTED = "#4b5563"  # 6.9:1 on the background
FAINT = "#9ca3af"  # only for what cannot be used now
EDGE = "#d1d5db"
HOVER = "#e5e7eb"
CHOSEN = "#dbeafe"  # a row of a list; the warning on it: 6.0:1
ACCENT = "#1d4ed8"  # white on it: 6.7:1
ACCENT_HOVER = "#1e40af"
WARNING = "#9a3412"  # 6.7:1 on the background


def family(widget: tk.Misc) -> str:
    """Return the system's own font family."""
    return str(nametofont("TkDefaultFont", widget).actual("family"))


def measure(widget: tk.Misc, font: str | tuple[str, int, str], text: str) -> int:
    """Return how wide a text is in a font, in pixels."""
    return int(Font(widget, font).measure(text))


def apply(root: tk.Tk) -> None:
    """Give the window, its menus and the ttk widgets in it their looks."""
    root.configure(background=BACKGROUND)
    root.option_add("*tearOff", False)
    for option, value in (
        ("background", BACKGROUND),
        ("foreground", INK),
        ("activeBackground", ACCENT),
        ("activeForeground", PAPER),
        ("disabledForeground", FAINT),
        ("relief", "flat"),
        ("borderWidth", 0),
        ("activeBorderWidth", 0),
    ):
        root.option_add(f"*Menu.{option}", value)  # the systems that draw menus themselves pay no heed
    style = ttk.Style(root)
    style.theme_use("clam")  # the built-in theme that looks the same everywhere and takes every colour
    style.configure(".", background=BACKGROUND, foreground=INK)
    family = nametofont("TkDefaultFont", root).actual("family")  # the system's own
    style.configure("Digit.TLabel", font=(family, 96, "bold"))
    style.configure("Doubtful.TLabel", foreground=MUTED)
    style.configure("Confidence.TLabel", font=(family, 13))
    style.configure("Doubt.TLabel", foreground=WARNING, font=(family, 12))
    style.configure("Hint.TLabel", foreground=MUTED, font=(family, 12))
    style.configure("Warning.TLabel", foreground=WARNING, font=(family, 12))
    style.configure("TLabel", font=(family, 11))
    style.configure("Title.TLabel", font=(family, 14, "bold"))
    style.configure("Strong.TLabel", font=(family, 11, "bold"))
    style.configure("Small.TLabel", foreground=MUTED, font=(family, 9))
    for kind in ("TRadiobutton", "TCheckbutton"):
        style.configure(kind, font=(family, 11), focuscolor=BACKGROUND, indicatormargin=(0, 0, 7, 0))
        style.map(kind, background=[("active", BACKGROUND)], foreground=[("disabled", FAINT)])
    for kind in ("TEntry", "TSpinbox", "TCombobox"):
        style.configure(kind, padding=4, fieldbackground=PAPER, bordercolor=EDGE, lightcolor=PAPER, arrowcolor=MUTED)
        style.map(
            kind, fieldbackground=[("readonly", PAPER), ("disabled", BACKGROUND)], bordercolor=[("focus", ACCENT)]
        )
    style.map("TCombobox", foreground=[("disabled", FAINT)])
    style.configure("TProgressbar", background=ACCENT, troughcolor=HOVER, bordercolor=HOVER, thickness=8)
    style.configure("TProgressbar", lightcolor=ACCENT, darkcolor=ACCENT)
    style.configure("Caption.TLabel", foreground=MUTED, font=(family, 11))
    _style_lists(style, root, family)
    style.configure("Chip.Toolbutton", padding=(4, 5), font=(family, 11), anchor="center", justify="center")
    _colour_button(style, "Chip.Toolbutton", text=INK, face=PAPER, hover=HOVER)
    chosen = [("selected", CHOSEN)]
    style.map("Chip.Toolbutton", background=[*chosen, ("disabled", BACKGROUND), ("active", HOVER)])
    style.map("Chip.Toolbutton", lightcolor=chosen, darkcolor=chosen, bordercolor=[("selected", ACCENT)])
    style.configure("Chip.Toolbutton", relief="raised")  # without one it has no border
    style.map("Chip.Toolbutton", relief=[("disabled", "flat")])
    style.configure("TButton", padding=(12, 7), font=(family, 11), width=-8)
    style.configure("Small.TButton", padding=(8, 3), font=(family, 10), width=0)
    _colour_button(style, "Small.TButton", text=INK, face=PAPER, hover=HOVER)
    _colour_button(style, "TButton", text=INK, face=PAPER, hover=HOVER)
    _colour_button(style, "Accent.TButton", text=PAPER, face=ACCENT, hover=ACCENT_HOVER)


def _style_lists(style: ttk.Style, root: tk.Tk, family: str) -> None:
    space = Font(root, (family, 11)).metrics("linespace")
    style.configure("Treeview", font=(family, 11), rowheight=space + 10, background=PAPER, fieldbackground=PAPER)
    style.configure("Treeview", bordercolor=EDGE, lightcolor=PAPER, darkcolor=PAPER)
    style.map("Treeview", background=[("selected", CHOSEN)], foreground=[("selected", INK)])
    style.map("Treeview", bordercolor=[("focus", ACCENT)])
    # Without the arrow that opens branches: a list has none.
    style.layout("Treeview.Item", [("Treeitem.padding", {"sticky": "nswe", "children": [("Treeitem.text", {})]})])
    style.configure("Treeview.Cell", padding=(8, 0))
    style.configure(
        "Treeview.Heading", relief="flat", font=(family, 10), foreground=MUTED, background=BACKGROUND, padding=(10, 5)
    )
    style.configure("Treeview.Heading", bordercolor=EDGE, lightcolor=BACKGROUND, darkcolor=BACKGROUND)
    style.map("Treeview.Heading", background=[("active", BACKGROUND)])
    style.configure("Cell.TEntry", padding=(9, 0), bordercolor=ACCENT, lightcolor=PAPER, fieldbackground=PAPER)
    style.configure("TScrollbar", background=EDGE, troughcolor=BACKGROUND, bordercolor=BACKGROUND, arrowcolor=MUTED)
    style.configure("TScrollbar", lightcolor=EDGE, darkcolor=EDGE)
    off = [("disabled", BACKGROUND)]
    style.map("TScrollbar", background=off, arrowcolor=off, lightcolor=off, darkcolor=off)


def _colour_button(style: ttk.Style, name: str, *, text: str, face: str, hover: str) -> None:
    off = ("disabled", BACKGROUND)
    faces = [off, ("active", hover)]
    style.configure(name, foreground=text, background=face, lightcolor=face, darkcolor=face, focuscolor=text)
    style.configure(name, bordercolor=EDGE if face == PAPER else face)
    style.map(name, foreground=[("disabled", FAINT)], background=faces, lightcolor=faces, darkcolor=faces)
    style.map(name, bordercolor=[off])
