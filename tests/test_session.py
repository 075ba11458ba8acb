import pytest

from app.session import Session
from model.errors import UserError
from model.ink import Point
from model.recognizer import Recognizer

CANVAS = (300, 280)
SEVEN = [Point(80, 60, 5000), Point(200, 60, 5100), Point(130, 230, 5300)]


def no_model() -> tuple[Recognizer, str]:
    raise UserError("There is no model.")


@pytest.fixture
def session(recognizer: Recognizer) -> Session:
    return Session(lambda: (recognizer, ""))


def test_a_drawing_is_read_and_every_change_takes_the_answer_away(session: Session) -> None:
    assert session.recognize() is None
    session.add_stroke(SEVEN, CANVAS)
    answer = session.recognize()
    assert answer is not None
    assert answer.digit == 7
    assert session.reading == answer
    for change in (session.clear, session.undo, session.redo, session.undo):
        change()
        assert session.reading is None
    assert session.recognize() == answer


def test_times_count_from_the_first_point_of_the_drawing(session: Session) -> None:
    session.add_stroke(SEVEN, CANVAS)
    session.add_stroke([Point(90, 140, 6000), Point(180, 140, 6200)], CANVAS)
    assert [[point.t for point in stroke.points] for stroke in session.drawing.strokes] == [[0, 100, 300], [1000, 1200]]
    session.clear()
    session.add_stroke([Point(1, 1, 9000)], CANVAS)
    assert session.drawing.strokes[0].points[0].t == 0


def test_times_never_run_backwards_after_undo(session: Session) -> None:
    session.add_stroke([Point(1, 1, 0), Point(1, 9, 50_000)], CANVAS)
    session.clear()
    session.add_stroke([Point(5, 5, 60_000)], CANVAS)
    session.undo()
    session.undo()  # the first drawing is back, and the clock started anew at 60,000
    session.add_stroke([Point(9, 9, 61_000)], CANVAS)
    times = [point.t or 0 for stroke in session.drawing.strokes for point in stroke.points]
    assert times == sorted(times)


def test_clearing_nothing_is_no_step(session: Session) -> None:
    session.clear()
    assert not session.can_undo


def test_the_drawing_knows_its_canvas(session: Session) -> None:
    session.add_stroke(SEVEN, CANVAS)
    assert session.drawing.canvas == CANVAS


def test_a_missing_model_is_said_at_each_try_and_costs_no_ink() -> None:
    session = Session(no_model)
    session.add_stroke(SEVEN, CANVAS)
    for _ in range(2):
        with pytest.raises(UserError, match="no model"):
            session.recognize()
    assert len(session.drawing.strokes) == 1


def test_erased_strokes_go_in_one_step(session: Session) -> None:
    for x in range(4):
        session.add_stroke([Point(x, 1, x)], CANVAS)
    before = session.drawing
    session.erase({0, 2})
    assert [stroke.points[0].x for stroke in session.drawing.strokes] == [1, 3]
    session.undo()
    assert session.drawing is before
    session.erase(set())
    assert session.drawing is before
    assert session.can_redo
    session.erase({0, 1, 2, 3})
    assert session.drawing.is_blank
    assert session.drawing.canvas is None  # as after a clear: what is drawn next begins anew
    session.undo()
    assert session.drawing is before


def test_the_pen_s_width_is_that_of_all_history_and_of_what_comes(session: Session) -> None:
    session.add_stroke(SEVEN, CANVAS)
    session.add_stroke(SEVEN, CANVAS)
    session.set_width(12)
    assert session.drawing.width == 12
    session.undo()
    assert (session.drawing.width, len(session.drawing.strokes)) == (12, 1)
    session.redo()
    assert (session.drawing.width, len(session.drawing.strokes)) == (12, 2)
    session.clear()
    session.add_stroke(SEVEN, CANVAS)
    assert session.drawing.width == 12
