"""The kinds of files that Inkling opens, as systems name them.

Ink is JSON, and `.json` is everybody's: no system is asked to open those with Inkling. So there is an ending that is
Inkling's alone, for the same JSON, and that one belongs to it.
"""

from __future__ import annotations

from PIL import Image

from app.sources.pictures import PICTURE_FORMATS
from model.base.language import N_

ENDING = ".inkling"
TYPE = "application/x-inkling+json"  # x-, because nobody has registered it
NAME = N_("Inkling drawing")
BEGINS = ('{"strokes":', '[{"strokes":')  # one drawing, a list of them: as `model.ink.ink` writes them


def picture_types() -> list[str]:
    """Return the media types of the pictures that Inkling reads, as Pillow knows them."""
    Image.init()
    return [Image.MIME[kind] for kind in PICTURE_FORMATS]
