"""Numbers in pictures: split into parts, joined and cut. Tests of cuts use a stand-in reader and eye."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.ink.ink import Box, Drawing
from model.ink.render import render
from model.reading import parts
from model.reading.cuts import LEAST_APART, NECKS, SEAMS, SLANTS, cuts_of, necks, seams
from model.reading.normalize import Image28
from model.reading.parts import (
    CLEAR,
    EDGE,
    SOLID,
    InkPart,
    _parts,
    _pieces,
    _Reader,
    _slices,
)
from model.reading.picture import Grey
from model.reading.reading import Prediction, Reading
from model.reading.recognizer import Recognizer
from model.reading.segmentation import MOST_PIECES, MOST_READS, Read
from tests.model.reading.plain_eye import PlainEye
from tests.model.reading.test_segmentation import FIVE_WITH_LATE_BAR, ONE, SEVEN_WITH_BAR, ZERO, number


def read_picture(picture: Image.Image, read: Read) -> Reading:
    return parts.look(picture, read, PlainEye())[1]


def doubting_wide_ink(image: Image28) -> Prediction:
    """Read everything as 3, and doubt what's wider than tall."""
    rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
    doubt = 0.99 if np.ptp(columns) >= np.ptp(rows) else 0.01
    return Prediction((0.0, 0.0, 0.0, 1.0, *[0.0] * 6), doubt)


def rings(count: int, step: int) -> Image.Image:
    """Draw tall rings side by side with a pen of 10 pixels; with steps of 60 or less they touch."""
    picture = Image.new("L", (60 + step * count + 40, 160), 255)
    pen = ImageDraw.Draw(picture)
    for place in range(count):
        pen.ellipse((30 + step * place, 30, 90 + step * place, 130), outline=0, width=10)
    return picture


def test_a_seam_goes_where_two_lines_meet() -> None:
    picture = 255 - np.asarray(rings(2, 56))
    ink = picture[30:131, 30:147]
    assert any(np.abs(seam - ink.shape[1] / 2).max() <= 8 for seam in seams(ink, 10))
    assert seams(np.full((100, 8), 255, np.uint8), 10) == []


def test_a_neck_is_where_ink_is_lower_than_on_both_sides() -> None:
    ink = np.zeros((100, 200), np.uint8)
    ink[:, :60] = ink[:, 140:] = ink[40:50, 60:140] = SOLID
    assert sum(abs(float(neck.mean()) - 100) <= 2 for neck in necks(ink, SOLID)) == len(SLANTS)


def test_ink_is_cut_in_few_places_and_what_is_low_or_narrow_nowhere() -> None:
    ink = 255 - np.asarray(rings(3, 56))[30:131, 30:203]
    cuts = cuts_of(ink, SOLID, 10, 101, [])
    assert all(np.abs(one - other).mean() >= LEAST_APART * 101 for one, other in combinations(cuts, 2))
    assert 2 <= len(cuts) <= round((NECKS + SEAMS) * 173 / 101)
    assert cuts_of(ink, SOLID, 10, 203, []) == []  # next to digits of that height, it's a mark
    assert cuts_of(ink[:, :8], SOLID, 10, 101, []) == []


@pytest.mark.parametrize("step", [54, 58, 62, 120])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_digits_are_counted_whether_they_touch_or_not(step: int, count: int) -> None:
    reading = read_picture(rings(count, step), doubting_wide_ink)
    assert reading.text == "3" * count
    for place, digit in enumerate(reading.digits):
        assert digit.box == pytest.approx((30 + step * place, 30, 91 + step * place, 131), abs=20)


@pytest.mark.parametrize("step", [48, 51, 54])
def test_zeros_that_share_a_wall_both_have_it(step: int, recognizer: Recognizer) -> None:
    reading = parts.look(rings(5, step), recognizer.read, PlainEye())[1]
    assert reading.text == "00000"
    assert reading.accepted
    for place, digit in enumerate(reading.digits):
        assert digit.box == pytest.approx((30 + step * place, 30, 91 + step * place, 131), abs=8)


def test_a_number_s_picture_reads_as_its_ink(recognizer: Recognizer) -> None:
    drawing = number(SEVEN_WITH_BAR, FIVE_WITH_LATE_BAR, ZERO, ONE)
    reading = recognizer.recognize(render(drawing))
    assert reading.text == "7501"
    assert reading.accepted
    for seen, drawn in zip(reading.digits, recognizer.recognize(drawing).digits, strict=True):
        assert list(seen.box) == pytest.approx(list(drawn.box), abs=6)  # two of the eye's pixels


def test_a_digit_that_came_apart_is_one(recognizer: Recognizer) -> None:
    drawing = Drawing.from_json({"strokes": [[[110, 50], [95, 120], [180, 150]], [[150, 182], [148, 240]]]})
    assert len(recognizer.recognize(render(drawing)).digits) == 1


