"""What a training under way shows: how far it is, its curves, what it prints."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from math import isfinite
from tkinter import ttk

from app.jobs.training import TrainingProgress
from app.ui.kit import style
from app.ui.kit.progress_bar import ProgressBar
from model.base.language import N_, _, ngettext

CHART_WIDTH, CHART_HEIGHT, MARGIN = 284, 160, 34  # pixels
BETWEEN = 6  # pixels beside a chart
MOST_LINES = 200  # of what was printed
LOSS, ACCURACY = N_("Loss"), N_("Accuracy")


class ProgressPage(ttk.Frame):
    """Shows how far a training is; the log is unfolded on request.

    Args:
        parent: the dialog.
        widest: pixels of the screen that there are for it.
    """

    def __init__(self, parent: tk.Misc, widest: int):
        super().__init__(parent)
        beside = 2 if widest >= style.px(2 * (CHART_WIDTH + BETWEEN)) else 1  # charts
        self._line = ttk.Label(self, anchor="w")
        self._bar = ProgressBar(self)
        self._charts = [Chart(self, title) for title in (LOSS, ACCURACY)]
        self._unfold = ttk.Button(self, text=_("Log ▸"), command=self._fold, style="Small.TButton")
        self._log = tk.Text(self, height=9, width=20, wrap="none", state="disabled", relief="flat", font="TkFixedFont")
        self._log.configure(background=style.now.colours.paper, foreground=style.now.colours.muted, takefocus=False)
        self._logged = 0
        self._line.grid(row=0, column=0, columnspan=2, sticky="ew")
        self._bar.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(style.px(6), style.px(12)))
        for place, chart in enumerate(self._charts):
            row, column = divmod(place, beside)
            chart.grid(row=2 + row, column=column, sticky="e" if column else "w", pady=(style.px(12) * row, 0))
        self._unfold.grid(row=4, column=0, sticky="w", pady=(style.px(10), 0))
        self._log.grid(row=5, column=0, columnspan=2, sticky="ew", pady=(style.px(6), 0))
        self._log.grid_remove()
        self.columnconfigure(tuple(range(beside)), weight=1, minsize=style.px(CHART_WIDTH + BETWEEN))

    def show(self, progress: TrainingProgress, lines: Sequence[str]) -> None:
        """Show where it is, and the last lines of what its process printed."""
        self._line.configure(text=progress.line)
        self._bar.show(progress.fraction)
        epochs = max(1, progress.started.epochs) if progress.started else 1
        for chart, place, name in zip(self._charts, (1, 2), ("loss", "accuracy"), strict=True):
            line = [(point[0], point[place]) for point in progress.curve]
            chart.show(epochs, line, [(done.epoch, getattr(done, f"validation_{name}")) for done in progress.epochs])
        if self._log.winfo_ismapped():
            self._show_log(lines)

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
    """A curve over the epochs: a line while it is learned, a dot for what each epoch reads of the validation images."""

    def __init__(self, parent: tk.Misc, title: str):
        super().__init__(parent, width=style.px(CHART_WIDTH), height=style.px(CHART_HEIGHT), highlightthickness=0)
        self.configure(background=style.now.colours.paper)
        self._title = title

    def show(self, epochs: int, line: Sequence[tuple[float, float]], dots: Sequence[tuple[int, float]]) -> None:
        """Draw the points, (epoch, value) each."""
        self.delete("all")
        px, colours = style.px, style.now.colours
        self.create_text(px(10), px(12), text=_(self._title), anchor="w", fill=colours.ink, font="TkDefaultFont")
        self._small(px(CHART_WIDTH - 10), px(12), _("● validation"), colours.warning)
        bottom, top, left, right = px(CHART_HEIGHT - 20), px(28), px(MARGIN + 8), px(CHART_WIDTH - 12)
        self.create_line(left, bottom, right, bottom, fill=colours.edge)
        length = ngettext("{count} epoch", "{count} epochs", epochs).format(count=epochs)
        self._small(right, bottom + px(10), length, colours.muted)
        line = [point for point in line if isfinite(point[1])]  # it can diverge
        dots = [point for point in dots if isfinite(point[1])]
        values = [value for _epoch, value in (*line, *dots)]
        if not values:
            return
        high = max(values)
        low = min(*values, high - 0.01)

        def place(epoch: float, value: float) -> tuple[float, float]:
            return left + (right - left) * epoch / epochs, bottom - (bottom - top) * (value - low) / (high - low)

        for value in (low, high):
            y = place(0, value)[1]
            text = f"{value:.2f}" if self._title == LOSS else f"{value:.0%}" if value < 0.99 else f"{value:.1%}"
            self._small(left - px(5), y, text, colours.muted)
            self.create_line(left, y, right, y, fill=colours.hover)
        if len(line) > 1:
            self.create_line(*(place(*point) for point in line), fill=colours.accent, width=px(2))
        for point in dots:
            x, y = place(*point)
            self.create_oval(x - px(3), y - px(3), x + px(3), y + px(3), fill=colours.warning, outline=colours.paper)

    def _small(self, right: float, y: float, text: str, colour: str) -> None:
        self.create_text(right, y, text=text, anchor="e", fill=colour, font="TkSmallCaptionFont")
