"""``python -m stress``: every kind of bad input, fault and load gets a share of the time; reports the results."""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import sys
import traceback
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.results import commit, machine
from stress import page, watch
from stress.kinds import FAULTS, INPUTS, LOADS, PROGRAMS
from stress.report import Report

NAMES = (*INPUTS, *FAULTS, *LOADS)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 1 if anything failed or couldn't be run."""
    arguments = parser().parse_args(words)
    kinds = NAMES if arguments.only is None else arguments.only
    reports = []
    for report in run(kinds, arguments.seconds, arguments.seed, arguments.kept):
        reports.append(report)
        if not arguments.json:
            print(line(report), *report.failures, sep="\n", flush=True)
    failures = [failure for report in reports for failure in report.failures]
    about = {
        "seed": arguments.seed,
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "machine": machine(),
    }
    if arguments.json:
        told = {"seconds": arguments.seconds, "kinds": {report.kind: report.to_json() for report in reports}}
        print(json.dumps(about | told | {"failures": failures}, indent=1))
    if arguments.keep:
        page.keep(report.to_json() | about for report in reports)
        page.PAGE.write_text(page.text(page.FILE), encoding="utf-8")
    return 1 if failures or any(report.not_run for report in reports) else 0


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    whole = argparse.ArgumentParser(
        prog="python -m stress", description="Put Inkling through bad input, faults and load (Linux)."
    )
    whole.add_argument("--seconds", type=float, default=600, help="in all (default: %(default)s)")
    whole.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    whole.add_argument("--json", action="store_true", help="print one object")
    whole.add_argument("--only", metavar="KIND", nargs="*", choices=NAMES, help=", ".join(NAMES))
    whole.add_argument(
        "--kept",
        metavar="DIR",
        type=Path,
        default=Path("build", "stress"),
        help="where inputs go that failed (default: %(default)s)",
    )
    whole.add_argument("--keep", action="store_true", help="keep what comes of it in results.jsonl and in README.md")
    return whole


def run(kinds: Sequence[str], seconds: float, seed: int, kept: Path) -> Iterator[Report]:
    """Run kinds for an equal share of the time each, and yield each one's report, or why it couldn't be run."""
    share = seconds / max(1, len(kinds))
    for kind in kinds:
        try:
            for program in PROGRAMS.get(kind, ()):
                if not shutil.which(program):
                    raise FileNotFoundError(f"it needs {program}; install it")
            if kind in INPUTS:
                yield watch.attempt(INPUTS[kind], share, seed, kept)
            else:
                yield importlib.import_module({**FAULTS, **LOADS}[kind]).run(share, seed)
        except (ImportError, FileNotFoundError, PermissionError) as error:  # this system doesn't have what it needs
            yield Report(kind, not_run=str(error))
        except Exception:  # noqa: BLE001  (what came of the others counts all the same)
            yield Report(kind, failures=(f"{kind} broke: {traceback.format_exc()}",))


def line(report: Report) -> str:
    """Return a kind's report as a readable line."""
    if report.not_run:
        return f"{report.kind}: not run ({report.not_run})"
    count = f"{report.kind}: {report.tried:,} tried in {report.seconds:.0f} s, {report.distinct:,} of them distinct"
    return f"{count}, {len(report.outcomes)} outcomes, {len(report.failures)} failures"


if __name__ == "__main__":
    sys.exit(main())
