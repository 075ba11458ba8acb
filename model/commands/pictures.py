"""The commands that draw pictures: ``inspect`` and ``quadrants``."""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import open_bundle
from model.commands.listener import Report, Work
from model.commands.people import say
from model.data import quadrants as plane
from model.given import loading
from model.judging import charts, fonts, inspection
from model.reading.recognizer import Recognizer

if TYPE_CHECKING:
    from matplotlib.figure import Figure  # after `model.judging`, which keeps Matplotlib quiet

TRAINED_ON, JUDGED_BY, CHECKED_ON = 400, 1000, 50  # points
ANSWERS = {4: ("I", "II", "III", "IV"), 2: ("I, III", "II, IV")}


def inspect(arguments: argparse.Namespace, report: Report) -> None:
    """Draw MNIST's images as the tutorials plot them: with their labels, and what a model reads."""
    images = loading.load(arguments.data, report)
    if arguments.test or arguments.random:
        indices = arguments.test or inspection.random_indices(images, arguments.random, arguments.seed)
        tiles = inspection.chosen_tiles(images, indices, Recognizer(open_bundle(arguments.model)))
    else:
        tiles = inspection.training_tiles(images)
    _families, missing = fonts.families_for(arguments.title)
    if missing:
        sys.stderr.write(f"{fonts.advice(missing)}\n")
    _write(arguments.output, charts.draw_tiles(tiles, arguments.title))
    say(f"images of {images.source} shown: {len(tiles)}; see {arguments.output}")


def quadrants(arguments: argparse.Namespace, _report: Report) -> None:
    """Train a network of two layers to say in which quadrant a point lies, without TensorFlow, and draw its answers."""
    points = plane.scattered(TRAINED_ON, arguments.seed)
    others = plane.scattered(JUDGED_BY, arguments.seed + 1)
    planes = []
    for answers, bends in itertools.product(ANSWERS, (False, True)):
        labels, right = (plane.quadrants(some) % answers for some in (points, others))
        start = plane.beginning(answers, arguments.hidden, arguments.seed, bends=bends)
        with np.errstate(all="ignore"):  # what isn't a number any more is said in a sentence
            network = plane.learned(start, points, labels, arguments.steps, arguments.learning_rate)
            before, after = start.loss(points, labels), network.loss(points, labels)
        if not np.isfinite(after):
            raise UserError(_("The loss is no longer a number, so nothing can be learned. Use a lower learning rate."))
        read = plane.accuracy(network, others, right)
        name = f"{'four' if answers == 4 else 'two'} answers, {'with' if bends else 'without'} ReLU"
        say(f"{name}: loss {before:.3f} → {after:.3f}; reads {read:.1%} of {JUDGED_BY:,} other points")
        planes.append(
            charts.Plane(
                title=f"{name}: {read:.1%}",
                probabilities=network.probabilities(charts.plane_grid()).reshape(
                    charts.PLANE_SIDE, charts.PLANE_SIDE, answers
                ),
                points=points,
                labels=labels,
                names=tuple(ANSWERS[answers][quadrant % answers] for quadrant in range(4)),
                lines=np.vstack([network.weights.w1, network.weights.b1]).T.tolist() if bends else (),
            )
        )
    some = points[:CHECKED_ON], labels[:CHECKED_ON]
    by_hand, measured = start.slopes(*some), plane.measured_slopes(start, *some)
    difference = max(np.abs(one - other).max() for one, other in zip(by_hand, measured, strict=True))
    say(f"slopes by backpropagation and by trying differ by {difference:.0e} at most")
    _write(arguments.output, charts.draw_planes(planes))
    say(f"see {arguments.output}")


def _write(path: Path, figure: Figure) -> None:
    """Write a picture to a file, in a folder that need not be there yet. Raises UserError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(charts.png(figure))
    except OSError as error:
        sentence = _("The picture can't be written to {path} ({reason}); choose another file.")
        raise UserError(sentence, path=path, reason=error.strerror) from error


WORKS: dict[str, Work] = {"inspect": inspect, "quadrants": quadrants}
