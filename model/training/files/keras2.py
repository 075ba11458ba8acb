"""What Keras 2 wrote, translated for Keras 3: configurations, and where a file has its weights.

It only changes a copy that was already checked.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import h5py

_LAYERS = "layers"
# Keras 2.12 and 2.13 walk this before the layers, and it has each layer with weights twice: so they are numbered 0, 2…
_LAYERS_BEFORE = "_layer_checkpoint_dependencies"
_RANDOM = "StateVar"  # of a layer that varies what is trained with: no weight, but in a list of weights


def is_of_keras_2(metadata: Any) -> bool:
    """Return whether a `.keras` file's decoded metadata says that Keras 2 wrote it."""
    return isinstance(metadata, dict) and str(metadata.get("keras_version", "")).startswith("2.")


def in_words_of_3(value: Any) -> Any:
    """Return the configuration of a `.keras` file of Keras 2, translated for Keras 3."""
    if isinstance(value, list):
        return [in_words_of_3(element) for element in value]
    if not isinstance(value, dict):
        return value
    value = {key: in_words_of_3(element) for key, element in value.items()}
    config = value.get("config")
    if "class_name" in value and isinstance(config, dict):
        shape = config.pop("batch_input_shape", None)
        if value["class_name"] == "InputLayer" and shape is not None:
            config["batch_shape"] = shape
        if isinstance(config.get("axis"), list) and len(config["axis"]) == 1:
            (config["axis"],) = config["axis"]
        if value["class_name"] in ("Functional", "Model"):
            value["module"] = "keras.src.models.functional"
    return value


def is_laid_out_otherwise(file: h5py.File) -> bool:
    """Return whether a `.keras` file has its weights where Keras 3 doesn't look for them."""
    return any("\\" in name or name == _LAYERS_BEFORE for name in file)


def laid_out_as_3(weights: Path) -> None:
    """Lay the layers' weights of a `.keras` file out as Keras 3 does, and leave the optimizer's away.

    Keras 2 joined the groups' names with backslashes on Windows: all but the last is then one name. Raises ValueError
    where two arrays would lie at one place.
    """
    fresh = weights.with_name("laid_out.h5")
    with h5py.File(weights, "r") as old, h5py.File(fresh, "w") as new:
        places: list[str] = []
        old.visit(places.append)
        names = _names({place.replace("\\", "/") for place in places})
        new.create_group("vars")
        for place in places:
            name = names[place.replace("\\", "/")]
            if isinstance(old[place], h5py.Dataset) and name.startswith(f"{_LAYERS}/"):
                old.copy(place, new, name)
    fresh.replace(weights)


def _names(places: set[str]) -> dict[str, str]:
    """Return for each place in a file where Keras 3 looks for what's there."""
    inside: dict[str, set[str]] = {"": set()}  # a group's place -> the names in it
    for place in places:
        around, name = "", place
        for part in place.split("/"):
            inside.setdefault(around, set()).add(part)
            around = f"{around}/{part}".lstrip("/")
    names: dict[str, str] = {}
    for around in sorted(inside, key=lambda place: place.count("/") + bool(place)):
        before = names.get(around, "")
        numbered = around.split("/")[-1] == _LAYERS_BEFORE
        seen: dict[str, int] = {}
        for kind, _number, name in sorted(map(_parted, inside[around])):
            seen[kind] = seen.get(kind, -1) + 1
            if numbered:
                new = f"{kind}_{seen[kind]}" if seen[kind] else kind
            else:
                new = _LAYERS if name == _LAYERS_BEFORE else name
            names[f"{around}/{name}".lstrip("/")] = f"{before}/{new}".lstrip("/")
    return names


def _parted(name: str) -> tuple[str, int, str]:
    """Return a layer's kind, its number among those of the kind, and its whole name."""
    found = re.fullmatch(r"(.+)_(\d{1,9})", name)
    return (found[1], int(found[2]), name) if found else (name, 0, name)


def without_random_states(file: h5py.File) -> None:
    """Take the states of random numbers out of an `.h5` file's lists of weights: Keras 3 has none in them."""
    group = file.get("model_weights")
    for layer in group.values() if isinstance(group, h5py.Group) else ():
        names = layer.attrs.get("weight_names")
        if names is not None and any(_RANDOM in str(name) for name in names):
            layer.attrs["weight_names"] = [name for name in names if _RANDOM not in str(name)]
