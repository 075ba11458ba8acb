import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from model.reading.normalize import (
    BOLDEST,
    BOX,
    MIDDLE,
    PEN,
    THINNEST,
    Image28,
    fit_drawing,
    fit_ink,
    normalize_drawing,
    normalize_ink,
)
from model.reading.picture import Grey, ink_width

Strokes = Sequence[Sequence[tuple[float, float]]]

FIVE = [[(90, 60), (80, 140), (170, 150), (180, 220), (80, 235)], [(90, 60), (190, 55)]]
ONE = [[(140, 50), (140, 230)]]
SEVEN = [[(80, 60), (200, 60), (130, 230)]]
ALL = [FIVE, ONE, SEVEN]


def drawn(strokes: Strokes, width: float = 20) -> Drawing:
    return Drawing(tuple(Stroke(tuple(Point(*place) for place in stroke)) for stroke in strokes), width, (280, 280))


def moved(strokes: Strokes, scale: float, dx: float, dy: float) -> Drawing:
    return drawn([[(x * scale + dx, y * scale + dy) for x, y in stroke] for stroke in strokes])


def ink_of(picture: Image.Image) -> Grey:
    """Return the box around a picture's dark pixels, as ink."""
    ink = ImageOps.invert(picture)
    return np.asarray(ink.crop(ink.getbbox()))


def normalize(subject: Drawing | Image.Image) -> Image28:
    return normalize_drawing(subject) if isinstance(subject, Drawing) else normalize_ink(ink_of(subject))


def middle_of_mass(image: Image28) -> tuple[float, float]:
    places = np.arange(28) + 0.5
    return float(image.sum(0) @ places / image.sum()), float(image.sum(1) @ places / image.sum())


def extent(image: Image28) -> tuple[int, int]:
    """Return the width and height, in pixels, of what's at least half ink."""
    rows, columns = np.nonzero(image >= 0.5)
    return int(columns.max() - columns.min() + 1), int(rows.max() - rows.min() + 1)


@pytest.mark.parametrize("strokes", ALL)
@pytest.mark.parametrize("picture", [False, True])
def test_the_image_is_what_the_network_takes(strokes: Strokes, picture: bool) -> None:
    image = normalize(render(drawn(strokes)) if picture else drawn(strokes))
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert image.min() == 0
    assert 0.9 < image.max() <= 1
    width, height = extent(image)
    assert max(width, height) in (BOX - 1, BOX, BOX + 1)
    assert middle_of_mass(image) == pytest.approx((MIDDLE, MIDDLE), abs=0.1)


@pytest.mark.parametrize("strokes", ALL)
def test_size_place_and_pen_of_ink_do_not_matter(strokes: Strokes) -> None:
    image = normalize(drawn(strokes))
    for other in (moved(strokes, 0.3, 10, -5), moved(strokes, 40, -9000, 500), drawn(strokes, width=3)):
        assert normalize(other) == pytest.approx(image, abs=1e-3)


def test_how_many_points_a_line_has_does_not_matter() -> None:
    for strokes in ALL:
        image = normalize(drawn(strokes))
        for count in (3, 40, 4000):
            fine = [
                [
                    (x + (right - x) * k / count, y + (below - y) * k / count)
                    for (x, y), (right, below) in pairwise(stroke)
                    for k in range(count + 1)
                ]
                for stroke in strokes
            ]
            assert normalize(drawn(fine)) == pytest.approx(image, abs=2e-3)


@pytest.mark.parametrize("pen", [1.2, 5.0])
@pytest.mark.parametrize("strokes", ALL)
def test_a_wider_pen_fills_the_same_box(strokes: Strokes, pen: float) -> None:
    image = normalize_drawing(drawn(strokes), pen)
    assert max(extent(image)) in (BOX - 1, BOX, BOX + 1)
    assert middle_of_mass(image) == pytest.approx((MIDDLE, MIDDLE), abs=0.1)


