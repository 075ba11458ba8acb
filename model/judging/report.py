"""A report on a network as a folder: report.md to read, report.json for programs, and their pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from matplotlib.figure import Figure

from model.base.errors import UserError
from model.base.files import real
from model.base.language import _
from model.bundle import folders
from model.bundle.bundle import LITERT_FILE, Bundle
from model.data.data import LOOKALIKES
from model.judging import charts
from model.judging.acceptance import ENOUGH
from model.judging.evaluate import Examples
from model.judging.markdown import escaped, table
from model.judging.measure import Mistake, Report
from model.reading.recognizer import THRESHOLD

TEXT, DATA = "report.md", "report.json"
CONFUSION, RELIABILITY, COVERAGE = "confusion.png", "reliability.png", "coverage.png"
MISTAKES = "mistakes.png"  # only where there are any
UNKNOWN = "\N{EN DASH}"
_ALWAYS = {TEXT, DATA, CONFUSION, RELIABILITY}
AT = (90, 95, 98, 99, 100)  # percent accepted, at which it's said how many are wrong


def write_report(path: Path, bundle: Bundle, examples: Examples, report: Report) -> None:
    """Write a report next to ``path``, then replace an older one with it, so that there's never half a report.

    Raises UserError when ``path`` holds something else, or can't be written.
    """
    path = real(path)
    check_target(path)
    files = {
        TEXT: markdown(bundle, examples, report).encode(),
        DATA: to_json(bundle, examples, report).encode(),
        CONFUSION: charts.png(charts.draw_confusion(report.confusion)),
        RELIABILITY: charts.png(charts.draw_reliability(report.bins)),
        COVERAGE: charts.png(charts.draw_coverage(report.acceptance)),
    }
    if report.mistakes:
        files[MISTAKES] = charts.png(mistakes_figure(examples, report.mistakes))
    try:
        with folders.written(path) as fresh:
            for name, content in files.items():
                (fresh / name).write_bytes(content)
    except OSError as error:
        sentence = _("The report can't be written to {path} ({reason}); choose another folder.")
        raise UserError(sentence, path=path, reason=error.strerror) from error


def check_target(path: Path) -> None:
    """Raise UserError unless a report may be written there: to a folder that is new, empty, or a report."""
    no_folder = _("A report can't be written to {path} ({reason}). Choose another folder.")
    others = _("{path} has files in it that aren't a report's. Choose a new or an empty folder.")
    folders.check_names(
        path, lambda names: not names or _ALWAYS <= names <= {*_ALWAYS, COVERAGE, MISTAKES}, no_folder, others
    )


def to_json(bundle: Bundle, examples: Examples, report: Report) -> str:
    """Return all numbers of a report as a JSON object; what isn't defined is null."""
    card = bundle.card
    model = {"network": card.network, "weights": card.weights, "sha256": card.sha256[LITERT_FILE]}
    others = examples.not_digits and examples.not_digits.source
    return (
        json.dumps(
            {"model": model, "examples": examples.source, "not_digits": others, **asdict(report)},
            indent=1,
            allow_nan=False,
        )
        + "\n"
    )


