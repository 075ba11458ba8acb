"""Model ▸ Open…, used with real pointer and key events."""

import subprocess
import sys
import tkinter
from pathlib import Path
from tkinter import ttk

import pytest

from app.kept import models, paths, settings
from app.kept.models import BUNDLED
from app.ui.models.open_dialog import OpenDialog
from model.base import installation
from tests.app.ui.window.test_main_window import buttons
from tests.conftest import ROOT, Window
from tests.kept import copied, damage, keep
from tests.screen import PATIENCE, wait_for

# Replaces ``python -m model open`` where the real one would take long, or know too much: it doesn't know how a model
# reads until it's told, waits forever on "slow.keras", and ends silently on "crash.keras".
CHILD = f"""
import shutil, sys, time
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from model.bundle import bundle; from model.base import events
words = sys.argv[1:]
file, output = Path(words[1]), Path(words[words.index("--output") + 1])
print(events.to_line(events.Stage("checking the file")), flush=True)
if file.name == "slow.keras":
    (output.parent / f".{{output.name}}.abcd1234.part").mkdir(parents=True)
    sys.stdin.read()
    sys.exit(130)
if file.name == "crash.keras":
    sys.exit(3)
if "--ink=dark" not in words:
    print(events.to_line(events.Failed("Nothing that was drawn is read; say how it reads.", "ask")), flush=True)
    sys.exit(1)
shutil.copytree(bundle.BUNDLED, output)
scale = next(word.split("=")[1] for word in words if word.startswith("--scale="))
answers = next(word.split("=")[1] for word in words if word.startswith("--outputs="))
right = 20 if scale == "normalized" else 197
print(events.to_line(events.Opened(str(output), scale, "dark", answers, right, 200)), flush=True)
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, str(script)])


class Dialog:
    """The dialog that opens a file and somebody who uses it."""

    def __init__(self, window: Window, file: Path | None, monkeypatch: pytest.MonkeyPatch):
        self.window = window
        self._monkeypatch = monkeypatch
        self.answer(file)
        for key in ("alt+m", "o"):
            window.key(key)
        self.widget: OpenDialog | None = None
        for child in window.root.winfo_children():
            if isinstance(child, OpenDialog):
                self.widget = child
                child.focus_force()  # as a window manager would
                child.focus_set()
        window.root.update()

    def answer(self, file: Path | None) -> None:
        """Choose this file when the file dialog asks."""
        self._monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(file or ""))

    def click(self, text: str) -> None:
        assert self.widget
        kinds = [*buttons(self.widget), *self.choices()]
        (found,) = [each for each in kinds if each.cget("text") == text and each.winfo_ismapped()]
        self.window.click(found)

    def choices(self) -> list[ttk.Radiobutton]:
        return [each for each in _every(self.widget) if isinstance(each, ttk.Radiobutton)]

    def text(self) -> str:
        labels = [each for each in _every(self.widget) if isinstance(each, ttk.Label) and each.winfo_ismapped()]
        return "\n".join(str(label.cget("text")) for label in labels)

    def wait(self, words: str, seconds: float = 90) -> None:
        """Run the window's loop until the dialog says something."""

        def said() -> bool:
            self.window.root.update()
            return words in self.text()

        wait_for(said, seconds, words, pause=0.01)


def _every(widget: object) -> list[object]:
    children = widget.winfo_children() if isinstance(widget, tkinter.Misc) else []
    return [each for child in children for each in (child, *_every(child))]


def model(path: Path) -> Path:
    """Write a file that begins like a Keras model."""
    path.write_bytes(b"\x89HDF\r\n\x1a\n")
    return path


def kept() -> list[str]:
    """Return the names of everything in the models' folder."""
    folder = paths.models_folder()
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def dialogs(window: Window) -> int:
    return len([child for child in window.root.winfo_children() if isinstance(child, OpenDialog)])


