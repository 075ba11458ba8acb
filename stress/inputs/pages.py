"""Pictures of pages: made-up ones, damaged in every way, and what isn't a page at all: dots, grids, lines, darkness."""

from __future__ import annotations

import functools
import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.sources.spreadsheet import save_csv
from model.bundle.bundle import open_bundle
from model.page.reading import read_page
from model.reading.recognizer import Recognizer
from model.training.opened.probe import skeletons
from model.training.synthetic.pages import page
from model.training.synthetic.writing import Hands
from stress.inputs.scenes import SCENES, scene
from stress.way import Way

MADE = ("marks", "table", "open", "form", "log", "squared", "sum", "several")  # the kinds of made-up pages in use
LARGEST = 1000  # pixels of their sides
MOST_PIXELS, LONGEST = 3_000_000, 6000  # of a changed picture; a large page takes 5 s
MOST_CHANGES = 6
HEAD = struct.Struct("<BHHI")  # what is shown, its width and height, and the random seed
MODES = ("LAB", "1", "P", "LA", "RGBA", "CMYK", "I", "F")

Change = Callable[[Image.Image, int, int], Image.Image]  # the numbers are from 0 to 255


def _enter(content: bytes, home: Path) -> None:
    """Read a page as the window does, cell by cell, and save its table."""
    picture = _picture(content)
    pages = list(read_page(picture, _recognizer()))
    for before, after in pairwise(pages):
        assert [*map(len, before.rows)] == [*map(len, after.rows)]
    last = pages[-1]
    assert not any(cell.is_unread for cell in last.cells)
    assert not last.is_table or len({*map(len, last.rows)}) == 1
    boxes = [cell.box for cell in last.cells] + [digit.box for digit in last.digits]
    assert all(0 <= x <= picture.width for box in boxes for x in box[::2])
    assert all(0 <= y <= picture.height for box in boxes for y in box[1::2])
    assert all(map(math.isfinite, (last.confidence, *(side for box in boxes for side in box))))
    save_csv(last.table, home / "page.csv")


def _picture(content: bytes) -> Image.Image:
    """Return the picture for these bytes; any bytes have one."""
    shown, wide, high, seed = HEAD.unpack(content[: HEAD.size].ljust(HEAD.size, b"\0"))
    names = [*MADE, *SCENES]
    name = names[shown % len(names)]
    size = _bounded((1 + wide % LARGEST, 1 + high % LARGEST))
    picture = _made()[shown % len(names)].copy() if name in MADE else scene(name, size, seed)
    changes = content[HEAD.size :][: 3 * MOST_CHANGES]
    for which, one, other in zip(changes[::3], changes[1::3], changes[2::3], strict=False):
        grey = picture.getchannel(0) if picture.mode == "LAB" else picture.convert("L")  # Pillow can't make LAB grey
        picture = CHANGES[which % len(CHANGES)](grey, one, other)
    return picture


@functools.cache
def _made() -> list[Image.Image]:
    """Return a page of each kind, written with the program's own digit skeletons."""
    digits = skeletons()
    letters = [replace(digit, label="a") for digit in digits]
    hands = Hands.of(digits, letters, np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8))
    pictures = [page(kind, hands, np.random.default_rng(place)).picture.convert("L") for place, kind in enumerate(MADE)]
    for picture in pictures:
        picture.thumbnail((LARGEST, LARGEST))
    return pictures


@functools.cache
def _recognizer() -> Recognizer:
    return Recognizer(open_bundle())


def _ready(_home: Path) -> None:
    _made()
    _recognizer()


def _bounded(size: tuple[float, float]) -> tuple[int, int]:
    """Return a size within the limits."""
    wide, high = (max(1, min(LONGEST, round(side))) for side in size)
    part = min(1.0, math.sqrt(MOST_PIXELS / (wide * high)))
    return max(1, int(wide * part)), max(1, int(high * part))


def _squeezed(picture: Image.Image, one: int, other: int) -> Image.Image:
    """Stretch it up to eight times in each direction, or squeeze it to a line."""
    size = (picture.width * (one / 32) ** 2 / 8, picture.height * (other / 32) ** 2 / 8)
    return picture.resize(_bounded(size))


