"""The words of ``python -m model``: what each command takes, and what it says of itself."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from model.base.language import N_
from model.bundle import bundle
from model.commands.words import Commands, Parser, add_knobs, between, reader, variant
from model.data import architectures
from model.data.recipe import KNOBS

FILE: dict[str, Any] = {"metavar": "FILE", "type": Path}
FILES = FILE | {"nargs": "+", "default": ()}
FOLDER: dict[str, Any] = {"metavar": "DIR", "type": Path}
MODEL = FOLDER | {"help": "the model's folder (default: the one included)"}
OUTPUT = FOLDER | {"required": True, "help": "the folder to write to"}
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
    about = "list what --device takes here, each with its name; the first is what is taken when nothing is said"
    devices = _command(commands, "devices", about, what=N_("The training"), needs=N_("Training"))
    devices.add_argument("--then-train", action="store_true", help=argparse.SUPPRESS)  # how a window trains
    about = "install what training needs, beside what is installed: all of it, or nothing"
    _command(commands, "install", about, what=N_("The installation"), stages=True)
    _add_open(commands)
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
) -> argparse.ArgumentParser:
    """Add a command, which leaves beside its words what is to be known of it.

    That is what it is called in a sentence, what needs TensorFlow, and what is said while that is loaded, all three to
    be translated, and whether people are told the stages that it is in.
    """
    command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.", epilog=epilog)
    # check: refuses what can be refused before anything is loaded that takes its time.
    known = {"check": lambda _arguments: None, "output": None, "events": False}
    command.set_defaults(what=what, needs=needs, loading=loading, stages=stages, **known)
    if tells:
        events = "one JSON event a line on standard output, nothing else; cancel when standard input, if a pipe, closes"
        command.add_argument("--events", action="store_true", help=events)
    return command


def _add_train(commands: Commands) -> None:
    about = "train a network and write a bundle: the model for Keras and LiteRT, its card, history and curves"
    epilog = "A knob that is not given is set as the network's tutorial sets it."
    train = _command(commands, "train", about, epilog, what=N_("The training"), needs=N_("Training"))
    networks, default = list(architectures.NETWORKS), f"default: {architectures.DEFAULT}, or that of --from"
    train.add_argument("--network", choices=networks, help=default)
    data = "MNIST as an .npz file or a folder of IDX files (default: Keras' own download)"
    train.add_argument("--data", **FILE, help=data)
    ink = "labelled drawings (.jsonl) to train with too; people.json beside it says whose validate and judge"
    train.add_argument("--ink", **FILES, help=ink)
    doubt = "letters and signs (.jsonl), by people: train the network that doubts too, with the same teachers"
    train.add_argument("--not-digits", **FILES, help=doubt)
    train.add_argument("--output", **OUTPUT)
    add_knobs(train, *KNOBS)
    start = "go on learning from this model, of the network that its card names, instead of from scratch"
    train.add_argument("--from", dest="start", **FOLDER, help=start)
    train.add_argument("--against", **FOLDER, help="compare with this model on the test images before it is written")
    train.add_argument("--name", default="", help="what to call the model")
    train.add_argument("--device", default="auto", help="auto, cpu, gpu, or one GPU by its number, like gpu:1")
    train.add_argument("--resume", action="store_true", help="go on with an interrupted training into the same folder")
    seconds, often = between(0.0, 86_400.0), "how often an epoch's end is kept to be gone on from (default: 60)"
    train.add_argument("--checkpoint-seconds", metavar="N", type=seconds, default=60.0, help=often)
    train.add_argument("--tensorboard", **FOLDER, help="log each epoch for TensorBoard too")
    train.set_defaults(check=check_training)


def check_training(arguments: argparse.Namespace) -> None:
    """Find out which network is to be trained. Raises UserError."""
    if arguments.start:
        arguments.network = arguments.network or bundle.open_bundle(arguments.start).card.network
    bundle.check_target(arguments.output)


def _add_doubt(commands: Commands) -> None:
    about = "train the small network that tells digits from letters and scribbles, and put it into a model's bundle"
    doubt = _command(commands, "doubt", about, what=N_("The training"), needs=N_("Training"))
    _add_given(doubt)
    add_knobs(doubt, "epochs", "teacher_epochs", "seed")


def _add_ink(commands: Commands) -> None:
    about = "train the eye, the network that finds digits in pictures, and put it into a model's bundle"
    ink = _command(commands, "ink", about, what=N_("The training"), needs=N_("Training"))
    _add_given(ink)
    add_knobs(ink, "epochs", "seed")
    start = "go on learning from this model's eye instead of from scratch"
    ink.add_argument("--from", dest="start", **FOLDER, help=start)


def _add_given(command: argparse.ArgumentParser) -> None:
    """Let a command take a model, and what a network beside the one that reads learns from."""
    command.add_argument("--model", **FOLDER, required=True, help="the model that it is for")
    command.add_argument("--output", **OUTPUT)
    command.add_argument("--data", **FILE, help="MNIST (default: Keras' own download)")
    command.add_argument("--ink", **FILES, required=True, help="labelled digits (.jsonl), by people")
    command.add_argument("--not-digits", **FILES, help="letters and signs (.jsonl), by people")


def _add_teach(commands: Commands) -> None:
    about = "teach a model its user's drawings, and write a model of its own if nothing was forgotten"
    epilog = "It needs no data set: drawn digits are rehearsed. With --data MNIST's training images are, too."
    loading = N_("loading TensorFlow")
    teach = _command(
        commands, "teach", about, epilog, what=N_("The teaching"), needs=N_("Learning"), loading=loading, stages=True
    )
    teach.add_argument("ink", metavar="INK.jsonl", type=Path, help="labelled drawings, a JSON object a line")
    teach.add_argument("--model", **MODEL)
    teach.add_argument("--output", **OUTPUT)
    teach.add_argument("--data", **FILE, help="MNIST, as for train: rehearsed as well, and measured on")
    teach.add_argument("--name", default="", help="what to call the result (default: as the model is called)")
    teach.add_argument("--instead-of", type=Path, help=argparse.SUPPRESS)  # how a window learns again after an update

    def check(arguments: argparse.Namespace) -> None:
        bundle.check_target(arguments.output)
        bundle.open_bundle(arguments.model).check_teachable()

    teach.set_defaults(check=check)


def _add_compare(commands: Commands) -> None:
    about = "train variants of networks, several seeds each, and write accuracies and times as a table and a plot"
    epilog = "Without --variant these are the tutorials' published rows."
    what, needs = N_("The comparison"), N_("Training")
    compare = _command(commands, "compare", about, epilog, what=what, needs=needs, tells=False)
    compare.add_argument("--data", **FILE, help="MNIST, as for train")
    word, kind = "NETWORK[,KNOB=VALUE…]", variant(VARIED)
    turned = f"a network, and what is to be different: {', '.join(VARIED)}; can be given again"
    compare.add_argument("--variant", metavar=word, type=kind, action="append", help=turned)
    compare.add_argument("--seeds", metavar="N", type=between(1, 100), default=5, help="each (default: 5)")
    compare.add_argument("--output", **OUTPUT)


def _add_evaluate(commands: Commands) -> None:
    about = "measure how well a model reads MNIST's test images or labelled ink, and write a report with pictures"
    epilog = "Without --data and --ink it is judged by MNIST's test images as Keras downloads them."
    what, loading = N_("The evaluation"), N_("loading what measures")
    evaluate = _command(commands, "evaluate", about, epilog, what=what, loading=loading)
    evaluate.add_argument("--model", **MODEL)
    judges = evaluate.add_mutually_exclusive_group()
    judges.add_argument("--data", **FILE, help="MNIST, as for train; its test images are read")
    judges.add_argument("--ink", **FILES, help="labelled drawings, a JSON object a line")
    none = "letters and signs (.jsonl): how well doubt tells them from digits; those that look like one are left out"
    evaluate.add_argument("--not-digits", **FILES, help=none)
    people = "of the ink: only the writers that people.json, beside it, lists there (default: everybody)"
    evaluate.add_argument("--people", choices=("train", "validation", "judge"), help=people)
    evaluate.add_argument("--output", **OUTPUT)

    def check(arguments: argparse.Namespace) -> None:
        if arguments.people and not (arguments.ink or arguments.not_digits):
            evaluate.error("argument --people: it chooses among the writers of --ink and of --not-digits; give one")

    evaluate.set_defaults(check=check)


def _picture(word: str) -> Path:
    if Path(word).suffix.lower() != ".png":
        raise argparse.ArgumentTypeError("the picture's name ends in .png")
    return Path(word)


PICTURE: dict[str, Any] = {"metavar": "FILE.png", "type": _picture, "required": True, "help": "the picture to write"}


def _add_inspect(commands: Commands) -> None:
    about = "draw MNIST's images as the tutorials plot them: with their labels, and what a model reads"
    epilog = "Without --test and --random it shows the first twenty training images with their labels."
    inspect = _command(commands, "inspect", about, epilog, what=N_("The picture"), tells=False)
    inspect.add_argument("--data", **FILE, help="MNIST, as for train")
    inspect.add_argument("--model", **MODEL)
    which = inspect.add_mutually_exclusive_group()
    which.add_argument("--test", metavar="INDEX", type=int, nargs="+", help="these test images, counted from 0")
    which.add_argument("--random", metavar="N", type=between(1, 200), help="so many test images at random")
    inspect.add_argument("--seed", metavar="S", type=reader("seed"), default=0, help="of that chance (default: 0)")
    inspect.add_argument("--title", metavar="TEXT", default="", help="words over the picture, in any script")
    inspect.add_argument("--output", **PICTURE)


def _add_quadrants(commands: Commands) -> None:
    about = "train a network of two layers to say in which quadrant a point lies, without TensorFlow, and draw it"
    epilog = "Its formulae are in model/data/quadrants.py; docs/from-the-tutorial.md walks through them."
    quadrants = _command(commands, "quadrants", about, epilog, what=N_("The training"), tells=False)
    for word, metavar, kind, default, help_ in (
        ("--hidden", "N", between(1, 200), 8, "hidden units"),
        ("--steps", "N", between(1, 100_000), 2000, "of learning"),
        ("--learning-rate", "RATE", reader("learning_rate"), 0.5, "how far a step goes"),
        ("--seed", "S", reader("seed"), 1, "of all chance"),
    ):
        quadrants.add_argument(word, metavar=metavar, type=kind, default=default, help=f"{help_} (default: {default})")
    quadrants.add_argument("--output", **PICTURE)


def _add_open(commands: Commands) -> None:
    about = "make a model bundle of a Keras file, which is checked before anything of it is run"
    epilog = "What --scale, --ink and --outputs do not say is found out with drawn digits."
    opened = _command(commands, "open", about, epilog, what=N_("The opening"), needs=N_("Opening a Keras model"))
    opened.add_argument("file", metavar="FILE", type=Path, help="a .keras, .h5 or .hdf5 file, of Keras 2 or 3")
    opened.add_argument("--output", **OUTPUT)
    opened.add_argument("--name", default="", help="what to call the model (default: as its file is called)")
    opened.add_argument("--scale", type=int, choices=(1, 255), help="what ink is in the images that it was trained on")
    opened.add_argument("--ink", choices=("bright", "dark"), help="bright on dark, as MNIST has it, or dark on bright")
    answers, of = ("probabilities", "scores", "logits"), "of softmax, of ten sigmoids, or without either"
    opened.add_argument("--outputs", choices=answers, help=f"what it answers with: {of}")
    opened.add_argument("--unwatched", action="store_true", help=argparse.SUPPRESS)  # what is watched is started with
