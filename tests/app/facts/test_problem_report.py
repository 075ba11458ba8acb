"""Help ▸ Report a problem: what's reported, what isn't, and the dialog that shows it."""

import json
import logging
import re
import time
import tkinter
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from tkinter import ttk
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from app.facts import log, problem_report
from app.facts.card_text import UNKNOWN
from app.kept import paths, settings
from app.ui.help.problem_dialog import ProblemDialog
from app.ui.kit.text_view import TextView
from model.base import project
from model.base.errors import UserError
from model.bundle.bundle import BundleError, open_bundle
from model.bundle.card import OPENED
from model.ink.ink import Drawing, Point, Stroke
from tests.app.ui.window.test_main_window import SEVEN, buttons
from tests.conftest import Window, on_linux, run
from tests.screen import wait_for

RECORDS = """2026-01-02 03:04:05,678 INFO root: began
2026-01-02 03:04:06,678 ERROR root: a bug
Traceback (most recent call last):
ValueError: the first
2026-01-02 03:04:07,678 ERROR app.kept.models: another bug
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
    settings.change(threshold=0.9, width=14)
    files = problem_report.collect("9.9.9", open_bundle)
    assert f"Inkling: {project.version()}" in files["versions.txt"]
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

    monkeypatch.setattr("app.facts.versions.metadata.version", version)
    monkeypatch.setattr("model.base.project.version", lambda: "1.0")
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
    assert len(told) <= problem_report.LOG_TAIL
    assert told.startswith("2026-01-02")
    assert told.endswith("019999\n")


HOMES = {  # how a user's home is written
    "home": "/home/{user}",
    "in capitals": "/HOME/{capitals}",
    "on a Mac": "/Users/{user}",
    "elsewhere": "/srv/people/{user}",
    "a disk": "/media/{user}/disk",
    "as an address": "file:///home/{percent}",
    "in an address": "/home/{percent}",
    "in a part of an address": "file%3A%2F%2F%2fhome%2F{percent}",
    "Windows": r"C:\Users\{user}",
    "in JSON": r"C:\\Users\\{json}",
    "slashes": "c:/users/{user}",
    "a server": r"\\files\{user}$",
    "very long": r"\\?\C:\Users\{user}",
    "8.3": r"C:\Users\{short}~1",
    "tilde": "~{user}",
    "after an option": "-I/home/{user}",
}
LINES = {  # how a log mentions a path
    "a trace": '  File "{path}/inkling/app/ui/window/files.py", line 64, in listen',
    "a library": '  File "{path}/env/lib/python3.11/site-packages/keras/src/ops.py", line 12, in call',
    "quoted": "FileNotFoundError: [Errno 2] No such file or directory: '{path}/Some Thing (1).png'",
    "a sentence": "told: {path}/Some Thing, 2.keras: There is no such thing; check.",
    "alone": "{path} cannot be entered (Permission denied)",
    "in JSON": '{{"event": "failed", "message": "{path}/x.npz is cut off."}}',
    "a warning": "{path}/env/lib/python3.11/site-packages/keras/src/ops.py:12: UserWarning: slow",
    "the name": "OSError: '{user}' is nobody's",
}
WORDS = set(re.findall(r"\w+", f"{HOMES}{LINES}".lower()))
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäéßøŁя李明0123456789-._ "
USERS = st.text(LETTERS, min_size=1, max_size=12).filter(
    lambda user: user == user.strip(" .") and WORDS.isdisjoint(re.findall(r"\w+", user.lower()))
)


def reported(user: str, home: str, text: str) -> str:
    """Return what becomes of a text in the report of a user with this name."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("getpass.getuser", lambda: user)
        patched.setattr(Path, "home", lambda: home)
        patched.setattr("socket.gethostname", lambda: "")
        return problem_report.said(text)


def spelled(text: str, user: str) -> str:
    short = re.sub(r"[^A-Z0-9]", "", user.upper())[:6] or "X"
    ways = {"percent": quote(user), "json": json.dumps(user)[1:-1], "capitals": user.upper(), "short": short}
    return text.format(user=user, **ways)


def check_it_tells_nothing_of(user: str, home: str, line: str) -> None:
    told = []
    for somebody in ("reference", user):
        place = spelled(HOMES[home], somebody)
        own = place if home in ("home", "on a Mac", "elsewhere", "Windows") else f"/home/{somebody}"
        told.append(reported(somebody, own, LINES[line].format(path=place, user=somebody)))
    assert told[1] == told[0], (user, home, line)


@pytest.mark.parametrize("home", HOMES)
def test_a_report_is_the_same_whoever_makes_it(home: str) -> None:
    for user in ("al", "q", "Anna Maria", "J. Doe-Łä", "李"):
        for line in LINES:
            check_it_tells_nothing_of(user, home, line)


