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
        (packed(100 + 4), packed(100 + 5), "more numbers"),  # with a checksum
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
    def swollen(size: int) -> Callable[[Any], object]:
        def make(file: Any) -> None:
            part = file.create_dataset("more", (985,), "u1", chunks=(985,), compression="gzip")
            part.id.write_direct_chunk((0,), zlib.compress(bytes(985), 0).ljust(size, b"\0"))  # 0: not packed at all

        return make

    def noted(count: int) -> Callable[[Any], object]:
        return lambda file: [file.attrs.create(str(number), 1) for number in range(count)]

    monkeypatch.setattr(keras_file, "LARGEST_FILE", 1000)
    monkeypatch.setattr(keras_file, "MOST_PARTS", 20)
    assert found(tmp_path / "full.h5", swollen(1000)) == ""
    assert "more numbers" in found(tmp_path / "swollen.h5", swollen(1001))
    assert found(tmp_path / "just.h5", noted(20)) == ""
    assert "more parts" in found(tmp_path / "beyond.h5", noted(21))
    assert found(tmp_path / "groups.h5", deep(19)) == ""
    assert "more parts" in found(tmp_path / "more.h5", deep(20))


def test_words_count_as_often_as_they_could_be_as_long_as_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(tmp_path / "two.h5", words(2, 10))
    size = (tmp_path / "two.h5").stat().st_size
    monkeypatch.setattr(keras_file, "LARGEST_WORDS", 2 * size)
    assert found(tmp_path / "two.h5", words(2, 10)) == ""
    monkeypatch.setattr(keras_file, "LARGEST_WORDS", 2 * size - 1)
    assert "note that's too long" in found(tmp_path / "two.h5", words(2, 10))
    monkeypatch.setattr(keras_file, "LARGEST_WORDS", 0)
    assert found(tmp_path / "one.h5", words(1, 10)) == ""
    assert found(tmp_path / "numbers.h5", note(2)) == ""


def test_each_chunk_is_unpacked_behind_one_that_is_not_packed_too(tmp_path: Path) -> None:
    def make(size: int) -> Callable[[Any], object]:
        def made(file: Any) -> None:
            part = file.create_dataset("more", (200,), "u1", chunks=(100,), compression="gzip")
            part.id.write_direct_chunk((0,), bytes(100), filter_mask=1)
            part.id.write_direct_chunk((100,), zlib.compress(bytes(size)))

        return made

    assert found(tmp_path / "just.h5", make(100)) == ""
    assert "more numbers" in found(tmp_path / "beyond.h5", make(200))


def test_numbers_are_packed_once(tmp_path: Path) -> None:
    def twice(file: Any) -> None:
        how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        how.set_chunk((10,))
        how.set_deflate()
        how.set_deflate()
        h5py.h5d.create(file.id, b"more", h5py.h5t.STD_U8LE, h5py.h5s.create_simple((10,)), how)

    assert "packed in an unusual way" in found(tmp_path / "mine.h5", twice)


@pytest.mark.parametrize(("change", "name"), [(change, change.__name__) for change, _why in HOSTILE[:2]])
def test_a_part_that_is_refused_is_named_with_its_file(change: Any, name: str, tmp_path: Path) -> None:
    said = found(tmp_path / "mine.h5", lambda file: change(file, h5py, tmp_path))
    assert said == "mine.h5 has a link in it, which Keras doesn't write. Save the model again with Keras.", name


def test_notes_that_refer_to_elsewhere_are_refused(tmp_path: Path) -> None:
    assert "a note of another kind" in found(tmp_path / "mine.h5", lambda file: file.attrs.create("more", file.ref))
