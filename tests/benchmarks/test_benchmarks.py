"""The benchmarks run, and say what they promise. Their figures aren't tested, because machines may be busy."""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import archives, bulk, bundles, freeze, page, results, speedrun
from benchmarks.__main__ import main, parser
from benchmarks.measurements import ENTRIES
from benchmarks.results import Result
from benchmarks.tables import markdown, spread
from tests.conftest import ROOT, on_linux, run, save_npz, ten_patterns

RESULT = Result(
    command="python -m benchmarks live",
    date="2026-11-23",
    seconds=70,
    version="1.2.3",
    commit="abcdef0",
    machine="3 cores of a processor, Some system 9",
    output=("| one | two |", "| --- | --: |", "| a   |   1 |"),
)


def cells(table: str) -> list[list[str]]:
    """Return the rows of a Markdown table, without the line below its head."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("|")]
    assert set("".join(rows.pop(1))) == {"-", ":"}
    return rows


def trained(benchmark: str, folder: Path, *words: str) -> Any:
    """Return a training benchmark's results on a few patterns: its last line, after what TensorFlow prints."""
    data = save_npz(folder / "few.npz", **ten_patterns(600, 100))
    done = run("benchmarks", benchmark, "--data", data, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.nightly
@pytest.mark.usefixtures("display")
def test_side_by_side_prints_its_three_ratios() -> None:
    done = run("benchmarks", "side-by-side", "--json", "--runs", "1", "--answers", "2")
    assert done.returncode == 0, done.stderr
    ratios = json.loads(done.stdout)
    assert list(ratios) == ["window_ratio", "answer_ratio", "memory_ratio"]
    assert all(ratio > 0 for ratio in ratios.values())


@pytest.mark.nightly
def test_placements_are_measured_for_both_programs(shared: Path, tmp_path: Path) -> None:
    tool, ink = shared / "tools" / "pen_cases.py", shared / "data" / "pad-digits.jsonl"
    command = [sys.executable, str(tool), str(ink), "--limit", "20", "--pictures", str(tmp_path / "pictures")]
    (tmp_path / "cases.jsonl").write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    done = run("benchmarks", "placements", tmp_path / "cases.jsonl", tmp_path / "pictures")
    assert done.returncode == 0, done.stderr
    head, *rows = cells(done.stdout)
    assert head == ["", "centred", "small", "corner", "tall", "mean"]
    assert [row[0] for row in rows] == ["inkling, ink", "inkling, pictures", "plain, pictures"]


@pytest.mark.nightly
def test_numbers_are_measured_beside_their_digits(shared: Path, tmp_path: Path) -> None:
    ink = shared / "data" / "pen-digits.jsonl"
    files = []
    for name, words in (("number_cases", ["--digits", "2", "--limit", "10"]), ("pen_cases", ["--limit", "40"])):
        tool, pictures = shared / "tools" / f"{name}.py", tmp_path / name
        command = [sys.executable, str(tool), str(ink), "--people", "validation", "--pictures", str(pictures), *words]
        cases = tmp_path / f"{name}.jsonl"
        cases.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
        files += [cases, pictures]
    done = run("benchmarks", "numbers", *files)
    assert done.returncode == 0, done.stderr
    head, *rows = cells(done.stdout)
    assert head == ["", "exact", "product", "points", "accepted"]
    assert [row[0] for row in rows] == [
        *("ink, 2 digits", "ink, one digit", "pictures, 2 digits", "pictures, one digit")
    ]


@pytest.mark.nightly
def test_training_is_measured_beside_plain_fit(tmp_path: Path) -> None:
    ratios = trained("training", tmp_path, "--runs", "1")
    assert list(ratios) == ["mlp-512-dropout", "mlp-256", "mlp-1200-1000-500"]
    assert all(ratio > 0 for ratio in ratios.values())


@pytest.mark.nightly
@on_linux
@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, bulk.NEEDED)), reason="OpenCV, ONNX or ONNX Runtime is missing: .[bench]"
)
def test_many_pictures_are_read_by_inkling_by_a_peer_and_by_keras(shared: Path) -> None:
    done = run("benchmarks", "bulk", "--data", shared / "data" / "mnist.npz", "--pictures", "100", "--runs", "1")
    assert done.returncode == 0, done.stderr
    head, *rows = cells(done.stdout)
    assert head == ["", "pictures a second", "CPU (s)", "read right", "memory (MB)"]
    assert [row[0] for row in rows] == [
        *("Inkling, `--jobs 1`", "Inkling, `--jobs 0`", "OpenCV and ONNX Runtime", "Keras' `predict`")
    ]
    assert all(float(row[3].rstrip("%")) >= 97 for row in rows)  # it's the same network in all of them
    assert all(float(cell.replace(",", "")) > 0 for row in rows for cell in (row[1], row[2], row[4]))


