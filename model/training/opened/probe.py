"""Two hundred labelled digits without any data set: skeletons, slightly varied, as the window would read them.

They're used to find out what somebody else's network wants to see, and our networks rehearse the skeletons.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from model.ink.ink import Drawing, Point, Stroke
from model.reading.normalize import normalize_drawing

TURNED = 8.0  # degrees, at most, either way
SLANTED = 0.15  # of the height, at most, either way
STRETCHED = 0.15  # of the width, at most, either way

Path = npt.NDArray[np.float64]  # (n, 2): x to the right, y downwards, a digit about 1 high


def _line(*points: tuple[float, float]) -> Path:
    return np.array(points, float)


def _arc(middle: tuple[float, float], radii: tuple[float, float], start: float, end: float) -> Path:
    """Return an arc of an ellipse, with its axes along the page's; angles in degrees from the right, clockwise."""
    angles = np.radians(np.linspace(start, end, max(3, round(abs(end - start) / 10))))
    return np.stack([np.cos(angles), np.sin(angles)], 1) * radii + middle


def _joined(*parts: Path) -> Path:
    return np.concatenate(parts)


_SHAPES: tuple[tuple[tuple[Path, ...], ...], ...] = (  # digit -> shapes -> strokes
    (
        (_arc((0.35, 0.5), (0.35, 0.5), -90, 270),),
        (_arc((0.25, 0.5), (0.25, 0.5), -90, 270),),
        (_arc((0.45, 0.5), (0.45, 0.5), -70, 285),),
        (_arc((0.3, 0.5), (0.3, 0.5), -110, 260),),
    ),
    (
        (_line((0, 0), (0, 1)),),
        (_line((0.2, 0), (0, 1)),),
        (_line((0.35, 0), (0, 1)),),
        (_line((0, 0.2), (0.18, 0), (0.18, 1)),),
    ),
    (
        (_joined(_arc((0.32, 0.28), (0.3, 0.28), -170, 30), _line((0, 1), (0.65, 1))),),
        (_joined(_arc((0.32, 0.3), (0.32, 0.3), -160, 45), _line((0.02, 0.97), (0.3, 0.93), (0.7, 1))),),
        (
            _joined(
                _arc((0.3, 0.25), (0.28, 0.25), -150, 40), _arc((0.12, 0.88), (0.12, 0.12), -60, -330), _line((0.7, 1))
            ),
        ),
        (_joined(_arc((0.35, 0.3), (0.35, 0.3), -180, 20), _line((0.45, 0.7), (0, 1), (0.75, 1))),),
    ),
    (
        (_joined(_arc((0.28, 0.25), (0.3, 0.25), -160, 90), _arc((0.28, 0.74), (0.34, 0.26), -90, 150)),),
        (_joined(_arc((0.3, 0.24), (0.27, 0.24), -150, 80), _arc((0.27, 0.73), (0.33, 0.27), -80, 140)),),
        (_joined(_line((0.02, 0), (0.55, 0), (0.25, 0.4)), _arc((0.25, 0.7), (0.35, 0.3), -90, 150)),),
        (_joined(_arc((0.25, 0.22), (0.28, 0.22), -140, 70), _arc((0.25, 0.71), (0.38, 0.29), -75, 130)),),
    ),
    (
        (_line((0.1, 0), (0, 0.55), (0.6, 0.55)), _line((0.55, 0), (0.5, 1))),
        (_line((0.05, 0.1), (0.03, 0.6), (0.65, 0.55)), _line((0.55, 0.1), (0.55, 1))),
        (_line((0.45, 0), (0, 0.65), (0.7, 0.65)), _line((0.48, 0.25), (0.46, 1))),
        (_joined(_arc((0.25, 0.1), (0.25, 0.42), 180, 80), _line((0.55, 0.5))), _line((0.58, 0), (0.5, 1))),
    ),
    (
        (_joined(_line((0.6, 0), (0.1, 0), (0.06, 0.42)), _arc((0.25, 0.7), (0.33, 0.3), -110, 140)),),
        (_joined(_line((0.1, 0), (0.05, 0.45)), _arc((0.25, 0.7), (0.32, 0.3), -110, 140)), _line((0.1, 0), (0.6, 0))),
        (_joined(_line((0.7, 0), (0.2, 0.02), (0.12, 0.4)), _arc((0.22, 0.7), (0.35, 0.3), -100, 120)),),
        (_joined(_line((0.65, 0.02), (0.15, 0), (0.1, 0.45)), _arc((0.28, 0.71), (0.36, 0.29), -120, 150)),),
    ),
    (
        (_joined(_line((0.45, 0), (0.15, 0.35), (0.02, 0.65)), _arc((0.3, 0.72), (0.29, 0.28), 190, -170)),),
        (_joined(_line((0.3, 0), (0.08, 0.4), (0, 0.7)), _arc((0.26, 0.75), (0.26, 0.25), 180, -180)),),
        (_joined(_arc((0.5, 0.55), (0.48, 0.55), -80, -180), _arc((0.3, 0.7), (0.29, 0.3), 180, -170)),),
        (_joined(_line((0.2, 0), (0.03, 0.45), (0, 0.7)), _arc((0.22, 0.76), (0.22, 0.24), 180, -170)),),
    ),
    (
        (_line((0, 0), (0.6, 0), (0.2, 1)),),
        (_line((0, 0.08), (0.05, 0), (0.65, 0.02), (0.3, 0.55), (0.2, 1)),),
        (_line((0, 0.02), (0.6, 0), (0.45, 0.4), (0.35, 1)),),
        (_line((0, 0), (0.65, 0), (0.25, 1)), _line((0.2, 0.5), (0.62, 0.48))),
    ),
    (
        (_arc((0.3, 0.25), (0.25, 0.25), 90, 450), _arc((0.3, 0.75), (0.3, 0.25), -90, 270)),
        (_arc((0.3, 0.22), (0.22, 0.22), 90, 450), _arc((0.3, 0.72), (0.27, 0.28), -90, 270)),
        (
            _joined(
                _arc((0.3, 0.25), (0.27, 0.25), -30, -200),
                _line((0.3, 0.48)),
                _arc((0.3, 0.75), (0.3, 0.25), -40, 200),
                _line((0.3, 0.5), (0.5, 0.3), (0.53, 0.15)),
            ),
        ),
        (_arc((0.35, 0.25), (0.23, 0.25), 90, 450), _arc((0.3, 0.74), (0.25, 0.26), -75, 285)),
    ),
    (
        (_joined(_arc((0.28, 0.28), (0.27, 0.28), -20, -360), _line((0.55, 0.25), (0.5, 1))),),
        (_joined(_arc((0.28, 0.26), (0.28, 0.26), -10, -350), _line((0.57, 0.3), (0.4, 1))),),
        (_joined(_arc((0.3, 0.28), (0.28, 0.28), -20, -360), _arc((0.13, 0.5), (0.45, 0.5), -20, 80)),),
        (_joined(_arc((0.26, 0.3), (0.26, 0.25), -40, -350), _line((0.56, 0.05), (0.52, 0.5), (0.5, 1))),),
    ),
)
VARIATIONS = 5  # per shape


