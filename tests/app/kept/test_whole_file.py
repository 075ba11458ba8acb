"""Files that are written whole or not at all."""

import os
import time
from pathlib import Path

import pytest

from app.kept.whole_file import STALE, UNFINISHED, replaced
from tests.conftest import on_linux


def write(path: Path, content: bytes) -> None:
    with replaced(path) as file:
        file.write(content)


def test_what_a_killed_program_has_left_goes_an_hour_later_and_nobody_else_s_file(tmp_path: Path) -> None:
    stale, fresh, other = (tmp_path / f"{UNFINISHED}{end}" for end in ("abcd_123", "efgh_456", "notes"))
    for path in (stale, fresh, other):
        path.write_bytes(b"half")
    for path in (stale, other):
        os.utime(path, (time.time() - STALE - 60,) * 2)
    write(tmp_path / "drawing.inkling", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, other.name, "drawing.inkling"]


@on_linux
def test_after_a_power_cut_the_new_file_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    fsync = os.fsync

    def noted(number: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        fsync(number)

    monkeypatch.setattr(os, "fsync", noted)
    write(tmp_path / "drawing.inkling", b"whole")
    assert len(flushed) == 2
    assert flushed[0].startswith(str(tmp_path / UNFINISHED))
    assert flushed[1] == str(tmp_path)


def test_a_failure_is_told_although_what_was_written_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "drawing.inkling"
    path.write_bytes(b"old")

    def fail() -> None:
        with replaced(path) as file:
            Path(file.name if isinstance(file.name, str) else next(tmp_path.glob(f"{UNFINISHED}*"))).unlink()
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fail()
    assert path.read_bytes() == b"old"


@on_linux
def test_a_link_to_itself_is_replaced_by_the_file(tmp_path: Path) -> None:
    path = tmp_path / "drawing.inkling"
    path.symlink_to(path)
    write(path, b"whole")
    assert path.read_bytes() == b"whole"
