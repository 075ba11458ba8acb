"""The pen, with real pointer events in the real window."""

import time
import tkinter
from collections.abc import Collection

import numpy as np
import pytest

from app.drawing.session import Session
from app.ui.kit import style
from model.ink import ink
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from model.reading.recognizer import Recognizer
from tests.conftest import Window, soon
from tests.screen import PATIENCE, Area, Screen


def places(window: Window) -> list[list[tuple[float, float]]]:
    return [[(point.x, point.y) for point in stroke.points] for stroke in window.session.drawing.strokes]


def let_erase(window: Window) -> list[Collection[int]]:
    """Let the eraser erase what it touches, and return the list that will say what it touched."""
    erased: list[Collection[int]] = []

    def erase(places: Collection[int]) -> None:
        erased.append(places)
        window.session.erase(places)
        window.main.pad.show(window.session.drawing)

    window.main.pad.on_erase = erase
    return erased


def hand(window: Window, x: float, y: float) -> None:
    window.do(lambda: window.screen.move(window.canvas.left + x, window.canvas.top + y))


def draw_slowly(window: Window, *path: tuple[float, float]) -> None:
    """Draw so that the program sees every step; otherwise it would only see the last of several beyond the pad."""
    hand(window, *path[0])
    window.do(window.screen.press)
    for point in path[1:]:
        hand(window, *point)
    window.do(window.screen.release)


def colour(window: Window, x: float, y: float) -> str:
    at = Area(window.canvas.left + round(x), window.canvas.top + round(y), 1, 1)
    return "#" + window.screen.pixels(at).tobytes().hex()


def wait_until_smooth(window: Window) -> None:
    end = time.monotonic() + PATIENCE
    while not window.main.pad.dry.is_smooth and time.monotonic() < end:
        window.root.update()
    window.root.update()
    assert window.main.pad.dry.is_smooth


def test_a_stroke_is_every_point_that_the_pen_went_through(window: Window) -> None:
    path = [(60.0, 50.0), (90.0, 52.0), (130.0, 60.0), (120.0, 120.0), (100.0, 200.0)]
    window.draw(path, [(70, 130), (150, 132)])
    assert places(window) == [path, [(70, 130), (150, 132)]]


def test_a_click_is_a_dot(window: Window) -> None:
    window.draw([(100, 100)])
    assert places(window) == [[(100, 100)]]
    assert window.screen.is_dark(window.canvas.left + 100, window.canvas.top + 100)
    assert window.screen.is_dark(window.canvas.left + 108, window.canvas.top + 100)
    assert not window.screen.is_dark(window.canvas.left + 108, window.canvas.top + 108)  # round


def test_x_0_is_a_point_like_any_other(window: Window) -> None:
    window.draw([(0, 100), (0, 160), (60, 160)])
    assert places(window) == [[(0, 100), (0, 160), (60, 160)]]


def test_what_is_drawn_beyond_the_pad_is_no_ink_and_bends_none(window: Window) -> None:
    draw_slowly(window, (40, 40), (40, -10), (10, -10), (-10, 10))  # over the corner
    draw_slowly(window, (100, 60), (130, -30), (30, -30), (15, -40))
    assert places(window) == [[(40, 40), (40, 0)], [(100, 60), (120, 0)]]
    assert not window.screen.is_dark(window.canvas.left + 80, window.canvas.top + 4)


def test_a_pen_that_comes_back_begins_anew_where_it_does(window: Window) -> None:
    draw_slowly(window, (60, 40), (60, -30), (160, -30), (160, 80), (200, 80))
    draw_slowly(window, (40, 200), (-10, 250), (0, 260), (40, 260))  # through a point on the edge
    assert places(window) == [
        [(60, 40), (60, 0)],
        [(160, 0), (160, 80), (200, 80)],
        [(40, 200), (0, 240)],
        [(0, 260), (40, 260)],
    ]
    times = [point.t for stroke in window.session.drawing.strokes for point in stroke.points]
    assert times == sorted(times)  # type: ignore[type-var]
    assert not window.screen.is_dark(window.canvas.left + 110, window.canvas.top + 4)
    window.key("ctrl+z")
    assert len(places(window)) == 3


