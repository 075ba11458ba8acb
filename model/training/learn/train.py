"""A training from its data to the bundle: prepare, fit, finish, judge, write. Imports TensorFlow."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from model.base import installation
from model.base.errors import UserError
from model.base.events import EpochDone, Event, Finished, Stage, Started, to_line
from model.base.language import _
from model.base.program import FROZEN
from model.bundle.bundle import CURVES_FILE, HISTORY_FILE, KERAS_FILE, Bundle, check_target, open_bundle, write_bundle
from model.bundle.card import TRAINED, Card
from model.data import architectures
from model.data.data import Ink, Mnist, scaled
from model.data.recipe import How, Recipe
from model.judging import charts
from model.judging.versus import compare
from model.reading.recognizer import Recognizer, self_test
from model.training.files import export
from model.training.learn import device, place
from model.training.learn.checkpoint import Checkpoint
from model.training.learn.course import Hear, drawn, hear_nothing
from model.training.learn.loop import Watch, accuracy, fit, teachers_of
from model.training.learn.material import Labelled, prepare
from model.training.pinned import keras, tf

DEMANDS = ("at_least", "at_least_ink")  # the knobs that don't change the network
FEWEST_TO_CALIBRATE = 100  # images: fewer say nothing, and one read right would say that all is certain


def train(  # noqa: PLR0913  (what there is to know of a training)
    recipe: Recipe, data: Mnist, ink: Ink, how: How, report: Callable[[Event], None], *, hear: Hear = hear_nothing
) -> tuple[list[keras.Model], Path]:
    """Train a network with MNIST and drawings, judge it by others, and write its bundle; print shapes and layers.

    Return its teachers, and where it is: next to ``how.output`` if a better one stays there. Started, Progress,
    EpochDone and Finished are reported; what ``report`` raises stops the training. What ``hear`` gives is heeded, as
    `Course` says. Raises UserError: the output, the
    data or the device can't be used, or the network reads less than it must.
    """
    began = time.monotonic()
    check_target(how.output)
    place.check_room(how.output, recipe.network)
    if recipe.at_least_ink and not ink.judge:
        raise UserError(
            _("There are no judges' drawings for --at-least-ink. Give --ink with a people.json in the same folder.")
        )
    chosen = device.choose(how.device)  # before anything uses one
    asked = asdict(recipe)  # what is left to the device isn't: another one can go on from a checkpoint
    if recipe.mixed is None:
        recipe = replace(recipe, mixed=chosen.mixed)
    if recipe.views:
        export.check_views(architectures.build(keras, recipe.network))
    if recipe.deterministic:
        tf.config.experimental.enable_op_determinism()
    material = prepare(recipe, data, ink)
    start = _to_go_on_from(open_bundle(how.start), recipe.network, material.said) if how.start else None
    against = Recognizer(open_bundle(how.against)) if how.against else None
    training = {knob: value for knob, value in asked.items() if knob not in DEMANDS} | {"data": material.said}
    checkpoint = Checkpoint(how.output, training, seconds=how.checkpoint_seconds, resume=how.resume, asked=how.asked)
    if how.resume:
        print("going on from the checkpoint" if checkpoint.found else "no checkpoint: from the beginning")  # noqa: T201
    try:
        with chosen.strategy.scope():
            watch = Watch(report, checkpoint=checkpoint, device=chosen.name, hear=hear)
            teachers = teachers_of(recipe, material, watch)
            network, history = fit(recipe, material, watch, teachers, start=start)
        report(Stage(_("measuring the network")))
        network, temperature = _finished(network, recipe, material.validation)
        right = round(accuracy(network, material.test), 6)
        ink_right = round(accuracy(network, material.judge), 6) if len(material.judge) else None
    except tf.errors.OpError as error:
        raise device.failure(error, chosen) from error
    demands = ((right, recipe.at_least, _("test images")), (ink_right, recipe.at_least_ink, _("judges' drawings")))
    for share, least, what in demands:
        if share is not None and not share >= least:
            sentence = _(
                "The network reads {share:.2%} of the {what}, and you asked for {least:.2%}. No model was written."
            )
            raise UserError(sentence, share=share, what=what, least=least)
    card = Card(
        network=recipe.network,
        data=material.said,
        recipe=asdict(recipe) | {"epochs": len(history)},
        seed=recipe.seed,
        accuracy=right,
        ink_accuracy=ink_right,
        sha256={},
        name=how.name,
        temperature=temperature,
        **export.facts(network),
    )

    def write_files(folder: Path) -> None:
        report(Stage(_("writing the model")))
        export.export(network, folder, half=recipe.half, int8=recipe.int8)
        (folder / HISTORY_FILE).write_text("".join(f"{to_line(epoch)}\n" for epoch in history), encoding="utf-8")
        (folder / CURVES_FILE).write_bytes(charts.png(charts.draw_curves(history)))

    def check(fresh: Bundle) -> None:
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        if against:
            report(Stage(_("comparing the models")))
            report(compare(against, recognizer, data, drawn(), how.kept))

    output = place.put(how, data, partial(write_bundle, write_files=write_files, card=card), check, report)
    report(Finished(str(output), right, round(time.monotonic() - began, 3), ink_right))
    return teachers, output


def _to_go_on_from(bundle: Bundle, name: str, said: dict[str, Any]) -> keras.Model:
    """Return a bundle's network, to be trained on, and say so. Raises UserError when it isn't one of that name."""
    if bundle.card.network != name or bundle.card.origin != TRAINED:
        sentence = _(
            "The model in {path} is {network!r}, not a {wanted} that was trained here. Start from scratch, "
            "or choose its network."
        )
        raise UserError(sentence, path=bundle.path, network=bundle.card.network, wanted=name)
    said["start"] = {"date": bundle.card.date, "sha256": bundle.card.sha256.get(KERAS_FILE, "")}
    return export.trunk(bundle)


def _finished(network: keras.Model, recipe: Recipe, validation: Labelled) -> tuple[keras.Model, float | None]:
    """Return a network as its recipe finishes it, and the temperature where it's calibrated."""
    temperature = None
    if recipe.calibrate or recipe.views or recipe.half:
        network = export.finished(network, views=recipe.views)
    if recipe.calibrate and len(validation) >= FEWEST_TO_CALIBRATE:
        temperature = export.calibrate(network, scaled(validation.images), validation.labels)
        print(f"temperature: {temperature:.3f}")  # noqa: T201
    if recipe.half:
        export.halve(network)
    return network, temperature


