"""Files of anybody's, read to the last byte that is wanted and no further."""

import errno
import os
import threading
from pathlib import Path

import pytest

from model.base.plain_file import open_plain, read_plain
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
