"""The list of models, with a field to rename one in place, and the chosen model's card."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from tkinter.font import Font
from typing import Literal

from app.facts.card_text import UNKNOWN, moment, percent
from app.kept.models import Model
from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.kit.cell_field import CellField
from app.ui.kit.key_events import bind_plain
from app.ui.kit.scrolled import add_bar
from app.ui.models import drawn_digits
from model.base.language import N_, _

LEAST_ROWS = 3
IN_USE = "\N{CHECK MARK}"
DAMAGED = N_("damaged")

# Of each column its name, its heading, a text as wide as it is, and where its text stands.
_COLUMNS: tuple[tuple[str, str, str, Literal["w", "e"]], ...] = (
    ("name", N_("Name"), "mlp-512-dropout, 22 Nov", "w"),
    ("network", N_("Network"), "mlp-1200-1000-500", "w"),
    ("accuracy", N_("MNIST"), "100.00 %", "e"),
    ("drawn", N_("Drawn digits"), N_("Drawn digits"), "e"),
    ("origin", N_("Origin"), N_("trained here"), "w"),
    ("date", N_("Date"), "2026-08-08 08:08", "w"),
)
BESIDE = 28  # pixels of a cell that are no text
SPARED = ("date", "network", "origin")  # the columns to leave out where there's little room, one after another
MARK = 34  # pixels for the mark of the model in use
CARD_LINES = 7
CARD_HEIGHT = 198  # pixels, always kept free: nothing below moves when another model is chosen
CAPTIONS, APART = 84, 14  # pixels for the captions of a card, at least, and between them and their values


class ModelsList(ttk.Frame):
    """Shows models in rows, one of them chosen.

    ``chosen`` is called when that is another one, ``use`` and ``delete`` when that is to be done with it, and
    ``rename`` with its key and its new name.
    """

    def __init__(
        self,
        parent: tk.Misc,
        chosen: Callable[[], None],
        use: Callable[[], None],
        delete: Callable[[], None],
        rename: Callable[[str, str], None],
    ):
        super().__init__(parent)
        self._rename = rename
        self.tree = ttk.Treeview(
            self, columns=[column[0] for column in _COLUMNS], height=LEAST_ROWS, selectmode="browse"
        )
        self.tree.column("#0", width=style.px(MARK), stretch=False, anchor="center")
        measure = Font(self, ttk.Style(self).lookup("Treeview", "font")).measure
        for name, heading, text, side in _COLUMNS:
            self.tree.heading(name, text=_(heading), anchor=side)
            self.tree.column(
                name, width=measure(_(text)) + style.px(BESIDE), anchor=side, stretch=name in ("name", "network")
            )
        self.tree.tag_configure("damaged", foreground=style.now.colours.warning)
        self._field = CellField(self.tree)
        add_bar(self.tree, self._field.drop)  # its row is elsewhere then
        self.tree.bind("<<TreeviewSelect>>", lambda _event: chosen())
        self.tree.bind("<Double-1>", lambda event: use() if self.tree.identify_row(event.y) else None)
        for key, action in (
            ("<Return>", use),
            ("<KP_Enter>", use),
            ("<Delete>", delete),
            ("<BackSpace>", delete),  # a Mac's Delete key
            ("<F2>", self.edit_name),
        ):
            bind_plain(self.tree, key, lambda _event, action=action: action())  # type: ignore[misc]

    @property
    def key(self) -> str | None:
        """The key of the chosen model; None when none is."""
        rows = self.tree.selection()
        return rows[0][1:] if rows else None

    def fit(self, widest: int) -> None:
        """Leave columns out that the card tells, too, where there are only so many pixels of the screen."""
        widths = {column[0]: int(str(self.tree.column(column[0], "width"))) for column in _COLUMNS}
        room = widest - style.px(MARK + BESIDE)
        for name in SPARED:
            if sum(widths.values()) > room:
                del widths[name]
        self.tree.configure(displaycolumns=list(widths))
        self.tree.column("name", width=min(widths["name"], room - sum(widths.values()) + widths["name"]))

    def show(self, models: Sequence[Model], choose: str | None) -> None:
        """Show these models and choose one; if it's gone, the one in use."""
        self._field.drop()
        self.tree.delete(*self.tree.get_children())
        for model in models:
            card = model.bundle.card if model.bundle else None
            values = (
                model.name,
                card.network if card else _(DAMAGED),
                percent(model.accuracy),
                percent(drawn_digits.known(model)),
                model.origin or UNKNOWN,
                moment(card.date) if card else UNKNOWN,
            )
            self.tree.insert("", "end", _row(model.key), text=IN_USE if model.in_use else "", values=values)
            if card is None:
                self.mark_damaged(model.key)
        used = next((model.key for model in models if model.in_use), models[0].key)
        row = _row(choose if choose is not None and self.tree.exists(_row(choose)) else used)
        self.tree.selection_set(row)
        self.tree.focus(row)
        self.tree.see(row)

    def mark_damaged(self, key: str) -> None:
        """Show that a model can't be used."""
        if self.tree.exists(_row(key)):
            self.tree.set(_row(key), "network", _(DAMAGED))
            for column in ("accuracy", "drawn"):
                self.tree.set(_row(key), column, UNKNOWN)
            self.tree.item(_row(key), tags="damaged")

    def show_drawn(self, model: Model) -> None:
        """Show how many drawn digits a model reads, if that is known."""
        self.tree.set(_row(model.key), "drawn", percent(drawn_digits.known(model)))

    def edit_name(self) -> None:
        """Let the user edit the chosen name: Return or a click elsewhere accepts the new name, Escape doesn't."""
        key = self.key
        if not key:  # none is chosen, or the built-in one, which keeps its name
            return
        name = self.tree.set(_row(key), "name")
        self._field.edit(_row(key), "name", name, lambda new: self._rename(key, new) if new != name else None)


