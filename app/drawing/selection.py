"""Which of many things in a grid are chosen, by pointer and keys, as in a file manager; independent of any toolkit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Selection:
    """Things by their numbers, in the order that they are shown in; some chosen, one under the keyboard.

    A place is where a thing stands, counted from 0.
    """

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.places: dict[int, int] = {}  # number -> place
        self.chosen: set[int] = set()
        self.cursor = 0  # the place that the keyboard is on
        self._anchor = 0  # the place where a range begins

    @property
    def in_order(self) -> list[int]:
        """The numbers of what is chosen, in the order that they are shown in."""
        return sorted(self.chosen, key=self.places.__getitem__)

    @property
    def under_cursor(self) -> int | None:
        """The number of what the keyboard is on; None where there's nothing."""
        return self.ids[self.cursor] if self.ids else None

    def show(self, ids: Sequence[int]) -> None:
        """Replace the things; those that are still there stay chosen."""
        self.ids = list(ids)
        self.places = {number: place for place, number in enumerate(ids)}
        self.chosen &= self.places.keys()
        self.cursor, self._anchor = self._held(self.cursor), self._held(self._anchor)

    def choose(self, ids: Iterable[int]) -> None:
        """Choose only these, and go to the first of them; if none is left, stay."""
        self.chosen = set(ids) & self.places.keys()
        self.go_to_chosen()

    def choose_all(self) -> None:
        """Choose everything, and stay."""
        self.chosen = set(self.ids)

    def go_to_chosen(self) -> None:
        """Put the keyboard on the first chosen thing: when those are gone, the next one is in its place."""
        if self.chosen:
            self.cursor = self._anchor = min(self.places[number] for number in self.chosen)

    def go_to_start(self) -> None:
        """Choose nothing, and put the keyboard on the first."""
        self.chosen = set()
        self.cursor = self._anchor = 0

    def click(self, place: int, *, extend: bool = False, toggle: bool = False) -> None:
        """Choose one alone; or all from the last that was clicked to it; or it as well, or no longer."""
        self.cursor = place
        if extend:
            low, high = sorted((self._anchor, place))
            self.chosen = set(self.ids[low : high + 1])
            return
        self._anchor = place
        self.chosen = self.chosen ^ {self.ids[place]} if toggle else {self.ids[place]}

    def after(self, key: str, columns: int, rows: int) -> int | None:
        """Return the place that a key leads to from the cursor, in a grid that shows so many at once; None: nowhere.

        The keys have Tk's names: Left, Right, Up, Down, Prior, Next, Home and End.
        """
        steps = {"Left": -1, "Right": 1, "Up": -columns, "Down": columns, "Home": -len(self.ids), "End": len(self.ids)}
        steps |= {"Prior": -rows * columns, "Next": rows * columns}
        if key not in steps or not self.ids:
            return None
        target = self.cursor + steps[key]
        if key == "Up" and target < 0:
            return self.cursor
        if key == "Down" and target >= len(self.ids) and self.cursor // columns == (len(self.ids) - 1) // columns:
            return self.cursor  # the last row; the one before it leads to the last place, although it may be shorter
        return self._held(target)

    def _held(self, place: int) -> int:
        """Return a place held to those that there are."""
        return max(0, min(place, len(self.ids) - 1))
