"""What build.spec writes into other systems' programs, read as those systems read it."""

import dataclasses
import importlib
import plistlib
import sys
from pathlib import Path

import pytest

from release import ink_file, project
from release.info_plist import info_plist
from release.version_resource import version_resource


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", (0, 1, 0, 0)), ("1.2", (1, 2, 0, 0)), ("2.0.0rc1", (2, 0, 0, 0))]
)
def test_windows_reads_the_version_of_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, numbers: tuple[int, ...]
) -> None:
    if sys.platform != "win32":
        monkeypatch.setattr("PyInstaller.compat.win32api", None, raising=False)  # it'd write into programs
    versioninfo = importlib.import_module("PyInstaller.utils.win32.versioninfo")
    own = dataclasses.replace(project.load(), version=version, authors='Anna "and" 手')
    file = tmp_path / "inkling.txt"
    file.write_text(version_resource(own, "inkling"), encoding="utf-8")
    read = versioninfo.load_version_info_from_text_file(file)
    high, low = read.ffi.fileVersionMS, read.ffi.fileVersionLS
    assert (high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF) == numbers
    (table,) = read.kids[0].kids
    strings = {each.name: each.val for each in table.kids}
    assert strings["ProductVersion"] == version
    assert strings["ProductName"] == own.title
    assert strings["OriginalFilename"] == "inkling.exe"
    assert own.authors in strings["LegalCopyright"]
    (language,) = read.kids[1].kids
    assert language.kids == [0x409, 0x4B0]


def test_macos_is_told_what_belongs_to_the_program() -> None:
    own = project.load()
    entries = plistlib.loads(plistlib.dumps(info_plist(own)))
    assert entries["CFBundleShortVersionString"] == own.version
    assert entries["NSHighResolutionCapable"] is True
    assert entries["LSBackgroundOnly"] is False
    (ours,) = entries["UTExportedTypeDeclarations"]
    assert ours["UTTypeTagSpecification"]["public.filename-extension"] == [ink_file.ENDING.lstrip(".")]
    opened = [kind for document in entries["CFBundleDocumentTypes"] for kind in document["LSItemContentTypes"]]
    assert opened == [ours["UTTypeIdentifier"], "public.image"]
