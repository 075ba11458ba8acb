"""Keras as this program means it: on TensorFlow, float32, channels last, however the user set it up for other programs.

Whoever needs Keras or TensorFlow takes it from here: both read Keras' settings once, while they are imported.
"""

from __future__ import annotations

import os
from contextlib import nullcontext

from model.base.silence import without_standard_error

__all__ = ["keras", "tf"]

_OURS = {
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": os.devnull,  # where no keras.json is, nor can be written; MNIST's cache is model.data.download's
}
_THEIRS = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("KERAS_")}
os.environ.update(_OURS)
try:
    # What it says of the processor at its start; whoever wants more than errors gets that too.
    with without_standard_error() if os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "3" else nullcontext():
        import keras
        import tensorflow as tf  # it carries an old Keras, which reads the same file
finally:  # the user gets the settings back
    for _name in _OURS:
        del os.environ[_name]
    os.environ.update(_THEIRS)
