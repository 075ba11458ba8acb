"""``python -m model train``: make a model bundle, every outcome told as an event."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path

from tqdm import tqdm

from model.base import events
from model.base.installation import loading_tensorflow
from model.base.language import N_, _
from model.bundle import bundle
from model.commands import listener
from model.commands.listener import Report
from model.commands.words import BATCH_SIZE, EPOCHS, LEARNING_RATE, Commands, between, say
from model.data import architectures
from model.training.learn.recipe import GOING_ON, How, Recipe


def add(commands: Commands) -> None:
    """Add the command and its words."""
    train = commands.add_parser(
        "train",
        help="train a network and write its bundle",
        description=_train.__doc__,
        epilog="A knob that is not given is set as the network's tutorial sets it.",
    )
    train.add_argument(
        "--network", choices=list(architectures.NETWORKS), help=f"default: {architectures.DEFAULT}, or that of --from"
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
    train.add_argument("--epochs", metavar="N", type=EPOCHS, help="passes over the images")
    train.add_argument("--batch-size", metavar="N", type=BATCH_SIZE, help="images a step")
    train.add_argument("--activation", choices=architectures.ACTIVATIONS, help="of the hidden layers")
    train.add_argument("--initializer", choices=list(architectures.INITIALIZERS), help="of the hidden layers' weights")
    train.add_argument("--loss", choices=list(architectures.LOSSES), help="what is made small")
    train.add_argument("--optimizer", choices=architectures.OPTIMIZERS, help="how it is made small")
    train.add_argument("--learning-rate", metavar="X", type=LEARNING_RATE, help="of the optimizer (default: its own)")
    train.add_argument("--schedule", choices=architectures.SCHEDULES, help="of the learning rate, over all epochs")
    train.add_argument(
        "--weight-decay", metavar="X", type=between(float, 0, 1), help="of the weights, times the learning rate"
    )
    train.add_argument(
        "--deform", action=argparse.BooleanOptionalAction, help="deform the training images, anew at each step"
    )
    train.add_argument(
        "--teacher",
        choices=("none", *architectures.NETWORKS),
        help="a network that is trained first, and whose answers are learned beside the labels",
    )
    train.add_argument(
        "--teachers", metavar="N", type=between(int, 1, 20), help="how many of them, to learn their mean"
    )
    train.add_argument("--teacher-epochs", metavar="N", type=EPOCHS, help="passes of the teacher")
    train.add_argument(
        "--mixed",
        action=argparse.BooleanOptionalAction,
        help="compute in bfloat16, with weights in float32 (default: on GPUs that are built for it)",
    )
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
        type=between(float, 0.001, 0.9),
        help="of the training images, the last ones, to validate with; some tutorials use the test images",
    )
    train.add_argument("--keep", choices=("best", "last"), help="which epoch's weights are kept")
    train.add_argument(
        "--monitor", choices=architectures.MONITORS, help="what tells the best epoch (default: val_accuracy)"
    )
    train.add_argument(
        "--seed", metavar="N", type=between(int, 0, 2**32 - 1), default=0, help="of all chance (default: 0)"
    )
    train.add_argument("--deterministic", action="store_true", help="make the seed decide every bit; slower")
    train.add_argument(
        "--at-least",
        metavar="FRACTION",
        type=between(float, 0, 1),
        default=0.0,
        help="fail and write nothing when fewer of the test images are read right",
    )
    train.add_argument(
        "--at-least-ink",
        metavar="FRACTION",
        type=between(float, 0, 1),
        default=0.0,
        help="the same of the judges' drawings",
    )
    train.add_argument(
        "--from",
        dest="start",
        metavar="DIR",
        type=Path,
        help="go on learning from this model, of the network that its card names, instead of from scratch",
    )
    train.add_argument(
        "--against", metavar="DIR", type=Path, help="compare with this model on the test images before it is written"
    )
    train.add_argument("--name", default="", help="what to call the model")
    train.add_argument("--device", default="auto", help="auto, cpu, gpu, or one GPU by its number, like gpu:1")
    train.add_argument("--resume", action="store_true", help="go on with an interrupted training into the same folder")
    train.add_argument(
        "--checkpoint-seconds",
        metavar="N",
        type=between(float, 0, 86_400),
        default=60.0,
        help="how often an epoch's end is kept to be gone on from (default: 60)",
    )
    train.add_argument("--tensorboard", metavar="DIR", type=Path, help="log each epoch for TensorBoard too")
    listener.add_word(train)
    train.set_defaults(run=_run_training)


def _run_training(arguments: argparse.Namespace) -> int:
    """Train, with every outcome told as an event, and return the exit status. Raises ListenerLeftError."""
    tell = None if arguments.events else People()
    return listener.run(functools.partial(_train, arguments), N_("The training"), tell, arguments.output)


def _train(arguments: argparse.Namespace, report: Report) -> None:
    """Train a network on MNIST and write a bundle: the model for Keras and LiteRT, its card, history and curves."""
    words = vars(arguments)
    knobs, how = ({name: value for name, value in words.items() if name in kind.__slots__} for kind in (Recipe, How))
    if arguments.start:
        knobs = GOING_ON | {name: value for name, value in knobs.items() if value is not None}
        knobs.setdefault("network", bundle.open_bundle(arguments.start).card.network)
    knobs["network"] = knobs.get("network") or architectures.DEFAULT
    bundle.check_target(arguments.output)
    with loading_tensorflow(_("Training")):
        from model.data import data  # noqa: PLC0415  (as below)
        from model.training.learn import (  # noqa: PLC0415  (TensorFlow takes seconds; --help needs none)
            tensorboard,
            train,
        )
    with bundle.making(arguments.output):  # only now: while a library is loaded, nothing can be cleared away
        ink = data.load_ink(arguments.ink)
        if arguments.tensorboard:
            report = tensorboard.logging_to(arguments.tensorboard, report)
        mnist = data.load(arguments.data, lambda done, total: report(events.Downloading(done, total)))
        train.train(Recipe.of(**knobs), mnist, ink, How(**how), report)


class People:
    """Tells people what happens: lines on standard output, and on a terminal how far it is and what time is left."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None
        self._started: events.Started | None = None

    def __call__(self, event: events.Event) -> None:
        """Tell an event. Raises ListenerLeftError."""
        if isinstance(event, events.Progress) and self._bar is not None and self._started is not None:
            place = (event.epoch - 1) * self._started.steps + event.step
            if self._bar.n == 0 and event.epoch > 1:  # it goes on from a checkpoint
                self._bar.initial = self._bar.n = place
            self._bar.update(place - self._bar.n)
            return
        if self._bar is not None and not (isinstance(event, events.EpochDone) and self._bar.n < self._bar.total):
            self._bar.close()
        with tqdm.external_write_mode(sys.stderr):  # the bar gives way to the lines
            self._line(event)
        if isinstance(event, events.Started):
            self._started = event
            total = event.epochs * event.steps
            self._bar = tqdm(total=total, desc=event.role, unit=" steps", disable=None, leave=False, mininterval=0.5)

    def _line(self, event: events.Event) -> None:
        match event:
            case events.Started():
                role = "" if event.role == "network" else f"{event.role}: "
                say(
                    f"{role}{event.network}, {event.weights:,} weights, "
                    f"on the {event.device}: {event.train_images:,} images to train, "
                    f"{event.validation_images:,} to choose, {event.test_images:,} to judge"
                )
            case events.EpochDone():
                say(
                    f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.2%}; validation loss "
                    f"{event.validation_loss:.4f}, accuracy {event.validation_accuracy:.2%} ({event.seconds:.1f} s)"
                )
            case events.Finished():
                ink = "" if event.ink_accuracy is None else f" and {event.ink_accuracy:.2%} of the judges' drawings"
                written = f"written to {event.output} in {event.seconds:.0f} s"
                say(f"reads {event.accuracy:.2%} of the test images{ink}; {written}")
            case events.Failed():
                sys.stderr.write(f"{event.message}\n")
            case events.Cancelled():
                sys.stderr.write(
                    "Cancelled; no model was written. What ran longer than a minute goes on with --resume.\n"
                )
            case events.Compared():
                say(
                    f"of {event.images:,} test images the current model reads {event.current.right:,} "
                    f"({event.current.size:,} bytes, {event.current.milliseconds:.2f} ms an answer) and the new one "
                    f"{event.new.right:,} ({event.new.size:,} bytes, {event.new.milliseconds:.2f} ms)"
                )
            case _:
                pass  # what is short, or told otherwise
