"""The program's sentences and the pages use one word for one thing, and natural English: docs/glossary.md."""

import ast
import re
import tokenize
from functools import cache
from pathlib import Path

import polib
import pytest

from tests.conftest import ROOT
from tests.languages import FOLDER, messages
from tests.test_imports import modules, parsed

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PLACES = ("*.md", "docs/**/*.md", "benchmarks/*.md", "stress/*.md")
PAGES = [path for place in PLACES for path in sorted(ROOT.glob(place)) if path.name != "glossary.md"]
WORDS, PHRASINGS = "Words that are out", "Phrasings that are out"
HEADINGS = ("Drawing and reading", "Saving and learning", "Models and networks", "The program")
HELD = (
    "pad",
    "stroke",
    "built-in model",
    "unit",
    "weight",
    "bias",
    "activation function",
    "dropout",
    "epoch",
    "eraser",
)


@cache
def rows(heading: str) -> list[tuple[str, ...]]:
    """Return the cells of the table below a heading."""
    table = GLOSSARY.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines() if line.startswith("|")]
    return [tuple(cell.strip().replace("\\|", "|") for cell in line) for line in lines[2:]]


@cache
def sentences() -> list[str]:
    """Return everything that the program says, in English."""
    return [sentence for message in messages() for sentence in ([message] if isinstance(message, str) else message)]


@cache
def out(heading: str) -> list[str]:
    """Return the regular expressions from a table of what's out."""
    return [expression.strip("`") for expression, _ in rows(heading)]


def paragraphs(text: str) -> list[str]:
    """Return a page's paragraphs without code, addresses and menu names."""
    plain = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|\*[^*\n]+\*", "", text, flags=re.DOTALL)
    return [" ".join(paragraph.split()) for paragraph in plain.split("\n\n")]


def wrong(texts: list[str], *headings: str) -> list[tuple[str, str]]:
    """Return what's out in some texts, each with its text."""
    return [(each, text) for heading in headings for each in out(heading) for text in texts if re.search(each, text)]


def test_no_sentence_of_the_program_has_what_is_out() -> None:
    assert not wrong(sentences(), WORDS, PHRASINGS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_has_what_is_out(path: Path) -> None:
    assert not wrong(paragraphs(path.read_text(encoding="utf-8")), WORDS, PHRASINGS)


def notes(path: Path) -> list[str]:
    """Return a module's comments and docstrings, without code and quotations."""
    with path.open("rb") as lines:
        said = [each.string for each in tokenize.tokenize(lines.readline) if each.type == tokenize.COMMENT]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    said += [ast.get_docstring(node) or "" for node in ast.walk(parsed(path)) if isinstance(node, documented)]
    return [" ".join(re.sub(r"`[^`]*`|\"[^\"]*\"", "", each).split()) for each in said]


@pytest.mark.parametrize("part", ["app", "model", "benchmarks", "release", "stress", "tests"])
def test_no_comment_and_no_docstring_has_a_phrasing_that_is_out(part: str) -> None:
    found = {path.as_posix(): wrong(notes(path), PHRASINGS) for path in modules(part)}
    assert not {path: hits for path, hits in found.items() if hits}


@pytest.mark.parametrize(
    "old",
    [
        "Inkling met an error of its own; your drawing is safe.",
        "have it refuse more, or less",
        "move the pen; two of them at once aslant, held down faster",
        "The file cannot be opened.",
        "This is no picture that Inkling reads",
        "Add the drawing on the canvas",
        "Keras files of others are looked through first",
        "and what is no part of the number is left out",
        "5.8 more are read on the mean, and all else stays as it is",
        "A release has the mended version.",
        "The window is made anew when its look changes.",
        "The bundled model never saw a test image.",
        "Evaluation as it is started, in a process of its own.",
        "What lies around a number in a picture is left out.",
        "so that all stays in place, but for what Python keeps beside it",
        "it waits for ever, and its weights are drawn by chance",
    ],
)
def test_what_is_out_would_find_the_old_sentences(old: str) -> None:
    assert wrong([old], WORDS, PHRASINGS)


@pytest.mark.parametrize("word", HELD)
def test_chinese_has_one_word_for_one_thing(word: str) -> None:
    tables = [row for heading in HEADINGS for row in rows(heading)]
    (chinese,) = {row[1].split(", ")[row[0].split(", ").index(word)] for row in tables if word in row[0].split(", ")}
    found = 0
    for entry in polib.pofile(str(FOLDER / "zh_CN.po")):
        if re.search(rf"\b{word}s?\b", re.sub(r"\{[^}]*\}", "", f"{entry.msgid} {entry.msgid_plural}"), re.IGNORECASE):
            assert chinese in (entry.msgstr or entry.msgstr_plural[0]), entry.msgid
            found += 1
    assert found
