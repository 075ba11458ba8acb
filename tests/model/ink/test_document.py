"""Ink as other programs write it. The files are written by hand, following the formats' own documents:

- SVG: W3C, Scalable Vector Graphics 1.1 (second edition), sections 7 to 11 and appendix F.6;
- InkML: W3C, Ink Markup Language (2011), sections 3 and 4, and what Word and CROHME make of it;
- signature_pad's `toData` and `toSVG`: its README and `signature_pad.ts`, versions 2 to 5;
- Excalidraw: its "JSON schema" page.
"""

import json
import math
from typing import Any

import pytest

from app.drawing.drawing_file import svg
from model.ink import markup
from model.ink import svg as svg_lines
from model.ink.document import is_ink, read_document
from model.ink.ink import MOST_INK_BYTES, MOST_POINTS, Drawing, InkError, Point, Stroke
from model.reading.recognizer import Recognizer

SEVEN = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), width=20, canvas=(300, 280))


def page(inside: str, head: str = 'viewBox="0 0 280 280"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{inside}</svg>'.encode()


def only(content: bytes) -> Drawing:
    (found,) = read_document(content)
    assert isinstance(found, Drawing), found
    return found


def wrong(content: bytes) -> str:
    (found,) = read_document(content)
    assert isinstance(found, InkError), found
    return str(found)


def places(drawing: Drawing) -> list[list[tuple[float, float]]]:
    return [[(round(point.x, 3), round(point.y, 3)) for point in stroke.points] for stroke in drawing.strokes]


def stroked(inside: str) -> list[list[tuple[float, float]]]:
    return places(only(page(f'<g stroke="black" fill="none">{inside}</g>')))


def test_what_inkling_saves_as_svg_comes_back() -> None:
    dot = Drawing((*SEVEN.strokes, Stroke((Point(100, 150),))), width=12, canvas=(300, 280))
    assert only(svg(dot).encode()) == dot
    far = Drawing((Stroke((Point(12_345.5, -50_000.25), Point(13_000, -49_000))),), width=30)
    left, top = far.frame[:2]
    assert places(only(svg(far).encode())) == [
        [(round(at.x - left, 3), round(at.y - top, 3)) for at in far.strokes[0].points]
    ]


@pytest.mark.parametrize(
    ("d", "expected"),
    [
        ("M10,20 L30 40", [[(10, 20), (30, 40)]]),
        ("M10 20 30 40 50 60", [[(10, 20), (30, 40), (50, 60)]]),  # more points after a move make lines
        ("m10 20 5-5.5.5 0", [[(10, 20), (15, 14.5), (15.5, 14.5)]]),
        ("M1e1-20H30v+5V7h-5", [[(10, -20), (30, -20), (30, -15), (30, 7), (25, 7)]]),
        ("M0 0H9V9z", [[(0, 0), (9, 0), (9, 9), (0, 0)]]),
        ("M0 0h9zm1 1h1", [[(0, 0), (9, 0), (0, 0)], [(1, 1), (2, 1)]]),
        ("M0 0h9zh2", [[(0, 0), (9, 0), (0, 0), (2, 0)]]),  # the strokes meet
        ("M5 5z", [[(5, 5)]]),  # a dot
        ("M1 2 3 4 L5 x 6 7", [[(1, 2), (3, 4)]]),  # up to where it's damaged
        ("M1 1h1 M9 9", [[(1, 1), (2, 1)]]),
        ("M0 0a5 5 0 0 1 0 0h9", [[(0, 0), (9, 0)]]),  # an arc to its own start is left out
        ("M1 1h1 M5 5zh2", [[(1, 1), (2, 1)], [(5, 5), (5, 5), (7, 5)]]),
    ],
)
def test_paths_of_straight_lines(d: str, expected: list[list[tuple[float, float]]]) -> None:
    assert stroked(f'<path d="{d}"/>') == expected


@pytest.mark.parametrize(
    ("d", "middle", "end"),
    [
        ("M0 0C0 100 100 100 100 0", (50, 75), (100, 0)),
        ("M0 0c0 100 100 100 100 0", (50, 75), (100, 0)),
        ("M0 0Q50 100 100 0", (50, 50), (100, 0)),
        ("M-100 0 Q-50-100 0 0 T100 0", (50, 50), (100, 0)),
        ("M-100 0 C-100-100 0-100 0 0 S100 100 100 0", (50, 75), (100, 0)),
        ("M0 0S100 100 100 0", (50, 37.5), (100, 0)),  # there's nothing before it to continue smoothly
        ("M0 0A50 50 0 0 1 100 0", (50, -50), (100, 0)),
        ("M0 0a50 50 0 0 0 100 0", (50, 50), (100, 0)),
        ("M0 0A50 25 0 01100 0", (50, -25), (100, 0)),  # flags need no separator after them
        ("M0 0A1 1 0 0 1 100 0", (50, -50), (100, 0)),  # the radii are too small, so they grow
        ("M0 0A0 50 0 0 1 100 0", (50, 0), (100, 0)),  # without a radius it's straight
    ],
)
def test_curves_go_where_they_go(d: str, middle: tuple[float, float], end: tuple[float, float]) -> None:
    (stroke,) = stroked(f'<path d="{d}"/>')
    assert stroke[-1] == end
    if len(stroke) > 2:
        assert min(math.dist(middle, at) for at in stroke) < 4
        assert 10 < len(stroke) < 70


@pytest.mark.parametrize(
    ("d", "pieces"),
    [
        ("M0 0Q50 100 100 0", math.sqrt(2 / 8 * 200 / 0.1)),
        ("M0 0C0 100 100 100 100 0", math.sqrt(6 / 8 * math.hypot(100, 100) / 0.1)),
        ("M0 0L50 100 100 0", 2),
    ],
)
def test_a_curve_has_as_many_pieces_as_wang_s_formula_asks_for(d: str, pieces: float) -> None:
    (stroke,) = stroked(f'<path d="{d}"/>')
    assert len(stroke) == 1 + math.ceil(pieces)


@pytest.mark.parametrize(
    ("flags", "middle", "through"),
    [
        ("0 1", (0, 0), (7.071, 7.071)),
        ("1 0", (0, 0), (-7.071, -7.071)),
        ("0 0", (10, 10), (2.929, 2.929)),
        ("1 1", (10, 10), (17.071, 17.071)),
    ],
)
def test_of_four_arcs_the_flags_choose_one(
    flags: str, middle: tuple[float, float], through: tuple[float, float]
) -> None:
    (stroke,) = stroked(f'<path d="M10 0A10 10 0 {flags} 0 10"/>')
    assert (stroke[0], stroke[-1]) == ((10, 0), (0, 10))
    assert all(math.dist(middle, at) == pytest.approx(10, abs=0.01) for at in stroke)
    assert min(math.dist(through, at) for at in stroke) < 1


def test_a_large_arc_is_most_of_its_circle() -> None:
    (stroke,) = stroked('<path d="M10 0A10 10 0 1 1 0-10"/>')
    assert all(math.dist((0, 0), at) == pytest.approx(10, abs=0.01) for at in stroke)
    assert len({(x > 0, y > 0) for x, y in stroke}) == 4
    (turned,) = stroked('<path d="M0 0A20 10 90 0 1 0 40"/>')
    assert max(x for x, _y in turned) == pytest.approx(10, abs=0.1)


def test_each_shape_is_a_line() -> None:
    assert stroked('<line x1="1" y1="2" x2="3px"/>') == [[(1, 2), (3, 0)]]
    assert stroked('<polyline points="1,2 3,4 5"/>') == [[(1, 2), (3, 4)]]
    assert stroked('<polygon points="1 2 3 4 5 6"/>') == [[(1, 2), (3, 4), (5, 6), (1, 2)]]
    assert stroked('<rect x="1" y="2" width="3" height="4"/>') == [[(1, 2), (4, 2), (4, 6), (1, 6), (1, 2)]]
    assert stroked('<rect width="3"/><rect height="3"/><ellipse rx="3"/><path d="L1 1"/><path d="M1 2H3"/>') == [
        [(1, 2), (3, 2)]
    ]
    (circle,) = stroked('<circle cx="10" cy="20" r="5"/>')
    assert circle[0] == circle[-1] == (15, 20)
    assert all(math.dist((10, 20), at) == pytest.approx(5, abs=0.01) for at in circle)
    (ellipse,) = stroked('<ellipse cx="10" cy="20" rx="5" ry="2"/>')
    assert max(y for _x, y in ellipse) == 22


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        ("translate(5)", (15, 20)),
        ("translate(5,-5)", (15, 15)),
        ("scale(2)", (20, 40)),
        ("scale(2 3)", (20, 60)),
        ("rotate(90)", (-20, 10)),
        ("rotate(90 10 10)", (0, 10)),
        ("rotate(60)", (-12.321, 18.66)),
        ("skewX(45)", (30, 20)),
        ("skewY(45)", (10, 30)),
        ("matrix(1 2 3 4 5 6)", (75, 106)),
        ("translate(100 0) scale(2), rotate(90)", (60, 20)),
        ("nonsense(1)", (10, 20)),
    ],
)
def test_transformations_are_done_from_the_inside_out(transform: str, expected: tuple[float, float]) -> None:
    ((at, _end),) = stroked(f'<g transform="{transform}"><path d="M10 20h1"/></g>')
    assert at == expected


