"""How much of a Keras file is read and unpacked: just below and just above the limits."""

import hashlib
import json
import re
import shutil
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("h5py")
import h5py

from model.bundle.bundle import BUNDLED, KERAS_FILE
from model.training.files import keras2, keras_file, pairs
from model.training.files.allowed import OpenError
from tests.conftest import on_linux
from tests.model.given.test_pictures import somebody_s
from tests.model.training.opened.test_keras2 import KERAS_2, as_written_by, groups_with_arrays, weights_of
from tests.model.training.opened.test_open import edited
from tests.model.training.opened.test_pairs import parted

__all__ = ["somebody_s"]  # a fixture

MEMBERS = ("config.json", "metadata.json", "model.weights.h5")


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(("size", "said"), [(200_000_000, "is damaged"), (200_000_001, "is larger than 200 MB")])
def test_the_largest_file_of_a_model(size: int, said: str, tmp_path: Path, copies: Path) -> None:
    path = tmp_path / "large.h5"
    with path.open("wb") as file:
        file.truncate(size)  # zeros that take no space
    with pytest.raises(OpenError, match=said):
        keras_file.checked(path, copies)


@pytest.mark.parametrize("member", MEMBERS)
def test_the_most_that_a_keras_file_unpacks_to(
    member: str, tmp_path: Path, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras_file, "LARGEST_FILE", 1_000_000)  # for the weights; the others' limit is small enough
    most = 1_000_000 if member == "model.weights.h5" else 10_000_000
    for size, told in ((most, False), (most + 1, True)):
        path = tmp_path / "large.keras"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in MEMBERS:
                archive.writestr(name, b"{}".ljust(size if name == member else 2))
        with pytest.raises(OpenError) as refused:
            keras_file.checked(path, copies)
        assert ("is too large for a network when it's unpacked" in str(refused.value)) == told


@pytest.mark.parametrize("name", ["mlp.h5", "cnn.h5"])
def test_a_file_of_keras_2_is_passed_on_with_a_clean_description(name: str, copies: Path) -> None:
    found = keras_file.checked(KERAS_2 / name, copies)
    assert (found.name, found.path) == (name, copies / "model.h5")
    assert found.sha256 == hashlib.sha256((KERAS_2 / name).read_bytes()).hexdigest()
    with h5py.File(found.path, "r") as file, h5py.File(KERAS_2 / name, "r") as old:
        config = json.loads(file.attrs["model_config"])
        assert "kernel_initializer" in old.attrs["model_config"]
        assert "kernel_initializer" not in file.attrs["model_config"]
        assert len(config["config"]["layers"]) == len(json.loads(old.attrs["model_config"])["config"]["layers"])
        assert list(file["model_weights"]) == list(old["model_weights"])


@pytest.mark.parametrize("version", ["2.13.1", "2.15.0"])
@pytest.mark.parametrize("join", ["/", "\\"])
def test_a_zip_of_keras_2_is_laid_out_as_3_looks_for_it(version: str, join: str, tmp_path: Path, copies: Path) -> None:
    old = as_written_by(version, BUNDLED / KERAS_FILE, tmp_path / "old.keras", join)
    found = keras_file.checked(old, copies)
    assert found.path == copies / "model.keras"
    with zipfile.ZipFile(found.path) as archive:
        assert json.loads(archive.read("config.json"))["class_name"] == "Sequential"
    with weights_of(found.path) as ours, weights_of(BUNDLED / KERAS_FILE) as theirs:
        places = [place for place in groups_with_arrays(theirs) if place and len(theirs[place]["vars"])]
        assert [place for place in groups_with_arrays(ours) if place and len(ours[place]["vars"])] == places
        for place in places:
            for number in theirs[place]["vars"]:
                assert np.array_equal(ours[place]["vars"][number], theirs[place]["vars"][number])
    assert not (copies / "model.weights.h5").exists()


def test_the_words_of_keras_2_become_those_of_3() -> None:
    def said(*shape: object) -> dict[str, object]:
        return {"class_name": "InputLayer", "config": {"batch_input_shape": [None, *shape]}}

    norm = {"class_name": "BatchNormalization", "config": {"axis": [3], "batch_input_shape": [None, 4]}}
    both = {"class_name": "LayerNormalization", "config": {"axis": [1, 2]}}
    old = {"class_name": "Functional", "config": {"layers": [said(28, 28), norm, both]}, "module": "keras"}
    assert keras2.in_words_of_3(old) == {
        "class_name": "Functional",
        "config": {
            "layers": [
                {"class_name": "InputLayer", "config": {"batch_shape": [None, 28, 28]}},
                {"class_name": "BatchNormalization", "config": {"axis": 3}},
                {"class_name": "LayerNormalization", "config": {"axis": [1, 2]}},
            ]
        },
        "module": "keras.src.models.functional",
    }
    told: list[object] = [{"keras_version": "2.15.0"}, {"keras_version": "3.0"}, {}, []]
    assert [keras2.is_of_keras_2(each) for each in told] == [True, False, False, False]


