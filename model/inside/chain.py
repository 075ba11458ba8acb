"""A network as a chain of steps, to be looked into.

LiteRT's runtime tells a network's operations, their weights, and all that they make of an image. It does not tell their
settings: an activation that is fused into one, padding, the blocks of a pooling. They are found by trial: a step is
right when it makes of what came before an operation what came after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from model.base.work import Work
from model.inside import steps
from model.inside.steps import ACTIVATIONS, Array, Convolution, Dense, Step
from model.reading.normalize import Image28

ANSWER = (1, 10)  # the shape of the output that is the answer; others are hidden layers
GOLDEN = (5**0.5 - 1) / 2
TRIAL_RANGE = 10  # a trial's image goes as far from 0, both ways: its sums lie on both sides of what a step bends
MOST_MISFIT = 0.05  # of the largest number, of a step's result; whole numbers for weights cost a hundredth or so
MOST_TRIALS = 100  # of the sizes that the blocks of a pooling can have


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A network as steps that follow each other.

    Args:
        steps: from the image (1, 28, 28) to the probabilities (1, 10).
        layer: the place of the first hidden layer's weights in them; None where it has no hidden layer.
        activation: the place of that layer's activation.
    """

    steps: tuple[Step, ...]
    layer: int | None = None
    activation: int = 0

    @property
    def hidden(self) -> Dense | Convolution | None:
        """The first hidden layer, where there is one."""
        step = None if self.layer is None else self.steps[self.layer]
        return step if isinstance(step, Dense | Convolution) else None


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """An image's way through a network: what came before the first step and after each."""

    chain: Chain
    values: tuple[Array, ...]

    @property
    def probabilities(self) -> Array:
        """The answer, (10,)."""
        return np.asarray(self.values[-1][0])

    def back(self, slope: Array, start: int, end: int) -> Work[Array]:
        """Return, in pieces of work, the gradient before the step ``end`` of what has this one before ``start``."""
        for place in range(start - 1, end - 1, -1):
            slope = self.chain.steps[place].backward(slope, self.values[place], self.values[place + 1])
            yield
        return slope


def trace(chain: Chain, image: Image28) -> Work[Trace]:
    """Return, in pieces of work, the way of a (28, 28) image through a network."""
    values: list[Array] = [image[None]]
    for step in chain.steps:
        values.append(step.forward(values[-1]))
        yield
    return Trace(chain, tuple(values))


def open_chain(file: bytes) -> Work[Chain | None]:
    """Return, in pieces of work, the network in a LiteRT file; None where it is no chain of steps known here."""
    runtime = Interpreter(
        model_content=file,
        num_threads=1,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
    )
    runtime.allocate_tensors()
    tensors = {each["index"]: each for each in runtime.get_tensor_details()}
    (start,) = runtime.get_input_details()
    answers = [end["index"] for end in runtime.get_output_details() if tuple(end["shape"]) == ANSWER]
    # As if by chance (Weyl: Über die Gleichverteilung von Zahlen mod. Eins, 1916): light bundles have no numpy.random.
    spread = np.arange(np.prod(start["shape"]), dtype=np.float64) ** 2 * GOLDEN % 1
    trial = (spread.reshape(start["shape"]) * 2 - 1) * TRIAL_RANGE
    runtime.set_tensor(start["index"], trial.astype(np.float32))
    yield
    runtime.invoke()
    yield
    found: list[Step] = []
    sides: list[int] = []  # of each, the last axis of what comes out
    way = [start["index"]]  # the tensors that the image goes through
    for operation in runtime._get_ops_details():
        inputs = [tensor for tensor in operation["inputs"] if tensor >= 0]  # -1: one that is left out
        before = [tensor for tensor in inputs if tensor in way]
        if not before or operation["op_name"] == "SHAPE":
            continue  # it is the same for each image
        if before != way[-1:] or not tensors.keys() >= set(inputs):  # the runtime tells nothing of nameless ones
            return None
        way.append(operation["outputs"][0])
        values, after = (runtime.get_tensor(tensor) for tensor in way[-2:])
        others = [_numbers(runtime, tensors[tensor]) for tensor in inputs if tensor != way[-2]]
        candidates = _candidates(operation["op_name"], values, after, others, inputs[0] == way[-2])
        fitting = _fitting(candidates, values, after)
        if not fitting:
            return None
        found += fitting
        sides += [after.shape[-1]] * len(fitting)
        yield
    return _with_hidden_layer(tuple(found), sides) if way[-1:] == answers else None


