"""Networks in two files, a description and its weights: as people save them, and opened by either file."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("h5py")
import h5py

from tests.conftest import ROOT
from tests.model.training.opened.test_open import answers, digits, keras, opened, refused, small, taught

__all__ = ["digits", "keras"]  # fixtures

MLP = ROOT / "tests" / "keras2" / "mlp.h5"


def parted(whole: Path, folder: Path) -> tuple[Path, Path]:
    """Write a Keras 2 file's description and weights as two files, as its to_json and save_weights did."""
    description, weights = folder / "model.json", folder / "model.h5"
    with h5py.File(whole, "r") as old, h5py.File(weights, "w") as new:
        description.write_text(old.attrs["model_config"])
        for name in old["model_weights"]:
            old.copy(f"model_weights/{name}", new, name)
        for name, note in old["model_weights"].attrs.items():
            new.attrs[name] = note
    return description, weights


def test_either_file_of_keras_2_opens_both(digits: tuple[Any, Any], tmp_path: Path) -> None:
    opened(MLP, tmp_path / "whole")
    expected = answers(tmp_path / "whole", digits[0])
    (tmp_path / "parted").mkdir()
    for file in parted(MLP, tmp_path / "parted"):
        assert opened(file, tmp_path / "new").scale == "1"
        assert (answers(tmp_path / "new", digits[0]) == expected).all()


def test_either_file_of_keras_3_opens_both(keras: Any, digits: tuple[Any, Any], tmp_path: Path) -> None:
    network = taught(small(keras), *digits)
    (tmp_path / "mine.json").write_text(network.to_json())
    network.save_weights(tmp_path / "mine.weights.h5")
    expected = network.predict(digits[0], verbose=0)
    for name in ("mine.json", "mine.weights.h5"):
        opened(tmp_path / name, tmp_path / "new")
        assert answers(tmp_path / "new", digits[0]) == pytest.approx(expected, abs=1e-5)


def test_what_lies_not_beside_is_asked_for(tmp_path: Path) -> None:
    description, weights = parted(MLP, tmp_path)
    for number in range(2):
        shutil.copy(weights, tmp_path / f"other{number}.h5")
    other = tmp_path / "architecture.json"
    description.rename(other)
    assert "architecture.json only describes a network. Put its weights" in str(refused(other))
    shutil.copy(other, tmp_path / "another.json")
    assert "model.h5 has no network in it, at most weights. Save the whole model" in str(refused(weights))


def test_a_description_is_looked_through_as_any(tmp_path: Path) -> None:
    description, _weights = parted(MLP, tmp_path)
    text = description.read_text()
    description.write_text(text.replace('"class_name": "Dense"', '"class_name": "Lambda"'))
    assert "is a Lambda" in str(refused(description))
    description.write_text(text[:-20])
    assert "damaged" in str(refused(description))
    description.write_text("[]")
    assert "is a JSON file, not a .keras" in str(refused(description))
