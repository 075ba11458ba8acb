"""Files that pack a lot into few bytes: huge sizes with and without the pixels, texts, and endless frames and scans."""

from __future__ import annotations

import functools
import io
import struct
import zlib
from collections.abc import Callable

from hypothesis import strategies as st
from PIL import Image

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
SIZES = (0, 1, 2, 1024, 16383, 65535, 100_000, 2**31 - 1, 2**32 - 1)
TEXT = 1 << 23  # bytes of text that a few bytes decompress to


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: tuple[bytes, bytes], colour: int = 0, depth: int = 8, rows: int = 3) -> bytes:
    """Return a PNG that claims a size, with some of its rows, and with additional chunks before these."""
    head = struct.pack(">IIBBBBB", width % 2**32, height % 2**32, depth, colour, 0, 0, 0)
    row = min(width * {2: 3, 4: 2, 6: 4}.get(colour, 1) * depth // 8 + 1, 1 << 20)
    packed = zlib.compress(bytes(row * min(rows, height)))
    chunks = [(b"IHDR", head), *more, (b"IDAT", packed), (b"IEND", b"")]
    return PNG_HEAD + b"".join(chunk(kind, data) for kind, data in chunks)


def tiff(width: int, height: int, compression: int, data: bytes) -> bytes:
    """Return a TIFF of one strip that claims a size."""
    tags = [(256, width), (257, height), (258, 8), (259, compression), (262, 1), (273, 8), (277, 1), (278, height)]
    tags.append((279, len(data)))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value % 2**32) for tag, value in tags)
    place = 8 + len(data)
    return struct.pack("<2sHI", b"II", 42, place) + data + struct.pack("<H", len(tags)) + entries + bytes(4)


def bmp(width: int, height: int, compression: int, data: bytes) -> bytes:
    """Return a BMP of 8 bits a pixel that claims a size."""
    head = struct.pack("<IiiHHIIiiII", 40, width % 2**31, height % 2**31, 1, 8, compression, len(data), 0, 0, 256, 0)
    return struct.pack("<2sIII", b"BM", 1078 + len(data), 0, 1078) + head + bytes(1024) + data


@functools.cache
def _saved(kind: str, side: int, mode: str, **how: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (side, side)).save(file, kind, **how)
    return file.getvalue()


@functools.cache
def scans(count: int, side: int) -> bytes:
    """Return a progressive JPEG with this many scans, each over the whole picture."""
    content = _saved("JPEG", side, "L", progressive=True)
    last = content.rindex(b"\xff\xda")
    table = content.rindex(b"\xff\xc4", 0, last)
    return content[:-2] + content[table:-2] * count + content[-2:]


_DATA = st.binary(max_size=60) | st.sampled_from(["deflated", "runs"]).map(
    lambda name: zlib.compress(bytes(99_000)) if name == "deflated" else b"\xff\1" * 500
)


def small() -> st.SearchStrategy[bytes]:
    """Return a strategy for files that claim odd sizes and hold long texts, small and quick to make."""
    side = st.sampled_from(SIZES) | st.integers(0, 70_000)
    texts = st.sampled_from([b"zTXt", b"iTXt", b"iCCP", b"tEXt"]).map(lambda kind: (kind, _text(kind)))
    pngs = st.builds(
        lambda width, height, more, colour, depth: png(width, height, *more, colour=colour, depth=depth),
        side,
        side,
        st.lists(texts, max_size=3),
        st.sampled_from([0, 2, 3, 4, 6]),
        st.sampled_from([1, 8, 16]),
    )
    compressions = st.sampled_from([1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000])
    return st.one_of(
        pngs,
        st.builds(tiff, side, side, compressions, _DATA),
        st.builds(bmp, side, side, st.integers(0, 3), _DATA),
        st.builds(of_size, st.sampled_from(["GIF", "JPEG", "WEBP"]), side, side),
        st.builds(scans, st.integers(0, 300), st.sampled_from([8, 200])),
    )


def _text(kind: bytes) -> bytes:
    """Return a text chunk's content, which is long."""
    head = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\1\0\0\0", b"iCCP": b"sRGB\0\0"}.get(kind)
    return b"Comment\0" + bytes(5000) if head is None else head + _packed()


@functools.cache
def _packed() -> bytes:
    return zlib.compress(bytes(TEXT))


def of_size(kind: str, width: int, height: int) -> bytes:
    """Return a file of a few pixels that claims other dimensions."""
    content = bytearray(
        _saved(kind, 16, "RGB" if kind == "WEBP" else "L", **({"lossless": True} if kind == "WEBP" else {}))
    )
    if kind == "GIF":
        content[6:10] = struct.pack("<HH", width % 65536, height % 65536)
    elif kind == "JPEG":
        place = content.index(b"\xff\xc0")
        content[place + 5 : place + 9] = struct.pack(">HH", height % 65536, width % 65536)
    else:
        (bits,) = struct.unpack_from("<I", content, 21)
        sides = (width - 1) % 16384 | (height - 1) % 16384 << 14
        content[21:25] = struct.pack("<I", bits & ~(2**28 - 1) | sides)
    return bytes(content)


WORST: tuple[Callable[[], bytes], ...] = (  # as large as is accepted, or larger, in each format; slow to make
    lambda: png(6900, 6900, rows=6900),
    lambda: png(4800, 4800, colour=6, rows=4800),
    lambda: png(6500, 6500, depth=16, rows=6500),
    lambda: png(20_000, 20_000, colour=2),
    lambda: tiff(4000, 4000, 8, zlib.compress(bytes(4000 * 4000), 1)),
    lambda: bmp(6900, 6900, 1, b"\xff\0" * (6900 * 6900 // 255 + 1)),
    lambda: _saved("GIF", 6900, "L"),
    lambda: _saved("WEBP", 3000, "RGB", lossless=True, method=0, quality=0),
    lambda: _saved("TIFF", 4800, "RGB", compression="tiff_lzw"),
    lambda: _saved("JPEG", 4400, "RGB", progressive=True),
    lambda: scans(1000, 1000),
    lambda: png(8, 8, *[(b"zTXt", _text(b"zTXt"))] * 100),
    lambda: png(8, 8, *[(b"iCCP", _text(b"iCCP"))] * 100),
)
