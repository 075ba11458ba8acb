"""How much of a Keras file is read and unpacked: just below and just above what there may be."""

import zipfile
from pathlib import Path

import pytest

pytest.importorskip("h5py")
from model.training.files import keras_file
from model.training.files.allowed import OpenError

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
        file.truncate(size)  # zeros that take no room
    with pytest.raises(OpenError, match=said):
        keras_file.checked(path, copies)


@pytest.mark.parametrize("member", MEMBERS)
def test_the_most_that_a_keras_file_unpacks_to(
    member: str, tmp_path: Path, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras_file, "LARGEST_FILE", 1_000_000)  # of the weights; the others' limit is quickly reached
    most = 1_000_000 if member == "model.weights.h5" else 10_000_000
    for size, told in ((most, False), (most + 1, True)):
        path = tmp_path / "large.keras"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in MEMBERS:
                archive.writestr(name, b"{}".ljust(size if name == member else 2))
        with pytest.raises(OpenError) as refused:
            keras_file.checked(path, copies)
        assert ("holds more than a network needs" in str(refused.value)) == told
