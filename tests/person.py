"""The program in its own process, and a person in front of it: pointer, keys and clipboard."""

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
        process: the one that started the program, and ends with it.
    """

    def __init__(self, screen: Screen, process: subprocess.Popen[bytes]):
        self.screen = screen
        self.process = process
        self.canvas: Area = screen.canvas(screen.window("Inkling"))
        self.clipboard = tkinter.Tk()  # another program, as far as the clipboard is concerned
        self.clipboard.withdraw()

    def read(self, strokes: list[list[tuple[int, int]]]) -> str:
        """Draw, recognize, copy and clear; return what was copied."""
        self.draw(strokes)
        text = self.copy_answer()
        self.screen.key("Delete")
        x, y = strokes[0][0]
        place = Area(round(x) + self.canvas.left - 4, round(y) + self.canvas.top - 4, 9, 9)
        wait_for(lambda: self._is_clear(place), 10, "a clear canvas")
        return text

    def draw(self, strokes: list[list[tuple[int, int]]]) -> None:
        """Draw strokes, in pixels of the pad."""
        for stroke in strokes:
            self.screen.stroke([(x + self.canvas.left, y + self.canvas.top) for x, y in stroke])

    def copy_answer(self) -> str:
        """Recognize what's on the pad, copy the answer and return it."""
        self.clipboard.clipboard_clear()
        self.clipboard.clipboard_append(OLD)
        self.clipboard.update()
        self.screen.key("Return")
        self.screen.key("ctrl+c")
        return wait_for(self._copied, 10, "a copied answer")

    def sees_ink(self) -> bool:
        """Return whether there's more ink on the pad than the letters of its hint."""
        dark = sum(self.screen.pixels(self.canvas).convert("L").point(lambda value: value < 128).tobytes())
        return dark > self.canvas.width * self.canvas.height / 100

    def keys(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            self.screen.key(name)

    def point_at(self, title: str) -> None:
        """Wait until a window stays where it is, then put the pointer on it, which also gives it the keyboard."""
        window = self.screen.window(title)

        def is_still() -> bool:
            place = self.screen.area(window)
            self.screen.move(place.left + place.width / 2, place.top + place.height / 2)
            time.sleep(0.1)  # dialogs move next to the window after they're shown
            return self.screen.area(window) == place and self.screen.under_pointer() == window

        wait_for(is_still, 10, f"{title} where it stays")

    def choose_file(self, title: str, name: str) -> None:
        """Type a file's name into Tk's file dialog."""
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
        """Release the clipboard."""
        self.clipboard.destroy()

    def close(self) -> None:
        """Quit the program as a person does, and make sure that it ended well."""
        self.leave()
        self.screen.key("ctrl+q")
        assert self.process.wait(timeout=PATIENCE) == 0

    def _is_clear(self, place: Area) -> bool:
        """Return whether a place is free of ink. Ink covers all of it; the letters of an empty pad's hint don't."""
        grey = self.screen.pixels(place).convert("L")
        return sum(grey.tobytes()) > 128 * place.width * place.height

    def _copied(self) -> str | None:
        self.clipboard.update()  # hands the clipboard over when it's asked for
        text = self.clipboard.clipboard_get()
        return None if text == OLD else text
