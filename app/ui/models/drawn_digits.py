"""How many of the digits that the program draws each model reads, which says more about a pad than MNIST does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

from app.kept import models
from app.kept.models import Model
from model.base.errors import UserError
from model.base.work import Work
from model.bundle.bundle import LITERT_FILE

_known: dict[str, float] = {}  # by the hash of the network that reads


def known(model: Model) -> float | None:
    """Return the fraction that a model reads right; None: it isn't known yet."""
    return _known.get(_network(model))


def find(those: Iterable[Model], tell: Callable[[Model], object]) -> Work[None]:
    """Find, in pieces of work, how many these models read, and tell of each one that is known then."""
    from model.inside import exam  # noqa: PLC0415  (NumPy, when the dialog stands)

    examined = None
    for model in those:
        if known(model) is None:
            with contextlib.suppress(UserError):  # one that doesn't run: whoever uses it is told why
                answers = models.load(model.key).probabilities
                examined = examined or (yield from exam.compared())
                _known[_network(model)] = yield from exam.part_read(answers, examined)
        tell(model)


def _network(model: Model) -> str:
    return model.bundle.card.sha256.get(LITERT_FILE, "") if model.bundle else ""
