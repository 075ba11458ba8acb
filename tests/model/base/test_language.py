import ast
import string
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from app.jobs.job import Job
from model.base import events, language
from model.base.errors import UserError
from model.base.language import _, ngettext
from model.bundle.bundle import CARD_FILE
from tests.languages import ROOT, Message, begin, messages, update
from tests.screen import PATIENCE

SOURCES = sorted(path for part in ("app", "model") for path in (ROOT / part).rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
SAYERS = ("_", "N_", "ngettext")
SHOWN = ("text", "title", "label", "detail")  # the options of Tk's widgets and dialogs that are texts
FILES = sorted(language.FOLDER.glob("*.po"))

GERMAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Language-Name: Deutsch\\n"

msgid "Undo"
msgstr "Rückgängig"

msgid "{count} epoch"
msgid_plural "{count} epochs"
msgstr[0] "{count} Durchgang"
msgstr[1] "{count} Durchgänge"
"""


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    monkeypatch.undo()
    language.available.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of language files with a German one and a Chinese one."""
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    language.available.cache_clear()
    (tmp_path / "de.po").write_text(GERMAN, encoding="utf-8")
    (tmp_path / "zh_CN.po").write_text(GERMAN.replace("Deutsch", "简体中文"), encoding="utf-8")
    return tmp_path


def _calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and _name(node.func) in names:
            yield node


def _name(function: ast.Name | ast.Attribute) -> str:
    return function.id if isinstance(function, ast.Name) else ast.unparse(function)


def _imported(tree: ast.AST, module: str) -> Iterator[str]:
    """Yield the names that a source imports from a module: another one may have a Stage that users never see."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            yield from (each.name for each in node.names)


def _has_words(node: ast.AST) -> bool:
    """Return whether an expression is a text with words that isn't marked for translation."""
    texts = [node] if isinstance(node, ast.Constant) else node.values if isinstance(node, ast.JoinedStr) else []
    return any(
        sum(letter.isalpha() for letter in text.value) > 1
        for text in texts
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    )


def _places(one: str) -> set[tuple[str, str, str]]:
    """Return a sentence's placeholders. Raises ValueError if its braces don't match."""
    return {
        (name, spec or "", kind or "") for _text, name, spec, kind in string.Formatter().parse(one) if name is not None
    }


def _entries(path: Path) -> dict[Message, list[str]]:
    """Return a language file's translation of each sentence."""
    return {
        (entry.msgid, entry.msgid_plural) if entry.msgid_plural else entry.msgid: (
            list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        )
        for entry in polib.pofile(str(path))
        if not entry.obsolete and not entry.fuzzy
    }


def test_what_is_marked_is_a_whole_sentence_and_not_put_together_first() -> None:
    wrong = [
        f"{name}:{call.lineno}"
        for name, tree in TREES.items()
        for call in _calls(tree, *SAYERS)
        for argument in call.args[: 2 if isinstance(call.func, ast.Name) and call.func.id == "ngettext" else 1]
        if isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call)
    ]
    assert not wrong


def test_every_sentence_that_is_marked_is_found_for_the_translators() -> None:
    found = {sentence for message in messages() for sentence in ([message] if isinstance(message, str) else message)}
    assert len(found) > 400
    missed = [
        f"{name}:{call.lineno}: in an f-string no tool finds it"
        for name, tree in TREES.items()
        for call in _calls(tree, *SAYERS)
        for argument in call.args
        if isinstance(argument, ast.Constant) and argument.value not in found
    ]
    assert not missed


def test_the_name_that_says_sentences_is_given_to_nothing_else() -> None:
    wrong = []
    for name, tree in TREES.items():
        if name == "model/base/language.py" or not list(_calls(tree, "_")):
            continue
        for node in ast.walk(tree):
            if (isinstance(node, ast.arg) and node.arg == "_") or (
                isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)
            ):
                wrong.append(f"{name}:{node.lineno}")
    assert not wrong


def test_every_error_and_every_stage_that_users_see_is_marked() -> None:
    kinds = {UserError.__name__}
    classes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _round in range(3):  # errors about errors
        kinds |= {each.name for each in classes if any(ast.unparse(base) in kinds for base in each.bases)}
    assert {"DataError", "OpenError", "NoWindowError"} <= kinds
    wrong = [
        f"{name}:{call.lineno}"
        for name, tree in TREES.items()
        for call in _calls(tree, *kinds, *_imported(tree, events.__name__), "events.Stage", "events.Failed")
        if call.args and _has_words(call.args[0])
    ]
    assert not wrong


