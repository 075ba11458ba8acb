"""What is in the main window: pad, answer, buttons, and what the network does; made anew with each look."""

from __future__ import annotations

from dataclasses import replace
from tkinter import ttk
from typing import TYPE_CHECKING

from app.ui.answer.prediction_view import PredictionView
from app.ui.kit import style, tooltip
from app.ui.kit.accessible import Voice, bars_in_words, describe_window, strokes_in_words
from app.ui.pad.empty_hint import EmptyHint
from app.ui.pad.pad import Pad
from app.ui.window.main_menu import CLEAR, RECOGNIZE, REDO, UNDO, redo_keys
from model.base.language import _

if TYPE_CHECKING:
    from app.ui.inside.inside_panel import InsidePanel
    from app.ui.window.main_window import MainWindow
    from model.ink.ink import Drawing
    from model.reading.picture_digit import PictureDigit
    from model.reading.reading import Reading

INSIDE_WIDTH = 316  # pixels that the window is wider with "See inside", and at least as wide as what is in it
LEAST_PAD = 140  # pixels of the pad beside it


class Contents(ttk.Frame):
    """Shows a window's session, and reports to the window what is drawn, chosen and pressed."""

    def __init__(self, window: MainWindow):
        super().__init__(window.root)
        self.grid(row=0, column=0, sticky="nsew")
        self._session = window.session
        self._inside: InsidePanel | None = None
        self.pad = Pad(self, window.editor.add_stroke, window.editor.erase)
        self.pad.on_move = window.editor.follow
        self.answer = PredictionView(self, window.editor.correct, window.editor.select, window.read_page)
        full = _("This drawing is full; clear it, or undo a stroke.")
        self.pad.on_full = lambda: self.answer.show_problem(full)
        self._toolbar = ttk.Frame(self)
        self._buttons = self._fill_toolbar(window)
        side, between = style.px(16), style.px(8)
        self.pad.grid(row=0, column=0, sticky="nsew", padx=(side, between), pady=(style.px(12), between))
        self.answer.grid(row=0, column=1, sticky="nsew", padx=(between, side), pady=(style.px(12), between))
        self._toolbar.grid(row=1, column=0, columnspan=2, sticky="ew", padx=side, pady=(style.px(4), style.px(12)))
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=4)
        self.columnconfigure(1, weight=1)
        self._hint = EmptyHint(self.pad)
        self._voice = Voice(window.root)
        describe_window(self._voice, self.pad, self.answer, self.answer.bars, self._buttons.values())

    def enable(self, label: str, possible: bool) -> None:
        """Let the button be pressed that does the same as a menu's line, if there is one, or not."""
        button = self._buttons.get(label)
        if button and possible == button.instate(["disabled"]):  # ttk draws a button anew also where nothing changes
            button.state(["!disabled" if possible else "disabled"])

    def show_subject(self) -> None:
        """Show the drawing or the picture that is worked on."""
        picture = self._session.picture
        self.pad.show_picture(picture.image if picture else None)
        self.pad.show(self._session.drawing)
        self._hint.show(self._session.is_blank)
        self._voice.say(self.pad, strokes_in_words(len(self._session.drawing.strokes)))

    def show_answer(self, reading: Reading, selected: int, line: str) -> None:
        """Show what was read, with the bars of one digit and what else is to be said."""
        text, labels = self._session.text, self._session.labels
        self.answer.show_reading(reading, selected, labels, line)
        self.pad.mark(text, [digit.box for digit in reading.digits], selected)
        self._voice.say(self.answer, self._session.written)
        told = reading.as_told(labels).digits[selected].prediction
        self._voice.say(self.answer.bars, bars_in_words(told.probabilities))

    @property
    def shows_inside(self) -> bool:
        """Whether the panel of what the network does is unfolded."""
        return self._inside is not None

    def unfold(self, unfolded: bool) -> None:
        """Show the panel of what the network does on the right, or take it away."""
        if unfolded and not self._inside:
            from app.ui.inside.inside_panel import InsidePanel  # noqa: PLC0415  (after the first paint)

            self._inside = InsidePanel(self)
            side = style.px(12)
            self._inside.grid(row=0, column=2, rowspan=2, sticky="nsew", padx=(0, side), pady=side)
            self.bind("<Configure>", lambda _event: self._arrange())
        elif self._inside and not unfolded:
            self._inside.destroy()
            self._inside = None
        self._arrange()

    def show_inside(self, drawing: Drawing, reading: Reading | None, selected: int) -> None:
        """Show what the network does with a digit of a drawing, or of the picture that is worked on instead.

        The drawing is as it is, with the stroke under the pen; the reading is of it, where it is read.
        """
        if self._inside:
            recognizer = self._session.recognizer if self._session.is_ready else None
            self._inside.show(self._looked_at(drawing, reading, selected), recognizer)

    def _fill_toolbar(self, window: MainWindow) -> dict[str, ttk.Button]:
        """Make the row below the pad: on the left what is done, by its line in the menus, on the right the eraser."""
        editor, buttons = window.editor, {}
        for line, text, command, tip, keys in (
            (RECOGNIZE, _("Recognize"), editor.recognize, _("Read what is drawn"), "Return"),
            (CLEAR, _("Clear"), editor.clear, _("Take all ink away; Undo brings it back"), "Escape"),
            (UNDO, _("Undo"), editor.undo, _("Take the last change back"), "Mod+Z"),
            (REDO, _("Redo"), editor.redo, _("Make the change again that was taken back"), redo_keys(window.root)),
        ):
            look = "Accent.TButton" if line == RECOGNIZE else "TButton"
            buttons[line] = button = ttk.Button(self._toolbar, text=text, command=command, style=look)
            button.pack(side="left", padx=(0, style.px(8)))
            tooltip.of(self).explain(button, tip, keys)
        eraser = ttk.Checkbutton(
            self._toolbar,
            text=_("Eraser"),
            variable=window.erasing,
            command=window.switch_tool,
            style="Tool.Toolbutton",
        )
        eraser.pack(side="right")
        tooltip.of(self).explain(eraser, _("Touch a stroke to take it away; the right button does so too"), "E")
        return buttons

    def _looked_at(self, drawing: Drawing, reading: Reading | None, selected: int) -> Drawing | PictureDigit:
        """Return the one digit that is looked at."""
        digits = reading.digits if reading else ()
        picture = self._session.picture
        if picture:
            return picture.digit(digits[selected].box if digits else None)
        if len(digits) > 1:
            return replace(drawing, strokes=tuple(drawing.strokes[place] for place in digits[selected].strokes))
        return drawing

    def _arrange(self) -> None:
        """Leave the buttons below the pad their room: in a narrow window they lie below the panel, which gives way."""
        wanted = self._toolbar.winfo_reqwidth() + style.px(INSIDE_WIDTH)
        narrow = self.shows_inside and self.winfo_width() < wanted
        self._toolbar.grid(columnspan=3 if narrow else 2)
        self.columnconfigure(0, minsize=style.px(LEAST_PAD) if narrow else 0)
        self.columnconfigure(2, weight=4 if narrow else 0)
        if self._inside:
            self._inside.grid(rowspan=1 if narrow else 2)
