"""A model on disk: a folder with the Keras model, its LiteRT export and a card that describes and seals both."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from model.base.errors import UserError
from model.base.files import drop_lock, file_lock, flush_file, flush_folder, open_plain, read_plain, real
from model.base.language import _
from model.base.program import ROOT
from model.bundle import card as cards
from model.bundle import folders
from model.bundle.card import TRAINED, WITH_ANSWERS, Card
from model.bundle.folders import bring_back, is_there, scratch, scratch_for
from model.data import architectures

if TYPE_CHECKING:
    from filelock import BaseFileLock

KERAS_FILE = "model.keras"  # the truth: what training writes, and what can be trained further
LITERT_FILE = "model.tflite"  # its export: what recognition runs
CARD_FILE = "card.json"
DOUBT_KERAS_FILE = "doubt.keras"  # the network that tells digits from what is none; a bundle can be without
DOUBT_LITERT_FILE = "doubt.tflite"
EYE_KERAS_FILE = "ink.keras"  # the network that finds digits in a picture; a bundle can be without it, too
EYE_LITERT_FILE = "ink.tflite"
UNTAUGHT = {  # the networks of a taught model as they were before all teaching: from them it learns again each time
    LITERT_FILE: "untaught.tflite",
    DOUBT_LITERT_FILE: "untaught-doubt.tflite",
}
SIGNS_FILE = "signs.bin"  # of a taught model: what it knows of the signs that its user has taught it
HISTORY_FILE = "history.jsonl"  # the epochs of its training, as events
CURVES_FILE = "curves.png"  # the same drawn
README_FILE = "README.md"  # its card for people, where it was exported
CHECKPOINT_FILE = "checkpoint.npz"  # of a training that isn't through; with a dot before it while it's written

LARGEST_CARD = 1_000_000  # bytes
LARGEST_NETWORK = 60_000_000  # of a LiteRT file: ten times what the largest of our networks has
LARGEST_FILE = 500_000_000  # of any other

_READING = (KERAS_FILE, LITERT_FILE)  # each network's two files, sealed by their hashes on the card
_DOUBTING = (DOUBT_KERAS_FILE, DOUBT_LITERT_FILE)
_SEEING = (EYE_KERAS_FILE, EYE_LITERT_FILE)
_SEALED = (*_READING, *_DOUBTING, *_SEEING, *UNTAUGHT.values(), SIGNS_FILE)
_FOR_TRAINING = (KERAS_FILE, DOUBT_KERAS_FILE, EYE_KERAS_FILE)
_FILES = {*_SEALED, HISTORY_FILE, CURVES_FILE, CARD_FILE, README_FILE, CHECKPOINT_FILE, f".{CHECKPOINT_FILE}"}

BUNDLED = ROOT / "assets" / "model"

_held: dict[Path, BaseFileLock] = {}  # by this process: the places that it writes to


class BundleError(UserError):
    """A model folder that can't be used; the text says which one, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model folder whose card was read; its files are checked when they are read."""

    path: Path
    card: Card

    def read(self, name: str) -> bytes:
        """Return a whole file of the bundle; exactly these bytes were checked against its hash. Raises BundleError."""
        try:
            content = read_plain(self.path / name, _largest(name))
        except OSError as error:
            raise self._not_readable(name) from error
        self._check_seal(name, hashlib.sha256(content).hexdigest())
        return content

    def verify(self) -> None:
        """Read the networks' files, a piece at a time, and check their hashes. Raises BundleError."""
        for name in self.sealed:
            try:
                digest = _digest(self.path / name)
            except OSError as error:
                raise self._not_readable(name) from error
            self._check_seal(name, digest)

    def _check_seal(self, name: str, digest: str) -> None:
        if digest != self.card.sha256.get(name):
            sentence = _(
                "The model in {path} is damaged: {name} isn't what its card says. Choose another model, or "
                "install this one again."
            )
            raise BundleError(sentence, path=self.path, name=name)

    def _not_readable(self, name: str) -> BundleError:
        sentence = _("The model in {path} has no readable {name}; choose another model.")
        return BundleError(sentence, path=self.path, name=name)

    @property
    def sealed(self) -> tuple[str, ...]:
        """The networks' files, its own doubt's and eye's too: two each, or one if it only reads; what it learned."""
        names = (*_READING, *(_DOUBTING if self.card.doubt else ()), *(_SEEING if self.card.eye else ()))
        names += tuple(name for name in UNTAUGHT.values() if name in self.card.sha256)
        names += (SIGNS_FILE,) if self.card.signs else ()
        return tuple(name for name in names if name not in _FOR_TRAINING) if self.card.reads_only else names

    @property
    def network(self) -> str:
        """The hash that identifies its network, wherever it is and whatever its name.

        A taught model still has the Keras file of the model that it comes from, so what it learned counts, too.
        """
        names = (KERAS_FILE, *((LITERT_FILE, SIGNS_FILE) if self.is_taught else ()))
        return "-".join(self.card.sha256[name] for name in names if name in self.card.sha256)

    @property
    def is_taught(self) -> bool:
        """Whether its last layers have learned its user's drawings."""
        return self.untaught(LITERT_FILE) != LITERT_FILE

    @property
    def is_ours(self) -> bool:
        """Whether its network was trained here, so that its training can continue."""
        return self.card.origin == TRAINED and self.card.network in architectures.NETWORKS

    def untaught(self, name: str) -> str:
        """Return the file with one of its networks as it was before teaching: the same file if it wasn't taught."""
        before = UNTAUGHT[name]
        return before if before in self.card.sha256 else name

    def copy_files(self, folder: Path) -> None:
        """Copy all its files but the card into a folder. Raises OSError."""
        for name in (*self.sealed, HISTORY_FILE, CURVES_FILE):
            source = self.path / name
            # What isn't sealed can be a link to anything, which would go on with the next copy.
            linked = source.is_symlink() and name not in _SEALED
            if not linked and source.is_file() and source.stat().st_size <= _largest(name):
                shutil.copyfile(source, folder / name)


