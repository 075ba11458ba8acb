"""Files opened, dropped, pasted and saved, in a window made for the tests."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import tkinter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.drawing import drawing_file
from app.kept import recent, settings
from app.ui.kit import style
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke, write_line
from model.ink.render import render
from model.reading.recognizer import Recognizer
from tests.app.sources.test_batch import said
from tests.bench import SEVEN, Bench
from tests.conftest import on_linux
from tests.screen import Area, wait_for

if sys.platform == "linux":
    from tests.selections import Program

pytestmark = on_linux

NAME = "a seven, é 中 {x}.png"


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    render(SEVEN).save(path)
    return path


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_a_picture_opens_fitted_and_undo_takes_it_away(bench: Bench, seven: Path) -> None:
    bench.files.open_paths([str(seven)])
    bench.opened(NAME)
    assert bench.session.recognize()
    assert bench.session.text == "7"
    left, top, right, bottom = bench.pad.bbox("picture")
    width, height = bench.pad.winfo_width(), bench.pad.winfo_height()
    assert (left + right) / 2 == pytest.approx(width / 2, abs=2)
    assert (top + bottom) / 2 == pytest.approx(height / 2, abs=2)
    assert bottom - top == pytest.approx(height - 32, abs=4)
    scale = (bottom - top - 2) / 280
    assert bench.screen.is_dark(left + 1 + 140 * scale, top + 1 + 60 * scale)
    assert not bench.screen.is_dark(left + 1 + 140 * scale, top + 1 + 20 * scale)
    bench.session.undo()
    bench.show()
    assert bench.pad.find_all() == ()
    bench.session.redo()
    bench.show()
    assert bench.pad.bbox("picture") == (left, top, right, bottom)


def test_marks_stand_around_the_digits_of_a_picture_and_grow_with_the_window(bench: Bench, tmp_path: Path) -> None:
    two = Drawing((*SEVEN.strokes, Stroke((Point(330, 50), Point(330, 230)))), canvas=(400, 280))
    render(two).save(tmp_path / "71.png")
    bench.files.open_paths([str(tmp_path / "71.png")])
    bench.opened("71.png")
    reading = bench.session.recognize()
    assert reading
    assert reading.text == "71"

    def marked() -> list[tuple[float, ...]]:
        bench.pad.mark("71", [digit.box for digit in reading.digits], 0)
        return [tuple(bench.pad.coords(item)) for item in bench.pad.find_withtag("mark")[::2]]  # a box, its digit, …

    for size in ("420x360", "800x640"):
        bench.root.geometry(f"{size}+0+0")
        bench.root.update()
        left, top, right, _bottom = bench.pad.bbox("picture")
        scale = (right - left - 2) / 400
        for found, x, high in zip(marked(), (140, 330), (190, 200), strict=True):
            assert found[0] < left + x * scale < found[2]
            nearly = 4 + 10 * scale  # the eye sees a fifth of the picture's size, and the ink's soft edge
            assert found[3] - found[1] == pytest.approx(high * scale + 6, abs=nearly)
            assert found[1] == pytest.approx(top + (240 - high) * scale - 3, abs=nearly)


def test_a_stroke_over_a_picture_begins_a_drawing(bench: Bench, seven: Path) -> None:
    bench.files.open_paths([str(seven)])
    bench.opened(NAME)
    bench.do(lambda: bench.screen.stroke([(100, 100), (100, 150), (100, 200)], follow=False))
    bench.wait(lambda: bench.session.drawing.strokes, "the stroke")
    assert bench.session.picture is None
    assert bench.pad.find_withtag("picture") == ()
    assert bench.session.drawing.canvas == (bench.pad.winfo_width(), bench.pad.winfo_height())
    bench.session.undo()
    bench.show()
    assert bench.session.picture
    assert bench.pad.find_withtag("picture")


def test_pictures_of_a_few_pixels_and_of_transparent_paper_are_seen_in_each_look(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style.now, "colours", style.DARK)
    small = Image.new("LA", (28, 28))
    small.paste((0, 255), (12, 4, 16, 24))
    small.save(tmp_path / "28.png")
    bench.files.open_paths([str(tmp_path / "28.png")])
    bench.opened("28.png")
    left, top, right, bottom = bench.pad.bbox("picture")
    assert bottom - top > 200
    seen = bench.screen.pixels(Area(left + 2, top + 2, right - left - 4, bottom - top - 4))
    grey = np.asarray(seen.convert("L"))
    assert set(np.unique(grey)) == {0, 255}  # nothing in between: each pixel is shown as it is
    assert (grey == 0).mean() == pytest.approx(4 * 20 / 28**2, rel=0.1)


def test_ink_opens_as_a_drawing_and_goes_on(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "ink.json").write_text(json.dumps(SEVEN.to_json()))
    bench.files.open_paths([str(tmp_path / "ink.json")])
    bench.wait(lambda: not bench.session.is_blank, "the ink")
    assert bench.session.drawing == SEVEN
    bench.do(lambda: bench.screen.stroke([(100, 140), (180, 140)], follow=False))
    bench.wait(lambda: len(bench.session.drawing.strokes) == 2, "the stroke")
    bench.session.undo()
    bench.session.undo()
    assert bench.session.is_blank


@pytest.mark.parametrize("name", ["seven.svg", "seven.txt"])
def test_lines_that_were_saved_as_svg_open_and_go_on(bench: Bench, tmp_path: Path, name: str) -> None:
    drawing_file.save(SEVEN, tmp_path / "seven.svg")
    (tmp_path / "seven.svg").rename(tmp_path / name)
    bench.files.open_paths([str(tmp_path / name)])
    bench.wait(lambda: bench.session.drawing == SEVEN, "the lines")
    bench.do(lambda: bench.screen.stroke([(100, 140), (180, 140)], follow=False))
    bench.wait(lambda: len(bench.session.drawing.strokes) == 2, "the stroke")
    assert [Path(path).name for path in recent.files()] == [name]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("shapes.svg", b"<svg><rect width='9' height='9'/></svg>", "shapes.svg: This SVG has no lines"),
        ("gone.png", None, "gone.png: There's no such file"),
        ("text.png", b"text", "text.png: Inkling can't read this kind of file"),
        ("cut.png", png(Image.effect_noise((90, 90), 50))[:2000], "cut.png: The picture is damaged"),
        ("no.json", b"{", "no.json: This isn't JSON"),
        ("none.json", b"[]", "There's no drawing in none.json"),
    ],
)
def test_what_cannot_be_opened_is_a_sentence_and_nothing_is_lost(
    bench: Bench, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    bench.session.open(SEVEN)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    bench.files.open_paths([str(tmp_path / name)])
    bench.told_once(words)
    assert bench.session.drawing is SEVEN
    assert recent.files() == ()


def test_the_dialog_opens_one_file_or_several(bench: Bench, seven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []
    answers: list[object] = ["", (str(seven),), bench.root.tk.call("list", str(seven), str(seven))]

    def ask(**words: object) -> object:
        asked.append(words)
        return answers.pop(0)

    monkeypatch.setattr("tkinter.filedialog.askopenfilename", ask)
    bench.files.open()
    assert not bench.files.busy
    bench.files.open()
    bench.opened(NAME)
    bench.files.open()
    (dialog,) = bench.lists()
    assert dialog.title() == "2 files"
    assert asked[0]["title"] == "Open"
    assert ".PNG" in str(asked[0]["filetypes"])


def test_folders_pages_and_several_files_come_in_a_list_and_a_file_of_several_too(
    bench: Bench, seven: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.jsonl").write_text(write_line(SEVEN))
    (tmp_path / "two.json").write_text(json.dumps([SEVEN.to_json()] * 2))
    monkeypatch.setattr("tkinter.filedialog.askdirectory", lambda **_: str(tmp_path))
    bench.files.open_folder()
    bench.files.open_paths([str(tmp_path / "page.jsonl")])
    bench.files.open_paths([str(seven), str(tmp_path / "gone.png")])
    bench.files.open_paths([str(tmp_path / "two.json")])
    bench.wait(lambda: len(bench.lists()) == 4, "four lists")
    assert [dialog.title() for dialog in bench.lists()] == [tmp_path.name, "page.jsonl", "2 files", "two.json"]
    bench.wait(lambda: all(dialog.batch.over for dialog in bench.lists()), "the ends")
    assert [len(dialog.batch.answers) for dialog in bench.lists()] == [4, 1, 2, 2]
    assert bench.session.is_blank
    assert [Path(path).name for path in recent.files()] == ["two.json", "page.jsonl", tmp_path.name]


def test_the_newest_of_two_that_are_opened_at_once_is_shown(bench: Bench, seven: Path, tmp_path: Path) -> None:
    Image.effect_noise((3000, 3000), 50).save(tmp_path / "slow.png", compress_level=1)
    others = threading.active_count()
    bench.files.open_paths([str(tmp_path / "slow.png")])
    bench.files.open_paths([str(seven)])
    bench.opened(NAME)
    wait_for(lambda: threading.active_count() <= others, 10, "the end of the other")
    bench.root.update()
    bench.opened(NAME)


def test_files_dropped_by_another_program_open(bench: Bench, other: Program, seven: Path, tmp_path: Path) -> None:
    bench.files.listen_for_drops()
    window = bench.screen.window("Bench")
    bench.do(lambda: other.drop(window, 200, 200, {"text/uri-list": f"{seven.as_uri()}\r\n".encode()}))
    bench.opened(NAME)
    assert other.accepted
    render(SEVEN).save(tmp_path / "100%25 $x [1].png")
    both = "".join(f"{path.as_uri()}\r\n" for path in (seven, tmp_path / "100%25 $x [1].png"))
    bench.do(lambda: other.drop(window, 30, 30, {"text/plain": b"no", "text/uri-list": both.encode()}))
    (dialog,) = bench.lists()
    bench.wait(lambda: dialog.batch.over, "the end")
    read = [(Path(each.name).name, said(each)[0]) for each in dialog.batch.answers]
    assert read == [(NAME, "7"), ("100%25 $x [1].png", "7")]


def test_other_things_are_not_taken(bench: Bench, other: Program) -> None:
    bench.files.listen_for_drops()
    window = bench.screen.window("Bench")
    bench.do(lambda: other.drop(window, 200, 200, {"text/plain": b"no file"}))
    assert not other.accepted
    bench.do(lambda: other.drop(window, 200, 200, {"text/uri-list": b"https://example.org/7.png\r\n"}))
    bench.told_once("7.png: There's no such file")


@pytest.mark.parametrize("why", ["missing", "not loaded"])
def test_without_tkdnd_the_log_says_why(
    bench: Bench, why: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if why == "missing":
        monkeypatch.setitem(sys.modules, "tkinterdnd2", None)
    else:
        monkeypatch.setattr("platform.machine", lambda: "abacus")
    with caplog.at_level(logging.WARNING):
        bench.files.listen_for_drops()
    assert "cannot be dropped" in caplog.text


@pytest.mark.parametrize(
    "case",
    [
        ("x.png", "Picture", "x.png"),
        ("x.json", "Ink", "x.json"),
        ("x.svg", "Picture", "x.svg"),
        ("x", "Ink", "x.json"),
        ("x", "Inkling drawing", "x.inkling"),
        ("x", "Lines (SVG)", "x.svg"),
        ("x", "", "x.png"),
    ],
)
def test_a_drawing_is_saved_by_its_ending_or_the_kind_that_was_chosen(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[str, str, str]
) -> None:
    name, kind, saved = case

    def ask(**words: object) -> str:
        variable = words["typevariable"]
        assert isinstance(variable, tkinter.StringVar)
        variable.set(kind)
        return str(tmp_path / name)

    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", ask)
    bench.session.open(SEVEN)
    bench.files.save()
    assert [path.name for path in tmp_path.iterdir()] == [saved]
    assert [Path(path).name for path in recent.files()] == [saved]
    content = (tmp_path / saved).read_bytes()
    assert content.startswith(
        {"png": b"\x89PNG", "svg": b"<?xml", "json": b"{", "inkling": b"{"}[saved.partition(".")[2]]
    )


def test_a_place_that_cannot_be_written_is_a_sentence(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, words in (
        (tmp_path / "no" / "x.png", "x.png can't be written"),
        (tmp_path / "x.gif", "has an ending that Inkling can't save"),
    ):
        monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda path=path, **_: str(path))
        bench.files.save()
        bench.told_once(words)
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: "")
    bench.files.save()
    assert list(tmp_path.iterdir()) == []


def test_recent_files_open_from_their_menu_and_those_that_are_gone_are_named(bench: Bench, seven: Path) -> None:
    menu = tkinter.Menu(bench.root)
    bench.files.fill_recent(menu)
    assert (menu.entrycget(0, "label"), menu.entrycget(0, "state")) == ("Nothing opened or saved yet", "disabled")
    recent.add(str(seven.with_name("gone & away.png")))
    recent.add(str(seven))
    bench.files.fill_recent(menu)
    assert [menu.entrycget(place, "label") for place in (0, 1, 3)] == [NAME, "gone & away.png", "Clear this list"]
    menu.invoke(1)
    bench.told_once("gone & away.png is gone")
    bench.files.fill_recent(menu)
    menu.invoke(0)
    bench.opened(NAME)
    bench.files.fill_recent(menu)
    assert menu.index("end") == 2
    menu.invoke(2)
    assert recent.files() == ()


def test_recent_files_that_cannot_be_kept_cost_nothing(
    bench: Bench, seven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(settings, "change", full)
    bench.files.open_paths([str(seven)])
    bench.opened(NAME)


def test_without_a_model_a_list_is_a_sentence(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_model() -> tuple[Recognizer, str]:
        raise UserError("There is no model.")

    monkeypatch.setattr(bench.session, "_load_recognizer", no_model)
    bench.files.open_paths([str(tmp_path)])
    bench.told_once("There is no model.")
    assert bench.lists() == []