def test_what_many_pictures_are_measured_with_is_asked_for_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "onnxruntime" else find(name))
    assert main(["bulk"]) == 1
    assert re.fullmatch(r"OpenCV, .* install them with: .*\[bench\].*\n", capsys.readouterr().err)


@pytest.mark.nightly
def test_a_speedrun_trains_each_way_from_scratch(tmp_path: Path) -> None:
    medians = trained("speedrun", tmp_path, "--seeds", "1")
    assert list(medians) == ["99 %", "99.5 %", "plain fit, mlp-512-dropout"]
    for figures in medians.values():
        assert list(figures) == ["accuracy", "seconds", "cpu_seconds", "import_seconds"]
        assert all(figure > 0 for figure in figures.values())
    assert medians["plain fit, mlp-512-dropout"]["accuracy"] > 0.9  # to the others deformed patterns are noise


def test_a_speedrun_counts_the_seeds_that_reached_its_goal() -> None:
    took, before = speedrun.Took(wall=2.0, cpu=3.0), speedrun.Took(wall=4.0, cpu=5.0)
    some = [speedrun.Figures(accuracy, took, before) for accuracy in (0.9899, 0.99, 0.9931)]
    _head, first, second, plain = cells(speedrun.table(dict.fromkeys(speedrun.WAYS, some)))
    times = ["2.0 (2.0 to 2.0)", "3.0 (3.0 to 3.0)", "99.00 (98.99 to 99.31)"]
    assert first == ["99 %", "1", *times, "2 of 3", "4.0 (4.0 to 4.0)"]
    assert second[5] == "0 of 3"
    assert plain == ["plain fit, mlp-512-dropout", "8", *times, "", "4.0 (4.0 to 4.0)"]


@pytest.mark.nightly
def test_doubt_is_measured_by_threshold(shared: Path, tmp_path: Path) -> None:
    files = []
    for name in ("pen-digits", "not-digits"):
        ink = shared / "data" / f"{name}.jsonl"
        command = [sys.executable, str(shared / "tools" / "pen_cases.py"), str(ink), "--people", "validation"]
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(subprocess.run([*command, "--limit", "40"], capture_output=True, check=True).stdout)
        files.append(path)
    done = run("benchmarks", "doubt", *files)
    assert done.returncode == 0, done.stderr
    head, as_set, *_ = cells(done.stdout)
    assert head == ["threshold", "doubt", "accepted", "not-digits"]
    assert as_set[:2] == ["as it is set", "0.5000"]
    assert float(as_set[2].rstrip("%")) > 95
    assert done.stdout.splitlines()[-1].startswith("the network takes")


