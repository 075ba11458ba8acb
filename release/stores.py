"""``stores``: what Flathub, winget, Homebrew and conda-forge need, from one description and a release's checksums."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from model.base.errors import UserError
from model.commands.words import Commands
from release import appstream, bundle, deb, project
from release.project import ROOT, Project

# What's offered there: the light flavour, and for Python, the sdist. Each by the end of its name.
FILES = {
    "linux": "-linux-x86_64.tar.xz",
    "windows": "-windows-x86_64-setup.exe",
    "macos": "-macos-arm64.dmg",
}
_SUM = re.compile(r"([0-9a-f]{64}) [ *](\S+)")


def add_stores(commands: Commands) -> None:
    """Add the command and its arguments."""
    stores = commands.add_parser(
        "stores",
        help="write the manifests of Flathub, winget, Homebrew and conda-forge",
        description="Write what other places ask for that offer programs: a Flatpak manifest with its metainfo, a "
        "winget manifest, a Homebrew cask and a conda-forge recipe. Each names a release's files and their SHA-256.",
    )
    stores.add_argument("sums", metavar="SHA256SUMS", type=Path, help="the release's list of its files")
    stores.add_argument(
        "--address", required=True, metavar="URL", help="the project's page, such as https://github.com/OWNER/NAME"
    )
    stores.add_argument(
        "--output", metavar="DIR", type=Path, default=ROOT / "dist" / "stores", help="(default: dist/stores)"
    )
    stores.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    try:
        said = arguments.sums.read_text(encoding="utf-8")
        arguments.output.mkdir(parents=True, exist_ok=True)
        for name, content in manifests(project.load(), said, arguments.address.rstrip("/")).items():
            (arguments.output / name).write_bytes(content)
            print(arguments.output / name)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The manifests can't be written ({error}); choose other files.") from error


def manifests(own: Project, sums: str, address: str) -> dict[str, bytes]:
    """Return the name and content of each file. Raises UserError if SHA256SUMS lacks one of this version's files."""
    words = _words(own, dict(map(reversed, _SUM.findall(sums))), address)
    releases, winget = ROOT / "release", f"{own.title}.{own.title}"
    metainfo = appstream.metainfo(own, project.CARRIES["light"], bundle.commit_time(), address)
    return {
        f"{own.identifier}.yml": project.filled(releases / "linux" / "flatpak.yml", words),
        f"{own.identifier}.metainfo.xml": metainfo,
        f"{winget}.yaml": project.filled(releases / "windows" / "winget" / "version.yaml", words),
        **{
            f"{winget}.{part}.yaml": project.filled(releases / "windows" / "winget" / f"{part}.yaml", words)
            for part in ("installer", "locale.en-US")
        },
        f"{own.name}.rb": project.filled(releases / "macos" / "cask.rb", words),
        "recipe.yaml": project.filled(releases / "conda" / "recipe.yaml", words),
    }


def _words(own: Project, sums: Mapping[str, str], address: str) -> dict[str, str]:
    names = {each: f"{project.FLAVOURS['light']}-{own.version}{ending}" for each, ending in FILES.items()}
    names["sdist"] = f"{own.distribution.replace('-', '_')}-{own.version}.tar.gz"
    if missing := [name for name in names.values() if name not in sums]:
        raise UserError(f"SHA256SUMS doesn't name {missing[0]}; take the one of the release of {own.version}.")
    program, command_line = (name for name, _entry in own.programs)
    return {
        **names,
        **{f"{each}_sha256": sums[name] for each, name in names.items()},
        "address": address,
        "downloads": f"{address}/releases/download/v{own.version}",
        "authors": own.authors,
        "command_line": command_line,
        "description": own.description,
        "distribution": own.distribution,
        "entry_points": _listed(f"{name} = {own.name}:{entry}" for name, entry in own.programs),
        "identifier": own.identifier,
        "licence": own.licence,
        "program": program,
        "requirements": _listed((f"python {own.python}", *own.requirements)),
        "summary": deb.SUMMARY.capitalize(),
        "title": own.title,
        "version": own.version,
    }


def _listed(entries: Iterable[str]) -> str:
    """Return the lines of a YAML list, indented as in the recipe."""
    return "\n".join(f"    - {entry}" for entry in entries)
