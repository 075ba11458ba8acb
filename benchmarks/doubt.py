"""How many digits are accepted, and how many non-digits are rejected, at every threshold of doubt."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks import rulers
from benchmarks.tables import markdown
from model.bundle.bundle import open_bundle
from model.data.data import LOOKALIKES
from model.ink.ink import Drawing
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import THRESHOLD, Recognizer

SHARES = (0.99, 0.98, 0.975)  # of the digits that are to be accepted
SHOWN = 12  # labels of what is accepted and shouldn't be


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield the shares, for the given files or for the judges' ink."""
    with tempfile.TemporaryDirectory() as folder:
        digits, others = arguments.digits, arguments.others
        if not others:
            digits, letters = (
                rulers.cases("pen_cases", ink, Path(folder), *rulers.JUDGES)[0]
                for ink in ("pen-digits.jsonl", "not-digits.jsonl")
            )
            others = [letters, rulers.cases("scribbles", "", Path(folder))[0]]
        yield table(digits, others, arguments.model)


def table(digits: Path, others: Sequence[Path], model: Path | None) -> str:
    """Return the shares, a line for each threshold, a column for each file.

    Args:
        digits: a .jsonl file of ink that shows digits, on a canvas.
        others: .jsonl files of ink that shows none; what looks like a digit by its label is left out.
        model: the bundle; None: the built-in one.
    """
    recognizer = Recognizer(open_bundle(model))
    accepted = _doubts(recognizer, _drawings(digits))
    refused = {path.stem: _doubts(recognizer, _drawings(path)) for path in others}
    thresholds = [("as it is set", THRESHOLD), *((f"accepts {share:.1%}", _at(accepted, share)) for share in SHARES)]
    rows = []
    for name, threshold in thresholds:
        shares = [np.mean([doubt > threshold for doubt, _ in doubts]) for doubts in refused.values()]
        kept = np.mean([doubt <= threshold for doubt, _ in accepted])
        rows.append([name, f"{threshold:.4f}", f"{kept:.2%}", *(f"{share:.2%}" for share in shares)])
    missed = {name: Counter(label for doubt, label in doubts if doubt <= THRESHOLD) for name, doubts in refused.items()}
    lines = [f"accepted of {name}: {_named(found)}" for name, found in missed.items() if found]
    head = ["threshold", "doubt", "accepted", *refused]
    return "\n\n".join([markdown(head, rows), *lines, _time(recognizer, _drawings(digits)[:500])])


def _drawings(path: Path) -> list[Drawing]:
    values = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Drawing.from_json(value) for value in values if value.get("label") not in LOOKALIKES]


def _doubts(recognizer: Recognizer, drawings: Sequence[Drawing]) -> list[tuple[float, str]]:
    """Return how much each drawing is doubted, and what it is."""
    names = [drawing.label or str(drawing.extra.get("kind")) for drawing in drawings]
    return [(recognizer.recognize(drawing).doubt, name) for drawing, name in zip(drawings, names, strict=True)]


def _at(doubts: Sequence[tuple[float, str]], share: float) -> float:
    """Return the least threshold that accepts so many."""
    ordered = sorted(doubt for doubt, _ in doubts)
    return ordered[max(0, int(np.ceil(share * len(ordered))) - 1)]


def _named(found: Counter[str]) -> str:
    return ", ".join(f"{label} {count}" for label, count in found.most_common(SHOWN))


def _time(recognizer: Recognizer, drawings: Sequence[Drawing]) -> str:
    """Return how long each of the two networks takes, median of all drawings."""
    images = [normalize_drawing(drawing) for drawing in drawings]
    figures = []
    for run in (recognizer.probabilities, recognizer.doubt):
        seconds = []
        for image in images:
            began = time.perf_counter()
            run(image)
            seconds.append(time.perf_counter() - began)
        figures.append(f"{np.median(seconds) * 1000:.3f} ms")
    return f"the network takes {figures[0]} an answer, doubt {figures[1]}"
