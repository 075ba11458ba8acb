"""The user's own signs, taught by ``python -m model teach`` in its own process, and read by the real runtime."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.base import events
from model.bundle import bundle
from model.bundle.bundle import CARD_FILE, SIGNS_FILE, BundleError, open_bundle
from model.data import data
from model.ink.ink import Drawing, Point, Stroke, write_line
from model.reading.normalize import normalize_drawing
from model.reading.reading import FEWEST
from model.reading.recognizer import Recognizer
from tests.conftest import SHARED, missing, run
from tests.model.child import read


def of(ink: tuple[Drawing, ...], label: str, *people: str) -> list[Drawing]:
    return [each for each in ink if each.label == label and each.writer in people]


def taught(folder: Path, drawings: list[Drawing], name: str = "taught", **how: Path) -> tuple[Path, list[events.Event]]:
    """Teach the built-in model, or another, and return where the result is and the reported events."""
    ink, output = folder / "mine.jsonl", folder / name
    ink.write_text("".join(f"{write_line(drawing)}\n" for drawing in drawings), encoding="utf-8")
    words = [word for key, value in how.items() for word in (f"--{key}", value)]
    return output, read(run("model", "teach", ink, "--output", output, "--events", *words).stdout)


@pytest.fixture(scope="module")
def letters() -> tuple[Drawing, ...]:
    path = SHARED / "data" / "not-digits.jsonl"
    if not path.is_file():
        missing(f"shared data is needed: there is no {path}; set INKLING_SHARED to its folder")
    return data.load_ink([path], digits=False).everybody


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the rehearsed images are kept from one test to the next."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def hand(letters: tuple[Drawing, ...]) -> list[Drawing]:
    """Five drawings of an A, and of a K."""
    people = ("UJI_W01", "UJI_W02", "UJI_W08")
    return [*of(letters, "A", *people)[:5], *of(letters, "K", *people)[:5]]


@pytest.fixture(scope="module")
def model(hand: list[Drawing], kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in model, taught these letters."""
    output, told = taught(tmp_path_factory.mktemp("taught"), hand, kept=kept)
    (said,) = (event for event in told if isinstance(event, events.Taught))
    assert (said.drawings, said.right_before, said.right_after, said.accepted_after) == (10, 0, 10, 10)
    assert said.against == ""
    return output


def beside(*drawings: Drawing) -> Drawing:
    """Return drawings side by side as one, each 100 pixels high."""
    strokes: list[Stroke] = []
    left = 0.0
    for each in drawings:
        box = each.box
        scale = 100 / box.height
        strokes += [
            Stroke(tuple(Point((x - box.left) * scale + left, (y - box.top) * scale) for x, y, *_t in stroke.points))
            for stroke in each.strokes
        ]
        left += box.width * scale + 40
    return Drawing(tuple(strokes), width=8)


def test_signs_are_read_alone_and_in_numbers_and_digits_as_before(
    model: Path, letters: tuple[Drawing, ...], shared: Path
) -> None:
    recognizer, before = Recognizer(open_bundle(model)), Recognizer(open_bundle())
    others = [each for label in "AK" for each in of(letters, label, "UJI_W03", "UJI_W04", "UJI_W05", "UJI_W06")]
    readings = [recognizer.recognize(each) for each in others]
    right = [one.text == each.label and one.accepted for one, each in zip(readings, others, strict=True)]
    assert sum(right) >= 0.7 * len(others)
    reading = readings[right.index(True)]
    assert reading.digit is None
    assert reading.probabilities
    assert len(reading.probabilities) == 10
    assert sum(reading.probabilities) < 0.5
    digits = data.load_ink([shared / "data" / "pen-digits.jsonl"]).validation[:300]
    lost = sum(
        recognizer.recognize(each).text != one.text for each in digits if (one := before.recognize(each)).accepted
    )
    assert lost <= 1
    first, second = (next(each for each in digits if before.recognize(each).text == label) for label in "12")
    number = recognizer.recognize(beside(first, second, others[right.index(True)]))
    assert (number.text, number.digit, number.accepted) == (f"12{others[right.index(True)].label}", None, True)


def test_what_is_neither_is_refused_as_before(model: Path, letters: tuple[Drawing, ...]) -> None:
    recognizer, before = Recognizer(open_bundle(model)), Recognizer(open_bundle())
    others = [each for each in letters if each.label not in (*"AaKk",)]
    readings = [(recognizer.read(normalize_drawing(each)), before.read(normalize_drawing(each))) for each in others]
    taken = sum(now.accepted and now.text in ("A", "K") for now, _then in readings)
    assert taken <= 2 * 0.02 * len(others)  # for two signs
    assert not any(now.accepted and not then.accepted for now, then in readings if now.text not in ("A", "K"))


