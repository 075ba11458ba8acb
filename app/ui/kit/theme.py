"""The window's theme: ttk styles in the colours of a look, and shapes with smooth edges, as fine as the screen.

Tk's own borders are square and not smooth, and packages of themes bring pictures of one size.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from tkinter.font import Font, names, nametofont
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from app.ui.kit import screen
from app.ui.kit.shapes import Cover, Size, lines, picture, rounded, stretched
from app.ui.kit.style import LIGHT, Colours, family, now, points, px, text_px

RADIUS = 6  # pixels, of the corners of buttons and fields
MARK = 17  # pixels, a side of the mark of a choice
MIDDLE = (
    96,
    32,
)  # pixels of a plate that are stretched: ttk lays them tile by tile, and a button of single ones in 7 ms

_pictures: WeakKeyDictionary[tk.Misc, list[tk.PhotoImage]] = WeakKeyDictionary()  # Tk forgets those that nobody holds


def apply(root: tk.Tk, look: Colours = LIGHT, text_size: int = 100) -> None:
    """Give the window, its menus and its ttk widgets a look; widgets that aren't of ttk take theirs when made.

    Text is so large, in per cent of what it is at first.
    """
    now.colours, now.factor = look, screen.factor(root)
    _size_text(root, text_size / 100)
    root.configure(background=look.background)
    root.option_add("*tearOff", False)
    menu = {
        "background": look.edge,  # it's seen around the lines, which `menus.dress` gives the paper's
        "foreground": look.ink,
        "activeBackground": look.accent,
        "activeForeground": look.on_accent,
        "disabledForeground": look.faint,
        "selectColor": look.ink,
        "relief": "flat",
        "borderWidth": px(1),
        "activeBorderWidth": 0,
    }
    choices = {
        "background": look.paper,
        "foreground": look.ink,
        "selectBackground": look.accent,
        "selectForeground": look.on_accent,
        "font": f"{{{family(root)}}} {points(11)}",
        "borderWidth": px(3),
        "relief": "flat",
    }
    for widgets, options in (("Menu", menu), ("TCombobox*Listbox", choices)):
        for option, value in options.items():
            root.option_add(f"*{widgets}.{option}", value)  # the systems that draw menus themselves pay no heed
    style = ttk.Style(root)
    name = f"inkling-{'light' if look is LIGHT else 'dark'}-{text_size}"
    if name not in style.theme_names():
        # On top of the built-in theme that looks the same everywhere and takes every colour.
        style.theme_create(name, parent="clam")
        style.theme_use(name)
        _add_elements(root, style, look)
        _set_styles(root, style, look)
    style.theme_use(name)


def _size_text(root: tk.Tk, text: float) -> None:
    """Let the fonts that Tk itself names, of menus and questions, be as large as the other text."""
    by, now.text = text / getattr(root, "text", 1.0), text
    if by == 1:
        return
    root.text = text  # type: ignore[attr-defined]
    for name in names(root):
        font = nametofont(name, root)
        font.configure(size=round(int(font.cget("size")) * by))


class _Outline(NamedTuple):
    """A square with round corners, in pixels of the screen."""

    root: tk.Tk
    side: int
    radius: float
    middle: Size = (1, 1)  # what its middle pixel is stretched to

    def drawn(
        self, fill: str, edge: str, *, ring: bool = False, gap: str = "", sign: tuple[Cover, str] | None = None
    ) -> tk.PhotoImage:
        """Return its picture, with a sign on it, and a ring for an edge that a gap of a colour sets off."""
        size, radius, thin = (self.side, self.side), self.radius, now.factor
        width = 2 * thin if ring else thin
        layers = [(rounded(size, 0, radius), edge), (rounded(size, width, radius - width), gap or fill)]
        if gap:
            layers.append((rounded(size, width + thin, radius - width - thin), fill))
        shape = picture(self.root, size, now.colours.background, *layers, *([sign] if sign else []))
        if self.middle != (1, 1):
            shape = stretched(self.root, shape, self.middle)
        _pictures.setdefault(self.root, []).append(shape)
        return shape


def _add_elements(root: tk.Tk, style: ttk.Style, look: Colours) -> None:
    """Make the theme's own elements: buttons and fields, whose middles are stretched, and marks of choices."""
    radius, side = px(RADIUS), text_px(MARK)
    height = 2 * radius + 3
    plate = _Outline(root, height, radius, MIDDLE).drawn
    off = ("disabled", plate(look.background, look.edge))
    for name, padding, normal, *states in (
        (
            "Plain.plate",
            0,
            plate(look.paper, look.edge),
            off,
            ("selected", "focus", plate(look.chosen, look.ink, ring=True)),
            ("selected", plate(look.chosen, look.accent)),
            ("pressed", plate(look.edge, look.edge)),
            ("focus", plate(look.paper, look.accent, ring=True)),
            ("active", plate(look.hover, look.edge)),
        ),
        (
            "Accent.plate",
            0,
            plate(look.accent, look.accent),
            off,
            ("focus", plate(look.accent, look.ink, ring=True, gap=look.on_accent)),
            ("active", plate(look.accent_hover, look.accent_hover)),
        ),
        (
            "Field.plate",
            px(4),
            plate(look.paper, look.muted),
            off,
            ("focus", plate(look.paper, look.accent, ring=True)),
        ),
    ):
        style.element_create(
            name,
            "image",
            normal,
            *states,
            border=radius + 1,
            padding=padding,
            sticky="nsew",
            width=height,
            height=height,
        )
    tick = tuple((side * x, side * y) for x, y in ((0.24, 0.53), (0.43, 0.71), (0.77, 0.3)))
    for name, corners, sign in (
        ("Check.mark", px(4), lines((side, side), (tick,), 2 * now.factor)),
        ("Radio.mark", side / 2, rounded((side, side), side * 0.29, side * 0.21)),
    ):
        mark = _Outline(root, side, corners).drawn
        style.element_create(
            name,
            "image",
            mark(look.paper, look.muted),
            ("disabled", "selected", mark(look.background, look.faint, sign=(sign, look.faint))),
            ("disabled", mark(look.background, look.faint)),
            (
                *("selected", "focus"),
                mark(look.accent, look.ink, sign=(sign, look.on_accent), ring=True, gap=look.background),
            ),
            ("selected", mark(look.accent, look.accent, sign=(sign, look.on_accent))),
            ("focus", mark(look.paper, look.accent, ring=True)),
            ("active", mark(look.hover, look.muted)),
            sticky="w",
            width=side + px(7),
        )


