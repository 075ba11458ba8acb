"""``sbom``: a software bill of materials, the list of everything in a bundle, in CycloneDX' format."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import platform
import re
import sys
import tkinter
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from app.facts import licences
from model.base import installation
from model.base.errors import UserError
from model.base.files import replaced
from model.commands.words import Commands
from release import debian_libraries, locks, tools
from release.bundle import Bundle, open_bundle, places
from release.project import ROOT

ENDING = ".cdx.json"  # as CycloneDX recommends
SPECIFICATION = "1.6"
DEEPEST = 3 if sys.platform == "darwin" else 2  # most path parts of a library outside packages' folders

_OWN = ("app", "model")
_OF_PYINSTALLER = re.compile(r"_?pyi(mod|_|boot)")  # modules that start a frozen program
_OF_PYTHON = re.compile(r"_sysconfigdata")
_LIBRARIES = (".dll", ".dylib", ".exe", ".pyd")

Component = dict[str, Any]


def add_sbom(commands: Commands) -> None:
    """Add the command and its arguments."""
    sbom = commands.add_parser(
        "sbom",
        help="list what a bundle is made of",
        description="Write a software bill of materials (CycloneDX, JSON) of a bundle, in the environment that it was "
        "frozen in: its Python packages with licences and hashes, Python, Tcl/Tk, and the system's libraries in it.",
    )
    sbom.add_argument("bundle", metavar="FOLDER", type=Path, help="the bundle's folder, as dist/inkling-light")
    sbom.add_argument(
        "--output", metavar="DIR", type=Path, default=ROOT / "dist", help="where to write it (default: dist)"
    )
    sbom.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    bundle = open_bundle(arguments.bundle)
    path = arguments.output / bundle.name(ENDING)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as file:
            file.write(text(bundle).encode())
    except OSError as error:
        raise UserError(f"{path} can't be written ({error.strerror}); choose another folder.") from error
    print(path)


def text(bundle: Bundle) -> str:
    """Return a bundle's bill of materials, checked against CycloneDX' schema. Raises UserError."""
    if importlib.util.find_spec("cyclonedx_py") is None:
        command = installation.command(file="requirements/release.txt")
        raise UserError(f"cyclonedx-bom is needed for this; install it with: {command}")
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415  (this and the next: only this command needs them)
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    said = json.dumps(_document(bundle), indent=1, sort_keys=True) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.from_version(SPECIFICATION)).validate_str(said)
    if wrong:
        raise UserError(f"What was found in {bundle.folder} is no bill of materials: {wrong}")
    return said


def _document(bundle: Bundle) -> Component:
    words = [sys.executable, "-m", "cyclonedx_py", "environment", sys.executable, "--sv", SPECIFICATION]
    words += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible"]
    document: Component = json.loads(
        tools.run(words, more={"SOURCE_DATE_EPOCH": str(bundle.time)}, name="cyclonedx-py")
    )
    wanted = _distributions(bundle)
    known = locks.hashes(bundle.flavour)
    packages = [each for each in document["components"] if _same(each["name"]) in wanted]
    if lost := wanted - {_same(each["name"]) for each in packages}:
        raise UserError(f"{', '.join(sorted(lost))} is in the bundle and not installed; list it where it was frozen.")
    for each in packages:
        _add_hashes(each, known.get((_same(each["name"]), each["version"]), []))
        _add_carried(each)
        named = licences.named_licences(metadata.distribution(each["name"]))
        each.setdefault("licenses", [{"license": {"name": name}} for name in dict.fromkeys(named)])
    beside = [*_beside(), *_debian(bundle.folder), *_files(bundle.folder)]
    own = document["metadata"]["component"]
    refs = {own["bom-ref"], *(each["bom-ref"] for each in packages)}
    document["components"] = [*packages, *beside]
    document["dependencies"] = [
        {**each, "dependsOn": [ref for ref in each.get("dependsOn", ()) if ref in refs]}
        for each in document["dependencies"]
        if each["ref"] in refs
    ] + [{"ref": each["bom-ref"]} for each in beside]
    return document


def _distributions(bundle: Bundle) -> set[str]:
    """Return the names of the distributions whose modules or metadata are in a bundle. Raises UserError."""
    from PyInstaller.archive.readers import CArchiveReader  # noqa: PLC0415  (as above)

    program = next(path for path in places(bundle.folder, bundle.project.programs[0][0]) if path.is_file())
    archive = CArchiveReader(str(program))
    packed = next(name for name in archive.toc if name.startswith("PYZ"))
    modules = {name.partition(".")[0] for name in archive.open_embedded_archive(packed).toc}
    owners = metadata.packages_distributions()
    found = {_same(metadata.Distribution.at(place).name) for place in bundle.folder.rglob("*.dist-info")}
    found.add("pyinstaller")  # its bootloader starts the programs
    for module in modules - sys.stdlib_module_names - set(_OWN):
        if module in owners:
            found |= {_same(name) for name in owners[module]} if module != "google" else set()  # nobody owns it
        elif not _OF_PYINSTALLER.match(module) and not _OF_PYTHON.match(module):
            raise UserError(f"{module} is in the bundle and of no package here; list it where it was frozen.")
    return found - {bundle.project.distribution}


def _add_hashes(component: Component, hashes: Iterable[str]) -> None:
    """Give a package the hashes of the files that it may have come from, according to the lock; none if not locked."""
    component["hashes"] = [{"alg": "SHA-256", "content": each} for each in hashes]
    component.setdefault("properties", []).append(
        {"name": "inkling:hashes", "value": "of its distributions, as they are locked" if hashes else "not locked"}
    )


def _add_carried(component: Component) -> None:
    """Add to a package the other people's components that its wheel says it contains."""
    carried: dict[str, Component] = {}
    for file in metadata.files(component["name"]) or ():
        if len(file.parts) > 2 and file.parts[-2] == "sboms" and file.suffix == ".json":
            for each in json.loads(file.read_text()).get("components", ()):
                if each.get("version") and _same(each["name"]) != _same(component["name"]):
                    kept = {key: each[key] for key in ("type", "name", "version", "purl", "licenses") if key in each}
                    ref = f"{component['bom-ref']}/{each['name']}=={each['version']}"
                    carried[ref] = {"type": "library", **kept, "bom-ref": ref}
    if carried:
        component["components"] = list(carried.values())