def skeletons() -> list[Drawing]:
    """Return labelled digits as bare lines, in several shapes each, digit by digit."""
    return [_drawing(strokes, str(digit)) for digit, shapes in enumerate(_SHAPES) for strokes in shapes]


@functools.cache
def probe(variations: int = VARIATIONS) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.intp]]:
    """Return images, (200, 28, 28) float32, 0 paper to 1 ink, and their digits, (200,). They're the same every time.

    There are 40 for each variation.
    """
    random = np.random.default_rng(0)
    varied = [
        (normalize_drawing(_varied(strokes, random)), digit)
        for digit, shapes in enumerate(_SHAPES)
        for strokes in shapes
        for _ in range(variations)
    ]
    images, digits = zip(*varied, strict=True)
    return np.stack(images), np.array(digits)


def _varied(strokes: tuple[Path, ...], random: np.random.Generator) -> Drawing:
    """Return the strokes as a drawing, turned, slanted and stretched a little."""
    angle = np.radians(random.uniform(-TURNED, TURNED))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shape = np.array([[1 + random.uniform(-STRETCHED, STRETCHED), 0], [random.uniform(-SLANTED, SLANTED), 1]])
    return _drawing([path @ shape @ turn * 200 for path in strokes])


def _drawing(strokes: Iterable[Path], label: str | None = None) -> Drawing:
    return Drawing(tuple(Stroke(tuple(Point(*point) for point in path.tolist())) for path in strokes), label=label)
