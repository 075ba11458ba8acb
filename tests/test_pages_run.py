"""Each command that a page of the documents shows is run, on few images and in its own folder.

test_documents.py runs the tutorial's commands. CI or other tests run four more kinds: what sets an environment up;
`sbom`, which needs a real bundle (tests/release/test_sbom.py); `reproduce`, which builds two of them
(tests/release/test_reproduce.py); and `--scheduler`, which needs a cluster (tests/app/sources/test_cluster.py).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.kept import profiles
from docs.screenshots.digits import Hand, drawn
from model.bundle.bundle import BUNDLED
from model.commands.running import run as run_command
from model.ink.ink import Drawing
from model.ink.render import render
from model.training.doubt import not_digits
from release.__main__ import main as release
from tests.conftest import ROOT, on_linux, save_npz, ten_patterns
from tests.model.training.doubt.test_not_digits import MADE_FEWER
from tests.release.test_packages import _make as make_bundle
from tests.release.test_release import Checkout
from tests.test_documents import PAGES, TUTORIAL, commands, parsed, shell

QUICK = {"evaluate", "export", "inspect", "open", "quadrants"}
TRAINING = {"train", "compare", "doubt", "ink"}
RELEASING = {"packages", "version", "notes"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with everything that the pages' commands name."""
    monkeypatch.chdir(tmp_path)
    save_npz(tmp_path / "few.npz", **ten_patterns(600, 400))
    drawings = [
        {"strokes": drawn(str(number % 10), 60, 60, Hand.of(number)), "label": str(number % 10), "writer": writer}
        for number, writer in enumerate(40 * ["ann"] + 20 * ["bob"] + 20 * ["cy"])
    ]
    ink = "".join(json.dumps(each) + "\n" for each in drawings)
    for name in ("drawings.jsonl", "mine.jsonl", "pen.jsonl"):
        (tmp_path / name).write_text(ink)
    letters = [
        each | {"strokes": drawn("?", 60, 60, Hand.of(number)), "label": "x"} for number, each in enumerate(drawings)
    ]
    (tmp_path / "letters.jsonl").write_text("".join(json.dumps(each) + "\n" for each in letters))
    people = {"train": ["ann"], "validation": ["bob"], "judge": ["cy"]}
    (tmp_path / "people.json").write_text(json.dumps({"pen.jsonl": people, "letters.jsonl": people}))
    seven = render(Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]}))
    (tmp_path / "scans").mkdir()
    for name in ("seven.png", "marks.jpg", "scans/one.png"):
        seven.convert("L").save(tmp_path / name)
    profiles.create("Anna")
    shutil.copy(ROOT / "tests" / "keras2" / "cnn.keras", tmp_path / "my-network.keras")
    return tmp_path


@on_linux  # it has bash
@pytest.mark.parametrize("path", [path for path in PAGES if "inkling-cli" in shell(path)], ids=lambda path: path.name)
def test_every_inkling_cli_on_a_page_runs(path: Path, folder: Path) -> None:
    """As it's typed, in a shell."""
    given = [line for line in shell(path).splitlines() if "inkling-cli" in line and "--scheduler" not in line]
    program = f'inkling-cli() {{ "{sys.executable}" -m app "$@"; }}'
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    for name in ("my-model", "my-first"):
        if any(name in line for line in given) and not (folder / name).exists():
            shutil.copytree(BUNDLED, folder / name)
    for line in given:
        done = subprocess.run(
            ["bash", "-euc", f"{program}\n{line}"], capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == 0, (line, done.stderr)


def test_every_quick_command_of_the_models_on_a_page_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run_on_pages(folder, QUICK, capsys) == QUICK


@pytest.mark.nightly
def test_every_training_on_a_page_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With few of the pictures that `doubt` and `ink` draw to learn from."""
    from model.training.eye import certain, learning  # noqa: PLC0415  (TensorFlow takes seconds)

    for name, count in MADE_FEWER.items():
        monkeypatch.setattr(not_digits, name, count)
    monkeypatch.setattr(certain, "PICTURES", 20)
    monkeypatch.setattr(learning, "WINDOWS", 24)
    monkeypatch.setattr(learning, "JUDGED", 16)
    assert _run_on_pages(folder, TRAINING, capsys) == TRAINING


@on_linux  # dpkg-deb packs a bundle there
def test_every_release_command_on_a_page_runs(tmp_path: Path) -> None:
    """On a made-up bundle, and in a throwaway checkout, whose tags nobody misses."""
    checkout, done = tmp_path / "checkout", set()
    checkout.mkdir()
    releasing = Checkout(checkout)
    make_bundle(tmp_path / "inkling-light")
    for words in [words for path in PAGES for words in commands(path) if words[:3] == ["python", "-m", "release"]]:
        match words[3:]:
            case ["packages", _bundle]:
                assert release(["packages", str(tmp_path / "inkling-light"), "--output", str(tmp_path / "made")]) == 0
            case ["version" | "notes", *_]:
                told = releasing.release(*words[3:])
                assert told.returncode == 0, (words, told.stderr)
            case _:
                continue
        done.add(words[3])
    assert done == RELEASING


def _run_on_pages(folder: Path, names: set[str], capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Run the commands of ``python -m model`` on all pages but the tutorial, on few images; return their names."""
    done = set()
    for words in [words for path in PAGES if path != TUTORIAL for words in commands(path)]:
        if words[:3] != ["python", "-m", "model"] or words[3] not in names:
            continue
        arguments = parsed(words)
        assert arguments
        if hasattr(arguments, "data") and not (words[3] == "evaluate" and arguments.ink):
            arguments.data = folder / "few.npz"
        for knob in ("epochs", "teacher_epochs", "seeds"):
            if hasattr(arguments, knob):
                setattr(arguments, knob, 1)
        assert run_command(arguments) == 0, (words, capsys.readouterr().err)
        assert arguments.output.exists()
        done.add(words[3])
    return done
