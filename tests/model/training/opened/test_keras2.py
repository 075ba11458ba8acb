"""Files as each version of Keras 2 wrote them on each system: they open, and answer as they used to."""

import io
import json
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("h5py")
import h5py

from model.base.errors import UserError
from tests.conftest import ROOT
from tests.model.training.opened.test_open import answers, digits, edited, keras, opened, refused, small, taught

__all__ = ["digits", "keras"]  # fixtures

KERAS_2 = ROOT / "tests" / "keras2"


def weights_of(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r")


def groups_with_arrays(file: Any) -> list[str]:
    """Return the paths of all layers, present or past: each has a group for its arrays, ``vars``."""
    places: list[str] = []
    file.visit(lambda place: places.append(place.removesuffix("/vars")) if place.endswith("/vars") else None)
    return places


def as_written_by(version: str, source: Path, target: Path, join: str) -> Path:
    """Write a `.keras` file as a version of Keras 2 did, joining group names as its system joins paths.

    Before 2.14, each layer with weights used up two numbers of its type, and the layers' group had another name.
    """
    memory = io.BytesIO()
    with weights_of(source) as old, h5py.File(memory, "w") as new:
        new.create_group("vars")
        names = {place: place for place in groups_with_arrays(old) if place}
        if version < "2.14":
            names = {place: _numbered_twice(place, old) for place in names}
        for place, name in names.items():
            group = new.require_group(name.replace("/", join)).require_group("vars")
            for key, array in old[place]["vars"].items():
                group[key] = array[()]
    about = json.dumps({"keras_version": version, "date_saved": "2023-07-08@09:10:11"}).encode()
    return edited(source, target, members={"model.weights.h5": memory.getvalue(), "metadata.json": about})


def _numbered_twice(place: str, file: Any) -> str:
    parts, result = place.split("/"), place.split("/")
    for depth in range(1, len(parts), 2):
        around = "/".join(parts[:depth])
        found = re.fullmatch(r"(.+?)(?:_(\d+))?", parts[depth])
        assert found
        kind, number = found[1], int(found[2] or 0)
        before = [f"{kind}_{each}" if each else kind for each in range(number)]
        steps = sum(2 if _has_weights(file[f"{around}/{name}"]) else 1 for name in before)
        result[depth - 1 : depth + 1] = ["_layer_checkpoint_dependencies", f"{kind}_{steps}" if steps else kind]
    return "/".join(result)


def _has_weights(group: Any) -> bool:
    found: list[str] = []
    group.visititems(lambda place, part: found.append(place) if isinstance(part, h5py.Dataset) else None)
    return bool(found)


def deep(keras: Any) -> Any:
    """Return a network with several layers of one type and a nested network, whose numbers could be mixed up."""
    layers = keras.layers
    keras.utils.set_random_seed(0)
    inner = keras.Sequential([keras.Input((24,)), layers.Dense(24, activation="relu"), layers.Dense(24), layers.ReLU()])
    bare = keras.Sequential([keras.Input((28, 28)), layers.Reshape((784,)), layers.Dropout(0.1)])
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            bare,
            *(layers.Dense(24, activation="relu"), layers.Dense(24, activation="relu")),
            inner,
            *(layers.BatchNormalization(), layers.Dense(24, activation="relu"), layers.Dense(10, activation="softmax")),
        ]
    )


@pytest.mark.parametrize("version", ["2.13.1", "2.15.0"])
def test_keras_files_of_keras_2_are_opened_wherever_they_were_written(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path, version: str
) -> None:
    network = taught(deep(keras), *digits)
    network.save(tmp_path / "mine.keras")
    names = Counter(name.split("_")[0] for name in weights_of(tmp_path / "mine.keras")["layers"])
    assert names["dense"] == 4  # otherwise this test shows nothing
    expected = network.predict(digits[0], verbose=0)
    for join in ("/", "\\"):
        file = as_written_by(version, tmp_path / "mine.keras", tmp_path / "old.keras", join)
        assert opened(file, tmp_path / "new").scale == "1"
        assert answers(tmp_path / "new", digits[0]) == pytest.approx(expected, abs=1e-5)


