"""What a Linux desktop needs to know about the program: its menu entry, its icons, and the ink that it opens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from model.base.language import N_
from release import ink_file, translations
from release.members import Member
from release.project import ROOT, Project

KIND = N_("Handwriting reader")
COMMENT = N_("Reads handwritten digits.")
CATEGORIES = ("Education", "ArtificialIntelligence")
ICONS = ROOT / "assets" / "icon"
_MIME = "http://www.freedesktop.org/standards/shared-mime-info"
_SIZE = re.compile(r"\d+")


def entry(project: Project) -> str:
    """Return the menu entry, in the format of the Desktop Entry Specification."""
    lines = [
        "[Desktop Entry]",
        "Version=1.1",  # of the specification: this one has every key that we need
        "Type=Application",
        f"Name={project.title}",
        *_in_each_language("GenericName", KIND),
        *_in_each_language("Comment", COMMENT),
        f"Exec={project.name} %F",
        f"Icon={project.identifier}",
        f"Categories={_list(CATEGORIES)}",
        f"Keywords={_list(project.keywords)}",
        f"MimeType={_list([ink_file.TYPE, *ink_file.picture_types()])}",
        f"StartupWMClass={project.title}",  # the window's class, set in `app.ui.window.start`
    ]
    return "\n".join(lines) + "\n"


def ink_type(project: Project) -> bytes:
    """Return ink's entry for the shared MIME database: its ending, and how it begins if it has none."""
    ET.register_namespace("", _MIME)
    root = ET.Element(f"{{{_MIME}}}mime-info")
    kind = ET.SubElement(root, f"{{{_MIME}}}mime-type", type=ink_file.TYPE)
    translations.add(kind, f"{{{_MIME}}}comment", ink_file.NAME)
    ET.SubElement(kind, f"{{{_MIME}}}sub-class-of", type="application/json")  # JSON editors can open it, too
    ET.SubElement(kind, f"{{{_MIME}}}icon", name=project.identifier)
    magic = ET.SubElement(kind, f"{{{_MIME}}}magic", priority="50")
    for begins in ink_file.BEGINS:
        ET.SubElement(magic, f"{{{_MIME}}}match", type="string", offset="0", value=begins)
    ET.SubElement(kind, f"{{{_MIME}}}glob", pattern=f"*{ink_file.ENDING}")
    return xml(root)


def icons(project: Project) -> list[Member]:
    """Return the icon in each size and as SVG, in the places for themes in a folder ``share``."""
    theme, name = "icons/hicolor", project.identifier
    sized = [
        Member(f"{theme}/{size}x{size}/apps/{name}.png", ICONS / f"{size}.png")
        for size in sorted(int(path.stem) for path in ICONS.glob("*.png") if _SIZE.fullmatch(path.stem))
    ]
    (lines,) = ICONS.glob("*.svg")
    return [*sized, Member(f"{theme}/scalable/apps/{name}.svg", lines)]


def xml(root: ET.Element) -> bytes:
    """Return an XML document, indented for people to read."""
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _in_each_language(key: str, sentence: str) -> list[str]:
    said = {"": sentence} | {f"[{code}]": text for code, text in translations.of(sentence).items()}
    return [f"{key}{code}={translations.without_stop(text)}" for code, text in said.items()]


def _list(values: Iterable[str]) -> str:
    return "".join(f"{value};" for value in values)
