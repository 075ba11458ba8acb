"""The user's own drawings: saved, changed, exchanged, and safe from whatever happens to a file."""

import contextlib
import ctypes
import json
import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.kept import paths, samples_file, sqlite_file
from app.kept.sample import LARGEST_IMPORT, Sample, read_file
from app.kept.samples import Samples, Taken
from model.base import files
from model.base.errors import UserError
from model.ink.ink import Drawing, InkError, Point, Stroke
from tests.conftest import ROOT, on_linux, soon

SEVEN = Drawing((Stroke((Point(80, 60, 0), Point(200.5, 60, 12), Point(130, 230, 31, 0.5))),), canvas=(280, 280))


def ink(number: int, points: int = 30) -> Drawing:
    """Return a drawing that's unlike any other."""
    return Drawing((Stroke(tuple(Point(number, y) for y in range(points))),), canvas=(280, 280))


@pytest.fixture
def samples(tmp_path: Path) -> Iterator[Samples]:
    with Samples(tmp_path / "Inkling" / "drawings.sqlite3") as opened:
        yield opened


def keep(samples: Samples, labels: str) -> list[int]:
    return [samples.keep(ink(number), label, "0") for number, label in enumerate(labels)]


def contents(samples: Samples) -> bytes:
    """Return all bytes in the drawings' folder."""
    return b"".join(path.read_bytes() for path in sorted(samples.path.parent.iterdir()))


def test_a_drawing_is_there_as_it_was_kept(samples: Samples) -> None:
    drawing = replace(SEVEN, writer="ann", label="1", extra={"placement": "small", "odd": "\ud800", "kept": "long ago"})
    number = samples.keep(drawing, "7", "1")
    samples.close()
    with Samples(samples.path) as again:
        (each,) = again.everything()
    kept = {"placement": "small", "odd": "\ud800"}
    assert each.drawing == replace(drawing, label="7", extra=kept)
    assert (each.id, each.label, each.read_as) == (number, "7", "1")
    age = datetime.now(UTC) - datetime.fromisoformat(each.kept)
    assert 0 <= age.total_seconds() < 60


@pytest.mark.parametrize("label", ["", "12", " ", "\u0301", "\u202e", "٣"])
def test_a_label_is_a_digit_or_another_character(samples: Samples, label: str) -> None:
    with pytest.raises(InkError, match="a digit or one other character"):
        samples.keep(SEVEN, label)
    assert not samples.path.exists()


def test_a_blank_drawing_is_not_kept(samples: Samples) -> None:
    with pytest.raises(InkError, match="no ink"):
        samples.keep(Drawing((Stroke(()),)), "7")


def test_looking_makes_no_file(samples: Samples) -> None:
    assert (samples.ids(), samples.count(), samples.everything()) == ([], 0, [])
    assert not samples.path.parent.exists()


def test_sqlite_is_imported_when_a_file_is_opened() -> None:
    script = "import sys, app.kept.samples; assert not {'sqlite3', 'filelock', 'numpy', 'PIL'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_they_are_listed_the_newest_first_and_counted(samples: Samples) -> None:
    first, second, third = keep(samples, "737")
    assert samples.ids() == [third, second, first]
    assert samples.ids("7") == [third, first]
    assert samples.counts_by_label() == dict.fromkeys("0123456789", 0) | {"7": 2, "3": 1}
    assert samples.count() == 3
    assert [each.id for each in samples.some([first, 999, third])] == [first, third]
    assert [each.id for each in samples.everything()] == [first, second, third]


