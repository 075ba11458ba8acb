"""The user's own Keras model, opened: what's accepted, what's found out, and what's rejected."""

import json
import os
import shutil
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base import events, installation
from model.base.errors import UserError
from model.bundle.bundle import BUNDLED, KERAS_FILE, open_bundle
from model.bundle.card import OPENED
from model.commands.open_model import open_here
from model.commands.parser import parser
from model.data import architectures
from model.reading.recognizer import Recognizer
from tests.conftest import ROOT, run

KERAS_2 = ROOT / "tests" / "keras2"


@pytest.fixture
def keras() -> Any:
    """Keras, naming layers as in a new process: dense, dense_1…, whatever was tested before."""
    import keras  # noqa: PLC0415  (seconds)

    keras.utils.clear_session()
    return keras


@pytest.fixture(scope="module")
def digits() -> tuple[Any, Any]:
    """The probe: 200 drawn digits, (200, 28, 28), and their labels."""
    from model.training.opened.probe import probe  # noqa: PLC0415  (like everything in the training packages)

    return probe()


def small(keras: Any, shape: tuple[int, ...] = (28, 28), head: str | None = "softmax", *more: Any) -> Any:
    """Return an untrained network with one hidden layer, after any further layers given."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(),
            *more,
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation=head),
        ]
    )


def taught(
    network: Any, images: Any, labels: Any, loss: Any = "sparse_categorical_crossentropy", epochs: int = 12
) -> Any:
    """Return the trained network; images with values up to 255 take more epochs."""
    network.compile("adam", loss)
    network.fit(images.reshape(-1, *network.input_shape[1:]), labels, batch_size=20, epochs=epochs, verbose=0)
    return network


def opened(file: Path, output: Path, *words: str) -> events.Opened:
    """Open a file as the command does, in this process."""
    told: list[events.Event] = []
    open_here(parser().parse_args(["open", str(file), "--output", str(output), *words]), told.append)
    last = told[-1]
    assert isinstance(last, events.Opened)
    assert last.output == str(output)
    return last


def refused(file: Path, *words: str) -> UserError:
    """Return why a file isn't opened, and check that nothing is left next to it."""
    folder = file.parent / "refused"
    with pytest.raises(UserError) as caught:
        opened(file, folder / "new", *words)
    assert not list(folder.iterdir())
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return caught.value


def answers(bundle: Path, images: Any) -> Any:
    recognizer = Recognizer(open_bundle(bundle))
    return np.array([recognizer.probabilities(image) for image in images])


def test_the_bundled_model_reads_the_probe(recognizer: Recognizer, digits: tuple[Any, Any]) -> None:
    images, labels = digits
    assert np.bincount(labels).tolist() == [20] * 10
    right = np.mean([recognizer.read(image).digit == label for image, label in zip(images, labels, strict=True)])
    assert right >= 0.98


@pytest.mark.parametrize("name", ["mlp-128", "mlp-256", "mlp-1000", "mlp-512-dropout", "mlp-256-128-dropout", "cnn"])
def test_the_tutorials_networks_answer_as_they_do_in_keras(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path, name: str
) -> None:
    keras.utils.set_random_seed(0)
    network = taught(architectures.build(keras, name), *digits, epochs=6)
    random = np.random.default_rng(0).uniform(0, 1, (20, 28, 28)).astype(np.float32)
    images = np.concatenate([digits[0], random])
    expected = network.predict(images, verbose=0)
    for output, ending in ((tmp_path / "new", ".keras"), (tmp_path / "newer", ".h5")):
        file = tmp_path / f"{name} ü{ending}"
        network.save(file)
        told = opened(file, output)
        assert told == events.Opened(str(output), "1", "bright", "probabilities", told.right, 200)
        assert told.right == (expected[:200].argmax(1) == digits[1]).sum()
        assert answers(output, images) == pytest.approx(expected, abs=1e-5)
        card = open_bundle(output).card
        assert (card.origin, card.name, card.network, card.accuracy) == (OPENED, f"{name} ü", f"{name} ü", None)
        assert card.weights == network.count_params()
        assert card.data["opened"] == file.name


