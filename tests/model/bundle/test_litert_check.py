"""Other people's LiteRT files: what's run, and what's rejected before LiteRT sees it."""

import copy
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from app.kept import models, paths
from model.base.errors import UserError
from model.bundle.bundle import EYE_KERAS_FILE, EYE_LITERT_FILE, KERAS_FILE, LITERT_FILE, open_bundle, write_bundle
from model.bundle.litert_check import LARGEST_MEMORY, LARGEST_TENSOR, check
from model.bundle.litert_shapes import UnsoundError
from model.reading.litert import PictureNetwork
from model.reading.recognizer import Recognizer, self_test
from stress.inputs import networks

IMAGE = (1, 28, 28)
EYE = (1, 112, 160, 3)


def bundle_with(network: bytes, folder: Path) -> Path:
    """Write a bundle with a network and the right hashes on its card."""

    def write(place: Path) -> None:
        (place / LITERT_FILE).write_bytes(network)
        (place / KERAS_FILE).write_bytes(b"not read here")

    return write_bundle(folder, write, replace(open_bundle().card, doubt={}, eye={})).path


@pytest.mark.parametrize("number", range(len(networks.whole())))
def test_networks_as_the_export_writes_them_are_run(number: int, tmp_path: Path) -> None:
    network = networks.whole()[number]
    check(network, IMAGE, (1, 10))
    self_test(Recognizer(open_bundle(bundle_with(network, tmp_path / "new"))))


def test_the_bundled_networks_would_pass() -> None:
    bundle = open_bundle()
    check(bundle.read(LITERT_FILE), IMAGE, (1, 10))
    check(bundle.read("doubt.tflite"), IMAGE, (1, 11))
    if bundle.card.eye:
        check(bundle.read(EYE_LITERT_FILE), EYE, EYE)


def _tensor(name: str, value: Any, number: int = 1) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0].tensors[number], name, value)


def _operation(name: str, value: Any, number: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0].operators[number], name, value)


def _option(name: str, value: Any, number: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0].operators[number].builtinOptions, name, value)


def _code(value: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.operatorCodes[1], "builtinCode", value)


def _said(name: str, value: Any) -> Callable[[Any], None]:
    return lambda model: setattr(model, name, value)


def _note(name: str, value: Any) -> Callable[[Any], None]:
    return lambda model: setattr(model.metadata[0], name, value)


def _signature(name: str, value: Any) -> Callable[[Any], None]:
    return lambda model: setattr(model.signatureDefs[0], name, value)


def _end(name: str, value: Any, side: str = "inputs") -> Callable[[Any], None]:
    return lambda model: setattr(getattr(model.signatureDefs[0], side)[0], name, value)


def _buffer(name: str, value: Any, number: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.buffers[number], name, value)


def _of_its_own(model: Any) -> None:
    model.operatorCodes[1].customCode = "mine"


def _given(model: Any) -> None:
    """Let the image stand in the file."""
    model.buffers[1].data = np.zeros(28 * 28 * 4, np.uint8)


def _unmade(model: Any) -> None:
    """Answer with what no operation makes."""
    model.subgraphs[0].tensors.append(copy.deepcopy(model.subgraphs[0].tensors[model.subgraphs[0].outputs[0]]))
    model.subgraphs[0].outputs = [len(model.subgraphs[0].tensors) - 1]


def _detailed(number: int) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        said = model.subgraphs[0].tensors[number].quantization
        said.detailsType, said.details = schema.QuantizationDetails.CustomQuantization, schema.CustomQuantizationT()

    return change