def test_a_narrow_one_stays_narrow() -> None:
    for subject in (drawn(ONE), render(drawn(ONE)), render(drawn(ONE, width=8))):
        width, height = extent(normalize(subject))
        assert width <= 4
        assert height >= BOX - 1


def test_a_five_keeps_its_bar() -> None:
    bar = [FIVE[1]]
    away = [(x + 14, y - 16) for x, y in FIVE[1]]  # lifted off, so that it's a separate part
    for strokes in (FIVE, [FIVE[0], away]):
        for subject in (drawn(strokes), render(drawn(strokes, width=12))):
            with_bar, without = normalize(subject), normalize(drawn(strokes[:1]))
            top_right = with_bar[:12, 14:].sum()
            assert top_right > without[:12, 14:].sum() + 3, bar


def test_the_middle_of_mass_goes_to_the_middle_and_not_away_from_it() -> None:
    heavy_below = drawn([[(140, 40), (140, 240)], [(100, 240), (180, 240)], [(100, 230), (180, 230)]])
    for subject in (heavy_below, render(heavy_below)):
        image = normalize(subject)
        rows = np.flatnonzero(image.max(1) > 0.5)
        assert middle_of_mass(image)[1] == pytest.approx(MIDDLE, abs=0.1)
        assert rows.min() < 4  # so the box has moved up


def test_blank_is_blank() -> None:
    for image in (normalize(Drawing()), normalize_ink(np.zeros((3, 5), np.uint8))):
        assert not image.any()
        assert image.shape == (28, 28)
        assert image.dtype == np.float32


def test_a_dot_is_a_dot() -> None:
    image = normalize(drawn([[(0, 0)]]))
    assert image.sum() == pytest.approx(np.pi * (PEN / 2) ** 2, rel=0.1)
    assert middle_of_mass(image) == pytest.approx((MIDDLE, MIDDLE), abs=0.05)
    assert normalize(drawn([[(5, 5), (5, 5), (5, 5)]])) == pytest.approx(image)


@pytest.mark.parametrize("turns", range(4))
def test_ink_is_never_cut_off_by_centring(turns: int) -> None:
    head = [[(30, y), (250, y)] for y in range(20, 46, 6)]  # so heavy that its centre of mass can't reach the middle
    hammer = [*head, [(140, 20), (140, 240)]]
    for _ in range(turns):
        hammer = [[(280 - y, x) for x, y in stroke] for stroke in hammer]
    fitted = fit_drawing(drawn(hammer))
    ends = np.concatenate([fitted.starts, fitted.ends]) + fitted.place
    assert ends.min() >= PEN / 2 - 1e-4
    assert ends.max() <= 28 - PEN / 2 + 1e-4
    middle = middle_of_mass(normalize(drawn(hammer)))
    assert middle == pytest.approx(fitted.place + fitted.centre, abs=0.05)
    assert abs(middle[turns % 2 == 0] - MIDDLE) > 0.3
    for subject in (drawn(hammer), render(drawn(hammer, width=6))):
        image = normalize(subject)
        assert image[:, :2].any() or image[:, -2:].any() or image[:2].any() or image[-2:].any()
        assert min(extent(image)) >= BOX - 1


@pytest.mark.parametrize("strokes", ALL)
def test_picture_and_ink_of_a_drawing_look_alike(strokes: Strokes) -> None:
    for width in (8, 14, 20, 26):
        image, picture = normalize(drawn(strokes)), normalize(render(drawn(strokes, width)))
        assert np.corrcoef(image.ravel(), picture.ravel())[0, 1] > 0.9


def test_thin_parts_of_bold_ink_are_kept() -> None:
    for bar in (12, 20, 40):
        letter = Image.new("L", (280, 280), 255)
        pen = ImageDraw.Draw(letter)
        pen.line([(140, 40), (140, 250)], fill=0, width=60)
        pen.line([(20, 40), (260, 40)], fill=0, width=bar)
        assert extent(normalize(letter))[0] >= BOX - 3, bar


