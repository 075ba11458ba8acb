"""The documents agree with the code: what they name exists, and the commands that they show run."""

import argparse
import ast
import doctest
import importlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.words import parser as app_parser
from model.commands.parser import parser as model_parser
from model.commands.running import run as run_command
from model.data import download
from model.ink.ink import Drawing
from model.ink.render import render
from release.__main__ import _parser as release_parser
from tests.conftest import ROOT, on_linux, run, save_npz, ten_patterns
from tests.test_glossary import PLACES
from tests.test_imports import ROOMS, modules
from tests.test_imports import parsed as parsed_code

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
TUTORIAL = ROOT / "docs" / "from-the-tutorial.md"
GUIDE = ROOT / "docs" / "guide.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = sorted((ROOT / "docs").glob("*.md"))
WRITTEN = [path for place in PLACES for path in sorted(ROOT.glob(place))]
DOCUMENTS = (ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *PAGES)

SETTING_UP = (
    "python3",
    "source",
    "pip",
    "pyinstaller",
    "ruff",
    "mypy",
    "sphinx-build",
    "echo",
    "pytest",
    "tests.languages",
)
NAMED = re.compile(r"`((?:app|model|tests|benchmarks|assets)/[\w/]+\.\w+)`((?:,?\s(?:and\s)?`[A-Za-z_][\w.]*`)*)")


def test_the_readme_s_first_two_commands_open_the_window_and_run_the_tests() -> None:
    window, tests, *_ = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for command in (window, tests):
        assert command.count("\n") == 1
        assert command.startswith("python3 -m venv .venv && .venv/bin/python -m pip install -e ")
    assert window.endswith("&& .venv/bin/inkling\n")
    assert tests.endswith("&& .venv/bin/python -m pytest\n")


