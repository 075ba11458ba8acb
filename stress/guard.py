"""What the program must not do, whatever its input: write elsewhere, use the network, run or unpickle anything.

Python's audit hooks (PEP 578) report such things; they can't see what libraries do in C without Python.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

_NEVER = (
    *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"),
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"),
    *("pickle.find_class", "webbrowser.open", "ftplib.connect", "urllib.Request", "smtplib.connect"),
)
_CHANGES = {  # event -> which of its arguments are paths that change
    "os.mkdir": (0,),
    "os.rmdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "shutil.rmtree": (0,),
    "sqlite3.connect": (0,),
}
_RELATIVE = ("os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.link", "os.symlink", "os.chmod")
_OF_LINKS = ("os.remove", "os.rename", "os.symlink", "os.link")  # these change a link itself rather than its target
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = ("/dev/null", "/dev/tty")
_SCREENS = "/tmp/.X11-unix/"  # noqa: S108  (an X server, which the window speaks to anyway)


class Guard:
    """Notes breaches while it's entered; Python can't remove an audit hook, so there's only one in a process.

    Args:
        home: the folder in which everything may be written.
        started: the command line of a process that may be started.
    """

    def __init__(self, home: Path, started: Sequence[str] = ()):
        self._home = os.path.realpath(home)
        self._started = list(started)
        self._on = False
        self._breaches: list[str] = []
        sys.addaudithook(self._heard)

    def __enter__(self) -> Sequence[str]:
        self._breaches = []
        self._on = True
        return self._breaches

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._on = False

    def _heard(self, event: str, words: tuple[Any, ...]) -> None:
        if not self._on:
            return
        changed: tuple[Any, ...] = ()
        follow = True
        if event == "open":
            _path, _mode, flags = words
            if isinstance(flags, int) and flags & _WRITING:
                changed = (_path,)
        elif event in _CHANGES:
            # If the path is relative to an open folder, that folder's descriptor is the last argument.
            inside = words[-1] if event in _RELATIVE and isinstance(words[-1], int) and words[-1] >= 0 else None
            changed = tuple(_placed(words[each], inside) for each in _CHANGES[event])
            follow = event not in _OF_LINKS
        elif event in ("socket.connect", "socket.bind") and isinstance(words[1], str | bytes):
            changed = (words[1],)  # a Unix socket: a file on this computer
        elif event == "subprocess.Popen" and words[1] == self._started:
            pass
        elif event in _NEVER:
            self._breaches.append(f"{event}{words!r}"[:500])
        for path in changed:
            if not self._is_ours(path, follow):
                self._breaches.append(f"{event}: {path!r}"[:500])

    def _is_ours(self, path: object, follow: bool) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):  # an open file's descriptor
            return True
        text = os.fsdecode(path)
        if text in _DEVICES or text == ":memory:" or text.startswith(_SCREENS):
            return True
        self._on = False  # realpath looks at files itself
        try:
            folder, name = os.path.split(text)
            place = os.path.realpath(text) if follow else os.path.join(os.path.realpath(folder), name)  # noqa: PTH118
        except (OSError, ValueError):
            return True  # nothing can exist there
        finally:
            self._on = True
        return place == self._home or place.startswith(self._home + os.sep)


def _placed(path: Any, folder: int | None) -> Any:
    """Return a path as it is, or resolved if it's relative to a folder that's open under a descriptor."""
    if folder is None or not isinstance(path, str | bytes):
        return path
    return os.path.join(f"/proc/self/fd/{folder}", os.fsdecode(path))  # noqa: PTH118  (as everything here)
