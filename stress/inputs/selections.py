"""Programs on a real X server that own the clipboard and hand it over in their own manner, or not at all."""

from __future__ import annotations

import functools
import shutil
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xcffib.xproto

from tests.screen import virtual_screen, wait_for
from tests.selections import Program

MANNERS = (
    *("whole", "bit by bit", "silent", "refuses", "stops", "without end", "by drops", "empty first", "noise"),
    *("another kind", "another place", "in words", "gone", "xclip"),
)
BIT_BY_BIT = ("bit by bit", "stops", "without end", "by drops", "empty first")
DROP = 3  # bytes
FLOOD = 300  # events


class Owner(Program):
    """A program that hands the clipboard over in a given manner. Raises FileNotFoundError if xclip is missing."""

    def __init__(self, display: str):
        self._manner = "whole"
        if not shutil.which("xclip"):
            raise FileNotFoundError("xclip is needed: install it (Debian: apt install xclip)")
        # It runs what a shell is told to, and is started before the guard watches for new programs.
        self._shell = subprocess.Popen(
            ["/bin/sh"], stdin=subprocess.PIPE, env={"DISPLAY": display, "PATH": "/usr/bin:/bin"}
        )
        super().__init__(display)

    def put(self, manner: str, content: Mapping[str, bytes], folder: Path) -> None:
        """Put something on the clipboard in some formats, and hand it over in a manner."""
        self._manner = manner
        self._rest.clear()
        self.offer("CLIPBOARD", content, bit_by_bit=manner in BIT_BY_BIT)
        if manner == "gone":
            self._core.SetSelectionOwner(0, self.atom("CLIPBOARD"), 0)
        elif manner == "xclip" and content:
            kind, said = next(iter(content.items()))
            (folder / "copied").write_bytes(said)
            assert self._shell.stdin
            self._shell.stdin.write(
                f"xclip -selection clipboard -t '{kind}' '{folder / 'copied'}' 2>/dev/null\n".encode()
            )
            self._shell.stdin.flush()
            wait_for(lambda: self._owner() != self.window, 5, "xclip's clipboard")

    def _owner(self) -> int:
        return int(self._core.GetSelectionOwner(self.atom("CLIPBOARD")).reply().owner)

    def _give(self, event: Any) -> None:
        match self._manner:
            case "silent":
                return
            case "refuses":
                self._offers[event.selection] = {}, False
            case "noise":
                for number in range(FLOOD):
                    note = struct.pack("=BBHIIIII8x", 31, 0, 0, 0, event.requestor, event.selection, number, number)
                    self._core.SendEvent(False, event.requestor, 0, note)
                    self._core.ChangeProperty(0, event.requestor, self.atom("NOISE"), event.target, 8, 1, b"x")
            case "another place":
                note = struct.pack("=BBHIIIII8x", 31, 0, 0, 0, event.requestor, event.selection, event.target, 4711)
                self._core.SendEvent(False, event.requestor, 0, note)
                self._connection.flush()
                return
        super()._give(event)

    def _give_more(self, window: int, place: int) -> None:
        rest = self._rest.get((window, place))
        if rest is None or self._manner == "stops":
            return
        if self._manner == "without end":
            self._put(window, place, self._kind, 8, bytes(rest[: 1 << 16]) or b"0")
            self._connection.flush()
        elif self._manner == "by drops" and rest:
            self._put(window, place, self._kind, 8, bytes(rest[:DROP]))
            self._rest[window, place] = rest[DROP:]
            self._connection.flush()
        elif self._manner == "empty first":
            self._put(window, place, self._kind, 8, b"")
            self._connection.flush()
        else:
            super()._give_more(window, place)

    def _put(self, window: int, place: int, kind: int, size: int, value: bytes) -> None:
        if self._manner == "another kind":
            kind = xcffib.xproto.Atom.INTEGER
        elif self._manner == "in words":
            size, value = 32, value + bytes(-len(value) % 4)
        super()._put(window, place, kind, size, value)


@functools.cache
def owner() -> tuple[Owner, str]:
    """Return the program, and its display: a server that ends when all of our processes have left it."""
    screen = virtual_screen(more=["-terminate"])
    display = screen.__enter__()
    found = Owner(display)
    found.screen = screen  # type: ignore[attr-defined]  # or it would end now
    return found, display
