"""File dialogs: the desktop's own, or Tk's if there's none, and a window that goes on meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.kept import settings
from app.ui.kit import file_dialogs
from app.ui.kit.questions import ASKED_ELSEWHERE, is_asking
from model.ink.ink import write_line
from tests.bench import SEVEN
from tests.conftest import Window, on_linux
from tests.screen import wait_for

pytestmark = on_linux

Helper = Callable[..., Path]


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Helper:
    """Make a desktop with a stand-in for zenity or kdialog, and return where it records its arguments."""

    def make(does: str, name: str = "zenity", desktop: str = "GNOME") -> Path:
        programs, noted = tmp_path / "programs", tmp_path / "words"
        programs.mkdir(exist_ok=True)
        program = programs / name
        note = f"import sys, time, pathlib\npathlib.Path({str(noted)!r}).write_text('\\0'.join(sys.argv[1:]))\n"
        program.write_text(f"#!{sys.executable} -SE\n{note}{does}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(programs))
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
        return noted

    return make


@pytest.fixture
def by_tk(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What Tk's dialogs, which cancel at once, were asked."""
    asked: list[dict[str, object]] = []

    def cancel(**words: object) -> str:
        asked.append(words)
        return ""

    for name in ("askopenfilename", "asksaveasfilename", "askdirectory"):
        monkeypatch.setattr(f"tkinter.filedialog.{name}", cancel)
    return asked


def test_what_the_desktop_s_dialog_answers_is_opened_and_its_folder_is_where_the_next_begins(
    window: Window, helper: Helper, by_tk: list[dict[str, object]], tmp_path: Path
) -> None:
    ink = tmp_path / "a seven ü" / "7.json"
    ink.parent.mkdir()
    ink.write_text(write_line(SEVEN))
    noted = helper(f"print({str(ink)!r})")
    window.key("ctrl+o")
    while window.main.files.busy:
        window.root.update()
    assert window.session.drawing.strokes == SEVEN.strokes
    first = noted.read_text().split("\0")
    assert first[:3] == ["--file-selection", "--title=Open", f"--filename={Path.home()}/"]
    assert "--multiple" in first
    assert any("*.png *.PNG" in word for word in first)
    window.key("ctrl+o")
    assert f"--filename={ink.parent}/" in noted.read_text().split("\0")
    assert settings.load().folder == str(ink.parent)
    assert by_tk == []


@pytest.mark.parametrize("name", ["zenity", "kdialog"])
def test_each_desktop_s_program_is_asked_in_its_own_words(window: Window, helper: Helper, name: str) -> None:
    noted = helper("print('/a b/1.png')\nprint('/a b/2.png')", name, "KDE" if name == "kdialog" else "ubuntu:GNOME")
    kinds = {"Pictures": (".png",)}
    assert file_dialogs.ask_for_files(window.root, "Open", kinds) == ("/a b/1.png", "/a b/2.png")
    assert file_dialogs.ask_for_file(window.root, "Open", kinds) == "/a b/1.png"
    assert file_dialogs.ask_for_folder(window.root, "Where") == "/a b/1.png"
    folder = noted.read_text().split("\0")
    file_dialogs.ask_where_to_save(window.root, "Save", kinds, "7.png")
    save, home = noted.read_text().split("\0"), str(Path.home())
    assert (
        folder
        == {
            "zenity": ["--file-selection", "--title=Where", f"--filename={home}/", "--separator=\n", "--directory"],
            "kdialog": ["--title", "Where", "--getexistingdirectory", f"{home}/"],
        }[name]
    )
    assert (
        save
        == {
            "zenity": [
                "--file-selection",
                "--title=Save",
                f"--filename={home}/7.png",
                "--separator=\n",
                "--save",
                "--confirm-overwrite",
                "--file-filter=Pictures | *.png",
            ],
            "kdialog": ["--title", "Save", "--getsavefilename", f"{home}/7.png", "Pictures (*.png)"],
        }[name]
    )


def test_a_dialog_that_is_cancelled_there_asks_no_more(
    window: Window, helper: Helper, by_tk: list[dict[str, object]]
) -> None:
    helper("sys.exit(1)")
    window.key("ctrl+s")
    assert not is_asking(window.root)
    assert by_tk == []


@pytest.mark.parametrize("does", ["sys.exit(255)", "import os; os.abort()", "#!nowhere"])
def test_where_its_program_fails_tk_asks(
    window: Window, helper: Helper, by_tk: list[dict[str, object]], does: str, tmp_path: Path
) -> None:
    helper(does)
    if does.startswith("#!"):
        (tmp_path / "programs" / "zenity").write_text("#!/nowhere/python\n")
    window.key("ctrl+s")
    assert [asked["title"] for asked in by_tk] == ["Save drawing"]
    assert not is_asking(window.root)


