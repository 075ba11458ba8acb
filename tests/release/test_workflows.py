"""The workflows agree with the project: what they build, start and name exists."""

import argparse
import itertools
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from ruamel.yaml import YAML

from app.words import parser as app_parser
from model.commands.parser import parser as model_parser
from model.data import download
from release.__main__ import _parser as release_parser
from release.project import FLAVOURS
from tests.conftest import ROOT

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = DECLARED["project"]
FOLDER = ROOT / ".github" / "workflows"
NAMES = tuple(sorted(path.name for path in FOLDER.iterdir()))
READ = {name: YAML(typ="safe").load((FOLDER / name).read_text(encoding="utf-8")) for name in NAMES}
SYSTEMS = {"ubuntu", "windows", "macos"}
OF_PIP = ("-e", "-r", "--require-hashes", "--no-index", "--no-build-isolation", "--only-binary", ":all:")
COPYING = ("mkdir", "cp", "mv", "cat", "tail", "tar", "echo", "base64", "sha256sum", "diff", "git", "gh", "if")
NOT_OURS = (*COPYING, "sudo", "ulimit", "sphinx-build")
SIGNING = ("security", "codesign", "xcrun", "signtool")
AFTERWARDS = ("steps", "outputs", "environment", "defaults")  # a job's keys that are read after its steps


def legs(job: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the values of `matrix` in each run of a job."""
    matrix = job.get("strategy", {}).get("matrix", {})
    axes = {name: values for name, values in matrix.items() if name != "include"}
    for values in itertools.product(*axes.values()):
        leg = dict(zip(axes, values, strict=True))
        for more in matrix.get("include", []):
            if all(leg[name] == value for name, value in more.items() if name in axes):
                leg |= more
        yield leg


def filled_in(text: str, leg: dict[str, str]) -> str:
    """Return a workflow's text as it is in one run of a job."""
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda match: leg[match[1]], text)


