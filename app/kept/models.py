"""The models that the user can read with: built-in, trained here, or opened; and which one is in use."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kept import paths, settings
from model.base import files
from model.base.errors import UserError
from model.base.language import N_, _
from model.bundle import bundle, folders, model_card
from model.bundle.bundle import CARD_FILE, CHECKPOINT_FILE, LITERT_FILE, README_FILE, Bundle, BundleError, open_bundle
from model.bundle.card import TRAINED, Card

if TYPE_CHECKING:
    from model.reading.recognizer import Recognizer

BUNDLED = ""  # the key of the built-in model
BUNDLED_NAME = N_("The built-in model")
LONGEST_FOLDER = 255  # letters; no system allows longer names
LONGEST_NAME = 60
OPENED_PREFIX = "opened-"  # begins the folders of opened bundles: their cards only say who trained them

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Model:
    """A saved model, complete or damaged."""

    key: str  # the name of its folder among the user's models, or BUNDLED
    bundle: Bundle | None  # None: its card can't be read
    in_use: bool = False

    @property
    def name(self) -> str:
        """Its name for people."""
        if self.key == BUNDLED:
            return _(BUNDLED_NAME)
        return (self.bundle.card.name if self.bundle else "") or self.key

    @property
    def origin(self) -> str:
        """Where it comes from, for people."""
        if self.key == BUNDLED:
            return _("built in")
        if self.bundle is None:
            return ""
        if self.bundle.card.data.get("taught"):
            return _("taught here")
        foreign = self.bundle.card.origin != TRAINED or self.key.startswith(OPENED_PREFIX)
        return _("opened") if foreign else _("trained here")

    @property
    def accuracy(self) -> float | None:
        """The fraction of MNIST's test images that it reads right, from its card or else its report; None: unknown."""
        if self.bundle is None or not self.bundle.card.knows_mnist:
            return None
        if self.bundle.card.accuracy is not None:
            return self.bundle.card.accuracy
        measured = _reported(self.key, self.bundle).get("accuracy")
        return measured if isinstance(measured, float) else None


def everything() -> list[Model]:
    """Return all models: the built-in one first, then the newest first, and those that can't be read last."""
    tidy()
    used = settings.load().model
    own = [Model(path.name, _readable(path), path.name == used) for path in _folders() if not _is_unfinished(path)]
    own.sort(key=lambda model: model.bundle.card.date if model.bundle else "", reverse=True)
    return [Model(BUNDLED, _readable(bundle.BUNDLED), used == BUNDLED), *own]


def unfinished() -> list[Path]:
    """Return the folders of models whose training isn't finished: they have a checkpoint but no model yet."""
    return [path for path in _folders() if _is_unfinished(path)]


def _folders() -> list[Path]:
    with contextlib.suppress(OSError):  # the folder doesn't exist yet
        return [path for path in paths.models_folder().iterdir() if path.is_dir() and not path.name.startswith(".")]
    return []


def _is_unfinished(path: Path) -> bool:
    return (path / CHECKPOINT_FILE).is_file() and not (path / CARD_FILE).exists()


def name(key: str) -> str:
    """Return a model's name for people."""
    try:
        return Model(key, _readable(_place(key))).name
    except BundleError:  # it can't be a key
        return key


def own_name(subject: Bundle) -> str:
    """Return the name of one of the user's models; empty for the built-in one."""
    return "" if subject.path == files.real(bundle.BUNDLED) else name(subject.path.name)


def base(subject: Bundle) -> Card | None:
    """Return the card that a model had before it was taught; None: it wasn't taught, or the original is gone."""
    match subject.card.data.get("taught"):
        case {"first": {"sha256": str(first)}}:
            there = (model.bundle for model in everything() if model.bundle)
            return next((each.card for each in there if each.network == first), None)
    return None


def problem(key: str) -> str:
    """Return a sentence on why a model can't be used; empty if its files match its card."""
    try:
        open_bundle(_place(key)).verify()
    except BundleError as error:
        return str(error)
    return ""


def recognizer_in_use() -> tuple[Recognizer, str]:
    """Return the recogniser of the model in use, or the built-in one's with a sentence on why. Raises UserError."""
    key = settings.load().model
    try:
        return load(key), ""
    except UserError as error:
        if key == BUNDLED:
            raise
        log.warning("the model in use, %r, cannot be used", key, exc_info=error)
        return load(BUNDLED), _("{reason} The built-in model reads meanwhile.").format(reason=error)


def use(key: str) -> Recognizer:
    """Use a model from now on, after testing that it can read, and return its recogniser. Raises UserError."""
    recognizer = proved(key)
    settings.change(model=key)
    return recognizer


def proved(key: str) -> Recognizer:
    """Return a model's recogniser, after testing that it reads and is complete. Raises UserError."""
    recognizer = load(key)
    recognizer.bundle.verify()
    return recognizer


def rename(key: str, name: str) -> None:
    """Rename one of the user's models. Raises UserError."""
    if key == BUNDLED:
        raise UserError(_("The built-in model keeps its name. Choose a model of your own."))
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(_("A model's name has 1 to {count} letters. Choose another name."), count=LONGEST_NAME)
    bundle.rename(open_bundle(_place(key)), name)


