"""The settings that are chosen in menus."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.kept import settings
from app.ui.kit.menus import Entry


class Choices:
    """Keeps what is chosen in the menus, and shows there what is set.

    Args:
        root: the window.
        changed: is called after a setting was kept, with its name.
        attempt: does something that can raise UserError, and says so when it does.
    """

    def __init__(self, root: tk.Tk, changed: Callable[[str], None], attempt: Callable[[Callable[[], object]], None]):
        self.now = settings.load()
        self._root, self._changed, self._attempt = root, changed, attempt
        self._variables: dict[str, tk.Variable] = {}

    def one_of(self, menu: str, label: str, name: str, value: object) -> Entry:
        """Return the line of a menu that gives a setting this value."""
        variable = self._variables.setdefault(name, tk.StringVar(self._root))
        self._show(name)
        return Entry(menu, label, "", lambda: self._keep(name, value), variable, repr(value))

    def on_off(self, menu: str, label: str, keys: str, name: str, on: object = True) -> Entry:
        """Return the line of a menu that switches a setting between this value and none."""
        variable = self._variables.setdefault(name, tk.BooleanVar(self._root))
        assert isinstance(variable, tk.BooleanVar)
        self._show(name)
        return Entry(menu, label, keys, lambda: self._keep(name, on if variable.get() else type(on)()), variable)

    def refresh(self) -> None:
        """Show what is set, by whomever."""
        self.now = settings.load()
        for name in self._variables:
            self._show(name)

    def _show(self, name: str) -> None:
        variable, value = self._variables[name], getattr(self.now, name)
        variable.set(
            bool(value) if isinstance(variable, tk.BooleanVar) else repr(value)
        )  # "" is no value to Tk's menus

    def _keep(self, name: str, value: Any) -> None:
        self._attempt(lambda: settings.change(**{name: value}))
        self.now = replace(settings.load(), **{name: value})  # as chosen, even where it cannot be kept
        self._changed(name)
