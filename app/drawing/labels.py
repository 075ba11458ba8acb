"""The labels that the user gives to digits: kept with their ink, taken back, and given again."""

from __future__ import annotations

from dataclasses import dataclass

from app.kept.sample import Sample
from app.kept.samples import Samples
from model.base.language import _
from model.ink.ink import Drawing, Stroke

MOST_KEPT = 1000  # digits of which it's known that they are kept, the last ones; the history has no more steps


@dataclass(frozen=True, slots=True)
class Label:
    """A label given to some ink: a step of the history."""

    drawing: Drawing  # of its digit alone
    text: str  # the digit
    read_as: str
    before: str | None  # what it was called until then; None: it wasn't kept


class Labels:
    """Remembers which ink is kept under which number, so that it's kept once, whatever is undone in between.

    Args:
        samples: where it's kept. What they raise, all methods raise, and then nothing has changed.
    """

    def __init__(self, samples: Samples):
        self._samples = samples
        # The strokes' ids -> the number, and they, so that no others get their ids.
        self._kept: dict[tuple[int, ...], tuple[int, tuple[Stroke, ...]]] = {}

    def give(self, drawing: Drawing, text: str, read_as: str) -> Label:
        """Save the drawing of a digit with the user's label; saved ink is relabelled."""
        strokes = drawing.strokes
        which = tuple(map(id, strokes))
        now = self._now(strokes)
        if now is None:
            before, _ink = self._kept.pop(which, (0, ()))
            number = self._samples.keep(drawing, text, read_as, before)
        else:
            number = now.id
            if now.label != text:
                self._samples.relabel([number], text)
            del self._kept[which]
        self._kept[which] = number, strokes
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]  # the oldest
        return Label(drawing, text, read_as, now.label if now else None)

    def take_back(self, label: Label) -> str:
        """Let the ink be kept as it was before it was called so, and return what came of it, in a sentence."""
        now = self._now(label.drawing.strokes)
        names = {"digit": label.text, "before": label.before, "other": now.label if now else None}
        if now is None:
            sentence = _("The {digit} is taken back; its drawing had been deleted.")
        elif now.label != label.text:
            sentence = _("The {digit} is taken back here; My drawings still says {other}.")
        elif label.before is None:
            self._samples.remove([now.id])
            sentence = _("The {digit} is taken back, and isn't saved any more.")
        else:
            self._samples.relabel([now.id], label.before)
            sentence = _("The {digit} is taken back; it's {before} again.")
        return sentence.format(**names)

    def _now(self, strokes: tuple[Stroke, ...]) -> Sample | None:
        """Return the ink as it's kept now; None when it isn't.

        It may have been deleted meanwhile, and another file begun, in which the number is another drawing's.
        """
        number, _ink = self._kept.get(tuple(map(id, strokes)), (0, ()))
        return next((each for each in self._samples.some([number]) if each.drawing.strokes == strokes), None)
