"""Profiles in the window: made, chosen, moved and deleted, and each start finds its own."""

import os
import subprocess
import sys
import tkinter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kept import paths, profiles, settings
from app.kept.samples import Samples
from app.ui.kit.dialog import in_front
from app.ui.window import hands, main_menu
from app.ui.window.hands import NameDialog
from tests.app.kept.test_profiles import SEVEN, drawings
from tests.app.ui.window.test_main_window import buttons
from tests.app.ui.window.test_teaching_window import until
from tests.conftest import ROOT, Window, run
from tests.screen import PATIENCE, Screen, wait_for


@pytest.fixture(autouse=True)
def _first() -> Iterator[None]:
    yield
    paths.use_profile(paths.FIRST)


def lines(window: Window) -> tkinter.Menu:
    """Return the profiles' menu as it is now."""
    menu = tkinter.Menu(window.root)
    window.main.hands.fill(menu)
    return menu


def labels(menu: tkinter.Menu) -> list[str]:
    places = range(int(menu.index("end") or 0) + 1)
    return [str(menu.entrycget(place, "label")) for place in places if menu.type(place) != "separator"]


def chosen(window: Window, label: str) -> None:
    menu = lines(window)
    menu.invoke(label)
    window.root.update()


def named(window: Window, name: str) -> NameDialog:
    """Type a name into the dialog that asks for one, and press Return."""
    dialog = in_front(window.root)
    assert isinstance(dialog, NameDialog)
    dialog.focus_force()  # as a window manager would
    dialog.focus_set()
    window.root.update()
    for key in name:
        window.key(key)
    window.screen.key("Return")  # which may close the window
    return dialog


def closed(window: Window) -> None:
    def is_closed() -> bool:
        if window.root.children:
            window.root.update()
        return not window.root.children

    wait_for(is_closed, PATIENCE, "the end of the window")


def test_with_one_profile_there_is_none_to_be_seen_but_the_way_to_a_second(window: Window) -> None:
    assert main_menu.WHOSE_HAND not in {entry.menu for entry in main_menu.entries(window.main)}
    assert window.root.title() == "Inkling"
    assert labels(lines(window)) == [
        *("New profile…", "Import profile…", "Rename First profile…", "Export First profile…"),
        "Delete First profile…",
    ]
    assert lines(window).entrycget("end", "state") == "disabled"
    dialog = window.main.dialogs.open("settings")
    assert "Whose hand…" in [each.cget("text") for each in buttons(dialog)]


def test_a_second_one_is_made_by_its_name_and_the_window_closes_for_it(window: Window) -> None:
    chosen(window, "New profile…")
    dialog = named(window, "")
    until(window, lambda: "Choose another name." in str(dialog._line.cget("text")))  # a name needs at least one letter
    named(window, "bo")
    closed(window)
    assert window.main.then
    window.main.then()
    assert (paths.profile(), profiles.name()) == ("2", "bo")
    profiles.begin(None)
    assert profiles.name() == "bo"


