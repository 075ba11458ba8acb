"""Help ▸ Report a problem…: shows what a report would contain, and saves it for the user to send."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from tkinter.font import Font
from typing import Any

from app.facts import problem_report
from app.ui.kit import style
from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import ask_where_to_save
from app.ui.kit.text_view import LETTERS, TextView
from model.base.language import N_, _
from model.bundle.bundle import Bundle
from model.ink.ink import Drawing

ABOUT = N_(
    "Inkling sends nothing by itself. It makes a file that you can look through, and send with your "
    "question to whoever you got Inkling from."
)
# What each file of the report is.
NAMES = {
    problem_report.WORDS: N_("What you say"),
    problem_report.VERSIONS: N_("Versions and the system"),
    problem_report.SETTINGS: N_("Settings"),
    problem_report.CARD: N_("The model's card"),
    problem_report.ERROR: N_("The last error"),
    problem_report.LOG: N_("The end of the log"),
    problem_report.DRAWING: N_("The drawing"),
}
WORDS_HIGH = 3  # lines to say something in
SHOWN_HIGH = 10  # lines of a file


class ProblemDialog(Dialog):
    """Collects a report, shows all of it, and saves it.

    ``bundle`` returns the model in use, and may raise UserError; ``drawing`` what is drawn now, which goes with the
    report only if the user wants that.
    """

    def __init__(self, parent: tk.Misc, bundle: Callable[[], Bundle], drawing: Callable[[], Drawing]):
        super().__init__(parent, _("Report a problem"), more=0)
        inside = self.body.inside
        self._bundle, self._drawing = bundle, drawing
        self._files: dict[str, str] = {}
        self._folder: Path | None = None  # where the report was saved last
        wide = Font(self, (style.family(self), style.points(11))).measure("0") * LETTERS
        wide = min(wide, self.room(round(wide / style.now.factor)))
        ttk.Label(inside, text=_(ABOUT), wraplength=wide, justify="left").pack(anchor="w")
        ttk.Label(inside, text=_("What happened?"), style="Strong.TLabel").pack(anchor="w", pady=(style.px(12), 0))
        self.first = self._words = self._add_field()
        self._with_drawing = tk.BooleanVar(self)
        self._box = ttk.Checkbutton(
            inside, text=_("Add the drawing on the pad"), variable=self._with_drawing, command=self._collect
        )
        self._box.pack(anchor="w", pady=(style.px(8), 0))
        if drawing().is_blank:
            self._box.state(["disabled"])
        ttk.Label(inside, text=_("What will be in the file"), style="Strong.TLabel").pack(
            anchor="w", pady=(style.px(12), style.px(4))
        )
        page = ttk.Frame(inside)
        self.buttons.add(_("Save…"), self._save, "Accent.TButton")
        self._open = self.buttons.add(_("Open the folder"), self._open_folder)
        self._open.state(["disabled"])
        self.add_close()
        page.pack(fill="both", expand=True)
        self._list = ttk.Treeview(page, columns=("name",), show="", height=len(NAMES), selectmode="browse")
        self._view = TextView(page, SHOWN_HIGH)
        longest = max(Font(self, (style.family(self), style.points(11))).measure(_(name)) for name in NAMES.values())
        self._list.column("name", width=longest + style.px(28), stretch=False)
        self._list.pack(side="left", fill="y", padx=(0, style.px(8)))
        self._view.pack(side="left", fill="both", expand=True)
        self._view.text.configure(width=1)  # as wide as the rest leaves it
        self._list.bind("<<TreeviewSelect>>", lambda _event: self._show())
        self._collect()

    def entered(self) -> dict[str, Any]:
        """Return what is said, what is added, and where a report was saved."""
        return {"words": self._said(), "with_drawing": self._with_drawing.get(), "folder": self._folder}

    def enter(self, entered: dict[str, Any]) -> None:
        """Say and add the same."""
        self._words.insert("1.0", entered["words"])
        self._with_drawing.set(entered["with_drawing"])
        self._folder = entered["folder"]
        if self._folder:
            self._open.state(["!disabled"])
        self._collect()

    def _add_field(self) -> tk.Text:
        look = style.text_options(self)
        field = tk.Text(self.body.inside, height=WORDS_HIGH, width=1, wrap="word", undo=True, **look)  # packed as wide
        field.pack(fill="x", pady=(style.px(4), 0))
        # Tab goes on, as in the rest of the dialog: nobody writes tables here.
        field.bind("<Tab>", lambda _event: self._pass_on("tk_focusNext"))
        field.bind("<Shift-Tab>", lambda _event: self._pass_on("tk_focusPrev"))
        field.bind("<<Modified>>", lambda _event: self._written())
        return field

    def _said(self) -> str:
        return self._words.get("1.0", "end-1c")

    def _pass_on(self, turn: str) -> str:
        self.tk.call("tk::TabToWindow", self.tk.call(turn, self._words))
        return "break"

    def _written(self) -> None:
        if self._words.edit_modified():
            self._words.edit_modified(False)
            self._files[problem_report.WORDS] = problem_report.said(self._said())
            self._show()

    def _collect(self) -> None:
        drawing = self._drawing() if self._with_drawing.get() else None
        tk_version = str(self.tk.call("info", "patchlevel"))
        self._files = problem_report.collect(tk_version, self._bundle, drawing)
        self._files[problem_report.WORDS] = problem_report.said(self._said())
        chosen = next(iter(self._list.selection()), problem_report.VERSIONS)
        self._list.delete(*self._list.get_children())
        for name in self._files:
            self._list.insert("", "end", name, values=(_(NAMES[name]),))
        chosen = chosen if chosen in self._files else problem_report.VERSIONS
        self._list.selection_set(chosen)
        self._list.focus(chosen)

    def _show(self) -> None:
        for name in self._list.selection():
            if self._view.content != self._files[name]:
                self._view.show(self._files[name])

    def _save(self) -> None:
        kinds = {_("Archive"): (".zip",)}
        name = ask_where_to_save(self, _("Save the report"), kinds, problem_report.file_name())
        if not name:
            return
        self._collect()  # the drawing can be another one meanwhile
        if self.attempt(lambda: problem_report.write(self._files, Path(name))):
            self._folder = Path(name).parent
            self._open.state(["!disabled"])
            self.say(_("The report is saved as {path}. Send it with your question.").format(path=name))

    def _open_folder(self) -> None:
        if self._folder:
            sentence = _("This system has no program that opens folders. The report is in {folder}")
            self.open_outside(self._folder, problem=sentence.format(folder=self._folder))