def open_bundle(path: Path | None = None) -> Bundle:
    """Return the bundle in a folder, by default the built-in model. Raises BundleError."""
    try:
        path = BUNDLED if path is None else real(path)
        bring_back(path)
        content = read_plain(path / CARD_FILE, LARGEST_CARD)
    except (OSError, RuntimeError, ValueError) as error:  # links that lead in a circle; a name with a zero in it
        sentence = _("There's no model in {path} (no readable {card}). Choose a model's folder.")
        raise BundleError(sentence, path=path, card=CARD_FILE) from error
    try:
        return Bundle(path, cards.from_json(json.loads(content)))
    except cards.OtherFormatError as error:
        sentence = _(
            "The model in {path} has format {format}, and this Inkling reads formats 1 to {newest}. Use the "
            "Inkling that made it, or a newer one."
        )
        raise BundleError(sentence, path=path, format=error.args[0], newest=WITH_ANSWERS) from error
    except cards.NotACardError as error:
        sentence = _("The {card} in {path} isn't a model's card; choose another model.")
        raise BundleError(sentence, card=CARD_FILE, path=path) from error
    except (ValueError, RecursionError) as error:
        sentence = _("The model in {path} has a damaged {card}; choose another model.")
        raise BundleError(sentence, path=path, card=CARD_FILE) from error


def rename(bundle: Bundle, name: str) -> Bundle:
    """Return the bundle with another name on its card, which is replaced in one step. Raises BundleError."""
    card = replace(bundle.card, name=name)
    with _writing(bundle.path), reserved(bundle.path), scratch(bundle.path) as beside:
        _write_card(beside, card)
        flush_file(beside / CARD_FILE)
        (beside / CARD_FILE).replace(bundle.path / CARD_FILE)
        flush_folder(bundle.path)
    return Bundle(bundle.path, card)


@contextmanager
def reserved(path: Path) -> Iterator[None]:
    """Keep others from writing a bundle to ``path`` meanwhile; before and after, remove what kills have left.

    Raises BundleError if another process is writing there, or nothing can be written.
    """
    path = real(path)
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = file_lock(path.with_name(f".{path.name}.lock"), 0)
        try:
            lock.acquire()
        except TimeoutError as error:
            sentence = _("Another Inkling is making a model in {path}. Wait until it's done, or choose another folder.")
            raise BundleError(sentence, path=path) from error
    _held[path] = lock
    try:
        folders.sweep(path)
        yield
    finally:
        give_up(path)


