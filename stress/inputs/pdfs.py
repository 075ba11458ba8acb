"""PDF files: valid ones, damaged ones, odd ones written by hand, and some that would take years or all memory."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from app.drawing.picture import Picture
from app.sources import pdf, pdf_child, sources
from model.base.errors import UserError
from stress.inputs import pdf_files
from stress.inputs.damage import damaged
from stress.inputs.scenes import SCENES, scene
from stress.way import Way

CHILD_SECONDS = 2  # of CPU time for an answer here, or each bad input would take 20
CHILD_MEMORY = 400_000_000  # bytes, likewise
MOST_ON_PAGE = 12  # operators that draw something

_running: list[pdf_child.Child] = []


class _Lasting:
    """A child that's kept for the next PDF, too, until one ends it: starting one takes longer than everything else."""

    def __init__(self) -> None:
        if not _running:
            _running.append(pdf_child.Child())

    def ask(self, line: str, content: io.BufferedIOBase | None = None) -> pdf_child.Answer:
        try:
            return _running[0].ask(line, content)  # type: ignore[arg-type]  # it is a file that is read
        except pdf_child.LostError:
            _running.pop().end()
            raise

    def end(self) -> None:
        """Leave it running."""


def _ready(_home: Path) -> None:
    vars(pdf)["Child"] = _Lasting
    pdf_child.MOST_SECONDS, pdf_child.MOST_MEMORY = CHILD_SECONDS, CHILD_MEMORY
    _Lasting()


def _enter(content: bytes, home: Path) -> None:
    """Open a file as the command line and the window do."""
    file = home / "scan.pdf"
    file.write_bytes(content)
    wrong: list[UserError] = []
    for place, subject in enumerate(sources.read([str(file)], io.BytesIO())):
        assert subject.index == place
        if isinstance(subject.content, UserError):
            wrong.append(subject.content)
        elif isinstance(subject.content, Image.Image):
            assert 0 < subject.content.width * subject.content.height <= pdf_child.MOST_PAGE_PIXELS
            assert isinstance(Picture.of(subject.content, subject.name).image, Image.Image)
    if wrong:
        raise wrong[0]


@functools.cache
def _saved(number: int) -> bytes:
    """Return a PDF of pictures, as Pillow writes it."""
    modes = ("L", "RGB", "1", "P", "CMYK")
    name = list(SCENES)[number % len(SCENES)]
    pages = [scene(name, (60 + 7 * place, 40), number + place).convert(modes[number % 5]) for place in range(3)]
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1 : 1 + number % 3])
    return file.getvalue()


_NUMBERS = st.sampled_from(
    ["0", "1", "-1", "72", "0.5", "1e9", "2147483648", "99999999999999999999", "-0", ".", "null"]
)
_BOXES = st.lists(_NUMBERS, min_size=0, max_size=5).map(lambda sides: f"[{' '.join(sides)}]") | st.just("[0 0 72 72]")
_NAMES = st.sampled_from(["/F", "/I", "/P", "/S", "/Nothing", "/A#00B"])
_DRAWS = ("m", "l", "c", "h", "re", "f", "S", "B", "W", "n", "q", "Q", "cm", "w", "d", "rg", "k")
_TEXTS = st.sampled_from(["(text)", "<ff", "(((", "[(a) -9999 (b)]"])
_ORDERS = st.one_of(
    st.tuples(st.lists(_NUMBERS, max_size=6).map(" ".join), st.sampled_from(_DRAWS)),
    st.tuples(_NAMES, st.sampled_from(["Do", "gs", "cs", "sh", "scn", "Tf", "BMC"])),
    st.tuples(_TEXTS, st.sampled_from(["Tj", "TJ", "BI", "ID", "EI", "BT", "ET"])),
).map(" ".join)
_FILTERS = st.sampled_from(
    [
        "",
        "/Filter /FlateDecode",
        "/Filter [/ASCIIHexDecode /FlateDecode]",
        "/Filter /LZWDecode /DecodeParms << /Predictor 15 /Columns 99999999 /Colors 32 >>",
        "/Filter /RunLengthDecode",
        "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 /Rows 60000 >>",
        "/Filter /DCTDecode",
        "/Filter /JBIG2Decode",
        "/Filter /JPXDecode",
        "/Filter /Crypt",
    ]
)
_SPACES = st.sampled_from(
    ["/DeviceRGB", "/DeviceGray", "/DeviceCMYK", "[/Indexed /DeviceRGB 255 <00>]", "[/ICCBased 5 0 R]"]
)

