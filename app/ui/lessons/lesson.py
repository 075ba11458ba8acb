"""Reads a lesson's file, strictly: docs/lessons.md says what it may contain. Nothing in it is run."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from app.kept import paths
from app.ui.lessons.measured import MEASURES
from model.base import language
from model.base.errors import UserError
from model.base.files import read_plain
from model.base.language import N_, _
from model.base.program import ROOT
from model.base.shown import shown
from model.data.architectures import NETWORKS
from model.data.recipe import KNOBS
from model.inside.damage import KINDS

FOLDER = ROOT / "assets" / "lessons"  # the program's own, with a folder for each language
ENDINGS = (".md", ".txt")
LARGEST_LESSON = 100_000  # bytes
BUILT_IN = "built-in"  # the built-in model's name in a lesson
MOST_CHOICES = 9  # in a prediction: each has a digit's key
NUMBER = r"-?\d+(?:\.\d+)?"
NAMED = re.compile(r"\{(.*?)\}")  # in a text: the name of a measured value
ON = (0, 1)

Allowed = tuple[float, float] | Sequence[str]  # from and to, or words
STEPS: Mapping[str, tuple[Sequence[str], Mapping[str, Allowed]]] = {  # name -> its word, if it has one, and parameters
    "draw": ((), {}),
    "show": (("laboratory",), {}),
    "pin": ((), {"layer": (1, 100), "unit": (1, 100_000), "answer": (0, 9)}),
    "change": ((), {"off": ON, "bias": (-10, 10), "prune": (0, 100), "temperature": (0.125, 8)}),
    "damage": ((), {kind.name: kind.ends for kind in KINDS} | {"fit": ON}),
    "use": ((BUILT_IN, *NETWORKS), {}),
    "beside": ((BUILT_IN, *NETWORKS), {}),
    "train": (
        tuple(NETWORKS),
        {name: knob.choices or knob.between or ON for name, knob in KNOBS.items() if knob.label},
    ),
}

NO_TITLE = N_("a lesson begins with # and its title")
ONE_PREDICTION = N_("a step has one prediction")
CHOICES = N_("a prediction has two to nine choices: one begins with *, or all but the last end in [VALUE < NUMBER]")
UNKNOWN = N_("“{word}” isn't known here. Possible are: {known}")
NO_NUMBER = N_("{name} is a number from {low} to {high}")


@dataclass(frozen=True, slots=True)
class Do:
    """Something that a step does in the program: its name in `STEPS`, its word, and its parameters."""

    name: str
    word: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice in a prediction. It's the right one, or it's right if a value is below a number and no earlier one."""

    text: str
    is_right: bool = False
    value: str = ""  # of `MEASURES`
    below: float = 0.0


@dataclass(slots=True)
class Step:
    """What a step says, does and asks, and what it does and says once that's answered; at once if it asks nothing."""

    text: str = ""
    first: list[Do] = field(default_factory=list)
    question: str = ""
    choices: list[Choice] = field(default_factory=list)
    do: list[Do] = field(default_factory=list)
    then: str = ""

    @property
    def values(self) -> set[str]:
        """The names of the values that it measures."""
        said = " ".join((self.text, self.question, self.then, *(each.text for each in self.choices)))
        return {*NAMED.findall(said), *(each.value for each in self.choices if each.value)}

    def right(self, values: Mapping[str, float]) -> int | None:
        """Return the place of the right choice; None if the value that decides hasn't been measured."""
        if any(each.value and each.value not in values for each in self.choices):
            return None
        found = (each.is_right or (bool(each.value) and values[each.value] < each.below) for each in self.choices)
        return next((place for place, is_right in enumerate(found) if is_right), len(self.choices) - 1)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson; if its file isn't valid, the reason, and then it doesn't have any steps."""

    path: Path
    title: str
    steps: Sequence[Step] = ()
    problem: str = ""


def everything() -> list[Lesson]:
    """Return the program's lessons, in the current language or otherwise in English, and then the user's own."""
    built_in = FOLDER / language.current()
    folders = built_in if built_in.is_dir() else FOLDER / language.ENGLISH, own_folder()
    return [_tried(path) for folder in folders for path in _files(folder)]


def own_folder() -> Path:
    """Return the folder for the user's own lessons; it may not exist yet."""
    return paths.settings_file(paths.FIRST).with_name("lessons")  # shared by all profiles