def test_a_profile_is_renamed_exported_and_imported(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Samples(paths.samples_file()) as samples:
        samples.keep(SEVEN, "7")
    chosen(window, "Rename First profile…")
    named(window, "me")
    until(window, lambda: profiles.name() == "me")
    file = str(tmp_path / "me.zip")
    monkeypatch.setattr(hands, "ask_where_to_save", lambda *_words: file)
    chosen(window, "Export me…")
    until(window, lambda: "The profile is saved as me.zip" in window.text())
    (tmp_path / "bad.zip").write_text("no profile")
    monkeypatch.setattr(hands, "ask_for_file", lambda *_words: str(tmp_path / "bad.zip"))
    chosen(window, "Import profile…")
    until(window, lambda: "isn't a profile" in window.text())
    monkeypatch.setattr(hands, "ask_for_file", lambda *_words: file)
    chosen(window, "Import profile…")
    closed(window)
    assert profiles.everyone() == [paths.FIRST, "2"]
    assert drawings("2") == drawings(paths.FIRST)


@pytest.mark.parametrize("sure", [False, True])
def test_to_delete_one_asks_and_says_what_is_lost(window: Window, monkeypatch: pytest.MonkeyPatch, sure: bool) -> None:
    profiles.begin(profiles.name(profiles.create("Anna")))
    with Samples(paths.samples_file()) as samples:
        samples.keep(SEVEN, "7")
        samples.keep(SEVEN, "A")
    window.session.samples.path = paths.samples_file()
    asked: list[tuple[str, str]] = []

    def answer(_title: str, question: str, *, detail: str, default: str, **_more: object) -> bool:
        assert default == "cancel"  # what Return chooses
        asked.append((question, detail))
        return sure

    monkeypatch.setattr("app.ui.window.hands.messagebox.askokcancel", answer)
    chosen(window, "Delete Anna…")
    ((question, detail),) = asked
    assert question == "Delete Anna?"
    assert detail.startswith(
        "Deleted with it: saved drawings: 2, signs of its own: 1, models: 0. This can't be undone."
    )
    if sure:
        closed(window)
        assert window.main.then
        window.main.then()
        assert profiles.everyone() == [paths.FIRST]
    else:
        window.root.update()
        assert window.root.children
        assert len(drawings("2")) == 2


def windows(screen: Screen) -> int:
    """Return how many windows are visible, including menus."""
    core = screen._connection.core
    children = core.QueryTree(screen._root).reply().children
    return sum(screen.area(child).width > 1 and is_mapped(screen, child) for child in children)


def is_mapped(screen: Screen, window: int) -> bool:
    return bool(screen._connection.core.GetWindowAttributes(window).reply().map_state)


def test_two_clicks_change_the_hand_and_each_start_finds_its_own(screen: Screen, tmp_path: Path) -> None:
    settings.change(welcomed=True, learn=False)
    key = profiles.create("Anna")
    settings.change(key, welcomed=True, learn=False)
    ink = tmp_path / "seven.json"
    ink.write_text('{"strokes": [[[60, 60], [200, 60], [130, 230]]]}')
    process = subprocess.Popen([sys.executable, "-m", "app", "--profile=anna"], cwd=ROOT, env=os.environ)

    def kept(profile: str) -> bool:
        screen.key("7")
        return len(drawings(profile)) == 1

    try:
        canvas = screen.canvas(screen.window("Inkling: Anna", PATIENCE))
        screen.move(canvas.left + 30, canvas.top + 250)
        wait_for(paths.running_file(key).exists, PATIENCE, "a window that can be found")
        assert run("app", "--profile", "Anna", ink).returncode == 0  # it goes to the open window
        wait_for(lambda: kept(key), PATIENCE, "a drawing of Anna's", pause=0.5)
        assert drawings(paths.FIRST) == []

        before = windows(screen)
        for number, pressed in enumerate(("alt+m", "h"), 1):
            screen.key(pressed)
            wait_for(lambda number=number: windows(screen) == before + number, PATIENCE, "a menu")  # type: ignore[misc]
        screen.key("Return")
        screen.canvas(screen.window("Inkling: First profile", PATIENCE))
        assert screen.find("Inkling: Anna") is None
        wait_for(paths.running_file(paths.FIRST).exists, PATIENCE, "a window that can be found")
        assert not paths.running_file(key).exists()
        assert run("app", ink).returncode == 0  # the first one was chosen last
        wait_for(lambda: kept(paths.FIRST), PATIENCE, "a drawing of the first profile's", pause=0.5)
        screen.key("ctrl+q")
        assert process.wait(PATIENCE) == 0
        assert len(drawings(key)) == 1
    finally:
        process.kill()
        process.wait()


def test_the_command_line_reads_for_a_profile(tmp_path: Path) -> None:
    profiles.create("Anna")
    ink = tmp_path / "seven.json"
    ink.write_text('{"strokes": [[[60, 60], [200, 60], [130, 230]]]}')
    done = run("app", "--profile", "Anna", "recognize", ink)
    assert (done.returncode, done.stdout.split("\t")[1]) == (0, "7")
    wrong = run("app", "--profile", "Bo", "recognize", ink)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr == "There's no profile called Bo. There are: First profile, Anna.\n"
    assert run("app", "--profile").returncode == 2
