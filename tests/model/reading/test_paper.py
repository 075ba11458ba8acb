"""Photographs of numbers: uneven light, grain and JPEG."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFilter

from model.ink.render import render
from model.reading.normalize import normalize
from model.reading.paper import evened
from model.reading.recognizer import Recognizer
from tests.model.reading.test_segmentation import FIVE_WITH_LATE_BAR, ONE, SEVEN_WITH_BAR, SLASHED_ZERO, ZERO, number

NUMBER = (SEVEN_WITH_BAR, FIVE_WITH_LATE_BAR, ZERO, ONE)


def light(kind: str, size: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Return how much light falls on each pixel, at most 1."""
    down, across = np.mgrid[0 : size[1], 0 : size[0]] / max(size)
    if kind == "gradient":
        return np.asarray(0.5 + 0.5 * across)
    if kind == "corners":
        return np.asarray(1 - 0.9 * (across - 0.5) ** 2 - 0.9 * (down - 0.2) ** 2)
    shadow = Image.fromarray(np.where(across + 0.4 * down < 0.45, 140, 255).astype(np.uint8))
    return np.asarray(shadow.filter(ImageFilter.GaussianBlur(6)), np.float64) / 255


def photograph(picture: Image.Image, kind: str, quality: int = 60) -> Image.Image:
    """Return the picture as a camera would give it: dark grey ink, uneven light, grain, JPEG."""
    seen = (50 + np.asarray(picture) * 0.72) * light(kind, picture.size)
    seen += np.random.default_rng(4).normal(0, 3, seen.shape)
    file = io.BytesIO()
    Image.fromarray(seen.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return Image.open(file)


@pytest.mark.parametrize("kind", ["gradient", "corners", "shadow"])
@pytest.mark.parametrize("quality", [35, 85])
def test_a_photographed_number_is_read(recognizer: Recognizer, kind: str, quality: int) -> None:
    assert recognizer.recognize(photograph(render(number(*NUMBER)), kind, quality)).text == "7501"


@pytest.mark.parametrize("kind", ["gradient", "corners", "shadow"])
def test_a_photographed_digit_is_read(recognizer: Recognizer, kind: str) -> None:
    picture = Image.new("L", (400, 300), 255)
    picture.paste(render(number(SEVEN_WITH_BAR)), (120, 60))
    assert recognizer.recognize(photograph(picture, kind)).text == "7"


@pytest.mark.parametrize("digits", [NUMBER, (SLASHED_ZERO,), (ONE,)])
def test_a_picture_in_even_light_is_let_alone(digits: tuple[list[list[list[float]]], ...]) -> None:
    grey = np.asarray(render(number(*digits)))
    assert evened(grey) is grey
    inverted = 255 - grey
    assert evened(inverted) is inverted


def test_a_black_picture_is_let_alone() -> None:
    black = np.zeros((120, 120), np.uint8)
    assert evened(black) is black


def test_uneven_paper_without_ink_is_blank() -> None:
    for kind in ("gradient", "corners"):
        empty = Image.new("L", (300, 200), 255)
        assert not normalize(photograph(empty, kind)).any(), kind