def logging_to(folder: Path, report: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return ``report`` that also logs losses and accuracies, as Keras' callback names them, under ``folder``.

    A network's training and validation are a run each, and so are a teacher's. Raises UserError without TensorBoard.
    """
    if importlib.util.find_spec("tensorboard") is None:
        if FROZEN:
            raise UserError(_("TensorBoard isn't in this download; leave out --tensorboard."))
        sentence = _("TensorBoard isn't installed; leave out --tensorboard, or install it with: {command}")
        raise UserError(sentence, command=installation.command("test", "tensorboard"))
    role = ""

    @cache
    def writer_to(place: Path) -> Any:
        return tf.summary.create_file_writer(str(place))

    def write(run: str, epoch: int, loss: float, accuracy: float) -> None:
        writer = writer_to(folder / role / run)
        with writer.as_default(step=epoch):
            tf.summary.scalar("epoch_loss", loss)
            tf.summary.scalar("epoch_accuracy", accuracy)
        writer.flush()  # so that it can be watched

    def log(event: Event) -> None:
        nonlocal role
        report(event)
        if isinstance(event, Started):
            role = event.role
        if isinstance(event, EpochDone):
            try:
                write("train", event.epoch, event.loss, event.accuracy)
                write("validation", event.epoch, event.validation_loss, event.validation_accuracy)
            except tf.errors.OpError as error:
                sentence = _("The logs can't be written to {folder}; choose another --tensorboard.")
                raise UserError(sentence, folder=folder) from error

    return log
