import json
from pathlib import Path

import pytest

from app.sources import clipboard
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke

INK = Drawing((Stroke((Point(80, 60), Point(130, 230))),), canvas=(300, 280))


def test_paths_and_addresses_of_files_are_found(tmp_path: Path) -> None:
    names = ["plain.png", "with spaces é 中.json", "100%20#.png"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text("")
    every = [str(path) for path in paths]
    assert clipboard.files("\n".join(every)) == every
    assert clipboard.files("# copied\r\n" + "\r\n".join(path.as_uri() for path in paths) + "\r\n") == every
    assert clipboard.files(f'  "{every[1]}"\n') == every[1:2]
    assert clipboard.files(f"file://localhost{every[0]}") == every[:1]


def test_an_address_of_no_file_is_opened_to_say_so(tmp_path: Path) -> None:
    assert clipboard.files((tmp_path / "gone.png").as_uri()) == [str(tmp_path / "gone.png")]


@pytest.mark.parametrize(
    "text",
    ["", "7", "plain.png", "/nowhere/at/all.png", "https://example.org/7.png", "\0", "x" * 9000, "file://[/7.png"],
)
def test_other_text_names_no_file(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "7").write_text("")
    (tmp_path / "plain.png").write_text("")
    assert clipboard.files(text) == []
    assert clipboard.ink(text) is None
    here = str(tmp_path / "7")
    assert clipboard.files(f"{here}\n{text}") == ([here] if not text else [])


def test_a_long_text_of_paths_is_no_list_of_files(tmp_path: Path) -> None:
    assert clipboard.files(f"{tmp_path}\n" * clipboard.MOST_FILES) == [str(tmp_path)] * clipboard.MOST_FILES
    assert clipboard.files(f"{tmp_path}\n" * (clipboard.MOST_FILES + 1)) == []


def test_ink_is_read() -> None:
    assert clipboard.ink(f"  {json.dumps(INK.to_json(), indent=1)}\n") == INK
    assert clipboard.ink(json.dumps([INK.to_json()])) == INK


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "isn't ink. A drawing needs 'strokes'"),
        ("{ no json", "isn't ink. This isn't JSON"),
        ("[]", "several drawings|no drawing"),
        (json.dumps([INK.to_json()] * 2), "several drawings on the clipboard"),
        ("[" * 100_000, "too large for ink"),
    ],
)
def test_other_json_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        clipboard.ink(text)
