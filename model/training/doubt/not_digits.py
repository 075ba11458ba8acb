"""What a network learns to reject: letters, scribbles, and digits in pieces, in company and on their side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from model.data.data import LOOKALIKES, Images, Ink, Labels, Mnist
from model.ink.ink import Drawing
from model.reading.doubt import NONE
from model.reading.normalize import normalize_ink
from model.reading.recognizer import Recognizer
from model.training.learn.material import COPIES, Labelled, Material
from model.training.synthetic import glyphs, seen, shapes, styles
from model.training.synthetic.scribbles import letter, ring, scribble, turned
from model.training.synthetic.styles import Line, Random
from model.training.synthetic.writing import Hands

LETTERS = 48  # copies of each letter: there are few writers
SCRIBBLES = 20_000
MADE_UP, PRINTED = 10_000, 8_000  # letters of no script, and of many; those that look like digits are left out
SURROUNDED = 4_000  # digits in a ring or a frame, or crossed out
RARE, SEEN = 8_000, 6_000  # digits by rule, and digits that the eye found on paper
KNOWN = 12_000  # of MNIST's digits that what is drawn here is compared with
PIECES = 9_000
PAIRS = 8_000  # of pen ink, and as many of MNIST
NEIGHBOURS = 5_000  # a digit with a piece of another next to it, as a wrong cut makes them; and as many of MNIST
TURNED = 3_000
ON_ITS_SIDE = frozenset("23457")  # digits that are none when they lie

_INK = 40  # of 255: what is darker belongs to a digit of MNIST


@dataclass(frozen=True, slots=True)
class Given:
    """The data to learn from; ink is split by people."""

    data: Mnist
    ink: Ink  # digits drawn with a pen
    letters: Ink  # what is drawn and isn't a digit, with any labels; may be empty

    @property
    def held_back(self) -> int:
        """How many of the last training images validate: 1,000, or a sixth of fewer than 6,000."""
        return min(1000, len(self.data.train_images) // 6)


def prepare(given: Given, reader: Recognizer, seed: int) -> Material:
    """Return labelled images of digits and of non-digits, in the parts of a training.

    MNIST's last training images validate; its test images test, and the judges' ink and letters judge. Scribbles,
    pieces and pairs train, and validate as many more; the judges have their own rulers. ``reader`` says which pieces of
    digits are still digits: those are left out.
    """
    data, ink, letters = given.data, given.ink, given.letters
    random = np.random.default_rng(seed)
    held_back = given.held_back
    mnist, labels = data.train_images[:-held_back], data.train_labels[:-held_back]
    zeros = mnist[labels == 0]
    slashed = styles.slashed(zeros[random.permutation(len(zeros))[: len(zeros) // 3]], random)
    known = [drawing for drawing in letters.train if drawing.label not in LOOKALIKES]
    rare = shapes.digits(RARE, random)
    hands = Hands.of(ink.train, letters.train, mnist, labels)
    validation = (data.train_images[-held_back:], data.train_labels[-held_back:]), styles.plain(ink.validation)
    others = np.concatenate([images for images, _labels in validation])
    unlike = glyphs.unlike(np.concatenate([mnist[:KNOWN], styles.plain(ink.train)[0], rare[0]]), others)
    refused = [
        styles.varied(known, LETTERS, random)[0],
        _drawn((scribble(random) for _ in range(SCRIBBLES)), random),
        unlike(_drawn((letter(random) for _ in range(MADE_UP)), random)),
        unlike(glyphs.letters(PRINTED, random)),
        _drawn((_surrounded(ink.train, random) for _ in range(SURROUNDED)), random),
        _drawn(_pieces(ink.train, PIECES, reader, random), random),
        _drawn((row(ink.train, random) for _ in range(PAIRS)), random),
        _drawn((_with_neighbour(ink.train, random) for _ in range(NEIGHBOURS)), random),
        _drawn(_lying(ink.train, TURNED, random), random),
        _pictures(_mnist_row(mnist, random, whole=True) for _ in range(PAIRS)),
        _pictures(_mnist_row(mnist, random, whole=False) for _ in range(NEIGHBOURS)),
    ]
    more = [
        _drawn((scribble(random) for _ in range(held_back)), random),
        unlike(_drawn((letter(random) for _ in range(held_back // 2)), random)),
        _drawn((row(ink.validation, random) for _ in range(held_back // 4)), random),
    ]
    return Material(
        _labelled(
            [
                *((mnist, labels), (slashed, np.zeros(len(slashed), np.uint8)), rare),
                *(styles.varied(ink.train, COPIES, random), seen.digits(SEEN, hands, reader, random)),
            ],
            refused,
        ),
        _labelled(validation, [_letters(letters.validation), *more]),
        _labelled([(data.test_images, data.test_labels)], []),
        _labelled([styles.plain(ink.judge)], [_letters(letters.judge)]),
        {
            "digits": len(mnist) + len(ink.train),
            "source": f"{data.source}, {ink.source}",
            "letters": {"train": len(known), "source": letters.source},
        },
    )


def _labelled(digits: Iterable[tuple[Images, Labels]], none: Iterable[Images]) -> Labelled:
    parts = [*digits, *((images, np.full(len(images), NONE, np.uint8)) for images in none)]
    return Labelled(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _letters(drawings: Sequence[Drawing]) -> Images:
    return styles.plain([drawing for drawing in drawings if drawing.label not in LOOKALIKES])[0]


def _drawn(marks: Iterable[list[Line]], random: Random) -> Images:
    """Return marks as images; most are warped as handwriting is."""
    return styles.images((styles.warped(mark, random) if random.random() < 0.7 else mark for mark in marks), random)


def _one(drawings: Sequence[Drawing], random: Random) -> Drawing:
    return drawings[int(random.integers(len(drawings)))]


def _pick(drawings: Sequence[Drawing], random: Random, height: float = 1.0) -> list[Line]:
    """Return the lines of a random drawing, warped, its box from (0, 0) and as high or wide as given."""
    lines = styles.warped(styles.lines_of(_one(drawings, random)), random)
    low, high = styles.box(lines)
    return [(line - low) / max(float((high - low).max()), 1e-6) * height for line in lines]


def row(drawings: Sequence[Drawing], random: Random) -> list[Line]:
    """Return two or three digits side by side."""
    row: list[Line] = []
    place = 0.0
    for _ in range(2 if random.random() < 0.8 else 3):
        digit = _pick(drawings, random, random.uniform(0.8, 1.2))
        row += [line + np.array([place, random.uniform(-0.1, 0.1)]) for line in digit]
        place += float(styles.box(digit)[1][0]) + random.uniform(-0.05, 0.4)
    return row


def _surrounded(drawings: Sequence[Drawing], random: Random) -> list[Line]:
    """Return a digit in a ring or a frame, or one that is crossed out."""
    lines = _pick(drawings, random)
    low, high = styles.box(lines)
    middle, size = (low + high) / 2, high - low
    chance = random.random()
    if chance < 0.4:
        around = [line * (size + random.uniform(0.3, 0.7)) * 1.2 for line in ring(random)]
    elif chance < 0.7:
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) / 2
        around = [shapes.straight(corners * (size + random.uniform(0.2, 0.7, 2)))]
    else:
        ends = random.uniform(0.35, 0.65, (2, 2)) * np.maximum(size, 0.5)
        crossed = [np.array([ends[0] * (-1, 1), ends[1] * (1, -1)]), np.array([-ends[0], ends[1]])]
        around = crossed if random.random() < 0.7 else [crossed[0], crossed[0] + random.uniform(0.1, 0.25)]
    return [*lines, *(line + middle for line in around)]


def _with_neighbour(drawings: Sequence[Drawing], random: Random) -> list[Line]:
    """Return a digit with a piece of another one next to it."""
    digit, other = _pick(drawings, random), _piece(_pick(drawings, random, random.uniform(0.8, 1.2)), random)
    gap = random.uniform(0.02, 0.3)
    if random.random() < 0.5:
        move = styles.box(digit)[1][0] - styles.box(other)[0][0] + gap
    else:
        move = -styles.box(other)[1][0] - gap
    return [*digit, *(line + np.array([move, random.uniform(-0.1, 0.1)]) for line in other)]


def _piece(lines: list[Line], random: Random) -> list[Line]:
    """Return one stroke of several, all but one, or a part of the longest one."""
    if len(lines) > 1 and random.random() < 0.6:
        chosen = int(random.integers(len(lines)))
        return [lines[chosen]] if random.random() < 0.6 else lines[:chosen] + lines[chosen + 1 :]
    line = max(lines, key=_length)
    cut = max(1, int(len(line) * random.uniform(0.25, 0.75)))
    return [line[: cut + 1] if random.random() < 0.5 else line[cut:]]


def _pieces(drawings: Sequence[Drawing], count: int, reader: Recognizer, random: Random) -> Iterable[list[Line]]:
    """Yield pieces of digits; those that are read surely as the whole digit or as a 1 are digits still."""
    while count:
        drawing = _one(drawings, random)
        lines = styles.lines_of(drawing)
        piece = _piece(lines, random)
        part = sum(map(_length, piece)) / max(sum(map(_length, lines)), 1e-6)
        if not 0.1 < part < 0.8:
            continue
        count -= 1
        answers = reader.probabilities(styles.image(piece))
        if max(answers) < 0.9 or np.argmax(answers) not in (1, int(drawing.label or 0)):
            yield piece


def _lying(drawings: Sequence[Drawing], count: int, random: Random) -> Iterable[list[Line]]:
    """Yield digits on their side."""
    upright = [drawing for drawing in drawings if drawing.label in ON_ITS_SIDE]
    for _ in range(count):
        yield turned(styles.lines_of(_one(upright, random)), random.choice([-1, 1]) * np.pi / 2)


def _length(line: Line) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum()) if len(line) > 1 else 0.0


def _pictures(rows: Iterable[Images]) -> Images:
    """Return ink, bright on 0, as the network is shown it."""
    return styles.bytes_of(normalize_ink(row[np.ix_(row.any(1), row.any(0))]) for row in rows)


def _mnist_row(images: Images, random: Random, *, whole: bool) -> Images:
    """Return two digits of MNIST side by side as one picture; of one of them only a part where not ``whole``."""
    digits = []
    for image in images[random.integers(0, len(images), 2)]:
        rows, columns = np.nonzero(image > _INK)
        digits.append(image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    if not whole:
        part = max(1, int(digits[1].shape[1] * random.uniform(0.2, 0.6)))
        digits[1] = digits[1][:, :part] if random.random() < 0.5 else digits[1][:, -part:]
        digits = digits if random.random() < 0.5 else digits[::-1]
    high = max(len(digit) for digit in digits) + 2
    gap = np.zeros((high, random.integers(0, 6)), np.uint8)
    lowered = []  # each somewhere in a picture so high
    for digit in digits:
        above = int(random.integers(0, high - len(digit) + 1))
        lowered.append(np.pad(digit, [(above, high - len(digit) - above), (0, 0)]))
    return np.concatenate([lowered[0], gap, lowered[1]], axis=1)
