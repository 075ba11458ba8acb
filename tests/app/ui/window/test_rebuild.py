"""Language and appearance change while everything is open: nothing is lost, and everything changes."""

import gc
import json
import os
import subprocess
import sys
import tkinter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tkinter import ttk

import polib
import pytest
from matplotlib import get_data_path

from app.kept import settings
from app.ui.answer.name_of_sign import NameOfSign
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.drawings.new_sign_dialog import NewSignDialog
from app.ui.help.problem_dialog import ProblemDialog
from app.ui.kit import glyphs, style, tooltip
from app.ui.kit.tooltip import Tooltip
from app.ui.models.models_dialog import ModelsDialog
from app.ui.training.training_dialog import TrainingDialog
from model.base import events, language
from model.base.language import _
from tests.app.ui.kit.test_tooltip import live, point_at, shown
from tests.app.ui.window.test_main_window import ONE, button
from tests.conftest import ROOT, Window, on_linux
from tests.screen import PATIENCE, Area

LEFT_ONE = [(x - 80, y) for x, y in ONE]
RIGHT_SEVEN = [(150.0, 60.0), (190.0, 60.0), (230.0, 60.0), (205.0, 140.0), (180.0, 230.0)]
CATALOGUE = polib.pofile(str(language.FOLDER / "zh_CN.po"))
SAID = {entry.msgstr for entry in CATALOGUE}  # the key "Del" is called "Delete" there
TRANSLATED = {entry.msgid.replace("&", "") for entry in CATALOGUE if entry.msgid not in SAID}


def speak(window: Window, number: int) -> None:
    """Choose a language by its place in the settings' list: the system's, English, Chinese."""
    window.set("language", ("", "en", "zh_CN")[number])


def said(widget: tkinter.Misc) -> Iterator[str]:
    """Yield all texts in a window, visible or not."""
    for child in widget.winfo_children():
        if isinstance(child, ttk.Label | ttk.Button | ttk.Checkbutton | ttk.Radiobutton | tkinter.Label):
            yield str(child.cget("text"))
        elif isinstance(child, tkinter.Menu):
            for place in range((child.index("end") or -1) + 1):
                if child.type(place) not in ("separator", "tearoff"):
                    yield str(child.entrycget(place, "label"))
        elif isinstance(child, ttk.Treeview):
            yield from (str(child.heading(column, "text")) for column in child.cget("columns"))
        elif isinstance(child, tkinter.Canvas):
            items = child.tk.splitlist(child.tk.call(child, "find", "all"))
            for item in items:
                if child.tk.call(child, "type", item) == "text":
                    yield str(child.tk.call(child, "itemcget", item, "-text"))
        elif isinstance(child, tkinter.Toplevel):
            yield child.title()
        if not isinstance(child, Tooltip):
            yield from said(child)


def still_english(window: Window) -> set[str]:
    return set(said(window.root)) & TRANSLATED


def test_english_chinese_english_while_a_number_is_worked_on(live_window: Window) -> None:
    window = live_window
    while window.main._loading.waits:  # it shows everything once more
        window.root.update()
    window.draw(LEFT_ONE, RIGHT_SEVEN)
    place = 1 - window.main.editor.selected  # the surer one: a new reading would select the other again
    window.key("Right")
    window.key("17"[place])
    window.draw([(20, 20), (30, 20)])
    window.key("ctrl+z")  # so there's something to redo
    window.key("Right")
    assert window.main.editor.selected == place
    window.key("e")  # the eraser
    before = window.session.drawing, window.session.reading, dict(window.session.labels)
    assert before[2] == {place: "17"[place]}
    menus = len(window.root.tk.splitlist(window.root.tk.call("info", "commands", ".!menu*")))
    for number, code, undo in ((2, "zh_CN", "撤销"), (1, "en", "Undo")):
        speak(window, number)
        assert (language.current(), settings.load().language) == (code, code)
        assert (window.session.drawing, window.session.reading, window.session.labels) == before
        assert window.main.editor.selected == place
        assert window.main.pad.tool == "eraser"
        assert (window.session.can_undo, window.session.can_redo) == (True, True)
        assert button(window, undo).instate(["!disabled"])
        assert window.text().splitlines()[0] == "17"
        assert bool(still_english(window)) == (code == "en")
    assert window.text().splitlines()[1].endswith("sure")
    assert len(window.root.tk.splitlist(window.root.tk.call("info", "commands", ".!menu*"))) == menus
    window.key("ctrl+shift+z")
    assert len(window.session.drawing.strokes) == 3


