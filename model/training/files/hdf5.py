"""An HDF5 file of somebody else looked through before its numbers are read: plain ones, and no more than there may be.

HDF5 files can name other files, by links and as where numbers are stored, declare sizes that fill the memory, and hold
numbers in chunks that are larger than all numbers together, or that unpack to more than they say.
"""

from __future__ import annotations

import math
import zlib

import h5py

from model.base.language import _
from model.training.files.allowed import OpenError

LARGEST = 200_000_000  # bytes of a file, and of what it holds when it is unpacked: an optimizer triples it
LARGEST_TEXT = 10_000_000  # bytes of a configuration, and of an attribute
LARGEST_LETTERS = 200_000_000  # bytes of a list of words, each of which could be as long as the file
MOST_PARTS = 100_000  # groups, arrays, their chunks and notes; the deepest known networks have a few thousand
DEEPEST = 50  # groups inside each other

_DEFLATE = h5py.h5z.FILTER_DEFLATE
_FILTERS = (_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32)
_CHECKSUM = 4  # bytes that Fletcher's filter adds to a chunk


def check(file: h5py.File, name: str) -> None:
    """Raise OpenError unless a HDF5 file is plain: groups and numbers, all in itself, no more than it may hold.

    Args:
        file: is open for reading.
        name: of the file that it came in, for people.
    """
    found = _Look(file).found()
    if found:
        raise OpenError(
            _("{name} holds {found}, which Keras does not write; save the model again with Keras."),
            name=name,
            found=found,
        )


class _Look:
    """Looks through a file, once, and counts what it has."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._unpacked = 0  # bytes that are made when all numbers are read
        self._parts = 0

    def found(self) -> str | None:
        """Return the first thing that should not be there, for people."""
        # It ends at what is found, and follows no links but those to the file's own parts.
        return self._about_notes(self._file) or self._file.visititems_links(self._about)

    def _about(self, place: str, link: object) -> str | None:
        self._parts += 1
        if self._parts > MOST_PARTS or place.count("/") > DEEPEST:
            return _("more parts than a network needs")
        if not isinstance(link, h5py.HardLink):
            return _("a link")
        part = self._file[place]
        found = self._about_notes(part)
        if isinstance(part, h5py.Dataset):
            return found or self._about_numbers(part)
        return found or (None if isinstance(part, h5py.Group) else _("a part of another kind"))

    def _about_notes(self, part: h5py.HLObject) -> str | None:
        for key in part.attrs:
            self._parts += 1
            note = part.attrs.get_id(key)
            count, kind = math.prod(note.shape or ()), note.dtype.kind
            letters = kind == "O" and h5py.check_string_dtype(note.dtype)
            if self._parts > MOST_PARTS:
                return _("more parts than a network needs")
            if not letters and kind not in "biufS":
                return _("a note of another kind")
            # Words of any length lie elsewhere in the file, and several can be the same one.
            if count * note.dtype.itemsize > LARGEST_TEXT or (
                letters and count > 1 and count * self._file.id.get_filesize() > LARGEST_LETTERS
            ):
                return _("a note that is too long")
        return None

    def _about_numbers(self, part: h5py.Dataset) -> str | None:
        if part.external or part.is_virtual:
            return _("numbers that are kept in another file")
        if part.dtype.kind not in "biuf" or part.shape is None:
            return _("something else than numbers")
        layout = part.id.get_create_plist()
        filters = [layout.get_filter(index)[0] for index in range(layout.get_nfilters())]
        if len(set(filters)) < len(filters) or not set(filters) <= set(_FILTERS):
            return _("numbers that are packed in an unusual way")
        # A chunk is made whole, however little of it is used.
        sides = part.chunks or part.shape
        chunks = math.prod(-(-int(side) // chunk) for side, chunk in zip(part.shape, sides, strict=True) if chunk)
        each = math.prod(map(int, sides)) * part.dtype.itemsize
        self._parts += chunks if part.chunks else 0
        self._unpacked += chunks * each
        if self._unpacked > LARGEST:
            return _("more numbers than a network needs")
        if self._parts > MOST_PARTS:
            return _("more parts than a network needs")
        return _about_chunks(part, filters, each + _CHECKSUM) if part.chunks else None


def _about_chunks(part: h5py.Dataset, filters: list[int], most: int) -> str | None:
    """Unpack what is packed, a chunk at a time and no more than it may have: HDF5 makes room for whatever comes."""
    stored: list[h5py.h5d.StoreInfo] = []
    part.id.chunk_iter(stored.append)
    for chunk in stored:
        if chunk.size > LARGEST:
            return _("more numbers than a network needs")
        used = [each for place, each in enumerate(filters) if not chunk.filter_mask >> place & 1]
        if _DEFLATE not in used:
            continue
        _mask, packed = part.id.read_direct_chunk(chunk.chunk_offset)
        unpacker = zlib.decompressobj()
        unpacker.decompress(packed if used[-1] == _DEFLATE else packed[:-_CHECKSUM], most)
        if unpacker.decompress(unpacker.unconsumed_tail, 1):
            return _("more numbers than a network needs")
    return None
