"""The result of one kind of stress, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Report:
    """What was tried of one kind, and the result.

    ``outcomes`` counts how the inputs or faults ended, ``failures`` are sentences with what's needed to reproduce
    them, ``not_run`` is why there was nothing to try, ``reached`` is [inputs tried, places in the code reached] as
    they grew, ``figures`` is what else was measured.
    """

    kind: str
    tried: int = 0
    distinct: int = 0
    seconds: float = 0.0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    not_run: str = ""
    reached: tuple[tuple[int, int], ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it in a form that JSON can hold, without what's empty, except for the failures."""
        return {key: value for key, value in asdict(self).items() if value or key in ("failures", "tried", "distinct")}