@pytest.mark.parametrize("path", [*DOCUMENTS, *DECISIONS], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\[[^\]]*\]\(([^)]+)\)", text) + re.findall(r'<img src="([^"]+)"', text)
    assert targets or path in DECISIONS
    for target in targets:
        file, _, heading = target.partition("#")
        if file.startswith("http"):
            continue
        found = path.parent / file if file else path
        assert found.exists(), target
        assert not heading or heading in headings(found), target


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_row_of_a_table_is_one_line_with_all_its_cells(path: Path) -> None:
    """A row that's broken over lines ends the table, and the rest of it is shown as a paragraph full of bars."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = table.splitlines()
        assert all(row.endswith("|") for row in rows), table
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1, table


def headings(path: Path) -> set[str]:
    """Return a document's headings as GitHub writes them in addresses."""
    lines = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def test_every_room_has_its_place_in_the_architecture_which_stays_short() -> None:
    for room in ROOMS:
        if "." in room and room not in ("app.ui", "model.training"):
            name = room.replace(".", "/")
            assert f"`{name}`" in ARCHITECTURE or f"`{name.rpartition('/')[2]}`" in ARCHITECTURE, name
    assert len(ARCHITECTURE.encode()) <= 12_000


def test_every_function_that_a_journey_names_is_there() -> None:
    journeys = ARCHITECTURE.partition("## Three journeys")[2].partition("\n## ")[0]
    paths = [path for part in ("app", "model") for path in modules(part)]
    kinds = (ast.ClassDef, ast.FunctionDef)
    defined = {node.name for path in paths for node in ast.walk(parsed_code(path)) if isinstance(node, kinds)}
    files = {path.stem for path in paths}
    named = {word for each in re.findall(r"`([\w.]+)`", journeys) for word in each.split(".")}
    assert named - {"model", "app"} <= defined | files | {"taught", "learn"}, named - defined - files


def test_every_file_that_the_architecture_names_exists() -> None:
    texts = [ARCHITECTURE, *(path.read_text(encoding="utf-8") for path in DECISIONS)]
    for name in re.findall(r"`((?:app|model|tests|benchmarks|assets)/[\w/.]*)`", "".join(texts)):
        assert (ROOT / name).exists(), name


def test_the_readme_is_short_and_its_animation_small() -> None:
    assert README.count("\n") <= 130
    (animation,) = re.findall(r"\((docs/pictures/.*\.webp)\)", README)
    with Image.open(ROOT / animation) as opened:
        assert getattr(opened, "n_frames", 1) > 10
    assert (ROOT / animation).stat().st_size <= 2_000_000


def test_every_word_of_the_command_lines_is_in_a_page() -> None:
    documents = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    helps = [app_parser(window=True).format_help(), model_parser().format_help()]
    for parser in (app_parser(window=True), model_parser()):
        (commands,) = [action for action in parser._actions if hasattr(action, "choices") and action.choices]
        assert commands.choices
        for name, command in dict(commands.choices).items():
            assert name in documents
            helps.append(command.format_help())
    for option in {word for text in helps for word in re.findall(r"--[a-z][a-z0-9-]*", text)} - {"--help"}:
        assert option in documents, option


def test_the_changelog_has_this_version() -> None:
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert f"\n## {version[1]}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_large_file_is_kept_outside_of_the_assets() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return  # it isn't a checkout, so nothing is tracked
    files = [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    large = [path for path in files if path.stat().st_size > 1_000_000 and "assets" not in path.parts]
    assert not large
    assert sum(path.stat().st_size for path in files if "assets" in path.parts) <= 24_000_000


def shell(path: Path) -> str:
    """Return what a document tells you to type in a shell, one command per line."""
    blocks = re.findall(r"^```sh\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return "".join(blocks).replace("\\\n", " ").replace(".venv/bin/", "")


def commands(path: Path) -> list[list[str]]:
    """Return the commands that a document shows, each split into words."""
    lines = shell(path).splitlines()
    return [words for words in (shlex.split(line, comments=True) for line in lines) if words]


def parsed(words: list[str]) -> argparse.Namespace | None:
    """Return how the program parses a command; None if it only sets things up, and isn't the program's."""
    match words:
        case ["python", "-m", "model", *rest]:
            return model_parser().parse_args(rest)
        case ["python", "-m", "pip", "install", "-e", extras]:
            chosen = re.findall(r"[\w-]+", extras)
            declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
            assert all(re.search(rf"^{extra} = \[", declared, re.MULTILINE) for extra in chosen)
            return None
        case ["python", "-m", "release", *rest]:
            return release_parser().parse_args(rest)
        case ["inkling" | "inkling-cli" as name, *rest]:
            return app_parser(window=name == "inkling").parse_args(rest)
        case ["python", "-m", tool, *_] | [tool, *_] if tool in SETTING_UP:
            return None
    raise AssertionError(f"no command of ours: {words}")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_shows_can_be_given(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in commands(path):
        wrong = None
        try:
            parsed(words)
        except SystemExit as end:
            wrong = end.code  # 0: it was --version
        assert not wrong, (words, capsys.readouterr().err)


def helps() -> Iterator[tuple[str, str]]:
    """Yield the name of each command, and its help in a terminal of 80 columns."""
    for parser in (app_parser(window=True), model_parser()):
        (commands,) = [action for action in parser._actions if hasattr(action, "choices") and action.choices]
        assert commands.choices
        for name, command in dict(commands.choices).items():
            yield name, command.format_help()


def test_every_help_fits_80_columns_and_its_examples_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = dict(helps())
    for name, text in shown.items():
        assert max(map(len, text.splitlines())) <= 80, name
        examples = re.findall(r"^  (python -m model .*|inkling .*)", text.partition("examples:\n")[2], re.MULTILINE)
        assert examples or name == "self-test"
        for words in map(shlex.split, examples):
            assert parsed(words), words
    groups = re.findall(r"^(\w+):$", shown["train"], re.MULTILINE)
    assert groups == ["options", "data", "network", "learning", "teachers", "result", "run", "examples"]


def test_the_website_is_built_without_a_warning(tmp_path: Path) -> None:
    """So no link is broken, each page is in the contents, and there's a search."""
    words = ["-m", "sphinx", "-W", "--keep-going", "-q", "-c", "docs/site", "-d", f"{tmp_path}/trees", "."]
    done = subprocess.run(
        [sys.executable, *words, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "docs/index.html" in (tmp_path / "index.html").read_text(encoding="utf-8")
    found = (tmp_path / "searchindex.js").read_text(encoding="utf-8")
    assert all(f"docs/{path.stem}" in found for path in PAGES)


def test_the_tutorial_s_commands_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder, as a reader does; on few images, and only one of each kind that takes long."""
    few = save_npz(tmp_path / "few.npz", **ten_patterns(600, 400))
    render(Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]})).save(tmp_path / "seven.png")
    monkeypatch.chdir(tmp_path)
    done = set()
    for words in commands(TUTORIAL):
        name = words[3] if words[0] == "python" else words[0]
        if name in ("inspect", "evaluate") or (name == "train" and name not in done):
            arguments = parsed(words)
            assert arguments
            arguments.data, arguments.epochs = few, 1
            assert run_command(arguments) == 0, (words, capsys.readouterr().err)
            assert arguments.output.exists()
        elif name == "inkling-cli":
            answer = run("app", *(tmp_path / word if (tmp_path / word).exists() else word for word in words[1:]))
            assert answer.returncode == 0, answer.stderr
        else:
            continue
        done.add(name)
    assert done == {"inspect", "train", "evaluate", "inkling-cli"}


def test_the_quadrants_come_to_what_the_tutorial_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = parsed(next(words for words in commands(TUTORIAL) if "quadrants" in words))
    assert arguments
    monkeypatch.chdir(tmp_path)
    assert run_command(arguments) == 0
    (told,) = re.findall(
        r"^```text\n(four answers.*?)^```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    number = re.compile(r"\d[\d.,]*(?:e-\d+)?")
    printed = capsys.readouterr().out
    assert number.sub("#", printed) == number.sub("#", told)
    for one, other in zip(number.findall(printed), number.findall(told), strict=True):
        # Machines round differently, and over 2,000 steps that adds up.
        assert float(one.replace(",", "")) == pytest.approx(float(other.replace(",", "")), rel=0.02, abs=1e-8)


def test_the_tutorial_s_python_says_what_it_says(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "mnist_file", lambda _progress=None: shared / "data" / "mnist.npz")
    blocks = re.findall(r"^```pycon\n(.*?)^```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) > 10
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, TUTORIAL.name, None, 0)
    said: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert (results.failed, "".join(said)) == (0, "")


def names_in(path: Path) -> Iterator[str]:
    """Yield what a module defines: functions, classes, their methods, and constants."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name):
                yield name
            case ast.ClassDef(name, body=body):
                yield name
                yield from (f"{name}.{each.name}" for each in body if isinstance(each, ast.FunctionDef))
            case ast.Assign(targets=[ast.Name(name)]):
                yield name


def test_everything_that_the_tutorial_names_is_there() -> None:
    places = NAMED.findall(TUTORIAL.read_text(encoding="utf-8"))
    named = [(file, name) for file, names in places for name in re.findall(r"`([\w.]+)`", names)]
    assert len(named) > 20
    for file, _ in places:
        assert (ROOT / file).exists(), file
    for file, name in named:
        assert "/" in name or name.endswith(".py") or name in set(names_in(ROOT / file)), (file, name)


@on_linux  # its paths have slashes
@pytest.mark.parametrize(
    ("system", "column"), [("platformdirs.unix:Unix", 1), ("platformdirs.macos:MacOS", 2)], ids=["Linux", "macOS"]
)
def test_the_guide_says_where_things_are(system: str, column: int) -> None:
    module, name = system.split(":")
    folders = getattr(importlib.import_module(module), name)("Inkling", appauthor=False)
    text = GUIDE.read_text(encoding="utf-8")
    for row, place in (
        ("drawings that you saved", folders.user_data_dir),
        ("settings", folders.user_config_dir),
        ("log", folders.user_log_dir),
    ):
        (line,) = re.findall(rf"^\| {row}.*$", text, re.MULTILINE)
        assert line.split("|")[column + 1].strip(" `") == place.replace(str(Path.home()), "~")


def test_every_menu_entry_that_a_document_names_is_there() -> None:
    entries = {
        node.value.replace("&", "")
        for path in modules("app")
        for node in ast.walk(parsed_code(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for path in DOCUMENTS:
        text = " ".join(path.read_text(encoding="utf-8").split())
        for menu, entry in re.findall(r"\*(File|Edit|View|Model|Help) ▸ ([^*▸]+)\*", text):
            assert menu in entries, menu
            assert entry in entries, f"{menu} ▸ {entry} in {path.name}"
