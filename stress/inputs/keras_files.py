"""Other people's Keras models: `.keras` and `.h5` files are checked; those that pass are loaded as when opened."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from hypothesis import strategies as st

from model.bundle import others
from model.training.files import keras_file  # TensorFlow, before the first input: it takes seconds
from model.training.opened import opening  # TensorFlow, before the first input: it takes seconds
from model.training.opened.manner import Manner
from stress.inputs.damage import damaged, zips
from stress.way import Way

_MANNER = Manner("normalized", "dark", "scores")  # it adds the most layers
ENDINGS = (*others.ENDINGS, others.DESCRIPTION)
PAIR = b"\n--\n"  # between a description and the weights next to it


def _enter(content: bytes, home: Path) -> None:
    """Check a file, and load and run its network; the first byte chooses the file's ending.

    If it has two parts, the first is a description next to the file, or the file itself.
    """
    ending = ENDINGS[content[0] % len(ENDINGS) if content else 0]
    place, private = home / "given", home / "private"
    for folder in (place, private):
        folder.mkdir(exist_ok=True)
        for left in folder.iterdir():
            left.unlink()
    source = place / f"mine{ending}"
    description, apart, weights = content[1:].partition(PAIR)
    if apart:
        source.with_suffix(others.DESCRIPTION).write_bytes(description)
        source.with_suffix(ENDINGS[1] if ending == others.DESCRIPTION else ending).write_bytes(weights)
    else:
        source.write_bytes(description)
    file = keras_file.checked(source, private)
    network = opening.load(file)
    opening.answers(network, np.zeros((2, *network.inputs[0].shape[1:]), np.float32), file.name)
    opening.answers(opening.wrapped(network, _MANNER), np.zeros((2, 28, 28), np.float32), file.name)


def _layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}


_LAYERS = [
    _layer("InputLayer", batch_shape=[None, 28, 28], dtype="float32", name="in"),
    _layer("Flatten", name="flatten"),
    _layer("Dense", name="dense", units=4, activation="relu", kernel_initializer="GlorotUniform"),
    _layer("Dense", name="dense_1", units=10, activation="softmax"),
]
_MADE = re.compile(rb"(\x12\0\x08\0.\0\0\0\x01\0\0\0).{4}", re.DOTALL)  # HDF5's creation time
_WEIGHTS = {"dense": [(784, 4), (4,)], "dense_1": [(4, 10), (10,)]}
_SEQUENTIAL: dict[str, Any] = {
    "module": "keras",
    "class_name": "Sequential",
    "config": {"name": "mine", "layers": _LAYERS},
    "registered_name": None,
}


def _functional() -> dict[str, Any]:
    layers = copy.deepcopy(_LAYERS)
    shapes = [[None, 28, 28], [None, 784], [None, 4], [None, 10]]
    for place, layer in enumerate(layers):
        layer["name"] = layer["config"]["name"]
        before = layers[place - 1]["config"]["name"]
        history = {"shape": shapes[place - 1], "dtype": "float32", "keras_history": [before, 0, 0]}
        node = {"args": [{"class_name": "__keras_tensor__", "config": history}], "kwargs": {}}
        layer["inbound_nodes"] = [node] if place else []
    config = {"name": "mine", "layers": layers, "input_layers": [["in", 0, 0]], "output_layers": [["dense_1", 0, 0]]}
    where = "keras.src.models.functional"
    return {"module": where, "class_name": "Functional", "config": config, "registered_name": "Functional"}


_MORE = [
    *(_layer("Dropout", rate=0.5), _layer("Rescaling", scale=0.1), _layer("GaussianNoise", stddev=1), _layer("ReLU")),
    *(_layer("Reshape", target_shape=[28, 28]), _layer("Reshape", target_shape=[-1]), _layer("Permute", dims=[2, 1])),
    *(_layer("Reshape", target_shape=[28, 28, 1]), _layer("ZeroPadding2D", padding=[[1, 1], [2, 2]])),
    *(
        _layer("ZeroPadding2D", padding=10**9),
        _layer("UpSampling2D", size=1000),
        _layer("Reshape", target_shape=[-1, -1]),
    ),
    *(
        _layer("Cropping2D", cropping=1),
        _layer("GlobalAveragePooling2D"),
        _layer("MaxPooling2D", pool_size=2, strides=0),
    ),
    *(_layer("Dense", units=10**9), _layer("Dense", units=0), _layer("Conv2D", filters=8, kernel_size=10**6)),
    *(_layer("Lambda", function="x"), _layer("TFSMLayer", filepath="/etc"), _layer("Embedding", input_dim=10**12)),
    *(_layer("Activation", activation="tanh"), _layer("BatchNormalization"), _layer("Softmax", axis=[1, 99])),
    *(_layer("Dense", units=4, lora_rank=10**6), _layer("Dense", units=4, lora_rank=-1, lora_alpha="x")),
    *(
        _layer("MaxPooling2D", pool_size=10**4, strides=1, padding="same"),
        _layer("AveragePooling2D", pool_size=700, strides=1, padding="same"),
        _layer("Conv2D", filters=1, kernel_size=500, padding="same"),
        _layer("Conv2D", filters=1, kernel_size=3, dilation_rate=10**5, padding="same"),
        _layer("DepthwiseConv2D", kernel_size=28, depth_multiplier=10**4, padding="same"),
        _layer("ZeroPadding2D", padding=480),
        _layer("Rescaling", scale=[[[0.1] * 1000] * 10]),
        _layer("Dense", units=7000, kernel_initializer={"class_name": "Orthogonal", "config": {}}),
        _layer("Dense", units=4, activation={"class_name": "Dense", "config": {"units": 10**9}}),
    ),
    *(
        _layer("RandomRotation", factor=0.1, fill_mode="nearest", seed=10**30),
        _layer("RandomZoom", height_factor=[[[]]], data_format={"class_name": "Dense", "config": {}}),
        _layer("RandomTranslation", batch_input_shape=[None, 10**9]),
    ),
    *(_layer("Concatenate", axis=-1), _layer("Add"), _layer("Dense", units=4, kernel_regularizer={"class_name": "L2"})),
]
_VALUES = st.one_of(
    st.none() | st.booleans() | st.integers(-2, 30) | st.floats() | st.text(max_size=5),
    st.sampled_from([10**9, 2**31, 2**63, 10**30, -1, "float16", "x" * 2000, "é", "dense", "in", "flatten", "\ud800"]),
    st.sampled_from([[None, 784], [None, 28, 28, 1], [2, 28, 28], [None, None], [[1, 2], [3]], [], {}, ["in", 0, 0]]),
    st.sampled_from(_MORE),
    st.sampled_from(["sparse_plus", "__lambda__", "os", "builtins", "GlorotNormal", "Orthogonal", "keras.src.ops"]),
)


@st.composite
def _configs(draw: st.DrawFn) -> Any:
    """Return a configuration: a valid one with additional layers, other layers or values, or nested in itself."""
    model = draw(st.sampled_from([_SEQUENTIAL, _SEQUENTIAL, _functional()]))
    model = copy.deepcopy(model)
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        config = model.get("config")
        layers = config.get("layers") if isinstance(config, dict) else None
        if not isinstance(layers, list):
            break
        place = draw(st.integers(0, len(layers)))
        match draw(st.integers(0, 6)):
            case 6:
                _as_before_2_4(draw, model)
            case 0 | 1:
                layers.insert(place, copy.deepcopy(draw(st.sampled_from(_MORE))))
            case 2 if layers:
                del layers[place % len(layers)]
            case 3 if layers:
                inner = copy.deepcopy(_SEQUENTIAL)
                inner["config"]["layers"] = layers[1:] or layers
                for _ in range(draw(st.sampled_from([0, 1, 5, 100]))):
                    inner = {**inner, "config": {"name": "more", "layers": [layers[0], inner]}}
                model["config"]["layers"] = [layers[0], inner]
            case _:
                _change(draw, model)
    return model


def _as_before_2_4(draw: st.DrawFn, model: dict[str, Any]) -> None:
    """Remove the InputLayer, and let the next layer declare the input; as a bare list in the oldest files."""
    layers = model["config"]["layers"]
    shape = draw(st.sampled_from([[None, 28, 28], [None, 784], [None, 28, 28, 1], [None, None], [2], None, "x"]))
    if layers and isinstance(layers[0], dict) and layers[0].get("class_name") == "InputLayer":
        del layers[0]
    if layers and isinstance(layers[0], dict) and isinstance(layers[0].get("config"), dict):
        layers[0]["config"]["batch_input_shape"] = shape
    if draw(st.booleans()):
        model["config"] = layers


def _change(draw: st.DrawFn, value: Any) -> None:
    """Replace a value somewhere in a configuration."""
    while isinstance(value, dict | list) and value:
        key = draw(st.sampled_from(sorted(value)) if isinstance(value, dict) else st.integers(0, len(value) - 1))
        if not isinstance(value[key], dict | list) or draw(st.integers(0, 5)) == 0:
            value[key] = copy.deepcopy(draw(_VALUES))
            return
        value = value[key]


@st.composite
def _numbers(draw: st.DrawFn, config: Any, *, alone: bool = False) -> bytes:
    """Return an HDF5 file: weights in the layout of Keras 3 or Keras 2, alone or with a configuration."""
    memory = io.BytesIO()
    old = config is not None or (alone and draw(st.booleans()))
    with h5py.File(memory, "w") as file:
        if config is not None:
            file.attrs["model_config"] = json.dumps(config)
        if old:
            file.attrs["keras_version"], file.attrs["backend"] = "2.15.0", "tensorflow"
        top = file.create_group("model_weights") if old and not alone else file
        if old:
            top.attrs["layer_names"] = [name.encode() for name in ("in", "flatten", *_WEIGHTS)]
            for name in ("in", "flatten"):
                top.create_group(name).attrs["weight_names"] = []
        layers, join, double = draw(
            st.sampled_from(
                [("layers", "/", 1)] * 4
                + [
                    ("layers", "\\", 1),
                    ("_layer_checkpoint_dependencies", "/", 2),
                    ("_layer_checkpoint_dependencies", "\\", 2),
                ]
            )
        )
        for number, (name, shapes) in enumerate(_WEIGHTS.items()):
            names = [f"{name}/{kind}:0" for kind in ("kernel", "bias")] if old else ["0", "1"]
            called = name if double == 1 else f"dense_{double * number}" if number else "dense"
            group = top.create_group(name if old else f"{layers}{join}{called}/vars")
            if old:
                group.attrs["weight_names"] = [each.encode() for each in names]
            for each, shape in zip(names, shapes, strict=True):
                group.create_dataset(each, data=draw(_arrays(shape)))
        if old and draw(st.integers(0, 5)) == 0:
            odd = draw(
                st.sampled_from([["StateVar:0"], [b"random/StateVar:0", b"x"], [1, 2], "StateVar", [b"\xff"] * 2000])
            )
            top["dense"].attrs["weight_names"] = odd
        if draw(st.integers(0, 3)) == 0:
            draw(st.sampled_from([_trick, _trick, _swell]))(draw, file)
    return _MADE.sub(rb"\1" + bytes(4), memory.getvalue())  # a seed gives the same file at any time


def _arrays(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    small = np.full(shape, 0.1, np.float32)
    wrong = [np.full(shape, np.nan, "f4"), np.full(shape, np.inf, "f4"), small.astype("f2"), small.astype("i8")]
    return st.sampled_from([*[small] * 12, *wrong, small[..., None], small.T, small.astype("S3"), np.zeros((), "f4")])


def _trick(draw: st.DrawFn, file: h5py.File) -> None:
    match draw(st.integers(0, 11)):
        case 0:
            file["more"] = h5py.ExternalLink("/etc/passwd", "/")
        case 1:
            file["more"] = h5py.SoftLink(draw(st.sampled_from(["/", "/more", "/nowhere", "."])))
        case 2:
            file.create_dataset("more", (10,), "u1", external=[("/etc/passwd", 0, 10)])
        case 3:
            layout = h5py.VirtualLayout((10,), "u1")
            layout[:] = h5py.VirtualSource("/etc/passwd", "x", (10,))
            file.create_virtual_dataset("more", layout)
        case 4:
            file.create_dataset("more", (draw(st.sampled_from([10**6, 10**12])),), "f4", chunks=(1000,))
        case 5:
            file.create_dataset("more", data=[file.ref], dtype=h5py.ref_dtype)
        case 6:
            file.attrs["more"] = file.ref
        case 7:
            file.create_dataset(
                "more", data=np.zeros(9), compression=draw(st.sampled_from(["gzip", "lzf"])), shuffle=True
            )
        case 8:
            file["more"] = np.dtype("f4")
        case 9:
            file["more"] = file["/"]
        case 10:
            file.attrs["model_config"] = draw(st.sampled_from([7, b"\xff", np.zeros(3), "[" * 50_000, "{}"]))
        case _:
            file.create_group("é\u2028" * 20).attrs["keras_version"] = np.zeros((2, 2))


def _swell(draw: st.DrawFn, file: h5py.File) -> None:
    """Add something that's larger, or more, than the file seems to hold, or a name that's special on Windows."""
    match draw(st.integers(0, 5)):
        case 0:
            side = draw(st.sampled_from([1, 10, 10**4, 10**6, 2**26]))  # HDF5 takes fewer than 2**32 bytes at once
            file.create_dataset("more", (5, 5), "f4", chunks=(side, 9), maxshape=(None, None))
        case 1:
            part = file.create_dataset("more", (100,), "u1", chunks=(100,), compression="gzip")
            part.id.write_direct_chunk((0,), zlib.compress(bytes(draw(st.sampled_from([0, 100, 101, 10**6])))))
        case 2:
            word = "x" * draw(st.sampled_from([1, 10**4]))
            file.attrs.create("more", [word] * 2000, dtype=h5py.string_dtype())
        case 3:
            file.require_group("layers\\dense/more")["0"] = np.zeros((784, 4), "f4")
        case 4:
            name = draw(st.sampled_from(["\\" * 50, "layers\\..\\x", "layers\\dense\\vars\\0\\more", "layers\\"]))
            file.create_dataset(name, data=np.zeros(3))
        case _:
            file.create_group("/".join("g" * draw(st.sampled_from([5, 50, 1000]))))


@st.composite
def _pairs(draw: st.DrawFn, config: Any) -> bytes:
    """Return a description, in ``to_json``'s form, with weights next to it."""
    text = json.dumps({**config, "keras_version": draw(st.sampled_from(["2.15.0", "3.13.1"])), "backend": "tensorflow"})
    description = draw(st.sampled_from([text.encode()] * 8 + [b"{}", b"[" * 5000, b"", b'{"class_name": "\xff"}']))
    return description + PAIR + draw(_numbers(None, alone=True))


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    config = draw(_configs())
    kind = draw(st.integers(0, 5))
    if kind == 0:
        ending, content = draw(st.sampled_from([4, 4, 1, 2, 0])), draw(_pairs(config))
    elif kind <= 2:
        ending, content = draw(st.sampled_from([1, 1, 1, 2, 0])), draw(_numbers(config))
    else:
        version = draw(st.sampled_from(["3.13.1", "3.0.0", "2.15.0", "9", "", 3]))
        members = {
            "metadata.json": json.dumps({"keras_version": version, "date_saved": "2026-01-02@03:04:05"}).encode(),
            "config.json": json.dumps(config).encode(),
            "model.weights.h5": draw(_numbers(None)),
        }
        ending, content = draw(st.sampled_from([0, 0, 0, 0, 1, 3])), draw(zips(members))
    return bytes([ending]) + (draw(damaged(content)) if draw(st.integers(0, 5)) == 0 else content)


