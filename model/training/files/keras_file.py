"""A Keras model's file, checked before anything of it is deserialised: `.keras` (a zip) and `.h5` (HDF5)."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import math
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py

from model.base.files import read_plain
from model.base.language import _
from model.bundle import others
from model.bundle.others import DESCRIPTION, ENDINGS
from model.training.files import declared, keras2, pairs
from model.training.files.allowed import OpenError

LARGEST_FILE = 200_000_000  # bytes, and of what it holds when it's unpacked: an optimizer triples it
LARGEST_TEXT = 10_000_000  # bytes of a configuration, and of an attribute
LARGEST_WORDS = 200_000_000  # bytes of a list of words, each of which could be as long as the file
MOST_PARTS = 100_000  # groups, arrays, their chunks and notes; the deepest known networks have a few thousand
DEEPEST_GROUP = 50  # groups inside each other

_DEFLATE = h5py.h5z.FILTER_DEFLATE
_FILTERS = {_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}
_CHECKSUM = 4  # bytes that Fletcher's filter adds to a chunk

_CONFIG, _METADATA, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (  # what the libraries raise on damaged files
    *(OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, SystemError, zlib.error),
    zipfile.BadZipFile,
)


@dataclass(frozen=True, slots=True)
class KerasFile:
    """A private copy of a Keras model's file, checked, and ready to be loaded."""

    path: Path
    name: str  # of the file that it is a copy of, for people
    sha256: str  # of that file, hexadecimal


def checked(source: Path, folder: Path) -> KerasFile:
    """Copy a Keras model's file into a folder of ours and check the copy, so that nothing is swapped in between.

    Raises OpenError when it's no Keras model, is damaged, or holds what isn't opened.
    """
    name = source.name
    description = source if source.suffix.lower() == DESCRIPTION else None
    if description:
        _read(source)
        source = pairs.weights_beside(source)
    content = _read(source)
    # Some versions of Keras have written HDF5 under the other name, so the content decides.
    zipped = zipfile.is_zipfile(io.BytesIO(content))
    path = folder / f"model{ENDINGS[0] if zipped else ENDINGS[1]}"
    path.write_bytes(content)
    try:
        if zipped:
            _check_zip(path, name)
        else:
            path = _check_old(path, name, source, description)
    except OpenError:
        raise
    except _DAMAGE as error:
        sentence = _(
            "{name} is damaged, or isn't a Keras model ({kind}). Save the model again, or choose another file."
        )
        raise OpenError(sentence, name=name, kind=type(error).__name__) from error
    return KerasFile(path, name, hashlib.sha256(content).hexdigest())


