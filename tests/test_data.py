import gzip
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import data
from model.data import IDX_NAMES, DataError
from tests.conftest import save_npz

RNG = np.random.default_rng(0)
SMALL: dict[str, np.ndarray[Any, Any]] = {
    "x_train": RNG.integers(0, 256, (30, 28, 28), np.uint8),
    "y_train": RNG.integers(0, 10, 30, np.uint8),
    "x_test": RNG.integers(0, 256, (10, 28, 28), np.uint8),
    "y_test": RNG.integers(0, 10, 10, np.uint8),
}


def save_idx(folder: Path, *, zipped: bool = False, dotted: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    for name, array in zip(IDX_NAMES, SMALL.values(), strict=True):
        content = struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()
        file = folder / (name.replace("-idx", ".idx") if dotted else name)
        if zipped:
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(content))
        else:
            file.write_bytes(content)
    return folder


def is_small(loaded: data.Mnist) -> bool:
    arrays = (loaded.train_images, loaded.train_labels, loaded.test_images, loaded.test_labels)
    return all(np.array_equal(got, wanted) for got, wanted in zip(arrays, SMALL.values(), strict=True))


def test_an_npz_file_is_read(tmp_path: Path) -> None:
    loaded = data.load(save_npz(tmp_path / "mine.npz", **SMALL))
    assert is_small(loaded)
    assert loaded.source == "mine.npz"


