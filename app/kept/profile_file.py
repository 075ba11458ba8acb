"""A profile as one file, to keep or to move to another computer: its drawings, models and settings in a .zip."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from app.kept import models, paths, profiles, settings
from app.kept.sample import lines
from app.kept.samples import Samples
from model.base import files
from model.base.errors import UserError
from model.base.language import _
from model.bundle import bundle
from model.bundle.bundle import BundleError, open_bundle

ENDING = ".zip"
FORMAT = 1
ABOUT, SETTINGS, DRAWINGS, MODELS = "profile.json", "settings.json", "drawings.jsonl", "models"
LARGEST_PROFILE = 2_000_000_000  # bytes that a profile's file may unpack to
MOST_PARTS = 10_000  # files in it
HERE = {  # settings that only make sense on this computer
    *("data", "folder", "page_folder", "data_folder", "model_folder", "save_folder", "recent", "place"),
    *("name", "profile"),
}

_MODEL_FILE = re.compile(rf"{MODELS}/(\w[\w.-]{{0,200}})/(\w[\w.]{{0,60}})", re.ASCII)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, TypeError, ValueError)
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1  # a bit of a part's flags


def export(path: Path) -> None:
    """Write the profile in use to a file, completely or not at all. Raises UserError. Damaged models are left out."""
    about = {"format": FORMAT, "name": profiles.name()}
    kept = {key: value for key, value in asdict(settings.load()).items() if key not in HERE}
    try:
        with (
            tempfile.TemporaryDirectory() as scratch,
            files.replaced(path) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
            Samples(paths.samples_file()) as samples,
        ):
            for name, value in ((ABOUT, about), (SETTINGS, kept)):
                archive.writestr(name, json.dumps(value, indent=2))
            archive.writestr(DRAWINGS, b"".join(lines(samples.everything())))
            for model in models.everything():
                if model.key != models.BUNDLED and model.bundle:
                    copy = Path(scratch) / model.key
                    with contextlib.suppress(BundleError):
                        bundle.copy_bundle(model.bundle, copy)
                        for each in sorted(copy.iterdir()):
                            archive.write(each, f"{MODELS}/{model.key}/{each.name}")
                    shutil.rmtree(copy, ignore_errors=True)
    except OSError as error:
        sentence = _("{path} can't be written ({reason}); choose another place.")
        raise UserError(sentence, path=path, reason=error.strerror) from error


def take(path: Path) -> str:
    """Make a profile from a file, and return its key. Raises UserError, and then no profile was made."""
    try:
        with files.open_plain(path) as file, zipfile.ZipFile(file) as archive:
            _check(archive, path)
            about = _json(archive, ABOUT)
            if int(about["format"]) > FORMAT:
                sentence = _("{name} was written by a newer Inkling. Open it with that one.")
                raise UserError(sentence, name=path.name)
            return profiles.made(partial(_fill, archive, str(about["name"])))
    except UserError:
        raise
    except OSError as error:
        sentence = _("{path} can't be read ({reason}). Choose another file.")
        raise UserError(sentence, path=path, reason=error.strerror) from error
    except _BROKEN as error:
        sentence = _("{name} isn't a profile, or it's damaged. Choose a file that Inkling has exported.")
        raise UserError(sentence, name=path.name) from error


def _fill(archive: zipfile.ZipFile, wanted: str, key: str) -> None:
    """Unpack a file into the folder of a profile that's being made."""
    with tempfile.TemporaryDirectory(dir=paths.settings_file(key).parent.parent) as scratch:
        if archive.getinfo(DRAWINGS).file_size:
            ink = Path(scratch) / DRAWINGS
            _unpack(archive, DRAWINGS, ink)
            with Samples(paths.samples_file(key)) as samples:
                samples.take(ink)
            files.erase(ink)
        for name in archive.namelist():
            if found := _MODEL_FILE.fullmatch(name):
                _unpack(archive, name, Path(scratch) / MODELS / found[1] / found[2])
        for folder in sorted((Path(scratch) / MODELS).glob("*")):
            bundle.copy_bundle(open_bundle(folder), paths.models_folder(key) / folder.name, check=models.prove)
    told = _json(archive, SETTINGS)
    kept = {name: told[name] for name in asdict(settings.Settings()).keys() - HERE if name in told}
    settings.change(key, **kept, name=_name(wanted))


def _unpack(archive: zipfile.ZipFile, name: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as packed, place.open("xb") as file:
        shutil.copyfileobj(packed, file)


def _check(archive: zipfile.ZipFile, path: Path) -> None:
    """Raise UserError if it would unpack to more than a profile has; parts never unpack to more than the archive says.

    Raises BadZipFile if it isn't packed the way it's done here.
    """
    parts = archive.infolist()
    if any(each.compress_type not in _PACKINGS or each.flag_bits & _ENCRYPTED for each in parts):
        raise zipfile.BadZipFile(path.name)
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > LARGEST_PROFILE:
        raise UserError(_("{name} is larger than a profile can be. Choose another file."), name=path.name)


def _json(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    """Return a JSON object from an archive. Raises ValueError if it isn't one, KeyError if it isn't there."""
    if archive.getinfo(name).file_size > settings.LARGEST_SETTINGS:
        raise ValueError(name)
    try:
        value = json.loads(archive.read(name))
    except RecursionError as error:
        raise ValueError(name) from error
    if not isinstance(value, dict):
        raise ValueError(name)
    return value


def _name(wanted: str) -> str:
    """Return a name that isn't taken: the one in the file, or a similar one."""
    wanted = " ".join("".join(filter(str.isprintable, wanted)).split())[: profiles.LONGEST_NAME - 4] or "?"
    for number in range(1, 1000):
        with contextlib.suppress(UserError):
            return profiles.free_name(wanted if number == 1 else f"{wanted} {number}")
    return profiles.free_name(wanted)
