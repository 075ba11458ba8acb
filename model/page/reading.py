"""A page read: where its numbers stand, then what each of them is."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from model.page.page import Page
from model.reading.recognizer import Recognizer


def read_page(picture: Image.Image, recognizer: Recognizer) -> Iterator[Page]:
    """Yield what is known of a page: first where its cells are, then again after each of them is read.

    The last one is all that stands there. Raises PictureError.
    """
    raise NotImplementedError
