"""A pad, a session and their files in a window made for tests, put together as in the program."""

from __future__ import annotations

import threading
import tkinter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.drawing.session import Session
from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit import theme
from app.ui.kit.background import collect_garbage_here
from app.ui.kit.key_events import listen
from app.ui.pad.pad import Pad
from app.ui.window.files import Files
from model.ink.ink import Drawing, Point, Stroke
from model.reading.recognizer import Recognizer
from tests.screen import Screen, wait_for

SEVEN = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), canvas=(300, 280))


class Bench:
    """The window and somebody who uses it."""

    def __init__(self, screen: Screen, recognizer: Recognizer):
        self.screen = screen
        self.root = tkinter.Tk(className="Inkling")
        self.root.title("Bench")
        self.root.geometry("420x360+0+0")
        theme.apply(self.root)
        listen(self.root)
        self.session = Session(lambda: (recognizer, ""))
        self.told: list[str] = []
        self.bugs: list[object] = []
        self.root.report_callback_exception = lambda *bug: self.bugs.append(bug)
        self.pad = Pad(self.root, self._drawn, lambda _places: None)
        self.pad.pack(fill="both", expand=True)
        self.files = Files(self.root, self.session, self.show, lambda error: self.told.append(str(error)))
        self.leave_garbage = collect_garbage_here(self.root, lambda: False)
        self.root.update()

    def show(self) -> None:
        picture = self.session.picture
        self.pad.show_picture(picture.image if picture else None)
        self.pad.show(self.session.drawing)

    def wait(self, look: Callable[[], object], what: str) -> None:
        def seen() -> bool:
            self.root.update()
            return bool(look())

        wait_for(seen, 10, what, 0.002)
        self.root.update()

    def do(self, action: Callable[[], object]) -> None:
        """Let somebody else act while the window's loop runs."""
        other = threading.Thread(target=action)
        other.start()
        self.wait(lambda: not other.is_alive(), "the end of it")

    def opened(self, name: str) -> None:
        self.wait(lambda: self.session.picture or self.told, name)
        assert self.told == []
        assert self.session.picture
        assert self.session.picture.name == name

    def told_once(self, words: str) -> None:
        self.wait(lambda: self.told, words)
        (sentence,) = self.told
        assert words in sentence
        self.told.clear()

    def lists(self) -> list[ListDialog]:
        return [child for child in self.root.winfo_children() if isinstance(child, ListDialog)]

    def _drawn(self, points: tuple[Point, ...]) -> None:
        self.session.add_stroke(points, self.pad.size_in_pixels)
        self.show()


@contextmanager
def open_bench(screen: Screen, recognizer: Recognizer) -> Iterator[Bench]:
    """Open the window and close it; no error in it may have gone unnoticed."""
    opened = Bench(screen, recognizer)
    bugs = opened.bugs
    yield opened
    opened.files.close()
    opened.root.destroy()
    opened.leave_garbage()
    vars(opened).clear()
    assert bugs == []
