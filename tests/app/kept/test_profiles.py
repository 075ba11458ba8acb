"""Profiles: each has its own files, and the first keeps those from before profiles; one file moves one elsewhere."""

import contextlib
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.facts import problem_report
from app.facts.instance import Instance
from app.kept import models, paths, profile_file, profiles, settings
from app.kept.samples import Samples
from model.base.errors import UserError
from model.bundle import bundle
from model.bundle.bundle import open_bundle
from model.ink.ink import Drawing, Point, Stroke

SEVEN = Drawing(strokes=(Stroke((Point(60, 60), Point(200, 60), Point(130, 230))),))


@pytest.fixture(autouse=True)
def _first() -> Iterator[None]:
    yield
    paths.use_profile(paths.FIRST)


@pytest.fixture
def anna() -> str:
    """A second profile, with a drawing, a sign, its own model and settings; the first one is in use."""
    settings.change(look="dark", width=36)
    key = profiles.create("Anna")
    paths.use_profile(key)
    with Samples(paths.samples_file()) as samples:
        samples.keep(SEVEN, "7", "1")
        samples.keep(SEVEN, "A")
    copy = bundle.copy_bundle(open_bundle(), paths.profiles_folder().parent / "copy")
    settings.change(width=12, recent=("/home/anna/7.png",), model=models.add(copy.path))
    paths.use_profile(paths.FIRST)
    return key


def drawings(key: str) -> list[tuple[str, str, str, str | None]]:
    with Samples(paths.samples_file(key)) as samples:
        return [(each.label, each.ink, each.kept, each.read_as) for each in samples.everything()]


