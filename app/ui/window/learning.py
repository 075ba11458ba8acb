"""The model in use: which one it is, when it learns, the strip that shows that, and undoing it."""

from __future__ import annotations

import logging
from dataclasses import replace
from tkinter import messagebox
from typing import TYPE_CHECKING

from app.facts import card_text
from app.jobs import teaching
from app.kept import models, settings
from app.ui.answer.note import NONE, Note
from app.ui.kit.background import Timer
from app.ui.kit.dialog import in_front
from app.ui.training.learner import Learner
from app.ui.training.teaching_strip import TeachingStrip
from app.ui.window.editor import FORGOTTEN, LEARNED
from model.base.errors import UserError
from model.base.language import N_, _

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow
    from model.bundle.bundle import Bundle
    from model.reading.recognizer import Recognizer


UNDER_ANOTHER = {  # what's said under a newer drawing than the one that it's about
    LEARNED: N_("Your last correction is learned."),
    FORGOTTEN: N_("Your last correction is forgotten."),
}
AHEAD = 20_000  # milliseconds after the window opens: by then, people have used it, or it's idle


class Learning:
    """Lets the model in use learn from the saved drawings, or switches to another model."""

    def __init__(self, window: MainWindow):
        self._window, self._session = window, window.session
        self._strip: TeachingStrip | None = None  # below the window's buttons, once there's something to show
        self._learner = Learner(window.root, self._session.samples, self._bundle, self._has_learned, self._tell)
        self._note, self._done = NONE, ""  # shown when it began to learn, and what to say when it has learned
        self._about: object = None  # what was worked on then
        self._preparing = Timer(window.root)

    def use(self, key: str) -> None:
        """Read with another model from now on, or say why that can't be done."""
        try:
            self._session.use(models.use(key))
        except UserError as error:
            self._window.tell(error)
            return
        self.show_model()
        self._window.editor.show()
        self._window.editor.show_hint(_("{model} is now in use.").format(model=models.name(key)))

    def show_model(self) -> None:
        """Show which model reads, unless it's the built-in one."""
        session = self._session
        shown = models.own_name(session.recognizer.bundle) if session.is_ready else ""
        self._window.contents.toolbar.show_model(shown)

    def changed(self, note: Note = NONE, done: str = "") -> Note:
        """Learn the saved drawings, which have changed, if the user wants that; otherwise say how many wait.

        Returns the note that says so. Once they're learned, ``done`` is said after it, or what prevented that. Raises
        UserError.
        """
        if self._strip and self._strip.busy:
            self._strip.check()
        if settings.load().learn:
            if self._strip and self._strip.busy:  # it learns what was saved until then
                return note
            if self._learner.learn():
                self._note, self._done, self._about = note, done, self._session.subject
            return note
        waiting = self._session.samples.waiting(self._bundle().network)
        count = waiting.new if self._is_busy else waiting.all  # the others are being learned
        if not count:
            return note
        line = _("Still to learn: {count}.").format(count=count)
        how = _("Learn now in Model ▸ My drawings…, or Ctrl+T, lets the model learn what waits.")
        return replace(note, text=f"{note.text} {line}".lstrip(), more=f"{note.more} {how}".lstrip())

    def prepare(self) -> None:
        """Prepare what's rehearsed when the window has been open for a while, if corrections are learned."""
        if settings.load().learn:
            self._preparing.start(AHEAD, self._learner.prepare)

    def learned(self) -> int:
        """Return how many of the saved drawings the model in use has learned; 0 if that isn't known."""
        samples = self._session.samples
        try:
            return samples.count() - samples.waiting(self._bundle().network).all
        except UserError:
            return 0

    def learn_again(self) -> None:
        """Let a new built-in model, if an update has brought one, learn what the model in use has learned.

        What was saved but not learned, because the program ended first, is learned now. Nobody has asked for this, so
        nothing is said if it can't begin; the next start tries again.
        """
        try:
            bundle = self._bundle()
            built_in = teaching.successor(bundle)
            if built_in:
                self.teach(built_in)
            elif bundle.is_taught:
                self.changed()
        except UserError as error:
            logging.info("nothing is learned again", exc_info=error)

    def teach(self, built_in: Bundle | None = None) -> None:
        """Teach the model in use, or another one to replace it. Raises UserError if that can't begin."""
        if self._strip is None:
            window, samples = self._window, self._session.samples
            beside = lambda: window.contents.toolbar.rest  # noqa: E731  (another one after each change of look)
            self._strip = TeachingStrip(window.root, samples, self._bundle, self.use, beside)
            self._strip.undo = lambda: window.attempt(self.undo)
            self._strip.bind("<<Said>>", lambda event: self._show(event.widget.said))
        if self._is_busy:
            raise UserError(_("It's already learning. Wait until it's done, or cancel it."))
        self._strip.teach(built_in)

    def undo(self) -> None:
        """Go back to the model that the one in use replaced, after saying what will be forgotten, and asking.

        Raises UserError if there isn't one.
        """
        key = teaching.before(self._bundle())
        before = next((each for each in models.everything() if each.key == key and each.bundle), None)
        if before is None or before.bundle is None:
            raise UserError(
                _("The model in use hasn't learned anything, or the earlier one is gone. See Model ▸ Models….")
            )
        asks, detail = in_front(self._window.root), _("Your drawings stay saved. Learn now learns them again.")
        sentence = card_text.forgotten(self._bundle().card, before.bundle.card)
        parent, title = asks or self._window.root, _("Undo learning")
        if not messagebox.askokcancel(title, sentence, detail=detail, default="cancel", parent=parent):
            return
        self.use(before.key)
        if self._strip:
            self._strip.hide()  # what it reports, and could undo, has been undone

    def can_teach(self) -> bool:
        """Return whether something waits to be learned, and nothing is being learned right now."""
        try:
            return not self._is_busy and self._session.samples.differ(self._bundle().network)
        except UserError:
            return False

    def can_undo(self) -> bool:
        """Return whether the model in use was taught, and nothing is being learned right now."""
        try:
            return not self._is_busy and bool(teaching.taught_from(self._bundle()))
        except UserError:
            return False

    def redraw(self) -> None:
        """Show the model in use and the strip in the current language."""
        self.show_model()
        if self._strip:
            self._strip.redraw()

    def end(self) -> None:
        """End what's under way: the window is closing."""
        self._learner.end()
        if self._strip:
            self._strip.end()

    def _has_learned(self, recognizer: Recognizer) -> None:
        self._session.has_learned(recognizer)
        self.show_model()

    @property
    def _is_busy(self) -> bool:
        return self._learner.busy or (self._strip is not None and self._strip.busy)

    def _tell(self, learned: bool, why: str, whole: str) -> None:
        """Say how learning went, after what was said before: in short, or why it failed. A click tells the whole.

        If there was nothing to say before, as when a drawing that was never learned is undone, this says nothing.
        """
        self._show(whole)
        if not learned and not self._done:
            return
        is_newer = self._session.subject is not self._about
        before = NONE if is_newer else self._note
        short = (_("Not all is read right yet.") if why else "") if learned else why
        done = "" if not learned else UNDER_ANOTHER.get(self._done, "") if is_newer else self._done
        text = " ".join(filter(None, (before.text, _(done) if done else "", short)))
        more = why or before.more or whole if text else ""
        note = replace(before, text=text, more=more, is_problem=not learned)
        self._window.editor.show_learned(note)

    def _show(self, line: str) -> None:
        """Say in My drawings, if it's open, how far learning is or how it went."""
        if "dialogs" in vars(self._window):  # otherwise no dialog has been opened yet
            self._window.dialogs.learned(line)

    def _bundle(self) -> Bundle:
        """Return the model in use. Raises UserError."""
        return self._session.recognizer.bundle
