"""One window at a time: a second start passes its files to the running window. It needs no toolkit.

The running window listens where a small file, readable by its user alone, says, and takes in those that know the key in
that file. Only JSON is exchanged. A start that gets no answer in time, because the window hangs, opens its own window.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import multiprocessing.connection
import os
import queue
import socket
import struct
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from model.base.files import file_lock, make_folder, replaced

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, Listener

ANSWER_PATIENCE = 2.0  # seconds that a second start waits for the running window
GIVING_PATIENCE = 0.5  # seconds that the window waits for the last word of a second start
STRANGER_PAUSE = 0.2  # seconds after something went wrong: what goes wrong always must not fill the log
LARGEST_REQUEST = 1_000_000  # bytes
LARGEST_PLACE = 10_000  # bytes of the file that says where the window listens
LONGEST_ADDRESS = 100  # bytes of a socket's path; the systems allow 104 and more
TAKEN, GIVEN = b"taken", b"given"  # what the window says last, and the second start

log = logging.getLogger(__name__)


class Request(NamedTuple):
    """What a second start asks for: to come to the front, and to open files."""

    files: list[Path]
    connection: Connection

    def accept(self) -> bool:
        """Accept it; False if the other start no longer waits and opens its own window."""
        try:
            self.connection.send_bytes(TAKEN)
            return self.connection.poll(GIVING_PATIENCE) and self.connection.recv_bytes(len(GIVEN)) == GIVEN
        except (OSError, EOFError):
            return False
        finally:
            self.connection.close()


def hand_over(files: Sequence[Path], place: Path) -> bool:
    """Ask the window that listens where a file says to come to the front and open files; return whether it does."""
    try:
        with place.open("rb") as file:
            said = json.loads(file.read(LARGEST_PLACE).decode())
        address, key = str(said["address"]), bytes.fromhex(said["key"])
        if said["display"] != _display() or not _is_local(address, place):
            return False  # on another screen nobody would see it
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False  # none runs, as a rule
    asked = json.dumps({"files": [str(path.absolute()) for path in files]}).encode()
    answer: queue.SimpleQueue[bool] = queue.SimpleQueue()
    decided = threading.Lock()  # taken once: by who gives the files away, or by who gives up
    threading.Thread(target=lambda: answer.put(_ask(address, key, asked, decided)), daemon=True).start()
    try:
        taken = answer.get(timeout=ANSWER_PATIENCE)
    except queue.Empty:  # a stopped process leaves us hanging in the handshake
        taken = not decided.acquire(blocking=False)
    log.info("%s at %s", "handed over to the window" if taken else "no answer from a window", address)
    return taken


def _ask(address: str, key: bytes, asked: bytes, decided: threading.Lock) -> bool:
    """Return whether the window takes the request; if its process is stopped, this may wait forever."""
    try:
        with multiprocessing.connection.Client(address, authkey=key) as connection:
            if decided.locked():
                return False
            if sys.platform == "win32":
                ctypes.windll.user32.AllowSetForegroundWindow(-1)  # any process: else the window only blinks
            connection.send_bytes(asked)
            if not connection.poll(ANSWER_PATIENCE * 0.9) or connection.recv_bytes(len(TAKEN)) != TAKEN:
                return False
            if not decided.acquire(blocking=False):
                return False  # the window woke too late
            connection.send_bytes(GIVEN)
            return True
    except Exception as error:  # noqa: BLE001  (it is dead, or another program's, which may say anything)
        log.info("no window at %s: %r", address, error)
        return False


class Instance:
    """The running window, as a second start finds it by a file; where it can't listen, it works without."""

    def __init__(self, place: Path):
        self._place = place
        self._held = contextlib.ExitStack()  # the lock and what listens
        self._ended = threading.Event()
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()

    def listen(self) -> bool:
        """Become the window that a second start finds; return False if there's another one."""
        try:
            make_folder(self._place.parent)
            self._held.enter_context(file_lock(self._place.with_name(f"{self._place.name}.lock"), 0))
            listener, key = _listener(self._place), os.urandom(32)
            thread = threading.Thread(target=self._accept, args=(listener, key), daemon=True)
            thread.start()
            self._held.callback(self._end, listener, thread)
            with replaced(self._place, private=True) as file:
                said = {"address": listener.address, "key": key.hex(), "display": _display()}
                file.write(json.dumps(said).encode())
        except TimeoutError:
            return False
        except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
            log.warning("a second start will not find this window", exc_info=True)
            self.close()
            return False
        return True

    def requests(self) -> Iterator[Request]:
        """Yield what second starts have asked for meanwhile, without waiting."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._requests.get_nowait()

    def close(self) -> None:
        """Stop listening, and leave nothing behind."""
        self._ended.set()
        self._held.close()

    def _end(self, listener: Listener, thread: threading.Thread) -> None:
        with contextlib.suppress(OSError):
            self._place.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            multiprocessing.connection.Client(listener.address).close()  # so that it waits for nobody any more
        thread.join(0.5)
        with contextlib.suppress(OSError):
            listener.close()

    def _accept(self, listener: Listener, key: bytes) -> None:
        """Put requests on the queue until the end; strangers and those who leave in between are let go."""
        while not self._ended.is_set():
            connection: Connection | None = None
            try:
                connection = listener.accept()
                _listen_no_longer_than(connection, ANSWER_PATIENCE)
                multiprocessing.connection.deliver_challenge(connection, key)
                multiprocessing.connection.answer_challenge(connection, key)
                files = _files(connection.recv_bytes(LARGEST_REQUEST))
            except Exception as error:  # noqa: BLE001  (whatever a stranger says)
                if connection is not None:
                    connection.close()
                if not self._ended.wait(STRANGER_PAUSE):
                    log.info("somebody who is no second start: %r", error)
            else:
                self._requests.put(Request(files, connection))


def _files(asked: bytes) -> list[Path]:
    """Return the files of a request. Raises ValueError or another error when it is none."""
    names = json.loads(asked.decode())["files"]
    if not isinstance(names, list) or not all(isinstance(name, str) and "\0" not in name for name in names):
        raise ValueError("no names of files")
    return [Path(name) for name in names]


def _listen_no_longer_than(connection: Connection, seconds: float) -> None:
    """Let what waits for a socket's next word end with an error; Windows' pipes, the user's own, know no such end."""
    if sys.platform != "win32":
        with socket.socket(fileno=os.dup(connection.fileno())) as same:
            whole, part = divmod(seconds, 1)
            same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", int(whole), int(part * 1e6)))


def _is_local(address: str, place: Path) -> bool:
    """Return whether an address is one that a window on this computer can have told: another could be anybody's."""
    if sys.platform == "win32":
        return address.startswith("\\\\.\\pipe\\pyc-")
    return Path(address).parent == place.parent or Path(address).parent.name.startswith("pymp-")


def _listener(place: Path) -> Listener:
    """Return what listens: a socket next to the file, or, where there can't be one, at a place that Python finds."""
    address = place.with_suffix(".socket")
    if sys.platform != "win32" and len(os.fsencode(address)) <= LONGEST_ADDRESS:
        address.unlink(missing_ok=True)  # a killed window has left it
        with contextlib.suppress(OSError):  # not every file system has sockets
            return multiprocessing.connection.Listener(str(address))
    return multiprocessing.connection.Listener()


def _display() -> str:
    """Return the screen that windows are opened on, where there can be several."""
    return os.environ.get("DISPLAY", "").removesuffix(".0")
