"""TensorFlow and what else training needs, installed by pip into the program's environment: all of it, or nothing."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from model.base import events, installation
from model.base.errors import UserError
from model.base.files import drop_lock, file_lock
from model.base.installation import needs_tensorflow, no_tensorflow_for, tensorflow_is_missing
from model.base.language import N_, _
from model.base.program import DISTRIBUTION, FROZEN
from model.base.project import requirements

DOWNLOAD, INSTALLED = 650_000_000, 2_200_000_000  # bytes, about
SPACE = DOWNLOAD + INSTALLED + 500_000_000  # bytes that must be free meanwhile
LOOK_PAUSE = 0.2  # seconds between two looks at how far pip is

# Next to the environment's own folders, so that renaming puts what's ready into its place. The names are short, for
# systems on which paths may not be long.
_ROOT = Path(sys.prefix)
_PART = _ROOT / ".inkling"  # what is being made
_UNDO = _ROOT / ".inkling.undo"  # what has got its place since, while not all of it has
_LOCK = _ROOT / ".inkling.lock"  # held by who installs
_LAST = ("tensorflow", "keras")  # by these it's told as installed

# What pip prints where it fails, and what that means.
_FAILURES = (
    (r"No space left on device|Errno 28\b", N_("The disk is full. Make room, and try again.")),
    (
        r"ProxyError|NameResolutionError|name resolution|NewConnectionError|ConnectTimeout|Read timed out|SSLError"
        r"|Network is unreachable|getaddrinfo|Connection(Reset|Refused|Aborted)Error",
        N_("Python's package index can't be reached. Make sure that this computer is online, and try again."),
    ),
    (
        r"DO NOT MATCH THE HASHES|is invalid|IncompleteRead|BadZipFile",
        N_("The download is damaged or cut off. Try again."),
    ),
    (
        r"ResolutionImpossible|conflicting dependencies",
        N_("It doesn't go together with what's installed in {place}. Let pip change that with: {command}"),
    ),
    (
        r"No matching distribution found",
        N_("Python's package index has no version of it for Python {python} on this computer ({machine})."),
    ),
)


def obstacle(doing: str) -> str:
    """Return a sentence on why TensorFlow, which something needs, can't be installed here; empty if it can."""
    if FROZEN or no_tensorflow_for(doing):
        return needs_tensorflow(doing)
    reason: str | None = ""
    if installation.externally_managed():
        sentence = _(
            "The system manages this Python's packages, and lets no other program add any. Make an "
            "environment for Inkling, and start it there: {command}"
        )
    elif not installation.has_pip():
        sentence = _("This Python has no pip to install it with; this command brings both: {command}")
    elif reason := _unwritable():
        sentence = _("Nothing can be written to {place} ({reason}). Ask an administrator to run this: {command}")
    elif shutil.disk_usage(_ROOT).free < SPACE:
        sentence = _("There isn't enough room in {place}: it takes {size:.1f} GB. Make room, and try again.")
    else:
        return ""
    return sentence.format(place=_ROOT, reason=reason, size=SPACE / 1e9, command=installation.command("train"))


def _unwritable() -> str | None:
    """Return why nothing can be written to the environment; None where that can be done."""
    try:
        tempfile.TemporaryFile(dir=_ROOT).close()
    except OSError as error:
        return error.strerror
    return None


def install(report: Callable[[events.Event], None]) -> None:
    """Install what training needs, or leave everything as it was if that fails or is interrupted.

    Installed packages aren't touched. Raises UserError.
    """
    began = time.monotonic()
    if why := obstacle(_("Training")):
        raise UserError(why)
    with _alone():
        clean()
        try:
            _PART.mkdir()
            report(events.Stage(_("looking for what's needed")))
            wheels = _download(report)
            report(events.Stage(_("unpacking")))
            _put(_unpack(wheels))
        finally:
            clean()
    report(events.Finished(str(_ROOT), None, time.monotonic() - began))


def tidy() -> None:
    """Remove what an interrupted installation has left, unless another one is under way."""
    if any(path.exists() for path in (_PART, _UNDO, _LOCK)):
        with contextlib.suppress(UserError), _alone():
            clean()


