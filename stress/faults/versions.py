"""LiteRT or TensorFlow missing, broken or in another version, and files from older and newer Inklings."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.kept.samples_file import STEPS
from model.ink.ink import write_line
from stress.faults import ground
from stress.faults.ground import CONFIG, DATA, Ground, Tally
from stress.faults.scenario import MODEL, SEVEN
from stress.report import Report

BROKEN = {  # what a module does when it's imported, or what it contains
    "missing": "raise ModuleNotFoundError('no module named that', name=__name__)",
    "broken import": "from nowhere_at_all import something",
    "missing library": "raise OSError('libsomething.so.1: cannot open shared object file')",
    "of another Python": "raise SystemError('initialization of it failed without raising an exception')",
    "of another NumPy": "raise AttributeError('_ARRAY_API not found')",
    "not for this processor": "raise RuntimeError('this was compiled for a newer processor')",
    "with other names": "",
    "with a syntax of its own": "class class",
    "with other words": "class OpResolverType:\n BUILTIN_WITHOUT_DEFAULT_DELEGATES = 0\nclass Interpreter: pass",
    "with other parts": "class OpResolverType: pass\nclass Interpreter: pass",
}
UNKNOWN: dict[object, tuple[str, ...]] = {  # values that cards in older formats don't have
    1: ("ink_accuracy", "name", "origin", "temperature", "doubt", "eye"),
    2: ("doubt", "temperature", "eye"),
}
CHATTER = re.compile(r"WARNING: All log messages|[IWE]\d{4} ")  # from TensorFlow, if only Keras is a stand-in
RECOGNIZE = ("-m", "app", "recognize", "seven.inkling")
TRAIN = (
    ("-m", "app", "teach", "export.jsonl"),
    ("-m", "model", "train", "--network", "mlp-128", "--output", "fresh"),
    ("-m", "model", "compare", "--output", "fresh"),
    ("-m", "model", "doubt", "--model", "fresh", "--ink", "export.jsonl", "--output", "fresh"),
    ("-m", "model", "ink", "--model", "fresh", "--ink", "export.jsonl", "--output", "fresh"),
)
COMMANDS = {
    "ai_edge_litert": (RECOGNIZE, ("-m", "app", "recognize", "--json", "seven.inkling")),
    "tensorflow": TRAIN,
    "keras": TRAIN,
}


def run(seconds: float, seed: int) -> Report:
    """Try every library in every state with every command, and every file's version, until the time is up."""
    tally = Tally("versions", seed)
    tries: list[Callable[[Ground, Tally], None]] = [
        *(_library(name, how, words) for name in COMMANDS for words in COMMANDS[name] for how in BROKEN),
        *(_bundle(said) for said in (0, 1, 2, 3, 4, 99, -1, 2**70, "3", None, [3])),
        *(_database(version) for version in (len(STEPS) + 1, 99, 2**31 - 1)),
        _newer_settings,
        _newer_ink,
    ]
    tries = tries[seed % len(tries) :] + tries[: seed % len(tries)]
    tries.sort(key=lambda one: one.__qualname__.startswith("_library"))  # quick ones first
    with Ground() as laid:
        for one in tries:
            if time.monotonic() - tally.began > seconds and tally.count:
                break
            one(laid, tally)
    return tally.report(tries=len(tries))


def _library(name: str, how: str, words: tuple[str, ...]) -> Callable[[Ground, Tally], None]:
    def attempt(laid: Ground, tally: Tally) -> None:
        home = laid.home()
        (home / "seven.inkling").write_text(write_line(SEVEN))
        package = home / "stand-ins" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("" if name == "ai_edge_litert" else BROKEN[how])
        (package / "interpreter.py").write_text(BROKEN[how])
        named = [str(home / word) if (home / word).is_file() or word == "fresh" else word for word in words]
        ran = ground.run(home, named, more={"PYTHONPATH": str(package.parent), "TF_CPP_MIN_LOG_LEVEL": "3"})
        wrong = []
        if ran.status != 1:
            wrong.append(f"the exit status is {ran.status}: {ran.errors[-500:]!r}")
        said = [line for line in ran.errors.splitlines() if not CHATTER.match(line)]
        if len(said) != 1 or "Traceback" in ran.errors or "Inkling ran into an internal error" in ran.errors:
            wrong.append(f"no sentence: {ran.errors[-1500:]!r}")
        wrong += [] if (home / "fresh").exists() is False else ["a model was made of it"]
        tally.take(f"{name} {how}, {' '.join(words)}", f"{name}: a sentence", [*wrong, *laid.audit(home, ())])

    return attempt


