"""How this program is installed (a checkout, a wheel, a bundle), what it can lack, and the commands that add that."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import re
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.base import program
from model.base.errors import UserError
from model.base.language import _
from model.base.program import FROZEN, ROOT

OLDEST, NEWEST = (3, 11), (3, 13)  # of the Pythons that TensorFlow is made for
MACHINES = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",), "win32": ("AMD64",)}  # likewise

_WINDOWS = os.name == "nt"
_PLAIN = re.compile(r"[\w:./\\=-]+")  # words that cmd.exe takes as they are; "tensorflow>=2.19" would write a file


def command(extra: str = "", package: str = "", *, file: str = "", anew: bool = False) -> str:
    """Return the command, for this system's shell, that installs something where this program runs.

    Args:
        extra: what to install; the base install, where it is empty.
        package: of that, this one alone.
        file: a list of packages in the checkout, instead.
        anew: though it's there already.
    """
    project = program.project_file()
    if file:
        what = ["-r", str(ROOT / file)]
    elif package or project is None:  # from a wheel: by what its extras stand for, as no index has the wheel itself
        from model.base.project import requirements  # noqa: PLC0415  (0.1 s that opening the window doesn't need)

        what = [str(each) for each in requirements(extra) if package in ("", each.name)]
    else:
        what = ["-e", f"{project.parent}[{extra}]" if extra else str(project.parent)]
    install = ["install", *(["--force-reinstall"] if anew else []), *what]
    python = sys.executable
    steps = [[python, "-m", "pip", *install]]
    if externally_managed():  # there pip refuses; an environment of its own sees all that is there
        place = (project.parent if project else Path.home()) / ".venv"
        inside = place / ("Scripts/python.exe" if _WINDOWS else "bin/python")
        steps = [[python, "-m", "venv", "--system-site-packages", str(place)], [str(inside), "-m", "pip", *install]]
    elif not has_pip() and (uv := shutil.which("uv")):  # which makes environments without pip
        steps = [[uv, "pip", "install", "--python", python, *install[1:]]]
    elif not has_pip():
        steps.insert(0, [python, "-m", "ensurepip"])
    return " && ".join(map(_shell, steps))


def has_pip() -> bool:
    """Return whether this Python has pip."""
    return _has("pip")


def _has(*names: str) -> bool:
    """Return whether modules are installed; they are looked for, not imported."""
    return all(importlib.util.find_spec(name) for name in names)


def externally_managed() -> bool:
    """Return whether the system looks after this Python's packages (PEP 668), so that pip adds none."""
    return sys.prefix == sys.base_prefix and Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").is_file()


def _shell(words: Sequence[str]) -> str:
    """Return words as this system's shell takes them for one each."""
    if not _WINDOWS:
        return shlex.join(words)
    return " ".join(word if _PLAIN.fullmatch(word) else f'"{word}"' for word in words)


def tensorflow_is_missing() -> bool:
    """Return whether TensorFlow is missing; it's looked for, not imported."""
    return not _has("tensorflow", "keras")


def needs_tensorflow(doing: str) -> str:
    """Return a sentence that says what needs TensorFlow, and how to get it."""
    if FROZEN:
        return _(
            "{doing} needs the full Inkling, and this is the light one. Get it where you got this one. Your "
            "drawings, models and settings stay."
        ).format(doing=doing)
    sentence = _("{doing} needs TensorFlow; install it with: {command}")
    return no_tensorflow_for(doing) or sentence.format(doing=doing, command=command("train"))


def no_tensorflow_for(doing: str) -> str:
    """Return a sentence if TensorFlow doesn't exist for this Python or this computer; otherwise an empty one."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sentence = _(
            "{doing} needs TensorFlow, which is made for Python {oldest} to {newest}, not for {here}. "
            "Install one of those, and Inkling with it."
        )
        oldest, newest = (".".join(map(str, each)) for each in (OLDEST, NEWEST))
        return sentence.format(doing=doing, oldest=oldest, newest=newest, here=platform.python_version())
    if platform.machine() not in MACHINES.get(sys.platform, ()):
        sentence = _(
            "{doing} needs TensorFlow, which isn't made for {system} on {machine}; do it on another computer. "
            "A model made there can be opened here (Model ▸ Open model…)."
        )
        system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)
        return sentence.format(doing=doing, system=system, machine=platform.machine())
    return ""


@contextlib.contextmanager
def loading_tensorflow(doing: str) -> Iterator[None]:
    """Turn failures of imports that load TensorFlow into UserError: it's missing, or doesn't work here."""
    try:
        yield
    except ModuleNotFoundError as error:  # what is there and can't be imported is another matter
        raise UserError(needs_tensorflow(doing)) from error
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        if FROZEN:
            sentence = _("TensorFlow doesn't work here ({reason}). Install Inkling again, or use the light one.")
            raise UserError(sentence, reason=reason) from error
        sentence = _("TensorFlow doesn't work here ({reason}). Install it again with: {command}")
        raise UserError(sentence, reason=reason, command=command("train", anew=True)) from error


def require_pdfium() -> None:
    """Raise UserError, which says what to install, if nothing that draws PDFs is installed."""
    if _has("pypdfium2", "psutil"):
        return
    sentence = _("PDF files need pypdfium2; install it with: {command}")
    raise UserError(sentence, command=command("pdf"))


def require_heif() -> None:
    """Raise UserError, which says what to install, if nothing that reads HEIC is installed."""
    if _has("pillow_heif", "psutil"):
        return
    if FROZEN:
        raise UserError(
            _("This is a HEIC picture, as phones take them. Save it as JPEG, or set the phone to take JPEGs.")
        )
    sentence = _("HEIC pictures need pillow-heif; save this one as JPEG, or install that with: {command}")
    raise UserError(sentence, command=command("heic"))


def require_onnx() -> None:
    """Raise UserError, which says what to install, if nothing that writes ONNX is installed."""
    if _has("tf2onnx", "onnxruntime"):
        return
    if FROZEN:
        raise UserError(_("ONNX needs more than this download has; install Inkling from its sources."))
    sentence = _("ONNX needs tf2onnx and ONNX Runtime; install them with: {command}")
    raise UserError(sentence, command=command("onnx"))


def require_dask() -> None:
    """Raise UserError, which says what to install, if the client for Dask's scheduler isn't installed."""
    if _has("distributed"):
        return
    if FROZEN:
        raise UserError(
            _("A scheduler needs Dask, which isn't in this download. Install Inkling from source, as the README says.")
        )
    sentence = _("A scheduler needs Dask; install it with: {command}")
    raise UserError(sentence, command=command("cluster"))