def test_open_dialogs_are_made_anew_with_what_was_entered_where_they_were(live_window: Window) -> None:
    window, dialogs = live_window, live_window.main.dialogs
    window.draw(ONE)
    window.key("1")
    problem, drawings, chosen = dialogs.open("problem"), dialogs.open("drawings"), dialogs.open("models")
    about, training = dialogs.open("about"), dialogs.retrain()
    dialogs.open("shortcuts")
    about.enter({"page": "licences"})
    assert isinstance(problem, ProblemDialog)
    assert isinstance(drawings, DrawingsDialog)
    assert isinstance(training, TrainingDialog)
    problem._words.insert("1.0", "It read 7.")
    problem._with_drawing.set(True)
    drawings.filters.digit.set("1")
    drawings.refresh()
    drawings.grid_of_cards.choose([1])
    drawings._relabel("7")
    drawings.filters.digit.set("7")
    drawings.refresh()
    training.setup.fill({"network": "mlp-256", "epochs": "7"})
    window.root.update()
    problem.geometry("+300+40")
    window.root.update()
    entered = [dialog.entered() for dialog in (problem, drawings, chosen, about, training)]
    for number, title in ((2, "报告问题"), (1, "Report a problem")):
        window.root.focus_force()
        window.root.update()
        speak(window, number)
        opened = {type(dialog).__name__: dialog for dialog in dialogs._open.values()}
        assert len(opened) == 6
        assert bool(still_english(window)) == (number == 1)
        made = [opened[f"{name}Dialog"] for name in ("Problem", "Drawings", "Models", "About", "Training")]
        assert [dialog.entered() for dialog in made] == entered
        assert made[0].title() == title
        assert made[0].geometry().endswith("+300+40")
    again = made[1]
    assert isinstance(again, DrawingsDialog)
    again._undo()
    assert window.session.samples.counts_by_label()["1"] == 1
    for dialog in made:
        if dialog.job:
            dialog.job.cancel()
            assert dialog.job.wait(PATIENCE)


