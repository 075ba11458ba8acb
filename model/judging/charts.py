"""Every picture that Matplotlib draws: images in a grid, confusion, calibration, the curves of a training.

Figures are made without pyplot, so there's no global state, no window and no backend to choose.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from model.base.events import EpochDone
from model.judging.fonts import families_for

if TYPE_CHECKING:
    # They bring scikit-learn, which curves don't need.
    from model.judging.acceptance import Acceptance
    from model.judging.measure import Bin

INK, MUTED, EDGE = "#111827", "#4b5563", "#d1d5db"  # the window's own, as are the next two
ACCENT, WARNING = "#1d4ed8", "#9a3412"
DOTS_PER_INCH = 120
PLANE_SIDE = 200  # places each way, at which a plane is answered
POINT_KINDS = ((ACCENT, "o"), ("#c2410c", "s"), ("#0f766e", "^"), ("#7e22ce", "D"))  # of points: told by shape as well
MOST_MARKERS = 30  # on a curve that shows its points; more are a line

_TILE = 0.9  # inches: the side of an image in a grid
_GAP = 0.34  # inches between images: as wide as a title needs to be read by itself
_LINE = 0.15  # inches: a line of text under or over an image


@dataclass(frozen=True, slots=True)
class Tile:
    """An image in a grid, the words over it, and a smaller note under it."""

    image: npt.NDArray[np.generic]  # (28, 28), any scale, ink bright
    title: str
    note: str = ""
    wrong: bool = False  # shows the title as a warning


def answer_title(label: int, answer: int, confidence: float) -> str:
    """Return the words over an image that was read."""
    return f"{label} read as {answer}, {confidence * 100:.0f} %"


@dataclass(frozen=True, slots=True)
class DotRow:
    """A row of a dot plot: fractions that were measured, and one that was published, if any."""

    name: str
    measured: Sequence[float]
    published: float | None = None


@dataclass(frozen=True, slots=True)
class Plane:
    """A square of the plane, from -1 to 1 each way, as a network of few units answers there."""

    title: str
    probabilities: npt.NDArray[np.float64]  # (PLANE_SIDE, PLANE_SIDE, answers) at `plane_grid`
    points: npt.NDArray[np.float64]  # (n, 2), what it learned from
    labels: npt.NDArray[np.int64]  # (n,), and what they are
    names: Sequence[str]  # of the right answer in each quadrant
    lines: Sequence[Any] = ()  # (x, y, constant) of each hidden unit, which speaks where x·X + y·Y + constant > 0


def draw_tiles(tiles: Sequence[Tile], title: str = "") -> Figure:
    """Return images in a grid, row by row, about as wide as high; black ink on white paper.

    The texts show in any script that an installed font has (see `families_for`).
    """
    columns = min(len(tiles), max(1, round(math.sqrt(len(tiles) * 1.5))))
    rows = -(-len(tiles) // columns)
    lines = 1 + any(tile.note for tile in tiles)
    width, height = columns * (_TILE + _GAP) + _GAP, rows * (_TILE + lines * _LINE + _GAP / 2) + _GAP / 2
    figure = Figure((width, height))
    families, _ = families_for(title + "".join(tile.title + tile.note for tile in tiles))
    words: dict[str, Any] = {"fontfamily": families, "parse_math": False}  # a $ is a $
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        left = _GAP + column * (_TILE + _GAP)
        bottom = height - (row + 1) * (_TILE + lines * _LINE + _GAP / 2) + (lines - 1) * _LINE
        axes = figure.add_axes((left / width, bottom / height, _TILE / width, _TILE / height))
        axes.imshow(tile.image, cmap="gray_r", interpolation="nearest")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color(EDGE)
        axes.set_title(tile.title, size=7.5, pad=3, color=WARNING if tile.wrong else INK, **words)
        axes.set_xlabel(tile.note, size=6.5, labelpad=3, color=MUTED, **words)
    if title:
        figure.text(0.5, 1, title, size=14, color=INK, ha="center", va="bottom", **words)
    return figure


def draw_confusion(confusion: Sequence[Sequence[int]]) -> Figure:
    """Return a confusion matrix: (10, 10) counts, rows what it is, columns what it was read as.

    Only mistakes are coloured, by their part of the row: the diagonal would outshine them all.
    """
    counts = np.array(confusion)
    part = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(part, 0)
    figure = Figure((6.4, 6.2))
    axes = figure.add_axes((0.1, 0.03, 0.87, 0.86))
    colours = LinearSegmentedColormap.from_list("mistakes", ["#ffffff", "#fdba74", WARNING])
    # The root, so that one frequent mistake leaves the others visible; full colour at 5 % or more, so that a good
    # network's few mistakes don't shout.
    shades = np.sqrt(part / max(0.05, part.max()))
    axes.imshow(shades, cmap=colours, vmin=0, vmax=1)
    for row, column in np.argwhere(counts):
        colour = "white" if shades[row, column] > 0.75 else INK
        look: dict[str, Any] = {"color": colour, "weight": "bold" if row == column else "normal", "size": 9.5}
        axes.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", **look)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(range(10))
        axis.set_ticks(np.arange(11) - 0.5, minor=True)
    axes.grid(which="minor", color=EDGE, linewidth=0.6)
    axes.tick_params(which="both", length=0, labelsize=11, labelcolor=INK)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("read as", color=MUTED, labelpad=6)
    axes.set_ylabel("is", color=MUTED, labelpad=10, rotation=0, va="center")
    axes.spines[:].set(color=EDGE, linewidth=0.6)
    return figure


def draw_reliability(bins: Sequence[Bin]) -> Figure:
    """Return a reliability diagram, and next to it the same bins one by one, because most crowd at 100 %."""
    confidences, accuracies = ([getattr(part, name) for part in bins] for name in ("confidence", "accuracy"))
    figure = Figure((9, 4.2))
    whole, each = _axes(figure, (0.07, 0.14, 0.4, 0.77)), _axes(figure, (0.575, 0.14, 0.41, 0.77))
    whole.plot([0, 1], [0, 1], color=EDGE, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    whole.plot(confidences, accuracies, color=ACCENT, marker="o", markersize=4.5, linewidth=1.2, clip_on=False)
    whole.set(xlim=(0, 1), ylim=(0, 1), xlabel="mean confidence of a bin", ylabel="read right")
    whole.set_title("Reliability; on the dashed line it is as right as it is sure", size=9, color=MUTED, loc="left")
    for axis in (whole.xaxis, whole.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    gaps = np.subtract(confidences, accuracies) * 100
    each.bar(range(1, len(bins) + 1), gaps, width=0.7, color=[WARNING if gap > 0 else ACCENT for gap in gaps])
    each.axhline(0, color=MUTED, linewidth=0.8)
    each.set(xlim=(0.3, len(bins) + 0.7), ylim=(min(-1.0, gaps.min() * 1.1), max(1.0, gaps.max() * 1.1)))
    each.set(xlabel="bin, from the least sure to the surest", xticks=range(1, len(bins) + 1, 2))
    each.set_ylabel("confidence \N{MINUS SIGN} accuracy, percentage points")
    each.set_title("Too sure above zero, too modest below", size=9, color=MUTED, loc="left")
    return figure


def draw_coverage(acceptance: Acceptance) -> Figure:
    """Return the risk-coverage curves, and next to them their last tenth; a dot is where the threshold is."""
    figure = Figure((9, 3.8))
    for place, least in ((0.075, 0), (0.58, 90)):
        axes = _axes(figure, (place, 0.15, 0.4, 0.74))
        for each, (colour, _marker) in zip(acceptance.coverages, POINT_KINDS, strict=False):
            parts = {percent / 100: wrong for percent, wrong in each.wrong.items() if percent >= least}
            axes.plot(list(parts), list(parts.values()), color=colour, label=each.order, linewidth=1.5)
        if acceptance.wrong is not None:
            axes.plot(acceptance.accepted, acceptance.wrong, "o", color=INK, markersize=5, label="as it is set")
        axes.set(xlim=(least / 100, 1.002), xlabel="accepted", ylabel="read wrong, of the accepted")
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.yaxis.set_major_formatter(PercentFormatter(1))
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="upper center", ncols=5, frameon=False, fontsize=8.5)
    return figure


def draw_curves(history: Sequence[EpochDone]) -> Figure:
    """Return the curves of a training: loss and accuracy by epoch, for the training and the validation images."""
    epochs = [done.epoch for done in history]
    figure = Figure((9, 3.6))
    for number, name in enumerate(("loss", "accuracy")):
        axes = _axes(figure, (0.065 + 0.52 * number, 0.15, 0.41, 0.78))
        for prefix, label, colour in (("", "training", MUTED), ("validation_", "validation", ACCENT)):
            values = [getattr(done, prefix + name) for done in history]
            # A single epoch is a point, which a line alone wouldn't show.
            marker = "o" if len(history) <= MOST_MARKERS else ""
            axes.plot(epochs, values, color=colour, label=label, linewidth=1.5, marker=marker, markersize=3.5)
        axes.set(xlabel="epoch", ylabel=name)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if name == "accuracy":
            axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.legend(frameon=False, labelcolor=INK, fontsize=9)
    return figure


def plane_grid() -> npt.NDArray[np.float64]:
    """Return the points that a `Plane` is answered at, (PLANE_SIDE², 2), row by row from below."""
    middles = (np.arange(PLANE_SIDE) + 0.5) / PLANE_SIDE * 2 - 1
    x, y = np.meshgrid(middles, middles)
    return np.stack([x, y], axis=-1).reshape(-1, 2)


def draw_planes(planes: Sequence[Plane]) -> Figure:
    """Return planes, two a row: tinted by the answers, with the points, and a line for each hidden unit.

    The bristles of a line are on the side where its unit speaks; a stronger line is a stronger unit.
    """
    rows = -(-len(planes) // 2)
    figure = Figure((8.2, 4.15 * rows))
    for number, plane in enumerate(planes):
        row, column = divmod(number, 2)
        axes = figure.add_axes((0.01 + 0.5 * column, (rows - row - 0.95) / rows, 0.47, 0.87 / rows))
        tints = np.array([to_rgb(colour) for colour, _ in POINT_KINDS[: plane.probabilities.shape[-1]]])
        axes.imshow(1 - (1 - plane.probabilities @ tints) * 0.3, extent=(-1, 1, -1, 1), origin="lower")
        for kind, (colour, marker) in enumerate(POINT_KINDS):
            x, y = plane.points[plane.labels == kind].T
            axes.plot(x, y, marker, color=colour, markersize=3.2, alpha=0.75, mew=0, zorder=2)
        longest = max((math.hypot(*line[:2]) for line in plane.lines), default=0.0)
        for line in plane.lines:
            _draw_unit(axes, line, math.hypot(*line[:2]) / longest)
        for name, x, y in zip(plane.names, (0.5, -0.5, -0.5, 0.5), (0.5, 0.5, -0.5, -0.5), strict=True):
            words = axes.text(x, y, name, ha="center", va="center", size=20, color=INK, weight="bold", zorder=5)
            words.set_path_effects([patheffects.withStroke(linewidth=5, foreground="white", alpha=0.9)])
        axes.set(xlim=(-1, 1), ylim=(-1, 1), xticks=[], yticks=[])
        axes.spines[:].set_color(EDGE)
        axes.set_title(plane.title, size=10, color=INK, loc="left")
    return figure


def _draw_unit(axes: Axes, line: Sequence[float], strength: float) -> None:
    """Draw where a hidden unit begins to speak, with bristles on the side where it does."""
    x, y, constant = line
    length = math.hypot(x, y)
    if not length:
        return
    across = np.array([x, y]) / length
    along = np.array([-across[1], across[0]])
    foot = -constant / length * across  # of the perpendicular from the middle
    ends = np.array([foot - 3 * along, foot + 3 * along])
    look: dict[str, Any] = {"color": INK, "alpha": 0.25 + 0.6 * strength, "zorder": 3, "clip_on": True}
    axes.plot(*ends.T, linewidth=1 + 0.8 * strength, **look)
    for place in np.arange(-1.5, 1.5, 0.06):
        start = foot + place * along
        axes.plot(*np.array([start, start + 0.035 * across]).T, linewidth=0.8, **look)


def draw_points(rows: Sequence[DotRow], label: str) -> Figure:
    """Return a dot plot of fractions: a row a line, its measured values as dots, their mean and what was published."""
    height = 0.9 + 0.36 * len(rows)
    figure = Figure((7.2, height))
    axes = _axes(figure, (0.32, 0.55 / height, 0.65, 1 - 0.9 / height))
    for place, row in enumerate(rows):
        axes.plot(row.measured, [place] * len(row.measured), "o", color=ACCENT, alpha=0.35, markersize=5, mew=0)
        axes.plot(np.mean(row.measured), place, "|", color=ACCENT, markersize=14, mew=2)
        if row.published is not None:
            axes.plot(row.published, place, "D", color=WARNING, markersize=4.5, mfc="none")
    axes.plot([], [], "o", color=ACCENT, alpha=0.35, mew=0, label="a seed")
    axes.plot([], [], "|", color=ACCENT, markersize=12, mew=2, label="their mean")
    if any(row.published is not None for row in rows):
        axes.plot([], [], "D", color=WARNING, markersize=4.5, mfc="none", label="published")
    axes.set_yticks(range(len(rows)), [row.name for row in rows], parse_math=False)  # as above
    axes.set(ylim=(len(rows) - 0.5, -0.5), xlabel=label)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.grid(axis="y", visible=False)
    figure.legend(loc="upper right", ncols=3, frameon=False, fontsize=8.5, labelcolor=INK)
    return figure


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG file, cut to what is drawn and a margin."""
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # `fonts.advice` says it in a sentence
        figure.savefig(content, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight", pad_inches=0.15)
    return content.getvalue()


def _axes(figure: Figure, place: tuple[float, float, float, float]) -> Axes:
    """Return axes at (left, bottom, width, height), fractions of the figure, with a quiet frame."""
    axes = figure.add_axes(place)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color(EDGE)
    axes.grid(color=EDGE, linewidth=0.5, alpha=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(color=EDGE, labelcolor=MUTED, labelsize=9)
    axes.xaxis.label.set(color=INK, size=9.5)
    axes.yaxis.label.set(color=INK, size=9.5)
    return axes
