"""The knobs of a training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.data import architectures

GOING_ON = {"teacher": "none", "learning_rate": 3e-4}  # for a network that has learned: it is not to be shaken


@dataclass(frozen=True, slots=True)
class Recipe:
    """The knobs of a training. The words for networks, losses and so on are those of `model.data.architectures`."""

    network: str
    epochs: int = 10
    batch_size: int = 128
    validation_split: float | None = 0.2  # of the training images, the last ones; None: the test images validate
    activation: str = "relu"
    initializer: str = "glorot"
    loss: str = "categorical"
    optimizer: str = "adam"
    learning_rate: float | None = None  # None: the optimizer's own
    schedule: str = "constant"  # or "cosine": the learning rate rises for an epoch, then falls to nothing
    weight_decay: float = 0.0  # of all weight matrices, a step, times the learning rate
    deform: bool = False  # whether training images are deformed, anew at each step
    teacher: str = "none"  # a network that is trained first, and whose answers are learned beside the labels
    teachers: int = 1  # how many of them, each from another seed; what is learned is their mean
    teacher_epochs: int | None = None  # None: the teacher's own
    mixed: bool | None = (
        None  # whether layers compute in bfloat16, weights in float32; None: where the device is built for it
    )
    calibrate: bool = False  # whether the probabilities are fitted to the validation images by a temperature
    views: bool = False  # whether it answers by the mean over the image and the image moved by a pixel each way
    half: bool = False  # whether weights are rounded to float16 in the end
    keep: str = "last"  # "best" epoch by the monitor, or the "last"
    monitor: str = "val_accuracy"
    seed: int = 0
    deterministic: bool = False  # the same seed gives the same weights, to the bit, on one machine
    at_least: float = 0.0  # fraction of the test images that must be read right, or nothing is written
    at_least_ink: float = 0.0  # the same of the judges' drawings

    @classmethod
    def of(cls, network: str, **given: Any) -> Recipe:
        """Return the way that a network's tutorial trains it, changed where a knob is given and not None."""
        turned = {name: value for name, value in given.items() if value is not None}
        return cls(**({"network": network} | dict(architectures.named(network).knobs) | turned))


@dataclass(frozen=True, slots=True)
class How:
    """How a training goes about it; what of it changes the result, the card says in other words."""

    output: Path  # the bundle's folder, new, empty, or an older bundle that is replaced at the very end
    name: str = ""  # what its user calls it
    start: Path | None = None  # a bundle to go on learning from; None: from scratch
    against: Path | None = None  # a bundle to compare with
    device: str = "auto"  # see `model.training.learn.device.choose`
    resume: bool = False  # go on from the checkpoint in the output folder, if there is one
    checkpoint_seconds: float = 60.0  # between two checkpoints
