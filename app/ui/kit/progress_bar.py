"""A bar that shows how far something is, or, while that's unknown, that it's under way."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

BEAT = 30  # milliseconds between two steps while nobody knows


class ProgressBar(ttk.Progressbar):
    """A bar of this length in pixels of the screen, or of any."""

    def __init__(self, parent: tk.Misc, length: int = 100):
        super().__init__(parent, maximum=1, length=length)

    def show(self, fraction: float | None) -> None:
        """Show what fraction is done; None if it's unknown."""
        waits = str(self.cget("mode")) == "indeterminate"
        if fraction is None and not waits:
            self.configure(mode="indeterminate", value=0)
            self.start(BEAT)
        elif fraction is not None:
            self.stop()
            self.configure(mode="determinate", value=fraction)
