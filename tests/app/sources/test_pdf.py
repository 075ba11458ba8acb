"""Each page of a PDF is its own subject, drawn in a child process with limits."""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from app.drawing.picture import Picture
from app.sources import pdf_child, sources
from app.sources.pdf import open_pages
from app.sources.pictures import Sheet, SourceError
from model.base import installation
from stress.inputs.pdf_files import SQUARE, bloated, encrypted, endless, written
from tests.app.sources.test_cluster import WITHOUT
from tests.app.sources.test_sheets import shade, shades
from tests.app.sources.test_spread import extended
from tests.app.test_cli import answers, picture
from tests.conftest import run

pytestmark = pytest.mark.usefixtures("fresh_model")

DAMAGED_PAGE = "This page of the PDF is damaged. Save it as a picture, and open that."
TOO_MUCH = "This page takes too much time or memory to draw. Save it as a picture, and open that."


def saved(*pages: Image.Image, **how: object) -> bytes:
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], **how)
    return file.getvalue()


def opened(content: bytes, first: int = 0) -> list[Sheet]:
    return list(open_pages(io.BytesIO(content), first))


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    left = [each for each in psutil.Process().children() if "pages" in each.cmdline()]
    assert not left


def test_the_pages_come_in_their_order_each_at_200_dots_an_inch() -> None:
    sheets = opened(saved(shade(10), shade(20, (72, 36)), shade(30), resolution=72))
    assert [(each.index, each.numbered) for each in sheets] == [(0, True), (1, True), (2, True)]
    assert shades(sheets) == [10, 20, 30]
    assert [each.content.size for each in sheets if isinstance(each.content, Image.Image)][1] == (200, 100)


def test_one_page_has_no_number_and_keeps_its_colours() -> None:
    (sheet,) = opened(saved(Image.new("RGB", (40, 31), (200, 60, 30))))
    assert not sheet.numbered
    assert isinstance(sheet.content, Image.Image)
    found = sheet.content.getpixel((9, 9))
    assert isinstance(found, tuple)
    assert all(abs(one - other) < 6 for one, other in zip(found, (200, 60, 30), strict=True))  # it's stored as JPEG


def test_a_page_is_turned_as_it_asks() -> None:
    (sheet,) = opened(written(["/MediaBox [0 0 144 72] /Rotate 90"]))
    assert isinstance(sheet.content, Image.Image)
    assert sheet.content.size == (200, 400)


def test_a_large_page_is_drawn_smaller() -> None:
    sheets = opened(written(["/MediaBox [0 0 14400 14400]", "/MediaBox [0 0 14400 0.01]", "/MediaBox [0 0 1e30 1e30]"]))
    large, narrow, beyond = (each.content for each in sheets)
    assert isinstance(large, Image.Image)
    assert 11_500_000 < large.width * large.height <= pdf_child.MOST_PAGE_PIXELS
    for each in (narrow, beyond):
        assert not isinstance(each, Image.Image) or 0 < each.width * each.height <= pdf_child.MOST_PAGE_PIXELS


def test_a_damaged_page_costs_only_its_own() -> None:
    sheets = opened(written([SQUARE, "", SQUARE]))
    assert shades(sheets) == [255, DAMAGED_PAGE, 255]


def test_a_page_that_takes_too_long_costs_only_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_child, "MOST_SECONDS", 0.5)
    assert shades(opened(endless(bad=1, good=2))) == [TOO_MUCH, 255, 255]


def test_where_too_many_pages_do_the_others_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_child, "MOST_SECONDS", 0.3)
    rest = "This page was left out, because too many pages of the PDF take too much time or memory to draw."
    assert shades(opened(endless(bad=4, good=1))) == [TOO_MUCH] * 3 + [rest] * 2


def test_a_page_that_takes_too_much_memory_costs_only_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_child, "MOST_MEMORY", 150_000_000)
    assert shades(opened(bloated(300))) == [TOO_MUCH, 255]


