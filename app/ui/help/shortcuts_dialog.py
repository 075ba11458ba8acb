"""The shortcuts, opened by F1: every key and every gesture on one sheet, made from the menus' own entries."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from app.ui.kit import menus, style
from app.ui.kit.dialog import Dialog
from app.ui.kit.keys import shown_parts
from app.ui.kit.menus import Entry
from app.ui.kit.screen import window_system
from model.base.language import N_, _

WIDE = 840  # pixels of both columns
HOW_WIDE = 210  # pixels of a line that says how
LONG = 32  # letters: a longer one takes two lines
HEADING = 2  # lines that a group's name takes, with the room above it

PEN, ANSWER, PAGE = N_("The pen"), N_("The answer"), N_("A page")

# What no menu has. It's said here and done by the pad, the answer, the bars and the page view.
GESTURES = (
    Entry(PEN, N_("Draw"), how=N_("hold the left button, a finger or the pen down")),
    Entry(PEN, N_("Draw a dot"), how=N_("click or tap")),
    Entry(ANSWER, N_("Say what it is"), how=N_("press the digit's key, or click its bar")),
    Entry(ANSWER, N_("Choose the digit to the left"), "Left"),
    Entry(ANSWER, N_("Choose the digit to the right"), "Right"),
    Entry(ANSWER, N_("Choose a digit"), how=N_("click it in the answer, or its frame on the pad")),
    Entry(PAGE, N_("Go to the next doubtful number"), "Tab"),
    Entry(PAGE, N_("Confirm the number"), "Return"),
    Entry(PAGE, N_("Say that there's no number"), "Delete"),
    Entry(PAGE, N_("Next page"), "Mod+Next"),
    Entry(PAGE, N_("Previous page"), "Mod+Prior"),
    Entry(PAGE, N_("Zoom in"), "Mod+plus"),
    Entry(PAGE, N_("Zoom out"), "Mod+minus"),
    Entry(PAGE, N_("Fit the window"), "Mod+0"),
)


class ShortcutsDialog(Dialog):
    """Shows lines in groups, in two columns; what has neither keys nor a gesture is left out.

    ``guide`` opens the guide, which many expect at F1.
    """

    def __init__(self, parent: tk.Misc, lines: Sequence[Entry], guide: Callable[[], object]):
        super().__init__(parent, _("Shortcuts"), keys=True)
        self.first = self.body  # its keys scroll it
        self.resizable(width=False, height=True)
        beside = self.room(WIDE) == style.px(WIDE)  # both columns; else under each other
        parts = [ttk.Frame(self.body.inside, padding=style.px(10)) for _side in range(2)]
        for frame, groups in zip(parts, columns(lines), strict=True):
            frame.columnconfigure(0, minsize=style.px(190 if beside else 150))
            row = 0
            for group in groups:
                above = style.px(18) if row else 0
                title = ttk.Label(frame, text=plain(_(group[0].menu.rpartition("/")[2])), style="Strong.TLabel")
                title.grid(row=row, column=0, columnspan=2, sticky="w", pady=(above, style.px(4)))
                for line in group:
                    row += 1
                    self._add(frame, row, line)
                row += 1
        for place, frame in enumerate(parts):
            row, column = (0, place) if beside else (place, 0)
            frame.grid(row=row, column=column, sticky="nw", padx=(style.px(16) * column, 0))
        self.buttons.add(_("Guide"), guide)
        self.add_close()

    def _add(self, frame: ttk.Frame, row: int, line: Entry) -> None:
        what = ttk.Label(frame, text=plain(_(line.label)))
        what.grid(row=row, column=0, sticky="nw", padx=(0, style.px(20)), pady=style.px(3))
        how = ttk.Frame(frame)
        how.grid(row=row, column=1, sticky="w", pady=style.px(2))
        colours = style.now.colours
        for part in shown_parts(line.keys, window_system(self)):  # each key as it lies on a keyboard
            cap = tk.Label(
                how,
                text=part,
                font=(style.family(self), style.points(10)),
                foreground=colours.ink,
                background=colours.paper,
            )
            cap.configure(highlightthickness=style.px(1), highlightbackground=colours.edge)
            cap.configure(padx=style.px(7), pady=style.px(1))
            cap.pack(side="left", padx=(0, style.px(4)))
        if line.how:
            ttk.Label(how, text=_(line.how), style="Caption.TLabel", wraplength=style.px(HOW_WIDE)).pack(anchor="w")


def plain(label: str) -> str:
    """Return a menu's label, as its translation has it, as people read it: without letters and a question's dots."""
    return menus.plain(label).removesuffix("…")


def columns(lines: Sequence[Entry]) -> tuple[list[list[Entry]], list[list[Entry]]]:
    """Return the groups in the order of their first lines, as two columns that are as equally long as can be."""
    groups: dict[str, list[Entry]] = {}
    for line in lines:
        if line.keys or line.how:
            groups.setdefault(line.menu, []).append(line)
    ordered = list(groups.values())
    lengths = [HEADING + sum(2 if len(line.how) > LONG else 1 for line in group) for group in ordered]
    split = min(range(len(ordered) + 1), key=lambda place: max(sum(lengths[:place]), sum(lengths[place:])))
    return ordered[:split], ordered[split:]
