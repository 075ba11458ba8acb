"""What trains, installed in a child process, from the window's side."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from app.jobs.job import Job
from model.base import install_tensorflow
from model.base.installation import tensorflow_is_missing


class Installing(Job):
    """Installs what trains into the environment that the program runs in. Raises UserError where it cannot start."""

    def __init__(self) -> None:
        super().__init__(["install"], Path(sys.prefix))

    def _clear(self, *, keep: bool = False) -> None:  # noqa: ARG002  (it has cleared up, or is gone)
        """Take away what is half installed, however the child went."""
        self._kill()  # where it was killed, its pip goes on
        install_tensorflow.tidy()


def through() -> bool:
    """Return whether what trains is there now."""
    importlib.invalidate_caches()  # Python remembers what was not there
    return not tensorflow_is_missing()