def test_without_a_desktop_tk_asks_in_the_last_folder_and_proposes_a_name_that_is_free(
    window: Window, by_tk: list[dict[str, object]], tmp_path: Path
) -> None:
    settings.change(folder=str(tmp_path))
    (tmp_path / "7.png").touch()
    window.draw([(60, 60), (200, 60), (120, 230)])
    window.key("Return")
    assert window.session.text == "7"
    window.key("ctrl+s")
    assert by_tk[0]["initialdir"] == str(tmp_path)
    assert by_tk[0]["initialfile"] == "7 (2)"
    settings.change(folder=str(tmp_path / "gone"))
    window.key("ctrl+o")
    assert by_tk[1]["initialdir"] == str(Path.home())


def test_each_purpose_has_a_folder_of_its_own(window: Window, helper: Helper, tmp_path: Path) -> None:
    data, pages = tmp_path / "data", tmp_path / "pages"
    for folder in (data, pages):
        folder.mkdir()
    helper(f"print({str(data / 'mnist.npz')!r})")
    file_dialogs.ask_for_images(window.root, "Choose MNIST")
    noted = helper(f"print({str(pages / '1.png')!r})")
    file_dialogs.ask_for_file(window.root, "Read a page", {}, file_dialogs.PAGE)
    assert f"--filename={Path.home()}/" in noted.read_text().split("\0")
    file_dialogs.ask_for_images(window.root, "Choose MNIST")
    assert f"--filename={data}/" in noted.read_text().split("\0")


@pytest.mark.parametrize("how", ["Escape", "click"])
def test_the_window_lives_while_another_program_asks_and_takes_back_the_question(
    window: Window, helper: Helper, by_tk: list[dict[str, object]], how: str
) -> None:
    helper("time.sleep(3600)")
    done: list[object] = []

    def look() -> None:
        (card,) = (child for child in window.root.winfo_children() if child.winfo_class() == ASKED_ELSEWHERE)
        button = card.winfo_children()[1]
        if not button.winfo_viewable():
            window.root.after(50, look)
            return
        done.append(is_asking(window.root))
        window.main.close()  # it stays open, because the question waits
        window.draw([(40, 60), (80, 60)], follow=False)  # one can't draw while a question waits
        done.append(window.session.is_blank)
        window.key("Escape") if how == "Escape" else window.click(button)
        done.append(card.winfo_exists())
        card.destroy()

    window.root.after(50, look)
    window.main.files.open()
    assert done == [True, True, False]
    assert not is_asking(window.root)
    window.draw([(60, 60), (200, 60), (120, 230)])
    assert len(window.session.drawing.strokes) == 1
    assert by_tk == []


def test_another_program_s_dialog_ends_with_the_window(window: Window, helper: Helper, tmp_path: Path) -> None:
    helper(f"import os\npathlib.Path({str(tmp_path / 'process')!r}).write_text(str(os.getpid()))\ntime.sleep(3600)")

    def end() -> None:
        if (tmp_path / "process").is_file() and (tmp_path / "process").read_text():
            window.root.destroy()
        else:
            window.root.after(50, end)

    window.root.after(50, end)
    window.main.files.open()
    process = int((tmp_path / "process").read_text())
    wait_for(lambda: not Path(f"/proc/{process}/cmdline").exists(), 10, "the end of the other program")


def test_what_is_typed_without_an_ending_gets_one_and_replaces_nothing_unasked(
    window: Window, helper: Helper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(f"print({str(tmp_path / 'table')!r})")
    (tmp_path / "table.csv").write_text("older")
    asked: list[str] = []

    def no(_title: str, sentence: str, *, default: str, **_words: object) -> bool:
        assert default == "cancel"  # what Return chooses
        asked.append(sentence)
        return False

    monkeypatch.setattr("tkinter.messagebox.askokcancel", no)
    kinds = {"Table (CSV)": (".csv",)}
    assert file_dialogs.ask_where_to_save(window.root, "Save as CSV", kinds, "digits.csv") == ""
    assert asked == ["table.csv is there already. Replace it?"]
    (tmp_path / "table.csv").unlink()
    assert file_dialogs.ask_where_to_save(window.root, "Save", kinds, "digits.csv") == str(tmp_path / "table.csv")
