"""Folders of pictures, one per digit: read as the window reads them, whatever the pictures are."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.base import events
from model.base.events import Downloading, Noted, Stage
from model.bundle.bundle import Bundle, BundleError
from model.data import data
from model.data.refused import DataError
from model.given import loading, pictures
from model.ink.ink import Drawing, Point, Stroke
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer
from tests.conftest import on_linux

SEVEN, ONE = ((20, 20), (80, 20), (40, 100)), ((50, 15), (50, 105))


def photograph(path: Path, points: Any, *, dark: bool = True) -> None:
    """Draw a digit on a sheet, much larger than what a network reads."""
    picture = Image.new("L", (100, 120), 235 if dark else 10)
    ImageDraw.Draw(picture).line(points, fill=30 if dark else 240, width=9, joint="curve")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)


def loaded(path: Path) -> tuple[Any, list[events.Event]]:
    told: list[events.Event] = []
    return loading.load(path, told.append), told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of sevens and ones, as somebody would photograph them."""
    for number in range(8):
        photograph(tmp_path / "mine" / "7" / f"{number}.png", [(x + number, y) for x, y in SEVEN])
        photograph(tmp_path / "mine" / "1" / f"{number}.JPG", [(x, y - number) for x, y in ONE], dark=number % 2 == 0)
    return tmp_path / "mine"


def test_pictures_are_read_as_the_window_reads_them(folder: Path, recognizer: Recognizer) -> None:
    found, told = loaded(folder)
    images = np.concatenate([found.train_images, found.test_images])
    labels = np.concatenate([found.train_labels, found.test_labels])
    assert sorted(labels) == [1] * 8 + [7] * 8
    assert len(found.test_images) == 2
    for image, label in zip(images, labels, strict=True):
        assert recognizer.read(image.astype(np.float32) / 255).digit == label
    with Image.open(folder / "7" / "0.png") as picture:
        wanted = np.rint(recognizer.image(picture) * 255).astype(np.uint8)
    assert any((image == wanted).all() for image in images)
    assert Stage("reading picture 1 of 16") in told
    notes = [event.note for event in told if isinstance(event, Noted)]
    assert "No image is labelled 0, 2, 3, 4, 5, 6, 8, 9, so the network can't learn that." in notes
    assert any(note.startswith("There are only 14 images to learn from.") for note in notes)


@pytest.mark.parametrize("names", [("train", "test"), ("training", "validation")])
def test_folders_to_train_and_to_test(folder: Path, tmp_path: Path, names: tuple[str, str]) -> None:
    for name in names:
        (tmp_path / "both" / "unpacked" / name).mkdir(parents=True)
    for digit in ("1", "7"):
        (folder / digit).rename(tmp_path / "both" / "unpacked" / names[0] / digit)
        photograph(
            tmp_path / "both" / "unpacked" / names[1] / f"digit {digit}" / "x.png", SEVEN if digit == "7" else ONE
        )
        photograph(tmp_path / "both" / "unpacked" / "more" / digit / "x.png", SEVEN)
    assert sorted(pictures.by_class(tmp_path / "both"), reverse=True) == ["train", "test"]
    found, _told = loaded(tmp_path / "both")
    assert (len(found.train_images), sorted(found.test_labels)) == (16, [1, 7])


def test_the_reader_is_opened_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def count(bundle: Bundle) -> Recognizer:
        opened.append(bundle)
        return Recognizer(bundle)

    monkeypatch.setattr(loading, "Recognizer", count)
    loaded(folder)
    assert len(opened) == 1


def test_ink_in_the_folders_is_drawn_as_the_window_draws_it(folder: Path) -> None:
    places = " ".join(f"{x},{y}" for x, y in SEVEN)
    (folder / "7" / "lines.svg").write_text(f'<svg><polyline stroke="red" points="{places}"/></svg>')
    (folder / "1" / "pen.inkml").write_text(f"<ink><trace>{', '.join(f'{x} {y}' for x, y in ONE)}</trace></ink>")
    (folder / "1" / "shapes.svg").write_text("<svg><rect width='9' height='9'/></svg>")
    (folder / "1" / "blank.json").write_text('{"strokes": []}')
    (folder / "7" / "none.jsonl").write_text("\n")
    found, told = loaded(folder)
    images = np.concatenate([found.train_images, found.test_images])
    assert len(images) == 18
    for points in (SEVEN, ONE):
        drawn = normalize_drawing(Drawing((Stroke(tuple(Point(*at) for at in points)),)))
        assert any((image == np.rint(drawn * 255)).all() for image in images)
    notes = [event.note for event in told if isinstance(event, Noted)]
    assert "3 pictures were left out, because nothing in them can be read; blank.json is one of them." in notes


def test_pictures_of_28x28_are_taken_as_they_are(tmp_path: Path) -> None:
    drawn = {}
    for digit, points in ((7, SEVEN), (1, ONE)):
        for number in range(8):
            moved = Drawing((Stroke(tuple(Point(x + number * (y > 50), y) for x, y in points)),))
            image = np.rint(normalize_drawing(moved) * 255).astype(np.uint8)
            drawn[image.tobytes()] = digit
            path = tmp_path / "mine" / ("one" if digit == 1 else "seven") / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(path)
    found, _told = loaded(tmp_path / "mine")
    for image, label in zip(found.train_images, found.train_labels, strict=True):
        assert drawn[image.tobytes()] == label


