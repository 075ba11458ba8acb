"""What's rehearsed: drawn once for each network, and kept."""

from pathlib import Path

import numpy as np
import pytest

from model.bundle.bundle import DOUBT_LITERT_FILE, open_bundle
from model.bundle.litert_head import Head
from model.learning import rehearsal
from model.learning.own import Own
from model.learning.standing import Seen, said
from model.reading.doubt import ANSWERS
from model.training.opened.probe import skeletons


def test_it_is_kept_drawn_anew_where_that_is_damaged_and_only_a_few_networks_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "OTHERS", (30, 20))
    head = Head(open_bundle().read(DOUBT_LITERT_FILE), ANSWERS)
    for number in range(rehearsal.MOST_KEPT):
        (tmp_path / f"{number}.npz").write_bytes(b"")
    drawn = rehearsal.of_doubt(head, tmp_path)
    (kept,) = tmp_path.glob("doubt-*.npz")
    assert len(list(tmp_path.iterdir())) == rehearsal.MOST_KEPT
    assert (len(drawn.rehearsed), len(drawn.checked)) == (60, 40)
    whole = kept.read_bytes()
    for content in (whole, whole[: len(whole) // 2], b"", whole.replace(b"rehearsed", b"something")):
        kept.write_bytes(content)
        again = rehearsal.of_doubt(head, tmp_path)
        assert all((getattr(drawn, name) == getattr(again, name)).all() for name in drawn._fields)
        assert kept.read_bytes() == whole


def test_why_a_drawing_stands_against_a_model_is_told_from_others_and_from_what_was_drawn() -> None:
    one, other, *_rest, last = skeletons()
    own = Own.of([one, last])
    answers = np.full((2, 10), 0.001, np.float32)
    features = own.images.reshape(2, -1)
    against = np.array([True, False])
    seen = Seen(np.concatenate([features[:1]] * 25), np.full(25, 8, np.uint8))
    assert said(own, answers, features, ~against & against, seen) == ""
    assert "too small" in said(own, answers, features, against, seen)
    answers[0, 8] = 0.99
    assert said(own, answers, features, against, seen).startswith("A drawing that's saved as 0 looks like 8.")
    own.labels[1] = 5
    own.images[1] = own.images[0]
    assert said(own, answers, features, against, seen).startswith("Nearly the same drawing is saved as 0 and as 5.")
    assert other.label == one.label
