"""The answer about a scenario in a few sentences: who is cheapest, by how much, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from kafkatco.core.format import floor_reasons, may_cost_less, money, no_winner, number, trimmed
from kafkatco.core.units import RATE, parse
from kafkatco.errors import CurveError
from kafkatco.i18n.message import Message, _, join

if TYPE_CHECKING:
    from kafkatco.analysis.crossovers import Crossovers
    from kafkatco.costing.bill import Bill, Bills
    from kafkatco.scenario.scenario import Scenario

__all__ = ["headline"]

#: How far around the traffic of the scenario another winner is near: a tenth to ten times of it.
NEAR: Final = 10.0


def headline(scenario: Scenario) -> tuple[Message, ...]:
    """Return who is cheapest at the scenario's traffic, by how much, and at which traffic not.

    Further sentences have the option that runs now, people, floors, and what is too close to call.

    >>> from kafkatco import Scenario
    >>> print(headline(Scenario.load("every-kind"))[0])  # doctest: +ELLIPSIS
    At 10 TB/month ... costs least: ... USD a month. ..., the next, costs ... more: ... USD
    """
    bills = scenario.bills()
    known = sorted(
        (bill for bill in bills if bill.total is not None and not bill.is_floor),
        key=lambda bill: bill.total or 0.0,
    )
    return tuple(_sentences(scenario, bills, known))


def _sentences(scenario: Scenario, bills: Bills, known: Sequence[Bill]) -> Iterator[Message]:
    yield _cheapest(scenario, bills, known)
    now = next((bill for bill in known[1:] if bill.name == scenario.switching.current), None)
    if now is not None and now is not known[1]:
        yield _(
            "{name}, which runs now, costs {more:.3g} % more than {best}: {cost} {currency}",
            best=known[0].name,
            **_cost(now, known[0]),
        )
    if any(bill.people for bill in known):
        yield _("without people: {options}", options=_without_people(known))
    if bills.close_call.text:
        yield bills.close_call.text
    for bill in bills:
        least = bill.total
        if least is not None and bill.is_floor and (not known or least < (known[0].total or 0)):
            reasons = floor_reasons(bill.unpriced_skus, bill.unchecked)
            yield may_cost_less(bill.name, least, bill.currency, reasons)
    for bill in bills:
        if bill.total is None:
            reasons = join(", ", bill.infeasible)
            yield _("{name} cannot handle the load: {reasons}", name=bill.name, reasons=reasons)
    if known:
        yield from _near(scenario)


def _cheapest(scenario: Scenario, bills: Bills, known: Sequence[Bill]) -> Message:
    traffic = parse(scenario.workload.ingress, RATE).text
    if not known:
        floors = any(bill.is_floor for bill in bills)
        return _("At {traffic}: {reason}", traffic=traffic, reason=no_winner(floors=floors))
    best = _(
        "At {traffic} {name} costs least: {cost} {currency} a month",
        traffic=traffic,
        name=known[0].name,
        cost=money(known[0].total, known[0].currency),
        currency=known[0].currency,
    )
    if len(known) == 1:
        return best
    text = _(
        "{name}, the next, costs {more:.3g} % more: {cost} {currency}", **_cost(known[1], known[0])
    )
    return join(". ", [best, text])


def _cost(bill: Bill, best: Bill) -> dict[str, object]:
    """Return the name and cost of a bill, and by how much it is above the best [%]."""
    total, least = bill.total or 0.0, best.total or 0.0
    return {
        "name": bill.name,
        "more": 100.0 * (total / least - 1.0) if least else float("inf"),
        "cost": money(total, bill.currency),
        "currency": bill.currency,
    }


def _without_people(known: Sequence[Bill]) -> Message:
    in_order = sorted(known, key=lambda bill: bill.provider_charges or 0.0)[:3]
    costs = [
        _(
            "{name} {cost} {currency}",
            name=bill.name,
            cost=money(bill.provider_charges, bill.currency),
            currency=bill.currency,
        )
        for bill in in_order
    ]
    return join(", ", costs)


def _near(scenario: Scenario) -> Iterator[Message]:
    """Yield the traffic at which another option becomes the cheapest, around today's."""
    from kafkatco.analysis.axes import find_axis
    from kafkatco.costing.comparison import Comparison

    comparison = Comparison.of(
        "headline",
        scenario.workload,
        scenario.deployments,
        scenario.book,
        scenario.conventions.month_hours,
    )
    axis = find_axis("ingress", comparison)
    here = axis.in_unit(float(comparison.load.ingress_mib_s))
    if here <= 0:
        return
    start, stop = (f"{here * by:.12g} {axis.unit}" for by in (1 / NEAR, NEAR))
    try:
        yield _stretch(scenario.crossovers(start=start, stop=stop), here)
    except CurveError as error:  # so many brokers that the curve has too many pieces
        yield _("with other traffic: not computed ({reason})", reason=error.message)


def _stretch(found: Crossovers, here: float) -> Message:
    parts = [part for part in found.intervals if part.winner]
    unit = found.axis.unit
    inside = next((part for part in parts if part.start <= here <= part.stop), None)
    if inside is None:
        return no_winner(floors=True)
    below = [part for part in parts if part.stop <= inside.start]
    above = [part for part in parts if part.start >= inside.stop]
    if not below and not above:
        return _(
            "{name} is the cheapest from {start} to {stop} {unit}",
            name=inside.winner,
            start=number(trimmed(found.start)),
            stop=number(trimmed(found.stop)),
            unit=unit,
        )
    nearest = [*below[-1:], *above[:1]]
    said = [
        _("below {at:.4g} {unit} {name}", at=one.stop, unit=unit, name=one.winner)
        if one.stop <= inside.start
        else _("above {at:.4g} {unit} {name}", at=one.start, unit=unit, name=one.winner)
        for one in nearest
    ]
    return _("with other traffic it is: {stretches}", stretches=join(", ", said))