def _two_graphs(model: Any) -> None:
    model.subgraphs.append(model.subgraphs[0])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_tensor("shape", [1, 28, 28, 1000], 2), "a reshape of another count"),
        (_tensor("shape", [-1], 2), "a side that is empty or unknown"),
        (_tensor("shape", [0], 2), "a side that is empty or unknown"),
        (_tensor("shape", [1] * 7, 2), "too many axes"),
        (_tensor("shape", [40_000, 40_000], 1), "numbers of another count than their shape"),
        (_tensor("buffer", 10_000), "a tensor of no buffer"),
        (_tensor("isVariable", True), "a tensor that changes"),
        (_tensor("shapeSignature", [-1]), "a tensor that changes"),
        (_tensor("sparsity", schema.SparsityParametersT()), "a tensor of a rare kind"),
        (_tensor("variantTensors", [schema.VariantSubTypeT()]), "a tensor of a rare kind"),
        (_tensor("externalBuffer", 1), "numbers in other files"),
        (_tensor("name", b"\xbf"), "a name that is no text"),
        (_tensor("type", schema.TensorType.STRING), "no LiteRT file, or a damaged one"),
        (_operation("inputs", [99, 1], 0), "a tensor that is not there"),
        (_operation("inputs", [-2, 1], 0), "a tensor that is not there"),
        (_operation("inputs", [5, 1], 0), "an operation before its inputs"),
        (_operation("outputs", [0], 0), "a tensor that is made twice"),
        (_operation("outputs", [2, 3], 0), "RESHAPE of a rare kind"),
        (_operation("opcodeIndex", 99, 0), "an operation that is not there"),
        (_operation("intermediates", [1], 0), "RESHAPE of a rare kind"),
        (_operation("mutatingVariableInputs", [True], 0), "RESHAPE of a rare kind"),
        (_operation("customOptions", [1], 0), "RESHAPE of a rare kind"),
        (_operation("largeCustomOptionsOffset", 1, 0), "RESHAPE of a rare kind"),
        (_operation("largeCustomOptionsSize", 1, 0), "RESHAPE of a rare kind"),
        (_operation("builtinOptions2Type", 1, 0), "RESHAPE of a rare kind"),
        (_option("strideH", 0, 1), "a filter or a step of nothing"),
        (_option("filterHeight", 2**30, 1), "too large a filter"),
        (_option("fusedActivationFunction", 99, 1), "an activation of a rare kind"),
        (_code(schema.BuiltinOperator.CUSTOM), "CUSTOM is not on the list"),
        (_code(schema.BuiltinOperator.WHILE), "WHILE is not on the list"),
        (_code(schema.BuiltinOperator.CONV_2D), "CONV_2D with the options of another"),
        (_of_its_own, "an operation of its own"),
        (_note("buffer", 10_000), "a note that is not there"),
        (_note("buffer", 0), "a note that is not there"),
        (_note("name", None), "a note that is not there"),
        (_said("metadataBuffer", [1]), "notes of an old kind"),
        (_said("externalBuffers", [schema.ExternalBufferT()]), "numbers in other files"),
        (_said("externalBufferGroups", [schema.ExternalBufferGroupT()]), "numbers in other files"),
        (_signature("subgraphIndex", 1), "a signature of nothing"),
        (_signature("signatureKey", None), "a signature of nothing"),
        (_end("name", None), "a signature of nothing"),
        (_end("tensorIndex", 28), "a signature of nothing"),
        (_end("tensorIndex", 28, "outputs"), "a signature of nothing"),
        (_buffer("offset", 1, 2), "numbers behind the file's end"),
        (_buffer("size", 1, 2), "numbers behind the file's end"),
        (_buffer("data", np.ones(4, np.uint8), 0), "a first buffer that is not empty"),
        (_said("buffers", []), "a first buffer that is not empty"),
        (_said("operatorCodes", [schema.OperatorCodeT()] * 5_001), "too many parts"),
        (_given, "an input that stands in the file"),
        (_unmade, "no answer"),
        (_detailed(3), "whole numbers for fractions"),
        (_two_graphs, "several graphs"),
    ],
)
def test_what_a_file_may_not_say_is_refused(change: Callable[[Any], None], why: str, tmp_path: Path) -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(networks.whole()[0]))
    change(model)
    content = networks.packed(model)
    with pytest.raises(UnsoundError, match=f"^{why}$"):
        check(content, IMAGE, (1, 10))
    with pytest.raises(UserError, match="LiteRT can't run the network"):
        models.add(bundle_with(content, tmp_path / "bad"))
    assert list(paths.models_folder().iterdir()) == []


def _scales(number: int, **said: Any) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        for name, value in said.items():
            setattr(model.subgraphs[0].tensors[number].quantization, name, value)

    return change


def _outputs(*numbers: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0], "outputs", list(numbers))


