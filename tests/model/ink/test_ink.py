import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.sources import sources
from model.ink.document import read_document
from model.ink.ink import (
    LARGEST_COORDINATE,
    MOST_INK_BYTES,
    MOST_POINTS,
    MOST_STROKES,
    Box,
    Drawing,
    InkError,
    Point,
    Stroke,
    lines,
    read_lines,
    room,
    write_line,
)


def test_a_drawing_survives_the_round_trip_whole() -> None:
    text = (
        '{"label":"7","writer":"w","strokes":[[[0,0],[1.5,2,30],[3,4,60,0.5]],[[9,9]]],"width":12,"canvas":[300,200],'
        '"placement":"tall","nested":{"a":[1]}}'
    )
    drawing = Drawing.from_json(json.loads(text))
    assert drawing.strokes[0].points[2] == Point(3, 4, 60, 0.5)
    assert drawing.strokes[0].points[0] == Point(0, 0, None, None)
    assert (drawing.label, drawing.writer, drawing.width, drawing.canvas) == ("7", "w", 12, (300, 200))
    assert write_line(drawing) == text
    assert Drawing.from_json(json.loads(write_line(drawing))) == drawing


def test_what_is_missing_has_its_default() -> None:
    drawing = Drawing.from_json({"strokes": [[[100, 50], [300, 450]]]})
    assert drawing.width == 20
    assert drawing.canvas is None
    assert drawing.frame == Box(40, -10, 360, 510)  # the ink's box plus the pen's width and a tenth of the longer side
    assert "canvas" not in drawing.to_json()


def test_a_label_of_another_kind_is_kept_as_it_is() -> None:
    value = {"strokes": [], "width": 20, "label": 7, "writer": None}
    assert Drawing.from_json(value).label is None
    assert Drawing.from_json(value).to_json() == value


def test_a_drawing_is_blank_without_points() -> None:
    assert Drawing().is_blank
    assert Drawing.from_json({"strokes": [[]]}).is_blank
    assert not Drawing((Stroke((Point(0, 0),)),)).is_blank


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "an object with 'strokes'"),
        ({"points": []}, "needs 'strokes'"),
        ({"strokes": 7}, "a list of strokes, not 7"),
        ({"strokes": [[[1, 2]], 5]}, "Stroke 2 is a list of points"),
        ({"strokes": [[[1]]]}, r"Stroke 1: a point is \[x, y\]"),
        ({"strokes": [[[1, 2, 3, 0.5, 9]]]}, "a point is"),
        ({"strokes": [[["a", 2]]]}, 'x of a point is a number .* not "a"'),
        ({"strokes": [[[1, True]]]}, "y of a point"),
        ({"strokes": [[[1, float("nan")]]]}, "y of a point"),
        ({"strokes": [[[float("inf"), 1]]]}, "x of a point"),
        ({"strokes": [[[10**400, 1]]]}, "x of a point .* not a huge number"),
        ({"strokes": [[[1e300, 1]]]}, "x of a point"),
        ({"strokes": [[[1, 1, None]]]}, "t of a point"),
        ({"strokes": [[[1, 1, 0, 1.5]]]}, "pressure of a point"),
        ({"strokes": [[[1, 1, 0, -0.5]]]}, "Stroke 1: the pressure of a point is between 0 and 1, not -0.5."),
        ({"strokes": [{"x": 1, "y": 2}]}, "Stroke 1 is a list of points, not an object of 2."),
        ({"strokes": [], "width": 0}, "'width'"),
        ({"strokes": [], "width": "wide" * 99}, r"'width' .* not \"widewidewidewidewidewidewidewidewide…\.$"),
        ({"strokes": [], "canvas": [280]}, "'canvas'"),
        ({"strokes": [], "canvas": [280, 0.9]}, r"'canvas' is .* not a list of 2\.$"),
        ({"strokes": [], "canvas": [280, 10**9]}, "'canvas'"),
    ],
)
def test_bad_ink_is_refused_with_a_sentence_that_says_where(value: object, words: str) -> None:
    with pytest.raises(InkError, match=words) as caught:
        Drawing.from_json(value)
    assert len(str(caught.value)) < 160


