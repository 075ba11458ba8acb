"""Profiles: whose hand writes. Each has its own drawings, models and settings; the first is always there.

The first one's files are where they were before there were others. Each other profile has a folder, whose name is its
key, a number.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from app.kept import paths, settings
from app.kept.paths import FIRST
from model.base import files
from model.base.errors import UserError
from model.base.language import N_, _

FIRST_NAME = N_("First profile")
LONGEST_NAME = 60  # letters
PATIENCE = 2.0  # seconds that a change waits for another window's
HALF = ".part"  # ends the names of folders that aren't profiles yet, or not any more


def everyone() -> list[str]:
    """Return the profiles' keys, the first one first, then the oldest."""
    found: list[str] = []
    with contextlib.suppress(OSError):  # the folder doesn't exist yet
        found = [path.name for path in paths.profiles_folder().iterdir() if path.name.isascii() and path.name.isdigit()]
    return [FIRST, *sorted(found, key=int)]


def several() -> bool:
    """Return whether there are others than the first."""
    return len(everyone()) > 1


def name(key: str | None = None) -> str:
    """Return a profile's name for people, by default of the one in use."""
    key = paths.profile() if key is None else key
    return settings.load(key).name or (_(FIRST_NAME) if key == FIRST else key)


def begin(wanted: str | None) -> None:
    """Use the profile of this name in this process, or the last one chosen. Raises UserError if nobody has the name."""
    if wanted is None:
        chosen = settings.load(FIRST).profile
        paths.use_profile(chosen if chosen and chosen in everyone() else FIRST)
        return
    names = {name(key).casefold(): key for key in everyone()}
    if wanted.casefold() not in names:
        there = _(", ").join(map(name, everyone()))
        raise UserError(_("There's no profile called {name}. There are: {names}."), name=wanted, names=there)
    paths.use_profile(names[wanted.casefold()])


def use(key: str) -> None:
    """Use a profile from now on, and at the next start. Raises UserError if that can't be saved."""
    paths.use_profile(key)
    settings.change(FIRST, profile=key)


def create(wanted: str) -> str:
    """Make a new profile of this name, and return its key. Raises UserError.

    It has the appearance of the one in use, and nothing else from it.
    """
    wanted, now = free_name(wanted), settings.load()
    looks = {"language": now.language, "look": now.look, "text_size": now.text_size, "place": now.place}
    return made(lambda key: settings.change(key, name=wanted, **looks))


def rename(wanted: str) -> None:
    """Rename the profile in use. Raises UserError."""
    settings.change(name=free_name(wanted, paths.profile()))


def free_name(wanted: str, of: str | None = None) -> str:
    """Return a name in the form that's saved. Raises UserError if it's invalid, or a profile but ``of`` has it."""
    wanted = " ".join(wanted.split())
    if not wanted or len(wanted) > LONGEST_NAME or not wanted.isprintable():
        raise UserError(_("A profile's name has 1 to {count} letters. Choose another name."), count=LONGEST_NAME)
    if wanted.casefold() in {name(key).casefold() for key in everyone() if key != of}:
        raise UserError(_("There's a profile called {name} already. Choose another name."), name=wanted)
    return wanted


def made(fill: Callable[[str], object]) -> str:
    """Make a profile, completely or not at all, and return its key; ``fill`` gets the key to fill. Raises UserError."""
    with _alone() as folder:
        place = folder / str(max(map(int, everyone()[1:]), default=1) + 1)
        beside = _half(place)
        try:
            fresh = beside / "new"
            files.make_folder(fresh)
            fill(str(fresh.relative_to(folder)))
            files.flush_folder(fresh)
            fresh.replace(place)
        finally:
            _remove(beside)
    return place.name


def delete(key: str) -> None:
    """Delete a profile with everything in it, and overwrite its drawings; the first one is used afterwards.

    Raises UserError if a window has it open, or it can't be removed.
    """
    use(FIRST)
    with _alone() as folder:
        place, running = folder / key, paths.running_file(key)
        try:
            with files.file_lock(running.with_name(f"{running.name}.lock"), 0):
                pass
        except TimeoutError as error:
            sentence = _("{name} is open in another window. Close that, and delete it again.")
            raise UserError(sentence, name=name(key)) from error
        beside = _half(place)
        place.replace(beside / "old")  # first: half a profile mustn't count as one
        files.flush_folder(folder)
        _remove(beside)


def tidy() -> None:
    """Remove what killed programs left of profiles that they were making or deleting."""
    with contextlib.suppress(UserError):
        if next(paths.profiles_folder().glob(f".*{HALF}"), None):
            with _alone():
                pass  # being alone clears it


@contextlib.contextmanager
def _alone() -> Iterator[Path]:
    """Yield the profiles' folder, and keep other windows from changing it meanwhile. Raises UserError."""
    folder = paths.profiles_folder()
    try:
        files.make_folder(folder)
        with files.file_lock(folder / ".lock", PATIENCE):
            for left in folder.glob(f".*{HALF}"):
                _remove(left)
            yield folder
    except TimeoutError as error:
        raise UserError(_("Another Inkling is changing the profiles. Try again when it's done.")) from error
    except (OSError, RuntimeError) as error:  # RuntimeError: the user has no home at all
        sentence = _("The profiles in {path} can't be changed ({reason}). Make sure that you can write there.")
        raise UserError(sentence, path=folder, reason=error) from error


def _half(place: Path) -> Path:
    """Make a folder next to a profile's, for what will become it or has to be removed."""
    beside = place.with_name(f".{place.name}{HALF}")
    files.make_folder(beside)
    return beside


def _remove(folder: Path) -> None:
    """Overwrite the drawings in a folder, then remove it."""
    for path in folder.glob("*/*"):
        if path.is_file():
            files.erase(path)
    shutil.rmtree(folder)
