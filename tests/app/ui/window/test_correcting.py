"""Answers that the user corrects, by key and by click."""

import contextlib
import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from tkinter.font import Font

import pytest

from app.kept import models, settings
from app.kept.samples import Samples
from app.kept.settings import Settings
from app.ui.answer.digit_bars import NAMES, DigitBars
from app.ui.kit import style
from model.ink.ink import Drawing
from model.ink.render import render
from tests.app.ui.window.test_main_window import ONE, SEVEN
from tests.bench import SEVEN as PAD_SEVEN
from tests.conftest import Window
from tests.screen import Area, wait_for

FAR_ONE = [(x + 150, y) for x, y in ONE]
LEFT_SEVEN = [(x - 60, y) for x, y in SEVEN]
BOX = [(80.0, 80.0), (220.0, 80.0), (220.0, 220.0), (80.0, 220.0), (80.0, 80.0)]
CROSS = ([(80.0, 80.0), (220.0, 220.0)], [(220.0, 80.0), (80.0, 220.0)])


def kept(window: Window) -> list[tuple[str, str | None, int]]:
    """Return the label, the answer and the number of strokes of each saved drawing."""
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
    assert "Saved as a 1. Still to learn: 1." in window.text().replace("\n", " ")
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
    assert "Still to learn: 2" in window.text().replace("\n", " ")


