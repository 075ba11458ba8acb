"""The tutorial's networks, by name, with their settings: trained for a moment in this process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base import events
from model.base.errors import UserError
from model.bundle.bundle import KERAS_FILE, Bundle, open_bundle
from model.data import architectures, data
from model.data.architectures import ACTIVATIONS, INITIALIZERS, LOSSES, NETWORKS, OPTIMIZERS
from model.data.recipe import How, Recipe
from model.reading.recognizer import Recognizer
from tests.conftest import run, save_npz, ten_patterns

Train = Callable[..., tuple[Bundle, list[events.Event]]]


@pytest.fixture
def train(tmp_path: Path) -> Train:
    """Trains a network on a few images, and returns its bundle and the reported events."""
    from model.training.learn.train import train  # noqa: PLC0415  (TensorFlow)

    def start(network: str, few: data.Mnist | None = None, **knobs: Any) -> tuple[Bundle, list[events.Event]]:
        told: list[events.Event] = []
        some = few or mnist(**ten_patterns(600, 100))
        train(Recipe.of(network, **knobs), some, data.Ink(), How(tmp_path / "new", replace=True), told.append)
        return open_bundle(tmp_path / "new"), told

    return start


def mnist(**arrays: np.ndarray[Any, Any]) -> data.Mnist:
    labels = {name: arrays[name].astype(np.uint8) for name in ("y_train", "y_test")}
    return data.Mnist(arrays["x_train"], labels["y_train"], arrays["x_test"], labels["y_test"], source="few")


WEIGHTS = {  # during training
    "mlp-128": 101_770,
    "mlp-256": 203_530,
    "mlp-1000": 795_010,
    "mlp-1000-long": 795_010,
    "mlp-512": 407_050,
    "mlp-512-dropout": 407_050,
    "mlp-256-128-dropout": 235_146,
    "cnn": 317_066,
    "mlp-1200-1000-500": 2_656_610,
    "cnn-batchnorm": 305_090,
}
FINISHED = WEIGHTS | {  # without batch normalisation
    "mlp-1200-1000-500": 784 * 1200 + 1200 + 1200 * 1000 + 1000 + 1000 * 500 + 500 + 500 * 10 + 10,
}


def test_every_network_has_its_number_of_weights() -> None:
    assert list(NETWORKS) == list(WEIGHTS)


@pytest.mark.parametrize("name", WEIGHTS)
def test_every_network_trains_exports_and_reads(train: Train, name: str) -> None:
    import keras  # noqa: PLC0415  (seconds)

    knobs: dict[str, Any] = {"epochs": 2, "batch_size": 20}
    if NETWORKS[name].knobs.get("deform"):  # the patterns are noise, and deformed or moved noise is a different pattern
        # A teacher with batch normalisation knows nothing after so few steps, so learning from it depends on luck.
        knobs |= {"epochs": 6, "deform": False, "views": False, "teacher": "mlp-128", "teachers": 1}
    bundle, told = train(name, **knobs)
    bundle.verify()
    *_, started = (event for event in told if isinstance(event, events.Started))
    finished = told[-1]
    assert (started.weights, started.role) == (WEIGHTS[name], "network")
    assert bundle.card.weights == FINISHED[name]
    assert isinstance(finished, events.Finished)
    assert (finished.accuracy or 0) > 0.8
    images = ten_patterns(600, 100)["x_test"].astype(np.float32) / np.float32(255)
    recognizer = Recognizer(bundle)
    ours = np.array([recognizer.probabilities(image) for image in images])
    theirs = keras.saving.load_model(bundle.path / KERAS_FILE, compile=False).predict(images, verbose=0)
    assert np.abs(ours - theirs).max() <= (0.02 if bundle.card.recipe["int8"] else 1e-5)
    assert ours.sum(1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "knobs"),
    [
        ("mlp-128", {"epochs": 5, "batch_size": 64, "loss": "sparse", "validation_split": 0.2, "keep": "last"}),
        ("mlp-256", {"epochs": 10, "batch_size": 200, "initializer": "normal", "validation_split": 0.2}),
        ("mlp-1000", {"epochs": 10, "batch_size": 200, "initializer": "normal", "loss": "categorical"}),
        ("mlp-1000-long", {"epochs": 50, "batch_size": 64, "validation_split": None}),
        ("mlp-512", {"epochs": 8, "batch_size": 128, "validation_split": None, "keep": "best"}),
        ("mlp-512-dropout", {"epochs": 8, "batch_size": 128, "validation_split": None, "keep": "best"}),
        ("mlp-256-128-dropout", {"epochs": 20, "batch_size": 128}),
        ("cnn", {"epochs": 12, "batch_size": 64, "keep": "best"}),
    ],
)
def test_every_network_is_trained_as_its_tutorial_does(name: str, knobs: dict[str, Any]) -> None:
    recipe = Recipe.of(name)
    assert {knob: getattr(recipe, knob) for knob in knobs} == knobs
    assert recipe.optimizer == "adam"
    assert not any((recipe.deform, recipe.calibrate, recipe.views, recipe.half))
    assert recipe.teacher == "none"


def test_the_bundled_network_has_all_that_helps() -> None:
    recipe = Recipe.of("mlp-1200-1000-500")
    assert all((recipe.deform, recipe.calibrate, recipe.views, recipe.half))
    assert (recipe.teacher, recipe.teachers, recipe.schedule) == ("cnn-batchnorm", 3, "cosine")
    assert 60_000 - round(60_000 * (recipe.validation_split or 0)) == 59_000


WORDS = {"activation": [*ACTIVATIONS], "initializer": [*INITIALIZERS], "loss": [*LOSSES], "optimizer": [*OPTIMIZERS]}


@pytest.mark.parametrize("number", range(max(map(len, WORDS.values()))))
def test_every_word_of_every_knob_trains(number: int) -> None:
    """One word of each setting at a time, from the start again where a setting has fewer."""
    from model.training.learn.loop import Watch, fit  # noqa: PLC0415  (TensorFlow)
    from model.training.learn.material import prepare  # noqa: PLC0415  (as above)

    recipe = Recipe.of("mlp-128", epochs=2, **{knob: words[number % len(words)] for knob, words in WORDS.items()})
    watch = Watch(report=lambda _event: None, show=lambda _line: None)
    _network, (first, second) = fit(recipe, prepare(recipe, mnist(**ten_patterns(600, 100)), data.Ink()), watch)
    assert np.isfinite(first.loss)
    assert second.loss < first.loss


def test_the_words_reach_the_network(train: Train) -> None:
    words = {"activation": "tanh", "initializer": "he", "loss": "huber", "optimizer": "sgd"}
    bundle, _ = train("mlp-256", epochs=1, learning_rate=0.5, **words)
    assert {knob: bundle.card.recipe[knob] for knob in WORDS} == words
    import keras  # noqa: PLC0415  (seconds)

    _, hidden, answer = keras.saving.load_model(bundle.path / KERAS_FILE, compile=False).layers
    assert hidden.get_config()["activation"] == "tanh"
    assert hidden.get_config()["kernel_initializer"]["class_name"] == "HeNormal"
    assert answer.get_config()["activation"] == "softmax"
    assert bundle.card.recipe["learning_rate"] == 0.5


@pytest.mark.parametrize("name", ["mlp-1200-1000-500", "cnn-batchnorm", "mlp-512-dropout"])
def test_mixed_precision_computes_in_bfloat16_and_leaves_float32(train: Train, name: str) -> None:
    import keras  # noqa: PLC0415

    network = architectures.build(keras, name, mixed=True)
    *hidden, last = network.layers
    for layer in hidden:
        exact = isinstance(layer, keras.layers.BatchNormalization)
        assert layer.compute_dtype == ("float32" if exact else "bfloat16")
    assert last.compute_dtype == "float32"
    assert {str(variable.dtype) for variable in network.trainable_variables} == {"float32"}
    bundle, told = train(name, mixed=True, epochs=3, batch_size=20, deform=False, views=False, teacher="none")
    finished = told[-1]
    assert isinstance(finished, events.Finished)
    assert (finished.accuracy or 0) > 0.8
    assert bundle.card.recipe["mixed"] is True
    exported = keras.saving.load_model(bundle.path / KERAS_FILE, compile=False)
    assert {layer.compute_dtype for layer in exported.layers} == {"float32"}


def test_views_are_refused_before_anything_is_trained(train: Train, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Only networks of dense layers can have views"):
        train("cnn", views=True)
    assert not (tmp_path / "new").exists()


def test_a_loss_that_is_no_number_ends_in_a_sentence(train: Train) -> None:
    with pytest.raises(UserError, match="lower learning rate"):
        train("mlp-128", epochs=2, optimizer="sgd", loss="mse", activation="elu", learning_rate=1e30)


def test_the_best_epoch_is_kept_by_what_is_monitored(train: Train) -> None:
    import keras  # noqa: PLC0415  (seconds)

    noise = np.random.default_rng(0)
    arrays = ten_patterns(600, 100) | {
        "x_train": noise.integers(0, 256, (600, 28, 28), np.uint8),  # noise, so it only gets worse with time
        "y_train": noise.integers(0, 10, 600),
    }
    images, labels = arrays["x_train"][480:].astype(np.float32) / np.float32(255), arrays["y_train"][480:]
    for keep in ("best", "last"):
        bundle, told = train("mlp-128", mnist(**arrays), epochs=6, keep=keep, monitor="val_loss")
        seen = [event.validation_loss for event in told if isinstance(event, events.EpochDone)]
        assert min(seen) < seen[-1]
        network = keras.saving.load_model(bundle.path / KERAS_FILE, compile=False)
        network.compile(loss="sparse_categorical_crossentropy")
        kept = min(seen) if keep == "best" else seen[-1]
        assert network.evaluate(images, labels, verbose=0) == pytest.approx(kept, rel=1e-4)


def test_a_card_says_when_the_test_images_validated(train: Train) -> None:
    bundle, _ = train("mlp-512-dropout", epochs=1)
    assert bundle.card.data == {"train": 600, "validation": "the test images", "test": 100, "source": "few"}
    bundle, told = train("mlp-128", epochs=1, validation_split=0.25)
    assert bundle.card.data["validation"] == 150
    assert isinstance(told[0], events.Started)
    assert (told[0].train_images, told[0].validation_images) == (450, 150)


def test_the_same_seed_gives_the_same_weights_to_the_bit(tmp_path: Path) -> None:
    import keras  # noqa: PLC0415  (seconds)

    save_npz(tmp_path / "few.npz", **ten_patterns(600, 100))
    weights = []
    for seed, name in ((5, "a"), (5, "b"), (6, "c")):
        words = ("--network", "cnn", "--epochs", "1", "--seed", str(seed), "--deterministic", "--events")
        done = run("model", "train", "--data", tmp_path / "few.npz", *words, "--output", tmp_path / name)
        assert done.returncode == 0, done.stderr
        weights.append(keras.saving.load_model(tmp_path / name / KERAS_FILE, compile=False).get_weights())
    first, again, other = weights
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not all(np.array_equal(one, two) for one, two in zip(first, other, strict=True))
    assert json.loads((tmp_path / "a" / "card.json").read_text())["recipe"]["deterministic"] is True
