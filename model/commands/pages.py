"""``python -m model pages``: a PDF as pictures of its pages, or a HEIC picture, in a process that has only its bytes.

Standard input has ``open BYTES`` with the file behind it, and then ``draw PAGE MOST_PIXELS``, each in a line. Standard
output answers each: ``pages COUNT``, or ``drawn WIDTH HEIGHT STRIDE`` with rows of RGB behind it, or else ``password``
or ``damaged``. Who started this bounds what it takes, and believes nothing of it unseen.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Callable

from model.base import watching

DENSITY = 200 / 72  # pixels for each point of a page: 200 an inch, at which a pen's line has four
REDUCED = 0.99  # by which a page is made smaller again, where it has too many pixels
MOST_SECONDS = 600  # that it computes, should nobody watch it

Answer = list[bytes]
Draw = Callable[[int, int], Answer]  # a page, of no more pixels than that


def serve() -> int:
    """Answer what is asked on standard input until that closes, and return the exit status."""
    watching.limit(MOST_SECONDS)
    asked = os.fdopen(0, "rb", closefd=False)  # a program without a console has no `sys.stdin`
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever libraries print is no answer
    draw: Draw | None = None
    for line in asked:
        word, *numbers = line.split()
        if word == b"open":
            content = asked.read(int(numbers[0]))
            answer, draw = (_opened_picture if content[4:8] == b"ftyp" else _opened)(content)
        else:
            assert draw
            answer = draw(int(numbers[0]), int(numbers[1]))
        answers.writelines(answer)
        answers.flush()
    return 0


def _opened(content: bytes) -> tuple[Answer, Draw | None]:
    """Return the answer to a PDF, and what draws its pages."""
    import pypdfium2  # noqa: PLC0415  (it comes with an extra, as the other one does)
    from pypdfium2 import raw  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        return [b"password\n" if error.err_code == raw.FPDF_ERR_PASSWORD else b"damaged\n"], None

    def draw(number: int, most: int) -> Answer:
        try:
            page = document[number]
            width, height = page.get_size()
            density = min(DENSITY, math.sqrt(most / (width * height)))
            while math.ceil(width * density) * math.ceil(height * density) > most:
                density *= REDUCED
            drawn = page.render(scale=density, force_bitmap_format=raw.FPDFBitmap_BGR, rev_byteorder=True)
        except (pypdfium2.PdfiumError, ArithmeticError, ValueError):  # a page without a size, or beyond numbers, too
            return [b"damaged\n"]
        return [b"drawn %d %d %d\n" % (drawn.width, drawn.height, drawn.stride), bytes(drawn.buffer)]

    return [b"pages %d\n" % len(document)], draw


def _opened_picture(content: bytes) -> tuple[Answer, Draw | None]:
    """Return the answer to a HEIC picture, and what draws it, turned as it says."""
    import pillow_heif  # noqa: PLC0415

    try:
        picture = pillow_heif.open_heif(io.BytesIO(content))
    except Exception:  # noqa: BLE001  (it raises what it pleases on a damaged file)
        return [b"damaged\n"], None

    def draw(_number: int, most: int) -> Answer:
        try:
            drawn = picture.to_pillow().convert("RGB")
        except Exception:  # noqa: BLE001  (likewise)
            return [b"damaged\n"]
        reduced = min(1.0, math.sqrt(most / (drawn.width * drawn.height)))
        if reduced < 1:
            drawn = drawn.resize((int(drawn.width * reduced) or 1, int(drawn.height * reduced) or 1))
        return [b"drawn %d %d %d\n" % (drawn.width, drawn.height, 3 * drawn.width), drawn.tobytes()]

    return [b"pages 1\n"], draw
