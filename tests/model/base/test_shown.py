"""Other people's texts, wherever they're shown: as they are, and never interpreted."""

import json
import re
import shutil
import tkinter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.kept import settings
from model.base.errors import UserError
from model.bundle.bundle import BUNDLED, CARD_FILE, open_bundle
from model.bundle.card import from_json
from model.judging import charts, report
from model.judging.evaluate import Examples
from model.judging.measure import measure
from model.reading.recognizer import Recognizer
from tests.bench import open_bench
from tests.conftest import on_linux, run
from tests.model.judging.test_evaluate import SEVEN, save_ink
from tests.screen import Screen

ESCAPE, TURN = "\x1b]0;mine\x07", "\N{RIGHT-TO-LEFT OVERRIDE}"
MARKUP = (
    "<img src=https://example.org/1.png> ![2](https://example.org/2.png) [3](https://example.org) <https://example.org>"
    " https://example.org www.example.org me@example.org `4` **5** ~~6~~ $\\frac 7 8$ | 9 | &lt;b&gt; \\<b> <!-- {10}"
)
OURS = ["confusion.png", "reliability.png", "coverage.png", "mistakes.png"]


def read(text: str) -> list[Token]:
    """Return the tokens that a Markdown viewer with tables sees in a text, including those inside lines."""
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text)
    return [each for token in tokens for each in (token, *(token.children or ()))]


def heading(text: str) -> str:
    """Return the first heading as a viewer shows it."""
    line = next(token for token in MarkdownIt().parse(text) if token.type == "inline")
    return "".join(token.content for token in line.children or ())


def check_nothing_is_obeyed(text: str) -> None:
    """Check that a report has no markup but its own."""
    tokens = read(text)
    kinds = {token.type for token in tokens if token.nesting >= 0}
    assert kinds <= {
        *("heading_open", "paragraph_open", "inline", "text", "text_special", "strong_open", "image", "softbreak"),
        *("table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open"),
    }
    assert [token.attrs["src"] for token in tokens if token.type == "image"] == OURS[: text.count("![The")]
    assert len([token for token in tokens if token.type == "strong_open"]) == 1
    assert not re.search(r"(?<!\\)(?:://|[$@]|~~)|www\.", text), "what GitHub makes links and formulae of"


@on_linux  # other systems don't allow such file names
def test_a_report_obeys_neither_the_card_nor_the_ink_nor_their_names(tmp_path: Path) -> None:
    model = shutil.copytree(BUNDLED, tmp_path / "model")
    card = json.loads((model / CARD_FILE).read_text())
    (model / CARD_FILE).write_text(json.dumps(card | {"network": MARKUP + TURN, "date": "<b>2026</b>"}))
    drawing = SEVEN | {"label": "1", "writer": f"{MARKUP}{ESCAPE}\n\n# 11", "placement": f"{TURN}{MARKUP}"}
    ink = save_ink(tmp_path / f"<u>pen${ESCAPE}{TURN}.jsonl", drawing)
    done = run("model", "evaluate", "--model", model, "--ink", ink, "--output", tmp_path / "report")
    assert done.returncode == 0
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    check_nothing_is_obeyed(text)
    assert not re.search(f"[\x1b\x07{TURN}]", text + done.stdout + done.stderr)
    assert heading(text).startswith(
        f"How {MARKUP}\N{REPLACEMENT CHARACTER} reads the 1 drawings of <u>pen$\\x1b]0;mine\\x07"
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
@settings_of_hypothesis(max_examples=60, deadline=None, derandomize=True)
def test_any_text_is_shown_in_a_report_as_it_stands(text: str) -> None:
    examples = Examples(np.zeros((1, 28, 28), np.float32), np.array([7], np.uint8), "a drawing", True, (), (text,))
    measured = measure(np.eye(10, dtype=np.float32)[[7]], examples.labels, (), examples.writers)
    bundle = open_bundle()
    card = replace(bundle.card, network=f"a {text} b")
    made = report.markdown(replace(bundle, card=card), examples, measured)
    check_nothing_is_obeyed(made)
    plain = re.sub(r"[\u2028\u2029\u202a-\u202e\u2066-\u2069]", lambda found: f"\\u{ord(found[0]):04x}", text)
    assert heading(made).split() == f"How a {plain} b reads a drawing".split()


@pytest.mark.parametrize("text", [r"$\frac$", "$x", "a $b$ c_d^e", "%$%"])
def test_charts_take_no_text_for_a_formula(text: str) -> None:
    def drawn(name: str) -> bytes:
        points = charts.draw_points([charts.DotRow(name, (0.5,), 0.5)], "accuracy")
        (label,) = points.axes[0].get_yticklabels()
        assert label.get_text() == name
        return charts.png(points) + charts.png(charts.draw_tiles([charts.Tile(np.eye(28), name, name)], name))

    assert drawn(text) != drawn("other")


@on_linux
@pytest.mark.parametrize(
    "words",
    [
        ["model", "inspect", "--output", "x.png", "--data", "{}.npz"],
        ["model", "evaluate", "--output", "x", "--{}"],
        ["model", "quadrants", "--steps", "1", "--hidden", "1", "--output", "{folder}/{}.png"],
        ["app", "recognize", "{}.png", "--model", "{}"],
        ["app", "recognize", "{}.png", "--{}"],
        ["app", "{}"],
    ],
)
def test_a_terminal_gets_no_orders(words: list[str], tmp_path: Path) -> None:
    name = f"{ESCAPE}\x9b31m{TURN}\n\r"
    done = run(*(word.replace("{folder}", str(tmp_path)).replace("{}", name) for word in words))
    said = done.stdout + done.stderr
    assert "mine" in said
    assert not re.search(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{TURN}]", said)


def test_what_is_told_of_an_error_is_one_line_and_is_not_obeyed() -> None:
    assert str(UserError(f"no {TURN}a\n\x1b[2Jb\N{NO-BREAK SPACE}%")) == r"no \u202ea\n\x1b[2Jb" + "\N{NO-BREAK SPACE}%"


def test_a_card_turns_nothing_around() -> None:
    value = json.loads((BUNDLED / CARD_FILE).read_text()) | {"name": f"a{TURN}b", "recipe": {f"c{TURN}": [f"{TURN}d"]}}
    card = from_json(value)
    assert (card.name, card.recipe) == ("a\ufffdb", {"c\ufffd": ["\ufffdd"]})


def test_the_menu_of_recent_files_shows_names_in_one_line_and_in_their_order(
    screen: Screen, recognizer: Recognizer
) -> None:
    settings.change(recent=(f"/x/a{TURN}gnp.exe\n.png",))
    with open_bench(screen, recognizer) as bench:
        menu = tkinter.Menu(bench.root)
        bench.files.fill_recent(menu)
        assert menu.entrycget(0, "label") == r"a\u202egnp.exe\n.png"