SPARSE, BINARY, SQUARES = "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error"


@dataclass(frozen=True)
class Reads:
    """How a network reads, and how it's trained."""

    scale: str
    ink: str
    outputs: str
    head: str | None = "softmax"
    loss: str | None = SPARSE  # None: the one for logits
    shape: tuple[int, ...] = (784,)


@pytest.mark.parametrize(
    "reads",
    [
        Reads("1", "dark", "probabilities"),
        Reads("255", "bright", "probabilities", shape=(28, 28, 1)),
        Reads("255", "dark", "probabilities"),
        Reads("1", "bright", "logits", None, None, shape=(28, 28, 1)),
        Reads("255", "bright", "logits", None, None),
        Reads("1", "bright", "scores", "sigmoid", BINARY),
        Reads("1", "bright", "scores", None, SQUARES, shape=(28, 28, 1)),
    ],
)
def test_how_a_network_reads_is_found_out(keras: Any, digits: tuple[Any, Any], tmp_path: Path, reads: Reads) -> None:
    images, labels = digits
    seen = (images if reads.ink == "bright" else 1 - images) * np.float32(reads.scale)
    wanted = np.eye(10, dtype=np.float32)[labels] if reads.loss in (BINARY, SQUARES) else labels
    # If most of the input is large, a network only learns from normalised images.
    more = [keras.layers.BatchNormalization(momentum=0.8)] if reads.ink == "dark" else []
    network = small(keras, reads.shape, reads.head, *more)
    loss = reads.loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    taught(network, seen, wanted, loss, epochs=40)
    network.save(tmp_path / "mine.keras")
    told = opened(tmp_path / "mine.keras", tmp_path / "new")
    assert (told.scale, told.ink, told.outputs) == (reads.scale, reads.ink, reads.outputs)
    expected = network.predict(seen.reshape(-1, *reads.shape), verbose=0)
    if reads.outputs == "scores":
        expected = np.maximum(expected, 0) / np.maximum(expected, 0).sum(1, keepdims=True)
    elif reads.outputs == "logits":
        expected = np.exp(expected - expected.max(1, keepdims=True))
        expected /= expected.sum(1, keepdims=True)
    # Values up to 255 and normalising them cost precision, in Keras as well.
    assert answers(tmp_path / "new", images) == pytest.approx(expected, abs=1e-5 if reads.scale == "1" else 1e-3)
    assert (expected.argmax(1) == labels).mean() > 0.9


def test_normalized_columns_are_found_out(keras: Any, shared: Path, tmp_path: Path) -> None:
    """As in a popular video: Flatten, two layers of 128, and ``x = keras.utils.normalize(x, axis=1)``."""
    with np.load(shared / "data" / "mnist.npz") as file:
        images, labels = file["x_train"][:12_000], file["y_train"][:12_000]
        seen, digits = file["x_test"][:300].astype(np.float32) / np.float32(255), file["y_test"][:300]
    keras.utils.set_random_seed(1)
    layers = keras.layers
    hidden = [layers.Dense(128, activation="relu") for _ in range(2)]
    network = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten(), *hidden, layers.Dense(10, activation="softmax")]
    )
    network.compile("adam", SPARSE)
    network.fit(keras.utils.normalize(images, axis=1), labels, batch_size=64, epochs=1, verbose=0)
    network.save(tmp_path / "mine.keras")
    told = opened(tmp_path / "mine.keras", tmp_path / "new")
    assert (told.scale, told.ink, told.outputs) == ("normalized", "bright", "probabilities")
    assert told.right > 180
    expected = network.predict(keras.utils.normalize(seen, axis=1), verbose=0)
    found = answers(tmp_path / "new", seen)
    assert found == pytest.approx(expected, abs=1e-5)
    opened(tmp_path / "mine.keras", tmp_path / "plain", "--scale", "1")
    assert (found.argmax(1) == digits).mean() > (answers(tmp_path / "plain", seen).argmax(1) == digits).mean()


