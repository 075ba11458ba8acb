"""A Keras model's file, checked before anything of it is deserialised: `.keras` (a zip) and `.h5` (HDF5)."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py

from model.base.language import _
from model.training.files import allowed, declared, hdf5
from model.training.files.allowed import OpenError
from model.training.files.hdf5 import LARGEST, LARGEST_TEXT

ENDINGS = (".keras", ".h5", ".hdf5")
_CONFIG, _METADATA, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (  # what the libraries raise on damaged files
    *(OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, SystemError, zlib.error),
    zipfile.BadZipFile,
)


@dataclass(frozen=True, slots=True)
class KerasFile:
    """A private copy of a Keras model's file, checked, and ready to be loaded."""

    path: Path
    name: str  # of the file that it is a copy of, for people
    sha256: str  # of that file, hexadecimal


def checked(source: Path, folder: Path) -> KerasFile:
    """Copy a Keras model's file into a folder of ours and check the copy, so that nothing is swapped in between.

    Raises OpenError when it is no Keras model, is damaged, or holds what is not opened.
    """
    if source.is_dir():
        raise OpenError(
            _("{name} is a folder, not a model's file; save the model with model.save('model.keras')."),
            name=source.name,
        )
    if source.suffix.lower() not in ENDINGS:
        raise OpenError(
            _("{name} is not a .keras, .h5 or .hdf5 file; save the model as one of them."), name=source.name
        )
    try:
        if source.exists() and not source.is_file():
            raise OpenError(_("{name} is no plain file; choose another."), name=source.name)
        with source.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise OpenError(
                _("{name} is larger than {most} MB; choose a smaller model."),
                name=source.name,
                most=LARGEST // 1_000_000,
            )
    except OSError as error:
        raise OpenError(
            _("{name} cannot be read ({reason}); choose another file."), name=source.name, reason=error.strerror
        ) from error
    # Some versions of Keras have written HDF5 under the other name, so the content decides.
    zipped = zipfile.is_zipfile(io.BytesIO(content))
    path = folder / f"model{ENDINGS[0] if zipped else ENDINGS[1]}"
    path.write_bytes(content)
    with _damage_told(source.name):
        if zipped:
            _check_zip(path, source.name)
        else:
            _check_old(path, source.name)
    return KerasFile(path, source.name, hashlib.sha256(content).hexdigest())


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    """Make an OpenError of whatever the libraries find wrong with a damaged file."""
    try:
        yield
    except OpenError:
        raise
    except _DAMAGE as error:
        raise OpenError(
            _("{name} is damaged, or no Keras model ({kind}); save the model again, or choose another file."),
            name=name,
            kind=type(error).__name__,
        ) from error


def _check_zip(path: Path, name: str) -> None:
    """Check a `.keras` file: its members, their sizes, the configuration and the weights. Raises OpenError."""
    with zipfile.ZipFile(path) as archive:
        members = {member.filename: member for member in archive.infolist()}
        if set(members) != {_CONFIG, _METADATA, _WEIGHTS} or len(archive.infolist()) != 3:
            raise OpenError(
                _(
                    "{name} holds other things than a Keras model's configuration and weights; save the model again "
                    "with model.save('model.keras')."
                ),
                name=name,
            )
        sizes = {_CONFIG: LARGEST_TEXT, _METADATA: LARGEST_TEXT, _WEIGHTS: LARGEST}
        if any(member.file_size > sizes[key] for key, member in members.items()):
            raise OpenError(
                _("{name} holds more than a network needs when it is unpacked; choose another file."), name=name
            )
        if any(member.compress_type not in _PACKINGS or member.flag_bits & 1 for member in members.values()):
            raise OpenError(_("{name} is packed in a way that Keras does not use; save the model again."), name=name)
        texts = {key: archive.read(key) for key in (_CONFIG, _METADATA)}
        weights = path.with_name(_WEIGHTS)
        with archive.open(_WEIGHTS) as packed, weights.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    config, metadata = (_decoded(text, name) for text in texts.values())
    allowed.check(config)
    config = declared.cleaned(config)
    with h5py.File(weights, "r") as file:
        hdf5.check(file, name)
    if isinstance(metadata, dict) and str(metadata.get("keras_version", "")).startswith("2."):
        config = _as_keras_3(config)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(_CONFIG, json.dumps(config))
        archive.writestr(_METADATA, texts[_METADATA])
        archive.write(weights, _WEIGHTS)
    weights.unlink()


def _check_old(path: Path, name: str) -> None:
    """Check an `.h5` file: its parts and its configuration. Raises OpenError."""
    with h5py.File(path, "r") as file:
        hdf5.check(file, name)
        text = file.attrs.get("model_config")
        if not isinstance(text, str | bytes):
            raise OpenError(
                _("{name} holds no network, weights at most; save the whole model with model.save('model.h5')."),
                name=name,
            )
    config = _decoded(text, name)
    allowed.check(config)
    text = json.dumps(declared.cleaned(config))
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = text


def _decoded(text: str | bytes, name: str) -> Any:
    try:
        if len(text) <= LARGEST_TEXT:
            return json.loads(text)
    except RecursionError as error:
        raise OpenError(_("{name} is nested too deeply for a network; choose another file."), name=name) from error
    raise OpenError(_("The description in {name} is too long for a network; choose another file."), name=name)


def _as_keras_3(value: Any) -> Any:
    """Return the configuration of a `.keras` file of Keras 2 in Keras 3's words; the weights are laid out alike."""
    if isinstance(value, list):
        return [_as_keras_3(element) for element in value]
    if not isinstance(value, dict):
        return value
    value = {key: _as_keras_3(element) for key, element in value.items()}
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
