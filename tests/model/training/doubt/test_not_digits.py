"""What a network learns to reject by."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.bundle.bundle import open_bundle
from model.data import data
from model.reading.doubt import NONE
from model.reading.recognizer import Recognizer
from model.training.doubt import not_digits
from model.training.synthetic import styles
from tests.model.training.synthetic.test_styles import ONE, SEVEN, ZERO

MADE_FEWER = {"PIECES": 40, "PAIRS": 20, "NEIGHBOURS": 20, "TURNED": 10, "LETTERS": 2, "SURROUNDED": 10}
MADE_FEWER |= {"SCRIBBLES": 40, "MADE_UP": 20, "PRINTED": 20, "RARE": 20, "SEEN": 5, "KNOWN": 1000}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in MADE_FEWER.items():
        monkeypatch.setattr(not_digits, name, count)


def little(shared: Path) -> not_digits.Given:
    """Return 1,500 of MNIST's training images, 1,000 of its test images, and some ink for each purpose."""
    folder = shared / "data"
    mnist = data.load(folder / "mnist.npz")
    ink = data.load_ink([folder / "pen-digits.jsonl"])
    letters = data.load_ink([folder / "not-digits.jsonl"], digits=False)
    return not_digits.Given(
        replace(
            mnist,
            train_images=mnist.train_images[:1500],
            train_labels=mnist.train_labels[:1500],
            test_images=mnist.test_images[:1000],
            test_labels=mnist.test_labels[:1000],
        ),
        replace(ink, train=ink.train[:300], validation=ink.validation[:100], judge=ink.judge[:100]),
        replace(letters, train=letters.train[:100], judge=letters.judge[:100]),
    )


@pytest.mark.usefixtures("few")
def test_digits_and_what_is_none_are_parted_by_people(shared: Path) -> None:
    given = little(shared)
    material = not_digits.prepare(given, Recognizer(open_bundle()), seed=0)
    known = [drawing for drawing in given.letters.train if drawing.label not in data.LOOKALIKES]
    none = int((material.train.labels == NONE).sum())
    made = 40 + 20 + 20 + 10 + 20 + 20 + 10 + 2 * len(known)
    assert made + 40 < none <= made + 40 + 20 + 20  # some pieces and made-up letters look like digits
    assert int((material.train.labels < NONE).sum()) > 1_400
    assert material.train.labels[:500].tolist() == given.data.train_labels[:500].tolist()
    assert material.test.labels.tolist() == given.data.test_labels.tolist()
    judges = [drawing for drawing in given.letters.judge if drawing.label not in data.LOOKALIKES]
    drawn = [int(drawing.label or 0) for drawing in given.ink.judge]
    assert material.judge.labels.tolist() == [*drawn, *[NONE] * len(judges)]
    assert material.said["letters"] == {"train": len(known), "source": "not-digits.jsonl"}


def test_a_row_is_wider_than_a_digit() -> None:
    random = np.random.default_rng(0)
    row = not_digits.row([ZERO, SEVEN], random)
    low, high = styles.box(row)
    digit_low, digit_high = styles.box(not_digits._pick([ZERO], random))
    assert (high - low)[0] > (digit_high - digit_low)[0]
    assert len(row) in (2, 3)


def test_a_piece_is_a_part_of_its_digit() -> None:
    random = np.random.default_rng(0)
    whole = styles.lines_of(ZERO)
    for _ in range(20):
        (piece,) = not_digits._piece(whole, random)
        assert 1 < len(piece) < len(whole[0])


def test_what_lies_is_no_circle_and_no_line() -> None:
    lying = list(not_digits._lying([ZERO, ONE, SEVEN], 5, np.random.default_rng(0)))
    low, high = styles.box(styles.lines_of(SEVEN))
    for lines in lying:
        left, right = styles.box(lines)
        assert (right - left).tolist() == pytest.approx((high - low)[::-1].tolist())


def test_a_digit_that_is_surrounded_or_crossed_out_has_more_ink_around_it() -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        lines = not_digits._surrounded([ZERO], random)
        (digit, *around) = lines
        low, high = styles.box([digit])
        outer_low, outer_high = styles.box(around)
        assert len(around) in (1, 2)
        assert (outer_low + outer_high) / 2 == pytest.approx((low + high) / 2, abs=0.4)
        assert (outer_high - outer_low).max() > 0.5 * (high - low).max()