@pytest.mark.nightly
@on_linux
@pytest.mark.usefixtures("display")
def test_folders_with_programs_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The real window, started by a script like a frozen program, and compared with itself, so that neither wins."""
    words = []
    for name in ("plain", "light"):
        (tmp_path / name).mkdir()
        program = tmp_path / name / "inkling"
        program.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -m app\n", encoding="utf-8")
        program.chmod(0o755)
        words += [f"--{name}", str(tmp_path / name)]
    (tmp_path / "plain" / "large").write_bytes(bytes(1_000_000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(bundles.PROGRAMS, "plain", bundles.PROGRAMS["light"])
        assert main(["bundles", *words, "--full", str(tmp_path / "none"), "--runs", "1", "--answers", "1"]) == 0
    head, folder, *rows = cells(capsys.readouterr().out)
    assert head == ["", "plain", "light", "plain / light"]
    assert folder[:2] == ["folder (MB)", "1.0"]
    assert [row[0] for row in rows] == ["window ready (s)", "answer (ms)", "memory (MB)", "files"]
    assert all(0.2 < float(row[3]) < 5 for row in rows[:3])


def test_a_folder_without_a_program_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundles", "--plain", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert told == f"There is no frozen program in {tmp_path}; make it with: python -m benchmarks freeze --only plain\n"


def test_what_is_frozen_is_what_is_measured() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    measured = parser().parse_args(["bundles"])
    assert list(freeze.RECIPES) == list(bundles.PROGRAMS) == parser().parse_args(["freeze"]).only
    for name, recipe in freeze.RECIPES.items():
        assert getattr(measured, name) == Path("dist", recipe.folder)
        extras = [
            extra
            for words in recipe.installed
            for word in words
            for extra in re.findall(r"[\w-]+", word.partition("[")[2])
        ]
        assert set(extras) <= set(declared), name
        script = next(word for word in recipe.words if not word.startswith("-"))
        assert (ROOT / script).is_file()


@on_linux
def test_a_folder_is_as_large_as_its_files_and_links_count_once(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(os.urandom(100_000))
    (tmp_path / "again").hardlink_to(tmp_path / "deep" / "file")
    (tmp_path / "link").symlink_to("deep/file")
    (tmp_path / "folder").symlink_to("deep")
    assert bundles.measured(tmp_path) == bundles.Sizes(100_000 + len("deep/file") + len("deep"), 3)
    sizes = archives.packed({"plain": tmp_path, "light": tmp_path / "deep"})
    assert list(sizes) == ["tar.xz", "zip"]
    assert 100_000 < sizes["tar.xz"]["light"] <= sizes["tar.xz"]["plain"] < 105_000  # a hard link stays one
    assert 100_000 < sizes["zip"]["light"] < 105_000
    assert cells(archives.table(sizes))[0] == ["", "plain", "light", "plain / light"]


def test_tables_say_medians_and_spreads() -> None:
    assert spread([3.0, 1.0, 2.0], 1) == "2.0 (1.0 to 3.0)"
    assert spread([1234.5], 0) == "1,234"
    assert markdown(["", "ms"], [["one", "1.0"], ["other", "12.5"]]).splitlines() == [
        *("|       |   ms |", "| ----- | ---: |", "| one   |  1.0 |", "| other | 12.5 |")
    ]


def test_the_page_has_each_result_with_its_command_its_day_and_its_machine(tmp_path: Path) -> None:
    results.save("side-by-side", replace(RESULT, command="python -m benchmarks side-by-side --runs 3"), tmp_path)
    results.save("live", replace(RESULT, output=("8 drawings", "2 ms"), seconds=600), tmp_path)
    text = page.text(tmp_path)
    sections = dict(re.findall(r"^## (.*)\n([\s\S]*?)(?=^## |\Z)", text, re.MULTILINE))
    assert list(sections) == [entry.title for entry in ENTRIES]
    first = sections["From their sources"]
    assert (
        "```sh\npython -m benchmarks side-by-side --runs 3\n```\n\n| one | two |\n| --- | --: |\n| a   |   1 |\n"
        in first
    )
    assert "*2026-11-23, Inkling 1.2.3 (abcdef0); 3 cores of a processor, Some system 9; took 70 s.*" in first
    live = sections["The answer follows the pen"]
    assert "```text\n8 drawings\n2 ms\n```" in live
    assert "took 10 minutes" in live
    assert sections["Training"].endswith("*Not measured here.*\n\n")


def test_every_command_of_the_page_is_one_of_the_benchmarks() -> None:
    commands = re.findall(r"^```sh\n(.*)\n```$", page.PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 1 + len(ENTRIES)
    for command in [*commands, *(f"python -m benchmarks {entry.command}" for entry in ENTRIES)]:
        assert command.startswith("python -m benchmarks ")
        parser().parse_args(shlex.split(command)[3:])


def test_the_page_is_what_its_command_writes_and_names_no_place() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert text == page.text(results.FOLDER), "run python -m benchmarks page --only"
    assert not re.search(r"(?<![\w.])/(?:home|root|tmp|usr|work|Users)\b", text)


@pytest.mark.nightly
@on_linux
def test_the_page_is_written_although_something_could_not_be_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    monkeypatch.setattr(page, "ROOT", tmp_path)
    monkeypatch.setattr(page, "PAGE", tmp_path / "README.md")
    monkeypatch.setattr(page, "ENTRIES", [replace(entry, command=f"{entry.command} --drawings 1") for entry in ENTRIES])
    assert main(["page", "--only", "live", "doubt"]) == 1  # which doesn't know this option
    assert "Not measured, and left as before on the page: doubt." in capsys.readouterr().err
    kept = json.loads((tmp_path / "results" / "live.json").read_text(encoding="utf-8"))
    assert kept["command"] == "python -m benchmarks live --drawings 1"
    assert len(kept["output"]) >= 2  # a heading and at least one line
    assert not (tmp_path / "results" / "doubt.json").exists()
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert text.count("python -m benchmarks live --drawings 1") == 1
    assert f"*{kept['date']}, Inkling {kept['version']}" in text
