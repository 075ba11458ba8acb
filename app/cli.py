"""The command line: ``recognize``, ``teach`` and ``self-test``."""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from app.jobs import teaching
from app.jobs.job import SECONDS_TO_CLEAR_UP, Job
from app.kept import models, paths, profiles, settings
from app.sources import answer_json, sources, spread
from app.sources.batch import Answer, Read, as_page
from app.sources.cluster import Cluster
from app.sources.pictures import ENOUGH_PIXELS, PAGE_PIXELS
from app.sources.processes import Processes, cores
from app.sources.spreadsheet import as_csv
from app.ui.window.start import NoWindowError, open_and_close
from model.base import events, language
from model.base.errors import UserError
from model.base.installation import require_dask, tensorflow_is_missing
from model.base.language import _
from model.base.program import FROZEN
from model.base.shown import shown
from model.bundle.bundle import Bundle, open_bundle
from model.ink.ink import Drawing
from model.ink.render import render
from model.page.page import Page
from model.reading.recognizer import Recognizer

log = logging.getLogger(__name__)

LOADING = 120.0  # seconds that TensorFlow has, from a slow disk


def run(command: str, profile: str | None, **words: Any) -> int:
    """Do what a command's words ask for, for a profile and in its language, and return the exit status."""
    profiles.begin(profile)
    language.use(settings.load().language)
    functions: dict[str, Callable[..., int]] = {"recognize": recognize, "teach": teach, "self-test": self_test}
    return functions[command](**words)


def recognize(  # noqa: PLR0913  (an option each)
    paths: Sequence[str], *, as_json: bool, table: bool, model: Path | None, threshold: float | None, workers: int | str
) -> int:
    """Print an answer for each subject, in order and as soon as it's known.

    With ``table`` it's the table of a page, as CSV. Without a ``threshold`` of doubt the one of the settings holds.
    ``workers`` is how many processes read, 0 for one on each core, or the address of a Dask scheduler whose workers do.
    Returns the exit status: 0, or 1 when something couldn't be read. Raises UserError when there's no usable model.
    """
    if table and workers != 1:
        raise UserError(_("Tables are read one at a time; leave out --jobs and --scheduler."))
    if model is None:
        recognizer, notice = models.recognizer_in_use()
        if notice:
            log.warning("%s", notice)
            sys.stderr.write(f"{notice}\n")
    else:
        recognizer = Recognizer(open_bundle(model), settings.load().threshold)
    if threshold is not None:
        recognizer = recognizer.with_threshold(threshold)
    status = 0

    def say(line: str, file: TextIO) -> None:
        if file.isatty():
            tqdm.write(line, file=file)  # around the progress
        else:
            file.write(line + "\n")
        file.flush()  # whoever waits at the other end of a pipe gets it at once

    def answer(line: str) -> None:
        try:
            say(line, sys.stdout)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UserError(_("The answers can't be written ({reason})."), reason=error.strerror) from error

    # disable=None: no progress where standard error isn't a terminal. The size is given, because tqdm shows nothing
    # on a terminal that doesn't tell its own.
    columns, rows = shutil.get_terminal_size()
    progress = functools.partial(tqdm, unit=" read", disable=None, leave=False, ncols=columns, nrows=rows)
    several = table and (len(paths) > 1 or sources.count(paths) > 1)
    with _answers(paths, recognizer, workers, as_page if table else None) as answers:
        for each in progress(answers):
            if isinstance(each.reading, UserError):
                status = 1
                log.info("%r: %s", Path(each.source), each.reading)
                with contextlib.suppress(OSError):  # who doesn't listen to errors still gets the answers
                    say(f"{each.name}: {each.reading}", sys.stderr)
            if as_json:
                answer(json.dumps((answer_json.told_as_table if table else answer_json.told)(each)))
            elif isinstance(each.reading, Page) and table:
                named = [each.name] if several or each.name != shown(each.source) else []  # or it's a page of several
                answer(as_csv([*named, *row] for row in each.reading.table).removesuffix("\r\n"))
            elif not isinstance(each.reading, UserError):
                text = each.reading.text.replace("\n", " ")  # an answer is a line
                answer(f"{each.name}\t{text}\t{each.reading.confidence:.4f}")
    for path in paths:
        if count := sources.left_out(path):
            with contextlib.suppress(OSError):
                say(f"{shown(path)}: {sources.told_left_out(count)}", sys.stderr)
    return status


