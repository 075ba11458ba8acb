import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.drawing.session import Session
from app.kept import last_drawing, paths
from app.kept.last_drawing import LastDrawing
from app.ui.window.running import KeptDrawing
from model.base import files
from model.ink.ink import Drawing, Point, Stroke
from tests.conftest import ROOT, Window
from tests.screen import PATIENCE, Area, Screen, wait_for

SEVEN = Stroke((Point(80, 60, 0), Point(200, 60, 100.5), Point(130, 230, 300, 0.5)))
BAR = Stroke((Point(90, 140), Point(180, 140)))


def drawn(*strokes: Stroke, **more: Any) -> Drawing:
    return Drawing(strokes, canvas=(300, 280), **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "last.json"


def kept(path: Path, *drawings: Drawing) -> Drawing:
    """Keep drawings one after the other, as the program does, and return what the next start finds."""
    file = LastDrawing(path)
    file.take()
    for drawing in drawings:
        file.keep(drawing)
    file.close()
    again = LastDrawing(path)
    found = again.take()
    again.close()
    return found


@pytest.mark.parametrize(
    "drawing",
    [
        drawn(SEVEN, BAR),
        drawn(SEVEN, SEVEN, label="7", writer='"strokes":[] ü', extra={"pen": {"strokes": []}}),
        Drawing((Stroke(()), SEVEN), width=7.5),
    ],
)
def test_what_is_drawn_is_there_again(path: Path, drawing: Drawing) -> None:
    assert kept(path, drawn(BAR), drawing) == drawing
    assert json.loads(path.read_text()) == drawing.to_json()  # it's ordinary ink
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_cleared_canvas_comes_back_empty_and_one_that_was_never_drawn_on_leaves_no_file(path: Path) -> None:
    assert kept(path, Drawing()).is_blank
    assert not path.exists()
    assert kept(path, drawn(SEVEN), Drawing()).is_blank
    assert path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"7", b'{"strokes": 7}', b"[" * 100_000])
