"""``python -m docs.styles``: draw the sheet of the rarer styles that are learned, docs/pictures/styles.png."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.training.synthetic import styles
from model.training.synthetic.shapes import SHAPES

EXAMPLES = 6  # of each style
SIDE, NAME, HIGH = 42, 250, 46  # pixels: of an example, of a style's name, of a line
COLUMNS = 2
FONT = Path(__file__).parents[1] / "assets" / "fonts" / "DejaVuSans.ttf"


def main() -> None:
    """Draw the sheet."""
    random = np.random.default_rng(0)
    font = ImageFont.truetype(str(FONT), 13)
    rows = -(-len(SHAPES) // COLUMNS)
    column = NAME + EXAMPLES * SIDE
    sheet = Image.new("L", (COLUMNS * column, rows * HIGH), 255)
    pen = ImageDraw.Draw(sheet)
    for place, shape in enumerate(SHAPES):
        left, top = place // rows * column, place % rows * HIGH
        pen.text((left + 8, top + HIGH / 2), f"{shape.digit}  {shape.about}", 0, font, anchor="lm")
        for number in range(EXAMPLES):
            ink = styles.image(styles.warped(shape.drawn(random), random))
            example = Image.fromarray(np.round(255 - ink * 255).astype(np.uint8)).resize((SIDE, SIDE))
            sheet.paste(example, (left + NAME + number * SIDE, top))
    sheet.quantize(16).save(Path(__file__).parent / "pictures" / "styles.png", optimize=True)


if __name__ == "__main__":
    main()