def test_functional_networks_with_normalisation_and_branches_are_opened(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path
) -> None:
    layers = keras.layers
    image = keras.Input((28, 28))
    x = layers.Flatten()(layers.Rescaling(1 / 255)(image))
    one = layers.LeakyReLU()(layers.BatchNormalization()(layers.Dense(24, kernel_regularizer="l2")(x)))
    other = layers.Dense(24, activation="tanh", kernel_initializer="he_normal")(x)
    inner = keras.Sequential([keras.Input((48,)), layers.Dropout(0.1), layers.Dense(10, activation="softmax")])
    network = keras.Model(image, inner(layers.Concatenate()([one, other])))
    taught(network, digits[0] * 255, digits[1])
    for ending in (".keras", ".hdf5"):
        file = tmp_path / f"mine{ending}"
        network.save(file)
        assert opened(file, tmp_path / "new").scale == "255"
        expected = network.predict(digits[0] * 255, verbose=0)
        assert answers(tmp_path / "new", digits[0]) == pytest.approx(expected, abs=1e-5)


def test_what_lora_learned_is_kept_and_orthogonal_starts_are_not_made(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path
) -> None:
    network = taught(small(keras, (28, 28), "softmax", keras.layers.Dense(8, kernel_initializer="orthogonal")), *digits)
    network.layers[2].enable_lora(2)
    taught(network, *digits, epochs=2)
    network.save(tmp_path / "mine.keras")
    # It reads the probe perfectly, having learned from it, which says nothing about the scale; so the scale is given.
    opened(tmp_path / "mine.keras", tmp_path / "new", "--scale", "1")
    assert answers(tmp_path / "new", digits[0]) == pytest.approx(network.predict(digits[0], verbose=0), abs=1e-5)


def test_what_an_untrained_network_wants_is_asked_and_taken_from_the_words(keras: Any, tmp_path: Path) -> None:
    network = small(keras)
    network.save(tmp_path / "mine.keras")
    for words in ((), ("--ink", "dark"), ("--scale", "255")):
        error = refused(tmp_path / "mine.keras", *words)
        assert error.instead == "ask"
        assert "--" not in str(error)  # a window shows it, too
    known = ("--scale", "255", "--ink", "dark", "--name", "Ours")
    assert opened(tmp_path / "mine.keras", tmp_path / "new", *known).outputs == "probabilities"
    card = open_bundle(tmp_path / "new").card
    assert (card.name, card.network, card.data["scale"], card.data["ink"]) == ("Ours", "mine", "255", "dark")


def test_a_network_that_reads_both_ways_is_asked_about(keras: Any, digits: tuple[Any, Any], tmp_path: Path) -> None:
    images, labels = digits
    network = taught(small(keras), np.concatenate([images, 1 - images]), np.concatenate([labels, labels]), epochs=40)
    network.save(tmp_path / "mine.keras")
    error = refused(tmp_path / "mine.keras")
    assert error.instead == "ask"
    assert "bright or dark" in str(error)
    assert opened(tmp_path / "mine.keras", tmp_path / "new", "--ink", "bright").scale == "1"


def test_answers_that_are_not_what_the_words_say_are_asked_about(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path
) -> None:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    taught(small(keras, head=None), *digits, loss).save(tmp_path / "mine.keras")
    error = refused(tmp_path / "mine.keras", "--outputs", "probabilities")
    assert error.instead == "ask"
    assert "aren't probabilities" in str(error)


@pytest.mark.parametrize("name", ["mlp.h5", "cnn.h5"])
def test_files_of_keras_2_read_mnist(shared: Path, tmp_path: Path, name: str) -> None:
    told = opened(KERAS_2 / name, tmp_path / "new")
    assert (told.scale, told.ink, told.outputs) == ("1", "bright", "probabilities")
    with np.load(shared / "data" / "mnist.npz") as file:
        images, labels = file["x_test"][:1000].astype(np.float32) / np.float32(255), file["y_test"][:1000]
    assert (answers(tmp_path / "new", images).argmax(1) == labels).mean() >= 0.9


