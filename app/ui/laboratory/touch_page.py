"""The changes that the user can make to a network, and how many digits it still reads right."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import replace
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.background import Slices
from app.ui.kit.flow import Flow
from app.ui.kit.numbers import plain, share
from app.ui.kit.slider import Slider
from app.ui.laboratory.network_view import Thing
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.work import Work
from model.ink.ink import Drawing
from model.inside import exam
from model.inside.chain import Chain
from model.inside.exam import Exam, Examined
from model.inside.touched import Touch, Touched, Unit, zeros

BIAS = 10.0  # the most that a bias can be moved
UNTOUCHED = Touch()
LINES = 3  # of room for the result of reading the digits
HOTTEST = 8.0  # the softmax's highest temperature; the lowest is 1 / HOTTEST

DRAWN, OWN, MNIST = range(3)  # where the digits come from
SOURCES = (N_("500 digits drawn by the program"), N_("My drawings"), N_("500 of MNIST's test images"))
MISSING = {
    OWN: N_("You have no drawings yet. Press a digit's key to save what you've drawn."),
    MNIST: N_("MNIST isn't on this computer yet. Training a network downloads it."),
}

Own = Callable[[], Iterable[Drawing]]


class TouchPage(ttk.Frame):
    """Switches units off, prunes weights, moves biases, softens the softmax, and calls ``changed`` after each change.

    ``own`` returns the user's labelled drawings.
    """

    def __init__(self, parent: tk.Misc, own: Own, changed: Callable[[], object]):
        super().__init__(parent)
        self.touch = UNTOUCHED
        self._own, self._changed = own, changed
        self._touched: Touched | None = None
        self._thing: Thing | None = None
        self._examined: dict[int, Examined] = {}  # by where they come from
        self._exam: Exam | None = None
        self.before: float | None = None  # the part that it read right untouched
        self.right: float | None = None  # and the part with the changes
        self._work = Slices(self, lambda error: self._say(str(error)))
        buttons = Flow(self)
        buttons.pack(fill="x", pady=(0, style.px(6)))
        small = "Small.TButton"
        self.switch = buttons.add("", self.switch_unit, small)
        self.layer = buttons.add("", lambda: self._switch(self._units(whole_layer=True)), small)
        self.undo = buttons.add(_("Reset"), self._reset, small)
        ends, told = (1 / HOTTEST, HOTTEST), "{:.2f}".format
        self.sliders = {
            "bias": Slider(self, _("Bias"), (-BIAS, BIAS), 0, lambda by: plain(by, "+.1f"), self._moved),
            "prune": Slider(self, _("Prune weights"), (0, 100), 0, lambda part: share(part / 100), self._moved),
            "temperature": Slider(self, _("Temperature"), ends, 1, told, self._moved, multiplies=True),
        }
        for slider in self.sliders.values():
            slider.pack(anchor="w")
        self.data = ttk.Combobox(self, values=[_(name) for name in SOURCES], state="readonly", width=30)
        self.data.current(0)
        self.data.bind("<<ComboboxSelected>>", lambda _event: self._examine_anew())
        self.data.pack(anchor="w", pady=(style.px(4), 0))
        self._line = ttk.Label(self, text="\n" * (LINES - 1), justify="left", style="Small.TLabel")
        kept = ttk.Frame(self, height=self._line.winfo_reqheight())  # nothing moves when the line gets longer
        kept.pack(fill="x", pady=(style.px(4), 0))
        self._line.place(in_=kept, relwidth=1)
        self._line.lift()
        self.bind("<Configure>", lambda event: self._line.configure(wraplength=event.width))
        self.show(None)

    def open(self, chain: Chain | None, touch: Touch = UNTOUCHED) -> None:
        """Work on another network, with these changes."""
        self._work.stop()
        self._touched, self.touch = Touched(chain) if chain else None, touch
        self._say("")
        self.show(None)
        self._examine_anew()

    def chain(self) -> Chain | None:
        """Return the network with its changes."""
        return self._touched.by(self.touch) if self._touched else None

    def show(self, thing: Thing | None) -> None:
        """Show the changes, and let the buttons and the bias control what's pinned."""
        self._thing = thing
        for button, units, off, on in (
            (self.switch, self._units(), _("Switch unit off"), _("Switch unit on")),
            (self.layer, self._units(whole_layer=True), _("Switch layer off"), _("Switch layer on")),
        ):
            button.configure(text=on if units and units <= self.touch.off else off)
            button.state(["!disabled" if units else "disabled"])
        self.sliders["bias"].enable(thing is not None and thing.column > 0)
        self.sliders["bias"].set(self.touch.biases.get(thing[:2], 0) if thing else 0)
        self.sliders["prune"].set(self.touch.pruned * 100)
        self.sliders["temperature"].set(self.touch.temperature)

    def switch_unit(self) -> None:
        """Switch the pinned unit off, or on again."""
        self._switch(self._units())

    def examined(self) -> Work[Examined]:
        """Return, in pieces of work, the chosen digits. Raises UserError if there aren't any."""
        source = self.data.current()
        if source not in self._examined or source == OWN:
            make = {DRAWN: exam.drawn, OWN: lambda: exam.of_drawings(self._own()), MNIST: exam.mnist}[source]
            found = yield from make()
            if not len(found.digits):
                raise UserError(_(MISSING[source]))
            self._examined[source] = found
        return self._examined[source]

    @property
    def is_working(self) -> bool:
        """Whether the digits are still being read."""
        return self._work.busy

    def destroy(self) -> None:
        """Remove the page, and the megabytes that it has kept."""
        self._work.stop()
        self._exam = self._touched = None
        super().destroy()

    def _units(self, *, whole_layer: bool = False) -> frozenset[Unit]:
        """Return the pinned unit, or its whole layer; nothing if it isn't in a hidden layer."""
        columns = self._touched.chain.columns if self._touched else ()
        if not self._thing or not 0 < self._thing.column < len(columns) - 1:
            return frozenset()
        number, unit, _start = self._thing
        return frozenset((number, each) for each in (range(columns[number].units) if whole_layer else [unit]))

    def _switch(self, units: frozenset[Unit]) -> None:
        """Switch units off, or on if all of them are off."""
        self._do(replace(self.touch, off=self.touch.off - units if units <= self.touch.off else self.touch.off | units))
        self.show(self._thing)

    def _reset(self) -> None:
        self._do(UNTOUCHED)
        self.show(self._thing)

    def _moved(self) -> None:
        biases, by = dict(self.touch.biases), self.sliders["bias"].value
        if self._thing and self._thing.column:
            biases[self._thing[:2]] = by
        biases = {unit: by for unit, by in biases.items() if by}
        pruned, temperature = self.sliders["prune"].value / 100, self.sliders["temperature"].value
        self._do(replace(self.touch, biases=biases, pruned=pruned, temperature=temperature))

    def _do(self, touch: Touch) -> None:
        if touch != self.touch:
            self.touch = touch
            self._changed()
            if self._exam:
                self._work.start(self._read())

    def _examine_anew(self) -> None:
        """Read other digits."""
        self._exam = None
        if self._touched:
            self._say(_("Making the digits…"))
            self._work.start(self._begin(self._touched.chain))

    def _begin(self, untouched: Chain) -> Work[None]:
        self._exam = Exam((yield from self.examined()))
        self.before = yield from self._exam.ask(untouched, self._so_far)
        yield from self._read()

    def _read(self) -> Work[None]:
        """Read the digits with the changed network, in pieces of work, and say how many it reads right."""
        touched = self.chain()
        assert touched
        assert self._exam
        self.right = right = yield from self._exam.ask(touched, self._so_far)
        said = _("{right} of {count} are right.")
        if self.touch != UNTOUCHED:
            said = _("{right} of {count} are right; {before} without changes.")
        lines = [said.format(right=share(right, 1), count=f"{len(self._exam):,}", before=share(self.before or 0, 1))]
        if self.touch.pruned:
            nothing, there = zeros(touched)
            lines.append(_("{nothing:,} of {there:,} weights are 0.").format(there=there, nothing=nothing))
        self._say(" ".join(lines))

    def _so_far(self, right: int, read: int) -> None:
        said = _("{right} of {count} are right so far…")
        self._say(said.format(right=share(right / read, 1), count=f"{read:,}"))

    def _say(self, line: str) -> None:
        self._line.configure(text=line)
