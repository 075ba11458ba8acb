"""PDF files written by hand, with errors where they're wanted."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

SQUARE = "/MediaBox [0 0 72 72]"  # an empty page of one inch


def written(pages: Sequence[str], *objects: bytes, more: str = "", root: str = "") -> bytes:
    """Return a PDF.

    Args:
        pages: the content of their dictionaries, numbered from 3 on; an empty string isn't a page.
        objects: the objects after them.
        more: additions to the trailer.
        root: additions to the catalogue.
    """
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + len(pages)))
    whole = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *(f"<< /Type /Page /Parent 2 0 R {page} >>".encode() if page else b"null" for page in pages),
        *objects,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, each in enumerate(whole, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(whole) + 1
    trailer = b"trailer\n<< /Root 1 0 R /Size %d %s >>\n" % (count, more.encode())
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + table
        + trailer
        + b"startxref\n%d\n%%%%EOF\n" % len(content)
    )


def stream(content: bytes, words: str = "") -> bytes:
    """Return a stream object that holds bytes, with additional words in its dictionary."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), words.encode(), content)


def encrypted() -> bytes:
    """Return a PDF that asks for a password, which nobody knows."""
    words = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"ab" * 32, b"cd" * 32)
    return written([SQUARE], words, more=f"/Encrypt 4 0 R /ID [<{'ef' * 16}> <{'ef' * 16}>]")


def endless(*, bad: int = 1, good: int = 0) -> bytes:
    """Return a PDF whose bad pages take years to draw, of forms that each show another ten times, then good pages."""
    first = 3 + bad + good
    page = f"{SQUARE} /Contents {first} 0 R /Resources << /XObject << /F {first + 1} 0 R >> >>"
    form = "/Type /XObject /Subtype /Form /BBox [0 0 72 72]"
    forms = [
        stream(b"/F Do " * 10, f"{form} /Resources << /XObject << /F {number + 1} 0 R >> >>")
        for number in range(first + 1, first + 12)
    ]
    return written([page] * bad + [SQUARE] * good, stream(b"/F Do"), *forms, stream(b"0 0 36 36 re f", form))


def bloated(megabytes: int) -> bytes:
    """Return a PDF whose first page has a lot of empty content, in few bytes, and then a good page."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _each in range(megabytes)) + packer.flush()
    return written([f"{SQUARE} /Contents 5 0 R", SQUARE], stream(packed, "/Filter /FlateDecode"))