def test_the_two_kinds_of_file_of_keras_2_answer_alike(digits: tuple[Any, Any], tmp_path: Path) -> None:
    for name in ("cnn.h5", "cnn.keras"):
        opened(KERAS_2 / name, tmp_path / name)
    assert (answers(tmp_path / "cnn.h5", digits[0]) == answers(tmp_path / "cnn.keras", digits[0])).all()


def edited(
    source: Path,
    target: Path,
    edit: Callable[[Any], object] = lambda _: None,
    members: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a `.keras` file with another configuration and other members."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        config = json.loads(parts["config.json"])
        edit(config)
        parts["config.json"] = json.dumps(config).encode()
        for name, content in (parts | dict(members or {})).items():
            new.writestr(name, content)
    return target


def layer(config: Any) -> Any:
    """Return the first dense layer of the network that `small` makes."""
    return config["config"]["layers"][2]


EDITS: list[tuple[Callable[[Any], object], str]] = [
    (lambda config: config.update(class_name="Lambda"), "no Sequential or Functional"),
    (lambda config: layer(config).update(class_name="Lambda"), "is a Lambda"),
    (lambda config: layer(config).update(class_name="MyDense", registered_name="mine>MyDense"), "'MyDense'"),
    (lambda config: layer(config).update(registered_name="mine>Dense"), "'mine>Dense'"),
    (lambda config: layer(config).update(module="os"), "'os'"),
    (lambda config: layer(config).update(module="keras.utils", class_name="get_file"), "'get_file'"),
    (lambda config: layer(config).update(class_name="TFSMLayer"), "'TFSMLayer'"),
    (lambda config: layer(config).update(class_name=7), "damaged"),
    (lambda config: layer(config)["config"].update(activation="my_relu"), "activation function 'my_relu'"),
    (
        lambda config: layer(config)["config"].update(
            activation={"module": "builtins", "class_name": "function", "config": "my_relu"}
        ),
        "function",
    ),
    (lambda config: layer(config)["config"].update(note=[{"class_name": "__lambda__", "config": {}}]), "is a Lambda"),
    (lambda config: layer(config)["config"]["kernel_initializer"].update(class_name="Mine"), "'Mine'"),
    (lambda config: layer(config)["config"].update(dtype="mixed_float16"), "'mixed_float16'"),
    (lambda config: layer(config)["config"]["dtype"]["config"].update(name="bfloat16"), "'bfloat16'"),
    (lambda config: layer(config)["config"].update(units=40_000_000), "has units = 40000000"),  # 125 GB
    (lambda config: layer(config)["config"].update(units="many"), "has units = 'many'"),
]


@pytest.mark.parametrize(("edit", "why"), EDITS)
def test_what_a_configuration_may_not_name_is_refused(
    keras: Any, tmp_path: Path, edit: Callable[[Any], object], why: str
) -> None:
    small(keras).save(tmp_path / "good.keras")
    assert why in str(refused(edited(tmp_path / "good.keras", tmp_path / "bad.keras", edit), "--ink", "bright"))


def test_lambdas_are_refused_in_both_kinds_of_file(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Lambda(lambda x: x / 255),
            layers.Dense(10),
        ]
    )
    for ending in (".keras", ".h5"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras also warns about it
            network.save(tmp_path / f"mine{ending}")
        assert "'lambda' is a Lambda" in str(refused(tmp_path / f"mine{ending}"))


def test_registered_classes_are_refused(keras: Any, tmp_path: Path) -> None:
    @keras.saving.register_keras_serializable("mine")
    class Mine(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    network = keras.Sequential([keras.Input((784,)), Mine(), keras.layers.Dense(10)])
    for ending in (".keras", ".h5"):
        network.save(tmp_path / f"mine{ending}")
        assert "Mine" in str(refused(tmp_path / f"mine{ending}"))


@pytest.mark.parametrize(
    ("shape", "units", "why"),
    [
        ((32, 32), 10, "reads 32x32"),
        ((28, 28, 3), 10, "reads 28x28x3"),
        ((28, 28), 12, "answers with 12, but there are 10 digits"),
        ((28, 28), 26, "answers with 26 numbers, as networks for letters do, but there are 10 digits"),
        ((28, 28), 47, "answers with 47 numbers, as networks for digits and letters do"),
    ],
)
def test_other_shapes_are_refused(keras: Any, tmp_path: Path, shape: Any, units: int, why: str) -> None:
    network = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(units)])
    for ending in (".keras", ".h5"):
        network.save(tmp_path / f"mine{ending}")
        assert why in str(refused(tmp_path / f"mine{ending}"))


