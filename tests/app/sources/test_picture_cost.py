"""Pictures that would cost too much to open, or that are incomplete, are rejected with a sentence."""

import io
import struct
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image

from app.sources import picture_cost
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


@pytest.mark.parametrize(
    ("file", "each"),
    [
        *((saved("PNG", (100, 100), mode), 1) for mode in ("1", "L", "P")),
        (saved("PNG", (100, 100), "I;16"), 2),
        (saved("PNG", (100, 100), "RGB"), 4),
        (saved("PNG", (100, 100), "RGB", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"), 4 + 4),  # nonsense, taken for a turn
        (saved("WEBP", (100, 100), "RGB"), 4 + 12),
        (saved("JPEG", (100, 100)), 1),
        (saved("JPEG", (100, 100), progressive=True), 1 + 2),
        (saved("JPEG", (100, 100), "RGB", progressive=True, subsampling=0), 4 + 6),
        (saved("JPEG", (100, 100), "RGB", progressive=True, subsampling=1), 4 + 4),
        (saved("JPEG", (100, 100), "RGB", progressive=True, subsampling=2), 4 + 3),
        (saved("TIFF", (100, 100)), 1),
        (saved("TIFF", (100, 100), compression="tiff_lzw", tiffinfo={278: 100}), 1 + 4),
        (saved("TIFF", (100, 100), compression="tiff_lzw", tiffinfo={278: 25}), 1 + 1),
        (saved("TIFF", (100, 100), "RGB", compression="tiff_lzw", tiffinfo={278: 50}), 4 + 2),
    ],
)
def test_what_a_pixel_costs(file: io.BytesIO, each: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_cost, "MEMORY_BYTES", each * 10_000)
    assert open_picture(file).size == (100, 100)
    monkeypatch.setattr(picture_cost, "MEMORY_BYTES", each * 10_000 - 1)
    with pytest.raises(SourceError, match=r"100 x 100 pixels\. Make it smaller than 1 megapixels\.$"):
        open_picture(file)


@pytest.mark.parametrize(
    ("tags", "each"),
    [
        ({322: 16, 323: 32}, 4 * 16 * 32),
        ({322: 200, 323: 64, 258: (8, 8, 8)}, 4 * 200 * 64),  # a tile may be larger than its picture
        ({322: 16}, 4 * 16 * 50),
        ({322: 16, 278: 10}, 4 * 16 * 10),
        ({258: (16, 16, 16, 16)}, 8 * 100 * 50),
        ({278: 51}, 4 * 100 * 50),
    ],
)
def test_a_tile_or_strip_of_a_tiff_is_decoded_whole(tags: dict[int, object], each: int) -> None:
    class Tiff(Image.Image):
        tag_v2 = tags

    assert picture_cost._of_a_strip(Tiff(), (100, 50)) == each / 5000


def test_the_scans_of_a_jpeg_are_counted_where_a_piece_ends_in_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_cost, "READ_AT_ONCE", 3)
    file = picture_cost.CountedReads(io.BytesIO(b"\xff\xda\xff\xda--\xff\xda\xff\xff\xda\xda\xff"))
    file.seek(2)
    assert picture_cost._scans(file) == 1 + 3
    assert file.tell() == 2


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


def test_a_tag_cannot_tell_of_so_many_values_that_they_seem_to_be_few() -> None:
    content = saved("TIFF", (20, 20), tiffinfo={65_000: (1,) * 100}, big_tiff=True).getvalue()
    count = content.index(struct.pack("<H", 65_000)) + 4
    with pytest.raises(SourceError, match="too many pieces"):
        open_picture(io.BytesIO(content[:count] + b"\xff" * 8 + content[count + 8 :]))


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
    with pytest.raises(SourceError, match=r"The picture is 1000 x 1000 pixels\. Make it smaller than 1 megapixels\.$"):
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


def test_what_is_said_of_a_turn_is_done_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = open_picture(saved("JPEG", (30, 20), exif=exif.tobytes()))
    assert (found.size, "exif" in found.info) == ((20, 30), False)


@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg"])
def test_what_libtiff_says_of_a_damaged_file_is_not_heard(compression: str, capfd: pytest.CaptureFixture[str]) -> None:
    content = saved("TIFF", (300, 200), compression=compression).getvalue()
    damaged = io.BytesIO(content[:8] + b"\xff\x13\x77" * 17 + content[59:])  # its strip comes first
    with pytest.raises(OSError, match="decoder error"), Image.open(damaged) as picture:
        picture.load()
    assert capfd.readouterr().err  # so there's something to be heard
    with pytest.raises(SourceError, match="damaged or cut off"):
        open_picture(damaged)
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
