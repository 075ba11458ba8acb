"""``python -m docs.styles``: draw sheets of the rarer styles that are learned, into docs/pictures.

styles.png shows all of them. With ``--before DIR``, an older model's folder, worst-styles.png shows the ten that it
read worst, and what both models made of each drawing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.bundle.bundle import open_bundle
from model.reading.normalize import Image28
from model.reading.reading import Prediction
from model.reading.recognizer import Recognizer
from model.training.synthetic import styles
from model.training.synthetic.shapes import SHAPES, Shape
from model.training.synthetic.styles import Random

EXAMPLES, TRIED, WORST = 6, 200, 10  # of each style: shown, and read to find the worst; and so many of these are shown
SIDE, NAME, HIGH = 42, 250, 46  # pixels: of an example, of a style's name, of a line
COLUMNS, ACROSS = 2, 14  # of styles; and examples next to one of the worst
LINE = 14  # pixels: of a line of text
RIGHT, DOUBTED, WRONG = (20, 110, 60), (150, 110, 20), (190, 30, 40)
PICTURES = Path(__file__).parent / "pictures"
FONT = ImageFont.truetype(str(Path(__file__).parents[1] / "assets" / "fonts" / "DejaVuSans.ttf"), 13)


def main() -> None:
    """Draw the sheets."""
    options = argparse.ArgumentParser(prog="python -m docs.styles", description=(__doc__ or "").splitlines()[0])
    options.add_argument("--before", type=Path, metavar="DIR", help="an older model: show what it read worst")
    before = options.parse_args().before
    if before:
        _worst(Recognizer(open_bundle(before)), Recognizer(open_bundle()))
    else:
        _all()


def _all() -> None:
    random = np.random.default_rng(0)
    rows = -(-len(SHAPES) // COLUMNS)
    column = NAME + EXAMPLES * SIDE
    sheet = Image.new("RGB", (COLUMNS * column, rows * HIGH), "white")
    pen = ImageDraw.Draw(sheet)
    for place, shape in enumerate(SHAPES):
        left, top = place // rows * column, place % rows * HIGH
        pen.text((left + 8, top + HIGH / 2), _name(shape), "black", FONT, anchor="lm")
        for number in range(EXAMPLES):
            sheet.paste(_shown(_drawn(shape, random)), (left + NAME + number * SIDE, top))
    sheet.convert("L").quantize(16).save(PICTURES / "styles.png", optimize=True)


def _worst(before: Recognizer, now: Recognizer) -> None:
    """Draw the styles that an older model read worst, under each drawing what it and this one made of it."""
    random = np.random.default_rng(1)
    drawn = {shape: [_drawn(shape, random) for _ in range(TRIED)] for shape in SHAPES}

    def right(reader: Recognizer, shape: Shape) -> float:
        return float(np.mean([reader.read(image).text == shape.digit for image in drawn[shape]]))

    worst = sorted(SHAPES, key=lambda shape: right(before, shape))[:WORST]
    high = SIDE + 2 * LINE + 6
    sheet = Image.new("RGB", (NAME + 60 + ACROSS * SIDE, WORST * high), "white")
    pen = ImageDraw.Draw(sheet)
    for row, shape in enumerate(worst):
        top = row * high
        pen.text((8, top + SIDE / 2), _name(shape), "black", FONT, anchor="lm")
        for line, (reader, when) in enumerate(((before, "before"), (now, "now"))):
            below = top + SIDE + (line + 0.5) * LINE
            pen.text((NAME + 50, below), f"{when}: {right(reader, shape):.1%} right", "black", FONT, anchor="rm")
            for number, image in enumerate(drawn[shape][:ACROSS]):
                told = reader.read(image)
                place = (NAME + 60 + (number + 0.5) * SIDE, below)
                pen.text(place, told.text + ("" if told.accepted else "?"), _colour(told, shape), FONT, anchor="mm")
        for number, image in enumerate(drawn[shape][:ACROSS]):
            sheet.paste(_shown(image), (NAME + 60 + number * SIDE, top))
    sheet.quantize(64, Image.Quantize.MAXCOVERAGE).save(PICTURES / "worst-styles.png", optimize=True)


def _colour(told: Prediction, shape: Shape) -> tuple[int, int, int]:
    if told.text != shape.digit:
        return WRONG
    return RIGHT if told.accepted else DOUBTED


def _name(shape: Shape) -> str:
    return f"{shape.digit}  {shape.about}"


def _drawn(shape: Shape, random: Random) -> Image28:
    return styles.image(styles.warped(shape.drawn(random), random))


def _shown(image: Image28) -> Image.Image:
    return Image.fromarray(np.round(255 - image * 255).astype(np.uint8)).resize((SIDE, SIDE))


if __name__ == "__main__":
    main()
