"""``python -m model pages``: a PDF as pictures of its pages, in a process that has nothing but its bytes.

Standard input has ``open BYTES`` with the file behind it, and then ``draw PAGE MOST_PIXELS``, each in a line. Standard
output answers each: ``pages COUNT``, or ``drawn WIDTH HEIGHT STRIDE`` with rows of RGB behind it, or else ``password``
or ``damaged``. Who started this bounds what it takes, and believes nothing of it unseen.
"""

from __future__ import annotations

import math
import os

import pypdfium2
from pypdfium2 import raw

from model.base import watching

DENSITY = 200 / 72  # pixels for each point of a page: 200 an inch, at which a pen's line has four
REDUCED = 0.99  # by which a page is made smaller again, where it has too many pixels
MOST_SECONDS = 600  # that it computes, should nobody watch it


def serve() -> int:
    """Answer what is asked on standard input until that closes, and return the exit status."""
    watching.limit(MOST_SECONDS)
    asked = os.fdopen(0, "rb", closefd=False)  # a program without a console has no `sys.stdin`
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever libraries print is no answer
    document = None
    for line in asked:
        word, *numbers = line.split()
        try:
            if word == b"open":
                document = pypdfium2.PdfDocument(asked.read(int(numbers[0])))
                answer = [b"pages %d\n" % len(document)]
            else:
                assert document
                answer = _drawn(document[int(numbers[0])], int(numbers[1]))
        except pypdfium2.PdfiumError as error:
            answer = [b"password\n" if error.err_code == raw.FPDF_ERR_PASSWORD else b"damaged\n"]
        except (ArithmeticError, ValueError):  # a page without a size, or with one beyond numbers
            answer = [b"damaged\n"]
        answers.writelines(answer)
        answers.flush()
    return 0


def _drawn(page: pypdfium2.PdfPage, most: int) -> list[bytes]:
    """Return a page as an answer, of no more pixels than that."""
    width, height = page.get_size()
    density = min(DENSITY, math.sqrt(most / (width * height)))
    while math.ceil(width * density) * math.ceil(height * density) > most:
        density *= REDUCED
    drawn = page.render(scale=density, force_bitmap_format=raw.FPDFBitmap_BGR, rev_byteorder=True)
    return [b"drawn %d %d %d\n" % (drawn.width, drawn.height, drawn.stride), bytes(drawn.buffer)]
