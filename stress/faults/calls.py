"""Faults at system calls, injected by strace: the Nth call of a kind fails, or kills the program (Linux)."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from stress.faults.ground import SCENARIO, Ground, Ran, run

NAMES = (
    *("openat", "read", "pread64", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "sendfile", "flock"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "chmod", "fchmod"),
    *("fcntl", "link", "linkat", "utimensat", "getdents64", "copy_file_range"),
)
CALL = re.compile(r"^(\d+) +(\w+)\((.*)")


class Site(NamedTuple):
    """A system call of the scenario: its name, and its number among the same thread's calls of that name."""

    name: str
    number: int


def strace(*words: str) -> list[str]:
    """Return the command line that starts a program under strace, with some options."""
    return ["strace", "-f", "-qq", *words]


def sites(ground: Ground) -> list[Site]:
    """Return the system calls that the scenario makes in its home after its start. Raises RuntimeError."""
    home = ground.home()
    record = ground.folder / "calls"
    # The kinds of calls differ by processor; a name with ? may be unknown.
    names = ",".join(f"?{name}" for name in NAMES)
    before = strace("--seccomp-bpf", "-y", "-s", "40", "-o", str(record), "-e", f"trace={names}")
    ran = run(home, SCENARIO, before)
    if ran.status or ran.errors:
        raise RuntimeError(f"the scenario does not run under strace ({ran.status}): {ran.errors}")
    return list(_in_home(record, home))


def _in_home(record: Path, home: Path) -> Iterator[Site]:
    counts: Counter[tuple[str, str]] = Counter()
    begun = False
    for line in record.read_text(errors="replace").splitlines():
        found = CALL.match(line)
        if found:
            thread, name, rest = found.groups()
            counts[thread, name] += 1
            if begun and str(home) in rest:
                yield Site(name, counts[thread, name])
            begun = begun or (name == "write" and "begun" in rest)


def chosen(ground: Ground, seed: int) -> Iterator[tuple[Site, random.Random]]:
    """Yield the sites forever in random order, first one call of each name, so that rare ones come up, too."""
    chance = random.Random(seed)
    found = sites(ground)
    by_name: dict[str, list[Site]] = {}
    for site in found:
        by_name.setdefault(site.name, []).append(site)
    while True:
        order = [sorted(chance.sample(by_name[name], len(by_name[name]))) for name in sorted(by_name)]
        for name_sites in order:
            chance.shuffle(name_sites)
        while any(order):
            for name_sites in order:
                if name_sites:
                    yield name_sites.pop(), chance


def hit(home: Path, site: Site, how: str) -> Ran:
    """Run the scenario in a home with a fault at a system call: ``error=ENOSPC`` or ``signal=KILL``."""
    inject = f"inject={site.name}:{how}:when={site.number}"
    fast = () if how.startswith("signal") else ("--seccomp-bpf",)  # strace 6.1 doesn't deliver signals with this
    return run(home, SCENARIO, strace(*fast, "-o", "/dev/null", "-e", f"trace={site.name}", "-e", inject))
