"""A virtual X screen, and a hand and an eye on it: real pointer and key events through XTEST, pixels read back.

The tests, the benchmarks and the documentation's screenshots use it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from PIL import Image

if sys.platform == "linux":  # other systems show windows without an X server, and skip the window's tests
    import xcffib
    import xcffib.xkb
    import xcffib.xproto
    import xcffib.xtest

KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION = 2, 3, 4, 5, 6
KEYSYMS = {
    "Return": 0xFF0D,
    "Escape": 0xFF1B,
    "Left": 0xFF51,
    "Up": 0xFF52,
    "Right": 0xFF53,
    "Down": 0xFF54,
    "Home": 0xFF50,
    "End": 0xFF57,
    "Prior": 0xFF55,
    "Next": 0xFF56,
    "BackSpace": 0xFF08,
    "Delete": 0xFFFF,
    "F1": 0xFFBE,
    "F2": 0xFFBF,
    "F6": 0xFFC3,
    "F10": 0xFFC7,
    "Tab": 0xFF09,
    "space": 0x20,
    "shift": 0xFFE1,
    "ctrl": 0xFFE3,
    "alt": 0xFFE9,
    "super": 0xFFEB,
    "Caps_Lock": 0xFFE5,
    "Num_Lock": 0xFF7F,
}
# The keypad's digits from 0, as its keys work without Num Lock.
KEYPAD = (0xFF9E, 0xFF9C, 0xFF99, 0xFF9B, 0xFF96, 0xFF9D, 0xFF98, 0xFF95, 0xFF97, 0xFF9A)
KEYSYMS |= {f"KP_{digit}": keysym for digit, keysym in enumerate(KEYPAD)}
WHAT_IS_MISSING = (
    "a virtual screen is needed: install Xvfb (Debian: apt install xvfb, Fedora: dnf install xorg-x11-server-Xvfb)"
)

Found = TypeVar("Found")

PATIENCE = 600  # seconds after which what's waited for counts as missing: on a busy machine everything takes long


class Area(NamedTuple):
    """A window's place on the screen, in pixels."""

    left: int
    top: int
    width: int
    height: int


@contextmanager
def virtual_screen(width: int = 1024, height: int = 768, dpi: int = 96, more: Sequence[str] = ()) -> Iterator[str]:
    """Run Xvfb, with further options if any, and yield its display's name. Raises FileNotFoundError without Xvfb."""
    program = shutil.which("Xvfb")
    if program is None:
        raise FileNotFoundError(WHAT_IS_MISSING)
    reader, writer = os.pipe()
    command = [program, "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-dpi", str(dpi)]
    command += ["-nolisten", "tcp", *more]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as lines:
            number = lines.readline().strip()  # it's printed when the server is ready
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def window_manager(display: str) -> Iterator[None]:
    """Let openbox manage a display's windows. Raises FileNotFoundError if it isn't installed."""
    program = shutil.which("openbox")
    if program is None:
        raise FileNotFoundError("a window manager is needed: install openbox (Debian: apt install openbox)")
    environment = os.environ | {"DISPLAY": display}
    manager = subprocess.Popen([program, "--sm-disable"], env=environment, stderr=subprocess.DEVNULL)
    hand = Screen(display)
    try:
        wait_for(lambda: hand.numbers("_NET_WORKAREA"), 30, "a window manager")
        yield
    finally:
        hand.close()
        manager.terminate()
        manager.wait()