@pytest.mark.parametrize("named", ["model", "other"])
def test_a_network_in_two_files_is_put_together(named: str, tmp_path: Path, copies: Path) -> None:
    description, weights = parted(KERAS_2 / "mlp.h5", tmp_path)
    weights = weights.rename(tmp_path / f"{named}.h5")
    with h5py.File(weights, "r+") as noted:
        del noted.attrs["backend"]
    for file in (description, weights):
        found = keras_file.checked(file, copies)
        assert (found.path, found.name) == (copies / "together.h5", file.name)
        with h5py.File(found.path, "r") as whole, h5py.File(KERAS_2 / "mlp.h5", "r") as old:
            assert list(whole["model_weights"].attrs["layer_names"]) == list(old["model_weights"].attrs["layer_names"])
            assert json.loads(whole.attrs["model_config"])["class_name"] == "Sequential"
            assert list(whole["model_weights"]) == list(old["model_weights"])


def test_weights_of_keras_3_and_their_description_are_put_together(tmp_path: Path, copies: Path) -> None:
    with zipfile.ZipFile(BUNDLED / KERAS_FILE) as archive:
        described = json.loads(archive.read("config.json"))
        (tmp_path / "mine.weights.h5").write_bytes(archive.read("model.weights.h5"))
    del described["module"]  # as Keras 2 describes one
    (tmp_path / "mine.json").write_text(json.dumps(described))
    found = keras_file.checked(tmp_path / "mine.weights.h5", copies)
    assert found.path == copies / "together.keras"
    with zipfile.ZipFile(found.path) as archive:
        assert json.loads(archive.read("config.json"))["module"] == "keras"
        assert sorted(archive.namelist()) == sorted(MEMBERS)
        assert json.loads(archive.read("metadata.json")) == {"keras_version": "3"}
        assert archive.read("model.weights.h5") == (tmp_path / "mine.weights.h5").read_bytes()


def test_weights_of_keras_2_alone_are_laid_out_as_3_looks_for_them(tmp_path: Path, copies: Path) -> None:
    old = as_written_by("2.15.0", BUNDLED / KERAS_FILE, tmp_path / "old.keras", "\\")
    with zipfile.ZipFile(old) as archive:
        (tmp_path / "mine.json").write_bytes(archive.read("config.json"))
        (tmp_path / "mine.weights.h5").write_bytes(archive.read("model.weights.h5"))
    with weights_of(keras_file.checked(tmp_path / "mine.json", copies).path) as ours:
        assert "layers" in ours
        assert not any("\\" in name for name in ours)


def test_the_states_of_random_numbers_are_taken_out_of_lists(tmp_path: Path, copies: Path) -> None:
    shutil.copy(KERAS_2 / "mlp.h5", tmp_path / "mine.h5")
    with h5py.File(tmp_path / "mine.h5", "r+") as file:
        group = file["model_weights"].create_group("random_rotation")
        group.attrs["weight_names"] = [b"StateVar:0", b"kernel:0"]
        whole = {name: list(file["model_weights"][name].attrs["weight_names"]) for name in file["model_weights"]}
    with h5py.File(keras_file.checked(tmp_path / "mine.h5", copies).path, "r") as file:
        left = {name: list(file["model_weights"][name].attrs["weight_names"]) for name in file["model_weights"]}
    assert left == whole | {"random_rotation": ["kernel:0"]} or left == whole | {"random_rotation": [b"kernel:0"]}


def test_of_several_files_the_one_of_the_same_name_lies_beside(tmp_path: Path) -> None:
    for name in ("mine.json", "mine.weights.h5", "other.h5", "third.HDF5"):
        (tmp_path / name).touch()
    (tmp_path / "folder.h5").mkdir()
    assert pairs.weights_beside(tmp_path / "mine.json").name == "mine.weights.h5"
    assert pairs.description_beside(tmp_path / "other.h5").name == "mine.json"  # the only one
    with pytest.raises(OpenError, match=r"no\.json only describes a network"):
        pairs.weights_beside(tmp_path / "no.json")
    for name in ("mine.weights.h5", "other.h5"):
        (tmp_path / name).unlink()
    assert pairs.weights_beside(tmp_path / "mine.json").name == "third.HDF5"


