"""A Keras model of the user's own made into a bundle: load, find how it reads, wrap, write. Imports TensorFlow."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

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
from model.training.opened.manner import Asked, Manner, UnclearError, find
from model.training.opened.probe import probe
from model.training.pinned import keras

INPUTS = ((784,), (28, 28), (28, 28, 1))  # of one image
TOGETHER = 20  # images answered at once
NEARLY_NOTHING = 1e-7  # is added to scores, so that they can be divided by their sum
AGREEMENT = 1e-3  # of LiteRT's probabilities with Keras': usually 1e-6, but ink of 255 has cost as much as 4e-5


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep to ourselves what Keras thinks of how a file was made: it helps nobody here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@_without_warnings()
def open_model(file: KerasFile, output: Path, asked: Asked, name: str, report: Callable[[Event], None]) -> None:
    """Make a bundle of a checked Keras file.

    Args:
        file: the private copy of the user's file.
        output: the folder to write.
        asked: what the user said of how the network reads.
        name: what to call the model; empty: as its file is called.
        report: is called with Stage and Opened; what it raises stops it.

    Raises:
        UserError: the network cannot be used, or not be written; UnclearError where the user must say how it reads.
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
        raise UnclearError(
            _("The answers of {name} are not {outputs}; say with --outputs what they are, or leave it away."),
            name=file.name,
            outputs=manner.outputs,
        )

    def write_files(folder: Path) -> None:
        report(Stage(_("writing the model")))
        with _told(
            _("The network in {name} cannot be written for LiteRT; build it of other layers.").format(name=file.name),
            OSError,
        ):
            export.export(whole, folder)

    def check(fresh: Bundle) -> None:
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        apart = np.abs([recognizer.probabilities(image) for image in images] - expected).max()
        if not apart <= AGREEMENT:
            raise OpenError(
                _(
                    "The network in {name} does not compute the same in LiteRT as in Keras (up to {apart:.1g} "
                    "apart), so it was not opened; build it of other layers."
                ),
                name=file.name,
                apart=apart,
            )

    card = Card(
        network=Path(file.name).stem,
        weights=whole.count_params(),
        data={
            "opened": file.name,
            "sha256": file.sha256,
            "scale": manner.scale,
            "ink": manner.ink,
            "outputs": manner.outputs,
        },
        recipe={},
        seed=0,
        versions=export.versions(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        accuracy=None,
        sha256={},
        name=name or Path(file.name).stem,
        origin=OPENED,
    )
    write_bundle(output, write_files, card, check)
    report(Opened(str(output), manner.scale, manner.ink, manner.outputs))


def load(file: KerasFile) -> keras.Model:
    """Return the network of a checked file, one that reads images (n, …) into (n, 10). Raises OpenError."""
    sentence = _("Keras cannot load {name}; save the model again with a current Keras, or choose another file.").format(
        name=file.name
    )
    with _told(sentence):
        network = keras.saving.load_model(file.path, compile=False, safe_mode=True)
        _check_shapes(network, file.name)
        # Its one input and its one output may be in lists or under names; from here on they are not.
        return keras.Model(network.inputs[0], network.outputs[0], name=network.name)


def answers(network: keras.Model, images: npt.NDArray[np.float32], name: str) -> npt.NDArray[np.float32]:
    """Return what a network makes of images (n, …): (n, 10).

    Args:
        network: one that was loaded.
        images: shaped as it reads them.
        name: its file's, for the sentence.

    Raises:
        OpenError: it can be loaded, but not run.
    """
    parts = (images[first : first + TOGETHER] for first in range(0, len(images), TOGETHER))
    with _told(_("The network in {name} fails when it reads an image; build it of other layers.").format(name=name)):
        return np.concatenate([np.asarray(network(part, training=False)) for part in parts])


def wrapped(network: keras.Model, manner: Manner) -> keras.Model:
    """Return a network that reads images (28, 28), 0 paper to 1 ink, into probabilities, by one that reads its way."""
    images = keras.Input((28, 28))
    bright = manner.ink == "bright"
    scale, offset = (manner.scale, 0) if bright else (-manner.scale, manner.scale)
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
        raise OpenError(
            _("The network in {name} does not say what it reads; give it an Input and save it again."), name=name
        )
    read, answered = ([tuple(end.shape[1:]) for end in ends] for ends in (network.inputs, network.outputs))
    if len(read) != 1 or read[0] not in INPUTS:
        raise OpenError(
            _(
                "The network in {name} reads {shapes}, and here an image is 784, 28x28 or 28x28x1 numbers; choose "
                "a network of MNIST's digits."
            ),
            name=name,
            shapes=_shapes(read),
        )
    if answered != [(10,)]:
        raise OpenError(
            _(
                "The network in {name} answers with {shapes}, and there are 10 digits; choose a network that "
                "answers with 10 numbers."
            ),
            name=name,
            shapes=_shapes(answered),
        )


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
