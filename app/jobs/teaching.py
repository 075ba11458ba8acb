"""A teaching from the program's side: what is learned from, what starts it, what came of it. Knows no toolkit."""

from __future__ import annotations

import contextlib
import logging
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.job import Job
from app.kept import models, paths, settings
from app.kept.samples import Samples
from model.base import events, files
from model.base.errors import UserError
from model.base.files import file_lock
from model.base.language import _, ngettext
from model.bundle.bundle import KERAS_FILE, Bundle, open_bundle

if TYPE_CHECKING:
    from filelock import BaseFileLock

NAME = "Taught"  # how the names of taught models begin, with when, in every language: by it they are known again
FOLDER = "taught"  # how the names of their folders begin
MOST_TAUGHT = 5  # models that stay; older ones make room, unless they have been given a name

BUILT_IN = (  # the hashes of all networks that have been built in: with another one, its own is added
    "1c67fcde36c64c620f51b9147197059a2d61f9b7b0b4a3895a5fbd875bf5ca23",
    "9af76d78bde0af7f6f698506dc0bb5f6dd0f567047bfa78f4558d1c2b047ccab",
)


def words(ink: Path, model: Path, output: Path, data: Path | None = None, name: str = "") -> list[str]:
    """Return the words for a `Job` that teaches a copy of a model labelled drawings, and MNIST where that is there."""
    more = ["--data", str(data)] if data else []
    more += ["--name", name] if name else []
    return ["teach", str(ink.resolve()), "--model", str(model), "--output", str(output.resolve()), *more]


def outcome(taught: events.Taught) -> str:
    """Return what was learned, in a sentence for people."""
    count, now = taught.drawings, taught.right_after
    lost = (taught.rehearsal_before - taught.rehearsal_after) * taught.rehearsal_images
    worse = round(lost) if math.isfinite(lost) else 0
    rest = (
        _("nothing else got worse")
        if worse <= 0
        else _("of {count:,} other images {worse:,} fewer are read").format(count=taught.rehearsal_images, worse=worse)
    )
    sentence = _("Learned from {drawings}: {now:,} of {count:,} read now ({before:,} before); {rest}.")
    return sentence.format(drawings=drawings(count), now=now, count=count, before=taught.right_before, rest=rest)


def drawings(count: int) -> str:
    """Return how many drawings that is, in words."""
    return ngettext("{count:,} drawing", "{count:,} drawings", count).format(count=count)


def network(bundle: Bundle) -> str:
    """Return the hash of a model's network, by which it is known wherever it lies and whatever it is called."""
    return bundle.card.sha256.get(KERAS_FILE, "")


def taught_from(bundle: Bundle) -> str:
    """Return the hash of the network whose place a taught model took; empty when it was not taught."""
    said = bundle.card.data.get("taught")
    before = said.get("from") if isinstance(said, dict) else None
    return before if isinstance(before, str) else ""


def before(bundle: Bundle) -> str | None:
    """Return the key of the model whose place this one took; None when it was not taught, or that is gone."""
    wanted, there = taught_from(bundle), models.everything()
    return next((each.key for each in there if wanted and each.bundle and network(each.bundle) == wanted), None)


def successor(bundle: Bundle) -> Bundle | None:
    """Return the built-in model where it is to learn what a model was taught, here and from an older built-in one.

    None where it has tried already, too. Raises BundleError.
    """
    built_in = open_bundle()
    match bundle.card.data.get("taught"):
        case {"first": {"sha256": str(first)}} if bundle.path.name.startswith(f"{FOLDER}-") and first in BUILT_IN:
            return built_in if network(built_in) not in (first, settings.load().relearned) else None
    return None


