"""Pictures that would cost too much to open, or that lack what they need, are refused in a sentence."""

import io
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image

from app.sources import SourceError, open_picture
from stress.inputs import bombs

pytest.importorskip("hypothesis")  # of stress.inputs.bombs


def saved(kind: str, size: tuple[int, int], mode: str = "L", **how: object) -> io.BytesIO:
    file = io.BytesIO()
    Image.new(mode, size, 1).save(file, kind, **how)
    return file


@pytest.mark.parametrize(
    ("file", "most"),
    [
        (io.BytesIO(bombs.png(20_000, 20_000)), 50),
        (io.BytesIO(bombs.png(20_000, 20_000, colour=2)), 47),
        (io.BytesIO(bombs.png(20_000, 20_000, depth=16)), 50),
        (saved("WEBP", (4000, 3000), "RGB", method=0, quality=0, lossless=True), 11),
        (saved("TIFF", (6000, 4000), "RGB", compression="tiff_lzw", tiffinfo={278: 4000}), 23),
        (saved("JPEG", (5800, 5400), "RGB", progressive=True, subsampling=0), 30),
    ],
)
def test_a_picture_that_takes_too_much_memory_is_refused_with_the_size_that_can_be_read(
    file: io.BytesIO, most: int
) -> None:
    file.seek(0)
    with pytest.raises(SourceError, match=rf"make it smaller than {most} megapixels\.$"):
        open_picture(file)


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    file = io.BytesIO(bombs.scans(5000, 1000))
    with pytest.raises(SourceError, match=r"The picture is 1000 x 1000 pixels"):
        open_picture(file)
    assert open_picture(io.BytesIO(bombs.scans(10, 1000))).width == 1000


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


@pytest.mark.parametrize("mode", ["P", "PA"])
def test_a_picture_of_colours_that_it_does_not_bring_is_damaged(mode: str) -> None:
    file = io.BytesIO()
    Image.new("P", (20, 20), 1).save(file, "PNG", **({"transparency": b"\0\1"} if mode == "PA" else {}))
    whole = file.getvalue()
    place = whole.index(b"PLTE") - 4
    length = int.from_bytes(whole[place : place + 4]) + 12  # the length, the kind and the sum, too
    assert open_picture(io.BytesIO(whole)).mode == "P"
    with pytest.raises(SourceError, match="damaged or cut off"):
        open_picture(io.BytesIO(whole[:place] + whole[place + length :]))
