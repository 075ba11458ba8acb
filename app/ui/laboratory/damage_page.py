"""Sliders damage the image, and curves show how much of that models can take."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.background import Slices, Timer
from app.ui.kit.chart import Chart, Curve, Shown
from app.ui.kit.numbers import plain, share
from app.ui.kit.slider import Slider
from model.base.language import N_, _
from model.base.work import Work
from model.inside.damage import KINDS, Borne, Damage, Kind, borne, damaged, with_amount
from model.inside.exam import Examined
from model.reading.normalize import Image28
from model.reading.recognizer import Recognizer

POINTS = 9  # on a curve
COUNT = 100  # images for each point
DASH = (4, 3)
SETTLED = 200  # milliseconds without a change, after which a slider counts as released

Points = list[tuple[float, Borne]]  # over the slider's place, from 0 to 1
Models = Callable[[], list[tuple[str, Recognizer]]]  # the models in the laboratory, with their names
HINT = N_("Move a slider: the drawing is damaged, and curves show how many of 100 digits are still read.")


class DamagePage(ttk.Frame):
    """Damages images and calls ``changed``. The curves show ``models`` on the images from ``digits``."""

    def __init__(
        self,
        parent: tk.Misc,
        models: Models,
        digits: Callable[[], Work[Examined]],
        changed: Callable[[], object],
    ):
        super().__init__(parent)
        self.damage = Damage()
        self._models, self._digits, self._changed = models, digits, changed
        self.kind: Kind | None = None  # whose slider was moved last
        self._curves: list[tuple[str, Points]]  # over that slider, by their models' names
        self._work, self._soon = Slices(self, lambda error: self._say(str(error))), Timer(self)
        left = ttk.Frame(self)
        left.pack(side="left", anchor="n", padx=(0, style.px(12)))
        self.sliders = {}
        for kind in KINDS:
            start, told = getattr(Damage(), kind.name), partial(_told, kind)
            slider = Slider(left, _(kind.title), kind.ends, start, told, partial(self._moved, kind))
            slider.pack(anchor="w")
            self.sliders[kind.name] = slider
        self._normal = tk.BooleanVar(self)
        bottom = ttk.Frame(left)
        bottom.pack(anchor="w", fill="x", pady=(style.px(4), 0))
        fit = _("Fit and centre it afterwards")
        self.fit = ttk.Checkbutton(bottom, text=fit, variable=self._normal, command=lambda: self._moved(self.kind))
        self.fit.pack(side="left")
        self.undo = ttk.Button(bottom, text=_("Reset"), command=lambda: self.enter(Damage()), style="Small.TButton")
        self.undo.pack(side="right", padx=(style.px(8), 0))
        self.chart = Chart(self)
        self.chart.pack(side="left", fill="both", expand=True)
        self._say(_(HINT))

    def enter(self, damage: Damage, kind: Kind | None = None) -> None:
        """Damage images like this, with curves over the slider of a kind."""
        for name, slider in self.sliders.items():
            slider.set(getattr(damage, name))
        self._normal.set(damage.normal)
        self._moved(kind or self.kind)

    def apply(self, image: Image28) -> Image28:
        """Return an image, damaged as the sliders say."""
        return image if self.damage == Damage() else damaged(image, self.damage)

    @property
    def is_working(self) -> bool:
        """Whether curves are still being drawn."""
        return self._work.busy or self._soon.waits

    def renew(self) -> None:
        """Draw the curves again, for other models or other digits."""
        if self.kind:
            self._soon.start(SETTLED, lambda: self._work.start(self._draw()))

    def bears(self, place: int) -> float | None:
        """Return the part that's read right, near the slider's place, by the model whose curve is at this place."""
        points = self._curves[place][1] if self.kind and place < len(self._curves) else ()
        return min(points, key=lambda point: abs(point[0] - self._part))[1].right if points else None

    @property
    def _part(self) -> float:
        """Where the slider that was moved last is, from 0 to 1."""
        assert self.kind
        low, high = self.kind.ends
        return float(getattr(self.damage, self.kind.name) - low) / (high - low)

    def _moved(self, kind: Kind | None) -> None:
        chosen = {name: slider.value for name, slider in self.sliders.items()}
        before, self.damage = self.damage, Damage(**chosen, normal=self._normal.get())
        self._changed()
        if kind is None:
            return
        is_same = kind == self.kind and with_amount(before, kind, 0) == with_amount(self.damage, kind, 0)
        self.kind = kind
        if not is_same:
            self.renew()
        elif not self.is_working:
            self._show()

    def _draw(self) -> Work[None]:
        """Draw the curves for the slider that was moved last, point by point, in pieces of work."""
        kind, damage, models = self.kind, self.damage, self._models()
        assert kind
        examined = yield from self._digits()
        self._curves = [(name, []) for name, _recognizer in models]
        low, high = kind.ends
        for number in range(POINTS):
            at = number / (POINTS - 1)
            worse = with_amount(damage, kind, low + at * (high - low))
            for (_name, recognizer), (_also, points) in zip(models, self._curves, strict=True):
                points.append((at, (yield from borne(recognizer, examined, worse, COUNT))))
            self._show()

    def _say(self, line: str) -> None:
        """Say something instead of showing curves."""
        self._curves, self._line = [], line
        self.chart.show(Shown(levels=_levels(0, 1), hint=line))

    def _show(self) -> None:
        kind, curves, heads = self.kind, list[Curve](), list[tuple[str, str]]()
        assert kind
        for (name, points), colour in zip(self._curves, (style.now.colours.more, style.now.colours.less), strict=False):
            heads.append((f"— {name}", colour))
            for number, dash in enumerate(((), DASH)):
                curves.append(Curve([(at, borne[number]) for at, borne in points], colour, dash))
        low, high = (f"{_(kind.title)} {_told(kind, end)}" for end in kind.ends)
        note = _("dashed: accepted and right")
        self.chart.show(Shown(curves, _levels(0, 0.5, 1), heads, (low, high), note, self._part, self._line))


def _levels(*parts: float) -> list[tuple[float, str]]:
    return [(part, share(part)) for part in parts]


def _told(kind: Kind, number: float) -> str:
    return kind.shown.format(plain(round(number, 2), "g"))
