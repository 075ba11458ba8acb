"""Data in all the formats that people have: recognized by its content, whatever the file's name."""

import gzip
import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.data import data
from model.data.arrays import check_kind
from model.data.refused import DataError
from tests.conftest import run, save_npz
from tests.model.data.test_data import SMALL, idx, is_small

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = SMALL.values()
ONE_HOT = np.eye(10, dtype=np.uint8)


@pytest.mark.parametrize(
    ("names", "shaped"),
    [
        (("x_train", "y_train", "x_test", "y_test"), lambda images: images.reshape(-1, 784)),
        (("X_train", "Y_train", "X_test", "Y_test"), lambda images: images[..., None]),
        (("train_images", "train_labels", "test_images", "test_labels"), lambda images: images.astype(np.int64)),
        (("train_x", "train_y", "test_x", "test_y"), lambda images: images.astype(np.float64)),
        (("training_images", "training_labels", "test_images", "test_labels"), lambda images: images[:, None]),
        (("x_train", "y_train", "x_test", "y_test"), lambda images: (images / 255).astype(np.float32)),
        (("x_train", "y_train", "x_test", "y_test"), lambda images: (images / 255).reshape(-1, 784)),
    ],
)
@pytest.mark.parametrize(
    "labelled",
    [
        lambda labels: ONE_HOT[labels],
        lambda labels: ONE_HOT[labels].astype(np.float32),
        lambda labels: labels.astype(np.int64)[:, None],
        lambda labels: labels.astype(np.float32),
        lambda labels: labels.astype(str),
    ],
)
def test_archives_of_usual_names_shapes_and_types(
    tmp_path: Path, names: tuple[str, ...], shaped: Callable[[Any], Any], labelled: Callable[[Any], Any]
) -> None:
    arrays = (shaped(IMAGES), labelled(LABELS), shaped(TEST_IMAGES), labelled(TEST_LABELS))
    loaded = data.load(save_npz(tmp_path / "mine.npz", **dict(zip(names, arrays, strict=True))))
    assert is_small(loaded)


@pytest.mark.parametrize("names", [("x", "y"), ("images", "labels"), ("X", "target"), ("data", "label")])
def test_without_a_test_each_seventh_image_is_one(tmp_path: Path, names: tuple[str, str]) -> None:
    path = save_npz(tmp_path / "mine.npz", **{names[0]: IMAGES, names[1]: LABELS})
    loaded = data.load(path)
    assert (len(loaded.train_images), len(loaded.test_images)) == (26, 4)
    assert "every 7th was set aside" in loaded.notes[0]
    pairs = {image.tobytes(): label for image, label in zip(IMAGES, LABELS, strict=True)}
    for images, labels in ((loaded.train_images, loaded.train_labels), (loaded.test_images, loaded.test_labels)):
        for image, label in zip(images, labels, strict=True):
            assert pairs.pop(image.tobytes()) == label
    assert not pairs
    assert all(np.array_equal(*both) for both in zip(loaded.train_images, data.load(path).train_images, strict=True))


