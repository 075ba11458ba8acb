"""A child process that opens a stranger's file, watched while we wait for its answer.

Imports psutil, which comes with the extras whose children are watched.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psutil

if sys.platform != "win32":
    import resource

BETWEEN_LOOKS = 0.1  # seconds


def told_by(
    child: subprocess.Popen[bytes], told: queue.SimpleQueue[Any], check: Callable[[float, float], None]
) -> Iterator[Any]:
    """Give what comes into a queue from a child, up to the first None.

    Meanwhile ``check`` is given the bytes that the child has in memory and the seconds that it has computed; what it
    raises ends this.
    """
    process: psutil.Process | None = None
    while True:
        with contextlib.suppress(queue.Empty):
            each = told.get(timeout=BETWEEN_LOOKS)
            if each is None:
                return
            yield each
        with contextlib.suppress(psutil.Error):  # it has ended
            process = process or psutil.Process(child.pid)
            check(process.memory_info().rss, sum(process.cpu_times()[:2]))


def limit(seconds: int) -> None:
    """Let the system end this process if it computes for too long, in case nobody watches it any more."""
    if sys.platform == "win32":
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = seconds if hard == resource.RLIM_INFINITY else min(hard, seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