@pytest.mark.parametrize("head", ["softmax", None])
def test_an_eleventh_answer_is_left_out_and_it_is_said(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path, head: str | None
) -> None:
    """From networks that also learned what isn't a digit: here blank paper and noise."""
    images, labels = digits
    noise = np.random.default_rng(0).uniform(0, 1, images.shape).astype(np.float32)
    keras.utils.set_random_seed(0)
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(11, activation=head),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=head is None)
    taught(network, np.concatenate([images, noise]), np.concatenate([labels, np.full(len(noise), 10)]), loss, epochs=20)
    network.save(tmp_path / "mine.keras")
    told: list[events.Event] = []
    words = ["open", str(tmp_path / "mine.keras"), "--output", str(tmp_path / "new")]
    open_here(parser().parse_args(words), told.append)
    assert [event.note for event in told if isinstance(event, events.Noted)] == [
        "It answers with 11 numbers. The last one, which seems to stand for what isn't a digit, is left out."
    ]
    assert isinstance(told[-1], events.Opened)
    assert told[-1].right > 180
    expected = network.predict(images, verbose=0)[:, :10]
    expected = np.exp(expected) if head is None else expected
    assert answers(tmp_path / "new", images) == pytest.approx(expected / expected.sum(1, keepdims=True), abs=1e-5)


