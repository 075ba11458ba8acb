import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from model.base.errors import UserError
from model.base.project import version
from release import changelog, tools
from release import version as versions
from release.__main__ import main
from tests.conftest import ROOT
from tests.screen import PATIENCE

PRESENT = version()
NEWS = "## Unreleased\n\n- It reads *0* with a slash,\n  and 7 with a bar. ▸\n- It is green.\n\nAnd:\nit is small.\n\n"
FILES = ("pyproject.toml", "CHANGELOG.md")


def run(*words: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and return what it printed."""
    return subprocess.run(
        list(map(str, words)),
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


class Checkout:
    """A git checkout with the whole program except its large files, in which somebody makes a release."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("app", "model", "release"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in (*FILES, "README.md", "LICENSE", ".gitignore"):
            shutil.copy(ROOT / name, folder)
        (folder / "assets").mkdir()
        (folder / "assets" / "here").touch()
        text = self.read("CHANGELOG.md")
        self.write("CHANGELOG.md", text[: text.index("\n## ") + 1] + NEWS + text[text.index(f"## {PRESENT}\n") :])
        self.git("init", "--quiet", "--initial-branch", "main")
        for key, value in (("user.name", "Tester"), ("user.email", "tester@localhost"), ("core.autocrlf", "false")):
            self.git("config", key, value)
        self.commit()

    def git(self, *words: str) -> str:
        """Run git and return what it printed."""
        done = run("git", *words, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "All")

    def read(self, name: str) -> str:
        """Return a file's text."""
        return (self.folder / name).read_bytes().decode("utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        (self.folder / name).write_bytes(text.encode("utf-8"))

    def hook(self, name: str, script: str) -> None:
        """Make git run a script as a hook."""
        path = self.folder / ".git" / "hooks" / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8", newline="\n")
        path.chmod(0o755)

    def release(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m release`` in the checkout."""
        return run(sys.executable, "-m", "release", *words, cwd=self.folder)

    def state(self) -> tuple[object, ...]:
        """Return everything that a refused release mustn't change."""
        listed = [self.git(*words.split()) for words in ("status --porcelain", "for-each-ref", "stash list")]
        return (*listed, *(self.read(name) for name in FILES))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "Kassenbücher 2"
    folder.mkdir()
    return Checkout(folder)


def test_one_command_bumps_commits_and_tags(checkout: Checkout) -> None:
    before = {name: checkout.read(name) for name in FILES}
    done = checkout.release("version", "7.2.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{PRESENT} → 7.2.0" in done.stdout
    assert checkout.read("pyproject.toml") == before["pyproject.toml"].replace(f'"{PRESENT}"', '"7.2.0"', 1)
    head, old = checkout.read("CHANGELOG.md").split(f"\n## {PRESENT}\n")
    assert re.search(r"\n## 7\.2\.0\n\nReleased 20\d\d-\d\d-\d\d\.\n\n- It reads", head)
    assert "Unreleased" not in head
    assert before["CHANGELOG.md"].endswith(old)

    assert checkout.git("status", "--porcelain") == ""
    assert checkout.git("show", "--format=%s", "--name-only", "HEAD").split("\n\n") == [
        "Version 7.2.0",
        "CHANGELOG.md\npyproject.toml",
    ]
    assert checkout.git("describe", "--exact-match") == "v7.2.0"  # annotated, so `git push --follow-tags` pushes it
    assert checkout.release("version", "--check", "v7.2.0").returncode == 0
    assert checkout.release("version").stdout == "7.2.0\n"


def test_notes_have_a_line_a_paragraph(checkout: Checkout) -> None:
    assert checkout.release("version", "7.2.0rc1").returncode == 0
    done = checkout.release("notes", "7.2.0rc1")
    released, _, rest = done.stdout.partition("\n\n")
    assert released.startswith("Released 20")
    assert rest == "- It reads *0* with a slash, and 7 with a bar. ▸\n- It is green.\n\nAnd: it is small.\n"
    assert checkout.release("notes").stdout == done.stdout
    missing = checkout.release("notes", "0.0.1")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr == f"CHANGELOG.md says nothing of 0.0.1; it has 7.2.0rc1, {PRESENT}.\n"


def test_the_version_is_right_in_a_checkout_and_in_a_wheel_made_of_it(checkout: Checkout, tmp_path: Path) -> None:
    assert checkout.release("version", "7.2.0").returncode == 0
    python = [sys.executable, "-m"]
    told = run(*python, "app", "--version", cwd=checkout.folder)
    assert told.stdout == "Inkling 7.2.0\n", told.stderr
    pip = [*python, "pip", "--quiet", "--disable-pip-version-check"]
    made = run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, checkout.folder, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    site = tmp_path / "site"
    wheel = tmp_path / "inkling_digits-7.2.0-py3-none-any.whl"
    put = run(*pip, "install", "--no-deps", "--target", site, wheel, cwd=tmp_path)
    assert put.returncode == 0, put.stderr
    shutil.rmtree(checkout.folder)
    told = run(*python, "inkling", "--version", cwd=tmp_path, PYTHONPATH=str(site))
    assert told.stdout == "Inkling 7.2.0\n", told.stderr


def without_news(checkout: Checkout) -> None:
    checkout.write("CHANGELOG.md", checkout.read("CHANGELOG.md").replace(NEWS, ""))
    checkout.commit()


def with_empty_news(checkout: Checkout) -> None:
    checkout.write("CHANGELOG.md", checkout.read("CHANGELOG.md").replace(NEWS, "## Unreleased\n\n"))
    checkout.commit()


def with_news_below(checkout: Checkout) -> None:
    checkout.write("CHANGELOG.md", checkout.read("CHANGELOG.md").replace(NEWS, "") + f"\n{NEWS}")
    checkout.commit()


def with_news_twice(checkout: Checkout) -> None:
    checkout.write("CHANGELOG.md", checkout.read("CHANGELOG.md") + f"\n{NEWS}")
    checkout.commit()


def with_its_section(checkout: Checkout) -> None:
    checkout.write("CHANGELOG.md", checkout.read("CHANGELOG.md") + "\n## 7.2.0\n\n- News.\n")
    checkout.commit()


def without_changelog(checkout: Checkout) -> None:
    (checkout.folder / "CHANGELOG.md").unlink()
    checkout.commit()


def with_another_version_line(checkout: Checkout) -> None:
    checkout.write("pyproject.toml", f'[tool.other]\nversion = "1"\n{checkout.read("pyproject.toml")}')
    checkout.commit()


def with_change(checkout: Checkout) -> None:
    checkout.write("LICENSE", "Free.")


def with_new_file(checkout: Checkout) -> None:
    for name in ("one", "two", "three", "four"):
        checkout.write(name, "")


@pytest.mark.parametrize(
    ("word", "first", "sentence"),
    [
        ("7.x", None, "'7.x' is no version"),
        ("v7.2.0", None, "v7.2.0 is not how versions are written; write it as 7.2.0."),
        ("7.2.0-rc1", None, "write it as 7.2.0rc1."),
        ("7.2.0.dev1", None, "is no version to release"),
        ("7.2.0.post1", None, "is no version to release"),
        ("7.2.0+local", None, "is no version to release"),
        ("1!7.2.0", None, "is no version to release"),
        (PRESENT, None, f"is not newer than the present version, {PRESENT}"),
        (f"{PRESENT}rc1", None, "is not newer"),
        ("0.0.9", None, "is not newer"),
        ("7.2.0", without_news, "says nothing under ## Unreleased"),
        ("7.2.0", with_empty_news, "says nothing under ## Unreleased"),
        ("7.2.0", with_news_below, "has sections above ## Unreleased"),
        ("7.2.0", with_news_twice, "has the heading ## Unreleased 2 times"),
        ("7.2.0", with_its_section, "has a section ## 7.2.0 already"),
        ("7.2.0", with_another_version_line, "under [project]"),
        ("7.2.0", with_change, "uncommitted changes (LICENSE)"),
        ("7.2.0", with_new_file, "uncommitted changes (four, one, three, …)"),
        ("7.2.0", lambda checkout: checkout.git("tag", "v7.2.0"), "There is a tag v7.2.0 already"),
        ("7.2.0", lambda checkout: checkout.git("switch", "--quiet", "--detach"), "not on a branch"),
        (
            "7.2.0",
            lambda checkout: checkout.hook("pre-commit", "echo Never >&2; exit 1"),
            "git commit failed: Never;",
        ),
        (
            "7.2.0",
            lambda checkout: checkout.hook("reference-transaction", "grep -q refs/tags/ && exit 1; exit 0"),
            "git tag failed:",
        ),
    ],
)
def test_what_cannot_be_released_is_refused_in_a_sentence_and_nothing_changes(
    checkout: Checkout, word: str, first: Callable[[Checkout], object] | None, sentence: str
) -> None:
    if first:
        first(checkout)
    before = checkout.state()
    done = checkout.release("version", word)
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert checkout.state() == before


def test_without_a_changelog_nothing_is_released(checkout: Checkout) -> None:
    without_changelog(checkout)
    done = checkout.release("version", "7.2.0")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "CHANGELOG.md can't be read" in done.stderr
    assert checkout.git("status", "--porcelain") == ""


def test_only_a_checkout_of_its_own_is_released(checkout: Checkout) -> None:
    (checkout.folder / ".git").rename(checkout.folder / "no.git")
    done = checkout.release("version", "7.2.0")
    assert done.returncode == 1
    assert "is not a git checkout" in done.stderr
    assert run("git", "init", "--quiet", cwd=checkout.folder.parent).returncode == 0
    done = checkout.release("version", "7.2.0")
    assert done.returncode == 1
    assert "is not a git checkout of its own" in done.stderr


def test_without_git_a_sentence_says_so(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout.folder))
    with pytest.raises(UserError, match="git can't be started"):
        versions.bump(checkout.folder, "7.2.0")


def test_an_interrupt_puts_everything_back(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    before = checkout.state()
    run_git = tools.git

    def interrupted(root: Path, *words: str) -> str:
        done = run_git(root, *words)
        if words[0] == "commit":
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(tools, "git", interrupted)
    with pytest.raises(KeyboardInterrupt):
        versions.bump(checkout.folder, "7.2.0")
    assert checkout.state() == before


def test_windows_line_ends_stay(checkout: Checkout) -> None:
    for name in FILES:
        checkout.write(name, checkout.read(name).replace("\n", "\r\n"))
    checkout.commit()
    assert checkout.release("version", "7.2.0").returncode == 0
    for name in FILES:
        assert not re.search(r"(?<!\r)\n", checkout.read(name))
    assert tomllib.loads(checkout.read("pyproject.toml"))["project"]["version"] == "7.2.0"
    assert "\r\n## 7.2.0\r\n\r\nReleased " in checkout.read("CHANGELOG.md")
    assert checkout.release("version", "--check", "v7.2.0").returncode == 0


@pytest.mark.parametrize(
    ("pyproject", "news", "tag", "sentence"),
    [
        ("7.2.0", "## 7.2.0\n\n- News.\n", "v7.1.0", "The tag is v7.1.0, but pyproject.toml says 7.2.0"),
        ("7.2.0", "## 7.1.0\n\n- News.\n", None, "CHANGELOG.md begins with 7.1.0, but pyproject.toml says 7.2.0."),
        ("7.2.0", "## 7.2.0\n\n## 7.1.0\n\n- News.\n", "v7.2.0", "says nothing under ## 7.2.0"),
        ("7.2.0", "## Unreleased\n\n- More.\n\n## 7.2.0\n\n- News.\n", "v7.2.0", "begins with Unreleased"),
        ("7.2.0", "", None, "begins with nothing"),
    ],
)
def test_disagreement_is_found(tmp_path: Path, pyproject: str, news: str, tag: str | None, sentence: str) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").replace(f'"{PRESENT}"', f'"{pyproject}"', 1)
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{news}", encoding="utf-8")
    with pytest.raises(UserError, match=re.escape(sentence)):
        versions.check(tmp_path, tag)


def test_this_checkout_agrees_with_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version", "--check"]) == 0
    assert capsys.readouterr().out == f"{PRESENT} everywhere\n"
    assert PRESENT in changelog.sections(changelog.text(ROOT))
