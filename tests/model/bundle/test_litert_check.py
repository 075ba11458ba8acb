"""LiteRT files of somebody else: what is run, and what is refused before LiteRT sees it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ai_edge_litert import schema_py_generated as schema

from app.kept import models, paths
from model.base.errors import UserError
from model.bundle.bundle import KERAS_FILE, LITERT_FILE, open_bundle, write_bundle
from model.bundle.litert_check import check
from model.bundle.litert_shapes import UnsoundError
from model.reading.recognizer import Recognizer, self_test
from stress.inputs import networks


def bundle_with(network: bytes, folder: Path) -> Path:
    """Write a bundle of a network; its card has the right hashes."""

    def write(place: Path) -> None:
        (place / LITERT_FILE).write_bytes(network)
        (place / KERAS_FILE).write_bytes(b"not read here")

    return write_bundle(folder, write, replace(open_bundle().card, doubt={}, eye={})).path


@pytest.mark.parametrize("number", range(len(networks.whole())))
def test_networks_as_the_export_writes_them_are_run(number: int, tmp_path: Path) -> None:
    network = networks.whole()[number]
    check(network, 10)
    self_test(Recognizer(open_bundle(bundle_with(network, tmp_path / "new"))))


def test_the_bundled_networks_would_pass() -> None:
    bundle = open_bundle()
    check(bundle.read(LITERT_FILE), 10)
    check(bundle.read("doubt.tflite"), 2)


def _tensor(name: str, value: Any, number: int = 1) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0].tensors[number], name, value)


def _operation(name: str, value: Any, number: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0].operators[number], name, value)


def _option(name: str, value: Any, number: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0].operators[number].builtinOptions, name, value)


def _code(value: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.operatorCodes[1], "builtinCode", value)


def _note(model: Any) -> None:
    model.metadata[0].buffer = 10_000


def _two_graphs(model: Any) -> None:
    model.subgraphs.append(model.subgraphs[0])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_tensor("shape", [1, 28, 28, 1000], 2), "a reshape of another count"),
        (_tensor("shape", [-1], 2), "a side that is empty"),
        (_tensor("shape", [40_000, 40_000], 1), "another count than their shape"),
        (_tensor("buffer", 10_000), "a tensor of no buffer"),
        (_tensor("isVariable", True), "a tensor that changes"),
        (_tensor("name", b"\xbf"), "a name that is no text"),
        (_tensor("type", schema.TensorType.STRING), "damaged"),
        (_operation("inputs", [99, 1], 0), "a tensor that is not there"),
        (_operation("inputs", [5, 1], 0), "before its inputs"),
        (_operation("outputs", [0], 0), "made twice"),
        (_operation("opcodeIndex", 99, 0), "an operation that is not there"),
        (_operation("intermediates", [1], 0), "of a rare kind"),
        (_option("strideH", 0, 1), "a step of nothing"),
        (_option("filterHeight", 2**30, 1), "too large a filter"),
        (_option("fusedActivationFunction", 99, 1), "damaged|an activation of a rare kind"),
        (_code(schema.BuiltinOperator.CUSTOM), "CUSTOM is not on the list"),
        (_code(schema.BuiltinOperator.WHILE), "WHILE is not on the list"),
        (_code(schema.BuiltinOperator.CONV_2D), "options of another"),
        (_note, "a note that is not there"),
        (_two_graphs, "several graphs"),
    ],
)
def test_what_a_file_may_not_say_is_refused(change: Callable[[Any], None], why: str, tmp_path: Path) -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(networks.whole()[0]))
    change(model)
    content = networks.packed(model)
    with pytest.raises(UnsoundError, match=why):
        check(content, 10)
    with pytest.raises(UserError, match="not one that LiteRT can run; choose another model"):
        models.add(bundle_with(content, tmp_path / "bad"))
    assert list(paths.models_folder().iterdir()) == []


def _scales(number: int, **said: Any) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        for name, value in said.items():
            setattr(model.subgraphs[0].tensors[number].quantization, name, value)

    return change


def _outputs(*numbers: int) -> Callable[[Any], None]:
    return lambda model: setattr(model.subgraphs[0], "outputs", list(numbers))


WEIGHTS, HIDDEN, ANSWER = 6, 9, 13  # numbers of tensors in the network of 8 bits


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
        (_tensor("shape", [12, 50], WEIGHTS), "another count than their shape"),
        (_tensor("type", schema.TensorType.INT8, HIDDEN), "of another shape|of other types|an end of other numbers"),
        (_outputs(ANSWER, 99), "a tensor that is not there"),
        (_outputs(ANSWER, WEIGHTS), "an end of other numbers"),
        (_outputs(ANSWER, WEIGHTS + 1), "no answer"),
        (_outputs(ANSWER, ANSWER), "^$"),
        (_outputs(HIDDEN), "^$"),
    ],
)
def test_what_a_file_in_8_bits_may_not_say_is_refused(change: Callable[[Any], None], why: str) -> None:
    content = networks.whole()[1]
    check(content, 10)
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    change(model)
    with pytest.raises(UnsoundError, match=why):
        check(networks.packed(model), 10)


def test_every_length_of_a_file_that_is_cut_off_is_refused() -> None:
    whole = networks.whole()[0]
    for length in range(0, len(whole), 97):
        with pytest.raises(UnsoundError):
            check(whole[:length], 10)


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
        check(networks.packed(made.done()), 10)


def test_a_copy_of_the_bundled_model_is_looked_through_and_reads(tmp_path: Path) -> None:
    copy = shutil.copytree(open_bundle().path, tmp_path / "copy")
    self_test(Recognizer(open_bundle(copy)))
