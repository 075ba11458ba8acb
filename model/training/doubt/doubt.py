"""The network that tells digits from what is none: trained, set, measured and put into a bundle. Imports TensorFlow."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.events import Event, Finished, Stage
from model.base.language import _
from model.bundle.bundle import DOUBT_KERAS_FILE, DOUBT_LITERT_FILE, Bundle, check_target, open_bundle, write_bundle
from model.data.data import scaled
from model.data.recipe import Recipe
from model.reading.recognizer import Recognizer, self_test
from model.training.doubt import not_digits
from model.training.doubt.not_digits import Given
from model.training.files import export
from model.training.learn import device
from model.training.learn.fit import Watch, fit
from model.training.learn.loop import AT_ONCE
from model.training.learn.material import Part
from model.training.pinned import keras

ACCEPTED = 0.99  # of the validation people's digits, where the doubt of a half is the threshold


def add_doubt(recipe: Recipe, given: Given, model: Path, output: Path, report: Callable[[Event], None]) -> None:
    """Train the network that tells digits from what is none, and write a model's bundle with it.

    It is a network of its own, and not a further class or a score on the last hidden layer of the one that reads: so
    the digits' probabilities stay what they are, every network has the same doubt, those of the tutorials and those
    of others too, and to train either leaves the other alone. (The reading network's own sureness, added to this
    one's, refused a letter in a hundred more at the same share of accepted digits.)

    Args:
        recipe: the knobs; its network is one of `architectures.DOUBTS`.
        given: digits, and what is none.
        model: the bundle that it is for.
        output: the folder of the bundle that is written; may be the same.
        report: is called with Started, Progress, EpochDone and Finished; what it raises stops the training.

    Raises:
        UserError: the model or the output cannot be used, or there is no ink to train, to validate and to judge by.
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
    report(Stage(_("drawing what is no digit")))
    material = not_digits.prepare(given, Recognizer(bundle), recipe.seed)
    with chosen.strategy.scope():
        network, _history = fit(recipe, material, Watch(report, device=chosen.name))
    network = export.finished(network)
    temperature = _set(network, material.validation)
    export.halve(network)
    accepted, refused = _shares(network, material.judge)
    of_mnist, _refused = _shares(network, material.test)
    doubt = {
        "network": recipe.network,
        "weights": network.count_params(),
        "data": material.said,
        "temperature": temperature,
        "accepted": {"judge": accepted, "test": of_mnist},
        "refused": {"judge": refused},
        "seed": recipe.seed,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }

    def write_files(folder: Path) -> None:
        bundle.copy_files(folder)
        export.export(network, folder, half=True, names=(DOUBT_KERAS_FILE, DOUBT_LITERT_FILE))

    def check(fresh: Bundle) -> None:
        self_test(Recognizer(fresh))

    write_bundle(output, write_files, replace(bundle.card, doubt=doubt), check)
    report(Finished(str(output), of_mnist or 0.0, round(time.monotonic() - began, 3), accepted))


def doubts(network: keras.Model, part: Part) -> npt.NDArray[np.float64]:
    """Return the probability that each image is no digit, (n,)."""
    answers = network.predict(scaled(part.images), batch_size=AT_ONCE, verbose=0)
    return np.asarray(answers, np.float64)[:, not_digits.NONE]


def _set(network: keras.Sequential, part: Part) -> float:
    """Fit the network's doubts to a part by a temperature, then move them to accept so many digits; return the former.

    The doubt of a half becomes the threshold that accepts `ACCEPTED` of the part's digits.
    """
    none = np.clip(doubts(network, part), 1e-12, 1 - 1e-12)
    logits = np.log(none / (1 - none))
    sign = np.where(part.labels == not_digits.NONE, 1, -1)
    losses = [np.logaddexp(0, -sign * logits / temperature).mean() for temperature in export.TEMPERATURES]
    temperature = float(export.TEMPERATURES[np.argmin(losses)])
    threshold = float(np.quantile(logits[part.labels == not_digits.DIGIT], ACCEPTED)) / temperature
    answer = network.layers[-1]
    kernel, bias = (value / temperature for value in answer.get_weights())
    bias[not_digits.NONE] -= threshold
    answer.set_weights([kernel, bias])
    return temperature


def _shares(network: keras.Model, part: Part) -> tuple[float | None, float | None]:
    """Return the fractions of a part's digits that are accepted and of its others that are refused."""
    refused = doubts(network, part) > 0.5
    digit = part.labels == not_digits.DIGIT
    return (
        round(float((~refused[digit]).mean()), 4) if digit.any() else None,
        round(float(refused[~digit].mean()), 4) if not digit.all() else None,
    )
