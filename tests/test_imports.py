"""The architecture's rules: imports go one way, without cycles, and the window never imports TensorFlow."""

import ast
import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, run
from tests.screen import PATIENCE

TRAINING = {"tensorflow", "keras"}
ROOMS = {  # room -> the rooms that it may import, from the bottom up: none may import one that's listed later
    "model.base": "",
    "model.ink": "model.base",
    "model.training": "model.base",
    "model.data": "model.base model.ink",
    "model.bundle": "model.base model.data",
    "model.reading": "model.base model.ink model.bundle",
    "model.given": "model.base model.ink model.data model.bundle model.reading",
    "model.page": "model.base model.ink model.reading",
    "model.judging": "model.base model.ink model.data model.bundle model.reading",
    "model.training.files": "model.base model.training model.bundle",
    "model.training.synthetic": "model.ink model.data model.reading",
    "model.training.learn": (
        "model.base model.training model.data model.bundle model.reading model.judging model.training.files "
        "model.training.synthetic"
    ),
    "model.training.doubt": (
        "model.base model.ink model.training model.data model.bundle model.reading model.training.files "
        "model.training.synthetic model.training.learn"
    ),
    "model.training.eye": (
        "model.base model.training model.data model.bundle model.reading model.training.files "
        "model.training.synthetic model.training.learn model.training.doubt"
    ),
    "model.training.opened": "model.base model.ink model.training model.bundle model.reading model.training.files",
    "model.learning": (
        "model.base model.ink model.data model.bundle model.reading model.training.synthetic model.training.opened"
    ),
    "model.commands": (
        "model.base model.ink model.data model.bundle model.reading model.given model.judging model.training.files "
        "model.training.learn model.training.doubt model.training.eye model.training.opened model.learning"
    ),
    "model": "model.base model.commands",
    "model.inside": "model.base model.ink model.data model.reading model.training.synthetic model.learning",
    "app.kept": "model.base model.ink model.bundle model.reading",
    "app.facts": "model.base model.ink model.bundle app.kept",
    "app.jobs": "model.base model.data model.bundle model.reading app.kept",
    "app.drawing": "model.base model.ink model.reading app.kept",
    "app.sources": "model.base model.ink model.bundle model.reading model.page app.facts app.drawing",
    "app.page": "model.base model.ink model.reading model.page app.facts app.drawing app.sources",
    "app.ui.kit": "model.base model.ink app.kept app.facts app.jobs",
    "app.ui.answer": "model.base model.reading app.ui.kit",
    "app.ui.help": "model.base model.ink model.bundle app.kept app.facts app.ui.kit",
    "app.ui.inside": "model.base model.ink model.reading model.inside app.ui.kit",
    "app.ui.laboratory": "model.base model.ink model.reading model.inside app.ui.kit app.ui.inside",
    "app.ui.lessons": "model.base model.data model.inside app.kept app.ui.kit app.ui.laboratory",
    "app.ui.models": "model.base model.bundle model.inside app.kept app.facts app.jobs app.ui.kit",
    "app.ui.page": "model.base model.ink model.reading app.page app.ui.kit",
    "app.ui.practice": "model.base app.drawing app.ui.kit",
    "app.ui.pad": "model.base model.ink app.drawing app.ui.kit",
    "app.ui.drawings": "model.base model.ink model.reading app.kept app.drawing app.sources app.ui.kit app.ui.pad",
    "app.ui.training": "model.base model.data model.bundle app.kept app.facts app.jobs app.ui.kit app.ui.laboratory",
    "app.ui.window": (
        "model.base model.ink model.reading model.inside app.kept app.facts app.jobs app.drawing app.sources app.page "
        "app.ui.kit app.ui.answer app.ui.drawings app.ui.help app.ui.inside app.ui.laboratory app.ui.lessons "
        "app.ui.models app.ui.page app.ui.practice app.ui.pad app.ui.training"
    ),
    "app": (
        "model.base model.ink model.bundle model.reading model.page model.commands model app.kept app.facts app.jobs "
        "app.sources app.ui.window"
    ),
}


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


@functools.cache
def modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found
    return found


def names(path: Path) -> str:
    """Return a module's dotted name; an `__init__.py` has its package's."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@functools.cache
def known() -> set[str]:
    return {names(each) for package in ("app", "model") for each in modules(package)}


def running_imports(path: Path) -> set[str]:
    """Return the project's own modules that a module imports, early or late, except those only for type hints."""
    found = set()
    for_types: set[ast.AST] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for_types.update(node.body)
        elif node in for_types:
            continue
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= whole & known() or {node.module or ""}
    return found & known()


def test_each_room_imports_only_what_lies_below_it() -> None:
    order = list(ROOMS)
    for room, below in ROOMS.items():
        assert all(order.index(each) < order.index(room) for each in below.split()), room
    for path in (path for package in ("app", "model") for path in modules(package) if path.name != "__init__.py"):
        room = names(path).rpartition(".")[0]
        rooms = {
            (each if (ROOT / each.replace(".", "/")).is_dir() else each.rpartition(".")[0])
            for each in running_imports(path)
        }
        assert rooms - {room} <= set(ROOMS[room].split()), path


