"""The laboratory's window: the whole network, live while the pen moves on the pad."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import Any

import numpy as np

from app.ui.kit import style
from app.ui.kit.background import Slices, Timer
from app.ui.kit.dialog import DRAWN, Dialog
from app.ui.kit.key_events import bind_plain
from app.ui.kit.svg import save_svg
from app.ui.laboratory import words
from app.ui.laboratory.beside import Beside, Named
from app.ui.laboratory.damage_page import DamagePage
from app.ui.laboratory.inspector import Inspector
from app.ui.laboratory.network_view import NetworkView, Thing
from app.ui.laboratory.touch_page import Own, TouchPage
from model.base.language import N_, _
from model.base.work import Work
from model.ink.ink import Drawing
from model.inside.chain import Chain, Trace, open_chain, trace
from model.inside.ways import Seen, see
from model.reading.normalize import SIDE, Image28, normalizing
from model.reading.picture_digit import PictureDigit
from model.reading.recognizer import Recognizer

WIDTH, HEIGHT, LEAST = 980, 380, (480, 220)  # pixels of 1/96 inch, of the network
BESIDE = 560  # that it takes next to the window; if there's less, it covers the window's answer, but never its pad
AROUND = 66  # pixels on each side of the network
BELOW, ALL_BELOW = 320, 500  # pixels above and below it, and the same if its two parts are stacked
STACKED = 580  # pixels: in a narrower window, they are
LIVE = 30  # milliseconds between two checks of what the pen does
SETTLED = 60  # milliseconds without a change, after which a size is final
UNITS, EACH = 7, 5  # units of a layer whose ways in are shown while nothing is pointed at; and how many of each

DRAW = N_(
    "Draw a digit on the pad. Point at a pixel, a unit, a line or a bar, and see here what it does. A click pins it; "
    "then you can switch it off, or move its bias."
)
UNKNOWN = N_("This network has layers that can't be shown here. Choose another one.")
COMPARED = N_("Blue is more than in the pinned drawing, orange is less. The marks at the bars are the pinned answer.")

Subject = Drawing | PictureDigit
BLANK = Drawing()


class Laboratory(Dialog):
    """Shows everything that a network does with a digit. It's called for each point that the pen goes through."""

    def __init__(
        self,
        parent: tk.Misc,
        own: Own,
        models: Callable[[], Sequence[Named]],
        load: Callable[[str], Recognizer],
        train: Callable[[], object],
    ):
        super().__init__(parent, _("Laboratory"), more=0, fixed=True)
        self._subject: Subject = BLANK
        self._recognizer: Recognizer | None = None
        self._file: bytes | None = None  # of the open network
        self._chain: Chain | None = None
        # What was looked at last, with which recognizer, and its image: a picture's takes the eye a tenth of a second.
        self._imaged: tuple[object, object] = None, None
        self._image: Image28 = np.zeros((SIDE, SIDE), np.float32)
        self.seen: Seen | None = None  # what's shown of the drawing; None if nothing is
        self._pinned: Trace | None = None  # a drawing that others are compared with
        self.thing: Thing | None = None  # the thing that's pinned
        self._live, self._fitting = Timer(self), Timer(self)
        self._looking, self._pointing = Slices(self, self.tell), Slices(self, self.tell)
        inside = self.body.inside
        self.view = self.first = NetworkView(inside, self._point, self._pin)
        wide = self._free_width()
        is_stacked = wide < style.px(STACKED) * max(1, style.now.text)
        free = self.maxsize()[1] - style.px(ALL_BELOW if is_stacked else BELOW)
        self.view.configure(width=wide, height=min(style.px(HEIGHT), max(style.px(LEAST[1]), free)))
        self.buttons.widest = wide
        self.view.pack(fill="both", expand=True)
        self.view.bind("<Configure>", lambda _event: self._fitting.start(SETTLED, self._fit), add="+")
        self.pages, self._below = ttk.Frame(inside), ttk.Frame(inside)
        self.pages.pack(fill="x", pady=style.px(8))
        self._below.pack(fill="x")
        self._below.columnconfigure(0, weight=1)
        change = ttk.Frame(self._below)
        self.inspector = Inspector(change)
        self.touching = TouchPage(change, own, self.look)
        if is_stacked:
            self.inspector.pack(fill="x")
            self.touching.pack(anchor="w")
        else:
            self.touching.pack(side="right", anchor="n", padx=(style.px(16), 0))
            self.inspector.pack(side="left", fill="both", expand=True)
        self.damaging = DamagePage(self._below, self._models, self.touching.examined, self.look)
        self._page, self._parts = tk.StringVar(self), {"touch": change, "damage": self.damaging}
        self._add_chip("touch", _("Change the network"))
        self._add_chip("damage", _("Damage the picture"))
        self.turn("touch")
        bind_plain(self.view, "<space>", lambda _event: self._switch())
        self.inspector.say(_(DRAW))
        self.beside = Beside(self.buttons, models, load, self._beside_changed, self.tell)
        self.buttons.show(self.beside)
        self._compare = tk.BooleanVar(self)
        self.pin = ttk.Checkbutton(self.buttons, variable=self._compare, command=self._pin_drawing)
        self.pin.configure(text=_("Pin this drawing"), style="Tool.Toolbutton")
        self.buttons.show(self.pin)
        self.train = self.buttons.add(_("Train a network…"), train)
        self.save = self.buttons.add(_("Save picture…"), lambda: save_svg(self, self.view, "network.svg"))
        Timer(self).start("idle", self._keep_height)

    def show(self, subject: Subject | None, recognizer: Recognizer | None) -> None:
        """Show what a network does with a drawing of one digit, or a picture. May be called for each point of a pen."""
        subject = BLANK if subject is None else subject
        if subject is not self._subject or recognizer is not self._recognizer:
            self._subject, self._recognizer = subject, recognizer
            self.look()

    def look(self) -> None:
        """Look again soon, after finishing the current look."""
        if not self._live.waits:
            self._live.start(LIVE, self._begin)

    @property
    def is_working(self) -> bool:
        """Whether there's still something to show."""
        parts = self.touching.is_working, self.damaging.is_working, self._live.waits, self._fitting.waits
        return self._looking.busy or self._pointing.busy or any(parts)

    def entered(self) -> dict[str, Any]:
        """Return what's being looked at."""
        return {
            "shown": (self._subject, self._recognizer),
            "network": (self._file, self._chain),
            "changes": (self.touching.data.current(), self.touching.touch),
            "damage": (self.damaging.damage, self.damaging.kind),
            "thing": self.thing,
            "pinned": self._pinned,
            "page": self._page.get(),
            "beside": {place: name for place, (name, _recognizer) in self.beside.chosen.items()},
        }

    def enter(self, entered: dict[str, Any]) -> None:
        """Look at the same things."""
        self._file, self._chain = entered["network"]
        data, touch = entered["changes"]
        self.touching.data.current(data)
        self.touching.open(self._chain, touch)
        self.damaging.enter(*entered["damage"])
        self.choose(entered["thing"])
        self._pinned = entered["pinned"]
        self._compare.set(self._pinned is not None)
        self.turn(entered["page"])
        for place, name in entered["beside"].items():
            self.beside.choose(place, name)
        self.show(*entered["shown"])

    def destroy(self) -> None:
        """Remove the window, and its network's megabytes: Tk can keep a widget for a long time."""
        for each in (self._live, self._fitting, self._looking, self._pointing):
            each.stop()
        self._chain = self.seen = self._pinned = self._recognizer = None
        super().destroy()

    def choose(self, thing: Thing | None) -> None:
        """Pin one thing, to be described when nothing is pointed at, and unpin the others."""
        self.thing = thing
        self.touching.show(thing)
        if self.seen and self.seen.digit == self._digit(self.seen.traced) and not self._looking.busy:
            self._point(self.view.under)
        else:
            self.look()

    def _add_chip(self, name: str, text: str) -> None:
        """Add a chip that turns to a page below the network."""
        self._parts[name].grid(row=0, column=0, sticky="nsew")
        chip = ttk.Radiobutton(self.pages, text=text, value=name, variable=self._page, style="Chip.Toolbutton")
        chip.configure(command=partial(self.turn, name))
        chip.pack(side="left", padx=(0, style.px(8)))

    def _free_width(self) -> int:
        """Return the network's width in the screen's pixels: all the room next to the window, or to its pad."""
        window = self.master.winfo_toplevel()
        left, wide, most = window.winfo_rootx(), window.winfo_width(), style.px(BESIDE)
        beside, drawn = (round(self._area.right - left - part) - style.px(AROUND) for part in (wide, DRAWN * wide))
        return min(self.room(WIDTH), beside if beside >= most else max(style.px(LEAST[0]), min(drawn, most)))

    def _keep_height(self) -> None:
        """Give both pages the same height, so that nothing moves when the user switches between them."""
        self.update_idletasks()
        self._below.rowconfigure(0, minsize=max(page.winfo_reqheight() for page in self._parts.values()))

    def _begin(self) -> None:
        if self._looking.busy:
            self._live.start(LIVE, self._begin)
        elif self._recognizer and not self._fitting.waits and self.view.winfo_height() > style.px(LEAST[1] / 2):
            self._looking.start(self._look())

    def _fit(self) -> None:
        """Lay the network out in the current room."""
        self._lay_out()
        self.look()

    def _look(self) -> Work[None]:
        """Show, in pieces of work, what the network does with what's on the pad."""
        recognizer = self._recognizer
        assert recognizer is not None
        if recognizer.file is not self._file:
            self._chain = self.seen = self._pinned = None  # two networks at once would take twice the memory
            self._compare.set(False)
            self.touching.open(None)
            self._chain = yield from open_chain(recognizer.file)
            self._file = recognizer.file
            self.touching.open(self._chain)
            self._lay_out()
        if self._chain is None:
            self.view.delete("all")
            self.inspector.say(_(UNKNOWN))
            return
        subject = self._subject
        if self._imaged != (subject, recognizer):
            if isinstance(subject, Drawing):
                self._image = yield from normalizing(subject)
            else:
                self._image = recognizer.image(subject)
            self._imaged = subject, recognizer
        image = self.damaging.apply(self._image)
        if not image.any():
            self.seen = None
            self.view.rest()
            self.inspector.say(_(DRAW))
            return
        traced = yield from trace(self.touching.chain() or self._chain, image)
        self.seen = seen = yield from see(traced, self._digit(traced), UNITS, EACH)
        for (_name, other), bars in zip(self.beside.all(), self.view.bars[1:], strict=False):
            read = other.read(image)
            bars.show(read.probabilities, sure=read.accepted)
            yield
        yield from self._show(seen)

    def _digit(self, traced: Trace) -> int:
        """Return the digit that all speaks for or against: the pinned answer, or otherwise the likeliest."""
        answers = len(traced.chain.columns) - 1
        return self.thing.unit if self.thing and self.thing.column == answers else int(traced.probabilities.argmax())

    def _show(self, seen: Seen) -> Work[None]:
        yield from self.view.show(seen, self._pinned)
        yield from self._tell_of(self.view.under or self.thing)

    def _lay_out(self) -> None:
        if self._chain:
            self.view.fit(self._chain.columns, [name for name, _recognizer in self.beside.all()])
            self.view.rest()

    def _models(self) -> list[tuple[str, Recognizer]]:
        """Return the model in the laboratory and the first one next to it, with their names."""
        this = [(_("This model"), self._recognizer)] if self._recognizer else []
        return [*this, *self.beside.all()[:1]]

    def turn(self, page: str) -> None:
        """Show a page below the network: "touch" or "damage"."""
        self._page.set(page)
        for name, shown in self._parts.items():
            shown.grid() if name == page else shown.grid_remove()

    def _beside_changed(self) -> None:
        self._fit()
        self.damaging.renew()

    def _point(self, thing: Thing | None) -> None:
        """Describe what's pointed at, or otherwise what's pinned."""
        if self.seen and not self._looking.busy:
            self._pointing.start(self._tell_of(thing or self.thing), "idle")

    def _pin(self, thing: Thing) -> None:
        """Pin a thing, or unpin it if it's pinned already."""
        self.choose(None if thing == self.thing else thing)

    def _switch(self) -> None:
        """Switch the unit that's pointed at, or pinned, off or on."""
        if thing := self.view.under or self.thing:
            self.touching.show(thing)
            self.touching.switch_unit()
            self.touching.show(self.thing)

    def _tell_of(self, thing: Thing | None) -> Work[None]:
        seen = self.seen
        if seen is None:
            return
        if thing is None:
            self.inspector.say(_(COMPARED) if self._pinned else _(DRAW))
            yield from self.view.light(seen.ways, None)
            return
        told = yield from words.about(seen, thing)
        if thing[:2] in self.touching.touch.off:
            told = told._replace(text=_("{text} It's switched off.").format(text=told.text))
        if thing == self.thing:
            told = told._replace(title=_("{name} (pinned)").format(name=told.title))
        self.inspector.show(told)
        yield from self.view.light(told.ways, thing)

    def _pin_drawing(self) -> None:
        """Pin the current drawing, or unpin it."""
        self._pinned = self.seen.traced if self._compare.get() and self.seen else None
        self._compare.set(self._pinned is not None)
        if self._looking.busy:
            self.look()
        elif self.seen:
            self._looking.start(self._show(self.seen))
