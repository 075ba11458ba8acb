"""An input with a fault of each kind, for the tests of what finds them."""

from __future__ import annotations

import logging
import os
import socket
import time
from pathlib import Path

from hypothesis import strategies as st

from model.base.errors import UserError
from stress.way import Way


class _TwoLinesError(UserError):
    """An error in two lines, which UserError itself no longer allows: it escapes line ends."""

    def __str__(self) -> str:
        return "This is not right;\ndo it again."


def _enter(content: bytes, home: Path) -> None:  # noqa: PLR0912  (a fault each)
    match content:
        case b"sentence":
            logging.getLogger("PIL.Planted").error("More than can be decoded")  # Pillow logs this before it raises
            raise UserError("This is not right; do it again.")
        case b"two lines":
            raise _TwoLinesError
        case b"trace":
            raise KeyError("seven")
        case b"computes":
            end = time.process_time() + 0.8
            while time.process_time() < end:
                pass
        case b"waits":
            time.sleep(2.5)
        case b"memory":
            bytearray(os.urandom(1000)) * 100_000
        case b"elsewhere":
            (home.parent / "elsewhere").write_text("out of the way")
        case b"network":
            with socket.socket() as one:
                one.connect_ex(("127.0.0.1", 9))
        case b"neighbour":
            with socket.socket(socket.AF_UNIX) as one:
                one.connect_ex(str(home / "none.socket"))  # a window's own may be tried
                one.connect_ex(str(home.parent / "none.socket"))
        case b"logs":
            logging.error("a bug")
        case b"dies":
            os.abort()
        case _:
            (home / "here").write_bytes(content)


FAULTS = (b"two lines", b"trace", b"computes", b"waits", b"memory", b"elsewhere", b"network", b"neighbour", b"logs")

WAY = Way(
    "planted",
    grammar=st.binary(max_size=3),
    corpus=lambda: (b"an answer", b"sentence", *FAULTS),
    enter=_enter,
    modules=("model.ink.ink",),
    seconds=0.4,  # filling the memory alone takes half of that on a busy machine
    megabytes=50,
)
