import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from model.bundle import bundle
from model.bundle.bundle import (
    CARD_FILE,
    CURVES_FILE,
    DOUBT_KERAS_FILE,
    DOUBT_LITERT_FILE,
    EYE_KERAS_FILE,
    EYE_LITERT_FILE,
    HISTORY_FILE,
    KERAS_FILE,
    LITERT_FILE,
    SIGNS_FILE,
    UNTAUGHT,
    Bundle,
    BundleError,
    check_target,
    copy_bundle,
    copy_for_reading,
    give_up,
    making,
    open_bundle,
    rename,
    reserved,
    write_bundle,
)
from model.bundle.card import FORMAT, OPENED, WITH_ANSWERS
from model.bundle.folders import scratch_for, sweep
from model.ink.ink import Drawing
from model.reading.recognizer import Recognizer, eye_of
from tests.conftest import ROOT, on_linux

SEVEN = Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]})
NETWORKS = open_bundle().sealed
ALL_NETWORKS = (KERAS_FILE, LITERT_FILE, DOUBT_KERAS_FILE, DOUBT_LITERT_FILE, EYE_KERAS_FILE, EYE_LITERT_FILE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle.BUNDLED, tmp_path / "model"))


@pytest.fixture
def seeing(tmp_path: Path) -> Bundle:
    """Return a bundle with an eye, made of small files."""
    card = replace(open_bundle().card, eye={"weights": 1})
    return write_bundle(tmp_path / "seeing", lambda folder: write_networks(folder, ALL_NETWORKS), card)


def write_networks(folder: Path, names: Sequence[str] = NETWORKS) -> None:
    for name in names:
        (folder / name).write_bytes(name.encode())


def refuse_to_move_in(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """Make the second move of a swap fail, which is the one that brings in the new bundle."""
    move = Path.replace

    def refuse(source: Path, target: Path) -> Path:
        if source.name == "new":
            raise failure
        return move(source, target)

    monkeypatch.setattr(Path, "replace", refuse)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_bundled_model_is_whole_and_good() -> None:
    opened = open_bundle()
    opened.verify()
    card = opened.card
    assert card.accuracy is not None
    assert card.accuracy >= 0.995
    assert card.recipe["network"] == card.network
    assert card.data["test"] == 10_000
    assert card.temperature is not None
    assert 0.5 < card.temperature < 2
    assert set(card.versions) == {"python", "tensorflow", "keras", "numpy"}


@pytest.mark.parametrize("name", NETWORKS)
def test_one_changed_byte_is_noticed(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(BundleError, match=f"is damaged: {re.escape(name)} isn"):
        open_bundle(copy).verify()


@pytest.mark.parametrize("name", [KERAS_FILE, LITERT_FILE, CARD_FILE])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match=name):
        open_bundle(copy).verify()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "[" * 100_000, "\ud800"])
def test_a_damaged_card_is_a_sentence(copy: Path, text: str) -> None:
    (copy / CARD_FILE).write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(BundleError, match="choose another model"):
        open_bundle(copy)


def test_a_newer_format_says_so(copy: Path) -> None:
    card = json.loads((copy / CARD_FILE).read_text())
    (copy / CARD_FILE).write_text(json.dumps(card | {"format": 6}))
    with pytest.raises(BundleError, match="has format 6"):
        open_bundle(copy)


def test_a_bundle_is_written_whole_and_replaces_an_older_one(copy: Path) -> None:
    card = replace(open_bundle(copy).card, accuracy=0.5)
    for _ in range(2):
        written = write_bundle(copy, write_networks, card)
        assert written.read(KERAS_FILE) == KERAS_FILE.encode()
        assert open_bundle(copy).card.accuracy == 0.5
    assert names(copy) == sorted([*NETWORKS, CARD_FILE])
    assert names(copy.parent) == ["model"]


def test_a_copy_for_reading_reads_and_is_copied_and_cannot_be_taught_from(tmp_path: Path) -> None:
    whole = open_bundle()
    small = copy_for_reading(whole, tmp_path / "small")
    again = copy_bundle(rename(small, "mine"), tmp_path / "again")
    for made in (small, again):
        made.verify()
        assert not {KERAS_FILE, DOUBT_KERAS_FILE} & set(names(made.path))
        assert Recognizer(made).recognize(SEVEN).digit == 7
        assert made.card.sha256 == whole.card.sha256  # by these hashes, models know what they were taught from
        with pytest.raises(BundleError, match=r"no readable model\.keras; choose another"):
            made.read(KERAS_FILE)
    assert sum(file.stat().st_size for file in small.path.iterdir()) < 7_000_000


