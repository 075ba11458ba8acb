"""Why what's on paper is rejected: here, what isn't a reason."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from model.reading.recognizer import Recognizer
from model.training.opened.probe import skeletons
from model.training.synthetic import styles

WIDE, HIGH, STEP, PEN = 130, 170, 145, 8  # pixels, of a form's boxes


def form(digits: str) -> Image.Image:
    """Return a scan of a form: a caption, and a digit in each of its boxes."""
    page = Image.new("L", (STEP * len(digits) + 120, 360), 252)
    pen = ImageDraw.Draw(page)
    pen.text((40, 30), "Patient no. (please print clearly)", 20, font_size=34)
    drawn = {drawing.label: styles.lines_of(drawing) for drawing in skeletons()}
    for place, digit in enumerate(digits):
        left, top = 60 + STEP * place, 120
        pen.rectangle((left, top, left + WIDE, top + HIGH), outline=60, width=3)
        low, high = styles.box(drawn[digit])
        scale = min(90 / max(high[0] - low[0], 1), 120 / max(high[1] - low[1], 1))
        for line in drawn[digit]:
            pen.line([(left + 20 + x, top + 25 + y) for x, y in (line - low) * scale], 30, PEN, joint="curve")
    noise = np.random.default_rng(0).normal(0, 3, (page.height, page.width))
    scan = Image.fromarray((np.asarray(page) + noise).clip(0, 255).astype(np.uint8))
    return scan.filter(ImageFilter.GaussianBlur(0.7))


def test_the_frames_of_a_form_s_digits_are_no_letters(recognizer: Recognizer) -> None:
    for digits in ("346", "52", "120"):
        reading = recognizer.recognize(form(digits))
        assert reading.text == digits
        assert reading.reason != "letters"
