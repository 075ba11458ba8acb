"""A child process's lines of output, and what the window makes of the events in them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from hypothesis import strategies as st

from app.jobs import teaching
from app.jobs.training import TrainingProgress
from model.base import events
from model.base.errors import UserError
from stress.way import Way


def _enter(content: bytes, _home: Path) -> None:
    """Take lines as a job does, and events as the training dialog and teaching do, in any order."""
    ticks = itertools.count()
    progress = TrainingProgress(clock=lambda: float(next(ticks) // 2))
    wrong = 0
    for line in content.split(b"\n"):
        try:
            event = events.from_line(line.decode())
        except ValueError:  # the job takes it for ordinary output
            wrong += 1
            continue
        assert events.from_line(events.to_line(event)) == event, "an event is not what it was"
        progress.take(event)
        assert progress.line
        assert progress.fraction is None or 0 <= progress.fraction <= 1
        assert len(progress.curve) <= 400
        if isinstance(event, events.Taught):
            assert teaching.outcome(event)
    if wrong:
        raise UserError("Some lines were no events.")


_NAMES = list(events.TYPES)
_NUMBERS = st.one_of(
    st.integers(0, 20),
    st.floats(0, 1),
    st.floats(),
    st.integers(),
    st.sampled_from([0, -1, 5, 3, 10**18, 10**400, 1e308, -1e308]),
)
_TEXTS = st.text(max_size=20) | st.sampled_from(["network", "teacher 1", "\ud800", "x" * 5000, "{0}", "a\nb"])
_ANYTHING = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)


def _fields(kind: type) -> st.SearchStrategy[dict[str, object]]:
    """Return a strategy for a class's fields, mostly valid ones."""
    good = {field.name: _KNOWN.get(str(field.type), _NUMBERS | st.none()) for field in fields(kind)}
    return st.fixed_dictionaries({name: st.one_of(*[each] * 9, _ANYTHING) for name, each in good.items()})


_KNOWN: dict[str, st.SearchStrategy[object]] = {
    "int": st.integers(-1, 30) | _NUMBERS,
    "float": st.floats(0, 1) | _NUMBERS,
    "str": _TEXTS,
    "dict[str, str]": st.dictionaries(_TEXTS, _TEXTS, max_size=3),
}
_KNOWN |= {
    "Side": _fields(events.Side),
    "tuple[Difference, ...]": st.lists(_fields(events.Difference), max_size=3),
}


_EVENTS = st.one_of(
    *(st.builds(lambda said, name=name: {"event": name, **said}, _fields(kind)) for name, kind in events.TYPES.items())
)
_WRONG = (
    st.fixed_dictionaries({"event": st.sampled_from(_NAMES) | _ANYTHING}, optional={"epoch": _ANYTHING}) | _ANYTHING
)
_LINES = st.one_of(*[_EVENTS] * 12, _WRONG).map(json.dumps)


@st.composite
def _outputs(draw: st.DrawFn) -> bytes:
    """Return a child's output: events, some of them broken, some about other things."""
    content = "\n".join(draw(st.lists(_LINES, min_size=1, max_size=8))).encode()
    if draw(st.integers(0, 5)) == 0:
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.binary(max_size=4)) + content[place + 1 :]
    return content


def _corpus() -> Sequence[bytes]:
    started = events.Started("mlp-128", 101_770, "CPU", 48_000, 12_000, 10_000, epochs=2, steps=100)
    nothing = events.Started("mlp-128", 0, "CPU", 0, 0, 0, epochs=0, steps=0)
    told: list[events.Event] = [
        *(events.Stage("reading the data"), events.Downloading(0, 0), started, events.Progress(1, 5, 0.5, 0.9)),
        *(events.Progress(5, 500, float("nan"), float("nan")), events.EpochDone(5, 1, 1, 1, 1, 1), nothing),
        *(events.Progress(1, 1, 0, 0), events.Finished("x", None, 1.0), events.Failed("no"), events.Cancelled()),
        events.Taught(3, 1, 2, 0.5, 0.4, float("nan"), 0.9, 100, 3.0, "x", 2, "It looks like a 1."),
    ]
    lines = [events.to_line(each).encode() for each in told]
    return (
        *lines,
        b"\n".join(lines),
        b"\n".join(lines[2:4] * 500),
        b"[" * 100_000,
        b"9" * 5000,
        b'{"event": []}',
        b"\xff",
    )


WAY = Way(
    "events",
    grammar=_outputs(),
    corpus=_corpus,
    enter=_enter,
    modules=("model.base.events", "app.jobs.training", "app.jobs.teaching", "json.decoder"),
)
