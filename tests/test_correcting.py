"""Answers that the user corrects, by key and by click."""

import json

from app import settings
from app.settings import Settings
from app.ui.digit_bars import DigitBars
from tests.conftest import Window
from tests.test_main_window import ONE, SEVEN

FAR_ONE = [(x + 150, y) for x, y in ONE]
LEFT_SEVEN = [(x - 60, y) for x, y in SEVEN]
BOX = [(80.0, 80.0), (220.0, 80.0), (220.0, 220.0), (80.0, 220.0), (80.0, 80.0)]
CROSS = ([(80.0, 80.0), (220.0, 220.0)], [(220.0, 80.0), (80.0, 220.0)])


def kept(window: Window) -> list[tuple[str, str | None, int]]:
    """Return label, what was read and the number of strokes of all drawings that are kept."""
    samples = window.session.samples.everything()
    return [(sample.label, sample.read_as, len(sample.drawing.strokes)) for sample in samples]


def click_bar(window: Window, digit: int) -> None:
    (bars,) = [child for child in window.main.answer.winfo_children() if isinstance(child, DigitBars)]
    x = bars.winfo_rootx() + bars.winfo_width() * (digit + 0.5) / 10
    y = bars.winfo_rooty() + bars.winfo_height() / 2
    window.do(lambda: window.screen.click(x, y))


def test_a_digit_s_key_after_recognize_keeps_the_drawing(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    assert window.text().splitlines()[0] == "1"
    assert "Kept as a 1. 1 drawing waits to be learned" in window.text().replace("\n", " ")
    assert kept(window) == [("1", "7", 1)]
    sample = window.session.samples.everything()[0]
    assert json.loads(sample.ink)["strokes"] == window.session.drawing.to_json()["strokes"]


def test_another_key_says_it_anew_and_keeps_no_second_one(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    window.key("2")
    assert kept(window) == [("2", "7", 1)]
    window.draw([(110, 140), (190, 140)])  # another drawing
    window.key("Return")
    window.key("7")
    assert kept(window) == [("2", "7", 1), ("7", "7", 2)]
    assert "2 drawings wait" in window.text()


def test_a_click_on_a_bar_says_it_too(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    click_bar(window, 4)
    assert kept(window) == [("4", "7", 1)]
    assert window.text().splitlines()[:2] == ["4", "as you say"]


def test_before_an_answer_there_is_nothing_to_correct(window: Window) -> None:
    window.key("3")
    window.draw(SEVEN)
    window.key("3")
    assert not window.session.samples.path.exists()
    assert "Press Return" in window.text()


def test_the_corrected_text_is_what_is_copied(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    window.key("ctrl+c")
    assert window.root.clipboard_get() == "1"


def test_what_is_no_digit_is_said_so_and_can_be_called_one(window: Window) -> None:
    window.draw(BOX, *CROSS)
    window.key("Return")
    text, doubt, what_to_do = window.text().splitlines()
    assert text.endswith("?")
    assert doubt == "Not sure this is a digit"
    assert what_to_do == "If it is one, press its key."
    window.key("8")
    assert window.text().splitlines()[:2] == ["8", "as you say"]
    assert [label for label, _, _ in kept(window)] == ["8"]


def test_the_threshold_of_the_settings_is_heeded(window: Window) -> None:
    window.draw(BOX, *CROSS)
    window.key("Return")
    assert "Not sure" in window.text()
    window.main._threshold.set(1.0)
    window.main._set()
    assert "Not sure" not in window.text()
    assert settings.load() == Settings(threshold=1.0)


def test_one_digit_of_a_number_is_corrected(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    assert window.text().splitlines()[0] == "71"
    window.main._select(0)
    window.key("Right")
    window.key("4")
    assert window.text().splitlines()[0] == "74"
    window.key("Left")
    click_bar(window, 9)
    assert window.text().splitlines()[0] == "94"
    assert kept(window) == [("4", "1", 1), ("9", "7", 1)]
    first, second = (sample.drawing.box for sample in window.session.samples.everything())
    assert first.left > second.right  # each has its own ink alone


def test_a_click_on_a_digit_of_the_answer_selects_it(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    label = window.main.answer._text
    for place, side in ((0, -0.5), (1, 0.5)):
        wide = 44  # pixels: about half a digit of this size
        x = label.winfo_rootx() + label.winfo_width() / 2 + side * wide
        y = label.winfo_rooty() + label.winfo_height() / 2
        window.do(lambda x=x, y=y: window.screen.click(x, y))  # type: ignore[misc]
        assert window.main._selected == place


def test_boxes_and_digits_stand_over_a_number_and_go_with_the_next_stroke(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    pad = window.main.pad
    marks = pad.find_withtag("mark")
    first, over_first, second, over_second = marks
    assert [pad.itemcget(item, "text") for item in (over_first, over_second)] == ["7", "1"]  # type: ignore[no-untyped-call]
    assert pad.coords(first)[2] < pad.coords(second)[0]
    window.draw([(30, 30)])
    assert not pad.find_withtag("mark")


def test_the_canvas_widens_when_ink_comes_near_its_edge(window: Window) -> None:
    before = window.main.pad.winfo_width()
    window.draw(SEVEN)
    window.root.update()
    assert window.main.pad.winfo_width() == before
    window.draw([(before - 30.0, 60.0), (before - 30.0, 200.0)])
    window.root.update()
    assert window.main.pad.winfo_width() > before + 80
    assert window.session.drawing.box.right < before  # what was drawn stands where it was