def test_a_sign_that_is_no_longer_among_the_drawings_is_unlearned(
    model: Path, hand: list[Drawing], kept: Path, tmp_path: Path
) -> None:
    output, _told = taught(tmp_path, hand[:5], model=model, kept=kept)
    fresh = open_bundle(output)
    assert (fresh.card.signs, open_bundle(model).card.signs) == ("A", "AK")
    assert len({fresh.network, open_bundle(model).network, open_bundle().network}) == 3
    digit = replace(hand[0], label="7")
    again, _told = taught(tmp_path, [digit], "again", model=output, kept=kept)
    assert open_bundle(again).card.signs == ""
    assert not (again / SIGNS_FILE).exists()


def test_a_sign_waits_until_there_are_enough_drawings(hand: list[Drawing], kept: Path, tmp_path: Path) -> None:
    output, told = taught(tmp_path, hand[: FEWEST - 1], kept=kept)
    assert isinstance(told[-1], events.Failed)
    assert told[-1].message == "A is read once 5 drawings of it are saved: 4 so far."
    assert not output.exists()


def test_what_cannot_be_told_from_a_digit_is_said(shared: Path, kept: Path, tmp_path: Path) -> None:
    zeros = [each for each in data.load_ink([shared / "data" / "pen-digits.jsonl"]).validation if each.label == "0"]
    output, told = taught(tmp_path, [replace(each, label="O") for each in zeros[:5]], kept=kept)
    (said,) = (event for event in told if isinstance(event, events.Taught))
    assert said.right_after < 5
    assert "of your drawings of O aren't read; they look too much like 0." in said.against
    recognizer = Recognizer(open_bundle(output))
    assert sum(recognizer.recognize(each).text == "0" for each in zeros) >= 0.99 * len(zeros)


def slash(by: float) -> Drawing:
    """Return a slash, slightly different each time: it leans more than a 1."""
    points = [Point(20.0 + (80 + by) * part / 10, 120.0 - 9 * part + by / 5 * (part % 2)) for part in range(11)]
    return Drawing(strokes=(Stroke(tuple(points)),), label="/")


def test_a_slash_is_read_where_its_user_has_saved_ones_too(shared: Path, kept: Path, tmp_path: Path) -> None:
    people = data.load_ink([shared / "data" / "pen-digits.jsonl"]).validation
    ones = [each for each in people if each.label == "1" and each.writer == "tra:27"]
    slashes = [slash(by) for by in (0, 3, 6, -3, -6)]
    _alone, told = taught(tmp_path, slashes, "alone", kept=kept)
    (said,) = (event for event in told if isinstance(event, events.Taught))
    assert said.right_after == 0  # it could be somebody's 1
    assert said.against == (
        "5 of your drawings of / aren't read; they look too much like 1. "
        "Save 5 drawings of your 1, too, and Inkling learns the difference."
    )
    beside_ones, told = taught(tmp_path, [*ones[:FEWEST], *slashes], "beside ones", kept=kept)
    (said,) = (event for event in told if isinstance(event, events.Taught))
    assert (said.right_after, said.against) == (10, "")
    recognizer = Recognizer(open_bundle(beside_ones))
    assert [recognizer.recognize(slash(by)).text for by in (2, 4, -2, -4)] == ["/"] * 4
    assert [recognizer.recognize(each).text for each in ones[FEWEST:]] == ["1"] * len(ones[FEWEST:])
    for wrong in ("", 7, ["/"]):  # a card can come from anybody
        card = open_bundle(beside_ones).card
        changed = replace(card, data={**card.data, "taught": {**card.data["taught"], "apart": wrong}})
        path = tmp_path / f"card of {wrong!r}"
        bundle.write_bundle(path, open_bundle(beside_ones).copy_files, changed)
        assert Recognizer(open_bundle(path)).recognize(slash(2)).text == "1"


def test_an_older_inkling_says_that_the_model_is_newer(model: Path) -> None:
    assert json.loads((model / CARD_FILE).read_text())["format"] == 5  # older versions read 1 to 4, and say so


@pytest.mark.parametrize("content", [b"", b"\0" * 8, b"\xff" * 8008])
def test_a_damaged_file_of_signs_is_refused(model: Path, content: bytes, tmp_path: Path) -> None:
    def write(folder: Path) -> None:
        open_bundle(model).copy_files(folder)
        (folder / SIGNS_FILE).write_bytes(content)

    forged = bundle.write_bundle(tmp_path / "forged", write, open_bundle(model).card)
    with pytest.raises(BundleError, match="Choose another model"):
        Recognizer(forged)


@pytest.mark.parametrize("label", ["AB", "", " ", "\u0301", "٣"])
def test_a_label_is_one_character(hand: list[Drawing], label: str, tmp_path: Path) -> None:
    _output, told = taught(tmp_path, [replace(each, label=label) for each in hand[:5]])
    assert isinstance(told[-1], events.Failed)
    assert "needs a digit or one other character" in told[-1].message
