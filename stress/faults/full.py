"""A disk that's full to the last kilobyte, out of inodes, or closed to files above some size."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from stress.faults import ground
from stress.faults.ground import Ground, Tally
from stress.report import Report

ROOM = 13_000_000  # the most bytes that the scenario writes before anything is removed
NAMES = 30  # the most files and folders that it has at once
MOUNT = ("mount", "-t", "tmpfs")


def run(seconds: float, seed: int) -> Report:
    """Run the scenario with limited room, names or file size until the time is up; only root can mount disks."""
    tally = Tally("full", seed)
    with Ground() as laid:
        can_mount = os.geteuid() == 0 and _can_mount(laid.folder)
        while time.monotonic() - tally.began < seconds or not tally.count:
            chance = random.Random(f"{seed} {tally.count}")
            way = chance.choice(("room", "names", "size")) if can_mount else "size"
            amount = round(2 ** chance.uniform(0, 23.6)) if way != "names" else chance.randrange(NAMES)
            home = laid.folder / f"full-{tally.count}"
            with _disk(laid.first, home, way, amount) if way != "size" else _copied(laid.first, home):
                limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (amount, amount))
                ran = ground.run(home, prepare=limit if way == "size" else None)
                if way != "size":
                    subprocess.run(["mount", "-o", "remount,size=100m,nr_inodes=10000", str(home)], check=True)  # noqa: S607  (the system's own)
                wrong = laid.audit(home, ran.said, keep=True)
            if ran.errors or ran.status:
                wrong.append(f"it ended with {ran.status} and said {ran.errors[-2000:]!r}")
            said = any("said" in line for line in ran.said)
            tally.take(f"{way} of {amount}", f"{way}: {'a sentence' if said else 'enough'}", wrong)
    return tally.report(disks=can_mount)


def _can_mount(folder: Path) -> bool:
    place = folder / "try"
    place.mkdir()
    done = subprocess.run([*MOUNT, "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode:
        return False
    subprocess.run(["umount", str(place)], check=True)  # noqa: S607  (as above)
    return True


@contextlib.contextmanager
def _disk(first: Path, home: Path, way: str, amount: int) -> Iterator[None]:
    """Put a home on a disk of its own, with room for this many more bytes or names."""
    home.mkdir()
    subprocess.run([*MOUNT, "-o", "size=100m", "tmpfs", str(home)], check=True)
    try:
        shutil.copytree(first, home, dirs_exist_ok=True)
        used = os.statvfs(home)
        size = (used.f_blocks - used.f_bfree) * used.f_frsize + (amount if way == "room" else ROOM * 2)
        names = used.f_files - used.f_ffree + (amount if way == "names" else 1000)
        subprocess.run(["mount", "-o", f"remount,size={size // 1024 + 1}k,nr_inodes={names}", str(home)], check=True)  # noqa: S607  (as above)
        yield
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)  # noqa: S607  (as above)


@contextlib.contextmanager
def _copied(first: Path, home: Path) -> Iterator[None]:
    shutil.copytree(first, home, copy_function=ground.linked)
    yield
    shutil.rmtree(home)
