"""Each page of a TIFF is its own subject, in order, with its own cost and its own errors."""

import io
import itertools
import re
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, TiffImagePlugin

from app.drawing.picture import Picture
from app.sources import sources
from app.sources.batch import Answer
from app.sources.pictures import Sheet, SourceError, open_picture, open_sheets
from model.base.errors import UserError
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer
from tests.app.test_cli import answers, picture
from tests.conftest import on_linux, run


def shade(level: int, size: tuple[int, int] = (30, 20), mode: str = "L") -> Image.Image:
    return Image.new("L", size, level).convert(mode)


def tiff(*pages: Image.Image, **how: object) -> io.BytesIO:
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], **how)
    file.seek(0)
    return file


def directories(content: bytes) -> list[int]:
    """Return the offsets of a little-endian TIFF's directories."""
    assert content[:2] == b"II"
    found = []
    (place,) = struct.unpack_from("<I", content, 4)
    while place:
        found.append(place)
        (entries,) = struct.unpack_from("<H", content, place)
        (place,) = struct.unpack_from("<I", content, place + 2 + 12 * entries)
    return found


def after(content: bytes, directory: int) -> int:
    """Return the offset at which a directory points to the next one."""
    return directory + 2 + 12 * int(struct.unpack_from("<H", content, directory)[0])


def changed(content: bytes, place: int, value: int) -> io.BytesIO:
    return io.BytesIO(content[:place] + struct.pack("<I", value) + content[place + 4 :])


def shades(sheets: list[Sheet]) -> list[object]:
    """Return each page's grey level, or its error."""
    return [
        str(each.content) if isinstance(each.content, UserError) else each.content.convert("L").getpixel((5, 5))
        for each in sheets
    ]


@pytest.mark.parametrize("how", [{}, {"compression": "tiff_lzw"}, {"compression": "tiff_adobe_deflate"}])
def test_the_pages_of_a_tiff_come_in_their_order_and_stay(how: dict[str, object]) -> None:
    sheets = list(open_sheets(tiff(shade(10), shade(20), shade(30, (50, 40)), shade(40, mode="RGB"), **how)))
    assert [(each.index, each.numbered) for each in sheets] == [(0, True), (1, True), (2, True), (3, True)]
    assert shades(sheets) == [10, 20, 30, 40]  # the first is unchanged after others of its size were opened
    assert [each.content.size for each in sheets if isinstance(each.content, Image.Image)][2] == (50, 40)


def test_one_page_has_no_number_nor_have_pictures_that_move() -> None:
    assert [each.numbered for each in open_sheets(tiff(shade(10)))] == [False]
    for kind in ("GIF", "PNG", "WEBP"):
        file = io.BytesIO()
        film = {"save_all": True, "append_images": [shade(200)]}
        shade(10).save(file, kind, **film, **({"lossless": True} if kind == "WEBP" else {}))
        sheets = list(open_sheets(file))
        assert [each.numbered for each in sheets] == [False]
        assert shades(sheets) == [10]


def test_each_page_is_turned_as_it_asks() -> None:
    turned = shade(10)
    pages = list(open_sheets(tiff(turned, turned.copy(), tiffinfo={0x0112: 6})))
    assert [each.content.size for each in pages if isinstance(each.content, Image.Image)] == [(20, 30), (20, 30)]


def test_a_smaller_copy_of_a_page_is_none() -> None:
    content = tiff(shade(10), shade(20), shade(30), tiffinfo={254: 0}).getvalue()
    place = directories(content)[1]
    entry = content.index(struct.pack("<HH", 254, 4), place)
    assert shades(list(open_sheets(changed(content, entry + 8, 1)))) == [10, 30]
    assert [each.index for each in open_sheets(changed(content, entry + 8, 1))] == [0, 1]
    assert shades(list(open_sheets(changed(content, entry + 8, 2)))) == [10, 20, 30]  # one of several pages


def test_a_damaged_page_costs_only_its_own() -> None:
    content = tiff(*map(shade, (10, 20, 30)), compression="tiff_adobe_deflate").getvalue()
    place = content.index(struct.pack("<HH", 273, 4), directories(content)[1])  # the offset of its strip
    (strip,) = struct.unpack_from("<I", content, place + 8)
    assert shades(list(open_sheets(changed(content, strip, 0xFFFFFFFF)))) == [
        10,
        "The picture is damaged or cut off. Save or download it again.",
        30,
    ]
    width = content.index(struct.pack("<H", 256), directories(content)[1] + 2)
    assert shades(list(open_sheets(changed(content, width, 0)))) == [
        10,
        "The picture is damaged or cut off. Save or download it again.",
        30,
    ]


def test_a_page_that_is_too_large_costs_only_its_own() -> None:
    content = tiff(*map(shade, (10, 20, 30))).getvalue()
    width = content.index(struct.pack("<HH", 256, 4), directories(content)[1])
    assert shades(list(open_sheets(changed(content, width + 8, 2_500_001)))) == [
        10,
        "The picture is 2500001 x 20 pixels. Make it smaller than 50 megapixels.",
        30,
    ]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # it goes to the log
