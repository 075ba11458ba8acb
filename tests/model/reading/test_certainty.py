"""An answer to a picture is as sure as it's likely to be right, and only accepted if it's sure enough."""

from collections.abc import Iterator
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.bundle.bundle import open_bundle, write_bundle
from model.data import data
from model.reading.certainty import AT_ONCE, ENOUGH, MEASURES, certainty, measures, weights_of
from model.reading.eye import AGAIN, seen
from model.reading.parts import read_sight
from model.reading.picture_digit import PictureDigit
from model.reading.recognizer import Recognizer
from model.reading.sight import Sight
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
    assert sure[0] > AT_ONCE
    assert sure[1] < ENOUGH


def test_what_is_less_certain_than_enough_is_rejected_with_a_reason(tmp_path: Path) -> None:
    bundle, picture = open_bundle(), page()
    assert Recognizer(bundle).recognize(picture).accepted
    eye = {**bundle.card.eye, "certainty": [-20.0, *[0.0] * MEASURES]}
    never = write_bundle(tmp_path / "never", bundle.copy_files, replace(bundle.card, eye=eye))
    reading = Recognizer(never).recognize(picture)
    assert (reading.text, reading.accepted, reading.reason) == ("5", False, "doubt")


class Looks:
    """Further looks at a picture, which see what they're told to see."""

    def __init__(self, *seen: Sight):
        self.asked = 0
        self._seen = seen

    def __call__(self, _sight: Sight) -> Iterator[Sight]:
        self.asked += 1
        yield from self._seen


@pytest.mark.parametrize(
    ("likely", "agree", "expected"),
    [
        (AT_ONCE + 0.01, False, (True, 0)),  # clear at the first look
        (AT_ONCE - 0.01, True, (True, 1)),
        (AT_ONCE - 0.01, False, (False, 1)),
        (ENOUGH - 0.01, True, (False, 1)),
    ],
)
def test_it_looks_again_where_the_first_look_is_not_clear(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, likely: float, agree: bool, expected: tuple[bool, int]
) -> None:
    nothing = seen(Image.new("L", (WIDE, HIGH), 245), recognizer.eye)  # as if the digit were gone at another size
    again = Looks(seen(page(), recognizer.eye) if agree else nothing)
    monkeypatch.setattr(recognizer.eye, "certain", [log(likely / (1 - likely)), *[0.0] * (MEASURES - 1), -3.0])
    monkeypatch.setattr(recognizer.eye, "look_again", again)
    reading = recognizer.recognize(photograph())
    assert reading.text == "5"
    assert (reading.accepted, again.asked) == expected


def test_what_only_another_look_sees_whole_is_read_and_shown_as_it_sees_it(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = recognizer.with_threshold(0.001)
    half = np.array(photograph())
    half[:, 118:] = 245 - (245.0 - half[:, 118:]) / 4  # the right half is pale
    picture = Image.fromarray(half)
    monkeypatch.setattr(recognizer.eye, "look_again", Looks())
    assert strict.recognize(picture).reason == "doubt"
    whole = seen(photograph(), recognizer.eye)
    monkeypatch.setattr(recognizer.eye, "certain", [3.0, *[0.0] * MEASURES])
    monkeypatch.setattr(recognizer.eye, "look_again", Looks(whole))
    assert not strict.recognize(picture).accepted  # one look in two isn't enough
    monkeypatch.setattr(recognizer.eye, "look_again", Looks(whole, whole))
    reading = strict.recognize(picture)
    assert (reading.text, reading.accepted) == ("5", True)
    assert strict.look(picture) is whole
    (digit,) = reading.digits
    shown = strict.image(PictureDigit(picture, digit.box))
    assert strict.probabilities(shown) == pytest.approx(digit.prediction.probabilities, abs=1e-4)


@pytest.mark.parametrize("letters", ["word", "blank"])
def test_where_there_is_no_number_it_does_not_look_again(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, letters: str
) -> None:
    picture = Image.new("L", (WIDE, HIGH), 245)
    if letters == "word":
        ImageDraw.Draw(picture).text((10, 60), "Hello", 40, font_size=40)
    grain = np.random.default_rng(0).normal(0, 2, (HIGH, WIDE))
    picture = Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))
    again = Looks()
    monkeypatch.setattr(recognizer.eye, "look_again", again)
    reading = recognizer.recognize(picture)
    assert (reading.accepted, again.asked) == (False, 0), reading


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
