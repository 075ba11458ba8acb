"""How a camera or a scanner sees a sheet: its light, what's next to it, its sharpness, and JPEG."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.reading.picture import Grey
from model.training.synthetic.sheet import Colour, Mask, one_of
from model.training.synthetic.styles import Random

FAINTEST = 0.3  # of the way from paper to the fullest ink: what is ink in two tones

Mapping = npt.NDArray[np.float64]  # (3, 3): of homogeneous places

DESKS: tuple[Colour, ...] = ((92, 64, 45), (40, 40, 44), (150, 110, 70), (60, 80, 60), (20, 20, 20), (110, 110, 116))


def edged(picture: Mask, random: Random) -> Mask:
    """Return a sheet with a dark line, or a pale one, along one or two sides of it."""
    for side in random.permutation(4)[: random.integers(1, 3)]:
        rows, tone = int(random.integers(1, 4)), random.uniform(0, 90)
        [picture[:, :rows], picture[:rows], picture[:, -rows:], picture[-rows:]][side][:] = tone
    return picture


def on_desk(layers: Sequence[Mask], random: Random) -> list[Mask]:
    """Return a sheet, and the masks that go with it, with strips of the desk at some sides."""
    high, wide = layers[0].shape[:2]
    many = (1, 1, 2, 4)[random.integers(4)]
    sides = set(random.permutation(4)[:many].tolist())
    left, top, right, bottom = (
        round(random.uniform(0.03, 0.3) * min(high, wide)) if side in sides else 0 for side in range(4)
    )
    desk = np.array(one_of(DESKS, random), np.float32)
    seen = []
    for place, layer in enumerate(layers):
        large = np.zeros((high + top + bottom, wide + left + right, *layer.shape[2:]), np.float32)
        if place == 0:
            large += desk + random.normal(0, 3, large.shape[:2])[..., None].astype(np.float32)
        large[top : top + high, left : left + wide] = layer
        seen.append(large)
    return seen


def lit(picture: Mask, random: Random, *, shadow: bool) -> Mask:
    """Return a sheet in light that falls off a little, or with a shadow across it, hard or soft."""
    down, across = (np.linspace(0, 1, side, dtype=np.float32) for side in picture.shape[:2])
    u, v = across[None], down[:, None]
    if not shadow:
        return picture * (1 - random.uniform(0, 0.2) * (u * random.random() + v * random.random()))[..., None]
    dark = random.uniform(0.3, 0.75)
    field = random.uniform(-1, 1) * (u - random.uniform(0.2, 0.8))
    field = field + random.uniform(-1, 1) * (v - random.uniform(0.2, 0.8))
    soft = (0.01, 0.03, 0.1, 0.3, 1.0)[random.integers(5)]
    return np.asarray(picture * (dark + (1 - dark) / (1 + np.exp((-field / soft).clip(max=50))))[..., None], np.float32)


def turned(picture: Image.Image, masks: Sequence[Image.Image], angle: float) -> list[Image.Image]:
    """Return a picture and its masks turned by an angle in degrees; what comes in at the corners is paper."""
    fill = tuple(int(value) for value in np.median(np.asarray(picture).reshape(-1, 3), 0))
    result = [picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)]
    return result + [mask.rotate(angle, Image.Resampling.BILINEAR, expand=True) for mask in masks]


def seen_from(
    picture: Image.Image, corners: npt.NDArray[np.float64], size: tuple[int, int], fill: Colour
) -> tuple[Image.Image, Mapping]:
    """Return a picture, in colours, with its corners moved, and the mapping that a place in it goes by.

    Args:
        picture: that is seen.
        corners: where its upper left corner comes to lie, and the others clockwise, (4, 2), x and y in pixels.
        size: of what comes of it.
        fill: what's around it.
    """
    wide, high = picture.size
    before = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], float)
    back = _mapping(corners, before).ravel()[:8].tolist()
    seen = picture.transform(size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC, fillcolor=fill)
    return seen, _mapping(before, corners)


def moved(places: Sequence[tuple[float, float]], by: Mapping) -> tuple[tuple[float, float], ...]:
    """Return where a mapping moves places."""
    across, down, far = by @ np.array([(x, y, 1) for x, y in places]).T
    return tuple(zip((across / far).tolist(), (down / far).tolist(), strict=True))


def _mapping(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> Mapping:
    """Return the perspective that moves four places to four others."""
    rows = []
    for (x, y), (u, v) in zip(before, after, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return np.append(np.linalg.solve(np.array(rows), after.ravel()), 1).reshape(3, 3)


def taken(picture: Image.Image, high: float, random: Random, *, blurred: bool, noisy: bool) -> Image.Image:
    """Return a grey picture as a camera takes it, of digits so many pixels high."""
    blur = random.uniform(0.01, 0.075) * high if blurred else random.uniform(0, 0.02) * high * (random.random() < 0.5)
    if blurred and random.random() < 0.25:  # moved
        width = max(1, round(blur * 2))
        picture = picture.filter(ImageFilter.BoxBlur((width, 0) if random.random() < 0.5 else (0, width)))
    elif blur > 0.2:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    grey: Mask = np.asarray(picture.convert("L"), np.float32)
    if random.random() < 0.15:
        grey = grey * random.uniform(0.15, 0.7) + random.uniform(0, 60)
    noise = random.uniform(6, 28) if noisy else random.uniform(0, 3)
    grey = grey + random.normal(0, noise, grey.shape)
    if noisy and random.random() < 0.3:  # in blotches
        blotched = Image.fromarray(grey.clip(0, 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(1))
        grey = np.asarray(blotched, np.float32)
    picture = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    if random.random() < 0.25:  # enlarged from few pixels
        part = random.uniform(0.3, 0.9)
        small = (max(6, round(picture.width * part)), max(6, round(picture.height * part)))
        picture = picture.resize(small, Image.Resampling.BOX).resize(picture.size, Image.Resampling.BICUBIC)
    if random.random() < 0.1:
        picture = picture.filter(ImageFilter.UnsharpMask(2, int(random.integers(50, 200)), 2))
    return compressed(picture, random) if random.random() < 0.45 else picture


def compressed(picture: Image.Image, random: Random) -> Image.Image:
    """Return a picture after JPEG."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(random.integers(30, 95)))
    with Image.open(file, formats=("JPEG",)) as opened:
        opened.load()
        return opened


def two_tones(picture: Image.Image) -> Image.Image:
    """Return a picture in black and white, as a scanner or a paint program makes it."""
    grey: Grey = np.asarray(picture)
    darkest, paper, brightest = int(grey.min()), int(np.median(grey)), int(grey.max())
    ink = darkest if paper - darkest > brightest - paper else brightest
    return Image.fromarray(np.where(grey > paper + FAINTEST * (ink - paper), 255, 0).astype(np.uint8))


def in_few_pixels(picture: Image.Image, high: float, random: Random) -> Image.Image:
    """Return a picture as if it were enlarged from one with digits at most about twenty pixels high."""
    part = min(1.0, random.uniform(13, 26) / high)
    size = (max(6, round(picture.width * part)), max(6, round(picture.height * part)))
    small = picture.resize(size, Image.Resampling.BOX)
    if random.random() < 0.5:
        small = two_tones(small)
    return small.resize(picture.size, Image.Resampling.BICUBIC)
