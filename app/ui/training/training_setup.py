"""The form in which a training is asked for."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog, ttk
from typing import Any

from app.jobs import training
from app.jobs.training import Choice
from app.ui.kit import style
from app.ui.kit.questions import ask_for_mnist
from model.base.language import N_, _
from model.base.shown import shown
from model.bundle.bundle import Bundle
from model.data import architectures, download

NETWORK = "mlp-128"  # the first that is offered: it is through in seconds
LABELS = 120  # pixels wide
AUTOMATIC = N_("automatic")
ITS_OWN = N_("the network's own")
NAMES = {  # of the knobs
    "activation": N_("Activation"),
    "initializer": N_("Initializer"),
    "optimizer": N_("Optimizer"),
    "loss": N_("Loss"),
}


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
        self.data = tk.StringVar(self, data)
        self._own_data = tk.BooleanVar(self, bool(data))
        self._network = tk.StringVar(self, NETWORK)
        self._go_on = tk.BooleanVar(self, False)
        self._epochs, self._batch_size = tk.StringVar(self), tk.StringVar(self)
        self._deform = tk.BooleanVar(self, False)
        self._automatic, self._its_own = _(AUTOMATIC), _(ITS_OWN)
        self._device = tk.StringVar(self, self._automatic)
        self._rate = tk.StringVar(self)
        self._knobs = {knob: tk.StringVar(self, self._its_own) for knob in training.KNOBS}
        self._devices: dict[str, str] = {self._automatic: "auto"}
        self.columnconfigure(0, minsize=style.px(LABELS))
        self.columnconfigure(1, weight=1)
        self._rows = 0
        self._add_network()
        self._add_data()
        self._add_numbers()
        self._add_advanced()
        self._show_defaults()

    def choice(self) -> Choice:
        """Return what was chosen. Raises UserError when a number is none."""
        knobs = {knob: value.get() for knob, value in self._knobs.items() if value.get() != self._its_own}
        if self._rate.get().strip():
            knobs["learning-rate"] = self._rate.get().strip()
        return Choice.read(
            self._network.get(),
            self._epochs.get(),
            self._batch_size.get(),
            deform=self._deform.get(),
            data=Path(self.data.get()) if self._own_data.get() and self.data.get() else None,
            start=self._current.path if self._go_on.get() else None,
            device=self._devices[self._device.get()],
            knobs=knobs,
        )

    def filled(self) -> dict[str, Any]:
        """Return what is filled in, but for the device, which has another name in another language."""
        knobs = {knob: value.get() for knob, value in self._knobs.items() if value.get() != self._its_own}
        return {"values": [value.get() for value in self._values], "knobs": knobs}

    def fill_again(self, filled: dict[str, Any]) -> None:
        """Fill in what was filled in elsewhere."""
        for _round in range(2):  # the network and the start, when they are shown, bring values of their own
            self._show_defaults()
            for value, found in zip(self._values, filled["values"], strict=True):
                value.set(found)
        self._show_data()
        for knob, found in filled["knobs"].items():
            self._knobs[knob].set(found)

    @property
    def _values(self) -> tuple[tk.StringVar | tk.BooleanVar, ...]:
        return (
            *(self.data, self._own_data, self._network, self._go_on),
            *(self._epochs, self._batch_size, self._deform, self._rate),
        )

    def fill(self, *, network: str, epochs: str, data: str) -> None:
        """Fill in the first part of the form."""
        self._network.set(network)
        self._show_defaults()
        self._epochs.set(epochs)
        self._take_data(data)

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
            self.data.set(path)
            self._own_data.set(True)
        self._show_data()

    def _row(self, label: str, *widgets: ttk.Widget) -> None:
        ttk.Label(self, text=label).grid(
            row=self._rows, column=0, sticky="nw", padx=(0, style.px(14)), pady=style.px(5)
        )
        for widget in widgets:
            widget.grid(row=self._rows, column=1, sticky="w", pady=style.px(2))
            self._rows += 1

    def _add_network(self) -> None:
        box = ttk.Combobox(
            self, textvariable=self._network, values=list(architectures.NETWORKS), state="readonly", width=26
        )
        box.bind("<<ComboboxSelected>>", lambda _event: self._show_defaults())
        self._described = ttk.Label(self, style="Hint.TLabel", wraplength=style.px(340), justify="left")
        self._row(_("Network"), box, self._described)
        scratch = ttk.Radiobutton(self, text=_("From scratch"), variable=self._go_on, value=False)
        self._going_on = ttk.Radiobutton(self, variable=self._go_on, value=True, command=self._show_defaults)
        self._row(_("Start"), scratch, self._going_on)
        self._network_box = box
        scratch.configure(command=self._show_defaults)
        going_on = _("Go on from the model in use ({network})").format(network=self._current.card.network)
        self._going_on.configure(text=going_on)
        self._going_on.state(["!disabled" if self._current.is_ours else "disabled"])

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

    def _add_numbers(self) -> None:
        for label, variable, highest in (
            (_("Epochs"), self._epochs, 10_000),
            (_("Batch size"), self._batch_size, 60_000),
        ):
            self._row(label, ttk.Spinbox(self, textvariable=variable, from_=1, to=highest, width=8))
        self._row("", ttk.Checkbutton(self, text=_("Deform the images, anew at each step"), variable=self._deform))
        self._device_box = ttk.Combobox(
            self, textvariable=self._device, values=list(self._devices), state="readonly", width=26
        )
        self._row(_("Device"), self._device_box)

    def _add_advanced(self) -> None:
        self._unfold = ttk.Button(self, text=_("Advanced ▸"), command=self._fold, style="Small.TButton")
        self._row("", self._unfold)
        self._advanced = ttk.Frame(self)
        self._advanced.grid(row=self._rows, column=0, columnspan=2, sticky="ew")
        self._advanced.columnconfigure(0, minsize=style.px(LABELS))
        self._advanced.grid_remove()
        boxes: list[tuple[str, ttk.Widget]] = []
        for knob, values in training.KNOBS.items():
            box = ttk.Combobox(
                self._advanced,
                textvariable=self._knobs[knob],
                values=(self._its_own, *values),
                state="readonly",
                width=26,
            )
            boxes.append((_(NAMES[knob]), box))
        boxes.append((_("Learning rate"), ttk.Entry(self._advanced, textvariable=self._rate, width=12)))
        for row, (label, widget) in enumerate(boxes):
            ttk.Label(self._advanced, text=label).grid(
                row=row, column=0, sticky="w", padx=(0, style.px(14)), pady=style.px(3)
            )
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
        choice = training.defaults(self._network.get())
        self._epochs.set(str(choice.epochs))
        self._batch_size.set(str(choice.batch_size))
        self._deform.set(choice.deform)
        self._described.configure(text=training.described(choice.network))

    def _need_data(self) -> None:
        """Ask for a file where none was chosen yet."""
        if not self.data.get():
            self.choose_file()
        if not self.data.get():
            self._own_data.set(False)
        self._show_data()

    def _show_data(self) -> None:
        name = shown(Path(self.data.get()).name) if self.data.get() else ""
        self._own.configure(text=name or _("A file of mine"))
