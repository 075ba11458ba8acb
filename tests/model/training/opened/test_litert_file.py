"""Other people's LiteRT files: opened if their input and output fit, otherwise rejected with a sentence."""

import platform
import warnings
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from model.base import events
from model.bundle import litert_check, litert_ends
from model.bundle.bundle import CARD_FILE, LITERT_FILE, open_bundle
from model.bundle.card import OPENED
from model.bundle.litert_shapes import UnsoundError
from model.reading.litert import LITERT
from model.reading.recognizer import Recognizer
from model.training.files.allowed import OpenError
from model.training.opened import litert_file
from model.training.opened.manner import NORMALIZED, Asked
from stress.inputs import networks
from tests.conftest import run
from tests.model.training.opened.test_open import answers, opened, refused, taught


@pytest.fixture(scope="module")
def digits() -> tuple[Any, Any]:
    from model.training.opened.probe import probe  # noqa: PLC0415  (like everything in the training packages)

    return probe()


ANYHOW = Asked()
WHOLE = ("int8", "uint8", "int16")  # the types of input and output in a whole-number network


def converted(network: Any, how: str = "", images: Any = ()) -> bytes:
    """Return a network as `TFLiteConverter` writes it, for any number of images, with scales that fit some images."""
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if how:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if how == "halves":
        converter.target_spec.supported_types = [tf.float16]
    if how in ("inside", *WHOLE):
        shaped = np.asarray(images, np.float32).reshape(-1, 1, *network.input_shape[1:])
        converter.representative_dataset = lambda: ([image] for image in shaped)
    if how in WHOLE:
        sets = tf.lite.OpsSet
        sixteen = sets.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        converter.target_spec.supported_ops = [sixteen if how == "int16" else sets.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = getattr(tf, how)
    with warnings.catch_warnings(action="ignore"):
        content: bytes = converter.convert()
    return content


def built(keras: Any, kind: str) -> Any:
    layers = keras.layers
    keras.utils.set_random_seed(0)
    if kind == "cnn":
        inside = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dropout(0.2)]
        return keras.Sequential([keras.Input((28, 28, 1)), *inside, layers.Dense(10, "softmax")])
    if kind == "guide":  # as in TensorFlow's guide to post-training integer quantization
        inside = [layers.Reshape((28, 28, 1)), layers.Conv2D(12, 3, activation="relu"), layers.MaxPooling2D()]
        return keras.Sequential([keras.Input((28, 28)), *inside, layers.Flatten(), layers.Dense(10)])
    if kind == "784":
        return keras.Sequential([keras.Input((784,)), layers.Dense(32, "relu"), layers.Dense(10)])
    return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(32, "relu"), layers.Dense(10, kind)])


@pytest.mark.parametrize(
    ("kind", "how", "manner"),
    [
        ("softmax", "", ("1", "bright", "probabilities")),
        ("softmax", "bytes", ("1", "bright", "probabilities")),
        ("784", "", ("255", "bright", "logits")),
        ("cnn", "halves", ("1", "dark", "probabilities")),
        ("guide", "uint8", ("1", "bright", "logits")),
        ("guide", "inside", ("1", "bright", "logits")),
        ("cnn", "int8", ("1", "dark", "probabilities")),
        ("784", "int8", ("255", "bright", "logits")),
        ("softmax", "int16", ("1", "bright", "probabilities")),
    ],
)
def test_a_network_answers_as_it_does_in_keras(
    digits: tuple[Any, Any], tmp_path: Path, kind: str, how: str, manner: tuple[str, str, str]
) -> None:
    import keras  # noqa: PLC0415  (seconds)

    scale, ink, outputs = manner
    images = (digits[0] if ink == "bright" else 1 - digits[0]) * np.float32(scale)
    logits = outputs == "logits"
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
    network = taught(built(keras, kind), images, digits[1], loss, 40 if scale == "255" else 15)
    file = tmp_path / "net ü.tflite"
    file.write_bytes(converted(network, how, images[::2]))
    told = opened(file, tmp_path / "new")
    assert told == events.Opened(str(tmp_path / "new"), scale, ink, outputs, told.right, 200)
    assert told.right >= 180
    expected = network.predict(images.reshape(-1, *network.input_shape[1:]), verbose=0)
    expected = np.asarray(keras.ops.softmax(expected)) if logits else expected
    assert answers(tmp_path / "new", digits[0]) == pytest.approx(
        expected, abs=0.05 if how in ("bytes", "inside", *WHOLE) else 5e-3
    )
    bundle = open_bundle(tmp_path / "new")
    bundle.verify()
    assert sorted(path.name for path in bundle.path.iterdir()) == [CARD_FILE, LITERT_FILE]
    card = bundle.card
    assert (card.origin, card.reads_only, card.name, card.accuracy) == (OPENED, True, "net ü", None)
    assert card.weights >= network.count_params()


