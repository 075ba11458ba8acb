"""The page that has what came of the long runs, stress/README.md, as it follows from the results that are kept."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from release.project import ROOT
from stress.kinds import FAULTS, INPUTS, LOADS
from stress.way import ANSWER

FOLDER = ROOT / "stress" / "results"
PAGE = ROOT / "stress" / "README.md"
LOOKS = 10  # of a load, that are shown
MILESTONES = (100, 1_000, 10_000, 100_000, 1_000_000)  # inputs, at which coverage is told

HEAD = """\
# What Inkling is put through

```sh
python -m stress --seconds 600 --seed 1 --json
```

runs every kind of bad input, fault and load for an equal share of the time and prints counts by kind, with `failures`;
`--only KIND …` runs some. What this system has not what it needs for is told as `not_run`, with the reason. The exit
status is 1 where anything failed or was not run, and inputs that failed are in `build/stress`. It
needs Linux and `pip install -e ".[train,test]"`; `tests/stress` has short versions of it.

**Inputs** go in by the program's own ways, in a process of their own that is watched. Half of the time they are made by
a grammar (Hypothesis), half by libFuzzer (Atheris), guided by the places in the code that they reach, as bytes and
through the grammar in turn. Each must end in an answer or in one sentence: no trace, no logged error, no more than 2 s
of computing and 200 MB of growth (30 s and 1 GB where a trainer reads it; 1.6 times as long for code whose places are
counted, which is slower by as much), nothing written outside the user's folder, no connection, no process, nothing
unpickled. What is pasted comes in part from a program on a real X server that hands it over whole, bit by bit, in
drops, without end, as something else or not at all, and from xclip.

**Faults** happen to real programs at work. Afterwards the model that worked, every confirmed drawing and the settings
have to be there.

**Loads** go on for long. Memory and file handles must stay flat, and answers as fast at the end as at the start.

The long runs below are kept in `results/`, each with its seed, day, machine and commit; `python -m stress --page` makes
this page of them. [results/spread.md](results/spread.md) has what a folder of 100,000 pictures takes,
[results/coverage.md](results/coverage.md) which lines and branches the tests reach, and
[results/mutation.md](results/mutation.md) which faults in the code they would notice.
"""


def text(folder: Path) -> str:
    """Return the page as it follows from the results in a folder, files of what ``--json`` printed."""
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    reports = [(run, report) for run in runs for report in run["kinds"].values()]
    inputs = [(run, report) for run, report in reports if report["kind"] in INPUTS]
    faults = [(run, report) for run, report in reports if report["kind"] in FAULTS]
    loads = [(run, report) for run, report in reports if report["kind"] in LOADS]
    parts = [HEAD, "## Inputs", _inputs(inputs), "### Coverage over time", _coverage(inputs)]
    parts += ["## Faults", _faults(faults), "## Loads", *_loads(loads), "## Runs", _runs(runs)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _inputs(found: Sequence[tuple[Any, Any]]) -> str:
    rows = [
        (
            report["kind"],
            *(f"{report[key]:,}" for key in ("tried", "distinct")),
            f"{report.get('outcomes', {}).get(ANSWER, 0):,}",
            f"{len(report.get('outcomes', {}).keys() - {ANSWER})}",
            len(report["failures"]),
            run["seed"],
        )
        for run, report in found
    ]
    total = [f"{sum(report[key] for _run, report in found):,}" for key in ("tried", "distinct")]
    failures = sum(len(report["failures"]) for _run, report in found)
    rows.append(("**all**", *total, "", "", failures, ""))
    return table(("kind", "tried", "distinct", "answered", "places of sentences", "failures", "seed"), rows)


def _coverage(found: Sequence[tuple[Any, Any]]) -> str:
    rows = [(report["kind"], *_edges(report.get("reached", ()))) for _run, report in found]
    words = "Places in the code (edges) reached by the guided inputs of a kind, after so many of them:"
    return f"{words}\n\n" + table(("kind", *(f"{each:,}" for each in MILESTONES), "in the end"), rows)


def _edges(reached: Sequence[Sequence[int]]) -> Iterator[str]:
    """Yield how many places were reached at each milestone that was passed, and at last."""
    last = reached[-1] if reached else (0, 0)
    for milestone in MILESTONES:
        passed = [edges for tried, edges in reached if tried <= milestone]
        yield f"{passed[-1]:,}" if passed and last[0] >= milestone else ""
    yield f"{last[1]:,}" if reached else ""


def _faults(found: Sequence[tuple[Any, Any]]) -> str:
    rows = [
        (
            report["kind"],
            f"{report['tried']:,}",
            "; ".join(f"{name} {count:,}" for name, count in report.get("outcomes", {}).items()),
            len(report["failures"]),
            run["seed"],
        )
        for run, report in found
    ]
    failures = sum(len(report["failures"]) for _run, report in found)
    rows.append(("**all**", f"{sum(report['tried'] for _run, report in found):,}", "", failures, ""))
    return table(("kind", "faults", "outcomes", "failures", "seed"), rows)


def _loads(found: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    for _run, report in found:
        figures = dict(report.get("figures", {}))
        looks = figures.pop("looks", [])
        yield f"### {report['kind']}"
        yield f"{report['tried']:,} in {report.get('seconds', 0):,.0f} s, {len(report['failures'])} failures."
        yield table(("figure", "value"), [(name, _shown(value)) for name, value in figures.items()])
        if looks:
            shown = [*looks[: -1 : math.ceil(len(looks) / LOOKS)], looks[-1]]
            yield table(list(looks[0]), [[_shown(value) for value in look.values()] for look in shown])


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _runs(runs: Sequence[Mapping[str, Any]]) -> str:
    keys = ("seed", "date", "commit", "machine")
    rows = [(", ".join(run["kinds"]), *(run[key] for key in keys)) for run in runs]
    return table(("kinds", "seed", "day", "commit", "machine"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(map(str, row))} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)
