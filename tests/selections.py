"""Another program on the X server: it owns the clipboard, or drops something on a window (XDND 5)."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import xcffib
import xcffib.xproto

from tests.screen import PATIENCE

INCREMENT = 60_000  # bytes at a time, of what's handed over piece by piece
XDND = 5


class Program:
    """A client with an invisible window that answers requests for its selections until it's closed."""

    def __init__(self, display: str):
        connection: Any = xcffib.connect(display)  # type: ignore[no-untyped-call]
        self._connection, self._core = connection, connection.core
        screen = self._connection.get_setup().roots[0]
        self.window = self._connection.generate_id()
        self._core.CreateWindow(
            0, self.window, screen.root, 0, 0, 1, 1, 0, xcffib.xproto.WindowClass.InputOutput, screen.root_visual, 0, []
        )
        self._offers: dict[int, tuple[Mapping[str, bytes], bool]] = {}  # selection -> content by type; piece by piece?
        self._rest: dict[tuple[int, int], memoryview] = {}  # (window, property) -> what's still to be handed over there
        self._status, self._finished = threading.Event(), threading.Event()
        self.accepted = False
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def offer(self, selection: str, content: Mapping[str, bytes], *, bit_by_bit: bool = False) -> None:
        """Own a selection such as ``CLIPBOARD``, and offer it as these types, such as ``image/png``."""
        self._offers[self.atom(selection)] = content, bit_by_bit
        self._core.SetSelectionOwner(self.window, self.atom(selection), 0)
        assert self._core.GetSelectionOwner(self.atom(selection)).reply().owner == self.window

    def drop(self, window: int, x: int, y: int, content: Mapping[str, bytes]) -> bool:
        """Drop something on a window, at a place on the screen, and return whether the window takes it."""
        self._status.clear()
        self._finished.clear()
        self.offer("XdndSelection", content)
        kinds = [self.atom(kind) for kind in content][:3]
        self._tell(window, "XdndEnter", XDND << 24, *kinds)
        self._tell(window, "XdndPosition", 0, x << 16 | y, 0, self.atom("XdndActionCopy"))
        assert self._status.wait(PATIENCE)
        if self.accepted:
            self._tell(window, "XdndDrop", 0, 0)
            assert self._finished.wait(PATIENCE)
        return self.accepted

    def close(self) -> None:
        """Disconnect from the server."""
        self._tell(self.window, "CLOSE")  # to itself: a connection mustn't close while a thread waits on it
        self._thread.join()
        self._connection.disconnect()

    def atom(self, name: str) -> int:
        """Return the server's number for a name."""
        return int(self._core.InternAtom(False, len(name), name).reply().atom)

    def _tell(self, window: int, message: str, *values: int) -> None:
        numbers = [self.window, *values, 0, 0, 0, 0][:5]
        event = struct.pack("=BBHII5I", 33, 32, 0, window, self.atom(message), *numbers)  # a ClientMessage
        self._core.SendEvent(False, window, 0, event)
        self._connection.flush()

    def _answer(self) -> None:
        while True:
            try:
                event = self._connection.wait_for_event()
            except xcffib.xproto.WindowError:  # the requester has gone
                continue
            if isinstance(event, xcffib.xproto.SelectionRequestEvent):
                self._give(event)
            elif isinstance(event, xcffib.xproto.PropertyNotifyEvent) and event.state == 1:  # the requester has read it
                self._give_more(event.window, event.atom)
            elif isinstance(event, xcffib.xproto.ClientMessageEvent):
                if event.type == self.atom("XdndStatus"):
                    self.accepted = bool(event.data.data32[1] & 1)
                    self._status.set()
                elif event.type == self.atom("XdndFinished"):
                    self._finished.set()
                elif event.type == self.atom("CLOSE"):
                    return

    def _give(self, event: Any) -> None:
        content, bit_by_bit = self._offers[event.selection]
        place, kinds = event.property, {self.atom(kind): value for kind, value in content.items()}
        if event.target == self.atom("TARGETS"):
            self._put(event.requestor, place, xcffib.xproto.Atom.ATOM, 32, struct.pack(f"={len(kinds)}I", *kinds))
        elif event.target not in kinds:
            place = 0  # there's no such type
        elif bit_by_bit:
            mask = xcffib.xproto.EventMask.PropertyChange
            self._core.ChangeWindowAttributes(event.requestor, xcffib.xproto.CW.EventMask, [mask])
            self._rest[event.requestor, place] = memoryview(kinds[event.target])
            self._kind = event.target
            length = struct.pack("=I", len(kinds[event.target]))
            self._put(event.requestor, place, self.atom("INCR"), 32, length)
        else:
            self._put(event.requestor, place, event.target, 8, kinds[event.target])
        note = struct.pack("=BBHIIIII8x", 31, 0, 0, event.time, event.requestor, event.selection, event.target, place)
        self._core.SendEvent(False, event.requestor, 0, note)
        self._connection.flush()

    def _give_more(self, window: int, place: int) -> None:
        rest = self._rest.get((window, place))
        if rest is not None:
            self._put(window, place, self._kind, 8, bytes(rest[:INCREMENT]))  # the last piece is empty
            self._rest[window, place] = rest[INCREMENT:]
            if not rest:
                del self._rest[window, place]
            self._connection.flush()

    def _put(self, window: int, place: int, kind: int, size: int, value: bytes) -> None:
        self._core.ChangeProperty(0, window, place, kind, size, len(value) * 8 // size, value)


@contextmanager
def program(display: str) -> Iterator[Program]:
    """Run such a program on a display."""
    other = Program(display)
    try:
        yield other
    finally:
        other.close()