def test_a_list_stays_where_it_was_with_its_row_and_closing_the_program_asks_about_corrections(
    live_window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = live_window
    answers: list[bool | None] = [False, None]  # No; Cancel
    monkeypatch.setattr("app.ui.kit.questions.messagebox.askyesnocancel", lambda *_words, **_more: answers.pop())
    path = tmp_path / "page.jsonl"
    path.write_text((json.dumps({"strokes": [ONE]}) + "\n") * 3)
    window.main.open_paths([path])
    (dialog,) = window.main.files._lists
    while not dialog.batch.over or len(dialog.tree.get_children()) < 3:
        window.root.update()
    window.root.update()  # now it's next to the window
    dialog.tree.selection_set("2")
    dialog.focus_force()
    dialog.focus_set()
    window.key("5")
    window.key("Return")
    dialog.geometry("+120+90")
    window.root.update()
    window.root.focus_force()
    window.root.update()
    speak(window, 2)
    new = window.main.files._lists[-1]
    assert new is not dialog
    assert new.tree.heading("text", "text") == "结果"
    assert new.tree.selection() == ("2",)
    assert new.tree.set("2", "text") == "5"
    assert new.geometry().endswith("+120+90")
    assert not still_english(window)
    window.main.close()
    assert new.winfo_exists()
    window.main.close()
    assert answers == []


def test_a_pen_that_keys_move_goes_on_where_it_was(window: Window) -> None:
    window.main.draw_by_keyboard()
    window.key("Right")
    window.key("Down")
    place = window.main.pad.keyboard.place
    speak(window, 2)
    assert (window.main.pad.keyboard.place, window.main.pad.keyboard.is_awake) == (place, True)
    window.key("space")
    window.key("Right")
    window.key("space")
    assert len(window.session.drawing.strokes) == 1


def test_the_pad_keeps_the_width_of_a_drawing_that_was_opened(live_window: Window, tmp_path: Path) -> None:
    path = tmp_path / "thin.json"
    path.write_text(json.dumps({"strokes": [ONE], "width": 9}))
    live_window.main.open_paths([path])
    while live_window.session.is_blank:
        live_window.root.update()
    speak(live_window, 2)
    assert live_window.session.drawing.width == 9


def test_a_tooltip_is_in_the_language_of_now(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tooltip, "REST", 20)
    window.draw(ONE)
    speak(window, 2)
    point_at(window, button(window, "撤销"))
    live(window)
    assert shown(window) == "撤销上一次更改 Ctrl+Z"


class Taught:
    """A teaching job that's done."""

    over = True
    lines = ()

    def __init__(self, _words: object, output: Path):
        self.output = output
        self.last = events.Finished(str(output), None, 1.0)

    def poll(self) -> list[events.Event]:
        return [events.Taught(1, 0, 1, 2.0, 0.1, 1.0, 1.0, 100, 1.0, self.last.output, 1, ""), self.last]

    def cancel(self) -> None:
        pass

    def wait(self, _seconds: float) -> bool:
        return True


def test_the_strip_that_tells_what_was_learned_tells_it_in_the_language_of_now(
    live_window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.change(learn=False)
    monkeypatch.setattr("app.jobs.teaching.Job", Taught)
    live_window.draw(ONE)
    live_window.key("1")
    live_window.main.learning.teach()
    live_window.root.update()
    strip = live_window.main.learning._strip
    assert strip
    assert any(text.startswith("Learned from 1 drawing") for text in said(strip))
    speak(live_window, 2)
    texts = set(said(strip))
    assert "撤销学习" in texts
    assert any(text.startswith("已学习 1 幅手写图") for text in texts)
    assert not texts & TRANSLATED


def test_dark_and_light_again(live_window: Window) -> None:
    window = live_window
    window.draw(LEFT_ONE, RIGHT_SEVEN)
    window.main.editor.select(1)
    shortcuts = window.main.dialogs.open("shortcuts")
    window.root.update()
    shortcuts.geometry("400x300+600+300")  # wholly on the screen, or it would move there in a moment
    window.root.update()

    def at(widget: tkinter.Misc, x: int, y: int) -> tuple[int, ...]:
        window.do(lambda: None)
        left, top = widget.winfo_rootx() + x, widget.winfo_rooty() + y
        return window.screen.pixels(Area(left, top, 1, 1)).getpixel((0, 0))  # type: ignore[return-value]

    def colour(name: str) -> tuple[int, ...]:
        return tuple(part >> 8 for part in window.root.winfo_rgb(name))

    for name, look in (("dark", style.DARK), ("light", style.LIGHT)):
        window.root.focus_force()
        window.root.update()
        window.set("look", name)
        window.root.update()
        dialog = window.main.dialogs._open["shortcuts"]
        dialog.lift()
        window.root.update()
        assert at(window.main.pad, 8, 8) == colour(look.paper)
        assert at(window.root, 3, window.root.winfo_height() - 3) == colour(look.background)
        assert at(dialog, 3, 3) == colour(look.background)
        assert at(window.main.pad, int(LEFT_ONE[1][0]), int(LEFT_ONE[1][1])) == colour(look.ink)
        assert window.main.editor.selected == 1
        assert window.text().startswith("17\n")


def test_many_rebuilds_leave_nothing_behind(live_window: Window) -> None:
    window = live_window
    window.draw(ONE)
    window.main.dialogs.open("models")

    def count() -> tuple[int, ...]:
        window.root.update()
        gc.collect()  # widgets and their fonts refer to each other
        return tuple(
            len(window.root.tk.splitlist(window.root.tk.call(*words)))
            for words in (("info", "commands"), ("image", "names"), ("font", "names"), ("after", "info"), ("bind", "."))
        )

    window.main.rebuild()
    before = count()
    for _round in range(10):
        window.main.rebuild()
    assert all(now <= then + 4 for now, then in zip(count(), before, strict=True)), (before, count())


def test_what_is_switched_and_shown_again_and_again_leaves_no_command_behind(live_window: Window) -> None:
    window = live_window
    while window.main._loading.waits:  # which shows everything once more
        window.root.update()
    window.draw(ONE)
    window.main.dialogs.open("models")

    def commands_after(rounds: int) -> int:
        for _round in range(rounds):
            models = window.main.dialogs._open["models"]
            assert isinstance(models, ModelsDialog)
            for _time in range(3):
                models.buttons.hide(models._back)
                models.buttons.show(models._back)
            for value in (True, False):
                window.main.choices.keep("inside", value)
        window.root.update()
        gc.collect()  # widgets and their fonts hold each other
        return len(window.root.tk.splitlist(window.root.tk.call("info", "commands")))

    before = commands_after(2)
    assert commands_after(10) < before + 10  # some wait: each is a command, too


def test_dialogs_that_have_been_closed_leave_no_command_behind(live_window: Window) -> None:
    window = live_window
    while window.main._loading.waits:
        window.root.update()
    window.draw(ONE)

    def commands_after(rounds: int, open_one: Callable[[], Callable[[], object]]) -> int:
        for _round in range(rounds):
            close = open_one()
            close()
        window.root.update()
        gc.collect()
        return len(window.root.tk.splitlist(window.root.tk.call("info", "commands")))

    def open_by_name(name: str) -> Callable[[], object]:
        return window.main.dialogs.open(name).close

    def ask_for_name() -> Callable[[], object]:
        window.main.editor.name_sign()
        return next(each for each in window.main.answer.winfo_children() if isinstance(each, NameOfSign)).destroy

    ways: dict[str, Callable[[], Callable[[], object]]] = {}
    ways |= {name: partial(open_by_name, name) for name in window.main.dialogs._make}
    ways["new sign"] = lambda: NewSignDialog(window.root, window.main.session.samples, lambda: None).close
    ways["name of a sign"] = ask_for_name
    grown = {name: -commands_after(2, way) + commands_after(4, way) for name, way in ways.items()}
    assert all(more < 4 for more in grown.values()), grown  # some wait: each is a command, too


@on_linux
def test_where_no_font_has_its_letters_the_window_says_so_in_english(display: str, tmp_path: Path) -> None:
    fonts = f"<fontconfig><dir>{get_data_path()}/fonts/ttf</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    (tmp_path / "fonts.conf").write_text(fonts)
    script = """if True:
        from app.kept import settings
        from app.kept.settings import Settings
        from app.ui.window.start import open_window
        from model.base import events, language
        settings.change(language="zh_CN")
        window = open_window()
        while not window.session.is_ready:
            window.root.update()
        print(*str(window.answer._line.cget("text")).split(), language.current())
        window.choices.keep("language", "zh_CN")
        print(*str(window.answer._line.cget("text")).split(), sep="")
        window.close()
    """
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"DISPLAY": display, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
    )
    warned, again = done.stdout.splitlines()
    assert warned.startswith("No font of this system has the letters of the language zh_CN")
    assert "apt install fonts-noto-cjk" in warned
    assert warned.endswith(" zh_CN")
    assert again == "识别结果将显示在这里。"  # the warning only comes once


def test_where_a_font_has_them_nothing_is_said(window: Window) -> None:
    if not glyphs.can_show(window.root, "简体中文"):
        pytest.skip("a Chinese font is needed (Debian: apt install fonts-wqy-zenhei)")
    speak(window, 2)
    assert window.text() == _("The answer appears here.")
