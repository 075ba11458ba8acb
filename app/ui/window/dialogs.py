"""The dialogs of the window: each opened beside it when it is asked for, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.help.about_dialog import AboutDialog
from app.ui.help.problem_dialog import ProblemDialog
from app.ui.help.shortcuts_dialog import GESTURES, ShortcutsDialog
from app.ui.kit import style
from app.ui.kit.dialog import Dialog
from app.ui.kit.questions import is_asking
from app.ui.models.models_dialog import ModelsDialog
from app.ui.models.open_dialog import OpenDialog
from app.ui.training.install_dialog import InstallDialog
from app.ui.training.training_dialog import TrainingDialog
from app.ui.window import main_menu
from model.base.errors import UserError
from model.base.installation import needs_tensorflow, tensorflow_is_missing
from model.base.language import N_, _
from model.base.program import FROZEN

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow
    from model.bundle.bundle import Bundle


class Dialogs:
    """Opens the dialogs of a window, by name."""

    def __init__(self, window: MainWindow):
        root, session, use = window.root, window.session, window.learning.use
        self._window = window
        self._open: dict[str, Dialog] = {}
        self._make: dict[str, Callable[[], Dialog]] = {
            "about": lambda: AboutDialog(root, self._bundle),
            "drawings": lambda: DrawingsDialog(root, session.samples),
            "models": lambda: ModelsDialog(root, use, self.with_tensorflow),
            "open model": lambda: OpenDialog(root, use, self.with_tensorflow),
            "problem": lambda: ProblemDialog(root, self._bundle, lambda: session.drawing),
            "retrain": lambda: TrainingDialog(root, self._bundle, use),
            "shortcuts": lambda: ShortcutsDialog(root, [*main_menu.entries(window), *GESTURES]),
        }

    def open(self, name: str) -> Dialog:
        """Open a dialog beside the window, or bring it to the front where it is open already."""
        dialog = self._there(name)
        if dialog is None:
            dialog = self._open[name] = self._make[name]()
        dialog.lift()
        dialog.focus_set()
        return dialog

    def about(self, page: str) -> Dialog:
        """Tell what program this is, on the page "inkling", or what model reads, on the page "model"."""
        dialog = self.open("about")
        assert isinstance(dialog, AboutDialog)
        dialog.show(page)
        return dialog

    def retrain(self) -> Dialog:
        """Open the dialog that trains a model, or the one that installs what that needs. Raises UserError."""
        if tensorflow_is_missing():
            return self._install(N_("Training"), self.retrain)
        self._bundle()  # where there is none, there is nothing to compare with, nor to go on from
        return self.open("retrain")

    def with_tensorflow(self, doing: str, then: Callable[[], object]) -> None:
        """Do what needs TensorFlow, and is called so: at once where it is there, else when it is installed, as offered.

        Raises UserError in a bundle without it, and what ``then`` raises.
        """
        self._install(doing, then) if tensorflow_is_missing() else then()

    def may_close(self) -> bool:
        """Return whether the window can be closed: what is under way in a dialog is asked about."""
        return all(dialog.may_close() for dialog in self._open.values() if dialog.winfo_exists())

    def redraw(self) -> None:
        """Make the open dialogs anew, in the language and the look of now; those at work go on as they are.

        What was entered stays, and so does their place.
        """
        for name, dialog in self._open.items():
            if not dialog.winfo_exists():
                continue
            if dialog.stays or is_asking(dialog):
                # Its widgets are of ttk, and change themselves.
                dialog.configure(background=style.now.colours.background)
                continue
            entered, place = dialog.entered(), dialog.place
            if dialog.job:
                dialog.job.cancel()
            dialog.destroy()
            self._open[name] = new = self._make[name]()
            new.put(place)
            new.enter(entered)

    def _there(self, name: str) -> Dialog | None:
        dialog = self._open.get(name)
        return dialog if dialog and dialog.winfo_exists() else None

    def _install(self, doing: str, then: Callable[[], object]) -> Dialog:
        """Open the dialog that installs TensorFlow, and does something then. Raises UserError in a bundle."""
        if FROZEN:
            raise UserError(needs_tensorflow(_(doing)))
        before = self._there("install")
        if before is None or not before.busy:
            then_or_why_not = partial(self._window.attempt, then)
            self._make["install"] = lambda: InstallDialog(self._window.root, doing, then_or_why_not)
            if before:
                before.destroy()  # it would go on to something else
        return self.open("install")

    def _bundle(self) -> Bundle:
        """Return the model in use. Raises UserError."""
        return self._window.session.recognizer.bundle
