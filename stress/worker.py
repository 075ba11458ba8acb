"""``python -m stress.worker MODULE``: puts inputs through a module's way in, in a process that reports its progress."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import json
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase

from stress.way import Judge, Way

BATCH = 200  # inputs from the grammar between two checks of the clock
TELLING = 0.5  # seconds between two reports
MOST_FAILURES = 50  # reported; more would only repeat them
SEEN = "seen"  # the file with one digest for each distinct input
DIGEST = 8  # bytes of each
COUNTED = 1.6  # how many times slower counted code runs: the slowest pictures take 2.2 s instead of 1.4
EDGES = re.compile(r"#(\d+)\s.*\bcov: (\d+)")  # in libFuzzer's lines


class Worker:
    """Tries inputs, counts them, and reports to its parent.

    Args:
        way: the way in.
        home: the program's own folder.
        current: the file for the current input, so that it's known if it ends the process; the digests of the distinct
            inputs are next to it.
        slower: as in Judge.
    """

    def __init__(self, way: Way, home: Path, current: Path, slower: float = 1.0):
        self.way = way
        self.tried = 0
        self._seen: set[bytes] = set()
        self._outcomes: Counter[str] = Counter()
        self._failures: list[tuple[str, str]] = []
        self._told = 0.0
        self._judge = Judge(way, home, slower)
        self._current = current.open("wb", buffering=0)
        self._new = bytearray()
        self._digests = current.with_name(SEEN).open("wb", buffering=0)

    def attempt(self, content: bytes) -> None:
        """Put one input through the way in."""
        self._current.seek(0)
        self._current.write(content)
        self._current.truncate()
        self.tried += 1
        digest = hashlib.blake2b(content, digest_size=DIGEST).digest()
        if digest not in self._seen:
            self._seen.add(digest)
            self._new += digest
        outcome, wrong = self._judge.judge(content)
        self._outcomes[outcome] += 1
        if wrong and len(self._failures) < MOST_FAILURES:
            name = hashlib.sha256(content).hexdigest()[:16]
            Path(f"{self._current.name}.{name}").write_bytes(content)
            self._failures.append((name, wrong))
        if time.monotonic() - self._told > TELLING:
            self.tell()

    def tell(self) -> None:
        """Print the progress as one line of JSON."""
        said = {
            "tried": self.tried,
            "outcomes": self._outcomes,
            "failures": self._failures,
        }
        self._digests.write(self._new)
        self._new.clear()
        os.write(_OUT, json.dumps(said).encode() + b"\n")
        self._told = time.monotonic()


def by_grammar(worker: Worker, seconds: float, seed: int) -> None:
    """Try what Hypothesis makes from the grammar, in batches that depend only on the seed and their number."""
    end = time.monotonic() + seconds
    number = 0
    for content in worker.way.corpus():
        worker.attempt(content)
    while time.monotonic() < end:

        @hypothesis.seed(f"{seed} {number}")
        @hypothesis.settings(
            max_examples=BATCH,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(worker.way.grammar)
        def batch(content: bytes) -> None:
            if time.monotonic() < end:
                worker.attempt(content)

        batch()
        number += 1


def by_coverage(worker: Worker, seconds: float, seed: int, corpus: Path) -> None:
    """Try what Atheris makes, guided by the places reached in the code. Never returns.

    The first byte decides whether the rest is an input as it is, or the choices from which Hypothesis makes one
    by the grammar (its `fuzz_one_input`). The corpus folder has what other workers have found, if anything; this
    one's finds go there, too.
    """
    import atheris  # noqa: PLC0415  (only here, and only on Linux)

    @hypothesis.settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @hypothesis.given(worker.way.grammar)
    def grown(content: bytes) -> None:
        worker.attempt(content)

    # Hypothesis puts it there.
    fuzz_one_input = grown.hypothesis.fuzz_one_input  # type: ignore[attr-defined]

    def attempt(content: bytes) -> None:
        if content[:1] > b"\x7f":
            fuzz_one_input(content[1:])
        else:
            worker.attempt(content[1:])

    if not any(corpus.iterdir()):
        for number, content in enumerate(worker.way.corpus()):
            if len(content) < worker.way.longest:
                (corpus / str(number)).write_bytes(b"\0" + content)
    (corpus / "grown").write_bytes(b"\xff" + random.Random(seed).randbytes(worker.way.longest // 2))
    words = [f"-max_total_time={max(1, round(seconds))}", f"-seed={seed % 2**31 or 1}", "-rss_limit_mb=0"]
    words += [f"-max_len={worker.way.longest}", "-timeout=600", "-report_slow_units=600", "-print_final_stats=0"]
    atheris.Setup([sys.argv[0], str(corpus), *words], attempt)
    atheris.Fuzz()


def main() -> None:
    """Run as the command line says; the last line printed has the total count."""
    parser = argparse.ArgumentParser(prog="python -m stress.worker")
    parser.add_argument("way")
    parser.add_argument("--guided", metavar="CORPUS", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    home = arguments.folder / "home"
    with _instrumented(arguments.guided is not None, arguments.way):
        way: Way = importlib.import_module(arguments.way).WAY
    way.ready(home)
    worker = Worker(way, home, arguments.folder / "input", COUNTED if arguments.guided else 1.0)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if arguments.guided:
        by_coverage(worker, arguments.seconds, arguments.seed, arguments.guided)
    else:
        by_grammar(worker, arguments.seconds, arguments.seed)
        worker.tell()


@contextlib.contextmanager
def _instrumented(guided: bool, name: str) -> Iterator[None]:
    """Make the code that a way in names report where it runs; it has to be imported inside this context."""
    if not guided:
        yield
        return
    import atheris  # noqa: PLC0415  (as above)

    modules = _modules(name)
    with atheris.instrument_imports(include=list(modules)):
        for module in modules:
            importlib.import_module(module)
        yield


def _modules(name: str) -> tuple[str, ...]:
    """Return the modules that a way in names, read in another process: importing them here would be too early."""
    import subprocess  # noqa: PLC0415  (only here)

    question = f"import json, {name} as way; print(json.dumps(way.WAY.modules))"
    said = subprocess.run([sys.executable, "-c", question], check=True, capture_output=True, text=True)
    return tuple(json.loads(said.stdout.splitlines()[-1]))


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


_OUT = os.dup(1)  # what libraries print goes elsewhere

if __name__ == "__main__":
    os.dup2(2, 1)
    main()
