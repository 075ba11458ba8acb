"""A Debian package of a bundle. Nothing runs when it's installed or removed: it only has files."""

from __future__ import annotations

import gzip
import hashlib
import re
import tempfile
import textwrap
from email.utils import formatdate
from pathlib import Path

from release import appstream, debian_libraries, members, tools
from release.bundle import Bundle
from release.members import Member
from release.project import FLAVOURS

DATA = Path(__file__).resolve().parent / "linux"
# Not /opt: it isn't a foreign program, both flavours are the same program, and Debian's own check rejects /opt.
HOME = "usr/lib"
# A system's font configuration and a font (the bundle's own is for systems without any); what opens reports.
RECOMMENDS = "fontconfig-config, xdg-utils"
SUGGESTS = "fonts-noto-cjk, zenity | kdialog"  # Chinese; the desktop's file dialogs
SUMMARY = "desktop handwriting reader"
_BEFORE = re.compile(r"(a|b|rc)\d")
COMPRESSION = ("-Zxz", "-z6")  # as in `release.archives`; zstd at level 19 of 22 makes it 6 % larger


def make(bundle: Bundle, output: Path) -> Path:
    """Make the package in a folder. Raises UserError if a tool is missing or fails, OSError if the disk is full."""
    tools.need("dpkg-deb", "dpkg")
    architecture = tools.run(["dpkg", "--print-architecture"]).strip()
    # The name has the version without Debian's ~: GitHub would make that a dot, and SHA256SUMS wouldn't match any file.
    path = output / f"{bundle.package}_{bundle.project.version}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=output, prefix=".deb-") as name:
        stage = Path(name, "package")
        content = contents(bundle)
        members.write(content, stage)
        (stage / "DEBIAN").mkdir(mode=members.PROGRAM)
        depends = debian_libraries.needed(stage, bundle.package)
        members.write(_control(bundle, architecture, depends, content), stage)
        made = Path(name, path.name)
        words = ["dpkg-deb", "--build", "--root-owner-group", *COMPRESSION, stage, made]
        tools.run(words, more={"SOURCE_DATE_EPOCH": str(bundle.time)})
        made.replace(path)
    return path


def version(bundle: Bundle) -> str:
    """Return the version in Debian's form, which sorts right: 1.2.0~rc1 is before 1.2.0."""
    return _BEFORE.sub(r"~\g<0>", bundle.project.version)


def contents(bundle: Bundle) -> list[Member]:
    """Return the package's files."""
    project = bundle.project
    place, documents = f"{HOME}/{project.name}", f"usr/share/doc/{bundle.package}"
    programs = [Member(f"usr/bin/{name}", link=f"../lib/{project.name}/{name}") for name, _entry in project.programs]
    return [
        *members.of_folder(bundle.folder, place),
        *programs,
        *(Member(f"usr/{each.name}", each.content, each.mode) for each in bundle.shared()),
        Member(f"usr/share/lintian/overrides/{bundle.package}", DATA / "lintian-overrides"),
        Member(f"{documents}/copyright", bundle.notices().encode()),
        Member(f"{documents}/changelog.gz", gzip.compress(_changelog(bundle).encode(), mtime=0)),
    ]


def _control(bundle: Bundle, architecture: str, depends: str, content: list[Member]) -> list[Member]:
    other = next(name for name in FLAVOURS.values() if name != bundle.package)
    said = f"{bundle.project.description} {bundle.carries}"
    fields = {
        "Package": bundle.package,
        "Version": version(bundle),
        "Architecture": architecture,
        "Maintainer": _maintainer(bundle),
        "Installed-Size": str(sum(_kibibytes(member) for member in content)),
        "Depends": depends,
        "Recommends": RECOMMENDS,
        "Suggests": SUGGESTS,
        "Conflicts": other,  # the two flavours are one program in one place: either replaces the other
        "Replaces": other,
        "Provides": bundle.project.name if bundle.package != bundle.project.name else "",
        "Section": "education",
        "Priority": "optional",
        "Description": "\n ".join([_summary(bundle), *textwrap.wrap(said, 76)]),
    }
    control = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    sums = [f"{_sum(member)}  {member.name}\n" for member in members.in_order(content) if not member.link]
    return [Member("DEBIAN/control", control.encode()), Member("DEBIAN/md5sums", "".join(sums).encode())]


def _changelog(bundle: Bundle) -> str:
    """Return the changelog in Debian's form: one entry per version, each signed and dated."""
    entries = []
    for number, day, news in appstream.released(bundle.time):
        points = "\n".join(
            textwrap.fill(f"* {point}", 78, initial_indent="  ", subsequent_indent="    ") for point in news
        )
        signed = f" -- {_maintainer(bundle)}  {formatdate(appstream.seconds(day))}"
        entries.append(f"{bundle.package} ({number}) unstable; urgency=medium\n\n{points}\n\n{signed}\n")
    return "\n".join(entries)


def _maintainer(bundle: Bundle) -> str:
    return f"{bundle.project.authors} <{bundle.project.address}>"


def _summary(bundle: Bundle) -> str:
    """Return what's next to the package's name in lists: a phrase, not a sentence."""
    return f"{SUMMARY} ({bundle.flavour})"


def _kibibytes(member: Member) -> int:
    size = len(member.content) if isinstance(member.content, bytes) else member.content.stat().st_size
    return -(-size // 1024)


def _sum(member: Member) -> str:
    if isinstance(member.content, bytes):
        return hashlib.md5(member.content, usedforsecurity=False).hexdigest()
    with member.content.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
