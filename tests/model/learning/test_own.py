"""The images that a network learns from the user's own drawings."""

import numpy as np
import pytest

from model.learning.own import Own
from model.training.opened.probe import skeletons
from model.training.synthetic import styles


def test_a_drawing_is_redrawn_in_its_own_style(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Own.of([drawing for drawing in skeletons() if drawing.label in {"0", "1", "7"}])
    hard = np.arange(len(own.labels)) % 2 == 0
    found = []
    for styled in (0, 1):
        monkeypatch.setattr(styles, "STYLED", styled)
        found.append(own.redrawn(hard))
    (images, places), (others, _same) = found
    assert (images == others).all()
    assert set(places.tolist()) == set(np.flatnonzero(hard).tolist())
    assert len({image.tobytes() for image in images}) > len(places) / 2  # each time in another shape