def export(key: str, folder: Path) -> Path:
    """Copy a model into a folder under its own name, and return the copy's path. Raises UserError."""
    subject = _readable(_place(key))
    if subject is None:
        raise UserError(_("This model can't be copied, because it can't be read. Choose another one."))
    name = _name(key, subject)
    target = exported_place(key, folder)

    def write_files(place: Path) -> None:
        subject.copy_files(place)
        (place / README_FILE).write_text(model_card.text(subject.card, name), encoding="utf-8")

    subject.verify()
    with bundle.reserved(target):
        bundle.write_bundle(target, write_files, subject.card)
    files.share([target, *target.iterdir()])
    return target


def exported_place(key: str, folder: Path, ending: str = "") -> Path:
    """Return the path that a model is exported to in a folder: named after the model, and not existing yet."""
    subject = _readable(_place(key))
    return files.unused(folder / (_slug(_name(key, subject) if subject else "") or "model"), ending)


def _name(key: str, subject: Bundle) -> str:
    return BUNDLED_NAME if key == BUNDLED else Model(key, subject).name  # the same in every language


def add(path: Path) -> str:
    """Add a copy of a bundle to the user's models, and return its key. Raises UserError."""
    source = open_bundle(path)
    for key, folder in ((BUNDLED, bundle.BUNDLED), (source.path.name, paths.models_folder() / source.path.name)):
        if source.path == files.real(folder):
            return key  # it's there already
    place = new_place(OPENED_PREFIX + source.card.network)
    named = replace(source, card=replace(source.card, name=source.card.name or source.path.name[:LONGEST_NAME]))
    bundle.copy_bundle(named, place, check=prove)
    return place.name


def delete(key: str) -> None:
    """Delete one of the user's models; if it's in use, the built-in one replaces it. Raises UserError."""
    if key == BUNDLED:
        raise UserError(_("The built-in model can't be deleted. Choose a model of your own."))
    if settings.load().model == key:
        use(BUNDLED)
    place = _place(key)
    try:
        # Moved aside first, so that a kill in between leaves no half-deleted model among the others.
        with bundle.reserved(place):
            scratch = folders.scratch_for(place)
            place.replace(scratch / "old")
            files.flush_folder(place.parent)
            shutil.rmtree(scratch)
    except OSError as error:
        sentence = _("{path} can't be removed ({reason}). Close the programs that use it.")
        raise UserError(sentence, path=place, reason=error.strerror) from error
    shutil.rmtree(report_place(key), ignore_errors=True)


def new_place(name: str) -> Path:
    """Return a folder for a new model that nobody else takes: neither this program again, nor another one running."""
    stem = f"{_slug(name) or 'model'}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    return files.unused(paths.models_folder() / stem)


def report_place(key: str) -> Path:
    """Return the folder of the evaluation report on a model; it may not exist yet."""
    return paths.reports_folder() / (key or "built in")


def report(key: str) -> Path | None:
    """Return the evaluation report on a model as it is now; None if there isn't one."""
    subject = _readable(_place(key))
    return report_place(key) / "report.md" if subject and _reported(key, subject) else None


def tidy() -> None:
    """Remove what killed programs left half written; what's being written now is left alone."""
    folder = paths.models_folder()
    with contextlib.suppress(OSError):
        for hidden in list(folder.glob(".*")):
            if left := re.fullmatch(r"\.(.+)\.(\w{8}\.part|lock|old)", hidden.name):
                with contextlib.suppress(UserError), bundle.reserved(folder / left[1]):
                    pass  # holding the place clears it


def load(key: str) -> Recognizer:
    """Return a model's recogniser, after testing that it reads. Raises UserError."""
    while True:
        subject = open_bundle(_place(key))
        try:
            return prove(subject)
        except BundleError:
            if open_bundle(_place(key)).card == subject.card:
                raise  # otherwise somebody has just put another model there


def prove(subject: Bundle) -> Recognizer:
    """Return a bundle's recogniser, after testing that it reads. Raises UserError."""
    from model.reading.recognizer import Recognizer, self_test  # noqa: PLC0415  (NumPy and LiteRT, after the first paint)

    recognizer = Recognizer(subject, settings.load().threshold)
    self_test(recognizer)
    return recognizer


def _place(key: str) -> Path:
    """Return where a model is. Raises BundleError if the key, from the settings file, can't be a folder's name."""
    if key == BUNDLED:
        return bundle.BUNDLED
    is_name = Path(key).name == key and key != ".." and "\\" not in key and len(key) <= LONGEST_FOLDER
    if not is_name or not key.isprintable():  # half a surrogate pair isn't printable, and neither is a NUL
        raise BundleError(_("The settings name a model that can't exist. Choose one in Model ▸ Models…."))
    return paths.models_folder() / key


def _readable(path: Path) -> Bundle | None:
    try:
        return open_bundle(path)
    except BundleError as error:
        log.warning("%s", error)
        return None


def _reported(key: str, subject: Bundle) -> dict[str, Any]:
    """Return what report.json says about a model; empty if there isn't one, or it's on an older built-in model."""
    try:
        value = json.loads((report_place(key) / "report.json").read_text(encoding="utf-8"))
        right = value["model"]["sha256"] == subject.card.sha256.get(LITERT_FILE)
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return value if right else {}


def _slug(name: str) -> str:
    """Return a name as a folder name that's valid on every system."""
    return re.sub(r"[^\w.-]+", "-", name)[:40].strip("-.")
