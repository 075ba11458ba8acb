"""A way in on which the process dies."""

from dataclasses import replace

from tests import planted

WAY = replace(planted.WAY, corpus=lambda: (b"an answer", b"dies"))
