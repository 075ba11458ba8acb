"""Of a file that doesn't open as a network, a sentence says what it is and what to do."""

import pickle
import zipfile
from pathlib import Path

import pytest

from model.base.kinds import HEAD
from model.bundle.bundle import BUNDLED, KERAS_FILE, LITERT_FILE
from model.bundle.others import way_on


def test_networks_and_what_may_be_one_need_no_other_way(tmp_path: Path) -> None:
    for name in (KERAS_FILE, LITERT_FILE):
        (tmp_path / "any name").write_bytes((BUNDLED / name).read_bytes())
        assert way_on(tmp_path / "any name") == ""
    for name, content in (
        ("net", b"\x89HDF\r\n\x1a\n"),
        ("net.H5", b"\x89HDF\r\n\x1a\n"),
        ("net.keras", b"damaged"),
        ("net.tflite", b"damaged"),
        ("net.hdf5", b""),
        ("net.JSON", b'{"module": "keras", "class_name": "Sequential"}'),
    ):
        (tmp_path / name).write_bytes(content)
        assert way_on(tmp_path / name) == "", name


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("net.onnx", b"\x08\x07\x12\x07pytorch", "net.onnx is an ONNX network. Convert it to Keras, for example"),
        ("net.h5", pickle.dumps([1]), "net.h5 is a Python pickle, and opening one can run code. Load it where it was"),
        ("net.pb", b"", "net.pb is an empty file, not a .keras, .h5 or .tflite file. Save the model as one of them."),
        ("net.json", b'{"strokes": []}', "net.json is a JSON file, not a .keras, .h5 or .tflite file. Save the model"),
        ("net.json", b'{%s"class_name": 1}' % (b" " * HEAD), "net.json is a JSON file, not a .keras, .h5 or .tflite"),
        ("net.txt", b'{"class_name": "Sequential"}', "net.txt is a JSON file, not a .keras, .h5 or .tflite file. Save"),
    ],
)
def test_what_others_are_is_told(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert way_on(tmp_path / name).startswith(said)


def test_folders_and_archives_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    assert way_on(tmp_path) == f"{tmp_path.name} is a folder, not a model's file. Choose a .keras or .h5 file."
    (tmp_path / "saved_model.pb").touch()
    assert way_on(tmp_path).startswith(f"{tmp_path.name} is a TensorFlow SavedModel. Load it with the TensorFlow")
    with zipfile.ZipFile(tmp_path / "net.keras", "w") as archive:
        archive.writestr("net/data.pkl", b"")
    assert way_on(tmp_path / "net.keras").startswith("net.keras is a PyTorch file, and opening one can run code. Build")
    with pytest.raises(FileNotFoundError):
        way_on(tmp_path / "none.keras")
