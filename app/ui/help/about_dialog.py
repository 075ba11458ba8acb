"""Help ▸ About Inkling: versions, the model's card, and whose work everything is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk
from tkinter.font import Font
from typing import Any

from app.facts import card_text, licences
from app.facts.licences import Component
from app.facts.versions import SYSTEM, versions
from app.kept import models, paths, settings
from app.ui.kit import icon, style
from app.ui.kit.dialog import Dialog
from app.ui.kit.scrolled import add_bar
from app.ui.kit.text_view import LETTERS, TextView
from model.base import project
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.program import NAME
from model.bundle.bundle import Bundle

INKLING, GUIDE, MODEL, LICENCES = "inkling", "guide", "model", "licences"  # the pages
PAGES = {INKLING: N_("Inkling"), GUIDE: N_("Guide"), MODEL: N_("This model"), LICENCES: N_("Licences")}
THE_GUIDE = (  # the least of docs/guide.md, which isn't in the downloads
    (
        N_("Draw"),
        N_("Write a digit or a number on the pad. Leave a little space between digits, and keep to one line."),
    ),
    (
        N_("Wrong?"),
        N_("Press the right digit's key, or click its bar. In a number, choose the digit first. Inkling learns it."),
    ),
    (
        N_("Why a question mark?"),
        N_(
            "Inkling isn't sure that these are digits, or that it read them right. The line below the answer says why. "
            "If it's a digit after all, press its key. Strictness in File ▸ Settings… chooses how much is rejected."
        ),
    ),
    (
        N_("Pictures"),
        N_(
            "File ▸ Open… reads one number in a picture or a PDF, Read page… a whole page of numbers, and Open folder… "
            "all pictures of a folder."
        ),
    ),
    (
        N_("Signs"),
        N_("To teach a letter, a + or a tick, choose Model ▸ My drawings… ▸ New sign… and draw it five times."),
    ),
    (
        N_("Look inside"),
        N_("View ▸ See inside shows how the network came to its answer. In Model ▸ Laboratory… you can change it."),
    ),
    (N_("Shortcuts"), N_("F1 lists every key and every gesture.")),
)
CAPTIONS = 118  # pixels for the captions
LINES, LEAST = 21, 6  # of text high: every page is as large, so that nothing jumps; where there's little room
ROWS = 2  # of the list of licences, at least
WIDEST = 900  # pixels
ICON = 64  # pixels


class AboutDialog(Dialog):
    """Says what program this is, how to use it, which model reads, and under which licences.

    ``bundle`` returns the model in use, and may raise UserError; ``page`` is shown first.
    """

    def __init__(self, parent: tk.Misc, bundle: Callable[[], Bundle], page: str = INKLING):
        super().__init__(parent, _("About Inkling"), more=0)
        self._bundle = bundle
        self._page = tk.StringVar(self, page)
        self._shown: ttk.Frame | None = None
        self._copied: Callable[[], str] = str  # returns what is shown, as text
        self._picture: tk.PhotoImage | None = None  # Tk forgets images that Python forgets
        self._add_head().pack(fill="x")
        chips = ttk.Frame(self.body.inside)
        chips.pack(fill="x", pady=(style.px(14), style.px(8)))
        for name, text in PAGES.items():
            chip = ttk.Radiobutton(
                chips, text=_(text), value=name, variable=self._page, style="Chip.Toolbutton", command=self._turn
            )
            chip.pack(side="left", padx=(0, style.px(6)), ipadx=style.px(8))
        # A page is as large as lines of text, not as what is on it.
        font = Font(self, (style.family(self), style.points(11)))
        wide, line = font.measure("0") * (LETTERS + 4), font.metrics("linespace")
        self._room = ttk.Frame(self.body.inside, width=min(wide, self.room(WIDEST)), height=line * LEAST)
        self.body.ask_more(line * (LINES - LEAST))
        self.buttons.add(_("Copy"), self._copy)
        self.add_close()
        self._room.pack(fill="both", expand=True)
        self._room.pack_propagate(False)
        self._turn()

    def entered(self) -> dict[str, Any]:
        """Return which page is shown."""
        return {"page": self._page.get()}

    def enter(self, entered: dict[str, Any]) -> None:
        """Show the same page."""
        self._page.set(entered["page"])
        self._turn()

    def show(self, page: str) -> None:
        """Show a page."""
        self._page.set(page)
        self._turn()
        self.focus_set()

    def _add_head(self) -> ttk.Frame:
        head = ttk.Frame(self.body.inside)
        try:
            self._picture = icon.image(self, style.px(ICON))
            ttk.Label(head, image=self._picture).pack(side="left", padx=(0, style.px(14)))
        except tk.TclError:
            pass  # a program without its pictures still has a name
        words = ttk.Frame(head)
        words.pack(side="left")
        ttk.Label(words, text=f"{NAME} {project.version()}", style="Title.TLabel").pack(anchor="w")
        ttk.Label(words, text=_("Reads handwritten digits."), style="Hint.TLabel").pack(anchor="w")
        return head

    def _turn(self) -> None:
        if self._shown:
            self._shown.destroy()
        self.say("")
        pages = {INKLING: self._inkling, GUIDE: self._guide, MODEL: self._model, LICENCES: self._licences}
        self._shown = pages[self._page.get()]()
        self._shown.pack(fill="both", expand=True)

    def _inkling(self) -> ttk.Frame:
        tk_version = str(self.tk.call("info", "patchlevel"))
        named = [(_(SYSTEM) if name == SYSTEM else name, version) for name, version in versions(tk_version)]
        places = [
            (_("Settings"), str(paths.settings_file())),
            (_("Models"), str(paths.models_folder())),
            (_("Drawings"), str(paths.samples_file())),
            (_("Log"), str(paths.log_file())),
        ]
        return self._lines(named + places)

    def _guide(self) -> ttk.Frame:
        view = TextView(self._room, 1)
        view.show("\n\n".join(f"{_(what)}\n{_(said)}" for what, said in THE_GUIDE))
        self.first, self._copied = view.text, lambda: view.content
        return view

    def _model(self) -> ttk.Frame:
        try:
            lines = model_lines(self._bundle())
        except UserError as error:
            lines = []
            self.tell(error)
        return self._lines(lines)

    def _lines(self, lines: list[tuple[str, str]]) -> ttk.Frame:
        view = TextView(self._room, 1, CAPTIONS)
        view.show_lines(lines)
        self.first, self._copied = view.text, lambda: view.content
        return view

    def _licences(self) -> ttk.Frame:
        page = ttk.Frame(self._room)
        upper = ttk.Frame(page)
        table = ttk.Treeview(upper, columns=("part", "licence"), show="headings", height=ROWS, selectmode="browse")
        view = TextView(page, 1)
        for column, caption, wide in (("part", _("Part"), 320), ("licence", _("Licence"), 200)):
            table.heading(column, text=caption, anchor="w")
            table.column(column, width=style.px(wide), anchor="w")
        rows: dict[str, Component] = {}
        for part in (*licences.components(), *licences.DATA):
            rows[table.insert("", "end", values=(part_name(part), part.licence))] = part
        add_bar(table)
        upper.grid(sticky="nsew")
        view.grid(sticky="nsew", pady=(style.px(8), 0))
        page.columnconfigure(0, weight=1)
        page.rowconfigure((0, 1), weight=1)

        def choose(_event: tk.Event[tk.Misc] | None = None) -> None:
            part = rows[table.selection()[0]]
            view.show(f"{part.licence}\n\n{part.text()}")

        def copied() -> str:
            lines = [f"{part_name(part)}: {part.licence}" for part in rows.values()]
            return "\n".join([*lines, "", view.content])

        table.bind("<<TreeviewSelect>>", choose)
        table.selection_set(next(iter(rows)))
        table.focus(next(iter(rows)))
        self.first, self._copied = table, copied
        return page

    def _copy(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._copied())
        self.say(_("Copied to the clipboard."))


def part_name(part: Component) -> str:
    """Return what a part of the program is called, with its version."""
    return f"{_(part.name)} {part.version}".rstrip()


def model_lines(bundle: Bundle) -> list[tuple[str, str]]:
    """Return a model's card in captioned lines, how it was calibrated, and what doubts and finds digits for it."""
    card = bundle.card
    calibrated = _("no: its probabilities are the network's own")
    if card.temperature is not None:
        calibrated = _("yes: a temperature of {temperature} makes its probabilities match how often it's right").format(
            temperature=f"{card.temperature:.3f}"
        )
    return [
        (_("Name"), models.name(settings.load().model)),
        *card_text.lines(card, models.base(bundle)),
        (_("Calibrated"), calibrated),
        (_("Doubted by"), _network(card.doubt) or _("the built-in model's network")),
        (_("Digits found by"), _network(card.eye) or _("the built-in model's network")),
    ]


def _network(said: Mapping[str, Any]) -> str:
    """Return which network a model has besides the one that reads; empty if the card doesn't say it as ours do."""
    weights, date = said.get("weights"), said.get("date")
    if not isinstance(weights, int) or not isinstance(date, str):
        return ""
    return _("a network of its own with {weights} weights, made {date}").format(
        weights=f"{weights:,}", date=card_text.moment(date)
    )
