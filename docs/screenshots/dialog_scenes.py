"""The dialogs' states, one after the other; each is kept as a picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tkinter import ttk

from PIL import Image, ImageDraw

from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit.dialog import Dialog
from app.ui.page.page_dialog import PageDialog
from app.ui.training.training_dialog import TrainingDialog
from docs.screenshots.digits import Hand, drawn
from docs.screenshots.scenes import LEARNING, LOOKING, READING, Scenes
from docs.screenshots.stage import widgets
from tests.screen import wait_for

POLL = 0.05  # seconds between two looks at whether something has come


class DialogScenes(Scenes):
    """Plays all states of the dialogs."""

    def play(self, data: Path | None) -> None:
        """Show every dialog; those that train only with data to train on, a file of MNIST."""
        dialogs = self.window.dialogs
        with self.dialog(partial(dialogs.open, "drawings")) as shown:
            self.see("drawings-empty", shown)
        self.keep_drawings()
        self.see("corrected")
        self.drawings()
        if data:
            self.teach()
        with self.dialog(partial(dialogs.open, "models")) as shown:
            self.see("models", shown)
        for page in ("inkling", "model", "licences"):
            with self.dialog(partial(dialogs.about, page)) as shown:
                self.see(f"about-{page}", shown)
        with self.dialog(partial(dialogs.open, "settings")) as shown:
            self.see("settings", shown)
        with self.dialog(partial(dialogs.open, "shortcuts")) as shown:
            self.see("shortcuts", shown)
        self.problem()
        self.list()
        self.open_model()
        if data:
            self.retrain(data)

    @contextmanager
    def dialog(self, open_it: Callable[[], object]) -> Iterator[Dialog]:
        """Open a dialog, and close it at the end."""
        self.root.after(0, self.window.attempt, open_it)
        yield self.opened(Dialog)
        self.close()

    def opened(self, kind: type[Dialog]) -> Dialog:
        """Return the dialog of a kind that opens now."""

        def found() -> list[Dialog]:
            return [each for each in self.root.winfo_children() if isinstance(each, kind) and each.winfo_viewable()]

        dialog = wait_for(found, READING, "a dialog", POLL)[-1]
        self.stage.settle()
        return dialog

    def close(self) -> None:
        """Close all dialogs."""
        for each in self.root.winfo_children():
            if isinstance(each, Dialog):
                self.root.after(0, each.destroy)
        wait_for(
            lambda: not any(isinstance(each, Dialog) for each in self.root.winfo_children()), 10, "no dialog", POLL
        )
        self.root.after(0, self.root.focus_force)
        time.sleep(0.2)

    def drawings(self, name: str = "drawings") -> None:
        """Show the drawings that are kept, some of them chosen."""
        with self.dialog(partial(self.window.dialogs.open, "drawings")) as shown:
            for key in ("Right", "Right", "shift+Right", "shift+Right"):
                self.hand.key(key)
            self.see(name, shown)

    def problem(self) -> None:
        """Show what makes a report."""
        with self.dialog(partial(self.window.dialogs.open, "problem")) as shown:
            self.see("report-empty", shown)
            for letter in "it reads my sevens as ones":
                self.hand.key("space" if letter == " " else letter)
            time.sleep(LOOKING)
            self.see("report", shown)

    def list(self, name: str = "list") -> None:
        """Show what several files hold."""
        numbers = ("36", "1984", "7", "502", "90210", "64")
        photos = [self.photo(f"page {place + 1}.png", text, place + 1) for place, text in enumerate(numbers)]
        (self.files / "broken.png").write_bytes(b"no picture")
        self.open(*photos, self.files / "broken.png")
        shown = self.opened(ListDialog)
        assert isinstance(shown, ListDialog)
        wait_for(lambda: shown.batch.over, READING, "the files", POLL)
        time.sleep(0.3)
        self.hand.key("Down")
        self.see(name, shown)
        self.close()

    def page(self, name: str = "page") -> None:
        """Show a page of numbers, with what was read over each."""
        rows = (("17", "305", "8"), ("29", "1420", "64"), ("31", "96", "7"), ("45", "278", "53"))
        picture = Image.new("L", (900, 600), 236)
        pen = ImageDraw.Draw(picture)
        for row, texts in enumerate(rows):
            pen.line((30, 30 + 135 * row, 870, 33 + 135 * row), fill=150, width=2)
            for column, text in enumerate(texts):
                for stroke in drawn(text, 60 + 280 * column, 56 + 135 * row, Hand.of(row + 4 * column + 1, 86, -20)):
                    pen.line(stroke, fill=50, width=7, joint="curve")
        path = self.files / "marks.png"
        picture.save(path)
        self.open(path)
        shown = self.opened(PageDialog)
        assert isinstance(shown, PageDialog)
        wait_for(lambda: shown.page.is_over, READING, "the page", POLL)
        self.hand.key("Tab")
        self.see(name, shown)
        self.close()

    def open_model(self) -> None:
        """Show the choice of a model's file."""
        self.root.after(0, self.window.attempt, partial(self.window.dialogs.open, "open model"))
        time.sleep(LOOKING)
        self.stage.rest()
        self.keep("open-model", self.stage.around(self.root))
        self.hand.key("Escape")
        time.sleep(0.5)

    def teach(self) -> None:
        """Show what is under way below the buttons, and what comes of it."""
        self.hand.key("ctrl+t")
        learning = self.window.learning
        wait_for(lambda: learning._strip is not None and learning._strip.busy, 20, "learning", POLL)
        self.see("teaching")
        wait_for(lambda: learning._strip and not learning._strip.busy, LEARNING, "what was learned", POLL)
        self.see("taught")

    def retrain(self, data: Path, epochs: str = "5", *, until: int = 3) -> None:
        """Show a training: its form, its course until an epoch has begun, and what comes of it."""
        with self.dialog(self.window.dialogs.retrain) as shown:
            assert isinstance(shown, TrainingDialog)
            wait_for(lambda: len(shown.setup._devices) > 1, LEARNING, "the devices", POLL)
            shown.setup.fill({"network": "mlp-128", "epochs": epochs, "data": str(data), "own_data": True})
            self.see("retrain-form", shown)
            box = next(each for each in widgets(shown.setup) if isinstance(each, ttk.Combobox))
            self.stage.click(box)
            self.stage.settle()
            self.keep("retrain-choices", self.stage.around(shown))
            self.hand.key("Escape")
            self.stage.click(self.stage.button("Advanced ▸", shown))
            self.see("retrain-more", shown)
            self.stage.click(self.stage.button("Advanced ▾", shown))
            self.stage.settle()  # the buttons below have moved
            self.stage.click(self.stage.button("Train", shown))
            wait_for(lambda: len(shown.progress.epochs) >= until or shown.progress.last, LEARNING, "an epoch", POLL)
            time.sleep(0.3)
            self.keep("retrain", self.stage.picture(shown))
            self.keep("retrain-window", self.stage.picture(self.root, shown))
            wait_for(lambda: shown.progress.last, LEARNING, "the end of the training", POLL)
            self.see("retrain-result", shown)
