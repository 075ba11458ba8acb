"""Model ▸ Open…: a bundle, or a user's own Keras model, which a child process checks and exports."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

from app.jobs.job import Job
from app.kept import models, settings
from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.kit.file_dialogs import MODEL, ask_for_file
from app.ui.kit.key_events import PRESSES, bind_plain
from app.ui.kit.pages import PagedDialog
from app.ui.kit.questions import is_asking
from model.base import events
from model.base.errors import UserError
from model.base.installation import needs_tensorflow, tensorflow_is_missing
from model.base.language import N_, _
from model.base.program import FROZEN
from model.bundle import others
from model.bundle.bundle import CARD_FILE, KERAS_FILE, LITERT_FILE
from model.bundle.others import ENDINGS

log = logging.getLogger(__name__)

KERAS = N_("Opening a Keras model")

WELL = 0.8  # of the drawn digits: what reads fewer was trained on something else, or in another manner
ASK = "ask"  # what a failure says when the probe couldn't tell how a model reads

# Of each question its word for the command, the caption, and the answers: word -> text; the first is preset.
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "ink": (
        N_("Digits are"),
        {"bright": N_("bright on dark, as MNIST's are"), "dark": N_("dark on bright, as on paper")},
    ),
    "scale": (
        N_("Pixels go from"),
        {
            "1": N_("0 to 1"),
            "255": N_("0 to 255"),
            "normalized": N_("0 to 1, normalized by columns"),
        },
    ),
    "outputs": (
        N_("It answers with"),
        {
            "probabilities": N_("probabilities (softmax)"),
            "logits": N_("logits"),
            "scores": N_("a score for each digit (sigmoid)"),
        },
    ),
}


# What was found out, in words: ink, how it's scaled, then answers.
FOUND = {
    "bright": N_("bright"),
    "dark": N_("dark"),
    "1": N_("0 to 1"),
    "255": N_("0 to 255"),
    "normalized": N_("normalized by columns"),
    "probabilities": N_("probabilities"),
    "scores": N_("scores"),
    "logits": N_("logits"),
}


class OpenDialog(PagedDialog):
    """Asks for a file, opens the model in it, and says what was found or why it's rejected.

    ``use`` and ``with_tensorflow`` are those of the list of models.
    """

    def __init__(
        self,
        parent: tk.Misc,
        use: Callable[[str], None],
        with_tensorflow: Callable[[str, Callable[[], object]], None],
    ):
        super().__init__(parent, _("Open a model"))
        self.withdraw()  # until a file is chosen
        self._use, self._with_tensorflow = use, with_tensorflow
        self._path = self._place = Path()  # of the file, and of the model that is made of it
        self._made = ""  # the key of the model that was made of the file, before another is, told otherwise
        self._notes: list[str] = []  # on that file
        self._doing = ttk.Label(self.page)
        self._answers = {word: tk.StringVar(self, next(iter(texts))) for word, (_caption, texts) in QUESTIONS.items()}
        self._asking = Timer(self)
        self._asking.start(0, self._ask)

    @property
    def stays(self) -> bool:
        """Whether it goes on as it is when the language or the look changes: always, else it would ask for a file."""
        return True

    def close(self) -> None:
        """Close the dialog; a check under way ends on its own."""
        if is_asking(self):
            return
        if self.job:
            self.job.cancel()
        self._leave_unused()
        self.destroy()

    def _ask(self) -> None:
        """Ask for a file and open it; without one nothing stays open that wasn't before."""
        shown = bool(self.winfo_viewable())
        kinds = {_("Models"): (*ENDINGS, ".json")}
        name = ask_for_file(self if shown else self.master, _("Open a model"), kinds, MODEL)
        if name:
            self._open(Path(name))
        elif not shown:
            self.destroy()

    def _open(self, path: Path) -> None:
        self._leave_unused()
        self._path = path
        in_bundle = path.name in (CARD_FILE, KERAS_FILE, LITERT_FILE) and path.with_name(CARD_FILE).is_file()
        if in_bundle:
            try:
                self._opened(models.add(path.parent))
            except UserError as error:
                self._refuse(str(error))
        elif found := _other(path):
            self._refuse(found)
        elif tensorflow_is_missing():
            sentence = needs_tensorflow(_(KERAS))
            self._refuse(sentence, *([] if FROZEN else [(N_("Install TensorFlow…"), self._install)]))
        else:
            self._check([])

    def _install(self) -> None:
        self._with_tensorflow(KERAS, lambda: self._check([]) if self.winfo_exists() else None)

    def _check(self, answers: list[str]) -> None:
        self._place = models.new_place(self._path.stem)
        self._notes.clear()
        name = self._path.stem[: models.LONGEST_NAME]
        words = ["open", str(self._path), "--output", str(self._place), f"--name={name}", *answers]
        try:
            job = Job(words, output=self._place)
        except UserError as error:
            self._refuse(str(error))
            return
        self.turn(_("Checking {name}…").format(name=self._path.name))
        bar, self._doing = self.add_progress()
        bar.show(None)
        self.offer((N_("Cancel"), self.close))
        self.follow(job, self._told, precious=False)  # the file stays as it is

    def _told(self, event: events.Event) -> None:
        match event:
            case events.Stage():
                self._doing.configure(text=f"{event.doing}…")
            case events.Noted():
                self._notes.append(event.note)
            case events.Opened():
                self._judge(event)
            case events.Failed() if event.instead == ASK:
                self._show_questions(event.message)
            case events.Failed():
                self._refuse(event.message)

    def _judge(self, event: events.Opened) -> None:
        """Read with the model that was made, unless it reads so poorly that its user is to be asked."""
        before, self._made = self._made, self._place.name
        if before and before != settings.load().model:
            models.delete(before)
            before = ""
        for word in QUESTIONS:
            self._answers[word].set(getattr(event, word))
        reads = _("It reads {right} of {drawn} drawn digits.").format(right=event.right, drawn=event.drawn)
        found = _("It reads {ink} ink, {scale}, and answers with {outputs}.")
        found = found.format(ink=_(FOUND[event.ink]), scale=_(FOUND[event.scale]), outputs=_(FOUND[event.outputs]))

        def use() -> None:
            self._opened(self._place.name, reads, found, *self._notes)
            if before and before != settings.load().model:
                models.delete(before)

        if event.right >= WELL * event.drawn:
            use()
            return
        self.turn(_("{name} reads poorly").format(name=self._path.name))
        self.write(reads, "Warning.TLabel")
        sentence = _("It may have been trained on something other than digits, or on images that look different.")
        self.write(sentence)
        self.write(found, "Hint.TLabel")
        self.offer((N_("Don't use it"), self.close), (N_("How it reads…"), self._ask_anew), (N_("Use it anyway"), use))

    def _leave_unused(self) -> None:
        """Delete the model that was made of a file, where nobody wanted to use it."""
        if self._made and self._made != settings.load().model:
            models.delete(self._made)
        self._made = ""

    def _opened(self, key: str, *found: str) -> None:
        """Read with a model that is kept now, and say what it is."""
        self._use(key)
        if settings.load().model != key:
            self._refuse(_("{name} can't be used; the window says why.").format(name=models.name(key)))
            return
        self.turn(_("{name} is now in use.").format(name=models.name(key)))
        for sentence in found:
            self.write(sentence)
        self.write(_("It's saved; Model ▸ Models… lists it."), "Hint.TLabel")
        otherwise = [(N_("How it reads…"), self._ask_anew)] if found else []
        self.offer((N_("Close"), self.close), *otherwise, (N_("Open another…"), self._ask))

    def _refuse(self, sentence: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        log.info("told the user: %s", sentence)
        self.turn(_("{name} wasn't opened").format(name=self._path.name))
        self.write(sentence, "Warning.TLabel")
        self.offer(*buttons, (N_("Choose another file…"), self._ask), (N_("Close"), self.close))

    def _ask_anew(self) -> None:
        self._show_questions(_("Say how it reads, and it's opened again."))

    def _show_questions(self, message: str) -> None:
        self.turn(_("How does {name} read?").format(name=self._path.name))
        self.write(message, below=10)
        table = ttk.Frame(self.page)
        table.pack(anchor="w")
        row = 0
        for word, (caption, texts) in QUESTIONS.items():
            ttk.Label(table, text=_(caption)).grid(
                row=row, column=0, sticky="w", padx=(0, style.px(14)), pady=style.px(2)
            )
            for answer, text in texts.items():
                choice = ttk.Radiobutton(table, text=_(text), variable=self._answers[word], value=answer)
                choice.grid(row=row, column=1, sticky="w", pady=style.px(2))
                for key in PRESSES:
                    bind_plain(choice, key, lambda _event: self._check_as_answered())
                row += 1
            table.rowconfigure(row, minsize=style.px(8))
            row += 1
        self.offer((N_("Open"), self._check_as_answered), (N_("Cancel"), self.close))

    def _check_as_answered(self) -> None:
        self._check([f"--{word}={answer.get()}" for word, answer in self._answers.items()])

    def turn(self, title: str) -> None:
        """Begin a page; the first one makes the dialog visible."""
        super().turn(title)
        self.deiconify()


def _other(path: Path) -> str:
    """Return why a file can't be a network, in sentences, without starting what looks closer; nothing where it can."""
    try:
        return others.way_on(path)
    except OSError as error:
        return _("{name} can't be read ({reason}); choose another file.").format(name=path.name, reason=error.strerror)
