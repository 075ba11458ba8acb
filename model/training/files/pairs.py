"""A network in two files put together: its description, what ``to_json`` returns, and its weights next to it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py

from model.base.language import _
from model.bundle.others import DESCRIPTION
from model.training.files import keras2
from model.training.files.allowed import OpenError

_GROUP = "model_weights"  # of an `.h5` file of a whole model
_NAMES = "layer_names"  # a note on weights, as Keras 2 saves them
_NOTES = (_NAMES, "backend", "keras_version")
_WEIGHTS = (".h5", ".hdf5")


def description_beside(weights: Path) -> Path:
    """Return the description next to weights. Raises OpenError."""
    sentence = _(
        "{name} has no network in it, at most weights. Save the whole model as one file, or put its "
        "description into the same folder, as a .json file."
    )
    return _beside(weights, (DESCRIPTION,), sentence)


def weights_beside(description: Path) -> Path:
    """Return the weights next to a description. Raises OpenError."""
    sentence = _(
        "{name} only describes a network. Put its weights into the same folder, as an .h5 file of the same name."
    )
    return _beside(description, _WEIGHTS, sentence)


def _beside(path: Path, endings: tuple[str, ...], sentence: str) -> Path:
    """Return the file with one of the endings that has the same name, or is the only one in the folder."""
    try:
        there = [each for each in path.parent.iterdir() if each.suffix.lower() in endings and each.is_file()]
    except OSError:
        there = []
    stem = path.name.split(".")[0]
    found = [each for each in there if each.name.split(".")[0] == stem] or there
    if len(found) != 1:
        raise OpenError(sentence, name=path.name)
    return found[0]


def put_together(weights: Path, config: dict[str, Any]) -> Path:
    """Make one file of weights alone, which were checked, and a cleaned configuration, and return where it is."""
    with h5py.File(weights, "r") as old:
        if _NAMES in old.attrs:
            whole = weights.with_name("together.h5")
            with h5py.File(whole, "w") as new:
                group = new.create_group(_GROUP)
                for name in old:
                    old.copy(name, group)
                for name in _NOTES:
                    if name in old.attrs:
                        group.attrs[name] = old.attrs[name]
                new.attrs["model_config"] = json.dumps(config)
                keras2.without_random_states(new)
            return whole
        otherwise = keras2.is_laid_out_otherwise(old)
    if otherwise:
        keras2.laid_out_as_3(weights)
    whole = weights.with_name("together.keras")
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("config.json", json.dumps({"module": "keras", **keras2.in_words_of_3(config)}))
        archive.writestr("metadata.json", json.dumps({"keras_version": "3"}))
        archive.write(weights, "model.weights.h5")
    return whole