@contextlib.contextmanager
def _answers(
    paths: Sequence[str], recognizer: Recognizer, workers: int | str, read: Read | None
) -> Iterator[Iterator[Answer]]:
    """Yield the answers to what the paths hold, read here, in other processes, or by a scheduler's workers."""
    if workers == 1:
        enough = PAGE_PIXELS if read else ENOUGH_PIXELS
        yield (Answer.of(recognizer, subject, read) for subject in sources.read(paths, sys.stdin.buffer, enough))
        return
    crew: spread.Crew
    if isinstance(workers, str):
        require_dask()
        crew = Cluster(workers, recognizer)
    else:
        crew = Processes(workers or cores(), recognizer)
    # A reader of its own: at the end Python waits for `sys.stdin`, and a thread can be in the middle of a line.
    lines = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115  (never closed, for the same reason)
    with crew:
        yield spread.answers(sources.pieces(paths, lines), crew)


def teach(ink: Path, model: Path | None, output: Path | None) -> int:
    """Teach a copy of a model some drawings in a child process, and print what came of it and where it is.

    Raises UserError when there's no model to teach, or nothing was learned.
    """
    taught = open_bundle(model) if model else models.recognizer_in_use()[0].bundle
    if not output:
        paths.keep_private()  # what it makes is the program's own
    place = output or models.new_place(taught.card.name or taught.card.network)
    words = teaching.words(ink, taught.path, place)
    job = Job(words, output=None if output else place)  # what stood at a given place isn't to be cleared away
    try:
        while not job.wait(0.1):
            pass
    except KeyboardInterrupt:
        job.cancel()
        job.wait(SECONDS_TO_CLEAR_UP + 1)
        raise
    for event in job.poll():
        if isinstance(event, events.Taught):
            sys.stdout.write(f"{teaching.outcome(event)}\n")
    if not isinstance(job.last, events.Finished):
        cancelled = _("Cancelled; nothing was learned.")
        raise UserError(job.last.message if isinstance(job.last, events.Failed) else cancelled)
    line = _("{count:.1f} seconds").format(count=job.last.seconds)
    sys.stdout.write(f"{line}\n{place}\n")
    return 0


def self_test() -> int:
    """Prove that this installation works, a line for each part; return 0, or 1 when a part doesn't work."""
    status = 0
    checks = [("model", _check_model), ("recognition", _check_recognition), ("window", _check_window)]
    if settings.load().model != models.BUNDLED:
        checks.insert(1, ("model in use", _check_model_in_use))
    if FROZEN and not tensorflow_is_missing():  # the full bundle: there a library can be missing
        checks.append(("training", _check_training))
    for name, check in checks:
        try:
            sys.stdout.write(f"{name}: {check()}\n")
        except Exception as error:  # whatever it is, the test has found it
            log.exception("self-test: %s", name)
            sys.stdout.write(f"{name}: FAILED: {shown(str(error))}\n")
            status = 1
    return status


def _check_model() -> str:
    bundle = open_bundle()
    share, images = bundle.card.accuracy, _("{percent} of MNIST's test images")
    return _verified(bundle, "" if share is None else images.format(percent=f"{share:.2%}"))


def _check_model_in_use() -> str:
    recognizer, notice = models.recognizer_in_use()
    if notice:
        raise UserError(notice)
    return _verified(recognizer.bundle)


def _verified(bundle: Bundle, *more: str) -> str:
    bundle.verify()
    network = _(", ").join(filter(None, (bundle.card.network, *more)))
    return _("{network}, hashes right ({path})").format(network=network, path=bundle.path)


def _check_recognition() -> str:
    recognizer = Recognizer(open_bundle())
    for digit, strokes in _DRAWN.items():
        drawing = Drawing.from_json({"strokes": strokes})
        drawn, picture = recognizer.recognize(drawing), recognizer.recognize(render(drawing))
        if drawn.digit != digit:
            raise UserError(_("a drawn {digit} was read as {text}"), digit=digit, text=drawn.text)
        if picture.digit != digit:
            raise UserError(_("a picture of a {digit} was read as {text}"), digit=digit, text=picture.text)
    return _("drew {digits} and read the same").format(digits=_(", ").join(map(str, _DRAWN)))


def _check_training() -> str:
    job = Job(["devices"])
    if not job.wait(LOADING):
        job.cancel()
        raise UserError(_("TensorFlow didn't load within {count:.0f} seconds"), count=LOADING)
    if isinstance(job.last, events.Devices):
        return _("can be done on {devices}").format(devices=_(", ").join(job.last.found.values()))
    raise UserError(job.last.message if isinstance(job.last, events.Failed) else str(job.last))


def _check_window() -> str:
    try:
        return open_and_close()
    except NoWindowError as error:
        return _("couldn't be opened: {reason}").format(reason=error)


_DRAWN = {  # strokes in pixels
    1: [[[140, 50], [140, 230]]],
    4: [[[110, 50], [80, 150], [200, 150]], [[175, 60], [170, 235]]],
    7: [[[80, 60], [200, 60], [130, 230]]],
}
