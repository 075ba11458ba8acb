"""Whose work the program is made of: each installed part with its licence, and the data that it learned from."""

from __future__ import annotations

import platform
import re
import sys
import sysconfig
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from app.facts.card_text import UNKNOWN
from model.base import project
from model.base.language import N_, _
from model.base.program import DISTRIBUTION, NAME, ROOT

LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
LONGEST_NAME = 60  # letters: a longer "licence" in a package's metadata is the licence's whole text

_PACKAGE = re.compile(r"[\w.-]+")  # at the beginning of a requirement
_SHIPPED = N_("The text of its licence comes with the installed package.")
_TCL = N_(
    "You may use, copy, change and share Tcl and Tk freely, as long as their notices stay: "
    "https://www.tcl-lang.org/software/tcltk/license.html"
)


@dataclass(frozen=True, slots=True)
class Component:
    """Something by others that Inkling uses."""

    name: str
    version: str  # empty: it has none, as data
    licence: str  # as its makers name it
    about: str = ""  # in a sentence or two, to be said by `_`
    files: tuple[Path, ...] = ()  # where its licence can be
    distribution: str = ""  # under which it's installed, with its licence; empty: it isn't

    def text(self) -> str:
        """Return the text to show: its installed licence texts, or else a sentence."""
        texts = [_(self.about)] if self.about else []
        for file in (*self.files, *_installed_files(self.distribution)):
            try:
                texts.append(file.read_text(encoding="utf-8", errors="replace").strip())
            except OSError:
                continue
        return "\n\n".join(dict.fromkeys(filter(None, texts))) or _(_SHIPPED)  # some packages bring the same one twice


# What the built-in model has learned from and was measured by. The numbers of it are on the model's card.
DATA = (
    Component(
        "MNIST",
        "",
        "CC BY-SA 3.0",
        N_(
            "70,000 digits that clerks and pupils wrote on forms of the American bureau of standards, made "
            "into images of 28 by 28 pixels by Yann LeCun, Corinna Cortes and Christopher Burges. The "
            "built-in model learned from them, and its accuracy is measured on those that it hasn't seen. "
            "The licence is the one that's usually stated for them."
        ),
    ),
    Component(
        N_("Pen-Based Recognition of Handwritten Digits"),
        "",
        "CC BY 4.0",
        N_(
            "Digits that 30 people wrote with a pen on a tablet, collected by Ethem Alpaydin and Fevzi "
            "Alimoglu, 1998, published in the UCI Machine Learning Repository. The built-in model learned "
            "from most of these people, and is judged by the others. Their strokes were redrawn as ink. The "
            "example page is in the hand of one of them."
        ),
    ),
    Component(
        "UJI Pen Characters",
        "",
        "CC BY 4.0",
        N_(
            "Letters that 11 people wrote with a pen on a tablet, published in the UCI Machine Learning "
            "Repository. From most of them, the network that doubts learned what isn't a digit; it's judged "
            "by the others. Their strokes were redrawn as ink."
        ),
    ),
    Component(
        "NumberPad",
        "",
        "Apache-2.0",
        N_(
            "Digits and signs that one person wrote on a touch screen, by Bridger Maxwell. No network "
            "learned from them: they only judge."
        ),
    ),
)


def components() -> list[Component]:
    """Return Inkling, Python, Tk, a font, and the installed libraries, direct requirements first."""
    letters = N_("A typeface for systems without one.")
    return [
        Component(NAME, project.version(), "MIT", files=(ROOT / "LICENSE",), distribution=DISTRIBUTION),
        Component("Python", platform.python_version(), "PSF-2.0", files=python_licences()),
        Component("Tcl/Tk", "", "TCL", _TCL),
        Component("DejaVu Sans", "2.37", "Bitstream-Vera", letters, (ROOT / "assets" / "fonts" / "LICENSE",)),
        *_libraries(),
    ]


def _libraries() -> list[Component]:
    """Return what is installed of what the program needs, and of what that needs."""
    waiting, found = project.named(), dict[str, Component]()
    for requirement in waiting:  # it grows meanwhile
        package = _PACKAGE.match(requirement)
        try:
            installed = metadata.distribution(package[0] if package else "-")
        except metadata.PackageNotFoundError:
            continue  # another system needs it
        name = canonicalize_name(installed.name)
        if name not in found and name != DISTRIBUTION:  # an extra of its own, which names others
            licences = (
                each for each in named_licences(installed) if "\n" not in each and 0 < len(each) <= LONGEST_NAME
            )
            licence = next(licences, UNKNOWN)
            found[name] = Component(installed.name, installed.version, licence, distribution=installed.name)
            waiting += [each for each in installed.requires or () if "extra ==" not in each]
    return list(found.values())


def named_licences(installed: metadata.Distribution) -> list[str]:
    """Return all that a package's metadata say of its licence, the newest way first; some have its whole text there."""
    said = installed.metadata.get_all("License-Expression") or installed.metadata.get_all("License") or []
    named = [each for each in installed.metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    return [*said, *(each.rpartition(" :: ")[2] for each in named)]


def python_licences() -> tuple[Path, Path]:
    """Return where Python's own licence can be; a bundle has it at the second place."""
    return Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"


def _installed_files(distribution: str) -> list[Path]:
    """Return the licence files that are installed with a distribution."""
    try:
        files = (distribution and metadata.files(distribution)) or []
    except metadata.PackageNotFoundError:
        return []
    kept = [file for file in files if file.parts[0].endswith(".dist-info") and LICENCE_FILE.search(file.name)]
    return [Path(str(file.locate())) for file in kept]
