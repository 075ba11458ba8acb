import numpy as np
import pytest
from PIL import Image

from app.drawing.picture import Picture
from app.drawing.session import Session
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from model.reading.recognizer import Recognizer

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
    session.undo()  # the first drawing is back, and the clock had restarted at 60,000
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
    assert session.drawing.canvas is None  # as after clearing: the next stroke starts from scratch
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


def seven(size: tuple[int, int] = (300, 280)) -> Picture:
    drawing = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), canvas=(300, 280))
    return Picture.of(render(drawing).resize(size), "seven.png")


def test_a_picture_is_read_and_undo_brings_back_what_was_there_before(session: Session) -> None:
    session.add_stroke([Point(140, 50, 0), Point(140, 230, 90)], CANVAS)
    drawing, picture = session.drawing, seven()
    session.open(picture)
    assert (session.picture, session.is_blank, session.drawing.is_blank) == (picture, False, True)
    answer = session.recognize()
    assert answer is not None
    assert (answer.digit, session.text) == (7, "7")
    session.undo()
    assert (session.picture, session.drawing, session.reading) == (None, drawing, None)
    assert session.recognize() != answer
    session.redo()
    assert session.picture is picture
    assert session.recognize() == answer


def test_a_stroke_over_a_picture_begins_a_drawing_and_undo_brings_the_picture_back(session: Session) -> None:
    picture = seven()
    session.open(picture)
    session.add_stroke(SEVEN, CANVAS)
    assert session.picture is None
    assert [len(stroke.points) for stroke in session.drawing.strokes] == [3]
    assert session.drawing.strokes[0].points[0].t == 0
    session.undo()
    assert session.picture is picture
    session.clear()
    assert session.is_blank
    session.undo()
    assert session.picture is picture


def counts(session: Session) -> dict[str, int]:
    """Return how many drawings are saved, by label."""
    return {label: count for label, count in session.samples.counts_by_label().items() if count}


def test_a_picture_s_digit_is_kept_as_the_strokes_that_its_ink_shows(session: Session) -> None:
    session.open(seven())
    session.recognize()
    session.correct(0, "1")
    assert session.labels == {0: "1"}
    assert session.text == "1"
    (sample,) = session.samples.everything()
    assert (sample.label, sample.read_as) == ("1", "7")
    assert session.recognizer.recognize(sample.drawing).text == "7"  # it still looks like what it is
    session.correct(0, "2")
    assert counts(session) == {"2": 1}  # the same ink is kept once
    session.undo()
    assert session.labels == {0: "1"}
    assert session.undo() == "The 1 is taken back, and isn't saved any more."
    assert (session.labels, counts(session)) == ({}, {})
    assert session.redo() == "1"
    assert counts(session) == {"1": 1}


def test_a_label_that_is_given_again_has_the_pen_of_now(session: Session) -> None:
    session.add_stroke(SEVEN, CANVAS)
    session.recognize()
    session.correct(0, "1")
    session.undo()
    session.set_width(24)
    session.redo()
    (sample,) = session.samples.everything()
    assert sample.drawing.width == 24


def test_a_picture_s_labels_are_there_again_when_the_picture_is(session: Session) -> None:
    session.open(seven())
    session.recognize()
    session.correct(0, "1")
    session.clear()
    assert session.labels == {}
    session.undo()
    session.recognize()
    assert session.labels == {0: "1"}
    session.correct(0, "1")
    assert counts(session) == {"1": 1}


def test_numbers_on_several_lines_are_corrected_on_their_page(session: Session) -> None:
    lines = Image.new("L", (300, 560), 255)
    for top in (0, 280):
        lines.paste(seven().image, (0, top))
    session.open(Picture.of(lines, "lines.png"))
    reading = session.recognize()
    assert reading is not None
    assert reading.reason == "lines"
    with pytest.raises(UserError, match="Read page"):
        session.correct(0, "1")
    assert counts(session) == {}


def test_a_picture_without_ink_is_a_sentence(session: Session) -> None:
    session.open(Picture.of(Image.new("RGB", (60, 60), "white"), "blank.png"))
    for _ in range(2):
        with pytest.raises(UserError, match=r"^There's nothing to read\. Open another picture, or draw a digit\.$"):
            session.recognize()
    assert session.picture
    assert session.reading is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_pictures_of_every_kind_are_kept_small_and_are_read_as_from_their_files(
    session: Session, recognizer: Recognizer, mode: str
) -> None:
    large = seven((3000, 2800)).image.resize((3000, 2800))
    image = large.convert(mode) if mode != "I;16" else Image.fromarray(np.asarray(large, np.uint16) * 257)
    picture = Picture.of(image, "large.png")
    assert max(picture.image.size) <= 1024
    assert picture.image.mode in ("L", "RGB", "RGBA")
    session.open(picture)
    answer, direct = session.recognize(), recognizer.recognize(image)
    assert answer is not None
    assert answer.digit == direct.digit == 7
    assert answer.confidence == pytest.approx(direct.confidence, abs=0.01)
    assert 0 <= answer.digits[0].box.left < answer.digits[0].box.right <= picture.image.width


def test_colours_that_nobody_can_read_are_a_sentence() -> None:
    with pytest.raises(UserError, match="colours"):
        Picture.of(Image.new("La", (60, 60)), "odd.tif")


def test_pictures_do_not_fill_the_memory_however_many_are_opened(session: Session) -> None:
    for number in range(60):
        session.open(Picture.of(Image.new("L", (9, 9), number), str(number)))
    seen = []
    while session.can_undo:
        session.undo()
        seen.append(session.picture.name if session.picture else "")
    assert seen == [str(number) for number in range(58, 38, -1)]


def test_corrections_do_not_fill_the_memory_however_many_there_are(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.drawing.labels.MOST_KEPT", 3)
    drawings = [Drawing((Stroke((Point(80, 60), Point(200 + more, 60), Point(130, 230))),)) for more in range(9)]
    held = []
    for drawing in drawings:
        session.open(drawing)
        session.recognize()
        session.correct(0, "7")
        session.correct(0, "1")  # corrected again, but saved once
        held.append(len(session._labels._kept))
    assert held == [1, 2, 3, 3, 3, 3, 3, 3, 3]
    assert session.samples.count() == len(drawings)
