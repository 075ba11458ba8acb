"""The command line as it's used: in its own process."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image, ImageDraw

from app.kept.paths import log_file
from app.sources import sources
from model.base import project
from model.bundle.bundle import BUNDLED, LITERT_FILE
from model.ink.ink import Drawing
from model.ink.render import render
from model.reading.reading import Reason
from tests.conftest import ROOT, on_linux, run
from tests.screen import PATIENCE

STROKES = {
    1: [[[140, 50], [140, 230]]],
    4: [[[110, 50], [80, 150], [200, 150]], [[175, 60], [170, 235]]],
    7: [[[80, 60], [200, 60], [130, 230]]],
}


def ink(digit: int) -> dict[str, object]:
    return {"strokes": STROKES[digit], "canvas": [280, 280]}


def picture(digit: int) -> Image.Image:
    return render(Drawing.from_json(ink(digit)))


def answers(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_ink_of_other_programs_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    seven = STROKES[7][0]
    places = " ".join(f"{x},{y}" for x, y in seven)
    traces = ", ".join(f"{x} {y}" for x, y in seven)
    (tmp_path / "a.svg").write_text(f'<svg viewBox="0 0 280 280"><polyline stroke="red" points="{places}"/></svg>')
    (tmp_path / "b.inkml").write_text(f"<ink><trace>{traces}</trace></ink>")
    (tmp_path / "c").write_text(json.dumps([{"points": [{"x": x, "y": y, "time": x} for x, y in seven]}]))
    (tmp_path / "d.png").write_text(
        json.dumps({"type": "excalidraw", "elements": [{"type": "freedraw", "x": 0, "y": 0, "points": seven}]})
    )
    (tmp_path / "e.inkml").write_text("<ink>")
    for more in ((), ("--jobs", "2")):
        done = run(
            "app", "recognize", *(tmp_path / name for name in ("a.svg", "b.inkml", "c", "d.png", "e.inkml")), *more
        )
        assert [line.split("\t")[1] for line in done.stdout.splitlines()] == ["7"] * 4
        assert done.stderr == f"{tmp_path / 'e.inkml'}: This XML isn't complete (no element found, line 1). " + (
            "Save or download it again.\n"
        )
    assert [line.split("\t")[1] for line in run("app", "recognize", tmp_path).stdout.splitlines()] == ["7"] * 3


def test_text_answers_name_their_source(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "a.png")
    (tmp_path / "one.json").write_text(json.dumps(ink(4)))
    (tmp_path / "list.json").write_text(json.dumps([ink(1), ink(7)]))
    (tmp_path / "lines.jsonl").write_text(f"{json.dumps(ink(4))}\n\n{json.dumps(ink(1))}\n")
    names = ["lines.jsonl", "a.png", "list.json", "one.json"]
    done = run("app", "recognize", *(tmp_path / name for name in names))
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    expected = ["lines.jsonl:0 4", "lines.jsonl:1 1", "a.png 7", "list.json:0 1", "list.json:1 7", "one.json 4"]
    assert [f"{Path(source).name} {text}" for source, text, _ in rows] == expected
    assert all(0.5 < float(confidence) <= 1 for _, _, confidence in rows)


def test_json_answers_have_the_promised_fields(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "seven.png")
    done = run("app", "recognize", "--json", tmp_path / "seven.png", "-", text=json.dumps(ink(4)))
    seven, four = answers(done.stdout)
    assert list(seven) == [
        *("version", "source", "index", "text", "written", "digit", "confidence", "probabilities"),
        *("accepted", "reason", "alternatives", "digits", "lines"),
    ]
    assert (four["version"], four["written"], four["reason"]) == (2, "4", "")
    assert (seven["source"], seven["index"], seven["text"], seven["digit"]) == (str(tmp_path / "seven.png"), 0, "7", 7)
    assert (four["source"], four["index"], four["text"], four["digit"]) == ("-", 0, "4", 4)
    probabilities = four["probabilities"]
    assert isinstance(probabilities, list)
    assert len(probabilities) == 10
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)
    assert four["confidence"] == max(probabilities) == probabilities[4]
    assert four["accepted"] is True
    alternatives = four["alternatives"]
    assert isinstance(alternatives, list)
    assert alternatives[0] == ["4", four["confidence"]]
    assert four["digits"] == [
        {
            "text": "4",
            "box": [70, 40, 210, 245],
            "confidence": four["confidence"],
            "accepted": True,
            "alternatives": alternatives,
        }
    ]


def test_a_number_is_one_answer_with_its_digits(tmp_path: Path) -> None:
    strokes = [[[x / 2 + shift, y / 2] for x, y in s] for shift, digit in enumerate((7, 1)) for s in STROKES[digit]]
    strokes = [[[x + 120 * number, y] for x, y in stroke] for number, stroke in enumerate(strokes)]
    number = {"strokes": strokes, "width": 10, "canvas": [300, 140]}
    render(Drawing.from_json(number)).save(tmp_path / "number.png")
    done = run("app", "recognize", "--json", "-", tmp_path / "number.png", text=json.dumps(number))
    for answer in answers(done.stdout):
        assert (answer["text"], answer["digit"], answer["probabilities"]) == ("71", None, None)
        digits = answer["digits"]
        assert isinstance(digits, list)
        assert [digit["text"] for digit in digits] == ["7", "1"]
        assert answer["confidence"] == pytest.approx(digits[0]["confidence"] * digits[1]["confidence"], abs=2e-6)
        nearly = 1.5 if answer["source"] == "-" else 4  # pixels: the eye sees pictures at a reduced size
        assert digits[0]["box"] == pytest.approx([35, 25, 105, 120], abs=nearly)
        alternatives = answer["alternatives"]
        assert isinstance(alternatives, list)
        assert alternatives[0] == ["71", answer["confidence"]]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Two ruled rows of numbers: 71 and 4, then nothing and 7."""
    sheet = Image.new("L", (460, 300), 255)
    pen = ImageDraw.Draw(sheet)
    for x, y, digits in ((30, 20, (7, 1)), (270, 20, (4,)), (270, 160, (7,))):
        for place, digit in enumerate(digits):
            sheet.paste(picture(digit).resize((80, 80)).crop((10, 0, 70, 80)), (x + 60 * place, y + 20))
    for at in (10, 150, 290):
        pen.line([(10, at), (450, at)], 90, 2)
    for at in (10, 230, 450):
        pen.line([(at, 10), (at, 290)], 90, 2)
    sheet.save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_a_page_is_printed_as_csv(page: Path) -> None:
    done = run("app", "recognize", "--table", page)
    assert done.stdout == "71,4\n,7\n"
    named = run("app", "recognize", "--table", page, page).stdout
    assert named == "".join(f"{page},{row}\n" for row in ("71,4", ",7") * 2)
    (answer,) = answers(run("app", "recognize", "--table", "--json", page).stdout)
    assert answer["table"] is True
    rows = answer["rows"]
    assert isinstance(rows, list)
    assert [[cell["written"] for cell in row] for row in rows] == [["71", "4"], ["", "7"]]
    assert rows[1][0]["box"] == pytest.approx([10, 150, 230, 290], abs=5)