def test_a_pen_that_has_left_the_pad_is_down_still_until_it_is_lifted_or_given_up(window: Window) -> None:
    pad, screen, canvas = window.main.pad, window.screen, window.canvas
    told: list[int] = []
    pad.on_move = lambda: told.append(len(pad.wet_strokes[-1]))
    hand(window, 60, 40)
    window.do(screen.press)
    for x, y in ((60, -40), (160, -40), (160, 40)):
        hand(window, x, y)
    assert pad.is_drawing
    assert told == [1, 2, 2]
    assert screen.is_dark(canvas.left + 60, canvas.top + 20)
    assert screen.is_dark(canvas.left + 160, canvas.top + 20)
    window.key("Escape")
    window.do(screen.release)
    assert places(window) == []
    assert not screen.is_dark(canvas.left + 60, canvas.top + 20)


def test_an_eraser_beyond_the_pad_touches_nothing(window: Window) -> None:
    window.draw([(60, 30)], [(140, 30)], [(220, 30)])
    window.main.pad.take("eraser")
    draw_slowly(window, (60, 30), (60, -35), (220, -35), (220, 30))
    assert places(window) == [[(140, 30)]]
    window.key("ctrl+z")  # it's one step
    assert len(places(window)) == 3


def test_a_fast_stroke_has_no_gaps(window: Window) -> None:
    window.draw([(20, 20), (260, 250)], follow=False)
    seen = np.asarray(window.screen.pixels(window.canvas).convert("L")) < 128
    along = np.linspace(0, 1, 400)
    assert seen[(20 + 230 * along).round().astype(int), (20 + 240 * along).round().astype(int)].all()


def test_the_picture_is_what_is_on_the_screen(window: Window) -> None:
    window.draw([(60, 60), (200, 60), (130, 230)], [(90, 150), (190, 140)], [(250, 250)])
    shown = window.screen.pixels(window.canvas).convert("L")
    picture = render(window.session.drawing)
    assert picture.size == shown.size
    differ = (np.asarray(shown) < 128) != (np.asarray(picture) < 128)
    differ[[0, 1, -2, -1]] = differ[:, [0, 1, -2, -1]] = False  # the frame around the pad
    assert differ.mean() < 0.006  # only at edges, where the two ways of drawing round differently


def test_times_are_recorded(window: Window) -> None:
    window.draw([(60, 60), (120, 60), (180, 90)], [(60, 160), (120, 160)])
    times = [point.t for stroke in window.session.drawing.strokes for point in stroke.points]
    assert times[0] == 0
    assert all(time is not None for time in times)
    assert times == sorted(times, key=lambda time: time or 0)
    assert 0 < (times[-1] or 0) < 60_000


def test_other_buttons_and_a_hovering_pen_draw_nothing(window: Window) -> None:
    window.do(lambda: window.screen.move(window.canvas.left + 50, window.canvas.top + 50))
    window.do(lambda: window.screen.move(window.canvas.left + 150, window.canvas.top + 150))
    assert window.session.drawing.is_blank


def test_a_key_in_the_middle_of_a_stroke_ends_it_first(window: Window) -> None:
    def hold_and_recognize() -> None:
        screen, canvas = window.screen, window.canvas
        screen.move(canvas.left + 140, canvas.top + 50)
        screen.press()
        screen.move(canvas.left + 140, canvas.top + 230)
        screen.key("Return")

    window.do(hold_and_recognize)
    assert window.text().startswith("1")
    window.do(window.screen.release)
    assert len(window.session.drawing.strokes) == 1
    assert window.text().startswith("1")


def test_the_canvas_grows_with_the_window_and_ink_stays(window: Window) -> None:
    window.draw([(60, 60), (120, 60)])
    window.root.geometry("900x650")
    window.root.update()
    window.draw([(350, 350), (420, 350)])
    width, height = window.main.pad.size_in_pixels
    assert min(width, height) > 450
    assert window.session.drawing.canvas == (width, height)
    assert len(window.session.drawing.strokes) == 2


def test_ink_stays_in_sight_when_the_window_shrinks(window: Window) -> None:
    window.root.geometry("1000x740")
    window.root.update()
    window.draw([(500, 500), (580, 500), (540, 620)])
    before = window.session.drawing
    width, height = window.main.pad.size_in_pixels
    window.root.geometry("480x360")
    window.root.update()
    pad = window.main.pad
    scale = min(pad.winfo_width() / width, pad.winfo_height() / height)
    assert scale < 0.6
    assert window.session.drawing is before
    assert window.screen.is_dark(window.canvas.left + 540 * scale, window.canvas.top + 500 * scale)
    window.draw([(100 * scale, 100 * scale), (200 * scale, 100 * scale)])  # and the pen draws where the pointer is
    first, last = window.session.drawing.strokes[1].points
    assert (first.x, first.y, last.x, last.y) == pytest.approx((100, 100, 200, 100), abs=1.5)
    assert window.screen.is_dark(window.canvas.left + 150 * scale, window.canvas.top + 100 * scale)
    window.root.geometry("1000x740")
    window.root.update()
    window.key("ctrl+z")
    assert window.session.drawing is before
    assert window.screen.is_dark(window.canvas.left + 540, window.canvas.top + 500)


