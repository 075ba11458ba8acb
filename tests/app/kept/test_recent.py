import os
from pathlib import Path

import pytest

from app.kept import recent, settings
from model.base.errors import UserError


def test_the_newest_come_first_each_once_and_at_most_eight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number in [*range(10), 4]:
        recent.add(f"{number}.png")
    assert [Path(path).name for path in recent.files()] == [f"{n}.png" for n in (4, 9, 8, 7, 6, 5, 3, 2)]
    assert all(Path(path).is_absolute() for path in recent.files())
    assert settings.load().recent == recent.files()


def test_other_settings_stay(tmp_path: Path) -> None:
    settings.change(width=12, threshold=0.3)
    recent.add(str(tmp_path))
    recent.clear()
    assert (settings.load().width, settings.load().threshold, recent.files()) == (12, 0.3, ())


def test_a_file_that_is_gone_is_named_and_forgotten(tmp_path: Path) -> None:
    for name in ("here.png", "gone.png"):
        (tmp_path / name).write_text("")
        recent.add(str(tmp_path / name))
    recent.check(str(tmp_path / "gone.png"))
    (tmp_path / "gone.png").unlink()
    with pytest.raises(UserError, match=r"gone\.png is gone"):
        recent.check(str(tmp_path / "gone.png"))
    assert recent.files() == (str(tmp_path / "here.png"),)


def test_two_of_a_name_are_told_apart() -> None:
    paths = [os.path.join("/", "a", "7.png"), os.path.join("/", "b", "7.png"), os.path.join("/", "b", "8.png")]  # noqa: PTH118
    assert recent.names(paths) == [os.path.join("a", "7.png"), os.path.join("b", "7.png"), "8.png"]  # noqa: PTH118
