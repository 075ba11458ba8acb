"""Networks made ready for use: calibrated, folded, halved, with shifted views."""

import hashlib
import json
import re
import resource
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base.errors import UserError
from model.bundle import litert_check
from model.bundle.bundle import CARD_FILE, KERAS_FILE, LITERT_FILE, open_bundle
from model.data import architectures
from tests.conftest import ten_patterns

IMAGES = ten_patterns(100, 40)["x_test"].astype(np.float32) / np.float32(255)


@pytest.fixture(scope="module")
def export() -> Any:
    from model.training.files import export  # noqa: PLC0415  (TensorFlow)

    return export


def shaken(name: str) -> Any:
    """Return an untrained network with random weights, including its normalisations."""
    import keras  # noqa: PLC0415  (seconds)

    keras.utils.set_random_seed(0)
    network = architectures.build(keras, name)
    random = np.random.default_rng(0)
    network.set_weights(
        [random.uniform(0.2, 0.9, value.shape) if value.ndim == 1 else value for value in network.get_weights()]
    )
    return network


@pytest.mark.parametrize("name", architectures.NETWORKS)
def test_a_finished_network_computes_the_same(export: Any, name: str) -> None:
    network = shaken(name)
    finished = export.finished(network)
    assert finished.predict(IMAGES, verbose=0) == pytest.approx(network.predict(IMAGES, verbose=0), abs=1e-5)
    kinds = {type(layer).__name__ for layer in finished.layers}
    assert "Dropout" not in kinds
    if name.startswith("mlp"):
        assert kinds <= {"Flatten", "Dense", "Activation"}


def test_views_are_the_mean_over_the_image_and_its_neighbours(export: Any) -> None:
    network = shaken("mlp-1200-1000-500")
    seen = export.finished(network, views=True).predict(IMAGES, verbose=0)
    moved = [np.roll(IMAGES, move, (1, 2)) for move in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))]
    for image, edges in zip(moved[1:], ((0, 0), (-1, 0), (0, 1), (-1, 1)), strict=True):
        line, axis = edges
        image.swapaxes(1, 1 + axis)[:, line] = 0  # what moves in is paper
    assert seen == pytest.approx(np.mean([network.predict(image, verbose=0) for image in moved], 0), abs=1e-5)


def test_views_are_refused_where_there_are_convolutions(export: Any) -> None:
    with pytest.raises(UserError, match="Only networks of dense layers can have views"):
        export.finished(shaken("cnn"), views=True)


@pytest.mark.parametrize("views", [False, True])
def test_calibration_finds_the_temperature_that_was_put_in(export: Any, views: bool) -> None:
    network = export.finished(shaken("mlp-128"), views=views)
    answer = network.layers[-2 if views else -1]
    random = np.random.default_rng(0)
    images = random.uniform(0, 1, (4000, 28, 28)).astype(np.float32)
    honest = network.predict(images, verbose=0)
    labels = np.array([random.choice(10, p=row / row.sum()) for row in honest.astype(float)])  # as likely as it says
    answer.set_weights([value * 1.6 for value in answer.get_weights()])  # now it's too sure
    assert export.calibrate(network, images, labels) == pytest.approx(1.6, rel=0.1)
    assert network.predict(images, verbose=0) == pytest.approx(honest, abs=0.03)


def answers(litert_file: Path) -> dict[int, Any]:
    """Return what a LiteRT file makes of `IMAGES`, by the last axis of each of its outputs."""
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  (as the recogniser does)

    interpreter = Interpreter(str(litert_file))
    interpreter.allocate_tensors()
    ends = interpreter.get_output_details()
    made: dict[int, list[Any]] = {end["shape"][-1]: [] for end in ends}
    for image in IMAGES:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image[None])
        interpreter.invoke()
        for end in ends:
            made[end["shape"][-1]].append(interpreter.get_tensor(end["index"])[0])
    return {units: np.array(each) for units, each in made.items()}


def test_a_halved_network_is_the_same_for_keras_and_litert(export: Any, tmp_path: Path) -> None:
    import keras  # noqa: PLC0415  (seconds)

    network = export.finished(shaken("mlp-1200-1000-500"), views=True)
    export.halve(network)
    export.export(network, tmp_path, half=True)
    assert (tmp_path / LITERT_FILE).stat().st_size < 7_000_000
    kept = keras.saving.load_model(tmp_path / KERAS_FILE, compile=False)
    assert all((value == value.astype(np.float16)).all() for value in kept.get_weights())
    ours = answers(tmp_path / LITERT_FILE)
    assert ours.keys() == {10}
    assert ours[10] == pytest.approx(kept.predict(IMAGES, verbose=0), abs=1e-5)


@pytest.mark.parametrize(("name", "hidden"), [("mlp-1200-1000-500", (500, 1000)), ("mlp-512", (512,)), ("cnn", (256,))])
def test_a_network_in_8_bits_answers_nearly_the_same_and_gives_its_last_hidden_layers(
    export: Any, name: str, hidden: tuple[int, ...], tmp_path: Path
) -> None:
    import keras  # noqa: PLC0415  (seconds)

    network = export.finished(shaken(name), views=name == "mlp-1200-1000-500")
    export.export(network, tmp_path, int8=True)
    litert_check.check((tmp_path / LITERT_FILE).read_bytes(), (1, 28, 28), (1, 10))
    assert (tmp_path / LITERT_FILE).stat().st_size < 1.1 * network.count_params() + 20_000
    ours = answers(tmp_path / LITERT_FILE)
    assert tuple(sorted(ours)) == (10, *hidden)
    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
    theirs = keras.Model(network.inputs, [network.outputs[0], *(layer.input for layer in dense[1:][-2:])])
    for wanted in theirs.predict(IMAGES, verbose=0):
        found = ours[wanted.shape[-1]]
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).max() <= 0.05 * np.abs(wanted).max()


def test_a_bundle_s_network_that_declares_more_than_it_holds_takes_no_memory(export: Any, tmp_path: Path) -> None:
    honest = open_bundle()
    copy = shutil.copytree(honest.path, tmp_path / "copy")
    with zipfile.ZipFile(honest.path / KERAS_FILE) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    giant, count = re.subn(rb'"units": (1200|1000|500)\b', b'"units": 1000000', members["config.json"])
    assert count >= 2
    with zipfile.ZipFile(copy / KERAS_FILE, "w") as archive:
        for name, content in (members | {"config.json": giant}).items():
            archive.writestr(name, content)
    card = json.loads((copy / CARD_FILE).read_text())
    card["sha256"][KERAS_FILE] = hashlib.sha256((copy / KERAS_FILE).read_bytes()).hexdigest()
    (copy / CARD_FILE).write_text(json.dumps(card))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UserError, match="too large for digits"):
        export.load(open_bundle(copy), KERAS_FILE)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kilobytes; declared: 4,000,000 MB
