"""The menu bar, made of entries in words."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a menu; the letter after & opens it in an open menu.

    With ``variable`` it is a choice: one of those that share the variable, or with two values, on and off.
    """

    menu: str
    label: str
    key: str  # as people read it; what binds it is elsewhere
    action: Callable[[], None]
    variable: tk.Variable | None = None
    value: object = None  # that the variable has when this is chosen; None: it is on or off


class MenuBar:
    """The menus of a window.

    Args:
        root: the window.
        entries: in their order; a menu's name with "/" in it is that of a menu in a menu.
        opened: is called before the menu of that name is shown.
    """

    def __init__(self, root: tk.Tk, entries: Sequence[Entry], opened: dict[str, Callable[[], None]]):
        self._bar = tk.Menu(root)
        self._menus: dict[str, tk.Menu] = {}
        self._places: dict[str, tuple[tk.Menu, int]] = {}  # label -> where it is
        for entry in entries:
            self._add(entry)
        for name, action in opened.items():
            self._menus[name].configure(postcommand=action)
        root.configure(menu=self._bar)

    def enable(self, label: str, possible: bool, note: str = "") -> None:
        """Let an entry be chosen or not, and write a note after its label."""
        menu, place = self._places[label]
        shown = _plain(label) + (f"  {note}" if note else "")
        menu.entryconfigure(place, label=shown, state="normal" if possible else "disabled")

    def _add(self, entry: Entry) -> None:
        menu = self._menu(entry.menu)
        look = {"label": _plain(entry.label), "accelerator": entry.key, "underline": entry.label.index("&")}
        if entry.variable is None:
            menu.add_command(command=entry.action, **look)  # type: ignore[arg-type]  # mypy takes all for one type
        elif entry.value is None:
            menu.add_checkbutton(command=entry.action, variable=entry.variable, **look)  # type: ignore[arg-type]
        else:
            menu.add_radiobutton(command=entry.action, variable=entry.variable, value=entry.value, **look)  # type: ignore[arg-type]
        place = menu.index("end")
        assert place is not None
        self._places[entry.label] = menu, place

    def _menu(self, name: str) -> tk.Menu:
        if name not in self._menus:
            above, _, label = name.rpartition("/")
            parent = self._menu(above) if above else self._bar
            self._menus[name] = tk.Menu(parent)
            parent.add_cascade(
                label=_plain(label), menu=self._menus[name], underline=label.index("&") if "&" in label else 0
            )
        return self._menus[name]


def _plain(label: str) -> str:
    return label.replace("&", "")
