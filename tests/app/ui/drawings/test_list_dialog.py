"""The list of what's in several files, used with real pointer and key events."""

from __future__ import annotations

import csv
import re
import tkinter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tkinter import ttk

import pytest

from app.drawing.canvas import on_canvas
from app.sources import sources
from app.sources.batch import Batch
from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit import style
from model.ink.ink import Drawing, Point, Stroke, write_line
from model.ink.render import render
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer
from tests.app.sources.test_batch import ONE, SEVEN, fill, read
from tests.bench import Bench, open_bench
from tests.conftest import on_linux
from tests.screen import Screen

pytestmark = on_linux

SLASH = Drawing((Stroke((Point(50, 50), Point(60, 60), Point(50, 60), Point(70, 50))),), canvas=(300, 280))


@pytest.fixture
def bench(screen: Screen, recognizer: Recognizer) -> Iterator[Bench]:
    with open_bench(screen, recognizer) as opened:
        yield opened


def open_list(bench: Bench, paths: list[str]) -> ListDialog:
    bench.files.open_paths(paths)
    bench.wait(bench.lists, "the list")
    dialog = bench.lists()[-1]
    bench.wait(lambda: dialog.winfo_ismapped() and dialog.winfo_width() > 1, "its window")
    dialog.focus_force()  # as a window manager would
    dialog.focus_set()
    return dialog


def read_list(bench: Bench, paths: list[str]) -> ListDialog:
    dialog = open_list(bench, paths)
    bench.wait(lambda: dialog.batch.over, "the end")
    return dialog


def cells(dialog: ListDialog) -> list[tuple[str, ...]]:
    return [tuple(map(str, dialog.tree.item(row, "values"))) for row in dialog.tree.get_children()]


def said(widget: tkinter.Misc) -> str:
    """Return all lines of the dialog."""
    labels = [child for child in widget.winfo_children() if isinstance(child, ttk.Label) and child.winfo_ismapped()]
    return "\n".join(str(label.cget("text")) for label in labels)


def button(dialog: ListDialog, text: str) -> ttk.Button:
    rows = [child for child in dialog.winfo_children() if isinstance(child, ttk.Frame)]
    found = [each for row in rows for each in row.winfo_children() if isinstance(each, ttk.Button)]
    return next(each for each in found if each.cget("text") == text)


def click(bench: Bench, widget: tkinter.Misc, x: float | None = None, y: float | None = None, times: int = 1) -> None:
    x = widget.winfo_rootx() + (widget.winfo_width() / 2 if x is None else x)
    y = widget.winfo_rooty() + (widget.winfo_height() / 2 if y is None else y)

    def hand() -> None:
        for _time in range(times):
            bench.screen.click(x, y)

    bench.do(hand)


def type_in(bench: Bench, *keys: str) -> None:
    for key in keys:
        bench.do(partial(bench.screen.key, key))


def test_each_drawing_has_its_row_its_picture_and_how_sure_it_is(bench: Bench, tmp_path: Path) -> None:
    dialog = read_list(bench, fill(tmp_path))
    seven, broken, one, no_ink, blank, _last = cells(dialog)
    assert seven[:2] == ("a seven é 中.png", "7")
    assert seven[2].endswith(" %")
    assert seven[3] == ""
    assert broken[:3] == ("broken.png", "", "")
    assert "can't read this kind of file" in broken[3]
    assert one[:2] == ("page.jsonl:0", "1")
    assert "isn't JSON" in no_ink[3]
    assert blank[3] == "There's nothing to read."
    assert "3 were read. 3 weren't. 1 other file was left out, because it isn't a picture or ink." in said(dialog)
    assert [bool(dialog.tree.item(row, "image")) for row in dialog.tree.get_children()] == [
        *(True, False, True, False, False),
        True,
    ]