@pytest.mark.parametrize("extent_of_ink", [5e-324, 1e-300, 1e-12, 1e-6, 1e6])
def test_ink_of_any_size_gives_numbers(extent_of_ink: float) -> None:
    image = normalize(drawn([[(0, 0), (extent_of_ink, 0)], [(0, 0)]]))
    assert np.isfinite(image).all()
    assert image.max() > 0.9


def test_a_blot_stays_a_blot() -> None:
    blot = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(blot).rectangle((60, 60, 140, 140), fill=0)
    assert normalize(blot).sum() > 250
    assert normalize(blot).max() == 1


@pytest.mark.parametrize("width", [6, 60, 200])
def test_ink_is_made_bolder_and_thinner_alike_on_all_sides(width: int) -> None:
    picture = Image.new("L", (1200, 1200), 255)
    ImageDraw.Draw(picture).ellipse((200, 200, 1000, 1000), outline=0, width=width)
    ring = normalize(picture)
    assert np.roll(ring[:, ::-1], 1, 1) == pytest.approx(ring, abs=0.12)  # 14.5 is half a pixel from the middle
    assert np.roll(ring[::-1], 1, 0) == pytest.approx(ring, abs=0.12)
    assert ring == pytest.approx(ring.T, abs=0.12)


@pytest.mark.parametrize(("width", "wanted"), [(10, THINNEST), (100, 2.5), (140, BOLDEST), (195, BOLDEST)])
def test_ink_is_made_as_wide_as_most_of_mnist_s(width: int, wanted: float) -> None:
    picture = Image.new("L", (1200, 1200), 255)
    ImageDraw.Draw(picture).ellipse((200, 200, 1000, 1000), outline=0, width=width)
    field = fit_ink(ink_of(picture))
    assert ink_width(field) / 8 == pytest.approx(wanted, abs=0.25)  # the field is eight times as fine
    left, top, right, bottom = field.getbbox() or (0, 0, 0, 0)
    assert ((right - left) / 8, (bottom - top) / 8) == pytest.approx((BOX, BOX), abs=0.5)


def test_a_thin_line_is_made_as_bold_in_every_direction() -> None:
    widths = []
    for angle in (0, 22.5, 45, 67.5, 90):
        across, down = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        picture = Image.new("L", (1200, 1200), 255)
        ends = [(600 - 400 * across, 600 - 400 * down), (600 + 400 * across, 600 + 400 * down)]
        ImageDraw.Draw(picture).line(ends, fill=0, width=6)
        widths.append(normalize(picture).sum() / BOX * max(across, down))
    assert min(widths) > 1.7
    assert max(widths) < 2.1


def test_mnist_is_left_as_it_is(shared: Path) -> None:
    with np.load(shared / "data" / "mnist.npz") as file:
        images = file["x_test"][:500]
    correlations = [np.corrcoef(scan.ravel(), normalize(Image.fromarray(255 - scan)).ravel())[0, 1] for scan in images]
    assert min(correlations) > 0.5  # the boldest and the thinnest are redrawn
    assert np.mean(correlations) > 0.93


def test_mnist_lies_where_we_put_ink(shared: Path) -> None:
    with np.load(shared / "data" / "mnist.npz") as file:
        middles = np.array([middle_of_mass(scan / np.float32(255)) for scan in file["x_test"][:2000]])
    assert middles.mean(0) == pytest.approx((MIDDLE, MIDDLE), abs=0.05)


def test_ink_of_real_people_is_placed_as_mnist_is(shared: Path) -> None:
    with (shared / "data" / "pad-digits.jsonl").open("rb") as lines:
        for line, _ in zip(lines, range(200), strict=False):
            image = normalize(Drawing.from_json(json.loads(line)))
            assert middle_of_mass(image) == pytest.approx((MIDDLE, MIDDLE), abs=0.1)
            assert max(extent(image)) in (BOX - 1, BOX, BOX + 1)
