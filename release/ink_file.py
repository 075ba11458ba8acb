"""The kinds of files that Inkling opens, by the names that systems use.

Ink is JSON, and `.json` belongs to everybody: we don't ask a system to open those files with Inkling. So there's
another ending for the same JSON, which is only Inkling's.
"""

from __future__ import annotations

from PIL import Image

from app.sources.pictures import PICTURE_FORMATS
from model.base.language import N_

ENDING = ".inkling"
TYPE = "application/x-inkling+json"  # x-, because it isn't registered
NAME = N_("Inkling drawing")
BEGINS = ('{"strokes":', '[{"strokes":')  # one drawing, a list of them: as `model.ink.ink` writes them


def picture_types() -> list[str]:
    """Return the media types of the pictures that Inkling reads, as Pillow knows them."""
    Image.init()
    return [Image.MIME[kind] for kind in PICTURE_FORMATS]
