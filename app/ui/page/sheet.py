"""A page's picture with a mark over each cell, zoomed and scrolled."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from math import hypot
from statistics import median
from tkinter import ttk

from PIL import ImageStat

from app.page.levels import Levels
from app.page.table import Place, Table
from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.kit.key_events import SHIFT, mod
from app.ui.kit.scrolled import move_bar
from app.ui.page.marks import Marks
from model.ink.ink import Box

MARGIN = 16  # pixels around the picture
LEGIBLE = 48  # pixels that a row is high at first, where the picture fits the window's width then
STEP = 1.25  # times as large, with each step of the zoom
MOST, LEAST = 8.0, 0.05  # times as large as it is
AT_FIRST = 3.0  # likewise, at most, until its user zooms
NOTCH = 60  # pixels, that a wheel scrolls by
NEAR = 12  # pixels from a cell: a click chooses it
WHEEL = {"<Button-4>": -1, "<Button-5>": 1, "<MouseWheel>": 0}


class Sheet(ttk.Frame):
    """Shows a picture and its table.

    Args:
        parent: the widget around it.
        choose: is given the place of a cell that was clicked.
        zoomed: is called when the zoom may be another.
    """

    def __init__(self, parent: tk.Misc, choose: Callable[[Place], object], zoomed: Callable[[], object]):
        super().__init__(parent)
        colours = style.now.colours
        ring = tk.Frame(self, highlightthickness=style.px(2), highlightbackground=colours.edge)  # as `Scrolled` has it
        ring.configure(highlightcolor=colours.accent)
        self.canvas = canvas = tk.Canvas(ring, width=1, height=1, background=colours.hover, highlightthickness=0)
        canvas.configure(takefocus=True, xscrollincrement=1, yscrollincrement=1)
        self.zoom: float | None = None  # that its user has chosen; None: as it fits
        self.scale = 1.0  # how many times as large as it is the picture is shown
        self._choose, self._zoomed = choose, zoomed
        self._picture: Levels | None = None
        self._table = Table()
        self._marks = Marks(canvas, colours, self._on_canvas)
        self._photo: tk.PhotoImage | None = None  # Tk forgets images that nobody holds
        self._shown = canvas.create_image(0, 0, anchor="nw")
        canvas.tag_lower(self._shown)
        self._left = self._top = 0.0  # the picture's corner on the canvas
        self._painting = Timer(canvas)
        across = ttk.Scrollbar(self, command=canvas.xview, orient="horizontal")
        down = ttk.Scrollbar(self, command=canvas.yview)  # always there: a width that comes and goes is another zoom
        canvas.pack(fill="both", expand=True)
        ring.grid(row=0, column=0, sticky="nsew")
        down.grid(row=0, column=1, sticky="ns")
        across.grid(row=1, column=0, sticky="ew")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        canvas.configure(xscrollcommand=partial(self._scrolled, across, move_bar))
        canvas.configure(yscrollcommand=partial(self._scrolled, down, ttk.Scrollbar.set))
        canvas.bind("<Configure>", lambda _event: self._lay_out())
        canvas.bind("<FocusIn>", lambda _event: ring.configure(highlightbackground=colours.accent))
        canvas.bind("<FocusOut>", lambda _event: ring.configure(highlightbackground=colours.edge))
        canvas.bind("<Button-1>", self._clicked)
        canvas.bind("<Prior>", lambda _event: canvas.yview_scroll(-1, "pages"))
        canvas.bind("<Next>", lambda _event: canvas.yview_scroll(1, "pages"))
        for sequence, way in WHEEL.items():
            canvas.bind(sequence, partial(self._turned, way))

    def show(self, picture: Levels | None, table: Table) -> None:
        """Show a picture and a table; what's already shown isn't drawn again."""
        if picture is not self._picture:
            assert picture
            self._picture = picture
            grey = picture.part(Box(0, 0, *picture.size), (32, 32)).convert("L")
            colours = style.LIGHT if ImageStat.Stat(grey).median[0] > 127 else style.DARK  # whatever the window's look
            self._marks = Marks(self.canvas, colours, self._on_canvas)
            self._lay_out()
        had_rows, self._table = bool(self._table.rows), table
        self._marks.show(table)
        if table.rows and not had_rows:
            self._lay_out()  # the zoom follows its rows

    def choose(self, place: Place | None, typed: str | None = None) -> None:
        """Put the ring around a cell, with what is being typed there, and scroll it into sight."""
        self._marks.choose(place, typed)
        if place is not None:
            box, canvas, (wide, high) = self._on_canvas(self._table.at(place).box), self.canvas, self._whole
            canvas.xview_moveto(_bring(canvas.canvasx(0), canvas.winfo_width(), box.left, box.right) / wide)
            canvas.yview_moveto(_bring(canvas.canvasy(0), canvas.winfo_height(), box.top, box.bottom) / high)

    def zoom_by(self, steps: int, x: int | None = None, y: int | None = None) -> None:
        """Zoom in, or out with fewer than none, around a point of the window, by default its middle."""
        canvas = self.canvas
        x = canvas.winfo_width() // 2 if x is None else x
        y = canvas.winfo_height() // 2 if y is None else y
        before = self.scale
        across, down = ((canvas.canvasx(x) - self._left) / before, (canvas.canvasy(y) - self._top) / before)
        self.zoom = min(max(before * STEP**steps, LEAST), MOST)
        self._lay_out()
        wide, high = self._whole
        canvas.xview_moveto((self._left + across * self.scale - x) / wide)
        canvas.yview_moveto((self._top + down * self.scale - y) / high)

    def fit(self) -> None:
        """Zoom so that the picture fits, as at first."""
        self.zoom = None
        self._lay_out()

    def place_at(self, x: int, y: int) -> Place | None:
        """Return the place of the cell at a point of the window, or near it."""
        at, found = (self.canvas.canvasx(x), self.canvas.canvasy(y)), []
        for place in self._table.places:
            left, top, right, bottom = self._on_canvas(self._table.at(place).box)
            away = hypot(max(left - at[0], 0, at[0] - right), max(top - at[1], 0, at[1] - bottom))
            found.append((away, place))
        away, nearest = min(found, default=(float("inf"), (0, 0)))
        return nearest if away <= style.px(NEAR) else None

    @property
    def _whole(self) -> tuple[float, float]:
        """The size of all that can be scrolled to."""
        size = self._picture.size if self._picture else (0, 0)
        wide, high = (side * self.scale + 2 * style.px(MARGIN) for side in size)
        return max(wide, self.canvas.winfo_width()), max(high, self.canvas.winfo_height())

    def _fitting(self, picture: Levels) -> float:
        """Return the zoom at which all of a picture is seen, or its width, where its rows would be too low."""
        room = 2 * style.px(MARGIN)
        wide, high = (self.canvas.winfo_width() - room) / picture.size[0], self.canvas.winfo_height() - room
        heights = [entry.box.height for row in self._table.rows for entry in row]
        legible = style.px(LEGIBLE) / max(median(heights), 1) if heights else 0.0
        return max(min(wide, max(high / picture.size[1], legible), AT_FIRST * style.now.factor), LEAST)

    def _on_canvas(self, box: Box) -> Box:
        scale, left, top = self.scale, self._left, self._top
        return Box(left + box.left * scale, top + box.top * scale, left + box.right * scale, top + box.bottom * scale)

    def _lay_out(self) -> None:
        if self._picture is None or self.canvas.winfo_width() <= 1:
            return
        self.scale = self.zoom or self._fitting(self._picture)
        wide, high = self._whole
        self._left = (wide - self._picture.size[0] * self.scale) / 2
        self._top = (high - self._picture.size[1] * self.scale) / 2
        self.canvas.configure(scrollregion=(0, 0, wide, high))
        self._marks.place()
        self._zoomed()
        self._painting.start("idle", self._paint)

    def _paint(self) -> None:
        """Draw the part of the picture that is seen."""
        canvas, scale = self.canvas, self.scale
        if self._picture is None:
            return
        x, y = canvas.canvasx(0), canvas.canvasy(0)
        left, top = max(x, self._left), max(y, self._top)
        right = min(x + canvas.winfo_width(), self._left + self._picture.size[0] * scale)
        bottom = min(y + canvas.winfo_height(), self._top + self._picture.size[1] * scale)
        size = max(1, round(right - left)), max(1, round(bottom - top))
        corner = (left - self._left) / scale, (top - self._top) / scale
        part = self._picture.part(Box(*corner, corner[0] + size[0] / scale, corner[1] + size[1] / scale), size)
        pixels = b"P6 %d %d 255\n" % size + part.tobytes()  # Tk reads it faster than PNG
        self._photo = tk.PhotoImage(master=canvas, data=pixels, format="ppm")
        canvas.itemconfigure(self._shown, image=self._photo)
        canvas.coords(self._shown, left, top)

    def _scrolled(
        self, bar: ttk.Scrollbar, show: Callable[[ttk.Scrollbar, str, str], object], first: str, last: str
    ) -> None:
        show(bar, first, last)
        self._painting.start("idle", self._paint)

    def _clicked(self, event: tk.Event[tk.Canvas]) -> None:
        self.canvas.focus_set()
        place = self.place_at(event.x, event.y)
        if place is not None:
            self._choose(place)

    def _turned(self, way: int, event: tk.Event[tk.Canvas]) -> str:
        """Scroll by the wheel, across with Shift; with Ctrl zoom."""
        way = way or (-1 if event.delta > 0 else 1)
        if int(event.state) & mod(self.canvas):
            self.zoom_by(-way, event.x, event.y)
        elif int(event.state) & SHIFT:
            self.canvas.xview_scroll(way * style.px(NOTCH), "units")
        else:
            self.canvas.yview_scroll(way * style.px(NOTCH), "units")
        return "break"


def _bring(start: float, seen: int, low: float, high: float) -> float:
    """Return where to start one way so that what's between two coordinates is seen, with some more around it."""
    around = min(seen / 6, 3 * style.px(MARGIN))
    return min(max(start, high + around - seen), low - around)
