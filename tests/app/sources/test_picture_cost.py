"""Pictures that would cost too much to open, or that are incomplete, are rejected with a sentence."""

import io
import struct
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image

from app.sources.pictures import SourceError, open_picture
from stress.inputs import bombs

pytest.importorskip("hypothesis")  # stress.inputs.bombs needs it
pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # as the program does


def saved(kind: str, size: tuple[int, int], mode: str = "L", **how: object) -> io.BytesIO:
    file = io.BytesIO()
    Image.new(mode, size, 1).save(file, kind, **how)
    return file


TURNED = struct.pack("<2sHLHHHLHHL", b"II", 42, 8, 1, 0x112, 3, 1, 6, 0, 0)  # EXIF that asks for a quarter turn


@pytest.mark.parametrize(
    ("file", "most"),
    [
        (io.BytesIO(bombs.png(14_000, 14_000)), 50),
        (io.BytesIO(bombs.png(14_000, 14_000, colour=2)), 47),
        (io.BytesIO(bombs.png(14_000, 14_000, depth=16)), 50),
        (io.BytesIO(bombs.png(14_000, 14_000, (b"eXIf", TURNED), colour=2)), 23),
        (io.BytesIO(bombs.png(14_000, 14_000, (b"eXIf", TURNED[:-6] + bytes(6)), colour=2)), 23),
        (io.BytesIO(bombs.png(14_000, 14_000, (b"eXIf", TURNED[:-8] + b"\1" + bytes(7)), colour=2)), 47),
        (saved("WEBP", (4000, 3000), "RGB", method=0, quality=0, lossless=True), 11),
        (saved("TIFF", (6000, 4000), "RGB", compression="tiff_lzw", tiffinfo={278: 4000}), 23),
        (saved("JPEG", (5800, 5400), "RGB", progressive=True, subsampling=0), 30),
    ],
)
def test_a_picture_that_takes_too_much_memory_is_refused_with_the_size_that_can_be_read(
    file: io.BytesIO, most: int
) -> None:
    file.seek(0)
    with pytest.raises(SourceError, match=rf"Make it smaller than {most} megapixels\.$"):
        open_picture(file)


@pytest.mark.parametrize(
    ("tag", "value", "said"),
    [
        (278, 6000, r"8000 x 6000 pixels. Make it smaller than 38 megapixels\.$"),
        (278, 2**32 - 1, r"8000 x 6000 pixels. Make it smaller than 38 megapixels\.$"),
        (65_000, 6000, r"8000 x 6000 pixels. Make it smaller than 38 megapixels\.$"),  # as if it were left out
        (278, 100, "is damaged or cut off"),  # small strips: it would be read
    ],
)
def test_a_tiff_may_be_larger_where_its_strips_are_small(tag: int, value: int, said: str) -> None:
    content = bombs.tiff(8000, 6000, 5, b"").replace(
        struct.pack("<HHII", 278, 4, 1, 6000), struct.pack("<HHII", tag, 4, 1, value)
    )
    with pytest.raises(SourceError, match=said):
        open_picture(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        bombs.png(16_000, 16_000),
        bombs.bmp(16_000, 16_000, 0, b""),
        bombs.tiff(16_000, 16_000, 1, b""),
        *(bombs.of_size(kind, 16_000, 16_000) for kind in ("GIF", "WEBP", "JPEG")),
    ],
    ids=["PNG", "BMP", "TIFF", "GIF", "WebP", "JPEG"],
)
def test_pillow_itself_refuses_what_is_beyond_reason(content: bytes) -> None:
    assert Image.MAX_IMAGE_PIXELS == 100_000_000
    with pytest.raises(SourceError, match=r"^The picture has more than 200 megapixels. Make it smaller than 50\.$"):
        open_picture(io.BytesIO(content))


BEGUN = saved("GIF", (20, 20)).getvalue().partition(b",")[0]  # without its image
MANY = 600_000


@pytest.mark.parametrize(
    "content",
    [
        BEGUN + b"!\xfe" + b"\x01a" * MANY + b"\0",
        BEGUN + b"!\xfe\x01a\0" * MANY,
        b"\xff\xd8" + b"\xff\xfe\0\x02" * MANY,
        b"\xff\xd8" + b"\xff\xff" * MANY,
        bombs.png(20, 20)[:33] + bombs.chunk(b"abcd", b"") * MANY,
        bombs.bmp(20, 20, 1, b"\xff\0" * MANY),
    ],
    ids=["GIF: a comment", "GIF: comments", "JPEG: markers", "JPEG: filled up", "PNG: chunks", "BMP: runs"],
)
def test_a_picture_of_too_many_pieces_is_left_before_they_take_minutes(content: bytes) -> None:
    with pytest.raises(
        SourceError, match=r"cut into too many pieces. Open it in another program, and save it again\.$"
    ):
        open_picture(io.BytesIO(content))


