"""What the window works on: drawing or picture, history, answer, and the user's corrections. Needs no toolkit."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.drawing.history import History
from app.drawing.labels import Label, Labels
from app.kept import paths
from app.kept.samples import Samples
from model.base.errors import UserError
from model.base.language import _
from model.ink.ink import DEFAULT_WIDTH, Box, Drawing, Point, Stroke
from model.reading.rejection import in_full

if TYPE_CHECKING:
    from app.drawing.picture import Picture
    from model.reading.reading import Digit, Reading
    from model.reading.recognizer import Recognizer

PICTURE_WEIGHS = 50  # steps of the history: it keeps 20 pictures, of some megabytes each


@dataclass(frozen=True, slots=True)
class _State:
    """A step of the history: the drawing or the picture, and what the user has said of its digits since it's so."""

    subject: Drawing | Picture
    labels: tuple[Label, ...] = ()

    @property
    def label(self) -> Label | None:
        """What this step has done, where it was to give a label."""
        return self.labels[-1] if self.labels else None


class Session:
    """One drawing under way, or one picture.

    Args:
        load_recognizer: makes the recogniser when it is first needed, with a sentence where it isn't the one that the
            user chose; may raise UserError.
        samples: where corrected drawings are kept; by default among the user's own.
    """

    def __init__(self, load_recognizer: Callable[[], tuple[Recognizer, str]], samples: Samples | None = None):
        self.samples = samples or Samples(paths.samples_file())
        self._load_recognizer = load_recognizer
        self._recognizer: Recognizer | None = None
        self._blank = Drawing(width=DEFAULT_WIDTH)  # with the pen of what is drawn again
        self.notice = ""  # what is to be said of the recogniser, once it's loaded
        self._history = History(_State(self._blank), weigh=_weight)
        self._zero = 0.0  # on the pointer's clock, where the drawing's own time starts
        self.reading: Reading | None = None  # of what is worked on as it is; None until it's recognised
        self.changed = 0  # the place of the digit whose label was given or taken back last
        self._labels = Labels(self.samples)
        self._followed: dict[Box, Drawing] = {}  # the ink of a picture's digits, by their boxes
        self._said: tuple[Label, ...] = ()  # what the user says of the answer's digits
        self.on_change: Callable[[], None] = lambda: None  # called when the drawing may be another one

    @property
    def drawing(self) -> Drawing:
        """The drawing as it is now; a blank one where a picture is worked on."""
        subject = self._history.current.subject
        return subject if isinstance(subject, Drawing) else self._blank

    @property
    def subject(self) -> Picture | Drawing:
        """What is read: the picture, if one is open, or else the drawing."""
        return self._history.current.subject

    @property
    def picture(self) -> Picture | None:
        """The picture that is worked on; None where it is a drawing."""
        subject = self._history.current.subject
        return None if isinstance(subject, Drawing) else subject

    @property
    def is_blank(self) -> bool:
        """Whether there's nothing to read: no picture, and no ink."""
        return self.picture is None and self.drawing.is_blank

    @property
    def can_undo(self) -> bool:
        """Whether there's something to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._history.can_redo

    @property
    def correction(self) -> Label | None:
        """The label that undo would take back; None when it is something else."""
        return self._history.current.label if self.can_undo else None

    def correction_of(self, place: int) -> Label | None:
        """Return the label that undo would take back, where it is that of the digit in this place of the answer."""
        last = self.correction
        return last if last and place in self._places(last) else None

    @property
    def label_to_redo(self) -> str:
        """The label that redo would give again; empty when it is something else."""
        label = self._history.following.label if self._history.following else None
        return label.text if label else ""

    @property
    def labels(self) -> dict[int, str]:
        """What the user says of the answer: place of a digit in it -> the digit that it is."""
        return {place: said.text for said in self._said for place in self._places(said)}

    @property
    def recognizer(self) -> Recognizer:
        """The recogniser, loaded at the first use. Raises UserError when there's no usable model."""
        if self._recognizer is None:
            self._recognizer, self.notice = self._load_recognizer()
        return self._recognizer

    def use(self, recognizer: Recognizer) -> None:
        """Read with another recogniser from now on."""
        self._recognizer, self.notice = recognizer, ""
        self._forget()

    def has_learned(self, recognizer: Recognizer) -> None:
        """Read with another recogniser from now on; the answer stays until it's read again, and what is said of it."""
        self._recognizer, self.notice = recognizer, ""

    def set_threshold(self, threshold: float) -> None:
        """Accept as digits what is doubted no more than this, 0 to 1, from now on."""
        if self._recognizer is not None:
            self._recognizer = self._recognizer.with_threshold(threshold)
        self._forget()

    def open(self, subject: Drawing | Picture) -> None:
        """Work on this from now on; undo brings back what was there."""
        self._history.push(_State(subject))
        self._forget()

    def add_stroke(self, points: Sequence[Point], canvas: tuple[int, int]) -> None:
        """Add a stroke of at least one point; over a picture it's the first of a new drawing.

        The points' times are milliseconds on any clock, the drawing's count from its first point. The canvas is its
        (width, height) in pixels now.
        """
        began = points[0].t or 0.0
        if self.drawing.is_blank:
            self._zero = began
        # An undone clear brings back ink of another time zero: time must not run backwards in it.
        shift = max(began - self._zero, self.drawing.duration) - began
        stroke = Stroke(tuple(point._replace(t=(point.t or 0.0) + shift) for point in points))
        self.open(replace(self.drawing, strokes=(*self.drawing.strokes, stroke), canvas=canvas))

    def begin_with(self, drawing: Drawing) -> None:
        """Start with a drawing, as if nothing had come before it: there's nothing to undo."""
        self._history = History(_State(drawing), weigh=_weight)
        self._zero = math.inf  # nobody knows its clock any more: what follows comes right after its end
        self._forget()

    def clear(self) -> None:
        """Take all ink away, or the picture; this too can be undone."""
        if not self.is_blank:
            self.open(self._blank)

    def undo(self) -> str:
        """Take the last change back; of a label, that its ink is kept with it, too. Return what is to be said of that.

        Raises UserError when a label can't be taken back; then nothing is.
        """
        label = self.correction
        line = self._labels.take_back(label) if label else ""
        self._go(self._history.undo, label)
        return line

    def redo(self) -> str:
        """Make the change again that was taken back last, and return the label that was given again; empty: none.

        Raises UserError when it can't be given; then nothing has changed.
        """
        label = self._history.following.label if self._history.following else None
        if label:
            self._labels.give(label.drawing, label.text, label.read_as)
        self._go(self._history.redo, label)
        return label.text if label else ""

    @property
    def is_ready(self) -> bool:
        """Whether the recogniser is loaded, so that it answers at once."""
        return self._recognizer is not None

    def with_strokes(self, strokes: Sequence[tuple[Point, ...]]) -> Drawing:
        """Return the drawing together with strokes under the pen; nothing is kept of them."""
        return replace(self.drawing, strokes=(*self.drawing.strokes, *map(Stroke, strokes)), canvas=None)

    def recognize(self) -> Reading | None:
        """Return what the drawing or the picture shows, None on a blank canvas.

        Raises UserError when there's no usable model, or nothing in the picture that can be read.
        """
        if self.reading is None and not self.is_blank:
            reading = self.recognizer.recognize(self.picture.image if self.picture else self.drawing)
            if not reading.digits:
                raise UserError(in_full(reading))
            self.reading = reading
        return self.reading

    def take_reading(self, subject: Drawing | Picture, reading: Reading) -> bool:
        """Use what a drawing or a picture was read as if it's still what is open; return whether it is."""
        if is_current := subject is self._history.current.subject:
            self.reading = reading
        return is_current

    @property
    def text(self) -> str:
        """The digits that were read, as far as the user doesn't say otherwise; empty before it's recognised."""
        return self.reading.as_told(self.labels).text if self.reading else ""

    @property
    def written(self) -> str:
        """The same, with the signs that stand between the digits."""
        return self.reading.signed(self.text) if self.reading else ""

    def correct(self, place: int, label: str) -> None:
        """Save the ink of one digit of the reading with the user's label.

        The same ink is kept once: saying it again says it again. Raises UserError when it can't be kept.
        """
        assert self.reading
        if self.picture and self.reading.reason == "lines":
            raise UserError(_("There are several numbers here. Choose File ▸ Read page… to correct them."))
        digit = self.reading.digits[place]
        ink = self._ink(digit)
        if ink.is_blank:
            raise UserError(_("Inkling can't follow this digit's lines. Draw the digit, and say what it is."))
        said = self._labels.give(ink, label, digit.prediction.text)
        state = self._history.current
        if said.before != label:
            self._history.push(replace(state, labels=(*_without(state.labels, said), said)))
        self._said = *_without(self._said, said), said
        self.changed = place

    def erase(self, places: Collection[int]) -> None:
        """Remove the strokes with these indices from the drawing, as one step."""
        if rest := tuple(stroke for place, stroke in enumerate(self.drawing.strokes) if place not in places):
            if len(rest) < len(self.drawing.strokes):
                self.open(replace(self.drawing, strokes=rest))
        else:
            self.clear()

    def set_width(self, width: float) -> None:
        """Draw with a pen of this many pixels from now on, the open drawing too.

        It's no step of the drawing's history, all of which has the new width: else undoing a stroke would change the
        pen as well. A pen that is as wide already changes nothing, not even a drawing that was opened with another.
        """
        if width == self._blank.width:
            return
        self._blank = Drawing(width=width)

        def with_width(state: _State) -> _State:
            subject = state.subject
            if not isinstance(subject, Drawing):
                return state
            labels = (replace(each, drawing=replace(each.drawing, width=width)) for each in state.labels)
            return _State(replace(subject, width=width), tuple(labels))

        self._history.change_all(with_width)
        self._forget()

    def _go(self, step: Callable[[], None], label: Label | None) -> None:
        """Go a step through the history; the answer stays where it was a label."""
        before = self._history.current.subject
        step()
        if self._history.current.subject is not before:
            self._forget()
        self._said = self._history.current.labels
        if label:
            self.changed = next(iter(self._places(label)), 0)

    def _ink(self, digit: Digit) -> Drawing:
        """Return the ink of a digit of the answer; a blank drawing if it can't be followed on a picture."""
        if not self.picture:
            return replace(self.drawing, strokes=tuple(self.drawing.strokes[number] for number in digit.strokes))
        if digit.box not in self._followed:
            ink = self.picture.ink(digit.box, self.recognizer.eye)
            saved = (said.drawing for said in self._said if said.drawing.strokes == ink.strokes)
            self._followed[digit.box] = next(saved, ink)
        return self._followed[digit.box]

    def _places(self, said: Label) -> list[int]:
        """Return where in the answer a label's ink is: in one place, or nowhere."""
        digits = self.reading.digits if self.reading else ()
        return [place for place, digit in enumerate(digits) if self._ink(digit).strokes == said.drawing.strokes]

    def _forget(self) -> None:
        """Drop the answer: what it was about has changed."""
        self.reading = None
        self._followed = {}
        self._said = ()
        self.on_change()


def _weight(state: _State) -> int:
    return 1 if isinstance(state.subject, Drawing) else PICTURE_WEIGHS


def _without(labels: tuple[Label, ...], said: Label) -> tuple[Label, ...]:
    """Return labels without what was said earlier of the same ink."""
    return tuple(each for each in labels if each.drawing.strokes != said.drawing.strokes)
