"""Whose work the program is made of: each installed part with its licence, and the data that it learned from."""

from __future__ import annotations

import platform
import re
import sys
import sysconfig
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from app.facts import about
from app.facts.card_text import UNKNOWN
from model.base import installation
from model.base.installation import project_file
from model.base.language import N_, _
from model.base.program import DISTRIBUTION, NAME, ROOT

_NAME = re.compile(r"[\w.-]+")  # of a requirement, before its conditions
LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_SHORT = 60  # letters: a longer "licence" in a package's metadata is the licence's whole text

SHIPPED = N_("Its licence's text comes with the package of it that is installed.")
TCL = N_(
    "Tcl and Tk may be used, copied, changed and passed on freely, as long as their notices stay: "
    "https://www.tcl-lang.org/software/tcltk/license.html"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that others have made and Inkling uses."""

    name: str
    version: str  # empty: it has none, as data
    licence: str  # as its makers name it
    about: str = ""  # in a sentence or two, to be said by `_`
    distribution: str = ""  # under which it is installed; empty: it is not

    def text(self) -> str:
        """Return what is to be read of it: the texts of its licence, as they are installed, else a sentence."""
        parts = [_(self.about) if self.about else "", *_texts(self.distribution)]
        return "\n\n".join(part for part in parts if part) or _(SHIPPED)


# What the bundled model has learned from and was measured by. The numbers of it are on the model's card.
DATA = (
    Part(
        "MNIST",
        "",
        "CC BY-SA 3.0",
        N_(
            "70,000 digits that clerks and pupils wrote on forms of the American bureau of standards, made into "
            "pictures of 28 by 28 pixels by Yann LeCun, Corinna Cortes and Christopher Burges. The bundled model "
            "has learned from them, and its accuracy is measured on those that it has not seen. The licence is the "
            "one that is usually stated for them."
        ),
    ),
    Part(
        N_("Pen-Based Recognition of Handwritten Digits"),
        "",
        "CC BY 4.0",
        N_(
            "Digits that 30 people wrote with a pen on a tablet, collected by Ethem Alpaydin and Fevzi Alimoglu, "
            "1998, published in the UCI Machine Learning Repository. The bundled model has learned from most of the "
            "people and is judged by the others; their strokes were drawn anew as ink."
        ),
    ),
    Part(
        "UJI Pen Characters",
        "",
        "CC BY 4.0",
        N_(
            "Letters that 11 people wrote with a pen on a tablet, published in the UCI Machine Learning Repository. "
            "The network that doubts has learned from most of them what is no digit and is judged by the others; "
            "their strokes were drawn anew as ink."
        ),
    ),
    Part(
        "NumberPad",
        "",
        "Apache-2.0",
        N_(
            "Digits and signs that one person wrote on a touch screen, by Bridger Maxwell. No network has learned "
            "from them: they only judge."
        ),
    ),
)


def parts() -> list[Part]:
    """Return Inkling, Python, Tk, a font, and the libraries that are installed for it, those that it names first."""
    own = Part(NAME, about.version(), "MIT", distribution=DISTRIBUTION)
    python = Part("Python", platform.python_version(), "PSF-2.0", distribution=PYTHON)
    tk = Part("Tcl/Tk", "", "TCL", TCL)
    font = Part("DejaVu Sans", "2.37", "Bitstream-Vera", N_("Letters for systems that have no font."), FONT)
    return [own, python, tk, font, *_libraries()]


PYTHON, FONT = "python", "dejavu"  # stand for what is no distribution


def _libraries() -> list[Part]:
    """Return what is installed of what the program needs, and of what that needs."""
    waiting, found = [_name(each) for each in installation.named()], dict[str, Part]()
    for name in waiting:  # it grows meanwhile
        try:
            installed = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # another system needs it
        if _same(installed.name) == DISTRIBUTION:
            continue  # an extra of its own, which names others
        part = Part(installed.name, installed.version, _licence(installed), distribution=name)
        if found.setdefault(_same(name), part) is part:
            waiting += [_name(each) for each in installed.requires or () if "extra ==" not in each]
    return list(found.values())


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found[0] if found else ""


def _same(name: str) -> str:
    """Return a name as all its spellings have it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(installed: metadata.Distribution) -> str:
    """Return a licence as the package's metadata name it, in the newest of their three ways that there is."""
    named = (each for each in named_licences(installed) if each and "\n" not in each and len(each) <= _SHORT)
    return next(named, UNKNOWN)


def named_licences(installed: metadata.Distribution) -> list[str]:
    """Return all that a package's metadata say of its licence; some have its whole text there."""
    said = installed.metadata.get_all("License-Expression") or installed.metadata.get_all("License") or []
    named = [each for each in installed.metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    return [*said, *(each.rpartition(" :: ")[2] for each in named)]


def _texts(distribution: str) -> list[str]:
    """Return the licence files that are installed with a distribution."""
    files: list[Path]
    if not distribution:
        files = []
    elif distribution == PYTHON:
        files = python_licences()
    elif distribution == FONT:
        files = [ROOT / "assets" / "fonts" / "LICENSE"]
    elif distribution == DISTRIBUTION and project_file() is not None:
        files = [ROOT / "LICENSE"]
    else:
        files = _installed_files(distribution)
    texts = []
    for file in files:
        try:
            texts.append(file.read_text(encoding="utf-8", errors="replace").strip())
        except OSError:
            continue
    return list(dict.fromkeys(texts))  # some packages bring the same one twice


def python_licences() -> list[Path]:
    """Return where Python's own licence can be; a bundle has it at the second place."""
    return [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]


def _installed_files(distribution: str) -> list[Path]:
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        return []
    kept = [file for file in files if file.parts[0].endswith(".dist-info") and LICENCE_FILE.search(file.name)]
    return [Path(str(file.locate())) for file in kept]