def _cropped(picture: Image.Image, one: int, other: int) -> Image.Image:
    left, top = picture.width * (one % 16) // 16, picture.height * (other % 16) // 16
    right = left + max(1, (picture.width - left) * (one // 16) // 15)
    return picture.crop((left, top, right, top + max(1, (picture.height - top) * (other // 16) // 15)))


def _noisy(picture: Image.Image, one: int, other: int) -> Image.Image:
    grey = np.asarray(picture, np.float32) + np.random.default_rng(other).normal(0, one, picture.size[::-1])
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def _leveled(picture: Image.Image, one: int, other: int) -> Image.Image:
    """Map its greys to a range between two others: a negative, a faint picture, an all-black one."""
    return picture.point([one + (other - one) * level // 255 for level in range(256)])


def _turned(picture: Image.Image, one: int, other: int) -> Image.Image:
    turned = picture.rotate((one - 128) * (1.4 if other % 4 == 0 else 0.1), expand=True, fillcolor=other)
    return turned.resize(_bounded(turned.size))


def _dotted(picture: Image.Image, one: int, other: int) -> Image.Image:
    """Scatter up to ten thousand dots."""
    pen, random = ImageDraw.Draw(picture), np.random.default_rng(other)
    for x, y in random.uniform(0, 1, (one * 40, 2)) * picture.size:
        pen.rectangle((x, y, x + other % 5, y + other % 7), fill=other // 2)
    return picture


def _ruled(picture: Image.Image, one: int, other: int) -> Image.Image:
    """Draw a grid, or lines in one direction, at least a pixel wide."""
    pen, step = ImageDraw.Draw(picture), 2 + one % 64
    for place in range(other % step, max(picture.size), step):
        if one >= 64:
            pen.line((place, 0, place, picture.height), 0, 1 + other % 5)
        if one < 192:
            pen.line((0, place, picture.width, place), 0, 1 + other % 5)
    return picture


def _crossed(picture: Image.Image, one: int, other: int) -> Image.Image:
    """Draw lines from anywhere to anywhere."""
    pen, ends = ImageDraw.Draw(picture), np.random.default_rng(other).uniform(0, 1, (one, 2, 2)) * picture.size
    for line in ends:
        pen.line([tuple(end) for end in line.tolist()], 0, 1 + other % 3)
    return picture


def _tiled(picture: Image.Image, one: int, other: int) -> Image.Image:
    """Tile it with smaller copies: hundreds of cells."""
    columns, rows = 1 + one % 12, 1 + other % 12
    small = picture.resize((max(1, picture.width // columns), max(1, picture.height // rows)), Image.Resampling.BOX)
    return Image.fromarray(np.tile(np.asarray(small), (rows, columns)))


def _in_mode(picture: Image.Image, one: int, other: int) -> Image.Image:
    """Convert it to another mode; some can't be read, or are partly transparent."""
    mode = MODES[one % len(MODES)]
    if mode == "LAB":
        return Image.merge("LAB", [picture] * 3)
    if mode in ("LA", "RGBA"):
        picture = picture.convert(mode)
        picture.putalpha(
            Image.linear_gradient("L").resize(picture.size).point([level // (1 + other % 3) for level in range(256)])
        )
    return picture.convert(mode)


CHANGES: tuple[Change, ...] = (
    *(_squeezed, _cropped, _noisy, _leveled, _turned, _dotted, _ruled, _crossed, _tiled, _in_mode),
)


def _head(shown: int, wide: int, high: int) -> bytes:
    return HEAD.pack(shown, wide, high, 1)


def _corpus() -> Sequence[bytes]:
    """Return each page and each scene as it is, and with each change at its strongest."""
    alone = [_head(shown, 900, 700) for shown in range(len(MADE) + len(SCENES))]
    ways = [(which, one, other) for which in range(len(CHANGES)) for one, other in ((255, 255), (0, 255), (60, 3))]
    return (*alone, *(_head(place % len(MADE), 0, 0) + bytes(way) for place, way in enumerate(ways)))


_SIDE = st.integers(0, LARGEST) | st.sampled_from([0, 1, 2, 30, LARGEST - 1])
_CHANGE = st.tuples(st.integers(0, len(CHANGES) - 1), st.integers(0, 255), st.integers(0, 255)).map(bytes)

WAY = Way(
    "pages",
    grammar=st.tuples(
        st.builds(HEAD.pack, st.integers(0, len(MADE) + len(SCENES) - 1), _SIDE, _SIDE, st.integers(0, 2**32 - 1)),
        st.lists(_CHANGE, max_size=MOST_CHANGES).map(b"".join),
    ).map(b"".join),
    corpus=_corpus,
    enter=_enter,
    modules=(
        *("model.page.reading", "model.page.layout", "model.page.rules", "model.page.straight", "model.page.page"),
        *(
            "model.reading.eye",
            "model.reading.sight",
            "model.reading.groups",
            "model.reading.parts",
            "model.reading.signs",
        ),
        *("model.reading.connected", "model.reading.cuts", "model.reading.segmentation", "model.reading.layout"),
    ),
    seconds=8.0,
    megabytes=300,
    longest=HEAD.size + 3 * MOST_CHANGES,
    ready=_ready,
)
