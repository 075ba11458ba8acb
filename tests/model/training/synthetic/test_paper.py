"""Made-up paper: what's written on it, what's around that, and that the truth is exactly what's written."""

import functools
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from model.training.eye import windows
from model.training.eye.network import DIGIT, HIGH, INSIDE, SIGN, WINDOW
from model.training.synthetic import camera, paper, writing
from model.training.synthetic.around import Frame
from model.training.synthetic.paper import AROUND, Example, example
from model.training.synthetic.sheet import Sheet
from model.training.synthetic.writing import Hands, Kind, extent, number, text_of, word
from tests.model.training.doubt.test_not_digits import little

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@pytest.fixture
def hands(shared: Path) -> Hands:
    return _hands(shared)


@functools.cache
def _hands(shared: Path) -> Hands:
    given = little(shared)
    return Hands.of(given.ink.train, given.letters.train, given.data.train_images, given.data.train_labels)


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def blank(seed: int) -> tuple[Sheet, Frame]:
    """Return a sheet, and where a number of two digits would be on it."""
    return Sheet((120, 80), random(seed), WHITE, BLACK, 2.0), Frame(30, 20, 90, 60, 40.0)


def examples(hands: Hands) -> Iterator[Example]:
    """Return endless pictures, each from another seed."""
    return (example(hands, random(seed)) for seed in itertools.count())


def test_a_number_has_its_digits_and_signs_and_a_word_has_neither(hands: Hands) -> None:
    kinds = set()
    for seed in range(60):
        row = number(hands, 4, random(seed), signs=True)
        assert len(text_of(row)) == 4
        assert text_of(row).isdecimal()
        kinds |= {mark.kind for mark in row}
        assert all(mark.image is not None or mark.lines for mark in row)
        assert {mark.kind for mark in word(hands, random(seed))} == {Kind.OTHER}
    assert kinds == {Kind.DIGIT, Kind.SIGN}


def test_what_is_written_and_counts_is_the_truth_to_the_pixel(hands: Hands) -> None:
    for seed in range(20):
        sheet, frame = blank(seed)
        sheet.rough = 0.0
        row = number(hands, 2, random(seed), signs=True)
        sheet.write(row, (frame.left, frame.top), frame.high)
        dark = 1 - sheet.picture()[..., 0] / 255
        truth = np.maximum(*sheet.truth.values())
        assert np.abs(dark - truth)[truth == 0].max() < 1e-5
        assert dark[truth > 0.9].min() > 0.3  # no fainter than the pen's texture makes it
        left, top, right, bottom = (side * frame.high for side in extent(row))
        x, y = np.nonzero(sheet.truth[Kind.DIGIT].max(0))[0], np.nonzero(sheet.truth[Kind.DIGIT].max(1))[0]
        assert frame.left + left - 3 <= x.min() <= x.max() <= frame.left + right + 3
        assert frame.top + top - 3 <= y.min() <= y.max() <= frame.top + bottom + 3


@pytest.mark.parametrize("name", AROUND)
def test_what_lies_around_is_drawn_and_no_part_of_the_truth(name: str, hands: Hands) -> None:
    drawn = 0
    for seed in range(30):
        sheet, frame = blank(seed)
        AROUND[name][0](sheet, frame, hands, random(seed))
        drawn += any(mask.max() > 0.05 for mask, _colour in sheet.layers)
        assert not any(truth.any() for truth in sheet.truth.values())
        assert np.isfinite(sheet.picture()).all()
    assert drawn > 20


def test_every_example_is_a_picture_with_a_truth_of_its_size(hands: Hands) -> None:
    seen: set[str] = set()
    for made in itertools.islice(examples(hands), 150):
        seen |= made.kinds
        assert made.grey.dtype == np.uint8
        assert made.grey.shape == made.digits.shape == made.signs.shape
        assert bool(made.text.strip()) == bool((made.digits > 100).any())
        assert paper.LOWEST <= made.high <= paper.HIGHEST
    assert len({*AROUND, *paper.SEEN, *paper.MANY} - seen) < 3


def test_an_example_s_ink_stands_out_where_the_truth_says_so(hands: Hands) -> None:
    clean = (made for made in examples(hands) if made.kinds == {"clean"} and made.text)
    contrasts = []
    for made in itertools.islice(clean, 9):
        apart = np.abs(made.grey.astype(float) - np.median(made.grey))
        ink = np.maximum(made.digits, made.signs)
        near = np.asarray(Image.fromarray(ink).filter(ImageFilter.MaxFilter(7)))
        contrasts.append(apart[ink > 0.8 * ink.max()].mean() - apart[near == 0].mean())
    assert min(contrasts) > 0
    assert np.median(contrasts) > 50


def test_an_example_follows_from_its_seed(hands: Hands) -> None:
    one, same, other = (example(hands, random(seed)) for seed in (3, 3, 4))
    assert one.text == same.text
    assert np.array_equal(one.grey, same.grey)
    assert np.array_equal(one.digits, same.digits)
    assert one.grey.shape != other.grey.shape or not np.array_equal(one.grey, other.grey)


def test_the_desk_and_a_turn_move_the_truth_along() -> None:
    picture, mask = np.full((40, 60, 3), 255.0, np.float32), np.zeros((40, 60), np.float32)
    picture[10:20, 5:30], mask[10:20, 5:30] = 0, 1
    seen, truth = camera.on_desk([picture, mask], random(1))
    assert seen.shape[:2] == truth.shape != mask.shape
    assert (seen[truth == 1] == 0).all()
    assert (truth == 1).sum() == mask.sum()
    image, turned = camera.turned(Image.fromarray(picture.astype(np.uint8)), [Image.fromarray(mask)], 9.0)
    assert image.size == turned.size != (60, 40)
    assert np.asarray(image)[np.asarray(turned) > 0.99].max() < 60


def test_two_tones_keep_the_ink_of_dark_and_of_bright_paper() -> None:
    grey = np.full((20, 20), 200, np.uint8)
    grey[5:10] = 60
    for tones in (grey, 255 - grey):
        seen = np.asarray(camera.two_tones(Image.fromarray(tones)))
        assert set(np.unique(seen)) == {0, 255}
        assert (seen[5:10] == seen[5, 0]).all()
        assert (np.delete(seen, np.s_[5:10], 0) == 255 - seen[5, 0]).all()


def test_windows_are_pictures_in_their_places_with_the_truth(hands: Hands) -> None:
    given, truth, heights = made = windows.windows(hands, 20, random(2))
    assert given.shape == (20, *WINDOW, 3)
    assert truth.shape == (20, *WINDOW, 3)
    inside = given[..., 2] == 0
    assert inside.any((1, 2)).all()
    assert np.array_equal(inside, truth[..., 2] == 255)
    assert not truth[~inside].any()
    assert not given[~inside][..., :2].any()
    assert truth[..., 0].any()
    seen, wanted = windows.batch(made, np.array([4, 0]))
    assert seen.shape == (2, *WINDOW, 3)
    assert wanted.shape == (2, *WINDOW, 4)
    assert np.array_equal(wanted[0, ..., INSIDE], truth[4, ..., 2] / 255)
    assert wanted[..., [DIGIT, SIGN]].max() <= 1
    assert wanted[1, 0, 0, HIGH] == pytest.approx(np.log2(heights[0] / 32))
    assert np.abs(seen[..., :2]).max() <= 127 / 84


def test_fonts_are_those_that_have_digits_and_letters() -> None:
    assert any("DejaVuSans" in name for name in writing.fonts())  # it comes with Matplotlib
    assert not any("emoji" in name.lower() for name in writing.fonts())
