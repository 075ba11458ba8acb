"""What a Keras file's configuration declares: gone through layer by layer, and weighed, before Keras sees it.

Keras makes what it is told to, of any size, and passes on what it does not know. So each layer's keys are on a list,
what no answer needs is left out, and what an image would cost is reckoned from shapes (`model.training.files.layers`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.base.language import _
from model.training.files import allowed
from model.training.files.allowed import OpenError
from model.training.files.layers import RULES, Made, OddError, Shape, UnfitError

MOST_LAYERS = 1_000  # each as often as it is used
DEEPEST = 20  # networks inside each other
MOST_WEIGHTS = 14_000_000  # 56 MB, of the 60 MB that a model's LiteRT file may have
LARGEST_LAYER = 1_000_000  # numbers that a layer makes of one image: more is no network of digits
LARGEST_SUM = 10_000_000  # numbers that all layers make of one image, because Keras keeps them all
MOST_WORK = 500_000_000  # products of an answer; model.bundle.litert_check refuses more, too

_EVERYWHERE = frozenset({"name", "trainable"})
_GRAPH = frozenset({"layers", "input_layers", "output_layers"})
_CONTAINER = _EVERYWHERE | _GRAPH | {"build_input_shape"}
_INPUT = _EVERYWHERE | {"batch_shape", "batch_input_shape", "sparse", "ragged", "optional"}
_OUTSIDE = ("class_name", "module", "registered_name", "name", "inbound_nodes", "config")
# All is float32, what LoRA learned is in the weights that are saved, and Keras asks nobody else for the rest.
_UNNEEDED = frozenset({"dtype", "lora_rank", "lora_alpha", "shared_object_id"})
_TRAINING = ("_initializer", "_regularizer", "_constraint")  # ends of the keys of what only training needs
_PLAIN = ("ReLU", "LeakyReLU", "ELU", "Softmax", "Activation")  # layers that may stand for an activation

_Tensor = tuple[str, int, int]  # a layer's name, which of its uses, and which of its outputs


@dataclass(slots=True)
class _Bill:
    """What has been declared so far."""

    layers: int = 0
    weights: int = 0
    numbers: int = 0
    work: int = 0

    def add(self, made: Made, where: str, *, again: bool) -> None:
        """Add what a layer makes of an image. Raises OpenError where that, or all together, is too much."""
        numbers = math.prod(made.shape)
        if max(numbers, made.room) > LARGEST_LAYER:
            raise OpenError(_("{where} is too large for digits; choose a smaller network."), where=allowed.begun(where))
        self.layers += 1
        self.weights += 0 if again else made.weights
        self.numbers += numbers
        self.work += made.work
        if (
            self.layers > MOST_LAYERS
            or self.weights > MOST_WEIGHTS
            or self.numbers > LARGEST_SUM
            or self.work > MOST_WORK
        ):
            raise OpenError(
                _("The network takes more memory or time than one of digits needs; choose a smaller network.")
            )


def cleaned(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration that `allowed.check` let through without what no answer needs.

    Raises OpenError where it says what is not known here, or declares more than a network of digits may cost.
    """
    result, _shapes = _container(config, None, _Bill(), 0)
    return result


def _container(
    value: Mapping[str, Any], given: list[Shape] | None, bill: _Bill, depth: int
) -> tuple[dict[str, Any], list[Shape]]:
    """Return a network's configuration cleaned, and the shapes of its outputs.

    Args:
        value: the description of it.
        given: the shapes of its inputs; None: it says them itself.
        bill: what it costs is added to.
        depth: how many others it is in.
    """
    config = value.get("config")
    if isinstance(config, list):  # of a Sequential, in the oldest files
        config = {"name": "sequential", "layers": config}
    where = allowed.place(value, _("the model"))
    if depth > DEEPEST or not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        raise _damaged(where)
    config = _known(config, _CONTAINER, where)
    result = {key: value[key] for key in _OUTSIDE if key in value} | {"config": config}
    if value["class_name"] == "Sequential":
        config["layers"], shapes = _in_a_row(value, config, given, bill, depth)
    else:
        config["layers"], shapes = _in_a_graph(config, given, bill, depth)
    return result, shapes