def test_the_canvas_is_never_smaller_than_280(window: Window) -> None:
    window.root.geometry("100x100")
    window.root.update()
    assert min(window.main.pad.size_in_pixels) >= 280


def test_undone_ink_leaves_the_screen(window: Window) -> None:
    window.draw([(60, 60), (200, 60)], [(60, 200), (200, 200)])
    window.key("ctrl+z")
    top = Area(window.canvas.left + 130, window.canvas.top + 60, 1, 1)
    bottom = Area(window.canvas.left + 130, window.canvas.top + 200, 1, 1)
    assert window.screen.pixels(top).getpixel((0, 0)) != (255, 255, 255)
    assert window.screen.pixels(bottom).getpixel((0, 0)) == (255, 255, 255)
    window.key("Delete")
    assert window.screen.pixels(top).getpixel((0, 0)) == (255, 255, 255)


def test_what_the_hand_trembles_is_not_shown_but_kept(window: Window) -> None:
    pad = window.main.pad
    window.session.set_width(8)
    steps = [Point(60 + x, 100 + round(2 * np.sin(x / 1.1)), x) for x in range(60)]
    pad.put_down(steps[0])
    for step in steps[1:]:
        pad.move_pen(step)
    pad.finish_stroke()
    assert window.session.drawing.strokes == (Stroke(tuple(steps)),)
    wait_until_smooth(window)
    assert rim(window) <= 1
    pad.smooth = False
    pad.show(window.session.drawing)
    wait_until_smooth(window)
    assert rim(window) >= 2
    pad.smooth = True
    pad.show(window.session.drawing)
    wait_until_smooth(window)
    assert rim(window) <= 1


def rim(window: Window) -> int:
    """Return by how many pixels the upper edge of a stroke along row 100 varies, in the stroke's middle."""
    left, top, *_ = window.canvas
    seen = np.asarray(window.screen.pixels(Area(left + 75, top + 80, 30, 21)).convert("L")) < 128
    return int(np.ptp(seen.argmax(0)))


def test_dry_ink_gets_smooth_edges(window: Window) -> None:
    window.draw([(40, 40), (220, 150), (100, 240)])
    assert colours(window) == 2  # Tk itself draws only ink and paper
    wait_until_smooth(window)
    assert colours(window) > 10
    window.key("ctrl+z")
    window.main.pad.delete("hint")  # its letters have smooth edges, too
    window.root.update()
    assert colours(window) == 1


def colours(window: Window) -> int:
    left, top, width, height = window.canvas
    inside = Area(left + 3, top + 3, width - 6, height - 6)
    return len(window.screen.pixels(inside).getcolors(1000) or ())


def test_each_move_is_told_with_the_stroke_so_far(window: Window) -> None:
    told: list[tuple[Point, ...]] = []
    pad = window.main.pad
    pad.on_move = lambda: told.append(pad.wet_strokes[-1])
    window.draw([(60, 60), (90, 60), (120, 70)])
    assert [len(points) for points in told] == [1, 2, 3]
    assert [point[:2] for point in told[-1]] == [(60, 60), (90, 60), (120, 70)]
    assert all(point.t for point in told[-1])
    assert pad.wet_strokes == ()


