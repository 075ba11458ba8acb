"""Colours, sizes, fonts and ttk styles, in one place."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import ttk
from tkinter.font import Font, nametofont
from typing import Any
from weakref import WeakKeyDictionary

from app.ui.kit import screen as the_screen
from app.ui.kit.shapes import line, picture, rounded

RADIUS = 6  # pixels, of the corners of buttons and fields
MENU_LINE = 8  # pixels, of a line of a menu above and below its text, together
MENU_SIDE = 3  # pixels, of a line beside its text; wider, Tk would show a grey bar where it cannot be chosen
MARK = 17  # pixels, a side of the mark of a choice


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

_pictures: WeakKeyDictionary[tk.Misc, list[tk.PhotoImage]] = WeakKeyDictionary()  # Tk forgets those that nobody holds


def px(length: float) -> int:
    """Return a length, in pixels of 1/96 inch, in the pixels of this screen."""
    return round(length * factor)


def family(widget: tk.Misc) -> str:
    """Return the system's own font family."""
    return str(nametofont("TkDefaultFont", widget).actual("family"))


def text_options(widget: tk.Misc) -> dict[str, Any]:
    """Return how a tk.Text looks: like ttk's fields."""
    return {
        "relief": "flat",
        "borderwidth": 0,
        "font": (family(widget), 11),
        "background": colours.paper,
        "foreground": colours.ink,
        "insertbackground": colours.ink,
        "selectbackground": colours.chosen,
        "selectforeground": colours.ink,
        "inactiveselectbackground": colours.chosen,
        "highlightthickness": max(1, px(1)),
        "highlightbackground": colours.edge,
        "highlightcolor": colours.accent,
        "padx": px(10),
        "pady": px(8),
    }


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
        ("background", colours.edge),  # it is seen around the lines, which `dress` gives the paper's
        ("foreground", colours.ink),
        ("activeBackground", colours.accent),
        ("activeForeground", colours.on_accent),
        ("disabledForeground", colours.faint),
        ("selectColor", colours.ink),
        ("relief", "flat"),
        ("borderWidth", px(1)),
        ("activeBorderWidth", 0),
    ):
        root.option_add(f"*Menu.{option}", value)  # the systems that draw menus themselves pay no heed
    for option, value in (
        ("background", colours.paper),
        ("foreground", colours.ink),
        ("selectBackground", colours.accent),
        ("selectForeground", colours.on_accent),
        ("font", f"{{{family(root)}}} 11"),
        ("borderWidth", px(3)),
        ("relief", "flat"),
    ):
        root.option_add(f"*TCombobox*Listbox.{option}", value)
    style = ttk.Style(root)
    name = f"inkling-{'light' if look is LIGHT else 'dark'}"
    if name not in style.theme_names():
        # On top of the built-in theme that looks the same everywhere and takes every colour.
        style.theme_create(name, parent="clam")
        style.theme_use(name)
        _add_shapes(root, style)
        _set_styles(root, style)
    style.theme_use(name)


def menu_bar(root: tk.Tk) -> tk.Menu:
    """Return an empty menu bar; its own lines look like the window."""
    return tk.Menu(root, background=colours.background, borderwidth=0)


def dress(menu: tk.Menu) -> None:
    """Give the lines of a menu the look of now and room to be hit; where the system draws menus itself, nothing."""
    if str(menu.tk.call("tk", "windowingsystem")) != "x11" or menu.index("end") is None:
        return
    if menu not in _pictures:
        high = Font(menu, menu.cget("font")).metrics("linespace") + px(MENU_LINE)
        _pictures[menu] = [tk.PhotoImage(master=menu, width=px(MENU_SIDE), height=high)]  # Tk has no padding here
    room = _pictures[menu][0]
    for place in range(int(menu.index("end") or 0) + 1):
        menu.entryconfigure(place, background=colours.paper)
        if menu.type(place) == "separator":
            continue
        marked = menu.type(place) in ("checkbutton", "radiobutton")  # whose text Tk puts beside the mark
        menu.entryconfigure(place, image=room, compound="center" if marked else "left")
        if menu.type(place) != "cascade":
            keys = str(menu.entrycget(place, "accelerator")).rstrip()
            menu.entryconfigure(place, accelerator=f"{keys}   ")  # likewise


