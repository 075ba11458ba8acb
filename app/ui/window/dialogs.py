"""The dialogs of the window: each opened beside it when it is asked for, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.help.about_dialog import AboutDialog
from app.ui.help.problem_dialog import ProblemDialog
from app.ui.help.shortcuts_dialog import GESTURES, Line, ShortcutsDialog
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
    """Opens the dialogs of a window."""

    def __init__(self, window: MainWindow):
        self._window, self._root, self._session = window, window.root, window.session
        self._use = window.learning.use
        self._open: dict[str, tuple[Dialog, Callable[[], Dialog]]] = {}

    def may_close(self) -> bool:
        """Return whether the window can be closed: what is under way in a dialog is asked about."""
        return all(dialog.may_close() for dialog, _make in self._open.values() if dialog.winfo_exists())

    def renew(self) -> None:
        """Make the open dialogs anew, in the language and the look of now; those at work go on as they are.

        What was entered stays, and so does their place.
        """
        for name, (dialog, make) in list(self._open.items()):
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
            new = make()
            new.put(place)
            new.enter(entered)
            self._open[name] = new, make

    def with_tensorflow(self, doing: str, then: Callable[[], object]) -> None:
        """Do what needs TensorFlow: at once where it is there, else when it is installed, which is offered.

        Args:
            doing: what it is called (a message to be translated).
            then: does it.

        Raises UserError in a bundle without it, and what ``then`` raises.
        """
        self._install(doing, then) if tensorflow_is_missing() else then()

    def _install(self, doing: str, then: Callable[[], object]) -> Dialog:
        """Open the dialog that installs TensorFlow, and does something then. Raises UserError in a bundle."""
        if FROZEN:
            raise UserError(needs_tensorflow(_(doing)))
        dialog = self._open["install"][0] if "install" in self._open else None
        if dialog and dialog.winfo_exists() and not dialog.busy:
            dialog.destroy()  # it would go on to something else
        return self._show("install", lambda: InstallDialog(self._root, doing, partial(self._window.attempt, then)))

    def retrain(self) -> Dialog:
        """Open the dialog that trains a model, or the one that installs what that needs. Raises UserError."""
        if tensorflow_is_missing():
            return self._install(N_("Training"), self.retrain)
        self._bundle()  # where there is none, there is nothing to compare with, nor to go on from
        return self._show("retrain", lambda: TrainingDialog(self._root, self._bundle, self._use))

    def models(self) -> Dialog:
        """Open the list of models."""
        return self._show("models", lambda: ModelsDialog(self._root, self._use, self.with_tensorflow))

    def open_model(self) -> Dialog:
        """Ask for a model's file, open it and read with it."""
        return self._show("open", lambda: OpenDialog(self._root, self._use, self.with_tensorflow))

    def drawings(self) -> Dialog:
        """Open the drawings that are kept."""
        return self._show("drawings", lambda: DrawingsDialog(self._root, self._session.samples, lambda: None))

    def about(self, page: str = "inkling") -> Dialog:
        """Tell what program this is, and what it is made of; or, on the page "model", what model reads."""
        dialog = self._show("about", lambda: AboutDialog(self._root, self._bundle, page))
        assert isinstance(dialog, AboutDialog)
        dialog.show(page)
        return dialog

    def shortcuts(self) -> Dialog:
        """Open the sheet of all keys and gestures."""
        lines = [Line(entry.menu, entry.label, entry.keys) for entry in main_menu.entries(self._window)]
        return self._show("shortcuts", lambda: ShortcutsDialog(self._root, [*lines, *GESTURES]))

    def report_problem(self) -> Dialog:
        """Open what makes a file to send with a question."""
        return self._show("problem", lambda: ProblemDialog(self._root, self._bundle, lambda: self._session.drawing))

    def _bundle(self) -> Bundle:
        """Return the model in use. Raises UserError."""
        return self._session.recognizer.bundle

    def _show(self, name: str, make: Callable[[], Dialog]) -> Dialog:
        """Open a dialog beside the window, or bring it to the front where it is open already."""
        dialog = self._open[name][0] if name in self._open else None
        if dialog is None or not dialog.winfo_exists():
            dialog = make()
            self._open[name] = dialog, make
        dialog.lift()
        dialog.focus_set()
        return dialog