def test_the_end_of_a_tiff_that_was_cut_off_is_told_and_a_circle_ends() -> None:
    content = tiff(*map(shade, (10, 20, 30))).getvalue()
    first, second, third = directories(content)
    cut = shades(list(open_sheets(changed(content, after(content, second), len(content) + 100))))
    assert cut == [10, 20, "The picture is damaged or cut off. Save or download it again."]
    for back in (first, second, third):
        assert shades(list(open_sheets(changed(content, after(content, third), back)))) == [10, 20, 30]
    assert shades(list(open_sheets(changed(content, after(content, first), first)))) == [10]


def test_pages_are_counted_without_being_drawn(tmp_path: Path) -> None:
    (tmp_path / "pages.tif").write_bytes(tiff(*map(shade, (10, 20, 30))).getvalue())
    assert sources.count_pages(str(tmp_path / "pages.tif")) == 3
    assert sources.count_pages(str(tmp_path / "none.tif")) == 1


@on_linux
def test_a_file_that_is_none_and_one_that_the_disk_does_not_give_are_told() -> None:
    for name, said in (
        ("/nowhere/7.png", "There's no such file. Check its name."),
        ("/dev/zero", "(Invalid argument)"),
    ):
        with pytest.raises(SourceError, match=re.escape(said)):
            sources.fetch_picture(name)


def test_a_page_that_leads_nowhere_ends_the_file() -> None:
    content = tiff(*map(shade, (10, 20, 30))).getvalue()
    second = directories(content)[1]
    assert shades(list(open_sheets(changed(content, second, 0xFFFFFFFF)))) == [
        10,
        "The picture's file is cut into too many pieces. Open it in another program, and save it again.",
    ]


def test_the_most_pages_of_a_tiff() -> None:
    sheets = list(open_sheets(tiff(*[shade(10, (1, 1))] * 500)))
    assert len(sheets) == 500
    assert not any(isinstance(each.content, UserError) for each in sheets)
    more = list(open_sheets(tiff(*[shade(10, (1, 1))] * 502)))
    assert len(more) == 501
    assert not any(isinstance(each.content, UserError) for each in more[:500])
    assert str(more[500].content) == "The file has more than 500 pages. Split it into several files."


def test_the_pieces_of_each_page_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    page = shade(10, (8, 8))
    one = tiff(page, page, tiffinfo={278: 1})  # one strip for each row
    counted = 0

    class Counted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            nonlocal counted
            counted += 1
            return super().read(size)

    list(open_sheets(Counted(one.getvalue())))
    monkeypatch.setattr("app.sources.picture_cost.MOST_READS", counted)
    many = list(open_sheets(tiff(*[page] * 20, tiffinfo={278: 1})))
    assert shades(many) == [10] * 20


def test_a_picture_from_the_clipboard_is_the_first_page() -> None:
    assert open_picture(tiff(shade(10), shade(20))).getpixel((0, 0)) == 10


def test_a_page_is_fetched_without_those_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "scan.tif"
    file.write_bytes(tiff(*map(shade, (10, 20, 30))).getvalue())
    decoded = []
    load = TiffImagePlugin.TiffImageFile.load

    def counting(self: TiffImagePlugin.TiffImageFile) -> object:
        decoded.append(self.tell())
        return load(self)

    monkeypatch.setattr(TiffImagePlugin.TiffImageFile, "load", counting)
    found = sources.fetch(str(file), 2)
    assert isinstance(found, Picture)
    assert found.name == "scan.tif:2"
    assert found.image.convert("L").getpixel((0, 0)) == 30
    assert set(decoded) == {2}
    with pytest.raises(SourceError, match=r"^That drawing is no longer in scan\.tif\.$"):
        sources.fetch(str(file), 3)


def test_the_pages_are_read_each_by_itself(tmp_path: Path, recognizer: Recognizer) -> None:
    file = tmp_path / "scan.tiff"
    file.write_bytes(tiff(picture(7), picture(4), picture(1)).getvalue())
    subjects = list(sources.read([str(tmp_path)], io.BytesIO()))
    assert [Path(each.name).name for each in subjects] == ["scan.tiff:0", "scan.tiff:1", "scan.tiff:2"]
    read = [Answer.of(recognizer, each).reading for each in subjects]
    assert [each.text for each in read if isinstance(each, Reading)] == ["7", "4", "1"]


def test_the_command_line_reads_all_pages_here_and_in_processes(tmp_path: Path) -> None:
    file = tmp_path / "scan.tif"
    file.write_bytes(tiff(picture(7), picture(4), picture(1)).getvalue())
    for jobs in ("1", "2"):
        got = answers(run("app", "recognize", "--json", "--jobs", jobs, file).stdout)
        assert [(each["index"], each["text"]) for each in got] == [(0, "7"), (1, "4"), (2, "1")]


def test_the_first_pages_are_there_before_the_last_is_opened() -> None:
    drawn = shade(255, (400, 300))
    ImageDraw.Draw(drawn).line((10, 10, 300, 200))
    content = tiff(*[drawn] * 30).getvalue()
    file = io.BytesIO(content[: directories(content)[5]])
    assert shades(list(itertools.islice(open_sheets(file), 3))) == [255, 255, 255]
