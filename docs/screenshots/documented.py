"""What README and the guide show."""

from __future__ import annotations

import time
from pathlib import Path

from app.ui.window.main_window import AT_FIRST
from docs.screenshots.dialog_scenes import DialogScenes
from docs.screenshots.scenes import INSIDE, LOOKING

TALL = 860  # pixels, of the window with the panel


class Documented(DialogScenes):
    """Plays what one look and one language are shown with; the first one shows also what they all have."""

    def play_in(self, name: str, data: Path) -> None:
        """Show the main window in a look and a language, and in the first ones also the rest."""
        self.stage.resize(*AT_FIRST)
        if name == "light":
            self.number("2408")
        else:
            self.digit({"dark": "4", "chinese": "9"}[name])
        self.see(name)
        if name == "light":
            self.the_rest(data)

    def the_rest(self, data: Path) -> None:
        """Show the panel, the drawings, a list and a training."""
        self.hand.key("Escape")
        self.hand.key("ctrl+i")
        time.sleep(0.5)  # the window widens by itself
        self.stage.resize(AT_FIRST[0] + INSIDE, TALL)
        self.digit("4")
        time.sleep(LOOKING)
        self.see("inside")
        self.hand.key("ctrl+i")
        time.sleep(0.5)
        self.stage.resize(*AT_FIRST)
        self.keep_drawings()
        self.drawings()
        self.list()
        self.page()
        keep, self.keep = self.keep, lambda state, picture: keep(state, picture) if state == "retrain" else None
        self.retrain(data, "8", until=6)