def _in_a_row(
    value: Mapping[str, Any], config: dict[str, Any], given: list[Shape] | None, bill: _Bill, depth: int
) -> tuple[list[dict[str, Any]], list[Shape]]:
    layers, shapes = [], given
    for number, layer in enumerate(config["layers"]):
        if number == 0 and shapes is None and not _says_shape(layer):
            outside = value.get("build_config")
            config.setdefault("build_input_shape", outside.get("input_shape") if isinstance(outside, dict) else None)
            shapes = [_shape(config["build_input_shape"])]
        result, shapes = _layer(layer, shapes, bill, depth, again=False)
        layers.append(result)
    if not shapes:
        raise _damaged(_("the model"))
    return layers, shapes


def _says_shape(layer: object) -> bool:
    """Return whether a layer, or the first one in it, says what it reads."""
    config = layer.get("config") if isinstance(layer, dict) else None
    if not isinstance(config, dict):
        return False
    inner = config.get("layers")
    return "batch_shape" in config or "batch_input_shape" in config or (isinstance(inner, list) and bool(inner))


def _in_a_graph(
    config: dict[str, Any], given: list[Shape] | None, bill: _Bill, depth: int
) -> tuple[list[dict[str, Any]], list[Shape]]:
    inputs, outputs = (list(_tensors(config.get(key))) for key in ("input_layers", "output_layers"))
    if given is not None and len(given) != len(inputs):
        raise _damaged(_("the model"))
    start = dict(zip((name for name, *_rest in inputs), given or [], strict=False))
    known: dict[_Tensor, Shape] = {}
    results: list[dict[str, Any]] = [{}] * len(config["layers"])
    waiting = list(_uses(config["layers"]))
    while waiting:
        later = []
        for place, use, before in waiting:
            layer = config["layers"][place]
            if not all(tensor in known for tensor in before):
                later.append((place, use, before))
                continue
            name = layer.get("name")
            shapes = [known[tensor] for tensor in before] or ([start[name]] if name in start else None)
            results[place], made = _layer(layer, shapes, bill, depth, again=use > 0)
            known.update({(name, use, number): shape for number, shape in enumerate(made)})
        if len(later) == len(waiting):  # they wait for each other, or for what is not there
            raise _damaged(_("the model"))
        waiting = later
    if not outputs or not all(tensor in known for tensor in outputs):
        raise _damaged(_("the model"))
    return results, [known[tensor] for tensor in outputs]


def _uses(layers: Sequence[Any]) -> Iterator[tuple[int, int, list[_Tensor]]]:
    """Give each use of each layer: the layer's place, the use's number, and what goes in."""
    if len(layers) > MOST_LAYERS:
        raise OpenError(_("The network takes more memory or time than one of digits needs; choose a smaller network."))
    for place, layer in enumerate(layers):
        nodes = layer.get("inbound_nodes", []) if isinstance(layer, dict) else None
        if not isinstance(nodes, list) or not isinstance(layer.get("name"), str):
            raise _damaged(_("the model"))
        for use, node in enumerate(nodes or [[]]):
            yield place, use, list(_tensors(node))


