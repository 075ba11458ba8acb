"""Keys as each system's people read them, from one way to write them: ``Mod+Shift+Z``.

``Mod`` is Ctrl, and Command on a Mac; the last part is a key as Tk names it, or the sign that it writes.
"""

from __future__ import annotations

import tkinter as tk

from app.ui.kit.screen import window_system
from model.base.language import N_, _

# Names that people read on their keys; what isn't here is read as it's written.
NAMES = {
    "Mod": N_("Ctrl"),
    "Shift": N_("Shift"),
    "Alt": N_("Alt"),
    "Return": N_("Return"),
    "Escape": N_("Esc"),
    "Delete": N_("Del"),
    "BackSpace": N_("Backspace"),
    "Tab": N_("Tab"),
    "space": N_("Space"),
    "Prior": N_("Page Up"),
    "Next": N_("Page Down"),
    "Home": N_("Home"),
    "End": N_("End"),
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "minus": "\N{MINUS SIGN}",
    "plus": "+",
    "comma": ",",
    "period": ".",
}
ON_A_MAC = {"Mod": "⌘", "Shift": "⇧", "Alt": "⌥", "Escape": "esc", "Delete": "⌦", "BackSpace": "⌫", "Return": "↩"}
MAC_ORDER = ("Alt", "Shift", "Mod")  # in which Apple's menus write them


def shown_parts(keys: str, system: str) -> list[str]:
    """Return what a window system's people read on each of the keys to be pressed together; nothing for none."""
    parts = keys.split("+") if keys else []
    if system == "aqua":
        held = sorted(parts[:-1], key=lambda part: MAC_ORDER.index(part) if part in MAC_ORDER else -1)
        return [ON_A_MAC.get(part) or _name(part) for part in (*held, *parts[-1:])]
    return [_name(part) for part in parts]


def shown(keys: str, widget: tk.Misc) -> str:
    """Return keys as the people of this screen's system read them: ``Ctrl+S``, on a Mac ``⌘S``."""
    system = window_system(widget)
    return ("" if system == "aqua" else "+").join(shown_parts(keys, system))


def has_keyboard(widget: tk.Misc) -> bool:
    """Return whether a widget has the keyboard. Tk's own windows can have it, which ``focus_get`` doesn't know."""
    return str(widget.tk.call("focus")) == str(widget)


def _name(part: str) -> str:
    return _(NAMES[part]) if part in NAMES else part.upper() if len(part) == 1 else part
