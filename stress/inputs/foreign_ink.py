"""Other programs' ink, nearly valid: SVG, InkML, and the JSON of signature_pad and Excalidraw."""

from __future__ import annotations

import json

from hypothesis import strategies as st

_NUMBERS = st.one_of(
    st.integers(-300, 600).map(str),
    st.floats(-1e7, 1e7).map(str),
    st.sampled_from(["1e6", "-1e6", "1e999", "nan", "0", "-0", ".5.5", "1e-300", "5e5", "+", "", "\u0661"]),
)
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            *("stroke", "stroke-width", "display", "visibility", "style", "class", "id", "transform", "x", "y", "r"),
            *("cx", "cy", "rx", "ry", "x1", "y1", "x2", "y2", "width", "height", "points", "d", "viewBox"),
        ]
    ),
    st.one_of(
        _NUMBERS,
        st.sampled_from(["none", "red", "white", "inherit", "a b", "stroke:red;stroke-width:3px", "100%", "5px"]),
        st.lists(_NUMBERS, max_size=12).map(" ".join),
        st.lists(
            st.tuples(
                st.sampled_from(["translate", "scale", "rotate", "skewX", "skewY", "matrix", "no"]),
                st.lists(_NUMBERS, max_size=7),
            ).map(lambda each: f"{each[0]}({','.join(each[1])})"),
            max_size=4,
        ).map(" ".join),
        st.lists(
            st.tuples(st.sampled_from([*"MmLlHhVvCcSsQqTtAaZz", "x"]), st.lists(_NUMBERS, max_size=8)).map(
                lambda each: each[0] + " ".join(each[1])
            ),
            max_size=10,
        ).map("".join),
    ),
    max_size=6,
)


def _written(name: str, attributes: dict[str, str], inside: str) -> str:
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{said}>{inside}</{name}>"


_SHAPES = st.builds(
    _written,
    st.sampled_from(["path", "polyline", "polygon", "line", "rect", "circle", "ellipse", "use", "script"]),
    _ATTRIBUTES.map(lambda each: {"stroke": "red"} | each),
    st.just(""),
)
_STYLES = st.sampled_from(["<style>.a{stroke:red}/* b */path,#c{stroke-width:4}</style>", "<style>{}}{,</style>", ""])
_GROUPS = st.recursive(
    _SHAPES | _STYLES,
    lambda inner: st.builds(
        _written, st.sampled_from(["g", "svg", "defs"]), _ATTRIBUTES, st.lists(inner, max_size=4).map("".join)
    ),
    max_leaves=12,
)
_SVG = st.builds(
    _written, st.sampled_from(["svg", "svg", "s:svg"]), _ATTRIBUTES, st.lists(_GROUPS, max_size=3).map("".join)
)
_TRACES = st.lists(
    st.lists(_NUMBERS | st.sampled_from(["'3", '"2', "!7", "*", "#FF", "T"]), max_size=5).map(" ".join), max_size=6
).map(",".join)
_FORMATS = st.lists(st.sampled_from(["X", "Y", "T", "F", "OTx"]), max_size=4).map(
    lambda names: "<traceFormat>" + "".join(f'<channel name="{name}"/>' for name in names) + "</traceFormat>"
)
_INKML = st.lists(
    st.one_of(
        _TRACES.map(lambda text: _written("trace", {"contextRef": "#a"}, text)),
        _FORMATS,
        _FORMATS.map(lambda text: _written("context", {"xml:id": "a"}, text)),
        st.just('<annotation type="truth">$7$</annotation>'),
    ),
    max_size=5,
).map(lambda parts: _written("ink", {}, "".join(parts)))
_VALUES: st.SearchStrategy[object] = st.one_of(
    st.integers(-300, 600), st.floats(), st.sampled_from([10**400, 1e308, None, "1", True, [], {}, 1700000000000])
)
_POINTS = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("x", "y", "time", "pressure"), _VALUES)), max_size=5
)
_PADS = st.lists(
    st.fixed_dictionaries({"points": _POINTS}, optional={"maxWidth": _VALUES, "compositeOperation": _VALUES}) | _POINTS,
    max_size=3,
).map(json.dumps)
_SCENES = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["freedraw", "line", "text"])},
        optional={
            "points": st.lists(st.lists(_VALUES, max_size=3) | _VALUES, max_size=4) | _VALUES,
            **dict.fromkeys(("x", "y", "angle", "strokeWidth", "isDeleted"), _VALUES),
        },
    )
    | _VALUES,
    max_size=3,
).map(lambda elements: json.dumps({"type": "excalidraw", "elements": elements}))
_HEADS = st.sampled_from(
    [
        *("", "", "", '<?xml version="1.0"?>', "<!-- x -->", "<!DOCTYPE svg>"),
        *('<?xml version="1.0" encoding="nonesuch"?>', '<!DOCTYPE svg [<!ENTITY a "b">]>'),
    ]
)

FILES: st.SearchStrategy[str] = st.builds(str.__add__, _HEADS, _SVG | _INKML) | _PADS | _SCENES


def worst() -> list[bytes]:
    """Return the files that take longest to read among those that are accepted."""
    line, curve = '<line stroke="red" x2="9"/>', '<path stroke="red" d="M0 0c9 9-9 9 50 50"/>'
    turned = '<g transform="' + "scale(1)" * 500 + '"/>'
    return [
        each.encode()
        for each in (
            f"<svg>{'<g>' * 97}{line * 40_000}{'</g>' * 97}</svg>",
            f"<svg>{curve * 19_000}</svg>",
            '<svg><path stroke="red" d="M0 0' + "t1 1" * 1_200_000 + '"/></svg>',
            f"<svg><style>{'a{}b,' * 900_000}</style>{line}</svg>",
            f"<svg>{turned * 1_200}{line}</svg>",
            f"<ink><trace>{'1 2,' * 1_200_000}</trace></ink>",
            f"<ink><trace>{'! ' * 2_400_000}</trace></ink>",
        )
    ]
