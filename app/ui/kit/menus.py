"""The menu bar, made of entries in words, and the keys that do the same."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from tkinter.font import Font
from typing import Any
from weakref import WeakKeyDictionary

from app.ui.kit import style
from app.ui.kit.key_events import digit_of, held, mod, virtual
from app.ui.kit.keys import shown
from app.ui.kit.screen import window_system
from model.base.language import _

TEXT_FIELDS = ("Entry", "TEntry", "Text", "Spinbox", "TSpinbox", "TCombobox")

SEPARATOR = "-"  # an entry's label: a line between groups
LINE_ROOM = 8  # pixels, of a line above and below its text, together
LINE_SIDE = 3  # pixels on either side of a line's text; with more, Tk would show a grey bar where it can't be chosen

_rooms: WeakKeyDictionary[tk.Menu, tk.PhotoImage] = WeakKeyDictionary()  # Tk forgets images that nobody holds
_LETTER = re.compile(r"\(&.\)")  # as 文件(&F) has it: the script of that language has none on the keyboard


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a menu, its texts in the sources' language; the letter after & opens it in an open menu.

    Without a label it stands for a menu in a menu that fills itself. With ``variable`` it's a choice: one of those
    that share the variable, or without ``value``, on and off. What is done by other than menus and keys says ``how``.
    """

    menu: str
    label: str = ""
    keys: str = ""  # as ``Mod+Shift+Z``, shown and bound; empty: none
    action: Callable[[], object] = lambda: None
    variable: tk.Variable | None = None
    value: object = None  # that the variable has when this is chosen
    how: str = ""  # in words


class MenuBar:
    """The menus of a window; a menu's name with "/" in it is that of a menu in a menu.

    Before a menu that's named in ``opened`` is shown, the function there is called.
    """

    def __init__(self, root: tk.Tk, entries: Sequence[Entry], opened: dict[str, Callable[[], None]]):
        self._root = root
        self._bar = tk.Menu(root, background=style.now.colours.background, borderwidth=0)
        self._menus: dict[str, tk.Menu] = {}
        self._places: dict[str, tuple[tk.Menu, int]] = {}  # label -> where it is
        self._bound: dict[str, str] = {}  # what Tk calls a key -> what it calls what is done
        self._say: Callable[[str], object] = lambda _digit: None
        for entry in entries:
            self._add(entry)
        for name, menu in self._menus.items():
            menu.configure(postcommand=partial(_fill, menu, opened.get(name, lambda: None)))
        root.configure(menu=self._bar)

    def enable(self, label: str, possible: bool, note: str = "") -> None:
        """Let an entry be chosen or not, and write a note after its label."""
        menu, place = self._places[label]
        said = f"{self._look(label)['label']} {note}".rstrip()
        menu.entryconfigure(place, label=said, state="normal" if possible else "disabled")

    def menu(self, name: str) -> tk.Menu:
        """Return a menu by its name, for what fills itself."""
        if name not in self._menus:
            above, _slash, label = name.rpartition("/")
            parent = self.menu(above) if above else self._bar
            self._menus[name] = tk.Menu(parent)
            parent.add_cascade(menu=self._menus[name], **self._look(label))
        return self._menus[name]

    def bind(self, keys: str, action: Callable[[], object]) -> None:
        """Do something when these keys are pressed in the window, unless a text field needs them itself."""
        event = virtual(self._root, keys)
        self._bound[event] = self._root.bind(event, partial(self._pressed, keys, action))

    def bind_entry(self, entry: Entry) -> None:
        """Do what an entry does when its keys are pressed, be it in a menu or not."""
        self.bind(entry.keys, partial(self._chosen, entry))

    def bind_digits(self, say: Callable[[str], object]) -> None:
        """Hand over each digit whose key is pressed in the window, unless a text field needs it itself."""
        self._say = say
        self._bound["<Key>"] = self._root.bind("<Key>", partial(self._pressed, "", lambda: None))

    def destroy(self) -> None:
        """Take the menus away, and the keys' meaning."""
        for event, name in self._bound.items():
            self._root.unbind(event, name)
        self._bar.destroy()

    def _add(self, entry: Entry) -> None:
        menu = self.menu(entry.menu)
        if entry.label == SEPARATOR:
            menu.add_separator()
        if entry.label in ("", SEPARATOR):
            return
        look = {**self._look(entry.label), "accelerator": shown(entry.keys, self._root)}
        if entry.variable is None:
            menu.add_command(command=entry.action, **look)
        elif entry.value is None:
            menu.add_checkbutton(command=entry.action, variable=entry.variable, **look)
        else:
            menu.add_radiobutton(command=entry.action, variable=entry.variable, value=entry.value, **look)
        place = menu.index("end")
        assert place is not None
        self._places[entry.label] = menu, place
        if entry.keys:
            self.bind_entry(entry)

    def _look(self, label: str) -> dict[str, Any]:
        """Return how a label is written, and which of its letters is underlined; a Mac underlines none."""
        said = _(label)
        if window_system(self._root) == "aqua":
            return {"label": plain(said), "underline": -1}
        return {"label": said.replace("&", ""), "underline": said.find("&")}

    def _chosen(self, entry: Entry) -> None:
        """Do what an entry does when its keys are pressed, which don't turn its choice."""
        if isinstance(entry.variable, tk.BooleanVar):
            entry.variable.set(not entry.variable.get())
        entry.action()

    def _pressed(self, keys: str, action: Callable[[], object], event: tk.Event[tk.Misc]) -> None:
        """Do what keys stand for, unless a dialog has them, a text field needs them, or others are held as well."""
        focus = event.widget
        if not isinstance(focus, tk.Misc) or focus.winfo_toplevel() is not self._root:
            return
        wanted = mod(focus) if keys.startswith("Mod+") else 0
        if focus.winfo_class() in TEXT_FIELDS or held(event) & ~wanted:
            return
        if said := digit_of(event):  # on a keypad it can be an arrow's key as well
            self._say(said)
        else:
            action()


