"""How many numbers are read right, compared with what their digits, read one by one, would give."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from math import prod
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks import rulers
from benchmarks.tables import markdown
from model.bundle.bundle import open_bundle
from model.ink.ink import Drawing
from model.reading.recognizer import Recognizer

Case = dict[str, Any]


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield a table, for the given cases or for the judges' pen ink."""
    given = (arguments.cases, arguments.pictures, arguments.singles, arguments.single_pictures)
    with tempfile.TemporaryDirectory() as folder:
        if not all(given):
            made = [
                rulers.cases(tool, "pen-digits.jsonl", Path(folder), *rulers.JUDGES, pictures=True)
                for tool in ("number_cases", "pen_cases")
            ]
            given = (*made[0], *made[1])
        yield table(*given)


def table(cases: Path, pictures: Path, singles: Path, single_pictures: Path) -> str:
    """Return the shares that were read exactly, in per cent, a line for each number of digits and for single ones.

    Args:
        cases: numbers with their ``label``, as number_cases.py writes them, of one length or of several.
        pictures: a folder with the same numbers as pictures, in the order of their names.
        singles: single digits of the same people, as pen_cases.py writes them.
        single_pictures: a folder with those.
    """
    recognizer = Recognizer(open_bundle())
    rows = []
    for name, numbers, ones in (("ink", cases, singles), ("pictures", pictures, single_pictures)):
        digits, drawn = _cases(singles), _cases(cases)
        alone = [recognizer.read(recognizer.image(subject)).text for subject in _subjects(ones)]
        shares = _shares_by_digit(digits, alone)
        readings = [recognizer.recognize(subject) for subject in _subjects(numbers)]
        pairs = list(zip(drawn, readings, strict=True))
        for length in sorted({len(case["label"]) for case in drawn}):
            these = [(case["label"], reading) for case, reading in pairs if len(case["label"]) == length]
            exact = sum(reading.text == label for label, reading in these) / len(these)
            product = sum(prod(shares[digit] for digit in label) for label, _ in these) / len(these)
            accepted = sum(reading.accepted for _, reading in these) / len(these)
            rows.append(_row(f"{name}, {length} digits", exact, product, accepted))
        together = [recognizer.recognize(subject) for subject in _subjects(ones)]
        texts = [reading.text for reading in together]
        accepted = sum(reading.accepted for reading in together) / len(together)
        rows.append(_row(f"{name}, one digit", _right(digits, texts), _right(digits, alone), accepted))
    return markdown(["", "exact", "product", "points", "accepted"], rows)


def _row(name: str, exact: float, product: float, accepted: float) -> list[str]:
    return [name, f"{exact:.2%}", f"{product:.2%}", f"{100 * (exact - product):+.2f}", f"{accepted:.2%}"]


def _right(cases: list[Case], texts: list[str]) -> float:
    return sum(bool(case["label"] == text) for case, text in zip(cases, texts, strict=True)) / len(cases)


def _cases(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _subjects(path: Path) -> Iterable[Drawing | Image.Image]:
    """Yield the drawings of a file or the pictures of a folder, one in memory at a time."""
    if not path.is_dir():
        yield from map(Drawing.from_json, _cases(path))
        return
    for file in sorted(path.iterdir()):
        with Image.open(file) as picture:
            picture.load()
            yield picture


def _shares_by_digit(cases: list[Case], texts: list[str]) -> dict[str, float]:
    """Return for each digit the share of it that was read right when it stood alone."""
    counts = Counter(case["label"] for case in cases)
    right = Counter(case["label"] for case, text in zip(cases, texts, strict=True) if case["label"] == text)
    return {digit: right[digit] / count for digit, count in counts.items()}
