"""Pictures as people have them: any mode, size, tone and light."""

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFilter

from model.ink.render import render
from model.reading import picture as pictures
from model.reading.picture import LARGEST_SIDE, PictureError, greys, resized
from model.reading.recognizer import Recognizer
from tests.model.reading.test_segmentation import FIVE_WITH_LATE_BAR, ONE, SEVEN_WITH_BAR, ZERO, number

NUMBER = (SEVEN_WITH_BAR, FIVE_WITH_LATE_BAR, ZERO, ONE)
FIVE = render(number(FIVE_WITH_LATE_BAR))


def grey(levels: npt.NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))


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
    """Return the picture as from a camera: dark grey ink, uneven light, grain, JPEG."""
    seen = (50 + np.asarray(picture) * 0.72) * light(kind, picture.size)
    seen += np.random.default_rng(4).normal(0, 3, seen.shape)
    file = io.BytesIO()
    grey(seen).save(file, "JPEG", quality=quality)
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


def in_modes() -> list[Image.Image]:
    inverted = FIVE.point(lambda level: 255 - level)
    transparent = Image.merge("LA", (Image.new("L", FIVE.size), inverted))
    yellow = Image.composite(Image.new("RGB", FIVE.size, "#ffee88"), Image.new("RGB", FIVE.size, "#303080"), FIVE)
    return [
        inverted,
        transparent,
        transparent.convert("RGBA"),
        Image.merge("LA", (Image.new("L", FIVE.size, 255), inverted)),  # white on transparent
        FIVE.convert("1"),
        FIVE.convert("P"),
        FIVE.convert("RGB").convert("CMYK"),
        FIVE.convert("I"),
        FIVE.convert("F"),
        Image.fromarray((np.asarray(FIVE).astype(np.uint16)) * 256),
        Image.fromarray(np.asarray(FIVE).astype(np.float32) * 9 - 700),  # no levels that others use
        yellow,
    ]


@pytest.mark.parametrize("picture", in_modes(), ids=lambda picture: picture.mode)
def test_a_digit_is_found_in_every_mode(recognizer: Recognizer, picture: Image.Image) -> None:
    expected, image = recognizer.image(FIVE), recognizer.image(picture)
    assert np.corrcoef(image.ravel(), expected.ravel())[0, 1] > 0.8
    reading = recognizer.recognize(picture)
    assert (reading.text, reading.accepted) == ("5", True)


def test_a_transparent_picture_is_seen_on_white_and_then_on_black() -> None:
    picture = Image.new("LA", (3, 2), (255, 0))
    picture.putpixel((1, 1), (255, 255))
    white, black = greys(picture)
    assert (white == 255).all()
    assert black.tolist() == [[0, 0, 0], [0, 255, 0]]
    assert len(list(greys(picture.convert("L")))) == 1


def test_colours_that_cannot_be_read_are_told(recognizer: Recognizer) -> None:
    with pytest.raises(PictureError, match="LAB"):
        recognizer.recognize(Image.merge("LAB", [FIVE] * 3))


@pytest.mark.parametrize(("spread", "ink"), [(0, 0.25), (4, 0.3), (5, 0.55), (10, 0.55), (15, 0.55)])
def test_faint_and_grainy_ink_is_read(recognizer: Recognizer, spread: float, ink: float) -> None:
    grain = np.random.default_rng(1).normal(0, spread, np.asarray(FIVE).shape)
    picture = grey(235 - (255 - np.asarray(FIVE).astype(float)) * ink + grain)
    assert recognizer.recognize(picture).text == "5"
    expected, image = recognizer.image(FIVE), recognizer.image(picture)
    assert np.corrcoef(image.ravel(), expected.ravel())[0, 1] > 0.9


def test_a_black_speck_does_not_make_pencil_faint(recognizer: Recognizer) -> None:
    pencil = grey(255 - (255 - np.asarray(FIVE).astype(float)) * 0.3)
    ImageDraw.Draw(pencil).ellipse((35, 76, 39, 80), fill=0)  # on the ink
    assert recognizer.recognize(pencil).text == "5"


@pytest.mark.parametrize("width", [9, 40])
def test_thin_and_thick_pens_on_a_large_sheet_are_read(recognizer: Recognizer, width: int) -> None:
    sheet = Image.new("L", (4000, 3000), 255)
    ImageDraw.Draw(sheet).line([(1300, 790), (2050, 700), (1500, 2100)], fill=40, width=width)
    reading = recognizer.recognize(sheet)
    assert reading.text == "7"
    (box,) = (digit.box for digit in reading.digits)
    assert list(box) == pytest.approx([1300, 700, 2050, 2100], abs=120)


@pytest.mark.parametrize("high", [20, 28, 40, 80, 300, 1400])
def test_digits_of_any_size_are_read(recognizer: Recognizer, high: int) -> None:
    scale = high / 100  # the digit alone is 100 pixels high
    picture = FIVE.resize((round(FIVE.width * scale), round(FIVE.height * scale)), Image.Resampling.LANCZOS)
    reading = recognizer.recognize(picture)
    assert reading.text == "5"
    assert reading.digits[0].box.height == pytest.approx(high * 1.1, rel=0.12)  # the pen adds a tenth


