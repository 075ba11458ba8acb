"""Turns images and labels in any usual form into 28x28 bytes and digits, and says what it did."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from model.base.language import _
from model.data.refused import Array, wrong

Images = npt.NDArray[np.uint8]  # (n, 28, 28), 0 paper to 255 ink
Labels = npt.NDArray[np.uint8]  # (n,), 0 to 9
Fitted = tuple[Images, Labels, Images, Labels]  # to train and to test

FEW = 20  # of a digit: fewer teach next to nothing
NTH = 7  # where nothing is there to test, each 7th image is kept for it, as of MNIST's 70,000
LONGEST_LABEL = 20  # letters of a wrong one that are told


def fitted(arrays: Sequence[Array]) -> tuple[Fitted, tuple[str, ...]]:
    """Return images and labels to train and to test, and sentences on what was done or is odd. Raises DataError."""
    pairs = list(zip(arrays[::2], arrays[1::2], strict=True))
    raw = [(_pictures(images, labels), _digits(images, labels)) for images, labels in pairs]
    if raw[0][1].min() == raw[0][1].max():
        sentence = _("{name} labels every image {digit}, so there's nothing to learn; {choose}.")
        raise wrong(sentence, name=arrays[1].name, digit=raw[0][1][0])
    factor, notes = _factor(raw[0][0], arrays[0].name)
    parts = [
        (_bytes(pictures, factor, pair[0].name), digits) for (pictures, digits), pair in zip(raw, pairs, strict=True)
    ]
    if len(parts) == 1:
        images, labels = parts[0]
        if len(images) < NTH:
            raise wrong(_("{name} has too few images to learn from; {choose}."), name=arrays[0].name)
        notes.append(_("There were no images to test with, so every {nth}th was set aside for that.").format(nth=NTH))
        order = np.random.default_rng(0).permutation(len(images))  # files are often sorted by digit
        is_test = np.arange(len(images)) % NTH == NTH - 1
        parts = [(images[order[side]], labels[order[side]]) for side in (~is_test, is_test)]
    (images, labels), (test_images, test_labels) = parts
    return (images, labels, test_images, test_labels), (*notes, *_lacks(labels))


def in_bytes(image: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Return an image of 0 to 1 as one of 0 to 255."""
    result: npt.NDArray[np.uint8] = np.rint(image * 255).astype(np.uint8)
    return result


def _pictures(images: Array, labels: Array) -> npt.NDArray[np.generic]:
    """Return pictures as (n, 28, 28) of whatever they are numbers of. Raises DataError."""
    pictures = images.array
    if pictures.ndim == 1 and labels.array.ndim >= 3:
        sentence = _("{images} holds labels and {labels} images; swap them, or {choose}.")
        raise wrong(sentence, images=images.name, labels=labels.name)
    shapes = ((28, 28), (784,), (28, 28, 1), (1, 28, 28), (1, 784))
    if not pictures.size or pictures.shape[1:] not in shapes:
        sentence = _("{images} has the shape {shape}, where images have (count, 28, 28) or (count, 784); {choose}.")
        raise wrong(sentence, images=images.name, shape=pictures.shape)
    if pictures.dtype.kind not in "buif":
        sentence = _("{images} holds {type}, not numbers from 0 to 255 or from 0 to 1; {choose}.")
        raise wrong(sentence, images=images.name, type=pictures.dtype.name)
    return pictures.reshape(-1, 28, 28)


def _factor(pictures: npt.NDArray[np.generic], name: str) -> tuple[float, list[str]]:
    """Return what makes bytes of a training's numbers, and what is to be said of it. Raises DataError."""
    low, high = (float(end) for end in (pictures.min(), pictures.max()))
    if not (np.isfinite(low) and np.isfinite(high)) or low < 0 or high > 255:
        sentence = _("{images} holds numbers from {low:.3g} to {high:.3g}, not from 0 to 255 or from 0 to 1; {choose}.")
        raise wrong(sentence, images=name, low=low, high=high)
    if high > 1:
        return 1.0, []
    in_bytes = pictures.dtype.kind in "ui" and high == 1
    sentence = _("The images' numbers are 0 and 1, as bytes; they were read as 0 and 255.")
    return 255.0, [sentence] if in_bytes else []


def _bytes(pictures: npt.NDArray[np.generic], factor: float, name: str) -> Images:
    if pictures.dtype == np.uint8 and factor == 1:
        return pictures  # type: ignore[return-value]
    numbers = np.asarray(pictures, np.float32) * np.float32(factor)
    if not (np.isfinite(numbers).all() and numbers.min() >= 0 and numbers.max() <= 255):
        raise wrong(_("{images} has a different range of numbers from the training images; {choose}."), images=name)
    result: Images = np.rint(numbers).astype(np.uint8)
    return result


def _digits(images: Array, labels: Array) -> Labels:
    """Return labels as digits: of numbers, of words like "7", or of ten numbers an image. Raises DataError."""
    digits, count = labels.array, len(images.array)
    told = partial(wrong, images=images.name, labels=labels.name)
    if digits.shape == (count, 10) and digits.dtype.kind in "buif" and (np.count_nonzero(digits, axis=1) == 1).all():
        digits = digits.argmax(1)  # one-hot
    elif digits.shape == (count, 1):
        digits = digits[:, 0]
    if digits.ndim != 1:
        raise told(_("{labels} has the shape {shape}, where labels have (count,); {choose}."), shape=digits.shape)
    if len(digits) != count:
        sentence = _("{images} holds {image_count} images and {labels} {label_count} labels; {choose}.")
        raise told(sentence, image_count=count, label_count=len(digits))
    if digits.dtype.kind in "US":
        try:
            digits = digits.astype(np.float64)
        except ValueError as error:
            sentence = _("{labels} holds words like {word}, not digits from 0 to 9; {choose}.")
            raise told(sentence, word=repr(str(digits[0])[:LONGEST_LABEL])) from error
    whole = digits.dtype.kind in "iu" or (
        digits.dtype.kind == "f" and np.isfinite(digits).all() and (digits % 1 == 0).all()
    )
    if not whole:  # a length of time is one of NumPy's integers, too
        sentence = _("{labels} holds {type}, not whole numbers from 0 to 9; {choose}.")
        raise told(sentence, type=digits.dtype.type.__name__)
    if digits.min() < 0 or digits.max() > 9:
        sentence = _("{labels} has labels from {low} to {high}, not digits from 0 to 9; {choose}.")
        raise told(sentence, low=int(digits.min()), high=int(digits.max()))
    result: Labels = digits.astype(np.uint8)
    return result


def _lacks(labels: Labels) -> list[str]:
    """Say which digits a training lacks, or has too few of."""
    counts = np.bincount(labels, minlength=10)
    result = []
    missing = [str(digit) for digit in range(10) if not counts[digit]]
    if missing:
        sentence = _("No image is labelled {digits}, so the network can't learn that.")
        result.append(sentence.format(digits=", ".join(missing)))
    scarce = [str(digit) for digit in range(10) if 0 < counts[digit] < FEW]
    if 0 < len(scarce) < 10 - len(missing):  # else there are few in all, which is said of all
        sentence = _("There are fewer than {few} images of {digits}, so the network will read them badly. Add more.")
        result.append(sentence.format(few=FEW, digits=", ".join(scarce)))
    return result
