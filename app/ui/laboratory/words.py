"""The thing that's pointed at in a network, described in words and by a picture of its weights."""

from __future__ import annotations

import math
from typing import NamedTuple

from app.ui.kit.numbers import plain, signed
from app.ui.laboratory.network_view import Thing
from model.base.language import N_, _
from model.base.work import Work
from model.inside.inside import seen_by
from model.inside.steps import Array
from model.inside.ways import Seen, Way, into, out_of, strongest
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
    traced, (number, unit, start) = seen.traced, thing
    ways: list[list[Way]] = [[] for _gap in seen.ways]
    weights = None
    title, text = _unit(seen, number, unit)
    if number:
        adds, each_weight = yield from into(traced, number, unit)
        starts = strongest(adds, PARTNERS) if start < 0 else [start]
        ways[number - 1] = [(each, unit, float(adds[each])) for each in starts]
        weights = yield from seen_by(traced, traced.chain.columns[number], unit)
        if start >= 0:
            title, text = _way(seen, thing, float(adds[start]), float(each_weight[start]))
    if number < len(ways) and start < 0:
        tells = yield from out_of(traced, number, unit)
        ways[number] = [(unit, to, float(tells[to])) for to in strongest(tells, PARTNERS)]
    return Told(title, text, weights, ways)


def _name(seen: Seen, number: int, unit: int) -> str:
    """Return the name of a unit, a pixel or an answer."""
    if number == 0:
        row, column = divmod(unit, SIDE)
        return _("Pixel in row {row}, column {column}").format(row=row + 1, column=column + 1)
    if number == len(seen.ways):
        return _("Answer {digit}").format(digit=unit)
    said = (
        _("Filter {unit} of hidden layer {layer}")
        if seen.columns[number].has_maps
        else _("Unit {unit} of hidden layer {layer}")
    )
    return said.format(unit=unit + 1, layer=number)


def _unit(seen: Seen, number: int, unit: int) -> tuple[str, str]:
    """Return the name of a unit, a pixel or an answer, and what it does."""
    title, answer, column = _name(seen, number, unit), float(seen.answers(number)[unit]), seen.columns[number]
    if number == 0:
        said = _("It has {ink} of ink, from 0 to 1.").format(ink=plain(answer))
    else:
        bias = signed(float(seen.traced.chain.weighing(column).bias[unit]))
        if number == len(seen.ways):
            likely = f"{seen.traced.probabilities[unit]:.3f}"
            said = _(
                "Its score is {answer}, its bias {bias}. Softmax turns the ten scores into probabilities: this "
                "one's is {likely}."
            )
            return title, said.format(answer=plain(answer), bias=bias, likely=likely)
        said = (
            _("Its strongest answer is {answer}, its bias {bias}.")
            if column.has_maps
            else _("It answers {answer}, its bias is {bias}.")
        ).format(answer=plain(answer), bias=bias)
    share = float(seen.shares[number][unit])
    counts = NEITHER if math.isclose(share, 0, abs_tol=0.005) else FOR if share > 0 else AGAINST
    counts = _(counts).format(digit=seen.digit, share=plain(abs(share)))
    return title, " ".join([said, counts, *([_(COLOURS)] if number else [])])


def _way(seen: Seen, thing: Thing, adds: float, weight: float) -> tuple[str, str]:
    """Return the name of a way between two units, and what it passes on."""
    number, unit, start = thing
    title = _("{start} → {to}").format(start=_name(seen, number - 1, start), to=_name(seen, number, unit))
    if seen.columns[number].has_maps or seen.columns[number - 1].has_maps:
        return title, _("In all places together it adds {amount}.").format(amount=signed(adds))
    answer = float(seen.answers(number - 1)[start])
    said = _("{answer} times the weight {weight} adds {amount}.")
    return title, said.format(answer=plain(answer), weight=signed(weight), amount=signed(adds))
