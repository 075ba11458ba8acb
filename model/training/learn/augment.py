"""Deformations: every step bends, turns, thickens or thins each training image differently, in TensorFlow's graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.reading.normalize import SIDE
from model.training.pinned import tf

# How strongly an image is changed is drawn first, evenly from nothing to this: then shapes as they are, which are what
# the network will read, stay among those that it learns.
ROTATION = 0.18  # radians, standard deviation, as all but the contrast
SCALE = 0.13  # natural logarithm, each axis for itself
SHEAR = 0.2
SHIFT = 1.2  # pixels, each axis for itself
ELASTIC = 2.2  # pixels that each pixel is displaced; how strongly is drawn once more
THICKNESS = 0.3  # of the way to the lightest or the darkest neighbour
CONTRAST = 1.2  # resampling blurs, and handwriting isn't blurred: contrast is raised by up to this, in every image

_KNOTS = 7  # of the elastic field, each way; it is smooth between them
_KNOT_DISTANCE = 6.0  # pixels
_SMOOTHNESS = 4.2  # pixels, the Gaussian's standard deviation


def deform(images: Any, seed: Any, strongest: float = 1.0) -> Any:
    """Return the images deformed: affine, elastic, then in thickness and contrast; no two in the same way.

    The elastic field is smoothed noise, here on a coarse grid, after Simard, Steinkraus, Platt: Best Practices for
    Convolutional Neural Networks Applied to Visual Document Analysis (2003), section 2.

    Images are (n, 28, 28), uint8 before and float32, 0 to 1, after; the same seed, (2,) int32, deforms in the same way.
    An image is changed ``strongest`` at most; 1 is for what is to be learned as it's labelled.
    """
    count = tf.shape(images)[0]
    seeds = tf.unstack(tf.random.experimental.stateless_split(seed, 2))
    strength, elastic, contrast = tf.split(tf.random.stateless_uniform([count, 3], seeds[0]), 3, axis=1)
    strength *= strongest
    normal = tf.random.stateless_normal([count, 7 + 2 * _KNOTS**2], seeds[1])
    angle, wide, high, shear, right, down, thickness = tf.split(normal[:, :7] * strength, 7, axis=1)
    field = normal[:, 7:] * strength * elastic * ELASTIC
    cosine, sine = tf.cos(ROTATION * angle), tf.sin(ROTATION * angle)
    wide, high = tf.exp(SCALE * wide), tf.exp(SCALE * high)
    middle = (SIDE - 1) / 2
    # Where each pixel is taken from: one product for the affine map and the elastic field together.
    from_x = [wide * cosine, wide * (SHEAR * shear - sine), SHIFT * right + middle, field[:, : _KNOTS**2]]
    from_y = [high * sine, high * cosine, SHIFT * down + middle, field[:, _KNOTS**2 :]]
    x, y = tf.concat(from_x, 1) @ _BASIS, tf.concat(from_y, 1) @ _BASIS
    return _contrasted(_thickened(_sampled(images, x, y), THICKNESS * thickness), CONTRAST * contrast)


def as_they_are(images: Any) -> Any:
    """Return (n, 28, 28) uint8 images as float32, 0 to 1."""
    return tf.cast(images, tf.float32) / 255.0


def _basis() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return what the coefficients of a displacement stand for, a row each: x, y, 1, and the elastic field's knots."""
    places = np.arange(SIDE) - (SIDE - 1) / 2
    x, y = np.meshgrid(places, places)
    knots = (np.arange(_KNOTS) - (_KNOTS - 1) / 2) * _KNOT_DISTANCE
    bumps = np.exp(-0.5 * ((places[:, None] - knots) / _SMOOTHNESS) ** 2)  # (28, knots)
    bumps /= np.sqrt((bumps**2).sum(1, keepdims=True))  # the displacement varies as much at each pixel
    elastic = np.einsum("ya,xb->abyx", bumps, bumps)
    affine = np.stack([x, y, np.ones_like(x)])
    return np.concatenate([affine.reshape(3, -1), elastic.reshape(_KNOTS**2, -1)]).astype(np.float32)


_BASIS = _basis()  # (3 + knots, 784)


def _sampled(images: Any, x: Any, y: Any) -> Any:
    """Return (n, 28, 28, 1) images taken at (n, 784) places of the given ones, bilinearly; outside is their rim."""
    count = tf.shape(images)[0]
    x, y = (tf.clip_by_value(place, 0.0, SIDE - 1.001) for place in (x, y))
    left, top = tf.floor(x), tf.floor(y)
    x, y = x - left, y - top
    flat = tf.reshape(as_they_are(images), [-1])
    # The four pixels around each place lie side by side, so that one gather fetches them.
    fours = tf.stack([flat, tf.roll(flat, -1, 0), tf.roll(flat, -SIDE, 0), tf.roll(flat, -SIDE - 1, 0)], 1)
    first = tf.cast(top * SIDE + left, tf.int32) + tf.range(count)[:, None] * SIDE**2
    a, b, c, d = tf.unstack(tf.gather(fours, first), axis=2)
    above, below = a + (b - a) * x, c + (d - c) * x
    return tf.reshape(above + (below - above) * y, [-1, SIDE, SIDE, 1])


def _thickened(images: Any, by: Any) -> Any:
    """Return images (n, 28, 28, 1) mixed with their 3x3 neighbourhoods' maximum, or minimum where ``by`` is below 0."""
    padded = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])
    by = by[:, :, None, None]
    thicker = tf.clip_by_value(by, 0.0, 1.0) * (_of_neighbours(tf.maximum, padded) - images)
    thinner = tf.clip_by_value(-by, 0.0, 0.8) * (_of_neighbours(tf.minimum, padded) - images)
    return images + thicker + thinner


def _of_neighbours(pick: Any, padded: Any) -> Any:
    rows = pick(pick(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    return pick(pick(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:])


def _contrasted(images: Any, by: Any) -> Any:
    """Return images (n, 28, 28, 1) as (n, 28, 28), their contrast raised around a quarter of full ink."""
    by = by[:, :, None]
    images = tf.squeeze(images, 3)
    return tf.clip_by_value(images + by * (images - 0.25), 0.0, 1.0)
