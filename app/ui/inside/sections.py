"""The sections of the panel that sees inside: the way to the image, the image, for and against, hidden units."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from tkinter.font import Font

from app.ui.inside import pixels
from app.ui.inside.column import WIDTH
from app.ui.inside.digit_row import DigitRow
from app.ui.inside.pixels import ink, picture_of, put
from app.ui.kit import style
from app.ui.kit.line_breaks import broken
from app.ui.kit.numbers import percent, share, signed
from app.ui.kit.progress_bar import ProgressBar
from model.base.language import N_, _
from model.base.work import Work
from model.inside.chain import Chain
from model.inside.inside import Maps, Stage, third_of_most
from model.inside.steps import Array
from model.reading.normalize import SIDE, Image28

CELL, WEIGHT = 8, 2  # pixels of 1/96 inch that a pixel of the image has, and a weight
LAST = 3  # stages in which the digit is alone
SHOWN = 8  # hidden units
BESIDE = 4  # of them in a row
LITTLE = 0.1  # of the log odds: what counts less isn't spoken of
MUCH = 0.1  # of the strongest for: what is against is named when it is more

WAYS = {
    "drawn": N_(
        "Your drawing is scaled to fit a box of 20×20 pixels and drawn with an even pen. Then it's moved "
        "until its centre of mass (the cross) is in the middle. Its size and place no longer make a "
        "difference."
    ),
    "picture": N_(
        "A separate network, the eye, finds the pixels that are ink of digits, and of their signs "
        "(coloured). What's faded is left out. The ink of the framed digit is scaled to fit a box of "
        "20×20 pixels, and moved until its centre of mass (the cross) is in the middle. Its size and "
        "place no longer make a difference."
    ),
}
SEEN = N_("28×28 pixels, 784 numbers from 0 (paper) to 1 (ink): that's all the network sees.")
DOUBTED = N_(
    "A second network looks at the same pixels, and says which digit it sees, or that it's none. The less it agrees "
    "with the answer, the larger the doubt. In the settings, Strictness says how much doubt is accepted."
)
COVERED = N_(
    "Small pieces of the ink were covered, one at a time, and the network read the rest. Where "
    "{digit} became less likely, the covered ink spoke for it."
)
DENSE = N_(
    "The network has {units} units in its first hidden layer; these {shown} counted most. Each "
    "picture shows a unit's weights; the number is what the unit adds to the score of {digit}, or "
    "takes away."
)
FILTERS = N_(
    "The network has {units} filters in its first layer, which look at every place of the image; "
    "these {shown} counted most. Each picture shows a filter's weights; the number is what the "
    "filter adds to the score of {digit}, or takes away."
)
NO_UNITS = N_("This network has no hidden layer: it computes its ten answers from the pixels themselves.")
UNKNOWN = N_("This network has layers that can't be shown here, so its hidden units aren't shown.")
PLACES = (
    (N_("at the top left"), N_("at the top"), N_("at the top right")),
    (N_("at the left"), N_("in the middle"), N_("at the right")),
    (N_("at the bottom left"), N_("at the bottom"), N_("at the bottom right")),
)


class Section(ttk.Frame):
    """A title, and what is packed below it."""

    def __init__(self, parent: tk.Misc, title: str = ""):
        super().__init__(parent)
        self.title = ttk.Label(self, text=title, style="Strong.TLabel", wraplength=style.px(WIDTH - 4))
        self.title.pack(anchor="w", pady=(0, style.px(4)))
        ttk.Frame(self, width=style.px(WIDTH)).pack()  # all are equally wide

    def text(self, line: str = "", name: str = "Small.TLabel") -> Text:
        """Return a text below what there is."""
        text = Text(self, name)
        text.say(line)
        text.pack(anchor="w", fill="x", pady=(style.px(2), 0))
        return text


class Text(ttk.Label):
    """A text as wide as a section."""

    def __init__(self, parent: tk.Misc, name: str):
        super().__init__(parent, style=name, justify="left")
        self._wide = style.px(WIDTH) - self.winfo_reqwidth()  # less what a label has besides its text
        self._font = Font(self, ttk.Style(self).lookup(name, "font"))
        self.configure(wraplength=self._wide)

    def say(self, line: str) -> None:
        """Show another text."""
        self.configure(text=broken(line, self._wide, self._font.measure))


class Legend(ttk.Frame):
    """Says which of the two colours, and which sign, means what."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent)
        colours = style.now.colours
        self._labels = [ttk.Label(self, foreground=colour) for colour in (colours.more, colours.less)]
        for label in self._labels:
            label.pack(side="left", padx=(0, style.px(14)))

    def show(self, *meanings: str) -> None:
        """Show what for and against mean."""
        for label, meaning in zip(self._labels, meanings, strict=True):
            label.configure(text=meaning)


