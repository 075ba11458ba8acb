"""``python -m model export``: a model as a file for other programs, compared with the model before it's kept."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.base import events
from model.base.errors import UserError
from model.base.files import UNFINISHED, flush_file, flush_folder, share
from model.base.installation import loading_tensorflow
from model.base.language import _
from model.bundle.bundle import KERAS_FILE, LITERT_FILE, Bundle, open_bundle
from model.commands.listener import Report
from model.reading.recognizer import Recognizer
from model.training.opened.probe import probe

EACH = 25  # images of each of the forty shapes: 1,000
ALIKE = 0.99  # of them get the same answer; the LiteRT file's weights are rounded, the others' aren't

Array = npt.NDArray[np.float32]


def export(arguments: argparse.Namespace, report: Report) -> None:
    """Write a model in one of the formats, and report how many drawn digits it reads as the model does."""
    began = time.monotonic()
    model, target = open_bundle(arguments.model), arguments.output.absolute()
    recognizer = Recognizer(model)
    images, _digits = probe(EACH)
    expected = np.array([recognizer.probabilities(image) for image in images]).argmax(1)
    try:
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as beside:
            place = Path(beside) / target.name
            found = _written(model, arguments, place, images, report)
            same = int((found.argmax(1) == expected).sum())
            if not same >= ALIKE * len(images):
                sentence = _("It answers only {same:,} of {count:,} drawn digits as the model does, so it isn't kept.")
                raise UserError(sentence, same=same, count=len(images))
            made = [place, *place.rglob("*")]
            for each in made:
                if each.is_file():
                    flush_file(each)
            share(made)
            arguments.check(arguments)  # somebody may have been quicker
            place.rename(target)
        flush_folder(target.parent)
    except OSError as error:
        sentence = _("{path} can't be written ({reason}); choose another place.")
        raise UserError(sentence, path=target, reason=error.strerror or error) from error
    note = _("Of {count:,} drawn digits it answers {same:,} as the model does.")
    report(events.Noted(note.format(count=len(images), same=same)))
    report(events.Finished(str(target), None, round(time.monotonic() - began, 3)))


def _written(model: Bundle, arguments: argparse.Namespace, place: Path, images: Array, report: Report) -> Array:
    """Write a model next to its place, read it back, and return its answers. Raises OSError, UserError."""
    form = arguments.format
    if form == "tflite":
        place.write_bytes(model.read(LITERT_FILE))
        return _of_litert(place.read_bytes(), images)
    report(events.Stage(_("loading TensorFlow")))
    with loading_tensorflow(_(arguments.needed)):
        from model.training.files import forms  # noqa: PLC0415  (seconds, which LiteRT's own form needs not)
        from model.training.files.export import load  # noqa: PLC0415
    report(events.Stage(_("writing the model")))
    forms.write(load(model, KERAS_FILE), form, place)
    report(events.Stage(_("reading it back")))
    return forms.answers(form, place, images)


def _of_litert(content: bytes, images: Array) -> Array:
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  (the model has been read: it's there and works)

    network = Interpreter(model_content=content, num_threads=1)
    network.allocate_tensors()
    (start,), ends = network.get_input_details(), network.get_output_details()
    (end,) = (end for end in ends if tuple(end["shape"]) == (1, 10))
    found = []
    for image in images:
        network.set_tensor(start["index"], image[None])
        network.invoke()
        found.append(network.get_tensor(end["index"])[0].copy())
    return np.stack(found)