def test_a_drawing_that_was_deleted_meanwhile_is_kept_again(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    window.session.samples.remove(window.session.samples.ids())
    window.key("2")
    assert "Saved as a 2" in window.text()
    assert kept(window) == [("2", "7", 1)]


def test_the_number_of_another_file_s_drawing_is_not_taken_for_it(window: Window) -> None:
    samples = window.session.samples
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    samples.close()
    for path in samples.path.parent.glob("drawings.sqlite3*"):
        path.unlink()
    assert samples.keep(Drawing.from_json({"strokes": [[[1, 2], [3, 4]]]}), "3") == 1
    window.key("2")
    assert kept(window) == [("3", None, 1), ("2", "7", 1)]


def test_the_same_ink_is_kept_once_whatever_was_undone_in_between(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    window.key("ctrl+z")
    window.key("ctrl+shift+z")
    window.key("Return")
    window.key("2")
    assert "Still to learn: 1." in window.text().replace("\n", " ")
    window.set("threshold", 0.9)  # it reads again
    window.key("3")
    assert kept(window) == [("3", "7", 1)]


def test_undo_takes_a_label_back_from_the_file_too_and_redo_gives_it_again(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    window.key("2")
    before = window.session.samples.everything()
    window.key("ctrl+z")
    assert window.text().splitlines()[:2] == ["1", "as you say"]
    assert "The 2 is taken back; it's 1 again" in window.text().replace("\n", " ")
    assert kept(window) == [("1", "7", 1)]
    window.key("ctrl+z")
    assert window.text().splitlines()[0] == "7"
    assert "as you say" not in window.text()
    assert "The 1 is taken back, and isn't saved any more" in window.text().replace("\n", " ")
    assert kept(window) == []
    assert before[0].ink.encode() not in in_files(window)
    assert len(window.session.drawing.strokes) == 1  # no ink is removed
    window.key("ctrl+shift+z")
    assert "Saved as a 1. Still to learn: 1." in window.text().replace("\n", " ")
    window.key("ctrl+shift+z")
    assert window.text().splitlines()[:2] == ["2", "as you say"]
    assert window.session.samples.everything() == [replace(before[0], kept=window.session.samples.everything()[0].kept)]
    for _ in range(3):
        window.key("ctrl+z")
    assert window.session.drawing.is_blank
    assert kept(window) == []


def test_beside_what_was_saved_is_what_takes_it_back(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    undo = window.main.answer.below._undo
    assert not undo.winfo_ismapped()
    window.key("1")
    window.click(undo)
    assert kept(window) == []
    assert window.text().startswith("7\n")
    assert "The 1 is taken back" in window.text()
    assert not undo.winfo_ismapped()  # an undo isn't undone again


def in_files(window: Window) -> bytes:
    """Return all bytes in the drawings' folder."""
    return b"".join(path.read_bytes() for path in window.session.samples.path.parent.glob("drawings*"))


def test_undo_while_the_answer_follows_the_pen_takes_a_click_on_a_bar_back(live_window: Window) -> None:
    live_window.draw(SEVEN)
    click_bar(live_window, 4)
    assert live_window.text().splitlines()[:2] == ["4", "as you say"]
    live_window.key("ctrl+z")
    assert live_window.text().splitlines()[0] == "7"
    assert "The 4 is taken back" in live_window.text().replace("\n", " ")
    assert kept(live_window) == []
    live_window.key("ctrl+shift+z")
    assert kept(live_window) == [("4", "7", 1)]


def test_of_a_number_undo_takes_back_the_label_of_one_digit_and_chooses_it(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    window.main.editor.select(0)
    window.key("9")
    window.key("Right")
    window.key("4")
    window.key("Left")
    window.key("ctrl+z")
    assert window.text().splitlines()[0] == "91"
    assert kept(window) == [("9", "7", 1)]
    window.key("5")  # it's the chosen one
    assert window.text().splitlines()[0] == "95"
    window.key("ctrl+z")
    window.key("ctrl+z")
    assert window.text().splitlines()[0] == "71"
    assert kept(window) == []
    window.key("ctrl+shift+z")
    assert kept(window) == [("9", "7", 1)]


def test_a_label_is_there_again_when_what_was_drawn_or_cleared_after_it_is_undone(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    window.draw([(110, 140), (190, 140)])
    window.key("Delete")
    assert kept(window) == [("1", "7", 1)]
    window.key("ctrl+z")
    window.key("ctrl+z")
    assert kept(window) == [("1", "7", 1)]
    window.key("Return")
    assert window.text().splitlines()[:2] == ["1", "as you say"]
    window.key("ctrl+z")
    assert window.text().splitlines()[0] == "7"
    assert kept(window) == []


def test_the_menu_says_that_a_label_is_what_undo_takes_back(window: Window) -> None:
    menu, place = window.main.menus._places["&Undo"]
    _menu, redo = window.main.menus._places["&Redo"]
    window.draw(SEVEN)
    window.key("Return")
    window.key("3")
    assert menu.entrycget(place, "label") == "Undo (saved as 3)"
    window.choose("&Undo")
    assert kept(window) == []
    assert menu.entrycget(place, "label") == "Undo"
    assert menu.entrycget(redo, "label") == "Redo (saved as 3)"
    assert str(menu.entrycget(redo, "state")) == "normal"


def test_undo_of_a_label_says_where_the_model_has_learned_it(window: Window) -> None:
    samples, model = window.session.samples, window.session.recognizer.bundle.network
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    samples.teach("before")  # the model in use was taught with it
    samples.taught("before", model, [model])
    window.key("2")
    for label, learned in (("2", False), ("1", True)):
        window.key("ctrl+z")
        assert f"The {label} is taken back" in window.text().replace("\n", " ")
        assert ("has learned it" in window.text().replace("\n", " ")) == learned


@pytest.mark.parametrize("meanwhile", ["deleted", "relabelled", "another file"])
def test_undo_of_a_label_leaves_alone_what_my_drawings_says_by_now(window: Window, meanwhile: str) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    with Samples(window.session.samples.path) as other:  # as another window does
        (number,) = other.ids()
        if meanwhile == "relabelled":
            other.relabel([number], "5")
        else:
            other.remove([number])
    if meanwhile == "another file":
        window.session.samples.close()
        for path in other.path.parent.glob("drawings.sqlite3*"):
            path.unlink()
        assert other.keep(Drawing.from_json({"strokes": [[[1, 2], [3, 4]]]}), "1") == 1
        other.close()
    there = kept(window)
    window.key("ctrl+z")
    said = {"relabelled": "My drawings still says 5"}.get(meanwhile, "its drawing had been deleted")
    assert said in window.text().replace("\n", " ")
    assert window.text().splitlines()[0] == "7"
    assert kept(window) == there
    window.key("ctrl+shift+z")
    assert ("1", "7", 1) in kept(window)
    assert len(kept(window)) == 1 + (meanwhile == "another file")


def test_a_label_that_cannot_be_taken_back_stays_and_a_sentence_says_why(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kept.samples_file.BUSY_PATIENCE", 0.1)
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    window.session.samples.close()
    with contextlib.closing(sqlite3.connect(window.session.samples.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        window.key("ctrl+z")
        assert "Another Inkling is writing to your drawings" in window.text().replace("\n", " ")
    assert kept(window) == [("1", "7", 1)]
    window.key("ctrl+z")
    assert kept(window) == []
    assert window.text().splitlines()[0] == "7"
    assert len(window.session.drawing.strokes) == 1


def test_a_digit_s_key_under_the_pen_ends_the_stroke_and_corrects_nothing(window: Window) -> None:
    window.draw(LEFT_SEVEN)
    window.key("Return")

    def hold_and_correct() -> None:
        screen, canvas = window.screen, window.canvas
        screen.move(canvas.left + 200, canvas.top + 50)
        screen.press()
        screen.move(canvas.left + 200, canvas.top + 200)
        screen.key("4")
        screen.release()

    window.do(hold_and_correct)
    assert len(window.session.drawing.strokes) == 2
    assert "Press Return" in window.text()
    assert kept(window) == []


def test_a_click_on_a_bar_says_it_too(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    click_bar(window, 4)
    assert kept(window) == [("4", "7", 1)]
    assert window.text().splitlines()[:2] == ["4", "as you say"]


@pytest.mark.parametrize("size", ["680x460", "480x360"])
def test_what_goes_wrong_beside_an_answer_is_said_below_it_and_the_answer_stays(
    window: Window, tmp_path: Path, size: str
) -> None:
    window.root.geometry(size)
    render(PAD_SEVEN, 4).save(tmp_path / "seven.png")
    window.session.recognizer  # noqa: B018  (loads itself, as it does some time after the first paint)
    window.main.open_paths([tmp_path / "seven.png"])

    def settled(words: str) -> bool:
        window.root.update()
        return words in " ".join(window.text().split())

    wait_for(lambda: settled("7") and window.session.reading, 600, "the answer", 0.01)
    answer, below = window.main.answer, window.main.answer.below
    for words, times in (("broken", 1), ("a long name", 5)):
        broken = tmp_path / f"{words * times}.png"
        broken.write_bytes(b"no picture")
        window.main.open_paths([broken])
        wait_for(lambda words=words: settled(words), 600, words, 0.01)  # type: ignore[misc]
        window.root.update()
        assert str(answer._text.cget("text")) == "7"
        assert answer.bars.winfo_ismapped()
        assert str(below._label.cget("text")).endswith("…") == (size == "480x360")
        assert below._label.winfo_reqheight() <= below.winfo_height()
        assert below.winfo_y() + below.winfo_height() <= answer.winfo_height()
        assert answer._text.winfo_reqheight() <= answer._text.winfo_height()
    high = below.winfo_height()
    window.main.editor.select(0)
    window.root.update()
    assert "a long name" not in window.text()
    assert below.winfo_height() < high


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


def bar_colours(window: Window) -> set[str]:
    """Return the bars' colours: the answer's stands out."""
    bars = window.main.answer.bars
    return {bars.itemcget(bar, "fill") for bar in bars._bars}  # type: ignore[no-untyped-call]


def percents(window: Window) -> str:
    """Return the texts above the bars."""
    bars = window.main.answer.bars
    return "".join(bars.itemcget(item, "text") for item in bars._percents)  # type: ignore[no-untyped-call]


def test_what_is_no_digit_is_said_so_and_can_be_called_one(window: Window) -> None:
    window.draw(BOX, *CROSS)
    window.key("Return")
    text, doubt, *what_to_do = window.text().splitlines()
    assert text == "?"  # not the digit that it looks most like
    closest = max(range(10), key=bars(window).__getitem__)
    assert re.fullmatch(rf"It's (most|a bit) like {closest}( and \d)?, but doesn't look like a digit\.", doubt)
    assert " ".join(what_to_do) == "If it's a digit, press its key."
    assert not percents(window)  # a rejected one has no percentage
    assert len(bar_colours(window)) == 1
    window.key("8")
    assert window.text().splitlines()[:2] == ["8", "as you say"]
    assert len(bar_colours(window)) == 2
    assert not re.search(r"[0-9][.] [0-9]", window.text().replace("\n", " "))  # or it would be read as one number
    assert [label for label, _, _ in kept(window)] == ["8"]


def test_what_is_no_number_can_be_called_one_digit_by_digit(window: Window) -> None:
    assert window.session.recognizer  # this loads it: before that there's none to get the threshold
    window.session.set_threshold(0.0)  # nothing is sure enough
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    said = window.text().replace("\n", " ")
    assert "Several of these may not be digits. If it's a number, choose each digit and press its key." in said
    assert len(window.session.text) == 2


def test_the_answer_stays_with_the_look_of_the_ink_and_goes_with_another_pen(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.key("1")
    for name, value in (("guide", True), ("smooth", False), ("width", 20), ("look", "dark")):
        window.set(name, value)
        assert window.session.labels == {0: "1"}
        assert window.text().startswith("1\nas you say"), name
    window.set("width", 12)
    assert window.session.reading is None
    assert "Press Return" in window.text()


def test_the_threshold_of_the_settings_is_heeded(window: Window) -> None:
    window.draw(BOX, *CROSS)
    window.key("Return")
    assert "doesn't look like a digit" in window.text()
    window.set("threshold", 1.0)
    assert percents(window)
    assert "doesn't look like a digit" not in window.text()
    assert settings.load() == Settings(threshold=1.0, live=False, learn=False, welcomed=True)


def test_one_digit_of_a_number_is_corrected(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    assert window.text().splitlines()[0] == "71"
    window.main.editor.select(0)
    window.key("Right")
    window.key("4")
    assert window.text().splitlines()[0] == "74"
    window.key("Left")
    click_bar(window, 9)
    assert window.text().splitlines()[0] == "94"
    assert kept(window) == [("4", "1", 1), ("9", "7", 1)]
    first, second = (sample.drawing.box for sample in window.session.samples.everything())
    assert first.left > second.right  # each has only its own ink


def bars(window: Window) -> list[int]:
    """Return how high each digit's bar is, in pixels of the screen."""
    (shown,) = [child for child in window.main.answer.winfo_children() if isinstance(child, DigitBars)]
    area = Area(
        shown.winfo_rootx(), shown.winfo_rooty(), shown.winfo_width(), shown.winfo_height() - style.px(NAMES + 2)
    )  # without the keys below
    picture = window.screen.pixels(area)
    ground = picture.getpixel((0, 0))
    middles = [int(area.width * (digit + 0.5) / 10) for digit in range(10)]
    high = area.height - style.px(NAMES + 2)  # without the keys below
    return [sum(picture.getpixel((x, y)) != ground for y in range(high)) for x in middles]


def test_after_a_correction_answer_confidence_and_bars_are_what_the_user_says(window: Window) -> None:
    window.do(lambda: window.screen.move(1000, 700))
    window.draw([(x - 60, y) for x, y in ONE], [(x + 100, y) for x, y in SEVEN])
    window.key("Return")
    assert window.text().splitlines()[0] == "17"
    window.main.editor.select(1)
    window.root.update()
    before = bars(window)
    assert before.index(max(before)) == 7
    window.key("4")
    assert window.text().splitlines()[0] == "14"
    assert "4 as you say, the rest over 99 % sure" in window.text().replace("\n", " ")
    after = bars(window)
    assert after[4] > 10 * max(high for digit, high in enumerate(after) if digit != 4)
    window.key("Left")
    assert bars(window)[1] > 10 * bars(window)[4]
    window.key("1")
    assert window.text().splitlines()[:2] == ["14", "as you say"]


def test_a_doubt_about_a_digit_goes_when_the_user_says_what_it_is(window: Window) -> None:
    window.draw(
        [(x - 60, y) for x, y in ONE],
        [(x + 100, y) for x, y in BOX],
        *([(x + 100, y) for x, y in line] for line in CROSS),
    )
    window.key("Return")
    text, _doubt, *_ = window.text().splitlines()
    assert text.endswith("?")
    said = window.text().replace("\n", " ")
    assert re.search(r"The \d may not be a digit\.|Several of these may not be digits\.", said)
    window.main.editor.select(len(text) - 2)
    window.key("8")
    assert window.text().startswith("18\n8 as you say, the rest")


def click_in_frame(window: Window, place: int, *, by: int = 0) -> None:
    """Press the button in a digit's frame, and release it this many pixels farther right."""
    assert window.session.reading
    box = window.session.reading.digits[place].box
    x, y = window.canvas.left + (box.left + box.right) / 2, window.canvas.top + box.top + 0.8 * box.height
    window.do(lambda: window.screen.stroke([(x, y), (x + by, y)] if by else [(x, y)]))


def test_a_click_in_a_digit_s_frame_selects_it_and_a_stroke_there_is_ink(live_window: Window) -> None:
    live_window.draw(LEFT_SEVEN, [(x + 160, y) for x, y in LEFT_SEVEN])
    assert live_window.session.text == "77"
    before = live_window.session.drawing
    for place, said in ((0, "Is the first 7 wrong?"), (1, "Is the last 7 wrong?"), (0, "Is the first 7 wrong?")):
        click_in_frame(live_window, place)
        assert live_window.main.editor.selected == place
        assert said in live_window.text().replace("\n", " ")
        assert live_window.session.drawing == before  # no dot
    click_in_frame(live_window, 1, by=20)
    assert len(live_window.session.drawing.strokes) == len(before.strokes) + 1
    live_window.key("ctrl+z")
    live_window.key("Delete")
    live_window.draw(ONE)
    click_in_frame(live_window, 0)  # a single digit has no frame
    assert len(live_window.session.drawing.strokes) == 2


def test_a_click_on_a_digit_of_the_answer_selects_it(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    label = window.main.answer._text
    for place, side in ((0, -0.5), (1, 0.5)):
        wide = 44  # pixels: about half a digit of this size
        x = label.winfo_rootx() + label.winfo_width() / 2 + side * wide
        y = label.winfo_rooty() + label.winfo_height() / 2
        window.do(lambda x=x, y=y: window.screen.click(x, y))  # type: ignore[misc]
        assert window.main.editor.selected == place


def test_the_middle_one_of_three_is_selected_wherever_it_is_clicked(window: Window) -> None:
    window.draw(LEFT_SEVEN, [(x + 60, y) for x, y in ONE], FAR_ONE)
    window.key("Return")
    label = window.main.answer._text
    assert str(label.cget("text")) == "711"
    y = label.winfo_rooty() + label.winfo_height() / 2
    for beside in (-12, 12):  # pixels from its middle
        window.main.editor.select(0)
        x = label.winfo_rootx() + label.winfo_width() / 2 + beside
        window.do(lambda x=x: window.screen.click(x, y))  # type: ignore[misc]
        assert window.main.editor.selected == 1


def test_signs_are_copied_with_the_digits_and_only_digits_are_chosen_and_corrected(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    editor, session, label = window.main.editor, window.session, window.main.answer._text
    assert session.reading
    session.take_reading(session.drawing, replace(session.reading, signs=((0, "-"), (1, "."))))
    editor.select(0)
    window.key("ctrl+c")
    assert label.cget("text") == window.root.clipboard_get() == "-7.1"
    y = label.winfo_rooty() + label.winfo_height() / 2
    font = Font(window.root, str(label.cget("font")))
    left = label.winfo_rootx() + (label.winfo_width() - font.measure("-7.1")) / 2
    for before, chosen in (("-7.", 1), ("-7", 1), ("-", 0), ("", 0), ("-7.", 1)):  # a sign isn't a digit
        x = left + font.measure(before) + 4
        window.do(lambda x=x: window.screen.click(x, y))  # type: ignore[misc]
        assert editor.selected == chosen
    window.key("4")
    assert window.text().startswith("-7.4\n4 as you say")
    assert (session.text, session.written) == ("74", "-7.4")
    assert [label for label, _, _ in kept(window)] == ["4"]
    pad = window.main.pad
    over = pad.find_withtag("mark")[1::2]
    assert [pad.itemcget(item, "text") for item in over] == ["7", "4"]  # type: ignore[no-untyped-call]


def test_the_boxes_stay_around_the_ink_when_the_window_shrinks(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    pad = window.main.pad
    window.root.geometry("480x360")
    window.root.update()
    first, _, second, _ = pad.find_withtag("mark")
    for ink, box in zip(window.session.drawing.strokes, (first, second), strict=True):
        left, top, right, bottom = pad.coords(box)
        xs, ys = ([side * pad.shown_scale for side in sides] for sides in list(zip(*ink.points, strict=True))[:2])
        assert left < min(xs) <= max(xs) < right < max(xs) + 20
        assert top < min(ys) <= max(ys) < bottom < max(ys) + 20


def test_the_boxes_go_with_the_answer_when_another_model_reads(window: Window) -> None:
    window.draw(LEFT_SEVEN, FAR_ONE)
    window.key("Return")
    window.main.learning.use(models.BUNDLED)
    window.root.update()
    assert "is now in use" in window.text()
    assert not window.main.pad.find_withtag("mark")


def test_a_long_number_is_shown_whole_in_a_narrow_window(window: Window) -> None:
    window.root.geometry("900x460")
    window.root.update()
    ones = [[(30.0 + 45 * place, 60.0), (30.0 + 45 * place, 140.0)] for place in range(12)]
    window.draw(*ones)
    window.key("Return")
    label = window.main.answer._text
    sizes = []
    for size in ("900x460", "480x360"):
        window.root.geometry(size)
        window.root.update()
        assert str(label.cget("text")) == 12 * "1"
        assert label.winfo_reqwidth() <= label.winfo_width() <= window.main.answer.winfo_width()
        sizes.append(label.winfo_reqheight())
        window.key("1")
        window.root.update()
        line = window.main.answer.below._label
        assert "Still to learn: 1" in line.said
        assert line.winfo_reqwidth() <= line.winfo_width()
        assert line.winfo_reqheight() <= window.main.answer.below.winfo_height()
    assert sizes[0] > sizes[1]


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
    assert window.session.drawing.box.right < before  # the drawing hasn't moved