def test_two_arrays_for_one_place_are_refused(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with weights_of(KERAS_2 / "cnn.keras") as old, h5py.File(memory, "w") as new:
        old.copy("layers", new, "layers")
        new["layers\\dense/vars/0"] = np.zeros((192, 10), np.float32)
    members = {"model.weights.h5": memory.getvalue()}
    assert "damaged" in str(refused(edited(KERAS_2 / "cnn.keras", tmp_path / "mine.keras", members=members)))


def before_2_4(config: Any, *, bare: bool) -> Any:
    """Return a Sequential's configuration as Keras before 2.4 wrote it: no InputLayer, initialisers with a type."""
    layers = [
        {"class_name": layer["class_name"], "config": dict(layer["config"])}
        for layer in config["config"]["layers"]
        if layer["class_name"] != "InputLayer"
    ]
    start = {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None, "dtype": "float32"}
    for layer in layers:
        if "kernel_initializer" in layer["config"]:
            layer["config"]["kernel_initializer"] = {"class_name": "VarianceScaling", "config": start}
            layer["config"]["bias_initializer"] = {"class_name": "Zeros", "config": {"dtype": "float32"}}
    return {"class_name": "Sequential", "config": layers if bare else {"name": "sequential", "layers": layers}}


@pytest.mark.parametrize("bare", [True, False], ids=["2.1", "2.3"])
@pytest.mark.parametrize("name", ["mlp.h5", "cnn.h5"])
def test_files_of_keras_before_2_4_answer_as_those_after_it(
    digits: tuple[Any, Any], tmp_path: Path, name: str, bare: bool
) -> None:
    shutil.copy(KERAS_2 / name, tmp_path / "old.h5")
    with h5py.File(tmp_path / "old.h5", "r+") as file:
        config = before_2_4(json.loads(file.attrs["model_config"]), bare=bare)
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "2.2.4-tf"
    for source in (KERAS_2 / name, tmp_path / "old.h5"):
        opened(source, tmp_path / source.name.removesuffix(".h5"))
    expected = answers(tmp_path / name.removesuffix(".h5"), digits[0])
    assert (answers(tmp_path / "old", digits[0]) == expected).all()


def test_a_first_layer_that_says_another_shape_than_its_weights_is_refused(tmp_path: Path) -> None:
    shutil.copy(KERAS_2 / "mlp.h5", tmp_path / "old.h5")
    with h5py.File(tmp_path / "old.h5", "r+") as file:
        config = before_2_4(json.loads(file.attrs["model_config"]), bare=False)
        config["config"]["layers"][0]["config"]["batch_input_shape"] = [None, 28, 28]
        file.attrs["model_config"] = json.dumps(config)
    with pytest.raises(UserError, match="Keras can't load old"):
        opened(tmp_path / "old.h5", tmp_path / "new")


def test_what_varies_images_in_training_does_nothing_when_it_reads(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path
) -> None:
    layers = keras.layers
    varied = keras.Sequential([keras.Input((28, 28, 1)), layers.RandomTranslation(0.1, 0.1), layers.RandomZoom(0.1)])
    network = small(
        *(keras, (784,), "softmax", layers.Reshape((28, 28, 1))),
        *(varied, layers.RandomRotation(0.05), layers.RandomContrast(0.1), layers.Flatten()),
    )
    taught(network, *digits, epochs=30)
    expected = network.predict(digits[0].reshape(-1, 784), verbose=0)
    for ending in (".keras", ".h5"):
        network.save(tmp_path / f"mine{ending}")
        assert opened(tmp_path / f"mine{ending}", tmp_path / "new").scale == "1"
        assert answers(tmp_path / "new", digits[0]) == pytest.approx(expected, abs=1e-5)
    with h5py.File(tmp_path / "mine.h5", "r+") as file:  # Keras 2 counted random generators' states as weights
        group = file["model_weights"]["random_rotation"]
        group["StateVar:0"] = np.zeros(3, np.int64)
        group.attrs["weight_names"] = [b"StateVar:0"]
    opened(tmp_path / "mine.h5", tmp_path / "new")
    assert answers(tmp_path / "new", digits[0]) == pytest.approx(expected, abs=1e-5)