def test_no_modules_import_each_other_in_a_circle() -> None:
    left = {names(path): running_imports(path) for package in ("app", "model") for path in modules(package)}
    while free := {name for name, needed in left.items() if not needed & (left.keys() - {name})}:
        left = {name: needed for name, needed in left.items() if name not in free}
    assert not left


def test_each_room_says_what_it_is_for() -> None:
    for room in ROOMS:
        said = ast.get_docstring(parsed(ROOT / room.replace(".", "/") / "__init__.py"))
        assert said, room


def test_imports_go_from_app_to_model_and_never_back() -> None:
    for path in modules("model"):
        assert not any(name.split(".")[0] == "app" for name in imports(path)), path


def test_only_the_ui_knows_tkinter() -> None:
    for path in [*modules("app"), *modules("model")]:
        uses = any(name.split(".")[0] == "tkinter" for name in imports(path))
        assert not uses or path.is_relative_to(ROOT / "app" / "ui"), path


def test_only_the_window_s_start_and_the_command_line_know_the_ui() -> None:
    for path in modules("app"):
        uses = any(name.startswith("app.ui") for name in imports(path))
        assert not uses or path.is_relative_to(ROOT / "app" / "ui") or path.name in ("__main__.py", "cli.py"), path


def test_the_program_never_names_tensorflow_nor_what_imports_it() -> None:
    for path in modules("app"):
        names = set(imports(path))
        assert not any(name.split(".")[0] in TRAINING for name in names), path
        assert not any(name.startswith("model.training") for name in names), path
        assert "model.data.data" not in names, path


def test_only_the_training_package_imports_tensorflow_when_it_is_imported() -> None:
    for path in modules("model"):
        top = parsed(path).body
        names = [alias.name for node in top if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in top if isinstance(node, ast.ImportFrom)]
        assert not TRAINING & {name.split(".")[0] for name in names} or "training" in path.parent.name, path


@pytest.mark.usefixtures("screen")
def test_the_running_window_has_not_imported_it_and_paints_before_litert() -> None:
    """In a fresh interpreter: NumPy and LiteRT aren't loaded after the first paint, and are after an answer."""
    script = """
import sys
import app.__main__  # as a start has it
from app.kept import settings
from app.ui.window import main_window, start
settings.change(inside=True)  # it shows pictures of numbers, and waits for them
main_window.LOAD_AFTER = 60_000  # on a busy machine its time can come while the window is painted
window = start.open_window()
window.root.update()
assert window.pad.winfo_ismapped()
assert not window.contents.shows_inside
early = {"numpy", "ai_edge_litert", "PIL", "tensorflow", "keras", "packaging", "email", "multiprocessing", "sqlite3"}
early |= {"argparse", "logging.handlers", "tkinter.filedialog"}
early &= set(sys.modules)
assert not early, early
from model.ink.ink import Point
window.session.add_stroke([Point(80, 60, 0), Point(200, 60, 1), Point(130, 230, 2)], (280, 280))
assert window.session.recognize().digit == 7
assert {"numpy", "ai_edge_litert"} <= set(sys.modules)
late = {name for name in sys.modules if name.split(".")[0] in ("tensorflow", "keras", "matplotlib")}
assert not late, late
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr


def test_what_is_put_off_until_tk_is_idle_ends_with_its_widget() -> None:
    """And what may close a window is never put off that way: `update_idletasks` would run it amid other work."""
    for path in modules("app"):
        assert ".after_idle(" not in path.read_text(encoding="utf-8"), f"{path}: use a Timer or in_turn"


def test_the_window_does_without_what_the_light_bundle_leaves_out() -> None:
    tree = ast.parse((ROOT / "build.spec").read_text(encoding="utf-8"))
    (left_out,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXCLUDED_FROM_LIGHT"
    )
    assert {"ssl", "numpy.fft"} <= set(left_out)
    of_the_window = [names(path) for path in modules("app") if path.name not in ("cluster.py", "__main__.py")]
    script = f"import sys; sys.modules |= dict.fromkeys({left_out!r}); import {', '.join(of_the_window)}"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rooms = ("model/base", "model/ink", "model/bundle", "model/reading", "model/inside", "app")
    parts = tuple(f"np{name.removeprefix('numpy')}" for name in left_out if name.startswith("numpy."))
    for path in (path for room in rooms for path in modules(room)):
        used = {ast.unparse(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert not used & set(parts), path


def test_help_and_version_are_quick_words() -> None:
    assert run("app", "--version").stdout.startswith("Inkling ")
    assert "recognize" in run("app", "--help").stdout


def test_keras_is_imported_in_the_one_place_that_pins_its_settings() -> None:
    for path in [*modules("app"), *modules("model")]:
        uses = any(name.split(".")[0] in TRAINING for name in imports(path))
        assert not uses or path.relative_to(ROOT).as_posix() == "model/training/pinned.py", path
