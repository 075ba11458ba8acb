"""Line breaks in Chinese."""

# ruff: noqa: RUF001  (Chinese punctuation looks like other characters)

import pytest

from app.ui.kit.dialog import Dialog
from app.ui.kit.line_breaks import CLOSING, OPENING, broken
from tests.conftest import Window

SENTENCE = "broken.png：这不是 Inkling 能读取的图片（PNG、JPEG、BMP、GIF、WebP、TIFF），也不是笔迹（.json、.jsonl）。"


def measure(text: str) -> int:
    return sum(2 if sign > "⺀" else 1 for sign in text)


@pytest.mark.parametrize("width", [12, 17, 22, 40])
def test_no_line_is_too_wide_or_begins_or_ends_with_the_wrong_mark(width: int) -> None:
    lines = broken(SENTENCE, width, measure).split("\n")
    assert len(lines) > 2
    assert max(map(measure, lines)) <= width
    assert not [line for line in lines if line[0] in CLOSING or line[-1] in OPENING]
    assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", ""), "nothing is lost"
    words = [word for line in lines for word in ("Inkling", "JPEG", "WebP", "TIFF") if word in line]
    assert len(words) == 4, "no word is cut"


def test_lines_are_filled() -> None:
    assert broken("一二三四五六七", 6, measure) == "一二三\n四五六\n七"
    assert broken("一二三，四五六。", 6, measure) == "一二\n三，四\n五六。"
    assert broken("一\n二", 6, measure) == "一\n二"


def test_what_is_not_chinese_is_left_to_tk() -> None:
    assert broken("a sentence that is long", 6, measure) == "a sentence that is long"
    assert broken("“Teach now”…", 6, measure) == "“Teach now”…"
    assert broken("", 6, measure) == ""


def test_what_a_dialog_says_is_broken_like_that(window: Window) -> None:
    dialog = Dialog(window.root, "…")
    dialog.say("，".join("一二三四五六七八九十"[: length % 7 + 1] for length in range(60)))
    window.root.update()
    lines = str(dialog._line.cget("text")).split("\n")
    assert len(lines) > 2
    assert not [line for line in lines if line[0] in CLOSING]
    assert dialog._line.winfo_reqheight() < 1.5 * len(lines) * window.root.tk.getint(
        window.root.tk.call("font", "metrics", "TkDefaultFont", "-linespace")
    ), "Tk breaks none of them again"
