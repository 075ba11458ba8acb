"""Trains, calibrates and measures the network that doubts what is read, for a bundle. Imports TensorFlow."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.base.errors import UserError
from model.base.events import Event, Finished, Stage
from model.base.language import _
from model.bundle.bundle import DOUBT_KERAS_FILE, DOUBT_LITERT_FILE, Bundle, check_target, open_bundle, write_bundle
from model.data import architectures
from model.data.recipe import Recipe
from model.reading.doubt import ANSWERS, NONE, doubts
from model.reading.recognizer import THRESHOLD, Recognizer, self_test
from model.training.doubt import not_digits
from model.training.doubt.not_digits import Given
from model.training.files import export
from model.training.learn import device
from model.training.learn.loop import Watch, fit, teachers_of
from model.training.learn.material import Labelled
from model.training.learn.trainer import predict
from model.training.pinned import keras

ACCEPTED = 0.99  # of the validation people's digits, where the doubt of a half is the threshold


def add_doubt(  # noqa: PLR0913  (what there is to know of a training)
    recipe: Recipe,
    given: Given,
    model: Path,
    output: Path,
    report: Callable[[Event], None],
    *,
    trunks: Sequence[keras.Model] = (),
) -> None:
    """Train the network that tells digits from non-digits, and write a model's bundle with it, maybe in place.

    The recipe's network is one of `architectures.DOUBTS`; its teachers start from ``trunks``, which taught the reading
    network, if they have the same layers. Started, Progress, EpochDone and Finished are reported; what ``report``
    raises stops the training. Raises UserError: the model or the output can't be used, or there's no ink to train, to
    validate and to judge by.
    """
    began = time.monotonic()
    check_target(output)
    bundle = open_bundle(model)
    bundle.verify()
    if not (given.ink.train and given.ink.validation and given.ink.judge):
        raise UserError(
            _("Doubt needs people's digits to train, to validate and to judge; give --ink and a people.json.")
        )
    chosen = device.choose("auto")
    report(Stage(_("drawing what isn't a digit")))
    material = not_digits.prepare(given, Recognizer(bundle), recipe.seed)
    with chosen.strategy.scope():
        watch = Watch(report, device=chosen.name)
        teachers = teachers_of(recipe, material, watch, _starts(recipe, trunks))
        network, _history = fit(recipe, material, watch, teachers)
    network = export.finished(network)
    temperature = _set(network, material.validation)
    accepted, refused = _shares(network, material.judge)
    of_mnist, _refused = _shares(network, material.test)
    facts = export.facts(network)
    doubt = {
        "network": recipe.network,
        "weights": facts["weights"],
        "int8": True,
        "answers": ANSWERS,
        "data": material.said,
        "temperature": temperature,
        "accepted": {"judge": accepted, "test": of_mnist},
        "refused": {"judge": refused},
        "seed": recipe.seed,
        "date": facts["date"],
    }

    def write_files(folder: Path) -> None:
        bundle.copy_files(folder)
        export.export(network, folder, int8=True, names=(DOUBT_KERAS_FILE, DOUBT_LITERT_FILE))

    def check(fresh: Bundle) -> None:
        self_test(Recognizer(fresh))

    write_bundle(output, write_files, replace(bundle.card, doubt=doubt), check)
    report(Finished(str(output), of_mnist or 0.0, round(time.monotonic() - began, 3), accepted))


def _starts(recipe: Recipe, trunks: Sequence[keras.Model]) -> list[keras.Model]:
    """Return networks of the recipe's teacher that know what fitting others do, except for the last layer."""
    its_own = Recipe.of(recipe.teacher)
    keras.utils.set_random_seed(recipe.seed)
    starts = []
    for trunk in trunks:
        start = architectures.build(keras, its_own.network, its_own.activation, its_own.initializer)
        *fresh, kernel, bias = start.get_weights()
        *learned, _kernel, _bias = trunk.get_weights()
        if [each.shape for each in learned] == [each.shape for each in fresh]:
            start.set_weights([*learned, kernel, bias])
            starts.append(start)
    return starts


def _set(network: keras.Sequential, part: Labelled) -> float:
    """Fit the network's answers to a part by a temperature, then move them to accept so many digits; return the former.

    The doubt of a half becomes the threshold that accepts `ACCEPTED` of the part's digits.
    """
    logits = np.log(np.maximum(predict(network, part.images).astype(np.float64), 1e-12))
    rows = np.arange(len(part))

    def loss(temperature: float) -> float:
        sums = logits / temperature
        return float((np.logaddexp.reduce(sums, axis=1) - sums[rows, part.labels]).mean())

    temperature = export.best_temperature(loss)
    digit = part.labels != NONE
    powers = np.exp(logits[digit] / temperature)
    own = powers[rows[: len(powers)], part.labels[digit]]
    # A digit is accepted while its own power is at least the others' and that of none together.
    room = np.maximum(2 * own - powers[:, :NONE].sum(1), 1e-12) / powers[:, NONE]
    answer = network.layers[-1]
    kernel, bias = (value / temperature for value in answer.get_weights())
    bias[NONE] += np.log(np.quantile(room, 1 - ACCEPTED))
    answer.set_weights([kernel, bias])
    return temperature


def _shares(network: keras.Model, part: Labelled) -> tuple[float | None, float | None]:
    """Return the fractions of a part's digits that are accepted and of its others that are refused."""
    refused, digit = doubts(predict(network, part.images), part.labels) > THRESHOLD, part.labels != NONE
    return (
        round(float((~refused[digit]).mean()), 4) if digit.any() else None,
        round(float(refused[~digit].mean()), 4) if not digit.all() else None,
    )
