"""What's computed in a fast way, next to the plain way that defines it: both agree to the last bit."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from model.ink.ink import Box
from model.ink.render import render
from model.reading import cuts, parts
from model.reading.connected import connected_parts
from model.reading.normalize import Image28
from model.reading.parts import EDGE, SOLID, InkPart
from model.reading.picture import Grey, ink_width, percentile
from model.reading.reading import Prediction
from model.reading.segmentation import search
from tests.model.reading.test_segmentation import FIVE_WITH_LATE_BAR, ONE, SEVEN_WITH_BAR, SLASHED_ZERO, ZERO, number

SIZES = ((1, 1), (1, 9), (9, 1), (28, 28), (64, 40), (65, 40), (97, 130))


def pages() -> Iterator[Grey]:
    """Yield all kinds of grey pictures: noise, one grey, steps, and ink on paper: bright, inverted, faint, grainy."""
    chance = np.random.default_rng(5)
    for shape in SIZES:
        yield chance.integers(0, 256, shape, np.uint8)
        yield np.full(shape, chance.integers(256), np.uint8)
        yield chance.choice(np.array([0, 120, 255], np.uint8), shape)
    for digits in ((SEVEN_WITH_BAR,), (ZERO, ONE), (SLASHED_ZERO, FIVE_WITH_LATE_BAR, SEVEN_WITH_BAR)):
        page = np.asarray(render(number(*digits)))
        yield page
        yield 255 - page
        yield 140 + page // 8
        yield np.clip(page * 0.8 + chance.normal(0, 12, page.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_a_percentile_of_what_is_counted_is_that_of_the_numbers(share: float) -> None:
    chance = np.random.default_rng(1)
    for count in (1, 2, 3, 4, 5, 100, 1001):
        values = chance.integers(0, 256, count)
        assert percentile(np.bincount(values), share) == np.percentile(values, 100 * share)


def test_the_width_of_ink_counts_the_edges_of_the_picture_too() -> None:
    for page in pages():
        ink = np.pad(page > 127, 1)
        edges = np.count_nonzero(np.diff(ink, axis=0)) + np.count_nonzero(np.diff(ink, axis=1))
        assert ink_width(Image.fromarray(page)) == (2 * np.count_nonzero(ink) / (edges * np.pi / 4) if edges else 0)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 1.0])
def test_edges_go_to_the_part_above_below_left_or_right_of_them_in_this_order(share: float) -> None:
    chance = np.random.default_rng(6)
    for shape in SIZES:
        inked = chance.random(shape) < 0.8
        numbers = connected_parts(inked & (chance.random(shape) < share))
        plain = numbers
        for _ in range(EDGE):
            padded = np.pad(plain, 1)
            for near in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]):
                plain = np.where((plain == 0) & inked, near, plain)
        assert (parts._with_edges(numbers, inked) == plain).all()


def plain_way(costs: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Find the way through one band, row by row and pixel by pixel."""
    total, steps = costs[0], []
    for row in costs[1:]:
        beyond = np.pad(total, 1, constant_values=np.inf)
        ways = np.stack([beyond[:-2] + np.float32(cuts.SIDE_COST), total, beyond[2:] + np.float32(cuts.SIDE_COST)])
        steps.append(ways.argmin(0) - 1)
        total = ways.min(0) + row
    places = [int(total.argmin())]
    for step in reversed(steps):
        places.append(places[-1] + step[places[-1]])
    return np.array(places[::-1]), total.min()


def test_the_cheapest_way_in_each_band_is_the_one_that_is_found_alone() -> None:
    chance = np.random.default_rng(7)
    for shape in ((1, 1, 1), (1, 3, 5), (20, 4, 1), (30, 6, 9)):
        costs = (chance.integers(0, 4, shape) / 4).astype(np.float32)  # many are equal; the first cheapest counts
        found = cuts._cheapest(costs.copy())
        for band in range(shape[1]):
            places, price = plain_way(costs[:, band])
            assert (found[0][band] == places).all()
            assert found[1][band] == price


def test_bands_have_the_prices_of_their_columns_and_none_beside_the_ink() -> None:
    prices = np.random.default_rng(8).random((6, 10)).astype(np.float32)
    starts = np.random.default_rng(9).integers(-15, 15, (6, 8))
    for bands in (starts, np.full((6, 1), 2)):
        columns = bands[..., None] + np.arange(5)
        plain = prices[np.arange(6)[:, None, None], columns.clip(0, 9)]
        plain[(columns < 1) | (columns > 9)] = 0
        assert (cuts._in_bands(prices, bands, 5) == plain).all()


def test_what_a_seam_leaves_is_as_tall_as_its_ink() -> None:
    chance = np.random.default_rng(10)
    told = []
    for _ in range(300):
        ink = np.where(chance.random((12, 8)) < chance.choice([0.02, 0.1, 0.4]), 255, 0).astype(np.uint8)
        seam = chance.integers(-2, 11, 12)
        right = np.arange(8) >= seam[:, None]
        sides = [np.flatnonzero((ink * side).any(1)) for side in (right, ~right)]
        plain = all(rows.size and rows[-1] - rows[0] >= cuts.LEAST_LEFT * 12 for rows in sides)
        told.append(cuts._leaving_two(ink)(seam))
        assert told[-1] == plain
    assert any(told)
    assert not all(told)


class Hashing:
    """Reads a digit and a doubt that depend on every pixel, and counts how often it's asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, image: Image28) -> Prediction:
        self.count += 1
        chance = np.random.default_rng(image.view(np.uint32).ravel())
        digits = chance.dirichlet(np.full(10, 0.1))
        return Prediction(tuple(digits.tolist()), self.doubt(image))

    def doubt(self, image: Image28) -> float:
        """Return only the doubt."""
        return float(np.random.default_rng(image.view(np.uint32).ravel()).random() ** 4)


def test_no_group_of_slices_that_is_passed_over_would_have_read_better() -> None:
    spared = 0
    for count in range(2, 7):
        for pen in (5.0, 8.0, 11.0):
            picture = Image.new("L", (30 + 55 * count, 120))
            for place in range(count):
                ImageDraw.Draw(picture).ellipse((10 + 55 * place, 10, 75 + 55 * place, 110), outline=255, width=8)
            mask = np.asarray(picture) > SOLID
            part, ink = InkPart(mask, Box(0, 0, *picture.size), 0), np.where(mask, np.uint8(255), np.uint8(0))
            slices = parts._sliced(ink, [part], pen, 120, 8)[part]
            plain, quick = Hashing(), Hashing()
            every = search(parts._pieces(parts._Reader(ink, plain, lambda _: 0.0), slices, pen))
            found = search(parts._pieces(parts._Reader(ink, quick, quick.doubt), slices, pen, are_cut=True))
            assert [group.members for group in found] == [group.members for group in every]
            spared += plain.count - quick.count
    assert spared > 20
