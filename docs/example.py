"""``python -m docs.example``: make the example page again that the window offers at its first start.

It's a made-up table in the hand of one of the people that the model has learned from (UCI's pen digits, CC BY 4.0).
"""

from __future__ import annotations

import numpy as np

from app.ui.window.first_minute import EXAMPLE
from benchmarks.pages import hands_of
from model.training.synthetic.pages import page

KIND, SEED = "table", 157  # which was chosen by eye: a sheet on a desk, in ink, that looks like somebody's
QUALITY = 82  # of the JPEG, as telephones have it


def main() -> None:
    """Make it."""
    made = page(KIND, hands_of("train"), np.random.default_rng([SEED]))
    EXAMPLE.parent.mkdir(exist_ok=True)
    made.picture.convert("RGB").save(EXAMPLE, quality=QUALITY)


if __name__ == "__main__":
    main()
