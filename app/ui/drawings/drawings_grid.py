"""The grid of saved drawings: only the visible ones are drawn, so thousands open and scroll like a few."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from app.drawing.selection import Selection
from app.kept.sample import Sample
from app.ui.drawings import card
from app.ui.kit import style
from app.ui.kit.key_events import CONTROL, SHIFT, held, mod, virtual
from app.ui.kit.keys import has_keyboard
from app.ui.kit.scrolled import add_bar

GAP = 8  # pixels between cards
CELL_WIDTH, CELL_HEIGHT = card.WIDTH + GAP, card.HEIGHT + GAP
COLUMNS, ROWS = 8, 4  # that the dialog opens with
LEAST_ROWS = 1  # where there's little room
ROWS_BEYOND = 1  # above and below what is seen that stay drawn


class DrawingsGrid(tk.Frame):
    """Shows drawings as cards, any number of them chosen by pointer and keys as in a file manager.

    Args:
        parent: the dialog.
        fetch: returns the drawings with these numbers, those that are there still.
        chosen: is called when others are chosen.
        open_menu: is called where the pointer asks for a menu, with its place on the screen.
        widest: pixels of the screen that there are for it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        fetch: Callable[[Sequence[int]], list[Sample]],
        chosen: Callable[[], None],
        open_menu: Callable[[int, int], None],
        widest: int,
    ):
        background = style.now.colours.background
        # The border is the frame's: a canvas counts its own as a part of what it shows.
        super().__init__(
            parent,
            background=background,
            highlightthickness=style.px(1),
            highlightbackground=style.now.colours.edge,
            highlightcolor=style.now.colours.accent,
            takefocus=False,
        )
        self._fetch, self._told, self._open_menu = fetch, chosen, open_menu
        self.selection = Selection()
        self._card_width, self._card_height, self._gap = map(style.text_px, (card.WIDTH, card.HEIGHT, GAP))
        self._cell_width, self._cell_height = self._card_width + self._gap, self._card_height + self._gap
        self._columns = COLUMNS
        self._drawn: dict[int, list[int]] = {}  # row -> the numbers of its drawings
        self._pictures: dict[int, tuple[str, tk.PhotoImage]] = {}  # number -> its ink and what is drawn of it
        self._empty = ("", "")
        self.canvas = tk.Canvas(self, background=background, highlightthickness=0, yscrollincrement=1, takefocus=True)
        around = self._gap + 2 * style.px(1) + add_bar(self.canvas, self._paint).winfo_reqwidth()
        self.wide = min(COLUMNS * self._cell_width + around, widest)  # pixels for all columns, as far as there may be
        # The frame's size, not the canvas', so that the dialog stays as it is when the bar comes and goes.
        self.configure(
            width=self._cell_width + around,  # it takes what it gets, and has as many columns as go into that
            height=LEAST_ROWS * self._cell_height + self._gap + 2 * style.px(1),
        )
        self.grid_propagate(False)
        self._bind()

    def show(self, ids: Sequence[int], title: str, line: str) -> None:
        """Show these drawings, or where there are none a title and a line; those chosen stay so if they are there.

        Nobody is told when fewer are chosen now: who shows others asks.
        """
        self.selection.show(ids)
        self._empty = (title, line)
        self._lay_out()

    def choose(self, ids: Sequence[int]) -> None:
        """Choose these drawings and no others, and show the first of them."""
        self.selection.choose(ids)
        self._show_choice()

    def go_to_start(self) -> None:
        """Show the first drawings, and choose none."""
        self.selection.go_to_start()
        self._show_choice()

    def place_of(self, number: int) -> tuple[int, int, int, int] | None:
        """Return where a card is in the canvas' window: left, top, right, bottom; None when it isn't in sight."""
        left, top = self._corner(self.selection.places[number])
        top -= round(self.canvas.canvasy(0))
        if top + self._card_height <= 0 or top >= self.canvas.winfo_height():
            return None
        return left, top, left + self._card_width, top + self._card_height

    def _bind(self) -> None:
        canvas = self.canvas
        system = canvas.tk.call("tk", "windowingsystem")
        canvas.bind("<Configure>", lambda _event: self._lay_out())
        canvas.bind("<Button-1>", self._clicked)
        canvas.bind("<Button-2>" if system == "aqua" else "<Button-3>", self._asked)
        canvas.bind("<Key>", self._pressed)
        canvas.bind(virtual(canvas, "Mod+A"), lambda _event: self._choose_all())
        canvas.bind("<FocusIn>", lambda _event: self._focused(style.now.colours.accent))
        canvas.bind("<FocusOut>", lambda _event: self._focused(style.now.colours.edge))
        canvas.bind("<MouseWheel>", lambda event: self._scroll(-event.delta / (3 if system == "aqua" else 120)))
        if system == "x11":
            canvas.bind("<Button-4>", lambda _event: self._scroll(-1))
            canvas.bind("<Button-5>", lambda _event: self._scroll(1))

    def _focused(self, colour: str) -> None:
        self.configure(highlightbackground=colour)
        self._mark()

    def _lay_out(self) -> None:
        """Draw everything again, for other drawings or another width; what was at the top stays there."""
        canvas = self.canvas
        top = round(canvas.canvasy(0))
        first = top // self._cell_height * self._columns
        columns = max(1, (self._width() - self._gap) // self._cell_width)
        if columns != self._columns:
            top = first // columns * self._cell_height
            self._columns = columns
        height = self._rows() * self._cell_height + self._gap
        canvas.delete("all")
        self._drawn.clear()
        self._pictures = {
            number: self._pictures[number] for number in self._pictures if number in self.selection.places
        }
        canvas.configure(scrollregion=(0, 0, self._width(), height))
        canvas.yview_moveto(max(0, min(top, height - self._height())) / height)
        if not self.selection.ids:
            self._write_empty()
        self._paint()

    def _write_empty(self) -> None:
        title, line = self._empty
        x, y = self._width() / 2, self._height() / 2
        card.write(self.canvas, (x, y - style.text_px(12)), title, 14, fill=style.now.colours.ink, anchor="s")
        around = {"anchor": "n", "justify": "center", "width": style.text_px(440)}
        card.write(self.canvas, (x, y), line, 11, fill=style.now.colours.muted, **around)

    def _scroll(self, notches: float) -> None:
        in_sight = self._columns * (self._height() // self._cell_height)
        if len(self.selection.ids) > in_sight:  # else there's nothing to scroll
            self.canvas.yview_scroll(round(notches * self._cell_height / 2), "units")

    def _paint(self) -> None:
        """Draw the rows that came into sight, and forget those that went far out of it."""
        top = self.canvas.canvasy(0)
        first = max(0, int(top // self._cell_height) - ROWS_BEYOND)
        last = min(self._rows() - 1, int((top + self._height()) // self._cell_height) + ROWS_BEYOND)
        for row in [row for row in self._drawn if not first <= row <= last]:
            self.canvas.delete(f"row{row}")
            for number in self._drawn.pop(row):
                self._pictures.pop(number, None)
        fresh = [row for row in range(first, last + 1) if row not in self._drawn]
        if fresh:
            for row in fresh:
                self._drawn[row] = self.selection.ids[row * self._columns : (row + 1) * self._columns]
            for sample in self._fetch([number for row in fresh for number in self._drawn[row]]):
                place = self.selection.places[sample.id]
                row_name = f"row{place // self._columns}"
                card.draw(self.canvas, sample, self._picture(sample), self._corner(place), row_name)
            self._mark()

    def _picture(self, sample: Sample) -> tk.PhotoImage | None:
        """Return the picture of a drawing, as long as its ink is the same; None when that is damaged."""
        ink, picture = self._pictures.get(sample.id, ("", None))
        if picture is None or ink != sample.ink:
            picture = card.picture(self, sample)
            if picture:
                self._pictures[sample.id] = (sample.ink, picture)
        return picture

    def _mark(self) -> None:
        """Colour the cards that are in sight: those that are chosen, and the one that the keyboard is on."""
        here = self.selection.under_cursor if has_keyboard(self.canvas) else None
        for number in (number for numbers in self._drawn.values() for number in numbers):
            chosen = number in self.selection.chosen
            self.canvas.itemconfigure(
                f"face{number}",
                fill=style.now.colours.chosen if chosen else style.now.colours.paper,
                outline=style.now.colours.accent if chosen or number == here else style.now.colours.edge,
                width=style.px(2) if number == here else style.px(1),
            )

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        self.canvas.focus_set()
        place = self._place_at(event.x, event.y)
        extend, toggle = self._held_keys(event)
        if place is not None:
            self.selection.click(place, extend=extend, toggle=toggle)
            self._show_choice()
        elif not extend and not toggle:
            self.choose([])

    def _asked(self, event: tk.Event[tk.Misc]) -> None:
        self.canvas.focus_set()
        place = self._place_at(event.x, event.y)
        if place is not None:
            if self.selection.ids[place] not in self.selection.chosen:
                self.selection.click(place)
                self._show_choice()
            self._open_menu(event.x_root, event.y_root)

    def _pressed(self, event: tk.Event[tk.Misc]) -> str | None:
        if held(event) & ~(CONTROL | mod(self)):
            return None
        extend, toggle = self._held_keys(event)
        place = self.selection.after(event.keysym, self._columns, max(1, self._height() // self._cell_height))
        if event.keysym == "space" and self.selection.ids:
            self.selection.click(self.selection.cursor, toggle=True)
        elif place is None:
            return None
        elif toggle and not extend:
            self.selection.cursor = place  # only the keyboard goes there
        else:
            self.selection.click(place, extend=extend)
        self._show_choice()
        return "break"

    def _choose_all(self) -> None:
        self.selection.choose_all()
        self._mark()
        self._told()

    def _held_keys(self, event: tk.Event[tk.Misc]) -> tuple[bool, bool]:
        """Return whether Shift is held, and Control, or Command where that is what people hold."""
        return bool(int(event.state) & SHIFT), bool(int(event.state) & (CONTROL | mod(self)))

    def _show_choice(self) -> None:
        """Show what is chosen now, scroll as little as brings the keyboard's place into sight, and tell."""
        top = self.selection.cursor // self._columns * self._cell_height
        bottom = top + self._cell_height + self._gap
        shown = round(self.canvas.canvasy(0))
        if top < shown:
            self.canvas.yview_scroll(top - shown, "units")
        elif bottom > shown + self._height():
            self.canvas.yview_scroll(bottom - shown - self._height(), "units")
        self._mark()
        self._told()

    def _corner(self, place: int) -> tuple[int, int]:
        """Return the left top corner of a card, in the canvas' own coordinates."""
        row, column = divmod(place, self._columns)
        margin = (self._width() - self._columns * self._cell_width + self._gap) // 2
        return margin + column * self._cell_width, self._gap + row * self._cell_height

    def _place_at(self, x: int, y: int) -> int | None:
        """Return which card lies there in the canvas' window; None where none does."""
        row = int((self.canvas.canvasy(y) - self._gap) // self._cell_height)
        # The pointer can be above the canvas, when a second button is pressed while the first one is held.
        for place in range(max(0, row) * self._columns, min((row + 1) * self._columns, len(self.selection.ids))):
            left, top = self._corner(place)
            if left <= x < left + self._card_width and top <= self.canvas.canvasy(y) < top + self._card_height:
                return place
        return None

    def _rows(self) -> int:
        return -(-len(self.selection.ids) // self._columns)

    def _width(self) -> int:
        width = self.canvas.winfo_width()
        return width if width > 1 else COLUMNS * self._cell_width + self._gap  # not laid out yet

    def _height(self) -> int:
        height = self.canvas.winfo_height()
        return height if height > 1 else ROWS * self._cell_height + self._gap
