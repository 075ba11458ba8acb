"""The version: bumped in pyproject.toml and CHANGELOG.md, its only places, committed and tagged; or compared."""

from __future__ import annotations

import argparse
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

from model.base.errors import UserError
from model.commands.words import Commands
from release import changelog, project, tools

PYPROJECT = "pyproject.toml"


def add_version(commands: Commands) -> None:
    """Add the command and its arguments."""
    version = commands.add_parser(
        "version",
        help="bump the version, commit and tag it; or say whether all places agree on it",
        description="Write a new version into pyproject.toml and over the Unreleased section of the changelog, "
        "commit that and tag it; without any, print the present one.",
    )
    version.add_argument("version", metavar="VERSION", nargs="?", help="such as 1.2.0 or 1.2.0rc1; with --check, a tag")
    version.add_argument("--check", action="store_true", help="only say whether tag, pyproject and changelog agree")
    version.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    if arguments.check:
        print(f"{check(project.ROOT, arguments.version)} everywhere")
    elif arguments.version is None:
        print(project.load().version)
    else:
        before = project.load().version
        tag = bump(project.ROOT, arguments.version)
        print(f"{before} → {arguments.version}, committed and tagged {tag}; to publish it: git push --follow-tags")


def check(root: Path, tag: str | None) -> str:
    """Return the version that pyproject, the changelog, and a tag, if given, agree on. Raises UserError."""
    version = project.load(root).version
    if tag and tag != tag_of(version):
        raise UserError(f"The tag is {tag}, but pyproject.toml says {version}; its tag would be {tag_of(version)}.")
    newest, text = next(iter(changelog.sections(changelog.text(root)).items()), ("", ""))
    if newest == changelog.UNRELEASED and not tag:
        return version  # the next version's news is still being written
    if newest != version:
        raise UserError(f"{changelog.NAME} begins with {newest or 'nothing'}, but pyproject.toml says {version}.")
    if not text:
        raise UserError(f"{changelog.NAME} says nothing under ## {version}; write there what is new.")
    return version


def tag_of(version: str) -> str:
    """Return the name of a version's tag."""
    return f"v{version}"


def bump(root: Path, version: str) -> str:
    """Write a new version, commit and tag it, and return the tag; a failure undoes everything. Raises UserError."""
    _refuse_odd_version(version)
    head = _head_of_clean_branch(root)
    tag = tag_of(version)
    if tools.git(root, "tag", "--list", tag):
        raise UserError(f"There is a tag {tag} already; choose another version, or delete it with: git tag -d {tag}")
    present = project.load(root).version
    if not Version(version) > Version(present):
        raise UserError(f"{version} is not newer than the present version, {present}; choose a greater one.")
    before = {PYPROJECT: (root / PYPROJECT).read_bytes().decode("utf-8"), changelog.NAME: changelog.text(root)}
    after = {
        PYPROJECT: _with_version(before[PYPROJECT], version),
        changelog.NAME: changelog.released(before[changelog.NAME], version, f"{datetime.now(UTC):%Y-%m-%d}"),
    }
    try:
        _write(root, after)
        tools.git(root, "commit", "--quiet", "--message", f"Version {version}", "--", *after)
        tools.git(root, "tag", "--annotate", tag, "--message", f"{project.load(root).title} {version}")
    except BaseException as error:  # an interrupt, too
        _write(root, before)
        tools.git(root, "reset", "--quiet", head)
        if isinstance(error, UserError):
            raise UserError(f"{error}; all is as it was, so put that right and try again.") from error
        raise
    return tag


def _refuse_odd_version(version: str) -> None:
    try:
        parsed = Version(version)
    except InvalidVersion as error:
        raise UserError(f"{version!r} is no version; write it as 1.2.0, or 1.2.0rc1 before that.") from error
    if parsed.is_devrelease or parsed.is_postrelease or parsed.local or parsed.epoch:
        raise UserError(f"{version} is no version to release; write it as 1.2.0, or 1.2.0rc1 before that.")
    if version != str(parsed):
        raise UserError(f"{version} is not how versions are written; write it as {parsed}.")


def _head_of_clean_branch(root: Path) -> str:
    """Return the last commit on a checkout's branch. Raises UserError if something is in the way."""
    try:
        top = tools.git(root, "rev-parse", "--show-toplevel")
    except UserError as error:
        raise UserError(f"{root} is not a git checkout ({error}); clone the repository, and release there.") from error
    if Path(top).resolve() != root.resolve():
        raise UserError(f"{root} is not a git checkout of its own but a folder in {top}; clone the repository.")
    if not tools.git(root, "branch", "--show-current"):
        raise UserError("This checkout is not on a branch; go to the one to release with: git switch BRANCH")
    changed = tools.git(root, "status", "--porcelain").splitlines()
    if changed:
        names = ", ".join(line.split(maxsplit=1)[1] for line in changed[:3]) + (", …" if len(changed) > 3 else "")
        raise UserError(f"There are uncommitted changes ({names}); commit them, or set them aside with: git stash -u")
    return tools.git(root, "rev-parse", "--verify", "HEAD")


def _with_version(text: str, version: str) -> str:
    """Return pyproject's text with only the version changed. Raises UserError."""
    new = re.sub(r'^version = "[^"\r\n]*"', f'version = "{version}"', text, count=1, flags=re.MULTILINE)
    wanted = tomllib.loads(text)
    wanted["project"]["version"] = version
    if tomllib.loads(new) != wanted:
        raise UserError(f'{PYPROJECT} has no line version = "…" where its first one belongs: under [project].')
    return new


def _write(root: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (root / name).write_bytes(text.encode("utf-8"))  # keeping its line ends
