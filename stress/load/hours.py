"""A day of using the real window, hour after hour, without the waiting in between (24 hours take about 20 minutes).

An hour is 300 drawings, each drawn by the pointer and answered; some are corrected, partly erased, undone, copied,
saved. Now and then files are opened and pasted, dialogs opened and closed, language, appearance, pen, panel and model
changed, and the model is taught. Stand-ins replace children that would load TensorFlow, and report the same events;
*retrainings* uses the real ones. What's timed is an answer, from releasing the button.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from app.facts import log
from app.kept import models, paths
from app.ui.kit.dialog import Dialog
from model.base.errors import UserError
from model.ink.ink import Drawing
from stress.load import ink
from stress.load.apart import apart
from stress.load.held import Record
from stress.load.player import PATIENCE, Play, Player
from stress.report import Report
from tests import kept

FULL = 24
DRAWINGS = 300  # in an hour
BETWEEN = 25  # drawings between two looks, at first; later four times as many
WARM = 3 / FULL
NARROW = 0.45  # of a digit's size: the size of a number's digits
DIALOGS = ("drawings", "models", "about_model", "about", "shortcuts", "report_problem", "retrain")
PASTED = ('{"strokes": [[[40, 60], [120, 60], [70, 230]]]}', "no ink")


def run(seconds: float, seed: int) -> Report:
    """Use the window until the time is up, or the full count is reached."""
    return apart(_work, seconds, seed)


def _work(seconds: float, seed: int) -> Report:
    log.start()  # as the program does
    place = log.place()
    person = Person(seconds, seed)
    person.play()
    logged = paths.log_file()
    figures = {
        "full count": FULL,
        "hours": round(person.drawn / DRAWINGS, 2),
        "events": dict(person.events.most_common()),
        "log": {"KB": round(logged.stat().st_size / 1000) if logged.exists() else 0},
    }
    failures = [*person.faults, *person.record.leaks(), *([] if place else ["there is no log"])]
    return Report(
        "hours", person.drawn, person.drawn, outcomes=dict(person.done), failures=tuple(failures),
        figures=figures | person.record.figures(),
    )  # fmt: skip


class Person(Player):
    """Somebody at work.

    Args:
        seconds: after these, the window is closed.
        seed: for what's drawn and done.
    """

    def __init__(self, seconds: float, seed: int):
        super().__init__(seconds, seed, Record(10 * DRAWINGS, WARM))
        self.drawn = 0
        self.done = dict.fromkeys((name for name, _act, _chance in self._ACTS), 0)
        self._drawings = ink.digits(seed)
        self._looked = 0

    @property
    def is_done(self) -> bool:
        """Whether the time is up, or the full count is reached."""
        return self.passed > 1 or self.drawn >= FULL * DRAWINGS

    def chosen(self) -> Play:
        """Draw something, let it be read, do some more with it, and clear the pad."""
        if self.drawn >= self._looked + (BETWEEN if self.drawn < DRAWINGS else 4 * BETWEEN):
            self._looked = self.drawn
            yield from self.look(self.drawn)
        yield from self._draw()
        for name, act, chance in self._ACTS:
            if self.chance.random() < chance:
                self.done[name] += 1
                yield from act(self)
                yield from self.close_dialogs()
        self.check()
        self.focus(self.root)
        self.key("Delete")
        yield from self._until(lambda: self.window.session.is_blank, "a clear pad")

    def _draw(self) -> Play:
        """Draw a digit, or one time in eight a number, and wait for the answer."""
        pad = self.window.pad  # a new one after each change of language or appearance
        yield from self._until(lambda: pad.winfo_width() > ink.CANVAS[0] / 2, "a pad with room")
        count = self.chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 3))
        strokes = [
            stroke
            for place in range(count)
            for stroke in self._strokes(next(self._drawings), place if count > 1 else None)
        ]
        before = len(self.window.session.drawing.strokes)
        for stroke in strokes[:-1]:
            yield from self._line(stroke)
        yield from self._line(strokes[-1], release=False)
        with self.record.timed():
            self.release()
            session = self.window.session
            yield from self._until(lambda: len(session.drawing.strokes) > before + len(strokes) - 1, "a stroke")
            if not self.window.choices.now.live:
                self.key("Return")
            yield from self._until(lambda: session.reading is not None, "an answer")
        self.drawn += 1

    def _strokes(self, drawing: Drawing, place: int | None) -> list[list[tuple[float, float]]]:
        """Return the places on the screen of a digit's strokes, alone or at a place in a number."""
        pad = self.window.pad
        scale = min(pad.winfo_width() / ink.CANVAS[0], pad.winfo_height() / ink.CANVAS[1])
        left, top = float(pad.winfo_rootx()), float(pad.winfo_rooty())
        box = drawing.box
        if place is not None:
            scale *= NARROW
            left += 20 + place * pad.winfo_width() * 0.3 - box.left * scale
            top += (1 - NARROW) * pad.winfo_height() / 2
        return [[(left + x * scale, top + y * scale) for x, y in ink.thinned(each)] for each in drawing.strokes]

    def _line(self, places: list[tuple[float, float]], *, release: bool = True) -> Play:
        self.move(*places[0])
        self.press()
        yield
        for place in places[1:]:
            self.move(*place)
            yield
        if release:
            self.release()
            yield

    def _correct(self) -> Play:
        self.key(self.chance.choice("0123456789"))
        yield

    def _erase(self) -> Play:
        """Erase a stroke with the right button."""
        box = self.window.session.drawing.box
        pad = self.window.pad
        places = [(pad.winfo_rootx() + x, pad.winfo_rooty() + y) for x, y in (box[:2], box[2:])]
        self.move(*places[0])
        self.press(3)
        yield
        self.move(*places[1])
        yield
        self.release(3)
        yield

    def _undo(self) -> Play:
        for key in ("ctrl+z", "ctrl+z", "ctrl+shift+z", "ctrl+shift+z"):
            self.key(key)
            yield

    def _copy(self) -> Play:
        self.key("ctrl+c")
        yield

    def _save(self) -> Play:
        self.key("ctrl+s")
        yield from self._answered()

    def _open(self) -> Play:
        """Open a file with its key; press Escape in a file dialog that doesn't answer by itself."""
        self.key("ctrl+o")
        for _ in range(30):
            yield
        yield from self._answered()
        yield from self._until(lambda: not self.window.files.busy, "what was opened")
        for _ in range(20):
            yield

    def _paste(self) -> Play:
        self.root.clipboard_clear()
        self.root.clipboard_append(self.chance.choice(PASTED))
        self.key("ctrl+v")
        for _ in range(10):
            yield

    def _dialog(self) -> Play:
        """Open a dialog, visit everything in it that can be chosen, and close it with its key."""
        name = self.chance.choice(DIALOGS)
        self.did("dialog", name)
        try:
            dialog: Dialog = getattr(self.window.dialogs, name)()
        except UserError as error:
            self.fault(f"{name}: {error}")
            return
        for _ in range(20):
            yield
        self.focus(dialog)
        for key in ("Tab", "Down", "space", "Tab", "Escape"):
            self.key(key)
            yield
            yield from self._answered()

    def _set(self) -> Play:
        """Choose another language, appearance, pen or threshold in the menus; check that the drawing is still there."""
        name, values = self.chance.choice(
            (
                ("language", ("", "en", "zh_CN")),
                ("look", ("", "light", "dark")),
                ("width", (12, 20, 28, 36)),
                ("threshold", (0.5, 0.9, 1.0)),
                ("live", (True, True, False)),
                ("smooth", (True, False)),
            )
        )
        value = self.chance.choice(values)
        self.did("setting", f"{name} {value}")
        before = self.window.session.drawing.strokes
        self.window.choices.keep(name, value)
        for _ in range(20):
            yield
        if self.window.session.drawing.strokes != before:
            self.fault("a setting changed the drawing")

    def _see_inside(self) -> Play:
        self.key("ctrl+i")
        for _ in range(20):
            yield

    def _model(self) -> Play:
        """Read with another model, and some drawings later with the built-in one again."""
        other = kept.keep(f"copy {self.drawn}")
        self.window.learning.use(other)
        yield
        self.window.learning.use(models.BUNDLED)
        yield

    def _teach(self) -> Play:
        """Let the model in use learn, and wait until it has; its stand-in fails more often than not."""
        self.key(self.chance.choice("0123456789"))  # something to learn
        yield
        self.key("ctrl+t")
        strip = self.window.learning
        for _ in range(20):
            yield
        yield from self._until(lambda: strip._strip is None or not strip._strip.busy, "the end of learning")

    def _keyboard(self) -> Play:
        """Draw a line with the keyboard."""
        for key in ("F6", "space", "Down", "Down", "Right", "space", "Escape"):
            self.key(key)
            yield

    _ACTS: tuple[tuple[str, Callable[[Person], Play], float], ...] = (
        ("corrected", _correct, 0.08),
        ("undone", _undo, 0.1),
        ("copied", _copy, 0.05),
        ("erased", _erase, 0.03),
        ("saved", _save, 0.02),
        ("opened", _open, 0.04),
        ("pasted", _paste, 0.02),
        ("seen inside", _see_inside, 0.02),
        ("set", _set, 0.03),
        ("dialogs", _dialog, 0.04),
        ("drawn by keys", _keyboard, 0.01),
        ("models", _model, 0.007),
        ("taught", _teach, 0.007),
    )

    def _answered(self) -> Play:
        """Answer no to what blocks all other windows."""
        for _ in range(30):
            yield
        while self.eye.grab:
            yield from self.answered(self.eye.grab)
            for _ in range(10):
                yield

    def _until(self, seen: Callable[[], bool], what: str) -> Play:
        end = time.monotonic() + PATIENCE
        while not seen():
            if time.monotonic() > end:
                session = self.window.session
                there = f"{len(session.drawing.strokes)} strokes and {'no' if session.reading is None else 'an'} answer"
                asked = f"the grab is {self.eye.grab!r}, the focus {self.root.tk.call('focus')!s}"
                self.fault(f"{what} did not come within {PATIENCE:.0f} s; there are {there}, {asked}")
                return
            yield
