"""The user's models."""

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs import teaching
from app.kept import models, paths, settings
from app.kept.models import BUNDLED
from model.base.errors import UserError
from model.bundle import bundle
from model.bundle.bundle import CARD_FILE, HISTORY_FILE, LITERT_FILE, README_FILE, open_bundle, reserved
from tests.conftest import on_linux
from tests.kept import copied, damage, keep


def keys() -> list[str]:
    return [model.key for model in models.everything()]


def write_report(key: str, sha256: str, accuracy: float) -> None:
    folder = models.report_place(key)
    folder.mkdir(parents=True)
    (folder / "report.md").write_text("# A report\n")
    (folder / "report.json").write_text(json.dumps({"model": {"sha256": sha256}, "accuracy": accuracy}))


def test_at_first_there_is_the_bundled_model_alone_and_it_is_used() -> None:
    (model,) = models.everything()
    assert (model.key, model.name, model.origin, model.in_use) == (BUNDLED, "The built-in model", "built in", True)
    recognizer, notice = models.recognizer_in_use()
    assert recognizer.bundle.path == bundle.BUNDLED
    assert notice == ""


def test_the_bundled_model_is_first_then_the_newest_and_last_what_cannot_be_read() -> None:
    old = keep("old", date="2020-01-01T00:00:00+00:00")
    broken = keep("broken")
    (paths.models_folder() / broken / CARD_FILE).write_text("{")
    new = keep("new", date="2026-01-01T00:00:00+00:00", origin="opened")
    (paths.models_folder() / "notes.txt").touch()
    (paths.models_folder() / ".hidden").mkdir()
    assert keys() == [BUNDLED, new, old, broken]
    _, newest, oldest, last = models.everything()
    assert (newest.name, newest.origin, oldest.origin) == ("new", "opened", "trained here")
    assert (last.bundle, last.name, last.origin, last.accuracy) == (None, broken, "", None)


def test_the_model_that_is_used_is_remembered() -> None:
    key = keep("mine")
    used = models.use(key)
    assert used.bundle.path == (paths.models_folder() / key).resolve()
    assert [model.key for model in models.everything() if model.in_use] == [key]
    recognizer, notice = models.recognizer_in_use()
    assert (recognizer.bundle.path, notice) == (used.bundle.path, "")


@pytest.mark.parametrize("name", [LITERT_FILE, "model.keras"])
def test_a_damaged_model_is_not_used_and_the_one_in_use_stays(name: str) -> None:
    good, bad = keep("good"), keep("bad")
    models.use(good)
    damage(bad, name)
    with pytest.raises(UserError, match=f"is damaged: {re.escape(name)} isn.t"):
        models.use(bad)
    assert settings.load().model == good
    assert name in models.problem(bad)
    assert models.problem(good) == models.problem(BUNDLED) == ""


@pytest.mark.parametrize("gone", [True, False])
def test_the_bundled_model_reads_when_the_one_in_use_is_gone_or_damaged(gone: bool) -> None:
    key = keep("mine")
    models.use(key)
    if gone:
        shutil.rmtree(paths.models_folder() / key)
    else:
        damage(key)
    recognizer, notice = models.recognizer_in_use()
    assert recognizer.bundle.path == bundle.BUNDLED
    assert key in notice
    assert notice.endswith("The built-in model reads meanwhile.")


def test_a_model_is_renamed_and_a_card_of_format_1_becomes_one_of_3() -> None:
    key = keep("x")
    card = paths.models_folder() / key / CARD_FILE
    first = json.loads(card.read_text())
    older = {name: first[name] for name in first if name not in ("name", "origin", "doubt")}
    card.write_text(json.dumps(older | {"format": 1}))
    assert models.name(key) == key
    models.rename(key, "  The\tone  ü ")
    assert models.name(key) == "The one ü"
    assert json.loads(card.read_text())["format"] == 3
    models.use(key)


def test_the_longest_name() -> None:
    key = keep("mine")
    models.rename(key, "é" * 60)
    with pytest.raises(UserError, match=r"has 1 to 60 letters\. Choose another name\."):
        models.rename(key, "x" * 61)
    assert models.name(key) == "é" * 60


