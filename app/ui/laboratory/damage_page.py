"""Sliders damage the image, and curves show how much of that models can take."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.background import Slices, Timer
from app.ui.kit.numbers import plain
from app.ui.laboratory.chart import LEFT, RIGHT, Chart, Curve
from app.ui.laboratory.slider import Slider
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.work import Work
from model.inside.damage import KINDS, Borne, Damage, Kind, borne, damaged, with_amount
from model.inside.exam import Examined
from model.reading.normalize import Image28
from model.reading.recognizer import Recognizer

POINTS = 9  # on a curve
COUNT = 100  # images for each point
SETTLED = 200  # milliseconds without a change, after which a slider counts as released

Models = Callable[[], list[tuple[str, Recognizer]]]  # the models in the laboratory, with their names
HINT = N_("Move a slider: the drawing is damaged, and curves show how many of 100 digits are still read.")


class DamagePage(ttk.Frame):
    """Damages images and calls ``changed``. The curves show ``models`` on the images from ``digits``."""

    def __init__(
        self,
        parent: tk.Misc,
        models: Models,
        digits: Callable[[], Work[Examined | None]],
        changed: Callable[[], object],
        tell: Callable[[UserError], None],
    ):
        super().__init__(parent)
        self.damage = Damage()
        self._models, self._digits, self._changed = models, digits, changed
        self._kind: Kind | None = None  # whose slider was moved last
        self._curves: list[Curve] = []  # over that slider
        self._work, self._soon = Slices(self, tell), Timer(self)
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
        self.fit = ttk.Checkbutton(bottom, text=fit, variable=self._normal, command=lambda: self._moved(self._kind))
        self.fit.pack(side="left")
        self.undo = ttk.Button(bottom, text=_("Reset"), command=self._reset, style="Small.TButton")
        self.undo.pack(side="right", padx=(style.px(8), 0))
        self.chart = Chart(self)
        self.chart.pack(side="left", fill="both", expand=True)
        self._hint = ttk.Label(self.chart, text=_(HINT), style="Small.TLabel", background=style.now.colours.paper)
        self._hint.configure(justify="center", anchor="center")
        self._hint.bind("<Configure>", lambda event: self._hint.configure(wraplength=event.width))
        beside = style.px(LEFT), -style.px(LEFT + RIGHT)  # the axis
        self._hint.place(x=beside[0], relwidth=1, width=beside[1], rely=0.5, anchor="w")

    def apply(self, image: Image28) -> Image28:
        """Return an image, damaged as the sliders say."""
        return image if self.damage == Damage() else damaged(image, self.damage)

    @property
    def is_working(self) -> bool:
        """Whether curves are still being drawn."""
        return self._work.busy or self._soon.waits

    def renew(self) -> None:
        """Draw the curves again, for other models or other digits."""
        if self._kind:
            self._soon.start(SETTLED, lambda: self._work.start(self._draw()))

    def bears(self, place: int) -> float | None:
        """Return the part that's read right, near the slider's place, by the model whose curve is at this place."""
        points = self._curves[place].points if self._kind and place < len(self._curves) else ()
        return min(points, key=lambda point: abs(point[0] - self._part))[1].right if points else None

    @property
    def _part(self) -> float:
        """Where the slider that was moved last is, from 0 to 1."""
        assert self._kind
        low, high = self._kind.ends
        return float(getattr(self.damage, self._kind.name) - low) / (high - low)

    def _moved(self, kind: Kind | None) -> None:
        chosen = {name: slider.value for name, slider in self.sliders.items()}
        before, self.damage = self.damage, Damage(**chosen, normal=self._normal.get())
        self._changed()
        if kind is None:
            return
        is_same = kind == self._kind and with_amount(before, kind, 0) == with_amount(self.damage, kind, 0)
        self._kind = kind
        if not is_same:
            self.renew()
        elif not self.is_working:
            self._show(self._curves)

    def _reset(self) -> None:
        for name, slider in self.sliders.items():
            slider.set(getattr(Damage(), name))
        self._normal.set(False)
        self._moved(self._kind)

    def _draw(self) -> Work[None]:
        """Draw the curves for the slider that was moved last, point by point, in pieces of work."""
        kind, damage, models = self._kind, self.damage, self._models()
        assert kind
        self._hint.place_forget()
        examined = yield from self._digits()
        if examined is None:
            return
        points: list[list[tuple[float, Borne]]] = [[] for _model in models]
        self._curves = [Curve(name, some) for (name, _recognizer), some in zip(models, points, strict=True)]
        low, high = kind.ends
        for number in range(POINTS):
            at = number / (POINTS - 1)
            worse = with_amount(damage, kind, low + at * (high - low))
            for (_name, recognizer), some in zip(models, points, strict=True):
                some.append((at, (yield from borne(recognizer, examined, worse, COUNT))))
            self._show(self._curves)

    def _show(self, curves: list[Curve]) -> None:
        assert self._kind
        low, high = self._kind.ends
        title = _(self._kind.title)
        self.chart.show(curves, self._part, (f"{title} {_told(self._kind, low)}", f"{title} {_told(self._kind, high)}"))


def _told(kind: Kind, number: float) -> str:
    return kind.shown.format(plain(round(number, 2), "g"))
