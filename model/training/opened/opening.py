"""Makes a bundle from somebody's Keras model: load, find out how it reads, wrap, write. Imports TensorFlow."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.events import Event, Noted, Opened, Stage
from model.base.language import N_, _
from model.bundle.bundle import Bundle, write_bundle
from model.bundle.card import OPENED, Card
from model.reading.recognizer import Recognizer, self_test
from model.training.files import export
from model.training.files.allowed import OpenError
from model.training.files.keras_file import KerasFile
from model.training.opened.manner import NORMALIZED, Asked, Manner, UnclearError, find
from model.training.opened.probe import probe
from model.training.pinned import keras

INPUTS = ((784,), (28, 28), (28, 28, 1))  # for one image
DIGITS, WITH_NONE = 10, 11  # answers: for the digits, and also for what isn't one
OTHERS = {  # answers -> what a network with this many may tell apart instead
    2: N_("two things"),
    26: N_("letters"),
    27: N_("letters"),
    36: N_("digits and letters"),
    37: N_("digits and letters"),
    47: N_("digits and letters"),
    62: N_("digits and letters"),
    100: N_("pairs of digits"),
}
READ_AT_ONCE = 20  # images
NEARLY_NOTHING = 1e-7  # added to scores, so that they can be divided by their sum
NO_LENGTH = 1e-9  # added to a column's length, so that the column can be divided by it
AGREEMENT = 1e-3  # of LiteRT's probabilities with Keras': usually 1e-6, but ink of 255 has cost as much as 4e-5

Array: TypeAlias = npt.NDArray[np.float32]


def open_model(file: KerasFile, output: Path, asked: Asked, name: str, report: Callable[[Event], None]) -> None:
    """Make a bundle from a checked Keras file, with the file's name if no name is given.

    Stage and Opened are reported; what ``report`` raises stops it. Raises UserError if the network can't be used or
    written, and UnclearError if the user has to say how it reads.
    """
    report(Stage(_("loading the network")))
    network = load(file)
    if network.outputs[0].shape[1] == WITH_NONE:
        report(
            Noted(
                _("It answers with 11 numbers. The last one, which seems to stand for what isn't a digit, is left out.")
            )
        )
        network = keras.Model(network.inputs[0], network.outputs[0][:, :DIGITS], name=network.name)
    report(Stage(_("finding out how it reads")))
    shape = network.inputs[0].shape[1:]
    manner = find(lambda images: answers(network, images, file.name), asked, shape)
    whole = wrapped(network, manner)
    images, digits = probe()
    expected = answers(whole, images, file.name)
    if not (np.all(expected >= 0) and np.allclose(expected.sum(1), 1, atol=1e-3)):
        sentence = _("The answers of {name} aren't {outputs}. Choose another kind of answer, or none.")
        raise UnclearError(sentence, name=file.name, outputs=manner.outputs)

    def write_files(folder: Path) -> None:
        report(Stage(_("writing the model")))
        sentence = _("The network in {name} can't be converted to LiteRT. Build it from other layers.")
        with _told(sentence.format(name=file.name), OSError):
            export.export(whole, folder)

    def check(fresh: Bundle) -> None:
        recognizer = Recognizer(fresh)
        self_test(recognizer)
        apart = np.abs([recognizer.probabilities(image) for image in images] - expected).max()
        if not apart <= AGREEMENT:
            sentence = _(
                "The network in {name} doesn't compute the same in LiteRT as in Keras (up to {apart:.1g} apart), "
                "so it wasn't opened. Build it from other layers."
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
    right = int((expected.argmax(1) == digits).sum())
    report(Opened(str(output), manner.scale, manner.ink, manner.outputs, right, len(digits)))


def load(file: KerasFile) -> keras.Model:
    """Return the network in a checked file, which answers images (n, …) with (n, 10) or (n, 11). Raises OpenError."""
    sentence = _("Keras can't load {name}; save the model again with a current Keras, or choose another file.")
    with _told(sentence.format(name=file.name)):
        network = keras.saving.load_model(file.path, compile=False, safe_mode=True)
        _check_shapes(network, file.name)
        # Its only input and output may be in lists or under names; from here on they aren't.
        return keras.Model(network.inputs[0], network.outputs[0], name=network.name)


def answers(network: keras.Model, images: Array, name: str) -> Array:
    """Return a loaded network's answers, (n, 10), to images (n, …) in the shape that it reads.

    Raises OpenError, which names its file, if it can't be run.
    """
    parts = (images[first : first + READ_AT_ONCE] for first in range(0, len(images), READ_AT_ONCE))
    with _told(_("The network in {name} fails when it reads an image. Build it from other layers.").format(name=name)):
        return np.concatenate([np.asarray(network(part, training=False)) for part in parts])


def wrapped(network: keras.Model, manner: Manner) -> keras.Model:
    """Return a network from images (28, 28), 0 paper to 1 ink, to probabilities, around one that reads its own way."""
    images = keras.Input((28, 28))
    ink = 1 if manner.scale == NORMALIZED else int(manner.scale)
    scale, offset = (ink, 0) if manner.ink == "bright" else (-ink, ink)
    x = keras.layers.Rescaling(scale, offset, name="inkling_scale")(images)
    x = keras.layers.Reshape(network.inputs[0].shape[1:], name="inkling_shape")(x)
    if manner.scale == NORMALIZED:
        # Not UnitNormalization: it divides by the root of 0, and LiteRT returns NaN for that.
        length = keras.ops.sqrt(keras.ops.sum(keras.ops.square(x), axis=1, keepdims=True))
        x = x / (length + NO_LENGTH)
    x = network(x)
    if manner.outputs == "scores":  # the softmax of the logarithm is the scores divided by their sum
        x = keras.layers.ReLU(name="inkling_score")(x)
        x = keras.ops.log(keras.layers.Rescaling(1, NEARLY_NOTHING, name="inkling_more_than_nothing")(x))
    if manner.outputs != "probabilities":
        x = keras.layers.Softmax(name="inkling_answer")(x)
    return keras.Model(images, x, name="opened")


def _check_shapes(network: keras.Model, name: str) -> None:
    """Raise OpenError unless a network turns one image into ten numbers, or eleven."""
    if not getattr(network, "inputs", None):
        sentence = _("The network in {name} doesn't say what it reads. Give it an Input, and save it again.")
        raise OpenError(sentence, name=name)
    read, answered = ([tuple(end.shape[1:]) for end in ends] for ends in (network.inputs, network.outputs))
    if len(read) != 1 or read[0] not in INPUTS:
        sentence = _(
            "The network in {name} reads {shapes}, but an image is 784, 28x28 or 28x28x1 numbers here. "
            "Choose a network for MNIST's digits."
        )
        raise OpenError(sentence, name=name, shapes=_shapes(read))
    if answered not in ([(DIGITS,)], [(WITH_NONE,)]):
        sentence = _(
            "The network in {name} answers with {shapes}, but there are 10 digits. Choose a network that "
            "answers with 10 numbers."
        )
        what = OTHERS.get(answered[0][0] or 0) if len(answered) == len(answered[0]) == 1 else None
        if what:
            sentence = _(
                "The network in {name} answers with {shapes} numbers, as networks for {what} do, but there are "
                "10 digits. Choose a network for digits."
            )
        raise OpenError(sentence, name=name, shapes=_shapes(answered), what=what and _(what))


def _shapes(shapes: list[tuple[int | None, ...]]) -> str:
    return _(" and ").join(
        "x".join(_("any") if side is None else str(side) for side in shape) or _("one") for shape in shapes
    )


@contextmanager
def _told(sentence: str, *passing: type[Exception]) -> Iterator[None]:
    """Raise OpenError with the sentence instead of whatever Keras raises; the traceback goes to standard error."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (UserError, *passing)):
            raise
        traceback.print_exc()
        raise OpenError(sentence) from error
