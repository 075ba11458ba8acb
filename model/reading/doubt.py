"""What the network that doubts answers: which of the ten digits an image shows, or that it shows none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

NONE = 10  # the place of "no digit" among its answers, and the label of what isn't one
ANSWERS = 11


def doubts(answers: npt.NDArray[np.floating], labels: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Return how much images are doubted, (n,), for the network's answers, (n, `ANSWERS`).

    An image that's labelled as a digit is doubted to be that one; any other, to be the digit that it's most like.
    """
    own = np.take_along_axis(answers, np.minimum(labels, NONE - 1)[:, None].astype(np.intp), 1)[:, 0]
    return 1 - np.where(labels == NONE, answers[:, :NONE].max(1), own).astype(np.float64)
