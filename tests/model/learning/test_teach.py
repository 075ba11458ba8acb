"""Teaching as it's started: by ``python -m model teach`` and ``python -m app teach``, each in its own process."""

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.jobs import teaching
from app.kept import paths
from benchmarks.teaching import chosen
from model.base import events
from model.bundle.bundle import BUNDLED, KERAS_FILE, LITERT_FILE, UNTAUGHT, open_bundle
from model.data import data
from model.ink.ink import Drawing, write_line
from model.learning.teach import FORGOTTEN
from model.reading.recognizer import Recognizer
from model.training.opened.probe import skeletons
from tests.conftest import ROOT, SHARED, missing, on_linux, run, save_npz
from tests.kept import copied
from tests.model.child import cancelled_at, read


@pytest.fixture(scope="module")
def mnist() -> data.Mnist:
    path = SHARED / "data" / "mnist.npz"
    if not path.is_file():
        missing(f"shared data is needed: there is no {path}; set INKLING_SHARED to its folder")
    return data.load(path)


@pytest.fixture(scope="module")
def some(mnist: data.Mnist, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12,000 training and 1,000 test images of MNIST."""
    return save_npz(
        tmp_path_factory.mktemp("data") / "some.npz",
        x_train=mnist.train_images[:12_000],
        y_train=mnist.train_labels[:12_000],
        x_test=mnist.test_images[:1000],
        y_test=mnist.test_labels[:1000],
    )


@pytest.fixture(scope="module")
def small(some: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network that reads MNIST and has seen no ink."""
    output = tmp_path_factory.mktemp("small") / "model"
    words = ("--network", "mlp-128", "--epochs", "4", "--deform", "--no-mixed", "--at-least", "0.85", "--data", some)
    done = run("model", "train", *words, "--name", "small", "--output", output)
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture(scope="module")
def misread(small: Path) -> list[Drawing]:
    """Five drawings by one person that the small network misreads."""
    recognizer = Recognizer(open_bundle(small))
    drawings = data.load_ink([SHARED / "data" / "pen-digits.jsonl"]).train
    own = [drawing for drawing in drawings if drawing.writer == "tra:28"]
    return [drawing for drawing in own if str(recognizer.recognize(drawing).digit) != drawing.label][:5]


def written(folder: Path, drawings: list[Drawing]) -> Path:
    path = folder / "mine ü.jsonl"
    path.write_text("".join(f"{write_line(drawing)}\n" for drawing in drawings), encoding="utf-8")
    return path


def right(model: Path, drawings: list[Drawing]) -> int:
    recognizer = Recognizer(open_bundle(model))
    return sum(str(recognizer.recognize(drawing).digit) == drawing.label for drawing in drawings)


def accepted(model: Path, drawings: list[Drawing]) -> int:
    recognizer = Recognizer(open_bundle(model))
    readings = [recognizer.recognize(drawing) for drawing in drawings]
    return sum(each.accepted and each.text == drawing.label for each, drawing in zip(readings, drawings, strict=True))


def test_it_learns_forgets_nothing_and_says_so(small: Path, misread: list[Drawing], tmp_path: Path) -> None:
    before = open_bundle(small)
    output = tmp_path / "taught"
    done = run("model", "teach", written(tmp_path, misread), "--model", small, "--output", output, "--events")
    assert done.returncode == 0, done.stderr
    told = read(done.stdout)
    (started,) = (event for event in told if isinstance(event, events.Started))
    (taught,) = (event for event in told if isinstance(event, events.Taught))
    assert (started.network, started.weights, started.role) == ("mlp-128", 101_770, "network")
    steps = [event.step for event in told if isinstance(event, events.Progress)]
    assert steps == sorted(steps)
    assert steps[-1] == started.steps
    assert [type(event) for event in told[-2:]] == [events.Taught, events.Finished]
    assert (taught.drawings, taught.right_before, taught.right_after, taught.against) == (5, 0, 5, "")
    assert taught.accepted_after == accepted(output, misread) == 5
    assert taught.loss_after < taught.loss_before
    assert taught.rehearsal_after >= taught.rehearsal_before - FORGOTTEN
    assert taught.rehearsal_images > 2000
    after = open_bundle(output)
    after.verify()
    assert open_bundle(small) == before
    assert after.card.data["taught"]["drawings"] == 5
    assert after.card.data["taught"]["from"] == before.network
    assert sum(after.card.data["taught"]["labels"].values()) == 5
    assert (after.card.network, after.card.name, after.card.recipe) == ("mlp-128", "small", before.card.recipe)
    assert after.card.accuracy is None  # it hasn't been measured again
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine ü.jsonl", "taught"]


def test_what_is_no_longer_among_the_drawings_is_unlearned_and_nothing_drifts(
    small: Path, misread: list[Drawing], tmp_path: Path
) -> None:
    model = small
    for place, drawings in enumerate((misread, misread[:2], misread[:4])):
        output = tmp_path / str(place)
        done = run("model", "teach", written(tmp_path, drawings), "--model", model, "--output", output)
        assert done.returncode == 0, done.stderr
        model = output
    done = run("model", "teach", written(tmp_path, misread[:4]), "--model", small, "--output", tmp_path / "anew")
    assert done.returncode == 0, done.stderr
    assert f"written to {tmp_path / 'anew'} in " in done.stdout.splitlines()[-1]
    often, anew = open_bundle(model), open_bundle(tmp_path / "anew")
    assert often.read(LITERT_FILE) == anew.read(LITERT_FILE)
    assert often.read(UNTAUGHT[LITERT_FILE]) == open_bundle(small).read(LITERT_FILE)
    for taught in (often, anew):
        said = taught.card.data["taught"]
        assert said["from"] == said["first"]["sha256"] == open_bundle(small).network
    assert len({open_bundle(small).network, often.network, open_bundle(tmp_path / "0").network}) == 3


def test_a_training_that_goes_on_from_a_taught_model_knows_what_it_was_taught(
    small: Path, misread: list[Drawing], tmp_path: Path
) -> None:
    output = tmp_path / "taught"
    assert run("model", "teach", written(tmp_path, misread), "--model", small, "--output", output).returncode == 0
    taught = open_bundle(output)
    assert taught.read(KERAS_FILE) == open_bundle(small).read(KERAS_FILE)
    script = (
        "import sys, numpy as np; from pathlib import Path; from model.bundle.bundle import open_bundle; "
        "from model.training.files import export; from model.reading.recognizer import Recognizer\n"
        "from model.training.opened.probe import probe\n"
        "bundle = open_bundle(Path(sys.argv[1])); images, _digits = probe()\n"
        "keras = export.trunk(bundle).predict(images, verbose=0)\n"
        "ours = np.array([Recognizer(bundle).probabilities(image) for image in images[:40]])\n"
        "assert np.abs(keras[:40] - ours).max() < 1e-4, np.abs(keras[:40] - ours).max()"
    )
    done = subprocess.run([sys.executable, "-c", script, output], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_labels_that_are_all_wrong_are_not_learned(small: Path, tmp_path: Path) -> None:
    drawings = [replace(drawing, label=str(9 - int(drawing.label or ""))) for drawing in skeletons()]
    done = run("model", "teach", written(tmp_path, drawings), "--model", small, "--output", tmp_path / "new")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Nothing changed: ")
    assert [path.name for path in tmp_path.iterdir()] == ["mine ü.jsonl"]


def test_in_another_s_place_it_must_read_as_much_as_that_and_need_not_read_more(
    small: Path, misread: list[Drawing], tmp_path: Path
) -> None:
    ink, new = written(tmp_path, misread), tmp_path / "new"
    assert right(BUNDLED, misread) == 5
    done = run("model", "teach", ink, "--model", BUNDLED, "--instead-of", small, "--output", new, "--events")
    assert done.returncode == 0, done.stderr
    (taught,) = (event for event in read(done.stdout) if isinstance(event, events.Taught))
    assert (taught.right_before, taught.right_after) == (5, 5)
    said = open_bundle(new).card.data["taught"]
    assert said["from"] == open_bundle(small).network
    assert said["first"]["sha256"] == open_bundle(BUNDLED).network
    wrong = [replace(drawing, label=str(9 - int(drawing.label or ""))) for drawing in skeletons()]
    ink, newer = written(tmp_path, [*misread, *wrong]), tmp_path / "newer"
    done = run("model", "teach", ink, "--model", small, "--instead-of", BUNDLED, "--output", newer)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Nothing changed: ")
    assert not newer.exists()


@on_linux
def test_a_cancelled_teaching_leaves_nothing(small: Path, misread: list[Drawing], tmp_path: Path) -> None:
    words = ["teach", str(written(tmp_path, misread)), "--model", str(small), "--output", str(tmp_path / "new")]
    status, rest = cancelled_at(events.Started, words)
    assert status == 130
    assert rest[-1] == events.Cancelled()
    assert [path.name for path in tmp_path.iterdir()] == ["mine ü.jsonl"]


def test_a_model_of_somebody_else_s_learns_too(tmp_path: Path) -> None:
    model = copied(tmp_path / "model", origin="opened", network="of somebody")
    flat = list(data.load_ink([SHARED / "data" / "models" / "flat-ones.jsonl"]).everybody)
    done = run("model", "teach", written(tmp_path, flat), "--model", model, "--output", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert accepted(tmp_path / "new", flat) == 5


def test_the_program_teaches_a_copy_of_the_bundled_model(tmp_path: Path) -> None:
    before = open_bundle()
    flat = list(data.load_ink([SHARED / "data" / "models" / "flat-ones.jsonl"]).everybody)
    assert accepted(BUNDLED, flat) == 0
    done = run("app", "teach", written(tmp_path, flat))
    assert done.returncode == 0, done.stderr
    learned, *_, place = done.stdout.splitlines()
    assert learned.startswith("Learned from 5 drawings: 5 of 5 read and accepted now (")
    after = open_bundle(Path(place))
    after.verify()
    assert after.card.recipe == before.card.recipe
    assert open_bundle() == before
    assert accepted(Path(place), flat) == 5
    done = run("app", "self-test")
    assert done.returncode == 0, done.stdout


def test_european_ones_are_learned_by_a_small_network(small: Path, tmp_path: Path) -> None:
    ones = list(data.load_ink([SHARED / "data" / "models" / "european-ones.jsonl"]).everybody)
    done = run("model", "teach", written(tmp_path, ones), "--model", small, "--output", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert accepted(tmp_path / "new", ones) == 5


def test_the_program_says_in_a_sentence_why_it_did_not(tmp_path: Path) -> None:
    blank = tmp_path / "blank.jsonl"
    blank.write_text(json.dumps({"strokes": []}) + "\n")
    done = run("app", "teach", blank, "--output", tmp_path / "new")
    assert done.returncode == 1
    assert "each drawing needs a label from 0 to 9 and ink" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["blank.jsonl"]


def test_it_learns_without_tensorflow_and_all_else_that_the_light_bundle_leaves_out(
    misread: list[Drawing], tmp_path: Path
) -> None:
    tree = ast.parse((ROOT / "build.spec").read_text(encoding="utf-8"))
    assigned = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    left_out = ast.literal_eval(assigned["EXCLUDED_FROM_LIGHT"])
    assert {"tensorflow", "h5py"} <= set(left_out)
    words = ["teach", str(written(tmp_path, misread)), "--output", str(tmp_path / "new")]
    script = f"import sys; sys.modules |= dict.fromkeys({left_out!r}); from model.__main__ import main; "
    script += f"sys.exit(main({words!r}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert accepted(tmp_path / "new", misread) == 5


def test_the_words_for_a_job(tmp_path: Path) -> None:
    words = teaching.words(tmp_path / "ink.jsonl", BUNDLED, tmp_path / "new", "mine")
    assert words[:2] == ["teach", str(tmp_path / "ink.jsonl")]
    assert words[2:] == [
        *("--model", str(BUNDLED), "--output", str(tmp_path / "new")),
        *("--kept", str(paths.rehearsal_folder()), "--name", "mine"),
    ]


@pytest.mark.parametrize(
    ("taught", "sentence"),
    [
        (
            events.Taught(5, 1, 5, 1.5, 0.1, 1.0, 1.0, 5000, 9.0, "x", 5, ""),
            "Learned from 5 drawings: 5 of 5 read and accepted now (1 read before); nothing else got worse.",
        ),
        (
            events.Taught(1, 0, 1, 1.5, 0.1, 1.0, 0.9996, 5000, 9.0, "x", 0, "It looks like a 7."),
            "Learned from 1 drawing: 0 of 1 read and accepted now (0 read before); 2 fewer of 5,000 other "
            "images are read. It looks like a 7.",
        ),
    ],
)
def test_the_outcome_is_a_sentence(taught: events.Taught, sentence: str) -> None:
    assert teaching.outcome(taught) == sentence


def test_the_benchmark_teaches_what_is_misread_worst_digit_first() -> None:
    labels = np.array([1] * 4 + [2] * 4 + [3] * 4, np.uint8)
    answers = np.full((12, 10), 0.01)
    for index, (label, wrong) in enumerate(zip(labels, [1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0], strict=True)):
        answers[index, label if not wrong else 9] = 0.9 + index / 1000
    taught = chosen(answers, labels)
    assert [int(labels[index]) for index in taught] == [1, 2, 1, 1, 1]
    assert taught[-1] == 3  # it's read right, and the only one of its digit
