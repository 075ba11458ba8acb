"""Every network by name: its layers, a sentence about it, and the way its tutorial trains it.

Keras is passed in, so that the names can be listed without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from model.base.language import N_

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

Layers = Callable[[Any, dict[str, str]], list[Any]]  # Keras' layers, what every hidden layer is given -> the list


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network, and the settings of `model.data.recipe.Recipe` that its tutorial changes."""

    layers: Layers
    knobs: Mapping[str, Any]
    about: str = ""  # a sentence for people; what doubts isn't for them to choose


def mlp(*units: int, dropout: float = 0.0, batchnorm: bool = False, answers: int = 10) -> Layers:
    """Return dense hidden layers of this many units, with dropout of a share of each, or with batch normalisation."""

    def build(layers: Any, hidden: dict[str, str]) -> list[Any]:
        network = [layers.Flatten()]
        for count in units:
            network.append(layers.Dense(count, **(_bare(hidden) if batchnorm else hidden)))
            network += _normalised(layers, hidden) if batchnorm else []
            network += [layers.Dropout(dropout)] if dropout else []
        return [*network, layers.Dense(answers, activation="softmax")]

    return build


def cnn(layers: Any, hidden: dict[str, str]) -> list[Any]:
    """Return two convolutions, each with max pooling, then two dense layers."""
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


def cnn_batchnorm(answers: int = 10) -> Layers:
    """Return two convolutions with max pooling and a dense layer, batch normalisation after each."""

    def build(layers: Any, hidden: dict[str, str]) -> list[Any]:
        network = [layers.Reshape((28, 28, 1))]
        for filters in (24, 64):
            network += [layers.Conv2D(filters, 5, **_bare(hidden)), layers.MaxPooling2D(), *_normalised(layers, hidden)]
        network += [layers.Flatten(), layers.Dense(256, **_bare(hidden)), *_normalised(layers, hidden)]
        return [*network, layers.Dense(answers, activation="softmax")]

    return build


def _bare(hidden: dict[str, str]) -> dict[str, Any]:  # batch normalisation has its own bias, so no other is needed
    return {"use_bias": False, "kernel_initializer": hidden["kernel_initializer"]}


def _normalised(layers: Any, hidden: dict[str, str]) -> list[Any]:
    return [layers.BatchNormalization(), layers.Activation(hidden["activation"])]


_OURS = {
    "initializer": "he",
    "optimizer": "adamw",
    "weight_decay": 0.02,
    "schedule": "cosine",
    "deform": True,
    "validation_split": 1 / 60,  # 1,000 of MNIST's: they only calibrate, and the other 59,000 teach
}
_LONG = {"epochs": 8, "batch_size": 128, "validation_split": None, "keep": "best"}
NETWORKS = {
    "mlp-128": Architecture(
        mlp(128), {"epochs": 5, "batch_size": 64, "loss": "sparse"}, N_("One hidden layer of 128 units.")
    ),
    "mlp-256": Architecture(
        mlp(256), {"epochs": 10, "batch_size": 200, "initializer": "normal"}, N_("One hidden layer of 256 units.")
    ),
    "mlp-1000": Architecture(
        mlp(1000), {"epochs": 10, "batch_size": 200, "initializer": "normal"}, N_("One hidden layer of 1000 units.")
    ),
    "mlp-1000-long": Architecture(
        mlp(1000),
        {"epochs": 50, "batch_size": 64, "initializer": "normal", "validation_split": None},
        N_("One hidden layer of 1000 units."),
    ),
    "mlp-512": Architecture(
        mlp(512),
        _LONG,
        N_("One hidden layer of 512 units, and no dropout: next to the following one, it shows what dropout is for."),
    ),
    "mlp-512-dropout": Architecture(
        mlp(512, dropout=0.2),
        _LONG,
        N_("One hidden layer of 512 units, a fifth of them dropped at each training step."),
    ),
    "mlp-256-128-dropout": Architecture(
        mlp(256, 128, dropout=0.2),
        {"epochs": 20, "batch_size": 128},
        N_("Two hidden layers, a fifth of each dropped at each training step."),
    ),
    "cnn": Architecture(
        cnn,
        {"epochs": 12, "batch_size": 64, "validation_split": 0.1, "keep": "best"},
        N_("Two convolutions, each with max pooling, then two dense layers."),
    ),
    "mlp-1200-1000-500": Architecture(
        mlp(1200, 1000, 500, batchnorm=True),
        _OURS
        | {"epochs": 100, "batch_size": 256, "learning_rate": 2e-3, "teacher": "cnn-batchnorm", "teachers": 3}
        | {"calibrate": True, "views": True, "half": True, "int8": True},
        N_("Three hidden layers with batch normalisation, which has a bias of its own."),
    ),
    "cnn-batchnorm": Architecture(
        cnn_batchnorm(),
        _OURS | {"epochs": 20, "batch_size": 256, "learning_rate": 3e-3},
        N_("Two convolutions with max pooling and a dense layer, batch normalisation after each: the teacher."),
    ),
}
DOUBTS = {  # (n, 28, 28) -> (n, 11): the probabilities of the ten digits and of none
    "doubt": Architecture(
        mlp(600, 300, batchnorm=True, answers=11),
        _OURS | {"epochs": 40, "batch_size": 256, "learning_rate": 2e-3, "loss": "sparse", "teacher": "doubt-cnn"},
    ),
    "doubt-cnn": Architecture(
        cnn_batchnorm(answers=11), _OURS | {"epochs": 10, "batch_size": 256, "learning_rate": 3e-3, "loss": "sparse"}
    ),
}
DEFAULT = "mlp-512-dropout"  # is trained in half a minute; the built-in one takes half an hour


def named(name: str) -> Architecture:
    """Return the network of that name. Raises KeyError if there's none."""
    return (NETWORKS | DOUBTS)[name]


def build(keras: Any, name: str, activation: str = "relu", initializer: str = "glorot", *, mixed: bool = False) -> Any:
    """Return the Keras network of that name, untrained: (n, 28, 28) float32 in 0 to 1 -> (n, 10) probabilities.

    With ``mixed``, layers compute in bfloat16, except the last one and batch normalisation; the weights are float32.
    Raises KeyError if there's no network of that name, or no such initializer.
    """
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
