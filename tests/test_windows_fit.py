"""Every window fits between the screen's panels with all its buttons: on small screens, coarse and fine."""

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
from app.page.document import Document
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.drawings.new_sign_dialog import NewSignDialog
from app.ui.kit import tooltip
from app.ui.kit.dialog import Dialog
from app.ui.models.models_dialog import ModelsDialog
from app.ui.models.open_dialog import OpenDialog
from app.ui.page.page_dialog import PageDialog
from app.ui.training.install_dialog import InstallDialog
from app.ui.training.progress_page import ProgressPage
from app.ui.training.teaching_strip import TeachingStrip
from app.ui.training.training_dialog import TrainingDialog
from app.ui.window.main_window import MainWindow
from model.base import events
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from model.reading.reading import FEWEST
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
SIDES = (events.Side(9_950, 940, 8_000_000, 1.5), events.Side(9_960, 880, 400_000, 0.05))  # the longest sentence
COMPARED = events.Compared(10_000, 1_000, *SIDES, ONLY)
PROBLEM = "MNIST could not be downloaded: the server does not answer; choose a file of it that you have."


class Trained:
    """A training process that prints nothing."""

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

    def ask(self, *_words: object) -> None:
        pass

    def cancel(self) -> None:
        pass


class Setting(NamedTuple):
    """A screen and what's on it."""

    size: tuple[int, int]
    dpi: int
    managed: bool  # by openbox
    area: Area  # for windows


LEAST_PAD = 120  # pixels of its height at least, on the smallest screen with the largest letters
SMALL = Area(0, 0, 1024, 600)
SETTINGS = {
    "1x": Setting((1024, 600), 96, True, SMALL),
    "2x": Setting((1024, 600), 192, True, SMALL),
    "panels": Setting((1024, 768), 96, False, Area(40, 28, 984, 572)),  # as a window manager would report them
}


