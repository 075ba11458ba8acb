"""Lesson files: the program's own are complete, a mistake is reported with its line, and none is too large."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from app.ui.lessons import lesson
from app.ui.lessons.lesson import LARGEST_LESSON, Choice, Do, everything, own_folder, read
from app.ui.lessons.measured import MEASURES
from model.base import language
from model.base.errors import UserError
from tests.conftest import ROOT, on_linux
from tests.test_glossary import rows

WHOLE = """# My lesson

Look at
this.

A second paragraph.

::use mlp-128

::predict How many?
- few [inked < 80]
- {answer} or so [inked < 200.5]
- many

Then *this*: {inked}.
::damage shift=-2.5 fit=1
---
::train mlp-512 epochs=3 activation=tanh
It's said when that is done.
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lesson_is_read_as_it_is_written(tmp_path: Path) -> None:
    found = read(written(tmp_path, WHOLE))
    first, second = found.steps
    assert found.title == "My lesson"
    assert first.text == "Look at this.\nA second paragraph."
    assert first.first == [Do("use", "mlp-128", {})]
    assert first.question == "How many?"
    assert first.choices == [
        Choice("few", value="inked", below=80),
        Choice("{answer} or so", value="inked", below=200.5),
        Choice("many"),
    ]
    assert first.do == [Do("damage", "", {"shift": "-2.5", "fit": "1"})]
    assert first.then == "Then *this*: {inked}."
    assert first.values == {"inked", "answer"}
    assert [first.right({"inked": ink}) for ink in (79, 80, 200, 201)] == [0, 1, 1, 2]
    assert first.right({}) is None
    assert second.first == [Do("train", "mlp-512", {"epochs": "3", "activation": "tanh"})]
    assert (second.text, second.then) == ("", "It's said when that is done.")


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        ("no title", 1, "a lesson begins with # and its title"),
        ("# ", 1, "a lesson begins with # and its title"),
        ("# A\n\n::look inside", 3, "“look” isn't known here. Possible are: draw, show, pin"),
        ("# A\n::", 2, "“” isn't known here"),
        ("# A\n::show me", 2, "“me” isn't known here. Possible are: laboratory"),
        ("# A\n::show", 2, "“” isn't known here"),
        ("# A\n::use mlp-7", 2, "“mlp-7” isn't known here. Possible are: built-in, mlp-128"),
        ("# A\n\n\n::change prune=200", 4, "prune is a number from 0 to 100"),
        ("# A\n::change prune=half", 2, "prune is a number from 0 to 100"),
        ("# A\n::change prune=1e1", 2, "prune is a number from 0 to 100"),
        ("# A\n::change size=2", 2, "“size” isn't known here. Possible are: off, bias"),
        ("# A\n::draw now", 2, "“now” isn't known here. Possible are: -"),
        ("# A\n::train mlp-128 loss=none", 2, "“none” isn't known here. Possible are: categorical"),
        ("# A\nIt's {secret}.", 2, "“secret” isn't known here. Possible are: inked"),
        ("# A\nIt's {inked.__class__}.", 2, "isn't known here"),
        ("# A\n::predict What?\n- a [secret < 3]\n- b", 3, "“secret” isn't known here"),
        ("# A\n::predict What?\n* a\n::predict And?", 4, "a step has one prediction"),
        ("# A\n::predict What?\n* a", 3, "a prediction has two to nine choices"),
        ("# A\n::predict What?\n- a\n- b\n---\nB", 5, "a prediction has two to nine choices"),
        ("# A\n::predict What?\n* a\n* b", 4, "a prediction has two to nine choices"),
        ("# A\n::predict What?\n- a [inked < 3]\n* b", 4, "a prediction has two to nine choices"),
        ("# A\n::predict What?\n- a [inked < 3]\n- b [inked < 4]", 4, "a prediction has two to nine choices"),
        ("# A\n::predict What?\n* a" + "\n- b" * 9, 12, "a prediction has two to nine choices"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, wrong: str, line: int, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(written(tmp_path, wrong))
    assert str(caught.value).startswith(f"mine.md, line {line}: ")
    assert said in str(caught.value)


def test_a_lesson_can_be_so_large_and_no_larger(tmp_path: Path) -> None:
    start = "# A\n"
    path = written(tmp_path, start + "a" * (LARGEST_LESSON - len(start)))
    assert read(path).title == "A"
    with path.open("a") as file:
        file.write("a")
    with pytest.raises(UserError, match="larger than 100,000 bytes"):
        read(path)


def test_what_is_no_text_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes("\ufeff# Größe\r\nText\r\n".encode())  # as Windows' editors write it
    assert (read(path).title, read(path).steps[0].text) == ("Größe", "Text")
    path.write_bytes("# Größe".encode("latin-1"))
    with pytest.raises(UserError, match=re.escape("mine.txt isn't text in UTF-8")):
        read(path)
    with pytest.raises(UserError, match="can't be read"):
        read(tmp_path / "nothing.md")


@on_linux
def test_a_pipe_among_the_lessons_is_told_and_not_waited_for() -> None:
    own_folder().mkdir(parents=True)
    os.mkfifo(own_folder() / "pipe.md")
    assert "pipe.md can't be read" in everything()[-1].problem


def test_no_file_can_say_an_order(tmp_path: Path) -> None:
    found = read(written(tmp_path, "# A\u202eB\nText\x1b[2J\u202e."))
    assert found.title == "A\\u202eB"
    assert found.steps[0].text == "Text\\x1b[2J\\u202e."


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_the_program_s_seven_lessons_are_whole_in_each_language(code: str) -> None:
    language.use(code)
    try:
        found = everything()
    finally:
        language.use("en")
    english = [read(path) for path in sorted((lesson.FOLDER / "en").iterdir())]
    assert len(found) == len(english) == 7
    assert {path.name for path in lesson.FOLDER.iterdir()} == {"en", "zh_CN"}
    for one, other in zip(found, english, strict=True):
        assert not one.problem
        assert one.path == lesson.FOLDER / code / other.path.name
        assert len(one.steps) == len(other.steps)
        assert any(step.question for step in one.steps)
        for here, there in zip(one.steps, other.steps, strict=True):
            assert (here.first, here.do, here.values) == (there.first, there.do, there.values)
            conditions = [[(each.is_right, each.value, each.below) for each in step.choices] for step in (here, there)]
            assert conditions[0] == conditions[1]


def test_the_lessons_words_are_the_glossary_s() -> None:
    for path in sorted((lesson.FOLDER / "en").iterdir()):
        text = path.read_text(encoding="utf-8")
        assert not [
            out for out, _say in rows("Words that are out") if re.search(out.strip("`").replace("\\|", "|"), text)
        ]


def test_the_page_on_lessons_names_all_that_can_stand_in_one() -> None:
    page = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    for name, (words, given) in lesson.STEPS.items():
        assert f"`::{name}" in page
        assert all(f"`{each}`" in page for each in given), name
        assert name in ("use", "beside", "train") or all(f"::{name} {word}" in page for word in words)
    assert all(f"`{{{name}}}`" in page for name in MEASURES)
    (example,) = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    own_folder().mkdir(parents=True)
    assert read(written(own_folder(), example)).steps
