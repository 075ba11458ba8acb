"""``reproduce``: builds a commit twice, as differently as one machine can, and checks that the bytes are the same."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.base.errors import UserError
from model.commands.words import Commands
from release import tools
from release.project import FLAVOURS, ROOT

# Looks like another user, with this user's permissions; user_namespaces(7) lets everybody do that.
SOMEBODY = ("unshare", "--user", "--map-user=1234", "--map-group=1234")
LATER = "+400d"  # in faketime's format: another year, month and weekday


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What differs between the two builds."""

    folder: str
    umask: int
    environment: dict[str, str]
    before: tuple[str, ...] = ()  # the command that starts each step


FIRST = Surroundings("one", 0o022, {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "1"})
SECOND = Surroundings(
    "somewhere/else entirely",
    0o077,
    {"LC_ALL": "C", "LANGUAGE": "zh_CN", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2", "COLUMNS": "40"},
    (*SOMEBODY, "faketime", "-f", LATER),
)


def add_reproduce(commands: Commands) -> None:
    """Add the command and its arguments."""
    reproduce = commands.add_parser(
        "reproduce",
        help="build everything twice and compare the bytes",
        description="Clone the last commit twice and build the wheel, the sdist and each flavour's packages in either "
        "clone: in another folder and time zone, on another day, with another umask and locale, as another user. "
        "Exit status 1 means that something differs.",
    )
    reproduce.add_argument(
        "flavour", metavar="FLAVOUR", nargs="*", type=_flavour, help="light, full, or both; none: no bundle"
    )
    reproduce.add_argument(
        "--keep", metavar="DIR", type=Path, help="keep what was built in this folder, to look at what differs"
    )
    reproduce.set_defaults(run=_run)


def _flavour(word: str) -> str:
    if word not in FLAVOURS:
        raise argparse.ArgumentTypeError(f"{word} is no flavour; choose from {', '.join(FLAVOURS)}")
    return word


def _run(arguments: argparse.Namespace) -> None:
    tools.need("unshare", "util-linux")
    tools.need("faketime", "faketime")
    with tempfile.TemporaryDirectory(prefix="inkling-reproduce-") as name:
        place = Path(name)
        commit = tools.git(ROOT, "rev-parse", "HEAD")  # only once: somebody may keep working here
        first, second = (build(place, each, arguments.flavour, commit) for each in (FIRST, SECOND))
        different = compare(first, second)
        if arguments.keep:
            for folder, each in (("first", first), ("second", second)):
                shutil.copytree(each, arguments.keep / folder, dirs_exist_ok=True)
        if different:
            print(_report(first / different[0], second / different[0]))
            raise UserError(f"{different[0]} differs between the two builds.")


def build(place: Path, where: Surroundings, flavours: Sequence[str], commit: str) -> Path:
    """Build a commit of this checkout and return the folder with the downloads.

    Raises UserError if a tool isn't there, or a build fails.
    """
    clone = place / where.folder
    clone.parent.mkdir(parents=True, exist_ok=True)
    tools.run(["git", "clone", "--quiet", "--no-checkout", ROOT, clone], umask=where.umask)
    tools.run(["git", "checkout", "--quiet", "--detach", commit], clone, umask=where.umask)
    made = clone / "dist"
    made.mkdir()
    step(where, clone, [sys.executable, "-m", "hatchling", "build", "--directory", made])
    for flavour in flavours:
        python = _environment(place / f"{made.parent.name}-{flavour}", flavour, clone)
        words = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec"]
        step(where, clone, [*words, "--", "--flavour", flavour])
        step(where, clone, [python, "-m", "release", "packages", made / FLAVOURS[flavour]])
    return made


def compare(first: Path, second: Path) -> list[str]:
    """Print the SHA-256 of each file in two builds, and return the names of those that differ."""
    ours, theirs = _sums(first), _sums(second)
    different = []
    for name in sorted(ours | theirs):
        same = ours.get(name) == theirs.get(name)
        print(f"{ours.get(name, 'not built'):64}  {name}  {'the same' if same else 'differs'}", flush=True)
        if not same:
            different.append(name)
    return different


def _sums(folder: Path) -> dict[str, str]:
    files = [path for path in folder.iterdir() if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _environment(place: Path, flavour: str, clone: Path) -> Path:
    """Make the virtual environment for building a flavour, as the release's workflow does; return its Python."""
    python = place / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet"]
    extras = "build,train-cpu" if flavour == "full" else "build"
    tools.run([sys.executable, "-m", "venv", place])
    tools.run([*pip, "--require-hashes", "-r", "requirements/tools.txt"], clone, name="pip")
    locked = f"requirements/{flavour}.txt"
    tools.run([*pip, "--require-hashes", "--no-build-isolation", "-r", locked], clone, name="pip")
    tools.run([*pip, "--no-index", "--no-build-isolation", "-e", f".[{extras}]"], clone, name="pip")
    return python


def step(where: Surroundings, clone: Path, words: Sequence[object]) -> str:
    """Run one step of a build in its surroundings and return what it printed. Raises UserError."""
    return tools.run([*where.before, *words], clone, where.environment, name=str(words[2]), umask=where.umask)


def _report(first: Path, second: Path) -> str:
    """Return how two files differ, according to diffoscope, or why it can't say."""
    if shutil.which("diffoscope") is None:
        return "Install diffoscope to see in what they differ, or compare them yourself with --keep."
    with tempfile.NamedTemporaryFile() as report:
        try:
            tools.run(["diffoscope", "--text", report.name, first, second])
        except UserError as error:  # its exit status is 1 if files differ
            return Path(report.name).read_text(encoding="utf-8", errors="replace").rstrip() or str(error)
    return "diffoscope finds nothing in which they differ."
