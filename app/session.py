"""What the window works on: the open drawing, its history, its answer, and what the user says of it. No toolkit."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app import paths
from app.history import History
from app.samples import Samples
from model.ink import DEFAULT_WIDTH, Drawing, Point, Stroke

if TYPE_CHECKING:
    from model.reading import Reading
    from model.recognizer import Recognizer


class Session:
    """One drawing under way.

    Args:
        load_recognizer: makes the recogniser when it is first needed, with a sentence where it is not the one that the
            user chose; may raise UserError.
        samples: where corrected drawings are kept; by default among the user's own.
    """

    def __init__(self, load_recognizer: Callable[[], tuple[Recognizer, str]], samples: Samples | None = None):
        self.samples = samples or Samples(paths.samples_file())
        self._load_recognizer = load_recognizer
        self._recognizer: Recognizer | None = None
        self.width: float = DEFAULT_WIDTH  # pixels of the pen, in what is drawn anew
        self.notice = ""  # what is to be said of the recogniser, once it is loaded
        self._history = History(Drawing())
        self._zero = 0.0  # on the pointer's clock, where the drawing's own time starts
        self.reading: Reading | None = None  # of this drawing as it is; None until it is recognised
        self.labels: dict[int, str] = {}  # place of a digit in it -> the digit that the user says it is
        # Which strokes are kept -> under which number, and they, so that no others get their ids; it outlives undo.
        self._kept: dict[tuple[int, ...], tuple[int, tuple[Stroke, ...]]] = {}
        self.on_change: Callable[[], None] = lambda: None  # called when the drawing may be another one

    @property
    def drawing(self) -> Drawing:
        """The drawing as it is now."""
        return self._history.current

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._history.can_redo

    @property
    def recognizer(self) -> Recognizer:
        """The recogniser, loaded at the first use. Raises UserError when there is no usable model."""
        if self._recognizer is None:
            self._recognizer, self.notice = self._load_recognizer()
        return self._recognizer

    def use(self, recognizer: Recognizer) -> None:
        """Read with another recogniser from now on."""
        self._recognizer, self.notice = recognizer, ""
        self._forget()

    def set_threshold(self, threshold: float) -> None:
        """Accept as digits what is doubted no more than this, 0 to 1, from now on."""
        if self._recognizer is not None:
            self._recognizer = self._recognizer.with_threshold(threshold)
        self._forget()

    def add_stroke(self, points: Sequence[Point], canvas: tuple[int, int]) -> None:
        """Add a stroke; the points' times are milliseconds on any clock, the drawing's count from its first point.

        Args:
            points: at least one, every one with its time.
            canvas: the canvas' (width, height) in pixels as it is now.
        """
        began = points[0].t or 0.0
        if self.drawing.is_blank:
            self._zero = began
        # An undone clear brings back ink of another time zero: time must not run backwards in it.
        shift = max(began - self._zero, self.drawing.duration) - began
        stroke = Stroke(tuple(point._replace(t=(point.t or 0.0) + shift) for point in points))
        self._change(replace(self.drawing, strokes=(*self.drawing.strokes, stroke), canvas=canvas))

    def begin_with(self, drawing: Drawing) -> None:
        """Start with a drawing, as if nothing had come before it: there is nothing to undo."""
        self._history = History(drawing)
        self._zero = math.inf  # nobody knows its clock any more: what follows comes right after its end
        self._forget()

    def clear(self) -> None:
        """Take all ink away; this too can be undone."""
        if not self.drawing.is_blank:
            self._change(Drawing(width=self.width))

    def undo(self) -> None:
        """Take the last change back."""
        self._history.undo()
        self._forget()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._history.redo()
        self._forget()

    @property
    def is_ready(self) -> bool:
        """Whether the recogniser is loaded, so that it answers at once."""
        return self._recognizer is not None

    def preview(self, points: Sequence[Point]) -> Reading:
        """Return what the drawing shows together with a stroke under the pen; nothing is kept of it."""
        stroke = Stroke(tuple(points))
        return self.recognizer.recognize(replace(self.drawing, strokes=(*self.drawing.strokes, stroke), canvas=None))

    def recognize(self) -> Reading | None:
        """Return what the drawing shows, None when there is none. Raises UserError when there is no usable model."""
        if self.reading is None and not self.drawing.is_blank:
            self.reading = self.recognizer.recognize(self.drawing)
        return self.reading

    @property
    def text(self) -> str:
        """What was read, as far as the user does not say otherwise; empty before it is recognised."""
        digits = self.reading.digits if self.reading else ()
        return "".join(self.labels.get(place, digit.prediction.text) for place, digit in enumerate(digits))

    def correct(self, place: int, label: str) -> bool:
        """Keep the ink of one digit of the reading with what the user says it is, and return whether it was not yet.

        The same ink is kept once: saying it again says it anew. Raises UserError when it cannot be kept.
        """
        assert self.reading
        digit = self.reading.digits[place]
        strokes = tuple(self.drawing.strokes[number] for number in digit.strokes)
        which = tuple(map(id, strokes))
        number, _ = self._kept.get(which, (0, ()))
        # It may have been deleted meanwhile, and another file begun, in which the number is another drawing's.
        new = not any(each.drawing.strokes == strokes for each in self.samples.some([number]))
        if new:
            number = self.samples.keep(replace(self.drawing, strokes=strokes), label, digit.prediction.text)
            self._kept[which] = number, strokes
        else:
            self.samples.relabel([number], label)
        self.labels[place] = label
        return new

    def erase(self, places: Collection[int]) -> None:
        """Take the strokes in these places of the drawing away, as one step."""
        if rest := tuple(stroke for place, stroke in enumerate(self.drawing.strokes) if place not in places):
            if len(rest) < len(self.drawing.strokes):
                self._change(replace(self.drawing, strokes=rest))
        else:
            self.clear()

    def set_width(self, width: float) -> None:
        """Draw with a pen of so many pixels from now on, the open drawing too.

        It is no step of the drawing's history, all of which has the new width: else undoing a stroke would change the
        pen as well.
        """
        self.width = width
        self._history.change_all(lambda drawing: replace(drawing, width=width))
        self._forget()

    def _change(self, drawing: Drawing) -> None:
        self._history.push(drawing)
        self._forget()

    def _forget(self) -> None:
        """Drop the answer: what it was about has changed."""
        self.reading = None
        self.labels.clear()
        self.on_change()
