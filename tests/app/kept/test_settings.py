import json
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import platformdirs
import pytest

from app.kept import paths, settings
from app.kept.settings import Settings
from model.base.errors import UserError
from tests.conftest import ROOT
from tests.screen import PATIENCE


def test_what_is_kept_is_there_again() -> None:
    assert settings.load() == Settings()
    chosen = Settings(model="my-net ü", data="/data/mnist.npz")
    settings.change(**asdict(chosen))
    assert settings.load() == chosen
    assert {path.name for path in paths.settings_file().parent.iterdir()} == {"settings.json", ".settings.json.lock"}


def _nobody_knows(*_words: object, **_more: object) -> str:
    raise RuntimeError("could not determine the home directory")


@pytest.mark.parametrize("find", [_nobody_knows, lambda *_words, **_more: "~/.config/Inkling"])
def test_a_user_without_a_home_has_the_settings_of_the_first_start_and_keeps_none(
    find: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "user_config_dir", find)
    assert settings.load() == Settings()
    with pytest.raises(UserError, match="The settings can't be saved"):
        settings.change(width=12)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", "[" * 100_000, "\ud800"])
def test_a_damaged_file_is_set_aside_told_once_and_the_settings_are_as_at_first(text: str) -> None:
    written = text.encode("utf-8", "surrogatepass")
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_bytes(written)
    assert settings.load() == settings.load() == Settings()
    (aside,) = paths.settings_file().parent.iterdir()
    assert aside.read_bytes() == written
    told = settings.notice()
    assert (
        told
        == f"The settings file was damaged. It's now called {aside.name}, and the settings are back to their defaults."
    )
    assert settings.notice() == ""
    paths.settings_file().write_bytes(b"{")  # in the same second
    settings.change(width=12)
    assert settings.load().width == 12
    assert len(list(paths.settings_file().parent.glob("settings.json.damaged-*"))) == 2
    assert settings.notice()


@pytest.mark.parametrize(("size", "width"), [(1_000_000, 12), (1_000_001, Settings().width)])
def test_the_largest_settings(size: int, width: int) -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text('{"width": 12}'.ljust(size))
    assert settings.load().width == width
    assert bool(settings.notice()) == (size > 1_000_000)


def test_a_damaged_file_that_cannot_be_moved_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text("{")

    def refuse(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    assert settings.load() == Settings()
    assert settings.notice() == "The settings file settings.json is damaged. The settings are back to their defaults."


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"model": 7, "live": 0, "width": 12.5, "look": "pink", "place": None, "recent": "x"}, Settings()),
        ({"threshold": 1}, Settings(threshold=1.0)),
        ({"threshold": math.nan}, Settings()),
        ({"threshold": math.inf, "width": 10**400, "learn": 3}, Settings(threshold=1.0, width=100)),
        ({"threshold": 10**400, "width": -5}, Settings(width=2)),
        (
            {"recent": ["a", 7, "b"], "look": "dark", "live": False},
            Settings(recent=("a", "b"), look="dark", live=False),
        ),
    ],
)
def test_a_wrong_value_is_as_at_first_and_numbers_are_held_to_what_makes_sense(
    values: dict[str, object], expected: Settings
) -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text(json.dumps(values))
    assert settings.load() == expected
    assert settings.notice() == ""
    assert paths.settings_file().exists()


def test_a_change_keeps_what_another_window_has_changed_meanwhile() -> None:
    settings.load()
    settings.change(width=12)  # by another window
    assert settings.change(look="dark") == Settings(width=12, look="dark") == settings.load()


def test_one_setting_that_is_wrong_does_not_cost_the_others_and_unknown_ones_are_no_matter() -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text(json.dumps({"model": ["x"], "data": "/d", "newer": 1}))
    assert settings.load() == Settings(data="/d")


def test_a_place_that_cannot_be_written_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(paths, "settings_file", lambda _profile=None: tmp_path / "file" / "settings.json")
    with pytest.raises(UserError, match="can't be saved"):
        settings.change()


def test_a_failure_on_the_way_leaves_the_older_settings_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.change(model="old")

    def refuse(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UserError, match="Permission denied"):
        settings.change(model="new")
    assert settings.load() == Settings(model="old")
    assert {path.name for path in paths.settings_file().parent.iterdir()} == {"settings.json", ".settings.json.lock"}


def test_settings_that_cannot_be_read_just_now_are_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.change(model="mine", learn=False)

    def fail(*_words: object, **_more: object) -> str:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", fail)
        assert settings.load() == Settings()
        with pytest.raises(UserError, match="Input/output error"):
            settings.change(width=30)
    assert settings.load() == Settings(model="mine", learn=False)


def test_two_windows_that_change_settings_at_once_lose_neither() -> None:
    script = (
        "import sys; from app.kept import settings\nfor number in range(30): settings.change(**{sys.argv[1]: number})"
    )
    names = ("width", "threshold")
    windows = [subprocess.Popen([sys.executable, "-c", script, name], cwd=ROOT) for name in names]
    assert [window.wait(PATIENCE) for window in windows] == [0, 0]
    assert settings.load() == Settings(width=29, threshold=1.0)


def test_what_a_newer_inkling_has_set_is_there_after_a_change() -> None:
    newer = {"brush": {"kind": "fountain", "sizes": [1, 2.5]}, "look": "sepia"}
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text(json.dumps({"width": 12} | newer))
    assert settings.change(live=False) == Settings(width=12, live=False)
    kept = json.loads(paths.settings_file().read_text())
    assert {key: kept[key] for key in newer} == newer
    assert settings.change(look="dark").look == "dark"


def test_a_file_that_would_fill_the_memory_is_no_settings() -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_bytes(b"[" + b"[]," * 1_000_000 + b"[]]")
    assert settings.load() == Settings()
    assert "was damaged" in settings.notice()


@pytest.mark.parametrize(("size", "width"), [(1_000_000, 33), (1_000_001, Settings().width)])
def test_the_largest_file(size: int, width: int) -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_bytes(b'{"width": 33}'.ljust(size))
    assert settings.load().width == width
    assert bool(settings.notice()) == (width != 33)
    assert paths.settings_file().exists() == (width == 33)  # otherwise it's set aside
