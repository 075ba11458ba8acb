"""The results of the runs, the newest of each kind, and the page that's made from them: stress/README.md."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from release.project import ROOT
from stress.kinds import FAULTS, INPUTS, LOADS
from stress.way import ANSWER

FILE = ROOT / "stress" / "results.jsonl"
PAGE = ROOT / "stress" / "README.md"
LOOKS = 10  # of a load, at most, that are kept
MILESTONES = (100, 1_000, 10_000, 100_000, 1_000_000)  # numbers of inputs at which coverage is shown

HEAD = """\
# What Inkling is put through

```sh
python -m stress --seconds 600 --seed 1 --json
```

runs every kind of bad input, fault and load for an equal share of the time and prints counts by kind, with `failures`;
`--only KIND …` runs some. If this system lacks what a part needs, that part is reported as `not_run`, with the
reason. The exit status is 1 if anything failed or wasn't run, and inputs that failed are in `build/stress`. It
needs Linux and `pip install -e ".[train,test]"`; `tests/stress` has short versions of it.

**Inputs** go in by the program's own ways, in a separate process that's watched. Half of the time they are made by
a grammar (Hypothesis), half by libFuzzer (Atheris), guided by the places in the code that they reach, as bytes and
through the grammar in turn. Each must end in an answer or in one sentence: no trace, no logged error, no more than 2 s
of computing and 200 MB of growth (8 s and 300 MB for a page of numbers, 30 s and 1 GB where a trainer reads it; 1.6
times as long for code whose places are counted, which is slower by as much), nothing written outside the user's folder,
no connection, no process (but the one that draws a PDF), nothing unpickled. What is pasted comes in part from a program
on a real X server that hands it over whole, bit by bit, in drops, without end, as something else or not at all, and
from xclip.

**Faults** happen to real programs at work. Afterwards the model that worked, every confirmed drawing and the settings
have to be there.

**Loads** go on for long. Memory and file handles must stay flat, and answers as fast at the end as at the start.

`--keep` puts what came of it in `results.jsonl`, in place of what was kept of its kinds, with its seed, day, machine
and commit, and makes the rest of this page of that file. The workflow `thorough.yml` tells each week which lines and
branches the tests reach, and which faults in the code they'd notice.
"""


def keep(reports: Iterable[Mapping[str, Any]], file: Path = FILE) -> None:
    """Replace the stored results of the runs' kinds, one line each, with few of many looks."""
    kept = {report["kind"]: report for report in [*load(file), *reports]}
    for report in kept.values():
        figures = report.get("figures", {})
        if len(looks := figures.get("looks", [])) > LOOKS + 1:
            figures["looks"] = [*looks[: -1 : math.ceil(len(looks) / LOOKS)], looks[-1]]
    lines = [json.dumps(kept[kind], ensure_ascii=False, separators=(",", ":")) for kind in sorted(kept)]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def load(file: Path) -> list[Any]:
    """Return the reports in a file, each with its seed, day, commit and machine."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def text(file: Path) -> str:
    """Return the page that a file of reports leads to."""
    reports = load(file)
    inputs, faults, loads = ([each for each in reports if each["kind"] in kinds] for kinds in (INPUTS, FAULTS, LOADS))
    parts = [HEAD, "## Inputs", _inputs(inputs), "### Coverage over time", _coverage(inputs)]
    parts += ["## Faults", _faults(faults), "## Loads", *_loads(loads), "## Runs", _runs(reports)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _inputs(reports: Sequence[Any]) -> str:
    rows = [
        (
            report["kind"],
            *(f"{report[key]:,}" for key in ("tried", "distinct")),
            f"{report.get('outcomes', {}).get(ANSWER, 0):,}",
            len(report.get("outcomes", {}).keys() - {ANSWER}),
            len(report["failures"]),
        )
        for report in reports
    ]
    total = [f"{sum(report[key] for report in reports):,}" for key in ("tried", "distinct")]
    rows.append(("**all**", *total, "", "", sum(len(report["failures"]) for report in reports)))
    return table(("kind", "tried", "distinct", "answered", "places of sentences", "failures"), rows)


def _coverage(reports: Sequence[Any]) -> str:
    rows = [(report["kind"], *_edges(report.get("reached", ()))) for report in reports]
    words = "Places in the code (edges) reached by the guided inputs of a kind, after so many of them:"
    return f"{words}\n\n" + table(("kind", *(f"{each:,}" for each in MILESTONES), "in the end"), rows)


def _edges(reached: Sequence[Sequence[int]]) -> Iterator[str]:
    """Yield how many places were reached at each milestone that was passed, and at the end."""
    last = reached[-1] if reached else (0, 0)
    for milestone in MILESTONES:
        passed = [edges for tried, edges in reached if tried <= milestone]
        yield f"{passed[-1]:,}" if passed and last[0] >= milestone else ""
    yield f"{last[1]:,}" if reached else ""


def _faults(reports: Sequence[Any]) -> str:
    rows = [
        (
            report["kind"],
            f"{report['tried']:,}",
            "; ".join(f"{name} {count:,}" for name, count in report.get("outcomes", {}).items()),
            len(report["failures"]),
        )
        for report in reports
    ]
    failures = sum(len(report["failures"]) for report in reports)
    rows.append(("**all**", f"{sum(report['tried'] for report in reports):,}", "", failures))
    return table(("kind", "faults", "outcomes", "failures"), rows)


def _loads(reports: Sequence[Any]) -> Iterator[str]:
    for report in reports:
        figures = dict(report.get("figures", {}))
        looks = figures.pop("looks", [])
        yield f"### {report['kind']}"
        yield f"{report['tried']:,} in {report.get('seconds', 0):,.0f} s, {len(report['failures'])} failures."
        yield table(("figure", "value"), [(name, _shown(value)) for name, value in figures.items()])
        if looks:
            yield table(list(looks[0]), [[_shown(value) for value in look.values()] for look in looks])


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _runs(reports: Sequence[Any]) -> str:
    keys = ("kind", "seed", "date", "commit", "machine")
    return table(("kind", "seed", "day", "commit", "machine"), [[report[key] for key in keys] for report in reports])


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(map(str, row))} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)