def test_several_lines_are_read_as_lines(page: Path) -> None:
    (answer,) = answers(run("app", "recognize", "--json", page).stdout)
    assert answer["text"] == "714\n7"
    lines = answer["lines"]
    assert isinstance(lines, list)
    assert [line["text"] for line in lines] == ["714", "7"]
    assert [digit["text"] for line in lines for digit in line["digits"]] == list("7147")
    assert run("app", "recognize", page).stdout.startswith(f"{page}\t714 7\t")


def test_tables_are_not_spread(page: Path) -> None:
    done = run("app", "recognize", "--table", "--jobs", "2", page)
    assert done.returncode == 1
    assert "leave out --jobs" in done.stderr


def test_blank_reads_as_nothing(tmp_path: Path) -> None:
    Image.new("L", (100, 100), 255).save(tmp_path / "white.png")
    done = run("app", "recognize", "--json", tmp_path / "white.png", "-", text='{"strokes": []}')
    for answer in answers(done.stdout):
        assert (answer["text"], answer["digit"], answer["confidence"]) == ("", None, 0)
        assert answer["probabilities"] == [0] * 10
        assert (answer["accepted"], answer["alternatives"], answer["digits"]) == (False, [], [])
        assert (answer["written"], answer["reason"]) == ("", "blank")
    assert run("app", "recognize", "-", text='{"strokes": []}').stdout == "-:0\t\t0.0000\n"


