"""Handing a file to the system's own program, with stand-ins for that program."""

import os
from pathlib import Path

import pytest

from app.facts.open_file import open_file
from model.base.errors import UserError
from tests.conftest import on_linux
from tests.screen import wait_for

pytestmark = on_linux


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An xdg-open that writes its arguments, and where it looks for libraries, to files next to itself."""
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    told = 'echo "$1|$LD_LIBRARY_PATH$TCL_LIBRARY$TK_LIBRARY" > "${0}.told"'
    program.write_text(f'#!/bin/sh\n{told}\ncase "$1" in *bad*) exit 3;; esac\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


def told(opener: Path) -> str:
    path = opener.with_name("xdg-open.told")
    return wait_for(lambda: path.read_text().strip() if path.exists() else "", 10, "a call", pause=0.01)


def test_the_file_is_handed_over(opener: Path, tmp_path: Path) -> None:
    failure = open_file(tmp_path / "a report ü.md")
    assert told(opener).split("|")[0] == str(tmp_path / "a report ü.md")
    assert failure() == ""


def test_an_opener_that_fails_is_a_sentence(opener: Path, tmp_path: Path) -> None:
    failure = open_file(tmp_path / "bad.md")
    told(opener)
    assert "no program that opens" in wait_for(failure, 10, "its end", pause=0.01)


def test_a_system_without_an_opener_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no program that opens"):
        open_file(tmp_path / "report.md")


def test_the_frozen_program_keeps_its_libraries_to_itself(
    opener: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    for name in ("LD_LIBRARY_PATH", "TCL_LIBRARY", "TK_LIBRARY"):
        monkeypatch.setenv(name, "/frozen")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/before")
    open_file(tmp_path / "x.md")
    assert told(opener).endswith("|/before")
