"""What a Keras file's configuration declares, checked layer by layer for its cost before Keras sees it.

Keras creates whatever it's told to, of any size, and passes on what it doesn't know. So each layer's keys are on a
list, what no answer needs is left out, and an image's cost is computed from shapes (`model.training.files.layers`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from model.base.language import _
from model.training.files import allowed
from model.training.files.allowed import OpenError, damaged
from model.training.files.layers import RULES, WHILE_TRAINING, Made, OddError, Shape, UnfitError, words

MOST_LAYERS = 1_000  # each as often as it's used
DEEPEST_NETWORK = 20  # networks inside each other
MOST_WEIGHTS = 14_000_000  # 56 MB, of the 60 MB that a model's LiteRT file may have
LARGEST_LAYER = 1_000_000  # numbers that a layer makes of one image: more isn't a network of digits
LARGEST_SUM = 10_000_000  # numbers that all layers make of one image, because Keras keeps them all
MOST_WORK = 500_000_000  # products of an answer; model.bundle.litert_check refuses more, too

EVERYWHERE = words("name trainable")  # keys that any layer may have
_GRAPH = words("layers input_layers output_layers")
_CONTAINER = EVERYWHERE | _GRAPH | {"build_input_shape"}
_SHAPE = words("batch_shape batch_input_shape")
_OUTSIDE = ("class_name", "module", "registered_name", "name", "inbound_nodes", "config")
# All is float32, what LoRA learned is in the weights that are saved, and Keras asks nobody else for the rest.
_UNNEEDED = words("dtype lora_rank lora_alpha shared_object_id")
_TRAINING = ("_initializer", "_regularizer", "_constraint")  # ends of the keys of what only training needs
_PLAIN = ("ReLU", "LeakyReLU", "ELU", "Softmax", "Activation")  # layers that may stand for an activation

_Name = str | int  # of a layer; in a row, its place
_Tensor = tuple[_Name, int, int]  # a layer's name, which of its uses, and which of its outputs
_Use = tuple[int, tuple[_Name, int], list[_Tensor]]  # a layer's place, its name and which of its uses, and what goes in
_Config = dict[str, Any]


def cleaned(config: _Config) -> _Config:
    """Return a model's decoded configuration without what no answer needs.

    Raises OpenError where it names or says what isn't known here, or declares more than a network of digits may cost.
    """
    allowed.check(config)
    result, _shapes = _Reckoning().network(config, None)
    return result


class _Reckoning:
    """Goes through networks in each other, and adds up what they cost."""

    def __init__(self) -> None:
        self._layers = self._weights = self._numbers = self._work = self._depth = 0

    def network(self, value: _Config, given: list[Shape] | None) -> tuple[_Config, list[Shape]]:
        """Return a network's description cleaned, and the shapes of its outputs; None: it says its inputs' itself."""
        config = value.get("config")
        if isinstance(config, list):  # of a Sequential, in the oldest files
            config = {"name": "sequential", "layers": config}
        where = allowed.place(value, _("the model"))
        if self._depth > DEEPEST_NETWORK or not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            raise damaged(where)
        config = known(config, _CONTAINER, where)
        layers = config["layers"]
        if value["class_name"] == "Sequential":  # each reads what the one before it makes
            layers = _with_input(layers)
            if given is None and layers and not _says_shape(layers[0]):
                outside = value.get("build_config")
                config.setdefault(
                    "build_input_shape", outside.get("input_shape") if isinstance(outside, dict) else None
                )
                given = [_shape(config["build_input_shape"])]
            waiting: list[_Use] = [
                (place, (place, 0), [(place - 1, 0, 0)] if place else []) for place in range(len(layers))
            ]
            inputs: list[_Tensor] = [(0, 0, 0)]
            outputs: list[_Tensor] = [(len(layers) - 1, 0, 0)]
        else:
            waiting = list(_uses(layers))
            inputs, outputs = (list(_tensors(config.get(key))) for key in ("input_layers", "output_layers"))
        if given is not None and len(given) != len(inputs):
            raise damaged(_("the model"))
        start = dict(zip((name for name, *_rest in inputs), given or [], strict=False))
        made: dict[_Tensor, Shape] = {}
        config["layers"] = [{}] * len(layers)
        self._depth += 1
        while waiting:
            later = []
            for place, (name, use), before in waiting:
                if not all(tensor in made for tensor in before):
                    later.append((place, (name, use), before))
                    continue
                shapes = [made[tensor] for tensor in before] or ([start[name]] if name in start else None)
                config["layers"][place], shapes = self._layer(layers[place], shapes, again=use > 0)
                made.update({(name, use, number): shape for number, shape in enumerate(shapes)})
            if len(later) == len(waiting):  # they wait for each other, or for what isn't there
                raise damaged(_("the model"))
            waiting = later
        self._depth -= 1
        if not outputs or not all(tensor in made for tensor in outputs):
            raise damaged(_("the model"))
        return _described(value, config), [made[tensor] for tensor in outputs]

    def _layer(self, value: Any, before: list[Shape] | None, *, again: bool = False) -> tuple[_Config, list[Shape]]:
        """Return a layer's description cleaned, and its outputs' shapes; ``again``: its weights are counted already."""
        kind = value.get("class_name") if isinstance(value, dict) else None
        if kind in allowed.CONTAINERS:
            weights = self._weights
            network = self.network(value, before)
            self._weights = weights if again else self._weights
            return network
        if kind not in RULES or not isinstance(value.get("config"), dict):
            raise damaged(_("the model"))
        where = allowed.place(value, _("the model"))
        config, (keys, rule) = value["config"], RULES[kind]
        own = _shape(config.get("batch_shape") or config.get("batch_input_shape")) if _says_shape(value) else None
        shapes = before or ([own] if own is not None else [])
        if not shapes:
            raise damaged(where)
        if own is not None and shapes != [own]:
            raise _unfit(where)
        if kind in WHILE_TRAINING:  # it passes images on, whatever it's told
            value = {**value, "class_name": "Activation"}
            config = {"name": config.get("name"), "activation": "linear"}
            keys = RULES["Activation"][0]
        config = known(config, keys | EVERYWHERE | (_SHAPE if own else frozenset()), where)
        if kind != "InputLayer":  # which says it for those behind it
            config = {key: said for key, said in config.items() if key not in _SHAPE}
        try:
            made = rule(config, *shapes)
        except OddError as error:
            raise _odd(where, *error.args) from error
        except (UnfitError, TypeError) as error:  # TypeError: one input where it takes several, or the other way
            raise _unfit(where) from error
        self._add(made, where, again=again)
        shape = made.shape
        if config.get("activation") == "glu":  # which takes one half to weigh the other
            shape = (*shape[:-1], shape[-1] // 2)
        return _described(value, config), [shape]

    def _add(self, made: Made, where: str, *, again: bool) -> None:
        """Add what a layer makes of an image. Raises OpenError where that, or all together, is too much."""
        numbers = math.prod(made.shape)
        if max(numbers, made.room) > LARGEST_LAYER:
            sentence = _("{where} is too large for digits; choose a smaller network.")
            raise OpenError(sentence, where=allowed.begun(where))
        self._layers += 1
        self._weights += 0 if again else made.weights
        self._numbers += numbers
        self._work += made.work
        cost = (self._layers, self._weights, self._numbers, self._work)
        limits = (MOST_LAYERS, MOST_WEIGHTS, LARGEST_SUM, MOST_WORK)
        if any(each > most for each, most in zip(cost, limits, strict=True)):
            raise _too_much()


def _described(value: _Config, config: _Config) -> _Config:
    return {key: value[key] for key in _OUTSIDE if key in value} | {"config": config}


def _with_input(layers: list[Any]) -> list[Any]:
    """Return a Sequential's layers with an InputLayer before them, which Keras before 2.4 left away."""
    first: Any = layers[0] if layers else None
    if not _says_shape(first) or first.get("class_name") in ("InputLayer", *allowed.CONTAINERS):
        return layers
    config = first["config"]
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    said = {"name": f"{config.get('name')}_input", "batch_input_shape": shape}
    return [{"class_name": "InputLayer", "config": said}, *layers]


