"""Colours, fonts and ttk styles, in one place."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from tkinter.font import nametofont

BACKGROUND = "#f3f4f6"
PAPER = "#ffffff"
INK = "#111827"
MUTED = "#4b5563"  # 6.9:1 on the background
FAINT = "#9ca3af"  # only for what cannot be used now
EDGE = "#d1d5db"
HOVER = "#e5e7eb"
ACCENT = "#1d4ed8"  # white on it: 6.7:1
ACCENT_HOVER = "#1e40af"
WARNING = "#9a3412"  # 6.7:1 on the background


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
    style.configure("Confidence.TLabel", font=(family, 13))
    style.configure("Hint.TLabel", foreground=MUTED, font=(family, 12))
    style.configure("Warning.TLabel", foreground=WARNING, font=(family, 12))
    style.configure("TButton", padding=(12, 7), font=(family, 11), width=-8)
    _colour_button(style, "TButton", text=INK, face=PAPER, hover=HOVER)
    _colour_button(style, "Accent.TButton", text=PAPER, face=ACCENT, hover=ACCENT_HOVER)


def _colour_button(style: ttk.Style, name: str, *, text: str, face: str, hover: str) -> None:
    off = ("disabled", BACKGROUND)
    faces = [off, ("active", hover)]
    style.configure(name, foreground=text, background=face, lightcolor=face, darkcolor=face, focuscolor=text)
    style.configure(name, bordercolor=EDGE if face == PAPER else face)
    style.map(name, foreground=[("disabled", FAINT)], background=faces, lightcolor=faces, darkcolor=faces)
    style.map(name, bordercolor=[off])