def as_it_is(content: bytes, images: Any) -> Any:
    """Return a whole-number network's own answers to images, by the scales and zero points of its input and output."""
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  (as the program does)

    network = Interpreter(model_content=content, num_threads=1)
    network.allocate_tensors()
    (start,), (end,) = network.get_input_details(), network.get_output_details()
    (scale, zero), (end_scale, end_zero), most = start["quantization"], end["quantization"], np.iinfo(start["dtype"])
    found = []
    for image in images.reshape(-1, *start["shape"]):
        whole = np.clip(np.round(image / scale + zero), most.min, most.max)
        network.set_tensor(start["index"], whole.astype(start["dtype"]))
        network.invoke()
        found.append(end_scale * (network.get_tensor(end["index"])[0].astype(np.float32) - end_zero))
    return np.array(found)


def without_activations(content: bytes) -> bytes:
    """Return a file as older converters wrote it: if a scale ends at 0 and at 6, they left the activation out."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    for operation in model.subgraphs[0].operators:
        if getattr(operation.builtinOptions, "fusedActivationFunction", 0):
            operation.builtinOptions.fusedActivationFunction = schema.ActivationFunctionType.NONE
    return networks.packed(model)


@pytest.mark.parametrize("how", ["int8", "uint8"])
def test_a_network_of_whole_numbers_answers_as_itself_but_for_rounding(digits: tuple[Any, Any], how: str) -> None:
    import keras  # noqa: PLC0415  (seconds)

    layers, (images, labels) = keras.layers, digits
    keras.utils.set_random_seed(0)
    start = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 5, strides=2, activation="relu6")(start)
    x = layers.Add()([layers.DepthwiseConv2D(3, padding="same")(x), x])
    x = layers.Concatenate()([layers.AveragePooling2D(2)(layers.LeakyReLU()(x)), layers.MaxPooling2D(2)(x)])
    x = layers.Dense(10, "softmax")(layers.Dense(48, "relu")(layers.Flatten()(x)))
    network = taught(keras.Model(start, x), 6 * images, labels)  # so that some values are above 6
    content = converted(network, how, 6 * images[::2])
    for whole in (content, without_activations(content)):
        expected = as_it_is(whole, 6 * images)
        assert (expected.argmax(1) == labels).mean() > 0.9
        fitted = litert_file.fitted(whole, "net.tflite", scale=6.0)
        found = litert_file.reader(fitted, "net.tflite")(images)
        assert found == pytest.approx(expected, abs=0.1)
        assert np.abs(found - expected).mean() < 0.005


def test_other_ends_and_damage_are_a_sentence_each(tmp_path: Path, digits: tuple[Any, Any]) -> None:
    import keras  # noqa: PLC0415  (seconds)

    layers = keras.layers
    file = tmp_path / "net.tflite"
    network = taught(built(keras, "softmax"), *digits)
    whole = converted(network)
    for content in (
        converted(keras.Sequential([keras.Input((32, 32)), layers.Flatten(), layers.Dense(10, "softmax")])),
        converted(keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(26, "softmax")])),
    ):
        file.write_bytes(content)
        assert "doesn't make ten numbers of an image of 28x28 or 784" in str(refused(file))
    newer = schema.ModelT.InitFromObj(schema.Model.GetRootAs(whole, 0))
    for code in newer.operatorCodes:
        code.version = 99
    for content in (
        networks.packed(newer),
        whole[: len(whole) // 2],
        b"\x1c\0\0\0TFL3",
        whole[:200] + b"\xff" * 400 + whole[600:],
    ):
        file.write_bytes(content)
        assert "more in it than a network of Keras' usual layers, or is damaged" in str(refused(file))
    odd = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Lambda(keras.ops.sin), layers.Dense(10)])
    file.write_bytes(converted(odd))
    assert "more in it than a network of Keras' usual layers" in str(refused(file))
    file.write_bytes(converted(built(keras, "softmax")))  # untrained
    assert "couldn't find out" in str(refused(file))


def test_whatever_is_damaged_is_unsound_and_never_run() -> None:
    import keras  # noqa: PLC0415  (seconds)

    random = np.random.default_rng(0)
    network = built(keras, "softmax")
    for whole in (converted(network), converted(network, "int8", np.eye(28))):
        for _ in range(300):
            damaged = bytearray(whole)
            for place in random.integers(0, 4_000, 3):
                damaged[place] = random.integers(256)
            try:
                fitted = litert_ends.fitted(bytes(damaged))
                litert_check.check(fitted, litert_ends.IMAGE, litert_ends.ANSWER)
            except UnsoundError:
                pass


def test_weights_that_would_swell_are_refused() -> None:
    import keras  # noqa: PLC0415  (seconds)

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(converted(built(keras, "softmax"), "int8", np.eye(28)), 0))
    weights = next(each for each in model.subgraphs[0].tensors if list(each.shape) == [32, 784])
    model.subgraphs[0].tensors += [weights] * 1_000  # sharing one buffer: 25 MB of whole numbers, or 100 MB of floats
    with pytest.raises(UnsoundError, match="too many weights"):
        litert_ends.fitted(networks.packed(model))


@pytest.mark.parametrize(
    ("how", "manner"),
    [
        ({}, ("1", "bright", "probabilities")),
        ({"scale": -1.0, "offset": 1.0}, ("1", "dark", "probabilities")),
        ({"scale": 1 / 255}, ("255", "bright", "probabilities")),
    ],
)
def test_the_built_in_network_is_opened_as_anybody_s(
    tmp_path: Path, digits: tuple[Any, Any], how: dict[str, Any], manner: tuple[str, str, str]
) -> None:
    file, told = tmp_path / "mine.tflite", list[events.Event]()
    file.write_bytes(litert_ends.fitted(open_bundle().read(LITERT_FILE), **how))
    litert_file.open_litert(file, tmp_path / "new", Asked(), "", told.append)
    assert told[:2] == [events.Stage("checking the file"), events.Stage("writing the model")]
    assert isinstance(told[2], events.Opened)
    assert told[2] == events.Opened(str(tmp_path / "new"), *manner, told[2].right, 200)
    bundle = open_bundle(tmp_path / "new")
    assert answers(tmp_path / "new", digits[0]) == pytest.approx(answers(open_bundle().path, digits[0]), abs=1e-4)
    assert told[2].right == np.count_nonzero(answers(tmp_path / "new", digits[0]).argmax(1) == digits[1]) > 190
    assert (bundle.card.network, bundle.card.name, bundle.card.origin) == ("mine", "mine", OPENED)
    told_of = dict(zip(("scale", "ink", "outputs"), manner, strict=True))
    assert bundle.card.data == {"opened": file.name, "sha256": sha256(file.read_bytes()).hexdigest(), **told_of}
    assert bundle.card.weights == litert_ends.weights(file.read_bytes())
    assert bundle.card.versions == {"python": platform.python_version(), LITERT: metadata.version(LITERT)}


def test_the_logarithms_of_probabilities_are_logits(tmp_path: Path, digits: tuple[Any, Any]) -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(open_bundle().read(LITERT_FILE), 0))
    graph, code, operation, tensor = model.subgraphs[0], schema.OperatorCodeT(), schema.OperatorT(), schema.TensorT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.LOG
    model.operatorCodes.append(code)
    answer = next(each for each in graph.outputs if list(graph.tensors[each].shape) == [1, 10])
    tensor.shape, tensor.type, tensor.name = [1, 10], schema.TensorType.FLOAT32, "logits"
    graph.tensors.append(tensor)
    operation.opcodeIndex, operation.inputs = len(model.operatorCodes) - 1, [answer]
    operation.outputs = graph.outputs = [len(graph.tensors) - 1]
    graph.operators.append(operation)
    (tmp_path / "mine.tflite").write_bytes(networks.packed(model))
    told = opened(tmp_path / "mine.tflite", tmp_path / "new")
    assert (told.scale, told.ink, told.outputs) == ("1", "bright", "logits")
    assert answers(tmp_path / "new", digits[0]) == pytest.approx(answers(open_bundle().path, digits[0]), abs=1e-4)


def test_a_network_that_fails_its_own_test_makes_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(recognizer: Recognizer) -> None:
        assert recognizer.bundle.card.origin == OPENED
        raise ZeroDivisionError

    monkeypatch.setattr(litert_file, "self_test", fail)
    (tmp_path / "mine.tflite").write_bytes(open_bundle().read(LITERT_FILE))
    with pytest.raises(ZeroDivisionError):
        litert_file.open_litert(tmp_path / "mine.tflite", tmp_path / "new", Asked(), "", lambda _event: None)
    assert not (tmp_path / "new").exists()


def test_what_no_network_of_these_ends_can_do_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "mine.tflite"

    def refused_for(words: str, asked: Asked = ANYHOW) -> None:
        with pytest.raises(OpenError, match=words):
            litert_file.open_litert(file, tmp_path / "new", asked, "mine", lambda _event: None)
        assert not (tmp_path / "new").exists()

    refused_for(r"^mine\.tflite can't be read \(No such file or directory\)\.$")
    whole = open_bundle().read(LITERT_FILE)
    file.write_bytes(whole)
    for asked in (Asked(outputs="scores"), Asked(scale=NORMALIZED)):
        refused_for(r"^mine\.tflite wants normalized images, or answers with scores; open the Keras file that", asked)
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(whole, 0))
    model.subgraphs[0].tensors[model.subgraphs[0].inputs[0]].shape = [1, 28, 29]
    file.write_bytes(networks.packed(model))
    refused_for(
        r"^The network in mine\.tflite doesn't make ten numbers of an image of 28x28 or 784; "
        r"open the Keras file that it was made from\.$"
    )
    newer = schema.ModelT.InitFromObj(schema.Model.GetRootAs(whole, 0))
    for code in newer.operatorCodes:
        code.version = 99
    for content in (b"", whole[:1000], networks.packed(newer)):
        file.write_bytes(content)
        refused_for(
            r"^The network in mine\.tflite has more in it than a network of Keras' usual layers, or is damaged; "
            r"open the Keras file that it was made from\.$"
        )


def test_it_reads_at_the_command_line(tmp_path: Path, digits: tuple[Any, Any]) -> None:
    import keras  # noqa: PLC0415  (seconds)

    (tmp_path / "mine.tflite").write_bytes(converted(taught(built(keras, "softmax"), *digits)))
    done = run("model", "open", tmp_path / "mine.tflite", "--output", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    (tmp_path / "one.json").write_text('{"strokes": [[[140, 50], [140, 230]]]}')
    answer = run("app", "recognize", "--model", tmp_path / "new", tmp_path / "one.json")
    assert answer.stdout.split("\t")[1] == "1"
