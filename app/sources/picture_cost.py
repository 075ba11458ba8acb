"""What opening a picture file would cost, estimated before its pixels are decoded."""

from __future__ import annotations

import struct
from typing import IO, Any, BinaryIO

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

MEMORY_BYTES = 190_000_000  # that opening may take: 300 MB less what the window has
MOST_PIXELS = 50_000_000  # of any picture; a JPEG is reduced before it counts
MOST_PICTURE_BYTES = 100_000_000  # of a file; of some formats Pillow reads the whole file into the memory
MOST_READS = 1_000_000  # that Pillow may read it in: markers, chunks, blocks and runs have none but a byte or two
MOST_TAG_VALUES = 100_000  # of a tag of TIFF or EXIF: each becomes an object
MOST_DECODED = 4_000_000_000  # pixels times scans of a JPEG: each scan goes over all of its pixels
COEFFICIENT_BYTES = 2  # a JPEG of several scans is kept as coefficients until the last of them
WEBP_BYTES = 12  # a pixel: two frames of libwebp's and one handed over
READ_AT_ONCE = 1 << 20  # bytes

_NUMBERS = {3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18}  # the kinds of a tag's values that aren't kept as bytes
_ROWS_PER_STRIP, _TILE_WIDTH, _TILE_LENGTH, _BITS_PER_SAMPLE = 278, 322, 323, 258  # tags of TIFF


class TooManyReadsError(Exception):
    """A picture's file is made of so many pieces that their number alone takes minutes, or fills the memory.

    So are the values of a tag of TIFF or EXIF.
    """


class CountedReads:
    """A file that can be read at most `MOST_READS` times; then reading raises TooManyReadsError."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self.begin()

    def begin(self) -> None:
        """Count again: another frame begins."""
        self._left = MOST_READS

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        self._left -= 1
        if self._left < 0:
            raise TooManyReadsError
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _read_tags(directory: ImageFileDirectory_v2, file: IO[bytes]) -> None:
    """Read the tags of a TIFF, or of EXIF in any format, as Pillow does. Raises TooManyReadsError."""
    start = file.tell()
    order, big = directory._endian, directory._bigtiff  # of these Pillow tells nobody else
    count, entry = (struct.Struct(order + each) for each in (("Q", "HHQ8x") if big else ("H", "HHL4x")))
    head = file.read(count.size)
    (entries,) = count.unpack(head.ljust(count.size, b"\0"))
    entries = min(entries, MOST_TAG_VALUES)
    told = file.read(entries * entry.size)
    whole = told[: len(told) // entry.size * entry.size]
    if any(kind in _NUMBERS and values > MOST_TAG_VALUES for _tag, kind, values in entry.iter_unpack(whole)):
        raise TooManyReadsError
    file.seek(start)
    _read_as_pillow_does(directory, file)


_read_as_pillow_does = ImageFileDirectory_v2.load
# The one place that the tags of all formats go through.
ImageFileDirectory_v2.load = _read_tags  # type: ignore[assignment,method-assign]


def most_megapixels(picture: Image.Image, size: tuple[int, int], file: CountedReads) -> int:
    """Return how many megapixels a picture of this kind may have; 0 if this one is within the limit.

    Args:
        picture: opened but not loaded; a JPEG after its `draft`.
        size: as it is in the file, in pixels.
        file: that it is in, read up to where Pillow has read it.
    """
    pixels = size[0] * size[1]
    reduced = picture.width * picture.height / pixels if pixels else 1.0  # by `draft`
    each = (2 if _is_turned(picture) else 1) * reduced * _of_a_pixel(picture.mode)  # to turn it is to copy it
    most = MOST_PIXELS / reduced
    if picture.format == "WEBP":
        each += WEBP_BYTES
    elif picture.format == "TIFF":
        each += _of_a_strip(picture, size)
    elif picture.format in ("JPEG", "MPO"):
        scans = _scans(file)
        if scans > 1:
            each += _of_coefficients(picture)
            most = min(most, MOST_DECODED / scans)
    most = min(most, MEMORY_BYTES / each)
    return max(1, int(most / 1_000_000)) if pixels > most else 0


def _is_turned(picture: Image.Image) -> bool:
    """Return whether a picture's EXIF tag can ask for a turn; nonsense can."""
    try:
        return bool(picture.getexif().get(ExifTags.Base.Orientation, 1) != 1)
    except TooManyReadsError:
        raise
    except Exception:  # noqa: BLE001  (Pillow raises what it pleases there)
        return True


def _of_a_pixel(mode: str) -> int:
    """Return how many bytes Pillow has for a pixel."""
    if mode.startswith("I;16"):
        return 2
    return 1 if mode in ("1", "L", "P") else 4


def _of_a_strip(picture: Image.Image, size: tuple[int, int]) -> float:
    """Return how many bytes for each pixel of a TIFF its largest strip or tile takes, which is decoded whole."""
    if picture.info.get("compression") == "raw":
        return 0.0
    tags = picture.tag_v2  # type: ignore[attr-defined]  # only TIFFs have them
    width, height = tags.get(_TILE_WIDTH, size[0]), tags.get(_TILE_LENGTH, tags.get(_ROWS_PER_STRIP, size[1]))
    bits = max(32, sum(tags.get(_BITS_PER_SAMPLE, (1,))))
    return float(bits / 8 * width * (height if _TILE_WIDTH in tags else min(height, size[1])) / (size[0] * size[1]))


def _of_coefficients(picture: Image.Image) -> float:
    """Return how many bytes the coefficients of a JPEG's pixel take, less where colours are coarser than light."""
    layers = picture.layer  # type: ignore[attr-defined]  # (name, columns, rows, table) of each; only JPEGs have them
    finest = max(columns for _, columns, _, _ in layers) * max(rows for _, _, rows, _ in layers)
    return float(COEFFICIENT_BYTES * sum(columns * rows for _, columns, rows, _ in layers) / finest)


def _scans(file: CountedReads) -> int:
    """Return how many scans a JPEG has, of which Pillow has read the head up to the first."""
    place = file.tell()
    count, end = 1, b""
    while piece := file.read(READ_AT_ONCE):
        count += (end + piece).count(b"\xff\xda")
        end = piece[-1:]
    file.seek(place)
    return count