@pytest.mark.parametrize(("zipped", "dotted"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_folder_of_idx_files_is_read(tmp_path: Path, zipped: bool, dotted: bool) -> None:
    assert is_small(data.load(save_idx(tmp_path / "idx", zipped=zipped, dotted=dotted)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x_test": None, "y_test": None}, "no x_test and no y_test"),
        ({"x_train": SMALL["x_train"][:, :27]}, r"training images .* shape \(30, 27, 28\)"),
        ({"x_train": SMALL["x_train"].astype(np.float32)}, "float32, not bytes"),
        ({"x_train": SMALL["x_train"][:0], "y_train": SMALL["y_train"][:0]}, "shape"),
        ({"y_test": SMALL["y_test"][:9]}, "10 test images and labels of shape"),
        ({"y_test": np.full(10, 10)}, "test labels .* not all digits"),
        ({"y_train": np.full(30, 0.5)}, "training labels"),
        ({"y_train": np.array([object()] * 30)}, "not a whole .npz file of numbers"),
    ],
)
def test_wrong_arrays_get_a_sentence(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    path = tmp_path / "bad.npz"
    save_npz(path, **{name: array for name, array in (SMALL | changes).items() if array is not None})
    with pytest.raises(DataError, match=words) as caught:
        data.load(path)
    assert str(path) in str(caught.value)


def test_a_cut_off_or_foreign_file_gets_a_sentence(tmp_path: Path) -> None:
    whole = save_npz(tmp_path / "whole.npz", **SMALL).read_bytes()
    for content in (whole[: len(whole) // 2], b"<html>404</html>", b"", whole[:-40]):
        path = tmp_path / "cut.npz"
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"not a whole \.npz file"):
            data.load(path)
    with pytest.raises(DataError, match="There is no"):
        data.load(tmp_path / "nowhere.npz")


def test_an_array_and_an_archive_of_other_things_get_a_sentence(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", SMALL["x_train"])
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as archive:
        for name in SMALL:
            archive.writestr(name, "no array")
    for path in tmp_path.iterdir():
        with pytest.raises(DataError, match=r"not a whole \.npz file"):
            data.load(path)
    with pytest.raises(DataError, match="There is no"):
        data.load(tmp_path / ("x" * 300))


def test_bad_idx_files_are_named(tmp_path: Path) -> None:
    folder = save_idx(tmp_path / "idx")
    labels = folder / IDX_NAMES[3]
    whole = labels.read_bytes()
    for content, words in (
        (whole[:-1], "should hold 10 bytes and holds 9"),
        (b"PK", "not an IDX file"),
        (b"", "not an IDX"),
    ):
        labels.write_bytes(content)
        with pytest.raises(DataError, match=words) as caught:
            data.load(folder)
        assert IDX_NAMES[3] in str(caught.value)
    labels.unlink()
    with pytest.raises(DataError, match=f"no {IDX_NAMES[3]}"):
        data.load(folder)
    (folder / f"{IDX_NAMES[3]}.gz").write_bytes(gzip.compress(whole)[:-5])
    with pytest.raises(DataError, match="cannot be read whole"):
        data.load(folder)


def test_a_failed_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.datasets import mnist  # noqa: PLC0415  (seconds)

    def fail() -> None:
        raise OSError("URL fetch failure: no route to host")

    monkeypatch.setattr(mnist, "load_data", fail)
    with pytest.raises(DataError, match=r"could not be downloaded .*no route.*choose an \.npz file"):
        data.load()


def test_the_whole_of_mnist_is_read(shared: Path) -> None:
    loaded = data.load(shared / "data" / "mnist.npz")
    assert (len(loaded.train_images), len(loaded.test_images)) == (60_000, 10_000)


SEVEN = {"strokes": [[[0, 0], [9, 0], [4, 20]]], "label": "7"}


def save_ink(path: Path, *drawings: object) -> Path:
    path.write_text("".join(json.dumps(drawing) + "\n" for drawing in drawings))
    return path


def test_ink_is_parted_by_writer_as_people_json_says(tmp_path: Path) -> None:
    writers = ["ann", "bob", "cy", "dee"]
    file = save_ink(tmp_path / "pen.jsonl", *(SEVEN | {"writer": writer} for writer in writers))
    sides = {"train": ["ann"], "validation": ["bob"], "judge": ["cy"]}
    (tmp_path / "people.json").write_text(json.dumps({"pen.jsonl": sides}))
    ink = data.load_ink([file])
    got = [[drawing.writer for drawing in side] for side in (ink.train, ink.validation, ink.judge)]
    assert got == [["ann", "dee"], ["bob"], ["cy"]]
    assert (ink.source, len(ink.everybody)) == ("pen.jsonl", 4)


def test_without_people_json_all_ink_trains(tmp_path: Path) -> None:
    files = [save_ink(tmp_path / name, SEVEN, SEVEN) for name in ("a.jsonl", "b.jsonl")]
    ink = data.load_ink(files)
    assert (len(ink.train), ink.validation, ink.judge, ink.source) == (4, (), (), "a.jsonl, b.jsonl")


def test_the_shared_writers_are_on_one_side_each(shared: Path) -> None:
    ink = data.load_ink([shared / "data" / "pen-digits.jsonl", shared / "data" / "pad-digits.jsonl"])
    writers = [{drawing.writer for drawing in side} for side in (ink.train, ink.validation, ink.judge)]
    assert [len(side) for side in writers] == [22, 3, 6]
    assert len(set().union(*writers)) == 31
    assert len(ink.everybody) == 7494 + 820


@pytest.mark.parametrize(
    ("lines", "people", "words"),
    [
        ('{"strokes": [[[0, 0]]]}', None, "Drawing 1 in .* label None"),
        ('{"strokes": [[[0, 0]]], "label": "a"}', None, "label 'a'"),
        ('{"strokes": [], "label": "1"}', None, "0 strokes"),
        ('{"strokes": [[[0, 0]]], "label": "1"}\n{', None, "Drawing 2 in .* not JSON"),
        ("", None, "holds no drawings"),
        (None, None, "cannot be read"),
        (json.dumps(SEVEN), "{", "people.json does not say"),
        (json.dumps(SEVEN), '{"pen.jsonl": []}', "people.json does not say"),
    ],
)
def test_ink_that_cannot_teach_says_why(tmp_path: Path, lines: str | None, people: str | None, words: str) -> None:
    if lines is not None:
        (tmp_path / "pen.jsonl").write_text(lines)
    if people is not None:
        (tmp_path / "people.json").write_text(people)
    with pytest.raises(DataError, match=words):
        data.load_ink([tmp_path / "pen.jsonl"])
