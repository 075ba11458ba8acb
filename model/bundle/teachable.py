"""Which models can be taught: known from the card, before anything that takes seconds."""

from __future__ import annotations

from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import Bundle
from model.bundle.card import TRAINED
from model.data import architectures


def check_teachable(bundle: Bundle) -> None:
    """Raise UserError unless a bundle's network is one of ours."""
    if bundle.card.origin != TRAINED or bundle.card.network not in architectures.NETWORKS:
        raise UserError(
            _(
                "The model in {path} was opened from a Keras file, and only networks that Inkling trains can learn "
                "from drawings; choose the bundled model or one that was trained here."
            ).format(path=bundle.path)
        )
