"""What a training under way shows: how far it is, its curves, what it prints."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.training import Course
from app.ui import style

WIDTH, HEIGHT, MARGIN = 284, 160, 34  # of a chart, pixels
FULL = 1000  # of the bar
TAIL = 200  # lines of what was printed


class TrainingProgress(ttk.Frame):
    """Shows a course; the log is unfolded on request."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent)
        self._line = ttk.Label(self, anchor="w")
        self._bar = ttk.Progressbar(self, maximum=FULL)
        self._charts = [Chart(self, title) for title in ("Loss", "Accuracy")]
        self._unfold = ttk.Button(self, text="Log ▸", command=self._fold, style="Small.TButton")
        self._log = tk.Text(self, height=9, width=20, wrap="none", state="disabled", relief="flat", font="TkFixedFont")
        self._log.configure(background=style.colours.paper, foreground=style.colours.muted, takefocus=False)
        self._logged = 0
        self._line.grid(row=0, column=0, columnspan=2, sticky="ew")
        self._bar.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(6, 12))
        for column, chart in enumerate(self._charts):
            chart.grid(row=2, column=column, sticky="w" if column == 0 else "e")
        self._unfold.grid(row=3, column=0, sticky="w", pady=(10, 0))
        self.columnconfigure((0, 1), weight=1, minsize=WIDTH + 6)

    def show(self, course: Course, lines: Sequence[str]) -> None:
        """Show where a course is, and the last lines of what its process printed."""
        self._line.configure(text=course.line)
        if course.fraction is None:
            if str(self._bar.cget("mode")) == "determinate":
                self._bar.configure(mode="indeterminate")
                self._bar.start(30)
        else:
            if str(self._bar.cget("mode")) == "indeterminate":
                self._bar.stop()
                self._bar.configure(mode="determinate")
            self._bar.configure(value=FULL * course.fraction)
        epochs = course.started.epochs if course.started else 1
        for chart, place, name in zip(self._charts, (1, 2), ("loss", "accuracy"), strict=True):
            chart.show(
                epochs,
                [(point[0], point[place]) for point in course.curve],
                [(done.epoch, getattr(done, f"validation_{name}")) for done in course.epochs],
            )
        if self._log.winfo_ismapped():
            self._show_log(lines)

    def _fold(self) -> None:
        """Show the log, or hide it."""
        hidden = not self._log.winfo_ismapped()
        self._unfold.configure(text="Log ▾" if hidden else "Log ▸")
        self._log.grid(row=4, column=0, columnspan=2, sticky="ew", pady=(6, 0)) if hidden else self._log.grid_remove()

    def _show_log(self, lines: Sequence[str]) -> None:
        tail = list(lines)[-TAIL:]
        if len(lines) == self._logged:
            return
        self._logged = len(lines)
        self._log.configure(state="normal")
        self._log.delete("1.0", "end")
        self._log.insert("end", "\n".join(tail))
        self._log.see("end")
        self._log.configure(state="disabled")


class Chart(tk.Canvas):
    """A curve over the epochs: a line while it is learned, a dot for what each epoch reads of the validation images."""

    def __init__(self, parent: tk.Misc, title: str):
        super().__init__(parent, width=WIDTH, height=HEIGHT, background=style.colours.paper, highlightthickness=0)
        self._title = title

    def show(self, epochs: int, line: Sequence[tuple[float, float]], dots: Sequence[tuple[int, float]]) -> None:
        """Draw the points, (epoch, value) each."""
        self.delete("all")
        self.create_text(10, 12, text=self._title, anchor="w", fill=style.colours.ink, font="TkDefaultFont")
        self.create_text(
            WIDTH - 10, 12, text="● validation", anchor="e", fill=style.colours.warning, font="TkSmallCaptionFont"
        )
        bottom, top, left, right = HEIGHT - 20, 28, MARGIN + 8, WIDTH - 12
        self.create_line(left, bottom, right, bottom, fill=style.colours.edge)
        self._small(right, bottom + 10, f"{epochs} epoch{'s' * (epochs > 1)}")
        values = [value for _, value in line] + [value for _, value in dots]
        if not values:
            return
        high = max(values)
        low = min(*values, high - 0.01)

        def place(epoch: float, value: float) -> tuple[float, float]:
            return left + (right - left) * epoch / epochs, bottom - (bottom - top) * (value - low) / (high - low)

        for value in (low, high):
            y = place(0, value)[1]
            text = f"{value:.2f}" if self._title == "Loss" else f"{value:.0%}" if value < 0.99 else f"{value:.1%}"
            self._small(left - 5, y, text)
            self.create_line(left, y, right, y, fill=style.colours.hover)
        if len(line) > 1:
            self.create_line(*(place(*point) for point in line), fill=style.colours.accent, width=2)
        for point in dots:
            x, y = place(*point)
            self.create_oval(x - 3, y - 3, x + 3, y + 3, fill=style.colours.warning, outline=style.colours.paper)

    def _small(self, x: float, y: float, text: str) -> None:
        self.create_text(x, y, text=text, anchor="e", fill=style.colours.muted, font="TkSmallCaptionFont")
