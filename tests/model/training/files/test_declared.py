"""What a Keras file's configuration declares: reckoned as Keras does, bounded before Keras sees it."""

import json
import math
from typing import Any

import pytest

from model.base.errors import UserError
from model.training.files import declared
from model.training.files.layers import RULES


def layer(kind: str, **config: Any) -> dict[str, Any]:
    config = {"name": kind.lower(), **config}
    return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}


def network(shape: list[int], *layers: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of a network of layers in a row."""
    first = layer("InputLayer", batch_shape=[None, *shape], dtype="float32")
    config = {"name": "mine", "layers": [first, *layers]}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def refusal(config: dict[str, Any]) -> str:
    with pytest.raises(UserError) as caught:
        declared.cleaned(config)
    return str(caught.value)


PICTURE, FLAT, LINE = (8, 6, 4), (12,), (9, 4)
BUILT: list[tuple[str, dict[str, Any], tuple[tuple[int, ...], ...]]] = [
    ("Dense", {"units": 3}, (FLAT,)),
    ("Dense", {"units": 3, "use_bias": False}, (PICTURE,)),
    ("Flatten", {}, (PICTURE,)),
    ("Reshape", {"target_shape": (4, -1)}, (PICTURE,)),
    ("Permute", {"dims": (3, 1, 2)}, (PICTURE,)),
    ("Conv1D", {"filters": 5, "kernel_size": 3, "strides": 2, "padding": "causal"}, (LINE,)),
    ("Conv2D", {"filters": 6, "kernel_size": (3, 2), "padding": "same", "strides": 3}, (PICTURE,)),
    ("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 2, "dilation_rate": 2, "use_bias": False}, (PICTURE,)),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, "strides": 2}, (PICTURE,)),
    ("SeparableConv2D", {"filters": 7, "kernel_size": 2, "depth_multiplier": 3}, (PICTURE,)),
    ("MaxPooling1D", {"pool_size": 2}, (LINE,)),
    ("AveragePooling1D", {"pool_size": 4, "strides": 1, "padding": "same"}, (LINE,)),
    ("MaxPooling2D", {"pool_size": 3}, (PICTURE,)),
    ("AveragePooling2D", {"pool_size": (3, 2), "strides": 2, "padding": "same"}, (PICTURE,)),
    ("GlobalMaxPooling1D", {}, (LINE,)),
    ("GlobalAveragePooling2D", {"keepdims": True}, (PICTURE,)),
    ("BatchNormalization", {}, (PICTURE,)),
    ("LayerNormalization", {"axis": [1, 2]}, (PICTURE,)),
    ("GroupNormalization", {"groups": 2}, (PICTURE,)),
    ("UnitNormalization", {}, (PICTURE,)),
    ("PReLU", {"shared_axes": [1, 2]}, (PICTURE,)),
    ("Softmax", {}, (FLAT,)),
    ("ZeroPadding2D", {"padding": ((1, 2), (3, 0))}, (PICTURE,)),
    ("Cropping2D", {"cropping": (2, 1)}, (PICTURE,)),
    ("Rescaling", {"scale": 0.5}, (PICTURE,)),
    ("Add", {}, (PICTURE, PICTURE)),
    ("Multiply", {}, (PICTURE, (8, 1, 4))),
    ("Concatenate", {"axis": 2}, (PICTURE, PICTURE)),
    ("Concatenate", {}, (PICTURE, (8, 6, 1))),
]


@pytest.mark.parametrize(("kind", "config", "shapes"), BUILT)
def test_shapes_and_weights_are_those_that_keras_makes(
    kind: str, config: dict[str, Any], shapes: tuple[tuple[int, ...], ...]
) -> None:
    from model.training.pinned import keras  # noqa: PLC0415  (seconds)

    built = getattr(keras.layers, kind)(**config)
    inputs = [keras.Input(shape) for shape in shapes]
    output = built(inputs if len(inputs) > 1 else inputs[0])
    keys, rule = RULES[kind]
    said = {key: value for key, value in built.get_config().items() if key in keys}
    made = rule(said, *shapes)
    assert (made.shape, made.weights) == (tuple(output.shape[1:]), built.count_params())


def test_every_layer_s_keys_are_those_that_keras_writes() -> None:
    from model.training.pinned import keras  # noqa: PLC0415  (seconds)

    for kind, config, _shapes in BUILT:
        written = json.loads(json.dumps(getattr(keras.layers, kind)(**config).get_config()))
        assert cleaned_keys(kind, written) <= RULES[kind][0], kind


def cleaned_keys(kind: str, written: dict[str, Any]) -> set[str]:
    """Return the keys of a layer's own that are left of what Keras writes."""
    known = declared.known(written, RULES[kind][0] | declared.EVERYWHERE, kind)
    return set(known) - declared.EVERYWHERE


def flat_of(numbers: int) -> dict[str, Any]:
    """Return a layer that makes so many numbers, and hardly costs or holds anything."""
    return layer("ZeroPadding2D", padding=[[0, numbers - 1], [0, 0]])


def adding(times: int, numbers: int) -> list[dict[str, Any]]:
    return [flat_of(numbers), *(layer("Reshape", target_shape=[numbers, 1, 1]) for _ in range(times - 1))]


SLOW = {"kernel_size": 1, "use_bias": False, "filters": 1000}  # of products: places times channels times filters
LIMITS: list[tuple[list[int], list[dict[str, Any]], list[dict[str, Any]], str]] = [  # what just does, what does not
    ([1, 1, 1], [flat_of(declared.LARGEST_LAYER)], [flat_of(declared.LARGEST_LAYER + 1)], "is too large for digits"),
    ([1, 1, 1], adding(10, 999_999), adding(10, 1_000_000), "more memory or time"),
    (
        [1, 1, 14_000],
        [layer("Dense", units=1000, use_bias=False)],
        [layer("Dense", units=1000)],
        "more memory or time",
    ),
    (
        [500, 1, 1000],
        [layer("Conv2D", **SLOW)],
        [layer("Conv2D", **SLOW), layer("Activation", activation="relu")],
        "more memory or time",
    ),
    ([1], [layer("Softmax")] * 999, [layer("Softmax")] * 1000, "more memory or time"),
]


@pytest.mark.parametrize(("shape", "just", "beyond", "why"), LIMITS)
def test_each_limit_holds_just_there(
    shape: list[int], just: list[dict[str, Any]], beyond: list[dict[str, Any]], why: str
) -> None:
    assert len(declared.cleaned(network(shape, *just))["config"]["layers"]) == len(just) + 1
    assert why in refusal(network(shape, *beyond))


def test_the_limits_are_where_the_examples_are() -> None:
    assert math.prod((14_000, 1000)) == declared.MOST_WEIGHTS
    assert math.prod((500, 1000, 1000)) == declared.MOST_WORK
    assert 1 + 10 * 999_999 <= declared.LARGEST_SUM < 1 + 10 * 1_000_000
    assert declared.MOST_LAYERS == 1000


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (layer("MaxPooling2D", pool_size=700, strides=1, padding="same"), "more memory or time"),
        (layer("Conv2D", filters=8, kernel_size=10**6, padding="same"), "too large"),
        (layer("Conv2D", filters=8, kernel_size=3, dilation_rate=2000, padding="same"), "too large"),
        (layer("Conv2D", filters=8, kernel_size=900), "does not fit what comes before"),
        (layer("Conv2D", filters=10**9, kernel_size=1), "has filters = 1000000000"),
        (layer("Conv2D", filters=8, kernel_size=[3, 3, 3]), "has kernel_size = [3, 3, 3]"),
        (layer("MaxPooling2D", pool_size=2, strides=0), "has strides = 0"),
        (layer("Reshape", target_shape=[-1, -1]), "does not fit"),
        (layer("Rescaling", scale=[[[1.0] * 1000]]), "has scale = "),
        (layer("Dense", units=True), "has units = True"),
        (layer("Dense", units=4, activation=layer("Dense", units=10**6)), "has activation = 'Dense'"),
        (layer("Dense", units=4, repeat=9), "has repeat = 9"),
        (layer("BatchNormalization", axis=7), "does not fit"),
    ],
)
def test_what_costs_too_much_or_is_not_known_is_refused(more: dict[str, Any], why: str) -> None:
    padded = layer("ZeroPadding2D", padding=400, name="wide")
    assert why in refusal(network([28, 28, 1], padded, more))


