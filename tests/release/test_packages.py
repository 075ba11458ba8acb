"""Packages are made from a bundle: from a small made-up one, and from the real ones that INKLING_BUNDLES names.

A stand-in replaces other systems' tools and records its arguments, which is all that's tested of them here.
"""

import dataclasses
import hashlib
import itertools
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import time
import zipfile
from configparser import RawConfigParser
from pathlib import Path

import pytest

from app.sources.pictures import PICTURE_ENDINGS, PICTURE_FORMATS
from model.base import language
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke, write_line
from release import (
    appstream,
    bundle,
    deb,
    debian_libraries,
    desktop,
    ink_file,
    macos_packages,
    packages,
    project,
    tarball,
    translations,
    windows_packages,
)
from release.__main__ import main
from release.bundle import Bundle
from tests.conftest import missing, on_linux
from tests.screen import PATIENCE

TIME = 1_700_000_000  # in the past, like a commit's: dpkg-deb lowers newer times to it, and leaves older ones
VERSION = project.load().version
INK = write_line(Drawing((Stroke((Point(1, 2), Point(3, 4))),)))


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TIME))


@pytest.fixture
def small(tmp_path: Path) -> Bundle:
    """A bundle of three files and two links that only its owner may read."""
    if sys.platform == "win32":
        missing("the made-up program is a shell script: Linux or macOS")
    return bundle.open_bundle(_make(tmp_path / "inkling-light"))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


def _make(folder: Path, version: str = VERSION) -> Path:
    (folder / "_internal").mkdir(parents=True)
    program = folder / "inkling"
    program.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo Inkling {version} || echo "$0|$*" >"$STARTED"\n')
    program.chmod(0o700)
    (folder / "inkling-cli").symlink_to("inkling")
    (folder / "_internal" / "libdigits.so.1").write_bytes(b"a library\n" * 1000)
    (folder / "_internal" / "libdigits.so.1").chmod(0o700)
    (folder / "_internal" / "libdigits.so").symlink_to("libdigits.so.1")
    (folder / "_internal" / "model.json").write_text("{}")
    (folder / "_internal" / "model.json").chmod(0o600)
    return folder


def _need(*tools: tuple[str, str]) -> None:
    for tool, package in tools:
        if shutil.which(tool) is None:
            missing(f"{tool} is needed: apt install {package}")


def _real(name: str) -> Path:
    found = [Path(each) for each in os.environ.get("INKLING_BUNDLES", "").split(os.pathsep) if Path(each).name == name]
    if not found:
        missing(f"INKLING_BUNDLES names no folder {name}; build it with pyinstaller, and name it there")
    return found[0]


def _stand_in(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, does: str = "") -> Path:
    """Put a stand-in for a tool first on the PATH: it records its arguments, one per line, and does what it's told."""
    folder.mkdir(exist_ok=True)
    tool, words = folder / name, folder / f"{name}.words"
    tool.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>"{words}"\n{does}\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return words


def _entries(path: Path) -> list[tarfile.TarInfo]:
    with tarfile.open(path) as archive:
        return archive.getmembers()


@on_linux
def test_the_archive_has_one_folder_with_everything_root_s_and_modes_that_all_can_use(
    small: Bundle, output: Path
) -> None:
    _need(("xz", "xz-utils"))
    path = tarball.make(small, output)
    assert path.name == f"inkling-light-{VERSION}-{bundle.this_system()}.tar.xz"
    entries = {entry.name: entry for entry in _entries(path)}
    top = f"inkling-light-{VERSION}"
    assert {name.split("/")[0] for name in entries} == {top}
    assert {(entry.uname, entry.gid, entry.mtime) for entry in entries.values()} == {("root", 0, TIME)}
    programs = {name for name, entry in entries.items() if entry.isfile() and entry.mode == 0o755}
    assert programs == {f"{top}/inkling", f"{top}/menu.sh"}  # a library isn't one, whatever its mode was
    assert {entry.mode for entry in entries.values() if entry.isfile()} == {0o755, 0o644}
    assert {entry.mode for entry in entries.values() if entry.isdir()} == {0o755}
    assert entries[f"{top}/inkling-cli"].linkname == "inkling"
    assert entries[f"{top}/_internal/libdigits.so"].linkname == "libdigits.so.1"
    assert f"{top}/share/applications/org.inkling.Inkling.desktop" in entries


