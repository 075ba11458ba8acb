"""A teaching from the program's side: what's learned, what starts it, and its result. Knows no toolkit."""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.job import Job
from app.kept import models, paths, settings
from app.kept.samples import Samples
from model.base import events, files
from model.base.errors import UserError
from model.base.files import file_lock
from model.base.language import _, ngettext
from model.bundle.bundle import LITERT_FILE, Bundle, open_bundle
from model.reading.reading import DIGITS, FEWEST

if TYPE_CHECKING:
    from filelock import BaseFileLock

NAME = "Taught"  # begins taught models' names in every language, before what and when: it's how we recognize them
FOLDER = "taught"  # begins the names of their folders
MOST_NAMED = 3  # digits and signs in such a name, the signs first
MOST_TAUGHT = 1  # models that stay: the newest knows everything; older ones are deleted unless they were renamed

BUILT_IN = (  # the hashes of all networks that have been built in; a new one's is added
    "1c67fcde36c64c620f51b9147197059a2d61f9b7b0b4a3895a5fbd875bf5ca23",
    "9af76d78bde0af7f6f698506dc0bb5f6dd0f567047bfa78f4558d1c2b047ccab",
    "5f241a71af734f49265bf9e73329f1f4afa2ce711d911a75d4276c044b3855c4",
)


def words(ink: Path, model: Path, output: Path, name: str = "") -> list[str]:
    """Return the arguments for a `Job` that teaches labelled drawings to a copy of a model."""
    more = ["--kept", str(paths.rehearsal_folder()), *(["--name", name] if name else [])]
    return ["teach", str(ink.resolve()), "--model", str(model), "--output", str(output.resolve()), *more]


def outcome(taught: events.Taught) -> str:
    """Return what was learned, in a sentence for people."""
    lost = (taught.rehearsal_before - taught.rehearsal_after) * taught.rehearsal_images
    worse = round(lost) if math.isfinite(lost) else 0
    rest = (
        _("nothing else got worse")
        if worse <= 0
        else _("{worse:,} fewer of {count:,} other images are read").format(count=taught.rehearsal_images, worse=worse)
    )
    sentence = _(
        "Learned from {drawings}: {now:,} of {count:,} read and accepted now ({before:,} read before); {rest}."
    )
    numbers = {"now": taught.accepted_after, "count": taught.drawings, "before": taught.right_before}
    return f"{sentence.format(drawings=drawings(taught.drawings), rest=rest, **numbers)} {taught.against}".rstrip()


def drawings(count: int) -> str:
    """Return a number of drawings in words."""
    return ngettext("{count:,} drawing", "{count:,} drawings", count).format(count=count)


def rehearsing(bundle: Bundle) -> Job | None:
    """Start drawing what a model rehearses when it learns; None if that exists already. Raises UserError."""
    folder = paths.rehearsal_folder()
    network = bundle.card.sha256.get(bundle.untaught(LITERT_FILE), "")
    if any(folder.glob(f"digits-*-{network[:32]}.npz")):
        return None
    return Job(["rehearse", "--model", str(bundle.path), "--output", str(folder)])


def taught_from(bundle: Bundle) -> str:
    """Return the hash of the network that a taught model replaced; empty if it wasn't taught."""
    said = bundle.card.data.get("taught")
    before = said.get("from") if isinstance(said, dict) else None
    return before if isinstance(before, str) else ""


def before(bundle: Bundle) -> str | None:
    """Return the key of the model that this one replaced; None if it wasn't taught, or the former one is gone."""
    wanted, there = taught_from(bundle), models.everything()
    return next((each.key for each in there if wanted and each.bundle and each.bundle.network == wanted), None)


def successor(bundle: Bundle) -> Bundle | None:
    """Return the built-in model if it should learn what a model from an older built-in one was taught here.

    Otherwise, or if it has already tried, return None. Raises BundleError.
    """
    built_in = open_bundle()
    match bundle.card.data.get("taught"):
        case {"first": {"sha256": str(first)}} if bundle.path.name.startswith(f"{FOLDER}-") and first in BUILT_IN:
            return built_in if built_in.network not in (first, settings.load().relearned) else None
    return None


