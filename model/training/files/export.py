"""Prepares a trained network for use: calibrates it, folds its batch normalisation, writes it for Keras and LiteRT."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import KERAS_FILE, LITERT_FILE, Bundle, BundleError
from model.bundle.litert_head import Head, Layer
from model.training.files import keras_file
from model.training.pinned import keras, tf

_TEMPERATURES = np.geomspace(0.5, 2.0, 201)
HIDDEN_GIVEN = 2  # hidden layers, at most, whose answers an int8 export gives along with its own
_VIEWS = 5  # of an image: as it is, and one pixel up, down, left, right


def finished(network: keras.Sequential, *, views: bool = False) -> keras.Sequential:
    """Return a network that computes the same, without what only training needs, and with what only use needs.

    Dropout is left out; batch normalisation is folded into the layer before it, if that one has weights. With
    ``views``, the answer is the mean over the image and the image moved by a pixel each way. Raises UserError like
    `check_views`.
    """
    layers: list[Any] = []
    weights: list[list[npt.NDArray[np.float64]]] = []  # of each layer
    for layer in network.layers:
        values = [np.asarray(value, np.float64) for value in layer.get_weights()]
        settings = layer.get_config()
        if isinstance(layer, keras.layers.Dropout):
            continue
        if isinstance(layer, keras.layers.BatchNormalization) and weights[-1]:
            kernel, bias = weights[-1]
            gamma, beta, mean, variance = values
            scale = gamma / np.sqrt(variance + layer.epsilon)
            weights[-1] = [kernel * scale, (bias - mean) * scale + beta]
            continue
        if settings.get("use_bias") is False:
            settings["use_bias"] = True  # what is folded in may need one
            values.append(np.zeros(values[0].shape[-1]))
        layers.append(type(layer).from_config(settings))
        weights.append(values)
    if views:
        check_views(network)
        layers = [*_views(), *layers[1:], keras.layers.GlobalAveragePooling1D()]
        kernel = np.zeros((3, 3, 1, _VIEWS))  # whose filters move an image by one pixel, or leave it
        for view, (row, column) in enumerate(((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))):
            kernel[row, column, 0, view] = 1
        weights = [[kernel], *weights]
    result = keras.Sequential([keras.Input(network.input_shape[1:]), *layers], name=network.name)
    result.set_weights([value.astype(np.float32) for values in weights for value in values])
    return result


def trunk(bundle: Bundle) -> keras.Sequential:
    """Return a bundle's network without its views, for further training. Raises BundleError."""
    network = load(bundle, KERAS_FILE)
    if not any(layer.name == "views" for layer in network.layers):
        return network
    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense | keras.layers.Activation)]
    copies = [type(layer).from_config(layer.get_config()) for layer in dense]
    image = keras.Input(network.input_shape[1:])
    result = keras.Sequential([image, keras.layers.Flatten(), *copies], name=network.name)
    result.set_weights([value for layer in dense for value in layer.get_weights()])
    return result


