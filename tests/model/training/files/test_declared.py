"""What a Keras file's configuration declares: computed as in Keras, and limited before Keras sees it."""

import json
import math
import re
from typing import Any

import pytest

from model.base.errors import UserError
from model.training.files import declared
from model.training.files.layers import RULES, OddError, UnfitError


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
    said = str(caught.value)
    assert not said[0].islower()  # it's a sentence, whatever of the file it begins with
    return said


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


# For each of those above: its shape and weights, as in Keras, its products, and the memory that it needs meanwhile.
COSTS = (
    ((3,), 39, 36, 0),
    ((8, 6, 3), 12, 576, 0),
    ((192,), 0, 0, 0),
    ((4, 48), 0, 0, 0),
    ((4, 8, 6), 0, 0, 0),
    ((5, 5), 65, 300, 48),
    ((3, 2, 6), 150, 864, 352),
    ((4, 2, 6), 108, 864, 0),
    ((3, 2, 8), 80, 4320, 0),
    ((7, 5, 7), 139, 19740, 420),
    ((4, 4), 0, 32, 0),
    ((9, 4), 0, 144, 0),
    ((2, 2, 4), 0, 144, 0),
    ((4, 3, 4), 0, 288, 0),
    ((4,), 0, 36, 0),
    ((1, 1, 4), 0, 192, 0),
    ((8, 6, 4), 16, 1920, 192),
    ((8, 6, 4), 96, 1920, 192),
    ((8, 6, 4), 8, 1920, 192),
    ((8, 6, 4), 0, 1920, 192),
    ((8, 6, 4), 4, 192, 0),
    ((12,), 0, 120, 0),
    ((11, 9, 4), 0, 0, 0),
    ((4, 4, 4), 0, 0, 0),
    ((8, 6, 4), 0, 1920, 0),
    ((8, 6, 4), 0, 384, 192),
    ((8, 6, 4), 0, 384, 192),
    ((8, 12, 4), 0, 0, 0),
    ((8, 6, 5), 0, 0, 0),
)


@pytest.mark.parametrize(("built", "costs"), [*zip(BUILT, COSTS, strict=True)])
def test_what_each_layer_costs(built: tuple[str, Any, Any], costs: tuple[Any, ...]) -> None:
    kind, config, shapes = built
    assert RULES[kind][1](config, *shapes) == costs


def test_pooling_is_of_two_by_two_unless_it_says_otherwise() -> None:
    assert RULES["MaxPooling2D"][1]({}, PICTURE) == RULES["MaxPooling2D"][1]({"pool_size": 2}, PICTURE)


@pytest.mark.parametrize(
    ("kind", "config", "shape", "made"),
    [
        ("Conv2D", {"filters": 6, "kernel_size": [3, 2]}, (4, 8, 6), (6, 6, 5)),
        ("MaxPooling2D", {"pool_size": 3}, (4, 8, 6), (4, 2, 2)),
        ("GlobalMaxPooling2D", {"keepdims": True}, (4, 8, 6), (4, 1, 1)),
        ("ZeroPadding2D", {"padding": 1}, (4, 8, 6), (4, 10, 8)),
        ("SeparableConv2D", {"filters": 7, "kernel_size": 2}, (4, 8, 6), (7, 7, 5)),
    ],
)
def test_channels_may_come_first(kind: str, config: dict[str, Any], shape: Any, made: Any) -> None:
    assert RULES[kind][1]({**config, "data_format": "channels_first"}, shape).shape == made


@pytest.mark.parametrize(
    ("kind", "config", "shapes"),
    [
        ("Dense", {"units": 3}, ((),)),
        ("Reshape", {"target_shape": [5, 5]}, (FLAT,)),
        ("Reshape", {"target_shape": [0, 12]}, (FLAT,)),
        ("Reshape", {"target_shape": [0, -1]}, (FLAT,)),
        ("Permute", {"dims": [1, 1, 2]}, (PICTURE,)),
        ("Conv2D", {"filters": 6, "kernel_size": 3}, (LINE,)),
        ("Conv2D", {"filters": 6, "kernel_size": 1, "groups": 3}, (PICTURE,)),
        ("Conv2D", {"filters": 5, "kernel_size": 1, "groups": 2}, (PICTURE,)),
        ("MaxPooling2D", {"pool_size": 7}, (PICTURE,)),
        ("Cropping2D", {"cropping": 3}, (PICTURE,)),
        ("BatchNormalization", {"axis": 4}, (PICTURE,)),
        ("BatchNormalization", {"axis": -4}, (PICTURE,)),
        ("Add", {}, (PICTURE, FLAT)),
        ("Add", {}, (PICTURE, (8, 5, 4))),
        ("Concatenate", {}, (PICTURE, LINE)),
        ("Concatenate", {"axis": 1}, (PICTURE, (8, 5, 4))),
        ("Concatenate", {"axis": [1, 2]}, (PICTURE, PICTURE)),
    ],
)
def test_what_does_not_fit_before_a_layer(kind: str, config: dict[str, Any], shapes: Any) -> None:
    with pytest.raises(UnfitError):
        RULES[kind][1](config, *shapes)