@pytest.mark.parametrize("name", ["", "   ", "a\0b", "a\u202eb"])
def test_names_that_nobody_could_read_are_refused(name: str) -> None:
    key = keep("mine")
    with pytest.raises(UserError, match="Choose another name"):
        models.rename(key, name)
    assert models.name(key) == "mine"


def test_the_bundled_model_is_neither_renamed_nor_deleted() -> None:
    before = (bundle.BUNDLED / CARD_FILE).read_bytes()
    with pytest.raises(UserError, match="keeps its name"):
        models.rename(BUNDLED, "mine")
    with pytest.raises(UserError, match=r"can.t be deleted"):
        models.delete(BUNDLED)
    assert (bundle.BUNDLED / CARD_FILE).read_bytes() == before


def test_a_copy_is_a_whole_bundle_and_never_in_the_place_of_something(tmp_path: Path) -> None:
    key = keep("My / net: ü")
    first = models.export(key, tmp_path)
    second = models.export(key, tmp_path)
    assert [first.name, second.name] == ["My-net-ü", "My-net-ü-2"]
    open_bundle(second).verify()
    assert "# My / net: ü" in (first / README_FILE).read_text(encoding="utf-8")
    bundle.check_target(first)  # it's a bundle all the same
    assert sorted(path.name for path in tmp_path.iterdir()) == ["My-net-ü", "My-net-ü-2"]
    damage(key)
    with pytest.raises(UserError, match="damaged"):
        models.export(key, tmp_path)
    with pytest.raises(UserError, match="can't be read"):
        models.export("none", tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_deleted_model_is_gone_with_its_report_and_the_bundled_one_reads() -> None:
    key = keep("mine")
    models.use(key)
    write_report(key, "", 0.5)
    models.delete(key)
    assert keys() == [BUNDLED]
    assert models.everything()[0].in_use
    assert list(paths.models_folder().iterdir()) == list(paths.reports_folder().iterdir()) == []
    with pytest.raises(UserError, match="can't be removed"):
        models.delete(key)


def test_a_bundle_from_elsewhere_is_copied_checked_and_counts_as_opened(tmp_path: Path) -> None:
    source = copied(tmp_path / "Ann's net")
    key = models.add(source)
    shutil.rmtree(source)
    (model,) = [model for model in models.everything() if model.key == key]
    assert (model.name, model.origin) == ("Ann's net", "opened")
    models.use(key)
    assert models.add(paths.models_folder() / key) == key  # it's there already
    assert models.add(bundle.BUNDLED) == BUNDLED
    assert keys() == [BUNDLED, key]


def test_a_bundle_that_cannot_read_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    def write_nonsense(folder: Path) -> None:
        for name in ("model.keras", LITERT_FILE):
            (folder / name).write_bytes(b"no network")

    bundle.write_bundle(tmp_path / "nonsense", write_nonsense, replace(open_bundle().card, doubt={}, eye={}))
    with pytest.raises(UserError, match="LiteRT can't run the network"):
        models.add(tmp_path / "nonsense")
    with pytest.raises(UserError, match="no model in"):
        models.add(tmp_path)
    assert list(paths.models_folder().iterdir()) == []


def test_what_killed_programs_left_is_removed_but_nothing_that_is_held() -> None:
    folder = paths.models_folder()
    key = keep("mine")
    (folder / ".killed.abcd1234.part" / "new").mkdir(parents=True)
    (folder / ".killed.lock").touch()
    (folder / ".mine.txt").touch()
    with reserved(folder / "held"):
        (folder / ".held.abcd1234.part").mkdir()
        assert keys() == [BUNDLED, key]
        assert sorted(path.name for path in folder.iterdir()) == sorted(
            [".held.abcd1234.part", ".held.lock", ".mine.txt", key]
        )


def test_no_two_new_places_are_the_same_and_each_is_a_name_on_every_system() -> None:
    first = models.new_place("a b/c: *?")
    first.mkdir(parents=True)
    second = models.new_place("a b/c: *?")
    assert second != first
    for place in (first, second, models.new_place("..."), models.new_place("x" * 300)):
        assert place.parent == paths.models_folder()
        assert not set(place.name) & set('/\\:*?"<>| ')
        assert str(os.getpid()) in place.name
        assert len(place.name) < 80


def test_a_report_counts_for_the_weights_that_it_was_made_of() -> None:
    key = keep("mine", accuracy=None)
    sha256 = open_bundle().card.sha256[LITERT_FILE]
    assert models.report(key) is None
    write_report(key, sha256, 0.875)
    assert models.report(key) == models.report_place(key) / "report.md"
    assert [model.accuracy for model in models.everything() if model.key == key] == [0.875]
    write_report(BUNDLED, "of an older version", 0.5)
    assert models.report(BUNDLED) is None
    assert models.everything()[0].accuracy == open_bundle().card.accuracy


def test_the_settings_that_were_there_stay_when_a_model_is_chosen() -> None:
    settings.change(data="/data/mnist.npz")
    models.use(keep("mine"))
    assert settings.load().data == "/data/mnist.npz"


def test_a_bundle_without_the_hash_of_its_keras_file_stops_no_way_back() -> None:
    card = json.loads((bundle.BUNDLED / CARD_FILE).read_text())
    card["data"]["taught"] = {"from": "somebody"}
    place = copied(paths.models_folder() / "odd")
    (place / CARD_FILE).write_text(json.dumps(card | {"sha256": {}}))
    assert teaching.before(open_bundle(place)) is None


@on_linux
def test_a_bundles_links_take_nothing_of_the_users_along(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of the user")
    source = copied(tmp_path / "given")
    (source / HISTORY_FILE).unlink()
    (source / HISTORY_FILE).symlink_to(secret)
    kept = paths.models_folder() / models.add(source)
    assert not (kept / HISTORY_FILE).exists()


@on_linux
@pytest.mark.parametrize("name", [CARD_FILE, LITERT_FILE])
@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
def test_devices_and_pipes_in_a_bundle_are_refused_instead_of_read_for_ever(
    tmp_path: Path, name: str, target: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    source = copied(tmp_path / "given")
    (source / name).unlink()
    (source / name).symlink_to(target if target.startswith("/") else tmp_path / target)
    with pytest.raises(UserError, match=f"no readable {name}"):
        models.add(source)


def test_what_a_kill_has_left_of_an_older_model_goes_and_does_not_come_back() -> None:
    key = keep("mine")
    place = paths.models_folder() / key
    left = place.with_name(f".{key}.old")
    shutil.copytree(place, left)  # killed after the new one was in place
    models.delete(key)
    assert keys() == [BUNDLED]
    assert not left.exists()
    shutil.copytree(bundle.BUNDLED, left)  # killed before
    assert keys() == [BUNDLED, key]


def test_a_model_that_another_program_replaces_while_it_is_read_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    key = keep("mine")
    models.use(key)
    place = paths.models_folder() / key
    read, replacing = bundle.Bundle.read, [True]

    def replaced_first(self: bundle.Bundle, name: str) -> bytes:
        if replacing and self.path == place.resolve():
            replacing.pop()
            (place / CARD_FILE).write_text(json.dumps(json.loads((place / CARD_FILE).read_text()) | {"seed": 77}))
            return read(
                replace(self, card=replace(self.card, sha256={**self.card.sha256, name: "0" * 64})), name
            )  # the old one isn't there any more
        return read(self, name)

    monkeypatch.setattr(bundle.Bundle, "read", replaced_first)
    recognizer, notice = models.recognizer_in_use()
    assert (recognizer.bundle.card.seed, notice) == (77, "")


@pytest.mark.parametrize("key", ["..", "../../elsewhere", "/", "a\0b", "\ud800", "a\\b", "/dev/zero", "a" * 5000])
def test_settings_that_name_no_model_of_the_user_s_are_told_and_the_bundled_one_reads(key: str) -> None:
    settings.change(model=key)
    recognizer, why = models.recognizer_in_use()
    assert recognizer.bundle.path == bundle.BUNDLED
    assert "can't exist" in why
    assert models.name(key)


def test_a_folder_of_models_that_nobody_may_look_into_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = copied(tmp_path / "given")
    exists = Path.exists

    def refuse(path: Path) -> bool:
        if path.is_relative_to(paths.models_folder()):
            raise PermissionError(13, "Permission denied")
        return exists(path)

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(UserError, match="Permission denied"):
        models.add(source)
