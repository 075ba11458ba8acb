"""An input that kills the process."""

from dataclasses import replace

from tests import planted

WAY = replace(planted.WAY, corpus=lambda: (b"an answer", b"dies"))
