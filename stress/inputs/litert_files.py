"""Other people's LiteRT files: given the input and output that we read, checked, and run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from model.training.opened import litert_file
from stress.inputs import networks
from stress.inputs.damage import damaged
from stress.way import Way

IMAGES = np.random.default_rng(0).random((2, 28, 28), np.float32)


def _enter(content: bytes, _home: Path) -> None:
    """Adapt a file twice, as it is and as one that turns dark ink of 0 to 255 into logits, and read with both."""
    for scale, offset, logits in ((-255.0, 255.0, True), (1.0, 0.0, False)):
        whole = litert_file.fitted(content, "mine.tflite", scale, offset, logits=logits)
        assert litert_file.reader(whole, "mine.tflite")(IMAGES).shape == (2, 10)


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    content = draw(networks.wrong([*networks.whole(), *[networks.quantized()] * 5]))
    return draw(damaged(content)) if draw(st.integers(0, 2)) == 0 else content


def _corpus() -> Sequence[bytes]:
    return (*networks.whole(), networks.quantized(), b"\x1c\0\0\0TFL3", b"")


WAY = Way(
    "litert_files",
    grammar=_files(),
    corpus=_corpus,
    enter=_enter,
    modules=(
        *("model.bundle.litert_ends", "model.bundle.litert_dequantized"),
        *("model.bundle.litert_check", "model.bundle.litert_shapes"),
    ),
    longest=16_000,
)
