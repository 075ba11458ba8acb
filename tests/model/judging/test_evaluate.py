"""Evaluation as it's started: by ``python -m model evaluate``, in its own process."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.base import events, installation
from model.base.errors import UserError
from model.bundle.bundle import open_bundle
from model.data.data import LOOKALIKES, load, load_ink
from model.judging import report
from model.judging.evaluate import Examples, ink_examples, mnist_examples
from model.judging.measure import Mistake, measure
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer
from tests.conftest import ROOT, missing, on_linux, run, save_npz, ten_patterns
from tests.places import can_be_made
from tests.screen import PATIENCE

ALWAYS = ["confusion.png", "coverage.png", "reliability.png", "report.json", "report.md"]
SEVEN = {"strokes": [[[80, 60], [200, 60], [130, 230]]], "label": "7"}
ONE = {"strokes": [[[140, 60], [140, 230]]], "label": "1"}


def save_ink(path: Path, *drawings: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(drawing) + "\n" for drawing in drawings), encoding="utf-8")
    return path


def evaluate(*words: str | Path, output: Path) -> dict[str, Any]:
    """Return report.json, after checking that everything the report promises is there."""
    done = run("model", "evaluate", *words, "--output", output)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith(str(output / "report.md"))
    written: dict[str, Any] = json.loads((output / "report.json").read_text(encoding="utf-8"))
    pictures = re.findall(r"!\[.*\]\((.*)\)", (output / "report.md").read_text(encoding="utf-8"))
    assert sorted([*pictures, "report.json", "report.md"]) == sorted(path.name for path in output.iterdir())
    for picture in pictures:
        with Image.open(output / picture) as image:
            assert len(np.unique(np.asarray(image))) > 10  # something is drawn
    return written


def test_mnist_s_test_images_are_judged_as_they_are_read(shared: Path, tmp_path: Path, recognizer: Recognizer) -> None:
    with np.load(shared / "data" / "mnist.npz") as file:
        arrays = {name: file[name][:500] for name in file}
    few = save_npz(tmp_path / "few.npz", **arrays)
    written = evaluate("--data", few, output=tmp_path / "my report ü")
    images, labels = arrays["x_test"], arrays["y_test"]
    answers = [recognizer.read(image.astype(np.float32) / np.float32(255)).digit for image in images]
    confusion = [[0] * 10 for _ in range(10)]
    for label, answer in zip(labels, answers, strict=True):
        assert answer is not None
        confusion[label][answer] += 1
    assert written["confusion"] == confusion
    assert written["accuracy"] == np.mean(np.array(answers) == labels) > 0.95
    assert [scores["count"] for scores in written["scores"]] == np.bincount(labels).tolist()
    assert [part["count"] for part in written["bins"]] == [34] * 5 + [33] * 10
    assert {m["index"] for m in written["mistakes"]} == set(np.flatnonzero(np.array(answers) != labels).tolist())
    assert written["model"]["network"] == recognizer.bundle.card.network
    assert (written["placements"], written["writers"]) == ([], [])
    text = (tmp_path / "my report ü" / "report.md").read_text(encoding="utf-8")
    assert f"**{written['accuracy'] * 100:.2f} % are read right**" in text
    assert "By writer" not in text


def test_what_is_accepted_and_what_is_rejected_is_told(shared: Path, tmp_path: Path, recognizer: Recognizer) -> None:
    folder = shared / "data"
    words = ("--data", folder / "mnist.npz", "--not-digits", folder / "not-digits.jsonl", "--people", "judge")
    written = evaluate(*words, output=tmp_path / "report")
    acceptance, letters = written["acceptance"], load_ink([folder / "not-digits.jsonl"], digits=False).judge
    both, *_, without = acceptance["coverages"]
    assert both["wrong"]["100"] == pytest.approx(1 - written["accuracy"])
    assert both["wrong"]["90"] <= both["wrong"]["98"] < both["wrong"]["100"]
    assert (both["count"], without["count"]) == (10_000, 9_985)
    assert 0 < both["wrong"]["100"] * 10_000 - without["wrong"]["100"] * 9_985 <= 15
    doubts = [recognizer.read(normalize_drawing(each)).doubt for each in letters if each.label not in LOOKALIKES]
    assert acceptance["rejection"]["count"] == len(doubts) < len(letters)
    assert acceptance["rejection"]["rejected"] == np.mean(np.array(doubts) > 0.5) > 0.9
    assert acceptance["rejection"]["auroc"] > 0.99
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert f"**{written['accuracy'] * 100:.2f} % are read right**" in text
    assert f"{(1 - without['wrong']['100']) * 100:.2f} % are read right, " in text
    assert "Of the 479 drawings of not-digits.jsonl (judge), which show none, " in text
    assert f"The AUROC is {acceptance['rejection']['auroc']:.4f}" in text


def test_only_mnist_s_own_test_images_are_known_to_be_mislabelled(shared: Path) -> None:
    mnist = load(shared / "data" / "mnist.npz")
    assert len(mnist_examples(mnist).mislabelled) == 15
    corrected = mnist.test_labels.copy()
    corrected[947] = 9
    assert mnist_examples(replace(mnist, test_labels=corrected)).mislabelled == ()


def test_letters_that_look_like_digits_are_none_to_judge_by(tmp_path: Path) -> None:
    ink = save_ink(tmp_path / "pen.jsonl", SEVEN)
    letters = save_ink(tmp_path / "letters.jsonl", ONE | {"label": "l"})
    done = run("model", "evaluate", "--ink", ink, "--not-digits", letters, "--output", tmp_path / "report")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "letters.jsonl has only signs that look like digits" in done.stderr


def test_a_report_of_an_older_version_is_replaced(tmp_path: Path) -> None:
    ink, output = save_ink(tmp_path / "pen.jsonl", SEVEN), tmp_path / "report"
    evaluate("--ink", ink, output=output)
    (output / "coverage.png").unlink()
    evaluate("--ink", ink, output=output)


def test_a_digit_without_examples_is_a_dash_and_null(tmp_path: Path) -> None:
    arrays = ten_patterns(10, 60)
    keep = arrays["y_test"] != 8
    data = save_npz(tmp_path / "no8.npz", **arrays | {name: arrays[name][keep] for name in ("x_test", "y_test")})
    written = evaluate("--data", data, output=tmp_path / "report")
    eight = written["scores"][8]
    assert (eight["count"], eight["recall"], eight["auc"]) == (0, None, None)
    (row,) = [line for line in (tmp_path / "report" / "report.md").read_text().splitlines() if line[:5] == "| 8 |"][:1]
    assert row.split("|")[2].strip() == "0"
    assert row.split("|")[4].strip() == row.split("|")[6].strip() == "–"  # noqa: RUF001  (the report's dash)


def test_ink_is_told_apart_by_placement_and_writer(tmp_path: Path) -> None:
    ink = save_ink(
        tmp_path / "pen.jsonl",
        SEVEN | {"writer": "ann", "placement": "tall"},
        ONE | {"writer": "ann", "placement": "small"},
        SEVEN | {"writer": "a|b", "placement": "small", "label": "2"},
    )
    written = evaluate("--ink", ink, output=tmp_path / "report")
    assert written["writers"] == [
        {"name": "a|b", "count": 1, "accuracy": 0},
        {"name": "ann", "count": 2, "accuracy": 1},
    ]
    assert written["placements"] == [
        {"name": "small", "count": 2, "accuracy": 0.5},
        {"name": "tall", "count": 1, "accuracy": 1},
    ]
    (mistake,) = written["mistakes"]
    assert (mistake["index"], mistake["label"], mistake["answer"]) == (2, 2, 7)
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "| small | 2 | 50.00 % |" in text
    assert r"| a\|b | 1 | 0.00 % |" in text
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == sorted([*ALWAYS, "mistakes.png"])


def test_a_long_name_is_cut_to_what_fits_under_an_image() -> None:
    examples = Examples(np.zeros((1, 28, 28), np.float32), np.array([2], np.uint8), "", True, ("tall",), ("w" * 99,))
    (axes,) = report.mistakes_figure(examples, [Mistake(0, 2, 7, 0.5)]).axes
    assert axes.get_xlabel() == "w" * 17 + "…"


def test_a_new_report_replaces_the_older_one_whole(tmp_path: Path) -> None:
    output = tmp_path / "report"
    wrong = save_ink(tmp_path / "wrong.jsonl", SEVEN | {"label": "2"})
    assert evaluate("--ink", wrong, output=output)["accuracy"] == 0
    right = save_ink(tmp_path / "right.jsonl", SEVEN)
    assert evaluate("--ink", right, output=output)["accuracy"] == 1
    assert sorted(path.name for path in output.iterdir()) == ALWAYS
    assert "There are none." in (output / "report.md").read_text(encoding="utf-8")


def test_people_are_chosen(tmp_path: Path) -> None:
    ink = save_ink(tmp_path / "pen.jsonl", SEVEN | {"writer": "ann"}, ONE | {"writer": "bob"})
    (tmp_path / "people.json").write_text(json.dumps({"pen.jsonl": {"judge": ["bob"]}}))
    loaded = load_ink([ink])
    examples = ink_examples(loaded, "judge")
    assert (examples.labels.tolist(), examples.writers) == ([1], ("bob",))
    assert np.array_equal(examples.images[0], normalize_drawing(loaded.judge[0]))
    assert ink_examples(loaded).labels.tolist() == [7, 1]
    with pytest.raises(UserError, match=r"Nobody's ink in pen\.jsonl is for 'validation'"):
        ink_examples(loaded, "validation")


def test_the_shared_pens_that_judge_are_read(shared: Path, tmp_path: Path) -> None:
    words = ("--ink", shared / "data" / "pen-digits.jsonl", "--people", "judge")
    written = evaluate(*words, output=tmp_path / "report")
    assert (written["count"], len(written["writers"])) == (1250, 5)
    assert 0.93 < written["accuracy"] < 1
    assert len(written["mistakes"]) == min(40, round((1 - written["accuracy"]) * written["count"]))


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    ink = save_ink(tmp_path / "pen.jsonl", SEVEN)
    for name in ("notes.txt", "report.md"):  # a lone report.md is the user's own
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        (folder / name).write_text("mine")
        done = run("model", "evaluate", "--ink", ink, "--output", folder)
        assert done.returncode == 1
        assert done.stderr == f"{folder} has files in it that aren't a report's. Choose a new or an empty folder.\n"
        assert (folder / name).read_text() == "mine"
    done = run("model", "evaluate", "--ink", ink, "--output", ink / "report")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "can't be written" in done.stderr


def test_a_full_disk_leaves_the_older_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, output = open_bundle(), tmp_path / "report"
    examples = Examples(np.zeros((1, 28, 28), np.float32), np.array([7], np.uint8), "a drawing")
    measured = measure(np.eye(10, dtype=np.float32)[[7]], examples.labels)
    report.write_report(output, bundle, examples, measured)
    before = {path.name: path.read_bytes() for path in output.iterdir()}
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(UserError, match="No space left on device"):
        report.write_report(output, bundle, examples, measured)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in output.iterdir()} == before
    assert list(tmp_path.iterdir()) == [output]


def test_a_move_that_fails_brings_the_older_report_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, output = open_bundle(), tmp_path / "report"
    examples = Examples(np.zeros((1, 28, 28), np.float32), np.array([7], np.uint8), "a drawing")
    measured = measure(np.eye(10, dtype=np.float32)[[7]], examples.labels)
    report.write_report(output, bundle, examples, measured)
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UserError, match="Permission denied"):
        report.write_report(output, bundle, examples, measured)
    assert sorted(path.name for path in output.iterdir()) == ALWAYS
    assert list(tmp_path.iterdir()) == [output]


@on_linux
def test_an_interrupt_is_130_and_leaves_nothing(tmp_path: Path) -> None:
    ink = tmp_path / "pen.jsonl"
    ink.write_text('{"strokes": [[[20, 20], [80, 20], [40, 90]]], "label": "7"}\n' * 100_000)  # for over a minute
    words = ["-m", "model", "evaluate", "--ink", str(ink), "--output", str(tmp_path / "report")]
    child = subprocess.Popen([sys.executable, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    status = Path(f"/proc/{child.pid}/status")
    while not int(status.read_text().partition("SigCgt:")[2].split()[0], 16) >> (signal.SIGTERM - 1) & 1:
        time.sleep(0.01)  # until it handles the signal
    child.send_signal(signal.SIGTERM)
    errors = child.communicate(timeout=PATIENCE)[1]
    assert child.returncode == 130
    assert errors == "Cancelled; nothing was written.\n"
    assert list(tmp_path.iterdir()) == [ink]


@pytest.mark.parametrize(
    ("library", "command"), [("sklearn", "evaluate"), ("matplotlib", "evaluate"), ("matplotlib", "inspect")]
)
def test_without_a_library_it_says_what_to_install(tmp_path: Path, library: str, command: str) -> None:
    (tmp_path / f"{library}.py").write_text(f"raise ImportError('no {library} here')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = run("model", command, "--output", tmp_path / "new.png", PYTHONPATH=path)
    assert done.returncode == 1
    assert done.stderr == (
        f"This needs what training needs (no {library} here); install it with: {installation.command('train')}\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--output", "x", "--data", "a.npz", "--ink", "b.jsonl"],
        ["--output", "x", "--people", "judge"],
        ["--output", "x", "--ink", "b.jsonl", "--people", "me"],
    ],
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    done = run("model", "evaluate", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")


@pytest.mark.parametrize("words", [["--data", "nowhere.npz"], ["--ink", "nowhere.jsonl"], ["--model", "nowhere"]])
def test_what_is_not_there_gets_a_sentence(tmp_path: Path, words: list[str]) -> None:
    done = run("model", "evaluate", *words, "--output", tmp_path / "report")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "nowhere" in done.stderr
    assert not list(tmp_path.iterdir())


def test_evaluating_imports_no_tensorflow(tmp_path: Path) -> None:
    ink = save_ink(tmp_path / "pen.jsonl", SEVEN)
    for library in ("tensorflow", "keras"):
        (tmp_path / f"{library}.py").write_text("raise AssertionError('imported')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = run("model", "evaluate", "--ink", ink, "--output", tmp_path / "report", PYTHONPATH=path)
    assert (done.returncode, done.stderr) == (0, "")


def told(done: subprocess.CompletedProcess[str]) -> list[events.Event]:
    return [events.from_line(line) for line in done.stdout.splitlines()]


def test_for_a_program_every_outcome_is_an_event(tmp_path: Path) -> None:
    ink = save_ink(tmp_path / "pen.jsonl", SEVEN)
    output = tmp_path / "report"
    done = run("model", "evaluate", "--events", "--ink", ink, "--output", output)
    *stages, last = told(done)
    assert [type(event) for event in stages] == [events.Stage] * 3
    assert isinstance(last, events.Finished)
    assert (last.output, last.accuracy, done.returncode) == (str(output), 1, 0)
    assert sorted(path.name for path in output.iterdir()) == ALWAYS
    done = run("model", "evaluate", "--events", "--data", "nowhere.npz", "--output", output)
    last = told(done)[-1]
    assert isinstance(last, events.Failed)
    assert "nowhere.npz" in last.message
    assert (last.instead, done.returncode) == ("data", 1)
    (tmp_path / "sklearn.py").write_text("raise ImportError('no sklearn here')")
    done = run("model", "evaluate", "--events", "--ink", ink, "--output", output, PYTHONPATH=str(tmp_path))
    last = told(done)[-1]
    assert isinstance(last, events.Failed)
    assert installation.command("train") in last.message


HEARD_AT_ONCE = """
import sys, threading, time
from model.__main__ import main
start = threading.Thread.start
threading.Thread.start = lambda thread: (start(thread), time.sleep(0.5))
sys.exit(main(sys.argv[1:]))
"""


@on_linux
@pytest.mark.parametrize("program", [["-m", "model"], ["-c", HEARD_AT_ONCE]], ids=["sometime", "at once"])
def test_a_program_that_leaves_ends_the_evaluation(program: list[str], tmp_path: Path) -> None:
    ink = tmp_path / "pen.jsonl"
    ink.write_text('{"strokes": [[[20, 20], [80, 20], [40, 90]]], "label": "7"}\n' * 100_000)  # for over a minute
    words = [*program, "evaluate", "--events", "--ink", str(ink), "--output", str(tmp_path / "report")]
    child = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdin
    child.stdin.close()
    child.stdin = None
    lines = child.communicate(timeout=PATIENCE)[0].decode().splitlines()
    assert events.from_line(lines[-1]) == events.Cancelled()
    assert child.returncode == 130
    assert list(tmp_path.iterdir()) == [ink]


@on_linux
@pytest.mark.parametrize("lacking", ["shared memory", "temporary files"])
def test_a_system_that_lacks_something_gets_a_report_or_a_sentence(lacking: str, tmp_path: Path) -> None:
    if not can_be_made():
        missing("bwrap is needed, and that this system lets it (Debian: apt install bubblewrap)")
    ink = save_ink(tmp_path / "ink.jsonl", SEVEN, ONE)
    if lacking == "shared memory":
        walls = ["--dev-bind", "/", "/", "--ro-bind", tmp_path, "/dev/shm"]  # noqa: S108  (not written to)
    else:  # there's no home either, so Matplotlib has no place
        walls = ["--ro-bind", "/", "/", "--dev", "/dev", "--remount-ro", "/dev", "--setenv", "HOME", "/nowhere"]
    words = [sys.executable, "-m", "model", "evaluate", "--ink", ink, "--output", tmp_path / "report"]
    environment = {name: value for name, value in os.environ.items() if name not in ("TMPDIR", "MPLCONFIGDIR")}
    done = subprocess.run(
        list(map(str, ("bwrap", *walls, "--chdir", ROOT, *words))),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if lacking == "shared memory":
        assert (done.returncode, done.stderr) == (0, "")
    else:
        sentence = "There's no folder for temporary files here. Set TMPDIR to one that you can write to.\n"
        assert (done.returncode, done.stderr.count("\n")) == (1, 2)
        assert done.stderr.endswith(sentence)  # above it Matplotlib says what it couldn't make
