"""``python -m model``: train a network, teach it, compare several, evaluate one, look at what it is to read."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from model.base import language
from model.commands.parser import parser
from model.commands.running import run


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled."""
    words = sys.argv[1:] if words is None else words
    if words == ["pages"]:  # how the program has a PDF drawn, a matter of bytes and of no use to people
        from model.commands import pages  # noqa: PLC0415  (it has an extra)

        return pages.serve()
    arguments = parser().parse_args(words)
    language.use("")  # what the environment says; the window says its own there
    # TensorFlow's remarks on the CUDA that it didn't find would bury what is said.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # what learns is too small for more, which would wait by spinning
    os.environ.setdefault("JOBLIB_MULTIPROCESSING", "0")  # scikit-learn's, which warns where it finds no semaphores
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being ended is being cancelled
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # Keras draws tables with lines that not every terminal has
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
