"""Other people's model folders: looked at, added, used, renamed, copied, looked into and deleted."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from app.facts import card_text
from app.kept import models
from model.base.work import Work, finish
from model.bundle.bundle import (
    CARD_FILE,
    EYE_KERAS_FILE,
    EYE_LITERT_FILE,
    HISTORY_FILE,
    KERAS_FILE,
    LITERT_FILE,
    Bundle,
    open_bundle,
)
from model.ink.ink import Drawing
from model.inside.chain import open_chain, trace
from model.inside.ways import votes
from model.reading.litert import PictureNetwork
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer, self_test
from stress.inputs import networks
from stress.inputs.damage import damaged
from stress.way import Way

SEAL = b"@@"  # on a card: replaced with the hash of the network that follows,
EYE_SEAL = b"@eye@"  # or this, if that's the eye; the network for reading is then the right one
KERAS = b"no Keras file, and never read as one here"
SIZES = (112, 160), (48, 16), (256, 224)  # of pictures for an eye: as in its check, smaller, larger
SEVEN = Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]})
SHARE = 16  # of 256 inputs: these are added, too, which waits for the disk
LINKS = ("/dev/zero", "/etc/passwd", ".", "nowhere", "../given/model.tflite")


def _enter(content: bytes, home: Path) -> None:
    """Add a folder, use what's in it, and delete it; the first byte says what's odd about the folder."""
    place = home / "given"
    shutil.rmtree(place, ignore_errors=True)
    card, _, network = content[1:].partition(b"\0")
    files = {LITERT_FILE: network}
    if EYE_SEAL in card:
        files = {LITERT_FILE: networks.whole()[0], EYE_LITERT_FILE: network}
    for seal, file in zip((SEAL, EYE_SEAL), files.values(), strict=False):
        card = card.replace(seal, hashlib.sha256(file).hexdigest().encode())
    _write(place, content[0] if content else 0, card, files)
    bundle = open_bundle(place)
    for caption, value in card_text.lines(bundle.card):
        assert len(caption) < 100
        assert len(value) < 2000
        value.encode()
    bundle.verify()
    recognizer = Recognizer(bundle)
    self_test(recognizer)
    recognizer.recognize(SEVEN)
    _look_inside(recognizer.file)
    _look_with(bundle)
    if hashlib.sha256(content).digest()[0] < SHARE:
        _keep(place, home)


def _keep(place: Path, home: Path) -> None:
    """Add a folder to the user's models, do everything with it that can be done, and delete it."""
    key = models.add(place)
    listed = [model for model in models.everything() if model.key == key]
    assert all(isinstance(f"{model.name} {model.origin} {model.accuracy}", str) for model in listed)
    models.use(key)
    models.rename(key, "another name")
    copied = models.export(key, home / "copies")
    assert not (copied / HISTORY_FILE).is_symlink()
    assert models.problem(key) == ""
    models.report(key)
    models.delete(key)
    shutil.rmtree(copied)


def _look_with(bundle: Bundle) -> None:
    if bundle.card.eye:
        eye = PictureNetwork(bundle, EYE_LITERT_FILE)
        for size in SIZES:
            given = np.zeros((*size, 3), np.float32)
            assert eye.run(given).shape == given.shape


def _look_inside(file: bytes) -> None:
    def work() -> Work[None]:
        chain = yield from open_chain(file)
        if chain is not None:
            traced = yield from trace(chain, normalize_drawing(SEVEN))
            yield from votes(traced, 7)

    finish(work())


def _write(place: Path, odd: int, card: bytes, files: Mapping[str, bytes]) -> None:
    place.mkdir()
    (place / KERAS_FILE).write_bytes(KERAS)
    (place / CARD_FILE).write_bytes(card)
    (place / EYE_KERAS_FILE).write_bytes(KERAS)
    for file, network in files.items():
        (place / file).write_bytes(network)
    name = (LITERT_FILE, CARD_FILE, KERAS_FILE, HISTORY_FILE)[odd % 4]
    if odd < 200:
        return
    (place / name).unlink(missing_ok=True)
    match odd // 4 % 8:
        case 0:
            os.mkfifo(place / name)
        case 1:
            (place / name).mkdir()
        case 2:
            (place / name).write_bytes(b" " * 2_000_000)
        case 3:
            (place / name).touch()
            os.truncate(place / name, 10**12)
        case link if link < 4 + len(LINKS):
            (place / name).symlink_to(LINKS[link - 4])


