"""The program is killed at any of the system calls that it makes in its home; nothing confirmed may be lost."""

from __future__ import annotations

import signal
import time

from stress.faults import calls
from stress.faults.ground import Ground, Tally
from stress.report import Report


def run(seconds: float, seed: int) -> Report:
    """Kill the scenario at system calls, one in each run, until the time is up."""
    tally = Tally("kills", seed)
    with Ground() as ground:
        for site, _chance in calls.chosen(ground, seed):
            if time.monotonic() - tally.began > seconds and tally.count:
                break
            home = ground.home()
            ran = calls.hit(home, site, "signal=KILL")
            killed = ran.status in (-signal.SIGKILL, 128 + signal.SIGKILL)
            outcome = f"killed at {site.name}" if killed else "not killed: the calls were others"
            tally.take(f"{site.name} {site.number}", outcome, ground.audit(home, ran.said))
    return tally.report()
