"""What is seen inside a network: the sections of the panel, and what is worked out for them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from PIL import Image

from app.ui.inside.sections import SHOWN, HiddenSection, SeenSection, SpokeSection, WaySection
from model.ink.ink import Drawing
from model.inside import inside
from model.inside.chain import Chain, Trace, Work, open_chain, trace
from model.reading.normalize import Image28, normalize, normalize_drawing
from model.reading.recognizer import Recognizer

NEAR = 0.05  # of a probability: as near must the steps that are shown come to what the network answered


class View:
    """The sections, and what is known of the digit that they show.

    Args:
        parent: the widget around them.
        start: is given further work, which need not be done where the view has work under way.
    """

    def __init__(self, parent: tk.Misc, start: Callable[[Work[None]], None]):
        self._start = start
        self._opened: tuple[bytes, Chain | None] | None = None  # the last network, and the file it was in
        self._traced: Trace | None = None
        self._image: Image28 | None = None
        self._maps: inside.Maps | None = None
        self._digit = 0  # for and against which something spoke
        self._way, self.seen = WaySection(parent), SeenSection(parent)
        self._spoke, self._hidden = SpokeSection(parent, self._chosen), HiddenSection(parent)
        self.sections = self._way, self.seen, self._spoke, self._hidden

    def follow(self, drawing: Drawing) -> None:
        """Show the image of a drawing that is under the pen."""
        self.seen.show(normalize_drawing(drawing))

    def look(self, subject: Drawing | Image.Image, recognizer: Recognizer) -> Work[bool]:
        """Find out and show, in pieces of work, all of a drawing or a picture; return whether there is any ink.

        Raises PictureError.
        """
        read, file = recognizer.probabilities, recognizer.file
        self._traced = self._maps = None
        image = self._image = normalize(subject)
        if not image.any():
            return False
        self.seen.show(image)
        yield
        stages = inside.stages(subject)
        yield
        yield from self._way.show(stages)
        yield
        probabilities = read(image)
        yield
        self._digit = max(range(10), key=lambda digit: probabilities[digit])
        self._maps = yield from inside.attribution(read, image)
        if self._opened is None or self._opened[0] is not file:
            self._opened = None  # two networks at once would be twice the memory
            self._opened = file, (yield from open_chain(file))
        chain = self._opened[1]
        if chain is not None:
            traced = yield from trace(chain, image)
            if abs(traced.probabilities - probabilities).max() < NEAR:
                self._traced = traced
        yield from self._show_for_digit()
        return True

    def _chosen(self, digit: int) -> None:
        """Show what spoke for or against another digit."""
        self._digit = digit
        if self._maps is not None:  # else it is shown when it is known
            self._start(self._show_for_digit())

    def _show_for_digit(self) -> Work[None]:
        """Show, in pieces of work, what depends on the digit that is chosen."""
        assert self._maps is not None
        assert self._image is not None
        digit, traced = self._digit, self._traced
        self._spoke.show(self._maps, self._image, digit)
        yield
        units: tuple[inside.Unit, ...] = ()
        if traced is not None and traced.chain.hidden:
            votes = yield from inside.votes(traced, digit)
            units = yield from inside.strongest_units(traced, votes, SHOWN)
        self._hidden.show(traced.chain if traced else None, units, digit)
