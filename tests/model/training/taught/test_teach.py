"""Teaching as it is started: by ``python -m model teach`` and ``python -m app teach``, in processes of their own."""

import json
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.jobs import teaching
from benchmarks.teaching import chosen
from model.base import events, installation
from model.base.errors import UserError
from model.bundle.bundle import BUNDLED, KERAS_FILE, open_bundle
from model.data import architectures, data
from model.ink.ink import Drawing, write_line
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer
from model.training import pinned
from model.training.files import export
from model.training.opened.probe import skeletons
from model.training.taught import rehearsal, teach
from model.training.taught.pupil import Pupil, Shown
from tests.conftest import ROOT, SHARED, missing, model_program, on_linux, run, save_npz
from tests.kept import copied
from tests.screen import PATIENCE


@pytest.fixture(scope="module")
def mnist() -> data.Mnist:
    path = SHARED / "data" / "mnist.npz"
    if not path.is_file():
        missing(f"shared data is needed: there is no {path}; set INKLING_SHARED to its folder")
    return data.load(path)


@pytest.fixture(scope="module")
def some(mnist: data.Mnist, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12,000 + 1,000 of MNIST's images."""
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
    """Five drawings of one person that it misreads."""
    recognizer = Recognizer(open_bundle(small))
    drawings = data.load_ink([SHARED / "data" / "pen-digits.jsonl"]).train
    own = [drawing for drawing in drawings if drawing.writer == "tra:28"]
    return [drawing for drawing in own if str(recognizer.recognize(drawing).digit) != drawing.label][:5]


def written(folder: Path, drawings: list[Drawing]) -> Path:
    path = folder / "mine ü.jsonl"
    path.write_text("".join(f"{write_line(drawing)}\n" for drawing in drawings), encoding="utf-8")
    return path


def read(output: str) -> list[events.Event]:
    return [events.from_line(line) for line in output.splitlines()]


def right(model: Path, drawings: list[Drawing]) -> int:
    recognizer = Recognizer(open_bundle(model))
    return sum(str(recognizer.recognize(drawing).digit) == drawing.label for drawing in drawings)


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
    assert [event.epoch for event in told if isinstance(event, events.EpochDone)] == [started.epochs]
    assert [type(event) for event in told[-2:]] == [events.Taught, events.Finished]
    assert (taught.drawings, taught.right_before) == (5, 0)
    assert taught.right_after == right(output, misread) > 0
    assert taught.loss_after < taught.loss_before
    assert taught.rehearsal_after >= taught.rehearsal_before - rehearsal.FORGOTTEN
    assert taught.rehearsal_images > 2000
    after = open_bundle(output)
    after.verify()
    assert open_bundle(small) == before
    assert after.card.data["taught"]["drawings"] == 5
    assert after.card.data["taught"]["from"] == before.card.sha256[KERAS_FILE]
    assert sum(after.card.data["taught"]["labels"].values()) == 5
    assert (after.card.network, after.card.name, after.card.recipe) == ("mlp-128", "small", before.card.recipe)
    assert after.card.accuracy is None  # nobody has measured it again
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine ü.jsonl", "taught"]


def test_with_mnist_it_rehearses_that_too_and_is_measured(
    small: Path, misread: list[Drawing], some: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    ink = written(tmp_path, misread)
    done = run("model", "teach", ink, "--model", small, "--data", some, "--output", first, "--events")
    assert done.returncode == 0, done.stderr
    (taught,) = (event for event in read(done.stdout) if isinstance(event, events.Taught))
    with np.load(some) as file:
        images, labels = file["x_test"], file["y_test"]
    recognizer = Recognizer(open_bundle(first))
    answers = [recognizer.read(image.astype(np.float32) / np.float32(255)).digit for image in images]
    accuracy = open_bundle(first).card.accuracy
    assert accuracy == pytest.approx(np.mean(np.array(answers) == labels))
    assert accuracy == pytest.approx(open_bundle(small).card.accuracy, abs=0.005)
    assert taught.rehearsal_images > 2000 + 2000
    # What was taught can be taught again, in lines for people; the card still knows whom it began with.
    knows = Recognizer(open_bundle(first))
    learned = [drawing for drawing in misread if str(knows.recognize(drawing).digit) == drawing.label]
    done = run("model", "teach", written(tmp_path, learned), "--model", first, "--output", second, "--name", "mine")
    assert done.returncode == 0, done.stderr
    assert f"read right of the {len(learned)} drawings: " in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"written to {second} in ")
    one, two = (open_bundle(folder).card.data["taught"] for folder in (first, second))
    assert one["first"]["sha256"] == open_bundle(small).card.sha256[KERAS_FILE]
    assert two["first"] == one["first"]
    assert two["from"] == open_bundle(first).card.sha256[KERAS_FILE]
    assert open_bundle(second).card.name == "mine"


def test_labels_that_are_all_wrong_are_not_learned(small: Path, tmp_path: Path) -> None:
    drawings = [replace(drawing, label=str(9 - int(drawing.label or ""))) for drawing in skeletons()]
    done = run("model", "teach", written(tmp_path, drawings), "--model", small, "--output", tmp_path / "new")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Nothing was learned: ")
    assert [path.name for path in tmp_path.iterdir()] == ["mine ü.jsonl"]


def test_in_another_s_place_it_must_read_as_much_as_that_and_need_not_read_more(
    small: Path, misread: list[Drawing], tmp_path: Path
) -> None:
    ink, new = written(tmp_path, misread), tmp_path / "new"
    assert right(BUNDLED, misread) == 5
    done = run("model", "teach", ink, "--model", small, "--instead-of", BUNDLED, "--output", new)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Nothing was learned: ")
    assert not new.exists()
    wrong = replace(misread[0], label=str(9 - int(misread[0].label or "")))
    ink = written(tmp_path, [wrong, *misread[1:]])  # one of them can't be learned
    done = run("model", "teach", ink, "--model", BUNDLED, "--instead-of", small, "--output", new, "--events")
    assert done.returncode == 0, done.stderr
    (taught,) = (event for event in read(done.stdout) if isinstance(event, events.Taught))
    assert (taught.right_before, taught.right_after) == (4, 4)
    said = open_bundle(new).card.data["taught"]
    assert said["from"] == open_bundle(small).card.sha256[KERAS_FILE]
    assert said["first"]["sha256"] == open_bundle(BUNDLED).card.sha256[KERAS_FILE]


def images_of(drawings: list[Drawing]) -> Shown:
    images = np.stack([normalize_drawing(drawing) for drawing in drawings])
    return Shown(images, np.array([int(drawing.label or "") for drawing in drawings], np.uint8))


def test_it_goes_back_until_nothing_is_forgotten(small: Path, misread: list[Drawing]) -> None:
    pupil = Pupil(export.trunk(open_bundle(small)))
    old, own = pupil.weights, images_of(misread)
    pupil.learn(own, np.zeros((1, 28, 28), np.float32), 20, lambda _: None)
    new = pupil.weights
    tries = iter([False, False, True])
    assert teach.hold_back(pupil, old, lambda _: next(tries), own, len(own.labels)) == teach.STRENGTHS[2]
    expected = [start + teach.STRENGTHS[2] * (end - start) for start, end in zip(old, new, strict=True)]
    assert all(np.allclose(weights, wanted) for weights, wanted in zip(pupil.weights, expected, strict=True))
    pupil.weights = new
    with pytest.raises(UserError, match="cannot be had without forgetting"):
        teach.hold_back(pupil, old, lambda _: False, own, len(own.labels))


def test_what_is_read_no_better_is_not_learned(small: Path, misread: list[Drawing]) -> None:
    pupil = Pupil(export.trunk(open_bundle(small)))
    old, (images, labels) = pupil.weights, images_of(misread)
    pupil.learn(Shown(images, (labels + 1) % 10), images, 20, lambda _: None)  # something else was learned
    with pytest.raises(UserError, match="would be read no better"):
        teach.hold_back(pupil, old, lambda _: True, Shown(images, labels), len(labels))


def test_the_rehearsal_is_the_same_each_time_and_never_holds_test_images(mnist: data.Mnist) -> None:
    few = data.Mnist(mnist.train_images[:600], mnist.train_labels[:600], mnist.test_images, mnist.test_labels, "few")
    (rehearsed, checks), again = rehearsal.rehearsal(few), rehearsal.rehearsal(few)
    for one, other in zip((*rehearsed, *checks), (*again[0], *again[1]), strict=True):
        assert np.array_equal(one.images, other.images)
    learned = {image.tobytes() for image in rehearsed[1].images[:500]}
    assert learned == {image.tobytes() for image in data.scaled(few.train_images[:500])}
    assert np.array_equal(checks[1].labels, few.train_labels[500:])  # nothing is learned from these


@on_linux
def test_a_cancelled_teaching_leaves_nothing(small: Path, misread: list[Drawing], tmp_path: Path) -> None:
    words = ["teach", str(written(tmp_path, misread)), "--model", str(small), "--output", str(tmp_path / "new")]
    child = subprocess.Popen(
        [*model_program(), *words, "--events"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if isinstance(events.from_line(line), events.Progress):
            break
    child.send_signal(signal.SIGTERM)
    rest = read(child.communicate(timeout=PATIENCE)[0])
    assert child.returncode == 130
    assert rest[-1] == events.Cancelled()
    assert [path.name for path in tmp_path.iterdir()] == ["mine ü.jsonl"]


def test_a_model_of_somebody_else_s_does_not_learn(misread: list[Drawing], tmp_path: Path) -> None:
    model = copied(tmp_path / "model", origin="opened")
    ink = written(tmp_path, misread)
    done = run("model", "teach", ink, "--model", model, "--output", tmp_path / "new", "--events")
    assert done.returncode == 1
    failed = read(done.stdout)[-1]
    assert isinstance(failed, events.Failed)
    assert "only networks that Inkling trains can learn" in failed.message


def test_the_program_teaches_a_copy_of_the_bundled_model(misread: list[Drawing], tmp_path: Path) -> None:
    before = open_bundle()
    done = run("app", "teach", written(tmp_path, misread), PYTHONWARNINGS="default")  # Keras' own, in the child
    assert done.returncode == 0, done.stderr
    learned, *_, place = done.stdout.splitlines()
    assert learned.startswith("Learned from 5 drawings: 5 of 5 read now (")
    after = open_bundle(Path(place))
    after.verify()
    assert after.card.recipe == before.card.recipe
    assert open_bundle() == before
    recognizer = Recognizer(after)
    images, labels = images_of(misread)
    answers = [recognizer.probabilities(image) for image in images]
    assert [int(np.argmax(answer)) for answer in answers] == labels.tolist()
    done = run("app", "self-test")
    assert done.returncode == 0, done.stdout


def test_the_program_says_in_a_sentence_why_it_did_not(tmp_path: Path) -> None:
    blank = tmp_path / "blank.jsonl"
    blank.write_text(json.dumps({"strokes": []}) + "\n")
    done = run("app", "teach", blank, "--output", tmp_path / "new")
    assert done.returncode == 1
    assert "each drawing needs a label from 0 to 9 and ink" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["blank.jsonl"]


@pytest.mark.parametrize("program", ["app", "model"])
def test_without_tensorflow_it_says_what_to_install(program: str, tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text("raise ModuleNotFoundError")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    words = ("teach", tmp_path / "ink.jsonl", "--output", tmp_path / "new")
    done = run(program, *words, PYTHONPATH=path, KERAS_BACKEND="tensorflow")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        f"Learning needs TensorFlow; install it with: {installation.command('train')}"
    )


def test_the_words_for_a_job(tmp_path: Path) -> None:
    words = teaching.words(tmp_path / "ink.jsonl", BUNDLED, tmp_path / "new", tmp_path / "mnist.npz", "mine")
    assert words[:2] == ["teach", str(tmp_path / "ink.jsonl")]
    assert words[2:] == [
        *("--model", str(BUNDLED), "--output", str(tmp_path / "new")),
        *("--data", str(tmp_path / "mnist.npz"), "--name", "mine"),
    ]
    assert "--data" not in teaching.words(tmp_path / "ink.jsonl", BUNDLED, tmp_path / "new")


@pytest.mark.parametrize(
    ("taught", "sentence"),
    [
        (
            events.Taught(5, 1, 5, 1.5, 0.1, 1.0, 1.0, 5000, 9.0, "x"),
            "Learned from 5 drawings: 5 of 5 read now (1 before); nothing else got worse.",
        ),
        (
            events.Taught(1, 0, 1, 1.5, 0.1, 1.0, 0.9996, 5000, 9.0, "x"),
            "Learned from 1 drawing: 1 of 1 read now (0 before); of 5,000 other images 2 fewer are read.",
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
    assert taught[-1] == 3  # read right, and the only one of its digit


@pytest.mark.parametrize("name", ["mlp-512-dropout", "cnn", "cnn-batchnorm", "mlp-1200-1000-500"])
def test_every_kind_of_network_can_learn_on(name: str) -> None:
    pupil = Pupil(architectures.build(pinned.keras, name))
    images, digits = np.random.default_rng(0).random((4, 28, 28), np.float32), np.array([1, 2, 3, 4], np.uint8)
    answers = np.asarray(pupil.network(images, training=False))
    likely = np.exp(pupil.logits(images))
    assert np.allclose(likely / likely.sum(1, keepdims=True), answers, atol=1e-5)
    before, told = pupil.weights, list[events.Progress]()
    pupil.learn(Shown(images, digits), images, 12, told.append)
    assert [event.step for event in told] == [10, 12]
    assert any(not np.allclose(old, new) for old, new in zip(before, pupil.weights, strict=True))
    pupil.weights = before
    assert np.allclose(np.asarray(pupil.network(images, training=False)), answers, atol=1e-6)
