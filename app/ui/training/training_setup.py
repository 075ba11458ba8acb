"""The form in which a training is asked for."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from pathlib import Path
from tkinter import filedialog, ttk
from typing import Any

from app.jobs.training import Choice
from app.ui.kit import style
from app.ui.kit.questions import ask_for_mnist
from model.base.language import _
from model.base.shown import shown
from model.bundle.bundle import Bundle
from model.data import architectures, download
from model.data.recipe import KNOBS, Recipe

NETWORK = "mlp-128"  # the first that is offered: it is through in seconds
LABELS = 120  # pixels wide
BOX = 26  # letters wide
FIRST = ("epochs", "batch_size", "deform")  # of the knobs: always shown, and always given
UNFOLDED = [name for name, knob in KNOBS.items() if knob.label and name not in FIRST]


class TrainingSetup(ttk.Frame):
    """Lets the user choose what to train, and on what.

    Args:
        parent: the dialog.
        current: the model in use; a training can go on from it.
        data: the file or folder that was chosen last; empty: Keras' download.
    """

    def __init__(self, parent: tk.Misc, current: Bundle, data: str):
        super().__init__(parent)
        self._current = current
        self._automatic, self._its_own = _("automatic"), _("the network's own")
        self._data = tk.StringVar(self, data)
        self._own_data = tk.BooleanVar(self, bool(data))
        self._network = tk.StringVar(self, NETWORK)
        self._go_on = tk.BooleanVar(self, False)
        self._fields: dict[str, tk.StringVar | tk.BooleanVar] = {
            "data": self._data,
            "own_data": self._own_data,
            "network": self._network,
            "go_on": self._go_on,
        }
        for name in (*FIRST, *UNFOLDED):
            knob = KNOBS[name]
            text = tk.StringVar(self, self._its_own if knob.choices else "")
            self._fields[name] = text if knob.choices or knob.between else tk.BooleanVar(self)
        self._device = tk.StringVar(self, self._automatic)
        self._devices = {self._automatic: "auto"}  # name -> word
        self.columnconfigure(0, minsize=style.px(LABELS))
        self.columnconfigure(1, weight=1)
        self._rows = 0
        self._add_network()
        self._add_data()
        self._add_knobs()
        self._add_unfolded()
        self._show_defaults()

    def choice(self) -> Choice:
        """Return what was chosen. Raises UserError when a number is none."""
        filled = self.filled()
        return Choice(
            filled["network"],
            {name: filled[name] for name in (*FIRST, *UNFOLDED) if name in FIRST or filled[name].strip()},
            data=Path(filled["data"]) if filled["own_data"] and filled["data"] else None,
            start=self._current.path if filled["go_on"] else None,
            device=self._devices[self._device.get()],
        )

    def filled(self) -> dict[str, Any]:
        """Return what is filled in, but for the device, which has another name in another language."""
        values = {name: field.get() for name, field in self._fields.items()}
        return {name: "" if value == self._its_own else value for name, value in values.items()}

    def fill(self, filled: Mapping[str, Any]) -> None:
        """Fill in what was filled in elsewhere, or some of it."""
        for name in filled.keys() & {"network", "go_on"}:  # which bring values of their own
            self._fields[name].set(filled[name])
        self._show_defaults()
        for name, value in filled.items():
            its_own = not value and name in UNFOLDED and KNOBS[name].choices
            found: Any = self._its_own if its_own else value
            self._fields[name].set(found)
        self._show_data()

    def offer_devices(self, found: dict[str, str]) -> None:
        """Offer what there is to train on, word -> name; the first is what "automatic" takes."""
        chosen = self._devices[self._device.get()]
        first = next(iter(found.values()))
        self._devices = {f"{self._automatic}: {first}": "auto"} | {name: word for word, name in found.items()}
        self._device_box.configure(values=list(self._devices))
        self._device.set(next(name for name, word in self._devices.items() if word == chosen))

    def choose_cpu(self) -> None:
        """Train on the CPU."""
        self._devices.setdefault("CPU", "cpu")
        self._device.set("CPU")

    def choose_file(self) -> None:
        """Ask for a file of MNIST."""
        self._take_data(ask_for_mnist(self))

    def _choose_folder(self) -> None:
        title = _("Choose a folder of MNIST's four IDX files")
        self._take_data(filedialog.askdirectory(parent=self, title=title))

    def _take_data(self, path: str) -> None:
        if path:
            self._data.set(path)
            self._own_data.set(True)
        self._show_data()

    def _row(self, label: str, *widgets: ttk.Widget) -> None:
        above = style.px(5)
        ttk.Label(self, text=label).grid(row=self._rows, column=0, sticky="nw", padx=(0, style.px(14)), pady=above)
        for widget in widgets:
            widget.grid(row=self._rows, column=1, sticky="w", pady=style.px(2))
            self._rows += 1

    def _add_network(self) -> None:
        self._network_box = _box(self, self._network, list(architectures.NETWORKS))
        self._network_box.bind("<<ComboboxSelected>>", lambda _event: self._show_defaults())
        self._described = ttk.Label(self, style="Hint.TLabel", wraplength=style.px(340), justify="left")
        self._row(_("Network"), self._network_box, self._described)
        starts = {
            False: _("From scratch"),
            True: _("Go on from the model in use ({network})").format(network=self._current.card.network),
        }
        scratch, going_on = (
            ttk.Radiobutton(self, text=text, variable=self._go_on, value=value, command=self._show_defaults)
            for value, text in starts.items()
        )
        going_on.state(["!disabled" if self._current.is_ours else "disabled"])
        self._row(_("Start"), scratch, going_on)

    def _add_data(self) -> None:
        there = download.cache().is_file()
        where = (
            _("MNIST, already on this computer")
            if there
            else _("MNIST, which Keras downloads ({size:.0f} MB)").format(size=download.SIZE / 1e6)
        )
        downloaded = ttk.Radiobutton(self, text=where, variable=self._own_data, value=False, command=self._show_data)
        own = ttk.Frame(self)
        self._own = ttk.Radiobutton(own, variable=self._own_data, value=True, command=self._need_data)
        self._own.pack(side="left")
        for text, command in ((_("File…"), self.choose_file), (_("Folder…"), self._choose_folder)):
            ttk.Button(own, text=text, command=command, style="Small.TButton").pack(side="left", padx=(style.px(8), 0))
        self._row(_("Images"), downloaded, own)
        self._show_data()

    def _add_knobs(self) -> None:
        for name in FIRST:
            knob, variable = KNOBS[name], self._fields[name]
            if knob.between:
                low, high = knob.between
                self._row(_(knob.label), ttk.Spinbox(self, textvariable=variable, from_=low, to=high, width=8))
            else:
                self._row("", ttk.Checkbutton(self, text=_(knob.label), variable=variable))
        self._device_box = _box(self, self._device, list(self._devices))
        self._row(_("Device"), self._device_box)

    def _add_unfolded(self) -> None:
        self._unfold = ttk.Button(self, text=_("Advanced ▸"), command=self._fold, style="Small.TButton")
        self._row("", self._unfold)
        self._advanced = ttk.Frame(self)
        self._advanced.grid(row=self._rows, column=0, columnspan=2, sticky="ew")
        self._advanced.columnconfigure(0, minsize=style.px(LABELS))
        self._advanced.grid_remove()
        for row, name in enumerate(UNFOLDED):
            knob, variable = KNOBS[name], self._fields[name]
            widget = (
                _box(self._advanced, variable, (self._its_own, *knob.choices))
                if knob.choices
                else ttk.Entry(self._advanced, textvariable=variable, width=12)
            )
            label = ttk.Label(self._advanced, text=_(knob.label))
            label.grid(row=row, column=0, sticky="w", padx=(0, style.px(14)), pady=style.px(3))
            widget.grid(row=row, column=1, sticky="w", pady=style.px(3))

    def _fold(self) -> None:
        """Show the advanced knobs, or hide them."""
        hidden = not self._advanced.winfo_ismapped()
        self._unfold.configure(text=_("Advanced ▾") if hidden else _("Advanced ▸"))
        self._advanced.grid() if hidden else self._advanced.grid_remove()

    def _show_defaults(self) -> None:
        """Show what the chosen network's tutorial chooses; going on, the network is that of the model in use."""
        if self._go_on.get():
            self._network.set(self._current.card.network)
        self._network_box.state(["disabled" if self._go_on.get() else "!disabled"])
        recipe = Recipe.of(self._network.get())
        for name in FIRST:
            self._fields[name].set(getattr(recipe, name))
        self._described.configure(text=_(architectures.NETWORKS[recipe.network].about))

    def _need_data(self) -> None:
        """Ask for a file where none was chosen yet."""
        if not self._data.get():
            self.choose_file()
        if not self._data.get():
            self._own_data.set(False)
        self._show_data()

    def _show_data(self) -> None:
        name = shown(Path(self._data.get()).name) if self._data.get() else ""
        self._own.configure(text=name or _("A file of mine"))


def _box(parent: tk.Misc, variable: tk.Variable, values: list[str] | tuple[str, ...]) -> ttk.Combobox:
    return ttk.Combobox(parent, textvariable=variable, values=values, state="readonly", width=BOX)
