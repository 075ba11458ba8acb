"""The pen, by real pointer events in the real window."""

import numpy as np
import pytest

from model.render import render
from tests.conftest import Window
from tests.screen import Area


def places(window: Window) -> list[list[tuple[float, float]]]:
    return [[(point.x, point.y) for point in stroke.points] for stroke in window.session.drawing.strokes]


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


def test_the_pen_is_held_to_the_canvas(window: Window) -> None:
    window.draw([(40, 40), (40, -20), (-10, -20)], follow=False)
    assert places(window) == [[(40, 40), (40, 0), (0, 0)]]


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
    differ[[0, -1]] = differ[:, [0, -1]] = False  # the frame around the canvas
    assert differ.mean() < 0.006  # only along the edges, where the two drawers round differently


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
    window.draw([(100 * scale, 100 * scale), (200 * scale, 100 * scale)])  # and the pen draws where it stands
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
    window.key("Escape")
    assert window.screen.pixels(top).getpixel((0, 0)) == (255, 255, 255)