def read(path: Path) -> Lesson:
    """Return the lesson in a file. Raises UserError, which names the line that's wrong."""
    name = shown(path.name)
    try:
        text = read_plain(path, LARGEST_LESSON).decode("utf-8-sig")
    except OSError as error:
        sentence = _("{file} can't be read ({reason}). Choose another lesson.")
        if error.errno == errno.EFBIG:
            sentence = _("{file} is larger than {most} bytes. Make two lessons of it.")
        raise UserError(sentence, file=name, reason=error.strerror, most=f"{LARGEST_LESSON:,}") from error
    except UnicodeDecodeError as error:
        raise UserError(_("{file} isn't text in UTF-8. Save it so, and open it again."), file=name) from error
    return _Reader(path).lesson([line.strip() for line in text.splitlines()])


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in ENDINGS)
    except OSError:  # the folder doesn't exist yet
        return []


def _tried(path: Path) -> Lesson:
    try:
        return read(path)
    except UserError as error:
        return Lesson(path, shown(path.name), problem=str(error))


class _Reader:
    """Reads a lesson line by line."""

    def __init__(self, path: Path):
        self._path, self._number = path, 1
        self._steps = [Step()]
        self._chooses = False  # whether the next lines are choices

    def lesson(self, lines: Sequence[str]) -> Lesson:
        title = lines[0].removeprefix("# ") if lines and lines[0].startswith("# ") else ""
        if not title:
            self._fail(_(NO_TITLE))
        for line in lines[1:]:
            self._number += 1
            self._take(shown(line))
        self._end()
        return Lesson(self._path, shown(title), self._steps)

    def _take(self, line: str) -> None:
        step = self._steps[-1]
        for name in NAMED.findall(line):
            self._one_of(name, tuple(MEASURES))
        if self._chooses and line[:2] in ("- ", "* "):
            step.choices.append(self._choice(line[2:].strip(), is_right=line[0] == "*"))
        elif line.startswith("::predict "):
            if step.question:
                self._fail(_(ONE_PREDICTION))
            step.text, step.then = f"{step.text}\n\n{step.then}", ""  # the text comes before it
            step.question, self._chooses = line.partition(" ")[2].strip(), True
        elif line == "---":
            self._end()
            self._steps.append(Step())
        elif line.startswith("::"):
            self._chooses = False
            (step.do if step.question else step.first).append(self._do(*line[2:].split()))
        elif line or not self._chooses:
            self._chooses = False
            if step.first or step.question:
                step.then += f"{line}\n"
            else:
                step.text += f"{line}\n"

    def _end(self) -> None:
        """End a step: its lines become paragraphs."""
        step = self._steps[-1]
        sure = sum(choice.is_right for choice in step.choices)
        measured = [bool(choice.value) for choice in step.choices]
        told = not sure and measured == [True] * (len(measured) - 1) + [False]
        if step.question and not (
            (told or (sure == 1 and not any(measured))) and 2 <= len(step.choices) <= MOST_CHOICES
        ):
            self._fail(_(CHOICES))
        self._chooses = False
        step.text, step.then = _paragraphs(step.text), _paragraphs(step.then)

    def _choice(self, text: str, *, is_right: bool) -> Choice:
        if condition := re.search(rf"\s*\[(\w+) < ({NUMBER})\]$", text):
            value = self._one_of(condition[1], tuple(MEASURES))
            return Choice(text[: condition.start()], is_right, value, float(condition[2]))
        return Choice(text, is_right)

    def _do(self, name: str = "", *words: str) -> Do:
        known, allowed = STEPS[self._one_of(name, tuple(STEPS))]
        word = self._one_of(words[0] if words else "", known) if known else ""
        given = dict(each.partition("=")[::2] for each in words[bool(known) :])
        for key, value in given.items():
            held = allowed[self._one_of(key, tuple(allowed))]
            low, high = held[0], held[-1]
            if isinstance(low, str) or isinstance(high, str):
                self._one_of(value, held)
            elif not re.fullmatch(NUMBER, value) or not low <= float(value) <= high:
                self._fail(_(NO_NUMBER).format(name=key, low=low, high=high))
        return Do(name, word, given)

    def _one_of(self, word: str, known: Sequence[object]) -> str:
        if word not in known:
            self._fail(_(UNKNOWN).format(word=word, known=", ".join(map(str, known)) or "-"))
        return word

    def _fail(self, why: str) -> NoReturn:
        raise UserError(_("{file}, line {line}: {why}."), file=shown(self._path.name), line=self._number, why=why)


def _paragraphs(lines: str) -> str:
    """Return paragraphs, a line each: in the file, they're separated by a blank line."""
    return "\n".join(" ".join(part.split("\n")) for part in re.split(r"\n{2,}", lines.strip()) if part)
