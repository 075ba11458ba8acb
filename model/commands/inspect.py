"""``python -m model inspect``: look at what a network is to read."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model.bundle.bundle import open_bundle
from model.commands.words import Commands, between, in_sentences, say, write_picture
from model.reading.recognizer import Recognizer


def add(commands: Commands) -> None:
    """Add the command and its words."""
    inspect = commands.add_parser(
        "inspect",
        help="draw MNIST's images with their labels and what a model reads",
        description=_inspect.__doc__,
        epilog="Without --test and --random it shows the first twenty training images with their labels.",
    )
    inspect.add_argument("--data", metavar="FILE", type=Path, help="MNIST, as for train")
    inspect.add_argument("--model", metavar="DIR", type=Path, help="the model's folder (default: the one included)")
    which = inspect.add_mutually_exclusive_group()
    which.add_argument("--test", metavar="INDEX", type=int, nargs="+", help="these test images, counted from 0")
    which.add_argument("--random", metavar="N", type=between(int, 1, 200), help="so many test images at random")
    inspect.add_argument(
        "--seed", metavar="S", type=between(int, 0, 2**32 - 1), default=0, help="of that chance (default: 0)"
    )
    inspect.add_argument("--title", metavar="TEXT", default="", help="words over the picture, in any script")
    inspect.add_argument(
        "--output", metavar="FILE.png", type=Path, required=True, help="the picture to write; no window opens"
    )
    inspect.set_defaults(run=in_sentences(_inspect), misused=inspect.error)


def _inspect(arguments: argparse.Namespace) -> None:
    """Draw MNIST's images as the tutorials plot them: with their labels, and what a model reads."""
    if arguments.output.suffix.lower() != ".png":
        arguments.misused("argument --output: the picture's name ends in .png")
    from model.data import data  # noqa: PLC0415  (Matplotlib: as above)
    from model.judging import charts, fonts, inspection  # noqa: PLC0415  (Matplotlib: as above)

    images = data.load(arguments.data)
    if arguments.test or arguments.random:
        indices = arguments.test or inspection.random_indices(images, arguments.random, arguments.seed)
        tiles = inspection.chosen_tiles(images, indices, Recognizer(open_bundle(arguments.model)))
    else:
        tiles = inspection.training_tiles(images)
    _families, missing = fonts.families_for(arguments.title)
    if missing:
        sys.stderr.write(f"{fonts.advice(missing)}\n")
    picture = charts.png(charts.draw_tiles(tiles, arguments.title))
    write_picture(arguments.output, picture)
    say(f"images of {images.source} shown: {len(tiles)}; see {arguments.output}")
