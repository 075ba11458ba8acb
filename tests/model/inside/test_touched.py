"""A network changed by hand computes what its new weights make, starting from the first changed layer."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from model.base.work import finish
from model.bundle.bundle import open_bundle
from model.ink.ink import Drawing
from model.inside import exam, ways
from model.inside.chain import Chain, Trace, open_chain, trace
from model.inside.exam import Exam, Examined
from model.inside.touched import Touch, Touched, zeros
from model.reading.recognizer import Recognizer
from model.training.opened.probe import probe
from tests.conftest import ROOT, run


@pytest.fixture(scope="module")
def examined() -> Examined:
    images, digits = probe()
    return Examined(images, digits.astype(np.uint8))


def traced(chain: Chain) -> Trace:
    images, _digits = probe()
    return finish(trace(chain, images[150]))


def test_an_untouched_network_is_the_same_steps(network: Chain) -> None:
    assert Touched(network).by(Touch()).steps == network.steps


def test_a_unit_that_is_off_answers_nothing_and_the_rest_sees_it(network: Chain) -> None:
    before = traced(network)
    shape = network.columns
    unit = int(shape[2].answers(before).argmax())
    after = traced(Touched(network).by(Touch(off=frozenset({(2, unit)}))))
    assert shape[2].answers(after)[unit] == 0
    place = shape[3].weights + 1
    lost = shape[3].own(before.values[place] - after.values[place])
    assert np.allclose(lost, finish(ways.out_of(before, 2, unit)), atol=1e-4)


def test_without_a_layer_every_image_gets_the_same_answer(network: Chain) -> None:
    silent = Touched(network).by(Touch(off=frozenset((1, unit) for unit in range(1200))))
    images, _digits = probe()
    one, other = (finish(trace(silent, images[place])).probabilities for place in (0, 150))
    assert np.allclose(one, other)


def test_the_smallest_weights_are_pruned(network: Chain) -> None:
    for part in (0.3, 0.9, 1.0):
        pruned = Touched(network).by(Touch(pruned=part))
        nothing, there = zeros(pruned)
        assert nothing / there == pytest.approx(part, abs=0.03)
        for column in network.columns[1:]:
            old, new = network.weighing(column).weights, pruned.weighing(column).weights
            left = new != 0
            assert np.array_equal(old[left], new[left])
            assert part == 1 or np.abs(old[left]).min() >= np.abs(old[~left]).max()


def test_a_bias_moves_its_sum_and_a_temperature_all_scores(network: Chain) -> None:
    before = traced(network)
    shape = network.columns
    moved = traced(Touched(network).by(Touch(biases={(1, 5): 2.0})))
    place = network.columns[1].weights + 1
    change = shape[1].own(moved.values[place] - before.values[place])
    assert change[5] == pytest.approx(2, abs=1e-4)
    assert np.abs(np.delete(change, 5)).max() == 0
    hot = traced(Touched(network).by(Touch(temperature=2.0)))
    scores = network.columns[-1].end
    assert np.allclose(hot.values[scores] * 2, before.values[scores], atol=1e-4)
    assert hot.probabilities.max() < before.probabilities.max()


def test_what_stays_the_same_is_the_same_step_again(network: Chain) -> None:
    touched = Touched(network)
    one = touched.by(Touch(pruned=0.5))
    two = touched.by(Touch(pruned=0.5, off=frozenset({(3, 1)})))
    assert [first is second for first, second in zip(one.steps, two.steps, strict=True)].count(False) == 1


def test_an_exam_counts_what_the_network_reads_right(
    network: Chain, recognizer: Recognizer, examined: Examined
) -> None:
    sat = Exam(examined)
    part = finish(sat.ask(network))
    read = [int(np.argmax(recognizer.probabilities(image))) for image in examined.images]
    assert part == pytest.approx(float(np.mean(read == examined.digits)), abs=0.01)  # without the shifted views
    touched = Touched(network)
    silent = touched.by(Touch(off=frozenset((3, unit) for unit in range(500))))
    assert finish(sat.ask(silent)) == pytest.approx(0.1)
    pruned = touched.by(Touch(pruned=0.85))
    again = finish(sat.ask(pruned))
    assert again < part
    assert finish(Exam(examined).ask(pruned)) == again
    work = sat.ask(silent)
    for _ in range(5):
        next(work)  # and then it's abandoned
    assert finish(sat.ask(network)) == part


def test_an_opened_cnn_sits_an_exam_too(tmp_path: Path, examined: Examined) -> None:
    file = ROOT / "tests" / "keras2" / "cnn.h5"
    done = run("model", "open", file, "--output", tmp_path / "cnn", "--ink=bright", "--scale=1")
    assert done.returncode == 0, done.stderr
    recognizer = Recognizer(open_bundle(tmp_path / "cnn"))
    chain = finish(open_chain(recognizer.file))
    assert chain
    read = [int(np.argmax(recognizer.probabilities(image))) for image in examined.images]
    told: list[tuple[int, int]] = []
    part = finish(Exam(examined).ask(chain, lambda right, read: told.append((right, read))))
    assert part == pytest.approx(float(np.mean(read == examined.digits)), abs=0.005)
    assert len(told) > 10  # intermediate results
    assert told[-1] == (round(part * len(examined.digits)), len(examined.digits))
    off = Touched(chain).by(Touch(off=frozenset((1, unit) for unit in range(6))))
    shape = chain.columns
    images, _digits = probe()
    assert not shape[1].answers(finish(trace(off, images[9]))).any()


def test_the_program_draws_the_same_digits_each_time() -> None:
    one, other = finish(exam.drawn()), finish(exam.drawn())
    assert np.array_equal(one.images, other.images)
    assert one.images.shape == (exam.COUNT, 28, 28)
    assert set(one.digits.tolist()) == set(range(10))
    assert one.images.dtype == np.float32


def test_drawings_without_a_digit_are_left_out() -> None:
    assert len(finish(exam.of_drawings([Drawing()])).digits) == 0


def test_mnist_is_read_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: Path) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert len(finish(exam.mnist()).digits) == 0
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"no archive")
    assert len(finish(exam.mnist()).digits) == 0
    content = (shared / "data" / "mnist.npz").read_bytes()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(content)
    monkeypatch.setattr("model.data.download.SHA256", hashlib.sha256(content).hexdigest())  # Keras packs it differently
    monkeypatch.setattr("model.data.download.SIZE", len(content))
    found = finish(exam.mnist())
    assert found.images.shape == (500, 28, 28)
    assert found.digits[:4].tolist() == [7, 2, 1, 0]
