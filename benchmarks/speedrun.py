"""How soon a network reads 99 %, and 99.5 %, of MNIST's test images, from scratch on two cores.

How long each way takes was settled beforehand, by the validation images; the test images are read once, at the end.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from benchmarks import rulers
from benchmarks.tables import markdown, spread
from model.data import data
from model.data.recipe import Recipe

CORES = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A way to train: a recipe, by our loop or by Keras' `fit`."""

    recipe: Recipe
    goal: float = 0.0  # of the test images, to be read right
    plain: bool = False


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "99 %": Way(Recipe.of("cnn-batchnorm", epochs=1, batch_size=64, learning_rate=5e-3), 0.99),
        "99.5 %": Way(Recipe.of("cnn-batchnorm", epochs=8, batch_size=128, learning_rate=4e-3), 0.995),
        "plain fit, mlp-512-dropout": Way(Recipe.of("mlp-512-dropout"), plain=True),
    }
)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of the processor's cores together."""

    wall: float
    cpu: float

    @classmethod
    def since(cls, began: Took) -> Took:
        """Return what has been taken since another moment."""
        now = cls.now()
        return cls(now.wall - began.wall, now.cpu - began.cpu)

    @classmethod
    def now(cls) -> Took:
        """Return this moment, as taken since some other one."""
        return cls(time.monotonic(), time.process_time())


@dataclass(frozen=True, slots=True)
class Figures:
    """One training: how much of the test images it reads, what it took, and what TensorFlow's import took before."""

    accuracy: float
    training: Took
    importing: Took


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield what there is to say."""
    figures = measure(arguments.data or rulers.mnist(), arguments.seeds)
    yield json.dumps(medians(figures)) if arguments.json else table(figures)


def measure(path: Path | None, seeds: int) -> dict[str, list[Figures]]:
    """Train each way with this many seeds, in turn, each time in its own process, so nothing is compiled already."""
    figures: dict[str, list[Figures]] = {name: [] for name in WAYS}
    for seed in range(seeds):
        for name in WAYS:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
                figures[name].append(alone.submit(once, name, path, seed).result())
    return figures


def once(name: str, path: Path | None, seed: int) -> Figures:
    """Train one of the ways from a seed, the data being there. Call it in a process that hasn't loaded TensorFlow."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    began = Took.now()
    from model.training.learn import device  # noqa: PLC0415  (TensorFlow, whose import is measured)

    importing = Took.since(began)
    from benchmarks.training import plain_fit  # noqa: PLC0415
    from model.training.learn.loop import Watch, accuracy, fit  # noqa: PLC0415
    from model.training.learn.material import prepare  # noqa: PLC0415
    from model.training.pinned import keras  # noqa: PLC0415

    way = WAYS[name]
    recipe = replace(way.recipe, seed=seed, mixed=device.choose("cpu").mixed)
    material = prepare(recipe, data.load(path), data.Ink())
    began = Took.now()
    if way.plain:
        keras.utils.set_random_seed(seed)
        network = plain_fit(recipe, material)
    else:
        network, _history = fit(recipe, material, Watch(_nothing, _nothing))
    training = Took.since(began)
    return Figures(accuracy(network, material.test), training, importing)


def table(figures: Mapping[str, list[Figures]]) -> str:
    """Return the figures for people."""
    rows = []
    for name, some in figures.items():
        way = WAYS[name]
        reached = f"{sum(each.accuracy >= way.goal for each in some)} of {len(some)}" if way.goal else ""
        rows.append(
            [
                name,
                str(way.recipe.epochs),
                spread([each.training.wall for each in some], 1),
                spread([each.training.cpu for each in some], 1),
                spread([100 * each.accuracy for each in some], 2),
                reached,
                spread([each.importing.wall for each in some], 1),
            ]
        )
    head = ["", "epochs", "seconds", "CPU seconds", "% of test images", "reached", "import (s)"]
    return markdown(head, rows)


def medians(figures: Mapping[str, list[Figures]]) -> dict[str, dict[str, float]]:
    """Return the medians by way."""
    return {
        name: {
            "accuracy": statistics.median(each.accuracy for each in some),
            "seconds": round(statistics.median(each.training.wall for each in some), 2),
            "cpu_seconds": round(statistics.median(each.training.cpu for each in some), 2),
            "import_seconds": round(statistics.median(each.importing.wall for each in some), 2),
        }
        for name, some in figures.items()
    }


def _nothing(*words: object) -> None:
    """Report nothing and show nothing."""