def test_a_single_digit_is_read_of_all_its_ink(recognizer: Recognizer) -> None:
    seen: list[Image28] = []

    def read(image: Image28) -> Prediction:
        seen.append(image)
        return Prediction((1.0, *[0.0] * 9), 0.01)

    for digit in (ZERO, FIVE_WITH_LATE_BAR, SEVEN_WITH_BAR):
        picture = render(number(digit))
        seen.clear()
        assert len(parts.look(picture, read, recognizer.eye)[1].digits) == 1
        assert np.corrcoef(seen[0].ravel(), recognizer.image(picture).ravel())[0, 1] > 0.98


def test_boxes_are_in_the_picture_s_own_pixels(recognizer: Recognizer) -> None:
    picture = render(number(ZERO, ONE))
    large = picture.resize((picture.width * 12, picture.height * 12))
    assert max(large.size) > 2 * 1024
    for small, big in zip(recognizer.recognize(picture).digits, recognizer.recognize(large).digits, strict=True):
        assert [side / 12 for side in big.box] == pytest.approx(list(small.box), abs=4)


def test_boxes_end_with_the_picture() -> None:
    picture = Image.new("L", (2050, 1501), 255)  # reduced in blocks of 3 pixels, which go beyond its edge
    ImageDraw.Draw(picture).line((2040, 0, 2040, 1500), fill=0, width=30)
    (digit,) = read_picture(picture, doubting_wide_ink).digits
    assert digit.box.right == 2050
    assert digit.box.bottom == 1501


def test_more_parts_than_are_looked_at_are_not_believed() -> None:
    assert read_picture(rings(MOST_PIECES, 120), doubting_wide_ink).accepted
    assert not read_picture(rings(MOST_PIECES + 1, 120), doubting_wide_ink).accepted


def test_few_of_a_squared_page_s_lines_are_tried_to_be_cut() -> None:
    page = Image.new("L", (600, 300), 255)
    pen = ImageDraw.Draw(page)
    for left in range(6, 600, 60):
        for top in range(6, 300, 60):
            pen.rectangle((left, top, left + 50, top + 50), outline=0, width=2)
    calls = 0

    def read(_: Image28) -> Prediction:
        nonlocal calls
        calls += 1
        return Prediction((0.1,) * 10, doubt=0.95)

    read_picture(page, read)
    assert calls <= 2 * (MOST_READS + MOST_PIECES)


CRUMBS = np.full((400, 400), 255, np.uint8)
CRUMBS[::8, ::8] = CRUMBS[1::8, ::8] = 0


@pytest.mark.parametrize("page", [Image.fromarray(CRUMBS), rings(MOST_PIECES + 1, 120)], ids=["crumbs", "rings"])
def test_what_is_not_believed_anyway_is_not_cut(page: Image.Image) -> None:
    calls = 0

    def read(_: Image28) -> Prediction:
        nonlocal calls
        calls += 1
        return Prediction((0.1,) * 10, doubt=0.95)

    assert not read_picture(page, read).accepted
    assert calls <= MOST_READS + MOST_PIECES


def test_the_same_parts_are_read_once() -> None:
    calls = 0

    def read(image: Image28) -> Prediction:
        nonlocal calls
        calls += 1
        return doubting_wide_ink(image)

    one, other = (InkPart(np.ones((30, 10), np.bool_), Box(left, 0, left + 10, 30), 0) for left in (0, 20))
    reader = _Reader(np.full((30, 30), 255, np.uint8), read, lambda _: 0.0)
    for together in ([one], [other], [one, other], [other, one], [one]):
        reader.read(together)
    assert calls == 3


def test_in_tall_ink_seams_go_where_they_go_in_small() -> None:
    small = rings(3, 56)
    large = small.resize((small.width * 6, small.height * 6))
    assert [read_picture(each, doubting_wide_ink).text for each in (small, large)] == ["333", "333"]


def test_dirt_is_no_digit(recognizer: Recognizer) -> None:
    picture = render(number(SEVEN_WITH_BAR, ONE, gap=80))
    ImageDraw.Draw(picture).rectangle((20, 20, 23, 23), fill=0)
    ImageDraw.Draw(picture).rectangle((130, 90, 133, 93), fill=0)
    assert recognizer.recognize(picture).text == "71"


def test_a_page_full_of_crumbs_ends(recognizer: Recognizer) -> None:
    crumbs = np.random.default_rng(0).random((60, 100)) < 0.3
    recognizer.recognize(Image.fromarray(np.where(crumbs, 0, 255).astype(np.uint8)).resize((800, 480)))


def test_digits_cut_out_of_anything_are_not_believed() -> None:
    """A cut is chosen for the digits that it makes; if one of these is doubtful, the whole isn't a number."""

    def read(image: Image28) -> Prediction:
        prediction = doubting_wide_ink(image)
        return Prediction(prediction.probabilities, prediction.doubt if prediction.doubt > 0.5 else 0.25)

    together, apart = read_picture(rings(2, 56), read), read_picture(rings(2, 90), read)
    assert (together.text, apart.text) == ("33", "33")
    assert apart.accepted
    assert not together.accepted


