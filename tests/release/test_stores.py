"""What package indexes and stores ask for agrees with the project and with what a release has."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from release import desktop, project
from release.__main__ import main
from tests.conftest import ROOT, missing

ADDRESS = "https://example.org/somebody/inkling"
OWN = project.load()
NAMES = (
    f"inkling-light-{OWN.version}-linux-x86_64.tar.xz",
    f"inkling-light-{OWN.version}-windows-x86_64-setup.exe",
    f"inkling-light-{OWN.version}-macos-arm64.dmg",
    f"inkling_digits-{OWN.version}.tar.gz",
)
# Some have only digits, and YAML takes one for a number: they must stay texts.
SUMS = dict(zip(NAMES, ("1" * 64, "2" * 20 + "e" + "3" * 43, "0" * 64, "ab" * 32), strict=True))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The folder with what the command writes for a release."""
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("".join(f"{value}  {name}\n" for name, value in SUMS.items()) + f"{'9' * 64}  more.deb\n")
    assert main(["stores", str(sums), "--address", f"{ADDRESS}/", "--output", str(tmp_path / "stores")]) == 0
    return tmp_path / "stores"


def read(path: Path) -> dict:  # type: ignore[type-arg]
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_each_names_its_file_and_its_sum(written: Path) -> None:
    flatpak = read(written / f"{OWN.identifier}.yml")["modules"][0]["sources"][0]
    winget = read(written / "Inkling.Inkling.installer.yaml")["Installers"][0]
    conda = read(written / "recipe.yaml")["source"]
    cask = (written / "inkling.rb").read_text(encoding="utf-8")
    brew = dict(re.findall(r'^  (url|sha256) "(.*)"$', cask, re.MULTILINE))
    found = [
        (flatpak["url"], flatpak["sha256"]),
        (winget["InstallerUrl"], winget["InstallerSha256"]),
        (brew["url"], brew["sha256"]),
        (conda["url"], conda["sha256"]),
    ]
    downloads = f"{ADDRESS}/releases/download/v{OWN.version}"
    assert found == [(f"{downloads}/{name}", value) for name, value in SUMS.items()]


def test_they_say_what_pyproject_says(written: Path) -> None:
    conda = read(written / "recipe.yaml")
    winget: dict[str, Any] = {}
    for name in ("", ".installer", ".locale.en-US"):
        part = read(written / f"Inkling.Inkling{name}.yaml")
        assert (
            f"winget-manifest.{part['ManifestType']}.{part['ManifestVersion']}.schema.json"
            in ((written / f"Inkling.Inkling{name}.yaml").read_text(encoding="utf-8").splitlines()[0])
        )
        assert winget.setdefault("PackageVersion", part["PackageVersion"]) == part["PackageVersion"]
        winget |= part
    assert winget["DefaultLocale"] == winget["PackageLocale"]
    assert winget["ShortDescription"] == conda["about"]["summary"] == OWN.description
    assert winget["PackageVersion"] == conda["context"]["version"] == OWN.version
    assert conda["requirements"]["run"] == [f"python {OWN.python}", *OWN.requirements]
    assert conda["build"]["python"]["entry_points"] == [f"{name} = inkling:{entry}" for name, entry in OWN.programs]
    installer = (ROOT / "release" / "windows" / "inkling.iss").read_text(encoding="utf-8")
    assert "AppId={#Identifier}" in installer
    assert winget["Installers"][0]["ProductCode"] == f"{OWN.identifier}_is1"


WHOLE = re.compile(r"(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}")
REQUIRED = {  # by the type of a manifest, from winget's schemas 1.12.0
    "version": {"DefaultLocale"},
    "installer": {"Installers"},
    "defaultLocale": {"PackageLocale", "Publisher", "PackageName", "License", "ShortDescription"},
}
LENGTHS = {"Publisher": (2, 256), "PackageName": (2, 256), "License": (3, 512), "ShortDescription": (3, 256)}


def test_winget_s_published_rules_are_kept(written: Path) -> None:
    parts = [read(path) for path in written.glob("Inkling.Inkling*.yaml")]
    assert {part["ManifestType"] for part in parts} == REQUIRED.keys()
    for part in parts:
        assert part.keys() >= REQUIRED[part["ManifestType"]]
        assert re.fullmatch(r"[^.\s\\/:*?\"<>|]{1,32}(\.[^.\s\\/:*?\"<>|]{1,32}){1,7}", part["PackageIdentifier"])
        assert re.fullmatch(r"[^\\/:*?\"<>|]{1,128}", part["PackageVersion"])
        assert WHOLE.fullmatch(part["ManifestVersion"])
        for key, value in part.items():
            least, most = LENGTHS.get(key, (1, 2048 if key.endswith("Url") else 128))
            assert isinstance(value, list) or least <= len(value) <= most, key
            assert not key.endswith("Url") or value.startswith("https://")
        for installer in part.get("Installers", ()):
            assert (part["InstallerType"], part["Scope"], installer["Architecture"]) == ("inno", "user", "x64")
            assert re.fullmatch("[A-Fa-f0-9]{64}", installer["InstallerSha256"])
            assert len(installer["ProductCode"]) <= 255