_CARD: dict[str, Any] = {
    "format": 3,
    "network": "mlp-1200-1000-500",
    "weights": 4000,
    "data": {"source": "mnist.npz", "train": 60000, "ink": {"train": 7000, "source": "pen.jsonl"}},
    "recipe": {"epochs": 10, "batch_size": 128, "optimizer": "adam", "teacher": "cnn", "teachers": 3},
    "seed": 0,
    "versions": {"keras": "3.13", "tensorflow": "2.20"},
    "date": "2026-01-02T03:04:05+00:00",
    "accuracy": 0.99,
    "ink_accuracy": None,
    "sha256": {LITERT_FILE: SEAL.decode(), KERAS_FILE: hashlib.sha256(KERAS).hexdigest()},
    "name": "Ann's",
    "origin": "trained",
    "temperature": 1.1,
    "doubt": {},
    "eye": {},
    "reads_only": False,
}
_EYE = {EYE_LITERT_FILE: EYE_SEAL.decode(), EYE_KERAS_FILE: hashlib.sha256(KERAS).hexdigest()}
_SEEING_CARD = _CARD | {"eye": {"overlap": {"judge": 0.9}}, "sha256": {**_CARD["sha256"], **_EYE}}
_WORDS = [
    "../../x",
    "a\nb",
    "\0",
    "\x1b[31m",
    "\ud800",
    "x" * 400,
    "x" * 200_000,
    "é\u202e",
    "",
    "mnist.npz",
    "CON",
    "NaN",
]
_VALUES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    st.sampled_from(_WORDS),
    st.sampled_from([10**400, -1, 2**64, 1e308, 0.5, 1.5, 3]),
)
_DEEP = st.recursive(
    _VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["train", "source", "ink", "taught", "drawings", "from", "first", "judge", "accepted", "epochs"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)


@st.composite
def _cards(draw: st.DrawFn, right: Mapping[str, Any]) -> bytes:
    """Return a card: the right one, or with some values replaced."""
    card = dict(right)
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2, 4]))):
        key = draw(st.sampled_from([*sorted(right), "more"]))
        match draw(st.integers(0, 5)):
            case 0:
                card.pop(key, None)
            case 1 if isinstance(card.get(key), dict):
                inner = dict(card[key])
                inner[draw(st.sampled_from([*inner, "taught", "accepted"]))] = draw(_DEEP)
                card[key] = inner
            case _:
                card[key] = draw(_DEEP)
    if draw(st.integers(0, 9)) == 0:
        card["format"] = draw(st.integers(-1, 9))
    text = json.dumps(card).encode()
    return draw(damaged(text)) if draw(st.integers(0, 15)) == 0 else text


@st.composite
def _folders(draw: st.DrawFn) -> bytes:
    seeing = draw(st.booleans())
    network = draw(networks.wrong([networks.eye()] if seeing else networks.whole()))
    if draw(st.integers(0, 2)) == 0:
        network = draw(damaged(network))
    odd = draw(st.integers(200, 255)) if draw(st.integers(0, 19)) == 0 else 0
    return bytes([odd]) + draw(_cards(_SEEING_CARD if seeing else _CARD)).replace(b"\0", b"") + b"\0" + network


def _corpus() -> Sequence[bytes]:
    card = json.dumps(_CARD).encode()
    right = [b"\0" + card + b"\0" + network for network in networks.whole()]
    right.append(b"\0" + json.dumps(_SEEING_CARD).encode() + b"\0" + networks.eye())
    odd = [bytes([number]) + right[0][1:] for number in range(200, 256)]
    deep = b'{"format": 3, "data": ' + b"[" * 100_000
    return (*right, *odd, b"\0" + deep, b"\0" + card.replace(b"60000", b"9" * 5000) + b"\0", b"\0\0", b"")


WAY = Way(
    "bundles",
    grammar=_folders(),
    corpus=_corpus,
    enter=_enter,
    modules=(
        "model.bundle.card",
        "model.bundle.bundle",
        "model.bundle.litert_check",
        "model.bundle.litert_pictures",
        "model.bundle.litert_shapes",
        "model.inside.chain",
        "app.kept.models",
    ),
    longest=16_000,
)