def clean() -> None:
    """Remove what is half installed; the caller must be the only one who installs."""
    with contextlib.suppress(OSError, ValueError):
        for name in json.loads(_UNDO.read_text(encoding="utf-8")):
            _remove(_ROOT / name)
        _UNDO.unlink()
    shutil.rmtree(_PART, ignore_errors=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep others from installing here meanwhile. Raises UserError when somebody is at it."""
    lock = file_lock(_LOCK, 0)
    try:
        lock.acquire()
    except TimeoutError as error:
        raise UserError(_("Another Inkling is already installing it. Wait until that's done.")) from error
    except OSError as error:
        raise UserError(_("Nothing can be written to {place}."), place=_ROOT) from error
    try:
        yield
    finally:
        drop_lock(lock)


def _download(report: Callable[[events.Event], None]) -> list[Path]:
    """Download what is required, in versions that go together with what is installed, and return the files."""
    wheels, pins, scratch = _PART / "wheels", _PART / "installed.txt", _PART / "tmp"
    scratch.mkdir()
    pins.write_text("".join(f"{name}=={version}\n" for name, version in _installed().items()), encoding="utf-8")
    words = ["download", "--only-binary", ":all:", "--constraint", str(pins), "--dest", str(wheels)]
    words += [str(each) for each in requirements("train")]

    def tell() -> None:
        done = max(_size(scratch), _size(wheels))  # pip puts them where they are to lie when it has all of them
        if done > 1_000_000:  # before that, pip still looks
            report(events.Downloading(done, max(done, DOWNLOAD)))

    its_own = {"TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch), "PIP_REQUIRE_VIRTUALENV": "0"}
    _pip(words, os.environ | its_own, tell)
    return sorted(wheels.glob("*.whl"))


def _unpack(wheels: Iterable[Path]) -> Path:
    """Install what isn't there yet into a folder, and return that; it looks as the environment will."""
    there, folder = _installed(), _PART / "x"
    new = [str(wheel) for wheel in wheels if parse_wheel_filename(wheel.name)[0] not in there]
    words = ["install", "--no-index", "--no-deps", "--no-compile", "--ignore-installed", "--no-warn-script-location"]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    _pip([*words, "--prefix", str(folder), *new], plain | {"PIP_CONFIG_FILE": os.devnull}, lambda: None)
    local = folder / "local"  # Debian's Python has one
    return local if local.is_dir() else folder


def _put(folder: Path) -> None:
    """Give all that is in a folder its place in the environment. Raises UserError."""
    moves = sorted(_moves(folder, _ROOT), key=lambda move: move[1].name in _LAST)
    for _source, place in moves:
        if os.path.lexists(place):
            raise UserError(_("{path} is in the way. Remove it, and try again."), path=place)
    _UNDO.write_text(json.dumps([str(place.relative_to(_ROOT)) for _source, place in moves]), encoding="utf-8")
    for source, place in moves:
        source.rename(place)
    importlib.invalidate_caches()
    if tensorflow_is_missing():
        sentence = _("It was installed, but this Python can't find it. Install it again with: {command}")
        raise UserError(sentence, command=installation.command("train", anew=True))
    _UNDO.unlink()


def _moves(folder: Path, to: Path) -> Iterator[tuple[Path, Path]]:
    """Return what is to be renamed to what, so that a folder's content comes to lie in another one."""
    for each in sorted(folder.iterdir()):
        place = to / each.name
        if each.is_dir() and not each.is_symlink() and place.is_dir():
            yield from _moves(each, place)
        else:
            yield each, place


def _pip(words: list[str], environment: dict[str, str], meanwhile: Callable[[], None]) -> None:
    """Run pip to its end; it ends with this process' interruption. Raises UserError."""
    quiet = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COLOR": "1", "PIP_PROGRESS_BAR": "off"}
    path = _PART / "said.txt"
    with path.open("wb") as out, path.open(encoding="utf-8", errors="replace") as said:
        pip = subprocess.Popen(  # noqa: S603  (this Python itself)
            [sys.executable, "-P", "-m", "pip", *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment | quiet,
        )
        try:
            while pip.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    pip.wait(LOOK_PAUSE)
                sys.stderr.write(said.read())
                meanwhile()
        finally:
            if pip.poll() is None:
                pip.kill()
                pip.wait()
            sys.stderr.write(said.read())
    if pip.returncode:
        raise _failure(path.read_text(encoding="utf-8", errors="replace"))


def _failure(said: str) -> UserError:
    """Return what pip's lines mean."""
    for sign, sentence in _FAILURES:
        if re.search(sign, said):
            return UserError(
                _(sentence),
                place=_ROOT,
                command=installation.command("train"),
                python=platform.python_version(),
                machine=f"{sys.platform}, {platform.machine()}",
            )
    lines = [line for line in said.splitlines() if line.startswith("ERROR:")] or said.splitlines() or [""]
    sentence = _("pip failed ({reason}). The log has what it printed.")
    return UserError(sentence, reason=lines[-1].removeprefix("ERROR:").strip())


def _installed() -> dict[str, str]:
    """Return what is installed, by its name as all its spellings have it, with its version."""
    found: dict[str, str] = {}
    for each in metadata.distributions():
        name = each.metadata["Name"]
        if name and each.version and canonicalize_name(name) != DISTRIBUTION:
            found.setdefault(canonicalize_name(name), each.version)
    return found


def _size(folder: Path) -> int:
    """Return how many bytes lie in a folder, whose files and folders come and go meanwhile."""
    size = 0
    for place, _folders, names in os.walk(folder):  # which passes over folders that are gone
        for name in names:
            with contextlib.suppress(OSError):
                size += Path(place, name).stat().st_size
    return size


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
