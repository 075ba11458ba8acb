"""What a pressed key stands for on every keyboard: a digit, a Latin letter by its place; and what is held with it."""

from __future__ import annotations

import tkinter as tk
import unicodedata
from collections.abc import Callable
from tkinter import ttk
from typing import TypeAlias

from app.ui.kit import tooltip
from app.ui.kit.screen import window_system

Event: TypeAlias = "tk.Event[tk.Misc]"

# Of an event's state, as each system's Tk tells it. What isn't here, locks and AltGr, makes no other key of one.
SHIFT, CONTROL = 0x1, 0x4
ALT = {"x11": 0x8, "win32": 0x20000, "aqua": 0x10}
SUPER = {"x11": 0x40, "win32": 0, "aqua": 0x8}  # a Mac's is Command
NOT_KEYPAD = 0x40000  # on Windows, of Home, End and so on

# Where a key is -> what an American one has there. Windows has places moved already to where a layout's letters are.
SIGNS = "1234567890qwertyuiopasdfghjklzxcvbnm"
PLACES: dict[str, dict[int, str]] = {
    "x11": dict(zip((*range(10, 20), *range(24, 34), *range(38, 47), *range(52, 59)), SIGNS, strict=True)),
    "win32": {ord(sign.upper()): sign for sign in SIGNS},
    "aqua": dict(enumerate("asdfhgzxcv§bqweryt123465=97-80]ou[ip\rlj'k;\\,/nm")),
}
KEYPAD = ("Insert", "End", "Down", "Next", "Left", "Begin", "Right", "Home", "Up", "Prior")  # 0 to 9, without NumLock
PRESSES = ("<Return>", "<KP_Enter>")  # press the button that has the keyboard, as Space does
MORE = (SHIFT, 0x80)  # held, an X11 key can have its digit: France's with Shift, Lithuania's with AltGr
OTHER_ALPHABETS = (4, 5, 6, 7, 12, 13, 14)  # of X11's numbers of letters, by 256: kana, Arabic, Cyrillic, Greek, …
UNICODE = 0x1000000  # what such a number has more than the letter's own

# What each system's people press for these, Tk knows.
EVENTS = {
    "Mod+Z": "<<Undo>>",
    "Mod+Shift+Z": "<<Redo>>",
    "Mod+Y": "<<Redo>>",
    "Mod+X": "<<Cut>>",
    "Mod+C": "<<Copy>>",
    "Mod+V": "<<Paste>>",
    "Mod+A": "<<SelectAll>>",
}
# Other keys that people press for these: on a keypad, or where a sign is written with Shift.
ALSO = {"Return": ("KP_Enter",), "plus": ("equal", "KP_Add"), "minus": ("KP_Subtract",), "0": ("KP_0",)}
ONE_PRESS = 1000  # milliseconds: an Escape that comes so soon after another one is held, or pressed again to be sure
ESCAPED, ASKED = "escaped", "asked"  # Tcl's variables: when Escape was seen last, 0: long ago; what a key would be


def held(event: Event) -> int:
    """Return which of Control, Alt and Super are held, as the event's state has them."""
    system = _system(event)
    return int(event.state) & (CONTROL | ALT[system] | SUPER[system])


def mod(widget: tk.Misc) -> int:
    """Return what an event's state has while Ctrl is held, or Command on a Mac."""
    return SUPER["aqua"] if window_system(widget) == "aqua" else CONTROL


def virtual(widget: tk.Misc, keys: str) -> str:
    """Return the virtual event that Tk is to make of keys, which are written as in ``Mod+S``."""
    if keys in EVENTS:
        return EVENTS[keys]
    *parts, key = keys.replace("Mod", "Command" if window_system(widget) == "aqua" else "Control").split("+")
    letter = len(key) == 1 and key.isalpha()  # also with Shift or Caps Lock
    names = (key.lower(), key.upper()) if letter else (key, *ALSO.get(key, ()))
    widget.event_add(f"<<{keys}>>", *(f"<{'-'.join((*parts, 'Key', name))}>" for name in names))
    return f"<<{keys}>>"


def bind_plain(widget: tk.Misc, keys: str, action: Callable[[Event], object]) -> None:
    """Do something when a key is pressed alone or with Shift.

    What ``action`` returns is what Tk is told: "break" where nobody else is to have the key.
    """
    widget.bind(keys, lambda event: None if held(event) else action(event))


def digit_of(event: Event) -> str:
    """Return the digit that a key stands for, in any script, row or keypad; "" for none, and with Control or Alt."""
    if event.type != tk.EventType.KeyPress or held(event):
        return ""
    if event.char.isdecimal():
        return str(int(event.char))
    system, state = _system(event), int(event.state)
    name = event.keysym.removeprefix("KP_").replace("Clear", "Begin")
    if name in KEYPAD and (name != event.keysym or (system == "win32" and not state & NOT_KEYPAD)):
        return str(KEYPAD.index(name))
    sign = _sign(event)
    if state & SHIFT or not sign.isdecimal():
        return ""
    if system != "x11":
        return sign
    return next((char for more in MORE if (char := _told(event, "%A", state | more)).isdecimal()), "")