def test_giant_layers_without_weights_are_refused(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.ZeroPadding2D(20_000),  # 6 GB for each image
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    network.save(tmp_path / "mine.keras")
    assert "too large" in str(refused(tmp_path / "mine.keras"))


@pytest.mark.parametrize("pack", [lambda end: [end], lambda end: {end.name: end}], ids=["list", "names"])
def test_an_input_and_an_output_may_be_in_lists_or_have_names(
    keras: Any, digits: tuple[Any, Any], tmp_path: Path, pack: Callable[[Any], Any]
) -> None:
    network = taught(small(keras), *digits)
    packed = keras.Model(pack(network.inputs[0]), pack(network.outputs[0]))
    packed.save(tmp_path / "mine.keras")
    assert opened(tmp_path / "mine.keras", tmp_path / "new").outputs == "probabilities"
    assert answers(tmp_path / "new", digits[0]) == pytest.approx(network.predict(digits[0], verbose=0), abs=1e-5)


def test_a_network_that_fails_when_it_reads_is_refused(keras: Any, tmp_path: Path) -> None:
    small(keras, (28, 28), "softmax", keras.layers.Softmax(axis=[1, 99])).save(tmp_path / "mine.keras")
    assert str(refused(tmp_path / "mine.keras")) == (
        "The network in mine.keras fails when it reads an image. Build it from other layers."
    )


def test_two_inputs_are_refused(keras: Any, tmp_path: Path) -> None:
    ends = [keras.Input((784,)), keras.Input((784,))]
    keras.Model(ends, keras.layers.Dense(10)(keras.layers.Add()(ends))).save(tmp_path / "mine.keras")
    assert "reads 784 and 784" in str(refused(tmp_path / "mine.keras"))


def _external_link(file: Any, h5py: Any, secret: Path) -> None:
    file["more"] = h5py.ExternalLink(str(secret), "/")


def _soft_link(file: Any, h5py: Any, _secret: Path) -> None:
    file["more"] = h5py.SoftLink("/elsewhere")


def _external_numbers(file: Any, _h5py: Any, secret: Path) -> None:
    file.create_dataset("more", (10,), "u1", external=[(str(secret), 0, 10)])


def _virtual_numbers(file: Any, h5py: Any, secret: Path) -> None:
    layout = h5py.VirtualLayout((10,), "u1")
    layout[:] = h5py.VirtualSource(str(secret), "x", (10,))
    file.create_virtual_dataset("more", layout)


def _giant_numbers(file: Any, _h5py: Any, _secret: Path) -> None:
    file.create_dataset("more", (10**12,), "f4", chunks=(1000,))


def _words(file: Any, _h5py: Any, _secret: Path) -> None:
    file.create_dataset("more", data=[b"words"])


def _deflated_otherwise(file: Any, _h5py: Any, _secret: Path) -> None:
    file.create_dataset("more", data=np.zeros(10), compression="lzf")


def _named_type(file: Any, _h5py: Any, _secret: Path) -> None:
    file["more"] = np.dtype("f4")


HOSTILE: list[tuple[Callable[[Any, Any, Path], None], str]] = [
    (_external_link, "a link"),
    (_soft_link, "a link"),
    (_external_numbers, "another file"),
    (_virtual_numbers, "another file"),
    (_giant_numbers, "more numbers"),
    (_words, "something other than numbers"),
    (_deflated_otherwise, "packed"),
    (_named_type, "another kind"),
]


@pytest.mark.parametrize(("change", "why"), HOSTILE)
def test_hdf5_that_keras_does_not_write_is_refused(keras: Any, tmp_path: Path, change: Any, why: str) -> None:
    import h5py  # noqa: PLC0415  (comes with the training packages)

    secret = tmp_path / "secret"
    secret.write_bytes(b"0123456789")
    network = small(keras)
    network.save(tmp_path / "mine.h5")
    network.save(tmp_path / "good.keras")
    weights = tmp_path / "weights.h5"
    with zipfile.ZipFile(tmp_path / "good.keras") as archive:
        weights.write_bytes(archive.read("model.weights.h5"))
    for path in (tmp_path / "mine.h5", weights):
        with h5py.File(path, "r+") as file:
            change(file, h5py, secret)
    members = {"model.weights.h5": weights.read_bytes()}
    edited(tmp_path / "good.keras", tmp_path / "mine.keras", members=members)
    for name in ("mine.h5", "mine.keras"):
        assert why in str(refused(tmp_path / name))


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"assets/more.txt": b"more"}, "has more in it than"),
        ({"../model.keras": b"more"}, "has more in it than"),
        ({"config.json": b" " * 20_000_000}, "too large for a network"),
        ({"config.json": b"[" * 1_000_000}, "nested"),
        ({"config.json": b"{"}, "damaged"),
        ({"config.json": b"\xff\xfe\x00"}, "damaged"),
        ({"config.json": b"[]"}, "no Sequential or Functional"),
        ({"model.weights.h5": b"no weights"}, "damaged"),
    ],
)
def test_zips_that_keras_does_not_write_are_refused(keras: Any, tmp_path: Path, members: Any, why: str) -> None:
    small(keras).save(tmp_path / "good.keras")
    assert why in str(refused(edited(tmp_path / "good.keras", tmp_path / "mine.keras", members=members)))


@pytest.mark.parametrize("member", ["config.json", "metadata.json", "model.weights.h5"])
def test_encrypted_parts_are_refused_before_any_is_unpacked(tmp_path: Path, member: str) -> None:
    shutil.copy(BUNDLED / KERAS_FILE, tmp_path / "mine.keras")
    with zipfile.ZipFile(tmp_path / "mine.keras", "a") as archive:
        archive.getinfo(member).flag_bits |= 1
        archive.comment = b"so that its list is written anew"
    assert "packed in a way that Keras doesn't use" in str(refused(tmp_path / "mine.keras"))