def test_a_damaged_file_is_set_aside_and_the_next_is_kept(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert kept(path, drawn(SEVEN)) == drawn(SEVEN)
    (aside,) = path.parent.glob("last.json.damaged-*")
    assert aside.read_bytes() == content
    assert "damaged" in caplog.text


def test_a_second_window_keeps_a_drawing_of_its_own(path: Path) -> None:
    first, second = LastDrawing(path), LastDrawing(path)
    first.take()
    first.keep(drawn(SEVEN))
    assert second.take().is_blank
    second.keep(drawn(BAR))
    second.close()
    first.close()
    assert Drawing.from_json(json.loads(path.read_text())) == drawn(SEVEN)
    later = time.time() + 10
    os.utime(path.with_stem("last-2"), (later, later))
    assert kept(path) == drawn(BAR)  # the last one
    assert [each.name for each in path.parent.glob("*.json")] == ["last.json"]  # and older ones never come back


def test_what_a_hanging_window_has_drawn_is_still_there_after_a_second_one_was_only_opened(path: Path) -> None:
    first, second = LastDrawing(path), LastDrawing(path)
    first.take()
    first.keep(drawn(SEVEN))
    second.take()
    second.keep(Drawing())
    second.close()
    first.close()
    assert kept(path) == drawn(SEVEN)


def test_what_a_program_that_was_killed_while_it_wrote_has_left_goes_in_time(path: Path) -> None:
    path.parent.mkdir()
    old, new = (path.with_name(f"{files.UNFINISHED}{age}") for age in ("long_ago", "just_now"))
    for half in (old, new):
        half.write_text('{"strokes"')
    os.utime(old, (1, 1))
    assert kept(path, drawn(SEVEN)) == drawn(SEVEN)
    assert not old.exists()
    assert new.exists()  # somebody may be writing it right now


def test_where_nothing_can_be_written_it_works_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    assert kept(tmp_path / "file" / "last.json", drawn(SEVEN)).is_blank
    assert "cannot be kept" in caplog.text


def test_a_disk_that_was_full_keeps_the_next_drawing(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    file = LastDrawing(path)
    file.take()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(last_drawing, "replaced", full)
        file.keep(drawn(SEVEN))
        wait_for(lambda: "No space left on device" in caplog.text, 5, "a line in the log")
    file.keep(drawn(SEVEN, BAR))
    file.close()
    assert LastDrawing(path).take() == drawn(SEVEN, BAR)


def test_a_slow_disk_costs_the_pen_nothing_and_gets_the_newest_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    let_go = threading.Event()

    @contextmanager
    def slowly(path: Path, *, private: bool) -> Iterator[Any]:
        let_go.wait(PATIENCE)
        written.append(path)
        with files.replaced(path, private=private) as file:
            yield file

    monkeypatch.setattr(last_drawing, "replaced", slowly)
    file = LastDrawing(path)
    file.take()
    for count in range(1, 50):
        file.keep(drawn(*[SEVEN] * count))
    assert not written
    let_go.set()
    file.close()
    assert 1 <= len(written) <= 3
    assert Drawing.from_json(json.loads(path.read_text())) == drawn(*[SEVEN] * 49)


def test_a_session_goes_on_with_it_as_if_nothing_had_come_before() -> None:
    session = Session(lambda: pytest.fail("nothing is to be read"))
    session.add_stroke([Point(1, 1, 50_000)], (300, 280))
    session.begin_with(drawn(SEVEN))
    assert not session.can_undo
    session.add_stroke([Point(9, 9, 7_000_000), Point(9, 19, 7_000_020)], (300, 280))
    assert [[point.t for point in stroke.points] for stroke in session.drawing.strokes] == [[0, 100.5, 300], [300, 320]]
    session.undo()
    assert session.drawing == drawn(SEVEN)


def test_the_window_writes_once_a_moment_and_at_its_end(window: Window) -> None:
    keeper = KeptDrawing(window.root, window.session, window.main.editor.show)
    keeper.restore()
    path = paths.last_drawing_file()
    window.draw([(50, 50), (90, 200)], [(90, 50), (150, 200)])
    assert not path.exists()  # the pen has priority over the disk

    def written() -> bool:
        window.root.update()
        return path.exists()

    wait_for(written, 5, "a writing")
    assert len(json.loads(path.read_text())["strokes"]) == 2
    window.draw([(190, 50), (200, 200)])
    keeper.end()  # before it was written
    assert len(json.loads(path.read_text())["strokes"]) == 3


def test_an_old_drawing_is_not_mixed_into_a_new_one(window: Window) -> None:
    kept(paths.last_drawing_file(), drawn(SEVEN))
    window.draw([(50, 50), (90, 200)])
    keeper = KeptDrawing(window.root, window.session, window.main.editor.show)
    keeper.restore()
    assert len(window.session.drawing.strokes) == 1
    assert window.session.drawing != drawn(SEVEN)
    keeper.end()
    assert len(json.loads(paths.last_drawing_file().read_text())["strokes"]) == 1


@contextmanager
def program(screen: Screen) -> Iterator[tuple[subprocess.Popen[bytes], Area]]:
    with subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=os.environ) as process:
        try:
            yield process, screen.canvas(screen.window("Inkling"))
        finally:
            process.kill()


def count() -> int:
    """Return how many strokes the kept drawing has; -1 if there's none."""
    path = paths.last_drawing_file()
    return len(json.loads(path.read_text())["strokes"]) if path.exists() else -1


def test_a_killed_program_has_its_drawing_again(screen: Screen) -> None:
    with program(screen) as (process, canvas):
        screen.stroke([(canvas.left + 60, canvas.top + 50), (canvas.left + 60, canvas.top + 200)])
        wait_for(lambda: count() == 1, 1, "the stroke on the disk")
        screen.stroke([(canvas.left + 160, canvas.top + 50), (canvas.left + 160, canvas.top + 200)])
        process.kill()  # right then: at least the first stroke is there
        process.wait()
    left = count()
    assert left in (1, 2)
    with program(screen) as (process, canvas):
        wait_for(lambda: screen.is_dark(canvas.left + 60, canvas.top + 100), 5, "the old stroke")
        screen.stroke([(canvas.left + 220, canvas.top + 50), (canvas.left + 220, canvas.top + 200)])
        wait_for(lambda: count() == left + 1, 1, "both")
        screen.key("Delete")
        wait_for(lambda: count() == 0, 1, "a clear canvas on the disk")
        process.kill()
        process.wait()
    with program(screen) as (process, canvas):
        time.sleep(0.3)
        assert not screen.is_dark(canvas.left + 60, canvas.top + 100)
        screen.stroke([(canvas.left + 60, canvas.top + 50), (canvas.left + 60, canvas.top + 200)])
        wait_for(lambda: screen.is_dark(canvas.left + 60, canvas.top + 100), 5, "a stroke")
        screen.key("ctrl+q")  # before it's written
        assert process.wait(PATIENCE) == 0
    assert count() == 1
    assert "ERROR" not in paths.log_file().read_text(encoding="utf-8")
