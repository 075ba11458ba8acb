"""Looking at MNIST as users do: by ``python -m model inspect``, in its own process."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.base.errors import UserError
from model.data import data
from model.judging import inspection
from model.reading.recognizer import Recognizer
from tests.conftest import on_linux, run, run_anew, save_npz, ten_patterns
from tests.fonts import make_font

RARE = "\U0010fffd"  # for private use: only a font made for it has it


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return save_npz(tmp_path / "small.npz", **ten_patterns(30, 25))


def test_the_first_twenty_training_images_have_their_labels(small: Path) -> None:
    loaded = data.load(small)
    tiles = inspection.training_tiles(loaded)
    assert [tile.title for tile in tiles] == [str(label) for label in loaded.train_labels[:20]]
    assert all(np.array_equal(tile.image, image) for tile, image in zip(tiles, loaded.train_images, strict=False))


def test_chosen_test_images_have_label_answer_and_a_mark_where_they_differ(small: Path, recognizer: Recognizer) -> None:
    loaded = data.load(small)
    for index, tile in zip([24, 0, 3], inspection.chosen_tiles(loaded, [24, 0, 3], recognizer), strict=True):
        prediction = recognizer.read(loaded.test_images[index] / np.float32(255))
        label = loaded.test_labels[index]
        assert tile.title == f"{label} read as {prediction.digit}, {prediction.confidence * 100:.0f} %"
        assert tile.note == f"test image {index}"
        assert tile.wrong == (label != prediction.digit)
        assert np.array_equal(tile.image, loaded.test_images[index])


def test_chance_repeats_itself_with_its_seed_and_no_image(small: Path) -> None:
    loaded = data.load(small)
    some = inspection.random_indices(loaded, 10, seed=1)
    assert some == inspection.random_indices(loaded, 10, seed=1) != inspection.random_indices(loaded, 10, seed=2)
    assert sorted(inspection.random_indices(loaded, 200, seed=1)) == list(range(25))


@pytest.mark.parametrize(("indices", "words"), [([0, 25], "no number 25"), ([-1], "no number -1"), ([0] * 201, "201")])
def test_an_image_that_is_not_there_gets_a_sentence(
    small: Path, recognizer: Recognizer, indices: list[int], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        inspection.chosen_tiles(data.load(small), indices, recognizer)


def test_the_command_writes_the_picture(small: Path, tmp_path: Path) -> None:
    sizes = []
    for number, words in enumerate(([], ["--test", "3", "24"], ["--random", "20", "--seed", "7"])):
        picture = tmp_path / "new folder" / f"{number}.png"
        done = run("model", "inspect", "--data", small, *words, "--output", picture)
        assert (done.returncode, done.stderr) == (0, "")
        with Image.open(picture) as image:
            sizes.append(image.size)
    first, two, random = sizes
    assert two[0] < first[0]
    assert first[1] < random[1]  # the notes under the images need room


def test_it_needs_no_scikit_learn(small: Path, tmp_path: Path) -> None:
    (tmp_path / "sklearn.py").write_text("raise ImportError")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = run("model", "inspect", "--data", small, "--output", tmp_path / "a.png", PYTHONPATH=path)
    assert (done.returncode, done.stderr) == (0, "")


@on_linux  # which finds fonts in the home folder
def test_a_title_in_any_script_shows_where_a_font_has_it_and_says_so_where_none_has(
    small: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "a.png"
    words = ("model", "inspect", "--data", small, "--test", "0", "--title", f"7 {RARE}", "--output", picture)
    done = run_anew(*words)
    assert done.returncode == 0
    assert done.stderr.startswith(f"No installed font has {RARE}, so boxes stand for them; install ")
    assert done.stderr.count("\n") == 1
    without = blackest_square(picture)
    fonts = Path(os.environ["HOME"], ".local", "share", "fonts")
    fonts.mkdir(parents=True)
    make_font(fonts / "rare.ttf", "Rare", RARE)
    (Path(os.environ["HOME"]) / ".cache" / "matplotlib").rename(tmp_path / "old cache")  # its list of fonts
    done = run_anew(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert without < 15
    assert blackest_square(picture) >= 20  # the font's only glyph: a solid square with sides of 14 points, or 23 pixels


def blackest_square(picture: Path) -> int:
    """Return the side of the largest square of dark pixels in the title above the image."""
    with Image.open(picture) as image:
        dark = np.asarray(image.convert("L"))[:60] < 80
    sides = np.zeros(dark.shape, int)
    for row, column in np.argwhere(dark):
        above = sides[row - 1, column], sides[row, column - 1], sides[row - 1, column - 1]
        sides[row, column] = 1 + min(above) if row and column else 1
    return int(sides.max())


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--output", "a.jpg"],
        ["--output", "a.png", "--test", "1", "--random", "2"],
        ["--output", "a.png", "--test", "one"],
        ["--output", "a.png", "--random", "0"],
    ],
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    done = run("model", "inspect", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")


def test_a_picture_that_cannot_be_written_gets_a_sentence(small: Path) -> None:
    done = run("model", "inspect", "--data", small, "--output", small / "a.png")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "can't be written" in done.stderr
