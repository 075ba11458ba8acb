"""A network as a chain of steps, so that we can look inside.

LiteRT's runtime reports a network's operations, their weights, and their results for an image. It doesn't report their
settings: an activation that's fused into one, padding, the blocks of a pooling. These are found by trial: a step is
right if it turns an operation's input into the operation's output.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from model.base.work import Work
from model.inside import steps
from model.inside.steps import ACTIVATIONS, Array, Convolution, Dense, Step
from model.reading.normalize import SIDE, Image28

ANSWER = (1, 10)  # the shape of the answer; other outputs are hidden layers
GOLDEN = (5**0.5 - 1) / 2
TRIAL_RANGE = 10  # a trial's image goes this far from 0, both ways: its sums are on both sides of an activation's bends
MOST_MISFIT = 0.05  # of a step's result, by its largest number; integer weights cost about a hundredth
ARITHMETIC = {"ADD": np.add, "SUB": np.subtract, "MUL": np.multiply, "DIV": np.divide}  # by their names in LiteRT
MOST_TRIALS = 100  # of possible block sizes of a pooling


class Column(NamedTuple):
    """The image's pixels, a layer's units, or the ten answers: where to find them in a trace.

    A filter's answers are a map of the places where it's applied, and count together.
    """

    weights: int  # the index of the step that has their weights; -1 for the image's pixels
    end: int  # the index, in a trace, of their answers; for the last column, of its sums
    units: int
    has_maps: bool = False

    def answers(self, traced: Trace) -> Array:
        """Return the answers for the image itself, as `own` does."""
        return self.own(traced.values[self.end])

    def per_unit(self, numbers: Array) -> Array:
        """Return the sum of numbers that belong to each unit, (units,)."""
        return np.asarray(numbers.reshape(-1, self.units).sum(0))

    def own(self, numbers: Array) -> Array:
        """Return the numbers that belong to the image itself, (units,), or for maps (units, rows, columns).

        In a network that answers from several views of an image, the image itself comes first.
        """
        if self.has_maps:
            return np.asarray(numbers[0].transpose(2, 0, 1))
        return np.asarray(numbers.reshape(-1, self.units)[0])


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A network as steps that follow each other.

    Args:
        steps: from the image (1, 28, 28) to the probabilities (1, 10).
        columns: the image, each hidden layer, and last the ten answers.
    """

    steps: tuple[Step, ...]
    columns: tuple[Column, ...]

    def weighing(self, column: Column) -> Dense | Convolution:
        """Return the step that has a column's weights."""
        step = self.steps[column.weights]
        assert isinstance(step, Dense | Convolution)
        return step


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """An image's way through a network: the values before the first step and after each one."""

    chain: Chain
    values: tuple[Array, ...]

    @property
    def probabilities(self) -> Array:
        """The answer, (10,)."""
        return np.asarray(self.values[-1][0])

    def back(self, slope: Array, start: int, end: int) -> Work[Array]:
        """Return, in pieces of work, the gradient before the step ``end``, from the one before the step ``start``."""
        for place in range(start - 1, end - 1, -1):
            slope = self.chain.steps[place].backward(slope, self.values[place], self.values[place + 1])
            yield
        return slope

    def back_from(self, column: Column, unit: int, slope: Array, end: int) -> Work[Array]:
        """Return that for one unit alone, from the gradient by the sums of its column."""
        step, place = self.chain.weighing(column), column.weights
        alone = replace(step, weights=step.weights[[unit]], bias=step.bias[[unit]])
        back = alone.backward(slope[..., [unit]], self.values[place], self.values[place + 1])
        return (yield from self.back(back, place, end))


def trace(chain: Chain, image: Image28) -> Work[Trace]:
    """Return, in pieces of work, a (28, 28) image's way through a network."""
    values: list[Array] = [image[None]]
    for step in chain.steps:
        values.append(step.forward(values[-1]))
        yield
    return Trace(chain, tuple(values))


