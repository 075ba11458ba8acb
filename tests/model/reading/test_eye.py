"""The built-in eye finds written digits, of any size and tone, and says how high they are."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from model.ink.ink import Box
from model.ink.render import render
from model.reading.connected import Mask
from model.reading.eye import AROUND, HIGHEST, LARGEST, LOWEST, MARGIN, PLANES, SCALE, Eye, planes, seen
from model.reading.picture import Grey
from model.reading.recognizer import Recognizer
from model.reading.sight import ENLARGED, FAINTEST, HEIGHT, LIKELY, Floats, Sight
from tests.model.reading.test_segmentation import FIVE_WITH_LATE_BAR, SEVEN_WITH_BAR, ZERO, Strokes, number

WIDE, HIGH = 240, 200
LEFT, TOP = 85, 40  # of the digit, which is 110 pixels high including the pen's width


@pytest.fixture(scope="module")
def eye(recognizer: Recognizer) -> Eye:
    return recognizer.eye


def page(digit: Strokes = FIVE_WITH_LATE_BAR) -> Image.Image:
    """Return a page with a digit in its middle."""
    sheet = Image.new("L", (WIDE, HIGH), 245)
    ink = render(number(digit)).crop((20, 30, 100, 160))
    sheet.paste(40, (LEFT - 5, TOP - 5), Image.eval(ink, lambda level: 255 - level))
    return sheet


def at_scale(picture: Image.Image, scale: float) -> Image.Image:
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def found(sight: Sight) -> Box:
    """Return the box around what's likely ink, in the picture's pixels."""
    rows, columns = np.nonzero(sight.digits > LIKELY)
    edges = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    return Box(*(float(edge) * sight.factor for edge in edges))


@pytest.mark.parametrize("scale", [0.2, 0.4, 1, 3, 8])
@pytest.mark.parametrize("digit", [FIVE_WITH_LATE_BAR, SEVEN_WITH_BAR, ZERO], ids=["5", "7", "0"])
def test_a_digit_of_any_size_is_found_and_its_height_told(eye: Eye, digit: Strokes, scale: float) -> None:
    sight = seen(at_scale(page(digit), scale), eye)
    assert sight.high * sight.factor == pytest.approx(110 * scale, rel=0.2)
    box = found(sight)
    assert (box.top, box.bottom) == pytest.approx((TOP * scale, (TOP + 110) * scale), abs=9 * scale)
    assert box.left == pytest.approx(LEFT * scale, abs=9 * scale)


@pytest.mark.parametrize(
    ("ink", "paper"), [(0, 255), (200, 235), (120, 160), (60, 90), (255, 0), (230, 40), (150, 110)]
)
def test_a_digit_of_any_tone_is_found(eye: Eye, ink: int, paper: int) -> None:
    drawn = np.asarray(page()).astype(float)
    levels = ink + (drawn - 40) / (245 - 40) * (paper - ink)
    sight = seen(Image.fromarray(levels.round().clip(0, 255).astype(np.uint8)), eye)
    box = found(sight)
    assert (box.top, box.bottom) == pytest.approx((TOP, TOP + 110), abs=9)
    assert sight.high * sight.factor == pytest.approx(110, rel=0.2)


def around(kind: str) -> Image.Image:
    """Return the marks that people make around a number, without a number."""
    sheet = Image.new("L", (WIDE, HIGH), 245)
    pen = ImageDraw.Draw(sheet)
    match kind:
        case "ruled":
            for y in range(25, HIGH, 33):
                pen.line((0, y, WIDE, y), fill=150, width=2)
        case "squared":
            for x in range(10, WIDE, 22):
                pen.line((x, 0, x, HIGH), fill=175)
            for y in range(10, HIGH, 22):
                pen.line((0, y, WIDE, y), fill=175)
        case "frame":
            pen.rectangle((40, 18, 200, 180), outline=60, width=3)
        case "ring":
            pen.ellipse((35, 8, 205, 190), outline=60, width=4)
        case "desk":
            pen.rectangle((0, 0, 24, HIGH), fill=90)
            pen.rectangle((0, 182, WIDE, HIGH), fill=90)
    return sheet


KINDS = ("ruled", "squared", "frame", "ring", "desk")


@pytest.mark.parametrize("kind", KINDS)
def test_lines_frames_rings_and_desks_are_left_out(eye: Eye, kind: str) -> None:
    marks, digit = around(kind), page()
    both = Image.fromarray(np.minimum(np.asarray(marks), np.asarray(digit)))
    sight = seen(both, eye)
    shape = (sight.digits.shape[1], sight.digits.shape[0])
    is_ink = np.asarray(digit.resize(shape)) < 140
    is_mark = (np.asarray(marks.resize(shape)) < 240) & (np.asarray(digit.resize(shape)) > 240)
    taken = sight.digits > LIKELY
    assert taken[is_ink].mean() > 0.85
    assert taken[is_mark].mean() < 0.1
    assert sight.high * sight.factor == pytest.approx(110, rel=0.2)


@pytest.mark.parametrize("kind", ["blank", *KINDS])
def test_no_digit_is_read_on_paper_without_one(recognizer: Recognizer, kind: str) -> None:
    reading = recognizer.recognize(around(kind))
    assert not reading.accepted or (kind, reading.text) == ("ring", "0")  # a ring may be a 0


def test_blank_paper_has_no_ink(eye: Eye) -> None:
    sight = seen(around("blank"), eye)
    assert (sight.high, sight.clearness, sight.ink()) == (0, 0, None)


@pytest.mark.parametrize("scale", [0.4, 1, 8])
def test_ink_goes_back_to_the_picture_s_pixels(eye: Eye, scale: float) -> None:
    ink = seen(at_scale(page(), scale), eye).ink()
    assert ink
    height, width = ink.grey.shape
    box = ink.place(Box(0, 0, width, height))
    assert (box.top, box.bottom) == pytest.approx((TOP * scale, (TOP + 110) * scale), abs=9 * scale)
    whole = ink.place(ink.sheet)
    assert list(whole) == pytest.approx([0, 0, WIDE * scale, HIGH * scale], abs=2 * scale + 2)


def test_digits_come_out_high_enough_to_be_read() -> None:
    for high in (20.0, 40.0, 79.0, 300.0):
        digits = np.zeros((60, 50), np.float32)
        digits[10:50, 20:30] = 1
        digits[10:50, 30] = FAINTEST - 0.01  # too faint to count
        grey = np.zeros((60, 50), np.uint8)
        ink = Sight(grey, digits, digits * 0, high, 2.0, grey).ink()
        assert ink
        zoom = min(max(HEIGHT / high, 1), ENLARGED)
        assert ink.grey.shape == (round(40 * zoom), round(10 * zoom))
        assert ink.factor == 2 / zoom
        assert list(ink.place(Box(0, 0, 10 * zoom, 40 * zoom))) == pytest.approx([40, 20, 60, 100])


class Watched(Eye):
    """Records what it sees at each scale, and answers like the given eye."""

    def __init__(self, eye: Eye):
        self._network = eye._network
        self.looked: list[Sight] = []

    def _at(self, grey: Grey, scale: float, outside: Mask | None = None) -> Sight:
        self.looked.append(super()._at(grey, scale, outside))
        return self.looked[-1]


@pytest.mark.parametrize(("margin", "uneven", "times"), [(0, False, 1), (360, True, 2), (360, False, 1)])
def test_it_looks_again_where_digits_are_not_as_high_as_it_knows_them_best(
    eye: Eye, margin: int, uneven: bool, times: int
) -> None:
    """On even paper it knows the height from the start."""
    watched = Watched(eye)
    picture = ImageOps.expand(page(), margin, 245)
    if uneven:
        picture.putpixel((0, 0), 243)
    sight = seen(picture, watched)
    assert len(watched.looked) == times
    assert LOWEST <= watched.looked[-1].high <= HIGHEST
    assert [sight.high * sight.factor, found(sight).height] == pytest.approx([110, 110], rel=0.2)


def given(eye: Eye, grey: Grey) -> tuple[Floats, Sight]:
    """Return what an eye gives its network for a picture, and what it sees if the answer is that all may be ink."""
    pictures: list[Floats] = []

    class Network:
        def run(self, picture: Floats) -> Floats:
            pictures.append(picture)
            return np.zeros(picture.shape, np.float32)

    watched = Watched(eye)
    watched._network = Network()  # type: ignore[assignment]
    sight = watched._at(grey, 1.0)
    (picture,) = pictures
    return picture, sight


def test_what_lies_outside_of_the_picture_is_told(eye: Eye) -> None:
    """The network gets pictures with sides that it can halve, and a mask of the pixels outside the picture."""
    picture, _sight = given(eye, np.random.default_rng(0).integers(190, 210, (50, 70), np.uint8))
    assert picture.shape == (80, 96, PLANES)
    assert not any(side % SCALE for side in picture.shape[:2])
    inside = picture[MARGIN : MARGIN + 50, MARGIN : MARGIN + 70, 2]
    assert not inside.any()
    assert picture[..., 2].sum() == 80 * 96 - 50 * 70


def test_even_paper_goes_on_beyond_the_edge(eye: Eye) -> None:
    """A digit that fills a drawing stands alone. Otherwise a large zero would be a ring, and a bar would go on."""
    grey = np.full((50, 70), 200, np.uint8)
    grey[1:49, 30:36] = 20
    picture, _sight = given(eye, grey)
    assert not picture[..., 2].any()
    assert np.unique(picture[:10, :, 0]).size == 1


def test_even_paper_is_not_looked_at_far_from_what_is_written(eye: Eye) -> None:
    grey = np.full((200, 300), 200, np.uint8)
    grey[60:70, 130:140] = grey[60:70, 280:290] = 0
    picture, sight = given(eye, grey)
    top, left = 60 - AROUND, 130 - AROUND
    assert picture.shape == (64, 208, PLANES)  # for 50 by 192 pixels, up to the edge and its margin
    ink = picture[AROUND : AROUND + 10, AROUND:, 0]
    assert (ink[:, :10] < -1).all()
    assert (ink[:, 150:160] < -1).all()
    assert (sight.digits[top : top + 64, left:] == 0.5).all()
    assert np.count_nonzero(sight.digits) == 64 * (300 - left)


def test_a_speck_on_a_large_page_makes_it_look_at_no_more_than_it_may(eye: Eye) -> None:
    grey = np.full((1024, 1024), 255, np.uint8)
    grey[500, 500] = 0
    watched = Watched(eye)
    watched.look(grey)
    assert max(sight.grey.size for sight in watched.looked) < LARGEST * 1.01


def test_planes_are_stretched_and_those_of_even_paper_are_not() -> None:
    flat = planes(np.full((40, 40), 128, np.uint8))
    assert np.abs(flat).max() < 0.01
    dark, light = planes(np.asarray(page())), planes(np.asarray(page()) // 4 + 150)
    assert light[..., 0] == pytest.approx(dark[..., 0], abs=0.1)
    assert dark[..., 0].min() == pytest.approx(-1, abs=0.05)
