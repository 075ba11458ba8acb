"""Garbage in cycles, and the thread that collects it."""

import gc
import itertools
import threading
import time
import tkinter
from collections.abc import Iterator

import pytest

from app.ui.kit.background import SLICE, Slices, collect_garbage_here
from model.base.work import Work
from tests.screen import PATIENCE, Screen, wait_for


class Loop:
    """An object that only the garbage collector frees, and that records the thread in which it does."""

    def __init__(self, told: list[threading.Thread]):
        self.itself, self.told = self, told

    def __del__(self) -> None:
        self.told.append(threading.current_thread())


@pytest.fixture
def root(screen: Screen) -> Iterator[tkinter.Tk]:
    assert screen
    made = tkinter.Tk(className="Inkling")
    yield made
    made.destroy()


def make_much() -> None:
    for _ in range(200):
        assert len([[number] for number in range(2000)]) == 2000


def live(root: tkinter.Tk, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        root.update()
        time.sleep(0.005)


def test_it_is_cleared_away_in_the_window_s_thread_and_not_under_the_pen(root: tkinter.Tk) -> None:
    gc.collect()
    told: list[threading.Thread] = []
    busy = [True]
    end = collect_garbage_here(root, lambda: busy[0])
    try:
        Loop(told)
        for _ in range(2):
            thread = threading.Thread(target=make_much)
            thread.start()
            thread.join()
        keep = [[number] for number in range(2000)]  # enough to start a collection of the youngest generation
        assert keep
        live(root, 0.3)
        assert told == []
        busy[0] = False
        live(root, 0.3)
        assert told == [threading.main_thread()]
    finally:
        end()
    assert gc.isenabled()


def test_what_was_cleared_away_goes_back_to_the_system(root: tkinter.Tk, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[threading.Thread] = []
    monkeypatch.setattr("app.facts.memory.give_back", lambda: given.append(threading.current_thread()))
    end = collect_garbage_here(root, lambda: False)
    try:
        live(root, 0.3)
        given.clear()
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, gc.get_threshold()[2] + 1))  # as after hours of use
        live(root, 0.3)
    finally:
        end()
    assert set(given) == {threading.main_thread()}


def test_the_window_draws_between_two_slices_whoever_works_at_them(root: tkinter.Tk) -> None:
    done: list[str] = []

    def work(name: str) -> Work[None]:
        while True:
            end = time.perf_counter() + SLICE
            while time.perf_counter() < end:
                pass
            done.append(name)
            root.after_idle(done.append, "drawn")  # as a canvas does whose item has moved
            yield

    workers = {name: Slices(root, lambda _error: None) for name in "abc"}
    for name, slices in workers.items():
        slices.start(work(name))

    def has_done_much() -> bool:
        root.update()
        return len(done) > 40

    wait_for(has_done_much, PATIENCE, "slices of work")
    for slices in workers.values():
        slices.stop()
    assert all("drawn" in pair for pair in itertools.pairwise(done))
    turns = [name for name in done if name != "drawn"]
    assert all({*turns[start : start + 6]} == {*workers} for start in range(len(turns) - 6))
