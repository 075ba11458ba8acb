import gzip
import json
import os
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.data import data
from model.data.arrays import IDX_NAMES
from model.data.refused import DataError
from tests.conftest import on_linux, save_npz

RNG = np.random.default_rng(0)
SMALL: dict[str, np.ndarray[Any, Any]] = {
    "x_train": RNG.integers(0, 256, (30, 28, 28), np.uint8),
    "y_train": RNG.integers(0, 10, 30, np.uint8),
    "x_test": RNG.integers(0, 256, (10, 28, 28), np.uint8),
    "y_test": RNG.integers(0, 10, 10, np.uint8),
}


def idx(array: np.ndarray[Any, Any]) -> bytes:
    return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def save_idx(folder: Path, *, zipped: bool = False, dotted: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    for name, array in zip(IDX_NAMES, SMALL.values(), strict=True):
        content = idx(array)
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


ONE_HOT = np.eye(10, dtype=np.uint8)[SMALL["y_train"]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x_train": None, "y_train": None}, r"^{file} has no x_train and no y_train; choose"),
        ({"x_train": SMALL["x_train"][:, :27]}, r"^x_train in {file} has the shape \(30, 27, 28\), .*; choose"),
        ({"x_train": SMALL["x_train"][..., None] + np.zeros(3)}, r"^x_train in {file} has the shape \(30, 28, 28, 3\)"),
        (
            {"x_train": SMALL["x_train"] - 300.0},
            "^x_train in {file} holds numbers from -300 to -45, not from 0 .*; choose",
        ),
        ({"x_train": np.array(7)}, r"^x_train in {file} has the shape \(\), where images have"),
        ({"y_train": np.full(30, np.inf)}, "^y_train in {file} holds float64, not whole numbers"),
        ({"x_train": np.full((30, 28, 28), np.nan)}, "^x_train in {file} holds numbers from nan to nan, not from 0"),
        (
            {"x_test": SMALL["x_test"] * 2.0},
            "^x_test in {file} has a different range of numbers from the training images",
        ),
        ({"x_train": SMALL["x_train"].astype(str)}, "^x_train in {file} holds str.*, not numbers from 0 to 255"),
        ({"x_train": SMALL["x_train"][:0], "y_train": SMALL["y_train"][:0]}, r"^x_train in {file} has the shape \(0,"),
        ({"x_test": SMALL["y_test"]}, r"^x_test in {file} has the shape \(10,\), where images have .*; choose"),
        ({"y_test": SMALL["x_test"]}, r"^y_test in {file} has the shape \(10, 28, 28\), where labels have .*; choose"),
        (
            {"x_train": SMALL["y_train"], "y_train": SMALL["x_train"]},
            "^x_train in {file} holds labels and y_train in {file} images; swap them",
        ),
        ({"y_test": SMALL["y_test"][:9]}, "^x_test in {file} holds 10 images and y_test in {file} 9 labels; choose"),
        ({"y_test": SMALL["y_train"]}, "^x_test in {file} holds 10 images and y_test in {file} 30 labels; choose"),
        ({"y_test": np.full(10, 10)}, "^y_test in {file} has labels from 10 to 10, not digits from 0 to 9; choose"),
        ({"y_train": SMALL["y_train"].astype(int) - 1}, "^y_train in {file} has labels from -1 to 8, not .*; choose"),
        ({"y_train": np.full(30, 0.5)}, "^y_train in {file} holds float64, not whole numbers .*; choose"),
        (
            {"y_train": np.array(["seven"] * 30)},
            "^y_train in {file} holds words like 'seven', not digits from 0 to 9; ch",
        ),
        ({"y_train": ONE_HOT * 0}, r"^y_train in {file} has the shape \(30, 10\), where labels have"),
        ({"y_train": np.full(30, 7)}, "^y_train in {file} labels every image 7, so there's nothing to learn; choose"),
        ({"y_train": np.array([object()] * 30)}, "^y_train in {file} is cut off, damaged or not numbers .*; download"),
    ],
)
def test_wrong_arrays_get_a_sentence(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    path = tmp_path / "bad.npz"
    save_npz(path, **{name: array for name, array in (SMALL | changes).items() if array is not None})
    with pytest.raises(DataError, match=words.replace("{file}", re.escape(str(path)))):
        data.load(path)


def test_a_test_set_of_one_digit_is_no_mistake(tmp_path: Path) -> None:
    path = save_npz(tmp_path / "threes.npz", **(SMALL | {"y_test": np.full(10, 3)}))
    assert set(data.load(path).test_labels) == {3}


def test_a_cut_off_or_foreign_file_gets_a_sentence(tmp_path: Path) -> None:
    whole = save_npz(tmp_path / "whole.npz", **SMALL).read_bytes()
    path = tmp_path / "cut.npz"
    for content in (whole[: len(whole) // 2], b"", whole[:-40]):
        path.write_bytes(content)
        with pytest.raises(DataError, match=rf"^{re.escape(str(path))} is cut off, damaged or .*; download it again"):
            data.load(path)
    with pytest.raises(DataError, match="There's no"):
        data.load(tmp_path / "nowhere.npz")


@pytest.mark.parametrize("whole_zip", [True, False])
def test_a_damaged_member_is_named(tmp_path: Path, whole_zip: bool) -> None:
    path = save_npz(tmp_path / "damaged.npz", **SMALL)
    if whole_zip:  # zipped again with a truncated array
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content[:-5] if name == "x_test.npy" else content)
    else:  # damaged on the disk
        with zipfile.ZipFile(path) as archive:
            start = archive.getinfo("x_test.npy").header_offset
        with path.open("r+b") as stream:
            stream.seek(start + 200)
            stream.write(bytes(100))
    with pytest.raises(
        DataError, match=rf"^x_test in {re.escape(str(path))} is cut off, damaged .*; download it again"
    ):
        data.load(path)


def test_an_array_and_an_archive_of_other_things_get_a_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as archive:
        for name in SMALL:
            archive.writestr(name, "no array")
    for path in tmp_path.iterdir():
        with pytest.raises(DataError, match=rf"{re.escape(str(path))} is cut off, damaged or not numbers"):
            data.load(path)
    with pytest.raises(DataError, match="There's no"):
        data.load(tmp_path / ("x" * 300))


IMAGES, LABELS = idx(SMALL["x_test"]), idx(SMALL["y_test"])


@pytest.mark.parametrize(
    ("number", "content", "words"),
    [
        (3, LABELS[:-1], "{file} should have 10 bytes, but has 9; download it again"),
        (2, IMAGES[: len(IMAGES) // 2], "{file} should have 10 x 28 x 28 bytes, but has 3912; download it again"),
        (2, IMAGES[:9], "{file} isn't an IDX file of images or labels; download it again"),
        (2, idx(np.zeros((0, 28, 28))), "{file} should have 0 x 28 x 28 bytes, but has 0; download it again"),
        (2, struct.pack(">4I", 0x803, 0, 2**32 - 1, 2**32 - 1), "{file} should have 0 x .* but has 0; download"),
        (3, b"PK", "{file} isn't an IDX file"),
        (3, b"", "{file} isn't an IDX file"),
        (3, struct.pack(">201I", 0x800 + 200, *[1] * 200) + b"7", "{file} isn't an IDX file"),
        (3, struct.pack(">2I", 0xD01, 10) + bytes(40), "{file} isn't an IDX file"),  # floats
        (3, IMAGES, r"{file} has the shape \(10, 28, 28\), where labels have .*; choose"),
        (2, LABELS, r"{file} has the shape \(10,\), where images have .*; choose"),
        (3, idx(SMALL["y_train"]), "t10k-images-idx3-ubyte holds 10 images and {file} 30 labels; choose"),
        (3, idx(SMALL["y_test"] + np.uint8(1)), "{file} has labels from 1 to 10, not digits"),
        (1, idx(np.full(30, 4, np.uint8)), "{file} labels every image 4, so there's nothing to learn; choose"),
    ],
)
def test_bad_idx_files_are_named(tmp_path: Path, number: int, content: bytes, words: str) -> None:
    folder = save_idx(tmp_path / "idx")
    bad = folder / IDX_NAMES[number]
    bad.write_bytes(content)
    with pytest.raises(DataError, match=words.replace("{file}", re.escape(str(bad)))):
        data.load(folder)


def test_swapped_idx_files_are_named(tmp_path: Path) -> None:
    folder = save_idx(tmp_path / "idx")
    images, labels = folder / IDX_NAMES[2], folder / IDX_NAMES[3]
    images.write_bytes(LABELS)
    labels.write_bytes(IMAGES)
    sentence = f"{images} holds labels and {labels} images; swap them"
    with pytest.raises(DataError, match=f"^{re.escape(sentence)}"):
        data.load(folder)


def test_missing_and_cut_off_idx_files_are_named(tmp_path: Path) -> None:
    folder = save_idx(tmp_path / "idx")
    (folder / IDX_NAMES[3]).unlink()
    with pytest.raises(DataError, match=f"^{re.escape(str(folder))} has no {IDX_NAMES[3]} "):
        data.load(folder)
    cut = folder / f"{IDX_NAMES[3]}.gz"
    zipped = gzip.compress(LABELS)
    for content in (zipped[:-5], zipped[:15], b"<html>404</html>", zipped[:12] + b"\xff" * 8):
        cut.write_bytes(content)
        with pytest.raises(DataError, match=rf"^{re.escape(str(cut))} can't be read to its end; download it again"):
            data.load(folder)


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
        (json.dumps(SEVEN | {"label": "x" * 5000}), None, "has the label 'x{20}' and 1 strokes"),
        ('{"strokes": [[[0, 0]]], "label": "1"}\n{', None, "Drawing 2 in .* isn't JSON"),
        ("", None, "has no drawings in it"),
        (None, None, "can't be read"),
        (json.dumps(SEVEN), "{", "people.json doesn't say"),
        (json.dumps(SEVEN), '{"pen.jsonl": []}', "people.json doesn't say"),
    ],
)
def test_ink_that_cannot_teach_says_why(tmp_path: Path, lines: str | None, people: str | None, words: str) -> None:
    if lines is not None:
        (tmp_path / "pen.jsonl").write_text(lines)
    if people is not None:
        (tmp_path / "people.json").write_text(people)
    with pytest.raises(DataError, match=words):
        data.load_ink([tmp_path / "pen.jsonl"])


@on_linux
@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
def test_devices_and_pipes_are_refused_instead_of_read_for_ever(tmp_path: Path, target: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    odd = tmp_path / "odd.npz"
    odd.symlink_to(target if target.startswith("/") else tmp_path / target)
    with pytest.raises(DataError, match=r"can't be read \(Invalid argument\); choose"):
        data.load(odd)
    with pytest.raises(DataError, match="can't be read"):
        data.load_ink([odd])
    (tmp_path / "people.json").symlink_to(odd)
    with pytest.raises(DataError, match=r"people\.json doesn't say"):
        data.load_ink([save_ink(tmp_path / "pen.jsonl", SEVEN)])


def test_data_that_swells_when_it_is_unpacked_is_refused_by_its_size(tmp_path: Path) -> None:
    folder = save_idx(tmp_path / "idx", zipped=True)
    block = gzip.compress(bytes(1_000_000))
    (folder / f"{IDX_NAMES[0]}.gz").write_bytes(gzip.compress(idx(SMALL["x_train"])) + block * 450)
    with pytest.raises(DataError, match="is larger than 400 MB; choose"):
        data.load(folder)
    path = save_npz(tmp_path / "bomb.npz", **SMALL)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more", b"")
        archive.filelist[0].file_size = 500_000_000
    with pytest.raises(DataError, match=r"bomb\.npz is larger than 400 MB; choose"):
        data.load(path)


def test_the_most_data_of_each_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unpacked size counts, for several files their total, and for a table its text."""
    npz, folder, zipped = save_npz(tmp_path / "mine.npz", **SMALL), save_idx(tmp_path / "idx"), tmp_path / "zipped"
    save_idx(zipped, zipped=True)
    table = tmp_path / "mine.csv"
    table.write_text("".join(f"{label},{','.join(['0'] * 783)},255\n" for label in range(9)))
    unpacked = sum(info.file_size for info in zipfile.ZipFile(npz).infolist())
    cases = [
        (npz, "model.data.arrays.LARGEST_DATA", max(unpacked, npz.stat().st_size)),
        (table, "model.data.tables.LARGEST_TABLE", table.stat().st_size),
    ]
    for place in (folder, zipped):
        most = before = 0
        for file, array in zip(IDX_NAMES, SMALL.values(), strict=True):
            most = max(most, before + max(len(idx(array)), *(each.stat().st_size for each in place.glob(f"{file}*"))))
            before += array.nbytes
        cases.append((place, "model.data.arrays.LARGEST_DATA", most))
    for path, name, most in cases:
        monkeypatch.setattr(name, most)
        data.load(path)
        monkeypatch.setattr(name, most - 1)
        with pytest.raises(DataError, match="is larger than 0 MB; choose"):
            data.load(path)


def test_the_most_of_idx_files_of_any_name_counts_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, array in zip(("a images", "b labels", "c images", "d labels"), SMALL.values(), strict=True):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
    last = SMALL["y_test"]
    most = sum(array.nbytes for array in SMALL.values()) - last.nbytes + len(idx(last))
    most = max(most, *(path.stat().st_size for path in tmp_path.iterdir()))
    monkeypatch.setattr("model.data.arrays.LARGEST_DATA", most + 100)  # gzip makes so little data larger
    assert is_small(data.load(tmp_path))
    monkeypatch.setattr("model.data.arrays.LARGEST_DATA", SMALL["x_train"].nbytes + SMALL["x_test"].nbytes)
    with pytest.raises(DataError, match="is larger than 0 MB; choose"):
        data.load(tmp_path)


def test_encrypted_data_is_a_sentence(tmp_path: Path) -> None:
    path = save_npz(tmp_path / "mine.npz", **SMALL)
    with zipfile.ZipFile(path, "a") as archive:
        archive.getinfo("y_test.npy").flag_bits |= 1
        archive.comment = b"so that its list is written anew"
    with pytest.raises(DataError, match=r"y_test in .* is cut off, damaged or not numbers"):
        data.load(path)


def test_lengths_of_time_are_no_labels_and_long_types_make_no_long_sentences(tmp_path: Path) -> None:
    path = save_npz(tmp_path / "bad.npz", **(SMALL | {"y_train": SMALL["y_train"].astype("m8[s]")}))
    with pytest.raises(DataError, match=r"y_train in .* holds timedelta64, not whole numbers"):
        data.load(path)
    records = np.zeros((30, 28, 28), [("many\nlines" * 300, "u1")])
    path = save_npz(tmp_path / "records.npz", **(SMALL | {"x_train": records}))
    with pytest.raises(DataError, match=r"x_train in .* holds void8, not numbers") as caught:
        data.load(path)
    assert len(str(caught.value)) < 500
