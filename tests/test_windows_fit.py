"""Every window fits the screen, less its panels, with all its buttons: on small screens, coarse and fine."""

import base64
import gc
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tkinter import ttk
from typing import Any, NamedTuple

import pytest

from app.drawing.session import Session
from app.kept import paths, settings
from app.kept.samples import Samples
from app.kept.settings import Settings
from app.page.open_page import OpenPage
from app.ui.kit.dialog import Dialog
from app.ui.models.open_dialog import OpenDialog
from app.ui.page.page_dialog import PageDialog
from app.ui.training.install_dialog import InstallDialog
from app.ui.training.teaching_strip import TeachingStrip
from app.ui.training.training_dialog import TrainingDialog
from app.ui.window.main_window import MainWindow
from model.base import events
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from model.reading.recognizer import Recognizer
from tests.conftest import missing, on_linux
from tests.screen import Area, Screen, virtual_screen, wait_for, window_manager

pytestmark = on_linux

SEVEN = Drawing((Stroke((Point(60, 40), Point(180, 40), Point(110, 130))),), canvas=(280, 280))
PRESSED = (ttk.Button, ttk.Checkbutton, ttk.Radiobutton, ttk.Combobox, ttk.Entry)
IMAGE = base64.b64encode(bytes(784)).decode()
ONLY = tuple(
    events.Difference(image=IMAGE, digit=digit, current=current, new=new)
    for digit in range(8)
    for current, new in ((digit, 9), (9, digit))
)
COMPARED = events.Compared(10_000, events.Side(9_950, 8_000_000, 1.5), events.Side(9_800, 400_000, 0.05), ONLY)
PROBLEM = "MNIST could not be downloaded: the server does not answer; choose a file of it that you have."


class Trained:
    """A training's process that says nothing."""

    over = True
    last = output = None
    makes = False
    lines = ("a line",) * 30

    def __init__(self, *_words: object) -> None:
        pass

    def poll(self) -> list[events.Event]:
        return []

    def go_on(self, *_words: object) -> None:
        pass

    def cancel(self) -> None:
        pass


class Setting(NamedTuple):
    """A screen, and what is on it."""

    size: tuple[int, int]
    dpi: int
    managed: bool  # by openbox
    area: Area  # for windows


SMALL = Area(0, 0, 1024, 600)
SETTINGS = {
    "1x": Setting((1024, 600), 96, True, SMALL),
    "2x": Setting((1024, 600), 192, True, SMALL),
    "panels": Setting((1024, 768), 96, False, Area(40, 28, 984, 572)),  # as a window manager would tell them
}