def _tensors(value: object) -> Iterator[_Tensor]:
    """Give the tensors that a node names, as Keras 2 and 3 write them. Raises OpenError for anything else of weight."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__" and isinstance(value.get("config"), dict):
            yield from _tensors(value["config"].get("keras_history"))
        elif "class_name" in value and value["class_name"] != "__tuple__":
            raise _damaged(_("the model"))
        else:
            for element in value.values():
                yield from _tensors(element)
    elif isinstance(value, list):
        match value:
            case [str(name), int(use), int(number), *_rest]:
                yield name, use, number
            case _:
                for element in value:
                    yield from _tensors(element)


def _layer(
    value: Any, before: list[Shape] | None, bill: _Bill, depth: int, *, again: bool
) -> tuple[dict[str, Any], list[Shape]]:
    """Return a layer's description cleaned, and the shapes of what comes of an image; as `_container`."""
    kind = value.get("class_name") if isinstance(value, dict) else None
    if kind in allowed.CONTAINERS:
        weights = bill.weights
        result, shapes = _container(value, before, bill, depth + 1)
        bill.weights = weights if again else bill.weights
        return result, shapes
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict):
        raise _damaged(_("the model"))
    where = allowed.place(value, _("the model"))
    config = value["config"]
    result = {key: value[key] for key in _OUTSIDE if key in value}
    own = _shape(config.get("batch_shape") or config.get("batch_input_shape")) if _says_shape(value) else None
    if before is not None and own is not None and before != [own]:
        raise _unfit(where)
    shapes = before if before is not None else [own] if own is not None else []
    if kind == "InputLayer":
        if len(shapes) != 1:
            raise _damaged(where)
        bill.add(Made(shapes[0]), where, again=again)
        return result | {"config": _known(config, _INPUT, where)}, shapes
    if kind not in RULES or not shapes:
        raise _damaged(where)
    keys, rule = RULES[kind]
    known = _known(config, keys | _EVERYWHERE | ({"batch_shape", "batch_input_shape"} if own else set()), where)
    try:
        made = rule(known, *shapes)
    except OddError as error:
        raise _odd(where, *error.args) from error
    except (UnfitError, TypeError) as error:  # TypeError: one input where it takes several, or the other way
        raise _unfit(where) from error
    bill.add(made, where, again=again)
    shape = made.shape
    if known.get("activation") == "glu":  # which takes one half to weigh the other
        shape = (*shape[:-1], shape[-1] // 2)
    return result | {"config": known}, [shape]


def _known(config: Mapping[str, Any], keys: frozenset[str], where: str) -> dict[str, Any]:
    """Return what a layer is told, without what no answer needs. Raises OpenError for what is on no list."""
    result = {}
    for key, value in config.items():
        if key not in keys and (value is None or key in _UNNEEDED or key.endswith(_TRAINING)):
            continue
        if key == "activation" and isinstance(value, dict):
            result[key] = _activation(value, where)
            continue
        if key not in keys:
            raise _odd(where, key, value)
        try:
            result[key] = value if key in _GRAPH else _plain(value)
        except ValueError as error:
            raise _odd(where, key, value) from error
    return result


def _activation(value: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return a layer that stands for an activation, cleaned. Raises OpenError."""
    config, kind = value.get("config"), value.get("class_name")
    if kind not in _PLAIN or not isinstance(config, dict):
        raise _odd(where, "activation", kind)
    known = _known(config, RULES[kind][0] | _EVERYWHERE, where)
    return {key: value[key] for key in _OUTSIDE if key in value} | {"config": known}


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a number, a word, nothing, or a few of them in a list. Raises ValueError for anything else."""
    if isinstance(value, dict) and value.get("class_name") in ("__tuple__", "TensorShape"):  # as some of Keras 2 write
        value = value.get("items")
    if isinstance(value, list) and depth < 3 and len(value) <= 1000:
        return [_plain(element, depth + 1) for element in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise ValueError


def _shape(value: object) -> Shape:
    """Return the shape of one image from that of several, as a file has it. Raises OpenError."""
    value = _plain(value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):  # of the one input
        (value,) = value
    sides = value[1:] if isinstance(value, list) else [None]
    if not all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in sides):
        raise OpenError(
            _("The network does not say how large the images are that it reads; give it an Input and save it again.")
        )
    return tuple(sides)


def _odd(where: str, key: object, value: object) -> OpenError:
    return OpenError(
        _(
            "{where} has {key} = {value}, which is not opened here; build the network of Keras' usual layers and save "
            "it again."
        ),
        where=allowed.begun(where),
        key=str(key)[:60],
        value=allowed.shown(value),
    )


def _unfit(where: str) -> OpenError:
    return OpenError(
        _("{where} does not fit what comes before it; build the network anew and save it again."),
        where=allowed.begun(where),
    )


def _damaged(where: str) -> OpenError:
    return OpenError(_("The description of {where} is damaged; save the model again."), where=where)
