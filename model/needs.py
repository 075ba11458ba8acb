"""What an installation can lack, and how to get it."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator

from model.errors import UserError
from model.language import _

FROZEN = getattr(sys, "frozen", False)  # a bundle, to which nothing can be installed; the full one has all


def tensorflow_is_missing() -> str:
    """Return what to get to have it, in few words, or nothing where it is there; it is looked for, not imported."""
    if all(importlib.util.find_spec(name) for name in ("tensorflow", "keras")):
        return ""
    return _("the full Inkling") if FROZEN else "pip install 'inkling-digits[train]'"


def needs_tensorflow(doing: str) -> str:
    """Return a sentence for who wants to do what needs it: that, and how to get it."""
    if FROZEN:
        sentence = _(
            "{doing} needs the full Inkling, and this is the light one; get it from where you got this. "
            "Your drawings, models and settings stay."
        )
    else:
        sentence = _("{doing} needs TensorFlow; install it with: pip install 'inkling-digits[train]'")
    return sentence.format(doing=doing)


def require_tensorflow(doing: str) -> None:
    """Raise UserError, which says how to get it, where what somebody wants to do needs it and it is not there."""
    if tensorflow_is_missing():
        raise UserError(needs_tensorflow(doing))


@contextlib.contextmanager
def loading_tensorflow(doing: str) -> Iterator[None]:
    """Turn what goes wrong with imports that bring TensorFlow into UserError: it is missing, or does not work here."""
    try:
        yield
    except ModuleNotFoundError as error:  # what is there and cannot be imported is another matter
        raise UserError(needs_tensorflow(doing)) from error
    except Exception as error:
        if FROZEN:
            sentence = _("TensorFlow does not work here ({reason}); install Inkling again, or use the light one.")
        else:
            sentence = _(
                "TensorFlow does not work here ({reason}); install it anew with: "
                "pip install --force-reinstall 'inkling-digits[train]'"
            )
        raise UserError(sentence.format(reason=" ".join(str(error).split()) or type(error).__name__)) from error


def require_dask() -> None:
    """Raise UserError, which says how to get it, where a scheduler is asked for and what speaks to one is not there."""
    if importlib.util.find_spec("distributed"):
        return
    if FROZEN:
        sentence = _("A scheduler needs an Inkling that Python's pip installs: pip install 'inkling-digits[cluster]'")
    else:
        sentence = _("A scheduler needs Dask; install it with: pip install 'inkling-digits[cluster]'")
    raise UserError(sentence)