WEIGHTS, HIDDEN, ANSWER = 6, 9, 13  # numbers of tensors in the 8-bit network


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_scales(WEIGHTS, scale=[1.0] * 11), "scales of another count"),
        (_scales(WEIGHTS, scale=None, zeroPoint=None), "scales of another count"),
        (_scales(WEIGHTS, quantizedDimension=1), "scales of another count"),
        (_scales(WEIGHTS, zeroPoint=[0] * 11), "a zero that moves"),
        (_scales(WEIGHTS, zeroPoint=[*[0] * 11, 1]), "a zero that moves"),
        (_scales(HIDDEN, scale=[1.0], zeroPoint=[0]), "whole numbers for fractions"),
        (_tensor("quantization", None, WEIGHTS), "whole numbers without a scale"),
        (_detailed(WEIGHTS), "whole numbers without a scale"),
        (_tensor("shape", [12, 50], WEIGHTS), "numbers of another count than their shape"),
        (_tensor("type", schema.TensorType.INT8, HIDDEN), "an end of other numbers"),
        (_outputs(ANSWER, 99), "a tensor that is not there"),
        (_outputs(ANSWER, WEIGHTS), "an end of other numbers"),
        (_outputs(ANSWER, WEIGHTS + 1), "no answer"),
        (_outputs(ANSWER, ANSWER), ""),
        (_outputs(HIDDEN), ""),
    ],
)
def test_what_a_file_in_8_bits_may_not_say_is_refused(change: Callable[[Any], None], why: str) -> None:
    content = networks.whole()[1]
    check(content, IMAGE, (1, 10))
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    change(model)
    with pytest.raises(UnsoundError, match=f"^{why}$"):
        check(networks.packed(model), IMAGE, (1, 10))


def test_numbers_at_an_odd_place_and_what_is_no_file_of_litert_are_refused() -> None:
    whole = bytearray(networks.whole()[0])
    buffer = schema.Model.GetRootAs(bytes(whole)).Buffers(2)
    place = buffer._tab.Pos + buffer._tab.Offset(4)
    whole[place : place + 4] = (int.from_bytes(whole[place : place + 4], "little") + 1).to_bytes(4, "little")
    with pytest.raises(UnsoundError, match=r"^numbers at an odd place$"):
        check(bytes(whole), IMAGE, (1, 10))
    for content in (b"", bytes(100), networks.whole()[0].replace(b"TFL3", b"TFL2")):
        with pytest.raises(UnsoundError, match=r"^no LiteRT file(, or a damaged one)?$"):
            check(content, IMAGE, (1, 10))


def _memory(rows: int, left: int) -> bytes:
    """Return a network that makes 14 pictures of these rows of 2,000, one of rows of 1,999, and a row of the rest."""
    made = networks.Builder()
    made.add("PAD", (1, rows, 2000), made.sizes((0, 0), (0, rows - 28), (0, 1972)))
    for _each in range(13):
        made.add("NEG", (1, rows, 2000), options="NegOptions")
    for shape in ((1, rows, 1999), (1, 1, left), (1, 1, 10)):
        ends = made.sizes(0, 0, 0), made.sizes(*shape), made.sizes(1, 1, 1)
        made.add("STRIDED_SLICE", shape, *ends, options="StridedSliceOptions")
    made.add("RESHAPE", (1, 10), made.sizes(1, 10))
    return networks.packed(made.done())


def test_the_most_that_operations_may_make() -> None:
    assert 14 * LARGEST_TENSOR + 1000 * 1999 + 970 + 3 * 10 == LARGEST_MEMORY
    check(_memory(1000, 970), IMAGE, (1, 10))
    for rows, left, why in ((1000, 971, "too large a network"), (1001, 970, "too large a tensor")):
        with pytest.raises(UnsoundError, match=f"^{why}$"):
            check(_memory(rows, left), IMAGE, (1, 10))


def test_every_length_of_a_file_that_is_cut_off_is_refused() -> None:
    whole = networks.whole()[0]
    for length in range(0, len(whole), 97):
        with pytest.raises(UnsoundError):
            check(whole[:length], IMAGE, (1, 10))