class Row(ttk.Frame):
    """Pictures side by side, with arrows between them."""

    def __init__(self, parent: tk.Misc, place: int):
        super().__init__(parent)
        self.grid(row=place, sticky="w")
        self._labels = [ttk.Label(self, text="→" if number % 2 else "", padding=0) for number in range(2 * LAST - 1)]
        self._pictures: Sequence[tk.PhotoImage] = ()  # Tk keeps no hold of them
        self._edges = self._labels[0].winfo_reqwidth()  # what a label has besides its picture
        for number, label in enumerate(self._labels):
            label.grid(row=0, column=number)

    def side(self, count: int) -> int:
        """Return the pixels of the screen that each of this many pictures is wide."""
        return (style.px(WIDTH) - (count - 1) * self._labels[1].winfo_reqwidth()) // count - self._edges

    def show(self, pictures: Sequence[tk.PhotoImage]) -> None:
        """Show these pictures and no others; without any, take no room."""
        self._pictures = pictures
        for number, label in enumerate(self._labels):
            label.grid() if number < 2 * len(pictures) - 1 else label.grid_remove()
        for label, picture in zip(self._labels[::2], pictures, strict=False):
            label.configure(image=picture)
        self.grid() if pictures else self.grid_remove()


class WaySection(Section):
    """The stages from the ink to the image."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, _("From your ink to the image"))
        way = ttk.Frame(self)
        way.pack(anchor="w")
        self._rows = [Row(way, place) for place in range(2)]  # a whole picture needs more room than a digit
        self._caption = self.text()

    def show(self, stages: Sequence[Stage]) -> Work[None]:
        """Show, in pieces of work, the stages of a drawing, three, or of a picture, two and then three."""
        whole, digit = (yield from self._pictures(stages[:-LAST])), (yield from self._pictures(stages[-LAST:]))
        for row, pictures in zip(self._rows, (whole, digit), strict=True):
            row.show(pictures)
        self._caption.say(_(WAYS[stages[0].name]))

    def _pictures(self, stages: Sequence[Stage]) -> Work[list[tk.PhotoImage]]:
        pictures = []
        for stage in stages:
            yield
            pictures.append(picture_of(self, stage, self._rows[0].side(len(stages))))
        return pictures


class SeenSection(Section):
    """The image as the network sees it."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, _("What the network sees"))
        self._picture = tk.PhotoImage(master=self)
        ttk.Label(self, image=self._picture).pack(anchor="w")
        self.text(_(SEEN))

    def show(self, image: Image28) -> None:
        """Show an image, (28, 28)."""
        put(self._picture, ink(image), style.px(CELL))


