"""The first minute with the window: cards that say what to try, shown only once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.kept import settings
from app.ui.help.first_cards import Card, FirstCards
from model.base.errors import UserError
from model.base.language import _
from model.base.program import ROOT

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

EXAMPLE = ROOT / "assets" / "examples" / "page.jpg"  # made by `python -m docs.example`


class FirstMinute:
    """Greets a newcomer in the answer's place, until something else appears there or the pen comes down."""

    def __init__(self, window: MainWindow):
        self._window = window
        self._cards: FirstCards | None = None

    def begin(self) -> None:
        """Show the cards, the only time ever."""
        try:
            settings.change(welcomed=True)
        except UserError:
            logging.warning("that the cards were shown cannot be kept", exc_info=True)
        self._show()

    def redraw(self) -> None:
        """Rebuild the cards in the current appearance and language, if they're still shown."""
        if self._cards:
            self._show()

    def _show(self) -> None:
        window = self._window
        self._cards = FirstCards(
            window.contents,
            [
                Card(
                    _("It reads"),
                    _("Write a 7 on the pad, or a phone number."),
                    _("Try a page"),
                    lambda: window.attempt(lambda: window.pages.open(str(EXAMPLE))),
                ),
                Card(_("It learns"), _("Is it wrong? Press the right digit's key.")),
                Card(
                    _("Look inside"),
                    _("See what the network does, step by step."),
                    _("See inside"),
                    lambda: window.root.event_generate("<<Mod+I>>"),
                ),
            ],
            self._put_away,
        )
        self._cards.place(in_=window.answer, relwidth=1, relheight=1)
        window.pad.bind("<<PenDown>>", lambda _event: self._put_away(), add="+")
        window.answer.bind("<<Said>>", lambda _event: self._put_away())

    def _put_away(self) -> None:
        if self._cards:
            self._cards.destroy()
            self._cards = None
