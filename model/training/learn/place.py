"""Where a trained model goes: in place of an older one, or next to it if that reads more. Imports TensorFlow."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from model.base.errors import UserError
from model.base.events import Event, Noted
from model.base.files import real, unused
from model.base.language import _
from model.bundle.bundle import CHECKPOINT_FILE, Bundle, BundleError, open_bundle, reserved
from model.data import architectures
from model.data.data import Mnist
from model.data.recipe import How
from model.judging.versus import right_of
from model.reading.recognizer import Recognizer
from model.training.pinned import keras

COPIES = (
    6  # of its weights on the disk at once: in the files, on the way there, and in a checkpoint with the optimizer's
)
ROOM_BESIDE = 2_000_000  # bytes: the card, the history, the curves
MEGABYTE = 1_000_000  # bytes


class _WorseError(Exception):
    """The model that stands in a new one's place reads more: both shares of the test images."""

    def __init__(self, before: float, now: float):
        super().__init__(before, now)


def check_room(place: Path, network: str) -> None:
    """Raise UserError if the disk has no room for what a training writes: now, and not after its epochs."""
    weights = architectures.build(keras, network).count_params()
    keras.utils.clear_session()  # so that the layers of the network to be trained are counted from the first
    needed = weights * np.dtype(np.float32).itemsize * COPIES + ROOM_BESIDE
    folder = next(each for each in real(place).parents if each.is_dir())
    free = shutil.disk_usage(folder).free
    if free < needed:
        sentence = _(
            "The training needs {needed:,} MB on the disk of {folder}, and {free:,} MB are free; "
            "make room there, or choose another folder."
        )
        raise UserError(sentence, needed=-(-needed // MEGABYTE), folder=folder, free=free // MEGABYTE)


def put(
    how: How,
    data: Mnist,
    write: Callable[..., Bundle],
    check: Callable[[Bundle], object],
    report: Callable[[Event], None],
) -> Path:
    """Write a bundle to its place and return that, or next to it if there's a better one, which is reported.

    ``write`` is `write_bundle` except for the place, and the ``check`` that keeps a bundle out. Raises what they do.
    """
    standing = None if how.replace else _standing(how.output)

    def hold(fresh: Bundle) -> None:
        check(fresh)
        if standing:
            before, now = right_of(standing, data), right_of(Recognizer(fresh), data)
            if before > now:
                raise _WorseError(before, now)

    try:
        write(how.output, check=hold)  # it replaces what was there, the checkpoint too
    except _WorseError as worse:
        before, now = worse.args
    else:
        return how.output
    beside = unused(how.output)
    with reserved(beside):
        write(beside)
    (how.output / CHECKPOINT_FILE).unlink(missing_ok=True)
    sentence = _(
        "The model in {place} reads {before:.2%} of the test images and the new one {now:.2%}, so the older one stays. "
        "The new one is in {beside}; with --replace it would have taken the place."
    )
    report(Noted(sentence.format(place=how.output, before=before, now=now, beside=beside)))
    return beside


def _standing(place: Path) -> Recognizer | None:
    """Return what reads with the model in a folder; None where there's none that can."""
    try:
        return Recognizer(open_bundle(place))
    except BundleError:
        return None
