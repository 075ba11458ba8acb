"""Other people's networks: which files open, what the others are, and what their owners can do."""

from __future__ import annotations

from pathlib import Path

from model.base.files import open_plain
from model.base.kinds import HEAD, NAMES, kind_of
from model.base.language import N_, _

_WAYS = {  # kind -> what to do
    "savedmodel": N_(
        "{name} is a TensorFlow SavedModel. Load it with the TensorFlow that wrote it, save it as one .keras or .h5 "
        "file, and open that."
    ),
    "onnx": N_("{name} is an ONNX network. Convert it to Keras, for example with onnx2keras, and open the result."),
    "torch": N_(
        "{name} is a PyTorch file, and opening one can run code. Build the same network in Keras, copy the weights "
        "layer by layer, and save it as a .keras file."
    ),
    "pickle": N_(
        "{name} is a Python pickle, and opening one can run code. Load it where it was made, and save the model as a "
        ".keras file."
    ),
    "folder": N_("{name} is a folder, not a model's file. Choose a .keras or .h5 file."),
}
_OTHER = N_("{name} is {kind}, not a .keras, .h5 or .tflite file. Save the model as one of them.")
ENDINGS = (".keras", ".h5", ".hdf5", ".tflite")
EXPORTED = {"keras": ".keras", "tflite": ".tflite", "savedmodel": "", "onnx": ".onnx"}  # form -> its file's ending
DESCRIPTION = ".json"  # ends the name of a network's description, which has its weights next to it


def way_on(path: Path) -> str:
    """Return sentences on why a file can't be opened as a network, and what to do; empty if it may be one.

    Raises OSError.
    """
    kind, ending = kind_of(path), path.suffix.lower()
    if kind in ("keras", "hdf5", "tflite") or (kind not in _WAYS and ending in ENDINGS):
        return ""
    if kind == "json" and ending == DESCRIPTION:
        with open_plain(path) as file:
            if b'"class_name"' in file.read(HEAD):
                return ""
    sentence = _WAYS.get(kind, _OTHER)
    return _(sentence).format(name=path.name, kind=_(NAMES[kind]))
