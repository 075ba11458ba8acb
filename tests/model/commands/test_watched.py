"""A command that opens a stranger's file: whatever it does, it ends when it takes too much or is told to end."""

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from model.__main__ import main
from tests.conftest import ROOT, on_linux, soon
from tests.screen import PATIENCE, wait_for

KERAS_2 = ROOT / "tests" / "keras2"
# Native code that ignores signals.
STUCK = "from pathlib import Path; Path(__file__).with_name('stuck').touch(); sum(range(10**13))"
GREEDY = "numbers = bytearray(200_000_000); numbers[::4096] = bytes(len(numbers[::4096])); " + STUCK


def in_place_of_tensorflow(folder: Path, code: str) -> dict[str, str]:
    """Return an environment in which other code is imported in TensorFlow's place."""
    (folder / "tensorflow.py").write_text(code)
    return {
        "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]),
        "KERAS_BACKEND": "tensorflow",
    }


@contextlib.contextmanager
def started(file: Path, output: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Open a file by the command line, and make sure that none of its processes runs on."""
    with subprocess.Popen(
        [sys.executable, "-m", "model", "open", file, "--output", output, "--ink=bright", "--scale=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | environment,
        process_group=0,
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@on_linux
@soon(3)
def test_the_command_line_ends_soon_whatever_native_code_does(tmp_path: Path, seconds: float) -> None:
    environment = in_place_of_tensorflow(tmp_path, STUCK)
    output = tmp_path / "models" / "new"
    with started(KERAS_2 / "mlp.h5", output, **environment) as process:
        assert process.stderr
        wait_for(lambda: (tmp_path / "stuck").exists() or process.poll() is not None, PATIENCE, "what's stuck")
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(seconds) == 130
        assert "Cancelled" in process.stderr.read()
    assert time.monotonic() - began < seconds
    assert not any(each.is_running() for each in family)
    assert not list(output.parent.iterdir())


@pytest.mark.parametrize(
    ("limit", "most", "code", "why"),
    [
        ("MOST_MEMORY", 150_000_000, GREEDY, "It took more than 0.15 GB of memory, so it was stopped"),
        ("MOST_SECONDS", 1, STUCK, "It computed for more than 1 seconds, so it was stopped"),
    ],
)
def test_a_child_that_takes_too_much_is_ended(  # noqa: PLR0913, PLR0917  (each is a parameter)
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    limit: str,
    most: int,
    code: str,
    why: str,
) -> None:
    from model.commands import watched  # noqa: PLC0415  (newer than the tests above)

    for name, value in in_place_of_tensorflow(tmp_path, code).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(watched, limit, most)
    output = tmp_path / "models" / "new"
    before, others = signal.getsignal(signal.SIGTERM), psutil.Process().children()
    try:
        assert main(["open", str(KERAS_2 / "mlp.h5"), "--output", str(output)]) == 1
    finally:
        signal.signal(signal.SIGTERM, before)
    assert why in capsys.readouterr().err
    assert not list(output.parent.iterdir())
    assert psutil.Process().children() == others


def test_each_limit_holds_just_there() -> None:
    from model.commands import watched  # noqa: PLC0415  (as above)

    watched.check(watched.MOST_MEMORY, watched.MOST_SECONDS)
    for memory, seconds in ((watched.MOST_MEMORY + 1, 0.0), (0.0, watched.MOST_SECONDS + 0.1)):
        with pytest.raises(ValueError, match="so it was stopped"):
            watched.check(memory, seconds)


def test_a_child_that_dies_without_a_word_is_told_so(tmp_path: Path) -> None:
    environment = in_place_of_tensorflow(tmp_path, "import os; os.kill(os.getpid(), 9)")
    with started(KERAS_2 / "mlp.h5", tmp_path / "new", **environment) as process:
        _said, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "The system ended it" in told


def _wide_chunks(path: Path) -> None:
    """Write a Keras file whose weights are in a chunk that's far larger than they are: 4 GB, packed into 4 MB."""
    import h5py  # noqa: PLC0415  (comes with the training packages)

    path.write_bytes((KERAS_2 / "mlp.h5").read_bytes())
    chunk, times = (784, 1_300_000), 1300
    packer = zlib.compressobj()
    block = packer.compress(bytes(4 * math.prod(chunk) // times)) + packer.flush(zlib.Z_FULL_FLUSH)
    head, block = block[:2], block[2:]
    checksum = (4 * math.prod(chunk) % 65521 << 16 | 1).to_bytes(4, "big")  # Adler's, for this many zeros
    with h5py.File(path, "r+") as file:
        group = file["model_weights/dense/dense"]
        del group["kernel:0"]
        part = group.create_dataset("kernel:0", (784, 32), "f4", chunks=chunk, maxshape=(None, None), compression=6)
        part.id.write_direct_chunk((0, 0), head + block * times + b"\x03\x00" + checksum)


def _edited(path: Path, edit: Callable[[list[dict[str, Any]]], object]) -> None:
    """Write a Keras file with other layers."""
    with zipfile.ZipFile(KERAS_2 / "cnn.keras") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                edit(config["config"]["layers"])
                content = json.dumps(config).encode()
            new.writestr(name, content)


def _large_rank(path: Path) -> None:
    _edited(path, lambda layers: layers[-1]["config"].update(lora_rank=1_000_000))


def _wide_windows(path: Path) -> None:
    def edit(layers: list[dict[str, Any]]) -> None:
        wide = {"name": "wide", "padding": 400, "data_format": "channels_last"}
        pool = {"name": "pool", "pool_size": [801, 801], "strides": [1, 1], "padding": "same"}
        back = {"name": "back", "cropping": 400, "data_format": "channels_last"}
        kinds = (("ZeroPadding2D", wide), ("MaxPooling2D", pool), ("Cropping2D", back))
        layers[1:1] = [{"module": "keras.layers", "class_name": kind, "config": config} for kind, config in kinds]

    _edited(path, edit)


def taken(process: subprocess.Popen[str]) -> tuple[float, float]:
    """Return the peak bytes and the seconds of computing of a process and its children so far."""
    memory = seconds = 0.0
    try:
        for each in (head := psutil.Process(process.pid), *head.children(recursive=True)):
            memory = max(memory, each.memory_info().rss)
            seconds += sum(each.cpu_times()[:2])
    except psutil.Error:
        pass  # one of them has ended
    return memory, seconds


@on_linux
@pytest.mark.parametrize(
    ("make", "why"),
    [(_wide_chunks, "more numbers than"), (_large_rank, "opened as"), (_wide_windows, "more memory or")],
)
def test_a_small_file_that_says_large_things_takes_little(
    tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    file = tmp_path / ("mine.h5" if make is _wide_chunks else "mine.keras")
    make(file)
    assert file.stat().st_size < 5_000_000
    most = 0.0
    with started(file, tmp_path / "new") as process:

        def over() -> bool:
            nonlocal most
            memory, seconds = taken(process)
            most = max(most, memory)
            if most > 1.5e9 or seconds > 100:
                pytest.fail(f"took {most / 1e6:.0f} MB and {seconds:.0f} s")
            return process.poll() is not None

        wait_for(over, 300, "the end of the opening", pause=0.02)
        assert process.stdout
        assert process.stderr
        assert why in process.stdout.read() + process.stderr.read()


def test_what_the_child_refuses_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mine.h5").write_text("no model")
    with started(tmp_path / "mine.h5", tmp_path / "new") as process:
        _said, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, told.count("\n")) == (1, 1)
    assert told.startswith("mine.h5 is damaged")
