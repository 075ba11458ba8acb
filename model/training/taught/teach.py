"""A network taught its user's drawings: rehearse and learn, hold back, judge, write. Imports TensorFlow."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.events import EpochDone, Event, Finished, Stage, Started, Taught
from model.base.language import _
from model.bundle.bundle import DOUBT_KERAS_FILE, DOUBT_LITERT_FILE, KERAS_FILE, Bundle, check_target, write_bundle
from model.data.data import Labels, Mnist
from model.ink.ink import Drawing
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer, doubt_of, self_test
from model.training.files import export
from model.training.learn import device
from model.training.learn.loop import accuracy
from model.training.learn.material import Part
from model.training.pinned import keras
from model.training.taught import trust
from model.training.taught.memory import Memory
from model.training.taught.pupil import Float28, Pupil, Weights, softmax
from model.training.taught.rehearsal import redrawn

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

    def is_better_than(self, other: _Read) -> bool:
        """Return whether the loss fell, nothing is lost, and something is won where there was something to win."""
        won = self.right > other.right or self.right == other.right == self.count
        return won and self.loss < other.loss


def teach(bundle: Bundle, lesson: Lesson, output: Path, report: Callable[[Event], None]) -> None:
    """Teach a bundle's network its user's drawings, and write the result as another bundle.

    It is written only if more of the drawings are read right than before (or all, as before) and their mean loss falls,
    both by LiteRT, and nothing is forgotten that the rehearsal checks.

    Args:
        bundle: whose network learns on; it stays as it is.
        lesson: what it learns.
        output: the folder to write.
        report: is called with Stage, Started, Progress, EpochDone, Taught and Finished; what it raises stops it.

    Raises:
        UserError: the network cannot learn, or did not, or cannot be written.
    """
    began = time.monotonic()
    check_target(output)
    bundle.check_teachable()
    device.choose("cpu")  # a GPU would not have started by the time that this is done
    images = np.stack([normalize_drawing(drawing) for drawing in lesson.drawings])
    labels = np.array([int(drawing.label or "") for drawing in lesson.drawings], np.uint8)
    before = _read_by(Recognizer(bundle), images, labels)
    report(Stage(_("preparing what is learned and rehearsed")))
    pupil = Pupil(export.trunk(bundle))
    first, answers = _first(bundle)
    memory = Memory(pupil, lesson.data, answers)
    taught = _material(lesson.drawings, images, labels)
    report(
        Started(
            network=bundle.card.network,
            weights=pupil.network.count_params(),
            device="CPU",
            train_images=len(taught[1]),
            validation_images=memory.images,
            test_images=len(lesson.data.test_images) if lesson.data else 0,
            epochs=1,
            steps=STEPS,
        )
    )
    learning = time.monotonic()
    old = pupil.weights
    loss, right = pupil.learn(taught, memory.rehearsed, STEPS, report)
    report(Stage(_("seeing that nothing is forgotten")))
    strength = hold_back(pupil, old, memory.holds, (images, labels))
    rehearsed = memory.after(pupil)
    own = _Read.of(softmax(pupil.logits(images)), labels)
    seconds = round(time.monotonic() - learning, 3)
    report(EpochDone(1, loss, right, own.loss, own.right / len(labels), seconds))
    network = _finished(pupil.network, bundle.card.recipe)
    measured = None
    if lesson.data:
        report(Stage(_("measuring the network")))
        measured = round(accuracy(network, Part(lesson.data.test_images, lesson.data.test_labels)), 6)
    doubting = doubt_of(bundle)
    trusting = trust.trusting(doubting, images, taught[0], memory.rehearsed) if doubting else None
    after = before

    def write_files(folder: Path) -> None:
        report(Stage(_("writing the model")))
        export.export(network, folder, half=bool(bundle.card.recipe.get("half")))
        if trusting:
            export.export(trusting, folder, half=True, names=(DOUBT_KERAS_FILE, DOUBT_LITERT_FILE))
        else:
            for name in bundle.sealed[2:]:
                (folder / name).write_bytes(bundle.read(name))

    def check(fresh: Bundle) -> None:
        nonlocal after
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        after = _read_by(recognizer, images, labels)
        if not after.is_better_than(before):
            raise _nothing_better()

    said = {
        "drawings": len(labels),
        "labels": {str(digit): count for digit, count in sorted(Counter(labels.tolist()).items())},
        "source": lesson.source,
        "with": lesson.data.source if lesson.data else None,
        "strength": strength,
        "from": bundle.card.sha256.get(KERAS_FILE, ""),
        "first": {"sha256": first, "answers": memory.packed},
    }
    card = replace(
        bundle.card,
        data={**bundle.card.data, "taught": said},
        doubt={**doubting.card.doubt, "taught": len(labels)} if doubting and trusting else bundle.card.doubt,
        versions=export.versions(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        accuracy=measured,  # None without MNIST: what was measured before is not true of this one
        ink_accuracy=None,
        name=lesson.name or bundle.card.name,
    )
    write_bundle(output, write_files, card, check)
    report(
        Taught(
            drawings=len(labels),
            right_before=before.right,
            right_after=after.right,
            loss_before=before.loss,
            loss_after=after.loss,
            rehearsal_before=memory.before,
            rehearsal_after=rehearsed,
            rehearsal_images=memory.images,
            seconds=round(time.monotonic() - began, 3),
            output=str(output),
        )
    )
    report(Finished(str(output), measured, round(time.monotonic() - began, 3)))


def _first(bundle: Bundle) -> tuple[str, str | None]:
    """Return the hash of the model that was taught first, and its packed answers; this one's, and None, if it is it."""
    taught = bundle.card.data.get("taught")
    first = taught.get("first") if isinstance(taught, Mapping) else None
    if isinstance(first, Mapping) and all(isinstance(first.get(key), str) for key in ("sha256", "answers")):
        return first["sha256"], first["answers"]
    return bundle.card.sha256.get(KERAS_FILE, ""), None


