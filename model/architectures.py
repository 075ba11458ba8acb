"""Every network by name, each as one literal list of layers.

Keras is handed in, so that the names can be listed without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def mlp_512_dropout(layers: Any) -> list[Any]:
    """One hidden layer of 512 units, a fifth of them dropped at each training step."""
    return [
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ]


NETWORKS: dict[str, Callable[[Any], list[Any]]] = {
    "mlp-512-dropout": mlp_512_dropout,
}
DEFAULT = "mlp-512-dropout"  # what the bundled model is


def build(name: str) -> Any:
    """Return the Keras network of that name, untrained: (n, 28, 28) float32 in 0 to 1 -> (n, 10) probabilities.

    Raises KeyError when there is none of that name. Imports TensorFlow.
    """
    import keras  # noqa: PLC0415  (seconds; see the module's docstring)

    return keras.Sequential([keras.Input((28, 28)), *NETWORKS[name](keras.layers)], name=name.replace("-", "_"))