def _read(source: Path) -> bytes:
    """Return what's in somebody else's file. Raises OpenError."""
    name = source.name
    try:
        if found := others.way_on(source):
            raise OpenError(found)
        content = read_plain(source, LARGEST_FILE)
    except OSError as error:
        if error.errno == errno.EFBIG:
            sentence = _("{name} is larger than {most} MB; choose a smaller model.")
            raise OpenError(sentence, name=name, most=LARGEST_FILE // 1_000_000) from error
        sentence = _("{name} can't be read ({reason}); choose another file.")
        raise OpenError(sentence, name=name, reason=error.strerror) from error
    return content


def _check_zip(path: Path, name: str) -> None:
    """Check a `.keras` file: its members, their sizes, the configuration and the weights. Raises OpenError."""
    weights = path.with_name(_WEIGHTS)
    with zipfile.ZipFile(path) as archive:
        members = {member.filename: member for member in archive.infolist()}
        if set(members) != {_CONFIG, _METADATA, _WEIGHTS} or len(archive.infolist()) != 3:
            sentence = _(
                "{name} has more in it than a Keras model's configuration and weights. Save the model again, as "
                "a .keras file."
            )
            raise OpenError(sentence, name=name)
        sizes = {_CONFIG: LARGEST_TEXT, _METADATA: LARGEST_TEXT, _WEIGHTS: LARGEST_FILE}
        if any(member.file_size > sizes[key] for key, member in members.items()):
            sentence = _("{name} is too large for a network when it's unpacked. Choose another file.")
            raise OpenError(sentence, name=name)
        if any(member.compress_type not in _PACKINGS or member.flag_bits & 1 for member in members.values()):
            sentence = _("{name} is packed in a way that Keras doesn't use. Save the model again.")
            raise OpenError(sentence, name=name)
        text, about = archive.read(_CONFIG), archive.read(_METADATA)
        with archive.open(_WEIGHTS) as packed, weights.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    config, metadata = _decoded(text, name), _decoded(about, name)
    config = declared.cleaned(config)
    with h5py.File(weights, "r") as file:
        check_hdf5(file, name)
        otherwise = keras2.is_laid_out_otherwise(file)
    if otherwise:
        keras2.laid_out_as_3(weights)
    if keras2.is_of_keras_2(metadata):
        config = keras2.in_words_of_3(config)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(_CONFIG, json.dumps(config))
        archive.writestr(_METADATA, about)
        archive.write(weights, _WEIGHTS)
    weights.unlink()


def _check_old(path: Path, name: str, source: Path, description: Path | None) -> Path:
    """Check a copy of an `.h5` file: its parts and its configuration, which can be next to it; return where it is then.

    Raises OpenError.
    """
    with h5py.File(path, "r") as file:
        check_hdf5(file, name)
        text = None if description else file.attrs.get("model_config")
    if not isinstance(text, str | bytes):
        text = _read(description or pairs.description_beside(source))
        return pairs.put_together(path, declared.cleaned(_decoded(text, name)))
    config = json.dumps(declared.cleaned(_decoded(text, name)))
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = config
        keras2.without_random_states(file)
    return path


def _decoded(text: str | bytes, name: str) -> Any:
    if len(text) > LARGEST_TEXT:
        raise OpenError(_("The description in {name} is too long for a network; choose another file."), name=name)
    try:
        return json.loads(text)
    except RecursionError as error:
        raise OpenError(_("{name} is nested too deeply for a network; choose another file."), name=name) from error


def check_hdf5(file: h5py.File, name: str) -> None:
    """Raise OpenError unless an open HDF5 file is plain: groups and numbers, all in itself, no more than it may hold.

    HDF5 files can name other files, by links and as where numbers are stored, declare sizes that fill the memory, and
    hold numbers in chunks that are larger than all numbers together, or that unpack to more than they say.
    """
    look = _Look(file)
    # It ends at the first thing that shouldn't be there, and follows no links but those to the file's own parts.
    found = look.about_notes(file) or file.visititems_links(look.about_link)
    if found:
        sentence = _("{name} has {found} in it, which Keras doesn't write. Save the model again with Keras.")
        raise OpenError(sentence, name=name, found=found)


class _Look:
    """Looks through a file, once, and counts what it has; what shouldn't be there is returned in words."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._unpacked = 0  # bytes that are made when all numbers are read
        self._parts = 0

    def about_link(self, place: str, link: object) -> str | None:
        self._parts += 1
        if self._parts > MOST_PARTS or place.count("/") > DEEPEST_GROUP:
            return _("more parts than a network needs")
        if not isinstance(link, h5py.HardLink):
            return _("a link")
        part = self._file[place]
        found = self.about_notes(part)
        if isinstance(part, h5py.Dataset):
            return found or self._about_numbers(part)
        return found or (None if isinstance(part, h5py.Group) else _("a part of another kind"))

    def about_notes(self, part: h5py.HLObject) -> str | None:
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
            most = count * self._file.id.get_filesize() if letters and count > 1 else 0
            if count * note.dtype.itemsize > LARGEST_TEXT or most > LARGEST_WORDS:
                return _("a note that's too long")
        return None

    def _about_numbers(self, part: h5py.Dataset) -> str | None:
        if part.external or part.is_virtual:
            return _("numbers that are stored in another file")
        if part.dtype.kind not in "biuf" or part.shape is None:
            return _("something other than numbers")
        layout = part.id.get_create_plist()
        filters = [layout.get_filter(index)[0] for index in range(layout.get_nfilters())]
        if len(set(filters)) < len(filters) or not set(filters) <= _FILTERS:
            return _("numbers that are packed in an unusual way")
        # A chunk is made whole, however little of it is used.
        sides = part.chunks or part.shape
        chunks = math.prod(-(-int(side) // chunk) for side, chunk in zip(part.shape, sides, strict=True) if chunk)
        each = math.prod(map(int, sides)) * part.dtype.itemsize
        self._parts += chunks if part.chunks else 0
        self._unpacked += chunks * each
        if self._unpacked > LARGEST_FILE:
            return _("more numbers than a network needs")
        if self._parts > MOST_PARTS:
            return _("more parts than a network needs")
        fits = not part.chunks or _all_fit(part, filters, each + _CHECKSUM)
        return None if fits else _("more numbers than a network needs")


def _all_fit(part: h5py.Dataset, filters: list[int], most: int) -> bool:
    """Unpack what is packed, a chunk at a time and no more than it may have: HDF5 makes room for whatever comes."""
    stored: list[h5py.h5d.StoreInfo] = []
    part.id.chunk_iter(stored.append)
    for chunk in stored:
        if chunk.size > LARGEST_FILE:
            return False
        used = [each for place, each in enumerate(filters) if not chunk.filter_mask >> place & 1]
        if _DEFLATE not in used:
            continue
        _mask, packed = part.id.read_direct_chunk(chunk.chunk_offset)
        unpacker = zlib.decompressobj()
        unpacker.decompress(packed, most)  # a checksum behind it is left over
        if unpacker.decompress(unpacker.unconsumed_tail, 1):
            return False
    return True