@pytest.mark.parametrize(
    ("kind", "config", "key"),
    [
        ("Reshape", {"target_shape": 12}, "target_shape"),
        ("Reshape", {"target_shape": []}, "target_shape"),
        ("Reshape", {"target_shape": [-2, 6]}, "target_shape"),
        ("Conv2D", {"filters": 1, "kernel_size": 1, "padding": "full"}, "padding"),
        ("MaxPooling2D", {"pool_size": 1_000_001}, "pool_size"),
        ("ZeroPadding2D", {"padding": [1, -1]}, "padding"),
        ("ZeroPadding2D", {"padding": [[1, 2], [3, -1]]}, "padding"),
        ("BatchNormalization", {"axis": "last"}, "axis"),
        ("Rescaling", {"scale": "1"}, "scale"),
        ("Rescaling", {"offset": [1.0, 2.0]}, "offset"),
    ],
)
def test_what_a_layer_may_not_be_told(kind: str, config: dict[str, Any], key: str) -> None:
    with pytest.raises(OddError) as caught:
        RULES[kind][1](config, PICTURE)
    told, value = caught.value.args
    assert told == key
    assert repr(value) in repr(config[key])


def graph(*layers: dict[str, Any], start: Any = (("in", 0, 0),), ends: Any = (("end", 0, 0),)) -> dict[str, Any]:
    """Return the configuration of a network whose layers name their inputs."""
    first = {**layer("InputLayer", batch_shape=[None, 4]), "name": "in", "inbound_nodes": []}
    config = {"name": "mine", "layers": [first, *layers], "input_layers": list(start), "output_layers": list(ends)}
    return {"class_name": "Functional", "config": config}


def after(node: Any, kind: str = "Softmax", **config: Any) -> dict[str, Any]:
    return {**layer(kind, **config), "name": "end", "inbound_nodes": [node] if node is not None else None}


OF_3 = {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "keras_history": ["in", 0, 0]}}


def test_an_input_need_not_say_that_nothing_comes_before_it() -> None:
    config = graph(after([["in", 0, 0, {}]]))
    del config["config"]["layers"][0]["inbound_nodes"]
    assert declared.cleaned(config)


@pytest.mark.parametrize(
    "node",
    [
        [["in", 0, 0, {}]],
        ["in", 0, 0],
        {"args": [OF_3], "kwargs": {}},
        {"args": [{"class_name": "__tuple__", "items": [OF_3]}], "kwargs": {"training": None}},
    ],
)
def test_each_way_to_name_what_comes_before_is_read(node: Any) -> None:
    assert len(declared.cleaned(graph(after(node)))["config"]["layers"]) == 2


@pytest.mark.parametrize(
    "config",
    [
        graph(after([["out", 0, 0, {}]])),
        graph(after(None)),
        graph({**layer("Softmax"), "name": "end", "inbound_nodes": []}),
        graph({**layer("Softmax"), "inbound_nodes": [[["in", 0, 0, {}]]]}),
        graph({**layer("Softmax"), "name": "end", "inbound_nodes": 7}),
        graph(7),  # type: ignore[arg-type]
        graph(after({"args": [{"class_name": "Dense", "config": {}}], "kwargs": {}})),
        graph(after([["in", 0, 0, {}]]), ends=()),
        graph(after([["in", 0, 0, {}]]), ends=(("other", 0, 0),)),
        network([4], {"class_name": "Softmax"}),
        network([4], {"class_name": "Sequential", "config": {"layers": 7}}),
        network([4], graph(after([["in", 0, 0, {}]]), start=(("in", 0, 0), ("in", 1, 0)))),
        {"class_name": "Functional", "config": {"name": "mine", "layers": 7}},
    ],
)
def test_a_network_that_is_none_is_damaged(config: dict[str, Any]) -> None:
    told = r"^The description of (the model|the layer '\w+') is damaged; save the model again\.$|doesn't say how large"
    assert re.search(told, refusal(config))


