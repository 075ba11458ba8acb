"""See inside: what the network does with the drawing, from the ink to the answer."""

from __future__ import annotations

import logging
import tkinter as tk
from tkinter import ttk

from app.ui.inside.column import WIDTH, Column
from app.ui.inside.sections import SHOWN, DoubtSection, HiddenSection, SeenSection, SpokeSection, WaySection
from app.ui.kit import style
from app.ui.kit.background import Slices, Timer
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.work import Work
from model.ink.ink import Drawing
from model.inside import inside
from model.inside.chain import Chain, Trace, open_chain, trace
from model.inside.steps import Array
from model.inside.ways import strongest, votes
from model.reading.normalize import Image28, normalizing
from model.reading.picture_digit import PictureDigit
from model.reading.recognizer import Recognizer

LIVE = 16  # milliseconds: the image follows the pen no more often than the screen shows it
REST = 120  # milliseconds without a change, after which the rest is worked out
MOST_APART = 0.05  # of a probability, what the steps make and what the network answered, for them to be shown

BLANK = N_(
    "Draw a digit to see what the network does with it: how your ink becomes an image of 28×28 "
    "pixels, which parts of it spoke for and against the answer, and which hidden units counted most."
)


class InsidePanel(ttk.Frame):
    """Shows what a network does with one digit.

    It works in slices, after the pen has come to rest; a newer drawing ends the work on an older one.
    """

    def __init__(self, parent: tk.Misc):
        super().__init__(parent)
        self._subject: Drawing | PictureDigit | None = None
        self._recognizer: Recognizer | None = None
        self._opened: tuple[bytes, Chain | None] | None = None  # the last network, and the file it was in
        self._traced: Trace | None = None
        self._image: Image28 | None = None
        self._maps: inside.Maps | None = None
        self._digit = 0  # for and against which something spoke
        self._live, self._rest = Timer(self), Timer(self)
        self._following, self._looking = Slices(self, self._tell), Slices(self, self._tell)
        self._column = Column(self)
        self._column.pack(fill="both", expand=True)
        inner = self._column.inside
        self._line = ttk.Label(inner, wraplength=style.px(WIDTH - 4), justify="left")  # less the edges of a label
        self._way, self._seen, self._doubt = WaySection(inner), SeenSection(inner), DoubtSection(inner)
        self._spoke, self._hidden = SpokeSection(inner, self._chosen), HiddenSection(inner)
        self._say(_(BLANK))

    def show(self, subject: Drawing | PictureDigit | None, recognizer: Recognizer | None) -> None:
        """Show what a network does with a drawing of one digit, or a picture's; None or a blank one clears the panel.

        It costs next to nothing, so it may be told each point that the pen goes through.
        """
        if subject is None or recognizer is None or (isinstance(subject, Drawing) and subject.is_blank):
            self.clear()
            return
        if subject is self._subject and recognizer is self._recognizer:
            return
        self._subject, self._recognizer = subject, recognizer
        self._looking.stop()
        self._rest.start(REST, lambda: self._looking.start(self._look()))
        if not isinstance(subject, Drawing):
            self._live.stop()  # a picture doesn't change under a pen
            self._following.stop()
        elif not self._live.waits and not self._following.busy:
            self._live.start(LIVE, lambda: self._following.start(self._follow()))

    def clear(self) -> None:
        """Show only what will be here, and stop working."""
        self._stop()
        self._subject = self._traced = self._maps = None
        self._say(_(BLANK))

    def destroy(self) -> None:
        """Remove the panel, with everything it's waiting for."""
        self._stop()
        self._opened = self._traced = self._maps = None  # megabytes; Tk can keep a widget long
        super().destroy()

    @property
    def is_working(self) -> bool:
        """Whether there's still something to show."""
        return self._live.waits or self._rest.waits or self._following.busy or self._looking.busy

    def _stop(self) -> None:
        for each in (self._live, self._rest, self._following, self._looking):
            each.stop()

    def _follow(self) -> Work[None]:
        """Show, in pieces of work, the image of the drawing as it is under the pen."""
        assert isinstance(self._subject, Drawing)
        self._seen.show((yield from normalizing(self._subject)))
        if self._line.winfo_manager():
            self._column.show(self._seen)

    def _tell(self, error: UserError) -> None:
        logging.info("told the user: %s", error, exc_info=error)
        self._say(str(error), problem=True)

    def _look(self) -> Work[None]:
        """Look inside, in pieces of work, and show what is found."""
        subject, recognizer = self._subject, self._recognizer
        assert subject is not None
        assert recognizer is not None
        read, file = recognizer.probabilities, recognizer.file
        self._traced = self._maps = None
        sight = recognizer.look(subject.picture) if isinstance(subject, PictureDigit) else None
        yield
        image = self._image = recognizer.image(subject, sight)
        if not image.any():
            self._say(_(BLANK))
            return
        self._seen.show(image)
        yield
        stages = inside.stages(subject, sight)
        yield
        yield from self._way.show(stages)
        yield
        probabilities = read(image)
        yield
        self._doubt.show(recognizer.read(image).doubt, recognizer.threshold)
        yield
        self._digit = max(range(10), key=lambda digit: probabilities[digit])
        self._maps = yield from inside.attribution(read, image)
        if self._opened is None or self._opened[0] is not file:
            self._opened = None  # two networks at once would be twice the memory
            self._opened = file, (yield from open_chain(file))
        chain = self._opened[1]
        if chain is not None:
            traced = yield from trace(chain, image)
            if abs(traced.probabilities - probabilities).max() < MOST_APART:
                self._traced = traced
        yield from self._show_for_digit()
        self._column.show(self._way, self._seen, self._spoke, self._doubt, self._hidden)

    def _chosen(self, digit: int) -> None:
        """Show what spoke for or against another digit."""
        self._digit = digit
        if not self._looking.busy and self._maps is not None:  # else it's shown when it's known
            self._looking.start(self._show_for_digit())

    def _show_for_digit(self) -> Work[None]:
        """Show, in pieces of work, what depends on the digit that is chosen."""
        assert self._maps is not None
        assert self._image is not None
        digit, traced = self._digit, self._traced
        self._spoke.show(self._maps, self._image, digit)
        yield
        units: list[tuple[float, Array]] = []
        if traced is not None and len(traced.chain.columns) > 2:
            (_pixels, shares, *_others), _slopes = yield from votes(traced, digit)
            for unit in sorted(strongest(shares, SHOWN), key=lambda unit: -shares[unit]):
                weights = yield from inside.seen_by(traced, traced.chain.columns[1], unit)
                units.append((float(shares[unit]), weights))
        self._hidden.show(traced.chain if traced else None, units, digit)

    def _say(self, line: str, *, problem: bool = False) -> None:
        """Show a line instead of everything else."""
        self._line.configure(text=line, style="Warning.TLabel" if problem else "Hint.TLabel")
        self._column.show(self._line)
