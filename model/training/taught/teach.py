"""A network taught its user's drawings: rehearse and learn, hold back, judge, write. Imports TensorFlow."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.events import EpochDone, Event, Finished, Stage, Started, Taught
from model.base.language import _
from model.bundle.bundle import DOUBT_KERAS_FILE, DOUBT_LITERT_FILE, KERAS_FILE, Bundle, check_target, write_bundle
from model.bundle.card import Card
from model.data.data import Labels, Mnist
from model.ink.ink import Drawing
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer, doubt_of, self_test
from model.training.files import export
from model.training.learn import device
from model.training.learn.loop import accuracy
from model.training.learn.material import Labelled
from model.training.pinned import keras
from model.training.taught import trust
from model.training.taught.pupil import Pupil, Shown, Weights, between
from model.training.taught.rehearsal import Memory, redrawn

STEPS = 120
REDRAWN = 300  # pictures of the drawings together, at least COPIES of each, before they are deformed
COPIES = 6
DEFORMED = 2  # times that each of them is
AS_THEY_ARE = 0.1  # of what is taught
STRENGTHS = (0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1)  # parts of the way that are tried, strongest first


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is taught."""

    drawings: tuple[Drawing, ...]  # each with a digit as its label
    source: str  # where they come from, for the card
    data: Mnist | None = None  # whose training images join the rehearsal
    name: str = ""  # what to call the result; empty: as the model that is taught
    former: Bundle | None = None  # a model whose place the result takes; None: it takes that of the one that is taught


@dataclass(frozen=True, slots=True)
class _Read:
    """How well some images are read: how many of them are right, and the mean loss in nats."""

    count: int
    right: int
    loss: float

    @classmethod
    def of(cls, probabilities: npt.NDArray[np.floating], labels: Labels) -> _Read:
        likely = np.maximum(probabilities[np.arange(len(labels)), labels].astype(float), 1e-30)
        return cls(len(labels), int((probabilities.argmax(1) == labels).sum()), float(-np.log(likely).mean()))

    def is_better_than(self, other: _Read, goal: int) -> bool:
        """Return whether the loss fell, nothing is lost, and something is won unless so many were right already."""
        won = self.right > other.right or self.right == other.right >= goal
        return won and self.loss < other.loss


def teach(bundle: Bundle, lesson: Lesson, output: Path, report: Callable[[Event], None]) -> None:
    """Teach a bundle's network its user's drawings, and write the result as another bundle.

    It is written only if more of the drawings are read right than before (or all, as before) and their mean loss falls,
    both by LiteRT, and nothing is forgotten that the rehearsal checks. In a former model's place as many as that reads
    will do, and must. Stage, Started, Progress, EpochDone, Taught and Finished are reported; what ``report`` raises
    stops it. Raises UserError: it cannot learn, did not, or be written.
    """
    began = time.monotonic()
    check_target(output)
    bundle.check_teachable()
    device.choose("cpu")  # a GPU would not have started by the time that this is done
    teaching = _Teaching(bundle, lesson, report)
    card = teaching.learn()
    write_bundle(output, teaching.write_files, card, teaching.check)
    before, after, memory = teaching.before, teaching.after, teaching.memory
    seconds = round(time.monotonic() - began, 3)
    report(
        Taught(
            drawings=before.count,
            right_before=before.right,
            right_after=after.right,
            loss_before=before.loss,
            loss_after=after.loss,
            rehearsal_before=memory.before,
            rehearsal_after=teaching.rehearsed,
            rehearsal_images=memory.images,
            seconds=seconds,
            output=str(output),
        )
    )
    report(Finished(str(output), card.accuracy, seconds))


