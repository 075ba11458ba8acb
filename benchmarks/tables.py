"""Tables that read well in a terminal and are also Markdown, and what's in them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table, its first column to the left and the others to the right."""
    widths = [max(3, *map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join([heading(head, widths), *(row(cells, widths) for cells in rows)])


def heading(head: Sequence[str], widths: Sequence[int]) -> str:
    """Return the first two lines of a table whose rows come later."""
    lines = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return f"{row(head, widths)}\n{row(lines, widths)}"


def row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return a line of a table."""
    numbers = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return f"| {' | '.join([cells[0].ljust(widths[0]), *numbers])} |"


def spread(values: Sequence[float], places: int) -> str:
    """Return the median, and in brackets the least and the most."""
    median, least, most = (f"{value:,.{places}f}" for value in (statistics.median(values), min(values), max(values)))
    return median if len(values) == 1 else f"{median} ({least} to {most})"


def percentile_99(values: Sequence[float]) -> float:
    """Return the smallest value that 99 of 100 don't exceed."""
    return sorted(values)[math.ceil(len(values) * 0.99) - 1]
