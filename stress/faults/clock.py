"""A clock that stops, lies or jumps, through libfaketime (Debian: faketime): saved drawings stay in order."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from stress.faults import ground
from stress.faults.ground import Ground, Tally
from stress.report import Report

LIBRARY = "faketime/libfaketime.so.1"
MOMENTS = (
    *("1970-01-01 00:00:01", "1970-01-02 12:00:00", "1979-12-31 23:59:58", "1999-12-31 23:59:59"),
    *("2001-09-09 01:46:39", "2026-03-29 01:59:58", "2026-10-25 02:59:58", "2024-02-29 12:00:00"),
    *("2016-12-31 23:59:59", "2038-01-19 03:14:06", "2107-12-31 23:59:57", "2108-01-01 00:00:00"),
    *("2242-03-16 12:56:31", "2261-01-01 00:00:00"),
)
ZONES = ("UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati")


def run(seconds: float, seed: int) -> Report:
    """Run the scenario under clocks until the time is up. Raises FileNotFoundError without libfaketime."""
    library = next(Path("/usr/lib").glob(f"**/{LIBRARY}"), None)
    if library is None:
        raise FileNotFoundError("libfaketime is needed (Debian: apt install faketime)")
    tally = Tally("clock", seed)
    with Ground() as laid:
        while time.monotonic() - tally.began < seconds or not tally.count:
            chance = random.Random(f"{seed} {tally.count}")
            way = ("lies", "stands", "jumps")[tally.count % 3]
            moment, zone = chance.choice(MOMENTS), chance.choice(ZONES)
            said_by = laid.folder / "clock"
            said_by.write_text(moment if way == "stands" else f"@{moment}")
            more = {
                "LD_PRELOAD": str(library),
                "FAKETIME_TIMESTAMP_FILE": str(said_by),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as on a system whose clock is set
                "NO_FAKE_STAT": "1",
                "TZ": zone,
            }
            home = laid.home()
            ended = threading.Event()
            jumper = threading.Thread(target=_jump, args=(said_by, chance, ended), daemon=True)
            if way == "jumps":
                jumper.start()
            ran = ground.run(home, more=more)
            ended.set()
            if way == "jumps":
                jumper.join()
            wrong = laid.audit(home, ran.said)
            numbers = [line["kept"][0] for line in ran.said if "kept" in line]
            if numbers != sorted(numbers):
                wrong.append(f"drawings were numbered {numbers}")
            if ran.errors or ran.status:
                wrong.append(f"it ended with {ran.status} and said {ran.errors[-2000:]!r}")
            wrong += [f"it said {line}" for line in ran.said if "said" in line]
            tally.take(f"{way} at {moment} in {zone}, {tally.count}", way, wrong)
    return tally.report()


def _jump(said_by: Path, chance: random.Random, ended: threading.Event) -> None:
    """Set the clock to a new moment again and again."""
    while not ended.wait(chance.uniform(0.001, 0.1)):
        half = said_by.with_name("clock.half")
        half.write_text(f"@{chance.choice(MOMENTS)}")
        half.replace(said_by)