def test_each_limit_holds_just_there() -> None:
    child = pdf_child.Child()
    try:
        child._check(pdf_child.MOST_MEMORY, 7.0)
        child._check(pdf_child.MOST_MEMORY, 7.0 + pdf_child.MOST_SECONDS)
        for memory, seconds, took in (
            (pdf_child.MOST_MEMORY + 1, 7.0, "it took 1000 MB and 0 s"),
            (0, 8.0 + pdf_child.MOST_SECONDS, "it took 0 MB and 21 s"),
        ):
            with pytest.raises(pdf_child.LostError, match=took):
                child._check(memory, seconds)
    finally:
        child.end()


def test_the_most_pages() -> None:
    whole = opened(written([SQUARE] * 200))
    assert shades(whole) == [255] * 200
    more = opened(written([SQUARE] * 201), 199)
    assert [each.index for each in more] == [199, 200]
    assert shades(more) == [255, "The file has more than 200 pages. Split it into several files."]


def test_pages_are_counted_without_being_drawn(tmp_path: Path) -> None:
    for pages, counted in ((3, 3), (200, 200), (201, 200)):
        (tmp_path / "scan.pdf").write_bytes(written([SQUARE] * pages))
        assert sources.count_pages(str(tmp_path / "scan.pdf")) == counted
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\nno more")
    assert sources.count_pages(str(tmp_path / "scan.pdf")) == 1


def test_the_most_bytes(tmp_path: Path) -> None:
    content = saved(shade(10))
    for size, fits in ((100_000_000, True), (100_000_001, False)):
        with (tmp_path / "large.pdf").open("wb") as file:
            file.write(content[:9] + b"%" * 100)
            file.truncate(size - len(content))
            file.seek(size - len(content))
            file.write(content)
        with contextlib.nullcontext() if fits else pytest.raises(SourceError, match="less than 100 megabytes"):
            next(open_pages(tmp_path / "large.pdf"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\nno more", "The PDF is damaged, cut off or empty. Save or download it again."),
        (saved(shade(10))[:300], "The PDF is damaged, cut off or empty. Save or download it again."),
        (written([]), "The PDF is damaged, cut off or empty. Save or download it again."),
        (encrypted(), "The PDF has a password. Save it without one, and open that."),
    ],
    ids=["no more than a head", "cut off", "empty", "with a password"],
)
def test_what_cannot_be_opened_is_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(content)
    (subject,) = sources.read([str(tmp_path)], io.BytesIO())
    assert str(subject.content) == sentence
    assert (subject.name, subject.index) == (str(tmp_path / "page.pdf"), 0)


def test_one_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    content = saved(shade(10))
    for name, begins, is_one in (
        ("page.png", b"", True),
        ("page.pdf", b"From: somebody\n\n", True),
        ("page.txt", b"From: somebody\n\n", False),
        ("page.pdf", bytes(1024), False),
    ):
        (tmp_path / name).write_bytes(begins + content)
        (subject,) = sources.read([str(tmp_path / name)], io.BytesIO())
        assert isinstance(subject.content, Image.Image) == is_one, name
    picture(7).save(tmp_path / "seven.png")
    (tmp_path / "seven.png").rename(tmp_path / "seven.pdf")
    assert isinstance(sources.fetch_only(str(tmp_path / "seven.pdf")), Picture)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"drawn 1 1 3\n",
        b"drawn 4000 4000 12000\n" + bytes(48_000_000),
        b"drawn 10 10 9\n" + bytes(100),
        b"drawn 10 10 29\n" + bytes(300),
        b"drawn 10 10 34\n" + bytes(400),
        b"drawn 10 10 1000000\n" + bytes(100),
        b"drawn 0 0 0\n",
        b"drawn 10 10\n",
        b"drawn -1 -1 -3\n",
        b"nonsense\n",
        b"pages\n",
        b"pages 1 2\n",
        b"damaged 1\n",
        b"pages 1234567890\n",
    ],
)
def test_an_answer_that_is_none_is_not_believed(answer: bytes) -> None:
    assert pdf_child._answer(io.BytesIO(answer)) is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"pages 7\n", (b"pages", (7,), b"")),
        (b"password\n", (b"password", (), b"")),
        (b"drawn 1 1 3\nRGB", (b"drawn", (1, 1, 3), b"RGB")),
        (b"drawn 1 2 6\nRGB---RGB---", (b"drawn", (1, 2, 6), b"RGB---RGB---")),
    ],
)
def test_an_answer_is_taken_as_far_as_it_goes(answer: bytes, said: pdf_child.Answer) -> None:
    stream = io.BytesIO(answer + b"pages 1\n")
    assert pdf_child._answer(stream) == said
    assert stream.read() == b"pages 1\n"


