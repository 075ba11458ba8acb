"""Every network by name: its layers as one literal list, and the way that its tutorial trains it.

Keras is handed in, so that the names can be listed without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
OPTIMIZERS = ("sgd", "adam", "adamw", "adagrad", "rmsprop", "adadelta", "adamax", "nadam")
SCHEDULES = ("constant", "cosine")
MONITORS = ("val_accuracy", "val_loss", "accuracy", "loss")


@dataclass(frozen=True, slots=True)
class Network:
    """A network, and the knobs of `model.training.learn.recipe.Recipe` that its tutorial turns."""

    layers: Callable[[Any, dict[str, str]], list[Any]]  # Keras' layers, what every hidden layer is given -> the list
    knobs: Mapping[str, Any] = field(default_factory=dict)


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


def mlp_512(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """One hidden layer of 512 units, and no dropout: beside the next one it shows what dropout is for."""
    return [
        layers.Flatten(),
        layers.Dense(512, **hidden),
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


def mlp_1200_1000_500(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """Three hidden layers with batch normalisation, which needs no bias beside its own."""
    dense = {"use_bias": False, "kernel_initializer": hidden["kernel_initializer"]}
    return [
        layers.Flatten(),
        layers.Dense(1200, **dense),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Dense(1000, **dense),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Dense(500, **dense),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Dense(10, activation="softmax"),
    ]


def cnn_batchnorm(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """Two convolutions with max pooling and a dense layer, batch normalisation after each: the teacher."""
    bare = {"use_bias": False, "kernel_initializer": hidden["kernel_initializer"]}
    return [
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(24, 5, **bare),
        layers.MaxPooling2D(),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Conv2D(64, 5, **bare),
        layers.MaxPooling2D(),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Flatten(),
        layers.Dense(256, **bare),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Dense(10, activation="softmax"),
    ]


def doubt(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """Two hidden layers with batch normalisation, to tell a digit from what is none."""
    dense = {"use_bias": False, "kernel_initializer": hidden["kernel_initializer"]}
    return [
        layers.Flatten(),
        layers.Dense(600, **dense),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Dense(300, **dense),
        layers.BatchNormalization(),
        layers.Activation(hidden["activation"]),
        layers.Dense(2, activation="softmax"),
    ]


def doubt_cnn(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """Two convolutions and a dense layer, to tell the same: its teacher."""
    return [*cnn_batchnorm(layers, hidden)[:-1], layers.Dense(2, activation="softmax")]


_OURS = {
    "initializer": "he",
    "optimizer": "adamw",
    "weight_decay": 0.02,
    "schedule": "cosine",
    "deform": True,
    "validation_split": 1 / 60,  # 1,000 of MNIST's: they only calibrate, and the other 59,000 teach
}
_512 = {  # with dropout or without it
    "epochs": 8,
    "batch_size": 128,
    "validation_split": None,
    "keep": "best",
}
NETWORKS = {
    "mlp-128": Network(mlp_128, {"epochs": 5, "batch_size": 64, "loss": "sparse"}),
    "mlp-256": Network(mlp_256, {"epochs": 10, "batch_size": 200, "initializer": "normal"}),
    "mlp-1000": Network(mlp_1000, {"epochs": 10, "batch_size": 200, "initializer": "normal"}),
    "mlp-1000-long": Network(
        mlp_1000, {"epochs": 50, "batch_size": 64, "initializer": "normal", "validation_split": None}
    ),
    "mlp-512": Network(mlp_512, _512),
    "mlp-512-dropout": Network(mlp_512_dropout, _512),
    "mlp-256-128-dropout": Network(mlp_256_128_dropout, {"epochs": 20, "batch_size": 128}),
    "cnn": Network(cnn, {"epochs": 12, "batch_size": 64, "validation_split": 0.1, "keep": "best"}),
    "mlp-1200-1000-500": Network(
        mlp_1200_1000_500,
        _OURS
        | {
            "epochs": 100,
            "batch_size": 256,
            "learning_rate": 2e-3,
            "teacher": "cnn-batchnorm",
            "teachers": 3,
            "calibrate": True,
            "views": True,
            "half": True,
        },
    ),
    "cnn-batchnorm": Network(cnn_batchnorm, _OURS | {"epochs": 20, "batch_size": 256, "learning_rate": 3e-3}),
}
DOUBTS = {  # (n, 28, 28) -> (n, 2): the probabilities of a digit and of none
    "doubt": Network(
        doubt,
        _OURS | {"epochs": 40, "batch_size": 256, "learning_rate": 2e-3, "loss": "sparse", "teacher": "doubt-cnn"},
    ),
    "doubt-cnn": Network(doubt_cnn, _OURS | {"epochs": 10, "batch_size": 256, "learning_rate": 3e-3, "loss": "sparse"}),
}
DEFAULT = "mlp-512-dropout"  # is trained in half a minute; the bundled one takes half an hour


def named(name: str) -> Network:
    """Return the network of that name. Raises KeyError when there is none."""
    return (NETWORKS | DOUBTS)[name]


def build(name: str, activation: str = "relu", initializer: str = "glorot", *, mixed: bool = False) -> Any:
    """Return the Keras network of that name, untrained: (n, 28, 28) float32 in 0 to 1 -> (n, 10) probabilities.

    With ``mixed`` layers compute in bfloat16, but the last one and batch normalisation; the weights are float32.

    Raises KeyError when there is none of that name, or no such initializer. Imports TensorFlow.
    """
    from model.training.pinned import keras  # noqa: PLC0415  (seconds; see the module's docstring)

    hidden = {"activation": activation, "kernel_initializer": INITIALIZERS[initializer]}
    layers = named(name).layers(keras.layers, hidden)
    if mixed:
        # Not where means over batches are kept: in eight bits they would stand still.
        layers = [
            layer
            if isinstance(layer, keras.layers.BatchNormalization) or layer is layers[-1]
            else type(layer).from_config(layer.get_config() | {"dtype": "mixed_bfloat16"})
            for layer in layers
        ]
    return keras.Sequential([keras.Input((28, 28)), *layers], name=name.replace("-", "_"))
