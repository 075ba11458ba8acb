"""Every network by name: its layers as one literal list, and the way that its tutorial trains it.

Keras is handed in, so that the names can be listed without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ACTIVATIONS = ("relu", "sigmoid", "tanh", "elu")
INITIALIZERS = {  # the tutorials' names -> Keras'
    "normal": "random_normal",
    "uniform": "random_uniform",
    "glorot": "glorot_uniform",
    "he": "he_normal",
}
LOSSES = {
    "categorical": "categorical_crossentropy",
    "sparse": "sparse_categorical_crossentropy",
    "binary": "binary_crossentropy",
    "mse": "mean_squared_error",
    "hinge": "hinge",
    "huber": "huber",
}
OPTIMIZERS = ("sgd", "adam", "adagrad", "rmsprop", "adadelta", "adamax", "nadam")
MONITORS = ("val_accuracy", "val_loss", "accuracy", "loss")


@dataclass(frozen=True, slots=True)
class Network:
    """A network, and the knobs that its tutorial sets."""

    layers: Callable[[Any, dict[str, str]], list[Any]]  # Keras' layers, what every hidden layer is given -> the list
    epochs: int
    batch_size: int
    validation_split: float | None = 0.2  # of the training images, the last ones; None: the test images themselves
    loss: str = "categorical"
    initializer: str = "glorot"
    keep: str = "last"


def mlp_128(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """One hidden layer of 128 units."""
    return [
        layers.Flatten(),
        layers.Dense(128, **hidden),
        layers.Dense(10, activation="softmax"),
    ]


def mlp_256(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """One hidden layer of 256 units."""
    return [
        layers.Flatten(),
        layers.Dense(256, **hidden),
        layers.Dense(10, activation="softmax"),
    ]


def mlp_1000(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """One hidden layer of 1000 units."""
    return [
        layers.Flatten(),
        layers.Dense(1000, **hidden),
        layers.Dense(10, activation="softmax"),
    ]


def mlp_512_dropout(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """One hidden layer of 512 units, a fifth of them dropped at each training step."""
    return [
        layers.Flatten(),
        layers.Dense(512, **hidden),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ]


def mlp_256_128_dropout(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """Two hidden layers, a fifth of each dropped at each training step."""
    return [
        layers.Flatten(),
        layers.Dense(256, **hidden),
        layers.Dropout(0.2),
        layers.Dense(128, **hidden),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ]


def cnn(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """Two convolutions, each with max pooling, then two dense layers."""
    return [
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(32, 5, **hidden),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 5, **hidden),
        layers.MaxPooling2D(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(256, **hidden),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]


NETWORKS = {
    "mlp-128": Network(mlp_128, epochs=5, batch_size=64, loss="sparse"),
    "mlp-256": Network(mlp_256, epochs=10, batch_size=200, initializer="normal"),
    "mlp-1000": Network(mlp_1000, epochs=10, batch_size=200, initializer="normal"),
    "mlp-1000-long": Network(mlp_1000, epochs=50, batch_size=64, initializer="normal", validation_split=None),
    "mlp-512-dropout": Network(mlp_512_dropout, epochs=8, batch_size=128, validation_split=None, keep="best"),
    "mlp-256-128-dropout": Network(mlp_256_128_dropout, epochs=20, batch_size=128),
    "cnn": Network(cnn, epochs=12, batch_size=64, validation_split=0.1, keep="best"),
}
DEFAULT = "mlp-512-dropout"  # what the bundled model is


def build(name: str, activation: str = "relu", initializer: str = "glorot") -> Any:
    """Return the Keras network of that name, untrained: (n, 28, 28) float32 in 0 to 1 -> (n, 10) probabilities.

    Raises KeyError when there is none of that name, or no such initializer. Imports TensorFlow.
    """
    import keras  # noqa: PLC0415  (seconds; see the module's docstring)

    hidden = {"activation": activation, "kernel_initializer": INITIALIZERS[initializer]}
    layers = NETWORKS[name].layers(keras.layers, hidden)
    return keras.Sequential([keras.Input((28, 28)), *layers], name=name.replace("-", "_"))