def test_more_work_than_an_answer_may_cost_is_refused() -> None:
    made = networks.Builder()
    made.add("RESHAPE", (1, 28, 28, 1), made.sizes(1, 28, 28, 1))
    steps: dict[str, Any] = {"strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1}
    for channels in (1, 512, 512):
        weights, bias = made.tensor((512, 3, 3, channels), "f", 0), made.tensor((512,), "f", 0)
        made.add("CONV_2D", (1, 28, 28, 512), weights, bias, options="Conv2DOptions", padding=0, **steps)
    made.add("MEAN", (1, 512), made.sizes(1, 2), options="ReducerOptions", keepDims=False)
    made.dense(10, 512)
    with pytest.raises(UnsoundError, match="too large a network"):
        check(networks.packed(made.done()), IMAGE, (1, 10))


def test_a_copy_of_the_bundled_model_is_looked_through_and_reads(tmp_path: Path) -> None:
    copied = shutil.copytree(open_bundle().path, tmp_path / "copy")
    self_test(Recognizer(open_bundle(copied)))


def eye_with(content: bytes, folder: Path) -> PictureNetwork:
    """Open an eye from a bundle."""

    def write(place: Path) -> None:
        for name in (KERAS_FILE, LITERT_FILE, EYE_KERAS_FILE):
            (place / name).write_bytes(b"not read here")
        (place / EYE_LITERT_FILE).write_bytes(content)

    card = replace(open_bundle().card, doubt={}, eye={"weights": 1})
    return PictureNetwork(write_bundle(folder, write, card), EYE_LITERT_FILE)


def test_an_eye_is_looked_through_and_sees_pictures_of_any_size_alike(tmp_path: Path) -> None:
    eye = eye_with(networks.eye(), tmp_path / "seeing")
    picture = np.random.default_rng(1).normal(size=EYE[1:]).astype(np.float32)
    whole = eye.run(picture)
    assert whole.shape == picture.shape
    assert whole.std() > 0
    wide = eye.run(np.concatenate([picture, picture], 1))  # one pixel's receptive field is much smaller than a half
    assert wide.shape == (112, 320, 3)
    assert np.abs(wide[:, :128] - whole[:, :128]).max() < 0.05 * np.abs(whole).max()
    assert eye.run(picture[:16, :48]).shape == (16, 48, 3)
    assert np.array_equal(eye.run(picture), whole)


def _sizes(*numbers: int) -> Callable[[Any], None]:
    """Change how often TILE repeats each axis."""

    def change(model: Any) -> None:
        tile = model.subgraphs[0].operators[4]
        buffer = model.buffers[model.subgraphs[0].tensors[tile.inputs[1]].buffer]
        buffer.data = np.frombuffer(np.array(numbers, "<i4").tobytes(), np.uint8)

    return change


def _both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        for each in changes:
            each(model)

    return change


def _made_by(number: int, shape: list[int]) -> Callable[[Any], None]:
    """Change the shape that an operation is said to make."""

    def change(model: Any) -> None:
        graph = model.subgraphs[0]
        graph.tensors[graph.operators[number].outputs[0]].shape = shape

    return change


def _fixed(number: int, place: int) -> Callable[[Any], None]:
    """Replace an operation's input with constants of the right shape, stored in the file."""

    def change(model: Any) -> None:
        graph, buffer = model.subgraphs[0], schema.BufferT()
        inputs = list(graph.operators[number].inputs)
        tensor = copy.copy(graph.tensors[inputs[place]])
        buffer.data = np.zeros(4 * int(np.prod(tensor.shape)), np.uint8)
        model.buffers.append(buffer)
        tensor.buffer = len(model.buffers) - 1
        graph.tensors.append(tensor)
        inputs[place] = len(graph.tensors) - 1
        graph.operators[number].inputs = inputs

    return change


def _large(side: int) -> bytes:
    made = networks.Builder(EYE)
    made.convolution((1, 112, 160, 3), side, 3)
    return networks.packed(made.ended())


def _long(count: int) -> bytes:
    made = networks.Builder(EYE)
    for _ in range(count):
        made.add("ADD", EYE, made.last, options="AddOptions")
    return networks.packed(made.ended())


def _wide(planes: int) -> bytes:
    made = networks.Builder(EYE)
    made.convolution((1, 112, 160, planes), 7, 3)
    made.convolution(EYE, 1, planes)
    return networks.packed(made.ended())


FIRST, SUM, TILE, ENLARGED, JOINED, LAST = 0, 3, 4, 5, 6, 8  # numbers of operations


def _added(model: Any) -> None:
    """Add what the first operation makes, which is larger."""
    operators = model.subgraphs[0].operators
    operators[SUM].inputs = [operators[SUM].inputs[0], operators[FIRST].outputs[0]]


def _times_shape(*shape: int) -> Callable[[Any], None]:
    """Change the shape of the numbers that say how often something is repeated."""

    def change(model: Any) -> None:
        graph = model.subgraphs[0]
        graph.tensors[graph.operators[TILE].inputs[1]].shape = list(shape)

    return change


def _enlarged_with(model: Any) -> None:
    """Give an enlargement something more."""
    operators = model.subgraphs[0].operators
    operators[ENLARGED].inputs = [*operators[ENLARGED].inputs, operators[FIRST].outputs[0]]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_tensor("shape", [1, 112, 160, 4], 0), ""),
        (_option("blockSize", 0, LAST), "planes that make no picture"),
        (_option("blockSize", -2, LAST), "planes that make no picture"),
        (_option("blockSize", 3, LAST), "planes that make no picture"),
        (_option("blockSize", 2**20, ENLARGED), "planes that make no picture"),
        (_made_by(ENLARGED, [1, 560, 80, 8]), "DEPTH_TO_SPACE of another shape"),
        (_sizes(1, 1, 1, 0), "too many planes"),
        (_sizes(1, 1, 1, 2**30), "too many planes"),
        (_sizes(1, 1, 1, 5), "TILE of another shape"),
        (_sizes(1, 2, 1, 2), "pictures side by side"),
        (_sizes(2, 1, 1, 2), "pictures side by side"),
        (_fixed(FIRST, 0), "something else in a picture's place"),
        (_fixed(SUM, 1), "something else in a picture's place"),
        (_fixed(TILE, 0), "something else in a picture's place"),
        (_fixed(ENLARGED, 0), "something else in a picture's place"),
        (_fixed(JOINED, 0), "something else in a picture's place"),
        (_option("axis", 1, JOINED), "pictures side by side"),
        (_option("axis", 9, JOINED), "an axis that is not there"),
        (_both(_option("strideH", 3, FIRST), _option("strideW", 3, FIRST)), "a step that does not divide the sides"),
        (_option("strideW", 1, FIRST), "a step that does not divide the sides"),
        (_option("padding", 1, FIRST), "a picture without its edges"),
        (_option("dilationHFactor", 0, FIRST), "a filter or a step of nothing"),
        (_code(schema.BuiltinOperator.RESHAPE), "RESHAPE is not on the list for pictures"),
        (_code(schema.BuiltinOperator.TRANSPOSE), "TRANSPOSE is not on the list for pictures"),
        (_code(schema.BuiltinOperator.TILE), "TILE of another kind"),
        (_operation("inputs", [0], SUM), "no LiteRT file, or a damaged one"),
        (_added, "a sum of other shapes"),
        (_enlarged_with, "DEPTH_TO_SPACE of another kind"),
        (_both(_sizes(1, 1, 1), _times_shape(3)), "pictures side by side"),
        (_times_shape(1, 4), "too many planes"),
        (_made_by(JOINED, [1, 56, 80, 17]), "CONCATENATION of another shape"),
    ],
)
def test_what_an_eye_may_not_say_is_refused(change: Callable[[Any], None], why: str, tmp_path: Path) -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(networks.eye()))
    change(model)
    content = networks.packed(model)
    with pytest.raises(UnsoundError, match=f"^{why}$"):
        check(content, EYE, EYE)
    with pytest.raises(UserError, match=r"(can.t run the network .*\.|in a picture;) [Cc]hoose another model"):
        eye_with(content, tmp_path / "bad")