def _add_shapes(root: tk.Tk, style: ttk.Style) -> None:
    """Make the theme's own elements: buttons, fields, marks."""
    kept = _pictures.setdefault(root, [])
    radius, thin, ring = px(RADIUS), max(1.0, factor), 2 * factor
    size = (2 * radius + 3, 2 * radius + 3)

    def plate(fill: str, edge: str, width: float = thin, gap: str = "") -> tk.PhotoImage:
        """Return a rectangle with round corners, its edge set off by a gap or not; its middle is stretched."""
        layers = [(rounded(size, 0, radius), edge), (rounded(size, width, radius - width), gap or fill)]
        if gap:
            layers.append((rounded(size, width + thin, radius - width - thin), fill))
        kept.append(picture(root, size, colours.background, *layers))
        return kept[-1]

    def add(name: str, normal: tk.PhotoImage, *states: tuple[Any, ...], padding: int = 0) -> None:
        style.element_create(name, "image", normal, *states, border=radius + 1, padding=padding, sticky="nsew")

    off = ("disabled", plate(colours.background, colours.edge))
    add(
        "Plain.plate",
        plate(colours.paper, colours.edge),
        off,
        ("selected", "focus", plate(colours.chosen, colours.ink, ring)),
        ("selected", plate(colours.chosen, colours.accent)),
        ("pressed", plate(colours.edge, colours.edge)),
        ("focus", plate(colours.paper, colours.accent, ring)),
        ("active", plate(colours.hover, colours.edge)),
    )
    add(
        "Accent.plate",
        plate(colours.accent, colours.accent),
        off,
        ("focus", plate(colours.accent, colours.ink, ring, colours.on_accent)),
        ("active", plate(colours.accent_hover, colours.accent_hover)),
    )
    add(
        "Field.plate",
        plate(colours.paper, colours.muted),
        off,
        ("focus", plate(colours.paper, colours.accent, ring)),
        padding=px(4),
    )
    for round_too in (False, True):
        _add_mark(root, style, round_too=round_too)


def _add_mark(root: tk.Tk, style: ttk.Style, *, round_too: bool) -> None:
    """Make the mark of a choice: a box with a tick, or a ring with a dot."""
    side, thin, ring = px(MARK), max(1.0, factor), 2 * factor
    size, radius = (side, side), side / 2 if round_too else px(4)
    tick = tuple((side * x, side * y) for x, y in ((0.24, 0.53), (0.43, 0.71), (0.77, 0.3)))
    sign = rounded(size, side * 0.29, side * 0.21) if round_too else line(size, tick, ring)

    def mark(fill: str, edge: str, inked: str = "", width: float = thin, gap: str = "") -> tk.PhotoImage:
        layers = [(rounded(size, 0, radius), edge), (rounded(size, width, radius - width), gap or fill)]
        if gap:
            layers.append((rounded(size, width + thin, radius - width - thin), fill))
        shown = picture(root, size, colours.background, *layers, *([(sign, inked)] if inked else []))
        _pictures[root].append(shown)
        return shown

    style.element_create(
        "Radio.mark" if round_too else "Check.mark",
        "image",
        mark(colours.paper, colours.muted),
        ("disabled", "selected", mark(colours.background, colours.faint, colours.faint)),
        ("disabled", mark(colours.background, colours.faint)),
        ("selected", "focus", mark(colours.accent, colours.ink, colours.on_accent, ring, colours.background)),
        ("selected", mark(colours.accent, colours.accent, colours.on_accent)),
        ("focus", mark(colours.paper, colours.accent, width=ring)),
        ("active", mark(colours.hover, colours.muted)),
        sticky="w",
        width=side + px(7),
    )


def _set_styles(root: tk.Tk, style: ttk.Style) -> None:
    """Give ttk's widgets their colours, fonts and paddings in the theme in use."""
    own = family(root)
    style.configure(".", background=colours.background, foreground=colours.ink, font=(own, 11))
    style.configure("Digit.TLabel", font=(own, 96, "bold"))
    style.configure("Doubtful.TLabel", foreground=colours.muted)
    style.configure("Confidence.TLabel", font=(own, 13))
    style.configure("Doubt.TLabel", foreground=colours.warning, font=(own, 12))
    style.configure("Hint.TLabel", foreground=colours.muted, font=(own, 12))
    style.configure("Warning.TLabel", foreground=colours.warning, font=(own, 12))
    style.configure("Title.TLabel", font=(own, 14, "bold"))
    style.configure("Strong.TLabel", font=(own, 11, "bold"))
    style.configure("Caption.TLabel", foreground=colours.muted)
    style.configure("Small.TLabel", foreground=colours.muted, font=(own, 9))
    style.configure("TProgressbar", background=colours.accent, troughcolor=colours.hover, bordercolor=colours.hover)
    style.configure("TProgressbar", lightcolor=colours.accent, darkcolor=colours.accent, thickness=px(8))
    style.configure("TSeparator", background=colours.edge)
    _style_buttons(style, own)
    _style_fields(style)
    _style_lists(style, root, own)


