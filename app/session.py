"""What the window works on: the open drawing, its history, its answer. Knows no toolkit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.history import History
from model.ink import Drawing, Point, Stroke

if TYPE_CHECKING:
    from model.recognizer import Prediction, Recognizer


class Session:
    """One drawing under way.

    Args:
        load_recognizer: makes the recogniser when it is first needed, with a sentence where it is not the one that the
            user chose; may raise UserError.
    """

    def __init__(self, load_recognizer: Callable[[], tuple[Recognizer, str]]):
        self._load_recognizer = load_recognizer
        self._recognizer: Recognizer | None = None
        self.notice = ""  # what is to be said of the recogniser, once it is loaded
        self._history = History(Drawing())
        self._zero = 0.0  # on the pointer's clock, where the drawing's own time starts
        self.prediction: Prediction | None = None  # of this drawing as it is; None until it is recognised

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
        self.prediction = None

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

    def clear(self) -> None:
        """Take all ink away; this too can be undone."""
        if not self.drawing.is_blank:
            self._change(Drawing())

    def undo(self) -> None:
        """Take the last change back."""
        self._history.undo()
        self.prediction = None

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._history.redo()
        self.prediction = None

    def recognize(self) -> Prediction | None:
        """Return what the drawing shows, None when there is none. Raises UserError when there is no usable model."""
        self.prediction = None if self.drawing.is_blank else self.recognizer.recognize(self.drawing)
        return self.prediction

    def _change(self, drawing: Drawing) -> None:
        self._history.push(drawing)
        self.prediction = None
