"""Slow work in a thread, and what comes of it in the window's thread."""

from __future__ import annotations

import functools
import queue
import threading
import tkinter as tk
from collections.abc import Callable
from typing import NoReturn, TypeVar

from model.base.errors import UserError

SOON, LATER = 5, 20  # milliseconds until the first look at what came of it, and between two more

Result = TypeVar("Result")


class Background:
    """Does one thing at a time, as long as a widget lives; a newer one takes the place of what is under way.

    Args:
        widget: its clock is used.
        tell: is given what went wrong.
    """

    def __init__(self, widget: tk.Misc, tell: Callable[[UserError], None]):
        self._widget, self._tell = widget, tell
        self._looking = ""  # Tk's name for the next look

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return bool(self._looking)

    def do(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Let a thread work, and hand over its result in this one; a UserError is told, any other raised here."""
        self.stop()
        results: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

        def run() -> None:
            try:
                results.put(functools.partial(then, work()))
            except UserError as error:
                results.put(functools.partial(self._tell, error))
            except Exception as error:  # noqa: BLE001  (raised again in the window's thread, where bugs are told)
                results.put(functools.partial(_raise, error))
            from app.facts import memory  # noqa: PLC0415  (opening the window does not need it)

            memory.give_back()  # a picture of many megapixels, perhaps

        def look() -> None:
            try:
                result = results.get_nowait()
            except queue.Empty:
                self._looking = self._widget.after(LATER, look)
                return
            self._looking = ""
            result()

        threading.Thread(target=run, daemon=True).start()
        self._looking = self._widget.after(SOON, look)

    def stop(self) -> None:
        """Wait no longer for what is under way."""
        if self._looking:
            self._widget.after_cancel(self._looking)
            self._looking = ""


def _raise(error: Exception) -> NoReturn:
    raise error