def test_what_is_rejected_has_a_word_for_why() -> None:
    box = [[[60, 60], [220, 60], [220, 220], [60, 220], [60, 60]], [[60, 60], [220, 220]], [[220, 60], [60, 220]]]
    hatching = [[[x, 60], [x + 14, 200]] for x in range(40, 260, 12)]
    lines = [json.dumps({"strokes": strokes, "width": 8, "canvas": [300, 280]}) for strokes in (box, hatching)]
    first, second = answers(run("app", "recognize", "--json", "-", text="\n".join(lines)).stdout)
    assert (first["accepted"], first["reason"]) == (False, "doubt")
    assert (second["accepted"], second["reason"]) == (False, "layout")
    assert second["written"] == second["text"]


def test_a_page_tells_each_field_and_each_reason(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "seven.png")
    done = run("app", "recognize", "--json", tmp_path / "seven.png", tmp_path / "gone.png")
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition("## The fields of `--json`")[2].partition("\n## ")[0]
    _, example, tables = section.split("```")
    (shown,) = answers(example.removeprefix("json").replace("\n", ""))
    seven, gone = answers(done.stdout)
    assert list(shown) == list(seven)
    assert shown["version"] == seven["version"] == gone["version"]
    told = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|(.*?)\|", tables, re.MULTILINE)))
    assert set(told) == {*seven, *gone, *get_args(Reason)[1:]}
    assert len(told) == len(set(told)) + 2  # "reason" also heads a table, and "lines" is both a reason and a field


@pytest.mark.parametrize("ending", ["png", "jpg", "JPEG", "bmp", "gif", "webp", "tif", "TIFF"])
def test_every_format_is_read(tmp_path: Path, ending: str) -> None:
    picture(4).save(tmp_path / f"four.{ending}")
    (answer,) = answers(run("app", "recognize", "--json", tmp_path / f"four.{ending}").stdout)
    assert answer["digit"] == 4


def test_the_first_frame_and_the_turned_side_up_are_read(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "film.gif", save_all=True, append_images=[picture(1), picture(4)])
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me a quarter clockwise"
    picture(7).rotate(90).save(tmp_path / "turned.jpg", exif=exif)
    done = run("app", "recognize", "--json", tmp_path / "film.gif", tmp_path / "turned.jpg")
    assert [answer["digit"] for answer in answers(done.stdout)] == [7, 7]


def test_a_folder_is_read_by_name_and_not_below(tmp_path: Path) -> None:
    for name, digit in (("b.png", 1), ("a.bmp", 4), ("B.json", 7)):
        if name.endswith("json"):
            (tmp_path / name).write_text(json.dumps(ink(digit)))
        else:
            picture(digit).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not for us")
    (tmp_path / "below.png").mkdir()
    picture(1).save(tmp_path / "below.png" / "deep.png")
    done = run("app", "recognize", tmp_path)
    assert (done.returncode, done.stderr) == (
        0,
        f"{tmp_path}: 1 other file was left out, because it isn't a picture or ink.\n",
    )
    assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [
        [str(tmp_path / "B.json"), "7"],
        [str(tmp_path / "a.bmp"), "4"],
        [str(tmp_path / "b.png"), "1"],
    ]


