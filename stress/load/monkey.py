"""Random pointer, key and menu events in the real program: no errors, and memory that stays flat (Linux, Xvfb).

It plays until the time is up; 20,000 events take about five minutes.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from stress.load.apart import SIDES, apart
from stress.load.held import Record
from stress.load.player import Play, Player
from stress.report import Report
from tests.screen import KEYSYMS

APART = 500  # events between two looks, at least
WARM = 0.3  # of the events: after these, what's held should stay flat
PATIENCE = 400  # if something blocks everything else for more events than this, it's an error
MODIFIERS = ("ctrl", "shift", "alt", "ctrl+shift")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,-/"
KEYS = tuple(name for name in KEYSYMS if name not in ("ctrl", "shift", "alt"))
CLIPBOARD = ("", "12", '{"strokes": [[[40, 60], [120, 60], [70, 230]]]}', '{"strokes": 3}', "file:///gone.png")


def run(seconds: float, seed: int) -> Report:
    """Let a monkey play until the time is up."""
    return apart(_work, seconds, seed)


def _work(seconds: float, seed: int) -> Report:
    monkey = Monkey(seconds, seed)
    monkey.play()
    figures = {"events": dict(monkey.events.most_common())} | monkey.record.figures()
    failures = (*monkey.faults, *monkey.record.leaks())
    return Report("monkey", monkey.count, monkey.count, failures=failures, figures=figures)


class Monkey(Player):
    """Somebody who presses everything.

    Args:
        seconds: after these, it closes the window.
        seed: for its choices.
    """

    def __init__(self, seconds: float, seed: int):
        super().__init__(seconds, seed, Record(10_000, WARM))
        self._looked = 0  # events at the last look
        self._stuck = (0, "")

    @property
    def is_done(self) -> bool:
        """Whether the time is up."""
        return self.passed > 1

    def gone(self, _error: tk.TclError) -> Play:
        """Let go: it sometimes looks at widgets while it closes them."""
        return self.let_go()

    def chosen(self) -> Play:
        """Choose what to do next."""
        if self.count >= self._looked + APART:
            self._looked = self.count
            return self.look(self.count)
        if self.eye.grab:
            return self.answered(self.eye.grab)
        self._stuck = 0, ""
        if self.chance.random() < 0.02:
            self.check()
        acts, weights = zip(*self._ACTS, strict=True)
        (act,) = self.chance.choices(acts, weights)
        return iter(act(self))

    def _go_to(self, inside: tk.Misc) -> None:
        """Move to a place in a widget, or a little outside."""
        x = inside.winfo_rootx() + self.chance.uniform(-0.03, 1.03) * inside.winfo_width()
        self.move(x, inside.winfo_rooty() + self.chance.uniform(-0.03, 1.03) * inside.winfo_height())

    def _draw(self) -> Play:
        """Draw a line on the pad."""
        pad = self.window.pad
        self._go_to(pad)
        yield
        button = self.chance.choice((1, 1, 1, 1, 3))
        self.press(button)
        for _ in range(self.chance.randrange(6)):
            yield
            self._go_to(pad)
        yield
        self.release(button)

    def _point(self) -> Play:
        """Move to a widget, and press a button there, or release one."""
        window = self.chance.choice(self.eye.windows())
        self._go_to(self.chance.choice([window, *self.eye.widgets(window)]))
        yield
        button = self.chance.choice((1, 1, 1, 1, 1, 2, 3, 4, 5))
        self.press(button)
        if self.chance.random() < 0.9:
            yield
            self.release(button)
        elif self.held > 1:
            yield from self.let_go()

    def _type(self) -> Play:
        """Press some keys."""
        for _ in range(self.chance.randrange(1, 6)):
            key = self.chance.choice(KEYS) if self.chance.random() < 0.6 else self.chance.choice(LETTERS)
            if self.chance.random() < 0.3:
                key = f"{self.chance.choice(MODIFIERS)}+{key}"
            self.key(key)
            yield

    def _menu(self) -> Play:
        """Choose a menu line."""
        bar = self.root.nametowidget(str(self.root.cget("menu")))
        menu, place = self.eye.line_of(bar, self.chance)
        if place is not None and menu.type(place) != "separator" and str(menu.entrycget(place, "state")) == "normal":
            self.did("menu", menu.entrycget(place, "label"))
            self.later(lambda: menu.invoke(place))
        yield

    def _focus(self) -> Play:
        self.focus(self.chance.choice(self.eye.windows()))
        yield

    def _resize(self) -> Play:
        window = self.chance.choice(self.eye.windows())
        size = f"{self.chance.randint(200, SIDES[0])}x{self.chance.randint(200, SIDES[1])}"
        self.did("size", size)
        if isinstance(window, tk.Tk | tk.Toplevel):
            window.geometry(size)
        yield

    def _open(self) -> Play:
        """Open files, as dropping them or a second start does."""
        paths = self.chance.choices(self.files, k=self.chance.choice((1, 1, 1, 2)))
        self.did("open", [path.name for path in paths])
        self.window.open_paths(paths)
        yield

    def _paste(self) -> Play:
        text = self.chance.choice((*CLIPBOARD, f"file://{self.chance.choice(self.files)}"))
        self.did("copy elsewhere", text)
        self.root.clipboard_clear()
        self.root.clipboard_append(text)
        self.key("ctrl+v")
        yield

    def _close_dialog(self) -> Play:
        dialogs = self.eye.windows()[1:]
        if dialogs:
            dialog = self.chance.choice(dialogs)
            self.did("close", dialog)
            closes = str(self.root.tk.call("wm", "protocol", dialog, "WM_DELETE_WINDOW"))
            self.later(lambda: self.root.tk.eval(closes))
        yield

    def _rest(self) -> Play:
        """Let time pass."""
        for _ in range(self.chance.randrange(100)):
            yield

    _ACTS: tuple[tuple[Callable[[Monkey], Play], int], ...] = (
        (_draw, 25),
        (_point, 30),
        (_type, 30),
        (_menu, 6),
        (_focus, 6),
        (_close_dialog, 4),
        (_resize, 1),
        (_open, 2),
        (_paste, 2),
        (_rest, 2),
    )

    def answered(self, grab: str) -> Play:
        """Play with a menu or a question; in a file dialog, only press Escape: its contents aren't the monkey's."""
        since, before = self._stuck
        self._stuck = (since if before == grab else self.count), grab
        if self.count - self._stuck[0] > PATIENCE:
            self.fault(f"{grab} does not go")
            self.root.tk.call("destroy", grab)
        kind = str(self.root.tk.call("winfo", "class", grab))
        top = str(self.root.tk.call("winfo", "toplevel", grab))
        if kind not in ("Menu", "Toplevel", "ComboboxPopdown") and top == grab:
            self.root.tk.call("focus", "-force", self.root.tk.call("focus", "-lastfor", grab))
        if kind in ("TkFDialog", "TkChooseDir") or self.chance.random() < 0.4:
            yield from self.let_go()
            self.key("Escape")
        elif self.chance.random() < 0.5:
            self.key(self.chance.choice(KEYS))
        else:
            left, top_, wide, high = (
                int(self.root.tk.call("winfo", what, grab)) for what in ("rootx", "rooty", "width", "height")
            )
            self.move(left + self.chance.random() * wide, top_ + self.chance.random() * high)
            yield
            self.press()
            yield
            self.release()
        yield
