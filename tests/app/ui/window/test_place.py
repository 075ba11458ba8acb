import ctypes
import sys
import time
import tkinter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.kept import paths, settings
from app.ui.kit.room import SETTLED, Room
from app.ui.kit.work_area import work_area
from app.ui.window.place import Place, fitted
from model.ink.ink import Box
from tests.screen import Screen

LEAST = (480, 360)
ONE = Box(0, 0, 1920, 1080)
TWO = Box(-1280, -200, 1920, 1080)  # another monitor to the left, a bit higher


@pytest.mark.parametrize(
    ("place", "screen", "geometry"),
    [
        ("680x460+100+50", ONE, "680x460+100+50"),
        ("680x460+-20+0", ONE, "680x460+-20+0"),  # slightly over the edge, as the user left it
        ("680x460+1900+50", ONE, "680x460"),
        ("680x460+-1000+50", ONE, "680x460"),  # the monitor to the left is gone
        ("680x460+-1000+-150", TWO, "680x460+-1000+-150"),
        ("680x460+100+-30", ONE, "680x460"),  # its title bar would be above the screen,
        ("680x460+100+1070", ONE, "680x460"),  # or below it
        ("99999x99999+0+0", ONE, "1920x1080+0+0"),
        ("10x10+0+0", ONE, "480x360+0+0"),
        ("680x460+1500+50", ONE, "680x460+1240+50"),  # far over the edge, where a larger screen was
        ("680x460+100+700", ONE, "680x460+100+620"),  # its buttons would be below the edge
        ("1600x900+300+200", Box(0, 0, 1024, 600), "1024x600+0+0"),
        ("0x0+5+5", Box(0, 0, 320, 240), "480x360+0+0"),  # a screen smaller than the smallest window
        ("", ONE, ""),
        ("680x460", ONE, ""),
        ("680x460+1+2 zoomed; exit", ONE, ""),
        ("680x460+1+2 inside", ONE, ""),
        ("six", ONE, ""),
        ("-680x460+0+0", ONE, ""),
    ],
)
def test_a_place_is_taken_again_as_far_as_a_screen_is_there(place: str, screen: Box, geometry: str) -> None:
    target = fitted(place, LEAST, screen, 96)
    position = f"+{target.position[0]}+{target.position[1]}" if target and target.position else ""
    assert (f"{target.size[0]}x{target.size[1]}{position}" if target else "") == geometry
    if target:
        assert not target.zoomed
        assert fitted(f"{place} zoomed", LEAST, screen, 96) == (target.size, target.position, True)


class Opened:
    """A window of at least 480x360 that remembers its place."""

    def __init__(self, *, menu: bool = False) -> None:
        self.root = tkinter.Tk(className="Inkling")
        if menu:  # it's part of the frame, as a title bar is
            self.root["menu"] = tkinter.Menu(self.root)
            self.root.nametowidget(self.root["menu"]).add_command(label="File")
        self.room = Room(self.root)
        self.root.geometry(self.room.begin(680, 460))
        self.root.minsize(*LEAST)
        self.place = Place(self.root, self.room)
        self.live()

    def live(self) -> None:
        """Run the window's loop until what was moved has settled."""
        end = time.monotonic() + 4 * SETTLED / 1000
        while time.monotonic() < end:
            self.root.update()

    def close(self) -> None:
        self.root.destroy()
        self.place.end()


@pytest.fixture
def opened(screen: Screen) -> Iterator[type[Opened]]:  # noqa: ARG001  (the windows open on it)
    yield Opened
    assert tkinter._default_root is None  # type: ignore[attr-defined]  # all of them are closed


def test_the_window_comes_back_where_it_was(opened: type[Opened]) -> None:
    settings.change(width=12)
    window = opened()
    assert window.root.geometry() == "680x460+0+0"
    tkinter.Frame(window.root, width=5, height=5).place(x=3, y=4)  # its children report their own places, too
    window.root.geometry("700x500+120+80")
    window.live()
    window.close()
    assert settings.load() == settings.Settings(width=12, place="700x500+120+80")

    window = opened()
    assert window.root.geometry() == "700x500+120+80"
    window.close()
    assert settings.load().place == "700x500+120+80"
    window = opened()
    assert window.root.geometry() == "700x500+120+80"
    window.root.withdraw()  # a minimized window has no place
    window.live()
    before = paths.settings_file().stat().st_mtime_ns
    window.close()
    assert settings.load().place == "700x500+120+80"
    assert paths.settings_file().stat().st_mtime_ns == before  # nothing to write


def test_a_window_with_a_menu_bar_comes_back_where_it_was(opened: type[Opened]) -> None:
    window = opened(menu=True)
    window.root.geometry("700x500+120+80")  # the frame's place, which includes a menu bar
    window.live()
    inside = window.root.winfo_rooty()
    assert inside > 80
    window.close()
    for _ in range(2):
        assert settings.load().place == "700x500+120+80"
        window = opened(menu=True)
        window.live()
        assert (window.root.winfo_rootx(), window.root.winfo_rooty()) == (120, inside)
        window.close()


def test_what_the_window_is_wider_for_is_not_remembered(opened: type[Opened]) -> None:
    window = opened()
    window.root.geometry("700x500+120+80")
    window.live()
    window.room.widen("something", 150)
    window.live()
    assert window.root.geometry() == "850x500+120+80"
    window.close()
    assert settings.load().place == "700x500+120+80"


def test_a_maximised_window_remembers_where_it_was_before(
    opened: type[Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    zoomed = [False]  # a window manager's part, which the virtual screen lacks

    monkeypatch.setattr("app.ui.window.place.is_zoomed", lambda _root: zoomed[0])
    monkeypatch.setattr("app.ui.window.place._zoom", lambda _root: zoomed.__setitem__(0, True))
    window = opened()
    window.root.geometry("700x500+120+80")
    window.live()
    zoomed[0] = True
    window.root.geometry("1024x768+0+0")
    window.live()
    window.close()
    assert settings.load().place == "700x500+120+80 zoomed"
    zoomed[0] = False
    window = opened()
    assert zoomed[0]
    window.root.geometry("1024x768+0+0")
    window.live()
    window.close()
    assert settings.load().place == "700x500+120+80 zoomed"


def test_a_place_that_cannot_be_remembered_is_logged(
    opened: type[Opened], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(paths, "settings_file", lambda _profile=None: tmp_path / "file" / "settings.json")
    opened().close()
    assert "cannot be remembered" in caplog.text


def test_windows_tells_what_the_taskbar_leaves_free(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    def tell(_monitor: object, found: Any) -> int:
        found._obj.work[:] = (0, 0, 1024, 552)
        return 1

    user = SimpleNamespace(MonitorFromWindow=lambda _window, _nearest: 7, GetMonitorInfoW=tell)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user), raising=False)
    root = tkinter.Tk(className="Inkling")
    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        assert work_area(root) == Box(0, 0, 1024, 552)
    root.destroy()
