"""The network that doubts what is read: made, put into a bundle, and used."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base import events
from model.base.errors import UserError
from model.bundle import bundle
from model.bundle.bundle import (
    DOUBT_KERAS_FILE,
    DOUBT_LITERT_FILE,
    LITERT_FILE,
    BundleError,
    open_bundle,
    write_bundle,
)
from model.bundle.litert_head import Head, Layer
from model.commands.parser import parser
from model.data import data
from model.data.recipe import Recipe
from model.ink.ink import Drawing
from model.reading.doubt import ANSWERS, NONE
from model.reading.recognizer import DIGIT_OUTPUTS, Recognizer
from model.reading.rejection import what_is_wrong
from model.training.doubt import not_digits
from tests.conftest import run, run_anew, save_npz
from tests.model.training.doubt.test_not_digits import MADE_FEWER, little

SEVEN = Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]})
CROSSED_BOX = Drawing.from_json(
    {
        "strokes": [
            [[60, 60], [200, 60], [200, 200], [60, 200], [60, 60]],
            [[60, 60], [200, 200]],
            [[200, 60], [60, 200]],
        ]
    }
)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in MADE_FEWER.items():
        monkeypatch.setattr(not_digits, name, 5 * count)


@pytest.mark.usefixtures("few")
def test_a_bundle_gets_its_doubt_and_keeps_its_network(shared: Path, tmp_path: Path) -> None:
    from model.training.doubt import network  # noqa: PLC0415  (TensorFlow takes seconds)

    told: list[events.Event] = []
    recipe = Recipe.of("doubt", epochs=8, teacher_epochs=4, seed=2)
    network.add_doubt(recipe, little(shared), bundle.BUNDLED, tmp_path / "with", told.append)
    made, bundled = open_bundle(tmp_path / "with"), open_bundle()
    made.verify()
    assert made.sealed == bundled.sealed
    kept = set(bundled.sealed) - {DOUBT_KERAS_FILE, DOUBT_LITERT_FILE}
    assert all(made.card.sha256[name] == bundled.card.sha256[name] for name in kept)
    assert made.card.accuracy == bundled.card.accuracy
    assert made.card.doubt["network"] == "doubt"
    assert made.card.doubt["accepted"]["judge"] > 0.7  # after some seconds of training
    assert made.card.doubt["refused"]["judge"] > 0.05
    assert [event.role for event in told if isinstance(event, events.Started)] == ["teacher 1", "network"]
    assert isinstance(told[-1], events.Finished)
    recognizer = Recognizer(made)
    answers = np.array(_keras(made.path / DOUBT_KERAS_FILE)(np.eye(28, dtype=np.float32)[None])[0])
    assert answers.shape == (ANSWERS,)
    assert recognizer.doubt(np.eye(28, dtype=np.float32)) == pytest.approx(1 - answers[:NONE].max(), abs=0.005)


@pytest.mark.usefixtures("few")
def test_one_run_trains_a_network_and_its_doubt_by_the_same_teacher(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model.commands import training  # noqa: PLC0415  (as above)
    from model.training.learn import loop  # noqa: PLC0415

    begun = []

    def fit(recipe: Recipe, *rest: Any, start: Any = None, **words: Any) -> Any:
        begun.append(start and [each.copy() for each in start.get_weights()])
        fitted = trained(recipe, *rest, start=start, **words)
        begun.append([each.copy() for each in fitted[0].get_weights()])
        return fitted

    trained = loop.fit
    monkeypatch.setattr(loop, "fit", fit)  # teachers are trained with it, too
    folder = shared / "data"
    for name, each in (("pen-digits.jsonl", 20), ("not-digits.jsonl", 10)):
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)[::each]
        (tmp_path / name).write_text("".join(lines), encoding="utf-8")
    shutil.copy(folder / "people.json", tmp_path)
    images = little(shared).data
    arrays = {"x_train": images.train_images, "x_test": images.test_images}
    arrays |= {"y_train": images.train_labels, "y_test": images.test_labels}
    words = ["train", "--network", "mlp-128", "--data", save_npz(tmp_path / "mnist.npz", **arrays)]
    words += ["--ink", tmp_path / "pen-digits.jsonl", "--not-digits", tmp_path / "not-digits.jsonl", "--epochs", 1]
    words += ["--teacher", "cnn-batchnorm", "--teacher-epochs", 1, "--output", tmp_path / "both"]
    told: list[events.Event] = []
    training.WORKS["train"](parser().parse_args([str(word) for word in words]), told.append)
    started = [(event.network, event.epochs) for event in told if isinstance(event, events.Started)]
    assert started == [("cnn-batchnorm", 1), ("mlp-128", 1), ("doubt-cnn", 5), ("doubt", 40)]  # half of its ten epochs
    first, learned, second, _its_own = begun
    assert first is None
    assert all(np.array_equal(one, other) for one, other in zip(learned[:-2], second[:-2], strict=True))
    made = open_bundle(tmp_path / "both")
    made.verify()
    assert made.card.network == "mlp-128"
    assert made.card.doubt["data"]["source"] == "mnist.npz, pen-digits.jsonl"


def test_a_teacher_of_other_layers_is_no_trunk() -> None:
    from model.data import architectures  # noqa: PLC0415  (as above)
    from model.training.doubt import network  # noqa: PLC0415
    from model.training.pinned import keras  # noqa: PLC0415

    recipe = Recipe.of("doubt")
    others = [architectures.build(keras, name, "relu", "he") for name in ("mlp-128", "cnn", "cnn-batchnorm")]
    (start,) = network._starts(recipe, others)
    assert all(
        np.array_equal(*each) for each in zip(start.get_weights()[:-2], others[2].get_weights()[:-2], strict=True)
    )


def _keras(path: Path) -> Any:
    import keras  # noqa: PLC0415  (as above)

    return keras.saving.load_model(path, compile=False)


def test_without_people_it_says_what_is_missing(shared: Path, tmp_path: Path) -> None:
    from model.training.doubt import network  # noqa: PLC0415  (as above)

    given = replace(little(shared), ink=data.Ink())
    with pytest.raises(UserError, match=r"give --ink and a people\.json"):
        network.add_doubt(Recipe.of("doubt"), given, bundle.BUNDLED, tmp_path / "with", lambda _event: None)
    assert not (tmp_path / "with").exists()


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    done = run("model", "doubt", "--model", tmp_path, "--output", tmp_path / "x", "--ink", "nowhere.jsonl")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    done = run_anew("model", "doubt", "--output", tmp_path)
    assert done.returncode == 2
    assert "--model" in done.stderr


def test_the_bundled_model_doubts_what_is_no_digit(recognizer: Recognizer) -> None:
    assert open_bundle().card.doubt["refused"]["judge"] > 0.9
    assert recognizer.recognize(SEVEN).accepted
    assert not recognizer.recognize(CROSSED_BOX).accepted
    assert recognizer.recognize(CROSSED_BOX).alternatives  # the best guesses are still there


def test_the_threshold_decides() -> None:
    assert Recognizer(open_bundle(), threshold=1.0).recognize(CROSSED_BOX).accepted
    assert not Recognizer(open_bundle(), threshold=0.0).recognize(SEVEN).accepted


def test_a_bundle_without_doubt_doubts_as_the_bundled_one(recognizer: Recognizer, tmp_path: Path) -> None:
    path = Path(shutil.copytree(bundle.BUNDLED, tmp_path / "old"))
    card = json.loads((path / "card.json").read_text())
    del card["doubt"]
    (path / "card.json").write_text(json.dumps(card | {"format": 2}))
    for name in (DOUBT_KERAS_FILE, DOUBT_LITERT_FILE):
        (path / name).unlink()
    old = open_bundle(path)
    old.verify()
    assert Recognizer(old).recognize(CROSSED_BOX) == recognizer.recognize(CROSSED_BOX)


def test_an_older_doubt_that_knows_no_digits_is_left_for_the_bundled_one(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    def write_files(folder: Path) -> None:
        open_bundle().copy_files(folder)
        (folder / DOUBT_LITERT_FILE).write_bytes(b"two answers")

    doubt = {"network": "doubt", "accepted": {"judge": 0.99}}
    old = write_bundle(tmp_path / "old", write_files, replace(open_bundle().card, doubt=doubt))
    assert Recognizer(old).recognize(CROSSED_BOX) == recognizer.recognize(CROSSED_BOX)
    assert json.loads((old.path / "card.json").read_text())["format"] < open_bundle().card.format


def test_a_digit_that_the_second_network_reads_as_another_is_rejected(recognizer: Recognizer, tmp_path: Path) -> None:
    """Here the network that reads has the answers 0 and 7 mixed up."""
    head = Head(open_bundle().read(LITERT_FILE), DIGIT_OUTPUTS)
    *before, last = head.layers
    mixed = [7, 1, 2, 3, 4, 5, 6, 0, 8, 9]

    def write_files(folder: Path) -> None:
        open_bundle().copy_files(folder)
        (folder / LITERT_FILE).write_bytes(head.with_layers([*before, Layer(last.weights[mixed], last.bias[mixed])]))

    wrong = Recognizer(write_bundle(tmp_path / "mixed", write_files, open_bundle().card))
    reading = wrong.recognize(SEVEN)
    assert (reading.text, reading.accepted) == ("0", False)
    assert what_is_wrong(reading) == "It may be a 0 or a 7."
    assert recognizer.recognize(SEVEN).accepted


def test_where_no_doubt_can_be_read_all_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(shutil.copytree(bundle.BUNDLED, tmp_path / "old"))
    card = json.loads((path / "card.json").read_text())
    (path / "card.json").write_text(json.dumps(card | {"doubt": {}}))
    monkeypatch.setattr(bundle, "BUNDLED", tmp_path / "nowhere")
    assert Recognizer(open_bundle(path)).recognize(CROSSED_BOX).accepted


def test_damaged_doubt_is_noticed(tmp_path: Path) -> None:
    path = Path(shutil.copytree(bundle.BUNDLED, tmp_path / "damaged"))
    content = bytearray((path / DOUBT_LITERT_FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (path / DOUBT_LITERT_FILE).write_bytes(content)
    with pytest.raises(BundleError, match=r"is damaged: doubt\.tflite isn"):
        Recognizer(open_bundle(path))
