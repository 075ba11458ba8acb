"""An eye that takes everything dark for ink, for tests of what comes after the eye."""

import numpy as np

from model.reading.eye import Eye
from model.reading.picture import Grey
from model.reading.sight import HEIGHT, Sight


class PlainEye(Eye):
    """Sees each pixel as it is, without a network."""

    def __init__(self) -> None:
        self.certain = None

    def look(self, grey: Grey) -> Sight:
        digits = np.asarray((255 - grey.astype(np.float32)) / 255, np.float32)
        return Sight(grey, digits, np.zeros_like(digits), HEIGHT if digits.any() else 0.0, 1.0, grey)
