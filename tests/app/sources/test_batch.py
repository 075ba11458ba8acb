import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.drawing.picture import Picture
from app.sources import sources
from app.sources.batch import Answer, Batch, save_table
from model.base.errors import UserError
from model.bundle.bundle import BUNDLED, open_bundle
from model.ink.ink import Box, Drawing, Point, Stroke, write_line
from model.ink.render import render
from model.reading.reading import Digit, Prediction, Reading
from model.reading.recognizer import Recognizer
from tests.conftest import ROOT, on_linux
from tests.screen import wait_for

SEVEN = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), canvas=(300, 280))
ONE = Drawing((Stroke((Point(140, 50), Point(140, 230))),), canvas=(300, 280))


def fill(folder: Path) -> list[str]:
    """Put a picture, two drawings on a page with a bad line between them, and a broken picture in a folder."""
    render(SEVEN).save(folder / "a seven é 中.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (folder / "notes.txt").write_text("not read")
    lines = [write_line(ONE), "no ink", "", write_line(Drawing()), write_line(SEVEN)]
    (folder / "page.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return [str(folder)]


def read(paths: list[str], recognizer: Recognizer) -> Batch:
    read = Batch(paths, recognizer, 40)

    def over() -> bool:
        read.poll(3)
        return read.over

    wait_for(over, 20, "the end of the batch", 0.002)
    return read


def said(answer: Answer) -> tuple[str, bool]:
    """Return what was read, and whether it's accepted; nothing if there was a problem."""
    return (answer.reading.text, answer.reading.accepted) if isinstance(answer.reading, Reading) else ("", False)


def digit(which: int, confidence: float) -> Digit:
    return Digit(Prediction(tuple(confidence if each == which else 0.0 for each in range(10))), Box(0, 0, 9, 9))


def test_a_folder_is_read_in_order_and_one_bad_file_costs_one_line(tmp_path: Path, recognizer: Recognizer) -> None:
    done = read(fill(tmp_path), recognizer)
    assert [(Path(each.name).name, *said(each)) for each in done.answers] == [
        ("a seven é 中.png", "7", True),
        ("broken.png", "", False),
        ("page.jsonl:0", "1", True),
        ("page.jsonl:1", "", False),
        ("page.jsonl:2", "", False),
        ("page.jsonl:3", "7", True),
    ]
    problems = [each.problem for each in done.answers]
    assert "can't read this kind of file" in problems[1]
    assert "isn't JSON" in problems[3]
    assert problems[4] == "There's nothing to read."
    assert [bool(problem) for problem in problems] == [False, True, False, True, True, False]
    assert done.expected == 6
    sure = [each.reading.confidence for each in done.answers if isinstance(each.reading, Reading)]
    assert [0.5 < confidence <= 1 for confidence in sure] == [True, True, False, True]  # one is blank


def test_a_picture_in_colours_that_cannot_be_read_has_a_line_that_says_so(
    tmp_path: Path, recognizer: Recognizer
) -> None:
    Image.new("LAB", (30, 40), (90, 20, 10)).save(tmp_path / "lab.tif")
    render(SEVEN).save(tmp_path / "seven.png")
    odd, seven = read([str(tmp_path)], recognizer).answers
    assert odd.problem == "The picture's colours (LAB) can't be read; save it as RGB or grey."
    assert not said(odd)[0]
    assert said(seven)[0] == "7"


def test_the_small_pictures_show_ink_on_white(tmp_path: Path, recognizer: Recognizer) -> None:
    rows = read(fill(tmp_path), recognizer).answers
    assert [bool(row.picture) for row in rows] == [True, False, True, False, False, True]
    for row in rows:
        if row.picture:
            with Image.open(io.BytesIO(row.picture)) as picture:
                grey = picture.convert("L")
                assert picture.size == (40, 40)
                assert grey.getpixel((0, 0)) == 255
                assert min(grey.tobytes()) < 60


def test_a_batch_that_is_cancelled_keeps_what_was_read(tmp_path: Path, recognizer: Recognizer) -> None:
    (tmp_path / "long.jsonl").write_text((write_line(SEVEN) + "\n") * 3000)
    long = Batch([str(tmp_path / "long.jsonl")], recognizer, 20)
    wait_for(lambda: long.poll() and len(long.answers) >= 3, 20, "three rows")
    assert not long.over
    long.cancel()
    wait_for(lambda: long.poll() is not None and long.over, 20, "the end")
    assert 3 <= len(long.answers) < 3000
    assert long.expected == 3000


def test_a_bug_costs_its_own_line(
    tmp_path: Path, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    right = Recognizer.recognize
    monkeypatch.setattr(
        Recognizer, "recognize", lambda self, subject: 1 / 0 if subject == ONE else right(self, subject)
    )
    (tmp_path / "x.jsonl").write_text(f"{write_line(ONE)}\n{write_line(SEVEN)}\n")
    first, second = read([str(tmp_path / "x.jsonl")], recognizer).answers
    assert "an internal error" in first.problem
    assert said(second)[0] == "7"
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()  # this error was expected


def test_a_model_that_is_gone_by_then_is_a_sentence_in_the_list(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(BUNDLED, model)
    recognizer = Recognizer(open_bundle(model))
    shutil.rmtree(model)
    (tmp_path / "x.jsonl").write_text(f"{write_line(ONE)}\n")
    (only,) = read([str(tmp_path / "x.jsonl")], recognizer).answers
    assert str(model) in only.problem
    assert "internal error" not in only.problem


def test_one_thing_in_a_file_is_told_from_several(tmp_path: Path) -> None:
    fill(tmp_path)
    picture = sources.fetch_only(str(tmp_path / "a seven é 中.png"))
    assert isinstance(picture, Picture)
    assert picture.name == "a seven é 中.png"
    (tmp_path / "one.json").write_text(json.dumps([SEVEN.to_json()]))
    assert sources.fetch_only(str(tmp_path / "one.json")) == SEVEN
    (tmp_path / "two.json").write_text(json.dumps([SEVEN.to_json()] * 2))
    assert sources.fetch_only(str(tmp_path / "two.json")) is None
    (tmp_path / "none.json").write_text("[]")
    for name, sentence in (
        ("none.json", r"There's no drawing in none\.json"),
        ("gone.png", r"gone\.png: There's no such file"),
        ("broken.png", r"broken\.png: Inkling can't read this kind of file"),
        ("notes.txt", r"notes\.txt: Inkling can't read this kind of file"),
    ):
        with pytest.raises(UserError, match=sentence):
            sources.fetch_only(str(tmp_path / name))


def test_a_row_is_found_again_in_its_file(tmp_path: Path, recognizer: Recognizer) -> None:
    rows = read(fill(tmp_path), recognizer).answers
    assert sources.fetch(rows[5].source, rows[5].index) == SEVEN
    assert sources.fetch(rows[2].source, rows[2].index) == ONE
    assert isinstance(sources.fetch(rows[0].source, rows[0].index), Picture)
    with pytest.raises(UserError, match="isn't JSON"):
        sources.fetch(rows[3].source, rows[3].index)
    (tmp_path / "page.jsonl").write_text(write_line(ONE))
    with pytest.raises(UserError, match="That drawing is no longer in"):
        sources.fetch(rows[5].source, rows[5].index)


def test_the_table_is_read_back_by_csv_and_nothing_in_it_is_a_formula(tmp_path: Path) -> None:
    rows = [
        Answer("/a/sieben, é 中.png", 0, "", Reading((digit(7, 0.98765),))),
        Answer('=cmd|"/C calc"!A0.png', 0, "", Reading((digit(1, 1.0), digit(7, 0.5)), believable=False)),
        Answer("+1\n.png", 0, "", UserError("@SUM(A1) is no picture")),
        Answer("-1\t2.jsonl", 12, "", UserError("-")),
        Answer("minus.png", 0, "", Reading((digit(1, 1.0), digit(2, 0.5)), signs=((0, "-"),))),
        Answer("page.png", 0, "", Reading(hindered="letters")),
    ]
    save_table(rows, tmp_path / "x.csv")
    content = (tmp_path / "x.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfsource,index,text,confidence,accepted,problem,written,reason\r\n")
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert table[1:] == [
        ["/a/sieben, é 中.png", "0", "7", "0.9877", "yes", "", "7", ""],
        ['\'=cmd|"/C calc"!A0.png', "0", "17", "0.5000", "no", "", "17", "layout"],
        ["'+1\n.png", "0", "", "", "", "'@SUM(A1) is no picture", "", ""],
        ["'-1\t2.jsonl", "12", "", "", "", "'-", "", ""],
        ["minus.png", "0", "12", "0.5000", "yes", "", "-12", ""],
        ["page.png", "0", "", "0.0000", "no", "These look like letters.", "", "letters"],
    ]


def test_a_table_that_cannot_be_written_is_a_sentence_and_the_older_one_stays(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"x\.csv can't be written"):
        save_table([], tmp_path / "no" / "x.csv")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file's name is always text")
def test_a_name_that_is_no_text_is_written_out(tmp_path: Path, recognizer: Recognizer) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff7.jsonl")
    Path(name).write_text(write_line(SEVEN))
    done = read([name], recognizer)
    assert said(done.answers[0])[0] == "7"
    assert done.answers[0].name.endswith("/\\udcff7.jsonl:0")
    save_table(done.answers, tmp_path / "x.csv")
    assert "\\udcff7.jsonl" in (tmp_path / "x.csv").read_text(encoding="utf-8-sig")


@on_linux
def test_what_reading_a_batch_took_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "page.jsonl"
    path.write_text(write_line(SEVEN))
    script = (
        "import sys, time; from pathlib import Path; from app.sources.batch import Batch; from app.kept import models\n"
        "recognizer = models.recognizer_in_use()[0]\n"
        "def megabytes(): return int(Path('/proc/self/statm').read_text().split()[1]) * 4096 / 1e6\n"
        "def read():\n"
        "    batches = [Batch([sys.argv[1]], recognizer, 44) for _ in range(8)]\n"
        "    while not all(each.over for each in batches): [each.poll() for each in batches]; time.sleep(0.01)\n"
        "read(); before = megabytes(); read(); read(); print(before, megabytes())"
    )
    command = [sys.executable, "-c", script, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    _first, after = map(float, said.split())
    assert after < 150  # megabytes; it used to be 210
