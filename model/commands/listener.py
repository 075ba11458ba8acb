"""Events for a program that watches: on standard output, as long as standard input stays open."""

from __future__ import annotations

import _thread
import argparse
import contextlib
import functools
import os
import stat
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from model.base import events
from model.base.errors import UserError
from model.base.files import real
from model.base.language import _
from model.base.shown import shown
from model.bundle import folders
from model.commands.words import ListenerLeftError

Report = Callable[[events.Event], None]

GRACE = 0.8  # seconds in which a cancelled work may clear up; a library that does not let go is left then


def add_word(command: argparse.ArgumentParser) -> None:
    """Add the word that asks for events."""
    command.add_argument(
        "--events",
        action="store_true",
        help="one JSON event a line on standard output, nothing else; cancel when standard input, if a pipe, closes",
    )


def run(
    work: Callable[[Report], None],
    what: str,
    tell: Report | None = None,
    output: Path | None = None,
    *,
    sweep: Callable[[], None] = lambda: None,
) -> int:
    """Do a command's work with every outcome told as an event, and return the exit status. Raises ListenerLeftError.

    Args:
        work: is given what it tells its events to.
        what: the work's name (a message to be translated), for the sentence when it stops on an error of its own.
        tell: tells people; None: a program watches.
        output: the folder that is written, beside which an end in the middle leaves nothing.
        sweep: removes what an end in the middle leaves of a work that writes no such folder.
    """
    sweep = functools.partial(folders.sweep, real(output)) if output else sweep
    report = tell or _on_standard_output()

    def watched() -> None:
        if not tell and _is_pipe(0):  # in here, where a cancellation that comes at once is an outcome already
            threading.Thread(target=_watch, args=(report, sweep), daemon=True).start()
        work(report)

    last, status = _outcome(watched, what)
    if last:
        report(last)
    return status


def _on_standard_output() -> Report:
    """Keep standard output for events, and return what tells one. Whatever libraries print goes to standard error."""
    try:
        lines = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
    except OSError as error:
        raise ListenerLeftError from error

    def report(event: events.Event) -> None:
        try:
            lines.write(events.to_line(event).encode() + b"\n")
        except OSError as error:
            raise ListenerLeftError from error

    return report


def _outcome(work: Callable[[], None], what: str) -> tuple[events.Event | None, int]:
    """Do the work, and return what is still to be told of its end, if anything, and the exit status.

    Raises ListenerLeftError.
    """
    try:
        work()
    except KeyboardInterrupt:
        return events.Cancelled(), 130
    except UserError as error:
        return events.Failed(str(error), error.instead), 1
    except ListenerLeftError:
        raise
    except Exception as error:  # noqa: BLE001  (the last word must be an event, whatever went wrong)
        traceback.print_exc()
        return events.Failed(
            _("{what} stopped on an error of its own ({reason}); nothing was written.").format(
                what=_(what), reason=shown(str(error))
            )
        ), 1
    return None, 0


def _is_pipe(number: int) -> bool:
    """Return whether there is somebody at the other end who can leave; a terminal and a file have nobody."""
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        return False  # it is closed, and always was
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _watch(report: Report, sweep: Callable[[], None]) -> None:
    """Wait for the end of standard input, then cancel the work as Ctrl+C does; if that does not end it, end it.

    Args:
        report: tells the last event where the work does not.
        sweep: removes what the work leaves when it is ended in the middle.
    """
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass  # it is as good as closed
    _thread.interrupt_main()
    time.sleep(GRACE)
    sweep()
    with contextlib.suppress(ListenerLeftError):
        report(events.Cancelled())
    os._exit(130)
