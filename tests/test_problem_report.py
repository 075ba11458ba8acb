"""Help ▸ Report a problem: what is told, what is not, and the dialog that shows it."""

import json
import logging
import time
import tkinter
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from tkinter import ttk

import pytest

from app import about, log, paths, problem_report, settings
from app.card_text import UNKNOWN
from app.settings import Settings
from app.ui.problem_dialog import ProblemDialog
from app.ui.text_view import TextView
from model.bundle import BundleError, open_bundle
from model.errors import UserError
from model.ink import Drawing, Point, Stroke
from tests.conftest import Window
from tests.test_main_window import SEVEN, buttons

RECORDS = """2026-01-02 03:04:05,678 INFO root: began
2026-01-02 03:04:06,678 ERROR root: a bug
Traceback (most recent call last):
ValueError: the first
2026-01-02 03:04:07,678 ERROR app.models: another bug
Traceback (most recent call last):
  File "x.py", line 1, in <module>
ValueError: the last
2026-01-02 03:04:08,678 WARNING root: went on
"""
DRAWING = Drawing((Stroke((Point(1, 2, 0.0), Point(3, 4, 10.0))),), canvas=(280, 280))


def keep_log(text: str) -> None:
    paths.log_file().parent.mkdir(parents=True, exist_ok=True)
    paths.log_file().write_text(text, encoding="utf-8")


def test_it_tells_what_helps() -> None:
    keep_log(RECORDS)
    settings.save(Settings(threshold=0.9, width=14))
    files = problem_report.collect("9.9.9", open_bundle)
    assert f"Inkling: {about.version()}" in files["versions.txt"]
    assert "Tk: 9.9.9" in files["versions.txt"]
    assert "tensorflow: " in files["versions.txt"]
    assert json.loads(files["settings.json"])["width"] == 14
    assert json.loads(files["model-card.json"]) == json.loads(json.dumps(asdict(open_bundle().card)))
    assert files["log.txt"] == RECORDS
    assert files["last-error.txt"].splitlines() == RECORDS.splitlines()[4:8]
    assert "drawing.json" not in files
    with_drawing = problem_report.collect("9.9.9", open_bundle, DRAWING)
    assert Drawing.from_json(json.loads(with_drawing["drawing.json"])) == DRAWING


@pytest.mark.parametrize("name", ["tensorflow", "tensorflow-cpu"])
def test_tensorflow_is_told_by_whatever_name_it_is_installed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(asked: str) -> str:
        if asked != name:
            raise metadata.PackageNotFoundError(asked)
        return "2.99"

    monkeypatch.setattr("app.versions.metadata.version", version)
    monkeypatch.setattr("app.about.version", lambda: "1.0")
    told = problem_report.collect("9.9.9", open_bundle)["versions.txt"].splitlines()
    assert "tensorflow: 2.99" in told
    assert f"keras: {UNKNOWN}" in told


def test_what_is_not_there_is_told_as_nothing() -> None:
    def damaged() -> object:
        raise BundleError("The model is damaged.")

    files = problem_report.collect("8.6", damaged)  # type: ignore[arg-type]
    assert (files["log.txt"], files["last-error.txt"]) == ("nothing", "nothing")
    assert files["model-card.json"] == "The model is damaged."
    keep_log("no record at all\n")
    assert problem_report.collect("8.6", open_bundle)["last-error.txt"] == "nothing"