def _says_shape(layer: object) -> bool:
    """Return whether a layer, or the first one in it, says what it reads."""
    config = layer.get("config") if isinstance(layer, dict) else None
    return isinstance(config, dict) and (
        not _SHAPE.isdisjoint(config) or (isinstance(config.get("layers"), list) and bool(config["layers"]))
    )


def _uses(layers: Sequence[Any]) -> Iterator[_Use]:
    """Give each use of each layer in a graph."""
    if len(layers) > MOST_LAYERS:
        raise _too_much()
    for place, layer in enumerate(layers):
        nodes = layer.get("inbound_nodes", []) if isinstance(layer, dict) else None
        if not isinstance(nodes, list) or not isinstance(layer.get("name"), str):
            raise damaged(_("the model"))
        for use, node in enumerate(nodes or [[]]):
            yield place, (layer["name"], use), list(_tensors(node))


def _tensors(value: object) -> Iterator[_Tensor]:
    """Give the tensors that a node names, as Keras 2 and 3 write them. Raises OpenError for anything else of weight."""
    match value:
        case {"class_name": "__keras_tensor__", "config": {"keras_history": history}}:
            yield from _tensors(history)
        case {"class_name": kind} if kind != "__tuple__":
            raise damaged(_("the model"))
        case dict():
            for element in value.values():
                yield from _tensors(element)
        case [str(name), int(use), int(number), *_rest]:
            yield name, use, number
        case list():
            for element in value:
                yield from _tensors(element)


def known(config: Mapping[str, Any], keys: frozenset[str], where: str) -> _Config:
    """Return what a layer is told, without what no answer needs. Raises OpenError for what is on no list."""
    result = {}
    for key, value in config.items():
        if key not in keys:
            if value is not None and key not in _UNNEEDED and not key.endswith(_TRAINING):
                raise _odd(where, key, value)
        elif key == "activation" and isinstance(value, dict):
            result[key] = _activation(value, where)
        else:
            try:
                result[key] = value if key in _GRAPH else _plain(value)
            except ValueError as error:
                raise _odd(where, key, value) from error
    return result


def _activation(value: _Config, where: str) -> _Config:
    """Return a layer that stands for an activation, cleaned. Raises OpenError."""
    config, kind = value.get("config"), value.get("class_name")
    if kind not in _PLAIN or not isinstance(config, dict):
        raise _odd(where, "activation", kind)
    return _described(value, known(config, RULES[kind][0] | EVERYWHERE, where))


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
    if not all(type(side) is int and side > 0 for side in sides):
        raise OpenError(_("The network doesn't say how large its images are. Give it an Input, and save it again."))
    return tuple(sides)


def _odd(where: str, key: object, value: object) -> OpenError:
    sentence = _(
        "{where} has {key} = {value}, which Inkling doesn't open. Build the network with Keras' usual "
        "layers, and save it again."
    )
    return OpenError(sentence, where=allowed.begun(where), key=str(key)[:60], value=allowed.shown(value))


def _unfit(where: str) -> OpenError:
    sentence = _("{where} doesn't fit what comes before it. Build the network again, and save it.")
    return OpenError(sentence, where=allowed.begun(where))


def _too_much() -> OpenError:
    return OpenError(_("The network takes more memory or time than one for digits needs. Choose a smaller network."))