def files_of(folder: Path) -> list[str]:
    """Return a folder's contents, without lock files."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.name.endswith(".lock"))


def test_whoever_has_one_profile_has_the_files_that_there_always_were() -> None:
    home = Path.home()
    assert profiles.everyone() == [paths.FIRST]
    assert not profiles.several()
    profiles.begin(None)
    assert paths.settings_file() == home / ".config/Inkling/settings.json"
    assert paths.samples_file() == home / ".local/share/Inkling/drawings.sqlite3"
    assert paths.models_folder() == home / ".local/share/Inkling/models"
    assert paths.last_drawing_file() == home / ".local/share/Inkling/last-drawing.json"
    assert not paths.profiles_folder().exists()


def test_each_profile_has_drawings_models_and_settings_of_its_own(anna: str) -> None:
    assert [profiles.name(key) for key in profiles.everyone()] == ["First profile", "Anna"]
    assert (len(drawings(anna)), drawings(paths.FIRST)) == (2, [])
    assert (settings.load(anna).width, settings.load().width) == (12, 36)
    assert settings.load(anna).look == "dark"  # as it was when Anna's was made
    assert [model.key for model in models.everything()] == [models.BUNDLED]
    profiles.begin("aNNa")
    first, own = models.everything()
    assert (first.in_use, own.in_use) == (False, True)


def test_the_one_that_was_chosen_is_there_at_the_next_start_and_one_that_is_named_for_once_is_not(anna: str) -> None:
    profiles.begin("Anna")
    assert paths.profile() == anna
    profiles.begin(None)
    assert paths.profile() == paths.FIRST
    profiles.use(anna)
    paths.use_profile(paths.FIRST)
    profiles.begin(None)
    assert paths.profile() == anna
    settings.change(paths.FIRST, profile="../elsewhere")
    profiles.begin(None)
    assert paths.profile() == paths.FIRST


@pytest.mark.usefixtures("anna")
def test_a_name_that_nobody_has_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UserError, match=r"There's no profile called Bo\. There are: First profile, Anna\."):
        profiles.begin("Bo")


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "Anna", " anna ", "First profile"])
def test_a_name_that_is_none_or_is_taken_makes_no_profile(anna: str, name: str) -> None:
    with pytest.raises(UserError, match=r"Choose another name\."):
        profiles.create(name)
    assert profiles.everyone() == [paths.FIRST, anna]


def test_a_profile_is_renamed_and_may_keep_its_own_name(anna: str) -> None:
    paths.use_profile(anna)
    profiles.rename("anna")
    assert profiles.name() == "anna"
    with pytest.raises(UserError, match="There's a profile called First profile already"):
        profiles.rename("First profile")
    paths.use_profile(paths.FIRST)
    profiles.rename("Ben")
    assert [profiles.name(key) for key in profiles.everyone()] == ["Ben", "anna"]


def test_a_file_carries_drawings_models_and_settings_to_another_profile(anna: str, tmp_path: Path) -> None:
    paths.use_profile(anna)
    file = tmp_path / "Anna.zip"
    profile_file.export(file)
    paths.use_profile(paths.FIRST)
    key = profile_file.take(file)
    assert profiles.name(key) == "Anna 2"
    assert drawings(key) == drawings(anna)
    before, now = settings.load(anna), settings.load(key)
    assert (now.width, now.look, now.model) == (12, "dark", before.model)
    assert now.recent == ()  # they're on the other computer
    paths.use_profile(key)
    assert models.use(now.model).bundle.network == open_bundle().network
    assert files_of(paths.profiles_folder() / key) == [
        "drawings.sqlite3",
        "drawings.sqlite3-journal",
        "models",
        f"models/{now.model}",
        *(f"models/{now.model}/{name}" for name in sorted([*open_bundle().sealed, "card.json", *_history()])),
        "settings.json",
    ]


def _history() -> list[str]:
    return [name for name in ("curves.png", "history.jsonl") if (open_bundle().path / name).exists()]


def test_a_profile_without_drawings_and_models_is_carried_too(tmp_path: Path) -> None:
    profile_file.export(tmp_path / "mine.zip")
    key = profile_file.take(tmp_path / "mine.zip")
    assert profiles.name(key) == "First profile 2"
    assert drawings(key) == []


def written(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


ABOUT = json.dumps({"format": 1, "name": "Bo"})
GOOD: dict[str, str | bytes] = {"profile.json": ABOUT, "settings.json": "{}", "drawings.jsonl": ""}
NOTHING = "isn't a profile, or it's damaged"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"profile.json": "{"}, NOTHING),
        ({"profile.json": "[" * 100_000}, NOTHING),
        ({"profile.json": "[]"}, NOTHING),
        ({"profile.json": '{"format": "x", "name": ""}'}, NOTHING),
        ({"profile.json": '{"format": null, "name": ""}'}, NOTHING),
        ({"profile.json": '{"format": 2}'}, "was written by a newer Inkling"),
        ({"settings.json": "7"}, NOTHING),
        ({"drawings.jsonl": "{}\n"}, "Nothing was imported from drawings.jsonl"),
        ({"models/one/card.json": "{"}, "damaged card.json"),
        ({"models/one/model.keras": "x"}, "There's no model in"),
    ],
    ids=str,
)
def test_a_file_that_is_no_profile_gets_a_sentence_and_makes_nothing(
    tmp_path: Path, change: dict[str, str | bytes], sentence: str
) -> None:
    file = written(tmp_path / "bo.zip", GOOD | change)
    with pytest.raises(UserError, match=sentence):
        profile_file.take(file)
    assert profiles.everyone() == [paths.FIRST]
    assert not paths.profiles_folder().exists() or files_of(paths.profiles_folder()) == []


def test_the_largest_settings_and_the_most_files_in_a_profile_s_file(tmp_path: Path) -> None:
    for more in (0, 1):
        settings_: dict[str, str | bytes] = {"settings.json": '{"width": 12}'.ljust(1_000_000 + more)}
        files: dict[str, str | bytes] = dict.fromkeys(map(str, range(10_000 - len(GOOD) + more)), "")
        for change, said in ((settings_, NOTHING), (files, "is larger than a profile can be")):
            with pytest.raises(UserError, match=said) if more else contextlib.nullcontext():
                profile_file.take(written(tmp_path / "bo.zip", GOOD | change))
    assert [profiles.name(key) for key in profiles.everyone()] == ["First profile", "Bo", "Bo 2"]


@pytest.mark.parametrize("more", [0, 1])
def test_the_most_that_a_profile_s_file_unpacks_to(tmp_path: Path, more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "bo.zip", GOOD | {"models/one/README.md": b"x" * (1_000 + more)})
    monkeypatch.setattr(profile_file, "LARGEST_PROFILE", sum(map(len, GOOD.values())) + 1_000)
    with pytest.raises(UserError, match="is larger than a profile can be" if more else "There's no model in"):
        profile_file.take(file)


def test_the_longest_name_of_a_profile() -> None:
    assert profiles.name(profiles.create("x" * 60)) == "x" * 60
    with pytest.raises(UserError, match=r"has 1 to 60 letters\. Choose another name\."):
        profiles.create("y" * 61)


def test_what_is_missing_encrypted_packed_otherwise_or_no_archive_gets_one_too(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no archive")
    written(tmp_path / "empty.zip", {})
    locked = written(tmp_path / "locked.zip", GOOD)
    content = bytearray(locked.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # the last part's flag in the directory
    locked.write_bytes(content)
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("profile.json", ABOUT)
    for name in ("no", "empty", "locked", "packed"):
        with pytest.raises(UserError, match=NOTHING):
            profile_file.take(tmp_path / f"{name}.zip")
    with pytest.raises(UserError, match="can't be read"):
        profile_file.take(tmp_path / "gone.zip")
    assert profiles.everyone() == [paths.FIRST]


def test_nothing_is_unpacked_outside_of_a_profile_and_no_foreign_setting_holds(tmp_path: Path) -> None:
    foreign = json.dumps({"width": "broad", "model": "../..", "recent": ["/etc/passwd"], "name": "Eve", "more": 1})
    parts = GOOD | {"settings.json": foreign, "../up": "x", "/root": "x", "models/../up": "x", "models/a/b/c": "x"}
    key = profile_file.take(written(tmp_path / "bo.zip", parts))
    now = settings.load(key)
    assert (profiles.name(key), now.width, now.recent) == ("Bo", settings.Settings().width, ())
    assert files_of(paths.profiles_folder()) == [key, f"{key}/settings.json"]
    paths.use_profile(key)
    _recognizer, why = models.recognizer_in_use()
    assert "The built-in model reads meanwhile." in why


def test_a_deleted_profile_is_overwritten_and_the_first_one_is_used(anna: str, tmp_path: Path) -> None:
    profiles.use(anna)
    os.link(paths.samples_file(), tmp_path / "held")
    size = (tmp_path / "held").stat().st_size
    profiles.delete(anna)
    assert (tmp_path / "held").read_bytes() == bytes(size) or not (tmp_path / "held").read_bytes()
    assert profiles.everyone() == [paths.FIRST]
    assert files_of(paths.profiles_folder()) == []
    profiles.begin(None)
    assert paths.profile() == paths.FIRST


def test_a_profile_that_a_window_has_open_is_not_deleted(anna: str) -> None:
    window = Instance(paths.running_file(anna))
    assert window.listen()
    try:
        with pytest.raises(UserError, match="Anna is open in another window"):
            profiles.delete(anna)
    finally:
        window.close()
    assert len(drawings(anna)) == 2


def test_what_a_kill_has_left_is_no_profile_and_goes(anna: str) -> None:
    folder = paths.profiles_folder()
    (folder / anna).rename(folder / f".{anna}.part")
    assert profiles.everyone() == [paths.FIRST]
    profiles.tidy()
    assert files_of(folder) == []


@pytest.mark.usefixtures("anna")
def test_a_report_names_no_profile() -> None:
    profiles.begin("Anna")
    paths.log_file().parent.mkdir(parents=True, exist_ok=True)
    paths.log_file().write_text("2026-11-30 23:00:00,000 INFO told the user: Anna is open in another window.\n")
    report = problem_report.collect("8.6", open_bundle)
    assert "another window" in report[problem_report.LOG]
    assert not [name for name, text in report.items() if "anna" in text.casefold()]
