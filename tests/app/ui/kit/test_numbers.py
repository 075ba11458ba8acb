"""Numbers are written alike in all windows, and in each language its own way."""

from __future__ import annotations

from app.ui.kit.numbers import percent, plain, share, signed
from model.base import language
from tests.conftest import ROOT


def test_percentages_are_written_as_the_language_does() -> None:
    assert [share(0.5), share(0.9876, 1), percent(0.984), percent(0.995)] == ["50 %", "98.8 %", "98 %", "over 99 %"]
    language.use("zh_CN")
    assert [share(0.5), share(0.9876, 1)] == ["50%", "98.8%"]


def test_no_window_writes_them_by_itself() -> None:
    for path in (ROOT / "app" / "ui").rglob("*.py"):
        text = path.read_text("utf-8")
        assert path.name == "numbers.py" or not [part for part in ("{number} %", "%}", '"−"') if part in text], path


def test_a_minus_is_a_minus() -> None:
    assert [plain(-1.5), signed(0.25), signed(-2), plain(-30, "g")] == ["−1.50", "+0.25", "−2.00", "−30"]
