"""The settings of a training, each defined once: a command's options and a form's fields are made from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeAlias

from model.base.language import N_
from model.data import architectures

GOING_ON = {"teacher": "none", "learning_rate": 3e-4}  # for a network that has learned: it isn't to be shaken

Range: TypeAlias = "tuple[int, int] | tuple[float, float]"


@dataclass(frozen=True, slots=True)
class Knob:
    """What a setting does, and its values: one of some words, a number in a range, or otherwise on or off."""

    help: str
    choices: tuple[str, ...] = ()
    between: Range | None = None  # both belong to it; whole numbers, where these are
    label: str = ""  # what a form calls it; empty: it's on none

    def holds(self, word: str) -> bool:
        """Return whether a word is a number in the range."""
        low, high = self.between or (0, 0)
        try:
            return low <= type(low)(word) <= high  # NaN isn't either
        except ValueError:
            return False


def _knob(
    default: Any, turns: str, *, choices: tuple[str, ...] = (), between: Range | None = None, label: str = ""
) -> Any:
    return field(default=default, metadata={"knob": Knob(turns, choices, between, label)})


def _switch(turns: str, *, default: bool | None = False, label: str = "") -> Any:
    return _knob(default, turns, label=label)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a training. The names of networks, losses and so on are those of `model.data.architectures`."""

    network: str
    epochs: int = _knob(10, "passes over the images", between=(1, 10_000), label=N_("Epochs"))
    batch_size: int = _knob(128, "images in each step", between=(1, 60_000), label=N_("Batch size"))
    activation: str = _knob(
        "relu", "activation function of the hidden layers", choices=architectures.ACTIVATIONS, label=N_("Activation")
    )
    initializer: str = _knob(
        "glorot",
        "how the hidden layers' weights begin",
        choices=tuple(architectures.INITIALIZERS),
        label=N_("Initializer"),
    )
    optimizer: str = _knob("adam", "what minimises the loss", choices=architectures.OPTIMIZERS, label=N_("Optimizer"))
    loss: str = _knob("categorical", "what training minimises", choices=tuple(architectures.LOSSES), label=N_("Loss"))
    learning_rate: float | None = _knob(
        None, "learning rate (default: the optimizer's own)", between=(1e-9, 100.0), label=N_("Learning rate")
    )
    # With "cosine" the learning rate rises for an epoch, then falls to nothing.
    schedule: str = _knob("constant", "how the learning rate changes over the epochs", choices=architectures.SCHEDULES)
    # Of all weight matrices, a step.
    weight_decay: float = _knob(0.0, "how much of the weights decays, times the learning rate", between=(0.0, 1.0))
    deform: bool = _switch(
        "deform the training images, differently at each step",
        label=N_("Deform the images differently at each step"),
    )
    teacher: str = _knob(
        "none",
        "a network to train first, and learn from its answers, too",
        choices=("none", *architectures.NETWORKS),
    )
    teachers: int = _knob(1, "how many teachers, each from another seed, whose mean is learned", between=(1, 20))
    teacher_epochs: int | None = _knob(
        None, "passes of the teacher over the images (default: its own)", between=(1, 10_000)
    )
    mixed: bool | None = _switch(
        "compute in bfloat16, with weights in float32 (default: where the device is built for it)", default=None
    )
    calibrate: bool = _switch("fit the probabilities to the validation images by a temperature")
    views: bool = _switch("answer by the mean over the image and the image moved by a pixel each way")
    half: bool = _switch("round the weights to float16: half the size")
    int8: bool = _switch(
        "keep the weights that read in whole numbers of 8 bits: a quarter of the size, and several times as fast"
    )
    validation_split: float | None = _knob(  # None: the test images validate
        0.2,
        "share of the training images, the last ones, to validate with; some tutorials use the test images",
        between=(0.001, 0.9),
    )
    keep: str = _knob("last", "which epoch's weights are kept", choices=("best", "last"))
    monitor: str = _knob("val_accuracy", "what decides which epoch is best", choices=architectures.MONITORS)
    seed: int = _knob(0, "random seed (default: 0)", between=(0, 2**32 - 1))
    deterministic: bool = _switch("make the seed decide every bit, on one machine; slower")
    at_least: float = _knob(0.0, "fail, and write nothing, below this accuracy on the test images", between=(0.0, 1.0))
    at_least_ink: float = _knob(0.0, "the same for the judges' drawings", between=(0.0, 1.0))

    @classmethod
    def of(cls, network: str, **given: Any) -> Recipe:
        """Return the way a network's tutorial trains it, with the given settings that aren't None."""
        turned = {name: value for name, value in given.items() if value is not None}
        return cls(**({"network": network} | dict(architectures.named(network).knobs) | turned))


KNOBS: Mapping[str, Knob] = {each.name: each.metadata["knob"] for each in fields(Recipe) if each.metadata}


@dataclass(frozen=True, slots=True)
class How:
    """How a training proceeds; the card says in other words what affects the result."""

    output: (
        Path  # the bundle's folder, new, empty, or an older bundle that is replaced at the very end if it reads no more
    )
    name: str = ""  # what its user calls it
    start: Path | None = None  # a bundle to go on learning from; None: from scratch
    against: Path | None = None  # a bundle to compare with
    replace: bool = False  # an older bundle in the folder, even where that reads more of the test images
    device: str = "auto"  # see `model.training.learn.device.choose`
    resume: bool = False  # go on from the checkpoint in the output folder, if there's one
    checkpoint_seconds: float = 60.0  # between two checkpoints
    kept: Path | None = None  # a folder where the answers of what it's compared with are kept
    asked: str = ""  # what a window keeps in them, by which it can go on later
