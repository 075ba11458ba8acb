"""Profiles, one for each hand: choosing one, and making, renaming, deleting, exporting and importing them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import messagebox, ttk
from typing import TYPE_CHECKING

from app.facts.instance import hand_over
from app.kept import models, paths, profile_file, profiles
from app.ui.kit import style
from app.ui.kit.background import Background, in_turn
from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import MODEL, ask_for_file, ask_where_to_save
from app.ui.kit.key_events import PRESSES, bind_plain
from app.ui.kit.menus import dress
from model.base.errors import UserError
from model.base.language import _
from model.reading.reading import DIGITS

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow


class Hands:
    """Closes a window in favour of another profile's, and asks what that needs."""

    def __init__(self, window: MainWindow):
        self._window, self._root = window, window.root
        self._background = Background(window.root, window.tell)
        self._now = tk.StringVar(window.root)

    def fill(self, menu: tk.Menu) -> None:
        """Fill a menu with the profiles, if there are several, and with what can be done with one."""
        menu.delete(0, "end")
        self._now.set(paths.profile())
        if profiles.several():
            for key in profiles.everyone():
                choose = partial(self._switch, key)
                menu.add_radiobutton(label=profiles.name(key), variable=self._now, value=key, command=choose)
            menu.add_separator()
        menu.add_command(label=_("New profile…"), command=self._create)
        menu.add_command(label=_("Import profile…"), command=self._import)
        menu.add_separator()
        for label, command in (
            (_("Rename {name}…"), self._rename),
            (_("Export {name}…"), self._export),
            (_("Delete {name}…"), self._delete),
        ):
            menu.add_command(label=label.format(name=profiles.name()), command=command)
        if paths.profile() == paths.FIRST:  # it always exists
            menu.entryconfigure("end", state="disabled")
        dress(menu)

    def _switch(self, key: str) -> None:
        """Switch to another profile, in the window that has it open or in one that replaces this one."""
        if key != paths.profile() and not hand_over([], paths.running_file(key)):
            self._close_for(partial(profiles.use, key))

    def _close_for(self, then: Callable[[], None]) -> None:
        in_turn(self._root, partial(self._window.close_for, then))  # the menu or the dialog that asked is done by then

    def _create(self) -> None:
        NameDialog(self._root, _("New profile"), "", self._made)

    def _made(self, name: str) -> None:
        self._switch(profiles.create(name))

    def _rename(self) -> None:
        def rename(name: str) -> None:
            profiles.rename(name)
            self._window.show_name()

        NameDialog(self._root, _("Rename profile"), profiles.name(), rename)

    def _import(self) -> None:
        if path := ask_for_file(self._root, _("Import a profile"), {_("Profiles"): (profile_file.ENDING,)}, MODEL):
            self._background.do(partial(profile_file.take, Path(path)), self._switch)

    def _export(self) -> None:
        kinds, proposed = {_("Profiles"): (profile_file.ENDING,)}, f"{_as_file(profiles.name())}{profile_file.ENDING}"
        if path := ask_where_to_save(self._root, _("Export the profile"), kinds, proposed):
            done = _("The profile is saved as {name}.").format(name=Path(path).name)
            then = lambda _none: self._window.editor.show_hint(done)  # noqa: E731  (as brief as it is)
            self._background.do(partial(profile_file.export, Path(path)), then)

    def _delete(self) -> None:
        """Delete the profile in use, once the user has read what will be lost."""
        try:
            counts = self._window.session.samples.counts_by_label()
        except UserError:  # they can't be read, but are deleted anyway
            counts = {}
        lost = _("Deleted with it: saved drawings: {drawings}, signs of its own: {signs}, models: {models}.").format(
            drawings=sum(counts.values()),
            signs=len(counts.keys() - set(DIGITS)),
            models=len(models.everything()) - 1,
        )
        detail = " ".join((lost, _("This can't be undone."), _("Export it first to keep it.")))
        question = _("Delete {name}?").format(name=profiles.name())
        if messagebox.askokcancel(
            _("Delete"), question, detail=detail, icon="warning", default="cancel", parent=self._root
        ):
            self._close_for(partial(profiles.delete, paths.profile()))


class NameDialog(Dialog):
    """Asks for a profile's name; ``then`` gets it, and if that raises UserError, the dialog asks for another one."""

    def __init__(self, parent: tk.Misc, title: str, name: str, then: Callable[[str], None]):
        super().__init__(parent, title)
        self._then, self.name = then, tk.StringVar(self, name)
        ttk.Label(self.body.inside, text=_("Name:")).pack(side="left")
        self.first = field = ttk.Entry(self.body.inside, textvariable=self.name, width=24)
        field.pack(side="left", padx=(style.px(8), 0))
        field.select_range(0, "end")
        self.buttons.add(_("OK"), self._take, "Accent.TButton")
        self.add_button("Cancel", self.close)
        for keys in PRESSES:
            bind_plain(self, keys, lambda _event: self._take())
        self.focus_set()

    def _take(self) -> None:
        name = self.name.get()
        if self.attempt(lambda: self._then(name)):
            self.destroy()


def _as_file(name: str) -> str:
    """Return a name in a form that's a valid file name on every system."""
    return "".join(each if each.isalnum() or each in " -_" else "_" for each in name)
