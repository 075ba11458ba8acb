"""The eye's network: its layers, its loss, and its export. Imports TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from model.reading.eye import ANSWERS, PLANES
from model.training.files.export import write_litert
from model.training.pinned import keras, tf

WIDTHS = (16, 28, 40, 48)  # filters at a half, a quarter, an eighth and a sixteenth of the picture's resolution
CONTEXT = 4  # times that the smallest looks around itself: a ring around a long number is seen whole
LAST = 20  # filters before the answers
WINDOW = (112, 160)  # pixels: of what it learns by; the export takes pictures of other sizes, too

DIGIT, SIGN, HIGH, INSIDE = range(4)  # the planes of the truth
DIGIT_WEIGHT, SIGN_WEIGHT = 3.0, 5.0  # of a pixel of ink, compared with one of paper
SIGNS, OVERLAP, HEIGHT = 0.4, 0.3, 0.2  # of the loss, in addition to the cross entropy of the digits
LEAST_OVERLAP = 20.0  # pixels, which are added to both sides of a share of overlap: of nothing there's none


def build(*, export: bool = False) -> Any:
    """Return the network, (n, height, width, `PLANES`) -> (n, height, width, `ANSWERS`).

    Sides are multiples of `model.reading.eye.SCALE`. The answers are the logits of a digit's ink and of a sign's, and
    the binary logarithm of the digits' height in units of `USUAL`. A small U-Net (Ronneberger, Fischer, Brox: U-Net:
    Convolutional Networks for Biomedical Image Segmentation, 2015), with strides for pooling. For the ``export`` it
    enlarges in ways that take pictures of any size.
    """
    layers = keras.layers

    def convolved(before: Any, filters: int, side: int = 3, stride: int = 1) -> Any:
        after = layers.Conv2D(filters, side, strides=stride, padding="same", use_bias=False)(before)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.95)(after))

    def joined(small: Any, large: Any, filters: int) -> Any:
        enlarged = (_Doubled() if export else layers.UpSampling2D(2))(small)
        return convolved(layers.Concatenate()([enlarged, large]), filters)

    picture = keras.Input((*WINDOW, PLANES) if export else (None, None, PLANES))
    half = convolved(convolved(picture, WIDTHS[0], 5, 2), WIDTHS[0])
    quarter = convolved(convolved(half, WIDTHS[1], 3, 2), WIDTHS[1])
    eighth = convolved(convolved(quarter, WIDTHS[2], 3, 2), WIDTHS[2])
    sixteenth = convolved(convolved(eighth, WIDTHS[3], 3, 2), WIDTHS[3])
    for _ in range(CONTEXT):
        sixteenth = layers.Add()([sixteenth, convolved(sixteenth, WIDTHS[3])])
    above = joined(joined(joined(sixteenth, eighth, WIDTHS[2]), quarter, WIDTHS[1]), half, LAST)
    if export:
        answers = _Unfolded()(layers.Conv2D(4 * ANSWERS, 1)(above))
    else:
        answers = layers.Conv2DTranspose(ANSWERS, 2, strides=2)(above)
    return keras.Model(picture, answers, name="eye")


def loss(truth: Any, answers: Any) -> tuple[Any, Any]:
    """Return a batch's loss, and the share of overlap of its digits' ink (Dice's coefficient).

    The truth is (n, height, width, 4): digits' ink and signs' ink, 0 to 1, the digits' height as it's answered, and
    where the picture is.
    """
    answers = tf.cast(answers, tf.float32)
    inside = truth[..., INSIDE]
    pixels = tf.reduce_sum(inside)
    digits, signs = truth[..., DIGIT], truth[..., SIGN]

    def entropy(ink: Any, logits: Any, weight: float) -> Any:
        each = tf.nn.sigmoid_cross_entropy_with_logits(ink, logits) * (1 + (weight - 1) * ink) * inside
        return tf.reduce_sum(each) / pixels

    found = tf.sigmoid(answers[..., DIGIT]) * inside
    common, both = (tf.reduce_sum(each, (1, 2)) for each in (found * digits, found + digits))
    share = (2 * common + LEAST_OVERLAP) / (both + LEAST_OVERLAP)
    ink = tf.reduce_sum(digits)
    height = tf.reduce_sum(tf.abs(truth[..., HIGH] - answers[..., HIGH]) * digits) / (ink + 1)
    whole = entropy(digits, answers[..., DIGIT], DIGIT_WEIGHT) + SIGNS * entropy(signs, answers[..., SIGN], SIGN_WEIGHT)
    share = tf.reduce_mean(share)
    return whole + OVERLAP * (1 - share) + HEIGHT * height, share


def write_export(network: Any, file: Path) -> None:
    """Write the network for LiteRT, its weights in 8 bits.

    It's written for pictures of the size of `WINDOW`, and can be resized. Raises OSError.
    """
    exported = build(export=True)
    *weights, kernel, bias = network.get_weights()
    rows, columns, answers, filters = kernel.shape  # a transposed convolution's, as that of four pixels side by side
    one = kernel.transpose(3, 0, 1, 2).reshape(1, 1, filters, rows * columns * answers)
    exported.set_weights([*weights, one, np.tile(bias, rows * columns)])
    how = {"optimizations": [tf.lite.Optimize.DEFAULT]}
    write_litert(exported, file, (1, *WINDOW, PLANES), **how)


class _Doubled(keras.layers.Layer):  # type: ignore[misc]
    """Doubles a picture's sides: each pixel is there four times."""

    def call(self, picture: Any) -> Any:
        return tf.nn.depth_to_space(tf.tile(picture, [1, 1, 1, 4]), 2)


class _Unfolded(keras.layers.Layer):  # type: ignore[misc]
    """Doubles a picture's sides: the planes of a pixel are those of four."""

    def call(self, picture: Any) -> Any:
        return tf.nn.depth_to_space(picture, 2)
