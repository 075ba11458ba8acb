"""Two models side by side: an answer's time is what a user waits for, whatever else the computer does."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from model.base.events import Compared
from model.data.data import Images, Labels, Mnist
from model.judging import versus
from model.judging.versus import compare
from model.reading.recognizer import Recognizer
from model.training.synthetic import shapes
from tests.conftest import ten_patterns


@pytest.fixture
def busy_thread() -> Iterator[None]:
    """Another thread that keeps the processor busy, as TensorFlow's do after a training."""
    over = threading.Event()

    def spin() -> None:
        while not over.is_set():
            pass

    thread = threading.Thread(target=spin)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("busy_thread")
def test_what_an_answer_takes_is_the_recognisers_own_time_in_turns(recognizer: Recognizer) -> None:
    arrays = ten_patterns(1, 60)
    data = Mnist(arrays["x_train"], arrays["y_train"], arrays["x_test"], arrays["y_test"], "patterns")
    compared = compare(recognizer, recognizer, data, drawn_of(data))
    began = time.thread_time()
    for image in data.test_images:
        recognizer.read((image / 255).astype(np.float32))
    itself = (time.thread_time() - began) * 1000 / len(data.test_images)
    for side in (compared.current, compared.new):
        assert 0.2 < side.milliseconds / itself < 5, (side, itself)  # waiting for the other thread takes 5 ms each time
    assert 0.3 < compared.current.milliseconds / compared.new.milliseconds < 3  # both are the same model
    assert compared.images == 60
    assert compared.current.right == compared.new.right
    assert not compared.differences


def test_drawn_digits_are_read_too_whatever_the_test_images_are(recognizer: Recognizer) -> None:
    arrays = ten_patterns(1, 3)
    data = Mnist(arrays["x_train"], arrays["y_train"], arrays["x_test"], arrays["y_test"], "patterns")
    images, digits = shapes.digits(50, np.random.default_rng(7))
    compared = compare(recognizer, recognizer, data, (images, digits))
    assert (compared.images, compared.drawn) == (3, 50)
    assert 45 < compared.current.right_drawn == compared.new.right_drawn
    wrong = compare(recognizer, recognizer, data, (images, (digits + np.uint8(1)) % np.uint8(10)))
    assert wrong.new.right_drawn < 5


def drawn_of(data: Mnist) -> tuple[Images, Labels]:
    """Return two images that stand for drawn digits: those that data begins with, turned around."""
    return np.ascontiguousarray(data.test_images[:2, ::-1, ::-1]), data.test_labels[:2]


class Counted(Recognizer):
    """A recogniser that counts the images that it reads."""

    def __init__(self, like: Recognizer):
        super().__init__(like.bundle)
        self.read_images = 0

    def probabilities(self, image: npt.NDArray[np.float32]) -> Sequence[float]:
        self.read_images += 1
        return super().probabilities(image)


def test_the_current_models_answers_are_kept_until_the_model_or_the_images_are_others(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    arrays = ten_patterns(1, 60)
    data = Mnist(arrays["x_train"], arrays["y_train"], arrays["x_test"], arrays["y_test"], "patterns")
    kept = tmp_path / "kept" / "answers"

    def read(current: Recognizer, data: Mnist) -> tuple[int, Compared]:
        """Return how many images the current model reads for its answers, not counting those that time it."""
        counted = Counted(recognizer)
        counted._network, counted.file = current._network, current.file
        compared = compare(counted, recognizer, data, drawn_of(data), kept)
        return counted.read_images - len(data.test_images), compared

    first, compared = read(recognizer, data)
    assert first == 62
    again, same = read(recognizer, data)
    assert again == 0
    for side, as_before in ((compared.current, same.current), (compared.new, same.new)):
        assert (side.right, side.size) == (as_before.right, as_before.size)
    assert same.differences == compared.differences
    turned = replace(data, test_images=np.ascontiguousarray(data.test_images[:, ::-1]))
    assert read(recognizer, turned)[0] == 62
    other = Counted(recognizer)
    other.file = recognizer.file + b"\0"
    assert read(other, data)[0] == 62
    assert len(list(kept.iterdir())) == 6  # of the test images, and of the drawn digits
    for file in kept.iterdir():  # not what such a file can hold
        file.write_bytes(b"\xff" * 60)
    assert read(recognizer, data)[0] == 62
    assert read(recognizer, data)[0] == 0


def test_few_answers_are_kept_and_those_used_last(
    recognizer: Recognizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versus, "MOST_KEPT", 2)
    arrays = ten_patterns(1, 3)
    for number in range(4):
        images = np.full_like(arrays["x_test"], number)
        data = Mnist(images, arrays["y_test"], images, arrays["y_test"], "plain")
        compare(recognizer, recognizer, data, drawn_of(data), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_where_nothing_can_be_kept_it_compares_all_the_same(recognizer: Recognizer, tmp_path: Path) -> None:
    arrays = ten_patterns(1, 3)
    data = Mnist(arrays["x_train"], arrays["y_train"], arrays["x_test"], arrays["y_test"], "patterns")
    (tmp_path / "file").touch()
    assert compare(recognizer, recognizer, data, drawn_of(data), tmp_path / "file" / "answers").images == 3