def give_up(path: Path) -> None:
    """Clear away what's unfinished at ``path`` and let others write there, if this process keeps them from it."""
    if path in _held:
        folders.sweep(path)
        drop_lock(_held.pop(path))


@contextmanager
def making(path: Path) -> Iterator[None]:
    """Hold ``path`` while a bundle is made for it, and keep what libraries write meanwhile where `sweep` finds it.

    Raises BundleError when a bundle may not be written there, as `check_target` and `reserved` do.
    """
    check_target(path)
    with reserved(path):
        before = tempfile.tempdir
        tempfile.tempdir = str(scratch_for(real(path)))
        try:
            yield
        finally:
            tempfile.tempdir = before


def copy_bundle(bundle: Bundle, path: Path, check: Callable[[Bundle], object] | None = None) -> Bundle:
    """Copy a whole bundle to another folder, as `write_bundle` writes one. Raises BundleError."""
    bundle.verify()
    with reserved(path):
        return write_bundle(path, bundle.copy_files, bundle.card, check)


def copy_for_reading(bundle: Bundle, path: Path) -> Bundle:
    """Copy a bundle without what only training reads: less than half the size. Raises BundleError."""
    bundle.verify()
    small = replace(bundle, card=replace(bundle.card, reads_only=True))
    return write_bundle(path, small.copy_files, small.card)


def write_bundle(
    path: Path, write_files: Callable[[Path], None], card: Card, check: Callable[[Bundle], object] | None = None
) -> Bundle:
    """Write a bundle next to ``path``, check it, and replace an older one with it. Raises BundleError.

    Args:
        path: the folder to make; if it holds anything but a bundle, it's left alone.
        write_files: writes the networks' files, and what belongs with them, into the folder that it's given.
        card: the card, whose ``sha256`` is filled in here.
        check: gets the complete bundle, its hashes right, before it moves into place; what it raises prevents that.
    """
    path = real(path)
    check_target(path)
    with _writing(path), folders.written(path) as fresh:
        write_files(fresh)
        hashes = {name: _digest(fresh / name) for name in Bundle(fresh, card).sealed}
        left_out = card.sha256 if card.reads_only else {}  # by their hashes models know what they were taught from
        _write_card(fresh, replace(card, sha256={**left_out, **hashes}))
        bundle = open_bundle(fresh)
        bundle.verify()
        if check is not None:
            check(bundle)
    return open_bundle(path)


def check_target(path: Path) -> None:
    """Raise BundleError unless a bundle may be written there: the folder has to be new, empty, or a bundle."""
    bring_back(real(path))  # else the only model there is would stay aside
    no_folder = _("A model can't be written to {path} ({reason}). Choose another folder.")
    others = _("{path} has files in it that aren't a model's. Choose a new or an empty folder.")
    folders.check_names(path, _FILES.issuperset, no_folder, others, BundleError)
    above = next(folder for folder in real(path).parents if is_there(folder))
    with _writing(path), scratch(above / path.name):
        pass  # only a try tells whether it can be written: permissions aren't all


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Say in a BundleError what keeps a model from being written to a path meanwhile."""
    try:
        yield
    except OSError as error:
        codes = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)  # HDF5 and TensorFlow say them in their own words
        words = (os.strerror(code) for code in codes if os.strerror(code) in str(error))
        sentence = _("The model can't be written to {path} ({why}); make room there, or choose another folder.")
        raise BundleError(sentence, path=path, why=error.strerror or next(words, str(error))) from error


def _write_card(folder: Path, card: Card) -> None:
    text = json.dumps(cards.to_json(card), indent=2, sort_keys=True) + "\n"
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def _largest(name: str) -> int:
    return LARGEST_NETWORK if name.endswith(".tflite") else LARGEST_FILE


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, read a piece at a time. Raises OSError, also for one that is too large."""
    with open_plain(path) as file:
        if os.fstat(file.fileno()).st_size > _largest(path.name):
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return hashlib.file_digest(file, "sha256").hexdigest()
