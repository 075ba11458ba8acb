"""Contents for settings.json, and what the program does with them at its start and when the user changes a setting."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from hypothesis import strategies as st

from app.kept import models, paths, recent, settings
from app.ui.kit.look import chosen
from app.ui.window.place import fitted
from model.base import language
from model.base.errors import UserError
from model.data import data
from model.ink.ink import Box
from stress.way import Way

SCREEN = Box(-1920, 0, 1920, 1080)
KINDS = {field.name: type(field.default) for field in fields(settings.Settings)}


def _enter(content: bytes, home: Path) -> None:
    """Start with these settings, use each one, and change one."""
    file = paths.settings_file()
    assert file.is_relative_to(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    for each in file.parent.iterdir():
        each.unlink()
    file.write_bytes(content)
    read = settings.load()
    told = settings.notice()
    assert {name: type(getattr(read, name)) for name in KINDS} == KINDS
    for name, (least, most) in settings.RANGES.items():
        assert least <= getattr(read, name) <= most
    fitted(read.place, (480, 360), SCREEN, 96)
    language.use(read.language)
    if read.look:  # otherwise the system is asked
        chosen(read.look)
    recent.names(recent.files())
    with contextlib.suppress(UserError):
        data.load(Path(read.data))  # as for training
    why = models.recognizer_in_use()[1] if read.model else ""  # without one, the built-in model is used right away
    models.name(read.model)
    changed = settings.change(live=not read.live)
    assert asdict(settings.load()) == asdict(changed)
    recent.add(str(home / "seven.png"))
    for path in recent.files():
        try:
            recent.check(path)
        except UserError:
            continue
    if told or why:
        raise UserError(told or why)


_TEXTS = st.text(max_size=30) | st.sampled_from(
    ["\ud800", "\0", "..", "../../x", "/", "/dev/zero", "a" * 5000, "en", "zh_CN", "zh_CN:en", "light", "dark"]
)
_NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, 20, 10**400, -1e308, 0.5])
_ANYTHING = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=8,
)
_PLACES = st.from_regex(r"[0-9]{1,6}x[0-9]{1,6}[+]-?[0-9]{1,6}[+]-?[0-9]{1,6}( inside)?( zoomed)?", fullmatch=True)
_GOOD = {
    "model": _TEXTS,
    "data": _TEXTS,
    "language": _TEXTS,
    "look": _TEXTS,
    "place": _PLACES | _TEXTS,
    "recent": st.lists(_TEXTS, max_size=30),
    "threshold": _NUMBERS,
    "width": _NUMBERS,
    **{name: st.booleans() for name in ("learn", "live", "inside", "smooth", "guide")},
}
_SETTINGS = st.fixed_dictionaries({}, optional={name: good | _ANYTHING for name, good in _GOOD.items()})


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    """Return a settings file, sometimes with a wrong byte or the end cut off."""
    content = draw((_SETTINGS | _ANYTHING).map(json.dumps)).encode()
    match draw(st.integers(0, 9)):
        case 0:
            content = content[: draw(st.integers(0, len(content)))]
        case 1:
            place = draw(st.integers(0, len(content) - 1))
            content = content[:place] + draw(st.binary(min_size=1, max_size=3)) + content[place + 1 :]
        case 2:
            content = draw(st.binary(max_size=30))
    return content


def _corpus() -> Sequence[bytes]:
    good = json.dumps(asdict(settings.Settings())).encode()
    return (
        *(good, good[:-1], b"", b"[]", b"[" * 100_000, b"9" * 5000, b"\xff", good.decode().encode("utf-16")),
        *(b'{"width": NaN}', b'{"threshold": 1e999}', b'{"model": "../.."}', b'{"model": "\\u0000"}'),
        b"[" + b"[]," * 10_000_000 + b"[]]",
    )


WAY = Way(
    "settings",
    grammar=_files(),
    corpus=_corpus,
    enter=_enter,
    modules=("app.kept.settings", "app.kept.recent", "app.kept.models", "app.ui.window.place", "json.decoder"),
)
