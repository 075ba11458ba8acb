import json

import pytest

from model.ink import Box, Drawing, InkError, Point, Stroke, read_document, read_lines, write_line


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
    assert drawing.frame == Box(40, -10, 360, 510)  # the ink's box, the pen's width and a tenth of the longer side
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
        ({"strokes": [[[1, 1, 0, -0.5]]]}, "pressure of a point"),
        ({"strokes": [], "width": 0}, "'width'"),
        ({"strokes": [], "width": "wide"}, "'width'"),
        ({"strokes": [], "canvas": [280]}, "'canvas'"),
        ({"strokes": [], "canvas": [280, -1]}, "'canvas'"),
        ({"strokes": [], "canvas": [280, 10**9]}, "'canvas'"),
    ],
)
def test_bad_ink_is_refused_with_a_sentence_that_says_where(value: object, words: str) -> None:
    with pytest.raises(InkError, match=words) as caught:
        Drawing.from_json(value)
    assert len(str(caught.value)) < 160


def test_a_bad_line_costs_only_its_own_answer() -> None:
    lines = [b'{"strokes": []}\n', b"not ink\n", b"\n", b'{"strokes": [[[1, 2]]]}', b"\xff\xfe\n"]
    first, bad, good, binary = read_lines(lines)
    assert first == Drawing()
    assert isinstance(bad, InkError)
    assert "not JSON" in str(bad)
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