def test_a_copy_has_how_it_was_trained_but_nothing_that_a_link_leads_to(copy: Path) -> None:
    assert (copy / HISTORY_FILE).is_file()
    (copy / CURVES_FILE).unlink()
    (copy / CURVES_FILE).symlink_to("/etc/hostname")
    made = copy_bundle(open_bundle(copy), copy.parent / "made")
    assert names(made.path) == sorted([*NETWORKS, CARD_FILE, HISTORY_FILE])
    assert (made.path / HISTORY_FILE).read_bytes() == (copy / HISTORY_FILE).read_bytes()


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "c ü"
    write_bundle(target, write_networks, open_bundle().card).verify()


def test_a_card_seals_what_lies_there_and_nothing_else(tmp_path: Path) -> None:
    whole = open_bundle()

    def write_two(folder: Path) -> None:
        for name in NETWORKS[:2]:
            shutil.copyfile(whole.path / name, folder / name)

    plain = write_bundle(tmp_path / "plain", write_two, replace(whole.card, doubt={}, eye={}))
    assert set(plain.card.sha256) == {KERAS_FILE, LITERT_FILE}
    small = copy_for_reading(plain, tmp_path / "small")
    assert names(small.path) == [CARD_FILE, LITERT_FILE]
    assert Recognizer(small).recognize(SEVEN).digit == 7


@pytest.mark.parametrize(
    "unknown",
    [
        ("eye",),
        ("eye", "doubt", "temperature"),
        ("eye", "doubt", "temperature", "name", "origin", "ink_accuracy", "reads_only"),
    ],
)
def test_a_card_of_an_older_format_is_read(copy: Path, unknown: tuple[str, ...]) -> None:
    card = json.loads((copy / CARD_FILE).read_text())
    older = {key: value for key, value in card.items() if key not in unknown}
    (copy / CARD_FILE).write_text(json.dumps(older | {"format": {1: 3, 3: 2}.get(len(unknown), 1)}))
    opened = open_bundle(copy)
    none: dict[str, object] = {"eye": {}, "doubt": {}, "temperature": None}  # it has none of its own
    assert all(getattr(opened.card, name) == none[name] for name in unknown if name in none)
    assert Recognizer(opened).recognize(SEVEN).digit == 7
    again = copy_bundle(opened, copy.parent / "again").card
    wanted = FORMAT if "doubt" in unknown else WITH_ANSWERS
    assert (again.format, again.name, again.origin) == (wanted, "", "trained")


def test_an_eye_is_sealed_and_goes_where_its_bundle_goes(seeing: Bundle, tmp_path: Path) -> None:
    assert seeing.sealed == ALL_NETWORKS
    assert copy_bundle(seeing, tmp_path / "copy").read(EYE_LITERT_FILE) == EYE_LITERT_FILE.encode()
    small = copy_for_reading(seeing, tmp_path / "small")
    assert small.sealed == (LITERT_FILE, DOUBT_LITERT_FILE, EYE_LITERT_FILE)
    assert names(small.path) == sorted([*small.sealed, CARD_FILE])
    (seeing.path / EYE_LITERT_FILE).write_bytes(b"another eye")
    with pytest.raises(BundleError, match=r"is damaged: ink\.tflite isn"):
        seeing.verify()