def test_what_has_no_line_is_not_seen_and_styles_come_from_anywhere() -> None:
    hidden = (
        '<path d="M1 1h9"/><path stroke="none" d="M1 1h9"/><path stroke="red" display="none" d="M1 1h9"/>'
        '<defs><path stroke="red" d="M1 1h9"/></defs><script>alert(1)</script>'
        '<g visibility="hidden"><path stroke="red" d="M1 1h9"/></g>'
    )
    styles = "<style>/* red */ .a, #b { stroke: red; stroke-width: 8 } line{stroke:blue}</style>"
    lines = (
        '<path class="x a" d="M2 2h9"/><path id="b" d="M3 3h9"/><line x1="4" y1="4" x2="13" y2="4"/>'
        '<path style="stroke:#000;stroke-width:8px" stroke="none" d="M5 5h9"/>'
    )
    found = only(page(hidden + styles + lines))
    assert places(found) == [[(at, at), (at + 9, at)] for at in (2, 3, 4, 5)]
    assert found.width == 8
    assert (found.canvas, found.label) == ((280, 280), None)


def test_white_lines_hide_and_are_ink_where_all_are_white() -> None:
    white = '<path stroke="#FFF" d="M1 1h9"/>'
    assert places(only(page(white + '<path stroke="black" d="M2 2h9"/>'))) == [[(2, 2), (11, 2)]]
    assert places(only(page(white))) == [[(1, 1), (10, 1)]]


