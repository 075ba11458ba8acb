"""Reading spread over processes: the same answers in the same order, whatever happens to the processes."""

import contextlib
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from app.sources import sources, spread
from app.sources.batch import Answer
from app.sources.pictures import SourceError
from app.sources.processes import Processes
from app.sources.sources import Piece
from app.sources.spread import Crew, LostError
from model.base.errors import UserError
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer
from tests.app.test_cli import answers, ink, picture
from tests.conftest import ROOT, missing, on_linux, run
from tests.places import can_be_made
from tests.screen import PATIENCE, wait_for

DEADLY = """
import os, signal
from PIL import Image
def opened(path, *words, before=Image.open, **more):
    if "deadly" in str(getattr(path, "name", path)):
        os.kill(os.getpid(), signal.SIGKILL)  # as the system does with who takes too much memory
    return before(path, *words, **more)
Image.open = opened
"""
STILLBORN = """
import os, sys
if "--multiprocessing-fork" in sys.orig_argv:
    os._exit(3)
"""
LOST = "It ended the process that read it, which may have run out of memory. Leave it out, or make it smaller."


def folder_of(count: int, folder: Path) -> Path:
    """Make a folder of pictures, drawings and lines."""
    folder.mkdir()
    contents = [io.BytesIO() for _ in range(3)]
    for digit, content in zip((1, 4, 7), contents, strict=True):
        picture(digit).resize((56, 56)).save(content, "PNG")
    for number in range(count):
        (folder / f"{number:05}.png").write_bytes(contents[number % 3].getvalue())
    (folder / f"{count // 3:05}.json").write_text(json.dumps([ink(4), {"strokes": 1}, ink(7)]))
    (folder / f"{count // 2:05}.jsonl").write_text(f"{json.dumps(ink(1))}\n\nnope\n{json.dumps(ink(7))}\n")
    return folder


def extended(folder: Path, script: str) -> str:
    """Return a folder that makes every Python run a script at its start."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(script)
    return str(folder)


@contextlib.contextmanager
def started(*words: object, scheduler: str = "") -> Iterator[subprocess.Popen[str]]:
    spread = ["--scheduler", scheduler] if scheduler else ["--jobs", "2"]
    command = [sys.executable, "-m", "app", "recognize", *spread, *map(str, words)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # so that Ctrl+C reaches it and its processes, as in a terminal
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Return the numbers of the processes that read for this one."""
    children = [path.read_text().split() for path in Path(f"/proc/{process.pid}/task").glob("*/children")]
    numbers = [int(child) for listed in children for child in listed]
    return [each for each in numbers if "multiprocessing-fork" in Path(f"/proc/{each}/cmdline").read_text()]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return True


def test_several_processes_print_what_one_prints(tmp_path: Path) -> None:
    folder = folder_of(60, tmp_path / "many")
    (folder / "00025.png").write_bytes((folder / "00025.png").read_bytes()[:60])
    lines = f"{json.dumps(ink(4))}\nnope\n{json.dumps(ink(7))}\n"
    ways: list[list[str | Path]] = [
        [folder, "-", "nowhere.png", "--json"],
        ["-", tmp_path, folder, "--threshold", "0"],
    ]
    for words in ways:
        one, several, all_cores = (
            run("app", "recognize", *words, *jobs, text=lines) for jobs in ((), ("--jobs", "3"), ("--jobs", "0"))
        )
        assert (one.returncode, one.stdout.count("\n") > 60) == (1, True)
        assert (several.returncode, several.stdout, several.stderr) == (1, one.stdout, one.stderr)
        assert (all_cores.returncode, all_cores.stdout, all_cores.stderr) == (1, one.stdout, one.stderr)
    assert f"{folder / '00025.png'}: The picture is damaged or cut off. Save or download it again." in one.stderr


def test_nothing_of_the_processes_is_left_when_they_have_read(recognizer: Recognizer, tmp_path: Path) -> None:
    picture(4).save(tmp_path / "4.png")
    pieces = list(sources.pieces([str(tmp_path / "4.png")], io.BytesIO()))
    before = set(threading.enumerate())
    with Processes(2, recognizer) as crew:
        (answer,) = crew.result(crew.send(pieces), 60)
        assert isinstance(answer.reading, Reading)
        assert answer.reading.text == "4"
        crew.send(pieces)  # without waiting for the result
    assert not set(threading.enumerate()) - before
    assert not multiprocessing.active_children()