def test_a_drawing_is_as_large_on_a_fine_screen(
    screen: Screen, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style.now, "factor", style.now.factor)  # so that it's restored afterwards
    monkeypatch.setattr("app.ui.kit.screen.factor", lambda _root: 2.0)
    window = Window(screen, Session(lambda: (recognizer, "")))
    try:
        window.root.geometry("1000x700")
        window.root.update()
        window.draw([(100, 100), (300, 100), (300, 301)], [(60, 60)])
        assert places(window) == [[(50, 50), (150, 50), (150, 150.5)], [(30, 30)]]
        width, height = window.main.pad.winfo_width(), window.main.pad.winfo_height()
        assert window.session.drawing.canvas == (width // 2, height // 2)
        assert window.session.drawing.width == 20
        assert colour(window, 200, 100 + 17) == style.LIGHT.ink  # 40 of the screen's pixels wide
        assert colour(window, 200, 100 + 23) == style.LIGHT.paper
        for more in range(4):  # with and without a half pixel left over
            window.root.geometry(f"{1000 + more}x{700 + more}")
            window.root.update()
            window.draw([(60, 200 + more)])
            assert window.main.pad.shown_scale == 2
    finally:
        window.main.close()


def test_the_pen_s_width_is_the_drawing_s_and_is_no_step_of_its_history(window: Window) -> None:
    window.draw([(60, 60), (200, 60)])
    window.draw([(60, 200), (200, 200)])
    window.session.set_width(36)
    window.main.pad.pen_width = 36
    window.main.pad.show(window.session.drawing)
    window.root.update()
    assert colour(window, 130, 60 + 15) == style.LIGHT.ink
    assert window.session.drawing.width == 36
    window.key("ctrl+z")
    assert len(window.session.drawing.strokes) == 1
    assert window.session.drawing.width == 36
    window.key("Delete")
    window.draw([(60, 100), (200, 100)])
    assert colour(window, 130, 100 + 15) == style.LIGHT.ink
    assert window.session.drawing.width == 36


def test_a_drawing_that_has_a_width_is_gone_on_with_in_it(window: Window) -> None:
    pad = window.main.pad
    pad.show(Drawing((Stroke((Point(60, 60), Point(200, 60))),), width=8))
    hand(window, 60, 150)
    window.do(window.screen.press)
    hand(window, 200, 150)
    assert colour(window, 130, 150) == style.LIGHT.ink
    assert colour(window, 130, 150 + 7) == style.LIGHT.paper
    window.do(window.screen.release)


def test_the_eraser_takes_every_stroke_that_it_touches_in_one_step(window: Window) -> None:
    window.draw([(60, 40), (60, 240)], [(120, 40), (120, 240)], [(200, 40), (200, 240)], [(270, 140)])
    before = window.session.drawing
    erased = let_erase(window)
    window.main.pad.take("eraser")
    window.draw([(90, 140), (90, 150), (150, 150)], follow=False)
    assert erased == [{1}]
    assert window.session.drawing.strokes == (before.strokes[0], *before.strokes[2:])
    assert colour(window, 120, 100) == style.LIGHT.paper
    assert colour(window, 60, 140) == colour(window, 200, 140) == style.LIGHT.ink
    window.draw([(160, 200), (300, 30), (300, 140), (270, 140)], follow=False)  # across it, faster than the events come
    assert erased[1:] == [{1, 2}]
    window.key("ctrl+z")
    assert len(window.session.drawing.strokes) == 3
    window.key("ctrl+z")
    assert window.session.drawing is before
    window.main.pad.take("pen")
    window.draw([(30, 30), (30, 60)])
    assert len(window.session.drawing.strokes) == 5


def test_the_eraser_shows_what_it_would_take_and_itself(window: Window) -> None:
    window.draw([(60, 40), (60, 240)], [(150, 40), (150, 240)])
    wait_until_smooth(window)
    let_erase(window)
    pad = window.main.pad
    drawn_with = pad.cget("cursor")
    pad.take("eraser")
    assert pad.cget("cursor") != drawn_with
    hand(window, 152, 100)
    assert colour(window, 150 - 11, 180) == style.LIGHT.warning
    shown = [colour(window, 150, y) for y in range(60, 90)]
    assert {style.LIGHT.paper, style.LIGHT.ink} <= set(shown)  # interrupted by dashes
    assert colour(window, 60, 180) == style.LIGHT.ink
    assert colour(window, 60 - 12, 180) == style.LIGHT.paper
    assert pad.find_withtag("ring")
    hand(window, 105, 100)
    assert not pad.find_withtag("lit")
    hand(window, 1000, 700)
    assert not pad.find_withtag("ring")


def test_the_right_button_erases_and_the_pen_stays_in_the_hand(window: Window) -> None:
    window.draw([(60, 40), (60, 240)], [(150, 40), (150, 240)])
    erased = let_erase(window)
    window.do(lambda: window.screen.click(window.canvas.left + 60, window.canvas.top + 100, 3))
    assert erased == [{0}]
    assert window.main.pad.tool == "pen"
    window.draw([(60, 100), (60, 120)])
    assert len(window.session.drawing.strokes) == 2


def test_escape_gives_up_the_stroke_under_the_pen_or_what_the_eraser_took(window: Window) -> None:
    window.draw([(60, 40), (60, 240)])
    erased = let_erase(window)
    for button in (1, 3):
        hand(window, 40, 150)
        window.do(lambda button=button: window.screen.press(button))  # type: ignore[misc]
        hand(window, 80, 150)
        window.key("Escape")
        hand(window, 200, 150)
        window.do(lambda button=button: window.screen.release(button))  # type: ignore[misc]
        assert places(window) == [[(60, 40), (60, 240)]]
        assert colour(window, 60, 60) == style.LIGHT.ink
        assert colour(window, 75, 150) == style.LIGHT.paper
    assert erased == []


def test_a_second_button_in_a_stroke_changes_nothing(window: Window) -> None:
    let_erase(window)

    def draw() -> None:
        screen, (left, top, *_) = window.screen, window.canvas
        screen.move(left + 60, top + 60)
        screen.press()
        screen.move(left + 100, top + 60)
        screen.press(3)
        screen.move(left + 140, top + 60)
        screen.release(3)
        screen.move(left + 180, top + 60)
        screen.release()

    window.do(draw)
    assert len(places(window)) == 1
    assert (places(window)[0][0], places(window)[0][-1]) == ((60, 60), (180, 60))


def test_a_release_that_got_lost_ends_the_stroke_where_the_pen_was(window: Window) -> None:
    hand(window, 60, 60)
    window.do(window.screen.press)
    hand(window, 120, 60)
    thief = tkinter.Toplevel(window.root)
    window.root.update()
    thief.grab_set_global()  # as a menu or another program's dialog does
    window.do(window.screen.release)
    thief.destroy()
    hand(window, 200, 200)
    assert not window.main.pad.is_drawing
    assert places(window) == [[(60, 60), (120, 60)]]


def test_the_guide_is_seen_and_is_no_ink(window: Window) -> None:
    window.main.pad.guide = True
    window.main.pad.show(window.session.drawing)
    window.root.update()
    height = window.main.pad.winfo_height()
    rows = [y for y in range(3, height - 3) if colour(window, 20, y) == style.LIGHT.faint]
    assert round(height * 0.78) in rows
    window.draw([(100, height * 0.78 - 40), (100, height * 0.78 + 20)])
    assert colour(window, 100, height * 0.78) == style.LIGHT.ink  # over it
    assert len(window.session.drawing.strokes) == 1
    window.main.pad.guide = False
    window.main.pad.show(window.session.drawing)
    window.root.update()
    assert colour(window, 20, round(height * 0.78)) == style.LIGHT.paper


@soon(0.002)
def test_thousands_of_points_and_hundreds_of_strokes_do_not_slow_the_pen(window: Window, seconds: float) -> None:
    pad = window.main.pad
    circle = [Point(150 + 90 * np.cos(step / 8), 150 + 90 * np.sin(step / 8)) for step in range(60)]
    pad.show(Drawing(tuple(Stroke(tuple(circle)) for _ in range(300))))
    window.root.update()
    pad.put_down(Point(10, 10, 0))
    spent = []
    for step in range(1, 4000):
        began = time.perf_counter()
        pad.move_pen(Point(step % 290, 10 + step // 20, step))
        spent.append(time.perf_counter() - began)
        if step % 500 == 0:
            window.root.update()
    pad.give_up_stroke()
    assert np.median(spent[-1000:]) < seconds


def test_a_full_drawing_says_so_and_loses_nothing(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ink, "MOST_POINTS", 6)
    window.draw([(60, 50), (70, 60), (80, 70), (90, 80)])
    window.draw([(60, 150), (70, 160), (80, 170), (90, 180)], follow=False)
    assert [len(stroke) for stroke in places(window)] == [4, 2]
    assert "The drawing is full" in window.text()
    window.draw([(100, 100), (120, 120)], follow=False)
    assert [len(stroke) for stroke in places(window)] == [4, 2]
    window.main.editor.undo()
    window.draw([(100, 100), (120, 120)])
    assert [len(stroke) for stroke in places(window)] == [4, 2]


def test_a_drawing_that_fills_up_beyond_the_pad_says_so(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ink, "MOST_STROKES", 2)
    draw_slowly(window, (60, 40), (60, -30), (100, -30), (100, 40), (100, -30), (140, -30), (140, 40), (200, 90))
    assert places(window) == [[(60, 40), (60, 0)], [(100, 0), (100, 40), (100, 0)]]
    assert "The drawing is full" in window.text()
