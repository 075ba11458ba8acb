"""The thing that's pointed at in a network, described in words and by a picture of its weights."""

from __future__ import annotations

import math
from typing import NamedTuple

from app.ui.laboratory.network_view import Seen, Thing, Way
from model.base.language import N_, _
from model.base.work import Work
from model.inside.inside import seen_by
from model.inside.steps import Array
from model.inside.ways import Column, columns, end, into, out_of, strongest
from model.reading.normalize import SIDE

PARTNERS = 12  # partners that are highlighted, each way

FOR = N_("It raises the score of {digit} by {share}.")
AGAINST = N_("It lowers the score of {digit} by {share}.")
NEITHER = N_("It makes no difference to {digit}.")
COLOURS = N_("Ink on blue excites it, ink on orange calms it.")


class Told(NamedTuple):
    """What there is to say about a thing."""

    title: str
    text: str
    weights: Array | None  # as a picture, (rows, columns)
    ways: list[list[Way]]  # into each column but the first


def about(seen: Seen, thing: Thing) -> Work[Told]:
    """Return, in pieces of work, what there is to say about the thing that's pointed at."""
    traced = seen.traced
    shape, number, unit = columns(traced.chain), thing.column, thing.unit
    ways: list[list[Way]] = [[] for _layer in traced.chain.layers]
    weights = None
    if number:
        adds = yield from into(traced, number, unit)
        starts = strongest(adds, PARTNERS) if thing.start < 0 else [thing.start]
        ways[number - 1] = [(start, unit, float(adds[start])) for start in starts]
        layer = shape[number].layer
        assert layer is not None
        weights = yield from seen_by(traced, layer, unit)
        if thing.start >= 0:
            return Told(*_way(seen, shape, thing, float(adds[thing.start])), weights, ways)
    if number < len(ways):
        tells = yield from out_of(traced, number, unit)
        ways[number] = [(unit, to, float(tells[to])) for to in strongest(tells, PARTNERS)]
    title, text = _unit(seen, shape, thing)
    return Told(title, text, weights, ways)


def name(shape: tuple[Column, ...], number: int, unit: int) -> str:
    """Return the name of a unit, a pixel or an answer."""
    if number == 0:
        row, column = divmod(unit, SIDE)
        return _("Pixel in row {row}, column {column}").format(row=row + 1, column=column + 1)
    if number == len(shape) - 1:
        return _("Answer {digit}").format(digit=unit)
    said = (
        _("Filter {unit} of hidden layer {layer}")
        if shape[number].has_maps
        else _("Unit {unit} of hidden layer {layer}")
    )
    return said.format(unit=unit + 1, layer=number)


def signed(number: float) -> str:
    """Return a number with its sign, in the usual notation."""
    return f"{number:+.2f}".replace("-", "−")


def plain(number: float) -> str:
    """Return a number in the usual notation."""
    return f"{number:.2f}".replace("-", "−")


def _answer(seen: Seen, column: Column, unit: int) -> float:
    """Return a unit's answer; for a map, the strongest."""
    return float(column.own(seen.traced.values[end(column)])[unit].max())


def _unit(seen: Seen, shape: tuple[Column, ...], thing: Thing) -> tuple[str, str]:
    number, unit = thing.column, thing.unit
    column, title = shape[number], name(shape, number, unit)
    answer = _answer(seen, column, unit)
    if column.layer is None:
        lines = [_("It has {ink} of ink, from 0 to 1.").format(ink=plain(answer))]
    else:
        bias = float(seen.traced.chain.weighing(column.layer).bias[unit])
        if number == len(shape) - 1:
            likely = float(seen.traced.probabilities[unit])
            said = _(
                "Its score is {answer}, its bias {bias}. Softmax turns the ten scores into probabilities: this "
                "one's is {likely}."
            )
            return title, said.format(answer=plain(answer), bias=signed(bias), likely=f"{likely:.3f}")
        said = (
            _("Its strongest answer is {answer}, its bias {bias}.")
            if column.has_maps
            else _("It answers {answer}, its bias is {bias}.")
        )
        lines = [said.format(answer=plain(answer), bias=signed(bias))]
    share = float(seen.votes.shares[number][unit])
    line = NEITHER if math.isclose(share, 0, abs_tol=0.005) else FOR if share > 0 else AGAINST
    lines.append(_(line).format(digit=seen.votes.digit, share=plain(abs(share))))
    return title, " ".join(lines + ([_(COLOURS)] if column.layer else []))


def _way(seen: Seen, shape: tuple[Column, ...], thing: Thing, adds: float) -> tuple[str, str]:
    """Return the name of a way between two units, and what it passes on."""
    start, to = name(shape, thing.column - 1, thing.start), name(shape, thing.column, thing.unit)
    title = _("{start} → {to}").format(start=start, to=to)
    if shape[thing.column].has_maps or shape[thing.column - 1].has_maps:
        return title, _("In all places together it adds {amount}.").format(amount=signed(adds))
    answer = _answer(seen, shape[thing.column - 1], thing.start)
    said = _("{answer} times the weight {weight} adds {amount}.")
    weight = adds / answer if answer else 0.0
    return title, said.format(answer=plain(answer), weight=signed(weight), amount=signed(adds))
