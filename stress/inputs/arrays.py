"""Training data: `.npz` files, folders of MNIST's four IDX files, and ink with the file that parts its writers."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from model.data import data
from model.data.data import IDX_NAMES, NPZ_NAMES, PEOPLE_FILE
from stress.inputs.damage import damaged, zips
from stress.inputs.files import ODD, npy, npys, put
from stress.way import Way

NPZ, IDX, INK = b"n", b"i", b"p"  # the first byte says what the others are
END = b"\n--\n"  # between two of a folder's files
INK_FILE = "pen.jsonl"


def _enter(content: bytes, home: Path) -> None:
    """Load a file or a folder."""
    place = home / "given"
    _clear(place)
    kind, content = content[:1], content[1:]
    if kind == IDX:
        place.mkdir()
        for name, text in zip(_names(content), content.split(END)[1:], strict=False):
            put(place / name, text)
        data.load(place)
    elif kind == INK:
        place.mkdir()
        ink, _, people = content.partition(END)
        put(place / INK_FILE, ink)
        if people:
            put(place / PEOPLE_FILE, people)
        data.load_ink([place / INK_FILE])
    else:
        put(place, content)
        data.load(place)


def _clear(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        for each in place.iterdir():
            each.unlink()
        place.rmdir()
    else:
        place.unlink(missing_ok=True)


def _names(content: bytes) -> list[str]:
    """Return the names of a folder's files: one byte each, before the first of them, says how it is spelled."""
    spelled = content.split(END)[0].ljust(4, b"\0")
    names = [name.replace("-idx", ".idx") if byte & 2 else name for name, byte in zip(IDX_NAMES, spelled, strict=False)]
    return [f"{name}.gz" if byte & 1 else name for name, byte in zip(names, spelled, strict=False)]


_COUNT = 12
_RANDOM = np.random.default_rng(0)
_RIGHT: dict[str, np.ndarray[Any, Any]] = {
    "x_train": _RANDOM.integers(0, 256, (_COUNT, 28, 28), np.uint8),
    "y_train": np.arange(_COUNT, dtype=np.uint8) % 10,
    "x_test": _RANDOM.integers(0, 256, (3, 28, 28), np.uint8),
    "y_test": np.array([7, 7, 7], np.uint8),
}


@st.composite
def _npz(draw: st.DrawFn) -> bytes:
    members = {f"{name}.npy": draw(npys(array)) for name, array in _RIGHT.items()}
    match draw(st.integers(0, 9)):
        case 0:
            del members[draw(st.sampled_from(sorted(members)))]
        case 1:
            first, second = draw(st.permutations(sorted(members)))[:2]
            members[first], members[second] = members[second], members[first]
        case 2:
            members = {name.removesuffix(".npy"): content for name, content in members.items()}
    content = draw(zips(members))
    return NPZ + (draw(damaged(content)) if draw(st.integers(0, 3)) == 0 else content)


def _idx(array: np.ndarray[Any, Any]) -> bytes:
    return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


@st.composite
def _folders(draw: st.DrawFn) -> bytes:
    spelled, parts = [], []
    for array in _RIGHT.values():
        content = _idx(array)
        choice = draw(st.integers(0, 11))
        if choice == 0:
            sides = draw(st.lists(st.sampled_from([0, 1, 3, 12, 28, 2**16, 2**32 - 1]), max_size=5))
            start = draw(st.sampled_from([0x800, 0xD00, 0xE00, 0x100, 0x1000800])) + len(sides)
            content = struct.pack(f">I{len(sides)}I", start, *sides) + array.tobytes()
        elif choice == 1:
            content = draw(damaged(content))
        elif choice == 2:
            content = _idx(_RIGHT[draw(st.sampled_from(NPZ_NAMES))])
        elif choice == 3:
            content = _idx(np.full(array.shape, draw(st.sampled_from([0, 4, 10, 255])), np.uint8))
        byte = draw(st.integers(0, 3))
        if byte & 1:
            content = gzip.compress(content, 1, mtime=0)
            if draw(st.integers(0, 5)) == 0:
                content = draw(damaged(content))
        elif choice == 4:
            content = b"-> " + draw(st.sampled_from(ODD)).encode()
        spelled.append(byte ^ (draw(st.integers(0, 20)) == 0))
        parts.append(content)
    return IDX + END.join([bytes(spelled), *parts])


_SEVEN: Mapping[str, object] = {"strokes": [[[0, 0], [9, 0], [4, 20]]], "label": "7", "writer": "ann"}
_VALUES = (
    st.none() | st.integers(-3, 12) | st.floats() | st.text(max_size=4) | st.sampled_from(["7", "ann", "x" * 5000])
)
_INK = st.dictionaries(
    st.sampled_from([*_SEVEN, "width", "canvas", "more"]), _VALUES | st.lists(_VALUES, max_size=3)
).map(lambda more: json.dumps({**_SEVEN, **more}).encode())
_SIDES = st.recursive(
    _VALUES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["train", "validation", "judge", INK_FILE, "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)
_PEOPLE = st.one_of(
    st.just(b""),
    st.dictionaries(st.just(INK_FILE), _SIDES).map(lambda value: json.dumps(value).encode()),
    _SIDES.map(lambda value: json.dumps(value).encode()),
    st.sampled_from([b"[" * 100_000, b"-> pipe", b"-> /dev/zero", b"\xff", b'{"pen.jsonl": {"train": [[]]}}']),
)
_INK_FOLDERS = st.tuples(
    st.lists(_INK | st.sampled_from([b"-> pipe", b"-> /dev/zero", b"", b"{", b"[" * 5000]), max_size=3).map(b"\n".join),
    _PEOPLE,
).map(lambda pair: INK + END.join(pair))


def _corpus() -> Sequence[bytes]:
    file = io.BytesIO()
    np.savez_compressed(file, **_RIGHT)  # type: ignore[arg-type]
    bomb = io.BytesIO(file.getvalue())
    with zipfile.ZipFile(bomb, "a") as archive:
        archive.writestr(zipfile.ZipInfo("more.npy"), b"")
        archive.filelist[0].file_size = 500_000_000
    names = bytes(4)
    whole = [_idx(array) for array in _RIGHT.values()]
    giant = gzip.compress(whole[0]) + gzip.compress(bytes(1_000_000)) * 450  # gzip goes on with the next part
    return (
        NPZ + file.getvalue(),
        NPZ + bomb.getvalue(),
        NPZ + npy(_RIGHT["x_train"]),
        IDX + END.join([names, *whole]),
        IDX + END.join([b"\1\0\0\0", gzip.compress(whole[0]), *whole[1:]]),
        IDX + END.join([b"\1\0\0\0", giant, *whole[1:]]),
        *(IDX + END.join([names, b"-> " + odd.encode(), *whole[1:]]) for odd in ODD),
        *(NPZ + b"-> " + odd.encode() for odd in ODD),
        INK + json.dumps(_SEVEN).encode() + END + b'{"pen.jsonl": {"judge": ["ann"]}}',
        INK + b"-> /dev/zero" + END,
        INK + json.dumps(_SEVEN).encode() + END + b"-> pipe",
    )


WAY = Way(
    "arrays",
    grammar=st.one_of(_npz(), _npz(), _folders(), _folders(), _INK_FOLDERS),
    corpus=_corpus,
    enter=_enter,
    modules=("model.data.data", "model.base.files", "zipfile", "numpy.lib._format_impl", "numpy.lib._npyio_impl"),
    seconds=30,
    megabytes=1000,
    longest=30_000,
)
