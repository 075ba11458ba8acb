"""The documents are held to the code."""

import re
import subprocess

from app.__main__ import _parser as app_parser
from model.__main__ import _parser as model_parser
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_readme_s_first_two_commands_open_the_window_and_run_the_tests() -> None:
    window, tests, *_ = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for command in (window, tests):
        assert command.count("\n") == 1
        assert command.startswith("python3 -m venv .venv && .venv/bin/python -m pip install -e ")
    assert window.endswith("&& .venv/bin/inkling\n")
    assert tests.endswith("&& .venv/bin/python -m pytest\n")


def test_every_link_leads_somewhere() -> None:
    for text in (README, ARCHITECTURE):
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert target.startswith("http") or (ROOT / target).exists(), target


def test_every_module_has_its_place_in_the_architecture() -> None:
    for package in ("app", "model"):
        for path in (ROOT / package).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            assert f"`{name}`" in ARCHITECTURE or name.endswith("__init__.py"), name


def test_every_file_that_the_architecture_names_exists() -> None:
    for name in re.findall(r"`((?:app|model|tests|benchmarks|assets)/[\w/.]*)`", ARCHITECTURE):
        assert (ROOT / name).exists(), name


def test_every_word_of_the_command_lines_is_in_the_readme() -> None:
    helps = [app_parser(window=True).format_help(), model_parser().format_help()]
    for parser in (app_parser(window=True), model_parser()):
        (commands,) = [action for action in parser._actions if hasattr(action, "choices") and action.choices]
        assert commands.choices
        for name, command in dict(commands.choices).items():
            assert name in README
            helps.append(command.format_help())
    for option in {word for text in helps for word in re.findall(r"--[a-z-]+", text)} - {"--help"}:
        assert option in README, option


def test_the_changelog_has_this_version() -> None:
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert f"\n## {version[1]}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_large_file_is_kept_outside_of_the_assets() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return  # not a checkout: then nothing is kept
    files = [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    large = [path for path in files if path.stat().st_size > 1_000_000 and "assets" not in path.parts]
    assert not large
    assert sum(path.stat().st_size for path in files if "assets" in path.parts) <= 24_000_000