def test_what_a_network_of_pictures_may_cost_is_bounded() -> None:
    for just, beyond, why in (
        (_large(7), _large(9), "too large a filter"),
        (_long(37), _long(38), "too large a network"),
        (_wide(93), _wide(94), "too large a network"),
    ):
        check(just, EYE, EYE)
        with pytest.raises(UnsoundError, match=f"^{why}$"):
            check(beyond, EYE, EYE)


def test_planes_are_repeated_and_become_pixels_as_often_as_is_promised() -> None:
    def eye(times: int, options: str) -> bytes:
        made = networks.Builder(EYE)
        made.convolution((1, 7, 10, 48), 1, 3, step=16)
        made.add("TILE", (1, 7, 10, 48 * times), made.sizes(1, 1, 1, times), options=options)
        made.convolution((1, 7, 10, 768), 1, 48 * times)
        made.add("DEPTH_TO_SPACE", (1, 7, 10, 768), options="DepthToSpaceOptions", blockSize=1)
        made.add("DEPTH_TO_SPACE", EYE, options="DepthToSpaceOptions", blockSize=16)
        return networks.packed(made.ended())

    for times, options in ((1, ""), (16, "TileOptions")):
        check(eye(times, options), EYE, EYE)
    for times, options, why in ((17, "", "too many planes"), (1, "AddOptions", "TILE of another kind")):
        with pytest.raises(UnsoundError, match=f"^{why}$"):
            check(eye(times, options), EYE, EYE)


def test_a_network_of_another_kind_is_no_eye(tmp_path: Path) -> None:
    for content in (networks.whole()[2], open_bundle().read(LITERT_FILE)):
        with pytest.raises(UserError, match="doesn't find digits in a picture; choose another model"):
            eye_with(content, tmp_path / "blind")
    with pytest.raises(UserError, match="doesn't read a 28x28 image into ten digits"):
        Recognizer(open_bundle(bundle_with(networks.eye(), tmp_path / "seeing")))