class _Teaching:
    """A network on its way from its old weights into another bundle."""

    def __init__(self, bundle: Bundle, lesson: Lesson, report: Callable[[Event], None]) -> None:
        self._bundle, self._lesson, self._report = bundle, lesson, report
        images = np.stack([normalize_drawing(drawing) for drawing in lesson.drawings])
        self._own = Shown(images, np.array([int(drawing.label or "") for drawing in lesson.drawings], np.uint8))
        self.before = self.after = _read_by(Recognizer(bundle), self._own)
        self._goal = _read_by(Recognizer(lesson.former), self._own).right if lesson.former else self.before.count
        report(Stage(_("preparing what is learned and rehearsed")))
        pupil = Pupil(export.trunk(bundle))
        self._first, answers = _first(bundle)
        self.memory = Memory(pupil, lesson.data, answers)
        self._taught = _material(lesson.drawings, self._own)
        self._pupil = pupil

    def learn(self) -> Card:
        """Learn, held back, and return the card of what came of it. Raises UserError."""
        bundle, data, pupil, report = self._bundle, self._lesson.data, self._pupil, self._report
        report(
            Started(
                network=bundle.card.network,
                weights=pupil.network.count_params(),
                device="CPU",
                train_images=len(self._taught.labels),
                validation_images=self.memory.images,
                test_images=len(data.test_images) if data else 0,
                epochs=1,
                steps=STEPS,
            )
        )
        began = time.monotonic()
        old = pupil.weights
        loss, right = pupil.learn(self._taught, self.memory.rehearsed, STEPS, report)
        report(Stage(_("seeing that nothing is forgotten")))
        strength = hold_back(pupil, old, self.memory.holds, self._own, self._goal)
        self.rehearsed = self.memory.after(pupil)
        own = _Read.of(pupil.probabilities(self._own.images), self._own.labels)
        report(EpochDone(1, loss, right, own.loss, own.right / own.count, round(time.monotonic() - began, 3)))
        self._network = _finished(pupil.network, bundle.card.recipe)
        measured = None
        if data:
            report(Stage(_("measuring the network")))
            measured = round(accuracy(self._network, Labelled(data.test_images, data.test_labels)), 6)
        doubting, doubt = doubt_of(bundle), bundle.card.doubt
        self._trusting = (
            trust.trusting(doubting, self._own.images, self._taught.images, self.memory.rehearsed) if doubting else None
        )
        if doubting and self._trusting:
            doubt = {**doubting.card.doubt, "taught": own.count, "int8": True}
        said = {
            "drawings": own.count,
            "labels": {str(digit): count for digit, count in sorted(Counter(self._own.labels.tolist()).items())},
            "source": self._lesson.source,
            "with": data.source if data else None,
            "strength": strength,
            "from": (self._lesson.former or bundle).card.sha256.get(KERAS_FILE, ""),
            "first": {"sha256": self._first, "answers": self.memory.packed},
        }
        return replace(
            bundle.card,
            data={**bundle.card.data, "taught": said},
            doubt=doubt,
            accuracy=measured,  # None without MNIST: what was measured before is not true of this one
            ink_accuracy=None,
            name=self._lesson.name or bundle.card.name,
            **export.facts(self._network),
        )

    def write_files(self, folder: Path) -> None:
        self._report(Stage(_("writing the model")))
        half, int8 = (bool(self._bundle.card.recipe.get(knob)) for knob in ("half", "int8"))
        export.export(self._network, folder, half=half, int8=int8)
        if self._trusting:
            export.export(self._trusting, folder, int8=True, names=(DOUBT_KERAS_FILE, DOUBT_LITERT_FILE))
        for name in self._bundle.sealed:
            if not (folder / name).exists():  # what was not taught
                (folder / name).write_bytes(self._bundle.read(name))

    def check(self, fresh: Bundle) -> None:
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        self.after = _read_by(recognizer, self._own)
        falls_short = self._lesson.former and self.after.right < self._goal
        if falls_short or not self.after.is_better_than(self.before, self._goal):
            raise _nothing_better()


def _first(bundle: Bundle) -> tuple[str, str | None]:
    """Return the hash of the model that was taught first, and its packed answers; this one's, and None, if it is it."""
    match bundle.card.data.get("taught"):
        case {"first": {"sha256": str(digest), "answers": str(answers)}}:
            return digest, answers
    return bundle.card.sha256.get(KERAS_FILE, ""), None


def _material(drawings: Sequence[Drawing], own: Shown) -> Shown:
    """Return the pictures that are learned: drawings redrawn and deformed, and some as they are."""
    copies = max(COPIES, REDRAWN // len(drawings))
    pictures, digits = redrawn(drawings, copies, DEFORMED, seed=0)
    plain = max(1, round(len(digits) * AS_THEY_ARE / len(own.labels)))
    return Shown(np.concatenate([pictures, *[own.images] * plain]), np.concatenate([digits, *[own.labels] * plain]))


def hold_back(pupil: Pupil, old: Weights, holds: Callable[[Pupil], bool], own: Shown, goal: int) -> float:
    """Leave the pupil as far on the way from its old weights to its new as nothing is forgotten; return that part.

    Raises UserError: there is no such place, or the user's own drawings, as they are, are read no better there. So many
    that were read already need not become more.
    """
    new = pupil.weights
    pupil.weights = old
    before = _Read.of(pupil.probabilities(own.images), own.labels)
    for strength in STRENGTHS:
        pupil.weights = between(old, new, strength)
        if holds(pupil):
            if not _Read.of(pupil.probabilities(own.images), own.labels).is_better_than(before, goal):
                raise _nothing_better()
            return strength
    sentence = _(
        "Nothing was learned: what these drawings teach cannot be had without forgetting other digits; see that their "
        "labels are right, or teach others."
    )
    raise UserError(sentence)


def _nothing_better() -> UserError:
    sentence = _(
        "Nothing was learned: without forgetting other digits these drawings would be read no better than they are; "
        "see that their labels are right, or teach more of them."
    )
    return UserError(sentence)


def _finished(network: keras.Sequential, recipe: Mapping[str, Any]) -> keras.Sequential:
    """Return the network as its recipe finishes it; the temperature is in its weights already."""
    if recipe.get("views") or recipe.get("half"):
        network = export.finished(network, views=bool(recipe.get("views")))
    if recipe.get("half"):
        export.halve(network)
    return network


def _read_by(recognizer: Recognizer, shown: Shown) -> _Read:
    return _Read.of(np.array([recognizer.probabilities(image) for image in shown.images]), shown.labels)
