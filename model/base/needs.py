"""What an installation can lack, and the sentences that say how to get it."""

from __future__ import annotations

import contextlib
import importlib.util
import platform
import sys
from collections.abc import Iterator

from model.base import installation
from model.base.errors import UserError
from model.base.language import _
from model.base.program import FROZEN

OLDEST, NEWEST = (3, 11), (3, 13)  # of the Pythons that TensorFlow is made for
MACHINES = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",), "win32": ("AMD64",)}  # likewise


def tensorflow_is_missing() -> bool:
    """Return whether what trains is not installed; it is looked for, not imported."""
    return not all(importlib.util.find_spec(name) for name in ("tensorflow", "keras"))


def needs_tensorflow(doing: str) -> str:
    """Return a sentence for who wants to do what needs it: that, and how to get it."""
    if FROZEN:
        sentence = _(
            "{doing} needs the full Inkling, and this is the light one; get it from where you got this. "
            "Your drawings, models and settings stay."
        )
        return sentence.format(doing=doing)
    if why := no_tensorflow_for(doing):
        return why
    return _("{doing} needs TensorFlow; install it with: {command}").format(
        doing=doing, command=installation.command("train")
    )


def no_tensorflow_for(doing: str) -> str:
    """Return a sentence where TensorFlow is not made for this Python or this computer; nothing where it is."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sentence = _(
            "{doing} needs TensorFlow, which is made for Python {oldest} to {newest}, not for {here}; "
            "install one of those, and Inkling with it."
        )
        oldest, newest = (".".join(map(str, each)) for each in (OLDEST, NEWEST))
        return sentence.format(doing=doing, oldest=oldest, newest=newest, here=platform.python_version())
    if platform.machine() not in MACHINES.get(sys.platform, ()):
        system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)
        sentence = _(
            "{doing} needs TensorFlow, which isn't made for {system} on {machine}; do it on another computer. "
            "A model made there can be opened here (Model ▸ Open…)."
        )
        return sentence.format(doing=doing, system=system, machine=platform.machine())
    return ""


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
        reason = " ".join(str(error).split()) or type(error).__name__
        if FROZEN:
            sentence = _("TensorFlow does not work here ({reason}); install Inkling again, or use the light one.")
            raise UserError(sentence.format(reason=reason)) from error
        sentence = _("TensorFlow does not work here ({reason}); install it again with: {command}")
        command = installation.command("train", anew=True)
        raise UserError(sentence.format(reason=reason, command=command)) from error


def require_dask() -> None:
    """Raise UserError, which says how to get it, where a scheduler is asked for and what speaks to one is not there."""
    if importlib.util.find_spec("distributed"):
        return
    if FROZEN:
        raise UserError(
            _(
                "A scheduler needs Dask, which isn't in this download; "
                "install Inkling from its sources, as the README says."
            )
        )
    sentence = _("A scheduler needs Dask; install it with: {command}")
    raise UserError(sentence.format(command=installation.command("cluster")))
