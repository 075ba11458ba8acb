"""Two models side by side: what an answer takes is what a user waits for, whatever else the computer does."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from model.data.data import Mnist
from model.judging.versus import compare
from model.reading.recognizer import Recognizer
from tests.conftest import ten_patterns


@pytest.fixture
def busy_thread() -> Iterator[None]:
    """Another thread that wants the processor, as TensorFlow's do after a training."""
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
    compared = compare(recognizer, recognizer, data)
    began = time.thread_time()
    for image in data.test_images:
        recognizer.read((image / 255).astype(np.float32))
    itself = (time.thread_time() - began) * 1000 / len(data.test_images)
    for side in (compared.current, compared.new):
        assert 0.2 < side.milliseconds / itself < 5, (side, itself)  # waiting for the other thread takes 5 ms a time
    assert 0.3 < compared.current.milliseconds / compared.new.milliseconds < 3  # it is one and the same
    assert compared.images == 60
    assert compared.current.right == compared.new.right
    assert not compared.differences
