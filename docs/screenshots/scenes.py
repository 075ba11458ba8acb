"""The main window's states, one after the other; each is kept as a picture."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from app.ui.window import main_menu
from app.ui.window.main_window import AT_FIRST, SMALLEST
from docs.screenshots.digits import Hand, drawn
from docs.screenshots.stage import Stage
from tests.screen import wait_for

INSIDE = 330  # pixels that the window is wider for the panel
LOOKING = 1.5  # seconds, in which the panel has worked out everything
READING = 60  # seconds, at most, until a file is read
LEARNING = 300  # seconds, at most, of a training or of teaching

Keep = Callable[[str, Image.Image], None]


class Scenes:
    """Plays what all scenes are made of.

    Args:
        stage: where.
        keep: is given the name and the picture of each state.
        files: a folder for pictures that are opened.
    """

    def __init__(self, stage: Stage, keep: Keep, files: Path):
        self.stage, self.keep, self.files = stage, keep, files
        self.window, self.root, self.hand = stage.window, stage.root, stage.hand

    def see(self, name: str, *windows: tk.Misc) -> None:
        """Keep what is seen when nothing moves, of the main window where no others are named."""
        self.stage.rest()
        self.keep(name, self.stage.picture(*(windows or (self.root,))))

    def digit(self, text: str = "7", hand: int = 0) -> None:
        """Draw a digit in the middle of the pad, on an empty one."""
        self.hand.key("Delete")
        wide, high = self.window.pad.size_in_pixels
        side = min(0.62 * high, 300)
        self.stage.draw(drawn(text, (wide - side * 100 / 140) / 2, (high - side) / 2, Hand.of(hand, side)))

    def number(self, text: str = "2408") -> None:
        """Draw a number on an empty pad."""
        self.hand.key("Delete")
        high = self.window.pad.size_in_pixels[1]
        self.stage.draw(drawn(text, 24, high / 2 - 60, Hand.of(3, 120, 30)))

    def keep_drawings(self, count: int = 26) -> None:
        """Draw digits and say what they are, so that they are kept."""
        for number in range(count):
            text = str(number * 7 % 10)
            self.digit(text, hand=number + 1)
            self.hand.key(text)

    def set(self, name: str, value: object) -> None:
        """Choose a setting as a line of the menus does."""
        self.root.after(0, self.window.choices.keep, name, value)
        time.sleep(0.3)

    def open(self, *paths: Path) -> None:
        """Open files as the dialog of *File ▸ Open…* does."""
        self.root.after(0, self.window.open_paths, paths)
        time.sleep(0.3)
        wait_for(lambda: not self.window.files.busy, READING, "a file", 0.05)

    def photo(self, name: str, text: str, hand: int = 0) -> Path:
        """Return the file of a picture of digits, dark on a grey that isn't even."""
        wide = 90 * len(text) + 120
        picture = Image.new("L", (wide, 300))
        picture.putdata([205 + row // 8 for row in range(300) for _column in range(wide)])
        pen = ImageDraw.Draw(picture)
        for stroke in drawn(text, 64, 80, Hand.of(hand, apart=-10)):
            pen.line(stroke, fill=45, width=12, joint="curve")
            for x, y in stroke:
                pen.ellipse((x - 6, y - 6, x + 6, y + 6), fill=45)
        path = self.files / name
        picture.save(path)
        return path


class WindowScenes(Scenes):
    """Plays all states of the main window."""

    def play(self) -> None:
        """Show every state."""
        sizes: dict[str, Callable[[], None]] = {
            "smallest": lambda: self.stage.resize(*SMALLEST),
            "normal": lambda: self.stage.resize(*AT_FIRST),
            "full": self.stage.fill,
        }
        for name, fit in sizes.items():
            fit()
            self.in_this_size(name)
        self.stage.resize(*AT_FIRST)
        self.tools()
        self.focus()
        self.picture()
        self.inside()
        self.menus()

    def in_this_size(self, name: str) -> None:
        """Show what the window says, in the size that it has."""
        self.hand.key("Delete")
        self.see(f"{name}-empty")
        self.digit()
        self.see(f"{name}-digit")
        self.digit("?")
        self.see(f"{name}-doubt")
        self.hand.key("Delete")
        (self.files / "broken.png").write_bytes(b"no picture")
        self.open(self.files / "broken.png")
        self.see(f"{name}-problem")
        size = self.root.winfo_geometry()
        self.number()
        self.see(f"{name}-number")
        self.root.geometry(size)  # the number has widened it
        self.hand.key("ctrl+i")
        time.sleep(LOOKING)
        self.see(f"{name}-inside")
        self.hand.key("ctrl+i")
        self.hand.key("Delete")
        self.root.geometry(size)

    def tools(self) -> None:
        """Show what can be in the hand, and the guide."""
        self.digit("5")
        self.hand.key("e")
        pad = self.window.pad
        first = self.window.session.drawing.strokes[0].points[6]
        self.stage.settle()
        self.hand.move(pad.winfo_rootx() + pad.shown_scale * first.x, pad.winfo_rooty() + pad.shown_scale * first.y)
        self.stage.settle()
        self.keep("eraser", self.stage.picture(self.root))
        self.hand.key("e")
        self.hand.key("Delete")
        self.root.after(0, self.window.draw_by_keyboard)
        self.stage.settle()
        for key in ("Right", "Right", "space", "Down", "Down", "Down"):
            self.hand.key(key)
        self.see("keyboard-pen")
        self.hand.key("space")
        self.hand.key("Delete")
        self.set("guide", True)
        self.number("51")
        self.see("guide")
        self.set("guide", False)

    def focus(self) -> None:
        """Show what has the keyboard, from one stop of the Tab key to the next."""
        self.digit()
        self.root.after(0, self.window.pad.focus_set)
        for number in range(6):
            self.see(f"focus-{number}")
            self.hand.key("Tab")
        self.root.after(0, self.window.pad.focus_set)

    def picture(self) -> None:
        """Show a picture that is opened."""
        self.open(self.photo("photo.png", "36"))
        self.see("picture")
        self.hand.key("ctrl+i")
        time.sleep(LOOKING)
        self.see("picture-inside")
        self.hand.key("ctrl+i")
        self.stage.resize(*AT_FIRST)

    def inside(self) -> None:
        """Show the panel from its top to its end."""
        self.hand.key("Escape")
        self.hand.key("ctrl+i")
        time.sleep(0.5)  # the window widens by itself
        self.stage.resize(AT_FIRST[0] + INSIDE, AT_FIRST[1])
        self.see("inside-empty")
        self.digit("4")
        time.sleep(LOOKING)
        self.see("inside-0")
        panel = self.window.contents._inside
        assert panel
        for number in range(1, 5):
            self.hand.move(panel.winfo_rootx() + panel.winfo_width() / 2, panel.winfo_rooty() + 50)
            for _notch in range(8):
                self.hand.press(5)
                self.hand.release(5)
            self.see(f"inside-{number}")
        self.hand.key("ctrl+i")
        self.stage.resize(*AT_FIRST)

    def menus(self) -> None:
        """Show each menu."""
        for labels in (
            (main_menu.FILE,),
            (main_menu.FILE, main_menu.RECENT),
            (main_menu.EDIT,),
            (main_menu.VIEW,),
            (main_menu.MODEL,),
            (main_menu.HELP,),
        ):
            self.digit()
            self.stage.post(*labels)
            name = "-".join(label.replace("&", "").split()[-1].lower() for label in labels)
            self.keep(f"menu-{name}", self.stage.around(self.root))
            for _label in labels:
                self.hand.key("Escape")
            self.stage.settle()
