"""A training's result: the new model next to the current one, and what only one of them reads right."""

from __future__ import annotations

import base64
import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.facts.card_text import percent
from app.ui.kit import style
from model.base.events import Compared, Difference
from model.base.language import _

EACH = 72  # pixels for each picture in a row
ENLARGED = 2  # factor for the images, which have 28 pixels a side


class TrainingResult(ttk.Frame):
    """Shows two models side by side.

    Args:
        parent: the dialog.
        compared: the measurements.
        names: the current model's and the new one's.
        widest: pixels of the screen that it may use.
    """

    def __init__(self, parent: tk.Misc, compared: Compared, names: tuple[str, str], widest: int):
        super().__init__(parent)
        self._beside = max(1, widest // style.px(EACH))  # pictures in a row
        sides = (compared.current, compared.new)
        ttk.Label(self, text=_verdict(*compared.gained), style="Title.TLabel", wraplength=widest).pack(anchor="w")
        table = ttk.Frame(self)
        table.pack(anchor="w", pady=(style.px(10), style.px(6)))
        rows = (
            ("", _("Current model"), _("New model")),
            ("", *names),
            (
                _("Reads, of {count:,} test images").format(count=compared.images),
                *(percent(side.right / compared.images) for side in sides),
            ),
            (_("Errors"), *(f"{compared.images - side.right:,}" for side in sides)),
            (
                _("Reads, of {count:,} digits drawn by the program").format(count=compared.drawn),
                *(percent(side.right_drawn / max(1, compared.drawn)) for side in sides),
            ),
            (_("Size"), *(f"{side.size / 1e6:.1f} MB" for side in sides)),
            (_("An answer takes"), *(f"{side.milliseconds:.2f} ms" for side in sides)),
        )
        gained = dict(zip((2, 4), compared.gained, strict=True))  # by the row that shows it
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                better = (-1, 1)[column - 1] * gained.get(row, 0) > 0 if column else False
                name = "Strong.TLabel" if better or (row == 0 and column) else "Small.TLabel" if row == 1 else "TLabel"
                label, side = ttk.Label(table, text=text, style=name), "e" if column else "w"
                label.grid(row=row, column=column, sticky=side, padx=(0, style.px(26)), pady=style.px(2))
        self._pictures: list[tk.PhotoImage] = []  # Tk shows them only as long as something references them
        for title, reads, other in (
            (_("Only the current model reads these"), "current", "new"),
            (_("Only the new model reads these"), "new", "current"),
        ):
            if only := [each for each in compared.differences if getattr(each, reads) == each.digit]:
                self._add_pictures(title, only, other)

    def _add_pictures(self, title: str, differences: Sequence[Difference], other: str) -> None:
        ttk.Label(self, text=title).pack(anchor="w", pady=(style.px(10), style.px(4)))
        row = ttk.Frame(self)
        row.pack(anchor="w")
        for place, each in enumerate(differences):
            line, column = divmod(place, self._beside)
            picture = _picture(self, base64.b64decode(each.image))
            self._pictures.append(picture)
            text = _("{digit}, not {other}").format(digit=each.digit, other=getattr(each, other))
            shown = tk.Label(row, image=picture, borderwidth=0, background=style.now.colours.paper)
            shown.grid(row=2 * line, column=column, padx=(0, style.px(8)))
            caption = ttk.Label(row, text=text, style="Small.TLabel")
            caption.grid(row=2 * line + 1, column=column, padx=(0, style.px(8)))


def _verdict(images: int, drawn: int) -> str:
    """Return which of two models is better, by how many more test images and drawn digits the new one reads."""
    more = abs(images + drawn)
    if images * drawn < 0:
        fewer_drawn = _(
            "The new model reads {more:,} more of the test images, but {fewer:,} fewer of the drawn digits."
        )
        fewer_images = _(
            "The new model reads {more:,} more of the drawn digits, but {fewer:,} fewer of the test images."
        )
        sentence = fewer_drawn if images > 0 else fewer_images
        return sentence.format(more=max(images, drawn), fewer=-min(images, drawn))
    if images + drawn > 0:
        return _("The new model is better: it reads {count:,} more.").format(count=more)
    if images + drawn < 0:
        return _("The current model is better: it reads {count:,} more.").format(count=more)
    return _("Both models read equally many.")


def _picture(parent: tk.Misc, image: bytes) -> tk.PhotoImage:
    """Return an image of 28x28 bytes, from 0 for paper to 255 for ink, as a Tk picture, enlarged."""
    grey = b"P5 28 28 255\n" + bytes(255 - value for value in image)
    return tk.PhotoImage(master=parent, data=grey, format="PPM").zoom(round(ENLARGED * style.now.factor))