def test_more_are_fetched_than_fit_in_one_question(samples: Samples, tmp_path: Path) -> None:
    lines = [json.dumps(replace(ink(number, 2), label="1").to_json()) for number in range(1201)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    samples.take(tmp_path / "many.jsonl")
    ids = samples.ids()
    assert len(ids) == 1201
    assert [each.id for each in samples.some(ids)] == ids


def test_they_are_relabelled_deleted_and_put_back(samples: Samples) -> None:
    first, second, third = keep(samples, "123")
    before = samples.everything()
    samples.relabel([first, third], "9")
    assert [each.label for each in samples.everything()] == ["9", "2", "9"]
    samples.remove([second, third])
    assert samples.ids() == [first]
    assert samples.keep(ink(50), "5") > third  # no number is used twice
    samples.put_back(before)
    assert samples.everything()[:3] == before
    with pytest.raises(ValueError, match="'xy' is no label"):
        samples.relabel([first], "xy")


def test_of_all_that_are_deleted_nothing_stays(samples: Samples) -> None:
    mark = "sentence that only this drawing holds"
    for number in range(50):
        samples.keep(replace(ink(number), extra={"note": mark}), "1")
    aside = samples.path.with_name(samples.path.name + ".damaged-20260101-000000")
    aside.write_bytes(mark.encode())
    assert mark.encode() in contents(samples)
    assert samples.damaged() == [aside]
    left = samples.path.with_name(paths.TEACHING)  # left by a program that was killed while it taught
    samples.export(left)
    samples.remove_all()
    assert samples.count() == 0
    assert not aside.exists()
    assert not left.exists()
    assert mark.encode() not in contents(samples)
    samples.close()
    assert mark.encode() not in contents(samples)


MARK = "sentence that only this drawing holds"


def marked(samples: Samples) -> int:
    """Save a drawing that can be recognized in a file's bytes, among others, and return its number."""
    keep(samples, "12")
    number = samples.keep(replace(ink(7), extra={"note": MARK}), "7")
    keep(samples, "34")
    return number


def undo_an_import(samples: Samples) -> None:
    with Samples(samples.path.with_name("other.sqlite3")) as other:
        marked(other)
        other.export(samples.path.parent.parent / "some.jsonl")
    for path in samples.path.parent.glob("other*"):
        path.unlink()
    samples.remove(samples.take(samples.path.parent.parent / "some.jsonl").new)


def relabel_and_remove(samples: Samples) -> None:
    number = marked(samples)
    before = samples.some([number])
    samples.relabel([number], "8")
    samples.put_back(before)
    samples.remove([number])


def keep_a_thousand_and_remove(samples: Samples) -> None:
    number = marked(samples)
    lines = [json.dumps(replace(ink(number), label="1").to_json()) for number in range(1000)]
    (samples.path.parent.parent / "many.jsonl").write_text("\n".join(lines))
    samples.take(samples.path.parent.parent / "many.jsonl")
    samples.remove([number])


@pytest.mark.parametrize(
    "delete",
    [
        lambda samples: samples.remove([marked(samples)]),
        relabel_and_remove,
        undo_an_import,
        keep_a_thousand_and_remove,
        lambda samples: (marked(samples), samples.remove_all()),
    ],
    ids=["one", "relabelled", "import undone", "one of a thousand", "all"],
)
def test_of_what_is_deleted_nothing_can_be_read_in_any_file(
    samples: Samples, delete: Callable[[Samples], object]
) -> None:
    with Samples(samples.path) as other:  # another window, which also has the file open
        keep(other, "5")
        delete(samples)
        assert MARK.encode() not in contents(samples)
        other.count()
        assert MARK.encode() not in contents(samples)


@pytest.mark.parametrize("seed", [0, 2, 5])  # with these SQLite leaves copies behind
def test_nothing_stays_where_drawings_were_moved_away_from(samples: Samples, seed: int) -> None:
    samples.keep(ink(1), "1")
    chance = random.Random(seed)  # noqa: S311  (it isn't a secret)
    there: dict[int, bytes] = {}
    for step in range(80):
        if there and chance.random() < 0.3:
            number = chance.choice(list(there))
            samples.remove([number])
            assert there.pop(number) not in contents(samples), step
        else:
            mark = f"<{step:05}>" * chance.randint(20, 120)  # a few fit on a page, and move when it's full
            number = samples.keep(replace(ink(step, 1), extra={"note": mark}), str(step % 10))
            there[number] = mark[:7].encode()


def test_what_is_deleted_is_overwritten_before_the_file_becomes_shorter(samples: Samples) -> None:
    number = marked(samples)
    assert samples.file.connection
    samples.file.connection.execute("DELETE FROM drawings WHERE id = ?", (number,))
    samples.file.connection.execute("PRAGMA wal_checkpoint")  # if there's such a log
    assert MARK.encode() not in samples.path.read_bytes()


def test_files_that_go_with_the_drawings_are_overwritten(samples: Samples, tmp_path: Path) -> None:
    number = marked(samples)
    aside = samples.path.with_name(f"{samples.path.name}.damaged-20260101-000000")
    left = samples.path.with_name(paths.TEACHING)  # left by a program that was killed while it taught
    aside.write_text(MARK)
    samples.export(left, private=True)
    for path in (left, aside):
        os.link(path, tmp_path / path.name)  # the same bytes on the disk, by another name
    samples.remove([number])
    assert not left.exists()
    assert MARK.encode() not in (tmp_path / left.name).read_bytes()
    samples.remove_all()
    assert not aside.exists()
    assert MARK.encode() not in (tmp_path / aside.name).read_bytes()


def test_of_a_link_that_was_set_aside_only_the_link_goes(samples: Samples, tmp_path: Path) -> None:
    keep(samples, "12")
    (tmp_path / "mine").write_text(MARK)
    aside = samples.path.with_name(f"{samples.path.name}.damaged-20260101-000000")
    aside.symlink_to(tmp_path / "mine")
    samples.remove_all()
    assert not aside.is_symlink()
    assert (tmp_path / "mine").read_text() == MARK


def test_who_is_killed_before_it_is_overwritten_has_that_done_at_the_next_start(samples: Samples) -> None:
    number = marked(samples)
    samples.close()
    script = """
import os, sys
from pathlib import Path
from app.kept import sqlite_file
from app.kept.samples import Samples
sqlite_file.Connection.overwrite = lambda *_what: os._exit(9)
Samples(Path(sys.argv[1])).remove([int(sys.argv[2])])
"""
    words = [sys.executable, "-c", script, str(samples.path), str(number)]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == 9
    assert MARK.encode() in contents(samples)
    assert samples.count() == 4
    assert MARK.encode() not in contents(samples)


@on_linux
def test_on_a_full_disk_a_sentence_says_what_is_not_overwritten_yet(samples: Samples) -> None:
    import resource  # noqa: PLC0415  (Windows has none)

    number = marked(samples)
    for each in range(100):
        samples.keep(ink(each, 200), "1")
    samples.close()
    samples.path.with_name(f"{samples.path.name}-journal").unlink()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (samples.path.stat().st_size // 2, limits[1]))
    try:
        with pytest.raises(UserError, match=r"That's deleted, but traces of it in .* can't be overwritten yet"):
            samples.remove([number])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert samples.some([number]) == []
    samples.remove([1])
    assert MARK.encode() not in contents(samples)


def test_while_another_program_reads_nothing_is_deleted_that_could_not_be_overwritten(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples_file, "BUSY_PATIENCE", 0.2)
    number = marked(samples)
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM drawings").fetchone()
        with pytest.raises(UserError, match="Another Inkling"):
            samples.remove([number])
        assert samples.count() == 5
    samples.remove([number])
    assert MARK.encode() not in contents(samples)


def test_the_file_is_private_and_waits_for_the_disk(samples: Samples) -> None:
    samples.keep(SEVEN, "7")
    assert samples.file.connection
    for pragma, value in (
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("busy_timeout", 0),  # `execute` waits by itself
        ("journal_mode", "persist"),
        ("locking_mode", "normal"),
        ("synchronous", 2),  # FULL
        ("secure_delete", 1),
        ("temp_store", 2),  # in the memory
    ):
        assert samples.file.connection.execute(f"PRAGMA {pragma}").fetchone() == (value,), pragma
    assert samples.file.connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH) == 10_000_000
    if os.name == "posix":
        assert stat.S_IMODE(samples.path.parent.stat().st_mode) == 0o700
        for path in samples.path.parent.glob("drawings*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_an_export_comes_back_as_it_was(samples: Samples, tmp_path: Path) -> None:
    keep(samples, "123")
    samples.keep(SEVEN, "7", None)
    before = samples.everything()
    assert samples.export(tmp_path / "out.jsonl") == 4
    text = (tmp_path / "out.jsonl").read_text()
    first, *_others, last = map(json.loads, text.splitlines())
    assert (first["label"], first["read_as"], first["kept"]) == ("1", "0", before[0].kept)
    assert ("read_as" in last, " " in text) == (False, False)
    (tmp_path / "plain").touch()
    (tmp_path / "mine.jsonl").write_text("left by a kill")
    for name, private, mode in (
        ("out.jsonl", False, (tmp_path / "plain").stat().st_mode),
        ("mine.jsonl", True, 0o100600),
    ):
        assert samples.export(tmp_path / name, private=private) == 4
        assert (tmp_path / name).read_text() == text
        assert os.name != "posix" or (tmp_path / name).stat().st_mode == mode
    samples.remove_all()
    assert samples.take(tmp_path / "out.jsonl") == Taken([5, 6, 7, 8], 0)
    assert [replace(each, id=0) for each in samples.everything()] == [replace(each, id=0) for each in before]


def test_an_export_of_nothing_leaves_the_file_as_it_was(samples: Samples, tmp_path: Path) -> None:
    keep(samples, "1")
    samples.export(tmp_path / "out.jsonl")
    before = (tmp_path / "out.jsonl").read_bytes()
    samples.remove_all()
    with pytest.raises(UserError, match="There's nothing to export"):
        samples.export(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == before


def test_the_same_ink_is_not_kept_twice(samples: Samples, tmp_path: Path) -> None:
    samples.keep(ink(1), "1")
    lines = [
        json.dumps(replace(ink(number), label=label).to_json()) for number, label in ((1, "1"), (1, "7"), (2, "2"))
    ]
    (tmp_path / "some.jsonl").write_text("\n".join([*lines, "", lines[2]]))
    assert samples.take(tmp_path / "some.jsonl") == Taken([2, 3], 2)  # the same ink with another label is a new drawing
    assert samples.counts_by_label() == dict.fromkeys("0123456789", 0) | {"1": 1, "7": 1, "2": 1}


def test_of_a_file_with_bad_lines_nothing_is_taken(samples: Samples, tmp_path: Path) -> None:
    keep(samples, "12")
    good = json.dumps(replace(SEVEN, label="7").to_json())
    bad = [
        json.dumps(replace(SEVEN, label="2026").to_json()),
        "{",
        json.dumps(SEVEN.to_json()),
        json.dumps(replace(SEVEN, label="7", strokes=()).to_json()),
        good.replace('"7"', "7"),
    ]
    path = tmp_path / "some.jsonl"
    path.write_text("\n".join([good, *bad[:1], good]))
    with pytest.raises(UserError, match=r"Nothing was imported from some\.jsonl, because of drawing 2: .*'2026'"):
        samples.take(path)
    path.write_text("\n".join([good, *bad[:5], good]))
    with pytest.raises(UserError, match="drawings 2, 3, 4, 5, 6; of drawing 2"):
        samples.take(path)
    path.write_text("\n".join([good, *bad[:4] * 3, good]))
    with pytest.raises(UserError, match="drawings 2, 3, 4, 5, 6 and 7 more"):
        samples.take(path)
    path.write_text("\n\n")
    with pytest.raises(
        UserError, match=r"^some\.jsonl has no drawings in it; choose a \.jsonl file of labelled ink\.$"
    ):
        samples.take(path)
    with pytest.raises(UserError, match="can't be read"):
        samples.take(tmp_path)
    assert samples.count() == 2


def test_what_a_line_tells_beside_the_ink_is_taken_when_it_makes_sense(samples: Samples, tmp_path: Path) -> None:
    told: list[dict[str, object]] = [
        {"kept": "2026-01-02T03:04:05+02:00", "read_as": "7"},
        {"kept": "yesterday", "read_as": "\ud800"},
        {"kept": 3, "read_as": ["7"]},
        {"kept": "2026-01-02T03:04:05+02:00", "read_as": "7" * 101},
        {"kept": "2026-01-02T03:04:05+02:00", "read_as": "7" * 100},
    ]
    lines = [json.dumps(replace(ink(n), label="1").to_json() | more) for n, more in enumerate(told)]
    (tmp_path / "some.jsonl").write_text("\n".join(lines))
    samples.take(tmp_path / "some.jsonl")
    first, second, third, fourth, fifth = samples.everything()
    for each, read_as in ((first, "7"), (fourth, None), (fifth, "7" * 100)):
        assert (each.kept, each.read_as) == ("2026-01-02T01:04:05+00:00", read_as)
    for each in (second, third):
        assert datetime.now(UTC).year <= datetime.fromisoformat(each.kept).year
        assert each.read_as is None


def test_json_that_is_too_deep_to_be_written_again_is_refused(samples: Samples, tmp_path: Path) -> None:
    good = json.dumps(replace(SEVEN, label="7").to_json())
    for depth in (5, 15, *range(50, 1200, 25)):
        path = tmp_path / "deep.jsonl"
        path.write_text(good[:-1] + f', "deep": {"[" * depth}{"]" * depth}}}')
        try:
            samples.take(path)
        except UserError as error:
            assert "besides the ink" in str(error) or "too large" in str(error)  # noqa: PT017  (or it is taken)
    assert samples.count() > 0
    assert all(each.drawing.label == "7" for each in samples.everything())


def test_an_export_that_fails_leaves_the_older_file(samples: Samples, tmp_path: Path) -> None:
    keep(samples, "12")
    folder = tmp_path / "folder.jsonl"
    folder.mkdir()
    for target in (folder, tmp_path / "none" / "out.jsonl"):
        with pytest.raises(UserError, match=rf"^{target.name} can't be written \(.+\); choose another place\.$"):
            samples.export(target)
    assert {path.name for path in tmp_path.iterdir()} == {"Inkling", "folder.jsonl"}


def test_a_newer_file_is_refused_and_stays_as_it_is(samples: Samples) -> None:
    keep(samples, "12")
    samples.close()
    with contextlib.closing(sqlite3.connect(samples.path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = samples.path.read_bytes()
    for action in (samples.count, lambda: samples.keep(SEVEN, "7"), samples.remove_all):
        with pytest.raises(UserError, match="saved by a newer Inkling"):
            action()
    assert samples.path.read_bytes() == before


def test_an_older_file_is_brought_up_to_date(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(samples, "12")
    before = samples.everything()
    samples.close()
    monkeypatch.setattr(samples_file, "STEPS", (*samples_file.STEPS, "ALTER TABLE drawings ADD COLUMN note TEXT;"))
    assert samples.everything() == before
    assert samples.file.connection
    assert samples.file.connection.execute("PRAGMA user_version").fetchone() == (len(samples_file.STEPS),)
    samples.file.connection.execute("SELECT note FROM drawings")


def test_a_file_from_before_lessons_were_remembered_keeps_its_drawings(samples: Samples) -> None:
    samples.path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as older:
        older.execute("PRAGMA journal_mode=WAL")
        older.executescript(f"{samples_file.STEPS[0]} PRAGMA user_version=1")
        each = json.dumps(SEVEN.to_json())
        older.execute("INSERT INTO drawings (label, kept, ink) VALUES ('7', '2026-11-22T19:05:00+00:00', ?)", (each,))
    assert [each.drawing.strokes for each in samples.everything()] == [SEVEN.strokes]
    assert samples.notice == ""
    assert samples.waiting("any") == (1, 1)


def test_a_file_from_before_signs_keeps_its_drawings_and_their_numbers(samples: Samples) -> None:
    samples.path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as older:
        older.execute("PRAGMA journal_mode=WAL")
        older.executescript("".join(samples_file.STEPS[:2]) + "PRAGMA user_version=2")
        each = json.dumps(SEVEN.to_json())
        question = "INSERT INTO drawings (label, kept, ink) VALUES ('7', '2026-11-22T19:05:00+00:00', ?)"
        for _number in range(3):
            older.execute(question, (each,))
        older.execute("DELETE FROM drawings WHERE id = 3")
    before = samples.ids()
    assert before == [2, 1]
    assert samples.keep(SEVEN, "é") == 4  # no number is used twice
    assert samples.counts_by_label() == dict.fromkeys("0123456789", 0) | {"7": 2, "é": 1}
    samples.relabel([1], "+")
    assert [each.label for each in samples.everything()] == ["+", "7", "é"]


def test_signs_go_out_and_come_in_again(samples: Samples, tmp_path: Path) -> None:
    keep(samples, "1+A✓")
    assert samples.export(tmp_path / "mine.jsonl") == 4
    other = Samples(tmp_path / "other.sqlite3")
    other.take(tmp_path / "mine.jsonl")
    assert [each.label for each in other.everything()] == ["1", "+", "A", "✓"]
    other.close()


def test_the_file_knows_what_each_model_has_learned(samples: Samples) -> None:
    assert samples.waiting("first") == (0, 0)
    one, two, three = keep(samples, "123")
    assert samples.waiting("first") == (3, 3)
    samples.teach("first")
    samples.close()
    assert samples.waiting("first") == (3, 0)  # it hasn't learned them so far
    samples.relabel([two], "7")
    samples.keep(SEVEN, "7")
    assert samples.waiting("first") == (4, 2)
    samples.taught("first", "second", ["first", "second"])
    assert samples.waiting("second") == (2, 2)
    assert samples.waiting("first") == (4, 2)  # as after Undo learning
    samples.relabel([two], "2")  # the label that it was learned with
    before = samples.some([three])
    samples.remove([three])
    assert samples.waiting("second") == (1, 1)
    samples.put_back(before)
    assert samples.waiting("second") == (1, 1)
    samples.teach("second")
    samples.taught("second", "third", ["second", "third"])
    assert [samples.waiting(name) for name in ("first", "second", "third")] == [(4, 4), (1, 0), (0, 0)]
    samples.relabel([one], "9")
    samples.teach("third")
    assert samples.waiting("third") == (1, 0)
    samples.remove_all()
    keep(samples, "1")
    assert samples.waiting("third") == (1, 1)


def test_a_file_that_is_no_database_is_set_aside(samples: Samples) -> None:
    samples.path.parent.mkdir()
    samples.path.write_bytes(b"these are no drawings" * 100)
    number = samples.keep(SEVEN, "7")
    assert "was damaged" in samples.notice
    assert "no drawing could be recovered" in samples.notice
    (aside,) = samples.damaged()
    assert aside.name in samples.notice
    assert aside.read_bytes() == b"these are no drawings" * 100
    assert samples.ids() == [number]


def test_of_a_damaged_file_all_is_taken_over_that_can_be_read(samples: Samples) -> None:
    for number in range(401):  # one more than hundreds that are tried at once
        samples.keep(ink(number, 60), str(number % 10))
    before = {each.id: each for each in samples.everything()}
    samples.close()
    content = bytearray(samples.path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    samples.path.write_bytes(content)
    there = {each.id: each for each in samples.everything()}
    assert 380 <= len(there) < 401  # a page only holds a few
    assert max(there) == 401
    assert all(before[number] == each for number, each in there.items())
    assert f"{len(there)} drawings were recovered" in samples.notice
    (aside,) = samples.damaged()
    assert aside.stat().st_size == len(content)
    assert samples.keep(SEVEN, "7") == 402


def test_a_file_whose_own_words_are_no_text_is_set_aside(samples: Samples) -> None:
    samples.keep(SEVEN, "7")
    samples.close()
    content = samples.path.read_bytes()
    samples.path.write_bytes(content.replace(b"ON drawings (label)", b"ON \xff\xfeawings (label)"))
    number = samples.keep(SEVEN, "7")
    assert "was damaged" in samples.notice
    assert samples.ids() == [number]


def test_a_file_with_other_tables_is_set_aside(samples: Samples) -> None:
    samples.path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(samples.path)) as other:
        other.executescript("CREATE TABLE drawings (name TEXT); INSERT INTO drawings VALUES ('mine')")
    samples.keep(SEVEN, "7")
    assert "was damaged" in samples.notice
    assert len(samples.damaged()) == 1


@pytest.mark.parametrize("page", ["middle", "root"])
def test_numbers_that_were_never_given_take_no_time_in_a_damaged_file(samples: Samples, page: str) -> None:
    for number in range(200):
        samples.keep(ink(number, 60), str(number % 10))
    with contextlib.closing(sqlite3.connect(samples.path)) as file, file:
        file.execute("UPDATE sqlite_sequence SET seq = 200000 WHERE name = 'drawings'")
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'drawings'").fetchone()
    samples.close()
    content = bytearray(samples.path.read_bytes())
    start = len(content) // 2 // 4096 * 4096 if page == "middle" else (root - 1) * 4096
    content[start : start + 4096] = b"\xa5" * 4096
    samples.path.write_bytes(content)
    began = time.process_time()
    assert (len(samples.ids()) >= 180) == (page == "middle")
    assert time.process_time() - began < 1.5  # 0.2 s; with a query for each number, 2 s


def test_damage_that_shows_while_it_is_open_is_set_aside_too(samples: Samples) -> None:
    keep(samples, "12" * 200)
    samples.close()  # now everything is in the file, and nothing in the log
    samples.count()
    assert samples.file.connection
    samples.file.connection.execute("PRAGMA shrink_memory")  # it read the whole file when it checked it
    content = samples.path.read_bytes()
    samples.path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(UserError, match=r"was damaged.* Please do that again\."):
        samples.everything()
    assert samples.ids() == []
    assert len(samples.damaged()) == 1
    samples.keep(SEVEN, "7")


def test_one_damaged_drawing_does_not_hide_the_others(samples: Samples, tmp_path: Path) -> None:
    first, second = keep(samples, "12")
    assert samples.file.connection
    samples.file.connection.execute("UPDATE drawings SET ink = CAST(x'7bff' AS TEXT) WHERE id = ?", (first,))
    bad, good = samples.everything()
    with pytest.raises(InkError, match="damaged"):
        _ = bad.drawing
    assert good.drawing.strokes == ink(1).strokes
    assert samples.export(tmp_path / "out.jsonl") == 1
    assert samples.ids() == [second, first]


def test_a_disk_that_fails_to_read_once_is_no_damage(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = keep(samples, "12")
    samples.close()
    ready, failures = samples_file._ready, [sqlite3.DatabaseError("database disk image is malformed")]

    def once(path: Path) -> sqlite3.Connection:
        if failures:
            raise failures.pop()
        return ready(path)

    monkeypatch.setattr(samples_file, "_ready", once)
    assert samples.ids() == numbers[::-1]
    assert (samples.notice, samples.damaged()) == ("", [])


def test_a_folder_that_nobody_may_look_into_is_no_empty_one(
    samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(samples, "12")
    samples.export(tmp_path / "out.jsonl")
    exported = (tmp_path / "out.jsonl").read_bytes()
    samples.close()

    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", refuse)
        with pytest.raises(UserError, match=r"can't be opened \(Permission denied"):
            samples.export(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == exported


def test_a_check_that_cannot_read_the_disk_is_no_damage() -> None:
    said = "*** in database main ***\nTree 2 page 5: unable to get the page. error code=266"
    assert not samples_file.is_damage(samples_file._unreadable(said))
    assert samples_file.is_damage(samples_file._unreadable(said.replace("266", "11")))
    assert samples_file.is_damage(samples_file._unreadable("row 7 missing from index drawings_by_label"))


def test_a_kill_between_the_moves_of_a_rescue_loses_nothing(samples: Samples) -> None:
    keep(samples, "12")
    samples.close()
    samples.path.rename(samples.path.with_name(".drawings.sqlite3.fresh"))
    assert samples.keep(SEVEN, "7") == 3
    assert samples.count() == 3


def test_a_file_that_was_taken_away_while_it_is_open_is_begun_anew(samples: Samples, tmp_path: Path) -> None:
    keep(samples, "12")
    if os.name == "posix":  # elsewhere an open file can't be moved
        samples.path.parent.rename(tmp_path / "backup")
        keep(samples, "3")
        assert samples.count() == 1
        with Samples(samples.path) as again:
            assert again.count() == 1
        with Samples(tmp_path / "backup" / samples.path.name) as moved:
            assert moved.count() == 2


def test_where_a_file_system_has_no_locks_one_at_a_time_has_its_turn(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "has_locks", lambda _folder: False)
    keep(samples, "7")
    samples.close()
    with sqlite_file.turn(samples.path, 0), pytest.raises(TimeoutError), sqlite_file.turn(samples.path, 0):
        raise AssertionError("two at once")
    with Samples(samples.path) as again:
        assert [each.label for each in again.everything()] == ["7"]


def test_a_locked_file_is_waited_for(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(samples, "12")
    script = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""

    def locker(seconds: float) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", script, str(samples.path), str(seconds)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"locked\n"
        return process

    with locker(0.5):
        samples.keep(SEVEN, "7")
    assert samples.count() == 3
    samples.close()
    monkeypatch.setattr(samples_file, "BUSY_PATIENCE", 0.2)
    with locker(30) as process:
        try:
            assert samples.count() == 3  # reading doesn't wait
            with pytest.raises(UserError, match="Another Inkling is writing"):
                samples.keep(SEVEN, "7")
        finally:
            process.kill()
    samples.keep(SEVEN, "7")
    assert samples.count() == 4


def test_a_file_that_another_program_is_making_or_changing_is_waited_for(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(samples, "12")
    samples.close()
    monkeypatch.setattr(samples_file, "BUSY_PATIENCE", 0.1)
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UserError, match="Another Inkling is writing"):
            samples.count()
    lock = samples.path.with_name(f".{samples.path.name}.lock")
    with files.file_lock(lock, 0), pytest.raises(UserError, match="Another Inkling is writing"):
        samples.count()
    assert samples.count() == 2
    assert samples.damaged() == []


def test_a_table_that_goes_while_the_file_is_open_is_damage_and_a_wrong_question_is_not(samples: Samples) -> None:
    keep(samples, "12")
    with pytest.raises(sqlite3.ProgrammingError):
        samples.file.rows("SELECT ?")  # a mistake of ours
    assert samples.damaged() == []
    with contextlib.closing(sqlite3.connect(samples.path)) as other, other:
        other.execute("DROP TABLE drawings")
    with pytest.raises(UserError, match=r"was damaged.* Please do that again\."):
        samples.keep(SEVEN, "7")
    assert len(samples.damaged()) == 1
    assert samples.keep(SEVEN, "7") == 1


def test_a_journal_with_a_change_in_it_is_left_to_sqlite(tmp_path: Path) -> None:
    journal = tmp_path / "drawings.sqlite3-journal"
    for content, stays in ((b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 and more", True), (bytes(512), False), (b"", False)):
        journal.write_bytes(content)
        sqlite_file.erase_idle_journal(tmp_path / "drawings.sqlite3")
        assert journal.exists() == stays
    sqlite_file.erase_idle_journal(tmp_path / "drawings.sqlite3")


def test_two_programs_keep_at_once_from_the_first_moment(samples: Samples) -> None:
    script = """
import sys
from pathlib import Path
from app.kept import samples_file
from app.kept.samples import Samples
from stress.faults.keeps import drawing
samples_file.BUSY_PATIENCE = 60  # a busy disk can be slower than a window may wait
with Samples(Path(sys.argv[1])) as samples:
    for number in range(60):
        print(samples.keep(drawing(number), sys.argv[2]))
"""
    words = [[sys.executable, "-c", script, str(samples.path), label] for label in "45"]
    processes = [subprocess.Popen(each, cwd=ROOT, stdout=subprocess.PIPE) for each in words]
    told = {label: process.communicate()[0].split() for label, process in zip("45", processes, strict=True)}
    assert [process.returncode for process in processes] == [0, 0]
    for label, numbers in told.items():
        assert sorted(samples.ids(label)) == [int(number) for number in numbers]
        assert len(numbers) == 60
    assert samples.count() == 120


def fill(samples: Samples) -> None:
    for number in range(1000):
        samples.keep(ink(number, 1000), "3")


@on_linux
def test_a_full_disk_is_a_sentence_and_costs_nothing(samples: Samples, tmp_path: Path) -> None:
    import resource  # noqa: PLC0415  (Windows has none)

    numbers = keep(samples, "12" * 20)
    before = samples.everything()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = samples.path.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))  # a file can't grow, as on a full disk
    try:
        for store in (samples, Samples(tmp_path / "new" / "drawings.sqlite3")):
            with pytest.raises(UserError, match="Make room on the disk"):
                fill(store)
            store.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert samples.some(numbers) == before
    assert samples.keep(SEVEN, "7") not in numbers
    samples.close()
    assert samples.some(numbers) == before


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Samples(tmp_path / "file" / "drawings.sqlite3") as samples, pytest.raises(UserError, match="can't be opened"):
        samples.keep(SEVEN, "7")
    (tmp_path / "folder" / "drawings.sqlite3").mkdir(parents=True)
    with Samples(tmp_path / "folder" / "drawings.sqlite3") as samples, pytest.raises(UserError, match="be opened"):
        samples.keep(SEVEN, "7")


@on_linux
def test_a_read_only_folder_is_a_sentence(samples: Samples) -> None:
    keep(samples, "12")
    samples.close()
    samples.path.with_name(f"{samples.path.name}-journal").unlink(missing_ok=True)  # as where a backup was copied
    with read_only(samples.path.parent):
        with pytest.raises(UserError, match="Make sure that"):
            samples.keep(SEVEN, "7")
        samples.close()
    assert samples.count() == 2


def test_a_file_that_became_read_only_while_it_is_open_is_a_sentence(samples: Samples) -> None:
    keep(samples, "12")
    assert samples.file.connection
    samples.file.connection.execute("PRAGMA query_only = ON")  # SQLite answers as for such a file
    with pytest.raises(UserError, match="aren't read-only"):
        samples.keep(SEVEN, "7")
    samples.close()
    assert samples.count() == 2


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only, even for root, who isn't stopped by modes until it drops that privilege."""
    kept = effective_capabilities()
    folder.chmod(0o500)
    effective_capabilities(kept & ~0b110)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
    try:
        yield
    finally:
        effective_capabilities(kept)
        folder.chmod(0o700)


def effective_capabilities(use: int | None = None) -> int:
    """Return the first 32 of this thread's effective capabilities (capabilities(7)), or set them."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, twice
    assert libc.capget(header, data) == 0
    if use is not None:
        data[0] = use
        assert libc.capset(header, data) == 0, os.strerror(ctypes.get_errno())
    return data[0]


FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER t AFTER INSERT ON drawings BEGIN DELETE FROM drawings; END",
        f"CREATE TRIGGER t AFTER UPDATE ON drawings BEGIN SELECT max(i) FROM ({FOR_EVER} SELECT i FROM n); END",  # noqa: S608  (our words)
        "CREATE VIEW more AS SELECT 1",
        "DROP INDEX drawings_by_label",
        "UPDATE sqlite_sequence SET seq = 9223372036854775807",
        "UPDATE drawings SET id = 9223372036854775807 WHERE id = 1",
        "UPDATE drawings SET id = -5 WHERE id = 1",
    ],
)
def test_a_file_that_somebody_has_changed_acts_for_nobody_and_its_drawings_are_taken_over(
    samples: Samples, sql: str
) -> None:
    keep(samples, "123")
    samples.close()
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as other:
        other.execute(sql)
    number = samples.keep(SEVEN, "7")
    assert "3 drawings were recovered" in samples.notice
    samples.relabel([number], "8")
    assert sorted(each.label for each in samples.everything()) == ["1", "2", "3", "8"]
    assert 0 < number < 10_000


@pytest.mark.parametrize("column", ["ink", "kept", "read_as"])
def test_bytes_in_the_place_of_text_cost_only_their_own_drawing(samples: Samples, tmp_path: Path, column: str) -> None:
    keep(samples, "123")
    samples.close()
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as other:
        other.execute(f"UPDATE drawings SET {column} = x'80' WHERE id = 2")  # noqa: S608  (our words)
    assert samples.export(tmp_path / "all.jsonl") == 2
    assert [each.label for each in samples.everything()] == ["1", "3"]
    assert "2 drawings were recovered" in samples.notice


def test_a_view_that_never_ends_is_not_looked_at(samples: Samples) -> None:
    samples.path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as other:
        rows = "SELECT i AS id, '7' AS label, '' AS kept, '' AS read_as, '{}' AS ink FROM n"
        other.execute(f"CREATE VIEW drawings AS {FOR_EVER} {rows}")
    assert samples.count() == 0
    assert "no drawing could be recovered" in samples.notice


def test_a_text_that_would_fill_the_memory_is_left_in_the_file_that_is_set_aside(samples: Samples) -> None:
    keep(samples, "12")
    samples.close()
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as other:
        other.execute("UPDATE drawings SET ink = hex(zeroblob(10000000)) WHERE id = 1")
    assert [each.label for each in samples.everything()] == ["2"]
    assert "1 drawing was recovered" in samples.notice
    assert samples.damaged()


@soon(2)
def test_the_window_waits_but_a_moment_for_a_file_that_another_program_holds(samples: Samples, seconds: float) -> None:
    keep(samples, "12")
    samples.close()
    with contextlib.closing(sqlite3.connect(samples.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(UserError, match="Another Inkling is writing"):
            samples.keep(SEVEN, "7")
        assert 0.5 < time.monotonic() - began < seconds
    samples.keep(SEVEN, "7")
    assert samples.count() == 3


def test_a_blank_drawing_in_a_damaged_file_is_left_there(samples: Samples) -> None:
    keep(samples, "12")
    samples.close()
    with contextlib.closing(sqlite3.connect(samples.path)) as other, other:
        other.execute("UPDATE drawings SET ink = '{\"strokes\": []}' WHERE label = '1'")
        other.execute("PRAGMA user_version=-1")
    assert [each.label for each in samples.everything()] == ["2"]
    assert "1 drawing was recovered" in samples.notice


@pytest.mark.parametrize("text", ["7", "[" * 100_000, "{", '{"strokes": 7}'])
def test_what_is_kept_and_is_no_ink_is_a_sentence(text: str) -> None:
    with pytest.raises(InkError, match=r"A drawing is an object|saved drawing is damaged|'strokes' is a list"):
        Sample("7", text, "2026-11-22T19:05:00+00:00").drawing  # noqa: B018


@pytest.mark.parametrize("more", [0, 1])
def test_the_largest_file_that_is_imported(tmp_path: Path, more: int) -> None:
    path = tmp_path / "large.jsonl"
    line = b'{"strokes": [[[1, 2]]], "label": "7"}\n'
    with path.open("wb") as file:
        file.write(line)
        file.truncate(LARGEST_IMPORT + more - 1)
        file.seek(0, os.SEEK_END)
        file.write(b"\n")
    with pytest.raises(UserError, match="larger than 100 MB" if more else "Nothing was imported from large.jsonl"):
        read_file(path)