@on_linux
def test_a_process_that_is_killed_half_way_costs_no_answer(tmp_path: Path) -> None:
    folder = folder_of(300, tmp_path / "many")
    with started(folder, "--json") as process:
        assert process.stdout
        assert process.stderr
        lines = [process.stdout.readline() for _ in range(50)]
        os.kill(workers(process)[0], signal.SIGKILL)
        lines += process.stdout.readlines()
        told = process.stderr.read()
        assert process.wait() == 1  # because it has two bad drawings
    assert len(told.splitlines()) == 2
    assert "".join(lines) == run("app", "recognize", folder, "--json").stdout


@on_linux
def test_a_file_that_ends_whoever_reads_it_is_lost_alone(tmp_path: Path) -> None:
    folder = folder_of(90, tmp_path / "many")
    whole = run("app", "recognize", folder, "--json").stdout
    for name in ("00000-deadly.png", "00044-deadly.png", "00045-deadly.png"):
        picture(1).save(folder / name)
    path = extended(tmp_path / "path", DEADLY)
    done = run("app", "recognize", "--jobs", "2", folder, "--json", PYTHONPATH=path)
    assert done.returncode == 1
    told = answers(done.stdout)
    sources_told = [each["source"] for each in told]
    assert sources_told == sorted(sources_told, key=lambda source: Path(str(source)).name)
    lost = [each for each in told if each.get("error") == LOST]
    assert [(Path(str(each["source"])).name, each["index"]) for each in lost] == [
        ("00000-deadly.png", 0),
        ("00044-deadly.png", 0),
        ("00045-deadly.png", 0),
    ]
    assert [each for each in told if each not in lost] == answers(whole)
    assert done.stderr.count(LOST) == 3
    assert "Traceback" not in done.stderr


@on_linux
def test_a_system_without_shared_memory_reads_in_processes_all_the_same(tmp_path: Path) -> None:
    if not can_be_made():
        missing("bwrap is needed, and that this system lets it (Debian: apt install bubblewrap)")
    (tmp_path / "lines.jsonl").write_text(f"{json.dumps(ink(4))}\n{json.dumps(ink(7))}\n")
    walls = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(tmp_path), "/dev/shm"]  # noqa: S108  (not written to)
    words = [sys.executable, "-m", "app", "recognize", "--jobs", "2", str(tmp_path / "lines.jsonl")]
    done = subprocess.run([*walls, *words], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split("\t")[1] for line in done.stdout.splitlines()] == ["4", "7"]