def test_what_lies_not_beside_is_asked_for(tmp_path: Path, copies: Path) -> None:
    description, weights = parted(KERAS_2 / "mlp.h5", tmp_path)
    description.unlink()
    with pytest.raises(OpenError, match=r"model\.h5 has no network in it, at most weights\. Save the whole model"):
        keras_file.checked(weights, copies)
    description.write_text('{"class_name": "Sequential"}')
    weights.unlink()
    with pytest.raises(OpenError, match=r"model\.json only describes a network\. Put its weights into the same"):
        keras_file.checked(description, copies)


@on_linux
def test_in_a_folder_that_nobody_may_list_nothing_lies_beside(somebody_s: Path) -> None:
    for name in ("mine", "copies"):
        (somebody_s / name).mkdir()
    description, _weights = parted(KERAS_2 / "mlp.h5", somebody_s / "mine")
    (somebody_s / "mine").chmod(0o300)
    try:
        with pytest.raises(OpenError, match=r"model\.json only describes a network"):
            keras_file.checked(description, somebody_s / "copies")
    finally:
        (somebody_s / "mine").chmod(0o700)


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (
            {"assets/more.txt": b"more"},
            "mine.keras has more in it than a Keras model's configuration and weights.",
        ),
        ({"config.json": b"[" * 1_000_000}, "mine.keras is nested too deeply for a network; choose another file."),
        (
            {"config.json": b"{"},
            "mine.keras is damaged, or isn't a Keras model (JSONDecodeError).",
        ),
        ({"config.json": b"[]"}, "no Sequential or Functional"),
        ({"model.weights.h5": b"no weights"}, "mine.keras is damaged, or isn't a Keras model (OSError)"),
        ({"metadata.json": b"7"}, ""),
    ],
)
def test_zips_that_keras_does_not_write(members: dict[str, bytes], why: str, tmp_path: Path, copies: Path) -> None:
    path = edited(BUNDLED / KERAS_FILE, tmp_path / "mine.keras", members=members)
    if not why:
        assert keras_file.checked(path, copies).name == "mine.keras"
        return
    with pytest.raises(OpenError, match=re.escape(why)):
        keras_file.checked(path, copies)


@pytest.mark.parametrize("members", [(*MEMBERS, "config.json"), (*MEMBERS[:2], "assets/more.txt"), MEMBERS[:2]])
def test_zips_have_each_member_once_and_no_others(members: tuple[str, ...], tmp_path: Path, copies: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mine.keras", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile also warns of a name that's there already
        for name in members:
            archive.writestr(name, b"{}")
    with pytest.raises(OpenError, match=r"mine\.keras has more in it than a Keras model's configuration and weights\."):
        keras_file.checked(tmp_path / "mine.keras", copies)


@pytest.mark.parametrize(("how", "bits"), [(zipfile.ZIP_BZIP2, 0), (zipfile.ZIP_DEFLATED, 1)])
def test_zips_that_are_packed_in_another_way(how: int, bits: int, tmp_path: Path, copies: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mine.keras", "w", how) as archive:
        for name in MEMBERS:
            archive.writestr(name, b"{}")
        archive.getinfo("config.json").flag_bits |= bits
    with pytest.raises(OpenError, match=r"mine\.keras is packed in a way that Keras doesn't use\. Save"):
        keras_file.checked(tmp_path / "mine.keras", copies)


@on_linux
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.h5", None, "none.h5 can't be read (No such file or directory); choose another file."),
        ("page.json", b"%PDF-1.7", "page.json is a PDF, not a .keras, .h5 or .tflite file."),
        ("mine.json", b"[]", "mine.json is a JSON file, not a .keras"),
        ("text.h5", b"no model", "text.h5 is damaged, or isn't a Keras model (OSError)."),
    ],
)
def test_what_is_no_network(name: str, content: bytes | None, why: str, tmp_path: Path, copies: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(OpenError, match=re.escape(why)):
        keras_file.checked(tmp_path / name, copies)


def test_a_description_that_is_too_long_is_not_read(tmp_path: Path, copies: Path) -> None:
    description, _weights = parted(KERAS_2 / "mlp.h5", tmp_path)
    text = description.read_text()
    for length, refused in ((keras_file.LARGEST_TEXT, False), (keras_file.LARGEST_TEXT + 1, True)):
        description.write_text(text.ljust(length))
        if refused:
            with pytest.raises(OpenError, match=r"The description in model\.json is too long for a network; choose"):
                keras_file.checked(description, copies)
        else:
            keras_file.checked(description, copies)