class CardView(ttk.Frame):
    """Shows captioned lines, or one sentence on what's wrong."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, height=style.text_px(CARD_HEIGHT))
        self._fitting = Timer(self)
        self._rows = [(ttk.Label(self, style="Caption.TLabel"), ttk.Label(self)) for _row in range(CARD_LINES)]
        self._problem = ttk.Label(self, style="Warning.TLabel", justify="left")
        self.grid_propagate(False)
        self.columnconfigure(0, minsize=style.text_px(CAPTIONS))
        self.columnconfigure(1, weight=1)
        for row, (caption, value) in enumerate(self._rows):
            caption.grid(row=row, column=0, sticky="nw", padx=(0, style.px(APART)), pady=style.px(1))
            value.grid(row=row, column=1, sticky="ew", pady=style.px(1))
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def show(self, lines: list[tuple[str, str]]) -> None:
        """Show captions with their values."""
        self._problem.place_forget()
        for labels, texts in zip(self._rows, lines, strict=True):
            for label, text in zip(labels, texts, strict=True):
                label.configure(text=text)
        self._wrap(self.winfo_width())

    def show_problem(self, sentence: str) -> None:
        """Show what's wrong instead."""
        self.show([("", "")] * CARD_LINES)
        self._problem.configure(text=sentence)
        self._problem.place(x=0, y=0, relwidth=1)

    def _wrap(self, width: int) -> None:
        self._problem.configure(wraplength=width)
        asked = max(caption.winfo_reqwidth() for caption, _value in self._rows) + style.px(APART)
        beside = max(style.text_px(CAPTIONS), asked) + style.px(4)  # with a label's border
        for _caption, value in self._rows:
            value.configure(wraplength=max(1, width - beside))
        self._fitting.start("idle", self._make_room)

    def _make_room(self) -> None:
        """Be higher where large text needs it."""
        if asked := self.grid_bbox():
            self.configure(height=max(style.text_px(CARD_HEIGHT), asked[3]))


def _row(key: str) -> str:
    """Return Tk's name for a row; the empty name, which is the built-in model's key, is that of the list's root."""
    return f"/{key}"
