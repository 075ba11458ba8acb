"""Shapes with smooth edges, as pictures for Tk.

How much of each pixel a shape covers follows from the signed distance of the pixel's centre to the shape's edge,
negative inside.
"""

from __future__ import annotations

import struct
import tkinter as tk
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise, product
from math import hypot
from typing import TypeVar

Size = tuple[int, int]  # width and height of a picture, in pixels
Place = tuple[float, float]  # x and y, in pixels
Cover = tuple[float, ...]  # of each pixel, row by row, 0 to 1
Each = TypeVar("Each")


@lru_cache(maxsize=64)
def rounded(size: Size, inset: float, radius: float) -> Cover:
    """Return the cover of a rectangle with round corners that lies so far inside the picture's edge."""
    half_x, half_y = size[0] / 2, size[1] / 2
    straight_x, straight_y = half_x - inset - radius, half_y - inset - radius

    def distance(x: float, y: float) -> float:
        away_x, away_y = abs(x - half_x) - straight_x, abs(y - half_y) - straight_y
        return hypot(max(away_x, 0.0), max(away_y, 0.0)) + min(max(away_x, away_y), 0.0) - radius

    # A quarter of it is computed, and mirrored.
    rows: list[list[float]] = [
        _mirrored([_cover(distance(column + 0.5, row + 0.5)) for column in range(-(-size[0] // 2))], size[0])
        for row in range(-(-size[1] // 2))
    ]
    return tuple(chain.from_iterable(_mirrored(rows, size[1])))


def _mirrored(half: Sequence[Each], count: int) -> list[Each]:
    """Return so many as the first half of them, the middle one included, and its mirror image."""
    return [*half, *half[: count // 2][::-1]]


@lru_cache(maxsize=8)
def lines(size: Size, paths: tuple[tuple[Place, ...], ...], width: float) -> Cover:
    """Return the cover of lines from place to place, so wide, with round ends."""
    cover = [0.0] * (size[0] * size[1])
    for start, end in chain.from_iterable(map(pairwise, paths)):
        near = (  # beyond it a piece of a line covers nothing
            range(max(0, int(min(sides) - width)), min(most, int(max(sides) + width) + 1))
            for sides, most in zip(zip(start, end, strict=True), size, strict=True)
        )
        for column, row in product(*near):
            part = _cover(_distance((column + 0.5, row + 0.5), start, end) - width / 2)
            place = row * size[0] + column
            cover[place] = max(cover[place], part)
    return tuple(cover)


def picture(root: tk.Misc, size: Size, ground: str, *layers: tuple[Cover, str]) -> tk.PhotoImage:
    """Return a picture of shapes in their colours (``#rrggbb``), each over those before it, on a ground."""
    pixels = [bytes.fromhex(ground[1:])] * (size[0] * size[1])
    for cover, colour in layers:
        ink = bytes.fromhex(colour[1:])
        pixels = [
            ink if part == 1 else below if part == 0 else _mixed(below, ink, part)
            for below, part in zip(pixels, cover, strict=True)
        ]
    return tk.PhotoImage(master=root, data=b"P6 %d %d 255\n" % size + b"".join(pixels), format="ppm")


def cut_out(size: Size, cover: Cover, colour: str) -> bytes:
    """Return a picture of one shape in its colour (``#rrggbb``), through which what is below it's seen, as PNG."""
    ink, wide = bytes.fromhex(colour[1:]), size[0]
    pixels = [ink + bytes((round(255 * part),)) for part in cover]
    rows = b"".join(b"\0" + b"".join(pixels[start : start + wide]) for start in range(0, len(pixels), wide))
    head = struct.pack(">2I5B", *size, 8, 6, 0, 0, 0)  # eight bits each of red, green, blue and cover
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def stretched(root: tk.Misc, shape: tk.PhotoImage, middle: Size) -> tk.PhotoImage:
    """Return a picture with its middle column and row as often as its new middle has pixels."""
    spans = []  # of each axis: start and end in the picture, and in the new one
    for side, more in zip((shape.width(), shape.height()), middle, strict=True):
        half = side // 2
        ends = (0, half, half + more, side - 1 + more)
        spans.append(zip(pairwise((0, half, half + 1, side)), pairwise(ends), strict=True))
    result = tk.PhotoImage(master=root, width=shape.width() - 1 + middle[0], height=shape.height() - 1 + middle[1])
    for ((left, right), (to_left, to_right)), ((top, bottom), (to_top, to_bottom)) in product(*spans):
        area = ("-from", left, top, right, bottom, "-to", to_left, to_top, to_right, to_bottom)
        root.tk.call(result, "copy", shape, *area)
    return result


def _cover(distance: float) -> float:
    return min(max(0.5 - distance, 0.0), 1.0)


def _distance(place: Place, start: Place, end: Place) -> float:
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    x, y = place[0] - start[0], place[1] - start[1]
    part = min(max((x * along_x + y * along_y) / (along_x**2 + along_y**2), 0.0), 1.0)
    return hypot(x - part * along_x, y - part * along_y)


@lru_cache(maxsize=1024)  # the edges of a picture have few colours
def _mixed(below: bytes, above: bytes, part: float) -> bytes:
    return bytes(round(low + (high - low) * part) for low, high in zip(below, above, strict=True))
