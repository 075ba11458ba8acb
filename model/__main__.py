"""``python -m model train``: make a model bundle."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TypeVar

from model import architectures, events
from model.errors import UserError

Report = Callable[[events.Event], None]
Number = TypeVar("Number", int, float)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled."""
    arguments = _parser().parse_args(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being ended is being cancelled
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # Keras draws tables with lines that not every terminal has
    try:
        report = _events_on_standard_output() if arguments.events else _print_for_people
        last, status = _outcome(arguments, report)
        if last:
            report(last)
    except _ListenerLeftError:
        return 1  # and there is nobody to tell
    return status


class _ListenerLeftError(Exception):
    """What is reported cannot be written any more."""


def _outcome(arguments: argparse.Namespace, report: Report) -> tuple[events.Event | None, int]:
    """Train, and return the event that is still to be told, if any, and the exit status. Raises _ListenerLeftError."""
    try:
        _train(arguments, report)
    except KeyboardInterrupt:
        return events.Cancelled(), 130
    except UserError as error:
        return events.Failed(str(error)), 1
    except _ListenerLeftError:
        raise
    except Exception as error:  # noqa: BLE001  (the last word must be an event, whatever went wrong)
        traceback.print_exc()
        return events.Failed(f"The training stopped on an error of its own ({error}); nothing was written."), 1
    return None, 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model", description="Make the networks that Inkling reads with.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train",
        help="train a network and write its bundle",
        description=_train.__doc__,
        epilog="A knob that is not given is set as the network's tutorial sets it.",
    )
    train.add_argument(
        "--network", choices=list(architectures.NETWORKS), default=architectures.DEFAULT, help="default: %(default)s"
    )
    train.add_argument(
        "--data",
        metavar="FILE",
        type=Path,
        help="MNIST as an .npz file or a folder of IDX files (default: Keras' own download)",
    )
    train.add_argument(
        "--ink",
        metavar="FILE",
        type=Path,
        nargs="+",
        default=(),
        help="labelled drawings (.jsonl) to train with too; people.json beside it says whose validate and judge",
    )
    train.add_argument("--output", metavar="DIR", type=Path, required=True, help="the folder to write the bundle to")
    train.add_argument("--epochs", metavar="N", type=_between(int, 1, 10_000), help="passes over the images")
    train.add_argument("--batch-size", metavar="N", type=_between(int, 1, 60_000), help="images a step")
    train.add_argument("--activation", choices=architectures.ACTIVATIONS, help="of the hidden layers")
    train.add_argument("--initializer", choices=list(architectures.INITIALIZERS), help="of the hidden layers' weights")
    train.add_argument("--loss", choices=list(architectures.LOSSES), help="what is made small")
    train.add_argument("--optimizer", choices=architectures.OPTIMIZERS, help="how it is made small")
    train.add_argument(
        "--learning-rate", metavar="X", type=_between(float, 1e-9, 100), help="of the optimizer (default: its own)"
    )
    train.add_argument("--schedule", choices=architectures.SCHEDULES, help="of the learning rate, over all epochs")
    train.add_argument(
        "--weight-decay", metavar="X", type=_between(float, 0, 1), help="of the weights, times the learning rate"
    )
    train.add_argument(
        "--deform", action=argparse.BooleanOptionalAction, help="deform the training images, anew at each step"
    )
    train.add_argument(
        "--teacher",
        choices=("none", *architectures.NETWORKS),
        help="a network that is trained first, and whose answers are learned beside the labels",
    )
    train.add_argument("--teacher-epochs", metavar="N", type=_between(int, 1, 10_000), help="passes of the teacher")
    train.add_argument(
        "--calibrate",
        action=argparse.BooleanOptionalAction,
        help="fit the probabilities to the validation images by a temperature",
    )
    train.add_argument(
        "--views",
        action=argparse.BooleanOptionalAction,
        help="answer by the mean over the image and the image moved by a pixel each way",
    )
    train.add_argument(
        "--half", action=argparse.BooleanOptionalAction, help="round the weights to float16: half the size"
    )
    train.add_argument(
        "--validation-split",
        metavar="FRACTION",
        type=_between(float, 0.001, 0.9),
        help="of the training images, the last ones, to validate with; some tutorials use the test images",
    )
    train.add_argument("--keep", choices=("best", "last"), help="which epoch's weights are kept")
    train.add_argument(
        "--monitor", choices=architectures.MONITORS, help="what tells the best epoch (default: val_accuracy)"
    )
    train.add_argument(
        "--seed", metavar="N", type=_between(int, 0, 2**32 - 1), default=0, help="of all chance (default: 0)"
    )
    train.add_argument("--deterministic", action="store_true", help="make the seed decide every bit; slower")
    train.add_argument(
        "--at-least",
        metavar="FRACTION",
        type=_between(float, 0, 1),
        default=0.0,
        help="fail and write nothing when fewer of the test images are read right",
    )
    train.add_argument(
        "--at-least-ink",
        metavar="FRACTION",
        type=_between(float, 0, 1),
        default=0.0,
        help="the same of the judges' drawings",
    )
    train.add_argument("--events", action="store_true", help="one JSON event a line on standard output, nothing else")
    return parser