def test_every_word_that_a_widget_is_given_is_marked() -> None:
    wrong = [
        f"{name}:{node.value.lineno}"
        for name, tree in TREES.items()
        if name.startswith("app/ui/")
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in SHOWN and _has_words(node.value)
    ]
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_has_every_sentence_and_no_other(path: Path) -> None:
    said = _entries(path)
    assert not [message for message in messages() if not all(said.get(message, [""]))], "python -m tests.languages"
    assert not said.keys() - messages().keys(), "python -m tests.languages"
    assert len(said) == len(polib.pofile(str(path))), "something is fuzzy, obsolete or there twice"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_translation_has_the_same_places_and_as_many_letters_for_the_keyboard(path: Path) -> None:
    wrong = []
    for message, translations in _entries(path).items():
        sentence = message if isinstance(message, str) else message[1]
        for translation in translations:
            same = _places(sentence) == _places(translation)
            if not same or sentence.count("&") != translation.count("&") or "&" in translation[-1:]:
                wrong.append((sentence, translation))
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_names_itself_and_can_be_spoken(path: Path) -> None:
    assert language.available()[path.stem] not in ("", path.stem)
    language.use(path.stem)
    assert language.current() == path.stem
    assert _("This can't be undone.") != "This can't be undone."


def test_the_language_changes_while_the_program_runs(folder: Path) -> None:
    assert language.available() == {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}
    assert (folder / "de.po").is_file()
    assert (_("Undo"), language.current()) == ("Undo", "en")
    language.use("de")
    assert (_("Undo"), language.current()) == ("Rückgängig", "de")
    assert [ngettext("{count} epoch", "{count} epochs", count) for count in (1, 2)] == [
        "{count} Durchgang",
        "{count} Durchgänge",
    ]
    assert _("Redo") == "Redo"  # an untranslated sentence stays in English
    language.use("en")
    assert (_("Undo"), ngettext("{count} epoch", "{count} epochs", 2)) == ("Undo", "{count} epochs")
    language.use("tlh")
    assert language.current() == "en"


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("LANG", "zh_CN.UTF-8", "zh_CN"),
        ("LANG", "zh_CN.GB18030@pinyin", "zh_CN"),
        ("LANG", "zh", "zh_CN"),
        ("LANG", "zh_TW.UTF-8", "en"),
        ("LANGUAGE", "fr:zh_CN:de", "zh_CN"),
        ("LANGUAGE", "zh-CN", "zh_CN"),
        ("LANGUAGE", "en:de", "en"),
        ("LC_ALL", "de", "de"),
        ("LC_MESSAGES", "de", "de"),
        ("LANG", "de_AT.UTF-8", "en"),
        ("LANG", "C", "en"),
        ("LC_ALL", "C.UTF-8", "en"),
        ("LANG", "", "en"),
        ("LANG", "../../etc/passwd", "en"),
        ("LANG", ":::", "en"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_system_says_which_language(variable: str, value: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda *_category: (None, None))
    monkeypatch.setenv(variable, value)
    assert language.of_system() == code
    language.use("")
    assert language.current() == code


@pytest.mark.usefixtures("folder")
def test_the_first_variable_that_is_set_decides_as_for_every_gettext_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert language.of_system() == "zh_CN"
    monkeypatch.setenv("LANGUAGE", "en")
    assert language.of_system() == "en"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b'msgid "Undo"\nmsgstr\n',
        b'msgid "Undo"\nmsgstr "R\xc3',
        GERMAN.replace("(n != 1)", "n ! 1").encode(),
        GERMAN.replace("charset=utf-8", "charset=klingon").encode(),
    ],
)
def test_a_damaged_file_is_english_and_no_crash(content: bytes, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "de.po").write_bytes(content)
    language.use("zh_CN")
    language.use("de")
    assert _("Undo") in ("Undo", "Rückgängig")
    if content:  # an empty file is valid, and translates nothing
        assert language.current() == "en"
        assert "the language de cannot be read" in caplog.text


def test_a_file_that_went_away_is_english(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "de" in language.available()
    (folder / "de.po").unlink()
    language.use("de")
    assert (language.current(), _("Undo")) == ("en", "Undo")
    assert "cannot be read" in caplog.text


def test_a_child_process_speaks_the_language_of_the_window(tmp_path: Path) -> None:
    language.use("zh_CN")
    job = Job(["teach", "ink.jsonl", "--model", str(tmp_path / "none"), "--output", str(tmp_path / "taught")])
    assert job.wait(PATIENCE)
    assert isinstance(job.last, events.Failed)
    sentence = _("There's no model in {path} (no readable {card}). Choose a model's folder.")
    assert "{path} 中没有模型" in sentence
    assert job.last.message == sentence.format(path=tmp_path / "none", card=CARD_FILE)


def test_a_further_language_is_one_file_that_one_command_begins_and_keeps_up_to_date(folder: Path) -> None:
    path = folder / "pl.po"
    begin(path)
    count = len(messages())
    assert update(path) == (count, count)
    file = polib.pofile(str(path))
    (entry,) = (entry for entry in file if entry.msgid == "Undo")
    entry.msgstr = "Cofnij"
    file.append(polib.POEntry(msgid="What nobody says", msgstr="…"))
    file.save()
    assert update(path) == (count - 1, count)
    assert "What nobody says" not in path.read_text(encoding="utf-8")
    language.available.cache_clear()
    assert language.available()["pl"] == "polski"
    language.use("pl")
    assert (_("Undo"), _("Delete"), ngettext("{count} epoch", "{count} epochs", 5)) == (
        "Cofnij",
        "Delete",
        "{count} epochs",
    )
