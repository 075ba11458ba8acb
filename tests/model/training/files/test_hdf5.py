"""HDF5 of strangers: what it unpacks to is known, and bounded, before its numbers are read."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

h5py: Any = pytest.importorskip("h5py")
from model.base.errors import UserError  # noqa: E402
from model.training.files import keras_file  # noqa: E402


def found(path: Path, make: Callable[[Any], object]) -> str:
    """Return what is said of a file that is made so; nothing where it passes."""
    with h5py.File(path, "w", libver="latest") as file:
        make(file)
    with h5py.File(path, "r") as file:
        try:
            keras_file.check_hdf5(file, "mine.h5")
        except UserError as error:
            return str(error)
    return ""


def chunked(count: int, chunk: int) -> Callable[[Any], object]:
    """Return what declares so many bytes in chunks of that many, and stores none."""
    return lambda file: file.create_dataset("more", (count,), "u1", chunks=(chunk,), maxshape=(None,))


def packed(size: int) -> Callable[[Any], object]:
    """Return what says that it unpacks to 100 bytes, and unpacks to others."""

    def make(file: Any) -> None:
        part = file.create_dataset("more", (100,), "u1", chunks=(100,), compression="gzip")
        part.id.write_direct_chunk((0,), zlib.compress(bytes(size)))

    return make


def words(count: int, size: int) -> Callable[[Any], object]:
    return lambda file: file.attrs.create("more", ["x" * size] * count, dtype=h5py.string_dtype())


def note(size: int) -> Callable[[Any], object]:
    return lambda file: file.attrs.create("more", np.zeros(size, "u1"))


def deep(depth: int) -> Callable[[Any], object]:
    return lambda file: file.create_group("/".join("g" * (depth + 1)))


@pytest.mark.parametrize(
    ("just", "beyond", "why"),
    [
        (chunked(10, keras_file.LARGEST_FILE), chunked(10, keras_file.LARGEST_FILE + 1), "more numbers"),
        (chunked(keras_file.LARGEST_FILE, 10_000), chunked(keras_file.LARGEST_FILE + 1, 10_000), "more numbers"),
        (chunked(keras_file.MOST_PARTS - 1, 1), chunked(keras_file.MOST_PARTS, 1), "more parts"),
        (packed(100), packed(10_000_000), "more numbers"),
        (note(keras_file.LARGEST_TEXT), note(keras_file.LARGEST_TEXT + 1), "note that is too long"),
        (words(100, 10_000), words(1000, 10_000), "note that is too long"),
        (deep(keras_file.DEEPEST_GROUP), deep(keras_file.DEEPEST_GROUP + 1), "more parts"),
    ],
)
def test_each_limit_holds_just_there(
    tmp_path: Path, just: Callable[[Any], object], beyond: Callable[[Any], object], why: str
) -> None:
    assert found(tmp_path / "just.h5", just) == ""
    assert why in found(tmp_path / "beyond.h5", beyond)


def test_numbers_that_are_packed_as_they_say_are_let_in(tmp_path: Path) -> None:
    def make(file: Any) -> None:
        numbers = np.arange(100_000, dtype="f4")
        file.create_dataset("all", data=numbers, chunks=(999,), compression="gzip", shuffle=True, fletcher32=True)
        noise = np.random.default_rng(0).bytes(5000)  # which packing makes larger, so it is left as it is
        file.create_dataset("noise", data=np.frombuffer(noise, "u1"), chunks=(700,), compression="gzip")

    assert found(tmp_path / "mine.h5", make) == ""


def test_notes_that_refer_to_elsewhere_are_refused(tmp_path: Path) -> None:
    assert "a note of another kind" in found(tmp_path / "mine.h5", lambda file: file.attrs.create("more", file.ref))