def test_pieces_of_a_stroke_are_one_stroke() -> None:
    """As signature_pad's `toSVG` writes them: each curve is a path with its own width."""
    pieces = [(10 * at, 10 * (at + 1)) for at in range(9)]
    paths = "".join(
        f'<path d="M {a}.000,{a}.000 C {a}.000,{b}.000 {a}.000,{b}.000 {b}.000,{b}.000" '
        f'stroke-width="{a / 10 + 1}" stroke="black" fill="none" stroke-linecap="round"></path>'
        for a, b in pieces
    )
    found = only(page(paths + '<path stroke="black" d="M200 200h9"/>', 'viewBox="0 0 300 150" width="300"'))
    assert len(found.strokes) == 2
    assert found.strokes[0].points[-1][:2] == (90, 90)
    assert found.width == pytest.approx(5, abs=0.6)


def test_a_view_box_moves_the_ink_and_names_the_canvas() -> None:
    found = only(page('<line stroke="red" x1="-90" y1="-80" x2="0"/>', 'viewBox="-100 -100 300 400"'))
    assert places(found) == [[(10, 20), (100, 100)]]
    assert found.canvas == (300, 400)
    assert only(page('<line stroke="red" x2="9"/>', 'width="30" height="40px"')).canvas == (30, 40)
    assert only(page('<line stroke="red" x2="9"/>', 'width="100%" viewBox="0 0 0 0"')).canvas is None
    inner = page('<svg x="10" y="20"><line stroke="red" x2="9"/></svg>')
    assert places(only(inner)) == [[(10, 20), (19, 20)]]


