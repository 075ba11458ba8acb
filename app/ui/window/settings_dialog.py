"""File ▸ Settings…: what the user can choose, a sentence each; changes take effect at once."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from tkinter import ttk
from tkinter.font import Font
from typing import Any

from app.kept.settings import TEXT_SIZES
from app.ui.kit import style
from app.ui.kit.background import in_turn
from app.ui.kit.dialog import Dialog
from app.ui.kit.line_breaks import broken
from app.ui.kit.menus import post_at
from app.ui.kit.theme import MARK
from app.ui.window.choices import Choices
from model.base import language
from model.base.language import N_, _

WIDE, CHOICE = 360, 13  # pixels of a sentence's width, letters of a choice
BESIDE, BETWEEN = 16, 9  # pixels between a sentence and its choice, and between two settings


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name in `Settings`, its name here, and what it does; if it has no choices, it's on or off."""

    name: str
    label: str
    sentence: str
    choices: tuple[tuple[str, object], ...] = ()  # the name and the value of each


SETTINGS: dict[str, tuple[Setting, ...]] = {
    N_("The window"): (
        Setting("language", N_("Language"), N_("The language of all windows.")),
        Setting(
            "look",
            N_("Appearance"),
            N_("All windows are light or dark."),
            ((N_("As the system"), ""), (N_("Light"), "light"), (N_("Dark"), "dark")),
        ),
        Setting(
            "text_size",
            N_("Text size"),
            N_("Ctrl+plus and Ctrl+minus change it, too."),
            tuple((f"{size} %", size) for size in TEXT_SIZES),
        ),
    ),
    N_("The pen"): (
        Setting(
            "width",
            N_("Pen width"),
            N_("How thick ink is shown. It's read the same."),
            ((N_("Fine"), 12), (N_("Normal"), 20), (N_("Broad"), 28), (N_("Marker"), 36)),  # pixels
        ),
        Setting("smooth", N_("Smooth lines"), N_("Shows ink without the tremor of a hand.")),
        Setting("guide", N_("Guide line"), N_("Shows lines to write between. They aren't ink.")),
    ),
    N_("Reading and learning"): (
        Setting(
            "live",
            N_("Answer follows the pen"),
            N_("When it's off, press Recognize for an answer. Ctrl+L switches it."),
        ),
        Setting(
            "threshold",
            N_("Strictness"),
            N_("The stricter, the more is answered with a question mark."),
            ((N_("Off"), 1.0), (N_("Lenient"), 0.9), (N_("Normal"), 0.5), (N_("Strict"), 0.15)),  # thresholds of doubt
        ),
        Setting(
            "learn",
            N_("Learn from each correction"),
            N_("At once. Otherwise they wait in My drawings."),
        ),
    ),
}


class SettingsDialog(Dialog):
    """Shows all settings; ``fill`` fills a menu with the profiles."""

    def __init__(self, parent: tk.Misc, choices: Choices, fill: Callable[[tk.Menu], None]):
        super().__init__(parent, _("Settings"))
        self.resizable(width=False, height=True)
        self._choices, self._font = choices, Font(self, ttk.Style(self).lookup("Caption.TLabel", "font"))
        self._widgets: dict[str, ttk.Widget] = {}
        inside = self.body.inside
        inside.columnconfigure(0, weight=1)
        for title, settings in SETTINGS.items():
            above = style.px(BETWEEN) if self._widgets else 0
            ttk.Label(inside, text=_(title), style="Strong.TLabel").grid(
                columnspan=2, sticky="w", pady=(above, style.px(8))
            )
            for setting in settings:
                self._add(inside, setting)
        self.first = self._widgets["language"]
        menu = tk.Menu(self)

        def post() -> None:
            fill(menu)
            post_at(menu, hand)

        hand = self.buttons.add(_("Whose hand…"), post)
        self.add_close()

    def entered(self) -> dict[str, Any]:
        """Return which widget has the keyboard."""
        focus = self.focus_get()
        return {"at": next((name for name, widget in self._widgets.items() if widget is focus), "language")}

    def enter(self, entered: dict[str, Any]) -> None:
        """Give the same widget the keyboard."""
        self.first = self._widgets[entered["at"]]
        self.focus_set()

    def _add(self, parent: ttk.Frame, setting: Setting) -> None:
        row = parent.grid_size()[1]
        widget: ttk.Widget
        if setting.name == "language":
            names = ((_("As the system"), ""), *((name, code) for code, name in language.available().items()))
            widget = self._one_of(parent, setting.name, names)
        elif setting.choices:
            widget = self._one_of(parent, setting.name, [(_(label), value) for label, value in setting.choices])
        else:
            variable = self._choices.switch(setting.name)
            turn = partial(self._choices.turned, setting.name)
            widget = ttk.Checkbutton(parent, text=_(setting.label), variable=variable, command=turn)
            widget.grid(row=row, columnspan=2, sticky="w")
        if isinstance(widget, ttk.Combobox):
            ttk.Label(parent, text=_(setting.label)).grid(row=row, column=0, sticky="w")
            widget.grid(row=row, column=1, rowspan=2, sticky="ne", padx=(style.px(BESIDE), 0))
        wide = self.room(round(WIDE * style.now.text))
        text = broken(_(setting.sentence), wide, self._font.measure)
        sentence = ttk.Label(parent, text=text, style="Caption.TLabel", wraplength=wide)
        left = (
            0 if setting.choices or setting.name == "language" else style.text_px(MARK) + style.px(7)
        )  # in line with a check mark's words
        sentence.grid(row=row + 1, column=0, sticky="w", padx=(left, 0), pady=(0, style.px(BETWEEN)))
        self._widgets[setting.name] = widget

    def _one_of(self, parent: ttk.Frame, name: str, choices: Sequence[tuple[str, object]]) -> ttk.Combobox:
        labels, values = [label for label, _value in choices], [value for _label, value in choices]
        box = ttk.Combobox(parent, values=labels, state="readonly", width=CHOICE)
        now = getattr(self._choices.now, name)
        if now in values:  # otherwise it was set by hand, in the file
            box.current(values.index(now))

        def choose(_event: tk.Event[tk.Misc]) -> None:
            in_turn(self.master, partial(self._choices.keep, name, values[box.current()]))

        box.bind("<<ComboboxSelected>>", choose)
        return box
