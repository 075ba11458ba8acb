"""The state from which a stopped training resumes: an `.npz` file at the new model's place."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from model.bundle.bundle import CHECKPOINT_FILE
from model.training.learn.checkpoint import Checkpoint
from stress.inputs.damage import damaged, zips
from stress.inputs.files import npy, npys, put
from stress.way import Way

TRAINING = {"network": "mlp-128", "epochs": 3, "seed": 0, "data": {"source": "mnist.npz", "train": 60000}}
SHAPES = [(784, 4), (4,), ()]
BEST = SHAPES[:2]
ROLES = ("teacher 1", "network")


def _enter(content: bytes, home: Path) -> None:
    """Resume from a state, as each network of a training does, and save it again."""
    folder = home / "new"
    folder.mkdir(exist_ok=True)
    put(folder / CHECKPOINT_FILE, content)
    checkpoint = Checkpoint(folder, TRAINING, seconds=0, resume=True)
    for role in ROLES:
        history, arrays = checkpoint.restore(role, SHAPES, BEST)
        if history:
            state = [np.zeros(shape, np.float32) for shape in SHAPES]
            for variable, array in zip(state, arrays, strict=False):
                variable[...] = array
            assert [epoch.epoch for epoch in history] == list(range(1, len(history) + 1))
            assert max(epoch.validation_accuracy - epoch.loss for epoch in history) is not None
            checkpoint.save(role, history, lambda arrays=arrays: arrays, last=True)  # type: ignore[misc]


_EPOCH = {"loss": 0.5, "accuracy": 0.9, "validation_loss": 0.6, "validation_accuracy": 0.8, "seconds": 1.5}
_VALUES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    st.sampled_from([10**400, 1e308, "0.5", [], {}, "x" * 5000]),
)
_DEEP: st.SearchStrategy[Any] = st.recursive(
    _VALUES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*_EPOCH, "epoch", *ROLES]), inner, max_size=4)
    ),
    max_leaves=6,
)


@st.composite
def _states(draw: st.DrawFn) -> Any:
    """Return the JSON part: which training it is, and the epochs that each network has finished."""
    histories: dict[str, Any] = {}
    for role in ROLES[: draw(st.integers(1, 2))]:
        epochs: list[Any] = [{"epoch": number, **_EPOCH} for number in range(1, draw(st.integers(1, 4)))]
        if draw(st.integers(0, 3)) == 0 and epochs:
            epochs[-1][draw(st.sampled_from([*epochs[-1], "more"]))] = draw(_DEEP)
        histories[role] = draw(_DEEP) if draw(st.integers(0, 9)) == 0 else epochs
    state = {"training": dict(TRAINING), "histories": histories}
    match draw(st.integers(0, 11)):
        case 0:
            state["training"][draw(st.sampled_from([*TRAINING, "more"]))] = draw(_DEEP)
        case 1:
            state[draw(st.sampled_from(["training", "histories", "more"]))] = draw(_DEEP)
        case 2:
            return draw(_DEEP)
    return state


def _members(state: str) -> dict[str, bytes]:
    members = {"state.npy": npy(np.array(state))}
    for role in ROLES:
        for number, shape in enumerate([*SHAPES, *BEST]):
            members[f"{role}/{number:04}.npy"] = npy(np.ones(shape, np.float32))
    return members


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    members = _members(json.dumps(draw(_states())))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        name = draw(st.sampled_from(sorted(members)))
        match draw(st.integers(0, 3)):
            case 0:
                del members[name]
            case 1:
                members[draw(st.sampled_from(["more", "network/9999.npy", "network/", "state"]))] = members[name]
            case _:
                members[name] = draw(npys(np.ones(draw(st.sampled_from(SHAPES)), np.float32)))
    content = draw(zips(members))
    return draw(damaged(content)) if draw(st.integers(0, 3)) == 0 else content


def _corpus() -> Sequence[bytes]:
    state = {"training": TRAINING, "histories": {role: [{"epoch": 1, **_EPOCH}] for role in ROLES}}
    file = io.BytesIO()
    arrays = {f"{role}/{number:04}": np.ones(shape) for role in ROLES for number, shape in enumerate(SHAPES)}
    np.savez(file, state=np.array(json.dumps(state)), **arrays)  # type: ignore[arg-type]
    deep = io.BytesIO()
    np.savez(deep, state=np.array("[" * 100_000))
    return file.getvalue(), deep.getvalue(), b"-> pipe", b"-> /dev/zero", b"-> .", b""


WAY = Way(
    "checkpoints",
    grammar=_files(),
    corpus=_corpus,
    enter=_enter,
    modules=("model.training.learn.checkpoint", "model.data.data", "zipfile", "numpy.lib._format_impl"),
    seconds=30,
    megabytes=1000,
    longest=16_000,
)
