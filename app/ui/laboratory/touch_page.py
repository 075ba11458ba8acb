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

OF_DRAWN = N_("500 digits drawn by the program")
OF_OWN = N_("My drawings")
OF_MNIST = N_("500 of MNIST's test images")
SOURCES = (OF_DRAWN, OF_OWN, OF_MNIST)
NO_OWN = N_("You have no drawings yet. Press a digit's key to save what you've drawn.")
NO_MNIST = N_("MNIST isn't on this computer yet. Training a network downloads it.")

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
        self._unit: Unit | None = None  # the thing, if it's in a hidden layer
        self._examined: dict[str, Examined] = {}  # by name
        self._exam: Exam | None = None
        self.before: float | None = None  # the part that it read right untouched
        self.right: float | None = None  # and the part with the changes
        self._work = Slices(self, self._tell)
        buttons = Flow(self)
        buttons.pack(fill="x", pady=(0, style.px(6)))
        small = "Small.TButton"
        self.switch = buttons.add(_("Switch unit off"), self.switch_unit, small)
        self.layer = buttons.add(_("Switch layer off"), self._switch_layer, small)
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
        self._line.configure(text="")
        self.show(None)
        self._examine_anew()

    def chain(self) -> Chain | None:
        """Return the network with its changes."""
        return self._touched.by(self.touch) if self._touched else None

    def show(self, thing: Thing | None) -> None:
        """Show the changes, and let the buttons and the bias control what's pinned."""
        self._thing = thing
        is_hidden = thing and self._touched and 0 < thing.column < len(self._touched.chain.columns) - 1
        self._unit = thing[:2] if thing and is_hidden else None
        units_are_off = self._unit is not None and self._layer() <= self.touch.off
        self.switch.configure(text=_("Switch unit on") if self._unit in self.touch.off else _("Switch unit off"))
        self.layer.configure(text=_("Switch layer on") if units_are_off else _("Switch layer off"))
        for button in (self.switch, self.layer):
            button.state(["!disabled" if self._unit else "disabled"])
        self.sliders["bias"].enable(thing is not None and thing.column > 0)
        self.sliders["bias"].set(self.touch.biases.get(thing[:2], 0) if thing else 0)
        self.sliders["prune"].set(self.touch.pruned * 100)
        self.sliders["temperature"].set(self.touch.temperature)

    def switch_unit(self) -> None:
        """Switch the pinned unit off, or on again."""
        if self._unit:
            self._switch({self._unit})

    def examined(self) -> Work[Examined]:
        """Return, in pieces of work, the chosen digits. Raises UserError if there aren't any."""
        name = SOURCES[self.data.current()]
        if name not in self._examined or name == OF_OWN:
            if name == OF_MNIST:
                found = exam.mnist()
            else:
                found = yield from exam.drawn() if name == OF_DRAWN else exam.of_drawings(self._own())
            if found is None or not len(found.digits):
                raise UserError(_(NO_MNIST if name == OF_MNIST else NO_OWN))
            self._examined[name] = found
        return self._examined[name]

    @property
    def is_working(self) -> bool:
        """Whether the digits are still being read."""
        return self._work.busy

    def destroy(self) -> None:
        """Remove the page, and the megabytes that it has kept."""
        self._work.stop()
        self._exam = self._touched = None
        super().destroy()

    def _switch_layer(self) -> None:
        self._switch(self._layer())

    def _layer(self) -> set[Unit]:
        """Return all units of the layer that the pinned one is in."""
        assert self._touched
        assert self._unit
        number = self._unit[0]
        return {(number, unit) for unit in range(self._touched.chain.columns[number].units)}

    def _switch(self, units: set[Unit]) -> None:
        """Switch units off, or on if all of them are off."""
        off = self.touch.off - units if units <= self.touch.off else self.touch.off | units
        self._do(replace(self.touch, off=frozenset(off)))
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
            self._line.configure(text=_("Making the digits…"))
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
        is_touched = self.touch != UNTOUCHED
        said = (
            _("{right} of {count} are right; {before} without changes.")
            if is_touched
            else _("{right} of {count} are right.")
        )
        lines = [said.format(right=share(right, 1), count=f"{len(self._exam):,}", before=share(self.before or 0, 1))]
        if self.touch.pruned:
            nothing, there = zeros(touched)
            lines.append(_("{nothing:,} of {there:,} weights are 0.").format(there=there, nothing=nothing))
        self._line.configure(text=" ".join(lines))

    def _tell(self, error: UserError) -> None:
        self._line.configure(text=str(error))

    def _so_far(self, right: int, read: int) -> None:
        said = _("{right} of {count} are right so far…")
        self._line.configure(text=said.format(right=share(right / read, 1), count=f"{read:,}"))
