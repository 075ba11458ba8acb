"""Data that isn't what it seems: noticed, repaired if that's safe, and reported."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base import events
from model.given import loading
from model.training.opened.probe import probe
from tests.conftest import save_npz


def loaded(tmp_path: Path, change: Callable[[Any], Any], labels: Callable[[Any], Any] = lambda labels: labels) -> Any:
    """Load drawn digits with a change: 160 to train on and 40 to test."""
    images, digits = probe()
    images = np.rint(images * 255).astype(np.uint8)
    order = np.random.default_rng(0).permutation(len(images))
    train, test = order[:160], order[160:]
    parts = {"x_train": change(images[train]), "y_train": labels(digits[train])}
    parts |= {"x_test": change(images[test]), "y_test": labels(digits[test])}
    told: list[events.Event] = []
    found = loading.load(save_npz(tmp_path / "mine.npz", **parts), told.append)
    assert [event.note for event in told if isinstance(event, events.Noted)] == list(found.notes)
    right = np.array_equal(found.train_images, images[train]) and np.array_equal(found.test_images, images[test])
    return right, found.notes


FEW = "There are only 160 images to learn from. A network that learns from so few reads other people's digits badly."
SCARCE = "There are fewer than 20 images"


def told(notes: tuple[str, ...]) -> list[str]:
    """Return the notes, except those on how few images there are."""
    assert FEW in notes
    return [note for note in notes if note != FEW and not note.startswith(SCARCE)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda images: images, None),
        (lambda images: 255 - images, "The images were dark on bright; they were turned into bright on dark."),
        (lambda images: images.swapaxes(1, 2), "The images lay on their side, as EMNIST's do; rows and columns were"),
        (lambda images: 255 - images.swapaxes(1, 2), "The images were dark on bright and lay on their side; both was"),
    ],
    ids=["right", "inverted", "transposed", "both"],
)
def test_images_that_are_turned_are_turned_back(tmp_path: Path, change: Callable[[Any], Any], said: str | None) -> None:
    right, notes = loaded(tmp_path, change)
    assert right
    assert [note[: len(said or "")] for note in told(notes)] == ([said] if said else [])


def test_of_a_thousand_images_nobody_says_that_they_are_few(tmp_path: Path) -> None:
    images, digits = probe()
    for times, is_few in ((5, False), (1, True)):
        part = np.concatenate([np.rint(images[:200] * 255).astype(np.uint8)] * times)
        labels = np.concatenate([digits[:200]] * times)
        found = loading.load(save_npz(tmp_path / "mine.npz", x=part, y=labels), lambda _event: None)
        assert any("images to learn from" in note for note in found.notes) == is_few or len(found.train_images) < 1000


def test_labels_that_do_not_fit_are_told_and_left(tmp_path: Path) -> None:
    right, notes = loaded(tmp_path, lambda images: images, lambda labels: (labels + 1) % 10)
    assert right
    (note,) = told(notes)
    assert note.endswith(
        "Make sure that the labels are right, and that the images are digits, upright and bright on dark."
    )


def test_the_shared_files_are_mended(shared: Path) -> None:
    said = {
        "dark-on-bright": "dark on bright",
        "emnist-orientation": "lay on their side",
        "ones-and-zeros": "0 and 1, as bytes",
        "float255": "",
        "flat784": "",
        "kaggle-train": "every 7th was set aside",
    }
    for path in (shared / "data" / "models").iterdir():
        if path.stem in said:
            found = loading.load(path, lambda _event: None)
            assert found.train_images.max() == 255
            assert any(said[path.stem] in note for note in found.notes), path.name
            assert not any("Make sure that the labels" in note for note in found.notes), path.name
