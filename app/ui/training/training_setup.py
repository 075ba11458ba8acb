"""The form for setting up a training."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from pathlib import Path
from tkinter import ttk
from typing import Any

from app.jobs.training import Choice
from app.jobs.unfinished import Unfinished
from app.ui.kit import style
from app.ui.kit.background import on_change
from app.ui.kit.file_dialogs import DATA, ask_for_folder, ask_for_images
from model.base.language import N_, _
from model.base.shown import shown
from model.bundle.bundle import Bundle
from model.data import architectures, download
from model.data.recipe import KNOBS, Recipe

NETWORK = "mlp-128"  # the default: it's done in seconds
HOW_LONG = N_(
    "mlp-128 takes seconds, but is far smaller than the built-in network, which takes half an hour. The time left "
    "shows once training has begun."
)
LABELS = 120  # pixels wide
BOX = 26  # letters wide
WIDEST = 340  # pixels: the greatest width of a line next to them
FIRST = ("epochs", "batch_size", "deform")  # the knobs that are always shown, and always passed on
UNFOLDED = [name for name, knob in KNOBS.items() if knob.label and name not in FIRST]


class TrainingSetup(ttk.Frame):
    """Lets the user choose what to train, and on which data.

    Args:
        parent: the dialog.
        current: the model in use; a training can continue from it.
        data: the file or folder of last time; empty: Keras' download.
        changed: called when the user chooses something else.
    """

    def __init__(self, parent: tk.Misc, current: Bundle, data: str, changed: Callable[[], None]):
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
        self._stopped = ttk.Frame(self)
        self._stopped.grid(row=0, column=0, columnspan=2, sticky="ew")
        self._rows = 1
        self._add_network()
        self._add_data()
        self._add_knobs()
        self._add_unfolded()
        self._show_defaults()
        for field in self._fields.values():
            on_change(field, self, changed)

    def choice(self) -> Choice:
        """Return the choice. Raises UserError if a number isn't valid."""
        filled = self.filled()
        return Choice(
            filled["network"],
            {name: filled[name] for name in (*FIRST, *UNFOLDED) if name in FIRST or filled[name].strip()},
            data=Path(filled["data"]) if filled["own_data"] and filled["data"] else None,
            start=self._current.path if filled["go_on"] else None,
            device=self.device,
        )

    def filled(self) -> dict[str, Any]:
        """Return the form's entries, except for the device, whose name depends on the language."""
        values = {name: field.get() for name, field in self._fields.items()}
        return {name: "" if value == self._its_own else value for name, value in values.items()}

    def fill(self, filled: Mapping[str, Any]) -> None:
        """Fill in these entries of another form."""
        for name in filled.keys() & {"network", "go_on"}:  # they bring their own defaults
            self._fields[name].set(filled[name])
        self._show_defaults()
        for name, value in filled.items():
            its_own = not value and name in UNFOLDED and KNOBS[name].choices
            found: Any = self._its_own if its_own else value
            self._fields[name].set(found)
        self._show_data()

    def offer_devices(self, found: dict[str, str]) -> None:
        """Offer the devices to train on, word -> name; the first one is what "automatic" uses."""
        chosen = self._devices[self._device.get()]
        first = next(iter(found.values()))
        self._devices = {f"{self._automatic}: {first}": "auto"} | {name: word for word, name in found.items()}
        self._device_box.configure(values=list(self._devices))
        self._device.set(next(name for name, word in self._devices.items() if word == chosen))

    @property
    def device(self) -> str:
        """The word for the device to train on."""
        return self._devices[self._device.get()]

    def offer(self, stopped: Unfinished | None, go_on: Callable[[], None], delete: Callable[[], None]) -> None:
        """Say above the form which training was stopped, with what can be done about it; None: there isn't one."""
        for child in self._stopped.winfo_children():
            child.destroy()
        if stopped is None:
            self._stopped.configure(height=1)  # otherwise it keeps its height
            return
        line = _("The training of {network} stopped after {done} of {epochs} epochs. It can go on from there.").format(
            network=stopped.choice.network, done=stopped.epochs, epochs=stopped.choice.knobs["epochs"]
        )
        told = ttk.Label(self._stopped, text=line, wraplength=style.px(LABELS + WIDEST), justify="left")
        told.pack(anchor="w")
        buttons = ttk.Frame(self._stopped)
        buttons.pack(anchor="w", pady=(style.px(6), style.px(12)))
        for text, command in ((_("Go on"), go_on), (_("Delete it"), delete)):
            button = ttk.Button(buttons, text=text, command=command, style="Small.TButton")
            button.pack(side="left", padx=(0, style.px(8)))

    def choose_cpu(self) -> None:
        """Train on the CPU."""
        self._devices.setdefault("CPU", "cpu")
        self._device.set("CPU")

    def choose_file(self) -> None:
        """Ask for a file of images and labels."""
        self._take_data(ask_for_images(self, _("Choose a file of images and labels")))

    def _choose_folder(self) -> None:
        title = _("Choose a folder with MNIST's IDX files, or with a folder of pictures for each digit")
        self._take_data(ask_for_folder(self, title, DATA))

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
        self._described = ttk.Label(self, style="Hint.TLabel", wraplength=style.px(WIDEST), justify="left")
        self._row(_("Network"), self._network_box, self._described)
        starts = {
            False: _("From scratch"),
            True: _("Continue from the model in use ({network})").format(network=self._current.card.network),
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
        """Show the defaults from the chosen network's tutorial; to continue, it's the network of the model in use."""
        if self._go_on.get():
            self._network.set(self._current.card.network)
        self._network_box.state(["disabled" if self._go_on.get() else "!disabled"])
        recipe = Recipe.of(self._network.get())
        for name in FIRST:
            self._fields[name].set(getattr(recipe, name))
        self._described.configure(text=f"{_(architectures.NETWORKS[recipe.network].about)} {_(HOW_LONG)}")

    def _need_data(self) -> None:
        """Ask for a file if none has been chosen yet."""
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