def test_files_that_are_no_models_are_refused(keras: Any, tmp_path: Path) -> None:
    network = small(keras)
    for ending in (".keras", ".h5"):
        whole = tmp_path / f"whole{ending}"
        network.save(whole)
        cut = tmp_path / f"cut{ending}"
        cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        assert "damaged, or isn't a Keras model" in str(refused(cut))
        text = tmp_path / f"text{ending}"
        text.write_text("no model")
        assert "damaged, or isn't a Keras model" in str(refused(text))
        empty = tmp_path / f"empty{ending}"
        empty.touch()
        assert "damaged, or isn't a Keras model" in str(refused(empty))
        folder = tmp_path / f"folder{ending}"
        folder.mkdir()
        assert "is a folder" in str(refused(folder))
        assert "can't be read" in str(refused(tmp_path / f"nowhere{ending}"))
    network.save_weights(tmp_path / "mine.weights.h5")
    assert "has no network in it" in str(refused(tmp_path / "mine.weights.h5"))
    (tmp_path / "model.pt").touch()
    assert "is an empty file, not a .keras, .h5 or .tflite file" in str(refused(tmp_path / "model.pt"))


def test_damage_anywhere_is_told_in_a_sentence(keras: Any, tmp_path: Path) -> None:
    """Some damage doesn't show: then the file opens, or it reads digits too badly."""
    network = small(keras)
    network.save(tmp_path / "whole.h5")
    whole = (tmp_path / "whole.h5").read_bytes()
    random = np.random.default_rng(0)
    for _ in range(40):
        content = np.frombuffer(whole, np.uint8).copy()
        places = random.integers(0, min(len(content), 12_000), 20)  # most of what isn't weights is there
        content[places] = random.integers(0, 256, 20)
        (tmp_path / "mine.h5").write_bytes(content.tobytes())
        refused(tmp_path / "mine.h5")


def test_the_command_tells_events(tmp_path: Path) -> None:
    done = run("model", "open", KERAS_2 / "mlp.h5", "--output", tmp_path / "new", "--name", "My first", "--events")
    assert done.returncode == 0, done.stderr
    told = [events.from_line(line) for line in done.stdout.splitlines()]
    last = told[-1]
    assert isinstance(last, events.Opened)
    assert last == events.Opened(str(tmp_path / "new"), "1", "bright", "probabilities", last.right, 200)
    assert last.right > 150
    assert all(isinstance(event, events.Stage) for event in told[:-1])
    assert open_bundle(tmp_path / "new").card.name == "My first"
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_the_command_tells_people_and_asks(keras: Any, tmp_path: Path) -> None:
    small(keras).save(tmp_path / "mine.keras")
    done = run("model", "open", tmp_path / "mine.keras", "--output", tmp_path / "new")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].endswith("The options for it are --ink, --scale and --outputs.")
    done = run("model", "open", tmp_path / "mine.keras", "--output", tmp_path / "new", "--ink", "dark", "--scale", "1")
    assert done.returncode == 0, done.stderr
    assert "reads dark ink, 0 to 1, and answers with probabilities; reads " in done.stdout
    assert done.stdout.endswith(" of 200 drawn digits\n")


def test_a_refusal_is_an_event_and_needs_no_tensorflow(tmp_path: Path) -> None:
    (tmp_path / "mine.h5").write_text("no model")
    (tmp_path / "tensorflow.py").write_text("raise ModuleNotFoundError")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    words = ("--output", tmp_path / "new", "--events")
    for file, why in ((tmp_path / "mine.h5", "damaged"), (KERAS_2 / "mlp.h5", installation.command("train"))):
        done = run("model", "open", file, *words, PYTHONPATH=path, KERAS_BACKEND="tensorflow")
        assert done.returncode == 1
        failed = events.from_line(done.stdout.splitlines()[-1])
        assert isinstance(failed, events.Failed)
        assert why in failed.message
        assert failed.instead == ""
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()
