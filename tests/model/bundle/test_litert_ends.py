"""Networks made by hand get the ends that are read here, and those of whole numbers compute in fractions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from model.bundle import litert_dequantized, litert_ends
from model.bundle.litert_check import check
from model.bundle.litert_shapes import OtherEndsError, UnsoundError
from stress.inputs import networks
from stress.inputs.networks import Builder

_NONE, _RELU, _RELU6 = (getattr(schema.ActivationFunctionType, name) for name in ("NONE", "RELU", "RELU6"))
_OPTIONS = {"FULLY_CONNECTED": "FullyConnectedOptions", "CONCATENATION": "ConcatenationOptions"}
IMAGES = np.random.default_rng(0).random((20, 28, 28), np.float32)


def read(content: bytes, images: Any = IMAGES) -> Any:
    """Return what a network answers to each image; one of whole numbers by the scales of its ends."""
    network = Interpreter(model_content=content, num_threads=1)
    network.allocate_tensors()
    start, end = network.get_input_details()[0], network.get_output_details()[0]
    found = []
    for image in images.reshape(-1, *start["shape"]):
        if start["dtype"] != np.float32:
            (scale, zero), most = start["quantization"], np.iinfo(start["dtype"])
            image = np.clip(np.round(image / scale + zero), most.min, most.max)  # noqa: PLW2901
        network.set_tensor(start["index"], image.astype(start["dtype"]))
        network.invoke()
        answer = network.get_tensor(end["index"])[0].astype(np.float32)
        found.append((answer - end["quantization"][1]) * (end["quantization"][0] or 1))
    return np.array(found)


def fitted(content: bytes, **how: Any) -> bytes:
    """Return a file with our ends, which is checked."""
    found = litert_ends.fitted(content, **how)
    check(found, litert_ends.IMAGE, litert_ends.ANSWER)
    return found


def model_of(content: bytes) -> Any:
    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))


def dense(begin: tuple[int, ...] = (1, 28, 28), *, logits: bool = False) -> bytes:
    """Return a network that reads images in one of the usual shapes."""
    made = Builder(begin)
    made.add("RESHAPE", (1, 784), made.sizes(1, 784))
    made.dense(10, 784)
    return networks.packed(made.ended() if logits else made.done())


@pytest.mark.parametrize("begin", litert_ends.BEGINNINGS)
def test_images_of_every_usual_shape_are_read(begin: tuple[int, ...]) -> None:
    assert read(fitted(dense(begin))) == pytest.approx(read(dense()), abs=1e-6)


@pytest.mark.parametrize("number", range(len(networks.whole())))
def test_what_is_as_it_should_be_answers_as_before(number: int) -> None:
    whole = networks.whole()[number]
    rounded = 0.01 if number == 1 else 1e-6  # LiteRT rounds what meets weights in 8 bits
    assert read(fitted(whole)) == pytest.approx(read(whole), abs=rounded)


@pytest.mark.parametrize(("scale", "offset"), [(255.0, 0.0), (-1.0, 1.0), (1.0, 0.25)])
def test_images_are_scaled_and_moved_and_logits_become_probabilities(scale: float, offset: float) -> None:
    plain = read(fitted(dense(logits=True), scale=scale, offset=offset, logits=True))
    scores = read(dense(logits=True), IMAGES * np.float32(scale) + np.float32(offset))
    powers = np.exp(scores - scores.max(1, keepdims=True))
    assert plain == pytest.approx(powers / powers.sum(1, keepdims=True), abs=1e-4)


def test_what_is_learned_is_counted() -> None:
    assert litert_ends.weights(fitted(dense())) == 7850
    whole = networks.whole()
    assert [litert_ends.weights(fitted(each)) for each in whole[:2]] == [49 * 12 + 12 + 12 * 10 + 10] * 2


def test_sizes_that_are_computed_for_any_number_of_images_are_fixed() -> None:
    made = Builder()
    made.add("SHAPE", (3,), options="ShapeOptions", kind="i")
    ends = made.sizes(0), made.sizes(1), made.sizes(1)
    made.add("STRIDED_SLICE", (1,), *ends, options="StridedSliceOptions", kind="i")
    some, made.last = made.last, 0
    made.add("RESHAPE", (1, 784), some)
    made.dense(10, 784)
    model = made.done()
    for tensor in model.subgraphs[0].tensors:
        tensor.shapeSignature = [-1, *list(tensor.shape)[1:]] if len(tensor.shape) > 1 else None
    found = fitted(networks.packed(model))
    assert read(found) == pytest.approx(read(dense()), abs=1e-6)
    graph = model_of(found).subgraphs[0]
    assert [len(operation.inputs) for operation in graph.operators] == [2, 2, 3, 1]  # to its shape, and its own three


def test_whole_numbers_become_the_fractions_that_they_stand_for() -> None:
    whole = networks.quantized()
    expected, found = read(whole), read(fitted(whole))
    assert found == pytest.approx(expected, abs=0.04)
    assert expected.std() > 0.02
    assert np.abs(found - expected).mean() < 0.01


def changed(content: bytes, change: Callable[[Any], object]) -> bytes:
    model = model_of(content)
    change(model)
    return networks.packed(model)


@pytest.mark.parametrize(
    "change",
    [
        lambda graph: setattr(graph.tensors[0], "shape", [1, 28, 27]),
        lambda graph: setattr(graph.tensors[0], "type", schema.TensorType.INT32),
        lambda graph: setattr(graph.tensors[graph.outputs[0]], "shape", [1, 26]),
        lambda graph: setattr(graph.tensors[graph.outputs[0]], "type", schema.TensorType.INT32),
        lambda graph: setattr(graph, "outputs", [graph.outputs[0]] * 2),
        lambda graph: setattr(graph, "outputs", []),
    ],
)
def test_other_ends_are_told_from_damage(change: Callable[[Any], object]) -> None:
    with pytest.raises(OtherEndsError):
        litert_ends.fitted(changed(dense(), lambda model: change(model.subgraphs[0])))


def reshaped(*shape: int) -> Callable[[Any], object]:
    return lambda model: setattr(model.subgraphs[0].tensors[2], "shape", list(shape))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda model: model.subgraphs.append(model.subgraphs[0]), "several graphs"),
        (lambda model: setattr(model.subgraphs[0], "inputs", [0, 0]), "several inputs"),
        (lambda model: setattr(model.subgraphs[0].tensors[2], "shape", [0, 784]), "a shape that is empty or too large"),
        (
            lambda model: setattr(model.subgraphs[0].tensors[2], "shape", [1, 10**9]),
            "a shape that is empty or too large",
        ),
        (lambda model: setattr(model.subgraphs[0], "inputs", [99]), "no LiteRT file, or a damaged one"),
    ],
)
def test_what_cannot_be_given_other_ends_is_unsound(change: Callable[[Any], object], why: str) -> None:
    with pytest.raises(UnsoundError, match=f"^{why}$"):
        litert_ends.fitted(changed(dense(), change))


def test_what_is_no_file_of_litert_is_unsound() -> None:
    for content in (b"", bytes(100), dense().replace(b"TFL3", b"TFL2")):
        with pytest.raises(UnsoundError, match=r"^no LiteRT file(, or a damaged one)?$"):
            litert_ends.fitted(content)


def test_the_most_numbers_that_whole_ones_become(monkeypatch: pytest.MonkeyPatch) -> None:
    held = 4 * 9 + 4 + 10 * 196 + 10
    monkeypatch.setattr(litert_dequantized, "MOST_NUMBERS", held)
    fitted(networks.quantized())
    monkeypatch.setattr(litert_dequantized, "MOST_NUMBERS", held - 1)
    with pytest.raises(UnsoundError, match=r"^too many weights$"):
        litert_ends.fitted(networks.quantized())


@pytest.mark.parametrize(
    ("scales", "zeros", "along"),
    [([0.5], None, 0), ([0.5], [7], 0), ([0.5, 0.25, 2], [1, 2, 3], 0), ([0.5, 2], [4, -5], 1), ([3, 0.5], None, 1)],
)
@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32])
def test_weights_become_what_their_scales_and_zero_points_make_of_them(
    kind: type[np.signedinteger[Any]], scales: list[float], zeros: list[int] | None, along: int
) -> None:
    whole = np.arange(-3, 3, dtype=kind).reshape(3, 2)
    made = Builder()
    tensor = made.graph.tensors[made.tensor((3, 2), np.dtype(kind).char, whole)]
    tensor.quantization.scale, tensor.quantization.zeroPoint = np.array(scales, np.float32), zeros
    tensor.quantization.quantizedDimension = along
    litert_dequantized.dequantize(made.ended())
    assert (tensor.type, tensor.quantization) == (schema.TensorType.FLOAT32, None)
    side = [-1, 1] if along == 0 else [1, -1]
    expected = (whole - np.array(zeros or [0]).reshape(side)) * np.array(scales).reshape(side)
    assert np.frombuffer(made.model.buffers[tensor.buffer].data, np.float32).reshape(3, 2).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("kind", "zero", "top", "fused", "expected"),
    [
        ("b", -128, 6, _NONE, _RELU6),
        ("b", -128, 6.005, _NONE, _RELU6),
        ("b", -128, 6.02, _NONE, _RELU),
        ("b", -128, 1, _NONE, _RELU),
        ("B", None, 2, _NONE, _RELU),
        ("B", 0, 6, _RELU, _RELU),
        ("b", -127, 6, _NONE, _NONE),
        ("b", None, 6, _NONE, _NONE),
        ("h", -(2**15), 6, _NONE, _NONE),
    ],
)
def test_where_a_scale_cuts_off_at_0_or_at_6_the_activation_says_so(
    kind: str, zero: int | None, top: float, fused: int, expected: int
) -> None:
    for name, becomes in (("FULLY_CONNECTED", expected), ("CONCATENATION", fused)):
        made = Builder((1, 784))
        more = () if name == "CONCATENATION" else (made.weights((784, 784)), made.tensor((784,), "f", 0.1))
        end = made.add(name, (1, 784), *more, options=_OPTIONS[name], kind=kind, fusedActivationFunction=fused)
        made.scaled(end, top / 255, zero or 0)
        if zero is None:
            made.graph.tensors[end].quantization.zeroPoint = None
        litert_dequantized.dequantize(made.ended())
        assert made.graph.operators[0].builtinOptions.fusedActivationFunction == becomes, name
