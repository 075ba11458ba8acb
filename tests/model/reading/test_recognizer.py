import shutil
import sys
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.base.errors import UserError
from model.bundle.bundle import BUNDLED, KERAS_FILE, LITERT_FILE, BundleError, open_bundle, write_bundle
from model.ink.ink import Drawing
from model.reading.reading import BLANK, Prediction
from model.reading.recognizer import Recognizer


def test_litert_in_8_bits_answers_as_keras_does_on_nearly_every_test_image(
    recognizer: Recognizer, shared: Path
) -> None:
    import keras  # noqa: PLC0415  (seconds)

    with np.load(shared / "data" / "mnist.npz") as file:
        images, labels = file["x_test"].astype(np.float32) / np.float32(255), file["y_test"]
    ours = np.array([recognizer.probabilities(image) for image in images])
    theirs = keras.saving.load_model(BUNDLED / KERAS_FILE, compile=False).predict(images, verbose=0)
    assert len(images) == 10_000
    assert (ours.argmax(1) != theirs.argmax(1)).sum() <= 3
    assert (ours.argmax(1) == labels).mean() == pytest.approx(open_bundle().card.accuracy, abs=1e-6)
    likelihoods = [np.log(answers[np.arange(len(labels)), labels]).mean() for answers in (ours, theirs)]
    assert likelihoods[0] == pytest.approx(likelihoods[1], rel=0.01)


def test_a_prediction_says_what_was_read(recognizer: Recognizer) -> None:
    seven = recognizer.recognize(Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]}))
    assert (seven.digit, seven.text) == (7, "7")
    assert seven.probabilities is not None
    assert seven.confidence == max(seven.probabilities) == seven.probabilities[7]
    assert len(seven.probabilities) == 10
    assert sum(seven.probabilities) == pytest.approx(1, abs=1e-5)


def test_blank_is_answered_with_nothing(recognizer: Recognizer) -> None:
    for subject in (Drawing(), Image.new("L", (280, 280), 255)):
        assert recognizer.recognize(subject).digits == ()
    assert (BLANK.digit, BLANK.text, BLANK.confidence, BLANK.accepted) == (None, "", 0, False)
    assert recognizer.read(np.zeros((28, 28), np.float32)) == BLANK


def test_what_is_doubted_just_as_much_as_the_threshold_is_accepted(recognizer: Recognizer) -> None:
    scribble = np.zeros((28, 28), np.float32)
    scribble[6:22, 6:22] = 1
    doubt = recognizer.read(scribble).doubt
    assert 0 < doubt < 1
    thresholds = (doubt, np.nextafter(doubt, 0), np.nextafter(doubt, 1))
    accepted = [recognizer.with_threshold(float(each)).read(scribble).accepted for each in thresholds]
    assert accepted == [True, False, True]


def test_alternatives_are_all_digits_the_likeliest_first() -> None:
    prediction = Prediction((0.05, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.35, 0.0, 0.0))
    assert prediction.alternatives[:3] == (("1", 0.6), ("7", 0.35), ("0", 0.05))
    assert len(prediction.alternatives) == 10
    assert BLANK.alternatives == ()


def test_a_damaged_network_is_refused_before_it_runs(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(BUNDLED, tmp_path / "model"))
    (copy / LITERT_FILE).write_bytes(b"TFL3" * 1000)
    with pytest.raises(BundleError, match="damaged"):
        Recognizer(open_bundle(copy))


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    def write_files(folder: Path) -> None:
        (folder / KERAS_FILE).write_bytes(b"")
        (folder / LITERT_FILE).write_bytes(b"no network, but its hash is right")

    bundle = write_bundle(tmp_path / "model", write_files, replace(open_bundle().card, doubt={}, eye={}))
    with pytest.raises(BundleError, match="LiteRT can't run the network"):
        Recognizer(bundle)


def test_a_network_of_another_shape_is_refused(tmp_path: Path) -> None:
    import keras  # noqa: PLC0415  (seconds)

    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])

    def write_files(folder: Path) -> None:
        network.save(folder / KERAS_FILE)
        network.export(folder / LITERT_FILE, format="litert", verbose=False)

    bundle = write_bundle(tmp_path / "model", write_files, replace(open_bundle().card, doubt={}, eye={}))
    with pytest.raises(BundleError, match="28x28 image into ten digits"):
        Recognizer(bundle)


@pytest.mark.parametrize(
    "found", [{}, {"Interpreter": object, "OpResolverType": object}, {"__getattr__": lambda _name: 1 / 0}]
)
def test_a_runtime_that_does_not_work_is_a_sentence(found: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("ai_edge_litert.interpreter")
    module.__dict__.update(found)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with pytest.raises(UserError, match=r"doesn't work here .*again with: .* -m pip install .* .ai-edge-litert>="):
        Recognizer(open_bundle())


def test_where_no_network_can_doubt_digits_are_read_and_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_files(folder: Path) -> None:
        for name in (KERAS_FILE, LITERT_FILE):
            shutil.copyfile(BUNDLED / name, folder / name)

    plain = write_bundle(tmp_path / "model", write_files, replace(open_bundle().card, doubt={}, eye={}))
    monkeypatch.setattr("model.bundle.bundle.BUNDLED", tmp_path / "gone")  # otherwise it would borrow its doubt
    seven = Recognizer(plain).recognize(Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]}))
    assert (seven.text, seven.doubt, seven.accepted) == ("7", 0, True)
