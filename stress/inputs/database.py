"""The file of the user's drawings, damaged or made by somebody else, and everything that the window does with it."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from app.kept.samples import Samples
from app.kept.samples_file import STEPS
from model.base.errors import UserError
from model.ink.ink import Drawing, InkError, Point, Stroke
from stress.way import Way

DIVIDER = b"\n--- and beside it ---\n"  # between the bytes of the file, its log and its journal
BESIDE = ("", "-wal", "-journal", "-shm")
SEVEN = Drawing((Stroke((Point(1, 2), Point(3, 4), Point(2, 9))),), canvas=(280, 280))


def _enter(content: bytes, home: Path) -> None:
    """Use a file as the window does; afterwards, its contents must be usable in every way."""
    file = home / "drawings.sqlite3"
    for each in home.iterdir():
        if each.is_file():
            each.unlink()
    for ending, part in zip(BESIDE, content.split(DIVIDER), strict=False):
        if part or not ending:
            Path(f"{file}{ending}").write_bytes(part)
    notices = []
    with Samples(file) as samples:
        for _attempt in range(3):  # damage that's found later is set aside then, and the action tried again
            try:
                _use(samples, home)
            except UserError as error:
                notices.append(str(error))
            else:
                break
        notices.append(samples.notice)
    aside = list(home.glob("drawings.sqlite3.damaged-*"))
    if aside and content and b"SQLite" in content[:20]:
        assert any(notices), "a file was set aside without a word"
    if any(notices):
        raise UserError(next(filter(None, notices)))


def _use(samples: Samples, home: Path) -> None:
    before = samples.count()
    ids = samples.ids()
    assert samples.ids("7") is not None
    for each in samples.some(ids[:20]):
        with contextlib.suppress(InkError):
            assert each.drawing.label == each.label
    new = samples.keep(SEVEN, "7", "1")
    samples.relabel([new], "2")
    assert samples.some([new])[0].label == "2"
    gone = samples.some([new])
    samples.remove([new])
    samples.put_back(gone)
    assert samples.count() == before + 1
    count = samples.export(home / "all.jsonl")
    samples.take(home / "all.jsonl")
    assert samples.count() >= count
    samples.remove([new])


@functools.cache
def _file(count: int, *more: str) -> bytes:
    """Return a valid file with this many drawings, changed by SQL."""
    text = '{"strokes":[[[1,2],[3,4]]],"width":20,"canvas":[280,280]}'
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            if not any("CREATE TABLE drawings" in each or "VIEW drawings" in each for each in more):
                connection.executescript("".join(STEPS) + f"PRAGMA user_version={len(STEPS)};")
                rows = [(str(number % 10), "2026-11-22T19:05:00+00:00", "1", text) for number in range(count)]
                connection.executemany("INSERT INTO drawings (label, kept, read_as, ink) VALUES (?, ?, ?, ?)", rows)
            for each in more:
                connection.execute(each)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


_FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
_VIEWED = "'7' AS label, '' AS kept, '' AS read_as, '{}' AS ink"
_SQL: tuple[tuple[str, ...], ...] = (
    (),
    ("CREATE TABLE more (x)",),
    ("CREATE VIEW more AS SELECT 1",),
    ("CREATE TRIGGER t AFTER INSERT ON drawings BEGIN DELETE FROM drawings; END",),
    ("CREATE TRIGGER t BEFORE UPDATE ON drawings BEGIN UPDATE drawings SET ink = hex(zeroblob(99999999)); END",),
    (f"CREATE TRIGGER t AFTER DELETE ON drawings BEGIN SELECT max(i) FROM ({_FOR_EVER}); END",),  # noqa: S608  (our words)
    (f"CREATE VIEW drawings AS SELECT i AS id, {_VIEWED} FROM ({_FOR_EVER})",),  # noqa: S608  (as above)
    ("CREATE TABLE drawings (id, label, kept, read_as, ink)", "INSERT INTO drawings VALUES (1, 7, 0, x'00', x'ff')"),
    (
        "CREATE TABLE drawings (id, label, kept, read_as, ink AS (hex(zeroblob(400000000))))",
        "INSERT INTO drawings VALUES (1, 7, 0, 0)",
    ),
    ("UPDATE sqlite_sequence SET seq = 9223372036854775807",),
    ("UPDATE sqlite_sequence SET seq = 'many'",),
    ("UPDATE sqlite_sequence SET seq = 150000", "CREATE TABLE more (x)"),
    ("DELETE FROM sqlite_sequence",),
    ("UPDATE drawings SET ink = x'ff00'",),
    ("UPDATE drawings SET ink = 'no ink' WHERE id = 1",),
    ("UPDATE drawings SET ink = '[' || ink || ']' WHERE id = 2",),
    ("UPDATE drawings SET kept = x'80', read_as = x'80'",),
    ("UPDATE drawings SET read_as = NULL, kept = 'yesterday'",),
    ("PRAGMA ignore_check_constraints=ON", "UPDATE drawings SET label = '77' WHERE id = 1"),
    ("UPDATE drawings SET id = -id",),
    ("UPDATE drawings SET id = 9223372036854775807 WHERE id = 1",),
    ("UPDATE drawings SET ink = hex(zeroblob(6000000)) WHERE id = 1",),
    ("DROP INDEX drawings_by_label",),
    ("PRAGMA encoding='UTF-16'", "CREATE TABLE drawings (id, label, kept, read_as, ink)"),
    *((f"PRAGMA user_version={version}",) for version in (0, 2, 9999, -1, -2147483648)),
)
_WHOLE = st.builds(lambda count, more: _file(count, *more), st.sampled_from([0, 1, 3, 60]), st.sampled_from(_SQL))


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    """Return a file with some bytes wrong, cut or added, and sometimes with something next to it."""
    content = bytearray(draw(_WHOLE))
    for _flip in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, 120) | st.integers(0, max(0, len(content) - 1)))
        if place < len(content):
            content[place : place + 1] = draw(st.binary(min_size=1, max_size=1) | st.sampled_from([b"\0", b"\xff"]))
    match draw(st.integers(0, 7)):
        case 0:
            content = content[: draw(st.integers(0, len(content)))]
        case 1:
            content += draw(st.binary(max_size=64)) * draw(st.sampled_from([1, 64, 4096]))
        case 2:
            page = draw(st.integers(0, len(content) // 4096)) * 4096
            content[page : page + 4096] = draw(st.sampled_from([b"\0", b"\xff", b"\x0d"])) * 4096
    parts = [bytes(content)]
    if draw(st.integers(0, 4)) == 0:
        wal = b"\x37\x7f\x06\x82\x00\x2d\xe2\x18\x00\x00\x10\x00" + draw(st.binary(max_size=200))
        journal = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + draw(st.binary(max_size=600))
        kinds = st.sampled_from([b"", wal, journal]) | st.binary(max_size=100)
        parts += [draw(kinds), draw(kinds), draw(kinds | st.just(b"\0" * 32768))]
    return DIVIDER.join(parts)


def _corpus() -> Sequence[bytes]:
    return (*(_file(5, *more) for more in _SQL), _file(500), b"", b"text", b"SQLite format 3\0", b"\xff" * 5000)


WAY = Way(
    "database",
    grammar=_files(),
    corpus=_corpus,
    enter=_enter,
    modules=("app.kept.samples", "app.kept.samples_file", "app.kept.salvage", "app.kept.sample", "model.ink.ink"),
    longest=24_000,
)
