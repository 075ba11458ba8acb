"""Variants of a training side by side, several seeds each: the tutorials' table, measured."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.base.errors import UserError
from model.base.events import Event
from model.base.language import _
from model.bundle import folders
from model.data.data import Ink, Mnist
from model.data.recipe import Recipe
from model.judging import charts
from model.judging.markdown import escaped, table
from model.training.learn.loop import Watch, accuracy, fit
from model.training.learn.material import prepare
from model.training.pinned import keras

TEXT, NUMBERS, PLOT = "compare.md", "compare.csv", "compare.png"
HEAD = ("variant", "activation", "units", "initializer", "epochs", "seconds an epoch", "test accuracy", "spread")


@dataclass(frozen=True, slots=True)
class Variant:
    """A network with some knobs turned, and what its tutorial says that it reads."""

    name: str
    network: str
    knobs: dict[str, Any]
    published: float | None = None  # fraction of the test images


@dataclass(frozen=True, slots=True)
class Row:
    """What a variant came to."""

    variant: Variant
    recipe: Recipe  # with the seed 0
    units: str  # of the hidden dense layers
    seconds: float  # an epoch, on average; the first epochs, which also compile, left out where there are others
    accuracies: tuple[float, ...]  # fractions of the test images, a seed each

    @property
    def mean(self) -> float:
        """Of the accuracies."""
        return statistics.fmean(self.accuracies)

    @property
    def spread(self) -> float:
        """Of the accuracies: their standard deviation; 0 for a single seed."""
        return statistics.stdev(self.accuracies) if len(self.accuracies) > 1 else 0.0


PUBLISHED = (
    Variant("relu, 256 units", "mlp-256", {}, 0.976),
    Variant("relu, 1000 units", "mlp-1000", {}, 0.980),
    Variant("sigmoid, 256 units", "mlp-256", {"activation": "sigmoid"}, 0.965),
    Variant("tanh, 256 units", "mlp-256", {"activation": "tanh"}, 0.975),
    Variant("elu, 256 units", "mlp-256", {"activation": "elu"}, 0.975),
    Variant("uniform instead of normal", "mlp-256", {"initializer": "uniform"}, 0.978),
    Variant("128 units, 5 epochs", "mlp-128", {}, 0.975),
    Variant("512 units with dropout, 2 epochs", "mlp-512-dropout", {"epochs": 2}, 0.972),
)


def measure(
    variant: Variant, data: Mnist, seeds: int, report: Callable[[Event], None], trained: Callable[[], object]
) -> Row:
    """Train a variant with the seeds 0, 1, … and return what it came to; ``trained`` is called after each."""
    recipe = Recipe.of(variant.network, **variant.knobs)
    material = prepare(recipe, data, Ink())  # without ink there's no chance in it
    accuracies, seconds = [], []
    for seed in range(seeds):
        each = replace(recipe, seed=seed)
        # As it's trained, not finished, and without its layers, which would bury the table.
        network, history = fit(each, material, Watch(report, lambda *_words: None))
        accuracies.append(accuracy(network, material.test))
        seconds += [epoch.seconds for epoch in history[1:] or history]
        hidden = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)][:-1]
        keras.backend.clear_session()  # else each network stays in memory
        trained()
    units = ", ".join(str(layer.units) for layer in hidden)
    return Row(variant, recipe, units, statistics.fmean(seconds), tuple(accuracies))


def check_target(path: Path) -> None:
    """Raise UserError unless a table may be written there: to a folder that is new, empty, or holds a table."""
    no_folder = _("A table can't be written to {path} ({reason}). Choose another folder.")
    others = _("{path} has files in it that aren't a table's. Choose a new or an empty folder.")
    folders.check_names(path, {TEXT, NUMBERS, PLOT}.issuperset, no_folder, others)
    with _writing(path):
        path.mkdir(parents=True, exist_ok=True)


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write the table as Markdown, CSV and a plot into a folder. Raises UserError when it can't be written."""
    points = [charts.DotRow(row.variant.name, row.accuracies, row.variant.published) for row in rows]
    plot = charts.png(charts.draw_points(points, "test accuracy"))
    with _writing(path):
        for name, content in {TEXT: markdown(rows).encode(), NUMBERS: numbers(rows).encode(), PLOT: plot}.items():
            (path / name).write_bytes(content)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = _("The table can't be written to {path} ({reason}); choose another folder.")
        raise UserError(sentence, path=path, reason=error.strerror) from error


def markdown(rows: Sequence[Row]) -> str:
    """Return the table for people."""
    seeds = len(rows[0].accuracies)
    lines = []
    for row in rows:
        told = ["\N{EN DASH}"] * 2
        if row.variant.published is not None:
            told = [f"{row.variant.published:.1%}", f"{(row.mean - row.variant.published) * 100:+.2f}"]
        lines.append([*map(escaped, _cells(row)), *told])
    variants = table([*HEAD, "published", "difference"], lines, words=4)
    return (
        f"# Variants compared\n\n{variants}\n\nTest accuracy is the mean of {seeds} "
        f"{'seeds' if seeds > 1 else 'seed'} on MNIST's test images, the spread their standard "
        "deviation in points, the difference in points too.\n\n"
        f"![The accuracies]({PLOT})\n"
    )


def numbers(rows: Sequence[Row]) -> str:
    """Return the table as CSV, accuracies as fractions, one column for each seed at the end."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*HEAD, "published", *(f"seed {seed}" for seed in range(len(rows[0].accuracies)))])
    for row in rows:
        told = (f"{row.seconds:.3f}", f"{row.mean:.5f}", f"{row.spread:.5f}", row.variant.published or "")
        writer.writerow([*_cells(row)[:5], *told, *row.accuracies])
    return text.getvalue()


def _cells(row: Row) -> list[str]:
    recipe = row.recipe
    words = [row.variant.name, recipe.activation, row.units, recipe.initializer, str(recipe.epochs)]
    return [*words, f"{row.seconds:.2f}", f"{row.mean:.2%}", f"{row.spread * 100:.2f}"]
