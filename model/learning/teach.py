"""A model learns its user's drawings: its last layers are trained, held back, tested and written, all with NumPy."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from model.base.errors import UserError
from model.base.events import Event, Finished, Progress, Stage, Started, Taught
from model.base.language import _
from model.bundle.bundle import (
    DOUBT_KERAS_FILE,
    DOUBT_LITERT_FILE,
    LITERT_FILE,
    SIGNS_FILE,
    UNTAUGHT,
    Bundle,
    check_target,
    write_bundle,
)
from model.bundle.card import Card
from model.bundle.litert_head import Floats, Layer
from model.ink.ink import Drawing
from model.learning import own_signs, standing
from model.learning.doubting import trust
from model.learning.network import Network
from model.learning.own import Own, Read, Which
from model.learning.pupil import probabilities
from model.learning.rehearsal import of_digits, of_doubt
from model.reading.doubt import ANSWERS
from model.reading.own_signs import NUMBERS
from model.reading.reading import FEWEST
from model.reading.recognizer import DIGIT_OUTPUTS, Recognizer, doubt_of, self_test

STEPS, SMALL = 120, 200_000  # a head with fewer weights has time for twice as many steps, each half as long
OFTEN = 20  # steps between two reports
FORGOTTEN = 0.0005  # of the images to check with: the most that may be newly misread
SURE = 0.55  # the least probability of an answer that a network is sure of


@dataclass(frozen=True, slots=True)
class Lesson:
    """What's taught."""

    drawings: tuple[Drawing, ...]  # each labelled with a digit or one of the user's own signs, the newest last
    source: str  # where they come from, for the card
    name: str = ""  # what to call the result; empty: like the model that's taught
    former: Bundle | None = None  # the model that the result replaces; None: the one that's taught
    kept: Path | None = None  # the folder where rehearsals are kept; None: they're drawn again


def teach(bundle: Bundle, lesson: Lesson, output: Path, report: Callable[[Event], None]) -> None:
    """Teach its user's drawings to a bundle's networks, and write the result as another bundle.

    What was taught before is learned again with the rest, from the networks as they were before any teaching. So
    whatever is no longer among the drawings is unlearned, and nothing drifts. The result is written only if more of the
    drawings are read right or accepted than by those networks, or if all already were, and if the images to check with
    are still read. If it replaces a former model, it has to read as many as that one, which is enough. Stage, Started,
    Progress, Taught and Finished are reported; what ``report`` raises stops it. Raises UserError if it can't learn,
    didn't learn, or can't be written.
    """
    began = time.monotonic()
    check_target(output)
    teaching = _Teaching(bundle, lesson, report)
    card = teaching.learn()
    write_bundle(output, teaching.write_files, card, teaching.check)
    seconds = round(time.monotonic() - began, 3)
    report(replace(teaching.outcome(), seconds=seconds, output=str(output)))
    report(Finished(str(output), card.accuracy, seconds))


def rehearse(bundle: Bundle, kept: Path) -> None:
    """Draw what a model's networks rehearse when it's taught, and save it in a folder. Raises UserError."""
    of_digits(Network(bundle, LITERT_FILE, DIGIT_OUTPUTS).head, kept)
    if doubtful := doubt_of(bundle):
        of_doubt(Network(doubtful, DOUBT_LITERT_FILE, ANSWERS).head, kept)