def test_a_layer_without_a_name_is_told_as_the_model() -> None:
    unnamed = {"class_name": "Reshape", "config": {"target_shape": [5]}}
    assert refusal(network([4], unnamed)).startswith("The model doesn't fit what comes before it.")
    nameless = {"class_name": "Sequential", "config": {"layers": [{"class_name": 7}]}}
    assert refusal(nameless) == "The description of the model is damaged; save the model again."


@pytest.mark.parametrize("config", [[], {"class_name": "Dense", "config": {"units": 3}}])
def test_what_is_no_network_is_told(config: Any) -> None:
    assert "The file has no Sequential or Functional Keras network in it. Build the model" in refusal(config)


def test_a_graph_has_no_more_layers_than_there_may_be() -> None:
    many = [after([["in", 0, 0, {}]]) for _ in range(declared.MOST_LAYERS)]
    assert "more memory or time" in refusal(graph(*many))


def test_networks_of_the_oldest_files_get_their_inputs() -> None:
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 3, "batch_input_shape": [None, 4]}}
    for config in ([dense], {"name": "mine", "layers": [dense]}):
        first, second = declared.cleaned({"class_name": "Sequential", "config": config})["config"]["layers"]
        assert first["config"]["batch_input_shape"] == [None, 4]
        assert (first["class_name"], second["config"]) == ("InputLayer", {"name": "d", "units": 3})
    unsaid: dict[str, Any] = {"class_name": "Sequential", "config": {"name": "mine", "layers": [layer("Softmax")]}}
    assert "doesn't say how large its images are" in refusal(unsaid)
    tuples = ({"class_name": kind, "items": [None, 4]} for kind in ("__tuple__", "TensorShape"))
    for shape in ([None, 4], [[None, 4]], *tuples):
        built = declared.cleaned({**unsaid, "build_config": {"input_shape": shape}})
        assert built["config"]["build_input_shape"] == shape
        unsaid["config"].pop("build_input_shape", None)
    assert "doesn't fit" in refusal(network([4], layer("Softmax", batch_shape=[None, 5])))


def test_an_old_network_s_first_layer_that_says_the_shape_gets_an_input_before_it() -> None:
    dense = layer("Dense", units=3, name="first", batch_input_shape=[None, 4])
    first, second = declared.cleaned({"class_name": "Sequential", "config": [dense]})["config"]["layers"]
    assert first["config"] == {"name": "first_input", "batch_input_shape": [None, 4]}
    assert second["config"] == {"name": "first", "units": 3}


def test_half_of_a_gated_layer_s_numbers_come_of_it() -> None:
    assert declared.cleaned(
        network([*LINE], layer("Dense", units=8, activation="glu"), layer("Reshape", target_shape=[36]))
    )
    halved = network([4], layer("Dense", units=8, activation="glu"), layer("Reshape", target_shape=[4]))
    assert declared.cleaned(halved)
    assert "doesn't fit" in refusal(
        network([4], layer("Dense", units=8, activation="glu"), layer("Reshape", target_shape=[8]))
    )


def test_what_varies_images_while_training_passes_them_on() -> None:
    varied = network([28, 28, 1], layer("RandomRotation", factor=[0.1, 0.2], fill_mode="constant"))
    (_first, last) = declared.cleaned(varied)["config"]["layers"]
    assert (last["class_name"], last["config"]["activation"]) == ("Activation", "linear")


def test_an_activation_may_be_a_layer() -> None:
    own = {"class_name": "LeakyReLU", "config": {"name": "l", "negative_slope": 0.1, "dtype": "float32"}}
    (_first, last) = declared.cleaned(network([4], layer("Dense", units=3, activation=own)))["config"]["layers"]
    assert last["config"]["activation"]["config"] == {"name": "l", "negative_slope": 0.1}
    assert "has activation = " in refusal(network([4], layer("Dense", units=3, activation={**own, "config": 7})))


