"""The contents of several files: a row for each drawing and picture, with what was read."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import ttk
from tkinter.font import Font
from typing import Any

from app.sources.batch import Answer, Batch
from app.sources.sources import told_left_out
from app.ui.drawings.list_row import can_open, problem, values
from app.ui.kit import style, tooltip
from app.ui.kit.background import Timer
from app.ui.kit.cell_field import CellField
from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import ask_where_to_save
from app.ui.kit.key_events import bind_plain, digit_of
from app.ui.kit.questions import may_go
from app.ui.kit.scrolled import add_bar
from model.base.errors import UserError
from model.base.language import N_, _, ngettext
from model.base.shown import shown
from model.reading.reading import DIGITS, SIGNS

LOOK_AGAIN = 50  # milliseconds between two looks at what was read
AT_ONCE = 50  # rows that are added in one look
ROWS, LEAST_ROWS = 8, 2  # that the dialog opens with, and where there's little room
STRETCHED = ("source", "remark")
LIST_WIDTH = 900  # pixels of 1/96 inch
BESIDE = 36  # next to its columns
ROWS_BEYOND = 4  # above and below what is seen that keep their pictures
NAME = "List.Treeview"

_COLUMNS = (("source", N_("From"), 240), ("text", N_("Read"), 150), ("sure", N_("Sure"), 110), ("remark", "", 270))


class ListDialog(Dialog):
    """Shows the answers of a batch while it's read, lets them be corrected and opened, and saves them as a table.

    Args:
        parent: the window.
        batch: what is read, or was.
        open_row: is given the file of a row and the place in it, to open them in the window.
    """

    def __init__(self, parent: tk.Misc, batch: Batch, open_row: Callable[[str, int], None]):
        self._height = batch.side + style.px(8)  # of a row
        more = round((ROWS - LEAST_ROWS) * self._height / style.now.factor)
        super().__init__(parent, _title(batch), more=more, fixed=True)
        self.tk.call("wm", "transient", self, "")  # large as it is, it would always lie on what it opens
        self.batch = batch
        self._open_row = open_row
        self._pictures: dict[str, tk.PhotoImage] = {}  # of the rows in sight, by Tk's name for a row
        self._timer = Timer(self)  # to the next look at the batch
        self._font = Font(self, ttk.Style(self).lookup(NAME, "font"))
        self.first = self.tree = self._make_list()
        self._field = CellField(self.tree)
        add_bar(self.tree, self._scrolled)
        self._progress = ttk.Progressbar(self)
        self._status = ttk.Label(self, style="Hint.TLabel")
        self._status.bind("<Configure>", lambda event: self._status.configure(wraplength=event.width))
        self._buttons = self._make_buttons()
        self.least(420, 260)
        self._add(batch.answers)
        self._look()

    def entered(self) -> dict[str, Any]:
        """Return which row is chosen."""
        return {"row": self.tree.selection()}

    def enter(self, entered: dict[str, Any]) -> None:
        """Choose the same row."""
        self.tree.selection_set(entered["row"])
        for row in entered["row"]:
            self.tree.focus(row)
            self.tree.see(row)

    def may_close(self) -> bool:
        """Return whether the list can be closed: if corrections aren't saved, whether to save them is asked."""
        return may_go(self, lambda: self.batch.is_precious, self.save)

    def destroy(self, *, keep: bool = False) -> None:
        """Take the dialog away; what is under way ends, unless another dialog keeps its batch."""
        if not keep:
            self.batch.cancel()
        super().destroy()

    def open(self) -> None:
        """Open the chosen row in the window, if there's anything in it."""
        row = self._row()
        if row and can_open(row):
            self._open_row(row.source, row.index)

    def correct(self, typed: str = "") -> None:
        """Let the user say, in its row, what the chosen one is; a page's numbers are corrected in the page view."""
        row = self._row()
        if row is None or not can_open(row):
            return
        if row.is_page:
            self.open()
            return
        (name,) = self.tree.selection()
        self._field.edit(name, "text", values(row)[1].rstrip("?"), partial(self._keep, int(name)), typed)

    def undo(self) -> None:
        """Take the last correction back."""
        if self.batch.can_undo:
            self._show_corrected(self.batch.undo())

    def save(self) -> None:
        """Ask for a file, and write all rows to it as a table."""
        name = ask_where_to_save(self, _("Save as CSV"), {_("Table (CSV)"): (".csv",)}, "digits.csv")
        try:
            if name:
                self.batch.save(Path(name))
                self.say(_("The table is saved as {file}.").format(file=name))
        except UserError as error:
            self.tell(error)

    def _make_list(self) -> ttk.Treeview:
        names = ttk.Style(self)
        names.configure(NAME, rowheight=self._height)
        names.layout(  # other lists have no pictures
            f"{NAME}.Item", [("Treeitem.padding", {"sticky": "nswe", "children": [("Treeitem.image", {"sticky": ""})]})]
        )
        frame = ttk.Frame(self.body.inside)
        tree = ttk.Treeview(
            frame,
            columns=[name for name, _heading, _width in _COLUMNS],
            height=LEAST_ROWS,
            selectmode="browse",
            style=NAME,
        )
        tree.column("#0", width=self._height + style.px(8), stretch=False, anchor="center")
        widths = {name: style.px(width) for name, _heading, width in _COLUMNS}
        narrower = max(0, self._height + sum(widths.values()) + style.px(BESIDE) - self.room(LIST_WIDTH)) // 2
        for name in STRETCHED:  # these give way
            widths[name] -= narrower
        for name, heading, _width in _COLUMNS:
            tree.heading(name, text=_(heading) if heading else "", anchor="w")
            tree.column(name, width=widths[name], minwidth=style.px(60), anchor="w", stretch=name in STRETCHED)
        tree.tag_configure("problem", foreground=style.now.colours.warning)
        frame.pack(fill="both", expand=True)
        tree.bind("<Double-1>", self._double_clicked)
        bind_plain(tree, "<Key>", self._pressed)
        bind_plain(tree, "<F2>", lambda _event: self.correct())
        self.bind("<<Undo>>", lambda _event: self.undo())
        for key in ("<Return>", "<KP_Enter>"):
            bind_plain(tree, key, lambda _event: self.open())
        tree.bind("<<TreeviewSelect>>", lambda _event: self._chosen())
        return tree

    def _make_buttons(self) -> dict[str, ttk.Button]:
        made = {
            name: self.buttons.add(text, command, look)
            for name, text, command, look in (
                ("open", _("Open"), self.open, "Accent.TButton"),
                ("correct", _("Correct"), self.correct, "TButton"),
                ("undo", _("Undo"), self.undo, "TButton"),
                ("save", _("Save as CSV…"), self.save, "TButton"),
                ("stop", _("Stop"), self.batch.cancel, "TButton"),
            )
        }
        columns = _("A line for each: the file, what was read, how sure that is (0 to 1), and what's wrong.")
        tooltip.of(self).explain(made["save"], columns)
        self.add_close()
        self._status.pack(side="bottom", fill="x", pady=(0, style.px(10)), before=self.body)
        return made

    def _look(self) -> None:
        """Show what was read since the last time, and how far it is."""
        self._add(self.batch.poll(AT_ONCE))
        self._show_how_far()
        if not self.batch.over:
            self._timer.start(LOOK_AGAIN, self._look)

    def _show_how_far(self) -> None:
        rows = self.batch.answers
        done, expected = len(rows), max(self.batch.expected, len(rows))
        if self.batch.over:
            problems = sum(1 for row in rows if row.problem)
            doubts = sum(1 for row in rows if values(row)[1].endswith("?"))
            line = ngettext("{count} was read.", "{count} were read.", done - problems)
            if doubts:
                line = ngettext(
                    "{count} was read, {doubts} to check.", "{count} were read, {doubts} to check.", done - problems
                )
            line = line.format(count=done - problems, doubts=doubts)
            if problems:
                line += " " + ngettext("{count} wasn't.", "{count} weren't.", problems).format(count=problems)
            if self.batch.left_out:
                line += " " + told_left_out(self.batch.left_out)
            if any(map(can_open, rows)):
                line += " " + _("Is one wrong? Choose its row, and type what it is.")
            self._progress.pack_forget()
        else:
            line = _("Reading: {done} of {expected}").format(done=done, expected=expected)
            self._progress.configure(maximum=max(expected, 1), value=done)
            self._progress.pack(side="bottom", fill="x", before=self._status)
        self._status.configure(text=line)
        self._show_possible()

    def _double_clicked(self, event: tk.Event[ttk.Treeview]) -> str:
        """Correct what was read if that was clicked, or else open the row."""
        if self.tree.identify_row(event.y):
            is_answer = self.tree.column(self.tree.identify_column(event.x), "id") == "text"
            self.correct() if is_answer else self.open()
        return "break"  # the field keeps the keyboard

    def _pressed(self, event: tk.Event[tk.Misc]) -> str | None:
        """Correct the chosen row by typing, as in a spreadsheet."""
        sign = digit_of(event) or event.char.strip()
        if not sign or sign not in (*DIGITS, *SIGNS):
            return None
        self.correct(sign)
        return "break"

    def _keep(self, place: int, said: str) -> None:
        self.batch.correct(place, said)
        self._show_corrected(place)

    def _show_corrected(self, place: int) -> None:
        row = self.batch.answers[place]
        self.tree.item(str(place), values=values(row), tags="problem" if row.problem else "")
        self._chosen()
        self._show_how_far()

    def _scrolled(self) -> None:
        self._paint()
        self._field.follow()

    def _chosen(self) -> None:
        """Say what was read of the chosen row, and what is wrong, where a column is too narrow for all of it."""
        row = self._row()
        why = problem(row) if row else ""
        _name, text, _sure, remark = values(row) if row else ("",) * 4
        lines = (
            text if self._is_cut("text", text) else "",
            why if why != remark or self._is_cut("remark", why) else "",
        )
        self.say(" \N{EM DASH} ".join(filter(None, lines)), problem=bool(why))
        self._show_possible()

    def _is_cut(self, column: str, text: str) -> bool:
        """Return whether a column is too narrow for a text."""
        return self._font.measure(text) + style.px(BESIDE) > self.tree.column(column, "width")

    def _row(self) -> Answer | None:
        """Return the chosen row; None where none is."""
        chosen = self.tree.selection()
        return self.batch.answers[int(chosen[0])] if chosen else None

    def _show_possible(self) -> None:
        """Grey out what can't be done now."""
        row = self._row()
        for name, possible in (
            ("open", row is not None and can_open(row)),
            ("correct", row is not None and can_open(row)),
            ("undo", self.batch.can_undo),
            ("save", self.batch.over and bool(self.batch.answers)),
            ("stop", not self.batch.over),
        ):
            self._buttons[name].state(["!disabled" if possible else "disabled"])

    def _add(self, rows: list[Answer]) -> None:
        for name, row in enumerate(rows, len(self.tree.get_children())):
            self.tree.insert("", "end", str(name), values=values(row), tags="problem" if row.problem else "")
        if rows and not self.tree.selection():
            self.tree.selection_set("0")
            self.tree.focus("0")
        if rows:
            self._paint()

    def _paint(self) -> None:
        """Give the rows in sight their pictures, and take those of the others away: a batch can have thousands."""
        count = len(self.tree.get_children())
        first = int(self.tree.yview()[0] * count) - ROWS_BEYOND
        seen = range(max(0, first), min(count, first + self.tree.winfo_height() // self._height + 2 * ROWS_BEYOND))
        for name in [name for name in self._pictures if int(name) not in seen]:
            self.tree.item(name, image="")
            del self._pictures[name]
        for place in seen:
            name, row = str(place), self.batch.answers[place]
            if row.picture and name not in self._pictures:
                self._pictures[name] = tk.PhotoImage(master=self, data=row.picture)
                self.tree.item(name, image=self._pictures[name])


def _title(batch: Batch) -> str:
    if len(batch.paths) == 1:
        return shown(Path(batch.paths[0]).name)
    return ngettext("{count} file", "{count} files", len(batch.paths)).format(count=len(batch.paths))
