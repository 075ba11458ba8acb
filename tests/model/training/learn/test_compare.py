"""Variants compared on a few images, as a user asks for it."""

import csv
from pathlib import Path

import pytest

from model.data.recipe import Recipe
from tests.conftest import run, run_anew, save_npz, ten_patterns

WORDS = ("--variant", "mlp-128,epochs=2", "--variant", "mlp-256-128-dropout,activation=tanh,epochs=1,batch-size=20")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return save_npz(tmp_path / "few.npz", **ten_patterns(600, 100))


def test_variants_become_a_table_in_three_forms(data: Path, tmp_path: Path) -> None:
    done = run("model", "compare", "--data", data, *WORDS, "--seeds", "2", "--output", tmp_path / "table")
    assert done.returncode == 0, done.stderr
    *notes, first, second, last = done.stdout.splitlines()
    assert [" ".join(note.split()[:4]) for note in notes] == ["The current model reads", "There are only 600"]
    assert first.startswith("mlp-128,epochs=2: ")
    assert second.startswith("mlp-256-128-dropout,activation=tanh,epochs=1,batch-size=20: ")
    assert last == f"see {tmp_path / 'table' / 'compare.md'}"
    with (tmp_path / "table" / "compare.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["activation"] for row in rows] == ["relu", "tanh"]
    assert [row["units"] for row in rows] == ["128", "256, 128"]
    for row in rows:
        seeds = [float(row["seed 0"]), float(row["seed 1"])]
        assert float(row["test accuracy"]) == pytest.approx(sum(seeds) / 2, abs=1e-5)
        assert float(row["spread"]) == pytest.approx(abs(seeds[0] - seeds[1]) / 2**0.5, abs=1e-5)
        assert float(row["seconds an epoch"]) > 0
    text = (tmp_path / "table" / "compare.md").read_text(encoding="utf-8")
    assert f"| {float(rows[0]['test accuracy']):.2%} |" in text
    assert (tmp_path / "table" / "compare.png").read_bytes().startswith(b"\x89PNG")
    (tmp_path / "table" / "mine.txt").touch()
    again = run_anew("model", "compare", "--data", data, *WORDS, "--output", tmp_path / "table")
    assert again.returncode == 1
    assert "has files in it that aren't a table's" in again.stderr


def test_published_rows_say_how_far_off_they_are() -> None:
    from model.training.learn import compare  # noqa: PLC0415  (TensorFlow)

    variant = compare.Variant("relu", "mlp-256", {}, 0.976)
    row = compare.Row(variant, Recipe.of("mlp-256"), "256", 1.5, (0.975, 0.979))
    assert "| 97.70% | 0.28 | 97.6% | +0.10 |" in compare.markdown([row])


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        ("mlp-7", "there is no network"),
        ("mlp-128,depth=3", "is no KNOB=VALUE"),
        ("mlp-128,epochs=many", "is no number for epochs"),
        ("mlp-128,epochs=0", "is not between"),
        ("mlp-128,activation=swish", "there is no activation"),
    ],
)
def test_a_variant_that_cannot_be_is_wrong_usage(variant: str, words: str) -> None:
    done = run("model", "compare", "--variant", variant, "--output", "x")
    assert done.returncode == 2
    assert words in done.stderr