class DoubtSection(Section):
    """How much it's doubted that a drawing is a digit, as a bar, and what follows from that."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, _("Is it a digit?"))
        self._bar = ProgressBar(self, style.px(WIDTH))
        self._bar.pack(anchor="w")
        self._summary = self.text(name="TLabel")
        self.text(_(DOUBTED))

    def show(self, doubt: float, threshold: float) -> None:
        """Show a doubt, and up to which one a drawing is accepted: both from 0 to 1."""
        self._bar.show(doubt)
        accepted = _("The doubt is {doubt}. Up to {most}, it's accepted.")
        rejected = _("The doubt is {doubt}. That's why it's rejected: only up to {most} is accepted.")
        sentence = accepted if doubt <= threshold else rejected
        self._summary.say(sentence.format(doubt=percent(doubt), most=share(threshold)))


class SpokeSection(Section):
    """Which parts of the ink spoke for a digit and which against; ``choose`` gets the digit that the user chose."""

    def __init__(self, parent: tk.Misc, choose: Callable[[int], None]):
        super().__init__(parent)
        self._row = DigitRow(self, choose)
        self._row.pack(fill="x", pady=(0, style.px(6)))
        self._picture = tk.PhotoImage(master=self)
        ttk.Label(self, image=self._picture).pack(anchor="w")
        self._legend = Legend(self)
        self._legend.pack(anchor="w")
        self._summary = self.text(name="TLabel")
        self._caption = self.text()

    def show(self, maps: Maps, image: Image28, digit: int) -> None:
        """Show what spoke for and against a digit, of what `model.inside.inside.attribution` found of an image."""
        amounts = maps[digit]
        most = float(abs(amounts).max())
        self._row.show(digit)
        put(self._picture, pixels.signed(amounts / max(most, LITTLE), style.px(CELL), image))
        self.title.configure(text=_("What spoke for and against {digit}").format(digit=digit))
        self._legend.show(_("+ for {digit}").format(digit=digit), _("− against {digit}").format(digit=digit))
        lines = []
        for sentence, part in (
            (_("The ink {place} spoke most for {digit}."), amounts.clip(0)),
            (_("The ink {place} spoke most against {digit}."), (-amounts).clip(0)),
        ):
            if part.max() > max(LITTLE / 10, MUCH * most):
                row, column = third_of_most(part, image)
                lines.append(sentence.format(place=_(PLACES[row][column]), digit=digit))
        self._summary.say(" ".join(lines))
        self._caption.say(_(COVERED).format(digit=digit))


class HiddenSection(Section):
    """The hidden units that counted most for or against a digit."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, _("Hidden units"))
        grid = ttk.Frame(self)
        grid.pack(anchor="w")
        self._units = []
        for place in range(SHOWN):
            photo = tk.PhotoImage(master=self)
            label = ttk.Label(grid, image=photo, compound="top", anchor="center")
            row, column = divmod(place, BESIDE)
            label.grid(row=row, column=column, padx=(style.px(10) if column else 0, 0), pady=(0, style.px(4)))
            self._units.append((label, photo))
        self._legend = Legend(self)
        self._legend.show(_("+ ink excites it"), _("− ink calms it"))
        self._caption = self.text()

    def show(self, chain: Chain | None, units: Sequence[tuple[float, Array]], digit: int) -> None:
        """Show units of a network's first hidden layer: what each adds to the score of a digit, and its weights."""
        if chain and len(chain.columns) > 2:
            hidden = chain.columns[1]
            self._legend.pack(anchor="w", before=self._caption)
            text = _(FILTERS if hidden.has_maps else DENSE)
            self._caption.say(text.format(units=hidden.units, shown=len(units), digit=digit))
        else:
            self._caption.say(_(NO_UNITS if chain else UNKNOWN))
            self._legend.pack_forget()
        for label, _photo in self._units[len(units) :]:
            label.grid_remove()
        for (label, photo), (vote, weights) in zip(self._units, units, strict=False):
            cell = SIDE * style.px(WEIGHT) // max(weights.shape)
            put(photo, pixels.signed(weights / max(float(abs(weights).max()), 1e-9), cell))
            colour = style.now.colours.more if vote >= 0 else style.now.colours.less
            label.configure(text=signed(vote), foreground=colour)
            label.grid()