def test_bad_files_are_named_and_the_others_answered(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "good.png")
    whole = (tmp_path / "good.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "some.jsonl").write_text(f"{json.dumps(ink(4))}\nnope\n{json.dumps(ink(1))}\n")
    (tmp_path / "empty").mkdir()
    names = ["cut.png", "text.png", "nowhere.png", "broken.json", "some.jsonl", "empty", "good.png"]
    done = run("app", "recognize", "--json", *(tmp_path / name for name in names))
    assert done.returncode == 1
    got = answers(done.stdout)
    read = [answer.get("text", "error") for answer in got]
    assert read == ["error", "error", "error", "error", "4", "error", "1", "error", "7"]
    assert all(set(answer) == {"version", "source", "index", "error"} for answer in got if "error" in answer)
    assert [answer["index"] for answer in got] == [0, 0, 0, 0, 0, 1, 2, 0, 0]
    lines = done.stderr.splitlines()
    assert len(lines) == 6
    assert lines[0] == f"{tmp_path / 'cut.png'}: The picture is damaged or cut off. Save or download it again."
    assert lines[4].startswith(f"{tmp_path / 'some.jsonl'}:1: ")
    plain = run("app", "recognize", *(tmp_path / name for name in names))
    assert plain.returncode == 1
    assert [line.split("\t")[1] for line in plain.stdout.splitlines()] == ["4", "1", "7"]
    assert plain.stderr == done.stderr


@on_linux
@pytest.mark.parametrize("name", ["pipe.png", "pipe.json", "pipe.jsonl", "zero.png", "zero.inkling", "zero.jsonl"])
def test_pipes_and_devices_are_refused_and_not_waited_for(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / name).symlink_to(tmp_path / "pipe" if name.startswith("pipe") else "/dev/zero")
    found: list[object] = []
    reader = threading.Thread(
        target=lambda: found.extend(sources.read([str(tmp_path / name)], io.BytesIO())), daemon=True
    )
    reader.start()
    reader.join(PATIENCE)
    assert not reader.is_alive()
    (subject,) = found
    assert isinstance(subject, sources.Subject)
    assert str(subject.content).startswith("The file can't be opened")


def test_a_picture_beyond_reason_is_refused(tmp_path: Path) -> None:
    Image.new("1", (14_000, 14_000), 1).save(tmp_path / "huge.png")
    done = run("app", "recognize", tmp_path / "huge.png")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("The picture is 14000 x 14000 pixels. Make it smaller than 50 megapixels.")


def test_a_large_photograph_is_read(tmp_path: Path) -> None:
    picture(4).resize((9000, 9000)).save(tmp_path / "photo.jpg")
    (answer,) = answers(run("app", "recognize", "--json", tmp_path / "photo.jpg").stdout)
    assert answer["digit"] == 4


@pytest.mark.parametrize(
    "words", [["recognize"], ["recognize", "--jsn", "x"], ["fly"], ["--model", "x"], ["recognize", "--model=--", "x"]]
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    done = run("app", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")


def test_another_model_is_used_and_a_bad_one_refused(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(BUNDLED, tmp_path / "model"))
    assert run("app", "recognize", "--model", copy, "-", text=json.dumps(ink(7))).stdout.startswith("-:0\t7\t")
    (copy / LITERT_FILE).write_bytes(b"x")
    for folder in (copy, tmp_path / "nowhere"):
        done = run("app", "recognize", "--model", folder, "-", text=json.dumps(ink(7)))
        assert (done.returncode, done.stdout) == (1, "")
        assert str(folder) in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_answers_stream_while_the_input_goes_on() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "app", "recognize", "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number, digit in enumerate((7, 1, 4)):
            child.stdin.write(json.dumps(ink(digit)) + "\n")
            child.stdin.flush()
            assert child.stdout.readline().startswith(f"-:{number}\t{digit}\t")
        child.stdin.close()
        assert child.wait(timeout=PATIENCE) == 0


@on_linux
def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text((json.dumps(ink(7)) + "\n") * 3000)
    with subprocess.Popen(
        [sys.executable, "-m", "app", "recognize", str(tmp_path / "many.jsonl")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == ""
        assert child.wait(timeout=PATIENCE) == 1


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text((json.dumps(ink(7)) + "\n") * 500)
    command = [sys.executable, "-m", "app", "recognize", str(tmp_path / "many.jsonl")]
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    terminal, its_end = pty.openpty()
    with (tmp_path / "answers").open("wb") as answers_file:
        child = subprocess.Popen(command, cwd=ROOT, stdout=answers_file, stderr=its_end)
    os.close(its_end)
    shown = b""
    with contextlib.suppress(OSError):  # a terminal raises it once its last user is gone
        while part := os.read(terminal, 1000):
            shown += part
    os.close(terminal)
    assert child.wait() == 0
    assert b" read [" in shown
    assert len((tmp_path / "answers").read_text().splitlines()) == 500
    assert run("app", "recognize", tmp_path / "many.jsonl").stderr == ""


@on_linux
def test_odd_names_are_no_trouble(tmp_path: Path) -> None:
    name = tmp_path / "数字 é\t7.png"
    picture(7).save(name)
    (answer,) = answers(
        run("app", "recognize", "--json", name, PYTHONUTF8="0", LC_ALL="C", PYTHONCOERCECLOCALE="0").stdout
    )
    assert answer["text"] == "7"
    done = run("app", "recognize", name, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_ink_gets_the_same_answer_wherever_it_stands(shared: Path) -> None:
    done = subprocess.run(
        [sys.executable, shared / "tools" / "pen_cases.py", shared / "data" / "pad-digits.jsonl", "--limit", "200"],
        capture_output=True,
        text=True,
        check=True,
    )
    labels = [json.loads(line)["label"] for line in done.stdout.splitlines()]
    texts = [answer["text"] for answer in answers(run("app", "recognize", "--json", "-", text=done.stdout).stdout)]
    accuracies = [
        sum(label == text for label, text in zip(labels[place::4], texts[place::4], strict=True)) / 200
        for place in range(4)
    ]
    assert min(accuracies) > 0.93
    assert max(accuracies) - min(accuracies) <= 0.005


@on_linux
def test_memory_does_not_grow_with_the_count(tmp_path: Path) -> None:
    points = [[k * 37 % 280, k * 101 % 280] for k in range(60)]
    script = """
import resource, sys
from app.__main__ import main
status = main(["recognize", "--json", sys.argv[1]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""

    def peak(count: int) -> int:
        path = tmp_path / f"{count}.jsonl"
        path.write_text((json.dumps({"strokes": [points]}) + "\n") * count)
        command = [sys.executable, "-c", script, str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert len(done.stdout.splitlines()) == count
        return int(done.stderr)

    assert peak(4000) < 1.05 * peak(400)


@on_linux
def test_its_sentences_are_in_the_user_s_language_and_its_answers_as_ever(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "good.png")
    words = ("app", "recognize", tmp_path / "none.png", tmp_path / "good.png")
    english, chinese = run(*words), run(*words, LANGUAGE="zh_CN")
    assert chinese.stdout == english.stdout
    assert "There's no such file. Check its name." in english.stderr
    assert chinese.stderr.startswith(f"{tmp_path / 'none.png'}: 没有这个文件")
    none, good = answers(run(*words, "--json", LANGUAGE="zh_CN").stdout)
    assert good["text"] == "7"
    assert str(none["error"]).startswith("没有这个文件")
    settings_file = tmp_path / ".config" / "Inkling" / "settings.json"
    settings_file.parent.mkdir(parents=True)
    settings_file.write_text('{"language": "zh_CN"}')
    chosen = run(*words, HOME=str(tmp_path))
    assert (chosen.stdout, chosen.stderr) == (chinese.stdout, chinese.stderr)
    assert "没有名为" in run("app", tmp_path / "none.png", LANGUAGE="zh_CN").stderr
    assert "没有可以显示窗口的屏幕" in run("app", "self-test", LANGUAGE="zh_CN", DISPLAY="").stdout


@pytest.mark.parametrize(("code", "read"), [("en", False), ("zh_CN", True)])
def test_english_reads_no_translations_and_the_version_no_settings(code: str, read: bool, tmp_path: Path) -> None:
    picture(7).save(tmp_path / "good.png")
    script = """if True:
        import sys
        from app.__main__ import main
        try:
            main(["--version"])
        except SystemExit:
            print("app.kept.settings" in sys.modules, "polib" in sys.modules)
        main(sys.argv[1:])
        print("polib" in sys.modules)
    """
    command = [sys.executable, "-c", script, "recognize", str(tmp_path / "good.png")]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ | {"LANGUAGE": code}
    )
    _version, before, _answer, after = done.stdout.splitlines()
    assert (before, after) == ("False False", str(read))


def test_the_version_is_the_project_s() -> None:
    assert run("app", "--version").stdout == f"Inkling {project.version()}\n"
    assert f'version = "{project.version()}"' in (ROOT / "pyproject.toml").read_text()


def test_the_self_test_proves_the_installation(display: str) -> None:
    done = run("app", "self-test", DISPLAY=display)
    assert done.returncode == 0
    names = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert names == ["model", "recognition", "window"]
    assert "opened and closed" in done.stdout


@on_linux
def test_the_self_test_passes_without_a_display() -> None:
    done = run("app", "self-test", DISPLAY="")
    assert done.returncode == 0
    assert "window: couldn't be opened: There's no display" in done.stdout


@on_linux
@pytest.mark.parametrize("locale", ["C", "xx_XX.UTF-8"])
def test_a_program_in_a_folder_of_any_name_finds_its_files_in_any_locale(
    locale: str, display: str, tmp_path: Path
) -> None:
    folder = tmp_path / "Inkling 手写"
    for name in ("app", "model", "assets"):
        shutil.copytree(ROOT / name, folder / name)
    environment = os.environ | {"DISPLAY": display, "LC_ALL": locale}
    words = [sys.executable, "-m", "app", "self-test"]
    done = subprocess.run(words, cwd=folder, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert done.returncode == 0
    assert "opened and closed" in done.stdout
    assert not log_file().read_text(encoding="utf-8")


@on_linux
def test_where_there_are_no_fonts_the_window_brings_its_own(display: str, tmp_path: Path) -> None:
    none = tmp_path / "fonts.conf"
    none.write_text("<fontconfig></fontconfig>")
    done = run("app", "self-test", DISPLAY=display, FONTCONFIG_FILE=str(none))
    assert (done.returncode, done.stderr) == (0, "")
    assert "window: opened and closed" in done.stdout


def test_the_self_test_fails_where_the_model_is_damaged(tmp_path: Path) -> None:
    for name in ("app", "model", "assets"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "assets" / "model" / LITERT_FILE).write_bytes(b"x")
    done = subprocess.run(
        [sys.executable, "-m", "app", "self-test"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "model: FAILED: The model in" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@on_linux
@pytest.mark.parametrize("missing", ["display", "tkinter"])
def test_without_tk_or_a_display_it_names_the_command_line(tmp_path: Path, missing: str) -> None:
    if missing == "tkinter":
        (tmp_path / "tkinter.py").write_text("raise ImportError('no Tk here')")
    done = run("app", DISPLAY="", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.endswith("the command line works without it: inkling-cli recognize PATH")
    assert ("Tk" if missing == "tkinter" else "display") in line


def test_without_words_the_command_line_says_what_there_is() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from app.__main__ import command_line; sys.exit(command_line())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "usage: inkling-cli" in done.stderr


@on_linux
def test_a_picture_that_cannot_be_converted_costs_only_its_own_answer(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "good.png")
    Image.new("LAB", (50, 50)).save(tmp_path / "lab.tif")
    done = run("app", "recognize", "--json", tmp_path / "lab.tif", "", "x" * 300 + ".png", tmp_path / "good.png")
    assert done.returncode == 1
    lab, empty, long, good = answers(done.stdout)
    assert "(LAB) can't be read; save it as RGB or grey" in str(lab["error"])
    assert "can't be opened" in str(empty["error"])
    assert "can't be opened" in str(long["error"])
    assert good["text"] == "7"
    assert len(done.stderr.splitlines()) == 3


@on_linux
def test_closed_and_full_streams_get_a_sentence_and_no_trace(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "good.png")

    def shell(redirection: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", "-c", f"{sys.executable} -m app recognize {tmp_path / 'good.png'} {redirection}"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert shell("<&-").stdout.endswith("\t7\t" + shell("").stdout.split("\t")[2])
    assert shell("2>&-").stdout == shell("").stdout
    full = shell(">/dev/full")
    assert (full.returncode, full.stderr) == (1, "The answers can't be written (No space left on device).\n")


@on_linux
def test_without_a_home_or_a_place_for_the_log_it_works(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "good.png")
    for environment in ({"HOME": "/proc/nowhere"}, {"HOME": "", "XDG_STATE_HOME": "/dev/null"}):
        done = run("app", "recognize", tmp_path / "good.png", **environment)
        assert (done.returncode, done.stderr) == (0, "")


@on_linux
@pytest.mark.parametrize(
    "words",
    [
        [b"recognize", b"\xff\xfe.png", b"\xed\xb2\x80", b"x" * 5000, b"new\nline.png", b"\x1b[31m.png"],
        [b"recognize", b"--model=\xff", b"--", b"--json"],
        [b"recognize", b"--threshold=nan", b"x"],
        [b"recognize", b"--jobs=\xd9\xa3", b"--scheduler", b"tcp://\xff", b"x"],
        [b"teach", b"\xff.jsonl", b"--output", b"/dev/null/\xff"],
        [b"\xff"],
        [b"--", b"\xff", b"-"],
    ],
    ids=repr,
)
def test_words_of_any_bytes_end_in_sentences(words: list[bytes]) -> None:
    command = [os.fsencode(sys.executable), b"-m", b"app", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode in (1, 2)
    assert done.stdout == b""
    said = done.stderr.decode()  # what isn't text is escaped, and nothing that's printed controls a terminal
    assert said.startswith("usage: ") == (done.returncode == 2)
    assert "Traceback" not in said
    assert "internal error" not in said
    assert "\x1b" not in said
