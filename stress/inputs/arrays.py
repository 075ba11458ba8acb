"""Training data: archives, tables, IDX files, pictures by digit, and ink with the file that separates its writers."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from model.data import data
from model.data.arrays import IDX_NAMES, check_kind
from model.data.data import PEOPLE_FILE
from model.given import loading
from stress.inputs.damage import damaged, zips
from stress.inputs.files import ODD, npy, npys, put
from stress.way import Way

NPZ, IDX, INK, PICTURES, DRAWN = b"n", b"i", b"p", b"f", b"d"  # the first byte says what the rest is
END = b"\n--\n"  # between two files of a folder
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
        _load(place)
    elif kind == PICTURES:
        for number, part in enumerate(content.split(END)):
            head, picture = part[:2].ljust(2, b"\0"), part[2:]
            folder = place / FOLDERS[head[0] % len(FOLDERS)]
            folder.mkdir(parents=True, exist_ok=True)
            put(folder / f"{number}{ENDINGS[head[1] % len(ENDINGS)]}", picture)
        _load(place)
    elif kind == INK:
        place.mkdir()
        ink, _, people = content.partition(END)
        put(place / INK_FILE, ink)
        if people:
            put(place / PEOPLE_FILE, people)
        data.load_ink([place / INK_FILE])
    else:  # recognized by its content, except for ink
        put(place, content)
        _load(place)


def _load(place: Path) -> None:
    """Load what's there as a command does: first its kind, then all of it; then read a sample."""
    check_kind(place)
    loading.load(place, lambda _event: None)