def _part(name: str, *inside: Any, sticky: str = "nsew", **options: str) -> Any:
    """Return a part of a widget's layout, with the parts inside of it."""
    return name, {"sticky": sticky, **options, **({"children": inside} if inside else {})}


def _style_buttons(style: ttk.Style, own: str) -> None:
    for name, plate, ink in (
        ("TButton", "Plain.plate", colours.ink),
        ("Small.TButton", "Plain.plate", colours.ink),
        ("Accent.TButton", "Accent.plate", colours.on_accent),
        ("Chip.Toolbutton", "Plain.plate", colours.ink),
        ("Tool.Toolbutton", "Plain.plate", colours.ink),
    ):
        style.layout(name, [_part(plate, _part("Button.padding", _part("Button.label")))])
        style.configure(name, foreground=ink, anchor="center", padding=(px(12), px(7)))
        style.map(name, foreground=[("disabled", colours.faint)], background=[])
    style.configure("Small.TButton", padding=(px(8), px(3)), font=(own, 10))
    style.configure("Chip.Toolbutton", padding=(px(4), px(5)), justify="center")
    for name, mark in (("TCheckbutton", "Check.mark"), ("TRadiobutton", "Radio.mark")):
        beside = _part(mark, side="left", sticky=""), _part("Button.label", side="left")
        style.layout(name, [_part("Button.padding", *beside)])
        style.configure(name, padding=(0, px(2)))
        style.map(name, background=[], foreground=[("disabled", colours.faint)])


def _style_fields(style: ttk.Style) -> None:
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
    off = [("disabled", colours.background)]
    for name in ("TEntry", "TSpinbox", "TCombobox"):
        style.configure(name, padding=(px(4), px(2)), foreground=colours.ink, insertcolor=colours.ink)
        style.configure(name, arrowcolor=colours.muted, arrowsize=px(12), background=colours.paper)
        style.configure(name, lightcolor=colours.paper, darkcolor=colours.paper, bordercolor=colours.paper)
        style.configure(name, selectbackground=colours.accent, selectforeground=colours.on_accent)
        style.map(name, foreground=[("disabled", colours.faint)], background=off)
        style.map(name, lightcolor=off, darkcolor=off, bordercolor=off, arrowcolor=[("disabled", colours.faint)])
    # A choice that is not typed shows no selected text.
    style.map("TCombobox", selectbackground=[("readonly", colours.paper)], selectforeground=[("readonly", colours.ink)])


def _style_lists(style: ttk.Style, root: tk.Tk, own: str) -> None:
    paper = {"background": colours.paper, "fieldbackground": colours.paper, "foreground": colours.ink}
    space = Font(root, (own, 11)).metrics("linespace")
    style.configure("Treeview", rowheight=space + px(10), bordercolor=colours.edge, **paper)
    style.configure("Treeview", lightcolor=colours.paper, darkcolor=colours.paper)
    style.map("Treeview", background=[("selected", colours.chosen)], foreground=[("selected", colours.ink)])
    style.map("Treeview", bordercolor=[("focus", colours.accent)])
    # Without the arrow that opens branches: a list has none.
    style.layout("Treeview.Item", [("Treeitem.padding", {"sticky": "nswe", "children": [("Treeitem.text", {})]})])
    style.configure("Treeview.Cell", padding=(px(8), 0))
    ground = {"background": colours.background, "lightcolor": colours.background, "darkcolor": colours.background}
    style.configure("Treeview.Heading", relief="flat", font=(own, 10), foreground=colours.muted, **ground)
    style.configure("Treeview.Heading", bordercolor=colours.edge, padding=(px(10), px(5)))
    style.map("Treeview.Heading", background=[("active", colours.background)])
    style.configure("Cell.TEntry", padding=(px(9), 0))
    style.configure("ComboboxPopdownFrame", relief="solid", borderwidth=px(1), bordercolor=colours.edge)
    style.configure("TScrollbar", background=colours.edge, troughcolor=colours.background, arrowcolor=colours.muted)
    style.configure("TScrollbar", lightcolor=colours.edge, darkcolor=colours.edge, bordercolor=colours.background)
    style.configure("TScrollbar", arrowsize=px(12), gripcount=0)
    off = [("disabled", colours.background)]
    style.map("TScrollbar", background=[*off, ("active", colours.faint)], lightcolor=off, darkcolor=off)
    for way, sticky in (("Vertical", "ns"), ("Horizontal", "ew")):  # without arrows, as scrollbars are today
        thumb = _part(f"{way}.Scrollbar.thumb", expand="1")
        style.layout(f"{way}.TScrollbar", [_part(f"{way}.Scrollbar.trough", thumb, sticky=sticky)])
