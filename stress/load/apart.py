"""Runs a load in a separate process, with its own memory, home and screen."""

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
    """Return a load's report; the load is a function in a module, and an error in it is a failure.

    Args:
        work: the load: seconds, seed → report.
        seconds: the time that it has.
        seed: for its random choices.
        screen: whether it needs one; raises FileNotFoundError if none is available.
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
    """Give this process its own home and screen, and report where it crashes, if it does."""
    faulthandler.enable()
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    place = Path(home, "tmp")
    place.mkdir()
    os.environ |= {"HOME": home, "TMPDIR": str(place), "DISPLAY": display, "LANGUAGE": "en"}
    tempfile.tempdir = None  # it may have been looked up already
    os.chdir(home)  # where file dialogs start


def _watched(work: Callable[[float, int], Report], seconds: float, seed: int) -> Report:
    """Run a load, and count errors logged meanwhile as failures: a bug that was caught is still a bug."""
    errors = Errors()
    try:
        report = work(seconds, seed)
    except Exception:  # noqa: BLE001  (whatever it is, the load has found it)
        report = Report("", failures=(traceback.format_exc(),))
    return replace(report, failures=(*report.failures, *errors.messages))