def latin(event: Event) -> str:
    """Return the Latin letter at the place of a key that has one of another alphabet; "" for all other keys."""
    sign, number, system = _sign(event), int(event.keysym_num), _system(event)
    if not sign.isalpha():
        return ""
    if system == "x11" and int(event.state) & SHIFT and isinstance(event.widget, tk.Misc):  # with it, Arabic has signs
        number = int(_told(event, "%N", int(event.state) & ~SHIFT) or 0)
    if system == "win32":
        other = not (len(event.keysym) == 1 and event.keysym.isascii())
    elif number < UNICODE:
        other = number >> 8 in OTHER_ALPHABETS
    else:
        letter = chr(number - UNICODE)
        other = unicodedata.category(letter)[0] in "LM" and not unicodedata.name(letter, "LATIN").startswith("LATIN")
    return sign if other else ""


def is_first_escape(event: Event) -> bool:
    """Return whether Escape is pressed for what has the keyboard now, and not still for what it has closed."""
    since = event.time - int(event.widget.getvar(ESCAPED))
    return not 0 <= since < ONE_PRESS and not tooltip.of(event.widget).winfo_viewable()


def listen(root: tk.Tk) -> None:
    """Bind what keys do in all windows, and note when Escape comes.

    Keys of other alphabets do what Latin ones at their places do, and Return presses the button that has the keyboard;
    what a window has it for comes after that.
    """

    def translate(event: Event) -> None:
        tooltip.of(root).hide()  # whoever types has no need of it
        letter, down = latin(event), held(event)
        if letter and isinstance(event.widget, tk.Misc) and down in (0, mod(root)):
            shift = "Shift+" if down and int(event.state) & SHIFT else ""
            keys = f"{'Mod+' if down else ''}{shift}{letter.upper()}"
            event.widget.event_generate(EVENTS.get(keys, f"<<{keys}>>"))

    def open_menu(event: Event) -> None:
        if letter := latin(event):
            root.tk.call("::tk::TraverseToMenu", event.widget, letter)

    def go_within_menu(event: Event) -> str:
        root.tk.call("::tk::TraverseWithinMenu", event.widget, latin(event) or event.char)
        return "break"

    def note(event: Event) -> None:
        root.setvar(ESCAPED, str(event.time if event.keysym == "Escape" else 0))

    def press(event: Event) -> str | None:
        button = event.widget
        if held(event) or not isinstance(button, ttk.Button | ttk.Checkbutton | ttk.Radiobutton):
            return None  # it can be of a dialog of Tk's own
        if not isinstance(button, ttk.Button) and not str(button.cget("style")).endswith("Toolbutton"):
            return None  # a mark in a form: there Return means the form
        button.invoke()
        return "break"

    root.setvar(ESCAPED, "0")
    root.bind_all("<Key>", translate, add="+")
    for seen in ("<Key>", "<KeyRelease>"):  # who goes with it only sees it pressed, and who keeps a key to himself that
        root.bind_all(seen, note, add="+")
    root.bind_all("<ButtonPress>", lambda _event: root.setvar(ESCAPED, "0"), add="+")
    if window_system(root) == "x11":  # elsewhere menus are the system's, and so is what Ctrl+A does
        select_all = ("<Control-Key-a>", "<Control-Lock-Key-A>")
        root.event_delete("<<LineStart>>", *select_all)
        root.event_add("<<SelectAll>>", *select_all)
        root.bind_all("<Alt-Key>", open_menu, add="+")
        root.bind_class("Menu", "<Key>", go_within_menu)
    for kind in ("TButton", "TCheckbutton", "TRadiobutton"):
        for key in PRESSES:
            root.bind_class(kind, key, press)


def _system(event: Event) -> str:
    """Return the window system as Tk names it; menus, whose copies tkinter doesn't know, are Tk's own on X11 alone."""
    return window_system(event.widget) if isinstance(event.widget, tk.Misc) else "x11"


def _sign(event: Event) -> str:
    """Return what an American keyboard has where the key is; "" where that isn't a digit, letter or sign."""
    system, place = _system(event), int(event.keycode)
    if system == "aqua":
        place = place >> 24 & 0xFF  # the rest is what the key writes
    return PLACES[system].get(place, "")


def _told(event: Event, what: str, state: int) -> str:
    """Return what Tk would tell of an X11 key, were this held with it. Tk says that of nothing but events.

    "": they reach the widget no more, as when the key has opened a dialog, and others have the keyboard after that.
    """
    widget, tags = event.widget, event.widget.bindtags()
    widget.setvar(ASKED, "")
    widget.tk.call("bind", ASKED, "<Key>", f"set {ASKED} {what}")
    widget.bindtags((ASKED,))
    try:
        widget.event_generate("<Key>", keycode=event.keycode, state=state)
    finally:
        widget.bindtags(tags)
    return str(widget.getvar(ASKED))
