"""The strip above the pad while one practises: what to write, how it went so far, and what to do with a misread one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.drawing.practice import Practice
from app.ui.kit import style, tooltip
from app.ui.kit.shapes import picture, rounded
from model.base.language import _

DOT, APART = 9, 13  # pixels wide, and from one to the next
MOST_DOTS = 8  # the last ones
RIGHT, WRONG, SAVED = "right", "wrong", "saved"  # how it stands with what was asked


class PracticeStrip(ttk.Frame):
    """Shows a practice. Its buttons save what was misread, go on, and end it."""

    def __init__(
        self, parent: tk.Misc, save: Callable[[], object], go_on: Callable[[], object], end: Callable[[], object]
    ):
        super().__init__(parent, padding=(style.px(16), style.px(10), style.px(16), 0))
        self._asked = ttk.Label(self, style="Title.TLabel")
        self._dots = tk.Canvas(self, height=style.px(DOT), background=style.now.colours.background)
        self._dots.configure(highlightthickness=0, takefocus=False)
        self._score = ttk.Label(self, style="Caption.TLabel")
        self._save = ttk.Button(self, style="Small.TButton", command=save)
        self._next = ttk.Button(self, style="Small.TButton", text=_("Next"), command=go_on)
        self._end = ttk.Button(self, style="Small.TButton", text=_("End practice"), command=end)
        colours, size = style.now.colours, (style.px(DOT), style.px(DOT))
        radius, thin = size[0] / 2, 2 * style.now.factor
        ring = (rounded(size, 0, radius), colours.warning), (rounded(size, thin, radius - thin), colours.background)
        self._marks = {
            True: picture(self, size, colours.background, (rounded(size, 0, radius), colours.accent)),
            False: picture(self, size, colours.background, *ring),
        }
        for place, part in enumerate((self._asked, self._dots, self._score, self._save, self._next, self._end)):
            part.grid(row=0, column=place, padx=(style.px(8) if place else 0, 0))
        self.columnconfigure(1, weight=1)
        self._dots.grid(sticky="e")
        tip = tooltip.of(self).explain
        tip(self._save, _("Save this drawing with what you were asked for"), "S")
        tip(self._next, _("Ask for something else"), "N")
        self.bind("<Configure>", lambda _event: self._arrange())

    def show(self, practice: Practice, state: str, verdict: str, *, can_save: bool) -> None:
        """Show what is asked, or how it was read, and how it went so far; what was misread can be saved."""
        asked, colours = practice.asked, style.now.colours
        said = _("Saved.") if state == SAVED else verdict if state else what(asked)
        colour = colours.warning if state == WRONG else colours.accent if state else colours.ink
        self._asked.configure(text=said, foreground=colour)
        score = (
            _("{right} of {all} right").format(right=practice.right, all=len(practice.went)) if practice.went else ""
        )
        self._score.configure(text=score)
        self._save.configure(text=as_what(asked))
        self._save.grid() if can_save else self._save.grid_remove()
        self._dots.delete("all")
        last = practice.went[-MOST_DOTS:]
        self._dots.configure(width=style.px(APART) * len(last) or 1)
        for place, right in enumerate(last):
            self._dots.create_image(style.px(APART) * place, 0, anchor="nw", image=self._marks[right])
        self._arrange()

    def _arrange(self) -> None:
        """Leave the dots out where there's no room for them; the figures tell the same."""
        rest = (self._asked, self._score, self._next, self._end, *([self._save] if self._save.winfo_manager() else []))
        wanted = sum(part.winfo_reqwidth() + style.px(8) for part in rest) + self._dots.winfo_reqwidth() + style.px(40)
        fits = self.winfo_width() >= wanted
        if fits != bool(self._dots.winfo_manager()):
            self._dots.grid() if fits else self._dots.grid_remove()


def what(asked: str) -> str:
    """Return the sentence that asks for a digit or a number."""
    if len(asked) > 1:
        return _("Write the number {number}").format(number=asked)
    return (_("Write an {digit}") if asked == "8" else _("Write a {digit}")).format(digit=asked)


def as_what(asked: str) -> str:
    """Return what the button says that saves it."""
    if len(asked) > 1:
        return _("Save as {number}").format(number=asked)
    return (_("Save as an {digit}") if asked == "8" else _("Save as a {digit}")).format(digit=asked)