def test_the_smallest_canvas_the_thinnest_pen_and_the_largest_pressure_are_taken() -> None:
    value = {"strokes": [[[1, 1, 0, 0], [2, 2, 5, 1]]], "width": 1e-6, "canvas": [1, 1]}
    drawing = Drawing.from_json(value)
    assert drawing.to_json() == value
    assert drawing.duration == 5
    assert Drawing().duration == 0
    assert Drawing().frame == Box(0, 0, 280, 280)
    assert drawing.frame == Box(0, 0, 1, 1)


def test_a_bad_line_costs_only_its_own_answer() -> None:
    content = [b'{"strokes": []}\n', b"not ink\n", b"\n", b'{"strokes": [[[1, 2]]]}\n', b"\xff\xfe\n"]
    first, bad, good, binary = read_lines(io.BytesIO(b"".join(content)))
    assert first == Drawing()
    assert isinstance(bad, InkError)
    assert "isn't JSON" in str(bad)
    assert good == Drawing((Stroke((Point(1, 2),)),))
    assert isinstance(binary, InkError)
    assert "UTF-8" in str(binary)


def test_a_document_holds_one_drawing_or_a_list() -> None:
    one = {"strokes": [[[1, 2]]]}
    assert list(read_document(json.dumps(one).encode())) == [Drawing.from_json(one)]
    drawings = list(read_document(json.dumps([one, 5, one]).encode("utf-8-sig")))
    assert drawings[0] == drawings[2] == Drawing.from_json(one)
    assert isinstance(drawings[1], InkError)
    assert list(read_document(b"[]")) == []


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"strokes": [[[' + b"9" * 5000 + b", 1]]]}", b'{"strokes": [[[1,'])
def test_absurd_json_is_an_error_and_no_crash(text: bytes) -> None:
    (error,) = read_document(text)
    assert isinstance(error, InkError)


@pytest.mark.parametrize(
    "value",
    [
        {"strokes": [[[1, 2]] * (MOST_POINTS + 1)]},
        {"strokes": [[[1, 2]] * 101] * (MOST_POINTS // 100)},
        {"strokes": [[]] * (MOST_STROKES + 1)},
    ],
)
def test_a_drawing_that_would_take_seconds_to_read_is_refused_with_its_counts(value: object) -> None:
    with pytest.raises(InkError, match=r"at most 2,000 and 20,000 can be read"):
        Drawing.from_json(value)


def test_what_can_be_drawn_can_be_kept_and_read_again() -> None:
    worst = Point(-0.12345678901234567e-99, -0.12345678901234567e-99, -0.12345678901234567e-99, 0.12345678901234567e-99)
    full = Drawing((Stroke((worst,) * MOST_POINTS),), canvas=(280, 280))
    assert room(full) == 0
    assert list(read_document(write_line(full).encode())) == [full]
    assert room(Drawing((Stroke((worst,)),))) == MOST_POINTS - 1
    assert room(Drawing((Stroke((worst,)),) * MOST_STROKES)) == 0


@pytest.mark.parametrize("beside", [[0] * 20_000, "long" * 5_000, {"key" * 5_000: 1}, [[[]] * 90] * 200])
def test_ink_is_no_place_for_other_data(beside: object) -> None:
    with pytest.raises(InkError, match="too much in it besides the ink"):
        Drawing.from_json({"strokes": [], "beside": beside})


@pytest.mark.parametrize("inside", [lambda value: [value], lambda value: {"": value}])
def test_as_much_and_as_deep_as_there_may_be_beside_the_ink(inside: Callable[[object], object]) -> None:
    def nested(depth: int) -> object:
        return inside(nested(depth - 1)) if depth else 0

    for fits, beyond in ((nested(19), nested(20)), ([0] * 9_997, [0] * 9_998), ("a" * 9_997, "a" * 9_998)):
        assert Drawing.from_json({"strokes": [], "b": fits}).extra == {"b": fits}
        with pytest.raises(InkError, match="too much in it besides the ink"):
            Drawing.from_json({"strokes": [], "b": beyond})


def test_a_nesting_that_could_not_be_written_again_is_not_read() -> None:
    (error,) = read_document(b'{"strokes": [], "deep": ' + b"[" * 900 + b"]" * 900 + b"}")
    assert "too much in it besides the ink" in str(error)


class Endless(io.RawIOBase):
    """An unfinished line of half a gigabyte, and the most that was read of it at once."""

    def __init__(self) -> None:
        self.left, self.most = 500_000_000, 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size
        assert size > 0
        taken = min(size, self.left)
        self.left -= taken
        self.most = max(self.most, taken)
        return b"[" * taken


def test_a_line_without_an_end_is_one_error_and_takes_little_memory() -> None:
    file = Endless()
    (error,) = read_lines(file)  # type: ignore[arg-type]
    assert "more than 5 MB of JSON" in str(error)
    assert file.left == 0
    assert file.most <= MOST_INK_BYTES + 1


def test_after_a_line_that_is_too_long_come_the_others() -> None:
    content = b"[" * (3 * MOST_INK_BYTES) + b'\n{"strokes": []}\n' + b" " * (MOST_INK_BYTES + 9) + b'\n{"strokes": []}'
    error, *rest = read_lines(io.BytesIO(content))
    assert isinstance(error, InkError)
    assert rest == [Drawing(), Drawing()]
    assert sum(1 for _line in lines(io.BytesIO(content))) == 3


@pytest.mark.parametrize("more", [0, 1])
def test_the_most_json_of_a_file_and_of_a_line(more: int, tmp_path: Path) -> None:
    content = b'{"strokes": [[[1, 2]]]}'.ljust(MOST_INK_BYTES + more)
    for name, end in (("one.json", b""), ("one.inkling", b""), ("lines.jsonl", b"\n"), ("last.jsonl", b"")):
        (tmp_path / name).write_bytes(content + end)
        (subject,) = sources.read([str(tmp_path / name)], io.BytesIO())
        assert isinstance(subject.content, InkError if more else Drawing), name
    assert isinstance(next(read_lines(io.BytesIO(content + b"\n" + content))), InkError if more else Drawing)


def test_the_most_points_strokes_and_the_farthest_coordinate() -> None:
    for points, strokes, farthest, most in (
        (MOST_POINTS, 1, LARGEST_COORDINATE, True),
        (1, MOST_STROKES, -LARGEST_COORDINATE, True),
        (MOST_POINTS + 1, 1, 0, False),
        (1, MOST_STROKES + 1, 0, False),
        (1, 1, LARGEST_COORDINATE + 1, False),
        (1, 1, -LARGEST_COORDINATE - 1, False),
    ):
        for point in ([farthest, 0], [0, farthest]):
            (read,) = read_document(json.dumps({"strokes": [[point] * points] * strokes}).encode())
            assert isinstance(read, Drawing if most else InkError)


def test_half_a_letter_in_a_label_is_written_and_read_again() -> None:
    drawing = Drawing.from_json({"strokes": [[[1, 2]]], "label": "\ud800", "who": "中 \udfff"})
    (again,) = read_document(write_line(drawing).encode())
    assert again == drawing


def test_a_document_of_more_drawings_than_anybody_reads_is_refused_at_once() -> None:
    (error,) = read_document(b"[" + b"[]," * 10_000 + b"[]]")
    assert "There are 10,001 drawings in this" in str(error)
    assert len(list(read_document(b"[" + b"[]," * 9_999 + b"[]]"))) == 10_000


def test_a_document_that_would_fill_the_memory_is_refused() -> None:
    (error,) = read_document(b"[" + b"[]," * 2_000_000 + b"[]]")
    assert "more than 5 MB of JSON" in str(error)
