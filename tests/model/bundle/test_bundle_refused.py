"""What's said when a bundle is rejected: which folder, why, and what to do, in the user's language."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from model.base import language
from model.bundle import bundle
from model.bundle.bundle import (
    CARD_FILE,
    KERAS_FILE,
    LITERT_FILE,
    BundleError,
    check_target,
    open_bundle,
    rename,
    write_bundle,
)
from model.bundle.card import WITH_ANSWERS


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle.BUNDLED, tmp_path / "model"))


@pytest.fixture
def _in_chinese() -> None:
    language.use("zh_CN")


def lacks_a_network(copy: Path) -> None:
    (copy / LITERT_FILE).unlink()
    open_bundle(copy).verify()


def has_a_changed_network(copy: Path) -> None:
    (copy / LITERT_FILE).write_bytes(b"another")
    open_bundle(copy).verify()


def lacks_its_card(copy: Path) -> None:
    (copy / CARD_FILE).unlink()
    open_bundle(copy)


def has_half_a_card(copy: Path) -> None:
    (copy / CARD_FILE).write_text('{"format": 3, "netw')
    open_bundle(copy)


def has_another_card(copy: Path) -> None:
    (copy / CARD_FILE).write_text('{"format": 3}')
    open_bundle(copy)


def is_newer(copy: Path) -> None:
    (copy / CARD_FILE).write_text(json.dumps({"format": 42}))
    open_bundle(copy)


def is_gone_when_it_is_renamed(copy: Path) -> None:
    opened = open_bundle(copy)
    shutil.rmtree(copy)
    rename(opened, "mine")


def is_a_file(copy: Path) -> None:
    shutil.rmtree(copy)
    copy.touch()
    check_target(copy)


def is_below_a_file(copy: Path) -> None:
    shutil.rmtree(copy)
    copy.touch()
    check_target(copy / "new")


def holds_a_letter(copy: Path) -> None:
    (copy / "letter.txt").touch()
    check_target(copy)


def is_too_large(copy: Path) -> None:
    def write(folder: Path) -> None:
        raise OSError(28, "No space left on device", str(folder / KERAS_FILE))

    write_bundle(copy, write, open_bundle().card)


@pytest.mark.usefixtures("_in_chinese")
@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (lacks_a_network, [LITERT_FILE]),
        (has_a_changed_network, [LITERT_FILE]),
        (lacks_its_card, [CARD_FILE]),
        (has_half_a_card, [CARD_FILE]),
        (has_another_card, [CARD_FILE]),
        (is_newer, ["Inkling", "Inkling", "42", "1", str(WITH_ANSWERS)]),
        (is_gone_when_it_is_renamed, ["No such file or directory"]),
        (is_a_file, ["Not a directory"]),
        (is_below_a_file, ["Not a directory"]),
        (holds_a_letter, []),
        (is_too_large, ["No space left on device"]),
    ],
)
def test_a_refusal_is_all_in_the_user_s_language_and_names_the_folder(
    copy: Path, broken: Callable[[Path], None], named: list[str]
) -> None:
    with pytest.raises(BundleError) as refused:
        broken(copy)
    sentence = str(refused.value)
    for name in (str(copy / "new" if broken is is_below_a_file else copy), *named):
        assert name in sentence
        sentence = sentence.replace(name, "", 1)
    assert not re.search(r"[A-Za-z{}]", sentence)
    assert re.search(r"[\u4e00-\u9fff]", sentence)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Can't synchronously write data (file write failed: errno = 28, No space left on device, buf = 0x1)", None),
        ("the library's own words", "the library's own words"),
    ],
)
def test_the_reason_is_found_in_a_library_s_words(copy: Path, said: str, reason: str | None) -> None:
    def write(_: Path) -> None:
        raise OSError(said)

    with pytest.raises(BundleError, match=re.escape(f"({reason or 'No space left on device'}); make room")):
        write_bundle(copy, write, open_bundle().card)


def test_a_name_that_cannot_be_written_leaves_the_old_one(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(copy.iterdir())
    opened = rename(open_bundle(copy), "old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(BundleError, match="No space left on device"):
        rename(opened, "new")
    assert open_bundle(copy).card.name == "old"
    assert sorted(copy.iterdir()) == before