def _train(arguments: argparse.Namespace, report: Report) -> None:
    """Train a network on MNIST and write it as a bundle: model.keras, model.tflite and card.json."""
    # TensorFlow's remarks on the CUDA that it did not find would bury what is said here.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from model import data, train  # noqa: PLC0415  (TensorFlow takes seconds, and --help does not need it)
    except ImportError as error:
        raise UserError("Training needs TensorFlow; install it with: pip install 'inkling[train]'") from error
    knobs = {name: value for name, value in vars(arguments).items() if name in train.Recipe.__slots__}
    ink = data.load_ink(arguments.ink)
    if arguments.at_least_ink and not ink.judge:
        raise UserError("There are no judges' drawings for --at-least-ink; give --ink with a people.json beside it.")
    train.train(train.Recipe.of(**knobs), data.load(arguments.data), ink, arguments.output, report)


def _events_on_standard_output() -> Report:
    """Keep standard output for events: whatever libraries print there goes to standard error from now on."""
    try:
        lines = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
    except OSError as error:
        raise _ListenerLeftError from error

    def report(event: events.Event) -> None:
        try:
            lines.write(events.to_line(event).encode() + b"\n")
        except OSError as error:
            raise _ListenerLeftError from error

    return report


def _print_for_people(event: events.Event) -> None:
    match event:
        case events.Started():
            _say(
                f"{'the teacher: ' if event.role == 'teacher' else ''}{event.network}, {event.weights:,} weights, "
                f"on the {event.device}: {event.train_images:,} images to "
                f"train, {event.validation_images:,} to choose, {event.test_images:,} to judge"
            )
        case events.EpochDone():
            _say(
                f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.2%}; validation loss "
                f"{event.validation_loss:.4f}, accuracy {event.validation_accuracy:.2%} ({event.seconds:.1f} s)"
            )
        case events.Finished():
            ink = "" if event.ink_accuracy is None else f" and {event.ink_accuracy:.2%} of the judges' drawings"
            written = f"written to {event.output} in {event.seconds:.0f} s"
            _say(f"reads {event.accuracy:.2%} of the test images{ink}; {written}")
        case events.Failed():
            sys.stderr.write(f"{event.message}\n")
        case events.Cancelled():
            sys.stderr.write("Cancelled; nothing was written.\n")
        case events.Progress():
            pass  # a line a batch would be too many


def _say(line: str) -> None:
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except OSError as error:
        raise _ListenerLeftError from error


def _between(kind: Callable[[str], Number], low: Number, high: Number) -> Callable[[str], Number]:
    """Return a reader of numbers in a range, for argparse."""

    def number(word: str) -> Number:
        value = kind(word)
        if not low <= value <= high:  # NaN is not either
            raise argparse.ArgumentTypeError(f"{word} is not between {low:g} and {high:g}")
        return value

    return number


if __name__ == "__main__":
    sys.exit(main())
