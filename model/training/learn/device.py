"""What a training runs on: a GPU if there's one, several together, or the CPU."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.base import installation
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.program import FROZEN
from model.training.pinned import tf

WORDS = N_("auto, cpu, gpu, or one GPU by its number, like gpu:1")

PROCESSOR = Path("/proc/cpuinfo")  # what Linux says of it


@dataclass(frozen=True, slots=True)
class Device:
    """Where to train: TensorFlow's strategy, and its name for people."""

    strategy: Any  # tf.distribute.Strategy
    name: str
    mixed: bool = False  # whether bfloat16 is much quicker than float32 here


def choose(word: str) -> Device:
    """Return the device of a word (see `WORDS`), every GPU set to take memory only as it needs it.

    Raises UserError when there's no such device. Call it before TensorFlow has used any.
    """
    gpus = tf.config.list_physical_devices("GPU")
    details = tf.config.experimental.get_device_details
    kind, _colon, number = word.partition(":")
    if kind not in ("auto", "cpu", "gpu") or (number and not (kind == "gpu" and number.isdecimal())):
        raise UserError(_("There's no device {word!r}. It can be {words}."), word=word, words=_(WORDS))
    if kind == "cpu" or (kind == "auto" and not gpus):
        with contextlib.suppress(RuntimeError):  # they are in use already, so they are left alone, not hidden
            tf.config.set_visible_devices([], "GPU")
        return Device(_strategy(["CPU:0"]), "CPU", _multiplies_bfloat16())
    if number:
        if int(number) >= len(gpus):
            sentence = _("TensorFlow finds {count} GPUs here, but no number {number}; see --device.")
            raise UserError(sentence, count=len(gpus), number=number)
        gpus = [gpus[int(number)]]
    elif not gpus:
        raise _no_gpu()
    with contextlib.suppress(RuntimeError):  # they are in use already, set as they were
        tf.config.set_visible_devices(gpus, "GPU")
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
    strategy = _strategy([f"GPU:{place}" for place in range(len(gpus))])
    # NVIDIA's multiply matrices of bfloat16 in hardware from compute capability 8.0 on.
    mixed = all(tuple(details(gpu).get("compute_capability", (0, 0))) >= (8, 0) for gpu in gpus)
    return Device(strategy, ", ".join(map(_name, gpus)), mixed)


def _multiplies_bfloat16() -> bool:
    """Return whether the processor multiplies matrices of bfloat16 in hardware, and TensorFlow lets it; Linux tells."""
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1").lower() in ("0", "false"):
        return False
    try:
        return "avx512_bf16" in PROCESSOR.read_text(encoding="utf-8").split()
    except OSError:
        return False


def _no_gpu() -> UserError:
    if FROZEN or sys.platform != "linux":  # TensorFlow has code for them on Linux alone, and no bundle carries it
        return UserError(_("TensorFlow finds no GPU here; leave out --device to train on the CPU."))
    sentence = _(
        "TensorFlow finds no GPU here; leave out --device to train on the CPU, or install NVIDIA's driver and then: "
        "{command}"
    )
    return UserError(sentence, command=installation.command("gpu"))


def found() -> dict[str, str]:
    """Return what can be chosen here, word -> name for people; what "auto" would take comes first."""
    names = [_name(gpu) for gpu in tf.config.list_physical_devices("GPU")]
    together = {"gpu": ", ".join(names)} if len(names) > 1 else {}
    return together | {f"gpu:{number}": name for number, name in enumerate(names)} | {"cpu": "CPU"}


def _name(gpu: Any) -> str:
    return str(tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name))


def _strategy(devices: Sequence[str]) -> Any:
    """Return a strategy that trains on one device, or on several with each batch shared out among them."""
    return tf.distribute.MirroredStrategy(list(devices)) if len(devices) > 1 else tf.distribute.get_strategy()


class DeviceError(UserError):
    """A device other than the CPU failed."""

    instead = "cpu"


def failure(error: tf.errors.OpError, device: Device) -> UserError:
    """Return what TensorFlow's error on a device means to a user."""
    if isinstance(error, tf.errors.ResourceExhaustedError):
        reason = _("The {device} hasn't enough memory").format(device=device.name)
    else:
        first = next(iter(error.message.splitlines()), type(error).__name__)
        reason = _("TensorFlow failed on the {device} ({reason})").format(device=device.name, reason=first[:200])
    if device.name == "CPU":
        return UserError(_("{reason}; close other programs, or train with a smaller batch size."), reason=reason)
    return DeviceError(_("{reason}; the CPU can go on where it stopped."), reason=reason)
