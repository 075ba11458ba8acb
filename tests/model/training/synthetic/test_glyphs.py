"""Letters of many scripts, and those that look too much like a digit."""

from pathlib import Path

import numpy as np

from model.data import data
from model.training.synthetic import glyphs, scribbles, styles


def test_letters_of_many_scripts_are_drawn_each_another_time() -> None:
    random = np.random.default_rng(0)
    letters = glyphs.letters(60, random)
    assert letters.shape == (60, 28, 28)
    assert (letters.max((1, 2)) > 200).all()
    assert len(np.unique(letters.reshape(60, -1), axis=0)) == 60
    scripts = {chr(code) for _path, codes in glyphs._fonts() for code in codes}
    assert scripts >= set("Aæωжאبկთ")


def test_what_looks_like_a_digit_is_left_out_and_what_does_not_is_kept(shared: Path) -> None:
    mnist = data.load(shared / "data" / "mnist.npz")
    known, others, more = np.split(mnist.train_images[:6000], [4000, 5000])
    unlike = glyphs.unlike(known, others)
    assert len(unlike(more)) < 0.4 * len(more)
    random = np.random.default_rng(0)
    boxes = styles.images((scribbles._box(random) for _ in range(50)), random)
    assert len(unlike(boxes)) > 40
    assert not len(unlike(boxes[:0]))
