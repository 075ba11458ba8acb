"""The strip above the pad during a lesson: its text, the choices of a prediction, and the buttons to move on."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from tkinter.font import Font
from typing import NamedTuple

from app.ui.kit import style
from app.ui.kit.flow import Flow
from app.ui.kit.key_events import Event, digit_of
from app.ui.kit.line_breaks import broken
from app.ui.kit.text_view import TextView
from model.base.language import _

LINES = 9  # height in lines of text, including the choices; less if there's little room
SIDE = 16  # pixels on each side of it


class Hands(NamedTuple):
    """What the strip's buttons do."""

    turn: Callable[[int], object]  # to the lesson at this place
    go: Callable[[int], object]  # this many steps forward
    choose: Callable[[int], object]  # predicts the choice at this place
    change: Callable[[], object]
    close: Callable[[], object]


class Shown(NamedTuple):
    """What a strip shows of a step."""

    lesson: int
    place: str  # of the step, in words
    text: str
    then: str = ""  # what follows, when it's answered or can't be done yet
    choices: Sequence[str] = ()
    chosen: int | None = None
    right: int | None = None  # None: not known yet
    can_go_back: bool = False
    can_go_on: bool = False


class LessonStrip(ttk.Frame):
    """Shows a lesson's step; its height never changes."""

    def __init__(self, parent: tk.Misc, titles: Sequence[str], hands: Hands):
        super().__init__(parent)
        self._hands, self._shown = hands, Shown(-1, "", "")
        font = Font(self, (style.family(self), style.points(11)))  # the font of the text
        bold = Font(self, (style.family(self), style.points(11), "bold"))
        self._measure = bold.measure  # the wider one of the two
        top = ttk.Frame(self)
        self.lessons = ttk.Combobox(top, values=list(titles), state="readonly", width=24)
        self.lessons.bind("<<ComboboxSelected>>", lambda _event: hands.turn(self.lessons.current()))
        self._place = ttk.Label(top, style="Caption.TLabel")
        self.close = ttk.Button(top, text=_("Close"), command=hands.close, style="Small.TButton")
        self.change = ttk.Button(top, text=_("Change…"), command=hands.change, style="Small.TButton")
        self.close.pack(side="right")
        self.change.pack(side="right", padx=style.px(8))
        self._place.pack(side="right")
        self.lessons.pack(side="left", fill="x", expand=True, padx=(0, style.px(8)))  # this is what shrinks
        top.pack(fill="x")
        self.view = TextView(self, 1)
        self._below = Flow(self)
        self.choices: list[ttk.Button] = []
        self.back = ttk.Button(self._below, text=_("Back"), command=lambda: hands.go(-1), style="Small.TButton")
        self.on = ttk.Button(self._below, text=_("Next step"), command=lambda: hands.go(1), style="Small.TButton")
        self._below.pack(side="bottom", fill="x")
        self.view.pack(fill="both", expand=True, pady=style.px(6))
        self.view.text.configure(spacing3=style.px(4))
        self.view.text.tag_configure("term", font=bold)
        for widget in (self.close, self.change, self.view.text, self.back, self.on):
            widget.bind("<Key>", self._key)
        self.pack_propagate(False)
        self.update_idletasks()
        self.wanted = top.winfo_reqheight() + font.metrics("linespace") * LINES + style.px(3 * SIDE)
        self.leave(0)
        self.bind("<Configure>", lambda _event: self._say())

    def leave(self, covered: int) -> None:
        """Leave this many pixels on the right free, which another window covers."""
        side = style.px(SIDE)
        self.configure(padding=(side, style.px(10), side + covered, 0))

    def show(self, now: Shown) -> None:
        """Show a step in its current state."""
        before, self._shown = self._shown, now
        if now == before:
            return
        self.lessons.current(now.lesson)
        self._place.configure(text=now.place)
        is_new = now[:2] != before[:2]
        if is_new or (now.text, now.then) != (before.text, before.then):
            begins = self._say()
            if is_new:
                self.view.text.yview("1.0")
            elif now.then != before.then:
                for index in ("end", begins):  # as much of it as there's room for, from its beginning on
                    self.view.text.see(index)
        if now.choices != before.choices or is_new:
            self._offer(now.choices)
        for place, button in enumerate(self.choices):
            is_right, is_chosen = place == now.right, place == now.chosen
            mark = "✓" if is_right else "×" if is_chosen and now.right is not None else place + 1
            button.configure(text=f"{mark}  {now.choices[place]}")
            button.state(["disabled" if now.chosen is not None and not is_right else "!disabled"])
        for button, possible in ((self.back, now.can_go_back), (self.on, now.can_go_on)):
            button.state(["!disabled" if possible else "disabled"])

    def focus_first(self) -> None:
        """Give the keyboard to what comes next: the choices, or otherwise the button to move on."""
        free = [each for each in (*self.choices, self.on, self.back, self.close) if each.instate(["!disabled"])]
        free[0].focus_set()

    def _offer(self, choices: Sequence[str]) -> None:
        for button in (*self.choices, self.back, self.on):
            self._below.hide(button)
        for button in self.choices:
            button.destroy()
        self.choices = []
        for place in range(len(choices)):
            button = self._below.add("", partial(self._hands.choose, place), "Small.TButton")
            button.lower(self.back)  # Tab reaches it before that one
            button.bind("<Key>", self._key)
            self.choices.append(button)
        self._below.show(self.back, right=True)
        self._below.show(self.on, right=True)

    def _say(self) -> str:
        """Show the text without scrolling, and return where what follows begins; a term between two * is bold."""
        top, wide = self.view.text.index("@0,0"), self.view.text.winfo_width() - style.px(24)
        shown = (self._shown.text, self._shown.then)
        asked, then = (broken(each, max(wide, style.px(200)), self._measure) for each in shown)
        parts = "\n".join(filter(None, (asked, then))).split("*")
        self.view.show_pieces([(part, ("term",) if place % 2 else ()) for place, part in enumerate(parts)])
        self.view.text.yview(top)
        return f"{len(asked.splitlines()) + 1}.0"

    def _key(self, event: Event) -> str | None:
        focus = [each for each in (*self.choices, self.back, self.on) if each.instate(["!disabled"])]
        if digit := digit_of(event):
            if self._shown.chosen is None and 0 < int(digit) <= len(self.choices):
                self._hands.choose(int(digit) - 1)
        elif event.keysym in ("Left", "Right") and focus:
            at = focus.index(event.widget) if event.widget in focus else -1
            focus[(at + (1 if event.keysym == "Right" else -1)) % len(focus)].focus_set()
        elif event.keysym == "Escape":
            self._hands.close()
        else:
            return None
        return "break"
