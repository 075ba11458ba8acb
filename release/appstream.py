"""What software centres show about the program: AppStream metadata, including the changelog."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from model.base.language import N_
from release import changelog, desktop, ink_file, translations
from release.project import ROOT, Project

SCREENSHOTS = {"light": N_("A number that's drawn and read"), "inside": N_("What the network sees")}

_DAY = re.compile(r"^Released (\d{4}-\d\d-\d\d)\.$", re.MULTILINE)
_MARKS = re.compile(r"[*`]|\[(?P<words>[^]]*)\]\([^)]*\)")  # of Markdown


def metainfo(project: Project, carries: str, time: int, address: str = "") -> bytes:
    """Return a flavour's metadata. Raises UserError if there's no changelog.

    Args:
        project: the program.
        carries: what the flavour can do, in sentences.
        time: of the package, in seconds since 1970.
        address: the project's address on the web, for its pictures; without it, none are shown.
    """
    root = ET.Element("component", type="desktop-application")
    _add(root, "id", project.identifier)
    _add(root, "name", project.title)
    translations.add(root, "summary", desktop.COMMENT)
    _add(root, "metadata_license", project.licence)
    _add(root, "project_license", project.licence)
    _add(_add(root, "developer", id=project.identifier.rpartition(".")[0].lower()), "name", project.authors)
    _add(_add(root, "description"), "p", f"{project.description} {carries}")
    _add(root, "icon", project.identifier, type="stock")
    _add(root, "launchable", f"{project.identifier}.desktop", type="desktop-id")
    if address:
        _add(root, "url", address, type="homepage")
        screenshots = _add(root, "screenshots")
        for name, said in SCREENSHOTS.items():
            kind = {} if len(screenshots) else {"type": "default"}
            screenshot = _add(screenshots, "screenshot", **kind)
            translations.add(screenshot, "caption", said)
            _add(screenshot, "image", f"{address}/raw/v{project.version}/docs/pictures/{name}.png")
    _add_each(_add(root, "categories"), "category", desktop.CATEGORIES)
    _add_each(_add(root, "keywords"), "keyword", project.keywords)
    provides = _add(root, "provides")
    _add_each(provides, "binary", [name for name, _entry in project.programs])
    _add_each(provides, "mediatype", [ink_file.TYPE, *ink_file.picture_types()])
    _add(root, "content_rating", type="oars-1.1")
    releases = _add(root, "releases")
    for version, day, news in released(time):
        release = _add(releases, "release", version=version, date=day)
        if news:
            _add_each(_add(_add(release, "description"), "ul"), "li", news)
    return desktop.xml(root)


def released(time: int) -> list[tuple[str, str, list[str]]]:
    """Return each version in the changelog, the newest first, with its day and its news.

    A version that isn't released yet has the package's day. Raises UserError.
    """
    today = f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"
    found = []
    for version, text in changelog.sections(changelog.text(ROOT)).items():
        if version != changelog.UNRELEASED:
            day = _DAY.search(text)
            found.append((version, day[1] if day else today, news(text)))
    return found


def seconds(day: str) -> int:
    """Return when a day begins, in seconds since 1970."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def news(text: str) -> list[str]:
    """Return the items of a Markdown list, one line each, without markup."""
    points = re.split(r"^- ", text, flags=re.MULTILINE)[1:]
    own = [re.split(r"^(?=#)", point, maxsplit=1, flags=re.MULTILINE)[0] for point in points]
    return [" ".join(_MARKS.sub(lambda mark: mark["words"] or "", point).split()) for point in own]


def _add(to: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(to, name, attributes)
    element.text = text or None
    return element


def _add_each(to: ET.Element, name: str, texts: list[str] | tuple[str, ...]) -> None:
    for text in texts:
        _add(to, name, text)
