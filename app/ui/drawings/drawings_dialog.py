"""Model ▸ My drawings…: the saved drawings with their labels, to look through, relabel and delete."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tkinter import messagebox, ttk
from typing import Any

from app.kept import paths
from app.kept.sample import Sample
from app.kept.samples import Samples, Taken
from app.ui.drawings.by_digit import ALL, Filters, relabel_menu
from app.ui.drawings.drawings_grid import CELL_HEIGHT, CELL_WIDTH, COLUMNS, LEAST_ROWS, ROWS, DrawingsGrid
from app.ui.drawings.learn_buttons import LearnButtons, Learns
from app.ui.drawings.new_sign_dialog import NewSignDialog
from app.ui.kit import style, tooltip
from app.ui.kit.background import Background
from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import ask_for_file, ask_where_to_save
from app.ui.kit.key_events import bind_plain, digit_of
from model.base.errors import UserError
from model.base.language import N_, _, ngettext
from model.reading.reading import DIGITS

TEXT_WIDTH = COLUMNS * CELL_WIDTH  # pixels, at first
GRID_WIDTH = 1200  # pixels, at first
HOW = N_(
    "When an answer is wrong, press the right digit's key or click its bar: the drawing is saved here with that digit "
    "as its label, and Inkling can learn from it. Import… adds drawings from a file."
)


class DrawingsDialog(Dialog):
    """Shows the saved drawings, the newest first.

    Args:
        parent: the window.
        samples: the drawings; they stay open when the dialog closes.
        learning: what learns them.
        on_change: is called when they have changed.
    """

    def __init__(self, parent: tk.Misc, samples: Samples, learning: Learns, on_change: Callable[[], None]):
        super().__init__(parent, _("My drawings"), more=(ROWS - LEAST_ROWS) * CELL_HEIGHT)
        self._samples, self._on_change = samples, on_change
        self._undos: list[tuple[str, Callable[[], None]]] = []  # what was done, and what takes it back
        self._total = self._damaged = 0  # drawings that are kept, and parts of damaged files that were set aside
        self._background = Background(self, self._failed)
        self._kinds = {_("Labelled ink"): (".jsonl",)}  # for the dialogs that ask for files
        self._new: NewSignDialog | None = None
        self._said = ""
        self._noticed = ""  # what was said already of the file
        narrow = self.room(TEXT_WIDTH) < style.px(TEXT_WIDTH)
        self.filters = Filters(self.body.inside, self._filtered, narrow=narrow)
        self.filters.pack(side="top", fill="x")
        self.grid_of_cards = DrawingsGrid(
            self.body.inside,
            self._fetch,
            self._chosen,
            relabel_menu(self, self.filters, self._relabel, self._delete).tk_popup,
            self.room(GRID_WIDTH),
        )
        self.first = self.grid_of_cards.canvas
        self.body.ask_wide(self.grid_of_cards.wide)
        self._status = ttk.Label(self, style="Hint.TLabel", wraplength=self.room(TEXT_WIDTH))
        self._learn_buttons, self._buttons = LearnButtons(self, learning, self.refresh), self._add_buttons()
        place = _(
            "They're saved in {path} and nowhere else: nothing leaves this computer. Delete all… deletes "
            "them from that file."
        ).format(path=paths.shown(samples.path))
        where = ttk.Label(self.body.inside, style="Caption.TLabel", wraplength=self.room(TEXT_WIDTH), text=place)
        where.pack(side="bottom", fill="x", pady=(style.px(10), 0))
        self._status.pack(side="bottom", fill="x", pady=(0, style.px(10)), before=self.body)
        # The last: it gives way when there's no room.
        self.grid_of_cards.pack(fill="both", expand=True, pady=(style.px(10), 0))
        self.least(660, 400)
        self._texts = (where, self._status)
        self.body.view.bind("<Configure>", self._wrap, add="+")
        bind_plain(self, "<Key>", self._pressed)
        self.bind("<<Undo>>", lambda _event: self._undo())
        # Another program, or the window, may have kept more.
        self.bind("<FocusIn>", lambda event: self.refresh() if event.widget is self else None)
        self.refresh()

    def entered(self) -> dict[str, Any]:
        """Return which drawings are shown and chosen, and what can be undone."""
        shown, chosen = self.filters.digit.get(), self.grid_of_cards.selection.in_order
        return {"filter": shown, "chosen": chosen, "undos": self._undos}

    def enter(self, entered: dict[str, Any]) -> None:
        """Show and choose the same, and let the same be undone."""
        self.filters.digit.set(entered["filter"])
        self._undos = entered["undos"]
        self.refresh()
        self.grid_of_cards.choose(entered["chosen"])

    def destroy(self) -> None:
        """Take the dialog away; what is being imported is kept all the same."""
        self._background.stop()
        super().destroy()

    def refresh(self) -> None:
        """Show the current drawings; the chosen ones stay chosen."""
        label = self.filters.digit.get() or None
        try:
            counts, ids = self._samples.counts_by_label(), self._samples.ids(label)
        except UserError as error:
            counts, ids = dict.fromkeys(DIGITS, 0), []
            self.tell(error)
        else:
            if self._samples.notice != self._noticed:
                self.say(self._samples.notice, problem=True)
        self._noticed = self._samples.notice
        self._total, self._damaged = sum(counts.values()), len(self._samples.damaged())
        self.filters.show(counts)
        none = _("No {label}").format(label=label), _("None of your drawings has this label now.")
        self.grid_of_cards.show(ids, *(none if self._total else (_("No drawings yet"), _(HOW))))
        self._show_possible()

    def say(self, line: str, *, problem: bool = False) -> None:
        """Show a line under the grid; an empty one gives its place back to what can be done."""
        if line:
            tooltip.of(self).hide()  # the button's that was clicked would cover it
        self._said = line
        name = "Warning.TLabel" if problem else "Hint.TLabel"
        self._status.configure(text=line or self._what_can_be_done(), style=name)

    def learned(self, line: str) -> None:
        """Show how far learning is, or what came of it, and what can be done by now; an empty line: nothing."""
        if line != self._said:
            self.refresh()
            self.say(line)

    def _add_buttons(self) -> dict[str, ttk.Button]:
        buttons = {}
        for text, command, right in (
            (N_("New sign…"), self._new_sign, False),
            (N_("Import…"), self._import, False),
            (N_("Export…"), self._export, False),
            (N_("Undo"), self._undo, True),
            (N_("Delete"), self._delete, True),
            (N_("Delete all…"), self._delete_all, True),
        ):
            buttons[text] = ttk.Button(self.buttons, text=_(text), command=command)
            self.buttons.show(buttons[text], right=right)
        self.add_close()
        return buttons

    def _wrap(self, event: tk.Event[tk.Canvas]) -> None:
        for text in self._texts:
            text.configure(wraplength=event.width)

    def _fetch(self, ids: Sequence[int]) -> list[Sample]:
        try:
            return self._samples.some(ids)
        except UserError as error:
            self.tell(error)
            return []

    def _filtered(self) -> None:
        self.grid_of_cards.go_to_start()
        self.refresh()

    def _chosen(self) -> None:
        self._said = ""  # it was read
        self._show_possible()

    def _show_possible(self) -> None:
        """Grey out what can't be done now, and say what can."""
        self._learn_buttons.show_possible(there=self._total > 0)
        for text, possible in (
            ("Undo", bool(self._undos)),
            ("Delete", bool(self.grid_of_cards.selection.in_order)),
            ("Delete all…", self._total + self._damaged > 0),
            ("Export…", self._total > 0),
        ):
            self._buttons[text].state(["!disabled" if possible else "disabled"])
        if not self._said:
            self.say("")  # what can be done is something else now

    def _what_can_be_done(self) -> str:
        if count := len(self.grid_of_cards.selection.chosen):
            return _("{count:,} chosen. Press a digit to label them, or Delete to delete them.").format(count=count)
        modifier = "Command" if self.tk.call("tk", "windowingsystem") == "aqua" else "Ctrl"
        how = _("Click a drawing to choose it; hold Shift or {modifier} to choose several.").format(modifier=modifier)
        return how if self._total else ""

    def _pressed(self, event: tk.Event[tk.Misc]) -> None:
        if event.keysym in ("Delete", "BackSpace"):  # BackSpace: a Mac's Delete key
            self._delete()
        elif said := digit_of(event):
            self._relabel(said)

    def _relabel(self, label: str) -> None:
        before = [each for each in self._fetch(self.grid_of_cards.selection.in_order) if each.label != label]
        count = len(before)
        what = ngettext("{count:,} drawing relabelled", "{count:,} drawings relabelled", count).format(count=count)
        line = ngettext(
            "{count:,} drawing is labelled {label} now.", "{count:,} drawings are labelled {label} now.", count
        )
        self._change(before, lambda ids: self._samples.relabel(ids, label), what, line.format(count=count, label=label))

    def _delete(self) -> None:
        before = self._fetch(self.grid_of_cards.selection.in_order)
        count = len(before)
        what = ngettext("{count:,} drawing deleted", "{count:,} drawings deleted", count).format(count=count)
        line = ngettext(
            "{count:,} drawing deleted. Undo brings it back.",
            "{count:,} drawings deleted. Undo brings them back.",
            count,
        )
        self._change(before, self._samples.remove, what, line.format(count=count))
        self.grid_of_cards.canvas.focus_set()  # on the button, Return would delete the next one

    def _change(self, before: list[Sample], change: Callable[[list[int]], None], what: str, line: str) -> None:
        """Change drawings, if there are any, so that they can be put back as they were."""
        if before:
            with self._changing():
                change([each.id for each in before])
                self._undos.append((what, lambda: self._samples.put_back(before)))
                self._show_changed(line)

    def _undo(self) -> None:
        if self._undos:
            with self._changing():
                what, take_back = self._undos[-1]
                take_back()
                self._undos.pop()
                self._show_changed(_("Undone: {what}.").format(what=what))

    def _delete_all(self) -> None:
        what = ngettext(
            "{count:,} drawing will be deleted from {path}",
            "{count:,} drawings will be deleted from {path}",
            self._total,
        ).format(count=self._total, path=self._samples.path)
        if self._damaged:
            what = _("{what}, and so will the damaged files next to it ({count})").format(
                what=what, count=self._damaged
            )
        detail = _("{what}. This can't be undone. Files that you exported stay.").format(what=what)
        question = _("Delete all drawings?")
        if messagebox.askokcancel(
            _("Delete all"), question, detail=detail, icon="warning", default="cancel", parent=self
        ):
            with self._changing():
                self._undos.clear()
                self.filters.digit.set(ALL)
                self._samples.remove_all()
                self._show_changed(_("All drawings are deleted."))

    def _new_sign(self) -> None:
        if self._new is None or not self._new.winfo_exists():
            self._new = NewSignDialog(self, self._samples, self._learn)
        self._new.lift()
        self._new.focus_set()

    def _learn(self) -> None:
        """Show what another dialog has kept, and let it be learned."""
        if self.winfo_exists():
            self.refresh()
        self._on_change()
        if self.winfo_exists():
            self._show_possible()

    def _import(self) -> None:
        if self._background.busy:
            return
        name = ask_for_file(self, _("A file of labelled ink"), self._kinds)

        def take() -> Taken:  # in a thread: thousands take seconds; SQLite wants it to open the database itself
            with Samples(self._samples.path) as samples:
                return samples.take(Path(name))

        if name:
            self.configure(cursor="watch")
            self.say(_("Importing {name}…").format(name=Path(name).name))
            self._background.do(take, self._imported)

    def _imported(self, taken: Taken) -> None:
        """Say what came of an import, and let it be undone."""
        self.configure(cursor="")
        new, known = taken
        count = len(new)
        what = ngettext("{count:,} drawing imported", "{count:,} drawings imported", count).format(count=count)
        self._undos.append((what, lambda: self._samples.remove(new)))
        line = ngettext("{count:,} drawing imported.", "{count:,} drawings imported.", count)
        line = line.format(count=count)
        if known:
            here = ngettext(
                "{count:,} drawing of that file was already here.",
                "{count:,} drawings of that file were already here.",
                known,
            )
            line += f" {here.format(count=known)}"
        self._show_changed(line)

    def _export(self) -> None:
        name = ask_where_to_save(self, _("Export all drawings"), self._kinds, "drawings.jsonl")
        if name:
            with self._changing():
                count = self._samples.export(Path(name))
                line = ngettext("{count:,} drawing exported to {name}", "{count:,} drawings exported to {name}", count)
                self.say(line.format(count=count, name=name))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Show that something takes a moment, as thousands of drawings do, and say what goes wrong."""
        self.configure(cursor="watch")
        self.update_idletasks()
        try:
            yield
        except UserError as error:
            self._failed(error)
        finally:
            self.configure(cursor="")

    def _failed(self, error: UserError) -> None:
        self.configure(cursor="")
        self.refresh()
        self.tell(error)

    def _show_changed(self, line: str) -> None:
        selection = self.grid_of_cards.selection
        selection.go_to_chosen()
        had = bool(selection.chosen)
        self.refresh()
        if had and not selection.chosen and selection.under_cursor is not None:
            self.grid_of_cards.choose([selection.under_cursor])  # which took the place of those that went away
        self.say(line)
        self._on_change()
        self._show_possible()
