"""Random pointer, key and menu events in the real program: no error, and memory that stays as it is (Linux, Xvfb).

It plays by the window's own clock, so that it goes on while a dialog waits for its answer.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import tkinter as tk
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from app import models
from app.ui.dialog import Dialog
from app.ui.main_window import MainWindow
from benchmarks.monkey_ground import ground
from tests.screen import KEYSYMS, Screen, virtual_screen

SIDES = (1280, 900)  # pixels of the screen
LOOKS, APART = 40, 500  # measurements of the memory, at most, and events between two of them, at least
WARM = 0.3  # of the events, before it is to be flat
REMEMBERED = 30  # acts that are told with what went wrong
PATIENCE = 400  # events after which something that keeps all others from working is an error
MODIFIERS = ("ctrl", "shift", "alt", "ctrl+shift")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,-/"
KEYS = tuple(name for name in KEYSYMS if name not in ("ctrl", "shift", "alt"))
CLIPBOARD = ("", "12", '{"strokes": [[[40, 60], [120, 60], [70, 230]]]}', '{"strokes": 3}', "file:///gone.png")


@dataclass(frozen=True, slots=True)
class Look:
    """What the program holds after so many events, with no dialog open."""

    events: int
    megabytes: float
    handles: int  # open files
    commands: int  # that Tk can call
    pictures: int
    widgets: int


@dataclass
class Figures:
    """What was done, what went wrong, and what the program held meanwhile."""

    events: Counter[str] = field(default_factory=Counter)  # by their kind
    faults: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def count(self) -> int:
        """How many events there were."""
        return self.events.total()

    def slope(self, what: str) -> float:
        """Return how much more the program holds after each 10,000 events, once it is warm."""
        warm = [look for look in self.looks if look.events >= WARM * self.count]
        if len(warm) < 2:
            return 0.0
        return (
            10_000
            * statistics.linear_regression([look.events for look in warm], [getattr(look, what) for look in warm]).slope
        )


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield what there is to say."""
    yield table(measure(arguments.events, arguments.seed))


def measure(events: int, seed: int) -> Figures:
    """Let a monkey play with the program until there were so many events."""
    began = time.monotonic()
    with virtual_screen(*SIDES) as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {"DISPLAY": display, "HOME": home, "LANGUAGE": "en"}
        os.chdir(home)  # a file dialog begins here
        from app.ui import start  # noqa: PLC0415  (it reads where the home is)

        screen = Screen(display)
        monkey = Monkey(screen, events, seed)
        opens = start.open_window

        def open_window() -> MainWindow:
            window = opens()
            monkey.take(window)
            return window

        with (
            ground(Path(home), monkey.chance, monkey.quits) as monkey.files,
            _told(monkey.fault),
            mock.patch.object(start, "open_window", open_window),
        ):
            start.run()
        screen.close()
    monkey.figures.seconds = time.monotonic() - began
    return monkey.figures


