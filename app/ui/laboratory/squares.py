"""Units on a canvas, each in its square: as a disc, as a map or a picture of its weights, or as a pixel."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from app.ui.inside.pixels import ink, put
from app.ui.kit import style
from app.ui.laboratory import paint
from app.ui.laboratory.paint import Grid
from app.ui.laboratory.things import Things
from model.inside.steps import Array
from model.reading.normalize import SIDE


class Squares:
    """Draws units on a canvas, from a corner on; ``units`` is how many are shown."""

    def __init__(self, canvas: Things[Any], corner: tuple[float, float], grid: Grid):
        self.grid, self.units = grid, 0
        self.right = corner[0] + grid.size[0]
        self._canvas, self._corner = canvas, corner
        self._is_round = False
        self._photo = tk.PhotoImage(master=canvas)
        canvas.create_image(*corner, image=self._photo, anchor="nw")

    def show(self, numbers: Array, *, are_apart: bool = False) -> None:  # noqa: ARG002  (for pixels)
        """Show numbers from -1 to 1: one for each unit, (units,), or for its map, (units, rows, columns)."""
        self.units, self._is_round = len(numbers), numbers.ndim == 1
        put(self._photo, paint.discs(numbers, self.grid) if self._is_round else paint.tiles(numbers, self.grid))

    def place(self, unit: int) -> tuple[float, float]:
        """Return the middle of a unit's square."""
        row, column = divmod(unit, self.grid.columns)
        (left, top), side = self._corner, self.grid.side
        return left + (column + 0.5) * side, top + (row + 0.5) * side

    def at(self, x: float, y: float) -> int | None:
        """Return the unit at this place; None if there isn't one."""
        (left, top), (_rows, columns, side) = self._corner, self.grid
        row, column = int((y - top) // side), int((x - left) // side)
        unit = row * columns + column
        return unit if 0 <= column < columns and 0 <= unit < self.units else None

    def ring(self, unit: int, colour: str, width: int = 1) -> None:
        """Ring a unit."""
        half = self.grid.side / 2 + width
        self._canvas.ring(self.place(unit), half, colour, width=width * 0.75, is_round=self._is_round)


class Pixels(Squares):
    """Draws the image, 784 units."""

    def __init__(self, canvas: Things[Any], corner: tuple[int, int], side: int):
        super().__init__(canvas, corner, Grid(SIDE, SIDE, side))
        (x, y), long, edge = corner, SIDE * side, style.now.colours.edge
        canvas.create_rectangle(x - 1, y - 1, x + long, y + long, outline=edge, width=style.px(1))

    def show(self, numbers: Array, *, are_apart: bool = False) -> None:
        """Show ink from 0 to 1, (784,), or how far two images are apart, from -1 to 1."""
        self.units, image = len(numbers), numbers.reshape(SIDE, SIDE)
        put(self._photo, paint.coloured(image) if are_apart else ink(image), self.grid.side)
