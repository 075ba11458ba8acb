import ast
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from model.judging.fonts import BASE, advice, families_for
from tests.conftest import ROOT
from tests.fonts import make_font

CHINESE = "手写数字 7"
FIRST_CHINESE = "\N{CJK RADICAL REPEAT}"


@pytest.fixture
def only_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts except Matplotlib's own."""
    manager = font_manager.fontManager
    monkeypatch.setattr(manager, "ttflist", [font for font in manager.ttflist if font.name == BASE])


@pytest.mark.usefixtures("only_base")
def test_a_machine_without_chinese_says_which_characters_and_which_font() -> None:
    families, missing = families_for(CHINESE)
    assert families == [BASE]
    assert set(missing) == set("手写数字")
    assert "Noto Sans CJK" in advice(missing)
    assert "手" in advice(missing)
    assert "CJK" not in advice("ก")


@pytest.mark.usefixtures("only_base")
def test_a_font_is_chosen_by_its_glyphs_whatever_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = font_manager.fontManager
    manager.addfont(make_font(tmp_path / "a.ttf", "SimHei", "字"))  # one of the four, and a promising name
    manager.addfont(make_font(tmp_path / "b.ttf", "Zebra", "手写数字"))
    assert families_for(CHINESE) == ([BASE, "Zebra"], "")
    assert families_for("字") == ([BASE, "SimHei"], "")  # the better-known one if both have it
    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["SimHei"])
    assert families_for(CHINESE) == ([BASE, "SimHei"], "".join(sorted("手写数")))


@pytest.mark.usefixtures("only_base")
def test_several_fonts_help_one_another(tmp_path: Path) -> None:
    manager = font_manager.fontManager
    manager.addfont(make_font(tmp_path / "a.ttf", "One", "手写数"))
    manager.addfont(make_font(tmp_path / "b.ttf", "Two", "字"))
    assert families_for(CHINESE) == ([BASE, "One", "Two"], "")


def test_a_font_of_boxes_for_everything_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    last_resort = "Last Resort High-Efficiency"  # comes with Matplotlib, and has a box for every character
    assert last_resort in font_manager.get_font_names()
    monkeypatch.setattr(font_manager, "get_font_names", lambda: [last_resort])
    assert families_for("手") == ([BASE], "手")


@pytest.mark.usefixtures("only_base")
def test_latin_needs_no_other_font_and_spaces_no_glyph() -> None:
    assert families_for("Zählung: 7 → ½\n\u3000\u200b") == ([BASE], "")


def test_the_font_for_systems_without_any_has_every_sign_of_the_sources() -> None:
    """Except those of a Mac's keyboard, which only Macs show, and Chinese, which such a font doesn't have."""
    has = set(TTFont(ROOT / "assets" / "fonts" / "DejaVuSans.ttf").getBestCmap())
    missing = {
        f"{sign} in {path.relative_to(ROOT)}"
        for folder in ("app", "model")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "keys.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for sign in node.value
        if sign.isprintable() and sign < FIRST_CHINESE and ord(sign) not in has
    }
    assert missing == set()


WATCH = """
import importlib, logging, sys

class Watch:
    def find_spec(self, name, *_):
        if name == "matplotlib.font_manager":
            print(logging.getLevelName(logging.getLogger(name).level))

sys.meta_path.insert(0, Watch())
importlib.import_module(sys.argv[1])
"""


MODULES = ("judging.charts", "judging.report", "commands.pictures", "commands.evaluate", "training.synthetic.glyphs")


@pytest.mark.parametrize("module", MODULES)
def test_matplotlib_is_quiet_before_it_looks_through_the_fonts(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", WATCH, f"model.{module}"], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == b"ERROR\n"
