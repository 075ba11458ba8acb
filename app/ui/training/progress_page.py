"""The page of a training under way: how far it is, its curves, and its output."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from math import isfinite
from tkinter import ttk
from tkinter.font import Font
from typing import TypeAlias

from app.jobs.training import TrainingProgress
from app.ui.kit import style
from app.ui.kit.numbers import share
from app.ui.kit.progress_bar import ProgressBar
from app.ui.training.watch_part import WatchPart
from model.base.language import N_, _, ngettext

CHART_WIDTH, CHART_HEIGHT = 284, 160  # pixels
BETWEEN = 6  # pixels next to a chart
MOST_LINES = 200  # of the output
LOSS, ACCURACY = N_("Loss"), N_("Accuracy")
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
        self._charts = [Chart(self, title) for title in (LOSS, ACCURACY)]
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
        for chart, place, name in zip(self._charts, (1, 2), ("loss", "accuracy"), strict=True):
            line = [(point[0], point[place]) for point in progress.curve]
            chart.show(epochs, line, [(done.epoch, getattr(done, f"validation_{name}")) for done in progress.epochs])
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


class Chart(tk.Canvas):
    """A curve over the epochs: a line for the training, a dot for each epoch's result on the validation images."""

    def __init__(self, parent: tk.Misc, title: str):
        super().__init__(parent, width=style.px(CHART_WIDTH), height=style.px(CHART_HEIGHT), highlightthickness=0)
        self.configure(background=style.now.colours.paper)
        self._title = title
        self._shown: tuple[int, Points, Points] = (1, (), ())
        self.bind("<Configure>", lambda _event: self._draw())

    def show(self, epochs: int, line: Points, dots: Points) -> None:
        """Draw the points, each (epoch, value), as wide as there is room."""
        self._shown = (epochs, line, dots)
        self._draw()

    def _draw(self) -> None:
        epochs, line, dots = self._shown
        self.delete("all")
        px, colours = style.px, style.now.colours
        wide = max(self.winfo_width(), px(CHART_WIDTH))
        self.create_text(px(10), px(12), text=_(self._title), anchor="w", fill=colours.ink, font="TkDefaultFont")
        self._small(wide - px(10), px(12), _("● validation"), colours.warning)
        widest = Font(self, name="TkSmallCaptionFont", exists=True).measure(share(0.999, 1))
        bottom, top, left, right = px(CHART_HEIGHT - 20), px(28), widest + px(12), wide - px(12)
        self.create_line(left, bottom, right, bottom, fill=colours.edge)
        length = ngettext("{count} epoch", "{count} epochs", epochs).format(count=epochs)
        self._small(right, bottom + px(10), length, colours.muted)
        line = [point for point in line if isfinite(point[1])]  # the values can diverge
        dots = [point for point in dots if isfinite(point[1])]
        # After two epochs, the first one's beginning is left out: it would press the rest into a corner.
        values = [value for epoch, value in (*line, *dots) if epoch >= 1 or len(dots) < 2]
        if not values:
            return
        high = max(values)
        low = min(*values, high - 0.01)

        def place(epoch: float, value: float) -> tuple[float, float]:
            return left + (right - left) * epoch / epochs, bottom - (bottom - top) * (value - low) / (high - low)

        for value in (low, high):
            y = place(0, value)[1]
            self._small(left - px(5), y, self._written(value), colours.muted)
            self.create_line(left, y, right, y, fill=colours.hover)
        line = [point for point in line if low <= point[1] <= high]
        if len(line) > 1:
            self.create_line(*(place(*point) for point in line), fill=colours.accent, width=px(2))
        for point in dots:
            x, y = place(*point)
            self.create_oval(x - px(3), y - px(3), x + px(3), y + px(3), fill=colours.warning, outline=colours.paper)

    def _written(self, value: float) -> str:
        if self._title == LOSS:
            return f"{value:.2f}"
        return share(value, 1 if 0.99 <= value < 0.9995 else 0)

    def _small(self, right: float, y: float, text: str, colour: str) -> None:
        self.create_text(right, y, text=text, anchor="e", fill=colour, font="TkSmallCaptionFont")