def table(figures: Figures) -> str:
    """Return the figures as lines for people."""
    lines = [f"{figures.count:,} events in {figures.seconds:.0f} s: " + _listed(figures.events)]
    lines.append(f"{'events':>10}{'MB':>9}{'files':>7}{'commands':>10}{'pictures':>10}{'widgets':>9}")
    for look in figures.looks[:: max(1, len(figures.looks) // 10)]:
        lines.append(
            f"{look.events:10,}{look.megabytes:9.1f}{look.handles:7}{look.commands:10,}{look.pictures:10}{look.widgets:9}"
        )
    slopes = [f"{figures.slope(what):+.2f} {what}" for what in ("megabytes", "handles", "commands", "pictures")]
    lines.append(f"each 10,000 events, after the first {WARM:.0%}: {', '.join(slopes)}")
    return "\n".join([*lines, f"{len(figures.faults)} faults", *figures.faults])


class Monkey:
    """Somebody who presses everything.

    Args:
        screen: its hand.
        events: after how many it closes the window.
        seed: of its choices; what comes of them depends on the machine's pace too.
    """

    def __init__(self, screen: Screen, events: int, seed: int):
        self.figures = Figures()
        self.chance = random.Random(seed)  # noqa: S311  (no secret)
        self.files: list[Path] = []
        self._screen, self._events, self._seed = screen, events, seed
        self._close = MainWindow.close  # which is another one while it plays
        self._acts: deque[str] = deque(maxlen=REMEMBERED)
        self._down: set[int] = set()
        self._stuck = (0, "")
        self._playing: Iterator[None] = iter(())

    def take(self, window: MainWindow) -> None:
        """Begin to play with a window."""
        self._window, self._root = window, window.root
        self._root.tk.call("interp", "bgerror", "", self._root.register(lambda *words: self.fault(str(words))))
        self._root.after(1000, self._play)

    def quits(self) -> None:
        """Count what would have closed the window."""
        self.figures.events["Quit, not done"] += 1

    def fault(self, what: str) -> None:
        """Keep what went wrong, with what was done before."""
        acts = ", ".join(self._acts)
        self.figures.faults.append(f"seed {self._seed}, event {self.figures.count:,}: {what}\n  after: {acts}")

    def _play(self) -> None:
        """Do the next thing; the clock is set first, since a dialog may keep this from returning."""
        if self.figures.count >= self._events and not self._grab():
            self._end()
            return
        self._root.after(1, self._play)
        try:
            next(self._playing)
        except StopIteration:
            self._playing = self._chosen()
        except tk.TclError:  # a widget that was looked at is gone
            self._playing = self._let_go()

    def _chosen(self) -> Iterator[None]:
        """Choose what to do next."""
        if self.figures.count >= len(self.figures.looks) * max(self._events / LOOKS, APART):
            return self._look()
        if self._grab():
            return self._with_grab()
        self._stuck = 0, ""
        if self.chance.random() < 0.02:
            self._check()
        acts, weights = zip(*self._ACTS, strict=True)
        (act,) = self.chance.choices(acts, weights)
        return iter(act(self))

    def _did(self, kind: str, what: object) -> None:
        self.figures.events[kind] += 1
        self._acts.append(f"{kind} {what}")

    def _later(self, action: Callable[[], object]) -> None:
        """Do something that may keep its caller waiting for an answer of the monkey."""

        def act() -> None:
            with contextlib.suppress(tk.TclError):  # what it was for is gone
                action()

        self._root.after(1, act)  # and not when idle, which Tk's own dialogs let others be while they are made

    # The hand

    def _move(self, place: tuple[int, int]) -> None:
        self._did("motion", place)
        self._screen.move(*place)

    def _press(self, button: int) -> None:
        self._did("press", button)
        self._screen.press(button)
        self._down.add(button)

    def _release(self, button: int) -> None:
        self._did("release", button)
        self._screen.release(button)
        self._down.discard(button)

    def _key(self, name: str) -> None:
        self._did("key", name)
        self._screen.key(name)

    def _let_go(self) -> Iterator[None]:
        for button in sorted(self._down):
            self._release(button)
            yield

    # The eye

    def _grab(self) -> str:
        """Return what keeps all other windows from working; empty where nothing does."""
        return next((str(window) for window in self._root.tk.splitlist(self._root.tk.call("grab", "current"))), "")

    def _windows(self) -> list[tk.Misc]:
        """Return the windows that are shown."""
        children = [child for child in self._root.winfo_children() if child.winfo_class() != "Menu"]
        return [self._root, *(child for child in children if isinstance(child, tk.Toplevel) and child.winfo_viewable())]

    def _widgets(self, inside: tk.Misc) -> Iterator[tk.Misc]:
        for child in inside.winfo_children():
            if child.winfo_viewable():
                yield child
                yield from self._widgets(child)

    def _somewhere(self, inside: tk.Misc) -> tuple[int, int]:
        """Return a place in a widget, or a little outside."""
        x = inside.winfo_rootx() + round(self.chance.uniform(-0.03, 1.03) * inside.winfo_width())
        y = inside.winfo_rooty() + round(self.chance.uniform(-0.03, 1.03) * inside.winfo_height())
        return min(max(x, 0), SIDES[0] - 1), min(max(y, 0), SIDES[1] - 1)

    def _check(self) -> None:
        """See that the pad shows what the session has, and the answer what was read."""
        pad, session = self._window.pad, self._window.session
        if pad.is_drawing:
            return
        strokes = [stroke for stroke in session.drawing.strokes if stroke.points]
        shown = [dry for _place, dry in pad.dry.in_order]
        if [id(dry.stroke) for dry in shown] != [id(stroke) for stroke in strokes]:
            self.fault(f"the pad shows {len(shown)} strokes, the drawing has {len(strokes)}")
        if any(pad.itemcget(dry.tag, "state") == tk.HIDDEN for dry in shown):  # type: ignore[no-untyped-call]
            self.fault("the pad hides a stroke of the drawing")
        tags = {tag for item in pad.find_withtag("dry") for tag in pad.gettags(item)} - {"dry", "current"}
        if not tags <= {dry.tag for dry in shown}:
            self.fault("the pad shows a stroke that is not in the drawing")
        text = str(self._window.answer._text.cget("text")).rstrip("?")
        if text and text != session.text:
            self.fault(f"the window says {text}, the session {session.text or 'nothing'}")

    # What it does

    def _draw(self) -> Iterator[None]:
        """Draw a line on the pad."""
        pad = self._window.pad
        self._move(self._somewhere(pad))
        yield
        button = self.chance.choice((1, 1, 1, 1, 3))
        self._press(button)
        for _ in range(self.chance.randrange(6)):
            yield
            self._move(self._somewhere(pad))
        yield
        self._release(button)

    def _point(self) -> Iterator[None]:
        """Go to a widget, and press a button there, or let one go."""
        window = self.chance.choice(self._windows())
        self._move(self._somewhere(self.chance.choice([window, *self._widgets(window)])))
        yield
        button = self.chance.choice((1, 1, 1, 1, 1, 2, 3, 4, 5))
        self._press(button)
        if self.chance.random() < 0.9:
            yield
            self._release(button)
        elif len(self._down) > 1:
            yield from self._let_go()

    def _type(self) -> Iterator[None]:
        """Press some keys."""
        for _ in range(self.chance.randrange(1, 6)):
            key = self.chance.choice(KEYS) if self.chance.random() < 0.6 else self.chance.choice(LETTERS)
            if self.chance.random() < 0.3:
                key = f"{self.chance.choice(MODIFIERS)}+{key}"
            self._key(key)
            yield

    def _menu(self) -> Iterator[None]:
        """Choose a line of a menu."""
        bar = self._root.nametowidget(str(self._root.cget("menu")))
        menu, place = self._line_of(bar)
        if place is not None and menu.type(place) != "separator" and str(menu.entrycget(place, "state")) == "normal":
            self._did("menu", menu.entrycget(place, "label"))
            self._later(lambda: menu.invoke(place))
        yield

    def _line_of(self, menu: tk.Menu) -> tuple[tk.Menu, int | None]:
        """Return a line of a menu, or of one that is in it."""
        command = str(menu.cget("postcommand"))
        if command:
            self._root.tk.call(command)
        last = menu.index("end")
        if last is None:
            return menu, None
        place = self.chance.randint(0, last)
        if menu.type(place) != "cascade":
            return menu, place
        return self._line_of(self._root.nametowidget(str(menu.entrycget(place, "menu"))))

    def _focus(self) -> Iterator[None]:
        """Give the keyboard to a window, as a window manager does."""
        window = self.chance.choice(self._windows())
        self._did("focus", window)
        window.lift()
        self._root.tk.call("focus", "-force", self._root.tk.call("focus", "-lastfor", window))
        yield

    def _resize(self) -> Iterator[None]:
        window = self.chance.choice(self._windows())
        size = f"{self.chance.randint(200, SIDES[0])}x{self.chance.randint(200, SIDES[1])}"
        self._did("size", size)
        if isinstance(window, tk.Tk | tk.Toplevel):
            window.geometry(size)
        yield

    def _open(self) -> Iterator[None]:
        """Open files, as a drop or a second start does."""
        paths = self.chance.choices(self.files, k=self.chance.choice((1, 1, 1, 2)))
        self._did("open", [path.name for path in paths])
        self._window.open_paths(paths)
        yield

    def _paste(self) -> Iterator[None]:
        text = self.chance.choice((*CLIPBOARD, f"file://{self.chance.choice(self.files)}"))
        self._did("copy elsewhere", text)
        self._root.clipboard_clear()
        self._root.clipboard_append(text)
        self._key("ctrl+v")
        yield

    def _close_dialog(self) -> Iterator[None]:
        dialogs = self._windows()[1:]
        if dialogs:
            dialog = self.chance.choice(dialogs)
            self._did("close", dialog)
            closes = str(self._root.tk.call("wm", "protocol", dialog, "WM_DELETE_WINDOW"))
            self._later(lambda: self._root.tk.eval(closes))
        yield

    def _rest(self) -> Iterator[None]:
        """Let the clock go on."""
        for _ in range(self.chance.randrange(100)):
            yield

    _ACTS: tuple[tuple[Callable[[Monkey], Iterator[None]], int], ...] = (
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

    def _with_grab(self) -> Iterator[None]:
        """Play with a menu or a question; a file dialog is only escaped from: what it shows is not the monkey's."""
        grab = self._grab()
        if not grab:
            return
        since, before = self._stuck
        self._stuck = (since if before == grab else self.figures.count), grab
        if self.figures.count - self._stuck[0] > PATIENCE:
            self.fault(f"{grab} does not go")
            self._root.tk.call("destroy", grab)
        kind = str(self._root.tk.call("winfo", "class", grab))
        top = str(self._root.tk.call("winfo", "toplevel", grab))
        if kind not in ("Menu", "Toplevel", "ComboboxPopdown") and top == grab:
            self._root.tk.call("focus", "-force", self._root.tk.call("focus", "-lastfor", grab))
        if kind in ("TkFDialog", "TkChooseDir") or self.chance.random() < 0.4:
            yield from self._let_go()
            self._key("Escape")
        elif self.chance.random() < 0.5:
            self._key(self.chance.choice(KEYS))
        else:
            yield from self._point_at_grab(grab)
        yield

    def _point_at_grab(self, grab: str) -> Iterator[None]:
        left, top, wide, high = (
            int(self._root.tk.call("winfo", what, grab)) for what in ("rootx", "rooty", "width", "height")
        )
        x, y = left + round(self.chance.random() * wide), top + round(self.chance.random() * high)
        self._move((min(max(x, 0), SIDES[0] - 1), min(max(y, 0), SIDES[1] - 1)))
        yield
        self._press(1)
        yield
        self._release(1)

    def _look(self) -> Iterator[None]:
        """Put everything away, and see what the program holds."""
        yield from self._let_go()
        while True:
            if self._grab():
                yield from self._with_grab()
                continue
            dialogs = [child for child in self._root.winfo_children() if isinstance(child, Dialog)]
            if not dialogs:
                break
            if dialogs[0].job:
                dialogs[0].job.cancel()
            self._later(dialogs[0].close)
            for _ in range(20):
                yield
        self._window.clear()
        self._forget()
        end = time.monotonic() + 5
        while (self._window.files.busy or _children() > 1) and time.monotonic() < end:  # one is the X server
            yield
        gc.collect()
        self.figures.looks.append(
            Look(
                self.figures.count,
                int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6,
                len(os.listdir("/proc/self/fd")),  # noqa: PTH208  (names are enough)
                len(self._root.tk.splitlist(self._root.tk.call("info", "commands"))),
                len(self._root.image_names()),
                sum(1 for _ in self._all(self._root)),
            )
        )

    def _forget(self) -> None:
        """Delete the models and the drawings that were kept: more of them are no leak."""
        self._window.use(models.BUNDLED)
        for model in models.everything():
            if model.key != models.BUNDLED:
                models.delete(model.key)
        self._window.session.samples.remove_all()

    def _all(self, inside: tk.Misc) -> Iterator[tk.Misc]:
        for child in inside.winfo_children():
            yield child
            yield from self._all(child)

    def _end(self) -> None:
        self._check()
        self._close(self._window)


@contextlib.contextmanager
def _told(fault: Callable[[str], None]) -> Iterator[None]:
    """Tell of errors in the log, and of those in threads."""

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            fault(self.format(record))

    teller = Teller(logging.ERROR)
    logging.getLogger().addHandler(teller)
    hook = mock.patch.object(threading, "excepthook", lambda words: fault(f"in a thread: {words.exc_value!r}"))
    unraisable = mock.patch.object(sys, "unraisablehook", lambda words: fault(f"unraisable: {words.exc_value!r}"))
    with hook, unraisable:
        yield
    logging.getLogger().removeHandler(teller)


def _children() -> int:
    """Return how many processes this one has started that have not ended."""
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def _listed(events: Counter[str]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in events.most_common())
