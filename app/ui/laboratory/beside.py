"""The choice of other models that read what's on the pad, next to the one in the laboratory."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk

from app.ui.kit import style
from model.base.errors import UserError
from model.base.language import _
from model.reading.recognizer import Recognizer

MOST = 2
Named = tuple[str, str]  # a model's display name, and its key


class Beside(ttk.Frame):
    """Chooses up to two models; ``changed`` is called for each change, ``tell`` says why one can't be used.

    ``models`` returns the available ones, and ``load`` the recognizer for a key.
    """

    def __init__(
        self,
        parent: tk.Misc,
        models: Callable[[], Sequence[Named]],
        load: Callable[[str], Recognizer],
        changed: Callable[[], object],
        tell: Callable[[UserError], None],
    ):
        super().__init__(parent)
        self._models, self._load, self._changed, self._tell = models, load, changed, tell
        self.chosen: dict[int, tuple[str, Recognizer]] = {}  # by the place of the box that chose it
        ttk.Label(self, text=_("Compare with:")).pack(side="left")
        self.boxes = [
            ttk.Combobox(self, state="readonly", width=round(16 / max(1, style.now.text))) for _place in range(MOST)
        ]
        for place, box in enumerate(self.boxes):
            box.configure(postcommand=partial(self._fill, box))
            box.set(_("no other model"))
            box.bind("<<ComboboxSelected>>", lambda _event, place=place, box=box: self.choose(place, box.get()))  # type: ignore[misc]
            box.pack(side="left", padx=(style.px(8), 0))

    def all(self) -> list[tuple[str, Recognizer]]:
        """Return the chosen models, with their names."""
        return [self.chosen[place] for place in sorted(self.chosen)]

    def choose(self, place: int, name: str) -> None:
        """Read with the model of that name, too; if there isn't one, choose none."""
        self.chosen.pop(place, None)
        try:
            for key in [key for called, key in self._models() if called == name]:
                self.chosen[place] = name, self._load(key)
        except UserError as error:
            self._tell(error)
        self.boxes[place].set(name if place in self.chosen else _("no other model"))
        self._changed()

    def _fill(self, box: ttk.Combobox) -> None:
        box.configure(values=[_("no other model"), *(name for name, _key in self._models())])
