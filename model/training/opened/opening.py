"""A Keras model of somebody's own made into a bundle: load, find out how it reads, wrap, write. Imports TensorFlow."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.events import Event, Opened, Stage
from model.base.language import _
from model.bundle.bundle import Bundle, write_bundle
from model.bundle.card import OPENED, Card
from model.reading.recognizer import Recognizer, self_test
from model.training.files import export
from model.training.files.allowed import OpenError
from model.training.files.keras_file import KerasFile
from model.training.opened.probe import probe
from model.training.pinned import keras

INPUTS = ((784,), (28, 28), (28, 28, 1))  # of one image
READ_AT_ONCE = 20  # images
NEARLY_NOTHING = 1e-7  # is added to scores, so that they can be divided by their sum
AGREEMENT = 1e-3  # of LiteRT's probabilities with Keras': usually 1e-6, but ink of 255 has cost as much as 4e-5

SCALES = (1, 255)
INKS = ("bright", "dark")
WELL_ABOVE_CHANCE = 0.5  # of the probe read right: below it, nothing can be told
CLEARLY = 0.2  # of the probe: so much better must the one polarity be than the other
ABOUT = 0.05  # of the probe: scales that are no further apart are equally good
SURE = 0.3  # the mean largest probability; barely trained networks had 0.5 at their own scale, others at a 255th 0.16

Array: TypeAlias = npt.NDArray[np.float32]


class UnclearError(OpenError):
    """How a network reads could not be told; the user may know."""

    instead = "ask"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said of how a network reads; None: find out."""

    scale: int | None = None
    ink: str | None = None
    outputs: str | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a network reads: how large ink is, whether it is bright or dark, and what its answers are."""

    scale: int
    ink: str
    outputs: str


def open_model(file: KerasFile, output: Path, asked: Asked, name: str, report: Callable[[Event], None]) -> None:
    """Make a bundle of a checked Keras file, called as the file is where no name is given.

    Stage and Opened are reported; what ``report`` raises stops it. Raises UserError: the network cannot be used, or not
    be written; UnclearError where the user must say how it reads.
    """
    report(Stage(_("loading the network")))
    network = load(file)
    report(Stage(_("finding out how it reads")))
    shape = network.inputs[0].shape[1:]
    manner = find(lambda images: answers(network, images.reshape(-1, *shape), file.name), asked)
    whole = wrapped(network, manner)
    images, _digits = probe()
    expected = answers(whole, images, file.name)
    if not (np.all(expected >= 0) and np.allclose(expected.sum(1), 1, atol=1e-3)):
        sentence = _("The answers of {name} are not {outputs}; say with --outputs what they are, or leave it away.")
        raise UnclearError(sentence, name=file.name, outputs=manner.outputs)

    def write_files(folder: Path) -> None:
        report(Stage(_("writing the model")))
        sentence = _("The network in {name} cannot be written for LiteRT; build it of other layers.")
        with _told(sentence.format(name=file.name), OSError):
            export.export(whole, folder)

    def check(fresh: Bundle) -> None:
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        apart = np.abs([recognizer.probabilities(image) for image in images] - expected).max()
        if not apart <= AGREEMENT:
            sentence = _(
                "The network in {name} does not compute the same in LiteRT as in Keras (up to {apart:.1g} apart), so "
                "it was not opened; build it of other layers."
            )
            raise OpenError(sentence, name=file.name, apart=apart)

    stem = Path(file.name).stem
    how = {"scale": manner.scale, "ink": manner.ink, "outputs": manner.outputs}
    card = Card(
        network=stem,
        data={"opened": file.name, "sha256": file.sha256, **how},
        recipe={},
        seed=0,
        accuracy=None,
        sha256={},
        name=name or stem,
        origin=OPENED,
        **export.facts(whole),
    )
    write_bundle(output, write_files, card, check)
    report(Opened(str(output), manner.scale, manner.ink, manner.outputs))


def load(file: KerasFile) -> keras.Model:
    """Return the network of a checked file, one that reads images (n, …) into (n, 10). Raises OpenError."""
    sentence = _("Keras cannot load {name}; save the model again with a current Keras, or choose another file.")
    with _told(sentence.format(name=file.name)):
        network = keras.saving.load_model(file.path, compile=False, safe_mode=True)
        _check_shapes(network, file.name)
        # Its one input and its one output may be in lists or under names; from here on they are not.
        return keras.Model(network.inputs[0], network.outputs[0], name=network.name)


def answers(network: keras.Model, images: Array, name: str) -> Array:
    """Return what a network that was loaded makes of images (n, …), shaped as it reads them: (n, 10).

    Raises OpenError, which names its file, where it cannot be run.
    """
    parts = (images[first : first + READ_AT_ONCE] for first in range(0, len(images), READ_AT_ONCE))
    with _told(_("The network in {name} fails when it reads an image; build it of other layers.").format(name=name)):
        return np.concatenate([np.asarray(network(part, training=False)) for part in parts])


def wrapped(network: keras.Model, manner: Manner) -> keras.Model:
    """Return a network that reads images (28, 28), 0 paper to 1 ink, into probabilities, by one that reads its way."""
    images = keras.Input((28, 28))
    scale, offset = (manner.scale, 0) if manner.ink == "bright" else (-manner.scale, manner.scale)
    x = keras.layers.Rescaling(scale, offset, name="inkling_scale")(images)
    x = keras.layers.Reshape(network.inputs[0].shape[1:], name="inkling_shape")(x)
    x = network(x)
    if manner.outputs == "scores":  # softmax of the logarithm: the scores divided by their sum
        x = keras.layers.ReLU(name="inkling_score")(x)
        x = keras.ops.log(keras.layers.Rescaling(1, NEARLY_NOTHING, name="inkling_more_than_nothing")(x))
    if manner.outputs != "probabilities":
        x = keras.layers.Softmax(name="inkling_answer")(x)
    return keras.Model(images, x, name="opened")


def _check_shapes(network: keras.Model, name: str) -> None:
    """Raise OpenError unless a network reads one image into ten numbers."""
    if not getattr(network, "inputs", None):
        sentence = _("The network in {name} does not say what it reads; give it an Input and save it again.")
        raise OpenError(sentence, name=name)
    read, answered = ([tuple(end.shape[1:]) for end in ends] for ends in (network.inputs, network.outputs))
    if len(read) != 1 or read[0] not in INPUTS:
        sentence = _(
            "The network in {name} reads {shapes}, and here an image is 784, 28x28 or 28x28x1 numbers; choose a "
            "network of MNIST's digits."
        )
        raise OpenError(sentence, name=name, shapes=_shapes(read))
    if answered != [(10,)]:
        sentence = _(
            "The network in {name} answers with {shapes}, and there are 10 digits; choose a network that answers with "
            "10 numbers."
        )
        raise OpenError(sentence, name=name, shapes=_shapes(answered))


def _shapes(shapes: list[tuple[int | None, ...]]) -> str:
    return _(" and ").join(
        "x".join(_("any") if side is None else str(side) for side in shape) or _("one") for shape in shapes
    )


@contextmanager
def _told(sentence: str, *passing: type[Exception]) -> Iterator[None]:
    """Say the sentence instead of whatever Keras raises; its trace goes to standard error."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (UserError, *passing)):
            raise
        traceback.print_exc()
        raise OpenError(sentence) from error


