"""An answer to a picture is as sure as it's likely to be right, and only accepted if it's sure enough."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.bundle.bundle import open_bundle, write_bundle
from model.data import data
from model.reading.certainty import CLEAR, ENOUGH, MEASURES, certainty, is_certain, measures, weights_of
from model.reading.eye import AGAIN, seen
from model.reading.parts import read_sight
from model.reading.recognizer import Recognizer
from model.training.synthetic.paper import example
from model.training.synthetic.writing import Hands
from tests.model.reading.test_eye import HIGH, WIDE, page


def photograph() -> Image.Image:
    """Return a page with a 5 whose paper isn't even."""
    grain = np.random.default_rng(0).normal(0, 2, (HIGH, WIDE))
    return Image.fromarray((np.asarray(page()) + grain).clip(0, 255).astype(np.uint8))


def test_a_clear_digit_is_certain_and_one_that_is_half_gone_less(recognizer: Recognizer) -> None:
    weights = recognizer.eye.certain
    assert weights
    whole = page()
    half = np.array(whole)
    half[:, 118:] = 255 - (255 - half[:, 118:]) // 12  # the right half is almost erased
    sure = []
    for picture in (whole, Image.fromarray(half)):
        sight = seen(picture, recognizer.eye)
        digits = read_sight(sight, recognizer.read, recognizer.doubt).digits
        sure.append(certainty(weights, measures(sight, digits)))
    assert sure[0] > 0.95
    assert sure[1] < sure[0] - 0.2


def test_what_is_less_certain_than_enough_is_rejected_with_a_reason(tmp_path: Path) -> None:
    bundle, picture = open_bundle(), page()
    assert Recognizer(bundle).recognize(picture).accepted
    eye = {**bundle.card.eye, "certainty": [-20.0, *[0.0] * MEASURES]}
    never = write_bundle(tmp_path / "never", bundle.copy_files, replace(bundle.card, eye=eye))
    reading = Recognizer(never).recognize(picture)
    assert (reading.text, reading.accepted, reading.reason) == ("5", False, "doubt")


@pytest.mark.parametrize(
    ("likely", "differing", "is_accepted", "looks"),
    [
        (CLEAR + 0.01, [True, True], True, 0),  # clear at the first look
        (CLEAR - 0.01, [False, False], True, 2),
        (CLEAR - 0.01, [True, False], False, 1),  # the second can't save it
        (ENOUGH - 0.01, [False, False], False, 0),
    ],
)
def test_it_looks_again_only_while_that_decides(
    recognizer: Recognizer, likely: float, differing: list[bool], is_accepted: bool, looks: int
) -> None:
    sight = seen(page(), recognizer.eye)
    digits = read_sight(sight, recognizer.read, recognizer.doubt).digits
    weights = [float(np.log(likely / (1 - likely))), *[0.0] * (MEASURES - 1), -3.0]
    asked = iter(differing)
    assert is_certain(weights, sight, digits, asked) == is_accepted
    assert len(list(asked)) == len(differing) - looks


def test_a_picture_that_other_looks_read_otherwise_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, picture = open_bundle(), photograph()
    eye = {**bundle.card.eye, "certainty": [2.5, *[0.0] * (MEASURES - 1), -3.0]}  # 92 % where all looks agree
    recognizer = Recognizer(write_bundle(tmp_path / "twice", bundle.copy_files, replace(bundle.card, eye=eye)))
    assert recognizer.recognize(picture).accepted
    nothing = seen(Image.new("L", picture.size, 245), recognizer.eye)  # as if the digit were gone at another size
    monkeypatch.setattr(recognizer.eye, "look_again", lambda _sight: iter([nothing]))
    reading = recognizer.recognize(picture)
    assert (reading.text, reading.accepted) == ("5", False)


def test_another_look_sees_the_same_picture_smaller_and_larger(recognizer: Recognizer) -> None:
    sight = seen(photograph(), recognizer.eye)
    for high, other in zip(AGAIN, recognizer.eye.look_again(sight), strict=True):
        assert other.high == pytest.approx(high, rel=0.15)
        assert read_sight(other, recognizer.read, recognizer.doubt).text == "5"
    assert not list(recognizer.eye.look_again(seen(page(), recognizer.eye)))  # on even paper that shows nothing else


@pytest.mark.parametrize(
    "noted", [None, "", 7, [1.0] * MEASURES, [1.0] * (MEASURES + 2), ["1"] * (MEASURES + 1), [1e9] * (MEASURES + 1)]
)
def test_weights_that_no_one_fitted_are_not_used(noted: object) -> None:
    assert weights_of(noted) is None


def test_it_is_as_certain_of_paper_of_strangers_as_it_is_right(recognizer: Recognizer, shared: Path) -> None:
    folder = shared / "data"
    judges = data.load_ink([folder / "pen-digits.jsonl"]).judge
    letters = data.load_ink([folder / "not-digits.jsonl"], digits=False).judge
    mnist = data.load(folder / "mnist.npz")
    hands = Hands.of(judges, letters, mnist.test_images, mnist.test_labels)
    weights, random = recognizer.eye.certain, np.random.default_rng(0)
    assert weights
    told, right = [], []
    for _ in range(400):
        made = example(hands, random)
        sight = seen(Image.fromarray(made.grey), recognizer.eye)
        reading = read_sight(sight, recognizer.read, recognizer.doubt)
        if reading.accepted:
            again = (read_sight(each, recognizer.read, recognizer.doubt) for each in recognizer.eye.look_again(sight))
            others = sum(each.text != reading.text for each in again)
            told.append(certainty(weights, measures(sight, reading.digits, others)))
            right.append(reading.text == made.text)
    sure, was_right = np.array(told), np.array(right)
    assert sure.mean() == pytest.approx(was_right.mean(), abs=0.05)
    assert was_right[sure >= ENOUGH].mean() > was_right[sure < ENOUGH].mean() + 0.3
