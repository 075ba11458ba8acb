"""A bundle's bill of materials: it lists everything in the bundle, and is valid by CycloneDX's own schema."""

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from model.base.errors import UserError
from release import debian_libraries, locks, sbom
from release.bundle import Bundle, open_bundle
from release.project import FLAVOURS
from tests.conftest import missing
from tests.places import bundles


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The light bundle that INKLING_BUNDLES names, built in the tests' own environment."""
    found = [path for path in bundles() if path.name == FLAVOURS["light"]]
    if not found:
        missing("a bundle is needed: pyinstaller build.spec -- --flavour light; INKLING_BUNDLES=dist/inkling-light")
    return open_bundle(found[0])


@pytest.fixture(scope="module")
def listed(bundle: Bundle) -> dict[str, Any]:
    return dict(json.loads(sbom.text(bundle)))  # which raises if it violates the schema


def components(listed: dict[str, Any], kind: str = "") -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in listed["components"] if kind in ("", each["type"])}


def test_it_is_of_this_program(listed: dict[str, Any], bundle: Bundle) -> None:
    own = listed["metadata"]["component"]
    assert (own["name"], own["version"]) == (bundle.project.distribution, bundle.project.version)
    assert listed["bomFormat"] == "CycloneDX"


def test_each_package_has_its_version_its_licence_and_hashes_of_the_lock(
    listed: dict[str, Any], bundle: Bundle
) -> None:
    packages = {name: each for name, each in components(listed).items() if each.get("purl", "").startswith("pkg:pypi/")}
    assert {"numpy", "pillow", "ai-edge-litert", "pyinstaller"} <= set(packages)
    known = locks.hashes(bundle.flavour)
    locked = 0
    for name, each in packages.items():
        assert each["version"] == metadata.version(name)
        assert each["licenses"], name
        expected = known.get((re.sub(r"[-_.]+", "-", name).lower(), each["version"]), [])
        assert [one["content"] for one in each["hashes"]] == expected
        locked += bool(expected)
    assert locked


def test_every_distribution_in_the_bundle_is_there_and_no_other(listed: dict[str, Any], bundle: Bundle) -> None:
    inside = {metadata.Distribution.at(path).name for path in bundle.folder.rglob("*.dist-info")}
    assert inside - {bundle.project.distribution} <= set(components(listed))
    assert not {"pytest", "mypy", "ruff", "tensorflow", "cyclonedx-bom"} & set(components(listed))


def test_what_is_no_package_is_there_too(listed: dict[str, Any], bundle: Bundle) -> None:
    libraries = components(listed, "library")
    assert libraries["Python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert re.fullmatch(r"\d+\.\d+\.\d+", libraries["Tcl/Tk"]["version"])
    debian = {each.partition(":")[0] for each in debian_libraries.carried(bundle.folder)}
    assert debian <= set(libraries)
    files = components(listed, "file")
    assert {"inkling", "_internal/libxcb.so.1"} <= set(files)
    assert all(re.fullmatch(r"[0-9a-f]{64}", each["hashes"][0]["content"]) for each in files.values())
    carried = {each["name"] for each in components(listed)["pillow"].get("components", ())}
    assert any("jpeg" in name.lower() for name in carried)


def test_whoever_needs_somebody_needs_somebody_in_the_list(listed: dict[str, Any]) -> None:
    refs = {listed["metadata"]["component"]["bom-ref"], *(each["bom-ref"] for each in listed["components"])}
    assert refs == {each["ref"] for each in listed["dependencies"]}
    assert {ref for each in listed["dependencies"] for ref in each.get("dependsOn", ())} <= refs


def test_it_names_no_place_on_the_machine_that_made_it(listed: dict[str, Any]) -> None:
    assert str(Path.home()) not in json.dumps(listed)
    assert sys.prefix not in json.dumps(listed)
    assert "file:" not in json.dumps(listed)


def test_a_package_that_is_not_installed_here_is_a_sentence(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "packages_distributions", dict)
    with pytest.raises(UserError, match="is in the bundle and of no package here; list it where it was frozen"):
        sbom._distributions(bundle)


def test_without_its_tool_a_sentence_says_where_that_is(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "cyclonedx_py" else True)
    with pytest.raises(UserError, match=r"cyclonedx-bom is needed .* pip install -r \S+requirements.release\.txt"):
        sbom.text(bundle)


def test_the_schema_is_held(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"bomFormat": "CycloneDX", "specVersion": sbom.SPECIFICATION, "components": [{"type": "library"}]}
    monkeypatch.setattr(sbom, "_document", lambda _bundle: made)
    with pytest.raises(UserError, match="is no bill of materials"):
        sbom.text(bundle)