def _set_styles(root: tk.Tk, style: ttk.Style, look: Colours) -> None:
    own = family(root)
    style.configure(".", background=look.background, foreground=look.ink, font=(own, points(11)))
    style.configure("Digit.TLabel", font=(own, 96, "bold"))
    style.configure("Doubtful.TLabel", foreground=look.muted)
    style.configure("Confidence.TLabel", font=(own, points(13)))
    style.configure("Doubt.TLabel", foreground=look.warning, font=(own, points(12)))
    style.configure("Hint.TLabel", foreground=look.muted, font=(own, points(12)))
    style.configure("Warning.TLabel", foreground=look.warning, font=(own, points(12)))
    style.configure("Note.TLabel", foreground=look.muted, font=(own, points(10)))
    style.configure("Link.Note.TLabel", foreground=look.accent)
    style.configure("Warning.Note.TLabel", foreground=look.warning)
    style.configure("Title.TLabel", font=(own, points(14), "bold"))
    style.configure("Strong.TLabel", font=(own, points(11), "bold"))
    style.configure("Caption.TLabel", foreground=look.muted)
    style.configure("Small.TLabel", foreground=look.muted, font=(own, points(9)))
    style.configure(
        "Tip.TLabel", background=look.paper, font=(own, points(10)), padding=(px(8) - 1, px(4) - 1), wraplength=px(320)
    )
    style.configure("Keys.Tip.TLabel", foreground=look.muted)
    style.configure("TProgressbar", background=look.accent, troughcolor=look.hover, bordercolor=look.hover)
    style.configure("TProgressbar", lightcolor=look.accent, darkcolor=look.accent, thickness=px(8))
    style.configure("TSeparator", background=look.edge)
    style.configure("Horizontal.TScale", background=look.accent, troughcolor=look.hover, bordercolor=look.edge)
    style.configure("Horizontal.TScale", lightcolor=look.accent, darkcolor=look.accent, gripcount=0)
    style.configure("Horizontal.TScale", sliderlength=px(14), arrowsize=px(14))
    style.map("Horizontal.TScale", background=[("disabled", look.edge), ("focus", look.ink)])
    ground = {"background": look.paper, "lightcolor": look.paper, "darkcolor": look.paper}  # in Tk's file dialog
    style.configure("TMenubutton", arrowcolor=look.muted, bordercolor=look.edge, **ground)
    style.map("TMenubutton", background=[("active", look.hover)])
    _style_buttons(style, look, own)
    _style_fields(style, look)
    _style_lists(style, look, root)


def _part(name: str, *inside: Any, sticky: str = "nsew", **options: str) -> Any:
    return name, {"sticky": sticky, **options, **({"children": inside} if inside else {})}