INK = '<ink xmlns="http://www.w3.org/2003/InkML">'


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<trace>10 20, 30 40,50 60</trace>", [[(10, 20), (30, 40), (50, 60)]]),
        ("<trace>10 20,'5'-5,5 5,!1!2,3 4</trace>", [[(10, 20), (15, 15), (20, 20), (1, 2), (3, 4)]]),
        # From section 3.2.1, with the result given there.
        (
            "<trace>1125 18432,'23'43,\"7\"-8,3-5,7 -3,6 2,6 8,3 6,2 4,*6,3-6,2-1</trace>",
            [
                [
                    *((1125, 18432), (1148, 18475), (1178, 18510), (1211, 18540), (1251, 18567), (1297, 18596)),
                    *((1349, 18633), (1404, 18676), (1461, 18723)),
                ]
            ],
        ),
        ("<trace>#A #1F,1 T,F 2</trace>", [[(10, 31), (1, 1), (0, 2)]]),
        (
            '<traceFormat><channel name="Y"/><channel name="X"/></traceFormat><context xml:id="c"/>'
            '<trace contextRef="#c">1 2</trace>',
            [[(2, 1)]],
        ),
        ("<trace type='penUp'>1 2,3 4</trace><trace>5 6,</trace>", [[(5, 6)]]),
        (
            "<traceGroup><trace>1 2</trace><traceView/><trace>3 4</trace></traceGroup>",
            [[(1, 2)], [(3, 4)]],
        ),
        (
            '<definitions><context xml:id="c"><inkSource><traceFormat><channel name="T"/><channel name="Y"/>'
            '<channel name="X"/></traceFormat></inkSource></context><context xml:id="d"><traceFormat>'
            '<channel name="X"/><channel name="Y"/></traceFormat></context></definitions>'
            '<trace contextRef="#c">0 1 2, 9 3 4</trace><trace contextRef="#d">1 2 3</trace>',
            [[(2, 1), (4, 3)], [(1, 2)]],
        ),
    ],
)
def test_inkml_is_read(inside: str, expected: list[list[tuple[float, float]]]) -> None:
    found = places(only(f"{INK}{inside}</ink>".encode()))
    assert [stroke[: len(expected[0])] for stroke in found] == expected


def test_inkml_tells_times_and_its_truth() -> None:
    """As CROHME and Word write them."""
    form = '<traceFormat><channel name="X"/><channel name="Y"/><channel name="T" units="s"/></traceFormat>'
    traces = "<trace>1 2 0.5,3 4 0.75</trace><trace>5 6 1.5</trace>"
    truth = '<annotation type="UI">2011</annotation><annotation type="truth">$7$</annotation>'
    found = only(f'<?xml version="1.0"?>{INK}{form}{truth}{traces}</ink>'.encode())
    assert [point.t for stroke in found.strokes for point in stroke.points] == [0, 250, 1000]
    assert found.label == "7"
    again = only(f"{INK}{form}<trace>1 2 0.5,3 4 0.75</trace><trace>5 6 0</trace></ink>".encode())
    assert [point.t for stroke in again.strokes for point in stroke.points] == [None] * 3  # one clock for each stroke


PAD: list[Any] = [
    {
        "penColor": "black",
        "dotSize": 0,
        "minWidth": 0.5,
        "maxWidth": 2.5,
        "velocityFilterWeight": 0.7,
        "compositeOperation": "source-over",
        "points": [
            {"time": 1700000000000, "x": 80, "y": 60, "pressure": 0.5},
            {"time": 1700000000030, "x": 200, "y": 60, "pressure": 0.5},
            {"time": 1700000000090, "x": 130, "y": 230, "pressure": 0.5},
        ],
    }
]


def test_signature_pad_of_each_version_is_read(recognizer: Recognizer) -> None:
    found = only(json.dumps(PAD).encode())
    assert found.strokes == (Stroke((Point(80, 60, 0), Point(200, 60, 30), Point(130, 230, 90))),)
    assert found.width == 2.5
    assert recognizer.recognize(found).text == "7"
    assert only(json.dumps([{"color": "black", "points": PAD[0]["points"]}]).encode()).strokes == found.strokes
    assert only(json.dumps([PAD[0]["points"], PAD[0]["points"]]).encode()).strokes == found.strokes * 2
    erased = PAD[0] | {"compositeOperation": "destination-out"}
    assert only(json.dumps([*PAD, erased]).encode()).strokes == found.strokes
    assert "x of a point is a number" in wrong(json.dumps([{"points": [{"x": "a", "y": 1}]}]).encode())


