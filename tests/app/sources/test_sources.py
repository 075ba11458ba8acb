"""What the program is asked to read comes one subject at a time, or a sentence comes instead."""

import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.drawing.picture import Picture
from app.sources import sources
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke
from tests.app.sources.test_sheets import shade

SEVEN = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), canvas=(300, 280))
INK = json.dumps(SEVEN.to_json())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two drawings, a picture, lines of ink, and something that's neither."""
    (tmp_path / "a list.json").write_text(f"[{INK}, {INK}]")
    shade(90).save(tmp_path / "b.PNG")
    (tmp_path / "c.jsonl").write_text(f"{INK}\n\n{INK[:-1]}\n")
    (tmp_path / "notes.txt").write_text("none of it")
    (tmp_path / ".hidden").write_text("nor this")
    (tmp_path / "below.json").mkdir()
    return tmp_path


def said(subjects: Iterator[sources.Subject]) -> list[tuple[str, object]]:
    """Return the name of each without its folder, and what it is: ink, a picture's size, or a sentence."""
    found: list[tuple[str, object]] = []
    for each in subjects:
        content = each.content
        what = "ink" if content == SEVEN else content.size if isinstance(content, Image.Image) else str(content)
        found.append((Path(each.name).name, what))
    return found


def test_a_folder_is_read_by_name_and_not_below(folder: Path) -> None:
    names = [("a list.json:0", "ink"), ("a list.json:1", "ink"), ("b.PNG", (30, 20)), ("c.jsonl:0", "ink")]
    *whole, (last, sentence) = said(sources.read([str(folder)], io.BytesIO()))
    assert whole == names
    assert last == "c.jsonl:1"
    assert str(sentence).startswith("This isn't JSON")
    assert (
        sources.count([str(folder / "b.PNG"), str(folder), str(folder / "b.PNG")]) == 6
    )  # a list is one till it's read
    assert sources.left_out(str(folder)) == 1
    assert sources.left_out(str(folder / "b.PNG")) == sources.left_out("\0") == 0
    assert sources.told_left_out(1) == "1 other file was left out, because it isn't a picture or ink."
    assert sources.told_left_out(1200).startswith("1,200 other files were left out")


def test_a_folder_of_nothing_and_one_that_nobody_may_look_into_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "none").mkdir()
    assert said(sources.read([str(folder / "none")], io.BytesIO())) == [
        ("none", "The folder has neither pictures nor ink in it.")
    ]
    assert sources.count([str(folder / "none")]) == 1

    def refuse(_path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    assert said(sources.read([str(folder), str(folder / "b.PNG")], io.BytesIO())) == [
        (folder.name, "The folder can't be read (Permission denied)."),
        ("b.PNG", (30, 20)),
    ]
    assert (sources.count([str(folder)]), sources.left_out(str(folder))) == (1, 0)


def test_standard_input_has_a_drawing_in_each_line() -> None:
    given = io.BytesIO(f"{INK}\n7\n{INK}".encode())
    assert said(sources.read(["-"], given)) == [
        ("-:0", "ink"),
        ("-:1", "A drawing is an object with 'strokes', not 7."),
        ("-:2", "ink"),
    ]


def test_what_is_not_there_is_told_in_its_place(folder: Path) -> None:
    names = [str(folder / name) for name in ("gone.jsonl", "gone.png", "gone.json", "c.jsonl")]
    told = said(sources.read(names, io.BytesIO()))
    gone = sources.with_content(sources.Piece(names[1]))
    assert sources.with_content(gone) is gone
    assert said(sources.subjects(gone)) == told[1:2]
    assert told[:3] == [(Path(name).name, "There's no such file. Check its name.") for name in names[:3]]
    assert sources.count([*names[1:3], names[0], "no\0name"]) == 4


@pytest.mark.parametrize("how", [lambda piece: piece, sources.with_content], ids=["here", "elsewhere"])
def test_a_file_is_known_by_what_is_in_it(folder: Path, how: Callable[[sources.Piece], sources.Piece]) -> None:
    (folder / "ink").write_text(INK)
    shade(90).save(folder / "picture", "PNG")
    for name, what in (("ink", "ink"), ("picture", (30, 20))):
        piece = how(sources.Piece(str(folder / name)))
        if how is sources.with_content:  # it's read where the file isn't
            (folder / name).unlink()
        assert said(sources.subjects(piece)) == [(name, what)]
    (sentence,) = said(sources.subjects(how(sources.Piece(str(folder / "notes.txt")))))
    assert "Inkling can't read this kind of file" in str(sentence[1])


def test_the_window_fetches_a_row_of_its_list(folder: Path) -> None:
    drawn = sources.fetch(str(folder / "a list.json"), 1)
    assert drawn == SEVEN
    picture = sources.fetch(str(folder / "b.PNG"))
    assert isinstance(picture, Picture)
    assert (picture.name, picture.image.size) == ("b.PNG", (30, 20))
    with pytest.raises(UserError, match=r"^That drawing is no longer in a list.json\.$"):
        sources.fetch(str(folder / "a list.json"), 2)
    with pytest.raises(UserError, match=r"^c.jsonl: This isn't JSON"):
        sources.fetch(str(folder / "c.jsonl"), 1)


def test_a_page_is_fetched_as_a_picture_or_a_sentence_says_why_not(folder: Path) -> None:
    assert sources.fetch_picture(str(folder / "b.PNG")).size == (30, 20)
    Image.new("L", (5000, 4000)).save(folder / "d.jpg", quality=1)
    assert sources.fetch_picture(str(folder / "d.jpg")).size == (5000, 4000)
    assert said(sources.read([str(folder / "d.jpg")], io.BytesIO())) == [("d.jpg", (2500, 2000))]
    for name, index in (("b.PNG", 1), ("a list.json", 0)):
        with pytest.raises(UserError, match=rf"^There's no picture in {name} there\.$"):
            sources.fetch_picture(str(folder / name), index)
    with pytest.raises(UserError, match=r"^notes.txt: Inkling can't read this kind of file"):
        sources.fetch_picture(str(folder / "notes.txt"))


def test_the_one_thing_in_a_file_opens_and_of_several_none_is_chosen(folder: Path) -> None:
    (folder / "c.jsonl").write_text(INK)
    assert sources.fetch_only(str(folder / "c.jsonl")) == SEVEN
    assert sources.fetch_only(str(folder / "a list.json")) is None
    (folder / "c.jsonl").write_text("")
    with pytest.raises(UserError, match=r"^There's no drawing in c.jsonl\.$"):
        sources.fetch_only(str(folder / "c.jsonl"))
