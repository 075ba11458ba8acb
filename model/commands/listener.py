"""Events for a program that watches: on standard output, as long as standard input stays open."""

from __future__ import annotations

import _thread
import argparse
import contextlib
import os
import queue
import stat
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable

from model.base import events, installation
from model.base.errors import UserError
from model.base.installation import needs_tensorflow
from model.base.language import _
from model.base.program import FROZEN
from model.base.shown import shown
from model.commands.people import ListenerLeftError

Report = Callable[[events.Event], None]
Work = Callable[[argparse.Namespace, Report], None]  # of a command

GRACE = 0.8  # seconds in which a cancelled work may clear up; a library that doesn't let go is left then

_lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # what came on standard input; None: it closed


def run(work: Callable[[Report], None], what: str, tell: Report | None, sweep: Callable[[], None]) -> int:
    """Do a command's work, report every outcome as an event, and return the exit status. Raises ListenerLeftError.

    Args:
        work: is given what it tells its events to.
        what: its name (a message to be translated), for the sentence when it stops on an error of its own.
        tell: tells people; None: a program watches.
        sweep: removes what an end in the middle leaves.
    """
    report = tell or _on_standard_output()
    last: events.Event
    try:
        if not tell and _is_pipe(0):  # in here, where a cancellation that comes at once is an outcome already
            threading.Thread(target=_watch, args=(report, sweep), daemon=True).start()
        work(report)
    except ListenerLeftError:
        raise
    except KeyboardInterrupt:
        sweep()  # it may have come into the tidying up of another end, as where a window is killed
        last, status = events.Cancelled(), 130
    except Exception as error:  # noqa: BLE001  (the last word must be an event, whatever went wrong)
        last, status = _failure(error, what), 1
    else:
        return 0
    report(last)
    return status


def line() -> str:
    """Wait for a line on standard input, which `run` watches. Raises KeyboardInterrupt when it closes instead."""
    said = _lines.get()
    if said is None:
        raise KeyboardInterrupt
    return said


def asked(wait: float | None) -> events.Control | None:
    """Return the next thing that a program which watches asks of a training; None where nothing comes.

    It waits for this many seconds, with None forever. Any other line is printed and ignored.
    """
    try:
        said = _lines.get(block=wait != 0, timeout=wait)
    except queue.Empty:
        return None
    if said is None:  # it closed, and the work is about to be interrupted
        _lines.put(None)
        time.sleep(0.01)
        return None
    try:
        control = events.from_line(said)
        if isinstance(control, events.Control):
            return control
    except ValueError:
        pass
    print(f"nothing that a training can be asked: {said[:200]!r}", file=sys.stderr)  # noqa: T201  (for the log)
    return None


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


def _failure(error: Exception, what: str) -> events.Failed:
    """Return what is told of an error, whose trace is printed where it is one of the program's own."""
    if isinstance(error, UserError):
        return events.Failed(str(error), error.instead)
    if isinstance(error, ImportError):
        sentence = _("This needs what training needs ({reason}); install it with: {command}")
        missing = sentence.format(reason=error, command=installation.command("train"))
        return events.Failed(needs_tensorflow(_("This")) if FROZEN else missing)
    if isinstance(error, OSError) and not _can_keep_for_a_moment():
        sentence = _("There's no folder for temporary files here. Set TMPDIR to one that you can write to.")
        return events.Failed(sentence)
    traceback.print_exception(error)
    sentence = _("{what} ran into an internal error ({reason}). Nothing was written.")
    return events.Failed(sentence.format(what=_(what), reason=shown(str(error))))


def _can_keep_for_a_moment() -> bool:
    with contextlib.suppress(FileNotFoundError):
        return bool(tempfile.gettempdir())
    return False


def _is_pipe(number: int) -> bool:
    """Return whether there is somebody at the other end who can leave; a terminal and a file have nobody."""
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        return False  # it's closed, and always was
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _watch(report: Report, sweep: Callable[[], None]) -> None:
    """Keep what comes on standard input; at its end cancel the work as Ctrl+C does, or end it when that is too slow."""
    rest = b""
    with contextlib.suppress(OSError):  # it is as good as closed
        while said := os.read(0, 4096):
            *whole, rest = (rest + said).split(b"\n")
            for each in whole:
                _lines.put(each.decode(errors="replace"))
    _lines.put(None)
    _thread.interrupt_main()
    time.sleep(GRACE)
    sweep()
    with contextlib.suppress(ListenerLeftError):
        report(events.Cancelled())
    os._exit(130)
