"""A performance: the program opened on a screen of its own, in a process and a home of its own."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from docs.screenshots.scenes import Keep
from tests.screen import Screen, virtual_screen

PICTURES = Path(__file__).resolve().parent.parent / "pictures"
COLOURS = 256  # of a picture in the documentation: smooth edges look the same, and it takes a third
SCREEN = 1600, 1000  # pixels of 1/96 inch
FILM = "inkling"  # the performance that is kept as an animation
STANDARD = 96  # dots per inch


@dataclass(frozen=True, slots=True)
class Performance:
    """What is played, and how the program is set for it."""

    name: str
    settings: dict[str, Any]
    factor: int = 1  # the screen's pixels in one of 1/96 inch
    folder: Path | None = None  # for every state; None: what the documentation shows
    part: str = ""  # "window" or "dialogs"; empty: both

    def give(self, data: Path) -> None:
        """Open the program in its own process and let it be played, with a file of MNIST to train on."""
        with (
            virtual_screen(SCREEN[0] * self.factor, SCREEN[1] * self.factor, STANDARD * self.factor) as display,
            tempfile.TemporaryDirectory() as home,
        ):
            os.environ |= {"DISPLAY": display, "HOME": home, "LANGUAGE": "en"}
            (Path(home) / "mnist.npz").symlink_to(data.resolve())
            process = multiprocessing.get_context("spawn").Process(target=_play, args=(self, Path(home)))
            process.start()
            process.join()
        if process.exitcode:
            sys.exit(f"{self.name}: failed")


def _play(performance: Performance, home: Path) -> None:
    """Play on the stage of this process."""
    from app.kept import settings  # noqa: PLC0415  (these read where the home is)
    from app.ui.window.start import open_window  # noqa: PLC0415
    from docs.screenshots.dialog_scenes import DialogScenes  # noqa: PLC0415
    from docs.screenshots.documented import Documented  # noqa: PLC0415
    from docs.screenshots.film import Film  # noqa: PLC0415
    from docs.screenshots.scenes import WindowScenes  # noqa: PLC0415
    from docs.screenshots.stage import Stage  # noqa: PLC0415

    # So that Teach now has something to do, and no newcomer is greeted.
    settings.change(**{"learn": False, "welcomed": True, **performance.settings})
    hand = Screen(os.environ["DISPLAY"])
    stage, data = Stage(open_window(), hand), home / "mnist.npz"
    if performance.name == FILM:
        stage.play(Film(stage, PICTURES / f"{FILM}.webp", home).play)
    elif performance.folder is None:
        documented = Documented(stage, _into(PICTURES, COLOURS), home)
        stage.play(lambda: documented.play_in(performance.name, data))
    else:
        keep = _into(performance.folder / performance.name)
        if performance.part != "dialogs":
            stage.play(WindowScenes(stage, keep, home).play)
        if performance.part != "window":
            stage.play(lambda: DialogScenes(stage, keep, home).play(data))
    stage.window.close()
    hand.close()


def _into(folder: Path, colours: int = 0) -> Keep:
    """Return what keeps pictures in a folder, with a palette of this many colours, or as they are."""
    folder.mkdir(parents=True, exist_ok=True)

    def keep(name: str, picture: Image.Image) -> None:
        if colours:
            picture = picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        picture.save(folder / f"{name}.png", optimize=bool(colours))
        print(folder / f"{name}.png")  # noqa: T201  (what it is run for)

    return keep