def find(answer: Callable[[Array], Array], asked: Asked) -> Manner:
    """Return how a network reads, as far as nobody said it: let it read the probe in each manner that there is.

    ``answer`` is what it makes of images (n, 28, 28), scaled its way: (n, 10). Raises UnclearError.
    """
    scales = SCALES if asked.scale is None else (asked.scale,)
    inks = INKS if asked.ink is None else (asked.ink,)
    tries = {ink: [_tried(answer, scale, ink, asked.outputs) for scale in scales] for ink in inks}
    if len(scales) == len(inks) == 1:
        return tries[inks[0]][0].manner  # there is nothing to tell
    best = {ink: max(one.right for one in tried) for ink, tried in tries.items()}
    ink, *other = sorted(inks, key=lambda ink: -best[ink])
    if best[ink] < WELL_ABOVE_CHANCE:
        sentence = _(
            "It could not be told how this network wants its images: it reads at most {share:.0%} of the digits that "
            "it was tried with; if you know, say it with --ink and --scale."
        )
        raise UnclearError(sentence, share=best[ink])
    if other and best[ink] - best[other[0]] < CLEARLY:
        sentence = _(
            "It could not be told whether this network wants its ink bright or dark: it reads {bright:.0%} and "
            "{dark:.0%} of the digits that it was tried with; say it with --ink and --scale."
        )
        raise UnclearError(sentence, **best)
    good = [one for one in tries[ink] if one.right >= best[ink] - ABOUT]
    # Trained on 0 to 255, a network is unsure of all that is within 0 to 1; trained on 0 to 1, it is all too sure of
    # what goes to 255. So the small scale is right unless it leaves the network unsure.
    return next((one for one in good if one.sure >= SURE), good[-1]).manner


@dataclass(frozen=True, slots=True)
class _Try:
    manner: Manner
    right: float = 0.0  # fraction of the probe
    sure: float = 0.0  # the mean largest probability


def _tried(answer: Callable[[Array], Array], scale: int, ink: str, outputs: str | None) -> _Try:
    images, digits = probe()
    answers = answer((images if ink == "bright" else 1 - images) * np.float32(scale))
    if not np.isfinite(answers).all():
        return _Try(Manner(scale, ink, outputs or "logits"))
    kind = outputs or _kind(answers)
    likely = np.exp(answers - answers.max(1, keepdims=True)) if kind == "logits" else np.maximum(answers, 1e-7)
    sure = float((likely.max(1) / likely.sum(1)).mean())
    return _Try(Manner(scale, ink, kind), float((answers.argmax(1) == digits).mean()), sure)


def _kind(answers: Array) -> str:
    """Return what a network's answers are, (n, 10)."""
    sums = answers.sum(1)
    if answers.min() >= 0 and np.abs(sums - 1).max() < 1e-3:
        return "probabilities"
    if answers.min() >= 0 and answers.max() <= 1:
        return "scores"
    # Of a network that was taught zeros and ones by squares: about there, and about one together.
    near = (answers > -0.5) & (answers < 1.5)
    return "scores" if near.mean() > 0.99 and np.abs(sums - 1).mean() < 0.25 else "logits"
