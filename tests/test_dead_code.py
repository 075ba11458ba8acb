"""The program has no function, method or name that nobody uses."""

import subprocess
import sys

from tests.conftest import ROOT


def test_all_that_is_written_is_used() -> None:
    words = [sys.executable, "-m", "vulture", "app", "model", "release", "benchmarks", "build.spec"]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.stdout, found.stderr) == ("", "")