def load(bundle: Bundle, name: str) -> keras.Sequential:
    """Return the network in a Keras file of a bundle. Raises BundleError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(bundle.read(name))  # the bytes that were checked
        private = path.with_name("checked")
        private.mkdir()
        file = keras_file.checked(path, private)  # a bundle can come from anybody
        try:
            network = keras.saving.load_model(file.path, compile=False, safe_mode=True)
        except Exception as error:  # Keras raises whatever it likes
            sentence = _("The network in {path} isn't one that Keras can load; choose another model.")
            raise BundleError(sentence, path=bundle.path) from error
    if bundle.is_taught and name == KERAS_FILE:
        _catch_up(network, Head(bundle.read(LITERT_FILE), network.output_shape[-1]).layers)
    return network


def _catch_up(network: keras.Sequential, learned: Sequence[Layer]) -> None:
    """Let the last dense layers know what was learned since without Keras, which writes into the export alone."""
    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
    for layer, numbers in zip(dense[-len(learned) :], learned, strict=True):
        layer.set_weights([numbers.weights.T, numbers.bias])


def check_views(network: keras.Sequential) -> None:
    """Raise UserError unless a network can have views: its first layer has to flatten the image."""
    if not isinstance(network.layers[0], keras.layers.Flatten):
        raise UserError(_("Only networks of dense layers can have views. Leave out --views, or choose an mlp."))


def calibrate(network: keras.Sequential, images: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]) -> float:
    """Divide the network's logits by the temperature that makes its probabilities fit the labels best; return it.

    Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks (2017), section 4.2.

    The images, (n, 28, 28), 0 to 1, with their (n,) digits, are such that it wasn't trained on; its last layer, or the
    last but the mean over views, is a dense one with softmax.
    """
    answer = next(layer for layer in reversed(network.layers) if isinstance(layer, keras.layers.Dense))
    answers = keras.Model(network.inputs, answer.output).predict(images, batch_size=1000, verbose=0)
    logits = np.log(np.clip(answers, 1e-30, 1).astype(float)).reshape(len(images), -1, 10)  # image, view, digit

    def loss(temperature: float) -> float:
        scaled = np.exp(logits / temperature)
        probabilities = (scaled / scaled.sum(2, keepdims=True)).mean(1)
        return float(-np.log(probabilities[np.arange(len(labels)), labels]).mean())

    best = best_temperature(loss)
    answer.set_weights([value / best for value in answer.get_weights()])
    return best


def best_temperature(loss: Callable[[float], float]) -> float:
    """Return the tried temperature with the smallest loss."""
    return float(min(_TEMPERATURES, key=loss))


def halve(network: keras.Model) -> None:
    """Round the network's weights to float16, so that a file of half the size holds the same numbers."""
    network.set_weights([value.astype(np.float16).astype(np.float32) for value in network.get_weights()])


def export(
    network: keras.Model,
    folder: Path,
    *,
    half: bool = False,
    int8: bool = False,
    names: tuple[str, str] = (KERAS_FILE, LITERT_FILE),
) -> None:
    """Write a network that wasn't compiled for Keras and for LiteRT, under these names.

    With ``half`` the latter holds its weights in float16; they must have been rounded to it. With ``int8`` it holds
    them in whole numbers of 8 bits, a scale for each unit (Jacob et al.: Quantization and Training of Neural Networks
    for Efficient Integer-Arithmetic-Only Inference, 2018, section 2.1; the image and what the layers make of it are
    rounded as they are used), and gives what its last hidden layers answer along with its own answer.
    Raises OSError, also for what TensorFlow can't write on its way there.
    """
    keras_file, litert_file = (folder / name for name in names)
    network.save(keras_file)
    network = keras.saving.load_model(keras_file, compile=False)  # it can have been trained on several devices
    how: dict[str, Any] = {"optimizations": [tf.lite.Optimize.DEFAULT]} if half or int8 else {}
    if int8:
        network = _with_last_hidden_layers(network)
    elif half:
        how["target_spec"] = {"supported_types": [tf.float16]}
    write_litert(network, litert_file, (1, 28, 28), **how)


def write_litert(network: keras.Model, file: Path, begin: tuple[int, ...], **how: Any) -> None:
    """Write a network for LiteRT that takes one input of a shape at a time; ``how`` is for the converter.

    Raises OSError, also for what TensorFlow can't write on its way there.
    """
    given = [keras.InputSpec(shape=begin, dtype="float32")]
    try:
        network.export(file, format="litert", input_signature=given, verbose=False, **how)
    except tf.errors.OpError as error:
        raise OSError(error.message) from error


def _with_last_hidden_layers(network: keras.Sequential) -> keras.Model:
    """Return a network that also gives what its last two dense layers are given, the last one's first."""
    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
    hidden = [layer.input for layer in dense[: -HIDDEN_GIVEN - 1 : -1] if layer is not dense[0]]
    return keras.Model(network.inputs, [*network.outputs, *hidden])


def facts(network: keras.Model) -> dict[str, Any]:
    """Return what the card says about any new network: its size, the libraries, and the date."""
    versions = {"python": platform.python_version(), "tensorflow": tf.__version__}
    return {
        "weights": network.count_params(),
        "versions": versions | {"keras": keras.__version__, "numpy": np.__version__},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _views() -> list[Any]:
    """Return the layers that make an image (28, 28) into its views, (views, 784)."""
    return [
        keras.layers.Reshape((28, 28, 1)),
        keras.layers.Conv2D(_VIEWS, 3, padding="same", use_bias=False, trainable=False, name="views"),
        keras.layers.Reshape((784, _VIEWS)),
        keras.layers.Permute((2, 1)),
    ]