def test_the_log_as_the_program_writes_it_is_understood(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    log.start()
    logging.info("before")
    try:
        raise ValueError("wrong")
    except ValueError:
        logging.exception("a bug")
    logging.info("after")
    for handler in root.handlers:
        handler.close()
    logging.captureWarnings(False)
    caplog.clear()
    told = problem_report.collect("8.6", open_bundle)
    assert told["last-error.txt"].endswith("ValueError: wrong")
    assert "a bug" in told["last-error.txt"]
    assert "after" not in told["last-error.txt"]
    assert "before" in told["log.txt"]


def test_only_the_end_of_a_long_log_is_told_in_whole_lines() -> None:
    keep_log("".join(f"2026-01-02 03:04:05,678 INFO root: {number:06}\n" for number in range(20_000)))
    told = problem_report.collect("8.6", open_bundle)["log.txt"]
    assert len(told) <= problem_report.TAIL
    assert told.startswith("2026-01-02")
    assert told.endswith("019999\n")


@pytest.mark.parametrize(
    ("home", "user", "text", "told"),
    [
        ("/home/ann", "ann", "/home/ann/data/mnist.npz", "~/data/mnist.npz"),
        ("/home/ann", "ann", "/home/anna/x and /home/ann", "/home/anna/x and ~"),
        ("/home/ann", "ann", 'File "/media/ann/usb/x.py", an ann', 'File "/media/~/usb/x.py", an ann'),
        ("/root", "root", "2026 INFO root: /root/x", "2026 INFO root: ~/x"),
        ("/", "al", "/home/al/x", "/home/al/x"),
        (r"C:\Users\Ann", "Ann", r'"C:\\Users\\Ann\\x" C:\Users\Ann\x C:/Users/Ann/x', r'"~\\x" ~\x ~/x'),
    ],
)
def test_the_user_s_home_and_name_are_left_out(home: str, user: str, text: str, told: str) -> None:
    assert problem_report.without(text, home, user) == told


def test_nothing_told_names_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(Path.home())
    keep_log(f"2026-01-02 03:04:05,678 ERROR root: {home}/secret\n")
    settings.save(Settings(data=f"{home}/mnist.npz", recent=(f"{home}/a.png",)))
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    files = problem_report.collect("8.6", open_bundle)
    assert not any(home in text for text in files.values())
    assert json.loads(files["settings.json"])["recent"] == ["~/a.png"]
    assert "~/secret" in files["last-error.txt"]


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / problem_report.file_name()
    problem_report.write({"a.txt": "ä", "b.txt": "b"}, path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {"a.txt": "ä", "b.txt": "b"}
    with pytest.raises(UserError, match="choose another place"):
        problem_report.write({"a.txt": "a"}, tmp_path / "none" / "x.zip")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("seconds", [0, 10_000_000_000])
def test_it_is_written_whatever_year_the_clock_says(
    seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.gmtime(seconds)
    monkeypatch.setattr(time, "localtime", lambda *_moment: now)
    problem_report.write({"a.txt": "a"}, tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        (entry,) = archive.infolist()
    assert entry.date_time[0] in (1980, 2107)
    assert entry.compress_type == zipfile.ZIP_DEFLATED


class Dialog:
    """The dialog, and somebody who uses it."""

    def __init__(self, window: Window):
        self.window = window
        self.widget = ProblemDialog(
            window.root, lambda: window.session.recognizer.bundle, lambda: window.session.drawing
        )
        window.root.update()
        self.widget.focus_force()  # what a window manager would do
        self.widget.focus_set()
        window.root.update()

    def all(self) -> Iterator[tkinter.Misc]:
        def under(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
            for child in widget.winfo_children():
                yield child
                yield from under(child)

        return under(self.widget)

    def shown(self, name: str) -> str:
        (table,) = (widget for widget in self.all() if isinstance(widget, ttk.Treeview))
        if name not in table.get_children():
            return ""
        table.selection_set(name)
        self.window.root.update()
        (view,) = (widget for widget in self.all() if isinstance(widget, TextView))
        return view.content

    def button(self, text: str) -> ttk.Button:
        (found,) = (button for button in buttons(self.widget) if button.cget("text") == text)
        return found

    def said(self) -> str:
        labels = (widget for widget in self.all() if isinstance(widget, ttk.Label) and widget.winfo_ismapped())
        return "\n".join(str(label.cget("text")) for label in labels)


def test_the_dialog_shows_and_saves_the_same(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.zip"
    opened: list[Path] = []

    def open_file(path: Path) -> Callable[[], str]:
        opened.append(path)
        return str  # nothing is known against it

    monkeypatch.setattr("app.ui.problem_dialog.filedialog.asksaveasfilename", lambda **_: str(target))
    monkeypatch.setattr("app.ui.problem_dialog.open_file", open_file)
    keep_log(RECORDS)
    window.draw(SEVEN)
    dialog = Dialog(window)
    for letter in "oh no":
        window.key("space" if letter == " " else letter)
    assert dialog.shown("what-happened.txt") == "oh no"
    assert "ValueError: the last" in dialog.shown("last-error.txt")
    assert dialog.shown("drawing.json") == ""
    assert dialog.button("Open the folder").instate(["disabled"])
    (box,) = (widget for widget in dialog.all() if isinstance(widget, ttk.Checkbutton))
    window.click(box)
    assert Drawing.from_json(json.loads(dialog.shown("drawing.json"))) == window.session.drawing
    window.click(dialog.button("Save…"))
    with zipfile.ZipFile(target) as archive:
        saved = {name: archive.read(name).decode() for name in archive.namelist()}
    assert saved == {name: dialog.shown(name) for name in saved}
    assert len(saved) == 7
    assert str(target) in dialog.said()
    window.click(dialog.button("Open the folder"))
    assert opened == [tmp_path]


def test_a_place_that_cannot_be_written_is_a_sentence_and_a_blank_canvas_is_not_offered(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "none" / "report.zip")
    monkeypatch.setattr("app.ui.problem_dialog.filedialog.asksaveasfilename", lambda **_: target)
    dialog = Dialog(window)
    (box,) = (widget for widget in dialog.all() if isinstance(widget, ttk.Checkbutton))
    assert box.instate(["disabled"])
    window.click(dialog.button("Save…"))
    assert "choose another place" in dialog.said()
    monkeypatch.setattr("app.ui.problem_dialog.filedialog.asksaveasfilename", lambda **_: "")
    window.click(dialog.button("Save…"))  # cancelled
    assert dialog.button("Open the folder").instate(["disabled"])


def test_it_is_used_by_the_keyboard_alone(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.zip"
    monkeypatch.setattr("app.ui.problem_dialog.filedialog.asksaveasfilename", lambda **_: str(target))
    window.draw(SEVEN)
    dialog = Dialog(window)
    window.key("x")
    window.key("Tab")
    window.key("space")  # the drawing goes with it
    for _ in range(3):  # over the list and the text
        window.key("Tab")
    window.key("Return")
    with zipfile.ZipFile(target) as archive:
        assert "drawing.json" in archive.namelist()
        assert archive.read("what-happened.txt") == b"x"
    window.key("Escape")
    assert not dialog.widget.winfo_exists()
