"""Trains the eye on made-up paper, judges it, and puts it into a bundle. Imports TensorFlow."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from model.base.errors import UserError
from model.base.events import EpochDone, Event, Finished, Progress, Stage, Started
from model.base.language import _
from model.bundle.bundle import EYE_KERAS_FILE, EYE_LITERT_FILE, Bundle, check_target, open_bundle, write_bundle
from model.reading.recognizer import Recognizer, self_test
from model.training.doubt.not_digits import Given
from model.training.eye import certain
from model.training.eye.network import build, loss, write_export
from model.training.eye.windows import Windows, batch, windows
from model.training.files import export
from model.training.learn import device
from model.training.pinned import keras, tf
from model.training.synthetic.writing import Hands

EPOCHS = 75  # about three quarters of an hour on two cores
WINDOWS = 2000  # of new pictures, an epoch
PASSES = 2  # over them
BATCH = 16
RATE, FURTHER = 3e-3, 1.5e-3  # of learning, at most: from scratch, and of an eye that has learned before
JUDGED = 400  # windows of the validation people's pictures, and of the judges'


@dataclass(frozen=True, slots=True)
class How:
    """How the eye is trained."""

    epochs: int = EPOCHS
    seed: int = 0
    start: Path | None = None  # the bundle whose eye is trained on


def add_eye(how: How, given: Given, model: Path, output: Path, report: Callable[[Event], None]) -> None:
    """Train the eye, and write a model's bundle with it, maybe in its place.

    Started, Progress, EpochDone and Finished are reported, the share of overlap of the digits' ink for the accuracy;
    what ``report`` raises stops the training. Raises UserError: the model, its start or the output can't be used, or
    there's no ink to train, to validate and to judge by.
    """
    began = time.monotonic()
    check_target(output)
    bundle = open_bundle(model)
    bundle.verify()
    start = open_bundle(how.start) if how.start else None
    weights = _weights(start) if start else None
    ink, letters = given.ink, given.letters
    if not (ink.train and ink.validation and ink.judge):
        raise UserError(
            _("The eye needs people's digits to train, to validate and to judge; give --ink and a people.json.")
        )
    chosen = device.choose("auto")
    report(Stage(_("drawing paper")))
    images, labels, kept = given.data.train_images, given.data.train_labels, -given.held_back
    hands = Hands.of(ink.train, letters.train, images[:kept], labels[:kept])
    others = Hands.of(ink.validation, letters.validation, images[kept:], labels[kept:])
    validation = windows(others, JUDGED, _random(how.seed, -1))
    with chosen.strategy.scope():
        network, history = fit(how, hands, validation, chosen.name, report, weights=weights)
    judges = Hands.of(ink.judge, letters.judge, given.data.test_images, given.data.test_labels)
    _lost, overlap = judge(network, windows(judges, JUDGED, _random(how.seed, -2)))
    facts = export.facts(network)
    earlier = start.card.eye.get("epochs") if start else 0
    epochs = how.epochs + (earlier if isinstance(earlier, int) else 0)
    eye = {
        "weights": facts["weights"],
        "int8": True,
        "epochs": epochs,
        "windows": epochs * WINDOWS,
        "overlap": {"validation": round(history[-1].validation_accuracy, 4), "judge": round(overlap, 4)},
        "seed": how.seed,
        "date": facts["date"],
    }

    def write_files(folder: Path) -> None:
        bundle.copy_files(folder)
        network.save(folder / EYE_KERAS_FILE)
        write_export(network, folder / EYE_LITERT_FILE)

    def check(fresh: Bundle) -> None:
        self_test(Recognizer(fresh))

    made = write_bundle(output, write_files, replace(bundle.card, eye=eye), check)
    report(Stage(_("measuring how sure the eye is")))
    make_certain(made, others, _random(how.seed, how.epochs))
    report(Finished(str(output), None, round(time.monotonic() - began, 3)))


def make_certain(bundle: Bundle, hands: Hands, random: np.random.Generator) -> None:
    """Fit how sure a bundle's readings of pictures may be, on people who didn't train it, and write it on its card."""
    eye = {**bundle.card.eye, "certainty": certain.fitted(Recognizer(bundle), hands, random)}
    write_bundle(bundle.path, bundle.copy_files, replace(bundle.card, eye=eye))


def fit(  # noqa: PLR0913  (what there is to know of a training)
    how: How,
    hands: Hands,
    validation: Windows,
    where: str,
    report: Callable[[Event], None],
    *,
    weights: list[Any] | None = None,
) -> tuple[Any, list[EpochDone]]:
    """Train the eye on new pictures each epoch, which are drawn while it learns from the previous ones.

    With ``weights``, it starts from them, at a lower rate.
    """
    seed, epochs = how.seed, how.epochs
    keras.utils.set_random_seed(seed)
    network = build()
    if weights is not None:
        network.set_weights(weights)
    steps = PASSES * -(-WINDOWS // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0,
        epochs * steps - steps // 2,
        warmup_target=RATE if weights is None else FURTHER,
        warmup_steps=steps // 2,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3)
    optimizer.build(network.trainable_variables)

    @tf.function  # type: ignore[untyped-decorator]
    def step(given: Any, truth: Any) -> Any:
        with tf.GradientTape() as tape:
            lost, share = loss(truth, network(given, training=True))
        gradients = tape.gradient(lost, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return tf.stack([lost, share])

    report(
        Started(
            network="eye",
            weights=network.count_params(),
            device=where,
            train_images=WINDOWS,
            validation_images=JUDGED,
            test_images=JUDGED,
            epochs=epochs,
            steps=steps,
        )
    )
    history: list[EpochDone] = []
    with ThreadPoolExecutor(1) as drawing:
        coming = drawing.submit(windows, hands, WINDOWS, _random(seed, 0))
        for number in range(1, epochs + 1):
            began = time.monotonic()
            made = coming.result()
            if number < epochs:
                coming = drawing.submit(windows, hands, WINDOWS, _random(seed, number))
            random = np.random.default_rng((seed, number, 1))
            order = np.concatenate([random.permutation(WINDOWS) for _pass in range(PASSES)])
            totals, done = np.zeros(2), 0
            for first in range(0, len(order), BATCH):
                totals += step(*map(tf.constant, batch(made, order[first : first + BATCH]))).numpy()
                done += 1
                report(Progress(number, done, *(float(total / done) for total in totals)))
            lost, share = (totals / done).tolist()
            judged = judge(network, validation)
            history.append(EpochDone(number, lost, share, *judged, round(time.monotonic() - began, 3)))
            report(history[-1])
    return network, history


def judge(network: Any, made: Windows) -> tuple[float, float]:
    """Return the mean loss, and the share of overlap of the digits' ink."""
    results = []
    for first in range(0, len(made[0]), BATCH):
        given, truth = batch(made, np.arange(first, min(first + BATCH, len(made[0]))))
        results.append([float(each) for each in loss(truth, network(given, training=False))])
    lost, share = np.mean(results, 0)
    return float(lost), float(share)


def _weights(start: Bundle) -> list[Any]:
    """Return the weights of a bundle's eye. Raises UserError: it has none, or one of another shape."""
    network = build()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / EYE_KERAS_FILE
        try:
            file.write_bytes(start.read(EYE_KERAS_FILE))
            network.load_weights(file)  # the layers are ours: nothing else of the file is built
        except Exception as error:  # Keras raises whatever it likes
            sentence = _("The model in {path} has no eye to go on from. Choose another one for --from.")
            raise UserError(sentence, path=start.path) from error
    return list(network.get_weights())


def _random(seed: int, number: int) -> np.random.Generator:
    return np.random.default_rng((seed, number + 2))
