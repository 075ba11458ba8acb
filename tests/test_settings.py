import json
from pathlib import Path

import pytest

from app import paths, settings
from app.settings import Settings
from model.errors import UserError


def test_what_is_kept_is_there_again() -> None:
    assert settings.load() == Settings()
    chosen = Settings(model="my-net ü", data="/data/mnist.npz")
    settings.save(chosen)
    assert settings.load() == chosen
    assert [path.name for path in paths.settings_file().parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000, '{"model": 7}', "\ud800"])
def test_settings_that_nobody_can_read_are_as_at_first(text: str) -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text(text, encoding="utf-8", errors="surrogatepass")
    assert settings.load() == Settings()


def test_one_setting_that_is_wrong_does_not_cost_the_others_and_unknown_ones_are_no_matter() -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text(json.dumps({"model": ["x"], "data": "/d", "newer": 1}))
    assert settings.load() == Settings(data="/d")


def test_a_place_that_cannot_be_written_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "file" / "settings.json")
    with pytest.raises(UserError, match="cannot be kept"):
        settings.save(Settings())


def test_a_failure_on_the_way_leaves_the_older_settings_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.save(Settings(model="old"))

    def refuse(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UserError, match="Permission denied"):
        settings.save(Settings(model="new"))
    assert settings.load() == Settings(model="old")
    assert [path.name for path in paths.settings_file().parent.iterdir()] == ["settings.json"]