def test_a_bundle_without_an_eye_has_the_bundled_one_s(
    seeing: Bundle, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = write_bundle(copy, write_networks, replace(open_bundle().card, eye={}))
    assert eye_of(seeing) == seeing
    monkeypatch.setattr(bundle, "BUNDLED", seeing.path)
    assert eye_of(blind) == seeing
    for nothing in (blind.path, copy.parent / "nowhere"):
        monkeypatch.setattr(bundle, "BUNDLED", nothing)
        assert eye_of(blind) is None


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(BundleError, match="has files in it"):
        write_bundle(tmp_path, write_networks, open_bundle().card)
    with pytest.raises(BundleError, match="has files in it"), making(tmp_path):
        raise AssertionError("among other files")
    assert names(tmp_path) == ["thesis.txt"]
    with pytest.raises(BundleError, match="can't be written to"):
        write_bundle(tmp_path / "thesis.txt", write_networks, open_bundle().card)


def test_a_failure_on_the_way_leaves_the_older_bundle_and_nothing_else(copy: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / KERAS_FILE).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(BundleError, match="No space left"):
        write_bundle(copy, fail, open_bundle().card)
    open_bundle(copy).verify()
    assert names(copy.parent) == ["model"]


@pytest.mark.parametrize("failure", [PermissionError(13, "Permission denied"), KeyboardInterrupt()])
def test_a_failing_swap_brings_the_older_bundle_back(
    copy: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    refuse_to_move_in(monkeypatch, failure)
    with pytest.raises(BundleError if isinstance(failure, OSError) else KeyboardInterrupt):
        write_bundle(copy, write_networks, open_bundle().card)
    open_bundle(copy).verify()
    assert names(copy.parent) == ["model"]


def test_a_failing_swap_after_a_kill_in_an_earlier_one_costs_nothing(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy.rename(copy.with_name(f".{copy.name}.old"))  # where a kill between the two moves leaves it
    refuse_to_move_in(monkeypatch, PermissionError(13, "Permission denied"))
    with pytest.raises(BundleError, match="Permission denied"):
        write_bundle(copy, write_networks, open_bundle().card)
    open_bundle(copy).verify()


def test_a_bundle_that_a_kill_left_aside_behind_the_new_one_is_in_nobody_s_way(copy: Path) -> None:
    shutil.copytree(copy, copy.with_name(".model.old"))  # where a kill after both moves leaves it
    assert write_bundle(copy, write_networks, open_bundle().card).read(KERAS_FILE) == KERAS_FILE.encode()
    assert names(copy.parent) == ["model"]


def test_what_cannot_be_removed_of_an_older_bundle_does_not_come_back_as_one(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("model.bundle.folders.shutil.rmtree", lambda *_words, **_more: None)  # as if a file were in use
        write_bundle(copy, write_networks, open_bundle().card)
    shutil.rmtree(copy)
    with pytest.raises(BundleError):
        open_bundle(copy)
    assert not copy.exists()


@on_linux
def test_a_kill_between_the_two_moves_of_a_swap_costs_nothing(copy: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from model.bundle.bundle import open_bundle, write_bundle

move = Path.replace

def killed(source, target):
    if source.name == "new":
        os.kill(os.getpid(), signal.SIGKILL)
    return move(source, target)

Path.replace = killed
write_bundle(Path({str(copy)!r}), lambda folder: [(folder / name).touch() for name in {NETWORKS!r}],
             open_bundle().card)
"""
    before = open_bundle(copy).card
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert not copy.exists()
    opened = open_bundle(copy)
    opened.verify()
    assert opened.card == before


@on_linux
@pytest.mark.parametrize("place", ["file/new", "/dev/null/new"])
def test_a_place_that_cannot_be_written_is_known_beforehand(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BundleError, match="can't be written"):
        check_target(tmp_path / place)
    with pytest.raises(BundleError, match="can't be written"), reserved(tmp_path / place):
        raise AssertionError("no folder can be made there")


def test_what_a_killed_program_was_writing_is_swept_away(tmp_path: Path) -> None:
    left = [scratch_for(tmp_path / "model [1]") for _ in range(6)]
    (left[0] / "new").mkdir()
    for letter in "abcdef":  # files that aren't ours are no reason to give up
        (tmp_path / f".model [1].{letter * 8}.part").touch()
    others = scratch_for(tmp_path / "model 1")
    assert {each.parent for each in left} == {tmp_path}
    sweep(tmp_path / "model [1]")
    assert not any(each.exists() for each in left)
    assert others.exists()


def test_who_gets_a_place_clears_away_what_a_kill_has_left_there(tmp_path: Path) -> None:
    left = scratch_for(tmp_path / "mine")
    with reserved(tmp_path / "mine"):
        assert names(tmp_path) == [".mine.lock"]
        scratch_for(tmp_path / "mine")
    assert not left.exists()
    assert names(tmp_path) == []


def test_a_place_that_is_tried_is_as_it_was(tmp_path: Path) -> None:
    check_target(tmp_path / "a" / "b")
    assert names(tmp_path) == []


def test_one_at_a_time_writes_to_a_place(tmp_path: Path) -> None:
    place = tmp_path / "models" / "mine"
    with making(place):
        with pytest.raises(BundleError, match=f"Another Inkling is making a model in {place}. Wait"), reserved(place):
            raise AssertionError("two at once")
        library_s = Path(tempfile.mkdtemp())
        assert library_s.is_relative_to(place.parent)
        assert library_s.parent.name.startswith(".mine.")
        write_bundle(place, write_networks, open_bundle().card)
    assert names(place.parent) == ["mine"]
    assert not Path(tempfile.gettempdir()).is_relative_to(place.parent)


@on_linux
def test_two_names_of_a_place_are_one_place(copy: Path) -> None:
    link = copy.with_name("link")
    link.symlink_to(copy)
    with reserved(copy), pytest.raises(BundleError, match="Another Inkling"), reserved(link):
        raise AssertionError("two at once")


def test_a_place_is_free_again_when_the_work_failed(tmp_path: Path) -> None:
    def fail() -> None:
        with making(tmp_path / "mine"):
            scratch_for(tmp_path / "mine")
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail()
        assert names(tmp_path) == []


def test_a_place_that_is_given_up_is_somebody_else_s(tmp_path: Path) -> None:
    place = tmp_path / "mine"
    with making(place):
        scratch_for(place)
        give_up(place)
        assert names(tmp_path) == []
        with making(place):
            scratch_for(place)
            give_up(tmp_path / "another")
            assert len(names(tmp_path)) == 3  # two folders and the lock
    assert names(tmp_path) == []


def test_training_goes_on_where_it_was_begun_here() -> None:
    bundled = open_bundle()
    assert bundled.is_ours
    card = bundled.card
    for other in (replace(card, origin=OPENED), replace(card, network="somebody's")):
        assert not replace(bundled, card=other).is_ours


def test_a_taught_model_is_known_by_what_it_has_learned_and_its_earlier_networks_go_with_it(tmp_path: Path) -> None:
    plain, before = open_bundle(), UNTAUGHT[LITERT_FILE]
    assert (plain.is_taught, plain.network) == (False, plain.card.sha256[KERAS_FILE])
    assert [plain.untaught(name) for name in UNTAUGHT] == [*UNTAUGHT]
    card = replace(plain.card, sha256={before: ""}, signs="+")
    taught = write_bundle(tmp_path / "taught", lambda to: write_networks(to, (*NETWORKS, before, SIGNS_FILE)), card)
    assert taught.sealed == (*NETWORKS, before, SIGNS_FILE)
    assert set(taught.card.sha256) == {*NETWORKS, before, SIGNS_FILE}
    assert [taught.untaught(name) for name in UNTAUGHT] == [before, DOUBT_LITERT_FILE]
    assert taught.is_taught
    assert taught.network == "-".join(taught.card.sha256[name] for name in (KERAS_FILE, LITERT_FILE, SIGNS_FILE))


def test_a_new_model_is_checked_where_it_was_written_and_moves_only_if_it_passes(copy: Path, tmp_path: Path) -> None:
    new, seen = replace(open_bundle().card, accuracy=0.25), list[tuple[Path, float | None]]()

    def check(bundle: Bundle) -> None:
        bundle.verify()
        seen.append((bundle.path, bundle.card.accuracy))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_bundle(copy, write_networks, new, check)
    with pytest.raises(ZeroDivisionError):
        copy_bundle(replace(open_bundle(), card=new), copy, check)
    assert open_bundle(copy).card.accuracy != 0.25
    assert [accuracy for _path, accuracy in seen] == [0.25, 0.25]
    assert copy not in {path for path, _accuracy in seen}
    assert names(tmp_path) == ["model"]


def test_a_bundle_set_aside_by_a_killed_swap_is_back_before_a_new_one_is_begun(copy: Path) -> None:
    copy.rename(copy.with_name(".model.old"))
    check_target(copy)  # a training does this first, before it makes the folder for its checkpoint
    open_bundle(copy).verify()


ODD: list[dict[str, object]] = [
    {"weights": 10**400},
    {"weights": -1},
    {"accuracy": 1e999},
    {"accuracy": 7},
    {"ink_accuracy": float("nan")},
    {"name": "two\nlines"},
    {"network": "\ud800"},
    {"network": "x" * 1000},
    {"date": "\0"},
    {"versions": {"keras": [3]}},
    {"sha256": {"model.tflite": None}},
    {"data": {"source": "a\x1b[31mb"}},
    {"recipe": {"epochs": 10**30}},
    {"doubt": {"a": [[[[[[[[[[1]]]]]]]]]]}},
    {"format": 10**30},
]


@pytest.mark.parametrize("odd", ODD)
def test_a_card_that_nobody_could_read_or_count_is_no_card(copy: Path, odd: dict[str, object]) -> None:
    card = json.loads((copy / CARD_FILE).read_text())
    (copy / CARD_FILE).write_text(json.dumps(card | odd))
    with pytest.raises(BundleError, match="isn't a model's card; choose another model") as caught:
        open_bundle(copy)
    assert len(str(caught.value)) < 500


def test_names_of_files_with_anything_in_them_make_cards_that_are_read(tmp_path: Path) -> None:
    card = replace(open_bundle().card, doubt={}, eye={}, network="two\nlines", data={"opened": "\udcff.keras"})
    written = write_bundle(tmp_path / "new", write_networks, card).card
    assert (written.network, written.data["opened"]) == ("two\ufffdlines", "\ufffd.keras")


def test_a_folder_that_cannot_even_be_asked_for_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for path in (tmp_path / "a\0b", tmp_path / ("x" * 300), tmp_path / "round"):
        with pytest.raises(BundleError, match="There's no model in"):
            open_bundle(path)


def test_a_card_or_a_network_without_end_is_refused(copy: Path) -> None:
    os.truncate(copy / LITERT_FILE, 10**11)
    with pytest.raises(BundleError, match=r"no readable model\.tflite"):
        open_bundle(copy).verify()
    with pytest.raises(BundleError, match=r"no readable model\.tflite"):
        Recognizer(open_bundle(copy))
    os.truncate(copy / CARD_FILE, 10**11)
    with pytest.raises(BundleError, match=r"no readable card\.json"):
        open_bundle(copy)


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        ("LARGEST_NETWORK", (LITERT_FILE, DOUBT_LITERT_FILE, EYE_LITERT_FILE)),
        ("LARGEST_FILE", (KERAS_FILE, DOUBT_KERAS_FILE, EYE_KERAS_FILE)),
    ],
)
def test_a_file_may_be_as_large_as_its_kind_may_be(
    seeing: Bundle, limit: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = seeing
    sizes = {name: (seeing.path / name).stat().st_size for name in names}
    largest = max(sizes, key=lambda name: sizes[name])
    for each in ("LARGEST_NETWORK", "LARGEST_FILE"):
        monkeypatch.setattr(bundle, each, sizes[largest] if each == limit else 10**9)
    opened.verify()
    assert len(opened.read(largest)) == sizes[largest]
    monkeypatch.setattr(bundle, limit, sizes[largest] - 1)
    with pytest.raises(BundleError, match=f"no readable {re.escape(largest)}"):
        opened.verify()
    with pytest.raises(BundleError, match=f"no readable {re.escape(largest)}"):
        opened.read(largest)


def test_whoever_looks_for_a_model_between_the_two_moves_does_not_keep_the_new_one_out(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move, looks = Path.replace, [1, 2]

    def looked_for(source: Path, target: Path) -> Path:
        moved = move(source, target)
        if source == copy and looks:
            looks.pop()
            open_bundle(copy)  # as another program would
        return moved

    monkeypatch.setattr(Path, "replace", looked_for)
    card = replace(open_bundle(copy).card, accuracy=0.25)
    write_bundle(copy, write_networks, card)
    assert looks == []
    assert open_bundle(copy).card.accuracy == 0.25
    assert names(copy.parent) == ["model"]


def test_a_kill_while_a_model_is_renamed_leaves_nothing_in_it(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    move = Path.replace

    def noted(source: Path, target: Path) -> Path:
        seen.append(names(copy))
        return move(source, target)

    before = names(copy)
    monkeypatch.setattr(Path, "replace", noted)
    rename(open_bundle(copy), "Mine")
    assert seen == [before]  # what's half done is next to it, where `sweep` finds it
    assert names(copy.parent) == ["model"]


def test_a_folder_that_cannot_be_listed_is_no_trace(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_folder: Path, _pattern: str) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "glob", refuse)
    with reserved(copy):
        pass
    assert open_bundle(copy).card


@on_linux
def test_a_link_to_itself_is_a_sentence(tmp_path: Path) -> None:
    link = tmp_path / "loop"
    link.symlink_to(link)
    with pytest.raises(BundleError, match="Choose a model's folder"):
        open_bundle(link)


def test_an_older_model_that_is_read_only_does_not_come_back(copy: Path) -> None:
    copy.chmod(0o555)
    write_bundle(copy, write_networks, open_bundle(copy).card)
    assert names(copy.parent) == ["model"]