def _material(drawings: Sequence[Drawing], images: Float28, labels: Labels) -> tuple[Float28, Labels]:
    """Return the pictures that are learned: drawings redrawn and deformed, and some as they are."""
    copies = max(COPIES, REDRAWN // len(drawings))
    pictures, digits = redrawn(drawings, copies, DEFORMED, seed=0)
    plain = max(1, round(len(digits) * AS_THEY_ARE / len(labels)))
    return np.concatenate([pictures, *[images] * plain]), np.concatenate([digits, *[labels] * plain])


def hold_back(pupil: Pupil, old: Weights, holds: Callable[[Pupil], bool], own: tuple[Float28, Labels]) -> float:
    """Leave the pupil as far on the way from its old weights to the new as nothing is forgotten; return that part.

    Wortsman et al.: Robust fine-tuning of zero-shot models (CVPR 2022): between the weights before and after, much is
    learned already where little is forgotten yet.

    Args:
        pupil: with its new weights; it is left with the weights of that place.
        old: its weights before.
        holds: tells whether nothing is forgotten.
        own: the user's drawings as they are, and their digits.

    Raises:
        UserError: there is no such place, or the user's own drawings are read no better there.
    """
    images, labels = own
    new = pupil.weights
    pupil.weights = old
    before = _Read.of(softmax(pupil.logits(images)), labels)
    for strength in STRENGTHS:
        pupil.weights = [start + strength * (end - start) for start, end in zip(old, new, strict=True)]
        if holds(pupil):
            if not _Read.of(softmax(pupil.logits(images)), labels).is_better_than(before):
                raise _nothing_better()
            return strength
    raise UserError(
        _(
            "Nothing was learned: what these drawings teach cannot be had without forgetting other digits; see that "
            "their labels are right, or teach others."
        )
    )


def _nothing_better() -> UserError:
    return UserError(
        _(
            "Nothing was learned: without forgetting other digits these drawings would be read no better than they "
            "are; see that their labels are right, or teach more of them."
        )
    )


def _finished(network: keras.Sequential, recipe: Mapping[str, Any]) -> keras.Sequential:
    """Return the network as its recipe finishes it; the temperature is in its weights already."""
    if recipe.get("views") or recipe.get("half"):
        network = export.finished(network, views=bool(recipe.get("views")))
    if recipe.get("half"):
        export.halve(network)
    return network


def _read_by(recognizer: Recognizer, images: Float28, labels: Labels) -> _Read:
    return _Read.of(np.array([recognizer.probabilities(image) for image in images]), labels)
