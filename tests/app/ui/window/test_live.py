"""The answer that follows the pen."""

import numpy as np
import pytest

from app.kept import settings
from model.base.work import Work
from model.ink.ink import Drawing
from model.reading.reading import Reading
from model.reading.rejection import what_is_wrong
from model.reading.strokes import read_drawing
from tests.app.ui.window.test_main_window import ONE, SEVEN, strokes
from tests.conftest import Window
from tests.screen import wait_for


def test_the_answer_is_there_when_the_pen_is_lifted_and_goes_with_the_ink(live_window: Window) -> None:
    live_window.draw(SEVEN)
    assert live_window.text().startswith("7\n")
    live_window.draw([(110, 140), (190, 140)])
    assert live_window.text().startswith("7\n")
    live_window.key("Delete")
    assert "The answer appears here" in live_window.text()
    live_window.key("ctrl+z")
    assert live_window.text().startswith("7\n")


def test_the_bars_move_while_the_pen_is_down(live_window: Window) -> None:
    seen: set[tuple[float, ...]] = set()
    screen, canvas, main = live_window.screen, live_window.canvas, live_window.main

    def draw() -> None:
        screen.move(canvas.left + SEVEN[0][0], canvas.top + SEVEN[0][1])
        screen.press()
        try:
            for x, y in SEVEN[1:]:
                screen.move(canvas.left + x, canvas.top + y)
                wait_for(lambda x=x, y=y: screen.is_dark(canvas.left + x, canvas.top + y), 10, "ink")  # type: ignore[misc]
                wait_for(lambda: not main.editor.is_reading, 10, "the answer")
                seen.add(tuple(main.answer.bars._tops))
            assert main.pad.is_drawing
            assert live_window.session.drawing.is_blank
        finally:
            screen.release()

    live_window.do(draw)
    assert len(seen) > 1
    assert live_window.text().startswith("7\n")


def full_of_loose_strokes() -> Drawing:
    """Return a drawing that takes long to read, because its strokes can be grouped in many ways."""
    chance = np.random.default_rng(0)
    strokes = chance.uniform(20, 260, (50, 1, 2)) + chance.uniform(-15, 15, (50, 4, 2))
    return Drawing.from_json({"strokes": strokes.tolist(), "width": 8, "canvas": [280, 280]})


def test_what_is_said_of_a_correction_stays_when_the_rest_is_loaded(live_window: Window) -> None:
    live_window.draw(SEVEN)
    live_window.key("4")
    assert "Saved as a 4." in live_window.text().replace("\n", " ")
    live_window.main._load()  # the rest of the start, which comes later on a busy machine
    live_window.root.update()
    assert "Saved as a 4." in live_window.text().replace("\n", " ")


def test_a_pad_full_of_loose_strokes_never_holds_the_pen(live_window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    main, screen, canvas, session = live_window.main, live_window.screen, live_window.canvas, live_window.session
    seen: list[set[int]] = []  # the points that the pen reached during each reading
    finished_under_the_pen: list[int] = []

    def watched(drawing: Drawing) -> Work[Reading]:
        """Read, and check between two pieces of work how far the pen has come."""
        points: set[int] = set()
        seen.append(points)
        work = reads(drawing)
        while True:
            points.add(sum(map(len, main.pad.wet_strokes)))
            try:
                next(work)
            except StopIteration as end:
                if main.pad.is_drawing:
                    finished_under_the_pen.append(len(drawing.strokes))
                reading: Reading = end.value
                return reading
            yield

    session.begin_with(full_of_loose_strokes())
    main.editor.show()
    live_window.wait_for_the_answer()
    reads = session.recognizer.reading
    monkeypatch.setattr(session.recognizer, "reading", watched)

    def draw_until_an_answer_came_to_what_the_pen_has_left_behind() -> None:
        places = [(canvas.left + x, canvas.top + y) for y in range(15, 270, 10) for x in range(15, 270, 6)]
        screen.move(*places[0])
        screen.press()
        try:
            for x, y in places:
                screen.move(x, y)
                wait_for(lambda x=x, y=y: screen.is_dark(x, y), 10, "ink")  # type: ignore[misc]
                if len(finished_under_the_pen) > 2 and max(map(len, seen)) > 2:
                    return
        finally:
            screen.release()

    live_window.do(draw_until_an_answer_came_to_what_the_pen_has_left_behind)
    assert len(finished_under_the_pen) > 2  # a hand that doesn't rest sees answers
    assert max(map(len, seen)) > 2  # and goes on drawing meanwhile
    assert len(session.drawing.strokes) == 51
    monkeypatch.undo()
    whole = read_drawing(session.drawing, session.recognizer.read)
    assert session.reading == whole
    assert (whole.written if whole.accepted else what_is_wrong(whole)) in live_window.text().replace("\n", " ")


def test_what_asks_for_the_answer_has_all_of_it(live_window: Window) -> None:
    """A key that's pressed before a full pad is read still gets the answer."""
    main, session = live_window.main, live_window.session
    session.begin_with(full_of_loose_strokes())
    main.editor.show()
    assert main.editor.is_reading
    assert session.reading is None
    main.editor.copy_result()
    assert not main.editor.is_reading
    assert (
        live_window.root.clipboard_get() == session.text == read_drawing(session.drawing, session.recognizer.read).text
    )


def test_an_answer_never_comes_to_ink_that_is_gone(live_window: Window) -> None:
    main, session = live_window.main, live_window.session
    session.begin_with(full_of_loose_strokes())
    main.editor.show()
    assert main.editor.is_reading
    main.editor.clear()
    assert not main.editor.is_reading
    assert "The answer appears here" in live_window.text()


def test_a_key_corrects_the_answer_that_came_by_itself(live_window: Window) -> None:
    live_window.draw(ONE)
    live_window.key("7")
    assert [sample.label for sample in live_window.session.samples.everything()] == ["7"]


def test_the_menu_turns_it_off_and_on_and_that_is_remembered(live_window: Window) -> None:
    live_window.key("ctrl+l")
    assert not settings.load().live
    live_window.draw(SEVEN)
    assert "Press Return" in live_window.text()
    live_window.key("Return")
    assert live_window.text().startswith("7\n")
    live_window.key("ctrl+z")
    live_window.key("ctrl+shift+z")
    assert "Press Return" in live_window.text()
    live_window.key("ctrl+l")
    assert settings.load().live
    assert live_window.text().startswith("7\n")
    assert strokes(live_window) == 1
