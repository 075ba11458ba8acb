"""A child that trains or teaches, started and cancelled as by a user."""

import signal
import subprocess

from model.base import events
from tests.conftest import ROOT, model_program
from tests.screen import PATIENCE


def read(output: str) -> list[events.Event]:
    """Return the events in a child's standard output."""
    return [events.from_line(line) for line in output.splitlines()]


def cancelled_at(kind: type[events.Event], words: list[str]) -> tuple[int | None, list[events.Event]]:
    """Cancel a child at its first event of a kind; return its exit status and all events from then on."""
    child = subprocess.Popen(
        [*model_program(), *words, "--events"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if isinstance(events.from_line(line), kind):
            break
    child.send_signal(signal.SIGTERM)
    rest = read(child.communicate(timeout=PATIENCE)[0])
    return child.returncode, rest
