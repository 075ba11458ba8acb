"""``python -m model train``: make a model bundle."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from model import architectures, events
from model.errors import UserError

Report = Callable[[events.Event], None]


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled."""
    arguments = _parser().parse_args(words)
    report = _events_on_standard_output() if arguments.events else _print_for_people
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being ended is being cancelled
    try:
        _train(arguments, report)
    except KeyboardInterrupt:
        report(events.Cancelled())
        return 130
    except UserError as error:
        report(events.Failed(str(error)))
        return 1
    except BrokenPipeError:
        return 1  # whoever listened is gone, so there is nobody to tell
    except Exception as error:  # noqa: BLE001  (the last word must be an event, whatever went wrong)
        traceback.print_exc()
        report(events.Failed(f"The training stopped on an error of its own ({error}); nothing was written."))
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model", description="Make the networks that Inkling reads with.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="train a network and write its bundle", description=_train.__doc__)
    train.add_argument(
        "--network", choices=list(architectures.NETWORKS), default=architectures.DEFAULT, help="default: %(default)s"
    )
    train.add_argument(
        "--data",
        metavar="FILE",
        type=Path,
        help="MNIST as an .npz file or a folder of IDX files (default: Keras' own download)",
    )
    train.add_argument("--output", metavar="DIR", type=Path, required=True, help="the folder to write the bundle to")
    train.add_argument("--epochs", metavar="N", type=_whole(1, 10_000), help="passes over the images")
    train.add_argument("--seed", metavar="N", type=_whole(0, 2**32 - 1), default=0, help="of all chance (default: 0)")
    train.add_argument(
        "--at-least",
        metavar="FRACTION",
        type=_fraction,
        default=0.0,
        help="fail and write nothing when fewer of the test images are read right",
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
    knobs = {"network": arguments.network, "seed": arguments.seed, "at_least": arguments.at_least}
    if arguments.epochs:
        knobs["epochs"] = arguments.epochs
    train.train(train.Recipe(**knobs), data.load(arguments.data), arguments.output, report)


def _events_on_standard_output() -> Report:
    """Keep standard output for events: whatever libraries print there goes to standard error from now on."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return lambda event: print(events.to_line(event), file=lines, flush=True)


def _print_for_people(event: events.Event) -> None:
    match event:
        case events.Started():
            _say(
                f"{event.network}, {event.weights:,} weights, on the {event.device}: {event.train_images:,} images to "
                f"train, {event.validation_images:,} to choose, {event.test_images:,} to judge"
            )
        case events.EpochDone():
            _say(
                f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.2%}; validation loss "
                f"{event.validation_loss:.4f}, accuracy {event.validation_accuracy:.2%} ({event.seconds:.1f} s)"
            )
        case events.Finished():
            _say(f"reads {event.accuracy:.2%} of the test images; written to {event.output} in {event.seconds:.0f} s")
        case events.Failed():
            sys.stderr.write(f"{event.message}\n")
        case events.Cancelled():
            sys.stderr.write("Cancelled; nothing was written.\n")
        case events.Progress():
            pass  # a line a batch would be too many


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range, for argparse."""

    def number(word: str) -> int:
        value = int(word)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{word} is not between {low} and {high}")
        return value

    return number


def _fraction(word: str) -> float:
    value = float(word)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{word} is not between 0 and 1")
    return value


_fraction.__name__ = "fraction"  # argparse names it when the word is no number at all

if __name__ == "__main__":
    sys.exit(main())
