"""Help ▸ Shortcuts: every key and every gesture on one sheet, made of the menus' own entries."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass
from tkinter import ttk

from app.ui.kit import menus, style
from app.ui.kit.dialog import Dialog
from app.ui.kit.keys import shown_parts
from model.base.language import N_, _

WIDE = 840  # pixels of both columns
HOW_WIDE = 210  # pixels of a line that says how
LONG = 32  # letters: a longer one takes two lines
HEADING = 2  # lines that a group's name takes, with the room above it


@dataclass(frozen=True, slots=True)
class Line:
    """Something that can be done, and how: by keys, or else in words."""

    group: str  # a menu's label, or another heading; marked by `N_`, as the next is
    label: str
    keys: str = ""  # as ``Mod+S``
    how: str = ""  # marked by `N_`


PEN, ANSWER = N_("The pen"), N_("The answer")

# What no menu has. It is said here and done by the pad, the answer and the bars.
GESTURES = (
    Line(PEN, N_("Draw"), how=N_("hold the left button, a finger or the pen down")),
    Line(PEN, N_("Draw a dot"), how=N_("click or tap")),
    Line(ANSWER, N_("Say what it is"), how=N_("press the digit's key, or click its bar")),
    Line(ANSWER, N_("Choose the digit to the left"), "Left"),
    Line(ANSWER, N_("Choose the digit to the right"), "Right"),
    Line(ANSWER, N_("Choose a digit"), how=N_("click it in the answer")),
)


class ShortcutsDialog(Dialog):
    """Shows lines in groups, in two columns.

    Args:
        parent: the window.
        lines: in any order; what has neither keys nor a gesture is left out.
    """

    def __init__(self, parent: tk.Misc, lines: Sequence[Line]):
        super().__init__(parent, _("Shortcuts"), keys=True)
        self.resizable(width=False, height=True)
        self._system = str(self.tk.call("tk", "windowingsystem"))
        beside = self.room(WIDE) == style.px(WIDE)  # both columns; else under each other
        parts = [ttk.Frame(self.body.inside, padding=style.px(10)) for _side in range(2)]
        for frame, groups in zip(parts, columns(lines), strict=True):
            frame.columnconfigure(0, minsize=style.px(190 if beside else 150))
            row = 0
            for group in groups:
                above = style.px(18) if row else 0
                title = ttk.Label(frame, text=plain(_(group[0].group.rpartition("/")[2])), style="Strong.TLabel")
                title.grid(row=row, column=0, columnspan=2, sticky="w", pady=(above, style.px(4)))
                for line in group:
                    row += 1
                    self._add(frame, row, line)
                row += 1
        for place, frame in enumerate(parts):
            row, column = (0, place) if beside else (place, 0)
            frame.grid(row=row, column=column, sticky="nw", padx=(style.px(16) * column, 0))
        self.buttons.show(ttk.Button(self.buttons, text=_("Close"), command=self.close))

    def focus_set(self) -> None:
        """Give the keyboard to the sheet, that its keys scroll it."""
        self.body.focus_set()

    def _add(self, frame: ttk.Frame, row: int, line: Line) -> None:
        what = ttk.Label(frame, text=plain(_(line.label)))
        what.grid(row=row, column=0, sticky="nw", padx=(0, style.px(20)), pady=style.px(3))
        how = ttk.Frame(frame)
        how.grid(row=row, column=1, sticky="w", pady=style.px(2))
        for part in shown_parts(line.keys, self._system):
            self._cap(how, part).pack(side="left", padx=(0, style.px(4)))
        if line.how:
            ttk.Label(how, text=_(line.how), style="Caption.TLabel", wraplength=style.px(HOW_WIDE)).pack(anchor="w")

    def _cap(self, parent: ttk.Frame, text: str) -> tk.Label:
        """Return a key as it lies on a keyboard."""
        return tk.Label(
            parent,
            text=text,
            font=(style.family(self), 10),
            foreground=style.now.colours.ink,
            background=style.now.colours.paper,
            highlightthickness=style.px(1),
            highlightbackground=style.now.colours.edge,
            padx=style.px(7),
            pady=style.px(1),
        )


def plain(label: str) -> str:
    """Return a menu's label, as its translation has it, as people read it: without letters and a question's dots."""
    return menus.plain(label).removesuffix("…")


def columns(lines: Sequence[Line]) -> tuple[list[list[Line]], list[list[Line]]]:
    """Return the groups in the order of their first lines, as two columns that are as equally long as can be."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if line.keys or line.how:
            groups.setdefault(line.group, []).append(line)
    ordered = list(groups.values())
    lengths = [HEADING + sum(2 if len(line.how) > LONG else 1 for line in group) for group in ordered]
    split = min(range(len(ordered) + 1), key=lambda place: max(sum(lengths[:place]), sum(lengths[place:])))
    return ordered[:split], ordered[split:]