class _Teaching:
    """A model that's becoming another bundle."""

    def __init__(self, bundle: Bundle, lesson: Lesson, report: Callable[[Event], None]) -> None:
        self._bundle, self._lesson, self._report = bundle, lesson, report
        self._network = Network(bundle, LITERT_FILE, DIGIT_OUTPUTS)
        self._doubtful = doubt_of(bundle)
        self._doubt = Network(self._doubtful, DOUBT_LITERT_FILE, ANSWERS) if self._doubtful else None
        signs = own_signs.by_sign(lesson.drawings)
        self._signs = {sign: drawings for sign, drawings in signs.items() if len(drawings) >= FEWEST}
        self._own = Own.of([each for each in lesson.drawings if each.label not in signs])
        newest = lesson.drawings[-1].label or ""
        self._waits = own_signs.waits(newest, len(signs[newest])) if newest in signs.keys() - self._signs.keys() else ""
        if not (len(self._own.labels) or self._signs):
            raise UserError(self._waits)
        self._before = Read.of(self._own, self._network.run, self._doubts)
        self._goal, self._apart = 0, ""
        if lesson.former:
            former = Recognizer(lesson.former)
            self._goal = int(Read.of(self._own, former.probabilities, former.doubt).right.sum())
        report(Stage(_("preparing")))
        drawn = of_digits(self._network.head, lesson.kept)
        # Drawn digits that are misread mustn't be held in place: a new way of writing may be among them.
        right = drawn.rehearsed_sums.argmax(1) == drawn.rehearsed_labels
        self._rehearsed = standing.Seen(drawn.rehearsed[right], drawn.rehearsed_labels[right])
        self._kept = drawn.rehearsed_sums[right]
        if not right.any():
            raise self._nothing()
        answers = probabilities(drawn.checked_sums)
        sure = (answers.argmax(1) == drawn.checked_labels) & (answers.max(1) >= SURE)
        self._checked, self._checked_labels = drawn.checked[sure], drawn.checked_labels[sure]

    def learn(self) -> Card:
        """Learn, hold back what was learned, and return the result's card. Raises UserError."""
        strength, trusts, others = 0.0, 0.0, [self._rehearsed.features]
        if len(self._own.labels):
            strength, trusts, digits = self._learn_digits()
            others.append(digits)
        if self._signs:
            marks = of_doubt(self._network.head, self._lesson.kept)  # as the network that reads sees them
            rest = np.concatenate([*others, marks.rehearsed, marks.checked]).astype(np.float32)
            self._rows = own_signs.learned(
                [*self._signs.values()],
                rest,
                self._checked.astype(np.float32),
                self._network.features,
            )
            self._apart = own_signs.apart(self._signs, self._rows, self._own, self._network)
        return self._made(strength, trusts)

    def _learn_digits(self) -> tuple[float, float, Floats]:
        """Let the last layers learn the digits; return how far they and doubt went, and the features they learned."""
        own, before, network = self._own, self._before, self._network
        redrawn, places = own.redrawn(~before.accepted)
        easy = before.easy(own.labels)
        material = network.features.of([*redrawn, *own.images[easy]]), own.labels[np.concatenate([places, easy])]
        weights = sum(numbers.size for layer in network.layers for numbers in layer)
        steps = STEPS if weights > SMALL else 2 * STEPS
        self._report(
            Started(
                network=self._bundle.card.network,
                weights=weights,
                device="CPU",
                train_images=len(material[1]),
                validation_images=len(self._checked),
                test_images=0,
                epochs=1,
                steps=steps,
            )
        )

        def tell(step: int, loss: float, right: float) -> None:
            if step % OFTEN == 0:
                self._report(Progress(1, step, loss, right))

        new = network.learn(material, (self._rehearsed.features, self._kept), steps, tell)
        self._report(Stage(_("checking that nothing is forgotten")))
        may_forget = 0.0 if before.accepted.all() else FORGOTTEN  # nothing if all are read already
        strength = network.hold_back(new, lambda layers: self._lost(layers) <= may_forget)
        trusts = 0.0
        if self._doubt and (doubted := before.doubted[places]).any():
            trusts = trust(self._doubt, redrawn[doubted], own.labels[places[doubted]], self._lesson.kept)
        if not (strength or trusts or before.accepted.all() or self._signs):
            raise self._nothing()
        return strength, trusts, material[0]

    def write_files(self, folder: Path) -> None:
        """Write the networks: those that learned with their former versions, and everything else as it is."""
        self._report(Stage(_("writing the model")))
        for name, network in self._taught.items():
            (folder / name).write_bytes(network.taught_file)
            (folder / UNTAUGHT[name]).write_bytes(network.file)
        if self._signs:
            (folder / SIGNS_FILE).write_bytes(self._rows.astype(NUMBERS).tobytes())
        # The doubt that learned may be the built-in one's.
        doubtful = self._doubtful if DOUBT_LITERT_FILE in self._taught else None
        for name in replace(self._bundle, card=self._card).sealed:
            if not (folder / name).exists():
                source = doubtful if name == DOUBT_KERAS_FILE and doubtful else self._bundle
                (folder / name).write_bytes(source.read(name))

    def check(self, fresh: Bundle) -> None:
        """Let the written model read the drawings. Raises UserError if nothing was gained."""
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        before, after = self._before, Read.of(self._own, recognizer.probabilities, recognizer.doubt)
        self._after, self._told = after, own_signs.told(self._signs, recognizer.read)
        won = (
            after.accepted.sum() > before.accepted.sum() or before.accepted.all() or self._lesson.former or self._signs
        )
        if after.right.sum() < max(self._goal, before.right.sum()) or not won:
            raise self._nothing()

    def outcome(self) -> Taught:
        """Return the result, once it's written."""
        before, after, labels = self._before, self._after, self._own.labels
        counts = Counter(each.label or "" for each in self._lesson.drawings)
        signs, against = own_signs.judged(self._told, counts), self._against(~after.accepted)
        return Taught(
            drawings=len(labels) + len(self._told),
            right_before=int(before.right.sum()),
            right_after=int(after.right.sum()) + signs.read,
            accepted_after=int(after.accepted.sum()) + signs.read,
            loss_before=before.loss(labels),
            loss_after=after.loss(labels),
            rehearsal_before=1.0,
            rehearsal_after=1 - self._lost(self._network.layers),
            rehearsal_images=len(self._checked),
            seconds=0.0,
            output="",
            against=" ".join(filter(None, (against, signs.against, self._waits))),
        )

    def _doubts(self, image: Floats, digit: int) -> float:
        """Return how much it was doubted before any teaching that an image, (28, 28), shows a digit."""
        return 1 - self._doubt.run(image)[digit] if self._doubt else 0.0

    def _lost(self, layers: Sequence[Layer]) -> float:
        """Return the fraction of surely and correctly read images that's misread with these layers."""
        return float((self._network.answers(self._checked, layers).argmax(1) != self._checked_labels).mean())

    def _against(self, which: Which) -> str:
        if not which.any():
            return ""
        features = self._network.features.of(self._own.images)
        return standing.said(self._own, self._before.answers, features, which, self._rehearsed)

    def _nothing(self) -> UserError:
        why = self._against(~self._before.accepted)
        sentence = _("Nothing changed: learning these would have made Inkling worse at other digits.")
        return UserError(f"{sentence} {why}".rstrip())

    def _made(self, strength: float, trusts: float) -> Card:
        """Return the taught model's card."""
        bundle, doubtful, labels = self._bundle, self._doubtful, [each.label or "" for each in self._lesson.drawings]
        card, known = bundle.card, bundle.card.data.get("taught")
        self._taught = {LITERT_FILE: self._network}
        doubt, reads_only = card.doubt, card.reads_only
        if self._doubt and doubtful and (trusts or bundle.untaught(DOUBT_LITERT_FILE) != DOUBT_LITERT_FILE):
            self._taught[DOUBT_LITERT_FILE] = self._doubt
            doubt = {**doubtful.card.doubt, "taught": int(self._before.doubted.sum())}
            reads_only = reads_only or doubtful.card.reads_only
        before = known.get("from") if isinstance(known, dict) and bundle.is_taught else bundle.network
        first = known.get("first") if isinstance(known, dict) else None
        said = {
            "drawings": len(labels),
            "labels": dict(sorted(Counter(labels).items())),
            "source": self._lesson.source,
            "strength": strength,
            "apart": self._apart,
            "from": self._lesson.former.network if self._lesson.former else before,
            "first": {"sha256": first.get("sha256") if isinstance(first, dict) else bundle.network},
        }
        sealed = {name: digest for name, digest in card.sha256.items() if name != SIGNS_FILE}
        self._card = replace(
            card,
            data={**card.data, "taught": said},
            doubt=doubt,
            accuracy=None,  # what was measured before doesn't apply to this one
            ink_accuracy=None,
            name=self._lesson.name or card.name,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            reads_only=reads_only,
            sha256={**sealed, **dict.fromkeys((UNTAUGHT[name] for name in self._taught), "")},
            signs="".join(self._signs),
        )
        return self._card