class Teaching:
    """One teaching: all saved drawings, the child process that learns them, and how far it is.

    Args:
        samples: the drawings.
        bundle: the model that's taught; it stays as it is.
        built_in: another one to teach instead, which replaces it; None: the model itself is taught.

    Raises:
        UserError: there's nothing to learn, or it can't be started.
    """

    def __init__(self, samples: Samples, bundle: Bundle, built_in: Bundle | None = None):
        self._drawings, self._model, self._built_in = samples.path, bundle.network, built_in
        with self._samples() as mine:
            self.count = mine.count()
        if not self.count:
            sentence = _(
                "There's nothing to learn from yet. When an answer is wrong, press the right digit's key or "
                "click its bar."
            )
            raise UserError(sentence)
        self._ink = paths.teaching_file()
        self._lock = _alone(self._ink)
        place = models.new_place(FOLDER)
        self.key = place.name
        try:
            with self._samples() as mine:
                name = _name(mine.counts_by_label())
                mine.teach(self._model)  # first: what's saved meanwhile elsewhere is learned, but still waits
                self._given = self._kept_as_given(mine)
                mine.export(self._ink, private=True)
            command = words(self._ink, (built_in or bundle).path, place, name)
            command += ["--instead-of", str(bundle.path)] if built_in else []
            self.job = Job(command, output=place)
        except UserError:
            self.clear()
            raise
        self.doing = _("preparing")
        self.fraction: float | None = None  # of the learning; None while it's unknown
        self.is_off = False  # it's given up: some of what was to be learned was taken back
        self._outcome: events.Taught | events.Failed | None = None
        self._steps = 0

    @property
    def result(self) -> str:
        """Its result in a sentence, in the current language; empty until there's one."""
        match self._outcome:
            case events.Taught() as taught if self._built_in:
                sentence = _(
                    "Inkling's new built-in model has learned your drawings. It reads {now:,} of {drawings}, and is "
                    "now in use."
                )
                return sentence.format(now=taught.right_after, drawings=drawings(taught.drawings))
            case events.Taught() as taught:
                return outcome(taught)
            case events.Failed() if self._built_in:
                return _(
                    "Inkling's new built-in model couldn't learn your drawings. The model that you taught stays in use."
                )
            case events.Failed() as failed:
                return failed.message
        return ""

    @property
    def in_short(self) -> str:
        """What's still misread, or why it failed; empty if it's neither, or it's given up."""
        match None if self.is_off else self._outcome:
            case events.Taught() as taught:
                return taught.against
            case events.Failed() as failed:
                return failed.message
        return ""

    @property
    def progress(self) -> str:
        """What's being done, in a sentence, in the current language."""
        again = _("Inkling's new built-in model learns from {drawings}: {doing}…")
        sentence = again if self._built_in else _("Learning from {drawings}: {doing}…")
        return sentence.format(drawings=drawings(self.count), doing=self.doing)

    def is_wanted(self, current: Bundle) -> bool:
        """Return whether to use the taught model now: if nobody asked for it, it only replaces one particular model."""
        return not self._built_in or self.is_from(current)

    def is_from(self, current: Bundle) -> bool:
        """Return whether the model in use is still the one that's taught, or replaced."""
        return current.network == self._model

    def check(self) -> None:
        """Give it up if a drawing was taken back or relabelled since it began. Raises UserError."""
        with self._samples() as mine:
            self.is_off = self.is_off or self._kept_as_given(mine) < self._given
        if self.is_off:
            self.job.cancel()

    def drop(self) -> None:
        """Delete the taught model, which isn't wanted any more."""
        try:
            models.delete(self.key)
        except UserError:
            logging.warning("what was taught and taken back is still there", exc_info=True)

    def end(self) -> None:
        """Stop the teaching: the window is closing."""
        self.job.cancel()
        self.job.wait(4)
        self.clear()  # its last event may not have been seen yet

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
            if self._built_in and not self.is_off:
                self._remember_that_it_tried(self._built_in)
        if isinstance(event, events.Finished):
            with contextlib.suppress(UserError):  # the drawings can't be read just now, and stay as they are
                self.check()  # another program may have changed them, too
            if self.is_off:
                self.drop()
            else:
                make_room(self.key)
                self._remember()

    def _samples(self) -> Samples:
        """Return the drawings, opened again: with SQLite, each thread has to open them itself."""
        return Samples(self._drawings)

    def _kept_as_given(self, mine: Samples) -> int:
        """Return how many drawings still have the label that the model was given to learn."""
        return mine.count() - mine.waiting(self._model).new

    def _remember(self) -> None:
        """Record in the drawings' file what the new model has learned; if that fails, they still count as waiting."""
        there = {model.key: model.bundle.network for model in models.everything() if model.bundle}
        try:
            if self.key in there:
                with self._samples() as mine:
                    mine.taught(self._model, there[self.key], there.values())
        except UserError:
            logging.warning("what was learned is not remembered", exc_info=True)

    def _remember_that_it_tried(self, built_in: Bundle) -> None:
        """Keep the next start from trying again; a window that closes meanwhile never gets here."""
        try:
            settings.change(relearned=built_in.network)
        except UserError:
            logging.warning("what was learned again is not remembered", exc_info=True)

    def clear(self) -> None:
        """Remove what the child was given to read."""
        if self._lock.is_locked:  # otherwise it may be another window's by now
            with contextlib.suppress(OSError):
                files.erase(self._ink)
            self._lock.release()


def _name(counts: Mapping[str, int]) -> str:
    """Return the name for a model that learns this many drawings of each digit and sign: from these, and the time."""
    signs = [label for label, count in counts.items() if label not in DIGITS and count >= FEWEST]
    learned = [*signs, *(label for label in DIGITS if counts.get(label))]
    more = "\N{HORIZONTAL ELLIPSIS}" if len(learned) > MOST_NAMED else ""
    what = " ".join([NAME, *learned[:MOST_NAMED], *filter(None, [more])])
    now = time.strftime(_("%d %b %H:%M")).lstrip("0")
    return f"{what}, {now}"


def _alone(ink: Path) -> BaseFileLock:
    """Lock the file to learn from for this window; two would take it away from each other. Raises UserError."""
    lock = file_lock(ink.with_name(f"{ink.name}.lock"), 0)
    try:
        lock.acquire()
    except TimeoutError as error:
        raise UserError(_("Another Inkling is learning right now. Try again when it's done.")) from error
    except OSError as error:
        sentence = _("Your drawings in {path} can't be opened ({reason}). Make sure that you can write to the folder.")
        raise UserError(sentence, path=ink.parent, reason=error.strerror or error) from error
    return lock


def make_room(newest: str) -> None:
    """Delete the oldest taught models that nobody has named."""
    stay = (newest, settings.load().model)
    old = [
        model.key
        for model in models.everything()
        if model.bundle
        and taught_from(model.bundle)
        and model.name.startswith((f"{NAME} ", f"{NAME},"))
        and model.key not in stay
    ]
    for key in old[MOST_TAUGHT - 1 :]:
        models.delete(key)