def test_flathub_s_published_rules_are_kept(written: Path) -> None:
    """The rules of flatpak-builder-lint that a manifest with its metainfo can break."""
    (path,) = written.glob("*.yml")
    manifest = read(path)
    assert path.stem == manifest["id"]
    assert not manifest["id"].endswith(".desktop")
    assert not {"branch", "default-branch", "cleanup"} & manifest.keys()
    assert "/" not in manifest["command"]
    assert re.fullmatch(r"\d\d\.08", manifest["runtime-version"])
    shared, sockets, places = (
        {each.partition("=")[2] for each in manifest["finish-args"] if each.startswith(f"--{kind}=")}
        for kind in ("share", "socket", "filesystem")
    )
    assert len(shared | sockets | places) == len(manifest["finish-args"])
    assert (shared, sockets) == ({"ipc"}, {"x11"})  # X11 needs both, and there's no Wayland next to it
    assert all(re.fullmatch("xdg-(documents|pictures|download)", place) for place in places)  # no home, no host
    for source in manifest["modules"][0]["sources"]:
        assert "sha256" in source or source["type"] == "file"
        assert not {"md5", "sha1", "dest-filename"} & source.keys()
    metainfo = ET.parse(written / f"{manifest['id']}.metainfo.xml").getroot()  # noqa: S314  (our own)
    assert (metainfo.get("type"), metainfo.findtext("id")) == ("desktop-application", manifest["id"])
    assert metainfo.findtext("launchable") == f"{manifest['id']}.desktop"
    assert len(metainfo.findtext("name", "")) <= 20
    for summary in metainfo.findall("summary"):
        assert len(summary.text or "") <= 35
        assert not (summary.text or "").endswith((".", "。"))
    for needed in (
        "project_license",
        "developer/name",
        "categories/category",
        "url[@type='homepage']",
        "content_rating",
    ):
        assert metainfo.find(needed) is not None, needed
    assert not [icon for icon in metainfo.findall("icon") if not icon.get("type")]
    screenshots = metainfo.findall("screenshots/screenshot")
    assert [each.get("type") for each in screenshots].count("default") == 1
    assert all(each.findtext("caption") and each.findtext("image", "").endswith(".png") for each in screenshots)
    assert f"icons/hicolor/128x128/apps/{manifest['id']}.png" in [icon.name for icon in desktop.icons(OWN)]


def test_homebrew_s_published_rules_are_kept(written: Path) -> None:
    """The order of the parts, and what a description may be, by Homebrew's Cask Cookbook."""
    cask = (written / "inkling.rb").read_text(encoding="utf-8")
    order = ["version", "sha256", "url", "name", "desc", "homepage", "depends_on", "app", "binary", "zap"]
    assert re.findall(r"^  (\w+) ", cask, re.MULTILINE) == order
    (described,) = re.findall(r'^  desc "(.*)"$', cask, re.MULTILINE)
    assert len(described) <= 80
    assert described[0].isupper()
    assert not described.endswith(".")
    assert not re.search(rf"^(A|An|The) |{OWN.title}|mac", described, re.IGNORECASE)
    url, homepage = (re.findall(rf'^  {each} "(.*)"$', cask, re.MULTILINE)[0] for each in ("url", "homepage"))
    assert url.startswith(f"{homepage}/")  # otherwise it would have to say who has verified it
    thrown_away = re.findall(r'^    "(.*)",$', cask, re.MULTILINE)
    assert thrown_away == sorted(thrown_away)


def test_the_flatpak_installs_what_the_archive_has_and_what_lies_beside_its_manifest(written: Path) -> None:
    manifest = read(written / f"{OWN.identifier}.yml")
    assert manifest["id"] == OWN.identifier
    assert manifest["command"] == OWN.programs[0][0]
    assert "--share=network" not in manifest["finish-args"]
    sources = manifest["modules"][0]["sources"]
    assert [(written / each["path"]).is_file() for each in sources if each["type"] == "file"] == [True]


def test_software_centres_find_nothing_wrong_with_its_metainfo(written: Path) -> None:
    metainfo = written / f"{OWN.identifier}.metainfo.xml"
    pictures = re.findall(r"<image>(.*)</image>", metainfo.read_text(encoding="utf-8"))
    assert pictures
    for picture in pictures:
        assert (ROOT / picture.removeprefix(f"{ADDRESS}/raw/v{OWN.version}/")).is_file()
    if shutil.which("appstreamcli") is None:
        missing("appstreamcli is needed (Debian: apt install appstream)")
    words = ["appstreamcli", "validate", "--no-net", str(metainfo)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_list_without_one_of_them_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sums = tmp_path / "SHA256SUMS"
    for content, words in ((b"", f"doesn't name {NAMES[0]}"), (b"\xff", "can't be written")):
        sums.write_bytes(content)
        assert main(["stores", str(sums), "--address", ADDRESS, "--output", str(tmp_path / "new")]) == 1
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
