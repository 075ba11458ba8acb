"""A load in a process of its own: what it holds is its own, and so are its home and its screen."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from stress.logged import Errors
from stress.report import Report
from tests.screen import virtual_screen

SIDES = (1280, 900)  # pixels of the screen


def apart(work: Callable[[float, int], Report], seconds: float, seed: int, *, screen: bool = True) -> Report:
    """Return what comes of a load, which is a function of a module; an error in it is a failure.

    Args:
        work: the load: seconds, seed → what came of it.
        seconds: that it has.
        seed: of its choices.
        screen: whether it needs one; raises FileNotFoundError where there is none to be had.
    """
    kind = work.__module__.rpartition(".")[2]
    began = time.monotonic()
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="inkling-load-"))
        display = stack.enter_context(virtual_screen(*SIDES)) if screen else ""
        context = multiprocessing.get_context("spawn")
        pool = stack.enter_context(ProcessPoolExecutor(1, context, _settle, (home, display)))
        try:
            report = pool.submit(_watched, work, seconds, seed).result()
        except BrokenProcessPool:
            report = Report(kind, failures=("the process ended early",))
    failures = tuple(f"{kind}, seed {seed}: {failure}" for failure in report.failures)
    return replace(report, kind=kind, seconds=round(time.monotonic() - began, 1), failures=failures)


def _settle(home: str, display: str) -> None:
    """Let this process live in a home and on a screen of its own, and tell where it crashes, if it does."""
    faulthandler.enable()
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    place = Path(home, "tmp")
    place.mkdir()
    os.environ |= {"HOME": home, "TMPDIR": str(place), "DISPLAY": display, "LANGUAGE": "en"}
    tempfile.tempdir = None  # it may have been asked for already
    os.chdir(home)  # where file dialogs begin


def _watched(work: Callable[[float, int], Report], seconds: float, seed: int) -> Report:
    """Run a load, and count what is logged as an error meanwhile as a failure: a bug that was caught is one still."""
    errors = Errors()
    try:
        report = work(seconds, seed)
    except Exception:  # noqa: BLE001  (whatever it is, the load has found it)
        report = Report("", failures=(traceback.format_exc(),))
    return replace(report, failures=(*report.failures, *errors.messages))
