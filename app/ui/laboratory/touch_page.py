"""The changes that the user can make to a network, and how many digits it still reads right."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import replace
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.background import Slices
from app.ui.kit.flow import Flow
from app.ui.laboratory.network_view import Thing
from app.ui.laboratory.slider import Slider
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.work import Work
from model.ink.ink import Drawing
from model.inside import exam
from model.inside.chain import Chain
from model.inside.exam import Exam, Examined
from model.inside.touched import Touch, Touched, Unit, zeros
from model.inside.ways import columns

BIAS = 10.0  # the most that a bias can be moved
LINES = 3  # of room for the result of reading the digits
HOTTEST = 8.0  # the softmax's highest temperature; the lowest is 1 / HOTTEST

OF_DRAWN = N_("500 digits drawn by the program")
OF_OWN = N_("My drawings")
OF_MNIST = N_("500 of MNIST's test images")
NO_OWN = N_("You have no drawings yet. Press a digit's key to save what you've drawn.")
NO_MNIST = N_("MNIST isn't on this computer yet. Training a network downloads it.")

Own = Callable[[], Iterable[Drawing]]


class TouchPage(ttk.Frame):
    """Switches units off, prunes weights, moves biases, softens the softmax, and calls ``changed`` after each change.

    ``own`` returns the user's labelled drawings.
    """

    def __init__(self, parent: tk.Misc, own: Own, changed: Callable[[], object], tell: Callable[[UserError], None]):
        super().__init__(parent)
        self.touch = Touch()
        self._own, self._changed = own, changed
        self._touched: Touched | None = None
        self._chain: Chain | None = None  # untouched
        self._thing: Thing | None = None
        self._examined: dict[str, Examined] = {}  # by name
        self._exam: Exam | None = None
        self.before: float | None = None  # the part that it read right untouched
        self.right: float | None = None  # and the part with the changes
        self._work = Slices(self, tell)
        buttons = Flow(self)
        buttons.pack(fill="x", pady=(0, style.px(6)))
        small = "Small.TButton"
        self.switch = buttons.add(_("Switch unit off"), self.switch_unit, small)
        self.layer = buttons.add(_("Switch layer off"), self._switch_layer, small)
        self.undo = buttons.add(_("Reset"), self._reset, small)
        self.bias = self._slider(_("Bias"), (-BIAS, BIAS), lambda by: f"{by:+.1f}".replace("-", "−"))
        self.prune = self._slider(
            _("Prune weights"), (0, 1), lambda part: _("{number} %").format(number=round(part * 100))
        )
        degrees = math.log(HOTTEST)
        self.heat = self._slider(_("Temperature"), (-degrees, degrees), lambda by: f"{math.exp(by):.2f}")
        self._names = {_(name): name for name in (OF_DRAWN, OF_OWN, OF_MNIST)}
        self.data = ttk.Combobox(self, values=list(self._names), state="readonly", width=30)
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

    def open(self, chain: Chain | None) -> None:
        """Work on another network, without changes."""
        self._work.stop()
        self._chain, self._touched = chain, Touched(chain) if chain else None
        self.touch, self._exam = Touch(), None
        for slider in (self.bias, self.prune, self.heat):
            slider.set(0)
        self._line.configure(text="")
        self.show(None)
        if chain:
            self._examine_anew()

    def chain(self) -> Chain | None:
        """Return the network with its changes."""
        return self._touched.by(self.touch) if self._touched else None

    def show(self, thing: Thing | None) -> None:
        """Let the buttons and the bias control what's pinned."""
        self._thing = thing
        unit = thing[:2] if thing and self._is_hidden(thing) else None
        is_off = unit in self.touch.off
        self.switch.configure(text=_("Switch unit on") if is_off else _("Switch unit off"))
        whole_is_off = unit is not None and self._layer(unit[0]) <= self.touch.off
        self.layer.configure(text=_("Switch layer on") if whole_is_off else _("Switch layer off"))
        for button in (self.switch, self.layer):
            button.state(["!disabled" if unit else "disabled"])
        has_bias = thing is not None and thing.column > 0
        self.bias.enable(has_bias)
        self.bias.set(dict(self.touch.biases).get(thing[:2], 0.0) if thing and has_bias else 0)

    def switch_unit(self) -> None:
        """Switch the pinned unit off, or on again."""
        if self._thing and self._is_hidden(self._thing):
            self._switch({self._thing[:2]})

    def examined(self) -> Work[Examined | None]:
        """Return, in pieces of work, the chosen digits; if there aren't any, say so and return None."""
        name = self._names[self.data.get()]
        if name not in self._examined or name == OF_OWN:
            self._line.configure(text=_("Making the digits…"))
            found = yield from self._found(name)
            if found is None or not len(found.digits):
                self._line.configure(text=_(NO_MNIST if name == OF_MNIST else NO_OWN))
                return None
            self._examined[name] = found
        return self._examined[name]

    @property
    def is_working(self) -> bool:
        """Whether the digits are still being read."""
        return self._work.busy

    def destroy(self) -> None:
        """Remove the page, and the megabytes that it has kept."""
        self._work.stop()
        self._exam = self._touched = self._chain = None
        super().destroy()

    def _slider(self, name: str, ends: tuple[float, float], told: Callable[[float], str]) -> Slider:
        slider = Slider(self, name, ends, told, self._moved)
        slider.set(0)
        slider.pack(anchor="w")
        return slider

    def _is_hidden(self, thing: Thing) -> bool:
        return self._chain is not None and 0 < thing.column < len(self._chain.layers)

    def _switch_layer(self) -> None:
        if self._thing:
            self._switch(self._layer(self._thing.column))

    def _layer(self, number: int) -> set[Unit]:
        """Return all units of a layer."""
        return {(number, unit) for unit in range(columns(self._chain)[number].units)} if self._chain else set()

    def _switch(self, units: set[Unit]) -> None:
        """Switch units off, or on if all of them are off."""
        off = self.touch.off - units if units <= self.touch.off else self.touch.off | units
        self._do(replace(self.touch, off=frozenset(off)))
        self.show(self._thing)

    def _reset(self) -> None:
        for slider in (self.prune, self.heat):
            slider.set(0)
        self._do(Touch())
        self.show(self._thing)

    def _moved(self) -> None:
        biases = dict(self.touch.biases)
        if self._thing and self._thing.column:
            biases[self._thing[:2]] = self.bias.value
        touch = replace(self.touch, pruned=self.prune.value, temperature=math.exp(self.heat.value))
        self._do(replace(touch, biases=tuple(sorted(biases.items()))))

    def _do(self, touch: Touch) -> None:
        if touch != self.touch:
            self.touch = touch
            self._changed()
            if self._exam:
                self._work.start(self._read())

    def _examine_anew(self) -> None:
        """Read other digits."""
        self._exam = None
        self._work.start(self._begin())

    def _begin(self) -> Work[None]:
        examined = yield from self.examined()
        if examined is None or self._chain is None:
            return
        self._exam = Exam(examined)
        self.before = yield from self._exam.ask(self._chain, self._so_far)
        yield from self._read()

    def _found(self, name: str) -> Work[Examined | None]:
        if name == OF_DRAWN:
            return (yield from exam.drawn())
        if name == OF_OWN:
            return (yield from exam.of_drawings(self._own()))
        return exam.mnist()

    def _read(self) -> Work[None]:
        """Read the digits with the changed network, in pieces of work, and say how many it reads right."""
        touched = self.chain()
        assert touched
        assert self._exam
        self.right = right = yield from self._exam.ask(touched, self._so_far)
        is_touched = self.touch != Touch()
        said = (
            _("{right} of {count} are right; {before} without changes.")
            if is_touched
            else _("{right} of {count} are right.")
        )
        lines = [said.format(right=_share(right), count=f"{len(self._exam):,}", before=_share(self.before or 0))]
        if self.touch.pruned:
            nothing, there = zeros(touched)
            lines.append(_("{nothing:,} of {there:,} weights are 0.").format(there=there, nothing=nothing))
        self._line.configure(text=" ".join(lines))

    def _so_far(self, right: int, read: int) -> None:
        said = _("{right} of {count} are right so far…")
        self._line.configure(text=said.format(right=_share(right / read), count=f"{read:,}"))


def _share(part: float) -> str:
    return _("{number} %").format(number=f"{part * 100:.1f}")
