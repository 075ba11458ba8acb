"""That the benchmarks run and say what they promise. What they measure is no test: these machines are shared."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.tables import markdown, spread
from tests.conftest import on_linux, run, save_npz, ten_patterns


def cells(table: str) -> list[list[str]]:
    """Return the rows of a Markdown table, the line below its head left out."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("|")]
    assert set("".join(rows.pop(1))) == {"-", ":"}
    return rows


@pytest.mark.usefixtures("display")
def test_side_by_side_prints_its_three_ratios() -> None:
    done = run("benchmarks", "side-by-side", "--json", "--runs", "1", "--answers", "2")
    assert done.returncode == 0, done.stderr
    ratios = json.loads(done.stdout)
    assert list(ratios) == ["window_ratio", "answer_ratio", "memory_ratio"]
    assert all(ratio > 0 for ratio in ratios.values())


def test_placements_are_measured_for_both_programs(shared: Path, tmp_path: Path) -> None:
    tool, ink = shared / "tools" / "pen_cases.py", shared / "data" / "pad-digits.jsonl"
    command = [sys.executable, str(tool), str(ink), "--limit", "20", "--pictures", str(tmp_path / "pictures")]
    (tmp_path / "cases.jsonl").write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    done = run("benchmarks", "placements", tmp_path / "cases.jsonl", tmp_path / "pictures")
    assert done.returncode == 0, done.stderr
    head, *rows = cells(done.stdout)
    assert head == ["", "centred", "small", "corner", "tall", "mean"]
    assert [row[0] for row in rows] == ["inkling, ink", "inkling, pictures", "plain, pictures"]


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


def test_training_is_measured_beside_plain_fit(tmp_path: Path) -> None:
    data = save_npz(tmp_path / "few.npz", **ten_patterns(600, 100))
    done = run("benchmarks", "training", "--data", data, "--runs", "1", "--json")
    assert done.returncode == 0, done.stderr
    ratios = json.loads(done.stdout.splitlines()[-1])
    assert list(ratios) == ["mlp-512-dropout", "mlp-256", "mlp-1200-1000-500"]
    assert all(ratio > 0 for ratio in ratios.values())


@on_linux
def test_kills_while_drawings_are_kept_lose_none_that_was_confirmed() -> None:
    done = run("benchmarks", "keeps", "--kills", "8", "--seed", "1")
    assert done.returncode == 0, done.stderr
    killed, confirmed, _, wrong = done.stdout.splitlines()
    assert killed.startswith("     8 programs killed")
    assert int(confirmed.split()[0]) > 20
    assert wrong.split() == ["0", "things", "wrong"]


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


@on_linux
@pytest.mark.usefixtures("display")
def test_a_monkey_finds_no_fault() -> None:
    done = run("benchmarks", "monkey", "--events", "600", "--seed", "5")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split(" events in")[0]) >= 600
    assert "0 faults" in done.stdout.splitlines()[-1], done.stdout


def test_tables_say_medians_and_spreads() -> None:
    assert spread([3.0, 1.0, 2.0], 1) == "2.0 (1.0 to 3.0)"
    assert spread([1234.5], 0) == "1,234"
    assert markdown(["", "ms"], [["one", "1.0"], ["other", "12.5"]]).splitlines() == [
        *("|       |   ms |", "| ----- | ---: |", "| one   |  1.0 |", "| other | 12.5 |")
    ]
