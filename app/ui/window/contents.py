"""The main window's contents: pad, answer, buttons, and what the network does; rebuilt for each appearance."""

from __future__ import annotations

from dataclasses import replace
from textwrap import shorten
from tkinter import ttk
from typing import TYPE_CHECKING

from app.ui.answer.note import Note
from app.ui.answer.prediction_view import PredictionView
from app.ui.kit import style
from app.ui.kit.accessible import Voice, bars_in_words, describe_window, strokes_in_words
from app.ui.pad.empty_hint import EmptyHint
from app.ui.pad.pad import Pad
from app.ui.window.toolbar import Toolbar
from model.base.language import _, ngettext
from model.reading.rejection import what_helps, what_is_wrong

if TYPE_CHECKING:
    from app.drawing.picture import Picture
    from app.ui.inside.inside_panel import InsidePanel
    from app.ui.window.main_window import MainWindow
    from model.ink.ink import Drawing
    from model.reading.picture_digit import PictureDigit
    from model.reading.reading import Reading

INSIDE_WIDTH = 316  # pixels that "See inside" adds to the window's width, at least what the panel needs
FIRST_NUMBERS = 60  # letters of a page's numbers that are shown
LEAST_PAD = 140  # pixels of the pad next to it


class Contents(ttk.Frame):
    """Shows a window's session, and reports to the window what the user draws, chooses and presses."""

    def __init__(self, window: MainWindow):
        super().__init__(window.root)
        self.grid(row=1, column=0, sticky="nsew")
        self._window, self._session = window, window.session
        self._inside: InsidePanel | None = None
        self.pad = Pad(self, window.editor.add_stroke, window.editor.erase)
        self.pad.on_choose = window.editor.choose
        self.pad.on_move = window.editor.follow
        editor = window.editor
        self.answer = PredictionView(self, editor.correct, editor.select, window.read_page)
        self.answer.below.undo, self.answer.below.explain = editor.take_back, window.explain
        self.pad.on_full = lambda: self.show_problem(_("The drawing is full. Clear it, or undo a stroke."))
        self.toolbar = Toolbar(self, window)
        side, between = style.px(16), style.px(8)
        self.pad.grid(row=0, column=0, sticky="nsew", padx=(side, between), pady=(style.px(12), between))
        self.answer.grid(row=0, column=1, sticky="nsew", padx=(between, side), pady=(style.px(12), between))
        self.toolbar.grid(row=1, column=0, columnspan=2, sticky="ew", padx=side, pady=(style.px(4), style.px(12)))
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=4)
        self.columnconfigure(1, weight=1)
        self.bind("<Configure>", lambda _event: self._arrange())
        self._hint = EmptyHint(self.pad)
        self._voice = Voice(window.root)
        describe_window(self._voice, self.pad, self.answer, self.answer.bars, self.toolbar.buttons.values())

    def show_subject(self) -> None:
        """Show the open drawing or picture."""
        picture = self._session.picture
        self.pad.show_picture(picture.image if picture else None)
        self.pad.show(self._session.drawing)
        self._hint.show(self._session.is_blank and not self._window.practising.get())
        self._voice.say(self.pad, strokes_in_words(len(self._session.drawing.strokes)))

    def show_answer(self, reading: Reading, selected: int, note: Note) -> None:
        """Show what was read, with the bars of one digit and a note; if it has several lines, show their page."""
        picture = self._session.picture
        if picture and reading.reason == "lines":
            line, more = self._page(picture, reading)
            self.answer.show_page(line, more)
            self.pad.mark("", (), 0)
            self._voice.say(self.answer, f"{line} {more}")
            return
        text, labels = self._session.text, self._session.labels
        self.answer.show_reading(reading, selected, labels, note)
        self.pad.mark(text, [digit.box for digit in reading.digits], selected)
        self._voice.say(self.answer, self._session.written)
        told = reading.as_told(labels).digits[selected].prediction
        self._voice.say(self.answer.bars, bars_in_words(told.alternatives))

    def show_problem(self, line: str) -> None:
        """Say what went wrong: below the answer if there's one, which stays."""
        self._window.editor.settle()  # an answer that came later would replace the sentence
        if self._session.reading:
            self.answer.below.show(Note(line, is_problem=True))
        else:
            self.answer.show_problem(line)

    def _page(self, picture: Picture, reading: Reading) -> tuple[str, str]:
        """Return how many numbers a picture's page has, and the first of them, or advice to read it as a page."""
        table = self._window.pages.table_of(picture)
        numbers = [text for row in table.texts for text in row if text] if table else []
        if not table or not numbers:
            return what_is_wrong(reading), what_helps(reading)
        line = ngettext("A page of {count} number", "A page of {count} numbers", len(numbers))
        return line.format(count=len(numbers)), shorten(" ".join(numbers), FIRST_NUMBERS, placeholder=" …")

    @property
    def shows_inside(self) -> bool:
        """Whether the panel of what the network does is unfolded."""
        return self._inside is not None

    def unfold(self, unfolded: bool) -> None:
        """Show the panel of what the network does on the right, or hide it."""
        if unfolded and not self._inside:
            from app.ui.inside.inside_panel import InsidePanel  # noqa: PLC0415  (after the first paint)

            self._inside = InsidePanel(self)
            side = style.px(12)
            self._inside.grid(row=0, column=2, rowspan=2, sticky="nsew", padx=(0, side), pady=side)
        elif self._inside and not unfolded:
            self._inside.destroy()
            self._inside = None
        self._arrange()

    def show_inside(self, drawing: Drawing, reading: Reading | None, selected: int) -> None:
        """Show, here and in the laboratory, what the network does with a digit of a drawing, or with the picture.

        The drawing includes the stroke under the pen; the reading, if there's one, is of this drawing.
        """
        for looking in (self._inside, self._window.laboratory):
            if looking:
                recognizer = self._session.recognizer if self._session.is_ready else None
                looking.show(self._looked_at(drawing, reading, selected), recognizer)

    def _looked_at(self, drawing: Drawing, reading: Reading | None, selected: int) -> Drawing | PictureDigit:
        """Return the one digit that's being looked at."""
        digits = reading.digits if reading else ()
        picture = self._session.picture
        if picture:
            return picture.digit(digits[selected].box if digits else None)
        if len(digits) > 1:
            return replace(drawing, strokes=tuple(drawing.strokes[place] for place in digits[selected].strokes))
        return drawing

    def _arrange(self) -> None:
        """Keep enough room for the buttons below the pad: in a narrow window, they're below the panel, which yields."""
        wanted = self.toolbar.winfo_reqwidth() + style.px(INSIDE_WIDTH)
        narrow = self.shows_inside and self.winfo_width() < wanted
        self.toolbar.grid(columnspan=3 if narrow else 2)
        self.columnconfigure(0, minsize=style.px(LEAST_PAD) if narrow else 0)
        self.columnconfigure(2, weight=4 if narrow else 0)
        if self._inside:
            self._inside.grid(rowspan=1 if narrow else 2)
