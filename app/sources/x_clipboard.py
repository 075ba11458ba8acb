"""The clipboard of an X server, read over a separate connection and only as far as needed: Tk has no limits.

How a program speaks with the server is in "X Window System Protocol", how programs hand selections over in the
"Inter-Client Communication Conventions Manual", section 2.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

SILENCE_SECONDS = 5.0  # in which a program that has the clipboard has to hand over something more of it
PATIENCE_SECONDS = 30.0  # for all of it
MOST_KINDS = 1000
READ_AT_ONCE = 1 << 18  # bytes, of what the server has of it

_SELECTION, _PROPERTY = 31, 28  # events
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_ATOM_SIZE = 4


class XClipboard:
    """What the program that owns the clipboard of a display, as ``:0`` or ``localhost:10.0``, has on it.

    Entered, it's connected, which raises OSError.
    """

    def __init__(self, display: str) -> None:
        self._display = display
        self._socket: socket.socket | None = None
        self._stopped = False
        self._events: deque[tuple[int, bytes]] = deque(maxlen=MOST_KINDS)
        self._atoms: dict[str, int] = {}
        self._end = self._heard = 0.0

    def __enter__(self) -> XClipboard:
        self._heard = time.monotonic()
        self._end = self._heard + PATIENCE_SECONDS
        with contextlib.ExitStack() as undone:
            undone.callback(self.__exit__)
            self._window, root = self._connect()
            # A window that nobody sees, one pixel large, and the news about what is written on it.
            self._send(1, 0, "IIhhHHHHIII", self._window, root, 0, 0, 1, 1, 0, 1, 0, 0x800, 0x400000)
            self._clipboard, self._place = self._atom("CLIPBOARD"), self._atom("INKLING_CLIPBOARD")
            undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        if self._socket:
            self._socket.close()

    def stop(self) -> None:
        """Stop asking; can be called in any thread, and a thread that's waiting gets an OSError."""
        self._stopped = True
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def kinds(self, known: Sequence[str]) -> list[str]:
        """Return the kinds that the content is available in, in their order. Raises OSError."""
        said = self.get("TARGETS", MOST_KINDS * _ATOM_SIZE) or b""
        had = {number for (number,) in struct.iter_unpack("<I", said[: len(said) // _ATOM_SIZE * _ATOM_SIZE])}
        return [kind for kind in known if self._atom(kind) in had]

    def get(self, kind: str, most: int) -> bytes | None:
        """Return the content in a kind, or just over ``most`` bytes of it; None if there's none.

        Raises OSError, including TimeoutError if the program that has it doesn't hand it over.
        """
        self._send(19, 0, "II", self._window, self._place)  # nothing is there from before
        self._heard = time.monotonic()
        self._send(24, 0, "IIIII", self._window, self._clipboard, self._atom(kind), self._place, 0)
        target = 0
        while target != self._atom(kind):
            target, place = struct.unpack_from("<II", self._event(_SELECTION), 16)
        if not place:
            return None
        self._events.clear()  # of what was written before
        found_as, content = self._take(most)
        if found_as != self._atom("INCR"):
            return content
        found = io.BytesIO()
        while found.tell() <= most:  # bit by bit: the next is written when we have taken one, and the last is empty
            self._event(_PROPERTY)
            found_as, content = self._take(most)
            if content:
                self._heard = time.monotonic()
                found.write(content)
            elif found_as:
                break
        return found.getvalue()  # without a copy, unlike that of an array

    def _take(self, most: int) -> tuple[int, bytes]:
        """Take away what is written on our window, of more than ``most`` bytes some more; return its kind and it."""
        found = io.BytesIO()
        while True:
            self._send(20, 1, "IIIII", self._window, self._place, 0, found.tell() // 4, READ_AT_ONCE // 4)
            reply = self._reply()
            kind, rest, count = struct.unpack_from("<III", reply, 8)
            found.write(reply[32 : 32 + count * reply[1] // 8])
            if not rest or found.tell() > most:
                return kind, found.getvalue()

    def _atom(self, name: str) -> int:
        """Return the server's number for a name."""
        if name not in self._atoms:
            text = name.encode()
            self._send(16, 0, f"HH{len(text)}s{-len(text) % 4}x", len(text), 0, text)
            (self._atoms[name],) = struct.unpack_from("<I", self._reply(), 8)
        return self._atoms[name]

    def _event(self, code: int) -> bytes:
        """Return the next event of a kind, which tells no more of our window than that something is written on it."""
        while True:
            found, packet = self._events.popleft() if self._events else self._packet()
            place, _when, taken = struct.unpack_from("<IIB", packet, 8)
            if found == code and (code == _SELECTION or (place == self._place and not taken)):
                return packet

    def _reply(self) -> bytes:
        while True:
            code, packet = self._packet()
            if code == 1:
                return packet
            if code == 0:
                raise OSError(f"the X server answers with error {packet[1]}")
            self._events.append((code, packet))

    def _packet(self) -> tuple[int, bytes]:
        """Return an answer (1), an error (0) or an event, whoever has sent that."""
        packet = self._receive(32)
        code = packet[0] & 0x7F
        if code in (1, 35):
            packet += self._receive(4 * struct.unpack_from("<I", packet, 4)[0])
        return code, packet

    def _send(self, request: int, detail: int, form: str, *values: int | bytes) -> None:
        size = struct.calcsize(f"<{form}")
        assert self._socket
        self._socket.sendall(struct.pack(f"<BBH{form}", request, detail, 1 + size // 4, *values))

    def _receive(self, size: int) -> bytes:
        assert self._socket
        found = bytearray()
        while len(found) < size:
            left = min(self._end, self._heard + SILENCE_SECONDS) - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            piece = self._socket.recv(size - len(found))
            if not piece:
                raise ConnectionAbortedError
            found += piece
        return bytes(found)

    def _connect(self) -> tuple[int, int]:
        """Return the first number for a thing of ours, and the screen's window."""
        name, _, number = self._display.rpartition(":")
        number = number.partition(".")[0]
        for cookie in (*_cookies(number), b""):  # last, a server that lets its user in without
            self._socket = _connected(name, int(number))
            if self._stopped:
                raise ConnectionAbortedError
            kind = _COOKIE if cookie else b""
            form = f"<BxHHHH2x{len(kind)}s{-len(kind) % 4}x{len(cookie)}s{-len(cookie) % 4}x"
            self._socket.sendall(struct.pack(form, ord("l"), 11, 0, len(kind), len(cookie), kind, cookie))
            head = self._receive(8)
            rest = self._receive(4 * struct.unpack_from("<H", head, 6)[0])
            if head[0] == 1:
                (first,) = struct.unpack_from("<I", rest, 4)
                maker, formats = struct.unpack_from("<H", rest, 16)[0], rest[21]
                return first, struct.unpack_from("<I", rest, 32 + maker + -maker % 4 + 8 * formats)[0]
            self._socket.close()
        raise ConnectionRefusedError("the X server does not let us in")


def _connected(name: str, number: int) -> socket.socket:
    """Return a connection to a display of a computer, of this one where it has no name. Raises OSError."""
    if name not in ("", "unix"):
        return socket.create_connection((name, 6000 + number), SILENCE_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    place = f"/tmp/.X11-unix/X{number}"  # noqa: S108  (where X servers listen)
    try:
        if connection.connect_ex(place):
            connection.connect(f"\0{place}")
    except OSError:
        connection.close()
        raise
    return connection


def _cookies(number: str) -> Iterator[bytes]:
    """Yield what lets the user in to a display of that number, as the user's file of such things has it."""
    try:
        content = Path(os.environ.get("XAUTHORITY") or Path.home() / ".Xauthority").read_bytes()
    except (OSError, RuntimeError):
        return
    with contextlib.suppress(struct.error):  # its end
        place = 0
        while True:
            place += 2  # past the kind of address
            words = []
            for _ in range(4):
                (size,) = struct.unpack_from(">H", content, place)
                words.append(content[place + 2 : place + 2 + size])
                place += 2 + size
            _address, display, kind, cookie = words
            if kind == _COOKIE and display in (b"", number.encode()):
                yield cookie
