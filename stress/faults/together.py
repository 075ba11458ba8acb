"""Several programs of one user at once: what each confirmed is there, and no reader ever sees half a model."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stress.faults import ground
from stress.faults.ground import Ground, Ran, Tally
from stress.report import Report

MEETINGS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("set_width", ""), ("set_threshold", "")),
    (("keep", "500"), ("keep", "600"), ("keep", "700")),
    (("copy_over", ""), ("read", "")),
    (("copy_over", ""), ("copy_over", ""), ("tidy", "")),
    (("rename", "a"), ("rename", "b"), ("read", ""), ("tidy", "")),
    (("draw", "800"), ("draw", "801"), ("draw", "802")),
    (("set_width", ""), ("keep", "500"), ("read", ""), ("set_threshold", "")),
)


def run(seconds: float, seed: int) -> Report:
    """Let programs compete until the time is up."""
    tally = Tally("together", seed)
    with Ground() as laid, ThreadPoolExecutor(4) as pool:
        while time.monotonic() - tally.began < seconds or not tally.count:
            chance = random.Random(f"{seed} {tally.count}")
            actors = MEETINGS[(seed + tally.count) % len(MEETINGS)]
            home = laid.home()

            def act(actor: tuple[str, str], home: Path = home, late: float = chance.uniform(0, 0.2)) -> Ran:
                time.sleep(late)
                return ground.run(home, ("-m", "stress.faults.actors", *actor))

            done = list(pool.map(act, actors))
            wrong = [each for actor, ran in zip(actors, done, strict=True) for each in _wrong(actor[0], ran)]
            wrong += laid.audit(home, [line for ran in done for line in ran.said])
            names = ", ".join(name for name, _word in actors)
            tally.take(f"{names}, {tally.count}", names, wrong)
    return tally.report()


def _wrong(name: str, ran: Ran) -> Iterator[str]:
    """Yield what's wrong with what one of them said."""
    if ran.errors or ran.status:
        yield f"{name} ended with {ran.status} and said {ran.errors[-2000:]!r}"
    for line in ran.said:
        if line.get("notice") or line.get("read", "7") != "7" or not line.get("own", True):
            yield f"{name}: {line}"
        if "said" in line and not line["expected"]:
            yield f"{name} said {line['said']}"
