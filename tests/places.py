"""Places to try a frozen program in, made with bubblewrap: no Python, no network, and a read-only program folder.

A place has what a bundle may count on (the C library, zlib and fonts) and a shell. INKLING_CLEAN_ROOT names a whole
system to use instead, as made by:
``debootstrap --variant=minbase --include=fontconfig-config,fonts-dejavu-core bookworm FOLDER``
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.screen import PATIENCE

HOME = "/home/Zoë 小明"
PROGRAM = "/opt/Inkling 手写"  # the bundle, in every place
LINK = "/opt/inkling-cli"  # as /usr/bin links to a program elsewhere
LOCALE = "/usr/lib/locale/C.utf8"  # comes with the C library
FONTS = ("/usr/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig")
CLEAN_ROOT = os.environ.get("INKLING_CLEAN_ROOT", "")
WHAT_IS_MISSING = "a place without Python is needed: install bubblewrap (Debian: apt install bubblewrap)"

# Prints a line for every Python, every network device, and every folder that can be written to.
PROBE = """
walk() {
  for file in "$1"/*; do
    case "$file" in /proc|/dev|"$PROGRAM") continue ;; esac
    case "${file##*/}" in
      python|python[0-9]*|pypy*|libpython*) [ -f "$file" ] && echo "Python: $file" ;;
    esac
    [ -d "$file" ] && [ ! -L "$file" ] && walk "$file"
  done
}
walk ""
while read -r device rest; do
  case "$device" in *:) echo "network: $device" ;; esac
done < /proc/net/dev
for folder in "$PROGRAM" "$PROGRAM/_internal" / /usr /home "$HOME" /tmp; do
  (: > "$folder/x") 2> /dev/null && echo "written: $folder"
done
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program is started, and as whom; the fields say how it differs from other places.

    Args:
        bundle: the frozen program's folder; None for the checkout, which runs where it is.
        home: the user's home, as seen from outside.
        display: of the X server; empty if there's none.
        root: a whole system; empty if there's only what a bundle may count on.
    """

    bundle: Path | None
    home: Path
    display: str = ""
    root: str = CLEAN_ROOT
    has_home: bool = True  # HOME is set, and the folder exists
    writable: bool = True  # files in the home can be changed
    has_fonts: bool = True
    environment: dict[str, str] = field(default_factory=lambda: {"LANG": "en_US.UTF-8"})

    def words(self, *words: str | Path, program: str = "inkling-cli") -> list[str]:
        """Return the command that starts a program of the bundle, or of the place itself if it's an absolute path."""
        if self.bundle is None:
            return [sys.executable, "-m", "app", *map(str, words)]
        path = program if program.startswith("/") else f"{PROGRAM}/{program}"
        return [*self._walls(), path, *map(str, words)]

    def run(
        self, *words: str | Path, program: str = "inkling-cli", text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program with the home as its folder, and return what it printed."""
        return subprocess.run(
            self.words(*words, program=program),
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
            cwd=self.home,
            env=self._outside(),
        )

    def start(self, *words: str | Path, program: str = "inkling") -> subprocess.Popen[bytes]:
        """Start the program with its window, and return at once."""
        return subprocess.Popen(self.words(*words, program=program), cwd=self.home, env=self._outside())

    def child(self) -> list[str]:
        """Return the beginning of the command with which the window starts its own children."""
        return [sys.executable, "-m", "model"] if self.bundle is None else [f"{PROGRAM}/inkling", "model"]

    def but(self, **changes: Any) -> Place:
        """Return a place like this one except for these fields."""
        return replace(self, **changes)

    def log(self) -> str:
        """Return what the program logged."""
        path = self.home / ".local" / "state" / "Inkling" / "log" / "inkling.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _outside(self) -> dict[str, str]:
        """Return the environment of the process that's started here; a place's walls let none of it through."""
        own = {"HOME": str(self.home), "DISPLAY": self.display, "PYTHONPATH": str(ROOT)} | self.environment
        return os.environ | own if self.bundle is None else dict(os.environ)

    def _walls(self) -> list[str]:
        walls = ["bwrap", "--unshare-user", "--uid", "1000", "--gid", "1000"]  # a user that the system doesn't know
        walls += ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--clearenv"]
        walls += ["--ro-bind", self.root, "/"] if self.root else _bare_root()
        walls += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/opt", "--tmpfs", "/home"]
        walls += ["--tmpfs", "/tmp"]  # noqa: S108  (the place's own, and empty)
        walls += ["--ro-bind", str(self.bundle), PROGRAM]
        walls += ["--symlink", f"{PROGRAM}/inkling-cli", LINK]
        for folder in FONTS:
            if not self.has_fonts:
                walls += ["--tmpfs", folder] if Path(self.root, folder[1:]).is_dir() or not self.root else []
            elif not self.root:
                walls += ["--ro-bind-try", folder, folder]
        environment = {"PATH": "/usr/bin:/bin", "PROGRAM": PROGRAM} | self.environment
        if self.has_home:
            walls += ["--bind" if self.writable else "--ro-bind", str(self.home), HOME, "--chdir", HOME]
            environment["HOME"] = HOME
        else:
            walls += ["--dir", "/home/all", "--chdir", "/home/all"]
        if self.display:
            socket = f"/tmp/.X11-unix/X{self.display.removeprefix(':')}"  # noqa: S108  (X servers put it there)
            walls += ["--bind", socket, socket]
            environment["DISPLAY"] = self.display
        walls += ["--remount-ro", "/opt", "--remount-ro", "/home"]
        walls += [] if self.root else ["--remount-ro", "/"]
        for name, value in environment.items():
            walls += ["--setenv", name, value]
        return walls


def bundles() -> list[Path]:
    """Return the frozen bundles that INKLING_BUNDLES names."""
    return [Path(each).resolve() for each in os.environ.get("INKLING_BUNDLES", "").split(os.pathsep) if each]


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the mode and the hash of every file in a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def can_be_made() -> bool:
    """Return whether this system has bubblewrap, and lets it work."""
    if not shutil.which("bwrap"):
        return False
    words = ["bwrap", "--unshare-user", "--unshare-net", "--ro-bind", "/", "/", "/bin/sh", "-c", ""]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@cache
def _bare_root() -> list[str]:
    """Return walls around the C library, zlib and a shell, each file named, so that nothing else is there."""
    told = subprocess.run(["ldd", "/bin/sh"], capture_output=True, text=True, check=True).stdout
    libraries = {Path(path) for path in re.findall(r"(/\S+)", told)}
    (libc,) = (path for path in libraries if path.name == "libc.so.6")
    names = ("libz.so.1", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2", "libutil.so.1")
    libraries |= {libc.with_name(name) for name in names if libc.with_name(name).exists()}
    walls = ["--ro-bind-try", LOCALE, LOCALE]
    for path in (Path("/bin/sh"), *sorted(libraries)):
        walls += ["--ro-bind", str(path.resolve()), str(path)]
    return walls