def test_as_many_pieces_as_are_promised_are_read_and_no_more() -> None:
    class Counted(io.BytesIO):
        pieces = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.pieces += 1
            return super().read(size)

    def commented(blocks: int) -> bytes:
        return BEGUN + b"!\xfe" + b"\x01a" * blocks + b"\0" + saved("GIF", (20, 20)).getvalue()[len(BEGUN) :]

    plain = Counted(commented(0))
    open_picture(plain)
    most = (1_000_000 - plain.pieces) // 2  # a block takes two reads: its length and a byte
    assert open_picture(io.BytesIO(commented(most))).size == (20, 20)
    with pytest.raises(SourceError, match="too many pieces"):
        open_picture(io.BytesIO(commented(most + 1)))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "TIFF", "BigTIFF"])
def test_a_tag_has_no_more_values_than_are_promised(kind: str) -> None:
    def told(count: int) -> io.BytesIO:
        """Return a picture with a meaningless tag of this many equal values."""
        if kind.endswith("TIFF"):
            return saved("TIFF", (20, 20), tiffinfo={65_000: (1,) * count}, big_tiff=kind == "BigTIFF")
        exif = b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHLLL", 0x112, 3, count, 26, 0) + bytes(2 * count)
        if kind != "JPEG":
            return saved(kind, (20, 20), exif=b"Exif\0\0" + exif)
        parts = [b"Exif\0\0" + exif[start : start + 60_000] for start in range(0, len(exif), 60_000)]
        segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part for part in parts)
        return io.BytesIO(b"\xff\xd8" + segments + saved(kind, (20, 20)).getvalue()[2:])

    assert open_picture(told(100_000)).size == (20, 20)
    with pytest.raises(SourceError, match="too many pieces"):
        open_picture(told(100_001))


def test_a_photograph_may_be_larger_than_pillow_warns_of() -> None:
    file = saved("JPEG", (12_000, 12_000), quality=1)
    assert max(open_picture(file).size) == 1500


def test_the_most_pixels_of_a_picture() -> None:
    assert open_picture(io.BytesIO(bombs.png(10_000, 5_000, depth=1, rows=5_000))).size == (10_000, 5_000)
    with pytest.raises(SourceError, match=r"16666667 x 3 pixels. Make it smaller than 50 megapixels"):
        open_picture(io.BytesIO(bombs.png(16_666_667, 3, depth=1)))


def test_the_most_bytes_of_a_picture_s_file(tmp_path: Path) -> None:
    for size, words in (
        (100_000_000, ""),
        (100_000_001, "too large. Make the picture smaller than 100 megabytes"),
    ):
        with (tmp_path / "seven.png").open("wb") as file:
            file.write(saved("PNG", (30, 20)).getvalue())
            file.truncate(size)
        if words:
            with pytest.raises(SourceError, match=words):
                open_picture(tmp_path / "seven.png")
        else:
            assert open_picture(tmp_path / "seven.png").size == (30, 20)


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    file = io.BytesIO(bombs.scans(5000, 1000))
    with pytest.raises(SourceError, match=r"The picture is 1000 x 1000 pixels"):
        open_picture(file)
    assert open_picture(io.BytesIO(bombs.scans(10, 1000))).width == 1000


def test_a_file_that_the_system_does_not_open_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^There's no such file. Check its name\.$"):
        open_picture(tmp_path / "gone.png")
    with pytest.raises(SourceError, match=r"^The file can't be opened \(.+\)\.$"):
        open_picture(tmp_path)


def test_a_file_too_large_for_a_picture_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.webp").open("wb") as file:
        file.write(b"RIFF\0\0\0\0WEBPVP8 ")
        file.truncate(200_000_000)
    tracemalloc.start()
    with pytest.raises(SourceError, match="smaller than 100 megabytes"):
        open_picture(tmp_path / "large.webp")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_nonsense_in_an_exif_tag_costs_nothing_but_the_turn() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for nonsense in (
        exif.tobytes()[:-3],
        exif.tobytes().replace(b"\x12\1\3", b"\x12\1\2"),
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
    ):
        file = io.BytesIO()
        Image.new("L", (30, 20), 255).save(file, "PNG", exif=nonsense)
        file.seek(0)
        assert sorted(open_picture(file).size) == [20, 30]


def test_what_is_said_of_a_turn_is_done_once_and_what_libtiff_says_is_not_heard(
    capfd: pytest.CaptureFixture[str],
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = open_picture(saved("JPEG", (30, 20), exif=exif.tobytes()))
    assert (found.size, "exif" in found.info) == ((20, 30), False)
    content = saved("TIFF", (30, 20), compression="tiff_adobe_deflate").getvalue()
    with pytest.raises(SourceError, match="damaged or cut off"):
        open_picture(io.BytesIO(content.replace(b"x\x9c", b"x\x9d\xff")))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("mode", ["P", "PA"])
def test_a_picture_of_colours_that_it_does_not_bring_is_damaged(mode: str) -> None:
    file = io.BytesIO()
    Image.new("P", (20, 20), 1).save(file, "PNG", **({"transparency": b"\0\1"} if mode == "PA" else {}))
    whole = file.getvalue()
    place = whole.index(b"PLTE") - 4
    length = int.from_bytes(whole[place : place + 4]) + 12  # with its length, type and checksum
    assert open_picture(io.BytesIO(whole)).mode == "P"
    with pytest.raises(SourceError, match="damaged or cut off"):
        open_picture(io.BytesIO(whole[:place] + whole[place + length :]))