def _clear(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _names(content: bytes) -> list[str]:
    """Return the names of a folder's files; one byte for each, at the start of the content, says how it's spelled."""
    spelled = content.split(END)[0].ljust(4, b"\0")
    names = [name.replace("-idx", ".idx") if byte & 2 else name for name, byte in zip(IDX_NAMES, spelled, strict=False)]
    names = [f"my {name[:-9]}" if byte & 4 else name for name, byte in zip(names, spelled, strict=False)]
    return [f"{name}.gz" if byte & 1 else name for name, byte in zip(names, spelled, strict=False)]


_COUNT = 12
_RANDOM = np.random.default_rng(0)
_RIGHT: dict[str, np.ndarray[Any, Any]] = {
    "x_train": _RANDOM.integers(0, 256, (_COUNT, 28, 28), np.uint8),
    "y_train": np.arange(_COUNT, dtype=np.uint8) % 10,
    "x_test": _RANDOM.integers(0, 256, (3, 28, 28), np.uint8),
    "y_test": np.array([7, 7, 7], np.uint8),
}


_SHAPED = (
    lambda images: images,
    lambda images: images.reshape(-1, 784),
    lambda images: images[..., None],
    lambda images: images / 255,
    lambda images: images.astype(np.float32),
    lambda images: images // 128,
    lambda images: images.swapaxes(1, 2),
)
_CALLED = (
    ("x_train", "y_train", "x_test", "y_test"),
    ("train_images", "train_labels", "test_images", "test_labels"),
    ("X", "y", "x_val", "y_val"),
)


@st.composite
def _npz(draw: st.DrawFn) -> bytes:
    shaped, called = draw(st.sampled_from(_SHAPED)), draw(st.sampled_from(_CALLED))
    arrays = [shaped(array) if array.ndim == 3 else array for array in _RIGHT.values()]
    if draw(st.integers(0, 3)) == 0:
        arrays = [array if array.ndim > 1 else np.eye(10, dtype=np.uint8)[array] for array in arrays]
    if draw(st.integers(0, 3)) == 0:
        arrays = arrays[:2]
    members = {f"{name}.npy": draw(npys(array)) for name, array in zip(called, arrays, strict=False)}
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
            content = _idx(_RIGHT[draw(st.sampled_from(sorted(_RIGHT)))])
        elif choice == 3:
            content = _idx(np.full(array.shape, draw(st.sampled_from([0, 4, 10, 255])), np.uint8))
        byte = draw(st.integers(0, 7))
        if byte & 1:
            content = gzip.compress(content, 1, mtime=0)
            if draw(st.integers(0, 5)) == 0:
                content = draw(damaged(content))
        elif choice == 4:
            content = b"-> " + draw(st.sampled_from(ODD)).encode()
        spelled.append(byte ^ (draw(st.integers(0, 20)) == 0))
        parts.append(content)
    return IDX + END.join([bytes(spelled), *parts])


_HEADS = ("", ",".join(["label", *(f"pixel{number}" for number in range(784))]), "a,b,c", "\ufefflabel;x", '"label",1')
_CELLS = (
    "0",
    "255",
    "7",
    "256",
    "-1",
    "0.5",
    "1e400",
    "nan",
    "inf",
    "0x10",
    "",
    " 9 ",
    '"8"',
    "seven",
    "\0",
    "é",
    "9" * 400,
)


@st.composite
def _tables(draw: st.DrawFn) -> bytes:
    columns, delimiter = (
        draw(st.sampled_from([785] * 6 + [784, 3, 12_000])),
        draw(st.sampled_from([",", ",", ";", "\t"])),
    )
    lines = [draw(st.sampled_from(_HEADS))]
    for number in range(draw(st.integers(1, 20))):
        cells = [str(number % 10), *draw(st.sampled_from([["0"], ["0", "255"], ["3", "0.25"]])) * columns][:columns]
        if draw(st.integers(0, 9)) == 0:
            cells[draw(st.integers(0, columns - 1))] = draw(st.sampled_from(_CELLS))
        lines.append(delimiter.join(cells))
    content = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(line for line in lines if line).encode()
    return NPZ + (draw(damaged(content)) if draw(st.integers(0, 5)) == 0 else content)


FOLDERS = (*"0123456789", "train/7", "train/1", "test/7", "testing/one", "digit 3", "more")
ENDINGS = (".png", ".jpg", ".gif", ".bmp", ".webp", ".PNG", ".txt")


@st.composite
def _picture(draw: st.DrawFn) -> bytes:
    size = draw(st.sampled_from([(28, 28)] * 4 + [(1, 1), (60, 40), (1, 900)]))
    mode = draw(st.sampled_from(["L", "L", "RGB", "RGBA", "P", "1", "LA", "I;16"]))
    kind = draw(st.sampled_from(["PNG", "PNG", "PNG", "JPEG", "GIF", "BMP", "WEBP"]))
    memory = io.BytesIO()
    picture = Image.new("L", size, draw(st.sampled_from([0, 255, 90])))
    ImageDraw.Draw(picture).line([(size[0] // 3, 2), (size[0] // 2, size[1] - 3)], fill=draw(st.sampled_from([0, 255])))
    try:
        picture.convert(mode).save(memory, kind)
    except (OSError, ValueError, KeyError):  # not every format supports every mode
        picture.save(memory, "PNG")
    content = memory.getvalue()
    name = bytes([draw(st.integers(0, len(FOLDERS) - 1)), draw(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5, 6]))])
    choice = draw(st.integers(0, 9))
    if choice == 0:
        content = b"-> " + draw(st.sampled_from(ODD)).encode()
    elif choice <= 2:
        content = draw(damaged(content))
    return name + content


_PICTURES = st.lists(_picture(), min_size=1, max_size=12).map(lambda parts: PICTURES + END.join(parts))
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
_DRAWN = st.lists(_INK, min_size=1, max_size=12).map(lambda lines: DRAWN + b"\n".join(lines))


def _png() -> bytes:
    memory = io.BytesIO()
    Image.fromarray(_RIGHT["x_test"][0]).save(memory, "PNG")
    return memory.getvalue()


def _corpus() -> Sequence[bytes]:
    file = io.BytesIO()
    np.savez_compressed(file, **_RIGHT)  # type: ignore[arg-type]
    bomb = io.BytesIO(file.getvalue())
    with zipfile.ZipFile(bomb, "a") as archive:
        archive.writestr(zipfile.ZipInfo("more.npy"), b"")
        archive.filelist[0].file_size = 500_000_000
    names = bytes(4)
    whole = [_idx(array) for array in _RIGHT.values()]
    giant = gzip.compress(whole[0]) + gzip.compress(bytes(1_000_000)) * 450  # gzip continues with the next part
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
        *(NPZ + (head + "\n7," + ",".join(["0", "255"] * 392) + "\n" * 9).encode() for head in _HEADS[:2]),
        PICTURES + END.join(bytes([digit, 0]) + _png() for digit in range(12)),
        DRAWN + b"\n".join([json.dumps(_SEVEN).encode()] * 9),
        INK + b"-> /dev/zero" + END,
        INK + json.dumps(_SEVEN).encode() + END + b"-> pipe",
    )


WAY = Way(
    "arrays",
    grammar=st.one_of(_npz(), _npz(), _folders(), _folders(), _tables(), _PICTURES, _DRAWN, _INK_FOLDERS),
    corpus=_corpus,
    enter=_enter,
    modules=(
        *("model.data.data", "model.data.arrays", "model.data.tables", "model.data.fitted", "model.base.kinds"),
        *("model.given.pictures", "model.given.loading", "model.given.suspicion", "model.base.files"),
        *("zipfile", "numpy.lib._format_impl", "numpy.lib._npyio_impl"),
    ),
    seconds=30,
    megabytes=1000,
    longest=30_000,
)
