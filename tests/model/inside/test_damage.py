"""Damage to an image does what its slider says, and how much of it a model copes with is measured."""

from __future__ import annotations

import numpy as np
import pytest

from model.base.work import finish
from model.inside.damage import KINDS, Borne, Damage, borne, damaged, with_amount
from model.inside.exam import Examined
from model.reading.normalize import Image28
from model.reading.recognizer import Recognizer
from model.training.opened.probe import probe


@pytest.fixture
def seven() -> Image28:
    images, _digits = probe()
    return np.asarray(images[145])


def middle(image: Image28) -> tuple[float, float]:
    places = np.arange(28)
    return float(image.sum(0) @ places / image.sum()), float(image.sum(1) @ places / image.sum())


def test_no_damage_changes_nothing(seven: Image28) -> None:
    assert np.array_equal(damaged(seven, Damage()), seven)


def test_each_kind_stays_an_image_and_is_always_alike(seven: Image28) -> None:
    for kind in KINDS:
        for amount in kind.ends:
            damage = with_amount(Damage(), kind, amount)
            found = damaged(seven, damage, 3)
            assert found.dtype == np.float32
            assert found.shape == (28, 28)
            assert 0 <= found.min() <= found.max() <= 1
            assert np.array_equal(found, damaged(seven, damage, 3))
            assert damage == Damage() or not np.array_equal(found, seven)


def test_a_shift_goes_right_and_a_size_around_the_middle(seven: Image28) -> None:
    x, y = middle(seven)
    moved = middle(damaged(seven, Damage(shift=3)))
    assert moved == pytest.approx((x + 3, y), abs=0.05)
    small = damaged(seven, Damage(scale=0.5))
    assert small.sum() == pytest.approx(seven.sum() / 4, rel=0.1)


def test_a_quarter_turn_is_clockwise(seven: Image28) -> None:
    assert np.abs(damaged(seven, Damage(turn=90)) - np.rot90(seven, -1)).max() < 0.01


def test_thickness_noise_blur_and_erasing_change_the_ink(seven: Image28) -> None:
    assert damaged(seven, Damage(thickness=1)).sum() > 1.3 * seven.sum()
    assert damaged(seven, Damage(thickness=-0.5)).sum() < 0.9 * seven.sum()
    assert damaged(seven, Damage(blur=2)).max() < seven.max()
    assert not damaged(seven, Damage(erased=1)).any()
    assert damaged(seven, Damage(noise=0.3))[seven == 0].std() > 0.1
    assert not np.array_equal(damaged(seven, Damage(noise=0.3), 1), damaged(seven, Damage(noise=0.3), 2))


def test_to_fit_it_anew_takes_shift_and_size_back(seven: Image28) -> None:
    damage = Damage(shift=5, scale=0.6, normal=True)
    x, y = middle(damaged(seven, damage))
    assert (x, y) == pytest.approx(middle(seven), abs=0.8)
    lost = np.abs(damaged(seven, Damage(shift=5, scale=0.6)) - seven).mean()
    assert np.abs(damaged(seven, damage) - seven).mean() < lost / 2
    assert not damaged(seven, Damage(erased=1, normal=True)).any()


def test_what_is_borne_is_counted_as_the_program_reads(recognizer: Recognizer) -> None:
    images, digits = probe()
    some = Examined(images[::4], digits[::4].astype(np.uint8))
    whole = finish(borne(recognizer, some, Damage(), 50))
    assert whole.right > 0.9
    assert whole.accepted <= whole.right
    shifted = finish(borne(recognizer, some, Damage(shift=9), 50))
    assert shifted.right < whole.right
    anew = finish(borne(recognizer, some, Damage(shift=9, normal=True), 50))
    assert anew.right > shifted.right
    assert finish(borne(recognizer, some, Damage(erased=1), 20)) == Borne(0, 0)