@given(user=USERS, home=st.sampled_from(list(HOMES)), line=st.sampled_from(list(LINES)))
@settings_of_hypothesis(max_examples=300, deadline=None, derandomize=True)
def test_a_report_is_the_same_whoever_else_makes_it(user: str, home: str, line: str) -> None:
    check_it_tells_nothing_of(user, home, line)


@given(name=st.text(LETTERS + "()[]'&,+#", min_size=1, max_size=20), ending=st.sampled_from(["png", "JPG", "inkling"]))
@settings_of_hypothesis(max_examples=200, deadline=None, derandomize=True)
@example(name="0.JSON", ending="png")
@example(name="Krebs, K. (1", ending="JPG")
def test_files_are_told_by_their_endings_alone(name: str, ending: str) -> None:
    assume(name[0].isalnum() and name[-1].isalnum() and not re.search(r"\.\w+[^\w.]", name))
    for line in (
        "/srv/scans/{name}: There's no such file. Check its name.",
        "told the user: {name}: Inkling can't read this kind of file.",
        'PermissionError: [Errno 13] Permission denied: "/srv/scans/{name}"',
        r"C:\scans\{name} cannot be read",
        "{name}",
    ):
        told = {
            reported("ann", "/home/ann", line.format(name=f"{each}.{ending}")) for each in (name, "x", "Letter to Ann")
        }
        assert len(told) == 1, told
        assert f".{ending.lower()}" in told.pop()


TRACE = """2026-01-02 03:04:06,678 ERROR root: a bug with /home/{user}/scans/{user} 7.png
Traceback (most recent call last):
  File "/home/{user}/inkling/app/sources/sources.py", line 118, in answer_to
    return recognizer.recognize(subject.content)
  File "/home/{user}/.venv/lib/python3.12/site-packages/keras/src/ops.py", line 12, in call
  File "<string>", line 1, in <module>
ValueError: the shape (1, 28, 28) of model.keras is none; see https://keras.io/api
"""


@pytest.mark.parametrize("user", ["al", "root", "app", "line", "ERROR", "Anna Maria"])
def test_what_helps_to_find_a_problem_stays(user: str) -> None:
    keep_log(TRACE.format(user=user))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("getpass.getuser", lambda: user)
        log = problem_report.collect("9.9.9", open_bundle)["log.txt"].splitlines()
    assert log[0] == "2026-01-02 03:04:06,678 ERROR root: <file>.png"
    assert log[2] == '  File "app/sources/sources.py", line 118, in answer_to'
    assert log[3] == "    return recognizer.recognize(subject.content)"
    assert log[4:6] == ['  File "keras/src/ops.py", line 12, in call', '  File "<string>", line 1, in <module>']
    assert log[6] == "ValueError: the shape (1, 28, 28) of model.keras is none; see https://keras.io/api"


@on_linux  # which knows a user's full name
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("write to Ann.Lee@example.org", "write to <address>"),
        ("no scheduler at tcp://anns-laptop:8786", "no scheduler at tcp://<host>"),
        ("https://ann:secret@example.org/x is closed", "https://example.org/x is closed"),
        ("'Ann Lee' on anns-laptop, ANNLEE~1", "'<name>' on <name>, <name>"),
        ("by 李明的电脑", "by <name>的电脑"),
        ("Inkling can't read this kind of file (PNG, TIFF), nor ink (.inkling, .json).",) * 2,
        ("3/4 of image/png and/or 28 / 28",) * 2,
        ("no %2Fhome%2Falee%2Fplans for you", "no <file>"),
        ("no C%3A%5CUsers%5Cbob%5cplans", "no <file>"),
        ("no file%3A%2f%2F%2Fsrv%2Fbob: gone", "no <file>: gone"),
        (
            "There's no model in /srv/Ann Lee's one (no readable card.json). Choose a model's folder.",
            "There's no model in <file> (no readable card.json). Choose a model's folder.",
        ),
        ("PosixPath('scans/it\\'s: Ann'): There's no such file", "<file>: There's no such file"),
    ],
)
def test_names_outside_of_paths_are_left_out(text: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "alee")
    monkeypatch.setattr("pwd.getpwnam", lambda _user: SimpleNamespace(pw_gecos="Ann Lee,Room 7,,"))
    monkeypatch.setattr("socket.gethostname", lambda: "anns-laptop" if text.isascii() else "李明")
    assert problem_report.said(text) == told


