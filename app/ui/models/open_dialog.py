"""Model ▸ Open…: a bundle, or a Keras model of the user's own, which a child process checks and exports."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, ttk

from app.jobs.job import Job
from app.kept import models, settings
from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.kit.key_events import PRESSES, bind_plain
from app.ui.kit.pages import PagedDialog
from app.ui.kit.questions import is_asking
from model.base import events
from model.base.errors import UserError
from model.base.installation import needs_tensorflow, tensorflow_is_missing
from model.base.language import N_, _
from model.base.program import FROZEN
from model.bundle.bundle import CARD_FILE, KERAS_FILE, LITERT_FILE

log = logging.getLogger(__name__)

KERAS_SUFFIXES = (".keras", ".h5", ".hdf5")
KERAS = N_("Opening a Keras model")

ASK = "ask"  # what a failure says when the probe could not tell how a model reads

# Of each question its word for the command, the caption, and the answers: word -> text; the first is preset.
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "ink": (
        N_("Digits are"),
        {"bright": N_("bright on dark, as MNIST's are"), "dark": N_("dark on bright, as on paper")},
    ),
    "scale": (N_("Pixels go from"), {"1": N_("0 to 1"), "255": N_("0 to 255")}),
    "outputs": (
        N_("It answers with"),
        {
            "probabilities": N_("probabilities (softmax)"),
            "logits": N_("logits"),
            "scores": N_("a score for each digit (sigmoid)"),
        },
    ),
}


# What was found out, in words: ink, then answers.
FOUND = {
    "bright": N_("bright"),
    "dark": N_("dark"),
    "probabilities": N_("probabilities"),
    "scores": N_("scores"),
    "logits": N_("logits"),
}


class OpenDialog(PagedDialog):
    """Asks for a file, opens the model in it, and says what was found or why it is refused.

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
        self._doing = ttk.Label(self.page)
        self._answers = {word: tk.StringVar(self, next(iter(texts))) for word, (_caption, texts) in QUESTIONS.items()}
        self._asking = Timer(self)
        self._asking.start("idle", self._ask)

    @property
    def stays(self) -> bool:
        """Whether it goes on as it is when the language or the look changes: always, else it would ask for a file."""
        return True

    def close(self) -> None:
        """Close the dialog; a check under way ends by itself."""
        if is_asking(self):
            return
        if self.job:
            self.job.cancel()
        self.destroy()

    def _ask(self) -> None:
        """Ask for a file and open it; without one nothing stays open that was not before."""
        shown = bool(self.winfo_viewable())
        name = filedialog.askopenfilename(
            parent=self if shown else self.master,
            title=_("Open a model"),
            filetypes=[(_("Models"), (*KERAS_SUFFIXES, ".json")), (_("All files"), "*")],
        )
        if name:
            self._open(Path(name))
        elif not shown:
            self.destroy()

    def _open(self, path: Path) -> None:
        self._path = path
        in_bundle = path.name in (CARD_FILE, KERAS_FILE, LITERT_FILE) and path.with_name(CARD_FILE).is_file()
        if in_bundle:
            try:
                self._opened(models.add(path.parent), "")
            except UserError as error:
                self._refuse(str(error))
        elif path.suffix.lower() not in KERAS_SUFFIXES:
            sentence = _("{path} is no model; choose a .keras or .h5 file, or the {card} of a model's folder.")
            self._refuse(sentence.format(path=path, card=CARD_FILE))
        elif tensorflow_is_missing():
            sentence = needs_tensorflow(_(KERAS))
            self._refuse(sentence, *([] if FROZEN else [(N_("Install TensorFlow…"), self._install)]))
        else:
            self._check([])

    def _install(self) -> None:
        self._with_tensorflow(KERAS, lambda: self._check([]) if self.winfo_exists() else None)

    def _check(self, answers: list[str]) -> None:
        self._place = models.new_place(self._path.stem)
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
            case events.Opened():
                found = _("It reads {ink} ink, 0 to {scale}, and answers with {outputs}.")
                ink, outputs = _(FOUND[event.ink]), _(FOUND[event.outputs])
                self._opened(self._place.name, found.format(ink=ink, scale=event.scale, outputs=outputs))
            case events.Failed() if event.instead == ASK:
                self._show_questions(event.message)
            case events.Failed():
                self._refuse(event.message)

    def _opened(self, key: str, found: str) -> None:
        """Read with a model that is kept now, and say what it is."""
        self._use(key)
        if settings.load().model != key:
            self._refuse(_("{name} cannot be used; the window says why.").format(name=models.name(key)))
            return
        self.turn(_("{name} reads now.").format(name=models.name(key)))
        if found:
            self.write(found)
        self.write(_("It is kept; Model ▸ Models… lists it."), "Hint.TLabel")
        self.offer((N_("Close"), self.close), (N_("Open another…"), self._ask))

    def _refuse(self, sentence: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        log.info("told the user: %s", sentence)
        self.turn(_("{name} was not opened").format(name=self._path.name))
        self.write(sentence, "Warning.TLabel")
        self.offer(*buttons, (N_("Choose another file…"), self._ask), (N_("Close"), self.close))

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
        """Begin a page, and be seen from the first one on."""
        super().turn(title)
        self.deiconify()