def test_bytes_of_0_and_1_are_scaled_and_it_is_said(tmp_path: Path) -> None:
    loaded = data.load(
        save_npz(tmp_path / "mine.npz", **{**SMALL, "x_train": IMAGES // 128, "x_test": TEST_IMAGES // 128})
    )
    assert np.array_equal(loaded.train_images, IMAGES // 128 * 255)
    assert np.array_equal(loaded.test_images, TEST_IMAGES // 128 * 255)
    assert loaded.notes[0].startswith("The images' numbers are 0 and 1")


def test_missing_and_few_digits_are_told(tmp_path: Path) -> None:
    labels = np.repeat(np.array([0, 1, 2, 4, 5, 6, 8, 9], np.uint8), 40)
    labels[:35] = 1
    images = np.zeros((len(labels), 28, 28), np.uint8) + np.arange(256, dtype=np.uint8)[labels * 20][:, None, None]
    path = save_npz(tmp_path / "mine.npz", **{**SMALL, "x_train": images, "y_train": labels})
    assert data.load(path).notes == (
        "No image is labelled 3, 7, so the network can't learn that.",
        "There are fewer than 20 images of 0, so the network will read them badly. Add more.",
    )


def table(images: Any, labels: Any, head: str = "", delimiter: str = ",", *, last: bool = False) -> str:
    lines = [head] if head else []
    for image, label in zip(images, labels, strict=True):
        pixels = [str(pixel) for pixel in image.reshape(-1)]
        lines.append(delimiter.join([*pixels, str(label)] if last else [str(label), *pixels]))
    return "\n".join(lines) + "\n"


HEAD = ",".join(["label", *(f"pixel{number}" for number in range(784))])
QUOTED = ",".join(f'"{name}"' for name in HEAD.split(","))
LAST = ",".join([*(f"{row}x{column}" for row in range(28) for column in range(28)), "class"])
FRAMED = IMAGES * np.pad(np.ones((26, 26), np.uint8), 1)


@pytest.mark.parametrize(
    ("content", "exact"),
    [
        (lambda: table(IMAGES, LABELS, HEAD), True),
        (lambda: "\ufeff" + table(IMAGES, LABELS, QUOTED), True),
        (lambda: table(IMAGES, LABELS), True),
        (lambda: table(IMAGES, LABELS, LAST, last=True), True),
        (lambda: table(IMAGES, LABELS, HEAD.replace(",", ";"), ";"), True),
        (lambda: table(np.round(IMAGES / 255, 6), LABELS, HEAD), False),
        (lambda: table(IMAGES, LABELS, HEAD.replace("label", "first")), True),
        (lambda: table(IMAGES, LABELS, LAST.replace("class", "y"), last=True), True),
        (lambda: table(FRAMED, LABELS, last=True), True),
    ],
    ids=["Kaggle", "quoted", "headerless", "label last", "semicolons", "0 to 1", "no such head", "y last", "framed"],
)
def test_tables(tmp_path: Path, content: Callable[[], str], exact: bool) -> None:
    (tmp_path / "mine").write_text(content(), encoding="utf-8")
    loaded = data.load(tmp_path / "mine")
    found = {image.tobytes(): label for image, label in zip(loaded.train_images, loaded.train_labels, strict=True)}
    wanted = {
        image.tobytes(): label for images in (IMAGES, FRAMED) for image, label in zip(images, LABELS, strict=True)
    }
    assert found.items() <= wanted.items()
    assert len(loaded.train_images) == 26
    assert exact or loaded.train_images.max() == 255


@pytest.mark.parametrize("name", ["label", "Labels", "CLASS", "digit", "y", '"label"'])
def test_the_column_of_labels_is_found_by_its_name_wherever_it_is(tmp_path: Path, name: str) -> None:
    images = np.maximum(IMAGES, 1)  # no column is blank
    (tmp_path / "mine").write_text(table(images, LABELS, LAST.replace("class", name), last=True))
    loaded = data.load(tmp_path / "mine")
    wanted = {image.tobytes(): label for image, label in zip(images, LABELS, strict=True)}
    for image, label in zip(loaded.train_images, loaded.train_labels, strict=True):
        assert wanted[image.tobytes()] == label


def test_labels_of_a_table_that_are_no_digits_are_told(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(table(IMAGES, LABELS.astype(int) + 70, HEAD))
    with pytest.raises(DataError, match=r"The labels in \S+mine\.csv"):
        data.load(tmp_path / "mine.csv")


def test_a_table_to_test_with_lies_beside(tmp_path: Path) -> None:
    (tmp_path / "mnist_train.csv").write_text(table(IMAGES, LABELS, HEAD))
    (tmp_path / "mnist_test.csv").write_text(table(TEST_IMAGES, TEST_LABELS, HEAD))
    assert is_small(data.load(tmp_path / "mnist_train.csv"))
    assert is_small(data.load(tmp_path))
    lines = table(TEST_IMAGES, TEST_LABELS, HEAD).splitlines()
    (tmp_path / "mnist_test.csv").write_text("\n".join(line.split(",", 1)[1] for line in lines))  # as on Kaggle
    assert len(data.load(tmp_path / "mnist_train.csv").train_images) == 26
    (tmp_path / "Training.csv").write_text(table(IMAGES, LABELS, HEAD))
    (tmp_path / "testing.csv").write_text(table(TEST_IMAGES, TEST_LABELS, HEAD))
    assert is_small(data.load(tmp_path / "Training.csv"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("7," + ",".join("0" * 700), "mine.csv has 701 numbers in each line"),
        (",".join("0" * 784), "has 784 numbers in each line, but no label"),
        (HEAD + "\n" + HEAD.replace("pixel", ""), "isn't a table with a number in each place"),
        (table(IMAGES[:2], LABELS[:2]) + "7,7,7\n", "isn't a table with a number in each place"),
        (table(IMAGES[:2], LABELS[:2]), r"^\S+mine\.csv has too few images"),
        (",".join("0" * 10_000), r"^\S+mine\.csv has 10000 numbers in each line"),
        (",".join("0" * 10_001), "isn't a table with a number in each place"),
        (HEAD + "\n", "isn't a table with a number in each place"),
        (",".join("0" * 20_000), "mine.csv isn't a table with a number in each place"),
    ],
)
def test_other_tables_are_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "mine.csv").write_text(content)
    with pytest.raises(DataError, match=said):
        data.load(tmp_path / "mine.csv")


@pytest.mark.parametrize("inside", [".", "raw", "MNIST/raw"])
def test_idx_files_of_any_name(tmp_path: Path, inside: str) -> None:
    folder = tmp_path / "mine" / inside
    folder.mkdir(parents=True)
    for name, array in zip(
        ("my images", "my labels.gz", "images of the test", "test-labels"), SMALL.values(), strict=True
    ):
        content = idx(array)
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert is_small(data.load(tmp_path / "mine"))
    assert is_small(data.load(folder / "my images"))
    assert is_small(data.load(folder / "my labels.gz"))
    (folder / "my labels.gz").unlink()
    (folder / "test-labels").unlink()
    with pytest.raises(DataError, match=f"^{folder} has no IDX files with equally many images and labels; choose"):
        data.load(tmp_path / "mine")


def test_idx_files_of_as_many_images_are_paired_by_their_names(tmp_path: Path) -> None:
    sides = {"images": IMAGES, "labels": LABELS, "Test images": IMAGES[::-1], "Test labels": LABELS[::-1]}
    for name, array in sides.items():
        (tmp_path / name).write_bytes(idx(array))
    loaded = data.load(tmp_path)
    found = (loaded.train_images, loaded.train_labels, loaded.test_images, loaded.test_labels)
    assert all(np.array_equal(one, other) for one, other in zip(found, sides.values(), strict=True))


def pictures_in_a_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mine/7/1.png", b"a picture")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "mnist.pkl.gz",
            gzip.compress(pickle.dumps(([0], [1]))),
            "is a Python pickle, and opening one can run code. Load",
        ),
        ("picture.npz", b"\x89PNG\r\n\x1a\n", "is a picture, which can't be used to learn digits; choose"),
        ("page.npz", b"<html>404</html>", "is a text, which can't be used"),
        ("array.npz", b"\x93NUMPY\1\0", "is a single NumPy array, which can't be used"),
        ("net.h5", b"\x89HDF\r\n\x1a\n", "is an HDF5 file, which can't be used"),
        ("digits.mat", b"MATLAB 5.0 MAT-file", "is a MATLAB file, which can't be used"),
        (
            "mine.zip",
            pictures_in_a_zip(),
            "is a zip of pictures. Unpack it, and choose the folder that has a folder of",
        ),
        ("digits.parquet", b"PAR1", "is a Parquet file, which can't be used"),
    ],
)
def test_what_is_no_data_is_refused_with_what_it_is(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=f"{name} {said}"):
        check_kind(tmp_path / name)


def test_a_wrong_file_is_refused_before_tensorflow_is_loaded(tmp_path: Path) -> None:
    Image.new("L", (9, 9)).save(tmp_path / "mine.png")
    (tmp_path / "tensorflow.py").write_text("raise AssertionError")
    words = ("train", "--data", tmp_path / "mine.png", "--output", tmp_path / "new")
    done = run("model", *words, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "is a picture, which can't be used to learn digits" in done.stderr
    assert "Traceback" not in done.stderr
