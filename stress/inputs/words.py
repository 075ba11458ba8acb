"""Arguments of the command lines: `inkling`, `inkling-cli` and `python -m model`, valid, wrong and absurd.

No work begins: what would train or measure is told to write where nothing can be written, or gets one word too many, so
it ends once it has understood the others.
"""

from __future__ import annotations

import contextlib
import functools
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import strategies as st

from app.__main__ import main as inkling
from model.__main__ import main as model
from model.base.errors import UserError
from model.commands import open_model
from stress.way import Way

# In this process, since another one takes seconds to start; the child gets the same.
open_model.open_model = open_model.open_here

BETWEEN = b"\x1e"  # between two words
PROGRAMS: dict[bytes, Callable[[list[str]], int]] = {
    b"inkling-cli": functools.partial(inkling, window=False),
    b"model": model,
}


class _RefusedError(UserError):
    """A command line that ended in an error sentence."""


def _enter(content: bytes, home: Path) -> None:
    """Run a command line, whose first word is the program, in the user's folder."""
    program, *words = content.replace(b"\0", b"").split(BETWEEN)  # no system passes a null byte on
    ended = next((ENDED[word.decode()] for word in words if word.decode(errors="replace") in ENDED), ())
    words += [word.encode() for word in ended]
    _prepare(str(home))
    answers, sentences = _Stream(), _Stream()
    status: object
    with contextlib.chdir(home), contextlib.redirect_stdout(answers), contextlib.redirect_stderr(sentences):
        standard_input, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(b"nonsense\n"))
        try:
            status = PROGRAMS.get(program, PROGRAMS[b"model"])([os.fsdecode(word) for word in words])
        except SystemExit as ended:
            status = ended.code
        finally:
            sys.stdin = standard_input
            _quieten()
    said = sentences.getvalue()
    assert "Traceback" not in said, said
    assert "internal error" not in said, said
    match status:
        case 0:
            return
        case 1:
            assert len(said.splitlines()) >= 1, answers.getvalue()
            raise _RefusedError(said.splitlines()[-1][:900])
        case 2:
            assert said.startswith("usage: "), said
            raise _RefusedError("usage")
    raise AssertionError(f"the exit status is {status!r}")


class _Stream(io.StringIO):
    """A stream for output, with a `buffer` as a process's real streams have, and any characters."""

    @functools.cached_property
    def buffer(self) -> io.BytesIO:  # a text stream keeps it to itself
        return io.BytesIO()


def _quieten() -> None:
    """Remove the log handlers that `inkling` has added; in its own process, it adds one."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, logging.FileHandler | logging.NullHandler):
            root.removeHandler(handler)
            handler.close()


@functools.cache
def _prepare(home: str) -> None:
    """Fill a folder with what words can name: empty and damaged files, folders, loops, what we can't access."""
    folder = Path(home)
    for name in ("empty.npz", "ink.jsonl", "bad.keras", "bad.h5", "picture.png", "model.tflite", "file"):
        (folder / name).write_bytes(b"" if name == "empty.npz" else b"nonsense\n")
    for name in ("folder", "folder.png", "folder.jsonl", "idx", "closed"):
        (folder / name).mkdir()
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("nowhere/at/all")
    (folder / "closed").chmod(0)


