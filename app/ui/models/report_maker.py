"""Making the evaluation report on a model, in a child process, for a dialog."""

from __future__ import annotations

from collections.abc import Callable
from tkinter import filedialog, ttk

from app.jobs.job import Job
from app.kept import models, settings
from app.kept.models import Model
from app.ui.kit import style
from app.ui.kit.dialog import Dialog
from model.base import events
from model.base.errors import UserError
from model.base.language import _


class ReportMaker:
    """Makes one report at a time, and tells in the dialog how far it is.

    Args:
        dialog: whose job it is.
        made: is given the key of the model whose report is there now.
        changed: is called when a report is begun, and when it ends.
    """

    def __init__(self, dialog: Dialog, made: Callable[[str], None], changed: Callable[[], None]):
        self._dialog = dialog
        self._made = made
        self._changed = changed
        self._model: Model | None = None
        self._choose = ttk.Button(dialog, text=_("Choose MNIST…"), command=self._choose_data, style="Small.TButton")
        self.key: str | None = None  # of the model whose report is being made

    def make(self, model: Model) -> None:
        """Begin a report on a model, or say why not."""
        self._choose.pack_forget()
        if model.bundle is None:
            return
        place = models.report_place(model.key)
        data = settings.load().data
        words = ["evaluate", "--model", str(model.bundle.path), "--output", str(place)]
        try:
            job = Job([*words, "--data", data] if data else words, output=place)
        except UserError as error:
            self._dialog.tell(error)
            return
        self._model, self.key = model, model.key
        self._say(_("starting"))
        self._changed()
        self._dialog.follow(job, self._told)

    def stop(self) -> None:
        """End it; what it has measured is lost."""
        if self._dialog.job:
            self._dialog.job.cancel()

    def _told(self, event: events.Event) -> None:
        match event:
            case events.Stage():
                self._say(event.doing)
            case events.Downloading():
                doing = _("downloading MNIST, {done:.1f} of {total:.1f} MB")
                self._say(doing.format(done=event.done / 1e6, total=event.total / 1e6))
        if not isinstance(event, events.LAST) or self.key is None:
            return
        key, self.key = self.key, None
        self._dialog.say("")
        self._changed()
        if isinstance(event, events.Finished):
            self._made(key)
        elif isinstance(event, events.Failed):
            self._dialog.say(event.message, problem=True)
            if event.instead == "data":  # offered below the sentence
                self._choose.pack(
                    side="bottom", anchor="w", pady=(style.px(8), 0), before=self._dialog.pack_slaves()[-1]
                )

    def _say(self, doing: str) -> None:
        name = self._model.name if self._model else ""
        self._dialog.say(_("Making the report on {name}: {doing}…").format(name=name, doing=doing))

    def _choose_data(self) -> None:
        path = filedialog.askopenfilename(
            parent=self._dialog,
            title=_("Choose MNIST"),
            filetypes=[(_("MNIST as one file"), ".npz"), (_("All files"), "*")],
        )
        if path and self._model:
            try:
                settings.change(data=path)
            except UserError as error:
                self._dialog.tell(error)
                return
            self.make(self._model)
