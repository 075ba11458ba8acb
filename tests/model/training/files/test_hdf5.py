"""Strangers' HDF5 files: what they unpack to is known, and limited, before their numbers are read."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

h5py: Any = pytest.importorskip("h5py")
from model.base.errors import UserError  # noqa: E402
from model.training.files import keras_file  # noqa: E402
from tests.model.training.opened.test_open import HOSTILE  # noqa: E402


def found(path: Path, make: Callable[[Any], object]) -> str:
    """Return what's said about a file that's made like this; nothing if it's accepted."""
    with h5py.File(path, "w", libver="latest") as file:
        make(file)
    with h5py.File(path, "r") as file:
        try:
            keras_file.check_hdf5(file, "mine.h5")
        except UserError as error:
            return str(error)
    return ""


def chunked(count: int, chunk: int) -> Callable[[Any], object]:
    """Return what declares this many bytes in chunks of that many, and stores none."""
    return lambda file: file.create_dataset("more", (count,), "u1", chunks=(chunk,), maxshape=(None,))


def packed(size: int) -> Callable[[Any], object]:
    """Return what claims to unpack to 100 bytes, but unpacks to another size."""

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
        (note(keras_file.LARGEST_TEXT), note(keras_file.LARGEST_TEXT + 1), "note that's too long"),
        (words(100, 10_000), words(1000, 10_000), "note that's too long"),
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
        noise = np.random.default_rng(0).bytes(5000)  # packing makes it larger, so it's stored unpacked
        file.create_dataset("noise", data=np.frombuffer(noise, "u1"), chunks=(700,), compression="gzip")

    assert found(tmp_path / "mine.h5", make) == ""


@pytest.mark.parametrize(("change", "why"), HOSTILE)
def test_what_leads_elsewhere_is_refused(change: Callable[[Any, Any, Path], None], why: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"0123456789")
    assert why in found(tmp_path / "mine.h5", lambda file: change(file, h5py, tmp_path / "secret"))


def test_a_link_to_a_part_of_the_file_is_let_in_and_its_whole_is_counted(tmp_path: Path) -> None:
    def make(file: Any) -> None:
        file["numbers"] = np.zeros(9)
        file["again"] = file["numbers"]
        file.create_dataset("packed", data=np.zeros(9), chunks=(3,), compression="gzip", fletcher32=True)
        file.create_dataset("mixed", data=np.zeros(9), chunks=(3,), shuffle=True)
        file.create_dataset("one", data=1.0)
        file["packed"].attrs["name"] = "words"

    assert found(tmp_path / "mine.h5", make) == ""
    assert "something other than numbers" in found(
        tmp_path / "empty.h5", lambda file: file.create_dataset("more", data=h5py.Empty("f4"))
    )


def test_a_chunk_that_is_longer_than_a_file_and_more_notes_than_parts_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swollen(file: Any) -> None:
        part = file.create_dataset("more", (100,), "u1", chunks=(100,), compression="gzip")
        part.id.write_direct_chunk((0,), np.random.default_rng(0).bytes(1001))

    def noted(count: int) -> Callable[[Any], object]:
        return lambda file: [file.attrs.create(str(number), 1) for number in range(count)]

    monkeypatch.setattr(keras_file, "LARGEST_FILE", 1000)
    monkeypatch.setattr(keras_file, "MOST_PARTS", 20)
    assert "more numbers" in found(tmp_path / "swollen.h5", swollen)
    assert found(tmp_path / "just.h5", noted(20)) == ""
    assert "more parts" in found(tmp_path / "beyond.h5", noted(21))
    assert found(tmp_path / "groups.h5", deep(19)) == ""


@pytest.mark.parametrize(("change", "name"), [(change, change.__name__) for change, _why in HOSTILE[:2]])
def test_a_part_that_is_refused_is_named_with_its_file(change: Any, name: str, tmp_path: Path) -> None:
    said = found(tmp_path / "mine.h5", lambda file: change(file, h5py, tmp_path))
    assert said == "mine.h5 has a link in it, which Keras doesn't write. Save the model again with Keras.", name


def test_notes_that_refer_to_elsewhere_are_refused(tmp_path: Path) -> None:
    assert "a note of another kind" in found(tmp_path / "mine.h5", lambda file: file.attrs.create("more", file.ref))
