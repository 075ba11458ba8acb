"""The README's animation: a digit is drawn, read wrong, corrected with a key, learned, and read right the next time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from app.ui.window.main_window import SMALLEST
from docs.screenshots.digits import Hand, drawn
from docs.screenshots.scenes import LEARNING, Scenes
from docs.screenshots.stage import Stage
from tests.screen import wait_for

PEN = 40  # milliseconds that a picture is seen while the pen moves
LOOK = 1400  # milliseconds in which the answer can be read
END = 3000  # milliseconds before it begins again
SLEEPY = 0.05  # seconds between two looks at whether it has learned


class Film(Scenes):
    """Plays the animation and keeps it as one file."""

    def __init__(self, stage: Stage, path: Path, files: Path):
        super().__init__(stage, lambda _name, _picture: None, files)
        self.path = path
        self._frames: list[tuple[Image.Image, int]] = []  # each with its milliseconds

    def play(self) -> None:
        """Draw, read the answer, correct it, wait until that is learned, and draw once more."""
        self.stage.resize(*SMALLEST)
        self._look(LOOK // 2)
        self._write("flat 1", 0)
        self._key("1", lambda: "taught" in self.window.session.recognizer.bundle.card.data)
        self._look(LOOK)
        self._key("Delete", lambda: not self.window.session.drawing.strokes)
        self._look(LOOK // 2)
        self._write("flat 1", 5)
        self._look(END)
        first, *others = (picture for picture, _ in self._frames)
        times = [milliseconds for _, milliseconds in self._frames]
        first.save(
            self.path, save_all=True, append_images=others, duration=times, loop=0, lossless=True, quality=90, method=6
        )
        print(self.path)  # noqa: T201  (what it is run for)

    def _write(self, name: str, hand: int) -> None:
        """Draw a digit in the middle of the pad, and look at what it's read as."""
        wide, high = self.window.pad.size_in_pixels
        side = 0.62 * high
        strokes = drawn([name], (wide - side * 100 / 140) / 2, (high - side) / 2, Hand.of(hand, side))
        self.stage.draw(strokes, lambda: self._see(PEN))
        self._look(LOOK)

    def _key(self, name: str, done: Callable[[], bool]) -> None:
        """Press a key, and look on until something has come of it."""
        self.hand.key(name)

        def seen() -> bool:
            self._see(int(1000 * SLEEPY))
            return done()

        wait_for(seen, LEARNING, name, SLEEPY)

    def _look(self, milliseconds: int) -> None:
        """Keep what is seen when nothing moves, for some time."""
        self.stage.settle()
        self._see(milliseconds)

    def _see(self, milliseconds: int) -> None:
        """Keep what is seen now; what is as it was is seen longer."""
        picture = self.stage.picture(self.root)
        if self._frames and self._frames[-1][0].tobytes() == picture.tobytes():
            before, time = self._frames.pop()
            self._frames.append((before, time + milliseconds))
        else:
            self._frames.append((picture, milliseconds))
