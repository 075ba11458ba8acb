"""Which Keras networks may be built from a file: what their configuration may name, checked before Keras sees it.

A configuration names classes, and Keras makes them. Some of them run code from the file (Lambda), and some that aren't
Keras' own are looked up in the installed packages. So only what's on these lists passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.base.errors import UserError
from model.base.language import _
from model.training.files.layers import RULES, words

CONTAINERS = frozenset({"Sequential", "Functional", "Model"})
_INITIALIZERS = words(
    """
    Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal VarianceScaling GlorotNormal GlorotUniform HeNormal
    HeUniform LecunNormal LecunUniform Orthogonal OrthogonalInitializer Identity IdentityInitializer
    """
)
_MODULES: dict[str, frozenset[str]] = {  # class -> where Keras 2 and 3 say that it is; older files don't say
    **dict.fromkeys(CONTAINERS, words("keras keras.models keras.src.models.functional keras.src.engine.functional")),
    **dict.fromkeys(RULES, words("keras.layers")),
    **dict.fromkeys(_INITIALIZERS, words("keras.initializers")),
    **dict.fromkeys(words("L1 L2 L1L2 OrthogonalRegularizer"), words("keras.regularizers")),
    **dict.fromkeys(words("MaxNorm MinMaxNorm NonNeg UnitNorm"), words("keras.constraints")),
    "DTypePolicy": words("keras keras.dtype_policies"),
}
_VALUES = {  # no classes of Keras, and their keys
    "__keras_tensor__": {"class_name", "config"},
    "__tuple__": {"class_name", "items"},
    "TensorShape": {"class_name", "items"},
}
_ACTIVATIONS = words(
    """
    linear relu relu6 leaky_relu elu selu celu gelu silu swish mish softmax log_softmax softplus softsign soft_shrink
    hard_shrink tanh hard_tanh tanh_shrink sigmoid log_sigmoid hard_sigmoid hard_silu hard_swish exponential squareplus
    threshold glu sparse_plus
    """
)


class OpenError(UserError):
    """A file that can't be opened as a network; the text says why, and what to do."""


def check(config: Any) -> None:
    """Raise OpenError unless everything that a model's decoded configuration names is on the lists."""
    if not isinstance(config, dict) or config.get("class_name") not in CONTAINERS:
        sentence = _(
            "The file has no Sequential or Functional Keras network in it. Build the model as one of the "
            "two, and save it again."
        )
        raise OpenError(sentence)
    # How it was compiled is left unread by Keras, which is told so, and by us.
    _walk({key: value for key, value in config.items() if key != "compile_config"}, _("the model"))


def _walk(value: Any, where: str) -> None:
    """Check a value and all that is in it; ``where`` is the layer around it, for people."""
    if isinstance(value, list):
        for element in value:
            _walk(element, where)
    elif isinstance(value, dict):
        if "class_name" in value:
            where = _named(value, where)
        for key, element in value.items():
            if key == "activation" and isinstance(element, str) and element not in _ACTIVATIONS:
                sentence = _(
                    "The activation function {found} of {where} isn't one of Keras' own. Use one of those, and save "
                    "the model again."
                )
                raise OpenError(sentence, found=shown(element), where=where)
            if key == "dtype" and isinstance(element, str):
                _check_type(element, where)
            _walk(element, where)


def _named(value: dict[str, Any], where: str) -> str:
    """Check the class that a dictionary names, and return where what is in it stands. Raises OpenError."""
    name, config, module = value["class_name"], value.get("config"), value.get("module")
    registered = value.get("registered_name")
    if not isinstance(name, str):
        raise damaged(where)
    if name in _VALUES and not value.keys() - _VALUES[name]:
        return where
    where = place(value, where)
    said = config.get("name") if isinstance(config, dict) else None
    if name in ("Lambda", "__lambda__"):
        sentence = _(
            "{layer} is a Lambda, which runs code from the file. Build the network with Keras' own layers, "
            "such as Rescaling or Reshape, and save it again."
        )
        layer = _("The layer {name}").format(name=shown(said)) if isinstance(said, str) else _("A layer")
        raise OpenError(sentence, layer=layer)
    if name == "function":
        sentence = _(
            "{where} uses a function of its own, {found}. Use Keras' own layers and activation functions, "
            "and save the model again."
        )
        raise OpenError(sentence, where=begun(where), found=shown(config))
    if name not in _MODULES or module not in (None, *_MODULES[name]) or registered not in (None, name):
        sentence = _(
            "{name}, in {where}, isn't a part of Keras that Inkling opens. Build the network with Keras' "
            "usual layers, and save it again."
        )
        own = registered or module
        found = f"{shown(name)} ({shown(own)})" if own and own != name else shown(name)
        raise OpenError(sentence, name=found, where=where)
    if name == "DTypePolicy":
        _check_type(said if isinstance(config, dict) else config, where)
    return where


def _check_type(found: object, where: str) -> None:
    if found != "float32":
        sentence = _(
            "{where} computes in {found}, and Inkling runs networks in float32. Set Keras' dtype policy to "
            "float32, load the weights again, and save the model."
        )
        raise OpenError(sentence, where=begun(where), found=shown(found))


def place(value: Mapping[str, Any], around: str) -> str:
    """Return where what is in a description stands, for people: a layer by its name, or what is around it."""
    config = value.get("config")
    known = value["class_name"] in CONTAINERS or value["class_name"] in RULES
    if known and isinstance(config, dict) and isinstance(config.get("name"), str):
        return _("the layer {name}").format(name=shown(config["name"]))
    return around


def begun(text: str) -> str:
    """Return words as they stand at the beginning of a sentence."""
    return f"{text[0].upper()}{text[1:]}"


def shown(value: object) -> str:
    """Return a word of the file as a sentence can show it: quoted, short, on one line."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def damaged(where: str) -> OpenError:
    """Return what to raise of a description that is none."""
    return OpenError(_("The description of {where} is damaged; save the model again."), where=where)
