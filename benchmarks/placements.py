"""How many drawings are read right, by their position and size on the canvas."""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks import rulers
from benchmarks.tables import markdown

plain: Any = importlib.import_module("benchmarks.plain")  # Any, because it's written without types, on purpose
ROOT = Path(__file__).resolve().parent.parent


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield a table, for the given cases or for the judges' pen ink."""
    with tempfile.TemporaryDirectory() as folder:
        cases, pictures = arguments.cases, arguments.pictures
        if not cases:
            cases, pictures = rulers.cases("pen_cases", "pen-digits.jsonl", Path(folder), *rulers.JUDGES, pictures=True)
        yield table(cases, pictures)


def table(cases: Path, pictures: Path) -> str:
    """Return the accuracies in per cent, a line for each way to read, a column for each placement.

    Args:
        cases: a .jsonl file, each line ink with its ``label`` and ``placement``.
        pictures: a folder with the same drawings as pictures, in the order of their names.
    """
    drawings = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    readers = {
        "inkling, ink": _inkling(cases),
        "inkling, pictures": _inkling(pictures),
        "plain, pictures": _plain(pictures),
    }
    placements = list(dict.fromkeys(drawing["placement"] for drawing in drawings))
    rows = []
    for reader, texts in readers.items():
        right = np.array([text == drawing["label"] for text, drawing in zip(texts, drawings, strict=True)])
        where = np.array([drawing["placement"] for drawing in drawings])
        shares = [float(right[where == placement].mean()) for placement in placements]
        rows.append([reader, *(f"{share:.2%}" for share in (*shares, float(right.mean())))])
    return markdown(["", *placements, "mean"], rows)


def _inkling(source: Path) -> list[str]:
    command = [sys.executable, "-m", "app", "recognize", "--json", str(source.resolve())]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line)["text"] for line in done.stdout.splitlines()]


def _plain(pictures: Path) -> list[str]:
    """Return what the plain program's steps make of the pictures; all at once, which changes no answer."""
    images: list[Any] = []
    for path in sorted(pictures.iterdir()):
        with Image.open(path) as picture:
            images.append(plain.prepare(picture.convert("L")))
    predictions = plain.load_model(plain.MODEL).predict(np.concatenate(images), verbose=0)
    return [str(digit) for digit in predictions.argmax(1)]
