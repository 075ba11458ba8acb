"""A bar that shows how far something is, or, while that's unknown, that it's under way."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

BEAT, BEATS = 30, 66  # milliseconds between two steps while nobody knows, and steps from end to end and back


class ProgressBar(ttk.Progressbar):
    """A bar of this length in pixels of the screen, or of any."""

    def __init__(self, parent: tk.Misc, length: int = 100):
        super().__init__(parent, maximum=BEATS, length=length)

    def show(self, fraction: float | None) -> None:
        """Show what fraction is done; None if it's unknown."""
        waits = str(self.cget("mode")) == "indeterminate"
        if fraction is None and not waits:
            self.configure(mode="indeterminate", value=0)
            self.start(BEAT)
        elif fraction is not None:
            self.stop()
            self.configure(mode="determinate", value=fraction * BEATS)