def test_what_the_command_line_has_logged_names_no_files(tmp_path: Path) -> None:
    folder = tmp_path / "Krebs, K. (1)"
    folder.mkdir()
    (folder / "Krebs's scan.png").write_text("no picture")
    asked: list[list[str | Path]] = [
        ["Krebs/Krebs", "Krebs: 2", folder, folder / "Krebs"],
        ["x.png", "--model", folder / "Krebs 2"],
    ]
    for words in asked:
        assert run("app", "recognize", *words).returncode == 1
    log = problem_report.collect("8.6", open_bundle)["log.txt"]
    assert "Krebs" in paths.log_file().read_text()
    assert "Krebs" not in log
    assert log.count("There's no such file. Check its name.") == 3
    assert "<file>.png: Inkling can't read this kind of file. It reads pictures (PNG, JPEG," in log
    assert 'File "app/cli.py", line ' in log
    assert "There's no model in <file> (no readable card.json)" in log


@pytest.mark.parametrize("name", ["Krebs", "Scan of Krebs.avif", "Krebs's: no. 2", "\u0141 Krebs.xcf.old"])
def test_a_file_that_the_window_refuses_is_not_named(
    name: str, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / name).write_text("no picture")

    def is_told(told: str) -> bool:
        window.root.update()
        return told in window.text()

    for told in (name, f"{name} (2)"):
        window.main.open_paths([tmp_path / told])
        wait_for(lambda told=told: is_told(f"{told}: "), 10, "the sentence")  # type: ignore[misc]
    window.draw(SEVEN)
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(tmp_path / f"{name}.x"))
    window.main.files.save()
    kept = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    keep_log("".join(f"{kept.format(record)}\n" for record in caplog.records))
    log = problem_report.collect("8.6", open_bundle)["log.txt"]
    assert "Krebs" in paths.log_file().read_text(encoding="utf-8")
    assert "Krebs" not in log
    for sentence in (
        "Inkling can't read this kind of file",
        "There's no such file",
        "has an ending that Inkling can't save",
    ):
        assert sentence in log


def test_nothing_told_names_files_models_or_writers() -> None:
    keep_log("2026-01-02 03:04:05,678 INFO root: Krebs: the model in use is gone, /srv/Krebs/mnist.npz and Krebs.png\n")
    settings.change(model="Krebs", data="/srv/Krebs/mnist.npz", recent=("/srv/Krebs.png", r"D:\Krebs\x.npz"))
    data = {"source": "Krebs.npz", "train": 7, "ink": {"source": "Krebs a.jsonl, pen-digits.jsonl", "train": 8}}
    card = replace(open_bundle().card, name="Krebs", data=data, origin=OPENED, network="Krebs 2")
    drawing = replace(DRAWING, writer="Krebs", extra={"session": "Krebs"})
    files = problem_report.collect("8.6", lambda: replace(open_bundle(), card=card), drawing)
    assert not [name for name, text in files.items() if "Krebs" in text]
    assert json.loads(files["settings.json"])["recent"] == ["<file>.png", "<file>.npz"]
    told = json.loads(files["model-card.json"])
    assert told["data"] == {
        "source": "<file>.npz",
        "train": 7,
        "ink": {"source": "<file>.jsonl, pen-digits.jsonl", "train": 8},
    }
    assert (told["name"], told["network"], told["versions"]) == ("<name>", "<name>", card.versions)
    assert Drawing.from_json(json.loads(files["drawing.json"])) == DRAWING


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
    """The dialog and somebody who uses it."""

    def __init__(self, window: Window):
        self.window = window
        self.widget = ProblemDialog(
            window.root, lambda: window.session.recognizer.bundle, lambda: window.session.drawing
        )
        window.root.update()
        self.widget.focus_force()  # as a window manager would
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
        return str  # it opens without a complaint

    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(target))
    monkeypatch.setattr("app.ui.kit.dialog.open_file", open_file)
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
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: target)
    dialog = Dialog(window)
    (box,) = (widget for widget in dialog.all() if isinstance(widget, ttk.Checkbutton))
    assert box.instate(["disabled"])
    window.click(dialog.button("Save…"))
    assert "choose another place" in dialog.said()
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: "")
    window.click(dialog.button("Save…"))  # cancelled
    assert dialog.button("Open the folder").instate(["disabled"])


def test_it_is_used_by_the_keyboard_alone(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.zip"
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(target))
    window.draw(SEVEN)
    dialog = Dialog(window)
    window.key("x")
    window.key("Tab")
    window.key("space")  # include the drawing
    for _ in range(3):  # past the list and the text
        window.key("Tab")
    window.key("Return")
    with zipfile.ZipFile(target) as archive:
        assert "drawing.json" in archive.namelist()
        assert archive.read("what-happened.txt") == b"x"
    window.key("Escape")
    assert not dialog.widget.winfo_exists()
