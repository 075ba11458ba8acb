"""Whose work a bundle contains, and under which licences it may be passed on: one text for its package."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from app.facts import licences
from release import debian_libraries
from release.project import ROOT, Project

_LINE = "=" * 78


def text(folder: Path, project: Project) -> str:
    """Return a bundle's notices: its own, and those of its Python packages, its libraries and its data."""
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    sections = [(f"{project.title}, by {project.authors}", own)]
    beside = [part for part in licences.components() if not part.distribution]
    for part in (*beside, *licences.DATA):
        sections.append((f"{part.name} {part.version}".strip(), f"{part.licence}\n\n{part.text()}"))
    sections += _python_packages(folder, project)
    sections += _libraries(folder)
    begins = f"{project.title} and what it is made of, part by part, each with its licence.\n"
    return begins + "".join(f"\n{_LINE}\n{title}\n{_LINE}\n\n{said.strip()}\n" for title, said in sections)


def _python_packages(folder: Path, project: Project) -> list[tuple[str, str]]:
    """Return the notices of the distributions in a bundle, as shipped with them."""
    found = {}
    for place in sorted(folder.rglob("*.dist-info")):
        part = metadata.Distribution.at(place)
        if part.name == project.distribution:
            continue
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in _files(place)]
        found[f"{part.name} {part.version}"] = "\n\n".join(dict.fromkeys([*licences.named_licences(part), *texts]))
    return sorted(found.items(), key=lambda each: each[0].lower())


def _files(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file() and licences.LICENCE_FILE.search(path.name))


def _libraries(folder: Path) -> list[tuple[str, str]]:
    """Return the notices of Debian's libraries in a bundle; packages with the same notices share a section."""
    by_text: dict[str, list[str]] = {}
    for package, said in debian_libraries.copyrights(debian_libraries.carried(folder)).items():
        by_text.setdefault(said, []).append(package)
    return [(f"From Debian: {', '.join(packages)}", said) for said, packages in by_text.items()]
