"""The answer that follows the pen."""

from app.kept import settings
from tests.app.ui.window.test_main_window import ONE, SEVEN, strokes
from tests.conftest import Window
from tests.screen import wait_for


def test_the_answer_is_there_when_the_pen_is_lifted_and_goes_with_the_ink(live_window: Window) -> None:
    live_window.draw(SEVEN)
    assert live_window.text().startswith("7\n")
    live_window.draw([(110, 140), (190, 140)])
    assert live_window.text().startswith("7\n")
    live_window.key("Escape")
    assert "The answer comes here" in live_window.text()
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
                wait_for(lambda: not main.editor._following.waits, 10, "the answer")
                seen.add(tuple(main.answer.bars._tops))
            assert main.pad.is_drawing
            assert live_window.session.drawing.is_blank
        finally:
            screen.release()

    live_window.do(draw)
    assert len(seen) > 1
    assert live_window.text().startswith("7\n")


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
    live_window.choose("&Answer follows the pen")
    assert settings.load().live
    assert live_window.text().startswith("7\n")
    assert strokes(live_window) == 1
