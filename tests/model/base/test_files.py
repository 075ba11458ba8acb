"""Anybody's files, read no further than needed; our own, written completely or not at all, and set aside."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from model.base.files import STALE, UNFINISHED, open_plain, read_plain, replaced, set_aside
from tests.conftest import on_linux


def test_a_file_is_read_up_to_the_most_that_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"\r\n\x1a\0seven")
    assert read_plain(file, 9) == b"\r\n\x1a\0seven"
    with pytest.raises(OSError, match="too large") as caught:
        read_plain(file, 8)
    assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, str(file))


@on_linux
def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused = []

    def read() -> None:
        for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path, tmp_path / "a\0b"):
            with pytest.raises(OSError, match=r".") as caught:
                open_plain(path)
            refused.append((caught.value.errno, caught.value.strerror, caught.value.filename))

    reader = threading.Thread(target=read, daemon=True)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  (names are enough)
    reader.start()
    reader.join(5)
    assert not reader.is_alive()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    (pipe, device, folder, zero) = refused
    said = (errno.EINVAL, os.strerror(errno.EINVAL))
    assert pipe == (*said, str(tmp_path / "pipe"))
    assert device == (*said, "/dev/zero")
    assert folder[0] in (errno.EISDIR, errno.EINVAL)
    assert zero == (*said, str(tmp_path / "a\0b"))


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


def test_what_is_set_aside_takes_what_lies_beside_it_along_and_never_another_s_place(tmp_path: Path) -> None:
    for content in ("first", "second"):
        (tmp_path / "x.db").write_text(content)
        (tmp_path / "x.db-wal").write_text(f"{content} log")
        aside = set_aside(tmp_path / "x.db", "-wal", "-journal")
        assert aside.name.startswith("x.db.damaged-")
        assert aside.read_text() == content
        assert aside.with_name(f"{aside.name}-wal").read_text() == f"{content} log"
    assert len(list(tmp_path.iterdir())) == 4