def open_chain(file: bytes) -> Work[Chain | None]:
    """Return, in pieces of work, the network in a LiteRT file; None if it isn't a chain of steps that we know."""
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
    # Quasi-random (Weyl: Über die Gleichverteilung von Zahlen mod. Eins, 1916): light bundles have no numpy.random.
    spread = np.arange(np.prod(start["shape"]), dtype=np.float64) ** 2 * GOLDEN % 1
    trial = (spread.reshape(start["shape"]) * 2 - 1) * TRIAL_RANGE
    runtime.set_tensor(start["index"], trial.astype(np.float32))
    yield
    runtime.invoke()
    yield
    found: list[Step] = []
    sides: list[int] = []  # the last axis of each one's result
    way = [start["index"]]  # the tensors on the image's way
    for operation in runtime._get_ops_details():
        inputs = [tensor for tensor in operation["inputs"] if tensor >= 0]  # -1: one that's left out
        before = [tensor for tensor in inputs if tensor in way]
        if not before or operation["op_name"] == "SHAPE":
            continue  # it's the same for every image
        if before != way[-1:] or not tensors.keys() >= set(inputs):  # the runtime reports nothing about nameless ones
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
    columns = _columns(found, sides)
    return Chain(tuple(found), columns) if way[-1:] == answers and len(columns) > 1 else None


def _numbers(runtime: Any, tensor: dict[str, Any]) -> Array:
    """Return a tensor's numbers; for quantized ones, the numbers that they stand for."""
    numbers: Array = runtime.get_tensor(tensor["index"])
    told = tensor["quantization_parameters"]
    if not len(told["scales"]):
        return numbers
    shape = [-1 if axis == told["quantized_dimension"] else 1 for axis in range(numbers.ndim)]
    scales, zeros = (told[name].astype(np.float32).reshape(shape) for name in ("scales", "zero_points"))
    return np.asarray((numbers - zeros) * scales)


@np.errstate(all="ignore")  # what doesn't fit may be infinite
def _fitting(candidates: Iterator[Step], before: Array, after: Array) -> list[Step]:
    """Return the step from ``before`` to ``after``, and the activation that's fused into it; [] if none fits."""

    def fits(made: Array) -> bool:
        return bool(np.abs(made - after).max() <= MOST_MISFIT * np.abs(after).max())

    for step in candidates:
        try:
            made = step.forward(before)
        except ValueError:  # it needs another shape
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
    """Yield the steps that an operation may be.

    Args:
        name: its name in LiteRT.
        before: its input.
        after: its output.
        others: its other inputs, the same for every image.
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
        below, right = (side // 2 for side in weights.shape[1:3])  # one more than on the other side if it's even
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
    elif name in ARITHMETIC and after.shape == before.shape:
        given = [(each, others[0]) if is_first else (others[0], each) for each in (np.float64(0), np.float64(1))]
        offset, more = (ARITHMETIC[name](*each) for each in given)
        yield steps.scale((more - offset).astype(np.float32), offset.astype(np.float32))


def _columns(chain: Sequence[Step], sides: Sequence[int]) -> tuple[Column, ...]:
    """Return a chain's columns: weights whose units reach an activation, or other weights, without being mixed.

    ``sides`` has the last axis of each step's result: its length doesn't change while the units are still separate.
    """
    ends: dict[int, int] = {}  # by the index of the step with the weights
    weights = -1
    for place, step in enumerate(chain):
        if isinstance(step, Dense | Convolution):
            weights = place
            ends[weights] = place + 1
        elif weights in ends and step.bends:
            ends[weights] = place + 1
            weights = -1
        elif weights in ends and sides[place] != sides[weights]:
            del ends[weights]  # as after the fixed convolution that makes views
    layers = (Column(place, end, sides[place], isinstance(chain[place], Convolution)) for place, end in ends.items())
    return (Column(-1, 0, SIDE * SIDE), *layers)
