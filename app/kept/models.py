"""The models that the user can read with: the bundled one, those trained here, those opened; and which is in use."""

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
from model.bundle import bundle, folders
from model.bundle.bundle import LITERT_FILE, Bundle, BundleError, open_bundle
from model.bundle.card import TRAINED

if TYPE_CHECKING:
    from model.reading.recognizer import Recognizer

BUNDLED = ""  # the key of the model that the program brings
BUNDLED_NAME = N_("The bundled model")
LONGEST_FOLDER = 255  # letters; no system has longer names
LONGEST_NAME = 60
OPENED_PREFIX = "opened-"  # how the folders of bundles begin that were opened: their cards say only who trained them

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is kept, whole or not."""

    key: str  # the name of its folder among the user's models, or BUNDLED
    bundle: Bundle | None  # None: its card cannot be read
    in_use: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        if self.key == BUNDLED:
            return _(BUNDLED_NAME)
        return (self.bundle.card.name if self.bundle else "") or self.key

    @property
    def origin(self) -> str:
        """Where it comes from, for people."""
        if self.key == BUNDLED:
            return _("bundled")
        if self.bundle is None:
            return ""
        if self.bundle.card.data.get("taught"):
            return _("taught here")
        foreign = self.bundle.card.origin != TRAINED or self.key.startswith(OPENED_PREFIX)
        return _("opened") if foreign else _("trained here")

    @property
    def accuracy(self) -> float | None:
        """The fraction of the test images that it reads right: as its card says, or else its report; None: unknown."""
        if self.bundle is None:
            return None
        if self.bundle.card.accuracy is not None:
            return self.bundle.card.accuracy
        measured = _reported(self.key, self.bundle).get("accuracy")
        return measured if isinstance(measured, float) else None


def everything() -> list[Model]:
    """Return all models, the bundled one first, then the newest first, those that cannot be read last."""
    tidy()
    used, own = settings.load().model, list[Model]()
    with contextlib.suppress(OSError):  # there is no folder of them yet
        found = (path for path in paths.models_folder().iterdir() if path.is_dir() and not path.name.startswith("."))
        own = [Model(path.name, _readable(path), path.name == used) for path in found]
    own.sort(key=lambda model: model.bundle.card.date if model.bundle else "", reverse=True)
    return [Model(BUNDLED, _readable(bundle.BUNDLED), used == BUNDLED), *own]


def name(key: str) -> str:
    """Return what people call a model."""
    try:
        return Model(key, _readable(_place(key))).name
    except BundleError:  # that can be no key
        return key


def problem(key: str) -> str:
    """Return why a model cannot be used, in a sentence; nothing when its files are what its card says."""
    try:
        open_bundle(_place(key)).verify()
    except BundleError as error:
        return str(error)
    return ""


def recognizer_in_use() -> tuple[Recognizer, str]:
    """Return the recogniser of the model in use, or the bundled one's and a sentence on why. Raises UserError."""
    key = settings.load().model
    try:
        return _load(key), ""
    except UserError as error:
        if key == BUNDLED:
            raise
        log.warning("the model in use, %r, cannot be used", key, exc_info=error)
        return _load(BUNDLED), _("{reason} Meanwhile the bundled model reads.").format(reason=error)


def use(key: str) -> Recognizer:
    """Read with a model from now on, once it has proved that it can, and return its recogniser. Raises UserError."""
    recognizer = _load(key)
    recognizer.bundle.verify()
    settings.change(model=key)
    return recognizer


def rename(key: str, name: str) -> None:
    """Call one of the user's models by another name. Raises UserError."""
    if key == BUNDLED:
        raise UserError(_("The bundled model keeps its name; choose one of your own."))
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(_("A model's name has 1 to {count} letters; choose another name."), count=LONGEST_NAME)
    bundle.rename(open_bundle(_place(key)), name)


def export(key: str, folder: Path) -> Path:
    """Copy a model into a folder, under its own name, and return where it is. Raises UserError."""
    subject = _readable(_place(key))
    if subject is None:
        raise UserError(_("This model cannot be read, so it cannot be copied; choose another one."))
    name = BUNDLED_NAME if key == BUNDLED else Model(key, subject).name  # in every language the same
    target = files.unused(folder / (_slug(name) or "model"))
    bundle.copy_bundle(subject, target)
    files.share([target, *target.iterdir()])
    return target


