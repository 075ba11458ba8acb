"""The page view: a picture of many numbers, each with what was read, corrected by keys and saved as a table."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import ttk
from typing import Any

from app.page.document import Document
from app.page.open_page import OpenPage
from app.page.table import Table
from app.ui.kit import style, tooltip
from app.ui.kit.background import Timer
from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import ask_where_to_save
from app.ui.kit.key_events import virtual
from app.ui.kit.menus import post_at
from app.ui.kit.numbers import share
from app.ui.kit.progress_bar import ProgressBar
from app.ui.kit.questions import may_go
from app.ui.kit.screen import window_system
from app.ui.page.cell_view import CellView
from app.ui.page.cursor import Cursor
from app.ui.page.learn_box import LearnBox, Learns
from app.ui.page.sheet import Sheet
from app.ui.page.table_menu import table_menu
from app.ui.page.turns import Turns
from model.base.language import _, ngettext

WIDE, HIGH = 1000, 560  # pixels, that the sheet asks for beyond the least
LOOK_AGAIN = 50  # milliseconds between two looks at what was read


class PageDialog(Dialog):
    """Shows a document's pages, each while it's read and after, and changes their tables.

    With ``learns``, what is corrected can be saved to learn from.
    """

    def __init__(self, parent: tk.Misc, document: Document, learns: Learns | None = None):
        super().__init__(parent, document.name, more=HIGH)
        self.learns = learns
        self.told: Callable[[int, Table], object] = lambda _index, _table: None  # what page is read, and what it has
        self.tk.call("wm", "transient", self, "")  # large as it is, it would always lie on the window
        self.document = document
        self._timer = Timer(self)  # to the next look at what was read
        self._menu = tk.Menu(self)  # of the chosen cell's row and column
        inside = self.body.inside
        top = ttk.Frame(inside)
        self.cell = CellView(top)
        self.cell.pack(side="left", fill="x", expand=True)
        self._make_zoom(top).pack(side="right", anchor="se")
        top.pack(side="top", fill="x", pady=(0, style.px(8)))
        self.turns = Turns(top, self.turn)
        self._make_sheet()
        self.body.ask_wide(self.room(WIDE))
        self._progress = ProgressBar(self)
        self._status = ttk.Label(self, style="Hint.TLabel", wraplength=self.room(WIDE))
        self._status.bind("<Configure>", lambda event: self._status.configure(wraplength=event.width))
        self._status.pack(side="bottom", fill="x", pady=(0, style.px(10)), before=self.body)
        self._buttons = self._make_buttons()
        self.least(560, 400)
        self._bind_keys()
        self._look()

    @property
    def page(self) -> OpenPage:
        """The page that is shown."""
        return self.document.page

    def turn(self, by: int) -> None:
        """Go forward by a number of pages, if there are that many."""
        if 0 <= self.document.index + by < self.document.count:
            self.cursor.keep()
            had_keyboard = self.focus_get() is self.sheet.canvas
            self.document.turn(by)
            self.sheet.destroy()
            self._make_sheet()
            self.buttons.hide(self._buttons["stop"])
            self.buttons.show(self._buttons["stop"])
            if had_keyboard:
                self.sheet.canvas.focus_set()
            self.say("")
            self._look()

    def entered(self) -> dict[str, Any]:
        """Return which cell is chosen, and how large all is shown."""
        return {"chosen": self.cursor.place, "zoom": self.sheet.zoom}

    def enter(self, entered: dict[str, Any]) -> None:
        """Choose the same cell, and show all as large."""
        self.sheet.zoom = entered["zoom"]
        if entered["chosen"]:
            self.cursor.choose(entered["chosen"])

    def may_close(self) -> bool:
        """Return whether the page can be closed: where corrections aren't saved, whether to save them is asked."""
        self.cursor.keep()
        if self.learn:
            self.learn.finish()
        save = self.save_all if self.document.opened > 1 else self.save
        return may_go(self, lambda: self.document.is_precious, save)

    def destroy(self, *, keep: bool = False) -> None:
        """Take the dialog away; the reading ends, unless another dialog goes on with the page."""
        if not keep:
            self.document.cancel()
        super().destroy()

    def save(self) -> None:
        """Ask for a file, and write the table to it."""
        number = f"-{self.document.index + 1}" if self.document.count > 1 else ""
        name = self._ask_name(f"{Path(self.document.name).stem}{number}.csv")
        if name and self.attempt(lambda: self.page.save(Path(name))):
            self.say(_("The table is saved as {file}.").format(file=name))

    def save_all(self) -> None:
        """Ask for a file, and write the tables of all pages that were looked at to it."""
        name = self._ask_name(f"{Path(self.document.name).stem}.csv")
        if name and self.attempt(lambda: self.document.save_all(Path(name))):
            said = _("The tables of {opened} of {count} pages are saved as {file}.")
            self.say(said.format(opened=self.document.opened, count=self.document.count, file=name))

    def copy(self) -> None:
        """Put the table on the clipboard, for a spreadsheet."""
        self.cursor.keep()
        self.clipboard_clear()
        self.clipboard_append(self.page.copy())
        self.say(_("The table is copied. Paste it into a spreadsheet."))

    def undo(self) -> None:
        """Cancel what's being typed, or else undo the last change."""
        if not self.cursor.give_up():
            self.page.undo()
        self._show()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.cursor.keep()
        self.page.redo()
        self._show()

    def change(self, table: Table) -> None:
        """Replace the table with another one."""
        self.page.change(table)
        self._show()

    def _ask_name(self, proposed: str) -> str:
        self.cursor.keep()
        return ask_where_to_save(self, _("Save as CSV"), {_("Table (CSV)"): (".csv",)}, proposed)

    def _make_sheet(self) -> None:
        """Make what shows the page, and what chooses its cells."""
        self.cursor = Cursor(self.page, self._show)
        self.sheet = Sheet(self.body.inside, self.cursor.choose, self._show_zoom)
        self.sheet.pack(fill="both", expand=True)
        canvas = self.first = self.sheet.canvas
        self.cursor.bind(canvas)
        for button in ("<Button-3>", "<Button-2>" if window_system(self) == "aqua" else "<Control-Button-1>"):
            canvas.bind(button, self._post_at_pointer)
        for key in ("<Menu>", "<Shift-F10>"):
            canvas.bind(key, lambda _event: self._post_at_button())

    def _make_zoom(self, parent: tk.Misc) -> ttk.Frame:
        frame = ttk.Frame(parent)
        for text, what, keys, command in (
            ("\N{MINUS SIGN}", _("Zoom out"), "Mod+minus", partial(self._zoom, -1)),
            ("", _("Fit the window"), "Mod+0", self._zoom),
            ("+", _("Zoom in"), "Mod+plus", partial(self._zoom, 1)),
        ):
            button = ttk.Button(frame, text=text, command=command, style="Small.TButton", width=2 if text else 6)
            button.pack(side="left", padx=(style.px(4), 0))
            tooltip.of(self).explain(button, what, keys)
            if not text:
                self._percent = button
        return frame

    def _make_buttons(self) -> dict[str, ttk.Button]:
        buttons = {
            name: self.buttons.add(text, command, look)
            for name, text, command, look in (
                ("save", _("Save as CSV…"), self.save, "Accent.TButton"),
                ("all", _("Save all pages…"), self.save_all, "TButton"),
                ("copy", _("Copy"), self.copy, "TButton"),
                ("undo", _("Undo"), self.undo, "TButton"),
                ("redo", _("Redo"), self.redo, "TButton"),
                ("table", _("Rows and columns…"), self._post_at_button, "TButton"),
                ("stop", _("Stop"), lambda: self.page.cancel(), "TButton"),  # noqa: PLW0108  (pages turn)
            )
        }
        self.learn = LearnBox(self, self.document, self.learns) if self.learns else None
        if self.learn:
            self.buttons.show(self.learn)
        self.add_close()
        self.buttons.hide(buttons["all"])  # until there are several
        for name, what, keys in (
            ("copy", _("Copy the whole table for a spreadsheet"), "Mod+C"),
            ("undo", _("Undo the last change"), "Mod+Z"),
        ):
            tooltip.of(self).explain(buttons[name], what, keys)
        return buttons

    def _bind_keys(self) -> None:
        for event, action in (
            (virtual(self, "Mod+S"), self.save),
            ("<<Copy>>", self.copy),
            ("<<Undo>>", self.undo),
            ("<<Redo>>", self.redo),
        ):
            self.bind(event, lambda _event, action=action: action())  # type: ignore[misc]
        control = "Command" if window_system(self) == "aqua" else "Control"
        for keys, action in (
            (("plus", "equal", "KP_Add"), partial(self._zoom, 1)),
            (("minus", "KP_Subtract"), partial(self._zoom, -1)),
            (("Key-0", "KP_0", "KP_Insert"), self._zoom),
            (("Prior", "KP_Prior"), partial(self.turn, -1)),
            (("Next", "KP_Next"), partial(self.turn, 1)),
        ):
            for key in keys:
                self.bind(f"<{control}-{key}>", lambda _event, action=action: action())  # type: ignore[misc]

    def _zoom(self, steps: int = 0) -> None:
        """Zoom in by this many steps, or out with fewer than none; with none so that the picture fits."""
        if steps:
            self.sheet.zoom_by(steps)
        else:
            self.sheet.fit()

    def _post_at_pointer(self, event: tk.Event[tk.Canvas]) -> None:
        place = self.sheet.place_at(event.x, event.y)
        if place is not None:
            self.cursor.choose(place)
            self._post(lambda menu: menu.tk_popup(event.x_root, event.y_root))

    def _post_at_button(self) -> None:
        self._post(lambda menu: post_at(menu, self._buttons["table"]))

    def _post(self, post: Callable[[tk.Menu], object]) -> None:
        self.cursor.keep()
        if self.cursor.place is not None and self.page.is_over:
            self._menu.destroy()
            self._menu = table_menu(self, self.page.table, self.cursor.place, self.change)
            post(self._menu)

    def _look(self) -> None:
        """Show what was read since the last time."""
        if self.page.poll() or self.page.is_over:
            self._show()
        if self.page.is_over:
            self._progress.pack_forget()
            self.buttons.hide(self._buttons["stop"])
        else:
            self._progress.pack(side="bottom", fill="x", before=self._status)
        self.turns.show(self.document.index, self.document.count)
        if self.document.count > 1 and not self._buttons["all"].winfo_manager():
            self.buttons.show(self._buttons["all"])
        if self.page.is_over and self.page.problem:
            self.tell(self.page.problem)
        if not (self.page.is_over and self.document.count and (self.page.picture or self.page.problem)):
            self._timer.start(LOOK_AGAIN, self._look)

    def _show(self) -> None:
        """Show the table as it is now."""
        page, table, cursor = self.page, self.page.table, self.cursor
        cursor.settle()
        if page.picture:  # else it's fetched again
            self.sheet.show(page.picture, table)
            self.sheet.choose(cursor.place, cursor.typed)
        self.cell.show(page.picture, cursor.place, cursor.entry, cursor.typed)
        self._status.configure(text=self._how_far())
        if self.learn:
            self.learn.save()
        if page.is_over:
            self.told(self.document.index, table)
        for name, possible in (
            ("save", page.is_over and bool(table.rows)),
            ("all", page.is_over and self.document.opened > 1),
            ("copy", bool(table.rows)),
            ("undo", page.can_undo or cursor.typed is not None),
            ("redo", page.can_redo),
            ("table", page.is_over and cursor.place is not None),
        ):
            self._buttons[name].state(["!disabled" if possible else "disabled"])

    def _how_far(self) -> str:
        """Return how far the reading is, or how much is left to be checked and how."""
        table = self.page.table
        count, doubts = len(table.places), len(table.doubts)
        if not self.page.is_over:
            unread = sum(entry.is_unread for row in table.rows for entry in row)
            self._progress.show((count - unread) / count if count else None)
            said = _("Reading: {done} of {expected}") if count else _("Looking for numbers…")
            return said.format(done=count - unread, expected=count)
        texts = [text for row in table.texts for text in row if text]
        if not (texts or doubts or self.page.can_undo):  # its cells are words, or empty
            return "" if self.page.problem else _("No numbers were found.")
        if self.page.is_number and not self.page.can_undo:
            said = _("No lines and no table were found. Inkling read the picture as one number: {number}.")
            return said.format(number=" ".join(texts))
        if not doubts:
            return ngettext(
                "{count} cell, nothing left to check.", "{count} cells, nothing left to check.", count
            ).format(count=count)
        left = ngettext("{doubts} of {count} cell to check.", "{doubts} of {count} cells to check.", count)
        how = _("Tab goes to the next. Type what it is; press Return where it's right, Delete where there's no number.")
        return f"{left.format(doubts=doubts, count=count)} {how}"

    def _show_zoom(self) -> None:
        self._percent.configure(text=share(self.sheet.scale))