@dataclass
class Windows:
    """The window on a screen, and all that it opens."""

    main: MainWindow
    screen: Screen
    home: Path
    setting: Setting

    def settle(self) -> None:
        """Let the window live until nothing moves any more."""
        root, seen, calm = self.main.root, object(), 0

        def still() -> bool:
            nonlocal seen, calm
            root.update()
            windows: list[tk.Tk | tk.Toplevel] = [root, *self.toplevels()]
            now = [each.geometry() for each in windows]
            calm = calm + 1 if now == seen else 0
            seen = now
            return calm >= 15

        wait_for(still, 30, "an end of all movements", pause=0.005)

    def toplevels(self) -> list[tk.Toplevel]:
        children = self.main.root.winfo_children()
        return [each for each in children if isinstance(each, tk.Toplevel) and each.winfo_viewable()]

    def dialogs(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """Yield what opens each dialog, by its name."""
        dialogs = self.main.dialogs
        yield "my drawings", lambda: dialogs.open("drawings")
        yield "models", lambda: dialogs.open("models")
        for page in ("inkling", "model", "licences"):
            yield f"about {page}", lambda page=page: dialogs.about(page)  # type: ignore[misc]
        yield "shortcuts", lambda: dialogs.open("shortcuts")
        yield "problem", lambda: dialogs.open("problem")
        yield "list", self._list
        yield "page", self._page
        yield "retrain", dialogs.retrain
        yield "retrain, all of it", self._advanced
        yield "retrain, failed", lambda: self._training(lambda it: it.show_end(events.Failed("data", PROBLEM)))
        yield "training", lambda: self._training(self._train)
        yield "trained", lambda: self._training(lambda it: it._show_result(COMPARED))
        yield "install", lambda: InstallDialog(self.main.root, "Training", lambda: None)
        yield "open, asked", lambda: self._open(lambda it: it._show_questions(PROBLEM))
        yield "open, refused", lambda: self._open(lambda it: it._refuse(PROBLEM * 3))

    def _training(self, turn: Callable[[TrainingDialog], None]) -> TrainingDialog:
        dialog = self.main.dialogs.retrain()
        assert isinstance(dialog, TrainingDialog)
        self.settle()
        turn(dialog)
        return dialog

    def _train(self, dialog: TrainingDialog) -> None:
        dialog.train()
        self.settle()
        dialog._page._fold()  # type: ignore[attr-defined]  # the log

    def _advanced(self) -> TrainingDialog:
        return self._training(lambda dialog: dialog.setup._fold())

    def _open(self, turn: Callable[[OpenDialog], None]) -> OpenDialog:
        dialog = self.main.dialogs.open("open model")
        assert isinstance(dialog, OpenDialog)
        dialog._asking.stop()
        turn(dialog)
        return dialog

    def _page(self) -> PageDialog:
        picture = render(SEVEN)
        dialog = PageDialog(self.main.root, OpenPage("7.png", lambda: picture, self.main.session.recognizer))

        def read() -> bool:
            self.main.root.update()
            return dialog.page.is_over

        wait_for(read, 60, "the page", pause=0.01)
        return dialog

    def _list(self) -> Any:
        folder = self.home / "pictures"
        folder.mkdir(exist_ok=True)
        for number in range(12):
            render(SEVEN).save(folder / f"{number}.png")
        self.main.files.open_paths([str(folder)])

        def read() -> bool:
            self.main.root.update()
            return bool(self.main.files._lists) and self.main.files._lists[-1].batch.over

        wait_for(read, 60, "the list", pause=0.01)
        return self.main.files._lists[-1]

    def faults(self, name: str, window: tk.Tk | tk.Toplevel) -> Iterator[str]:
        """Yield what of a window is not on the screen, or cannot be reached."""
        area = self.setting.area
        frame = self.screen.frame(window.winfo_id())
        if not _within(frame, area):
            yield f"{name}: {frame} is not within {area}"
        for widget in _inside(window):
            if isinstance(widget, PRESSED) and widget.winfo_ismapped() and not _reached(widget, area):
                yield f"{name}: {widget} is not to be seen"


def _within(one: Area, other: Area) -> bool:
    right, bottom = other.left + other.width, other.top + other.height
    return (
        other.left <= one.left
        and other.top <= one.top
        and one.left + one.width <= right
        and one.top + one.height <= bottom
    )


def _inside(widget: tk.Misc) -> Iterator[tk.Misc]:
    for child in widget.winfo_children():
        if not isinstance(child, tk.Toplevel | tk.Menu):
            yield child
            yield from _inside(child)


def _reached(widget: tk.Misc, area: Area) -> bool:
    """Return whether all of a widget is seen, or can be scrolled into a sight that is large enough for it."""
    shown, around = _area(widget), widget.master
    while around is not None:
        if isinstance(around, tk.Canvas):
            return _area(around).height >= shown.height and _reached(around, area)
        if not _within(shown, _area(around)):
            return False
        if around.winfo_toplevel() is around:
            break
        around = around.master
    return _within(shown, area)


def _area(widget: tk.Misc) -> Area:
    return Area(widget.winfo_rootx(), widget.winfo_rooty(), widget.winfo_width(), widget.winfo_height())


@pytest.fixture(scope="session")
def screens() -> Iterator[Callable[[str], str]]:
    """What starts one of the screens, and returns its display's name: Tk cannot live on where one has ended."""
    with ExitStack() as stack:

        @cache
        def start(name: str) -> str:
            setting = SETTINGS[name]
            display = stack.enter_context(virtual_screen(*setting.size, setting.dpi))
            if setting.managed:
                stack.enter_context(window_manager(display))
            return display

        yield start


@pytest.fixture(params=SETTINGS)
def windows(
    request: pytest.FixtureRequest,
    screens: Callable[[str], str],
    recognizer: Recognizer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Callable[..., Windows]]:
    """What opens the window in a language, on each screen."""
    setting: Setting = SETTINGS[request.param]
    monkeypatch.setattr("app.ui.training.training_dialog.Job", Trained)
    try:
        display = screens(request.param)
    except FileNotFoundError as error:
        missing(str(error))
    monkeypatch.setenv("DISPLAY", display)
    with closing(Screen(display)) as hand:
        if not setting.managed:
            hand.set_numbers("_NET_WORKAREA", setting.area)
        opened: list[Windows] = []
        gc.disable()  # as in the program: a thread that reads pictures must not collect what is Tk's

        def start(language: str, **chosen: Any) -> Windows:
            settings.change(**asdict(Settings(language=language, **chosen)))
            main = MainWindow(tk.Tk(className="Inkling"), Session(lambda: (recognizer, "")))
            if not setting.managed:
                main.root.geometry(f"+{setting.area.left}+{setting.area.top}")  # as a window manager would
            main.session.recognizer  # noqa: B018  (loads itself, as it does some time after the first paint)
            opened.append(Windows(main, hand, tmp_path, setting))
            opened[-1].settle()
            return opened[-1]

        yield start
        for each in opened:
            if each.main.root.children:
                each.main.close()
            vars(each).clear()
        gc.enable()
        gc.collect()  # here, in the main thread


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_window_fits_the_screen_with_all_its_buttons(windows: Callable[..., Windows], language: str) -> None:
    with Samples(paths.samples_file()) as samples:
        for digit in "0123456789" * 4:
            samples.keep(SEVEN, digit, "7")
    opened = windows(language)
    root = opened.main.root
    found = [*opened.faults("the window", root)]
    for name, make in opened.dialogs():
        dialog = make()
        opened.settle()
        found += opened.faults(name, dialog)
        dialog.destroy()
    opened.main.session.add_stroke(SEVEN.strokes[0].points, opened.main.pad.size_in_pixels)
    opened.main.editor.show()
    opened.settle()
    found += opened.faults("an answer", root)
    strip = TeachingStrip(root, opened.main.session.samples, opened.main.learning._bundle, lambda _key: None)
    strip._say("Learned from 12 drawings: it reads all of them now.")
    strip._offer("Undo learning", lambda: None)
    strip.grid(row=2, column=0, sticky="ew")
    opened.settle()
    found += opened.faults("what was learned", root)
    strip.hide()
    menu, place = opened.main.menus._places["&See inside"]
    menu.invoke(place)
    opened.settle()
    found += opened.faults("see inside", root)
    assert not found, "\n".join(found)


class Seen(NamedTuple):
    """Where the window is on the screen, with its frame, and how wide its inside is."""

    frame: Area
    width: int


def seen(opened: Windows) -> Seen:
    opened.settle()
    return Seen(opened.screen.frame(opened.main.root.winfo_id()), opened.main.root.winfo_width())


def wide_number(opened: Windows) -> None:
    """Draw near the right edge of the pad: the window widens."""
    wide, high = opened.main.pad.size_in_pixels
    opened.main.editor.add_stroke((Point(wide - 20, 30), Point(wide - 20, high - 30)))


def fold(opened: Windows) -> None:
    menu, place = opened.main.menus._places["&See inside"]
    menu.invoke(place)


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_what_was_widened_stays_where_it_is_and_goes_back(windows: Callable[..., Windows]) -> None:
    opened = windows("en")
    first = seen(opened)
    assert first.frame.left > 0  # openbox has put it in the middle
    wide_number(opened)
    wider = seen(opened)
    assert wider.width > first.width
    assert wider.frame[:2] == first.frame[:2]
    opened.main.editor.clear()
    assert seen(opened) == first
    fold(opened)
    wider = seen(opened)
    assert wider.width > first.width
    assert wider.frame[:2] == first.frame[:2]
    assert _within(wider.frame, SMALL)  # less than the panel would like
    fold(opened)
    assert seen(opened) == first


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_a_window_that_its_user_has_resized_stays_so(windows: Callable[..., Windows]) -> None:
    opened = windows("en")
    root = opened.main.root
    for widen, back in ((wide_number, lambda _opened: opened.main.editor.clear()), (fold, fold)):
        root.geometry("600x400+100+60")
        opened.settle()
        widen(opened)
        opened.settle()
        root.geometry("640x420+90+50")  # as a user would, by its edges
        users = seen(opened)
        back(opened)
        assert seen(opened) == users


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_a_dialog_that_its_user_has_moved_and_resized_stays_so_in_another_language(
    windows: Callable[..., Windows],
) -> None:
    opened = windows("en")
    dialog = opened.main.dialogs.open("models")
    opened.settle()
    dialog.geometry("700x400+30+40")
    opened.settle()
    before = opened.screen.frame(dialog.winfo_id())
    settings.change(language="zh_CN")
    opened.main.choices.refresh()
    opened.main.rebuild()
    opened.settle()
    (again,) = opened.toplevels()
    assert again is not dialog
    assert opened.screen.frame(again.winfo_id()) == before


@pytest.mark.parametrize("windows", ["panels"], indirect=True)
def test_a_dialog_that_is_looked_at_between_two_steps_of_growing_stays_on_the_screen(
    windows: Callable[..., Windows],
) -> None:
    opened = windows("en")
    dialog = Dialog(opened.main.root, "Grows")
    filled = tk.Frame(dialog.body.inside, width=500, height=300)
    filled.pack()
    opened.settle()
    filled.configure(width=900)

    def is_wide() -> bool:
        dialog.update()
        return dialog.winfo_width() > 900

    wait_for(is_wide, 30, "a wide dialog", pause=0)
    dialog.minsize(1, 500)  # it is to be higher, too, and is not yet
    assert dialog.winfo_height() < 500
    dialog._grow_inwards()
    opened.settle()
    assert _within(opened.screen.frame(dialog.winfo_id()), opened.setting.area)
    assert dialog.winfo_height() == 500