def excalidraw(*elements: Any, kind: str = "excalidraw") -> bytes:
    return json.dumps({"type": kind, "version": 2, "elements": elements, "appState": {}, "files": {}}).encode()


FREE = {"id": "a", "type": "freedraw", "x": 80, "y": 60, "angle": 0, "strokeWidth": 4, "isDeleted": False}


@pytest.mark.parametrize("kind", ["excalidraw", "excalidraw/clipboard"])
def test_excalidraw_is_read(kind: str, recognizer: Recognizer) -> None:
    line = FREE | {"points": [[0, 0], [120, 0], [50, 170]]}
    text = {"type": "text", "x": 1, "y": 1, "text": "7"}
    found = only(excalidraw(text, line, line | {"isDeleted": True}, kind=kind))
    assert places(found) == [[(80, 60), (200, 60), (130, 230)]]
    assert found.width == 4
    assert recognizer.recognize(found).text == "7"
    assert places(only(excalidraw(FREE | {"points": []}, line))) == [[], *places(found)]
    turned = only(excalidraw(FREE | {"points": [[0, 0], [10, 0]], "angle": math.pi / 2}))
    assert places(turned) == [[(85, 55), (85, 65)]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (page('<path d="M1 1h9"/>'), "no lines, only shapes, text or pictures. Save it as a PNG"),
        (page('<path stroke="red" d="M1 1h9"/>')[:-9], "isn't complete (unclosed token, line 1)"),
        (b"<svg>" * 2 + b"</svg>", "isn't complete (no element found"),
        (b'<?xml version="1.0"?><html/>', "neither SVG nor InkML"),
        (b'<?xml version="1.0" encoding="nonesuch"?><svg/>', "an unknown encoding"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "declares entities"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>', "declares entities"),
        (b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://127.0.0.1/">%a;]><svg/>', "declares entities"),
        (page('<line stroke="red" x2="1e7"/>'), "The number 1e7 in it is too large"),
        (page('<line stroke="red" x2="9" transform="scale(999999)"/>'), "further than 1,000,000 pixels"),
        (b"<ink><trace/></ink>", "no pen traces"),
        (b"<ink><trace>" + b"9" * 400 + b" 1</trace></ink>", "x of a point is a number of at most 1e+06"),
        (b'<ink><traceFormat><channel name="X"/></traceFormat><trace>1 2</trace></ink>', "traces without X and Y"),
        (excalidraw(), "has no lines"),
        (
            b"<ink><trace>" + b"1 2," * 20_001 + b"</trace></ink>",
            "Its lines have more than 20,000 points. Leave some out",
        ),
        (excalidraw(FREE), "A line of this Excalidraw drawing is damaged"),
        (excalidraw(FREE | {"points": [[0, "a"]]}), "A line of this Excalidraw drawing is damaged"),
        (excalidraw(FREE | {"points": [[10**400, 0]]}), "A line of this Excalidraw drawing is damaged"),
        (json.dumps([{"points": [{"x": 1, "y": 10**400}]}]).encode(), "y of a point is a number"),
    ],
)
def test_what_is_damaged_or_hostile_is_one_sentence(content: bytes, sentence: str) -> None:
    assert sentence in wrong(content)


def test_the_most_of_everything_is_read_and_more_is_refused() -> None:
    def pointed(count: int) -> bytes:
        return page(f'<polyline stroke="red" points="{"1 2 9 9 " * (count // 2)}"/>')

    assert len(only(pointed(MOST_POINTS)).strokes[0].points) == MOST_POINTS
    assert "more than 20,000 points" in wrong(pointed(MOST_POINTS + 2))
    dots = f'<path stroke="red" d="{"M1 1z" * (MOST_POINTS // 2)}"/>'
    assert "at most 2,000 and 20,000" in wrong(page(dots * 2))
    assert "more than 20,000 points" in wrong(page(dots * 2 + '<line stroke="red" x2="9"/>'))
    curve = '<path stroke="red" d="M0 0C0 900 900 900 900 0"/>'
    assert "more than 20,000 points" in wrong(page(curve * 700))  # of 34 points each
    traced = b"1 2," * MOST_POINTS
    assert len(only(b"<ink><trace>" + traced + b"</trace></ink>").strokes[0].points) == MOST_POINTS
    assert "more than 20,000 points" in wrong(b"<ink><trace>" + traced + b"1 2</trace></ink>")

    def nested(depth: int) -> bytes:  # the root and the line are levels, too
        return page("<g>" * (depth - 2) + '<line stroke="red" x2="9"/>' + "</g>" * (depth - 2))

    assert len(only(nested(markup.DEEPEST_ELEMENT)).strokes) == 1
    assert "100 levels of elements" in wrong(nested(markup.DEEPEST_ELEMENT + 1))

    def wide(count: int) -> bytes:
        return page("<g/>" * (count - 2) + '<line stroke="red" x2="9"/>')

    assert len(only(wide(markup.MOST_ELEMENTS)).strokes) == 1
    assert "more than 50,000 elements" in wrong(wide(markup.MOST_ELEMENTS + 1))

    def moved(count: int) -> bytes:
        return page(f'<line stroke="red" x2="9" transform="{"scale(1)" * count}"/>')

    assert len(only(moved(svg_lines.MOST_TRANSFORMS)).strokes) == 1
    assert "more than 100,000 transformations" in wrong(moved(svg_lines.MOST_TRANSFORMS + 1))
    line = page('<line stroke="red" x2="9"/>')
    assert len(only(line.ljust(MOST_INK_BYTES)).strokes) == 1
    assert "more than 5 MB of XML" in wrong(line.ljust(MOST_INK_BYTES + 1))

    for far, said in (
        ('x2="1000000"', ""),
        ('x2="1000001"', "The number 1000001 in it is too large"),
        ('x2="10" transform="scale(100000)"', ""),
        ('x2="10.00001" transform="scale(100000)"', "further than 1,000,000 pixels"),
    ):
        (read,) = read_document(page(f'<line stroke="red" {far}/>'))
        assert said in str(read) if said else isinstance(read, Drawing)


MANY = MOST_INK_BYTES // 8 - 100


@pytest.mark.parametrize(
    "inside",
    [
        f'<line stroke="red" x2="9" transform="{"scale(1)" * MANY}"/>',
        f'<line stroke="red" x2="9" transform="{"a" * 8 * MANY}"/>',
        f'<line stroke="red" x2="9" stroke-width="{" " * 7 * MANY}x"/>',
        f'<line stroke="rgb({" " * 7 * MANY}" x2="9"/>',
        f'<style>{"/*" * 4 * MANY}</style><line stroke="red" x2="9"/>',
        f'<style>{"{" * 7 * MANY}</style><line stroke="red" x2="9"/>',
        f'<style>{"a" * 7 * MANY}</style><line stroke="red" x2="9"/>',
        f'<style>{"a{}b," * MANY}</style><line stroke="red" x2="9"/>',
        f'<path stroke="red" d="M0 0h9{"z" * 7 * MANY}"/>',
        f'<path stroke="red" d="M0 0h9{"-" * 7 * MANY}"/>',
    ],
    ids=range(10),
)
def test_long_texts_take_no_long_time(inside: str) -> None:
    """They'd take hours if a pattern backtracked for each character; pytest would be killed."""
    content = page(inside)
    assert len(content) <= MOST_INK_BYTES
    (found,) = read_document(content)
    assert isinstance(found, Drawing) or "points" in str(found) or "transformations" in str(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<svg/>", True),
        ("\ufeff  <?xml version='1.0'?>", True),
        ("<!-- Inkscape --><svg/>", True),
        ("<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'>", True),
        ("<inkml:ink>", True),
        ('{"strokes": []}', True),
        ("[]", True),
        ("<!DOCTYPE html><svg/>", False),
        ("<svgs/>", False),
        ("7", False),
        ("", False),
    ],
)
def test_ink_is_told_by_how_it_begins(text: str, expected: bool) -> None:
    assert is_ink(text) is expected


def test_utf_16_is_xml_too() -> None:
    content = '<svg><line stroke="red" x2="9"/></svg>'.encode("utf-16")
    assert places(only(content)) == [[(0, 0), (9, 0)]]
