"""Makes a bundle that can read from somebody else's LiteRT network, after checking it and trying it on drawn digits."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np

from model.base.events import Event, Opened, Stage
from model.base.files import read_plain
from model.base.language import _
from model.base.silence import without_standard_error
from model.bundle import litert_check, litert_ends
from model.bundle.bundle import LARGEST_NETWORK, LITERT_FILE, Bundle, write_bundle
from model.bundle.card import OPENED, Card
from model.bundle.litert_shapes import OtherEndsError, UnsoundError
from model.reading.litert import LITERT
from model.reading.recognizer import Recognizer, self_test
from model.training.files.allowed import OpenError
from model.training.opened.manner import NORMALIZED, Array, Asked, find
from model.training.opened.probe import probe


def open_litert(file: Path, output: Path, asked: Asked, name: str, report: Callable[[Event], None]) -> None:
    """Make a model bundle from a LiteRT file; it can read, but not be trained further. Opened is reported.

    Raises OpenError if it isn't a LiteRT file, or we can't read with its network.
    """
    report(Stage(_("checking the file")))
    try:
        content = read_plain(file, LARGEST_NETWORK)
    except OSError as error:
        raise OpenError(_("{name} can't be read ({reason})."), name=file.name, reason=error.strerror) from error
    plain = fitted(content, file.name)
    manner = find(reader(plain, file.name), asked, (28, 28))
    if manner.scale == NORMALIZED or manner.outputs == "scores":
        sentence = _(
            "{name} wants normalized images, or answers with scores; open the Keras file that it was made from."
        )
        raise OpenError(sentence, name=file.name)
    ink = float(manner.scale)
    scale, offset = (ink, 0.0) if manner.ink == "bright" else (-ink, ink)
    whole = fitted(content, file.name, scale, offset, logits=manner.outputs == "logits")
    how = {"scale": manner.scale, "ink": manner.ink, "outputs": manner.outputs}
    card = Card(
        network=file.stem,
        weights=litert_ends.weights(plain),
        data={"opened": file.name, "sha256": hashlib.sha256(content).hexdigest(), **how},
        recipe={},
        seed=0,
        accuracy=None,
        sha256={},
        versions={"python": platform.python_version(), LITERT: metadata.version(LITERT)},
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        name=name or file.stem,
        origin=OPENED,
        reads_only=True,
    )

    def write_files(folder: Path) -> None:
        report(Stage(_("writing the model")))
        (folder / LITERT_FILE).write_bytes(whole)

    def check(fresh: Bundle) -> None:
        self_test(Recognizer(fresh))

    write_bundle(output, write_files, card, check)
    images, digits = probe()
    right = int((reader(whole, file.name)(images).argmax(1) == digits).sum())
    report(Opened(str(output), manner.scale, manner.ink, manner.outputs, right, len(digits)))


def fitted(content: bytes, name: str, scale: float = 1.0, offset: float = 0.0, *, logits: bool = False) -> bytes:
    """Return the content of a file of this name, checked, and with the input and output we need. Raises OpenError."""
    try:
        whole = litert_ends.fitted(content, scale=scale, offset=offset, logits=logits)
        litert_check.check(whole, litert_ends.IMAGE, litert_ends.ANSWER)
    except OtherEndsError as error:
        sentence = _(
            "The network in {name} doesn't make ten numbers of an image of 28x28 or 784; open the Keras file that it "
            "was made from."
        )
        raise OpenError(sentence, name=name) from error
    except UnsoundError as error:
        raise _other(name) from error
    return whole


def _other(name: str) -> OpenError:
    sentence = _(
        "The network in {name} has more in it than a network of Keras' usual layers, or is damaged; open the Keras "
        "file that it was made from."
    )
    return OpenError(sentence, name=name)


def reader(content: bytes, name: str) -> Callable[[Array], Array]:
    """Return a function that reads images, (n, 28, 28), with the network in a fitted file.

    Raises OpenError, which names the original file, if LiteRT doesn't know that version of an operation.
    """
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  (an older one says so where a model is read)

    try:
        with without_standard_error():  # XNNPACK announces itself there
            network = Interpreter(model_content=content, num_threads=1)
            network.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise _other(name) from error
    (start,), (end, *_more) = network.get_input_details(), network.get_output_details()

    def read(images: Array) -> Array:
        found = []
        for image in images:
            network.set_tensor(start["index"], np.asarray(image[None], np.float32))
            network.invoke()
            found.append(network.get_tensor(end["index"])[0].copy())
        return np.stack(found)

    return read
