"""``python -m stress.worker MODULE``: inputs for the way in a module, in a process that tells how it goes."""

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

BATCH = 200  # inputs of the grammar between two looks at the clock
TELLING = 0.5  # seconds
MOST_FAILURES = 50  # that are told; more would be the same ones again
SEEN = "seen"  # the file of the digests of all that was tried, each once
DIGEST = 8  # bytes of each
COUNTED = 1.6  # times as long code takes whose places are counted: the slowest pictures 2.2 s instead of 1.4
EDGES = re.compile(r"#(\d+)\s.*\bcov: (\d+)")  # in libFuzzer's lines


class Worker:
    """Tries inputs, counts them, and tells its parent.

    Args:
        way: that is tried.
        home: the program's own folder.
        current: where the input that is tried lies, so that one which ends the process is known; beside it goes what
            tells the distinct ones.
        slower: as Judge's.
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
        """Put one input through the way."""
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
        """Print how far it is, as one line of JSON."""
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
    """Try what Hypothesis makes of the way's grammar, in batches that each follow from the seed and their number."""
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
    """Try what Atheris makes, guided by the places in the code that are reached. Never returns.

    The first byte chooses whether the others are an input as they are, or the choices from which Hypothesis makes one
    by the grammar (its `fuzz_one_input`). The corpus' folder has what others have found, or nothing; what is found
    here goes there.
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
    """Run as the words say; the last line that is told has the whole count."""
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
    """Let the code that a way names report where it runs; it has to be imported in here."""
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
    """Return what a way names as its code, read in a process of its own: importing it here would be too early."""
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
