"""A model exported for other programs, each file run by the library for that format."""

import argparse
import hashlib
import importlib.util
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base import events
from model.base.errors import UserError
from model.bundle import others
from model.bundle.bundle import CARD_FILE, KERAS_FILE, open_bundle
from model.commands.parser import check_export
from model.reading.recognizer import Recognizer
from model.training.opened.probe import probe
from tests.conftest import run
from tests.kept import copied


def export(*words: str | Path) -> list[events.Event]:
    done = run("model", "export", "--events", *words)
    return [events.from_line(line) for line in done.stdout.splitlines()]


def of_keras(path: Path) -> Callable[[Any], Any]:
    import keras  # noqa: PLC0415  (seconds)

    return lambda images: keras.saving.load_model(path).predict(images, verbose=0)


def of_tensorflow(path: Path) -> Callable[[Any], Any]:
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    signature: Any = tf.saved_model.load(str(path)).signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    return lambda images: signature(**{name: tf.constant(images)})


def of_litert(path: Path) -> Callable[[Any], Any]:
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415

    network = Interpreter(str(path))
    signature = network.get_signature_runner()
    (name,) = signature.get_input_details()
    return lambda images: np.concatenate([next(iter(signature(**{name: each[None]}).values())) for each in images])


def of_onnx(path: Path) -> Callable[[Any], Any]:
    import onnxruntime  # noqa: PLC0415

    session = onnxruntime.InferenceSession(path)
    assert [each.name for each in session.get_inputs()] == ["image"]
    return lambda images: session.run(None, {"image": images})[0]


has_onnx = all(map(importlib.util.find_spec, ("tf2onnx", "onnxruntime")))


@pytest.mark.parametrize(
    ("form", "reader"),
    [
        ("keras", of_keras),
        ("tflite", of_litert),
        ("savedmodel", of_tensorflow),
        pytest.param(
            "onnx",
            of_onnx,
            marks=pytest.mark.skipif(not has_onnx, reason="tf2onnx or ONNX Runtime is missing: .[onnx]"),
        ),
    ],
)
def test_a_model_is_written_and_answers_as_before(
    form: str, reader: Callable[[Path], Callable[[Any], Any]], tmp_path: Path
) -> None:
    place = tmp_path / f"a model, \u00e9{others.EXPORTED[form]}"
    told = export("--format", form, "--output", place)
    last = told[-1]
    assert isinstance(last, events.Finished), told
    assert last.output == str(place)
    (note,) = (each.note for each in told if isinstance(each, events.Noted))
    assert re.fullmatch(r"Of 1,000 drawn digits it answers (1,000|99\d) as the model does\.", note)
    assert list(tmp_path.iterdir()) == [place]
    images, _digits = probe()
    found = reader(place)(images)
    found = np.asarray(next(iter(found.values())) if isinstance(found, dict) else found)
    recognizer = Recognizer(open_bundle())
    expected = np.array([recognizer.probabilities(image) for image in images])
    assert (found.argmax(1) == expected.argmax(1)).mean() >= 0.99


def test_what_is_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "x.tflite").write_text("mine")
    done = run("model", "export", "--format", "tflite", "--output", tmp_path / "x.tflite")
    assert (done.returncode, done.stderr) == (1, f"{tmp_path / 'x.tflite'} is there already; choose another name.\n")
    assert (tmp_path / "x.tflite").read_text() == "mine"
    done = run("model", "export", "--format", "keras", "--output", tmp_path / "x.h5")
    assert done.stderr == "The name of a Keras file ends in .keras; x.h5 doesn't.\n"
    done = run("model", "export", "--format", "tflite", "--output", tmp_path / "no" / "x")
    assert (
        done.stderr == f"{tmp_path / 'no' / 'x'} can't be written (No such file or directory); choose another place.\n"
    )


def test_what_answers_otherwise_is_not_kept(tmp_path: Path) -> None:
    """A bundle whose two networks differ, as one could make by hand."""
    import keras  # noqa: PLC0415  (seconds)

    other = copied(tmp_path / "other")
    network = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    network.save(other / KERAS_FILE)
    card = json.loads((other / CARD_FILE).read_text())
    card["sha256"][KERAS_FILE] = hashlib.sha256((other / KERAS_FILE).read_bytes()).hexdigest()
    (other / CARD_FILE).write_text(json.dumps(card))
    (tmp_path / "out").mkdir()
    (*_told, last) = export("--model", other, "--format", "savedmodel", "--output", tmp_path / "out" / "x")
    assert isinstance(last, events.Failed)
    assert re.fullmatch(
        r"It answers only \d+ of 1,000 drawn digits as the model does, so it isn't kept\.", last.message
    )
    assert not list((tmp_path / "out").iterdir())


def test_onnx_is_asked_for_in_a_sentence_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    arguments = argparse.Namespace(output=tmp_path / "x.onnx", format="onnx")
    with pytest.raises(UserError, match=r"ONNX needs tf2onnx and ONNX Runtime; install them with: .*\[onnx\]"):
        check_export(arguments)
