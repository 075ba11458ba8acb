"""Arrays as the user gave them, and the sentences that reject them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.language import N_, _

LARGEST_DATA = 400_000_000  # bytes of all arrays together, half a million images, and of a file that holds them
CHOOSE = N_(
    "choose an .npz or .csv file of images and their labels, or a folder with MNIST's IDX files or with a folder of "
    "pictures for each digit"
)
AGAIN = N_(
    "download it again, or choose an .npz or .csv file of images and their labels, or a folder with MNIST's IDX files "
    "or with a folder of pictures for each digit"
)


class DataError(UserError):
    """A data file that can't be used; the text says which one, why, and what to do."""

    instead = "data"


class Array(NamedTuple):
    """An array, and what it's called in sentences: a file's name, or a member's and its file's."""

    name: str
    array: npt.NDArray[np.generic]


def wrong(sentence: str, **words: object) -> DataError:
    """Return the error for some data; ``{choose}`` and ``{again}`` in the sentence say what to do."""
    return DataError(sentence, choose=_(CHOOSE), again=_(AGAIN), **words)


def too_large(path: Path, most: int) -> DataError:
    """Return the error for a file of more than ``most`` bytes, packed or not."""
    return wrong(_("{path} is larger than {most} MB; {choose}."), path=path, most=most // 1_000_000)