def test_what_shows_nothing_is_left_out_and_told(folder: Path) -> None:
    Image.new("L", (60, 60), 255).save(folder / "7" / "blank.png")
    (folder / "7" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "7" / "notes.txt").write_text("mine")
    Image.new("L", (1001, 1000), 255).save(folder / "1" / "giant.png")
    (folder / "1" / "scans.jpg").write_bytes((folder / "1" / "0.JPG").read_bytes() + b"\xff\xda" * 51)
    (folder / "1" / "long.jpg").write_bytes(bytes(1_000_001))
    found, _told = loaded(folder)
    assert len(found.train_images) + len(found.test_images) == 16
    assert "5 pictures were left out, because nothing in them can be read; giant.png is one of them." in found.notes


def test_without_a_file_mnist_is_downloaded_and_that_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(path: None, progress: Callable[[int, int], None]) -> None:
        assert path is None
        progress(3, 9)

    told: list[events.Event] = []
    monkeypatch.setattr(data, "load", load)
    loading.load(None, told.append)
    assert told == [Downloading(3, 9)]


def test_the_model_that_reads_a_sample_first_is_the_one_that_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=f"^There's no model in {tmp_path / 'none'}"):
        loading.load(folder, lambda _event: None, tmp_path / "none")


def test_folders_of_no_digits_are_no_data(tmp_path: Path) -> None:
    for name in ("1", "7"):
        (tmp_path / "mine" / name).mkdir(parents=True)
        (tmp_path / "mine" / name / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match="has no readable pictures in its folders of digits"):
        loaded(tmp_path / "mine")
    (tmp_path / "mine" / ".5").mkdir()
    (tmp_path / "mine" / "__6").mkdir()
    (tmp_path / "mine" / "8").write_text("a file")
    sides = {"train": {1: tmp_path / "mine" / "1", 7: tmp_path / "mine" / "7"}}
    assert pictures.by_class(tmp_path) == pictures.by_class(tmp_path / "mine") == sides
    (tmp_path / "cats" / "tabby").mkdir(parents=True)
    with pytest.raises(DataError, match="has no train-images"):
        loaded(tmp_path / "cats")


def test_the_most_pictures_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, strokes in (("1", ONE), ("7", SEVEN)):
        (tmp_path / name).mkdir()
        photograph(tmp_path / name / "x.png", strokes)
    for most, said in ((2, "has too few images"), (1, "has more than 1 pictures. Choose a folder with fewer.")):
        monkeypatch.setattr(pictures, "MOST_PICTURES", most)
        with pytest.raises(DataError, match=f"^{tmp_path} {said}"):
            loaded(tmp_path)


def test_drawings_are_data(tmp_path: Path) -> None:
    lines = [
        f'{{"label": "{digit}", "strokes": [[{", ".join(f"[{x + number}, {y}]" for x, y in points)}]]}}'
        for digit, points in ((7, SEVEN), (1, ONE))
        for number in range(8)
    ]
    (tmp_path / "mine.jsonl").write_text("\n".join(lines))
    found, told = loaded(tmp_path / "mine.jsonl")
    assert [each.note for each in told if isinstance(each, Noted)] == list(found.notes)
    assert "every 7th was set aside" in found.notes[0]
    assert found.train_labels.dtype == np.uint8
    assert (len(found.train_images), len(found.test_images), set(found.train_labels)) == (14, 2, {1, 7})
    wanted = np.rint(normalize_drawing(Drawing((Stroke(tuple(Point(*point) for point in SEVEN)),))) * 255)
    assert any((image == wanted).all() for image in found.train_images[found.train_labels == 7])
    for some, said in ((lines[::8], "has too few images to learn from"), (lines[:8], "labels every image 7")):
        (tmp_path / "mine.jsonl").write_text("\n".join(some))
        with pytest.raises(DataError, match=f"^{tmp_path / 'mine.jsonl'} {said}"):
            loaded(tmp_path / "mine.jsonl")


@pytest.mark.parametrize(
    ("limit", "most", "more"),
    [
        ("bytes of a file", {"length": pictures.MOST_BYTES}, {"length": pictures.MOST_BYTES + 1}),
        ("scans", {"scans": pictures.MOST_SCANS}, {"scans": pictures.MOST_SCANS + 1}),
        ("pixels", {"size": (1000, 1000)}, {"size": (1000, 1001)}),
    ],
)
def test_the_most_of_a_picture_to_learn_from(
    recognizer: Recognizer, tmp_path: Path, limit: str, most: Any, more: Any
) -> None:
    for number, (case, is_read) in enumerate(((most, True), (more, False))):
        path = tmp_path / f"{number}.jpg"
        picture = Image.new("L", case.get("size", (100, 120)), 235)
        ImageDraw.Draw(picture).line(SEVEN, fill=30, width=9, joint="curve")
        picture.save(path)
        content = path.read_bytes()
        content += b"\xff\xda" * (case.get("scans", 0) - content.count(b"\xff\xda"))
        path.write_bytes(content.ljust(case.get("length", 0), b"\0"))
        assert (pictures._image(path, recognizer) is not None) == is_read, limit


@pytest.fixture
def somebody_s() -> Iterator[Path]:
    """A folder of an ordinary user, as whom this process runs meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        administrator = os.geteuid() == 0
        if administrator:
            os.seteuid(1234)
        try:
            yield Path(name)
        finally:
            if administrator:
                os.seteuid(0)


@on_linux
@pytest.mark.parametrize("closed", ["mine", "mine/train"])
@pytest.mark.parametrize("inside", ["mine", "mine/train"])
def test_a_folder_that_nobody_may_look_into_is_a_sentence(somebody_s: Path, closed: str, inside: str) -> None:
    (somebody_s / "mine" / "train").mkdir(parents=True)
    (somebody_s / closed).chmod(0)
    try:
        with pytest.raises(DataError, match=r"can't be read \(Permission denied\); choose|There's no|has no train-im"):
            loading.load(somebody_s / inside, lambda _event: None)
    finally:
        (somebody_s / closed).chmod(0o700)