def _beside() -> Iterator[Component]:
    """Yield what's neither a package nor one of the system's libraries: Python, Tcl and Tk, a font."""
    tcl = str(tkinter.Tcl().call("info", "patchlevel"))
    for part in licences.components():
        if not part.distribution:
            yield {
                "type": "library",
                "name": part.name,
                "version": part.version or tcl,
                "licenses": [{"license": {"name": part.licence}}],
                "bom-ref": part.name,
            }


def _debian(folder: Path) -> Iterator[Component]:
    """Yield the packages of Debian, or of a derivative, whose libraries are in a bundle."""
    packages = debian_libraries.carried(folder)
    system = platform.freedesktop_os_release()["ID"] if packages else ""
    for name, version in debian_libraries.versions(packages).items():
        plain, _, machine = name.partition(":")
        purl = f"pkg:deb/{system}/{plain}@{version.replace(':', '%3A').replace('+', '%2B')}"
        yield {
            "type": "library",
            "name": plain,
            "version": version,
            "purl": f"{purl}?arch={machine}" if machine else purl,
            "bom-ref": f"{system}/{name}=={version}",
        }


def _files(folder: Path) -> Iterator[Component]:
    """Yield the programs, and the libraries that aren't in a package's folder, with their hashes."""
    found = {*debian_libraries.binaries(folder), *(path for path in folder.rglob("*") if path.suffix in _LIBRARIES)}
    for path in sorted(path for path in found if path.is_file() and not path.is_symlink()):
        inside = path.relative_to(folder)
        if len(inside.parts) > DEEPEST:
            continue
        yield {
            "type": "file",
            "name": inside.as_posix(),
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            "bom-ref": inside.as_posix(),
        }


def _same(name: str) -> str:
    """Return a name's normalized form, the same for all its spellings (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
