"""``python -m model quadrants``: the smallest network that can be looked at whole."""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from model.base.errors import UserError
from model.base.language import _
from model.commands.words import LEARNING_RATE, Commands, between, in_sentences, say, write_picture

TRAINED_ON, JUDGED_BY, CHECKED_ON = 400, 1000, 50  # points
ANSWERS = {4: ("I", "II", "III", "IV"), 2: ("I, III", "II, IV")}


def add(commands: Commands) -> None:
    """Add the command and its words."""
    quadrants = commands.add_parser(
        "quadrants",
        help="train a network of two layers on the four quadrants of the plane, and draw what it learned",
        description=_quadrants.__doc__,
        epilog="Its formulae are in model/data/quadrants.py; docs/from-the-tutorial.md walks through them.",
    )
    quadrants.add_argument(
        "--hidden", metavar="N", type=between(int, 1, 200), default=8, help="hidden units (default: 8)"
    )
    quadrants.add_argument(
        "--steps", metavar="N", type=between(int, 1, 100_000), default=2000, help="of learning (default: 2000)"
    )
    quadrants.add_argument(
        "--learning-rate", metavar="RATE", type=LEARNING_RATE, default=0.5, help="how far a step goes (default: 0.5)"
    )
    quadrants.add_argument(
        "--seed", metavar="S", type=between(int, 0, 2**32 - 1), default=1, help="of all chance (default: 1)"
    )
    quadrants.add_argument("--output", metavar="FILE.png", type=Path, required=True, help="the picture to write")
    quadrants.set_defaults(run=in_sentences(_quadrants), misused=quadrants.error)


def _quadrants(arguments: argparse.Namespace) -> None:
    """Train a network of two layers to say in which quadrant a point lies, without TensorFlow, and draw its answers."""
    if arguments.output.suffix.lower() != ".png":
        arguments.misused("argument --output: the picture's name ends in .png")
    import numpy as np  # noqa: PLC0415  (as below)

    from model.data import quadrants  # noqa: PLC0415  (Matplotlib takes a while, and --help does not need it)
    from model.judging import charts  # noqa: PLC0415  (Matplotlib takes a while, and --help does not need it)

    points = quadrants.scattered(TRAINED_ON, arguments.seed)
    others = quadrants.scattered(JUDGED_BY, arguments.seed + 1)
    planes = []
    for answers, bends in itertools.product(ANSWERS, (False, True)):
        labels, right = (quadrants.quadrants(some) % answers for some in (points, others))
        start = quadrants.beginning(answers, arguments.hidden, arguments.seed, bends=bends)
        with np.errstate(all="ignore"):  # what is no number any more is said in a sentence
            network = quadrants.learned(start, points, labels, arguments.steps, arguments.learning_rate)
            before, after = start.loss(points, labels), network.loss(points, labels)
        if not np.isfinite(after):
            raise UserError(_("The loss is no number any more, so nothing can be learned; lower --learning-rate."))
        read = quadrants.accuracy(network, others, right)
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
    by_hand, measured = start.slopes(*some), quadrants.measured_slopes(start, *some)
    difference = max(np.abs(one - other).max() for one, other in zip(by_hand, measured, strict=True))
    say(f"slopes by backpropagation and by trying differ by {difference:.0e} at most")
    picture = charts.png(charts.draw_planes(planes))
    write_picture(arguments.output, picture)
    say(f"see {arguments.output}")
