"""HEIC pictures, as phones take them: decoded in PDF files' child process, or rejected with what's missing."""

import importlib.util
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.sources import heic, pdf, pdf_child, sources
from app.sources.pictures import SourceError
from model.base.errors import UserError
from tests.app.test_cli import picture
from tests.conftest import run

HEAD = b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"  # of an ISO/IEC 23008-12 file, section 10.2

needs_heif = pytest.mark.skipif(not importlib.util.find_spec("pillow_heif"), reason="pillow-heif is missing: .[heic]")
pytestmark = pytest.mark.usefixtures("fresh_model")


def saved(image: Image.Image, **how: Any) -> bytes:
    import pillow_heif  # noqa: PLC0415  (an extra)

    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, **how)
    return file.getvalue()


def test_what_it_needs_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    (tmp_path / "phone.jpg").write_bytes(HEAD)  # under any name
    with pytest.raises(
        UserError, match=r"phone\.jpg: HEIC pictures need pillow-heif; save this one as JPEG, or .*heic"
    ):
        sources.fetch_only(str(tmp_path / "phone.jpg"))
    monkeypatch.setattr("model.base.installation.FROZEN", True)
    with pytest.raises(UserError, match=r"a HEIC picture, as phones take them. Save it as JPEG"):
        sources.fetch_only(str(tmp_path / "phone.jpg"))


def test_who_looks_at_what_a_file_is_goes_back_to_its_beginning() -> None:
    for content in (HEAD + bytes(2000), b"%PDF-1.7" + bytes(2000), bytes(2000)):
        file = io.BytesIO(content)
        assert heic.is_heic(file) == content.startswith(HEAD)
        assert file.tell() == 0
        assert pdf.is_pdf(file, ".pdf") == content.startswith(b"%PDF")
        assert file.tell() == 0


@needs_heif
def test_a_picture_of_a_phone_is_read(tmp_path: Path) -> None:
    content = saved(picture(7).convert("RGB"), quality=90)
    assert heic.is_heic(io.BytesIO(content))
    (tmp_path / "phone.HEIC").write_bytes(content)
    (subject,) = sources.read([str(tmp_path)], io.BytesIO())
    assert (subject.name, subject.source, subject.index) == (*[str(tmp_path / "phone.HEIC")] * 2, 0)
    done = run("app", "recognize", tmp_path / "phone.HEIC", tmp_path)
    assert [line.split("\t")[1] for line in done.stdout.splitlines()] == ["7", "7"], done.stderr


@needs_heif
def test_a_large_one_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heic, "MOST_PAGE_PIXELS", 5_000)
    wide = heic.open_heic(io.BytesIO(saved(Image.new("RGB", (200, 100), "red"))))
    assert wide.size == (100, 50)
    assert abs(wide.getpixel((9, 9))[0] - 254) < 5  # type: ignore[index]
    assert heic.open_heic(io.BytesIO(saved(Image.new("RGBA", (70, 70))))).size == (70, 70)


@needs_heif
def test_damaged_and_greedy_ones_are_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    content = saved(Image.effect_noise((300, 300), 60).convert("RGB"))
    for damaged in (HEAD, content[: len(content) // 2], content[:40] + bytes(200) + content[240:]):
        with pytest.raises(SourceError, match="The picture is damaged or cut off"):
            heic.open_heic(io.BytesIO(damaged))
    monkeypatch.setattr(pdf_child, "MOST_MEMORY", 1_000_000)
    with pytest.raises(SourceError, match="takes too much time or memory to open"):
        heic.open_heic(io.BytesIO(content))


@needs_heif
def test_the_most_bytes(tmp_path: Path) -> None:
    for size, said in ((100_000_000, "is damaged or cut off"), (100_000_001, "is too large. Make .* 100 megabytes")):
        with (tmp_path / "large.heic").open("wb") as file:
            file.write(HEAD)
            file.truncate(size)
        with pytest.raises(SourceError, match=said):
            heic.open_heic(tmp_path / "large.heic")
