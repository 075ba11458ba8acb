"""How to install more: each hint names a command that works where the program runs."""

import ast
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import polib
import pytest
from packaging.requirements import Requirement

from model.base import installation, language, program
from model.base.errors import UserError
from model.base.project import requirements
from tests import environments
from tests.conftest import ROOT, on_linux
from tests.environments import Environment

SOURCES = sorted(path for part in ("app", "model", "release") for path in (ROOT / part).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
ASKED = {Requirement(each).name for listed in (PROJECT["dependencies"], *EXTRAS.values()) for each in listed}


def said(tree: ast.AST) -> Iterator[str]:
    """Return a module's texts, without its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body[0] for node in ast.walk(tree) if isinstance(node, documented)]
    docs = {id(first.value) for first in bodies if isinstance(first, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_no_sentence_has_a_command_of_its_own_to_install_something() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in SOURCES
        for text in said(ast.parse(path.read_text(encoding="utf-8")))
        if re.search(r"pip\S* install|\binkling(-digits)?\[", text)
    }
    for path in language.FOLDER.glob("*.po"):
        found |= {f"{path.name}: {each.msgstr}" for each in polib.pofile(str(path)) if "pip install" in each.msgstr}
    assert not found


def test_no_document_names_an_extra_that_an_index_would_have_to_know() -> None:
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "stress").rglob("*.md")):
        if path.name != "CHANGELOG.md":
            assert not re.findall(r"inkling(?:-digits)?\[", path.read_text(encoding="utf-8")), path


def hints() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each call in the sources that makes an install command: where it is, and its arguments."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            its_own = "command" if path.name == "installation.py" else "installation.command"
            if isinstance(node, ast.Call) and ast.unparse(node.func) == its_own:
                words = dict(zip(("extra", "package"), node.args, strict=False))
                words |= {word.arg: word.value for word in node.keywords if word.arg}
                known = {"LITERT": "ai-edge-litert", "f'{FOLDER}/release.txt'": "requirements/release.txt"}
                yield (
                    f"{path.relative_to(ROOT)}:{node.lineno}",
                    {name: known.get(ast.unparse(word)) or ast.literal_eval(word) for name, word in words.items()},
                )


HINTS = list(hints())


def test_there_are_hints() -> None:
    assert len({where.partition(":")[0] for where, _words in HINTS}) >= 7


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the program believe that it was installed from its wheel: with the wheel's metadata, without a checkout."""
    done = subprocess.run(
        [sys.executable, "-c", f"import hatchling.build; print(hatchling.build.build_wheel({str(tmp_path)!r}))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(tmp_path / done.stdout.splitlines()[-1]) as made:
        made.extractall(tmp_path / "site", [name for name in made.namelist() if ".dist-info/" in name])
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert str(metadata.distribution("inkling-digits").locate_file("")) == str(tmp_path / "site")
    monkeypatch.setattr(program, "project_file", lambda: None)


@on_linux  # the quoting is a POSIX shell's
@pytest.mark.parametrize(("where", "words"), HINTS, ids=[where for where, _words in HINTS])
def test_in_a_checkout_a_hint_names_its_own_python_and_path(where: str, words: dict[str, Any]) -> None:  # noqa: ARG001
    python, *pip, last = shlex.split(installation.command(**words))
    assert python == sys.executable
    assert pip[:3] == ["-m", "pip", "install"]
    if "file" in words:
        assert pip[3:] == ["-r"]
        assert Path(last).read_text(encoding="utf-8")
    elif "package" in words:
        assert Requirement(last).name == words["package"]
        assert words["package"] in ASKED
    else:
        assert pip[-1] == "-e"
        assert last == f"{ROOT}[{words['extra']}]"
        assert words["extra"] in EXTRAS


@on_linux
@pytest.mark.usefixtures("wheel")
def test_from_a_wheel_a_hint_names_what_is_required_and_never_the_wheel() -> None:
    for where, words in HINTS:
        if "file" in words:
            continue  # only for releases, and not in a wheel
        python, *words_of_pip = shlex.split(installation.command(**words))
        assert python == sys.executable
        required = [each for each in words_of_pip[3:] if not each.startswith("--")]
        names = {Requirement(each).name for each in required}
        assert names, where
        assert names <= ASKED - {"inkling-digits"}, where
        assert all(Requirement(each).specifier for each in required)
    assert {each.name for each in requirements("train")} == {
        *("tensorflow", "keras", "h5py", "psutil", "scikit-learn", "matplotlib")
    }


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A fresh environment's Python, in a folder whose name needs quoting in a shell."""
    return Environment.make(tmp_path / "it's an environment; $HOME").python


@on_linux
@pytest.mark.usefixtures("wheel")
def test_the_command_works_in_the_shell_and_finds_what_it_names(
    python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in requirements("train"):
        environments.wheel(tmp_path, each.name)
    monkeypatch.setattr(sys, "executable", str(python))
    for name, value in (("NO_INDEX", "1"), ("FIND_LINKS", tmp_path.as_uri()), ("CONFIG_FILE", "/dev/null")):
        monkeypatch.setenv(f"PIP_{name}", value)
    done = subprocess.run(  # noqa: S602  (our own command)
        installation.command("train"),
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Successfully installed" in done.stdout
    told = [str(python), "-c", "import tensorflow, keras; print(tensorflow.__file__)"]
    assert str(python.parent.parent) in subprocess.run(told, capture_output=True, text=True, check=True).stdout


def test_words_are_quoted_as_windows_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "_WINDOWS", True)
    assert installation.command(package="pillow").endswith(' -m pip install "pillow>=11"')
    monkeypatch.setattr(program, "project_file", lambda: Path("C:\\R&D\\Inkling", "pyproject.toml"))
    monkeypatch.setattr(sys, "executable", "C:\\Program Files\\Python\\python.exe")
    assert installation.command("train").startswith(
        '"C:\\Program Files\\Python\\python.exe" -m pip install -e "C:\\R&D'
    )


@on_linux
@pytest.mark.parametrize(
    ("uv", "managed", "start"),
    [
        ("", False, "{python} -m ensurepip && {python} -m pip install -e "),
        ("/usr/bin/uv", False, "/usr/bin/uv pip install --python {python} -e "),
        ("", True, "{python} -m venv --system-site-packages {env} && {env}/bin/python -m pip install -e "),
    ],
)
def test_where_pip_is_missing_or_refuses_the_command_goes_another_way(
    uv: str, managed: bool, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "has_pip", lambda: False)
    monkeypatch.setattr(installation, "externally_managed", lambda: managed)
    monkeypatch.setattr("shutil.which", lambda name: uv if name == "uv" else "")
    command = installation.command("train")
    assert command.startswith(start.format(python=shlex.quote(sys.executable), env=shlex.quote(str(ROOT / ".venv"))))


@pytest.mark.parametrize(
    ("version", "machine", "told"),
    [
        ((3, 14, 0), "x86_64", "made for Python 3.11 to 3.13, not for "),
        ((3, 13, 0), "i686", "isn't made for linux on i686"),
        ((3, 11, 0), "x86_64", "install it with: "),
        ((3, 13, 9), "aarch64", "install it with: "),
    ],
)
def test_where_there_is_no_tensorflow_no_command_is_named(
    version: tuple[int, ...], machine: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr("platform.machine", lambda: machine)
    sentence = installation.needs_tensorflow("Training")
    assert sentence.startswith("Training needs TensorFlow")
    assert told in sentence
    assert ("pip install" in sentence) == told.startswith("install it")


def test_the_page_on_installing_and_ci_name_the_same_pythons() -> None:
    oldest, newest = (".".join(map(str, each)) for each in (installation.OLDEST, installation.NEWEST))
    assert f"Python {oldest} to {newest}." in (ROOT / "docs" / "install.md").read_text(encoding="utf-8").replace(
        "\n", " "
    )
    (matrix,) = re.findall(r"python: \[(.*)\]", (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    named = re.findall(r"[\d.]+", matrix)
    assert (named[0], named[-1]) == (oldest, newest)


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError("libsomething.so.1:\n cannot open"), r"\(libsomething.so.1: cannot open\)"),
        (SystemError(), r"\(SystemError\)"),
        (AttributeError("_ARRAY_API not found"), r"\(_ARRAY_API not found\)"),
    ],
)
def test_a_tensorflow_that_does_not_work_is_a_sentence(
    frozen: bool, error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "FROZEN", frozen)
    how = "Inkling again" if frozen else "it again with: .* -m pip install --force-reinstall -e "
    told = rf"^TensorFlow doesn't work here {reason}. Install {how}"
    with pytest.raises(UserError, match=told), installation.loading_tensorflow("Training"):
        raise error


def test_a_tensorflow_that_is_missing_is_told_as_such() -> None:
    with (
        pytest.raises(UserError, match="Training needs TensorFlow; install it"),
        installation.loading_tensorflow("Training"),
    ):
        raise ModuleNotFoundError("No module named 'tensorflow'")
