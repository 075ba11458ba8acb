"""A network in the formats that other programs run: written, and read back with the library that runs it there."""

from __future__ import annotations

import contextlib
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.language import _
from model.training.pinned import keras, tf

Images = npt.NDArray[np.float32]  # (n, 28, 28), 0 paper to 1 ink
Answers = npt.NDArray[np.float32]  # (n, 10)


def write(network: keras.Model, form: str, path: Path) -> None:
    """Write a network that wasn't compiled as ``keras``, ``savedmodel`` (a folder) or ``onnx``.

    Raises OSError, and UserError where the form has nothing for one of its layers.
    """
    if form == "keras":
        network.save(path)
        return
    given = [keras.InputSpec(shape=(None, 28, 28), dtype="float32", name="image")]
    how = {"savedmodel": "tf_saved_model", "onnx": "onnx"}[form]
    with _told(), warnings.catch_warnings(action="ignore"):  # what libraries think of each other helps nobody here
        network.export(path, format=how, input_signature=given, verbose=False)


def answers(form: str, path: Path, images: Images) -> Answers:
    """Return what a file or a folder that was written answers to images. Raises UserError where it can't be run."""
    with _told(), warnings.catch_warnings(action="ignore"):
        return np.asarray(_READERS[form](path)(images), np.float32)


def _keras(path: Path) -> Callable[[Images], Any]:
    network = keras.saving.load_model(path, compile=False)
    return lambda images: network.predict(images, verbose=0)


def _savedmodel(path: Path) -> Callable[[Images], Any]:
    loaded = tf.saved_model.load(str(path))
    return lambda images: loaded.serve(tf.constant(images))


def _onnx(path: Path) -> Callable[[Images], Any]:
    import onnxruntime  # noqa: PLC0415  (it comes with an extra)

    session = onnxruntime.InferenceSession(path)
    name = session.get_inputs()[0].name
    return lambda images: session.run(None, {name: images})[0]


_READERS: dict[str, Callable[[Path], Callable[[Images], Any]]] = {
    "keras": _keras,
    "savedmodel": _savedmodel,
    "onnx": _onnx,
}


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Say a sentence instead of whatever libraries raise; its trace goes to standard error."""
    try:
        yield
    except (OSError, UserError):
        raise
    except tf.errors.OpError as error:
        raise OSError(error.message) from error
    except Exception as error:
        traceback.print_exc()
        raise UserError(_("This network can't be written so; choose another form.")) from error
