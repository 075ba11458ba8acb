"""The page of a training under way: how far it is, its curves, and its output."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from math import isfinite
from tkinter import ttk
from typing import TypeAlias

from app.jobs.training import TrainingProgress
from app.ui.kit import style
from app.ui.kit.chart import Chart, Curve, Shown
from app.ui.kit.numbers import share
from app.ui.kit.progress_bar import ProgressBar
from app.ui.training.watch_part import WatchPart
from model.base.language import N_, _, ngettext

CHART_WIDTH, CHART_HEIGHT = 284, 160  # pixels
BETWEEN = 6  # pixels next to a chart
MOST_LINES = 200  # of the output
LOSS, ACCURACY = N_("Loss"), N_("Accuracy")
CHARTS = {LOSS: (1, "validation_loss"), ACCURACY: (2, "validation_accuracy")}  # where to find it in what's told
LEGEND = N_("Line: the images that it learns from. Dots: images kept aside to check it (validation), after each epoch.")

Points: TypeAlias = "Sequence[tuple[float, float]]"


class ProgressPage(ttk.Frame):
    """Shows how far a training is; the log unfolds on request.

    Args:
        parent: the dialog.
        widest: pixels of the screen that it may use.
        epochs: how many were asked for.
        watch: makes the part that unfolds for watching it.
    """

    def __init__(self, parent: tk.Misc, widest: int, epochs: int, watch: Callable[[tk.Misc], WatchPart]):
        super().__init__(parent)
        self._epochs = epochs
        beside = 2 if widest >= style.px(2 * (CHART_WIDTH + BETWEEN)) else 1  # charts
        self._line = ttk.Label(self, anchor="w")
        self._bar = ProgressBar(self)
        self._charts = [Chart(self, style.px(CHART_WIDTH), style.px(CHART_HEIGHT)) for _title in CHARTS]
        folds = ttk.Frame(self)
        self.watch = watch(self)
        self._unfold_watch = ttk.Button(folds, text=_("Watch ▸"), command=self.fold_watch, style="Small.TButton")
        self._unfold_watch.pack(side="left", padx=(0, style.px(8)))
        self._unfold = ttk.Button(folds, text=_("Log ▸"), command=self._fold, style="Small.TButton")
        self._unfold.pack(side="left")
        self._log = tk.Text(self, height=9, width=20, wrap="none", state="disabled", relief="flat", font="TkFixedFont")
        self._log.configure(background=style.now.colours.paper, foreground=style.now.colours.muted, takefocus=False)
        self._logged = 0
        self._notes = ttk.Label(self, wraplength=style.px(beside * (CHART_WIDTH + BETWEEN)), justify="left")
        self._line.grid(row=0, column=0, columnspan=2, sticky="ew")
        self._bar.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(style.px(6), style.px(12)))
        for place, chart in enumerate(self._charts):
            row, column = divmod(place, beside)
            apart = (style.px(BETWEEN) * column, style.px(BETWEEN) * (beside - 1 - column))
            chart.grid(row=2 + row, column=column, sticky="ew", padx=apart, pady=(style.px(12) * row, 0))
        self._legend = ttk.Label(self, text=_(LEGEND), style="Caption.TLabel", justify="left")
        self._legend.configure(wraplength=style.px(beside * (CHART_WIDTH + BETWEEN)))
        self._legend.grid(row=4, column=0, columnspan=2, sticky="w", pady=(style.px(6), 0))
        folds.grid(row=5, column=0, columnspan=2, sticky="w", pady=(style.px(10), 0))
        for row, hidden in ((6, self.watch), (7, self._log)):
            hidden.grid(row=row, column=0, columnspan=2, sticky="ew", pady=(style.px(6), 0))
            hidden.grid_remove()
        self.columnconfigure(tuple(range(beside)), weight=1, minsize=style.px(CHART_WIDTH + BETWEEN))

    def show(self, progress: TrainingProgress, lines: Sequence[str]) -> None:
        """Show how far it is, and the last lines of its process's output."""
        self._line.configure(text=progress.line)
        if progress.compared:  # it's over, and what there was to say is said with the result
            self._bar.grid_remove()
        elif progress.notes:
            self._notes.configure(text="\n".join(progress.notes))
            self._notes.grid(row=8, column=0, columnspan=2, sticky="w", pady=(style.px(8), 0))
        self._bar.show(progress.fraction)
        epochs = max(1, progress.started.epochs) if progress.started else self._epochs
        for chart, (title, (place, name)) in zip(self._charts, CHARTS.items(), strict=True):
            line = [(point[0], point[place]) for point in progress.curve]
            chart.show(
                over_epochs(title, epochs, line, [(done.epoch, getattr(done, name)) for done in progress.epochs])
            )
        self.watch.show(progress)
        if self._log.winfo_ismapped():
            self._show_log(lines)

    def fold_watch(self) -> None:
        """Show the knobs and what it has learned, or hide them."""
        hidden = not self.watch.winfo_ismapped()
        self._unfold_watch.configure(text=_("Watch ▾") if hidden else _("Watch ▸"))
        self.watch.grid() if hidden else self.watch.grid_remove()

    def _fold(self) -> None:
        """Show the log, or hide it."""
        hidden = not self._log.winfo_ismapped()
        self._unfold.configure(text=_("Log ▾") if hidden else _("Log ▸"))
        self._log.grid() if hidden else self._log.grid_remove()

    def _show_log(self, lines: Sequence[str]) -> None:
        if len(lines) == self._logged:
            return
        self._logged = len(lines)
        self._log.configure(state="normal")
        self._log.delete("1.0", "end")
        self._log.insert("end", "\n".join(list(lines)[-MOST_LINES:]))
        self._log.see("end")
        self._log.configure(state="disabled")


def over_epochs(title: str, epochs: int, line: Points, dots: Points) -> Shown:
    """Return the chart of a value over the epochs, each point (epoch, value); the dots are for validation."""
    colours = style.now.colours
    heads = (_(title), colours.ink), (_("● validation"), colours.warning)
    length = ngettext("{count} epoch", "{count} epochs", epochs).format(count=epochs)
    # After two epochs, the first one's beginning is left out: it would press the rest into a corner.
    late = [value for epoch, value in (*line, *dots) if epoch >= 1 or len(dots) < 2]
    values = [value for value in late if isfinite(value)]  # they can diverge
    if not values:
        return Shown(heads=heads, ends=("", length))
    high = max(values)
    low = min(*values, high - 0.01)

    def places(points: Points) -> Points:
        return [(epoch / epochs, (value - low) / (high - low)) for epoch, value in points if low <= value <= high]

    curves = Curve(places(line), colours.accent), Curve(places(dots), colours.warning, has_dots=True)
    levels = [(0.0, _written(title, low)), (1.0, _written(title, high))]
    return Shown(curves, levels, heads, ("", length))


def _written(title: str, value: float) -> str:
    if title == LOSS:
        return f"{value:.2f}"
    return share(value, 1 if 0.99 <= value < 0.9995 else 0)
