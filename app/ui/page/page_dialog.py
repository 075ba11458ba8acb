"""The page view: a picture of many numbers, what was read over each, corrected by keys and saved as a table."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from pathlib import Path
from tkinter import filedialog, messagebox, ttk
from typing import Any

from app.page.open_page import OpenPage
from app.page.table import Table
from app.ui.kit import style, tooltip
from app.ui.kit.background import Timer
from app.ui.kit.dialog import Dialog
from app.ui.kit.key_events import virtual
from app.ui.kit.progress_bar import ProgressBar
from app.ui.page.cell_view import CellView
from app.ui.page.cursor import Cursor
from app.ui.page.sheet import Sheet
from app.ui.page.table_menu import table_menu
from model.base.language import _, ngettext

WIDE, HIGH = 1000, 560  # pixels, that the sheet asks for beyond the least
LOOK_AGAIN = 50  # milliseconds between two looks at what was read


class PageDialog(Dialog):
    """Shows a page while it's read and after, and changes its table."""

    def __init__(self, parent: tk.Misc, page: OpenPage):
        super().__init__(parent, page.name, more=HIGH)
        self.tk.call("wm", "transient", self, "")  # large as it is, it would always lie on the window
        self.page = page
        self.cursor = Cursor(page, self._show)
        self._timer = Timer(self)  # to the next look at what was read
        self._menu = tk.Menu(self)  # of the chosen cell's row and column
        inside = self.body.inside
        top = ttk.Frame(inside)
        self.cell = CellView(top)
        self.cell.pack(side="left", fill="x", expand=True)
        self.sheet = Sheet(inside, self.cursor.choose, self._show_zoom)
        self._make_zoom(top).pack(side="right", anchor="se")
        top.pack(side="top", fill="x", pady=(0, style.px(8)))
        self.sheet.pack(fill="both", expand=True)
        self.body.ask_wide(self.room(WIDE))
        self._progress = ProgressBar(self)
        self._status = ttk.Label(self, style="Hint.TLabel", wraplength=self.room(WIDE))
        self._status.bind("<Configure>", lambda event: self._status.configure(wraplength=event.width))
        self._status.pack(side="bottom", fill="x", pady=(0, style.px(10)), before=self.body)
        self._buttons = self._make_buttons()
        self.first = self.sheet.canvas
        self.least(560, 400)
        self.cursor.bind(self.sheet.canvas)
        self._bind_keys()
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
        """Return whether the page can be closed: corrections that aren't saved are asked about."""
        self.cursor.keep()
        return not self.page.is_precious or messagebox.askyesno(
            self.title(), _("Close without saving the table?"), detail=_("Your corrections are lost then."), parent=self
        )

    def destroy(self, *, keep: bool = False) -> None:
        """Take the dialog away; the reading ends, unless another dialog goes on with the page."""
        if not keep:
            self.page.cancel()
        super().destroy()

    def save(self) -> None:
        """Ask for a file, and write the table to it."""
        self.cursor.keep()
        name = filedialog.asksaveasfilename(
            parent=self,
            title=_("Save as CSV"),
            initialfile=f"{Path(self.page.name).stem}.csv",
            defaultextension=".csv",
            filetypes=[(_("Table (CSV)"), ".csv"), (_("All files"), "*")],
        )
        if name and self.attempt(lambda: self.page.save(Path(name))):
            self.say(_("The table is saved as {file}.").format(file=name))

    def copy(self) -> None:
        """Put the table on the clipboard, for a spreadsheet."""
        self.cursor.keep()
        self.clipboard_clear()
        self.clipboard_append(self.page.copy())
        self.say(_("The table is copied. Paste it into a spreadsheet."))

    def undo(self) -> None:
        """Give up what is being typed, or else take the last change back."""
        if not self.cursor.give_up():
            self.page.undo()
        self._show()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.cursor.keep()
        self.page.redo()
        self._show()

    def change(self, table: Table) -> None:
        """Let another table take the place of this one."""
        self.page.change(table)
        self._show()

    def _make_zoom(self, parent: tk.Misc) -> ttk.Frame:
        frame = ttk.Frame(parent)
        for text, what, keys, command in (
            ("\N{MINUS SIGN}", _("Zoom out"), "Mod+minus", partial(self.sheet.zoom_by, -1)),
            ("", _("Fit the window"), "Mod+0", self.sheet.fit),
            ("+", _("Zoom in"), "Mod+plus", partial(self.sheet.zoom_by, 1)),
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
                ("copy", _("Copy"), self.copy, "TButton"),
                ("undo", _("Undo"), self.undo, "TButton"),
                ("redo", _("Redo"), self.redo, "TButton"),
                ("table", _("Rows and columns…"), self._post_at_button, "TButton"),
                ("stop", _("Stop"), self.page.cancel, "TButton"),
            )
        }
        for name, what, keys in (
            ("copy", _("Copy the whole table for a spreadsheet"), "Mod+C"),
            ("undo", _("Take the last change back"), "Mod+Z"),
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
        control = "Command" if self.tk.call("tk", "windowingsystem") == "aqua" else "Control"
        for keys, zoom in (
            (("plus", "equal", "KP_Add"), partial(self.sheet.zoom_by, 1)),
            (("minus", "KP_Subtract"), partial(self.sheet.zoom_by, -1)),
            (("Key-0", "KP_0", "KP_Insert"), self.sheet.fit),
        ):
            for key in keys:
                self.bind(f"<{control}-{key}>", lambda _event, zoom=zoom: zoom())  # type: ignore[misc]
        canvas = self.sheet.canvas
        for button in ("<Button-3>", "<Button-2>" if control == "Command" else "<Control-Button-1>"):
            canvas.bind(button, self._post_at_pointer)
        for key in ("<Menu>", "<Shift-F10>"):
            canvas.bind(key, lambda _event: self._post_at_button())

    def _post_at_pointer(self, event: tk.Event[tk.Canvas]) -> None:
        place = self.sheet.place_at(event.x, event.y)
        if place is not None:
            self.cursor.choose(place)
            self._post(event.x_root, event.y_root)

    def _post_at_button(self) -> None:
        button = self._buttons["table"]
        self._post(button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _post(self, x: int, y: int) -> None:
        self.cursor.keep()
        if self.cursor.place is not None and self.page.is_over:
            self._menu.destroy()
            self._menu = table_menu(self, self.page.table, self.cursor.place, self.change)
            self._menu.tk_popup(x, y)

    def _look(self) -> None:
        """Show what was read since the last time."""
        if self.page.poll() or self.page.is_over:
            self._show()
        if self.page.is_over:
            self._progress.pack_forget()
            self.buttons.hide(self._buttons["stop"])
        else:
            self._progress.pack(side="bottom", fill="x", before=self._status)
            self._timer.start(LOOK_AGAIN, self._look)
        if self.page.is_over and self.page.problem:
            self.tell(self.page.problem)

    def _show(self) -> None:
        """Show the table as it is now."""
        page, table = self.page, self.page.table
        if page.picture:
            self.sheet.show(page.picture, table)
        cursor = self.cursor
        cursor.settle()
        self.sheet.choose(cursor.place, cursor.typed)
        self.cell.show(page.picture, cursor.place, cursor.entry, cursor.typed)
        self._status.configure(text=self._how_far())
        for name, possible in (
            ("save", page.is_over and bool(table.rows)),
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
        if not count:
            return "" if self.page.problem else _("No numbers were found.")
        if not doubts:
            return ngettext(
                "{count} cell, nothing left to check.", "{count} cells, nothing left to check.", count
            ).format(count=count)
        left = ngettext("{doubts} of {count} cell to check.", "{doubts} of {count} cells to check.", count)
        how = _("Tab goes to the next. Type what it is; press Return where it's right, Delete where there's no number.")
        return f"{left.format(doubts=doubts, count=count)} {how}"

    def _show_zoom(self) -> None:
        self._percent.configure(text=_("{number} %").format(number=f"{self.sheet.scale * 100:.0f}"))