_FILES = st.sampled_from(
    (
        *(
            "empty.npz",
            "ink.jsonl",
            "bad.keras",
            "bad.h5",
            "picture.png",
            "folder",
            "folder.png",
            "folder.jsonl",
            "idx",
        ),
        *("closed", "closed/x", "loop", "loop/x", "dangling", "file/below", "nowhere", "/dev/null", "/dev/full", ""),
        *(
            ".",
            "..",
            "~",
            "*",
            "a" * 300,
            "a/" * 2500,
            "x\ny",
            "\udcff\udc80.png",
            "中.jsonl",
            "@file",
            "=",
            "nul",
            "-",
        ),
    )
)
_NUMBERS = st.sampled_from(
    (
        *(
            "0",
            "1",
            "-1",
            "1e9",
            "1000000000",
            "nan",
            "NaN",
            "inf",
            "-inf",
            "1e-320",
            "1e400",
            "0x10",
            "٣",
            "1_0",
            " 1 ",
        ),
        *("9" * 5000, "-0", "0.5", "2", "4294967296", "true", "½", "1,5", "+1", "1e", "--", ""),
    )
)
_ODD = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["\udcff", "\ufeff", "\u202e", "%s", "{}", "%(prog)s"]
)
_CHOICES = st.sampled_from(
    ["none", "cnn", "mlp", "relu", "adam", "sgd", "best", "last", "cpu", "gpu", "gpu:99", "judge", "255"]
)
_VALUES = st.one_of(_FILES, _NUMBERS, _ODD, _CHOICES)
OPTIONS: dict[str, tuple[str, ...]] = {  # for each command that's harmless with such data
    "train": (
        *("--network", "--data", "--ink", "--epochs", "--batch-size", "--activation", "--initializer", "--loss"),
        *("--optimizer", "--learning-rate", "--schedule", "--weight-decay", "--deform", "--no-deform", "--teacher"),
        *("--teachers", "--teacher-epochs", "--mixed", "--calibrate", "--views", "--half", "--validation-split"),
        *("--keep", "--monitor", "--seed", "--deterministic", "--at-least", "--from", "--against", "--name"),
        *("--device", "--resume", "--checkpoint-seconds", "--tensorboard"),
    ),
    "teach": ("--model", "--name"),
    "compare": ("--variant", "--seeds", "--data"),
    "evaluate": ("--model", "--data", "--ink", "--not-digits", "--people"),
    "inspect": ("--data", "--model", "--test", "--random", "--seed", "--title"),
    "quadrants": ("--hidden", "--learning-rate", "--seed"),
    "open": ("--name", "--scale", "--ink", "--outputs"),
    "doubt": ("--model", "--data", "--ink", "--not-digits", "--epochs", "--seed"),
    "ink": ("--model", "--data", "--ink", "--not-digits", "--epochs", "--seed"),
    "recognize": ("--json", "--model", "--threshold"),
    "self-test": (),
}
ENDED = {  # command -> words that end it once its other words are understood, before it loads what takes seconds
    **dict.fromkeys(("train", "teach", "open", "inspect", "quadrants"), ("--output", "file/below")),
    **dict.fromkeys(("compare", "devices", "doubt", "evaluate", "ink", "self-test"), ("--wrong",)),
}


@st.composite
def _lines(draw: st.DrawFn) -> bytes:
    """Return a command line: a program, a command, options and their values, some of them wrong."""
    command = draw(st.sampled_from(list(OPTIONS)))
    program = b"inkling-cli" if command in ("recognize", "self-test") else b"model"
    words: list[str] = []
    for _ in range(draw(st.integers(0, 6))):
        option = draw(
            st.sampled_from(OPTIONS[command] or ("--help",)) | st.sampled_from(["--", "-h", "--help", "--events"])
        )
        if option in ("--events",):  # it gives the process's own streams away
            continue
        match draw(st.integers(0, 5)):
            case 0:
                option = option[: draw(st.integers(1, len(option)))]
            case 1:
                option = f"{option}={draw(_VALUES)}"
            case 2:
                words.append(draw(_VALUES))
        words.append(option)
        words += draw(st.lists(_VALUES, max_size=2))
    if draw(st.booleans()):
        words.append(draw(_FILES))
    if command in ENDED and draw(st.booleans()):
        words = [*draw(st.sampled_from([[], ["--output", "made"], ["--output", "made.png"]])), *words]
    place = draw(st.integers(0, 12))
    line = [*words[:place], command, *words[place:]] if draw(st.integers(0, 9)) == 0 else [command, *words]
    if draw(st.integers(0, 19)) == 0:
        line = line[1:]
    return BETWEEN.join([program, *(word.encode("utf-8", "surrogateescape") for word in line if "\x1e" not in word)])


def _corpus() -> Sequence[bytes]:
    lines = (
        "inkling-cli",
        "inkling-cli --version",
        "inkling-cli --help",
        "inkling-cli recognize picture.png folder loop closed",
        "inkling-cli recognize --threshold nan picture.png",
        "inkling-cli recognize --model nowhere picture.png",
        "model train --data empty.npz --output file/below --epochs 1000000000",
        "model open bad.keras --output file/below",
        "model quadrants --steps 2 --hidden 200 --output file/below",
    )
    return tuple(line.replace(" ", BETWEEN.decode()).encode() for line in lines)


WAY = Way(
    "words",
    grammar=_lines(),
    corpus=_corpus,
    enter=_enter,
    modules=("app.__main__", "app.cli", "app.sources.sources", "model.__main__", "argparse"),
)