def test_a_large_picture_is_reduced() -> None:
    (seen,) = greys(Image.new("RGB", (LARGEST_SIDE * 2 + 1, 30)))
    assert seen.shape == (10, -(-(LARGEST_SIDE * 2 + 1) // 3))


@pytest.mark.parametrize("inverted", [False, True])
def test_mnist_s_own_images_are_read(recognizer: Recognizer, shared: Path, *, inverted: bool) -> None:
    with np.load(shared / "data" / "mnist.npz") as file:
        images, labels = file["x_test"][:300], file["y_test"][:300]
    pictures = [Image.fromarray(255 - image if inverted else image) for image in images]
    right = [recognizer.recognize(picture).text == str(label) for picture, label in zip(pictures, labels, strict=True)]
    assert np.mean(right) > 0.97


def blank_pictures() -> list[Image.Image]:
    grain = np.random.default_rng(0).normal(0, 1, (300, 300))
    return [
        Image.new("L", (280, 280), 255),
        Image.new("1", (50, 50)),
        Image.new("RGBA", (30, 30)),
        Image.new("RGB", (1, 1), (90, 20, 10)),
        Image.fromarray((60_000 + 60 * grain).astype(np.uint16)),
        Image.fromarray((0.9 + 0.001 * grain).astype(np.float32)),
        *(Image.new("F", (30, 30), level) for level in (-5.0, 0.0, 1.0, 70_000.0)),
        grey(240 + grain),
        grey(240 + 4 * grain),
        *(photograph(Image.new("L", (300, 200), 255), kind) for kind in ("gradient", "corners", "shadow")),
    ]


@pytest.mark.parametrize("picture", blank_pictures(), ids=lambda picture: f"{picture.mode}-{picture.width}")
def test_blank_pages_of_any_kind_are_blank(recognizer: Recognizer, picture: Image.Image) -> None:
    image = recognizer.image(picture)
    assert not image.any()
    assert image.shape == (28, 28)
    reading = recognizer.recognize(picture)
    assert (reading.text, reading.hindered) == ("", "blank")


@pytest.mark.parametrize("scale", [0.5, 0.3, 0.1])
def test_a_thin_line_stays_when_ink_is_reduced(scale: float) -> None:
    ink = np.zeros((300, 200), np.uint8)
    ink[:, 100] = 255
    found = np.asarray(resized(ink, scale))
    assert found.shape == (300 * scale, 200 * scale)
    assert found.max(1).min() > 120
    assert np.count_nonzero(found.max(0) > 100) <= 2


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.73, 0.99, 1])
def test_percentiles_of_counts_are_those_of_the_numbers(share: float) -> None:
    for numbers in ([7], [0, 0, 9], [0, 1, 2, 3], [5, 5, 6, 200, 255], [*range(0, 100, 7)]):
        assert pictures.percentile(np.bincount(numbers), share) == pytest.approx(np.percentile(numbers, 100 * share))


@pytest.mark.parametrize(
    ("levels", "seen"),
    [
        ([0, 0.5, 1], [0, 127, 255]),
        ([0, 2, 255], [0, 2, 255]),
        ([0, 256, 65_535], [0, 0, 255]),
        ([0, 35_000, 70_000], [0, 127, 255]),
        ([-10, 0, 10], [0, 127, 255]),
        ([-3, -2, -1], [0, 127, 255]),
        ([float("nan"), float("inf"), 1], [0, 0, 255]),
        ([float("-inf"), 0, 255], [0, 0, 255]),
    ],
)
def test_levels_of_any_range_are_256_greys(levels: list[float], seen: list[int]) -> None:
    picture = Image.fromarray(np.array([levels], np.float32))
    for mode in ("L", "RGBA"):
        found = pictures.reduced(picture, mode)
        assert (found.mode, list(found.tobytes())) == ("L", seen)
    if max(levels) > 255:
        assert pictures.reduced(Image.fromarray(np.array([levels], np.int32)), "L").tobytes() == bytes(seen)


def test_a_picture_is_reduced_a_tile_at_a_time_as_if_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.effect_noise((83, 131), 90)
    monkeypatch.setattr(pictures, "TILE_SIDE", 32)
    for most, by in ((131, 1), (130, 2), (66, 2), (65, 3), (9, 15), (3, 44)):
        assert pictures.factor(picture, most) == by
        assert pictures.reduced(picture, "L", most).tobytes() == picture.reduce(by).tobytes()


def test_the_mean_width_of_ink_is_its_area_over_half_its_edge() -> None:
    for box, edges in (((0, 0, 9, 9), 40), ((3, 4, 6, 5), 12), ((0, 5, 9, 5), 22), ((2, 0, 2, 0), 4)):
        ink = Image.new("L", (10, 10))
        ImageDraw.Draw(ink).rectangle(box, 128)
        area = (box[2] - box[0] + 1) * (box[3] - box[1] + 1)
        assert pictures.ink_width(ink) == pytest.approx(2 * area / (edges * np.pi / 4))
    assert pictures.ink_width(Image.new("L", (10, 10), 127)) == 0


def test_ink_keeps_its_strongest_pixels_when_it_becomes_half_as_large_or_less() -> None:
    ink = np.zeros((7, 11), np.uint8)
    ink[3, 5] = ink[6, 10] = 200
    assert resized(ink, 0.5).size == (6, 4)
    assert resized(ink, 0.01).size == (1, 1)
    assert pictures._reduced_by_strongest(ink, 2).tolist() == [[0] * 6, [0, 0, 200, 0, 0, 0], [0] * 6, [0] * 5 + [200]]
    assert np.asarray(resized(ink, 1)).tolist() == ink.tolist()
