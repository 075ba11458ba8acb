"""The digits that a page's user corrects, saved as drawings to learn from, if the user wants that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.drawing.labels import Label, Labels
from app.page.open_page import OpenPage
from app.page.table import Table
from model.base.work import Work
from model.ink.ink import Box, Drawing
from model.reading.eye import Eye
from model.reading.reading import Digit
from model.reading.traced_digit import following

Place = tuple[int, Box]  # the index of a page, and where on it a digit stands


class Corrections:
    """Saves the ink of the digits that a document's user corrects; nothing is saved unless ``are_wanted``.

    What is no longer wanted, because it was undone or corrected again, is taken back.
    """

    def __init__(self, labels: Labels):
        self.are_wanted = False
        self._labels = labels
        self._saved: dict[Place, tuple[Drawing, Label]] = {}
        self._without_ink: set[Place] = set()
        self._has_changed = False

    @property
    def count(self) -> int:
        """How many digits are saved."""
        return len(self._saved)

    def saving(self, pages: Mapping[int, OpenPage], eye: Eye) -> Work[bool]:
        """Save what is to be saved now, in pieces of work, and return whether anything has changed since the last time.

        Of a page whose picture isn't there, nothing new is saved until it is. Raises UserError.
        """
        wanted = {
            (index, digit.box): (page.picture, digit, label)
            for index, page in pages.items()
            for digit, label in _corrected(page.table)
            if self.are_wanted
        }
        for place in self._saved.keys() - wanted.keys():
            self._labels.take_back(self._saved[place][1])
            del self._saved[place]
            self._has_changed = True
            yield
        for place, (picture, digit, label) in wanted.items():
            if place in self._saved:
                drawing, before = self._saved[place]
                if before.text == label:
                    continue
            elif picture and place not in self._without_ink:
                drawing = yield from following(picture.part, picture.size, digit.box, eye)
            else:
                continue
            if drawing.is_blank:
                self._without_ink.add(place)
                continue
            given = self._labels.give(drawing, label, digit.prediction.text)
            self._saved[place] = drawing, replace(given, before=None)  # taken back, it's no longer saved
            self._has_changed = True
            yield
        has_changed, self._has_changed = self._has_changed, False
        return has_changed


def _corrected(table: Table) -> Iterator[tuple[Digit, str]]:
    """Yield the digits of corrected cells that weren't read as what they are, or not for sure, with their labels.

    Where the user has typed more digits than were read, or fewer, it isn't known which is which.
    """
    for row in table.rows:
        for entry in row:
            digits = entry.reading.digits if entry.is_corrected and entry.reading else ()
            labels = [letter for letter in entry.text if letter.isdecimal()]
            if len(labels) == len(digits):
                for digit, label in zip(digits, labels, strict=True):
                    if digit.prediction.text != label or not digit.prediction.accepted:
                        yield digit, label
