"""Objects that hold each other are cleared away in the window's thread alone.

Widgets, pictures and fonts are among them, and with each goes a call to Tk, which another thread leaves to the window's
and waits for. Where the window's waits for that thread meanwhile, as for its start, both would wait for ever.
"""

from __future__ import annotations

import gc
import tkinter as tk
from collections.abc import Callable

from app.facts import memory

OFTEN = 100  # milliseconds between two looks


class Rubbish:
    """Does what Python does by itself in whichever thread makes the next object.

    Args:
        root: the window.
        is_busy: whether a pen is down: what is to be cleared away waits for a better moment.
    """

    def __init__(self, root: tk.Misc, is_busy: Callable[[], bool]):
        self._root, self._is_busy = root, is_busy
        gc.disable()
        self._look()

    def end(self) -> None:
        """Leave it to Python again."""
        gc.enable()

    def _look(self) -> None:
        if not self._is_busy():
            self._clear()
        self._root.after(OFTEN, self._look)  # last, so that long clearing leaves time for others

    def _clear(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                if generation == 2:
                    memory.give_back()  # in a day's use it was tens of megabytes; this takes milliseconds, seldom
                return
