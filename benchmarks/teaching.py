"""What taught drawings do to a person's other drawings, to MNIST's test images, and how long that takes.

A person's digits are ranked by how well the model reads them, worst first. Taught are some of the drawings that it
misreads: one of each digit in turn, in that order, and round again. Where it misreads fewer, those that it is least
sure of, of the same digits in the same order, are taught along with them. Which of a digit's is chosen at random
with a fixed seed. The real command does it, in its own process.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import rulers
from model.base import events
from model.bundle.bundle import BUNDLED, open_bundle
from model.data import data
from model.ink.ink import Drawing, write_line
from model.judging.evaluate import Examples, ink_examples, mnist_examples
from model.reading.recognizer import Recognizer

ROOT = Path(__file__).resolve().parent.parent
TAUGHT = 5  # drawings, if nothing else is asked for
MANY = 3  # errors on the rest: of people with as many it's told by how much they fall
SEED = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What one person's teaching did."""

    person: str
    rest: int  # drawings that weren't taught
    before: int  # of these read wrong
    after: int
    taught_before: int  # of those taught read right
    taught_after: int
    accepted: int  # of those taught, read right and accepted
    test_before: int  # of MNIST's test images read right
    test_after: int
    seconds: float  # of the whole command
    cpu_seconds: float  # of all its threads
    refused: str = ""  # why nothing was learned; then the model is as it was


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Teach, and yield each person's line as soon as it's known, and what they come to."""
    ink, mnist = arguments.ink or rulers.data("pen-digits.jsonl"), arguments.data or rulers.data("mnist.npz")
    yield HEADING
    figures = []
    with tempfile.TemporaryDirectory() as kept:
        model, count = arguments.model or BUNDLED, arguments.corrections
        for each in measure(model, ink, mnist, arguments.people, count=count, kept=Path(kept)):
            figures.append(each)
            yield line(each)
    yield totals(figures)


def measure(  # noqa: PLR0913  (what there is to be measured)
    model: Path, ink: Path, mnist: Path, people: str | None, *, count: int, kept: Path
) -> Iterator[Figures]:
    """Teach a model so many drawings of each person, rehearsals kept in a folder, and yield what came of it."""
    drawings: Sequence[Drawing] = getattr(data.load_ink([ink]), people or "everybody")
    read = ink_examples(data.load_ink([ink]), people)
    test = mnist_examples(data.load(mnist))
    recognizer = Recognizer(open_bundle(model))
    answers, test_before = _answers(recognizer, read.images), _right(recognizer, test)
    writers = np.array([drawing.writer for drawing in drawings])
    for person in sorted(set(writers.tolist()), key=lambda name: (len(name), name)):
        own = np.flatnonzero(writers == person)
        taught = own[chosen(answers[own], read.labels[own], count)]
        rest = np.setdiff1d(own, taught)
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "taught"
            began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            refused = _teach([drawings[index] for index in taught], model, output, kept)
            seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            fresh = recognizer if refused else Recognizer(open_bundle(output))
            wrong = _answers(fresh, read.images[rest]).argmax(1) != read.labels[rest]
            learned = _answers(fresh, read.images[taught]).argmax(1) == read.labels[taught]
            accepted = np.array([fresh.read(image).accepted for image in read.images[taught]])
            yield Figures(
                person=person,
                rest=len(rest),
                before=int((answers[rest].argmax(1) != read.labels[rest]).sum()),
                after=int(wrong.sum()),
                taught_before=int((answers[taught].argmax(1) == read.labels[taught]).sum()),
                taught_after=int(learned.sum()),
                accepted=int((learned & accepted).sum()),
                test_before=test_before,
                test_after=test_before if refused else _right(fresh, test),
                seconds=seconds,
                cpu_seconds=used,
                refused=refused,
            )


def chosen(answers: npt.NDArray[np.float64], labels: npt.NDArray[np.uint8], count: int = TAUGHT) -> list[int]:
    """Return the indices of this many drawings to teach (see the module), from (n, 10) probabilities and labels."""
    random = np.random.default_rng(SEED)
    right = answers.argmax(1) == labels
    ranked = sorted(set(labels.tolist()), key=lambda digit: float(right[labels == digit].mean()))
    misread = [random.permutation(np.flatnonzero((labels == digit) & ~right)).tolist() for digit in ranked]
    unsure = np.argsort(answers[np.arange(len(labels)), labels], kind="stable")
    read = [[int(index) for index in unsure if labels[index] == digit and right[index]] for digit in ranked]
    turns = [index for lists in (misread, read) for turn in itertools.zip_longest(*lists) for index in turn]
    return [index for index in turns if index is not None][:count]


def line(each: Figures) -> str:
    """Return a person's figures for people."""
    return (
        f"{each.person:10}{each.before:8}{each.after:7}{each.taught_before:9}{each.taught_after:4}{each.accepted:10}"
        f"{each.test_after - each.test_before:+9}{each.seconds:9.1f}{each.cpu_seconds:9.1f}  {each.refused}"
    ).rstrip()


HEADING = (
    f"{'person':10}{'errors':>8}{'after':>7}{'taught':>9}{'':4}{'accepted':>10}{'MNIST':>9}{'seconds':>9}{'of CPUs':>9}"
)


def totals(figures: Sequence[Figures]) -> str:
    """Return what all people come to."""
    before, after = sum(each.before for each in figures), sum(each.after for each in figures)
    many = [each for each in figures if each.before >= MANY]
    fell = 1 - sum(each.after for each in many) / max(sum(each.before for each in many), 1)
    changes = [each.test_after - each.test_before for each in figures]
    worse = sum(each.after > each.before for each in figures)
    return "\n".join(
        [
            f"errors on the rest: {before} before, {after} after"
            + (f" ({after / before:.0%}); " if before else "; ")
            + f"more than before for {worse} of {len(figures)} people; "
            f"{fell:.0%} fewer for the {len(many)} with at least {MANY}",
            f"taught drawings read right: {sum(each.taught_before for each in figures)} before, "
            f"{sum(each.taught_after for each in figures)} after, "
            f"{sum(each.accepted for each in figures)} of them accepted",
            f"MNIST test images read right: at worst {min(changes):+}, at best {max(changes):+}, "
            f"{np.mean(changes):+.1f} on the mean, of {figures[0].test_before:,}",
            f"seconds: {np.median([each.seconds for each in figures]):.1f} on the median, "
            f"{max(each.seconds for each in figures):.1f} at most; of CPUs "
            f"{np.median([each.cpu_seconds for each in figures]):.1f} on the median",
            f"nothing was learned for {sum(bool(each.refused) for each in figures)} people",
        ]
    )


def _teach(drawings: Sequence[Drawing], model: Path, output: Path, kept: Path) -> str:
    """Run the command, and return why nothing was learned, if so."""
    ink = output.with_name("taught.jsonl")
    ink.write_text("".join(f"{write_line(drawing)}\n" for drawing in drawings), encoding="utf-8")
    words = ["teach", str(ink), "--model", str(model.resolve()), "--output", str(output), "--kept", str(kept)]
    done = subprocess.run(
        [sys.executable, "-m", "model", *words, "--events"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    last = events.from_line(done.stdout.decode().splitlines()[-1])
    if isinstance(last, events.Failed):
        return last.message
    assert isinstance(last, events.Finished), last
    return ""


def _answers(recognizer: Recognizer, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return np.array([recognizer.probabilities(image) for image in images])


def _right(recognizer: Recognizer, examples: Examples) -> int:
    return int((_answers(recognizer, examples.images).argmax(1) == examples.labels).sum())
