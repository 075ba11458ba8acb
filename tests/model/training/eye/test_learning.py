"""The command that trains the eye and puts it into a bundle."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.base import events
from model.base.errors import UserError
from model.bundle import bundle
from model.bundle.bundle import EYE_KERAS_FILE, EYE_LITERT_FILE, open_bundle
from model.commands.parser import parser
from model.data import data
from model.reading.certainty import weights_of
from model.reading.litert import PictureNetwork
from model.reading.recognizer import Recognizer, self_test
from tests.conftest import run, run_anew
from tests.model.training.doubt.test_not_digits import little


def test_the_command_trains_an_eye_and_the_model_keeps_its_other_networks(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras  # noqa: PLC0415  (TensorFlow takes seconds)

    from model.commands import training  # noqa: PLC0415
    from model.training.eye import certain, learning  # noqa: PLC0415

    monkeypatch.setattr(certain, "PICTURES", 20)
    monkeypatch.setattr(learning, "WINDOWS", 24)
    monkeypatch.setattr(learning, "JUDGED", 16)
    folder, told = shared / "data", list[events.Event]()
    words = ["ink", "--model", bundle.BUNDLED, "--output", tmp_path / "seeing", "--data", folder / "mnist.npz"]
    words += ["--ink", folder / "pen-digits.jsonl", "--not-digits", folder / "not-digits.jsonl", "--epochs", 2]
    training.WORKS["ink"](parser().parse_args([str(word) for word in words]), told.append)
    made, bundled = open_bundle(tmp_path / "seeing"), open_bundle()
    made.verify()
    assert made.sealed == (*bundled.sealed[:4], EYE_KERAS_FILE, EYE_LITERT_FILE)
    assert all(made.card.sha256[name] == bundled.card.sha256[name] for name in bundled.sealed[:4])
    assert made.card.eye["epochs"] == 2
    assert weights_of(made.card.eye["certainty"])
    assert 0 < made.card.eye["overlap"]["judge"] < 1
    assert made.card.eye["weights"] == next(each.weights for each in told if isinstance(each, events.Started))
    done = [each for each in told if isinstance(each, events.EpochDone)]
    assert [each.epoch for each in done] == [1, 2]
    assert done[1].loss < done[0].loss
    assert isinstance(told[-1], events.Finished)
    self_test(Recognizer(made))
    given = np.random.default_rng(0).normal(size=(32, 48, 3)).astype(np.float32)
    wanted = np.asarray(keras.saving.load_model(made.path / EYE_KERAS_FILE, compile=False)(given[None]))[0]
    assert np.abs(PictureNetwork(made, EYE_LITERT_FILE).run(given) - wanted).max() < 0.2 * wanted.std()


def test_an_eye_is_trained_on_from_a_model_s(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from model.commands import training  # noqa: PLC0415  (as above)
    from model.training.eye import certain, learning  # noqa: PLC0415

    monkeypatch.setattr(certain, "PICTURES", 20)
    monkeypatch.setattr(learning, "WINDOWS", 24)
    monkeypatch.setattr(learning, "JUDGED", 16)
    folder, told = shared / "data", list[events.Event]()
    words = ["ink", "--model", bundle.BUNDLED, "--from", bundle.BUNDLED, "--output", tmp_path / "further"]
    words += ["--data", folder / "mnist.npz", "--ink", folder / "pen-digits.jsonl", "--epochs", 1]
    training.WORKS["ink"](parser().parse_args([str(word) for word in words]), told.append)
    (done,) = (each for each in told if isinstance(each, events.EpochDone))
    assert done.validation_accuracy > 0.5  # one epoch of 24 windows doesn't teach more
    made = open_bundle(tmp_path / "further")
    assert weights_of(made.card.eye["certainty"])
    assert made.card.eye["epochs"] == open_bundle().card.eye["epochs"] + 1
    (tmp_path / "blind").mkdir()
    open_bundle().copy_files(tmp_path / "blind")
    (tmp_path / "blind" / EYE_KERAS_FILE).write_bytes(b"no eye")
    with pytest.raises(UserError, match=r"no eye to go on from\. Choose another one for --from"):
        learning._weights(bundle.Bundle(tmp_path / "blind", made.card))


def test_without_people_it_says_what_is_missing(shared: Path, tmp_path: Path) -> None:
    from model.training.eye import learning  # noqa: PLC0415  (as above)

    given = replace(little(shared), ink=data.Ink())
    with pytest.raises(UserError, match=r"give --ink and a people\.json"):
        learning.add_eye(learning.How(), given, bundle.BUNDLED, tmp_path / "seeing", lambda _event: None)
    assert not (tmp_path / "seeing").exists()


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    done = run("model", "ink", "--model", tmp_path, "--output", tmp_path / "x", "--ink", "nowhere.jsonl")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    done = run_anew("model", "ink", "--output", tmp_path)
    assert done.returncode == 2
    assert "--model" in done.stderr