_FONTS = ("Type1", "Type3", "TrueType", "Type0")


@st.composite
def _written(draw: st.DrawFn) -> bytes:
    """Return a handmade PDF of pages that draw, with forms, pictures, patterns and functions that may be odd."""
    count = draw(st.integers(0, 4))
    first = 3 + count
    names = " ".join(f"{name} {first + draw(st.integers(0, 5))} 0 R" for name in ("/F", "/I", "/P", "/S"))
    held = f"/Resources << /XObject << {names} >> /Pattern << {names} >> /Shading << {names} >> /Font << {names} >> >>"
    pages = [
        f"/MediaBox {draw(_BOXES)} /Rotate {draw(_NUMBERS)} /Contents {first + draw(st.integers(0, 5))} 0 R {held}"
        for _page in range(count)
    ]
    orders = st.lists(_ORDERS, max_size=MOST_ON_PAGE).map(" ".join).map(str.encode)
    side = st.sampled_from(["1", "0", "-5", "64", "65535", "30000", "2147483647"])
    picture = f"/Type /XObject /Subtype /Image /Width {draw(side)} /Height {draw(side)} /BitsPerComponent 8"
    objects = [
        pdf_files.stream(draw(orders), draw(_FILTERS) if draw(st.integers(0, 5)) == 0 else ""),
        pdf_files.stream(draw(orders), f"/Type /XObject /Subtype /Form /BBox {draw(_BOXES)} {held}"),
        pdf_files.stream(draw(st.binary(max_size=200)), f"{picture} /ColorSpace {draw(_SPACES)} {draw(_FILTERS)}"),
        pdf_files.stream(
            draw(orders), f"/PatternType 1 /PaintType 1 /TilingType 1 /BBox {draw(_BOXES)} /XStep 1e-9 {held}"
        ),
        f"<< /ShadingType {draw(st.integers(0, 8))} /ColorSpace {draw(_SPACES)} /Function {first} 0 R >>".encode(),
        f"<< /Type /Font /Subtype /{draw(st.sampled_from(_FONTS))} {held} >>".encode(),
    ]
    more = draw(st.sampled_from(["", "/Prev 9", "/Prev -1", f"/Encrypt {first} 0 R", "/XRefStm 9", "/Info 2 0 R"]))
    return pdf_files.written(pages, *objects, more=more)


@functools.cache
def _worst(number: int) -> bytes:
    return WORST[number]()


WORST: tuple[Callable[[], bytes], ...] = (
    pdf_files.encrypted,
    functools.partial(pdf_files.endless, bad=4, good=1),
    functools.partial(pdf_files.bloated, 500),
    functools.partial(pdf_files.written, ["/MediaBox [0 0 14400 14400]"] * 3),
    functools.partial(pdf_files.written, [pdf_files.SQUARE] * 201),
    functools.partial(pdf_files.written, []),
)
_WHOLE = st.one_of(st.integers(0, 29).map(_saved), _written())
_FILES = st.one_of(
    _WHOLE,
    _WHOLE.flatmap(damaged),
    _WHOLE.flatmap(damaged),
    st.integers(0, 100).flatmap(
        lambda chance: st.sampled_from(range(len(WORST))).map(_worst) if chance == 0 else _written()
    ),
    st.binary(max_size=200).map(b"%PDF-1.4\n".__add__),
)


def _corpus() -> Sequence[bytes]:
    return (*map(_saved, range(10)), *map(_worst, range(len(WORST))), b"%PDF-", b"")


WAY = Way(
    "pdfs",
    grammar=_FILES,
    corpus=_corpus,
    enter=_enter,
    modules=("app.sources.sources", "app.sources.pdf", "app.sources.pdf_child", "app.drawing.picture"),
    seconds=10.0,  # five times as much on the clock: several pages of one file may each end the child
    ready=_ready,
    starts="pages",
)
