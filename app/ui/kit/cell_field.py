"""A field over a cell of a list, in which the user edits it."""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk

from app.ui.kit.keys import has_keyboard


class CellField:
    """Edits one cell of a list at a time: Return or a click elsewhere keeps its text, Escape doesn't."""

    def __init__(self, tree: ttk.Treeview):
        self._tree = tree
        self._field: ttk.Entry | None = None  # while a text is written
        self._over = "", ""  # the row and the column of the cell

    def edit(self, row: str, column: str, text: str, keep: Callable[[str], object], typed: str = "") -> None:
        """Open the field with a text chosen in it, or with what was typed instead.

        ``keep`` gets the new text; after Return, also if it's the same.
        """
        tree = self._tree
        tree.see(row)
        tree.update_idletasks()
        self.drop()
        font = ttk.Style(tree).lookup(str(tree.cget("style")) or "Treeview", "font")
        field = self._field = ttk.Entry(tree, style="Cell.TEntry", font=font)
        self._over = row, column
        self.follow()
        if self._field is None:
            return  # the list is too small to show it
        field.insert(0, typed or text)
        if not typed:
            field.selection_range(0, "end")
        field.update_idletasks()  # it's mapped by now, and gets the next key
        field.focus_set()

        def end(*, take: bool, is_sure: bool = False) -> str:
            new = field.get()
            had_focus = has_keyboard(field)
            self.drop()
            if had_focus:
                tree.focus_set()
            if take and (is_sure or new != text):
                keep(new)
            return "break"  # the dialog must not take the key too

        for key in ("<Return>", "<KP_Enter>"):
            field.bind(key, lambda _event: end(take=True, is_sure=True))
        field.bind("<FocusOut>", lambda _event: end(take=True))
        field.bind("<Escape>", lambda _event: end(take=False))

    def follow(self) -> None:
        """Stay over the cell when the list has moved; if that's out of sight, what was written is lost."""
        if self._field is not None:
            if box := self._tree.bbox(*self._over):
                x, y, width, height = box
                self._field.place(x=x, y=y, width=width, height=height)
            else:
                self.drop()

    def drop(self) -> None:
        """Take the field away; what was written in it is lost."""
        if self._field is not None:
            self._field.unbind("<FocusOut>")
            self._field.destroy()
            self._field = None