def test_without_a_file_nothing_stays_open(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    Dialog(window, None, monkeypatch)
    assert dialogs(window) == 0


@pytest.mark.parametrize("name", ["card.json", "model.keras", "model.tflite"])
def test_a_bundle_is_opened_by_any_file_in_it(
    window: Window, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.models.open_dialog.tensorflow_is_missing", lambda: True)
    dialog = Dialog(window, copied(tmp_path / "net") / name, monkeypatch)
    assert "net is now in use." in dialog.text()
    (key,) = kept()
    assert settings.load().model == key
    assert window.session.recognizer.bundle.path.name == key
    assert "net is now in use." in window.text()
    window.key("Return")  # Close
    assert dialogs(window) == 0


def test_a_damaged_bundle_is_refused_and_another_file_can_be_chosen(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keep("x")
    damage(key)
    (paths.models_folder() / key).rename(tmp_path / "bad")
    dialog = Dialog(window, tmp_path / "bad" / "card.json", monkeypatch)
    assert "is damaged: model.tflite" in dialog.text()
    assert (settings.load().model, kept()) == (BUNDLED, [])
    dialog.answer(None)
    dialog.click("Choose another file…")
    assert "is damaged" in dialog.text()  # the file is unchanged
    dialog.answer(copied(tmp_path / "good") / "card.json")
    dialog.click("Choose another file…")
    assert "good is now in use." in dialog.text()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (("notes.txt", b"My network"), "is a text, not a .keras, .h5 or .tflite file. Save the model as one of them."),
        (("config.json", b"{}"), "is a JSON file, not a .keras"),
        (("net.onnx", b"\x08\x07\x12\x07pytorch"), "is an ONNX network. Convert it to Keras"),
        (
            ("net.pth", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."),
            "is a PyTorch file, and opening one can run code.",
        ),
        (("net.pkl", b"\x80\x04\x95"), "is a Python pickle, and opening one can run code."),
        (("renamed.h5", b"\x80\x04\x95"), "is a Python pickle"),
        (("saved_model.pb", b"\x08\x01\x12"), "is a TensorFlow SavedModel. Load it with the TensorFlow that wrote it"),
    ],
)
def test_what_is_no_model_is_refused_with_what_it_is_and_the_way_on(
    window: Window, content: tuple[str, bytes], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, written = content
    (tmp_path / name).write_bytes(written)
    dialog = Dialog(window, tmp_path / name, monkeypatch)
    assert f"{name} wasn't opened" in dialog.text()
    assert f"{name} {said}" in dialog.text()
    assert kept() == []
    window.key("Escape")
    assert dialogs(window) == 0


@pytest.mark.usefixtures("fresh_model")
def test_a_keras_model_is_checked_in_a_child_and_used(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real command: a network that Keras 2 wrote, trained on images with values from 0 to 255."""
    dialog = Dialog(window, ROOT / "tests" / "keras2" / "mlp.h5", monkeypatch)
    assert "Checking mlp.h5…" in dialog.text()
    dialog.wait("mlp is now in use.")
    (key,) = kept()
    assert settings.load().model == key
    assert models.name(key) == "mlp"
    (used,) = [each for each in models.everything() if each.in_use]
    assert (used.origin, used.accuracy) == ("opened", None)
    assert " of 200 drawn digits." in dialog.text()
    assert "It reads bright ink, 0 to 1, and answers with probabilities." in dialog.text()


def test_a_file_that_only_claims_to_be_a_model_says_why_it_is_refused(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no.keras").write_text("no model")
    dialog = Dialog(window, tmp_path / "no.keras", monkeypatch)
    dialog.wait("no.keras wasn't opened")
    assert len(dialog.text().splitlines()) == 2
    assert kept() == []
    assert settings.load().model == BUNDLED


@pytest.mark.usefixtures("stand_in")
def test_what_cannot_be_told_is_asked(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = Dialog(window, model(tmp_path / "-my net.h5"), monkeypatch)
    dialog.wait("How does -my net.h5 read?")
    assert "Nothing that was drawn is read" in dialog.text()
    chosen = [str(each.cget("text")) for each in dialog.choices() if each.instate(["selected"])]
    assert chosen == ["bright on dark, as MNIST's are", "0 to 1", "probabilities (softmax)"]
    assert kept() == []
    for answer in ("dark on bright, as on paper", "0 to 255", "logits"):
        dialog.click(answer)
    window.key("Return")
    dialog.wait("is now in use.")
    assert "It reads 197 of 200 drawn digits." in dialog.text()
    assert "It reads dark ink, 0 to 255, and answers with logits." in dialog.text()
    assert settings.load().model == kept()[0]


@pytest.mark.usefixtures("stand_in")
def test_how_it_reads_can_be_said_anew(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = Dialog(window, model(tmp_path / "net.h5"), monkeypatch)
    dialog.wait("How does net.h5 read?")
    dialog.click("dark on bright, as on paper")
    window.key("Return")
    dialog.wait("is now in use.")
    (first,) = kept()
    dialog.click("How it reads…")
    chosen = [str(each.cget("text")) for each in dialog.choices() if each.instate(["selected"])]
    assert chosen == ["dark on bright, as on paper", "0 to 1", "probabilities (softmax)"]  # as was found out
    dialog.click("0 to 255")
    dialog.click("Open")
    dialog.wait("0 to 255, and answers")
    (second,) = kept()  # it replaces the first
    assert second != first
    assert settings.load().model == second


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("way", ["Don't use it", "Escape", "How it reads…", "Use it anyway"])
def test_a_poor_reader_is_used_only_by_somebody_who_says_so(
    window: Window, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = Dialog(window, model(tmp_path / "fashion.h5"), monkeypatch)
    dialog.wait("How does fashion.h5 read?")
    dialog.click("dark on bright, as on paper")
    dialog.click("0 to 1, normalized by columns")
    dialog.click("Open")
    dialog.wait("fashion.h5 reads poorly")
    assert "It reads 20 of 200 drawn digits." in dialog.text()
    assert settings.load().model == BUNDLED
    window.key("Escape") if way == "Escape" else dialog.click(way)
    if way == "Use it anyway":
        dialog.wait("is now in use.")
        assert settings.load().model == kept()[0]
    elif way == "How it reads…":
        dialog.click("0 to 255")
        dialog.click("Open")
        dialog.wait("is now in use.")
        assert [settings.load().model] == kept()
    else:
        assert (settings.load().model, kept(), dialogs(window)) == (BUNDLED, [], 0)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("way", ["Cancel", "Escape", "the window"])
def test_a_check_is_cancelled_and_leaves_nothing(
    window: Window, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = Dialog(window, model(tmp_path / "slow.keras"), monkeypatch)
    dialog.wait("checking the file…")
    assert dialog.widget
    job = dialog.widget.job
    assert job
    if way == "the window":
        window.main.close()
        assert not window.root.children
    else:
        dialog.click(way) if way == "Cancel" else window.key(way)
        assert dialogs(window) == 0
    assert job.wait(PATIENCE)
    assert kept() == []


@pytest.mark.usefixtures("stand_in")
def test_a_child_that_dies_is_a_sentence(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = Dialog(window, model(tmp_path / "crash.keras"), monkeypatch)
    dialog.wait("crash.keras wasn't opened")
    assert "status 3" in dialog.text()


def test_without_tensorflow_a_keras_file_says_what_to_install(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.models.open_dialog.tensorflow_is_missing", lambda: True)
    dialog = Dialog(window, model(tmp_path / "net.keras"), monkeypatch)
    assert installation.command("train") in dialog.text()
    assert kept() == []


def test_the_dialogs_bring_nothing_heavy_with_them() -> None:
    script = """
import sys
import app.ui.models.models_dialog, app.ui.models.open_dialog
heavy = {"numpy", "PIL", "ai_edge_litert", "tensorflow", "keras", "matplotlib", "sklearn"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