def _fill(menu: tk.Menu, action: Callable[[], None]) -> None:
    action()
    dress(menu)


def plain(label: str) -> str:
    """Return a label as it's read: without the mark of its letter, and without a letter that stands behind it."""
    return _LETTER.sub("", label).replace("&", "")


def post_at(menu: tk.Menu, button: tk.Misc) -> None:
    """Open a filled menu below a button, or above it where the screen ends."""
    menu.update_idletasks()  # now its size is known
    top, high = button.winfo_rooty(), menu.winfo_reqheight()
    below = top + button.winfo_height()
    fits = below + high <= button.winfo_vrooty() + button.winfo_vrootheight()
    menu.tk_popup(button.winfo_rootx(), below if fits else top - high)


def dress(menu: tk.Menu) -> None:
    """Give the lines of a menu the look of now and room to be hit; where the system draws menus itself, nothing."""
    if window_system(menu) != "x11" or menu.index("end") is None:
        return
    if menu not in _rooms:  # Tk has no padding here
        high = Font(menu, menu.cget("font")).metrics("linespace") + style.px(LINE_ROOM)
        _rooms[menu] = tk.PhotoImage(master=menu, width=style.px(LINE_SIDE), height=high)
    for place in range(int(menu.index("end") or 0) + 1):
        menu.entryconfigure(place, background=style.now.colours.paper)
        kind = menu.type(place)
        if kind == "separator":
            continue
        marked = kind in ("checkbutton", "radiobutton")  # whose text Tk puts next to the mark
        menu.entryconfigure(place, image=_rooms[menu], compound="center" if marked else "left")
        if kind != "cascade":
            keys = str(menu.entrycget(place, "accelerator")).rstrip()
            menu.entryconfigure(place, accelerator=f"{keys}   ")  # likewise