def _bundle(said: object) -> Callable[[Ground, Tally], None]:
    def attempt(laid: Ground, tally: Tally) -> None:
        home = laid.home()
        card = home / DATA / "models" / MODEL / "card.json"
        value = json.loads(card.read_text())
        older = said in (1, 2)
        for key in UNKNOWN.get(said, ()) if older else ():
            del value[key]
        text = json.dumps(value | {"format": said})
        card.write_text(text)
        ran = ground.run(home, ("-c", READ))
        notice = ran.said[0]["notice"] if ran.said else "nothing was said"
        wrong = [] if not ran.errors and not ran.status else [ran.errors[-1500:]]
        if notice and (older or said == 3):
            wrong.append(notice)
        if not notice and not (older or said == 3):
            wrong.append("it was read as if it were known")
        if card.read_text() != text:
            wrong.append("its card was written over")
        if notice and ("The built-in model reads meanwhile" not in notice or ran.said[0]["read"] != "7"):
            wrong.append(f"a bad sentence: {notice!r}")
        tally.take(f"a bundle of format {said!r}", f"bundle: {'a sentence' if notice else 'read'}", wrong)

    return attempt


READ = """
import json, logging; logging.disable()
from app.kept import models
from stress.faults.scenario import SEVEN
recognizer, notice = models.recognizer_in_use()
print(json.dumps({"read": recognizer.recognize(SEVEN).text, "notice": notice}))
"""


def _database(version: int) -> Callable[[Ground, Tally], None]:
    def attempt(laid: Ground, tally: Tally) -> None:
        home = laid.home()
        path = home / DATA / "drawings.sqlite3"
        older = path.read_bytes()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("ALTER TABLE drawings ADD COLUMN newer TEXT DEFAULT 'new'")
            connection.execute(f"PRAGMA user_version={version}")
            connection.commit()
        before = _digest(path)
        ran = ground.run(home)
        said = [line["said"] for line in ran.said if line.get("step") == "_keep"]
        wrong = [] if said and "newer Inkling" in said[0] else [f"no sentence: {said}"]
        wrong += [] if _digest(path) == before else ["the file was written to"]
        wrong += [ran.errors] if ran.errors or ran.status else []
        wrong += ["a drawing was kept"] if any("kept" in line for line in ran.said) else []
        path.write_bytes(older)
        tally.take(f"a database of version {version}", "database: a sentence", [*wrong, *laid.audit(home, ran.said)])

    return attempt


def _newer_settings(laid: Ground, tally: Tally) -> None:
    home = laid.home()
    path = home / CONFIG / "settings.json"
    newer = {"newer": {"deep": [1, 2.5, None, "ü"]}, "pen": "fountain", "look": "sepia"}
    path.write_text(json.dumps(json.loads(path.read_text()) | newer))
    ran = ground.run(home, ("-c", "from app.kept import settings; settings.change(width=33)"))
    found = json.loads(path.read_text())
    lost = [key for key, value in newer.items() if found.get(key) != value]
    wrong = [f"{lost} is lost"] if lost else []
    tally.take("settings of a newer one", "settings: kept", [*wrong, *laid.audit(home, ran.said)])


def _newer_ink(laid: Ground, tally: Tally) -> None:
    home = laid.home()
    path = home / "seven.inkling"
    path.write_text(json.dumps(json.loads(write_line(SEVEN)) | {"version": 9, "layers": [{"tool": "brush"}]}))
    before = _digest(path)
    ran = ground.run(home, ("-m", "app", "recognize", str(path)))
    wrong = [ran.errors] if ran.errors or ran.status else []
    wrong += ["the file was written to"] if _digest(path) != before else []
    tally.take("ink of a newer one", "ink: read", [*wrong, *laid.audit(home, ())])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