def _numbers(runtime: Any, tensor: dict[str, Any]) -> Array:
    """Return a tensor's numbers; of whole ones, what they stand for."""
    numbers: Array = runtime.get_tensor(tensor["index"])
    told = tensor["quantization_parameters"]
    if not len(told["scales"]):
        return numbers
    shape = [-1 if axis == told["quantized_dimension"] else 1 for axis in range(numbers.ndim)]
    scales, zeros = (told[name].astype(np.float32).reshape(shape) for name in ("scales", "zero_points"))
    return np.asarray((numbers - zeros) * scales)


@np.errstate(all="ignore")  # what does not fit may be without end
def _fitting(candidates: Iterator[Step], before: Array, after: Array) -> list[Step]:
    """Return the step that makes ``after`` of ``before``, and the activation that is fused into it; none fits: []."""

    def fits(made: Array) -> bool:
        return bool(np.abs(made - after).max() <= MOST_MISFIT * np.abs(after).max())

    for step in candidates:
        try:
            made = step.forward(before)
        except ValueError:  # it takes another shape
            continue
        if made.shape != after.shape:
            continue
        if fits(made):
            return [step]
        for name, (bent, _slope) in ACTIVATIONS.items():
            if fits(bent(made)):
                return [step, steps.activation(name)]
    return []


def _candidates(name: str, before: Array, after: Array, others: Sequence[Array], is_first: bool) -> Iterator[Step]:
    """Yield the steps that an operation can be.

    Args:
        name: in LiteRT.
        before: what goes into it.
        after: what comes out.
        others: its other inputs, the same for each image.
        is_first: whether ``before`` is the first of its inputs.
    """
    if name in ACTIVATIONS:
        yield steps.activation(name)
    elif name in ("FULLY_CONNECTED", "CONV_2D"):
        weights, *rest = others
        bias = rest[0] if rest else np.zeros(len(weights), np.float32)
        if name == "FULLY_CONNECTED":
            yield Dense(weights, bias, after.shape)
            return
        yield Convolution(weights, bias, (0, 0, 0, 0))
        below, right = (side // 2 for side in weights.shape[1:3])  # one more than on the other side where it is even
        yield Convolution(weights, bias, (weights.shape[1] - 1 - below, below, weights.shape[2] - 1 - right, right))
    elif name == "MAX_POOL_2D":
        sides = zip(before.shape[1:3], after.shape[1:3], strict=True)
        blocks = ([size for size in range(1, side + 1) if side // size == count] for side, count in sides)
        yield from (steps.max_pooling(*size) for size in islice(product(*blocks), MOST_TRIALS))
    elif name in ("RESHAPE", "SQUEEZE", "EXPAND_DIMS"):
        yield steps.reshape(after.shape)
    elif name == "TRANSPOSE":
        yield steps.transpose(tuple(others[0].tolist()))
    elif name == "MEAN":
        yield steps.mean(tuple(int(axis) % before.ndim for axis in others[0].ravel()), after.shape)
    elif name == "SOFTMAX":
        yield steps.softmax()
    elif name in ("ADD", "SUB", "MUL", "DIV") and after.shape == before.shape:
        number, one, nothing = others[0], np.float32(1), np.float32(0)
        if name == "ADD":
            yield steps.scale(one, number)
        elif name == "SUB":
            yield steps.scale(one, -number) if is_first else steps.scale(-one, number)
        elif name == "MUL" or is_first:
            yield steps.scale(number if name == "MUL" else 1 / number, nothing)


def _with_hidden_layer(chain: tuple[Step, ...], sides: Sequence[int]) -> Chain:
    """Return a chain with its first hidden layer: weights whose units come to an activation without being mixed.

    ``sides`` is, of each step, the last axis of what comes out: as long as before where the units are still apart.
    """
    layer = None
    for place, step in enumerate(chain):
        if isinstance(step, Dense | Convolution):
            layer = place
        elif layer is not None and step.bends:
            return Chain(chain, layer, place)
        elif layer is not None and sides[place] != sides[layer]:
            layer = None  # as after the fixed convolution that makes views
    return Chain(chain)
