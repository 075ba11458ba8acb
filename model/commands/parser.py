"""The command line of ``python -m model``: each command's arguments and help."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from model.base.errors import UserError
from model.base.installation import require_onnx
from model.base.language import N_, _
from model.bundle import bundle, others
from model.commands.words import Commands, Parser, add_knobs, between, examples, reader, variant
from model.data import architectures

FILE: dict[str, Any] = {"metavar": "FILE", "type": Path}
FILES = FILE | {"nargs": "+", "default": ()}
FOLDER: dict[str, Any] = {"metavar": "DIR", "type": Path}
MODEL = FOLDER | {"help": "the model's folder (default: the one included)"}
OUTPUT = FOLDER | {"required": True, "help": "the folder to write to"}
EXAMPLES = {
    "train": (
        "--output my-model",
        "--network cnn --epochs 3 --output my-cnn",
        "--data digits.npz --deform --output mine",
        "--from my-model --epochs 2 --output better",
    ),
    "doubt": ("--model mine --output mine --ink pen.jsonl",),
    "ink": ("--model mine --output mine --ink pen.jsonl",),
    "teach": ("mine.jsonl --output my-model",),
    "rehearse": ("--output rehearsed",),
    "compare": (
        "--output table",
        "--variant cnn,epochs=5 --seeds 3 --output table",
    ),
    "evaluate": ("--output report", "--ink pen.jsonl --people judge --output report"),
    "inspect": ("--output first.png", "--test 0 8 247 --output some.png"),
    "quadrants": ("--output quadrants.png", "--hidden 2 --output two.png"),
    "devices": ("",),
    "install": ("",),
    "open": ("my-network.keras --output my-model",),
    "export": ("--format onnx --output my-model.onnx",),
}
VARIED = ("epochs", "batch_size", "activation", "initializer", "loss", "optimizer", "learning_rate")  # by a variant


def parser() -> argparse.ArgumentParser:
    """Return what reads the words."""
    made: argparse.ArgumentParser = Parser(
        prog="python -m model", description="Make the networks that Inkling reads with."
    )
    commands = made.add_subparsers(required=True, metavar="COMMAND", dest="command")
    _add_train(commands)
    _add_doubt(commands)
    _add_ink(commands)
    _add_teach(commands)
    _add_compare(commands)
    _add_evaluate(commands)
    _add_inspect(commands)
    _add_quadrants(commands)
    about = "list what --device takes here, each with its name; the first is the default"
    devices = _command(commands, "devices", about, what=N_("The training"), needs=N_("Training"))
    devices.add_argument("--then-train", action="store_true", help=argparse.SUPPRESS)  # how a window trains
    about = "install what training needs, in addition to what's installed: all of it, or nothing"
    _command(commands, "install", about, what=N_("The installation"), stages=True)
    _add_open(commands)
    _add_export(commands)
    return made


def _command(  # noqa: PLR0913  (what there is to be known of it)
    commands: Commands,
    name: str,
    about: str,
    epilog: str = "",
    *,
    what: str,
    needs: str = "",
    loading: str = "",
    stages: bool = False,
    tells: bool = True,
    usage: str = "",
) -> argparse.ArgumentParser:
    """Add a command, which leaves in its arguments what has to be known about it.

    That is what it's called in a sentence, what needs TensorFlow, and what is said while that is loaded, all three to
    be translated, and whether people are told the stages that it is in.
    """
    line = f"python -m model {name} {usage} [OPTION ...]" if usage else None
    description = f"{about[0].upper()}{about[1:]}."
    command = commands.add_parser(name, usage=line, help=about, description=description)
    command.epilog = examples([f"python -m model {name} {words}" for words in EXAMPLES[name]], epilog)
    # check: refuses what can be refused before anything is loaded that takes its time.
    known = {"check": lambda _arguments: None, "output": None, "events": False}
    command.set_defaults(what=what, needs=needs, loading=loading, stages=stages, **known)
    if tells:
        events = "print only JSON events, one in each line; end when standard input, if that's a pipe, closes"
        command.add_argument("--events", action="store_true", help=events)
    return command


def _add_train(commands: Commands) -> None:
    about = "train a network and write a bundle: the model for Keras and LiteRT, its card, history and curves"
    epilog = "What you don't set is set as the network's tutorial sets it."
    what, needs = N_("The training"), N_("Training")
    train = _command(commands, "train", about, epilog, what=what, needs=needs, usage="--output DIR")
    train.add_argument("--output", **OUTPUT)
    train.add_argument("--name", default="", help="what to call the model")
    _add_data(train.add_argument_group("data"))
    network = train.add_argument_group("network")
    known = f"one of {', '.join(architectures.NETWORKS)} (default: {architectures.DEFAULT}, or that of --from)"
    network.add_argument("--network", choices=list(architectures.NETWORKS), metavar="NETWORK", help=known)
    add_knobs(network, "activation", "initializer")
    start = "continue from this model, with the network that its card names, instead of from scratch"
    network.add_argument("--from", dest="start", **FOLDER, help=start)
    learning = ("epochs", "batch_size", "optimizer", "loss", "learning_rate", "schedule", "weight_decay", "deform")
    add_knobs(train.add_argument_group("learning"), *learning)
    add_knobs(train.add_argument_group("teachers"), "teacher", "teachers", "teacher_epochs")
    result = train.add_argument_group("result")
    add_knobs(result, "keep", "monitor", "calibrate", "views", "half", "int8", "at_least", "at_least_ink")
    result.add_argument("--against", **FOLDER, help="compare with this model on the test images before writing")
    anyway = "replace the model in DIR even if that reads more of the test images (else the new one goes next to it)"
    result.add_argument("--replace", action="store_true", help=anyway)
    _add_run(train.add_argument_group("run"))
    train.set_defaults(check=check_training)


def _add_data(group: argparse._ActionsContainer) -> None:
    """Let a training take what it learns from."""
    data = "MNIST, or images of your own: an .npz or .csv file, IDX files, a folder (default: Keras' own download)"
    group.add_argument("--data", **FILE, help=data)
    ink = "labelled drawings (.jsonl) to learn from, too; people.json in their folder says whose validate and judge"
    group.add_argument("--ink", **FILES, help=ink)
    doubt = "letters and signs (.jsonl) by people: also train the network that doubts, with the same teachers"
    group.add_argument("--not-digits", **FILES, help=doubt)
    add_knobs(group, "validation_split")


def _add_run(group: argparse._ActionsContainer) -> None:
    """Let a training take where and how it runs."""
    group.add_argument(
        "--device", default="auto", help="auto, cpu, gpu, or one GPU by number, like gpu:1 (default: auto)"
    )
    add_knobs(group, "mixed", "seed", "deterministic")
    group.add_argument("--resume", action="store_true", help="continue an interrupted training in the same folder")
    often = "seconds between two checkpoints to resume from (default: 60)"
    group.add_argument("--checkpoint-seconds", metavar="N", type=between(0.0, 86_400.0), default=60.0, help=often)
    group.add_argument("--kept", type=Path, help=argparse.SUPPRESS)  # where the program keeps what was compared
    group.add_argument("--asked", default="", help=argparse.SUPPRESS)  # how a window remembers what it wanted
    group.add_argument("--tensorboard", **FOLDER, help="log each epoch for TensorBoard, too")


def check_training(arguments: argparse.Namespace) -> None:
    """Find out which network is to be trained. Raises UserError."""
    if arguments.start:
        arguments.network = arguments.network or bundle.open_bundle(arguments.start).card.network
    bundle.check_target(arguments.output)


def _add_doubt(commands: Commands) -> None:
    about = "train the small network that doubts, by what it reads itself or that it's no digit, for a model's bundle"
    doubt = _command(commands, "doubt", about, what=N_("The training"), needs=N_("Training"))
    _add_given(doubt)
    add_knobs(doubt, "epochs", "teacher_epochs", "seed")


def _add_ink(commands: Commands) -> None:
    about = "train the eye, the network that finds digits in pictures, and put it into a model's bundle"
    ink = _command(commands, "ink", about, what=N_("The training"), needs=N_("Training"))
    _add_given(ink)
    add_knobs(ink, "epochs", "seed")
    start = "continue from this model's eye instead of from scratch"
    ink.add_argument("--from", dest="start", **FOLDER, help=start)


def _add_given(command: argparse.ArgumentParser) -> None:
    """Let a command take a model, and what its doubt or its eye learns from."""
    command.add_argument("--model", **FOLDER, required=True, help="the model that it is for")
    command.add_argument("--output", **OUTPUT)
    command.add_argument("--data", **FILE, help="MNIST (default: Keras' own download)")
    command.add_argument("--ink", **FILES, required=True, help="labelled digits (.jsonl), by people")
    command.add_argument("--not-digits", **FILES, help="letters and signs (.jsonl), by people")


def _add_teach(commands: Commands) -> None:
    about = "let a copy of a model learn labelled drawings, and write it if it forgot nothing"
    epilog = "It needs neither a data set nor TensorFlow: drawn digits are rehearsed, and the last layers learn."
    teach = _command(commands, "teach", about, epilog, what=N_("The teaching"), stages=True)
    teach.add_argument("ink", metavar="INK.jsonl", type=Path, help="labelled drawings, a JSON object a line")
    teach.add_argument("--model", **MODEL)
    teach.add_argument("--output", **OUTPUT)
    teach.add_argument("--name", default="", help="what to call the result (default: as the model is called)")
    teach.add_argument("--instead-of", type=Path, help=argparse.SUPPRESS)  # how a window learns again after an update
    teach.add_argument("--kept", type=Path, help=argparse.SUPPRESS)  # where the program keeps what's rehearsed
    teach.set_defaults(check=lambda arguments: bundle.check_target(arguments.output))
    about = "draw what a model rehearses when it's taught, ahead of the first time"
    rehearse = _command(commands, "rehearse", about, what=N_("The teaching"), stages=True)
    rehearse.add_argument("--model", **MODEL)
    rehearse.add_argument("--output", **OUTPUT)


def _add_compare(commands: Commands) -> None:
    about = "train variants of networks, several seeds each, and write accuracies and times as a table and a plot"
    epilog = "Without --variant, it trains the tutorials' eight networks."
    what, needs = N_("The comparison"), N_("Training")
    compare = _command(commands, "compare", about, epilog, what=what, needs=needs, tells=False)
    compare.add_argument("--data", **FILE, help="MNIST, as for train")
    word, kind = "NETWORK[,KNOB=VALUE…]", variant(VARIED)
    turned = f"a network, and what's different: {', '.join(VARIED)}; can be given several times"
    compare.add_argument("--variant", metavar=word, type=kind, action="append", help=turned)
    compare.add_argument(
        "--seeds",
        metavar="N",
        type=between(1, 100),
        default=5,
        help="how often each is trained, each time with another random seed (default: 5)",
    )
    compare.add_argument("--output", **OUTPUT)


def _add_evaluate(commands: Commands) -> None:
    about = "measure how well a model reads MNIST's test images or labelled ink, and write a report with pictures"
    epilog = "Without --data and --ink, it reads MNIST's test images as Keras downloads them."
    what, loading = N_("The evaluation"), N_("loading what measures")
    evaluate = _command(commands, "evaluate", about, epilog, what=what, loading=loading)
    evaluate.add_argument("--model", **MODEL)
    judges = evaluate.add_mutually_exclusive_group()
    judges.add_argument("--data", **FILE, help="MNIST, as for train; its test images are read")
    judges.add_argument("--ink", **FILES, help="labelled drawings, a JSON object a line")
    none = "letters and signs (.jsonl): how well doubt tells them from digits; those that look like one are left out"
    evaluate.add_argument("--not-digits", **FILES, help=none)
    people = "read only these writers' ink, as people.json in its folder lists them (default: everybody)"
    evaluate.add_argument("--people", choices=("train", "validation", "judge"), help=people)
    evaluate.add_argument("--output", **OUTPUT)

    def check(arguments: argparse.Namespace) -> None:
        if arguments.people and not (arguments.ink or arguments.not_digits):
            evaluate.error("argument --people: it needs --ink or --not-digits, whose writers it chooses from")

    evaluate.set_defaults(check=check)


def _picture(word: str) -> Path:
    if Path(word).suffix.lower() != ".png":
        raise argparse.ArgumentTypeError("the picture's name ends in .png")
    return Path(word)


PICTURE: dict[str, Any] = {"metavar": "FILE.png", "type": _picture, "required": True, "help": "the picture to write"}


def _add_inspect(commands: Commands) -> None:
    about = "draw MNIST's images as the tutorials plot them: with their labels, and what a model reads"
    epilog = "Without --test and --random, it shows the first twenty training images with their labels."
    inspect = _command(commands, "inspect", about, epilog, what=N_("The picture"), tells=False)
    inspect.add_argument("--data", **FILE, help="MNIST, as for train")
    inspect.add_argument("--model", **MODEL)
    which = inspect.add_mutually_exclusive_group()
    which.add_argument("--test", metavar="INDEX", type=int, nargs="+", help="these test images, counted from 0")
    which.add_argument("--random", metavar="N", type=between(1, 200), help="this many test images at random")
    inspect.add_argument(
        "--seed", metavar="S", type=reader("seed"), default=0, help="random seed of --random (default: 0)"
    )
    inspect.add_argument("--title", metavar="TEXT", default="", help="a title above the picture, in any script")
    inspect.add_argument("--output", **PICTURE)


def _add_quadrants(commands: Commands) -> None:
    about = "train a network of two layers to say in which quadrant a point lies, without TensorFlow, and draw it"
    epilog = "Its formulae are in model/data/quadrants.py; docs/from-the-tutorial.md walks through them."
    quadrants = _command(commands, "quadrants", about, epilog, what=N_("The training"), tells=False)
    for word, metavar, kind, default, help_ in (
        ("--hidden", "N", between(1, 200), 8, "hidden units"),
        ("--steps", "N", between(1, 100_000), 2000, "training steps"),
        ("--learning-rate", "RATE", reader("learning_rate"), 0.5, "how far each step goes"),
        ("--seed", "S", reader("seed"), 1, "random seed"),
    ):
        quadrants.add_argument(word, metavar=metavar, type=kind, default=default, help=f"{help_} (default: {default})")
    quadrants.add_argument("--output", **PICTURE)


def _add_open(commands: Commands) -> None:
    about = "make a model bundle from a Keras file, which is checked before any of it is run"
    epilog = "What you don't say with --scale, --ink and --outputs is found out with drawn digits."
    opened = _command(commands, "open", about, epilog, what=N_("The opening"), needs=N_("Opening a Keras model"))
    opened.add_argument(
        "file", metavar="FILE", type=Path, help="a .keras, .h5 or .hdf5 file, of Keras 2 or 3, or .tflite"
    )
    opened.add_argument("--output", **OUTPUT)
    opened.add_argument("--name", default="", help="what to call the model (default: as its file is called)")
    scales = "what ink was in the training images: 1, 255, or normalized by keras.utils.normalize(images, axis=1)"
    opened.add_argument("--scale", choices=("1", "255", "normalized"), help=scales)
    opened.add_argument("--ink", choices=("bright", "dark"), help="bright on dark, as MNIST has it, or dark on bright")
    answers, of = ("probabilities", "scores", "logits"), "of softmax, of ten sigmoids, or without either"
    opened.add_argument("--outputs", choices=answers, help=f"what it answers with: {of}")
    opened.add_argument("--unwatched", action="store_true", help=argparse.SUPPRESS)  # what is watched is started with


def _add_export(commands: Commands) -> None:
    about = "write a model as a file for other programs, and read it back before it's there"
    epilog = "ONNX needs the extra of that name, and all but LiteRT's own form TensorFlow."
    what, needs = N_("The export"), N_("Exporting a model")
    export = _command(commands, "export", about, epilog, what=what, stages=True)
    export.add_argument("--model", **MODEL)
    forms = "a .keras file, LiteRT's .tflite, a folder as TensorFlow saves them, or an .onnx file"
    export.add_argument("--format", choices=list(others.EXPORTED), required=True, help=forms)
    place: dict[str, Any] = {"metavar": "PATH", "type": Path, "required": True}
    export.add_argument("--output", **place, help="the file or the folder to write, where nothing is yet")
    export.set_defaults(check=check_export, needed=needs)


def check_export(arguments: argparse.Namespace) -> None:
    """Raise UserError if a model can't be exported: the file exists, or the library for its format is missing."""
    if os.path.lexists(arguments.output):
        raise UserError(_("{path} is there already; choose another name."), path=arguments.output)
    if arguments.format == "keras" and arguments.output.suffix != ".keras":
        raise UserError(_("The name of a Keras file ends in .keras; {name} doesn't."), name=arguments.output.name)
    if arguments.format == "onnx":
        require_onnx()