@pytest.mark.parametrize("value", [{"a": 1}, [[[[1]]]], [0] * 1001])
def test_a_layer_is_told_few_and_plain_things(value: Any) -> None:
    assert "has rate = " in refusal(network([4], layer("Dropout", rate=value)))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            layer("Dense", units=3, activation="mine"),
            "The activation function 'mine' of the layer 'dense' isn't",
        ),
        (layer("Dense", units=3, dtype="float16"), "The layer 'dense' computes in 'float16', and Inkling runs"),
        (
            layer("Dense", units=3, dtype={"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}),
            "computes in 'mixed_float16'",
        ),
        ({"class_name": "Lambda", "config": {"name": "twice"}}, "The layer 'twice' is a Lambda, which runs code"),
        ({"class_name": "Lambda", "config": {}}, "A layer is a Lambda, which runs code"),
        ({"class_name": 7, "config": {}}, "The description of the layer 'mine' is damaged"),
        ({"class_name": "function", "config": "my_relu"}, "The layer 'mine' uses a function of its own, 'my_relu'."),
        ({"class_name": "__tuple__", "items": [], "more": 1}, "'__tuple__', in the layer 'mine', isn't a part"),
        (
            {**layer("Dense", units=3), "module": "os", "registered_name": "Dense"},
            "'Dense', in the layer 'dense', isn't",
        ),
        ({"class_name": "x" * 58, "config": {}}, f"'{'x' * 58}', in the layer 'mine', isn't"),
        ({"class_name": "x" * 59, "config": {}}, f"'{'x' * 58}…, in the layer 'mine', isn't"),
        (
            {**layer("Dense", units=3), "module": "mine"},
            "'Dense' ('mine'), in the layer 'dense', isn't a part",
        ),
        ({**layer("Dense", units=3), "registered_name": "mine>Dense"}, "'Dense' ('mine>Dense'), in the layer 'dense'"),
        ({"class_name": "Mine", "config": {}}, "'Mine', in the layer 'mine', isn't a part of Keras"),
    ],
)
def test_what_a_configuration_names_is_on_a_list(more: dict[str, Any], said: str) -> None:
    assert said in refusal(network([4], more))


def test_what_keras_says_beside_the_layers_is_let_in() -> None:
    dense = {**layer("Dense", units=3), "module": "keras.layers", "registered_name": "Dense"}
    own = {**network([4], dense), "compile_config": {"class_name": "Lambda", "config": {"dtype": "float16"}}}
    assert len(declared.cleaned(own)["config"]["layers"]) == 2  # how it was compiled is nobody's business


def test_every_layer_s_keys_are_those_that_keras_writes() -> None:
    from model.training.pinned import keras  # noqa: PLC0415  (seconds)

    for kind, config, _shapes in BUILT:
        written = json.loads(json.dumps(getattr(keras.layers, kind)(**config).get_config()))
        assert cleaned_keys(kind, written) <= RULES[kind][0], kind


def cleaned_keys(kind: str, written: dict[str, Any]) -> set[str]:
    """Return the layer's own keys that remain of what Keras writes."""
    known = declared.known(written, RULES[kind][0] | declared.EVERYWHERE, kind)
    return set(known) - declared.EVERYWHERE


def flat_of(numbers: int) -> dict[str, Any]:
    """Return a layer that makes this many numbers, with hardly any cost or weights."""
    return layer("ZeroPadding2D", padding=[[0, numbers - 1], [0, 0]])


def adding(times: int, numbers: int) -> list[dict[str, Any]]:
    return [flat_of(numbers), *(layer("Reshape", target_shape=[numbers, 1, 1]) for _ in range(times - 1))]


SLOW = {"kernel_size": 1, "use_bias": False, "filters": 1000}  # it takes positions × channels × filters products
LIMITS: list[tuple[list[int], list[dict[str, Any]], list[dict[str, Any]], str]] = [  # just small enough; just too large
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
        (layer("Conv2D", filters=8, kernel_size=900), "doesn't fit what comes before"),
        (layer("Conv2D", filters=10**9, kernel_size=1), "has filters = 1000000000"),
        (layer("Conv2D", filters=8, kernel_size=[3, 3, 3]), "has kernel_size = [3, 3, 3]"),
        (layer("MaxPooling2D", pool_size=2, strides=0), "has strides = 0"),
        (layer("Reshape", target_shape=[-1, -1]), "doesn't fit"),
        (layer("Rescaling", scale=[[[1.0] * 1000]]), "has scale = "),
        (layer("Dense", units=True), "has units = True"),
        (layer("Dense", units=4, activation=layer("Dense", units=10**6)), "has activation = 'Dense'"),
        (layer("Dense", units=4, repeat=9), "has repeat = 9"),
        (layer("BatchNormalization", axis=7), "doesn't fit"),
    ],
)
def test_what_costs_too_much_or_is_not_known_is_refused(more: dict[str, Any], why: str) -> None:
    padded = layer("ZeroPadding2D", padding=400, name="wide")
    assert why in refusal(network([28, 28, 1], padded, more))


def test_networks_in_networks_are_counted_as_often_as_they_are_used() -> None:
    inner: dict[str, Any] = network([4], layer("Softmax"))
    for _ in range(declared.DEEPEST_NETWORK):  # each contains one, and uses it twice
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
    beside = [network([4], network([4], nested(4), nested(declared.DEEPEST_NETWORK - more))) for more in (2, 1)]
    assert declared.cleaned(beside[0])
    assert "damaged" in refusal(beside[1])


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
