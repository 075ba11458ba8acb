"""A training from its data to the bundle: prepare, fit, finish, judge, write. Imports TensorFlow."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from model.base.errors import UserError
from model.base.events import Event, Finished, Stage, to_line
from model.base.language import N_, _
from model.bundle.bundle import CURVES_FILE, HISTORY_FILE, KERAS_FILE, Bundle, check_target, open_bundle, write_bundle
from model.bundle.card import TRAINED, Card
from model.data import architectures
from model.data.data import Ink, Mnist, scaled
from model.data.recipe import How, Recipe
from model.judging import charts
from model.judging.versus import compare
from model.reading.recognizer import Recognizer, self_test
from model.training.files import export
from model.training.learn import device
from model.training.learn.checkpoint import Checkpoint
from model.training.learn.fit import Watch, fit
from model.training.learn.loop import accuracy
from model.training.learn.material import Part, prepare
from model.training.pinned import keras, tf

DEMANDS = ("at_least", "at_least_ink")  # the knobs that do not change the network
FEWEST_TO_CALIBRATE = 100  # images: fewer say nothing, and one read right would say that all is certain


def train(recipe: Recipe, data: Mnist, ink: Ink, how: How, report: Callable[[Event], None]) -> None:
    """Train a network and write its bundle. Prints the data's shapes and the network's layers.

    Args:
        recipe: the knobs.
        data: what to train with and to judge by.
        ink: drawings to train with and to judge by beside it; may be empty.
        how: where to, on what, and whether to go on.
        report: is called with Started, Progress, EpochDone and Finished; what it raises stops the training.

    Raises:
        UserError: the output, the data or the device cannot be used, or the network reads less than it must.
    """
    began = time.monotonic()
    check_target(how.output)
    if recipe.at_least_ink and not ink.judge:
        raise UserError(_("There are no judges' drawings for --at-least-ink; give --ink with a people.json beside it."))
    chosen = device.choose(how.device)  # before anything uses one
    if recipe.mixed is None:
        recipe = replace(recipe, mixed=chosen.mixed)
    if recipe.views:
        export.check_views(architectures.build(keras, recipe.network))
    if recipe.deterministic:
        tf.config.experimental.enable_op_determinism()
    material = prepare(recipe, data, ink)
    start = None
    if how.start:
        bundle = open_bundle(how.start)
        start = _to_go_on_from(bundle, recipe.network)
        material.said["start"] = {"date": bundle.card.date, "sha256": bundle.card.sha256.get(KERAS_FILE, "")}
    against = Recognizer(open_bundle(how.against)) if how.against else None
    training = {knob: value for knob, value in asdict(recipe).items() if knob not in DEMANDS} | {"data": material.said}
    checkpoint = Checkpoint(how.output, training, seconds=how.checkpoint_seconds, resume=how.resume)
    if how.resume:
        print("going on from the checkpoint" if checkpoint.found else "no checkpoint: from the beginning")  # noqa: T201
    try:
        with chosen.strategy.scope():
            watch = Watch(report, checkpoint=checkpoint, device=chosen.name)
            network, history = fit(recipe, material, watch, start=start)
        report(Stage(_("measuring the network")))
        network, temperature = _finished(network, recipe, material.validation)
        right = round(accuracy(network, material.test), 6)
        ink_right = round(accuracy(network, material.judge), 6) if len(material.judge) else None
    except tf.errors.OpError as error:
        raise device.failure(error, chosen) from error
    _demand(right, recipe.at_least, N_("test images"))
    _demand(ink_right, recipe.at_least_ink, N_("judges' drawings"))
    card = Card(
        network=recipe.network,
        weights=network.count_params(),
        data=material.said,
        recipe=asdict(recipe),
        seed=recipe.seed,
        versions=export.versions(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        accuracy=right,
        ink_accuracy=ink_right,
        sha256={},
        name=how.name,
        temperature=temperature,
    )

    def write_files(folder: Path) -> None:
        report(Stage(_("writing the model")))
        export.export(network, folder, half=recipe.half)
        (folder / HISTORY_FILE).write_text("".join(f"{to_line(epoch)}\n" for epoch in history), encoding="utf-8")
        (folder / CURVES_FILE).write_bytes(charts.png(charts.draw_curves(history)))

    def check(fresh: Bundle) -> None:
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        if against:
            report(Stage(_("comparing the models")))
            report(compare(against, recognizer, data))

    write_bundle(how.output, write_files, card, check)  # in the place of what was there, the checkpoint too
    report(Finished(str(how.output), right, round(time.monotonic() - began, 3), ink_right))


def _to_go_on_from(bundle: Bundle, name: str) -> keras.Model:
    """Return a bundle's network, to be trained on. Raises UserError when it is not one of that name."""
    if bundle.card.network != name or bundle.card.origin != TRAINED:
        raise UserError(
            _(
                "The model in {path} is {network!r}, not a {wanted} of our training; start from scratch, "
                "or choose its network."
            ),
            path=bundle.path,
            network=bundle.card.network,
            wanted=name,
        )
    return export.trunk(bundle)


def _finished(network: keras.Model, recipe: Recipe, validation: Part) -> tuple[keras.Model, float | None]:
    """Return a network as its recipe finishes it, and the temperature where it is calibrated."""
    temperature = None
    if recipe.calibrate or recipe.views or recipe.half:
        network = export.finished(network, views=recipe.views)
    if recipe.calibrate and len(validation) >= FEWEST_TO_CALIBRATE:
        temperature = export.calibrate(network, scaled(validation.images), validation.labels)
        print(f"temperature: {temperature:.3f}")  # noqa: T201
    if recipe.half:
        export.halve(network)
    return network, temperature


def _demand(right: float | None, at_least: float, what: str) -> None:
    """Raise UserError when less than that is read right; None where there was nothing to read."""
    if right is not None and not right >= at_least:
        raise UserError(
            _("The network reads {share:.2%} of the {what}, and {least:.2%} were asked for; no model was written."),
            share=right,
            what=_(what),
            least=at_least,
        )