def test_networks_in_networks_are_counted_as_often_as_they_are_used() -> None:
    inner: dict[str, Any] = network([4], layer("Softmax"))
    for _ in range(declared.DEEPEST_NETWORK):  # each holds one, and uses it twice
        start = {**layer("InputLayer", batch_shape=[None, 4], name="in"), "name": "in", "inbound_nodes": []}
        twice = {**inner, "name": "inner", "inbound_nodes": [[["in", 0, 0, {}]], [["inner", 0, 0, {}]]]}
        ends = {"input_layers": [["in", 0, 0]], "output_layers": [["inner", 1, 0]]}
        inner = {"class_name": "Functional", "config": {"name": "inner", "layers": [start, twice], **ends}}
    assert "more memory or time" in refusal(inner)


def test_networks_lie_in_each_other_only_so_deep() -> None:
    def nested(depth: int) -> dict[str, Any]:
        inner = network([4], layer("Softmax"))
        for _ in range(depth):
            inner = network([4], inner)
        return inner

    assert declared.cleaned(nested(declared.DEEPEST_NETWORK))
    assert "damaged" in refusal(nested(declared.DEEPEST_NETWORK + 1))


def test_a_graph_that_bites_its_tail_is_refused() -> None:
    first, second = layer("Softmax", name="a"), layer("Softmax", name="b")
    first |= {"name": "a", "inbound_nodes": [[["b", 0, 0, {}]]]}
    second |= {"name": "b", "inbound_nodes": [[["a", 0, 0, {}]]]}
    graph = {"name": "mine", "layers": [first, second], "input_layers": [["a", 0, 0]], "output_layers": [["b", 0, 0]]}
    assert "damaged" in refusal({"class_name": "Functional", "config": graph})


def test_what_no_answer_needs_keras_never_sees() -> None:
    dense = layer(
        "Dense",
        units=4,
        dtype="float32",
        lora_rank=10**6,
        lora_alpha=2,
        quantization_config=None,
        kernel_constraint=None,
    )
    dense["config"]["kernel_initializer"] = {"class_name": "Orthogonal", "config": {"gain": 1.0}}
    dense["build_config"] = {"input_shape": [None, 10**9]}
    last = declared.cleaned(network([28, 28], layer("Flatten"), dense))["config"]["layers"][-1]
    assert last["config"] == {"name": "dense", "units": 4}
    assert "build_config" not in last