def test_a_line_without_an_end_does_not_fill_the_memory() -> None:
    stream = io.BytesIO(b"x" * 1000)
    assert pdf_child._answer(stream) is None
    assert stream.tell() == 100


def test_a_child_that_answers_nonsense_is_left_and_what_it_prints_is_for_nobody(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    script = (
        "import sys; sys.stdin.buffer.readline(); print('a stranger says', file=sys.stderr, flush=True); "
        "print('pages 1', flush=True); sys.stdin.buffer.readline(); print('nonsense', flush=True)"
    )
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", script])
    assert shades(opened(b"")) == [TOO_MUCH]
    assert capfd.readouterr().err == ""


def test_the_most_pixels_of_a_page() -> None:
    for width, height, fits in ((4_000, 3_000, True), (12_000_001, 1, False)):
        answer = f"drawn {width} {height} {3 * width}\n".encode() + bytes(3 * width * height)
        assert bool(pdf_child._answer(io.BytesIO(answer))) == fits


def test_a_child_that_ends_at_once_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", ""])
    with pytest.raises(SourceError, match="takes too much time or memory to open"):
        opened(bytes(1_000_000))


def test_a_page_is_fetched_alone(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(saved(*map(shade, (10, 20, 30))))
    found = sources.fetch(str(tmp_path / "scan.pdf"), 1)
    assert isinstance(found, Picture)
    assert found.name == "scan.pdf:1"
    assert found.image.convert("L").getpixel((0, 0)) == 20
    assert sources.fetch_only(str(tmp_path / "scan.pdf")) is None


def test_the_command_line_reads_all_pages_here_and_in_processes(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(saved(picture(7), picture(4), picture(1)))
    for jobs in ("1", "2"):
        got = answers(run("app", "recognize", "--json", "--jobs", jobs, tmp_path).stdout)
        assert [(each["index"], each["text"]) for each in got] == [(0, "7"), (1, "4"), (2, "1")]


def test_a_table_names_the_pages_of_a_file_that_has_several(tmp_path: Path) -> None:
    for name, pages in (("one.pdf", [picture(7)]), ("two.pdf", [picture(7), picture(4)])):
        (tmp_path / name).write_bytes(saved(*pages))
    one, two = (run("app", "recognize", "--table", tmp_path / name).stdout for name in ("one.pdf", "two.pdf"))
    assert "one.pdf" not in one
    named = dict.fromkeys(line.split(",")[0] for line in two.splitlines())
    assert list(named) == [f"{tmp_path / 'two.pdf'}:{page}" for page in range(2)]


@pytest.mark.parametrize("name", ["pypdfium2", "psutil"])
def test_without_what_draws_them_a_sentence_tells_how_to_get_it(name: str, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(saved(shade(10)))
    path = extended(tmp_path / "path", WITHOUT.format(name=name))
    done = run("app", "recognize", tmp_path / "scan.pdf", PYTHONPATH=path)
    sentence = f"PDF files need pypdfium2; install it with: {installation.command('pdf')}"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path / 'scan.pdf'}: {sentence}\n"


def test_the_window_s_process_never_loads_what_draws(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(saved(shade(10)))
    next(open_pages(tmp_path / "scan.pdf"))
    assert "pypdfium2" not in sys.modules
