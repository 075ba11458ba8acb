"""Keras as this program means it: on TensorFlow, float32, channels last, however the user set it up for other programs.

Whoever needs Keras or TensorFlow takes it from here: both read Keras' settings once, while they are imported.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

__all__ = ["keras", "tf"]

_OURS = {
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": os.devnull,  # where no keras.json is, nor can be written; MNIST's cache is model.data.download's
}


@contextlib.contextmanager
def _settings() -> Iterator[None]:
    """Have our settings in the environment meanwhile and none of the user's, which it gets back."""
    theirs = {name: value for name, value in os.environ.items() if name.startswith("KERAS_")}
    for name in theirs:
        del os.environ[name]
    os.environ.update(_OURS)
    try:
        yield
    finally:
        for name in _OURS:
            del os.environ[name]
        os.environ.update(theirs)


with _settings():
    import keras
    import tensorflow as tf  # it carries an old Keras, which reads the same file
