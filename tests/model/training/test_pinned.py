"""Keras set up for other programs: training and opening work as they do without that."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base import events
from model.base.errors import UserError
from model.base.installation import loading_tensorflow
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer
from tests.conftest import ROOT, run, run_anew, save_npz, ten_patterns

OTHERWISE: dict[str, Any] = {  # our networks are built with none of these
    "backend": "jax",
    "floatx": "float16",
    "image_data_format": "channels_first",
    "epsilon": 0.1,
}


def set_up(environment: dict[str, str], settings: dict[str, Any]) -> dict[str, str]:
    """Write Keras' settings into the home folder, and return the environment."""
    folder = Path.home() / ".keras"
    folder.mkdir(exist_ok=True)
    (folder / "keras.json").write_text(json.dumps(settings))
    return environment


@pytest.mark.parametrize(
    ("environment", "settings"),
    [
        ({"KERAS_BACKEND": "jax", "KERAS_MAX_STEPS_PER_EPOCH": "1"}, OTHERWISE),
        ({}, {**OTHERWISE, "floatx": "float8"}),  # Keras itself can't be imported with it
    ],
)
def test_a_training_heeds_no_settings_of_other_programs(
    tmp_path: Path, environment: dict[str, str], settings: dict[str, Any]
) -> None:
    data = save_npz(tmp_path / "small.npz", **ten_patterns(600, 50))
    words = ("--network", "cnn", "--epochs", "1", "--data", data, "--output", tmp_path / "new", "--events")
    done = run_anew("model", "train", *words, **set_up(environment, settings))
    assert isinstance(events.from_line(done.stdout.splitlines()[-1]), events.Finished), done.stdout[-400:]
    assert open_bundle(tmp_path / "new").card.weights > 0
    assert json.loads((Path.home() / ".keras" / "keras.json").read_text()) == settings


def test_a_keras_file_is_opened_the_same_whatever_the_settings_say(tmp_path: Path) -> None:
    read = []
    words = ("model", "open", ROOT / "tests" / "keras2" / "cnn.keras", "--events", "--output")
    for output in (tmp_path / "usual", tmp_path / "other"):
        is_usual = output.name == "usual"
        environment = {} if is_usual else set_up({"KERAS_BACKEND": "jax"}, OTHERWISE)
        done = (run if is_usual else run_anew)(*words, output, **environment)
        assert isinstance(events.from_line(done.stdout.splitlines()[-1]), events.Opened), done.stdout[-400:]
        recognizer = Recognizer(open_bundle(output))
        read.append(list(recognizer.probabilities(np.eye(28, dtype=np.float32))))
    assert read[0] == read[1]


def test_what_is_there_and_cannot_be_imported_is_not_called_missing() -> None:
    told = r"^TensorFlow doesn't work here \(DLL load failed\)"
    with pytest.raises(UserError, match=told), loading_tensorflow("Training"):
        raise ImportError("DLL load failed")