@pytest.mark.parametrize("tip", [(140, 60), (140, 220)])
def test_a_caret_and_a_v_are_no_elevens(recognizer: Recognizer, tip: tuple[int, int]) -> None:
    foot = 220 if tip[1] == 60 else 60
    picture = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(picture).line([(90, foot), tip, (190, foot)], fill=0, width=20)
    assert not recognizer.recognize(picture).accepted


def test_a_one_alone_is_believed(recognizer: Recognizer) -> None:
    assert recognizer.recognize(render(number(ONE))).accepted


def test_parts_are_solid_ink_with_its_soft_edge_and_without_specks() -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[10:50, 20:30] = 255
    ink[10:50, 20 - 2 * EDGE : 20] = 1
    ink[10:12, 40:44] = CLEAR  # just clear, and just not a speck for a pen of 4 pixels
    ink[30:32, 40:43] = 255  # a speck
    found, whole = _parts(ink, 4.0)
    assert [part.box for part in found] == [Box(20 - EDGE, 10, 30, 50), Box(40, 10, 44, 12)]
    assert [part.mask.all() for part in found] == [True, True]
    assert [part.origin for part in found] == [0, 1]
    assert whole


def test_what_the_eye_is_less_sure_of_is_left_out_beside_clear_ink() -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[10:50, 40:44] = CLEAR - 1  # the remains of a ring
    assert [part.box for part in _parts(ink, 4.0)[0]] == [Box(40, 10, 44, 50)]
    ink[10:50, 20:30] = 255
    assert [part.box for part in _parts(ink, 4.0)[0]] == [Box(20, 10, 30, 50)]


def test_of_too_many_parts_the_largest_are_kept() -> None:
    ink = np.zeros((100, 4 * MOST_PIECES + 4), np.uint8)
    for place in range(MOST_PIECES + 1):
        ink[:2, 4 * place : 4 * place + 2] = 255  # all of the smallest size
    found, whole = _parts(ink, np.sqrt(8.0))
    assert (len(found), whole) == (MOST_PIECES, False)
    ink[:50, ::4] = np.where(ink[:1, ::4], 255, 0)
    ink[2:, 40:44] = 0  # the eleventh is small
    found, whole = _parts(ink, 1.0)
    assert (len(found), whole) == (MOST_PIECES, False)
    assert 40 not in [part.box.left for part in found]


def test_two_in_ink_that_hangs_together_must_read_much_better_than_one() -> None:
    def read(image: Image28) -> Prediction:
        wide = doubting_wide_ink(image).doubt > 0.5
        return Prediction((0.0, 0.0, 0.0, 1.0, *[0.0] * 6), 0.5 if wide else 0.12)

    assert read_picture(rings(2, 40), read).text == "3"
    assert read_picture(rings(2, 90), read).text == "33"


def sliced(inside: Grey, seams: Sequence[int]) -> list[InkPart]:
    part = InkPart(np.ones(inside.shape, np.bool_), Box(100, 50, 100 + inside.shape[1], 50 + inside.shape[0]), 7)
    return _slices(part, inside, [np.full(len(inside), seam) for seam in seams], 3.0, [])


def test_what_was_cut_from_one_part_is_known_as_such() -> None:
    slices = sliced(np.zeros((4, 12), np.uint8), [5])
    pieces = _pieces(_Reader(np.zeros((4, 12), np.uint8), doubting_wide_ink, lambda _: 0.0), slices, 3.0)
    assert (pieces.origins, pieces.boxes) == ((7, 7), tuple(each.box for each in slices))


def test_a_seam_through_a_line_leaves_its_ink_to_both_slices_and_one_beside_it_to_none() -> None:
    inside = np.zeros((4, 12), np.uint8)
    inside[0, [4, 5]] = 255  # through a line: the seam's column has solid ink
    inside[1, [4, 6]] = 255  # between two lines
    inside[2, 5] = SOLID  # just solid
    inside[3, 5] = SOLID - 1  # not solid
    left, right = sliced(inside, [5])  # seven tenths of the pen are two pixels
    assert [np.flatnonzero(row)[-1] for row in left.mask] == [7, 4, 7, 4]
    assert [np.flatnonzero(row)[0] for row in right.mask] == [0, 2, 0, 2]
    assert (left.box, right.box) == (Box(100, 50, 108, 54), Box(103, 50, 112, 54))
    assert (left.origin, right.origin) == (7, 7)


def test_seams_in_any_order_and_seams_that_cross_cut_slices_from_left_to_right() -> None:
    slices = sliced(np.zeros((2, 12), np.uint8), [8, 3])
    assert [(each.box.left, each.box.right) for each in slices] == [(100, 103), (103, 108), (108, 112)]
    part = InkPart(np.ones((2, 12), np.bool_), Box(0, 0, 12, 2), 0)
    crossing = _slices(part, np.zeros((2, 12), np.uint8), [np.array([3, 9]), np.array([8, 6])], 3.0, [])
    assert [each.mask.sum(1).tolist() for each in crossing] == [[3, 9], [5], [4, 3]]  # what's empty isn't in a box
