"""Parts of a picture at any zoom."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.page.levels import LARGEST, Levels
from model.ink.ink import Box


def halves(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Return a picture that is black on the left and white on the right."""
    picture = Image.new("L", size, "black")
    picture.paste(255, (size[0] // 2, 0, *size))
    return picture


@pytest.mark.parametrize("size", [(400, 300), (3000, 2250), (6000, 4500)])
def test_a_part_is_what_is_there_in_any_size(size: tuple[int, int]) -> None:
    levels = Levels(halves(size))
    assert levels.size == size
    for by in (0.5, 1.0, 3.0):
        wide, high = size[0] / 4, size[1] / 4
        middle = Box(size[0] / 2 - wide / 2, high, size[0] / 2 + wide / 2, 2 * high)
        shown = round(wide * min(by, 1000 / wide)), round(high * min(by, 1000 / wide))
        grey = np.asarray(levels.part(middle, shown).convert("L"))
        assert grey.shape == shown[::-1]
        assert grey[:, : shown[0] // 2 - 6].max() == 0
        assert grey[:, shown[0] // 2 + 6 :].min() == 255


def test_what_is_beyond_the_edges_is_white() -> None:
    levels = Levels(Image.new("RGB", (40, 30), "black"))
    grey = np.asarray(levels.part(Box(-10, -10, 30, 20), (80, 60)).convert("L"))
    assert (grey == 0).nonzero()[0].min() == 20
    assert (grey == 0).nonzero()[1].min() == 20
    assert grey[20:, 20:].max() == 0
    assert np.asarray(levels.part(Box(50, 50, 60, 60), (8, 8))).min() == 255


def test_pictures_of_all_kinds_are_shown_on_white() -> None:
    clear = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    deep = Image.fromarray(np.full((30, 40), 65535, np.uint16))
    for picture in (clear, deep, Image.new("1", (40, 30), 1), Image.new("CMYK", (40, 30)), halves().convert("P")):
        corner = Levels(picture).part(Box(*picture.size, *picture.size)._replace(left=0, top=0), (40, 30))
        assert corner.getpixel((39, 29)) == (255, 255, 255), picture.mode


def test_no_more_is_kept_than_can_be_looked_at() -> None:
    kept = Levels(Image.new("L", (2 * LARGEST, 100)))
    assert kept.part(Box(0, 0, 2 * LARGEST, 100), (400, 5)).size == (400, 5)
    assert max(level.width for level in kept._levels) <= LARGEST