@dataclass
class Windows:
    """The window on a screen, and everything that it opens."""

    main: MainWindow
    screen: Screen
    home: Path
    setting: Setting

    def settle(self) -> None:
        """Run the window's loop until nothing moves any more, and what goes on inside is shown whole."""
        root, seen, calm = self.main.root, object(), 0

        def still() -> bool:
            nonlocal seen, calm
            root.update()
            windows: list[tk.Tk | tk.Toplevel] = [root, *self.toplevels()]
            now = [each.geometry() for each in windows]
            panel = self.main.contents._inside
            works = self.main.editor.is_reading or (panel is not None and panel.is_working)
            calm = calm + 1 if now == seen and not works else 0
            seen = now
            return calm >= 15

        wait_for(still, 30, "an end of all movements", pause=0.005)

    def toplevels(self) -> list[tk.Toplevel]:
        children = self.main.root.winfo_children()
        return [each for each in children if isinstance(each, tk.Toplevel) and each.winfo_viewable()]

    def dialogs(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """Yield each dialog's name and what opens it."""
        dialogs = self.main.dialogs
        yield "my drawings", lambda: dialogs.open("drawings")
        yield "models", lambda: dialogs.open("models")
        yield "settings", lambda: dialogs.open("settings")
        for page in ("inkling", "model", "licences"):
            yield f"about {page}", lambda page=page: dialogs.about(page)  # type: ignore[misc]
        yield "shortcuts", lambda: dialogs.open("shortcuts")
        yield "problem", lambda: dialogs.open("problem")
        yield "laboratory", lambda: self._laboratory("touch")
        yield "laboratory, damage", lambda: self._laboratory("damage")
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

    def _laboratory(self, page: str) -> Dialog:
        self.main.dialogs.experiment()
        laboratory = self.main.laboratory
        assert laboratory
        laboratory.turn(page)
        return laboratory

    def _training(self, turn: Callable[[TrainingDialog], None]) -> TrainingDialog:
        dialog = self.main.dialogs.retrain()
        assert isinstance(dialog, TrainingDialog)
        self.settle()
        turn(dialog)
        return dialog

    def _train(self, dialog: TrainingDialog) -> None:
        dialog.train()
        self.settle()
        assert isinstance(dialog._page, ProgressPage)
        dialog._page._fold()
        dialog._page.fold_watch()

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
        dialog = PageDialog(self.main.root, Document("7.png", lambda _index: picture, self.main.session.recognizer))

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

    def walked(self, window: tk.Tk | tk.Toplevel) -> list[str]:
        """Return the names of what Tab reaches in a window until it's back where it started."""
        root, walked = self.main.root, list[str]()

        def has_keyboard() -> bool:
            root.update()
            focus = str(root.tk.call("focus"))
            return bool(focus) and str(root.tk.call("winfo", "toplevel", focus)) == str(window)

        window.lift()
        window.focus_force()
        wait_for(has_keyboard, 600, f"the keyboard in {window}", pause=0.005)
        while (focus := str(root.tk.call("focus"))) not in walked:
            walked.append(focus)
            self.screen.key("Tab")
            for _ in range(2):  # the X server answers after it has sent the key
                root.winfo_pointerxy()
                root.update()
        return walked

    def unreached(self, name: str, window: tk.Tk | tk.Toplevel) -> Iterator[str]:
        """Yield what Tab doesn't reach in a window, and what has no name."""
        walked, tips = self.walked(window), tooltip.of(window)._texts
        # Arrow keys move between those that share a variable.
        radios = [each for each in _inside(window) if isinstance(each, ttk.Radiobutton)]
        reached = {str(each.cget("variable")) for each in radios if str(each) in walked}
        for widget in _inside(window):
            if not isinstance(widget, PRESSED) or not widget.winfo_ismapped() or widget.instate(["disabled"]):
                continue
            is_radio = isinstance(widget, ttk.Radiobutton)
            if str(widget) not in walked and not (is_radio and str(widget.cget("variable")) in reached):
                yield f"{name}: Tab doesn't come to {widget} among {walked}"
            if isinstance(widget, ttk.Button) and not str(widget.cget("text")) and not any(tips.get(widget, ())):
                yield f"{name}: {widget} has no name"

    def faults(self, name: str, window: tk.Tk | tk.Toplevel) -> Iterator[str]:
        """Yield what in a window isn't on the screen, or can't be reached."""
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
    """Return whether a widget is wholly visible, or can be scrolled into view in a large enough area."""
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
    """What starts a screen and returns its display's name. Screens stay: Tk doesn't survive the end of one."""
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
        gc.disable()  # as in the program: a thread that reads pictures mustn't collect Tk's objects

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
    main = opened.main
    beside = main.contents.toolbar.rest
    strip = TeachingStrip(root, main.session.samples, main.learning._bundle, lambda _key: None, lambda: beside)
    strip._say("Learned from 12 drawings: it reads all of them now.")
    strip._bar.grid_remove()  # as when it's done
    strip._offer("Undo learning", lambda: None)
    strip.show()
    opened.settle()
    found += opened.faults("what was learned", root)
    strip.hide()
    main.lessons.open()
    opened.settle()
    found += opened.faults("a lesson", root)
    assert _area(main.pad).height >= LEAST_PAD
    main.lessons.close()
    opened.settle()
    menu, place = opened.main.menus._places["&See inside"]
    menu.invoke(place)
    opened.settle()
    found += opened.faults("see inside", root)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_tab_comes_to_every_control_of_every_window_and_each_has_a_name(windows: Callable[..., Windows]) -> None:
    with Samples(paths.samples_file()) as samples:
        for digit in "0123456789":
            samples.keep(SEVEN, digit, "7")
    opened = windows("en", inside=True)
    opened.main.session.add_stroke(SEVEN.strokes[0].points, opened.main.pad.size_in_pixels)
    opened.main.editor.show()
    opened.settle()
    found = [*opened.unreached("the window", opened.main.root)]
    for name, make in opened.dialogs():
        dialog = make()
        opened.settle()
        found += opened.unreached(name, dialog)
        dialog.destroy()
    opened.main.practising.set(True)
    opened.main.practice.switch()
    opened.settle()
    found += opened.unreached("practice", opened.main.root)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_large_text_is_seen_whole_on_the_cards_of_drawings_and_of_models(windows: Callable[..., Windows]) -> None:
    with Samples(paths.samples_file()) as samples:
        samples.keep(SEVEN, "1", "7")
    opened = windows("en", text_size=200)
    drawings = opened.main.dialogs.open("drawings")
    assert isinstance(drawings, DrawingsDialog)
    opened.settle()
    canvas = drawings.grid_of_cards.canvas
    (ink,), (label, read) = (
        [canvas.bbox(item) for item in canvas.find_all() if str(canvas.type(item)) == kind]
        for kind in ("image", "text")
    )
    assert ink[3] <= min(label[1], read[1])
    assert label[2] < read[0]
    drawings.destroy()
    models = opened.main.dialogs.open("models")
    assert isinstance(models, ModelsDialog)
    opened.settle()
    values = [value for _caption, value in models.card._rows]
    assert values[-1].winfo_y() + values[-1].winfo_height() <= models.card.winfo_height()
    assert all(value.winfo_reqwidth() <= value.winfo_width() for value in values)


class Seen(NamedTuple):
    """Where the window is on the screen, with its frame, and how wide it is inside."""

    frame: Area
    width: int


def seen(opened: Windows) -> Seen:
    opened.settle()
    return Seen(opened.screen.frame(opened.main.root.winfo_id()), opened.main.root.winfo_width())


def wide_number(opened: Windows) -> None:
    """Draw near the pad's right edge, which widens the window."""
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
    assert _within(wider.frame, SMALL)  # it gets less than the panel asks for
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
        root.geometry("640x420+90+50")  # as a user does by its edges
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
    dialog.minsize(1, 500)  # it'll also be higher, but isn't yet
    assert dialog.winfo_height() < 500
    dialog._grow_inwards()
    opened.settle()
    assert _within(opened.screen.frame(dialog.winfo_id()), opened.setting.area)
    assert dialog.winfo_height() == 500


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_the_laboratory_leaves_the_pad_free_and_the_window_moves_for_it_once(windows: Callable[..., Windows]) -> None:
    opened = windows("en")
    main, first = opened.main, seen(opened)
    main.dialogs.experiment()
    opened.settle()
    (laboratory,) = opened.toplevels()
    pad = _area(main.pad)
    assert opened.screen.frame(laboratory.winfo_id()).left >= pad.left + pad.width
    assert seen(opened) == first._replace(frame=first.frame._replace(left=0))
    laboratory.destroy()
    main.root.geometry("+100+40")  # as its user does
    users = seen(opened)
    main.dialogs.experiment()
    assert seen(opened) == users


@pytest.mark.parametrize("name", ["retrain", "settings"])
@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_what_one_draws_beside_leaves_the_pad_free(windows: Callable[..., Windows], name: str) -> None:
    opened = windows("en")
    dialog = opened.main.dialogs.open(name)
    opened.settle()
    pad, edge = _area(opened.main.pad), int(opened.main.pad.cget("highlightthickness"))
    assert opened.screen.frame(dialog.winfo_id()).left >= pad.left + pad.width - edge
    assert _within(seen(opened).frame, opened.setting.area)


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_no_window_moves_nor_changes_its_size_for_what_it_says(windows: Callable[..., Windows]) -> None:
    with Samples(paths.samples_file()) as samples:
        for _number in range(FEWEST):
            samples.keep(SEVEN, "+", "7")
    opened = windows("en")
    sign = NewSignDialog(opened.main.root, opened.main.session.samples, lambda: None)
    opened.settle()
    before = opened.screen.frame(sign.winfo_id())
    sign.name.set("+")  # there are enough, which it says in fewer words
    opened.settle()
    assert opened.screen.frame(sign.winfo_id()) == before
    sign.destroy()
    laboratory = opened._laboratory("touch")
    opened.settle()
    before = opened.screen.frame(laboratory.winfo_id())
    opened._laboratory("damage")
    laboratory.say("Saved as network.svg.")
    opened.settle()
    assert opened.screen.frame(laboratory.winfo_id()) == before


@pytest.mark.parametrize("windows", ["1x"], indirect=True)
def test_a_dialog_at_the_screen_s_edge_stays_there_in_another_look(windows: Callable[..., Windows]) -> None:
    opened = windows("en")
    dialog = opened.main.dialogs.open("problem")
    opened.settle()
    before = opened.screen.frame(dialog.winfo_id())
    opened.main.choices.keep("look", "dark")
    opened.settle()
    (again,) = opened.toplevels()
    assert again is not dialog
    assert opened.screen.frame(again.winfo_id()) == before