def _corpus() -> Sequence[bytes]:
    files = []
    for config in (_SEQUENTIAL, _functional()):
        whole = io.BytesIO()
        with h5py.File(whole, "w") as file:
            for name, shapes in _WEIGHTS.items():
                for place, shape in enumerate(shapes):
                    file[f"layers/{name}/vars/{place}"] = np.full(shape, 0.1, np.float32)
        files.append(whole.getvalue())
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo("metadata.json"), '{"keras_version": "3.13.1"}')
            archive.writestr(zipfile.ZipInfo("config.json"), json.dumps(config))
            archive.writestr(zipfile.ZipInfo("model.weights.h5"), whole.getvalue())
        files.append(packed.getvalue())
    pair = json.dumps(_SEQUENTIAL).encode() + PAIR + files[0]
    return [*(b"\0" + content for content in files), b"\1" + pair, b"\4" + pair]


WAY = Way(
    "keras_files",
    grammar=_files(),
    corpus=_corpus,
    enter=_enter,
    modules=(
        *("model.training.files.keras_file", "model.training.files.allowed", "model.training.files.declared"),
        *("model.training.files.layers", "model.training.files.keras2", "model.training.files.pairs", "zipfile"),
    ),
    seconds=30,
    megabytes=1000,
    longest=40_000,
)
