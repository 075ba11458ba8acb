"""Doubt that gives way to what the user has taught."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from model.bundle.bundle import BUNDLED, DOUBT_KERAS_FILE, DOUBT_LITERT_FILE, open_bundle, write_bundle
from model.ink.ink import Drawing, Point, Stroke, write_line
from model.reading.recognizer import Recognizer
from model.training.opened.probe import skeletons
from model.training.synthetic import styles
from model.training.synthetic.scribbles import scribble
from tests.conftest import run
from tests.model.training.doubt.test_network import CROSSED_BOX


def moved(drawing: Drawing, by: float) -> Drawing:
    strokes = (Stroke(tuple(Point(x + by * (y > 100), y) for x, y, *_ in stroke.points)) for stroke in drawing.strokes)
    return replace(drawing, strokes=tuple(strokes), label="8")


def test_what_was_doubted_and_is_taught_is_accepted_and_scribbles_are_refused_still(tmp_path: Path) -> None:
    ink = tmp_path / "mine.jsonl"
    ink.write_text("".join(f"{write_line(moved(CROSSED_BOX, by))}\n" for by in (0, 6)))
    done = run("model", "teach", ink, "--model", BUNDLED, "--output", tmp_path / "taught")
    assert done.returncode == 0, done.stderr
    before, after = Recognizer(open_bundle()), Recognizer(open_bundle(tmp_path / "taught"))
    assert not before.recognize(CROSSED_BOX).accepted
    reading = after.recognize(moved(CROSSED_BOX, 3))
    assert (reading.text, reading.accepted) == ("8", True)
    assert after.bundle.card.doubt["taught"] == 2
    random = np.random.default_rng(5)
    scribbles = [styles.image(scribble(random)) for _ in range(300)]
    digits = [styles.image(styles.lines_of(drawing)) for drawing in skeletons()]
    refused = [sum(not each.read(image).accepted for image in scribbles) for each in (before, after)]
    accepted = [sum(each.read(image).accepted for image in digits) for each in (before, after)]
    assert refused[1] >= refused[0] - 12  # some are crossed boxes
    assert accepted[1] >= accepted[0]


def test_where_nothing_was_doubted_the_doubt_stays_as_it_is(tmp_path: Path) -> None:
    ink = tmp_path / "mine.jsonl"
    ink.write_text("".join(f"{write_line(drawing)}\n" for drawing in skeletons()[::9]))
    done = run("model", "teach", ink, "--model", BUNDLED, "--output", tmp_path / "taught")
    assert done.returncode == 0, done.stderr
    taught = open_bundle(tmp_path / "taught")
    assert taught.read(DOUBT_LITERT_FILE) == open_bundle().read(DOUBT_LITERT_FILE)
    assert taught.card.doubt == open_bundle().card.doubt


def test_a_model_with_an_older_doubt_learns_and_keeps_its_files(tmp_path: Path) -> None:
    def write_files(folder: Path) -> None:
        open_bundle().copy_files(folder)
        for name in (DOUBT_KERAS_FILE, DOUBT_LITERT_FILE):
            (folder / name).write_bytes(b"older")

    older = write_bundle(tmp_path / "older", write_files, replace(open_bundle().card, doubt={"network": "doubt"}))
    ink = tmp_path / "mine.jsonl"
    ink.write_text("".join(f"{write_line(drawing)}\n" for drawing in skeletons()[::9]))
    done = run("model", "teach", ink, "--model", older.path, "--output", tmp_path / "taught")
    assert done.returncode == 0, done.stderr
    taught = open_bundle(tmp_path / "taught")
    assert (taught.read(DOUBT_KERAS_FILE), taught.read(DOUBT_LITERT_FILE)) == (b"older", b"older")
    assert Recognizer(taught).recognize(skeletons()[0]).accepted