def test_what_is_wrong_is_told_once_in_its_row_or_where_that_is_too_narrow_below(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[")
    (tmp_path / "b.jsonl").write_text(write_line(Drawing()))
    dialog = read_list(bench, [str(tmp_path / "a.json"), str(tmp_path / "b.jsonl")])
    long, short = (row[3] for row in cells(dialog))
    dialog.tree.column("remark", width=400)
    for row, said_below in (("1", ""), ("0", long)):
        dialog.tree.selection_set(row)
        bench.root.update()
        assert str(dialog._line.cget("text")) == said_below
    assert short == "There's nothing to read."


def test_what_may_be_no_digit_says_so_in_words(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n".join(map(write_line, (SLASH, SEVEN))))
    dialog = read_list(bench, [str(tmp_path / "x.jsonl")])
    slash, seven = cells(dialog)
    assert slash[1].endswith("?")
    assert slash[2] == ""  # a rejected one has no percentage
    assert re.search("digit|number", slash[3])
    assert seven[1::2] == ("7", "")


def test_a_row_shows_signs_says_why_its_picture_was_rejected_and_when_chosen_what_helps(
    bench: Bench, tmp_path: Path, recognizer: Recognizer
) -> None:
    batch = read(fill(tmp_path), recognizer)
    seven, one = (batch.answers[place].reading for place in (0, 2))
    assert isinstance(seven, Reading)
    assert isinstance(one, Reading)
    readings = (
        replace(seven, signs=((0, "-"),)),
        replace(one, hindered="faint", signs=((1, "."),)),
        Reading(hindered="letters"),
    )
    batch.answers[:] = [replace(batch.answers[0], reading=reading) for reading in readings]
    dialog = ListDialog(bench.root, batch, lambda _source, _index: None)
    accepted, faint, letters = cells(dialog)
    assert accepted[1::2] == ("-7", "")
    assert faint[1::2] == ("1.?", "The writing is too faint.")
    assert letters[1:] == ("", "", "These look like letters.")
    for row, helps in (("1", "write with a darker pen."), ("2", "crop the picture to a number."), ("0", "")):
        dialog.tree.selection_set(row)
        bench.root.update()
        problem = " ".join(said(dialog).split())
        assert cells(dialog)[int(row)][3] in problem
        assert helps in problem
    assert "the picture" not in problem
    assert "2 were read, 1 to check. 1 wasn't." in said(dialog)
    dialog.tree.column("text", width=20)
    dialog.tree.selection_set("1")
    bench.root.update()
    assert "1.? \N{EM DASH} The writing is too faint." in said(dialog)  # with its ?, however narrow the column is
    dialog.destroy()


def test_rows_open_in_the_window_by_return_and_by_double_click(bench: Bench, tmp_path: Path) -> None:
    dialog = read_list(bench, fill(tmp_path))
    bench.do(lambda: bench.screen.key("Return"))
    bench.wait(lambda: bench.session.picture, "the picture")
    assert bench.session.picture
    assert bench.session.picture.name == "a seven é 中.png"
    bench.root.update()
    assert bench.root.tk.call("wm", "stackorder", ".", "isabove", dialog)  # so it's visible, wherever the list is
    dialog.lift()
    dialog.geometry("+430+0")
    bench.root.update()
    box = dialog.tree.bbox("5", "source")
    assert box
    click(bench, dialog.tree, box[0] + 40, box[1] + box[3] / 2, times=2)
    bench.wait(lambda: bench.session.picture is None, "the drawing")
    assert bench.session.drawing == SEVEN
    bench.session.undo()
    bench.session.undo()
    assert bench.session.is_blank


def test_a_file_of_several_pages_is_a_list_whose_rows_open_their_page(bench: Bench, tmp_path: Path) -> None:
    pages = [render(each) for each in (SEVEN, ONE, SEVEN)]
    pages[0].save(tmp_path / "scan.tif", save_all=True, append_images=pages[1:])
    dialog = read_list(bench, [str(tmp_path / "scan.tif")])
    assert [(Path(row[0]).name, row[1]) for row in cells(dialog)] == [
        ("scan.tif:0", "7"),
        ("scan.tif:1", "1"),
        ("scan.tif:2", "7"),
    ]
    bench.do(lambda: bench.screen.key("Down"))
    bench.wait(lambda: dialog.tree.selection() == ("1",), "the next row")
    bench.do(lambda: bench.screen.key("Return"))
    bench.opened("scan.tif:1")
    reading = bench.session.recognize()
    assert reading
    assert reading.text == "1"


def test_a_bad_row_says_its_problem_in_full_and_does_not_open(bench: Bench, tmp_path: Path) -> None:
    dialog = read_list(bench, fill(tmp_path))
    dialog.focus_force()
    dialog.focus_set()
    bench.do(lambda: bench.screen.key("Down"))
    bench.wait(lambda: dialog.tree.selection() == ("1",), "the next row")
    bench.root.update()
    assert (
        "Inkling can't read this kind of file. It reads pictures (PNG, JPEG, BMP, GIF, WebP, TIFF, PDF) and ink"
        in said(dialog)
    )
    assert button(dialog, "Open").instate(["disabled"])
    bench.do(lambda: bench.screen.key("Return"))
    assert bench.session.is_blank
    assert not bench.files.busy
    bench.do(lambda: bench.screen.key("Down"))
    bench.wait(lambda: dialog.tree.selection() == ("2",), "the next row")
    assert "Inkling can't read this kind of file" not in said(dialog)
    click(bench, button(dialog, "Open"))
    bench.wait(lambda: not bench.session.is_blank, "the drawing")
    assert bench.session.drawing == ONE


def test_what_is_said_takes_its_room_from_the_list_and_the_buttons_stay(bench: Bench, tmp_path: Path) -> None:
    dialog = read_list(bench, fill(tmp_path))
    close, places = button(dialog, "Close"), {}
    bench.wait(lambda: not dialog._resizing.waits and dialog._size != (0, 0), "the dialog's own size")
    for row in ("0", "1", "0"):
        dialog.tree.selection_set(row)
        bench.wait(lambda row=row: bool(dialog._line.winfo_ismapped()) == (row == "1"), "the line")  # type: ignore[misc]
        places[row] = dialog.tree.winfo_height(), close.winfo_rooty()
    assert places["1"][0] < places["0"][0]
    assert places["1"][1] == places["0"][1]


def test_a_file_that_changed_meanwhile_is_a_sentence(bench: Bench, tmp_path: Path) -> None:
    read_list(bench, fill(tmp_path)).open()
    bench.wait(lambda: bench.session.picture, "the picture")
    (tmp_path / "a seven é 中.png").unlink()
    bench.lists()[0].open()
    bench.told_once("There's no such file")


def test_the_table_is_saved(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = read_list(bench, fill(tmp_path))
    table = tmp_path / "table.csv"
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(table))
    dialog.geometry("+0+0")
    bench.root.update()
    click(bench, button(dialog, "Save as CSV…"))
    with table.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["text"] for row in rows] == ["7", "", "1", "", "", "7"]
    assert rows[0]["source"] == str(tmp_path / "a seven é 中.png")
    assert f"saved as {table}" in said(dialog)
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(tmp_path / "no" / "x.csv"))
    dialog.save()
    bench.root.update()
    assert "x.csv can't be written" in said(dialog)


def test_a_wrong_row_is_corrected_where_it_stands(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = read_list(bench, fill(tmp_path))
    asked: list[str] = []
    monkeypatch.setattr("tkinter.messagebox.askyesnocancel", lambda *words, **_: asked.append(words[1]))

    def edited() -> bool:
        return dialog.focus_get() not in (None, dialog.tree)

    def row(place: int) -> tuple[str, ...]:
        return cells(dialog)[place][1:]

    before = row(0)
    type_in(bench, "1", "7", "Return")
    bench.wait(lambda: row(0) == ("17", "as you say", ""), "what was typed")
    assert button(dialog, "Undo").instate(["!disabled"])
    type_in(bench, "ctrl+z")
    bench.wait(lambda: row(0) == before, "what was read")
    assert button(dialog, "Undo").instate(["disabled"])
    assert not dialog.batch.is_precious
    dialog.geometry("+0+0")
    bench.root.update()
    box = dialog.tree.bbox("2", "text")
    assert box
    click(bench, dialog.tree, box[0] + 20, box[1] + box[3] / 2, times=2)
    bench.wait(edited, "the field")
    type_in(bench, "-", "3", ".", "5", "Escape")
    bench.wait(lambda: not edited(), "the list")
    assert row(2)[0] == "1"
    assert bench.session.is_blank  # it wasn't opened
    click(bench, button(dialog, "Correct"))
    bench.wait(edited, "the field")
    type_in(bench, "-", "3", ".", "5", "Return")
    bench.wait(lambda: row(2)[0] == "-3.5", "what was typed")
    dialog.close()
    assert asked == ["Save the table before it's closed?"]
    assert dialog.winfo_exists()
    table = tmp_path / "table.csv"
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(table))
    click(bench, button(dialog, "Save as CSV…"))
    with table.open(encoding="utf-8-sig", newline="") as lines:
        corrected = list(csv.DictReader(lines))[2]
    assert [corrected[name] for name in ("text", "confidence", "accepted", "written")] == ["35", "", "yes", "-3.5"]
    dialog.close()
    assert not dialog.winfo_exists()
    assert len(asked) == 1


def test_a_doubt_is_confirmed_by_return_and_a_broken_file_has_nothing_to_correct(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n".join(map(write_line, (SLASH, SEVEN))) + "\nno ink")
    dialog = read_list(bench, [str(tmp_path / "x.jsonl")])
    text = cells(dialog)[0][1]
    assert text.endswith("?")
    assert "1 to check" in said(dialog)
    type_in(bench, "F2", "Return")
    bench.wait(lambda: cells(dialog)[0][1:] == (text.rstrip("?"), "as you say", ""), "what was read")
    assert "to check" not in said(dialog)
    dialog.tree.selection_set("2")
    bench.root.update()
    assert button(dialog, "Correct").instate(["disabled"])
    bench.do(lambda: bench.screen.key("5"))
    assert cells(dialog)[2][1] == ""


def test_a_long_page_is_stopped_and_what_was_read_stays(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "long.jsonl").write_text(f"{write_line(SEVEN)}\n" * 5000)
    dialog = open_list(bench, [str(tmp_path / "long.jsonl")])
    bench.wait(lambda: len(dialog.batch.answers) > 20, "some rows")
    assert " of 5000" in said(dialog)
    assert button(dialog, "Save as CSV…").instate(["disabled"])
    bench.do(lambda: bench.screen.stroke([(100, 100), (100, 150), (100, 200)], follow=False))  # the window responds
    bench.wait(lambda: bench.session.drawing.strokes, "the stroke")
    dialog.geometry("+0+0")
    dialog.lift()
    bench.root.update()
    click(bench, button(dialog, "Stop"))
    bench.wait(lambda: dialog.batch.over, "the end")
    assert 20 < len(cells(dialog)) < 5000
    assert f"{len(cells(dialog))} were read." in said(dialog)
    assert button(dialog, "Stop").instate(["disabled"])
    assert button(dialog, "Save as CSV…").instate(["!disabled"])
    assert len(dialog._pictures) < 40  # only for the visible rows and those near them
    dialog.tree.see(dialog.tree.get_children()[-1])
    bench.root.update()
    assert dialog.tree.item(dialog.tree.get_children()[-1], "image")
    assert not dialog.tree.item("0", "image")


def test_closing_ends_the_reading(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "long.jsonl").write_text(f"{write_line(SEVEN)}\n" * 5000)
    dialog = open_list(bench, [str(tmp_path / "long.jsonl")])
    bench.do(lambda: bench.screen.key("Escape"))
    bench.wait(lambda: not bench.lists(), "the end of the dialog")
    bench.wait(lambda: dialog.batch.poll() is not None and dialog.batch.over, "the end of the reading")
    assert len(dialog.batch.answers) < 5000


def test_another_look_keeps_the_rows_and_the_reading(
    bench: Bench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "long.jsonl").write_text(f"{write_line(SEVEN)}\n" * 200)
    dialog = open_list(bench, [str(tmp_path / "long.jsonl")])
    bench.wait(lambda: len(dialog.batch.answers) > 5, "some rows")
    monkeypatch.setattr(style.now, "colours", style.DARK)
    bench.files.redraw()
    (again,) = bench.lists()
    assert again is not dialog
    assert again.batch is dialog.batch
    assert str(again.cget("background")) == style.DARK.background
    bench.wait(lambda: again.batch.over, "the end")
    assert len(cells(again)) == 200


def test_what_is_shown_of_foreign_ink_is_what_opens(bench: Bench, tmp_path: Path) -> None:
    foreign = Drawing((Stroke((Point(8000, 6000), Point(20_000, 6000), Point(13_000, 23_000))),))
    (tmp_path / "x.jsonl").write_text(write_line(foreign))
    dialog = read_list(bench, [str(tmp_path / "x.jsonl")])
    dialog.open()
    bench.wait(lambda: not bench.session.is_blank, "the ink")
    assert bench.session.drawing == on_canvas(foreign) == sources.fetch(str(tmp_path / "x.jsonl"))
    assert cells(dialog)[0][1] == "7"
    assert isinstance(dialog.batch, Batch)
