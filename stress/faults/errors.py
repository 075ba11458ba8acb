"""System calls that fail, one at a time: the program continues, with or without a sentence, and loses nothing."""

from __future__ import annotations

import time

from stress.faults import calls
from stress.faults.ground import Ground, Tally
from stress.report import Report

ERRORS = {
    "openat": ("EACCES", "EIO", "EMFILE", "ENOSPC", "EROFS", "EINTR"),
    "flock": ("EIO", "ENOLCK", "EINTR"),
    "fcntl": ("EIO", "ENOLCK", "EINTR"),
    "read": ("EIO", "EINTR"),
    "pread64": ("EIO", "EINTR"),
    "getdents64": ("EIO",),
}
WRITING = ("ENOSPC", "EIO", "EACCES", "EDQUOT", "EROFS", "EINTR")  # errors of writing, renaming, deleting and flushing


def run(seconds: float, seed: int) -> Report:
    """Let system calls fail, one in each run of the scenario, until the time is up."""
    tally = Tally("errors", seed)
    with Ground() as ground:
        for site, chance in calls.chosen(ground, seed):
            if time.monotonic() - tally.began > seconds and tally.count:
                break
            error = chance.choice(ERRORS.get(site.name, WRITING))
            home = ground.home()
            ran = calls.hit(home, site, f"error={error}")
            wrong = ground.audit(home, ran.said)
            if ran.errors or ran.status:
                wrong.append(f"it ended with {ran.status} and said {ran.errors[-2000:]!r}")
            said = [line["said"] for line in ran.said if "said" in line]
            wrong += [f"a bad sentence: {each!r}" for each in said if not each.strip() or "\n" in each]
            tally.take(f"{site.name} {site.number} {error}", "a sentence" if said else "done without", wrong)
    return tally.report()
