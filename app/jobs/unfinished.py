"""A training that was stopped, or whose window was: what was asked of it, and how far it got."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.jobs.training import Choice
from app.kept import models
from model.base.errors import UserError
from model.base.files import open_plain
from model.bundle import bundle
from model.bundle.bundle import CHECKPOINT_FILE

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A training that can continue: its checkpoint is in the folder of its future model."""

    place: Path
    name: str  # of the future model
    choice: Choice
    epochs: int  # of its network, saved so far

    def on(self, device: str) -> Choice:
        """Return what was asked, to be done on this device, which may be another one than before."""
        return replace(self.choice, device=device)

    def delete(self) -> None:
        """Remove its saved files."""
        with suppress(UserError), bundle.reserved(self.place):
            shutil.rmtree(self.place, ignore_errors=True)


def noted(choice: Choice, name: str) -> str:
    """Return what `newest` needs to find in a checkpoint."""
    paths = {key: str(path) for key, path in (("data", choice.data), ("start", choice.start)) if path}
    return json.dumps({"network": choice.network, "knobs": dict(choice.knobs), "name": name, **paths})


def newest() -> Unfinished | None:
    """Return the training that was stopped last; the remains of older ones are removed.

    A running one, in this program or another, is left alone.
    """
    found = []
    for place in models.unfinished():
        with suppress(UserError, OSError), bundle.reserved(place):
            found.append(((place / CHECKPOINT_FILE).stat().st_mtime, place))
    places = [place for _time, place in sorted(found, reverse=True)]
    last = _read(places[0]) if places else None
    for place in places[1 if last else 0 :]:
        with suppress(UserError), bundle.reserved(place):
            shutil.rmtree(place, ignore_errors=True)
    return last


def _read(place: Path) -> Unfinished | None:
    """Return what's in a checkpoint; None if it's damaged."""
    import numpy as np  # noqa: PLC0415  (after the first paint)

    try:
        with open_plain(place / CHECKPOINT_FILE) as stream, np.load(stream, allow_pickle=False) as file:
            state = json.loads(str(file["state"]))
        asked: Mapping[str, Any] = json.loads(state["asked"])
        data, start = (Path(asked[key]) if key in asked else None for key in ("data", "start"))
        choice = Choice(asked["network"], asked["knobs"], data=data, start=start)
        return Unfinished(place, asked["name"], choice, len(state["histories"].get("network", ())))
    except Exception:
        log.warning("what is saved of a training in %s can't be read", place, exc_info=True)
        return None