class Screen:
    """A hand and an eye on one X display without a window manager."""

    def __init__(self, display: str):
        self._connection: Any = xcffib.connect(display)  # type: ignore[no-untyped-call]
        self._root = self._connection.get_setup().roots[0].root
        self._xtest = self._connection(xcffib.xtest.key)
        self._keycodes = self._read_keyboard()

    def close(self) -> None:
        """Disconnect from the display."""
        self._connection.disconnect()

    def move(self, x: float, y: float) -> None:
        """Move the pointer somewhere."""
        self._send(MOTION, 0, round(x), round(y))

    def press(self, button: int = 1) -> None:
        """Hold the left button down, or another one."""
        self._send(BUTTON_PRESS, button)

    def release(self, button: int = 1) -> None:
        """Release the left button, or another one."""
        self._send(BUTTON_RELEASE, button)

    def click(self, x: float, y: float, button: int = 1, held: str = "") -> None:
        """Click the left button somewhere, or another one (4 and 5 are the wheel), with a key held if given."""
        self.move(x, y)
        if held:
            self._send(KEY_PRESS, self._keycodes[KEYSYMS[held]])
        self.press(button)
        self.release(button)
        if held:
            self._send(KEY_RELEASE, self._keycodes[KEYSYMS[held]])

    def stroke(self, points: Sequence[tuple[float, float]], *, follow: bool = True) -> None:
        """Draw from point to point; with ``follow``, go on only once there's ink under the pen.

        A hand that doesn't look can be faster than a busy program: Tk only keeps the last of the waiting motions.
        """
        self.move(*points[0])
        self.press()
        try:
            for point in points[1:]:
                was_dry = not self.is_dark(*point)
                self.move(*point)
                if follow and was_dry:
                    wait_for(lambda point=point: self.is_dark(*point), 10, f"ink at {point}")  # type: ignore[misc]
                else:
                    time.sleep(0.005)
        finally:
            self.release()

    def is_dark(self, x: float, y: float) -> bool:
        """Return whether the pixel at a place is dark."""
        return sum(self.pixels(Area(round(x), round(y), 1, 1)).tobytes()) < 3 * 128

    def key(self, name: str) -> None:
        """Press and release a key while others are held: ``a``, ``Return``, ``ctrl+shift+z``."""
        codes = [self._keycodes[KEYSYMS.get(part) or ord(part)] for part in name.split("+")]
        for code in codes:
            self._send(KEY_PRESS, code)
        for code in reversed(codes):
            self._send(KEY_RELEASE, code)

    def hold(self, name: str) -> None:
        """Press a key and hold it; the server only repeats it after half a second."""
        self._send(KEY_PRESS, self._keycodes[KEYSYMS[name]])

    def let_go(self, name: str) -> None:
        """Release a held key."""
        self._send(KEY_RELEASE, self._keycodes[KEYSYMS[name]])

    def take_keyboard_away(self) -> None:
        """Take the keyboard away from every window, as when a window manager is handing it to another one."""
        self._connection.core.SetInputFocus(0, 0, 0)
        self._connection.core.GetInputFocus().reply()

    def give_keyboard(self, window: int) -> None:
        """Let keys go to a window of a program, as a window manager does when it comes to the front."""
        self._connection.core.SetInputFocus(2, self._outermost(window), 0)  # 2: to its parent, when it is gone
        self._connection.core.GetInputFocus().reply()

    def use_layout(self, number: int) -> None:
        """Switch the keyboard to another of its layouts, counted from 0."""
        xkb = self._connection(xcffib.xkb.key)
        xkb.UseExtension(1, 0).reply()
        core_keyboard, no_keys = 0x100, 0
        xkb.LatchLockState(core_keyboard, no_keys, no_keys, True, number, no_keys, False, 0)
        self._connection.core.GetInputFocus().reply()

    def window(self, title: str, seconds: float = 30) -> int:
        """Return the window with this title as soon as it's mapped. Raises TimeoutError."""
        return wait_for(lambda: self.find(title), seconds, f"a window titled {title}")

    def find(self, title: str) -> int | None:
        """Return the window with this title if it's mapped."""
        core = self._connection.core
        name = core.InternAtom(False, len("_NET_WM_NAME"), "_NET_WM_NAME").reply().atom  # in UTF-8, unlike WM_NAME
        for window in core.QueryTree(self._root).reply().children:
            try:
                reply = core.GetProperty(False, window, name, xcffib.xproto.GetPropertyType.Any, 0, 100).reply()
                mapped = core.GetWindowAttributes(window).reply().map_state == xcffib.xproto.MapState.Viewable
            except xcffib.xproto.WindowError:
                continue  # it was closed between question and answer
            if mapped and bytes(reply.value.buf()) == title.encode():
                return int(window)
        return None

    def area(self, window: int) -> Area:
        """Return where a program's window is."""
        shape = self._connection.core.GetGeometry(window).reply()
        return Area(shape.x, shape.y, shape.width, shape.height)

    def frame(self, window: int) -> Area:
        """Return where a window of any process is, including the frame that a window manager has put around it."""
        return self.area(self._outermost(window))

    def numbers(self, name: str) -> list[int]:
        """Return a property of the root window that's a list of numbers; an empty list if it isn't set."""
        atom = self._connection.core.InternAtom(False, len(name), name).reply().atom
        cardinal = xcffib.xproto.Atom.CARDINAL
        return list(
            self._connection.core.GetProperty(False, self._root, atom, cardinal, 0, 64).reply().value.to_atoms()
        )

    def set_numbers(self, name: str, numbers: Sequence[int]) -> None:
        """Set such a property, as a window manager does."""
        atom = self._connection.core.InternAtom(False, len(name), name).reply().atom
        replace, cardinal = xcffib.xproto.PropMode.Replace, xcffib.xproto.Atom.CARDINAL
        self._connection.core.ChangeProperty(replace, self._root, atom, cardinal, 32, len(numbers), list(numbers))
        self._connection.core.GetInputFocus().reply()

    def under_pointer(self) -> int:
        """Return the program's window that the pointer is in; 0 if there's none."""
        return int(self._connection.core.QueryPointer(self._root).reply().child)

    def canvas(self, window: int) -> Area:
        """Return where one draws in the window: its largest widget, once all of them are laid out."""

        def largest() -> Area | None:
            leaves = self.leaves(window)
            return leaves[0] if len(leaves) >= 4 and min(leaves[0][2:]) >= 280 else None

        return wait_for(largest, 30, "a canvas of 280 x 280 pixels")

    def leaves(self, window: int) -> list[Area]:
        """Return where the widgets without children are, the largest first."""
        found = [area for area in self._walk(window, 0, 0) if area.width > 1 and area.height > 1]
        return sorted(found, key=lambda area: -area.width * area.height)

    def pixels(self, area: Area) -> Image.Image:
        """Return what the screen shows at a place."""
        reply = self._connection.core.GetImage(
            xcffib.xproto.ImageFormat.ZPixmap, self._root, area.left, area.top, area.width, area.height, 0xFFFFFFFF
        ).reply()
        return Image.frombytes("RGB", (area.width, area.height), bytes(reply.data.buf()), "raw", "BGRX")

    def _outermost(self, window: int) -> int:
        while True:
            parent = self._connection.core.QueryTree(window).reply().parent
            if parent == self._root:
                return window
            window = parent

    def _send(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        self._xtest.FakeInput(kind, detail, 0, self._root, x, y, 0)
        self._connection.core.GetInputFocus().reply()  # when this is answered, the server has done the rest

    def _read_keyboard(self) -> dict[int, int]:
        """Return the keycode of each keysym that needs no modifier."""
        setup = self._connection.get_setup()
        first, last = setup.min_keycode, setup.max_keycode
        reply = self._connection.core.GetKeyboardMapping(first, last - first + 1).reply()
        every = reply.keysyms_per_keycode
        return {reply.keysyms[index * every]: first + index for index in range(last - first, -1, -1)}

    def _walk(self, window: int, left: int, top: int) -> Iterator[Area]:
        core = self._connection.core
        shape = core.GetGeometry(window).reply()
        left, top = left + shape.x, top + shape.y
        children = core.QueryTree(window).reply().children
        mapped = [
            child
            for child in children
            if core.GetWindowAttributes(child).reply().map_state == xcffib.xproto.MapState.Viewable
        ]
        if not mapped:
            yield Area(left, top, shape.width, shape.height)
        for child in mapped:
            yield from self._walk(child, left, top)


def wait_for(look: Callable[[], Found | None], seconds: float, what: str, pause: float = 0.0005) -> Found:
    """Return what ``look`` finds, as soon as it finds something. Raises TimeoutError.

    A busy machine gets more than the ``seconds`` of an idle one: what has to be quick is measured in `benchmarks`.
    """
    end = time.monotonic() + max(seconds, PATIENCE)
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {seconds} s")
        time.sleep(pause)
