"""Draws Inkling's icon, a drop of ink that is a 6, in every size and form that the systems want.

`python assets/icon/make.py` writes the files beside this one anew; the shape is in curves, so each size is drawn for
itself and not shrunk.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)  # pixels of the .png files
WINDOWS = SIZES[:-1]  # in the .ico; Explorer shows no larger one
AS_PICTURE = 256  # from this size on, an .ico keeps a .png: as a bitmap it would take a quarter of a megabyte
MAC = (16, 32, 64, 128, 256, 512, 1024)  # in the .icns
MAC_MARGIN = 0.0977  # of the width on each side: 100 of 1024 pixels, as the other icons of a Mac's dock have
FINER = 8  # times finer is drawn, each way, than shown: smooth edges

TOP, BOTTOM, INK = (
    "#4a86f8",
    "#2563eb",
    "#ffffff",
)  # the blues stand out, 3 to 1, on white, on near black and from the ink
CORNER = 0.22  # radius, as a fraction of the tile's width

Place = tuple[float, float]  # of the tile: (0, 0) is its upper left corner and (1, 1) its lower right one

# The drop, from its tip and round to it again: where it starts, and curves of Bezier (two handles and an end).
TIP: Place = (0.685, 0.115)
BODY: Place = (0.5, 0.615)
RADIUS = 0.265
HOLE = 0.108  # its radius
ROUND = 0.5523  # of the radius: handles that make a quarter of a circle, to within 0.03 % of it
LEFT, RIGHT = BODY[0] - RADIUS, BODY[0] + RADIUS
UNDER, OVER = BODY[1] + RADIUS, BODY[1] - RADIUS
CURVES: tuple[tuple[Place, Place, Place], ...] = (
    ((0.47, 0.175), (LEFT, 0.355), (LEFT, BODY[1])),  # the back of the 6
    ((LEFT, BODY[1] + ROUND * RADIUS), (BODY[0] - ROUND * RADIUS, UNDER), (BODY[0], UNDER)),
    ((BODY[0] + ROUND * RADIUS, UNDER), (RIGHT, BODY[1] + ROUND * RADIUS), (RIGHT, BODY[1])),
    ((RIGHT, BODY[1] - ROUND * RADIUS), (BODY[0] + ROUND * RADIUS, OVER), (BODY[0] + 0.02, OVER)),
    ((0.545, 0.275), (0.6, 0.185), TIP),
)


def outline(steps: int = 40) -> list[Place]:
    """Return the drop's edge as a closed line, so many places a curve."""
    places = [TIP]
    for first, second, end in CURVES:
        start = places[-1]
        for step in range(1, steps + 1):
            t = step / steps
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            handles = (start, first, second, end)
            x, y = (sum(w * place[axis] for w, place in zip(weights, handles, strict=True)) for axis in (0, 1))
            places.append((x, y))
    return places


def picture(size: int, margin: float = 0.0) -> Image.Image:
    """Return the icon, size x size pixels with transparency, with so much of the width left free on each side."""
    wide = size * FINER
    free, tile = margin * wide, wide * (1 - 2 * margin)

    def on(place: Place) -> Place:
        return free + place[0] * tile, free + place[1] * tile

    def disc(radius: float) -> tuple[Place, Place]:
        return on((BODY[0] - radius, BODY[1] - radius)), on((BODY[0] + radius, BODY[1] + radius))

    shape, ink = (Image.new("L", (wide, wide)) for _ in range(2))
    ImageDraw.Draw(shape).rounded_rectangle((on((0, 0)), on((1, 1))), CORNER * tile, fill=255)
    pen = ImageDraw.Draw(ink)
    pen.polygon([on(place) for place in outline()], fill=255)
    pen.ellipse(disc(HOLE if size > 24 else HOLE * 1.15), fill=0)  # a smaller hole would close in a small icon
    shape, ink = (mask.resize((size, size), Image.Resampling.BOX) for mask in (shape, ink))
    shades = Image.linear_gradient("L").resize((size, size), Image.Resampling.BILINEAR)  # black above, white below
    icon = Image.composite(Image.new("RGB", (size, size), BOTTOM), Image.new("RGB", (size, size), TOP), shades)
    icon.paste(INK, mask=ink)
    icon.putalpha(shape)
    return icon


def drawing() -> str:
    """Return the icon as SVG, 512 x 512 user units."""

    def said(places: Iterable[Place]) -> str:
        return " ".join(f"{x * 512:.1f},{y * 512:.1f}" for x, y in places)

    curves = " ".join(f"C {said(curve)}" for curve in CURVES)
    (x, y), r = BODY, HOLE
    half, there, back = (said([place]) for place in ((r, r), (2 * r, 0), (-2 * r, 0)))
    hole = f"M {said([(x - r, y)])} a {half} 0 1 0 {there} a {half} 0 1 0 {back}"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
<defs><linearGradient id="blue" x2="0" y2="1">
<stop stop-color="{TOP}"/><stop offset="1" stop-color="{BOTTOM}"/>
</linearGradient></defs>
<rect width="512" height="512" rx="{CORNER * 512:.1f}" fill="url(#blue)"/>
<path fill="{INK}" fill-rule="evenodd" d="M {said([TIP])} {curves} Z {hole} Z"/>
</svg>
"""


def for_windows(pictures: Sequence[Image.Image]) -> bytes:
    """Return an .ico of pictures: bitmaps, which every program reads, and the largest as .png, as Windows' own are."""
    entries, contents = [], []
    for picture in pictures:
        file = io.BytesIO()
        kind = "png" if picture.width >= AS_PICTURE else "bmp"
        picture.save(file, "ICO", sizes=[picture.size], bitmap_format=kind)
        single = file.getvalue()
        length, start = struct.unpack_from("<II", single, 6 + 8)  # of its one entry, which follows 6 bytes of header
        entries.append(single[6 : 6 + 12])
        contents.append(single[start : start + length])
    place = 6 + 16 * len(entries)
    table = b""
    for entry, content in zip(entries, contents, strict=True):
        table += entry + struct.pack("<I", place)
        place += len(content)
    return struct.pack("<HHH", 0, 1, len(entries)) + table + b"".join(contents)


def for_mac() -> bytes:
    """Return an .icns."""
    *smaller, largest = (picture(size, MAC_MARGIN) for size in MAC)
    file = io.BytesIO()
    largest.save(file, "ICNS", append_images=smaller)
    return file.getvalue()


def write(folder: Path = FOLDER) -> None:
    """Write all files of the icon into a folder."""
    pictures = {size: picture(size) for size in SIZES}
    for size, icon in pictures.items():
        icon.save(folder / f"{size}.png", optimize=True)
    (folder / "inkling.ico").write_bytes(for_windows([pictures[size] for size in WINDOWS]))
    (folder / "inkling.icns").write_bytes(for_mac())
    (folder / "inkling.svg").write_text(drawing(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