def commands(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the job's name and the words of each command that a workflow runs, for each run of the job."""
    for key, job in READ[name]["jobs"].items():
        for leg in legs(job):
            environment = {word: filled_in(value, leg) for word, value in job.get("env", {}).items()}
            for step in job.get("steps", []):
                text = filled_in(step.get("run", ""), leg).replace("\\\n", " ")
                for word, value in environment.items():
                    text = re.sub(rf"\${word}\b", value, text)
                for line in text.splitlines():
                    split = shlex.split(line, comments=" #" in line)  # the # of ${a#b} doesn't begin a comment
                    words = itertools.dropwhile(re.compile(r"\w+=").match, split)
                    if command := list(itertools.takewhile(lambda word: word not in (">", "|"), words)):
                        yield key, command


def parsed(words: list[str]) -> argparse.Namespace | None:
    """Return how the project itself parses a command; None if it isn't the project's."""
    match words:
        case ["python" | ".venv/bin/python", "-m", "app" | "model" | "release" as module, *rest]:
            parser = {"app": app_parser(window=True), "model": model_parser(), "release": release_parser()}[module]
            return parser.parse_args(rest)
        case [program, *rest] if Path(program).name in PROJECT["scripts"]:
            return app_parser(window=False).parse_args(rest)
        case ["python" | ".venv/bin/python", "-m", "pip", "install", *rest]:
            for word in rest:
                extras = re.fullmatch(r"\.(?:\[([\w,-]+)\])?", word)
                lock = word.startswith("requirements/") and (ROOT / word).is_file()
                assert word in OF_PIP or lock or word in packages() or extras, word
                assert not (extras and extras[1]) or set(extras[1].split(",")) <= set(PROJECT["optional-dependencies"])
        case ["python" | ".venv/bin/python", "-m", "pytest", "-m", tier]:
            assert any(line.startswith(f"{tier}:") for line in DECLARED["tool"]["pytest"]["ini_options"]["markers"])
        case ["python" | ".venv/bin/python", "-m", "pytest", *files]:
            assert all((ROOT / file).exists() for file in files if not file.startswith("-")), files
        case ["pyinstaller", file, "--", "--flavour", flavour]:
            assert (ROOT / file).exists(), file
            assert flavour in FLAVOURS
        case ["xvfb-run", "--auto-servernum", *rest]:
            return parsed(rest)
        case ["python", "-m", "venv", _] | ["python", "-m", "hatchling", "build"]:
            pass
        case ["python", "-c", code, *_]:
            for name in re.findall(r"download\.(\w+)", code):
                assert hasattr(download, name), code
        case [tool, *_]:
            assert tool in (*NOT_OURS, *SIGNING) or tool in packages(), words
    return None


def packages() -> set[str]:
    """Return the names of what pyproject installs."""
    groups = (*PROJECT["optional-dependencies"].values(), *DECLARED["dependency-groups"].values())
    listed = itertools.chain(PROJECT["dependencies"], *groups)
    return {match[0] for line in listed if (match := re.match(r"[\w.-]+", line))}


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", ".github/workflows/*.yml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
        ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/*.yml"),
        ("vendor.citation-file-format", "CITATION.cff"),
    ],
)
def test_they_are_as_github_wants_them(schema: str, pattern: str) -> None:
    files = [str(path) for path in ROOT.glob(pattern)]
    assert files
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_of_them_are_looked_at() -> None:
    assert sorted(NAMES) == sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_every_command_can_be_given(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    count = 0
    for _, words in commands(name):
        try:
            count += parsed(words) is not None
        except SystemExit:
            pytest.fail(f"{words}: {capsys.readouterr().err}")
    assert count or name in (
        "audit.yml",
        "nightly.yml",
        "thorough.yml",
        "documentation.yml",
    )  # these only run other people's tools


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_they_name_exists(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    for file in re.findall(r"(?:uses: \./|cache-dependency-path: )(\S+)", text):
        assert (ROOT / file).is_file(), file


def test_each_python_that_is_allowed_is_tested() -> None:
    jobs = READ["test.yml"]["jobs"]
    with_tensorflow = jobs["tests"]["strategy"]["matrix"]["python"]
    (alone,) = (step["with"]["python-version"] for step in jobs["self-test"]["steps"] if "python-version" in str(step))
    minors = [int(version.removeprefix("3.")) for version in (*with_tensorflow, alone)]
    assert minors == list(range(minors[0], minors[-1] + 1))
    assert {system.partition("-")[0] for system in jobs["tests"]["strategy"]["matrix"]["system"]} == SYSTEMS
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert all(f"3.{minor}" in allowed for minor in minors)
    assert f"3.{minors[0] - 1}" not in allowed

    page = " ".join((ROOT / "docs" / "install.md").read_text(encoding="utf-8").split())
    assert f"Python {with_tensorflow[0]} to {alone}. TensorFlow" in page
    assert f"Python {with_tensorflow[0]} to {with_tensorflow[-1]}." in page


def test_each_flavour_is_built_packed_and_tested_on_each_system() -> None:
    build = READ["build.yml"]["jobs"]["build"]
    systems = build["strategy"]["matrix"]["system"]
    assert {system.partition("-")[0] for system in systems} == SYSTEMS
    assert {(leg["system"], leg["flavour"], leg["folder"]) for leg in legs(build)} == {
        (system, flavour, f"dist/{folder}") for system in systems for flavour, folder in FLAVOURS.items()
    }
    given = [words for job, words in commands("build.yml") if job == "build"]
    for flavour, folder in FLAVOURS.items():
        for words in (
            ["pyinstaller", "build.spec", "--", "--flavour", flavour],
            [f"./dist/{folder}/inkling-cli", "self-test"],
            ["python", "-m", "release", "packages", f"dist/{folder}"],
            ["python", "-m", "release", "sbom", f"dist/{folder}"],
        ):
            assert given.count(words) == len(systems), words


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_installed_but_what_is_locked(name: str) -> None:
    """pip installs packages by their hashes; the project itself then finds everything that it needs."""
    installed = [words[words.index("install") + 1 :] for _, words in commands(name) if "pip" in words]
    assert installed
    for words in installed:
        if "--require-hashes" in words:
            assert any(word.startswith("requirements/") for word in words), words
        else:
            assert {"--no-index", "--no-build-isolation"} <= set(words), words


def test_every_lock_is_audited() -> None:
    audited = {words[-1] for _, words in commands("audit.yml") if words[0] == "pip-audit"}
    assert audited == {path.relative_to(ROOT).as_posix() for path in (ROOT / "requirements").glob("*.txt")}


def test_a_release_is_published_only_after_everything_else() -> None:
    jobs = READ["release.yml"]["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "version": None,
        "test": "version",
        "nightly": "version",
        "build": ["test", "nightly"],
        "publish": "build",
        "pypi": "publish",
    }
    assert jobs["pypi"]["if"] == "vars.PYPI == 'on'"  # off until a person turns it on


def test_whatever_one_run_of_the_tests_leaves_out_another_runs_each_night() -> None:
    left_out = DECLARED["tool"]["pytest"]["ini_options"]["addopts"].partition("-m 'not ")[2].removesuffix("'")
    assert left_out
    assert ["python", "-m", "pytest"] in [words for _, words in commands("test.yml")]
    assert ["python", "-m", "pytest", "-m", left_out] in [words for _, words in commands("nightly.yml")]
    minute, hour, *days = READ["nightly.yml"]["on"]["schedule"][0]["cron"].split()
    assert minute.isdigit()
    assert hour.isdigit()
    assert days == ["*"] * 3


def test_who_may_write_runs_nothing_of_the_project_s() -> None:
    """A job that can write or sign only runs the system's tools and GitHub's actions, on what other jobs made."""
    found = set()
    for name in NAMES:
        for key, job in READ[name]["jobs"].items():
            if "uses" in job or "write" not in str(job.get("permissions", READ[name]["permissions"])):
                continue
            found.add((name, key))
            assert {words[0] for place, words in commands(name) if place == key} <= set(NOT_OURS), key
            steps = [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]
            assert all(step.startswith("actions/") or step == "pypa/gh-action-pypi-publish" for step in steps), key
    expected = {("release.yml", "publish"), ("release.yml", "pypi"), ("locks.yml", "propose")}
    expected |= {("build.yml", "parts"), ("build.yml", "sums"), ("documentation.yml", "publish")}
    assert found == expected


def test_secrets_are_given_to_the_steps_that_sign_alone() -> None:
    for name in NAMES:
        for key, job in READ[name]["jobs"].items():
            for step in job.get("steps", []):
                if "secrets." in str(step):
                    assert (name, key) == ("build.yml", "build")
                    lines = step["run"].split("\n")
                    assert {line.split()[0] for line in lines if line} <= {*SIGNING, "base64"}, step["name"]
                    assert "env.SIGNS == 'true'" in step["if"], step["name"]
    named = READ["build.yml"]["on"]["workflow_call"]["secrets"]
    assert {secret["required"] for secret in named.values()} == {False}
    assert READ["release.yml"]["jobs"]["build"]["secrets"] == {each: f"${{{{ secrets.{each} }}}}" for each in named}


def test_what_a_person_must_set_up_is_listed() -> None:
    listed = (ROOT / "docs" / "releases.md").read_text(encoding="utf-8")
    texts = "".join((FOLDER / name).read_text(encoding="utf-8") for name in NAMES)
    names = set(re.findall(r"\b(?:secrets|vars)\.(\w+)", texts)) | set(re.findall(r"environment: (\w+)", texts))
    owners = re.findall(r"@\w+/(\w+)", (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8"))
    assert {"PYPI", "pypi", "APPLE_TEAM"} < names
    assert [name for name in {*names, *owners} if f"`{name}`" not in listed] == []


def test_nothing_is_asked_of_a_machine_before_there_is_one() -> None:
    """GitHub only knows `runner`, `env`, `job` and `steps` in steps, and rejects the workflow if they're elsewhere."""
    for name in NAMES:
        for key, job in READ[name]["jobs"].items():
            before = str({word: value for word, value in job.items() if word not in AFTERWARDS})
            said = " ".join(re.findall(r"\$\{\{(.*?)\}\}", before)) + job.get("if", "")
            assert not re.search(r"\b(runner|env|job|steps)\.", said), (name, key)


def test_everything_that_is_published_is_attested() -> None:
    jobs = READ["build.yml"]["jobs"]
    legs_of = {name: [(leg["system"], leg["flavour"]) for leg in legs(jobs[name])] for name in ("build", "parts")}
    assert legs_of["build"] == legs_of["parts"]
    attested = [step["with"] for step in jobs["sums"]["steps"] if step.get("uses", "").startswith("actions/attest@")]
    assert attested == [{"subject-checksums": "SHA256SUMS"}, {"subject-path": "SHA256SUMS"}]
    taken = [step["with"] for step in jobs["sums"]["steps"] if "download-artifact" in step.get("uses", "")]
    given = [step["with"] for step in READ["release.yml"]["jobs"]["publish"]["steps"] if "with" in step]
    assert taken[0] in given  # the same files


def test_actions_are_named_by_their_commits_each_by_one() -> None:
    texts = "".join((FOLDER / name).read_text(encoding="utf-8") for name in NAMES)
    used = re.findall(r"uses: ([^.\s]\S*)@(\S+)(.*)", texts)
    assert used
    for _, commit, comment in used:
        assert re.fullmatch(r"[0-9a-f]{40}", commit)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)
    assert len({action for action, _, _ in used}) == len(set(used))