def add(path: Path) -> str:
    """Keep a copy of a bundle among the user's models, and return its key. Raises UserError."""
    source = open_bundle(path)
    for key, folder in ((BUNDLED, bundle.BUNDLED), (source.path.name, paths.models_folder() / source.path.name)):
        if source.path == files.real(folder):
            return key  # it is kept already
    place = new_place(OPENED_PREFIX + source.card.network)
    named = replace(source, card=replace(source.card, name=source.card.name or source.path.name[:LONGEST_NAME]))
    bundle.copy_bundle(named, place, check=_proved)
    return place.name


def delete(key: str) -> None:
    """Remove one of the user's models; when it is in use, the bundled one is used from now on. Raises UserError."""
    if key == BUNDLED:
        raise UserError(_("The bundled model stays; choose one of your own."))
    if settings.load().model == key:
        use(BUNDLED)
    place = _place(key)
    try:
        # Moved aside first, so that a kill in between leaves no half of it among the models.
        with bundle.reserved(place):
            scratch = folders.scratch_for(place)
            place.replace(scratch / "old")
            files.flush_folder(place.parent)
            shutil.rmtree(scratch)
    except OSError as error:
        sentence = _("{path} cannot be removed ({reason}); see who else uses it.")
        raise UserError(sentence, path=place, reason=error.strerror) from error
    shutil.rmtree(report_place(key), ignore_errors=True)


def new_place(name: str) -> Path:
    """Return the folder of a model to be, which nobody else takes: not this program again, nor another one beside."""
    stem = f"{_slug(name) or 'model'}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    return files.unused(paths.models_folder() / stem)


def report_place(key: str) -> Path:
    """Return the folder of the evaluation report on a model; it may not exist yet."""
    return paths.reports_folder() / (key or "bundled")


def report(key: str) -> Path | None:
    """Return the evaluation report on a model as it is now; None when there is none."""
    subject = _readable(_place(key))
    return report_place(key) / "report.md" if subject and _reported(key, subject) else None


def tidy() -> None:
    """Remove what killed programs have left half written; what somebody is writing now is left alone."""
    folder = paths.models_folder()
    with contextlib.suppress(OSError):
        for hidden in list(folder.glob(".*")):
            if left := re.fullmatch(r"\.(.+)\.(\w{8}\.part|lock|old)", hidden.name):
                with contextlib.suppress(UserError), bundle.reserved(folder / left[1]):
                    pass  # to hold the place is to clear it


def _load(key: str) -> Recognizer:
    while True:
        subject = open_bundle(_place(key))
        try:
            return _proved(subject)
        except BundleError:
            if open_bundle(_place(key)).card == subject.card:
                raise  # else somebody has just put another model there


def _proved(subject: Bundle) -> Recognizer:
    """Return a model's recogniser, once it has proved that it reads. Raises UserError."""
    from model.reading.recognizer import Recognizer, self_test  # noqa: PLC0415  (NumPy and LiteRT, after the first paint)

    recognizer = Recognizer(subject, settings.load().threshold)
    self_test(recognizer)
    return recognizer


def _place(key: str) -> Path:
    """Return where a model is. Raises BundleError where the key, which the settings' file says, is no folder's name."""
    if key == BUNDLED:
        return bundle.BUNDLED
    is_name = Path(key).name == key and key != ".." and "\\" not in key and len(key) <= LONGEST_FOLDER
    if not is_name or not key.isprintable():  # half a surrogate pair is not, and a NUL
        raise BundleError(_("The settings name a model that cannot be; choose one under Model ▸ Models…."))
    return paths.models_folder() / key


def _readable(path: Path) -> Bundle | None:
    try:
        return open_bundle(path)
    except BundleError as error:
        log.warning("%s", error)
        return None


def _reported(key: str, subject: Bundle) -> dict[str, Any]:
    """Return what report.json says of a model; nothing when there is none, or it is on an older bundled model."""
    try:
        value = json.loads((report_place(key) / "report.json").read_text(encoding="utf-8"))
        right = value["model"]["sha256"] == subject.card.sha256.get(LITERT_FILE)
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return value if right else {}


def _slug(name: str) -> str:
    """Return a name as a folder can have it on every system."""
    return re.sub(r"[^\w.-]+", "-", name)[:40].strip("-.")