@on_linux
def test_the_same_files_make_the_same_packages(small: Bundle, tmp_path: Path) -> None:
    _need(("xz", "xz-utils"), ("dpkg-deb", "dpkg"), ("dpkg-shlibdeps", "dpkg-dev"))
    made = []
    for makes in ("once", "again"):
        output = tmp_path / makes
        output.mkdir()
        made.append([make(small, output).read_bytes() for make in (tarball.make, deb.make, windows_packages.make_zip)])
        for path in small.folder.rglob("*"):
            os.utime(path, (TIME + 5, TIME + 7), follow_symlinks=False)
    assert made[0] == made[1]


@on_linux
def test_without_git_what_is_packed_has_the_project_s_time(
    small: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bundle.open_bundle(small.folder).time == int((project.ROOT / "pyproject.toml").stat().st_mtime)


@on_linux
def test_the_script_puts_the_program_into_the_menu_from_any_folder_and_takes_it_out_again(
    small: Bundle, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _need(("xz", "xz-utils"), ("gio", "libglib2.0-bin"), ("desktop-file-validate", "desktop-file-utils"))
    odd = tmp_path / 'most of "my" $HOME\'s `é` \\ & folders'
    with tarfile.open(tarball.make(small, output)) as archive:
        archive.extractall(odd, filter="data")
    (folder,) = odd.iterdir()
    data = tmp_path / "data of mine"
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    subprocess.run(["sh", folder / "menu.sh", "add"], check=True, cwd="/", umask=0o077)
    entry = data / "applications" / "org.inkling.Inkling.desktop"
    subprocess.run(["desktop-file-validate", entry], check=True)
    assert (data / "icons/hicolor/48x48/apps/org.inkling.Inkling.png").stat().st_mode & 0o777 == 0o644

    started = tmp_path / "started"
    monkeypatch.setenv("STARTED", str(started))
    drawing = tmp_path / "a drawing.inkling"
    drawing.write_text(INK)
    subprocess.run(["gio", "launch", entry, drawing], check=True)  # as a desktop starts it
    until = time.monotonic() + PATIENCE
    while not (started.exists() and started.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    assert started.read_text() == f"{folder / 'inkling'}|{drawing}\n"

    subprocess.run(["sh", folder / "menu.sh", "remove"], check=True)
    left = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    assert all(name.startswith("mime/") or name == "applications/mimeinfo.cache" for name in left), left
    assert not (data / "mime" / "packages" / "org.inkling.Inkling.xml").exists()
    assert not any(b"inkling" in (data / name).read_bytes() for name in left)  # only desktops' own caches
    assert subprocess.run(["sh", folder / "menu.sh"], check=False).returncode == 2
    percent = odd.rename(tmp_path / "50%") / folder.name
    refused = subprocess.run(["sh", percent / "menu.sh", "add"], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "% or = in its path" in refused.stderr


@on_linux
def test_the_package_for_debian_says_what_it_is_and_brings_what_a_desktop_looks_for(
    small: Bundle, output: Path, tmp_path: Path
) -> None:
    _need(("dpkg-deb", "dpkg"), ("dpkg-shlibdeps", "dpkg-dev"))
    path = deb.make(small, output)
    assert re.fullmatch(rf"inkling-light_{re.escape(VERSION)}_\w+\.deb", path.name)
    assert [each.name for each in output.iterdir()] == [path.name]  # and no intermediate files

    control = subprocess.run(["dpkg-deb", "--field", path], capture_output=True, text=True, check=True).stdout
    fields = dict(re.findall(r"^([\w-]+): (.*)$", control, re.MULTILINE))
    assert fields["Version"] == VERSION
    assert fields["Conflicts"] == fields["Replaces"] == fields["Provides"] == "inkling"
    assert "Depends" not in fields  # the made-up programs are scripts
    assert small.project.authors in fields["Maintainer"]

    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", path, root], check=True)
    for name in ("inkling", "inkling-cli"):
        assert (root / "usr/bin" / name).resolve() == root / "usr/lib/inkling/inkling"
    for name in (
        "applications/org.inkling.Inkling.desktop",
        "metainfo/org.inkling.Inkling.metainfo.xml",
        "mime/packages/org.inkling.Inkling.xml",
        "icons/hicolor/scalable/apps/org.inkling.Inkling.svg",
        *(f"icons/hicolor/{size}x{size}/apps/org.inkling.Inkling.png" for size in (16, 24, 32, 48, 64, 128, 256, 512)),
        "doc/inkling-light/copyright",
        "doc/inkling-light/changelog.gz",
    ):
        assert (root / "usr/share" / name).is_file(), name
    lines = (root / "DEBIAN/md5sums").read_text().splitlines()
    sums = {name: said for said, name in (line.split("  ") for line in lines)}
    files = [each for each in (root / "usr").rglob("*") if each.is_file() and not each.is_symlink()]
    assert sums == {
        str(each.relative_to(root)): hashlib.md5(each.read_bytes(), usedforsecurity=False).hexdigest() for each in files
    }
    listed = subprocess.run(["dpkg-deb", "--contents", path], capture_output=True, text=True, check=True).stdout
    assert {tuple(line.split()[:2]) for line in listed.splitlines()} == {
        ("drwxr-xr-x", "root/root"),
        ("-rwxr-xr-x", "root/root"),
        ("-rw-r--r--", "root/root"),
        ("lrwxrwxrwx", "root/root"),
    }


@on_linux
def test_a_package_s_name_has_no_letter_that_a_download_page_changes(small: Bundle, output: Path) -> None:
    _need(("dpkg-deb", "dpkg"), ("dpkg-shlibdeps", "dpkg-dev"))
    early = dataclasses.replace(small, project=dataclasses.replace(small.project, version="7.2.0rc1"))
    path = deb.make(early, output)
    assert re.fullmatch(r"inkling-light_7\.2\.0rc1_\w+\.deb", path.name)
    words = ["dpkg-deb", "--field", str(path), "Version"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "7.2.0~rc1\n"


@on_linux
def test_debian_sorts_what_comes_before_a_version_before_it(small: Bundle) -> None:
    _need(("dpkg", "dpkg"))

    def version(of: str) -> str:
        return deb.version(dataclasses.replace(small, project=dataclasses.replace(small.project, version=of)))

    versions = [version(of) for of in ("1.1.9", "1.2.0a1", "1.2.0b1", "1.2.0rc1", "1.2.0", "1.2.1")]
    for older, newer in itertools.pairwise(versions):
        subprocess.run(["dpkg", "--compare-versions", older, "lt", newer], check=True)


@on_linux
def test_desktops_find_nothing_wrong_with_the_menu_entry_and_the_metadata(small: Bundle, tmp_path: Path) -> None:
    _need(("desktop-file-validate", "desktop-file-utils"), ("appstreamcli", "appstream"))
    for member in small.shared():
        path = tmp_path / Path(member.name).name
        path.write_bytes(member.content if isinstance(member.content, bytes) else member.content.read_bytes())
    entry, metadata = tmp_path / "org.inkling.Inkling.desktop", tmp_path / "org.inkling.Inkling.metainfo.xml"
    found = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, check=True)
    assert not found.stdout + found.stderr
    subprocess.run(["appstreamcli", "validate", "--no-net", metadata], check=True)
    assert f'<release version="{VERSION}"' in metadata.read_text(encoding="utf-8")


def test_the_menu_entry_opens_ink_and_every_picture_and_speaks_every_language(small: Bundle) -> None:
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # its keys have capitals
    parser.read_string(desktop.entry(small.project))
    entry = parser["Desktop Entry"]
    assert entry["Exec"] == "inkling %F"
    kinds = entry["MimeType"].rstrip(";").split(";")
    assert kinds == [ink_file.TYPE, *(f"image/{kind.lower()}" for kind in PICTURE_FORMATS)]
    assert "application/json" not in kinds  # that type belongs to everybody
    for code in set(language.available()) - {language.ENGLISH}:
        assert entry[f"Comment[{code}]"] == translations.of(desktop.COMMENT)[code].rstrip(".。")


@on_linux
def test_ink_is_told_by_its_ending_or_by_how_it_begins_and_other_json_stays_what_it_is(
    small: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _need(("update-mime-database", "shared-mime-info"), ("gio", "libglib2.0-bin"))
    data = tmp_path / "data"
    (data / "mime" / "packages").mkdir(parents=True)
    (data / "mime" / "packages" / "inkling.xml").write_bytes(desktop.ink_type(small.project))
    subprocess.run(["update-mime-database", data / "mime"], check=True)
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    content = {"seven.inkling": INK, "ink": INK, "inks": f"[{INK}]", "ink.json": INK, "other": '{"a": 1}'}
    kinds = {}
    for name, text in content.items():
        (tmp_path / name).write_text(text)
        words = ["gio", "info", "--attributes=standard::content-type", str(tmp_path / name)]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        kinds[name] = said.rpartition("standard::content-type: ")[2].strip()
    mine = dict.fromkeys(("seven.inkling", "ink", "inks"), ink_file.TYPE)
    assert {name: kind for name, kind in kinds.items() if name != "other"} == mine | {"ink.json": "application/json"}
    assert kinds["other"] != ink_file.TYPE


def test_news_are_the_changelog_s_points_in_plain_words() -> None:
    text = (
        "The first.\n\n- *Open…* takes a `FILE`,\n  see [the guide](docs/guide.md).\n- Fast.\n\n### More\n\n- Small.\n"
    )
    assert appstream.news(text) == ["Open… takes a FILE, see the guide.", "Fast.", "Small."]
    version, _day, points = appstream.released(TIME)[0]
    assert version == VERSION
    assert len(points) > 3


def test_the_zip_file_has_the_folder_with_its_modes_and_links(small: Bundle, output: Path) -> None:
    with zipfile.ZipFile(windows_packages.make_zip(small, output)) as archive:
        assert archive.testzip() is None
        entries = {entry.filename: entry for entry in archive.infolist()}
        top = f"inkling-light-{VERSION}"
        assert archive.read(f"{top}/_internal/libdigits.so.1") == b"a library\n" * 1000
        assert archive.read(f"{top}/_internal/libdigits.so") == b"libdigits.so.1"
        assert "MIT License" in archive.read(f"{top}/NOTICES.txt").decode()
    assert stat.S_ISLNK(entries[f"{top}/_internal/libdigits.so"].external_attr >> 16)
    assert stat.S_IMODE(entries[f"{top}/inkling"].external_attr >> 16) == 0o755
    assert stat.S_IMODE(entries[f"{top}/_internal/model.json"].external_attr >> 16) == 0o644


@on_linux
def test_the_installer_s_compiler_is_told_every_word_of_its_script(
    small: Bundle, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _stand_in("iscc", tmp_path / "tools", monkeypatch)
    windows_packages.make_installer(small, output)
    words = said.read_text().splitlines()
    given = dict(word.removeprefix("/D").split("=", 1) for word in words if word.startswith("/D"))
    script = windows_packages.SCRIPT.read_text(encoding="utf-8")
    assert set(re.findall(r"\{#(\w+)\}", script)) | {"Pictures"} == set(given)
    assert words[-1] == str(windows_packages.SCRIPT)
    assert (given["Version"], given["Numbers"], given["Ending"]) == (VERSION, VERSION, ".inkling")
    assert given["Pictures"].split(";") == list(PICTURE_ENDINGS)
    assert Path(given["Source"]) == small.folder


@on_linux
def test_the_packages_for_macos_are_made_by_apple_s_tools_of_the_program_in_its_own_name(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "inkling-light.app" / "Contents" / "MacOS"
    _make(programs)
    made = 'for last in "$@"; do :; done; echo made >"$last"'
    copied = _stand_in("ditto", tmp_path / "tools", monkeypatch, made)
    imaged = _stand_in("hdiutil", tmp_path / "tools", monkeypatch, made)
    program = bundle.open_bundle(tmp_path / "inkling-light.app")
    assert macos_packages.make_zip(program, output).read_text() == "made\n"
    copy, zipping = copied.read_text().split("-c\n")
    assert copy.splitlines()[0] == str(program.folder)
    assert copy.splitlines()[1].endswith("/Inkling.app")
    assert "--keepParent\n" in zipping
    assert macos_packages.make_disk_image(program, output).suffix == ".dmg"
    assert imaged.read_text().splitlines()[:3] == ["create", "-volname", "Inkling"]
    assert len(list(output.iterdir())) == 2
    beside = bundle.open_bundle(_make(tmp_path / "inkling-light"))  # the same program, named as on other systems
    assert macos_packages.make_zip(beside, output).name == f"inkling-light-{VERSION}-{bundle.this_system()}.zip"
    with pytest.raises(UserError, match="PyInstaller makes it"):
        macos_packages.make_zip(bundle.open_bundle(_make(tmp_path / "inkling")), output)


@on_linux
def test_what_is_no_bundle_of_this_version_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inkling").mkdir()
    _make(tmp_path / "old" / "inkling", "0.0.9")
    for folder, sentence in (
        (tmp_path, "is no bundle's folder"),
        (tmp_path / "inkling", "There is no inkling-cli in"),
        (tmp_path / "old" / "inkling", "calls itself Inkling 0.0.9, but this checkout is of"),
    ):
        assert main(["packages", str(folder)]) == 1
        (said,) = capsys.readouterr().err.splitlines()
        assert sentence in said


@on_linux
def test_a_package_whose_tool_is_missing_or_fails_is_named_and_the_others_are_made(
    small: Bundle, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _need(("xz", "xz-utils"), ("dpkg", "dpkg"), ("dpkg-shlibdeps", "dpkg-dev"))
    _stand_in("dpkg-deb", tmp_path / "tools", monkeypatch, "echo no room left >&2; exit 2")
    assert main(["packages", str(small.folder), "--output", str(output)]) == 1
    told = capsys.readouterr()
    assert told.err == "dpkg-deb failed: no room left\n"
    assert "linux" in told.out
    assert [path.suffixes[-2:] for path in output.iterdir()] == [[".tar", ".xz"]]
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(UserError, match="apt install xz-utils"):
        tarball.make(small, output)
    with pytest.raises(UserError, match="Inno Setup"):
        windows_packages.make_installer(small, output)


@on_linux
def test_the_real_light_bundle_needs_few_libraries_and_names_everybody_whose_work_it_is(tmp_path: Path) -> None:
    _need(("dpkg-shlibdeps", "dpkg-dev"))
    real = _real("inkling-light")
    stage = tmp_path / "package"
    shutil.copytree(real, stage / "usr/lib/inkling", symlinks=True)
    (stage / "DEBIAN").mkdir()
    needed = debian_libraries.needed(stage, "inkling-light")
    assert {each.split()[0] for each in needed.split(", ")} <= {"libc6", "libxcb1"}
    notices = bundle.open_bundle(real).notices()
    for name in ("Inkling, by", "MNIST", "numpy", "pillow", "ai-edge-litert", "Python 3", "Tcl/Tk", "DejaVu Sans"):
        assert f"\n{name}" in notices, name


def test_the_real_light_bundle_s_zip_file_is_small(output: Path) -> None:
    path = windows_packages.make_zip(bundle.open_bundle(_real("inkling-light")), output)
    assert path.stat().st_size < 46_000_000


def test_every_system_has_its_packages() -> None:
    assert set(packages.MAKERS) == set(bundle.SYSTEMS)
    assert json.loads(INK)["strokes"]