class Teaching:
    """One teaching: all drawings that are kept, the child process that learns them, and how far it is.

    Args:
        samples: the drawings.
        bundle: the model that is taught; it stays as it is.
        built_in: another one that is taught instead, to take its place; none: it is taught itself.

    Raises:
        UserError: there is nothing to learn from, or it cannot be started.
    """

    def __init__(self, samples: Samples, bundle: Bundle, built_in: Bundle | None = None):
        self.count = samples.count()
        if not self.count:
            sentence = _(
                "There is nothing to learn from yet. When an answer is wrong, press the right digit's key or click "
                "its bar; then teach."
            )
            raise UserError(sentence)
        self._samples, self._model, self._built_in = samples, network(bundle), built_in
        self._ink = paths.teaching_file()
        self._lock = _alone(self._ink)
        place = models.new_place(FOLDER)
        self.key = place.name
        data = settings.load().data
        known = Path(data) if data and Path(data).exists() else None
        now = time.strftime(_("%d %b %H:%M"))
        try:
            samples.teach(self._model)  # first: what another window keeps meanwhile is learned and waits all the same
            samples.export(self._ink, private=True)
            command = words(self._ink, (built_in or bundle).path, place, known, f"{NAME} {now}")
            command += ["--instead-of", str(bundle.path)] if built_in else []
            self.job = Job(command, output=place)
        except UserError:
            self.clear()
            raise
        self.doing = _("loading TensorFlow")
        self.fraction: float | None = None  # of the learning; None while nobody knows
        self._outcome: events.Taught | events.Failed | None = None
        self._steps = 0

    @property
    def result(self) -> str:
        """What came of it, in a sentence, in the language of now; empty until then."""
        match self._outcome:
            case events.Taught() as taught if self._built_in:
                sentence = _(
                    "Inkling's new built-in model has learned what you had taught: it reads {now:,} of your {drawings} "
                    "and is in use now."
                )
                return sentence.format(now=taught.right_after, drawings=drawings(taught.drawings))
            case events.Taught() as taught:
                return outcome(taught)
            case events.Failed() if self._built_in:
                return _(
                    "Inkling's new built-in model could not learn what you had taught; the model that you taught stays "
                    "in use."
                )
            case events.Failed() as failed:
                return failed.message
        return ""

    @property
    def progress(self) -> str:
        """What is being done, in a sentence, in the language of now."""
        again = _("Inkling's new built-in model learns from {drawings}: {doing}…")
        sentence = again if self._built_in else _("Learning from {drawings}: {doing}…")
        return sentence.format(drawings=drawings(self.count), doing=self.doing)

    def is_wanted(self, current: Bundle) -> bool:
        """Return whether what was taught is to be used now: what nobody asked for takes one model's place alone."""
        return not self._built_in or network(current) == self._model

    def take(self, event: events.Event) -> None:
        """Take the next event."""
        match event:
            case events.Stage():
                self.doing, self.fraction = event.doing, None
            case events.Started():
                self.doing, self._steps = _("learning"), event.epochs * event.steps
            case events.Progress() if self._steps:
                self.fraction = min(1.0, event.step / self._steps)
            case events.Taught() | events.Failed():
                self._outcome = event
        if isinstance(event, events.LAST):
            self.clear()
            if self._built_in:
                self._remember_that_it_tried(self._built_in)
        if isinstance(event, events.Finished):
            _make_room(self.key)
            self._remember()

    def _remember(self) -> None:
        """Let the file of drawings know what the new model has learned; where it cannot, they wait all the same."""
        there = {model.key: network(model.bundle) for model in models.everything() if model.bundle}
        try:
            if self.key in there:
                self._samples.taught(self._model, there[self.key], there.values())
        except UserError:
            logging.warning("what was learned is not remembered", exc_info=True)

    def _remember_that_it_tried(self, built_in: Bundle) -> None:
        """Let the next start not try again; a window that closes meanwhile never comes here."""
        try:
            settings.change(relearned=network(built_in))
        except UserError:
            logging.warning("what was learned again is not remembered", exc_info=True)

    def clear(self) -> None:
        """Remove what the child was given to read."""
        if self._lock.is_locked:  # else it may be another window's by now
            with contextlib.suppress(OSError):
                files.erase(self._ink)
            self._lock.release()


def _alone(ink: Path) -> BaseFileLock:
    """Have the file to learn from for this window alone; two would take it away from each other. Raises UserError."""
    lock = file_lock(ink.with_name(f"{ink.name}.lock"), 0)
    try:
        lock.acquire()
    except TimeoutError as error:
        raise UserError(_("Another Inkling is learning right now; teach again when it is done.")) from error
    except OSError as error:
        sentence = _("Your drawings in {path} cannot be opened ({reason}); see that the folder can be written.")
        raise UserError(sentence, path=ink.parent, reason=error.strerror or error) from error
    return lock


def _make_room(newest: str) -> None:
    """Delete the oldest taught models that nobody has named."""
    stay = (newest, settings.load().model)
    old = [
        model.key
        for model in models.everything()
        if model.bundle and taught_from(model.bundle) and model.name.startswith(f"{NAME} ") and model.key not in stay
    ]
    for key in old[MOST_TAUGHT - 1 :]:
        models.delete(key)
