"""How fast networks train, compared with Keras' plain `fit` for the same network, data, batch and epochs."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import rulers
from benchmarks.tables import markdown
from model.data import architectures, data
from model.data.recipe import Recipe
from model.training.learn.loop import Watch, fit
from model.training.learn.material import Labelled, Material, prepare
from model.training.pinned import keras

EPOCHS = 4  # the first compiles and isn't counted
NETWORKS = ("mlp-512-dropout", "mlp-256", "mlp-1200-1000-500")


@dataclass(frozen=True, slots=True)
class Figures:
    """Images a second, medians over epochs and runs."""

    network: str
    ours: float
    plain: float
    deformed: bool  # by ours; plain `fit` never does

    @property
    def ratio(self) -> float:
        """Our throughput, as a multiple of plain Keras'."""
        return self.ours / self.plain


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield what there is to say."""
    figures = measure(arguments.data or rulers.mnist(), arguments.runs)
    yield json.dumps(ratios(figures)) if arguments.json else table(figures)


def measure(path: Path | None, runs: int) -> list[Figures]:
    """Train each network both ways in turn, ``runs`` times."""
    mnist = data.load(path)
    figures = []
    for name in NETWORKS:
        recipe = replace(Recipe.of(name, epochs=EPOCHS), teacher="none", keep="last")
        ours: list[float] = []
        plain: list[float] = []
        for _ in range(runs):
            material = prepare(recipe, mnist, data.Ink())
            clock = _Clock()
            plain_fit(recipe, material, clock)
            plain += [len(material.train) / seconds for seconds in np.diff(clock.ends)]
            _, history = fit(recipe, material, Watch(_nothing, _nothing))
            ours += [len(material.train) / epoch.seconds for epoch in history[1:]]
            keras.backend.clear_session()
        figures.append(Figures(name, statistics.median(ours), statistics.median(plain), recipe.deform))
    return figures


def table(figures: list[Figures]) -> str:
    """Return the figures for people."""
    rows = [
        [each.network, f"{each.ours:,.0f}", f"{each.plain:,.0f}", f"{each.ratio:.2f}", "yes" if each.deformed else "no"]
        for each in figures
    ]
    return markdown(["images a second", "ours", "plain fit", "ratio", "ours deforms each image"], rows)


def ratios(figures: list[Figures]) -> dict[str, float]:
    """Return the ratios by network."""
    return {each.network: round(each.ratio, 2) for each in figures}


def plain_fit(recipe: Recipe, material: Material, *callbacks: keras.callbacks.Callback) -> keras.Model:
    """Return a recipe's network, trained by Keras' `fit` as the tutorials do it."""
    images, labels = _plainly(material.train)
    network = architectures.build(keras, recipe.network, recipe.activation, recipe.initializer)
    network.compile(optimizer=recipe.optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    network.fit(
        images,
        labels,
        validation_data=_plainly(material.validation),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        verbose=0,
        callbacks=list(callbacks),
    )
    return network


def _plainly(part: Labelled) -> tuple[Any, Any]:
    """Return images and labels as the tutorials prepare them."""
    return data.scaled(part.images), keras.utils.to_categorical(part.labels, 10)


class _Clock(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Notes when each epoch ended, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_epoch_end(self, epoch: int, _logs: Any = None) -> None:  # noqa: ARG002
        self.ends.append(time.monotonic())


def _nothing(*words: object) -> None:
    """Report nothing and show nothing."""