def markdown(bundle: Bundle, examples: Examples, report: Report) -> str:
    """Return a report for people."""
    card = bundle.card
    kind = "drawings" if examples.is_ink else "images"
    wrong = report.count - sum(report.confusion[digit][digit] for digit in range(10))
    digits = [
        (
            *(str(scores.digit), f"{scores.count:,}"),
            *map(_percent, (scores.precision, scores.recall, scores.f1)),
            UNKNOWN if scores.auc is None else f"{scores.auc:.4f}",
        )
        for scores in report.scores
    ]
    bins = [
        (str(number), f"{part.count:,}", _percent(part.confidence), _percent(part.accuracy))
        for number, part in enumerate(report.bins, 1)
    ]
    sections = [
        f"# How {escaped(card.network)} reads {escaped(examples.source)}",
        f"**{_percent(report.accuracy)} are read right**, {wrong:,} of {report.count:,} wrong. "
        f"The loss (cross-entropy) is {report.loss:.4f} nats, the calibration error "
        f"{_percent(report.calibration_error)}. The network has {card.weights:,} weights and is of "
        f"{escaped(card.date[:10])}.",
        "## By digit",
        table(("digit", kind, "precision", "recall", "F1", "AUC"), digits),
        "Precision: of what was read as this digit, the part that is one. Recall: of this digit, the part that was "
        "read as one. F1: their harmonic mean. AUC: how often one of this digit is given a higher probability of being "
        f"it than one of another digit is. A dash: these {kind} don't say.",
        "## What is read as what",
        f"![The confusion matrix]({CONFUSION})",
        "## How far its confidence can be trusted",
        f"![The reliability diagram]({RELIABILITY})",
        f"The {kind} are ordered by the probability of the answer and parted into {len(report.bins)} bins of equal "
        "count (Nguyen and O'Connor 2015). The calibration error is the mean distance between a bin's confidence and "
        "the part of it that is read right (the expected calibration error of Guo et al. 2017).",
        table(("bin", kind, "mean confidence", "read right"), bins),
        *_acceptance(examples, report, kind),
    ]
    for name, subsets in (("placement", report.placements), ("writer", report.writers)):
        rows = [(escaped(one.name or UNKNOWN), f"{one.count:,}", _percent(one.accuracy)) for one in subsets]
        if rows:
            sections += [f"## By {name}", table((name, "drawings", "read right"), rows)]
    shown = ["The surest of the wrong answers first.", f"![The worst mistakes]({MISTAKES})"]
    sections += ["## The worst mistakes", *(shown if report.mistakes else ["There are none."])]
    return "\n\n".join(sections) + "\n"


def _acceptance(examples: Examples, report: Report, kind: str) -> list[str]:
    """Return the sections on what is accepted and what is rejected."""
    accepted, rejection, source = report.acceptance, report.acceptance.rejection, examples.not_digits
    rows = [
        (each.order, f"{each.count:,}", f"{each.area * 100:.4f} %", *(_percent(each.wrong[percent]) for percent in AT))
        for each in accepted.coverages
    ]
    sections = [
        "## How many are wrong of what it accepts",
        f"![The risk-coverage curves]({COVERAGE})",
        f"At a doubt of at most {THRESHOLD}, as the threshold is set, {_percent(accepted.accepted)} are accepted, and "
        f"{_percent(accepted.wrong)} of those are read wrong. The curves and the table tell how many are wrong of the "
        "accepted when the surest are accepted first (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017), the area "
        "is the mean of that over all shares accepted. Confidence × (1 − doubt) is how likely an answer is right: "
        "it's a digit, and then this one (Chow 1970). Doubt alone is what the threshold is of.",
        table(("the surest by", kind, "area", *(f"wrong at {percent} %" for percent in AT)), rows),
    ]
    if examples.mislabelled:
        without = accepted.coverages[-1]
        sections.append(
            f"Without the {report.count - without.count} images whose label most of five people didn't see in them "
            f"(Northcutt, Athalye and Mueller 2021), {_percent(1 - without.wrong[100])} are read right, "
            f"{round(without.wrong[100] * without.count):,} of {without.count:,} wrong."
        )
    if rejection and source:
        sections += [
            "## How well it tells digits from what is none",
            f"Of {escaped(source.source)}, which show none, {_percent(rejection.rejected)} are rejected as the "
            f"threshold is set, {_percent(rejection.rejected_at_enough)} where {ENOUGH} % of the {kind} are accepted. "
            f"The AUROC is {rejection.auroc:.4f}: how often one of them is doubted more than a digit is. "
            f"What looks like a digit, {escaped(' '.join(sorted(LOOKALIKES)))}, is left out.",
        ]
    return sections


def mistakes_figure(examples: Examples, mistakes: Sequence[Mistake]) -> Figure:
    """Return mistakes in a grid, each with what it is, what it was read as, and where it stands among the examples."""
    tiles = []
    for mistake in mistakes:
        note = f"test image {mistake.index}"  # what `inspect --test` takes
        if examples.is_ink:
            known = [names[mistake.index] or UNKNOWN for names in (examples.writers, examples.placements) if names]
            note = ", ".join(known)
            note = note if len(note) <= 18 else f"{note[:17]}…"  # about what fits under an image
        title = charts.answer_title(mistake.label, mistake.answer, mistake.confidence)
        tiles.append(charts.Tile(examples.images[mistake.index], title, note, wrong=True))
    return charts.draw_tiles(tiles)


def _percent(fraction: float | None) -> str:
    return UNKNOWN if fraction is None else f"{fraction * 100:.2f} %"
