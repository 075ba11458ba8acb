"""The program in a process of its own, and a person in front of it: pointer, keys, and what was copied."""

from __future__ import annotations

import subprocess
import time
import tkinter

from tests.screen import PATIENCE, Area, Screen, wait_for

OLD = "an older text"


class Person:
    """Somebody who uses a running program through the X server.

    Args:
        screen: the display that the program opens its window on.
        process: what started the program, and ends with it.
    """

    def __init__(self, screen: Screen, process: subprocess.Popen[bytes]):
        self.screen = screen
        self.process = process
        self.canvas: Area = screen.canvas(screen.window("Inkling"))
        self.clipboard = tkinter.Tk()  # another program, as far as the clipboard is concerned
        self.clipboard.withdraw()

    def read(self, strokes: list[list[tuple[int, int]]]) -> str:
        """Draw, recognise, copy, clear; return what was copied."""
        self.draw(strokes)
        text = self.copy_answer()
        self.screen.key("Delete")
        x, y = strokes[0][0]
        place = Area(round(x) + self.canvas.left - 4, round(y) + self.canvas.top - 4, 9, 9)
        wait_for(lambda: self._is_clear(place), 10, "a clear canvas")
        return text

    def draw(self, strokes: list[list[tuple[int, int]]]) -> None:
        """Draw strokes, in pixels of the canvas."""
        for stroke in strokes:
            self.screen.stroke([(x + self.canvas.left, y + self.canvas.top) for x, y in stroke])

    def copy_answer(self) -> str:
        """Recognise what is on the canvas, copy the answer and return it."""
        self.clipboard.clipboard_clear()
        self.clipboard.clipboard_append(OLD)
        self.clipboard.update()
        self.screen.key("Return")
        self.screen.key("ctrl+c")
        return wait_for(self._copied, 10, "a copied answer")

    def sees_ink(self) -> bool:
        """Return whether there is more ink on the canvas than letters of a hint."""
        dark = sum(self.screen.pixels(self.canvas).convert("L").point(lambda value: value < 128).tobytes())
        return dark > self.canvas.width * self.canvas.height / 100

    def keys(self, *names: str) -> None:
        """Press keys one after the other."""
        for name in names:
            self.screen.key(name)

    def point_at(self, title: str) -> None:
        """Wait for a window, put the pointer on it where it stays, and so the keyboard into it."""
        window = self.screen.window(title)

        def is_still() -> bool:
            place = self.screen.area(window)
            self.screen.move(place.left + place.width / 2, place.top + place.height / 2)
            time.sleep(0.1)  # dialogs are moved beside the window after they are shown
            return self.screen.area(window) == place and self.screen.under_pointer() == window

        wait_for(is_still, 10, f"{title} where it stays")

    def choose_file(self, title: str, name: str) -> None:
        """Type a file's name into Tk's dialog for files."""
        window = self.screen.window(title)
        self.point_at(title)
        self.keys(*name, "Return")
        wait_for(lambda: self.screen.find(title) != window, 10, f"the end of {title}")

    def close_dialog(self, title: str) -> None:
        """Wait for a dialog, close it with Escape, and go back to the window."""
        self.point_at(title)
        self.screen.key("Escape")
        wait_for(lambda: self.screen.find(title) is None, 10, f"the end of {title}")
        self.point_at("Inkling")

    def leave(self) -> None:
        """Need the clipboard no longer."""
        self.clipboard.destroy()

    def close(self) -> None:
        """End the program as a person does, and see that it ended well."""
        self.leave()
        self.screen.key("ctrl+q")
        assert self.process.wait(timeout=PATIENCE) == 0

    def _is_clear(self, place: Area) -> bool:
        """Return whether there is no ink, which covers all of it, as the letters of an empty pad's hint do not."""
        grey = self.screen.pixels(place).convert("L")
        return sum(grey.tobytes()) > 128 * place.width * place.height

    def _copied(self) -> str | None:
        self.clipboard.update()  # gives the clipboard away when it is asked for
        text = self.clipboard.clipboard_get()
        return None if text == OLD else text