def _style_buttons(style: ttk.Style, look: Colours, own: str) -> None:
    for name, plate, ink in (
        ("TButton", "Plain.plate", look.ink),
        ("Small.TButton", "Plain.plate", look.ink),
        ("Accent.TButton", "Accent.plate", look.on_accent),
        ("Chip.Toolbutton", "Plain.plate", look.ink),
        ("Tool.TButton", "Plain.plate", look.ink),
        ("Tool.Toolbutton", "Plain.plate", look.ink),
    ):
        style.layout(name, [_part(plate, _part("Button.padding", _part("Button.label")))])
        style.configure(name, foreground=ink, anchor="center", padding=(px(12), px(7)))
        style.map(name, foreground=[("disabled", look.faint)], background=[])
    style.configure("Small.TButton", padding=(px(8), px(3)), font=(own, points(10)))
    for name in ("Tool.TButton", "Tool.Toolbutton"):  # with an icon alone
        style.configure(name, padding=(px(9), px(7)))
    style.configure("Chip.Toolbutton", padding=(px(4), px(5)), justify="center")
    for name, mark in (("TCheckbutton", "Check.mark"), ("TRadiobutton", "Radio.mark")):
        beside = _part(mark, side="left", sticky=""), _part("Button.label", side="left")
        style.layout(name, [_part("Button.padding", *beside)])
        style.configure(name, padding=(0, px(2)))
        style.map(name, background=[], foreground=[("disabled", look.faint)])


def _style_fields(style: ttk.Style, look: Colours) -> None:
    text = _part("Entry.textarea")
    style.layout("TEntry", [_part("Field.plate", _part("Entry.padding", text))])
    arrow = _part("Combobox.downarrow", side="right", sticky="")
    padded = _part("Combobox.padding", _part("Combobox.textarea"), expand="1")
    style.layout("TCombobox", [_part("Field.plate", arrow, padded)])
    up = _part("Spinbox.uparrow", side="top", sticky="e")
    down = _part("Spinbox.downarrow", side="bottom", sticky="e")
    padded = _part("Spinbox.padding", _part("Spinbox.textarea"))
    arrows = _part("null", up, down, side="right", sticky="")
    style.layout("TSpinbox", [_part("Field.plate", arrows, padded, side="top", sticky="we")])
    off = [("disabled", look.background)]
    for name in ("TEntry", "TSpinbox", "TCombobox"):
        style.configure(name, padding=(px(4), px(2)), foreground=look.ink, insertcolor=look.ink)
        style.configure(name, arrowcolor=look.muted, arrowsize=text_px(12), background=look.paper)
        style.configure(name, lightcolor=look.paper, darkcolor=look.paper, bordercolor=look.paper)
        style.configure(name, selectbackground=look.accent, selectforeground=look.on_accent)
        style.map(name, foreground=[("disabled", look.faint)], background=off)
        style.map(name, lightcolor=off, darkcolor=off, bordercolor=off, arrowcolor=[("disabled", look.faint)])
    # A choice that isn't typed shows no selected text.
    style.map("TCombobox", selectbackground=[("readonly", look.paper)], selectforeground=[("readonly", look.ink)])


def _style_lists(style: ttk.Style, look: Colours, root: tk.Tk) -> None:
    paper = {"background": look.paper, "fieldbackground": look.paper, "foreground": look.ink}
    own = family(root)
    space = Font(root, (own, points(11))).metrics("linespace")
    style.configure("Treeview", rowheight=space + px(10), bordercolor=look.edge, **paper)
    style.configure("Treeview", lightcolor=look.paper, darkcolor=look.paper)
    style.map("Treeview", background=[("selected", look.chosen)], foreground=[("selected", look.ink)])
    style.map("Treeview", bordercolor=[("focus", look.accent)])
    # Without the arrow that opens branches: a list has none.
    style.layout("Treeview.Item", [("Treeitem.padding", {"sticky": "nswe", "children": [("Treeitem.text", {})]})])
    style.configure("Treeview.Cell", padding=(px(8), 0))
    ground = {"background": look.background, "lightcolor": look.background, "darkcolor": look.background}
    style.configure("Treeview.Heading", relief="flat", font=(own, points(10)), foreground=look.muted, **ground)
    style.configure("Treeview.Heading", bordercolor=look.edge, padding=(px(10), px(5)))
    style.map("Treeview.Heading", background=[("active", look.background)])
    style.configure("Cell.TEntry", padding=(px(9), 0))
    style.configure("ComboboxPopdownFrame", relief="solid", borderwidth=px(1), bordercolor=look.edge)
    style.configure("TScrollbar", background=look.edge, troughcolor=look.background, arrowcolor=look.muted)
    style.configure("TScrollbar", lightcolor=look.edge, darkcolor=look.edge, bordercolor=look.background)
    style.configure("TScrollbar", arrowsize=px(12), gripcount=0)
    off = [("disabled", look.background)]
    style.map("TScrollbar", background=[*off, ("active", look.faint)], lightcolor=off, darkcolor=off)
    for way, sticky in (("Vertical", "ns"), ("Horizontal", "ew")):  # without arrows, as scrollbars are today
        thumb = _part(f"{way}.Scrollbar.thumb", expand="1")
        style.layout(f"{way}.TScrollbar", [_part(f"{way}.Scrollbar.trough", thumb, sticky=sticky)])
