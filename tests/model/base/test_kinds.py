"""What kind a file is, from its content: files as people's programs write them."""

import gzip
import os
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.base.kinds import NAMES, is_kind, kind_of
from model.bundle.bundle import BUNDLED, KERAS_FILE, LITERT_FILE
from tests.conftest import on_linux


def picture(path: Path) -> None:
    Image.new("L", (28, 28)).save(path, "PNG")


def zipped(*names: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, b"more")

    return write


def commented(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", b"more")
        archive.comment = b" and seven.png"


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8")


def packed(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(gzip.compress(content))


@pytest.mark.parametrize(
    ("kind", "write"),
    [
        ("picture", picture),
        ("picture", lambda path: Image.new("RGB", (9, 9)).save(path, "BMP")),
        ("npz", zipped("x_train.npy", "y_train.npy")),
        ("npy", lambda path: path.write_bytes(b"\x93NUMPY\1\0")),
        ("torch", zipped("mnist_cnn/data.pkl", "mnist_cnn/data/0")),
        ("keras", zipped("metadata.json", "config.json", "model.weights.h5")),
        ("pictures", zipped("train/7/one.PNG", "train/7/two.png")),
        ("pictures", zipped("train/readme\n7/IMG_0007.JPG")),
        ("document", zipped("mimetype", "content.xml")),
        ("savedmodel", zipped("model/saved_model.pb", "model/variables/variables.index")),
        ("zip", zipped("notes.txt")),
        ("zip", commented),
        ("pickle", lambda path: path.write_bytes(pickle.dumps([1, 2]))),
        ("pickle", lambda path: path.write_bytes(pickle.dumps({"x": 1}, 0))),
        ("pickle", packed(pickle.dumps(((np.zeros(3), [7]),), 2))),
        ("idx", packed(b"\0\0\x08\x03\0\0\0\x01")),
        ("csv", text("label," + ",".join(f"pixel{number}" for number in range(784)) + "\n")),
        ("csv", text("7," + ",".join("0" * 784))),
        ("json", text('{"label": "7"}')),
        ("xml", text('<?xml version="1.0"?><svg/>')),
        ("text", text("Dear digits, how are you?")),
        ("empty", lambda path: path.touch()),
        ("unknown", lambda path: path.write_bytes(bytes(range(256)))),
        ("unknown", lambda path: path.write_bytes(b"\x1f\x8b no more")),
        ("folder", lambda path: path.mkdir()),
    ],
)
def test_a_file_is_what_is_in_it_whatever_it_is_called(
    kind: str, write: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "mine.data"
    write(path)
    assert kind_of(path) == kind
    assert NAMES[kind]


def test_networks_are_told(tmp_path: Path) -> None:
    assert kind_of(BUNDLED / KERAS_FILE) == "keras"
    assert kind_of(BUNDLED / LITERT_FILE) == "tflite"
    (tmp_path / "saved_model.pb").touch()
    assert kind_of(tmp_path) == kind_of(tmp_path / "saved_model.pb") == "savedmodel"


def test_an_onnx_network_is_told_by_its_beginning_and_its_name(tmp_path: Path) -> None:
    for name, kind in (("mine.onnx", "onnx"), ("mine", "onnx"), ("mine.data", "unknown")):
        (tmp_path / name).write_bytes(b"\x08\x07\x12\x07pytorch")
        assert kind_of(tmp_path / name) == kind


def test_of_what_gzip_packed_the_beginning_alone_is_unpacked(tmp_path: Path) -> None:
    packed(bytes(50_000_000))(tmp_path / "bomb.gz")
    tracemalloc.start()
    try:
        assert kind_of(tmp_path / "bomb.gz") == "unknown"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_only_the_end_of_a_large_zip_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    zipped(*(f"{number}.npy" for number in range(3000)))(path)
    assert kind_of(path) == "npz"
    with pytest.raises(OSError, match="nowhere"):
        kind_of(tmp_path / "nowhere")


@on_linux
def test_what_is_not_there_or_cannot_be_read_is_of_no_kind(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("[]")
    assert is_kind(tmp_path / "mine", "json")
    assert not is_kind(tmp_path / "mine", "csv")
    assert not is_kind(tmp_path / "none", "json")
    os.mkfifo(tmp_path / "pipe")
    assert not is_kind(tmp_path / "pipe", "empty")
