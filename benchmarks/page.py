"""The page that has all figures, benchmarks/README.md: what is measured, and what each measurement printed last."""

from __future__ import annotations

import argparse
import shlex
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from benchmarks import results
from benchmarks.measurements import ENTRIES, Entry
from benchmarks.results import Result
from model.base.errors import UserError
from release.project import ROOT

PAGE = ROOT / "benchmarks" / "README.md"

HEAD = """\
# Benchmarks

All figures here were measured by

```sh
python -m benchmarks page
```

which runs the command over each table and writes this page; `--only NAME …` measures some of them again, `--only`
alone none. What wasn't measured again keeps its day and its machine. The commands run in a checkout with
`pip install -e ".[bench,test]"`, on Linux with Xvfb; `INKLING_SHARED` names the folder of shared data, `../shared` by
default.

**The plain program** is [plain.py](plain.py), a digit reader written the way the MNIST tutorials write one: everything
is imported at the top, and the model, the same as Inkling's, is loaded at each click.

**Window ready** is the time from the start of the process to ink on the pad: a pointer draws a short line on a
virtual screen again and again until its pixels are seen. **Answer** is the time from letting the button go to a digit
on the screen, an answer that follows the pen being turned off. **Memory** is the sum of the largest resident sizes of
the process and all that it started. MB are 10⁶ bytes.

**Noise**: programs run in turn, so that what else the machine does hits all of them alike. A figure is the median;
where brackets follow, they have the least and the most. Ratios are those of the medians.
"""


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, write the page, and yield what was done. Raises UserError: something couldn't be measured."""
    failed = []
    for entry in ENTRIES:
        asked = arguments.only is None or entry.name in arguments.only
        if not asked:
            continue
        yield f"{entry.name}: python -m benchmarks {entry.command}"
        try:
            result = results.measured(shlex.split(entry.command))
        except UserError as error:
            print(error, file=sys.stderr)
            failed.append(entry.name)
            continue
        results.save(entry.name, result, results.FOLDER)
        yield f"{entry.name}: {result.seconds} s"
    PAGE.write_text(text(results.FOLDER), encoding="utf-8")
    yield f"{PAGE.relative_to(ROOT)} is written"
    if failed:
        raise UserError(f"Not measured, and left as before on the page: {', '.join(failed)}.")


def text(folder: Path) -> str:
    """Return the page as it follows from the results in a folder."""
    return "\n".join([HEAD, *(section(entry, results.load(entry.name, folder)) for entry in ENTRIES)])


def section(entry: Entry, result: Result | None) -> str:
    """Return a measurement's part of the page."""
    command = result.command if result else f"python -m benchmarks {entry.command}"
    parts = [f"## {entry.title}", textwrap.fill(entry.text, 120, break_on_hyphens=False), f"```sh\n{command}\n```"]
    if result:
        said = "\n".join(result.output)
        of = f"{result.version} ({result.commit})" if result.commit else result.version
        parts.append(said if said.startswith("|") else f"```text\n{said}\n```")
        parts.append(f"*{result.date}, Inkling {of}; {result.machine}; {_took(result.seconds)}.*")
    else:
        parts.append("*Not measured here.*")
    return "\n\n".join(parts) + "\n"


def _took(seconds: int) -> str:
    return f"took {seconds} s" if seconds < 100 else f"took {seconds / 60:.0f} minutes"