def test_processes_that_cannot_be_started_are_one_sentence(tmp_path: Path) -> None:
    path = extended(tmp_path / "path", STILLBORN)
    done = run("app", "recognize", "--jobs", "2", "-", text=json.dumps(ink(7)), PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("No reading process can be started. Close other programs, or use fewer --jobs (")


@on_linux
@pytest.mark.parametrize("way", ["Ctrl+C", "a closed pipe", "a kill"])
def test_no_process_is_left_behind(tmp_path: Path, way: str) -> None:
    folder = folder_of(2000, tmp_path / "many")
    with started(folder) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        there = workers(process)
        assert len(there) == 2
        if way == "Ctrl+C":
            os.killpg(process.pid, signal.SIGINT)
        elif way == "a kill":
            process.kill()
        process.stdout.close()
        told = process.stderr.read() if way != "a kill" else ""  # after a kill Python warns about shared memory
        status = process.wait(timeout=PATIENCE)
        wait_for(lambda: all(map(gone, there)), 10, "the end of its processes")
    assert (told, status) == ("", {"Ctrl+C": 130, "a closed pipe": 1, "a kill": -signal.SIGKILL}[way])


@on_linux
def test_ctrl_c_while_the_processes_start_says_nothing(tmp_path: Path) -> None:
    with started(folder_of(50, tmp_path / "many")) as process:
        assert process.stderr
        wait_for(lambda: workers(process), 30, "a process")
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr.read() == ""
        assert process.wait(timeout=PATIENCE) == 130


def test_slow_input_is_answered_line_by_line() -> None:
    with started("-") as process:
        assert process.stdin
        assert process.stdout
        for number, digit in enumerate((7, 1, 4)):
            process.stdin.write(json.dumps(ink(digit)) + "\n")
            process.stdin.flush()
            assert process.stdout.readline().startswith(f"-:{number}\t{digit}\t")
        process.stdin.close()
        assert process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize("number", ["-1", "257", "two", "1.5"])
def test_a_number_of_processes_that_is_none_is_wrong_usage(number: str) -> None:
    done = run("app", "recognize", "--jobs", number, "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("inkling recognize: error: argument --jobs: ")


class Threads(Crew):
    """Workers that are threads, and do what a test says."""

    size = 4

    def __init__(self, read: Callable[[Piece, bool], Answer]):
        self.read = read  # gets the piece, and whether it's alone

    def send(self, handful: Sequence[Piece], *, alone: bool = False) -> Future[list[Answer]]:
        future: Future[list[Answer]] = Future()

        def work() -> None:
            try:
                future.set_result([self.read(piece, alone) for piece in handful])
            except LostError as error:
                future.set_exception(error)

        threading.Thread(target=work).start()
        return future

    def send_alone(self, piece: Piece) -> Future[list[Answer]]:
        return self.send([piece], alone=True)

    def __exit__(self, *_: object) -> None:
        pass


def nothing(piece: Piece) -> Answer:
    return Answer(piece.source, piece.index, piece.source, UserError("nothing"))


def test_the_first_answers_do_not_wait_for_the_last_pieces_and_what_is_taken_is_bounded() -> None:
    taken = 0
    most = 4 * spread.ROOM_BYTES // spread.PIECE_BYTES + 1
    let_go = threading.Event()

    def endless() -> Iterator[Piece]:
        nonlocal taken
        while True:
            yield Piece("", taken)
            taken += 1

    def read(piece: Piece, _alone: bool) -> Answer:
        if piece.index == 3100:
            let_go.wait(PATIENCE)  # the others go on meanwhile, but not forever
        return nothing(piece)

    told = spread.answers(endless(), Threads(read))
    assert [next(told).index for _ in range(3000)] == list(range(3000))
    wait_for(lambda: taken - 3000 >= most - spread.HANDFUL_PIECES, 30, "all that there is room for")
    time.sleep(0.3)
    assert taken - 3000 <= most + spread.HANDFUL_PIECES
    let_go.set()
    assert [next(told).index for _ in range(3000)] == list(range(3000, 6000))
    told.close()


def test_only_what_ends_a_worker_again_and_again_is_given_up() -> None:
    losses = {40: 100, 70: 2}  # the second is lost once with others, and once alone

    def read(piece: Piece, _alone: bool) -> Answer:
        if losses.get(piece.index):
            losses[piece.index] -= 1
            raise LostError
        return nothing(piece)

    told = list(spread.answers((Piece("", index) for index in range(200)), Threads(read)))
    assert [each.index for each in told] == list(range(200))
    assert [each.index for each in told if "ended the process" in str(each.reading)] == [40]


def test_what_goes_wrong_with_the_input_is_raised_after_nothing_was_lost() -> None:
    def broken() -> Iterator[Piece]:
        yield Piece("first")
        raise SourceError("no more")

    told = spread.answers(broken(), Threads(lambda piece, _alone: nothing(piece)))
    with pytest.raises(SourceError, match="no more"):
        list(told)


def test_contents_travel_where_files_do_not(tmp_path: Path) -> None:
    picture(7).save(tmp_path / "seven.png")
    (tmp_path / "list.json").write_text(json.dumps([ink(1), ink(4)]))
    (tmp_path / "lines.jsonl").write_text(json.dumps(ink(1)))
    names = [str(tmp_path / name) for name in ("seven.png", "list.json", "lines.jsonl", "nowhere.png")]
    pieces = [sources.with_content(piece) for piece in sources.pieces(names, io.BytesIO())]
    for name in names[:-1]:
        Path(name).unlink()
    read = [subject for piece in pieces for subject in sources.subjects(piece)]
    assert [Path(each.name).name for each in read] == [
        *("seven.png", "list.json:0", "list.json:1", "lines.jsonl:0", "nowhere.png")
    ]
    assert str(read[-1].content) == "There's no such file. Check its name."
    assert not any(isinstance(each.content, UserError) for each in read[:-1])


@pytest.mark.parametrize(("name", "most"), [("large.png", 100_000_001), ("large.json", 5_000_001)])
def test_no_more_of_a_file_travels_than_is_read_of_it(tmp_path: Path, name: str, most: int) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(300_000_000)
    content = sources.with_content(sources.Piece(str(tmp_path / name))).content
    assert isinstance(content, bytes)
    assert len(content) == most
