"""Claims about the hybrid strategy: the cost of each phase, and the saving of moving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from kafkatco.analysis.cost_curves import Totals
from kafkatco.analysis.solve import greatest_saving
from kafkatco.article.claim import (
    FIRST,
    MOST_READERS,
    OWN,
    Case,
    Cases,
    Claim,
    CostsByName,
    Stretches,
    by_share,
    holds_where,
    ranges,
)
from kafkatco.core.format import money
from kafkatco.costing.costs import Costs
from kafkatco.i18n.message import Message, _, join
from kafkatco.numerics.curve import Curve
from kafkatco.planning.phases import LARGE_TB, SMALL_TB

__all__ = ["phases", "saving"]

SAVING: Final = 0.60


def phases(at: Cases) -> Iterable[Claim]:
    """Test the cost of each phase."""
    limits = {"small": SMALL_TB, "large": LARGE_TB}
    first_phase = _("up to {small:g} TB on Confluent", small=SMALL_TB)
    second_phase = _("{small:g} to {large:g} TB on Confluent or MSK", **limits)
    third_phase = _("{large:g} to 100 TB self-hosted", large=LARGE_TB)
    claimed = (
        ("phase-1", first_phase, (2,), 0.1, SMALL_TB, 1e6, 2e6),
        ("phase-2", second_phase, (1, 2), SMALL_TB, LARGE_TB, 2e6, 5e6),
        ("phase-3", third_phase, (0,), LARGE_TB, 100.0, 5e6, 10e6),
    )
    for key, phase, options, low, high, least, most in claimed:
        texts, numbers = {}, dict[str, Any]()
        for region, case in at.items():
            cost, floor = _least_cost(case, options)
            start, stop = cost.domain
            a, b = (float(cost(min(max(x, start), stop))) for x in (low, high))
            in_range = holds_where((cost >= least) & (cost <= most))
            inside = [(max(x, low), min(y, high)) for x, y in in_range if x < high and y > low]
            numbers[region] = {"from": a, "to": b, "met_tb": inside}
            unknown = [float(floor(min(max(x, start), stop))) > 0 for x in (low, high)]
            texts[region] = join("; ", [_won(a, b, unknown), _in_range(inside)])
        first = numbers[FIRST]
        share = sum(y - x for x, y in first["met_tb"]) / (high - low)
        yield Claim(
            key,
            _("{phase}: {cost} a month", phase=phase, cost=_won(least, most)),
            texts.pop(OWN),
            texts,
            by_share(share),
            _("at list prices: {result}", result=_in_range(first["met_tb"])),
            numbers,
        )


def _won(least: float, most: float, floors: Sequence[bool] = (False, False)) -> Message:
    """Return a range of amounts, with a plus for each that is a floor."""
    amounts = zip((least, most), floors, strict=True)
    low, high = (money(value, "KRW") + ("+" if floor else "") for value, floor in amounts)
    return _("{least} to {most} KRW", least=low, most=high)


def _in_range(stretches: Stretches) -> Message:
    """Return at which traffic of a phase the cost is the stated one."""
    if not stretches:
        return _("never in the stated range")
    return _("in the stated range at {ranges} TB", ranges=ranges(stretches))


def _least_cost(case: Case, options: tuple[int, ...]) -> tuple[Curve, Curve]:
    """Return the least cost of some options, infinite where none is feasible, and where a floor."""
    best: Any = np.inf
    floor: Any = 0.0
    for which in options:
        cost = case.volume.curves[case.options[which]]
        total = np.where(cost.infeasible, np.inf, cost.total)
        floor = np.where(total < best, cost.floor, floor)
        best = np.minimum(best, total)
    assert isinstance(best, Curve)
    return best, floor


def saving(at: Cases) -> Claim:
    """Test the saving of 60 % of TCO: the traffic or fan-out it needs, by rival and by all."""
    texts, numbers, every = {}, dict[str, Any](), dict[str, Any]()
    for region, case in at.items():
        name, *rivals = case.options
        parts, numbers[region] = [], {}
        if case.floor(0):
            texts[region] = _("not known: the cost of self-hosting is a floor")
            continue
        for rival in rivals:
            against = _savings(case, name, [rival])
            numbers[region][rival] = against
            parts.append(_("against {rival}: {results}", rival=rival, results=_results(against)))
        if region != OWN:
            every[region] = _savings(case, name, [label for label in case.every if label != name])
            parts.append(
                _(
                    "against the cheapest of all {count} rivals with a price there: {results}",
                    count=len(case.every) - 1,
                    results=_results(every[region]),
                )
            )
        texts[region] = join("; ", parts)
    against = every.get(FIRST, {"tb": [], "fanout_at_10_tb": []})
    possible = against["tb"] or against["fanout_at_10_tb"]
    return Claim(
        "saving",
        _(
            "self-hosting beyond {traffic:g} TB a month saves {saving:.0%} of TCO",
            traffic=LARGE_TB,
            saving=SAVING,
        ),
        texts.pop(OWN),
        texts,
        "holds only if" if possible else "does not hold",
        join(
            "; ",
            [
                _("it needs a rival that costs two and a half times as much"),
                _("a negative saving is an extra cost"),
            ],
        ),
        numbers | {"every": every},
    )


def _savings(case: Case, name: str, rivals: Sequence[str]) -> dict[str, Any]:
    """Return where the saving against the cheapest of some rivals is reached, and the greatest."""
    mine, other = case.every[name], _least_of(case.every, rivals)
    best, best_tb = _greatest(mine, other)
    return {
        "tb": _saved(mine, other),
        "fanout_at_10_tb": _saved(
            case.every_by_fanout[name], _least_of(case.every_by_fanout, rivals)
        ),
        "greatest": best,
        "greatest_at_tb": best_tb,
    }


def _least_of(costs: CostsByName, names: Sequence[str]) -> Totals:
    """Return the cost of the cheapest of some options; one that is a floor counts as it is."""
    total: Any = np.inf
    infeasible: Any = 1.0
    for cost in (costs[name] for name in names if name in costs):
        total = np.minimum(total, np.where(cost.infeasible, np.inf, cost.total))
        infeasible = np.minimum(infeasible, cost.infeasible)
    return Totals(total, infeasible, 0.0 * infeasible, (), ())


def _results(against: Mapping[str, Any]) -> Message:
    """Return the saving in words."""
    best = _best(against["greatest"], against["greatest_at_tb"])
    return join(", ", [_saved_at(against["tb"]), best, _saved_with(against["fanout_at_10_tb"])])


def _saved_at(stretches: Stretches) -> Message:
    """Return at which traffic the saving is reached."""
    if not stretches:
        return _("never saves that much")
    return _("saves that much at {ranges} TB", ranges=ranges(stretches))


def _best(saving: float, traffic: float) -> Message:
    return _("greatest saving {saving:+.0%} at {traffic:,.4g} TB", saving=saving, traffic=traffic)


def _saved_with(readers: Stretches) -> Message:
    """Return the fan-out with which the saving is reached at large traffic."""
    if not readers:
        return _("at {traffic:g} TB saves that much with no fan-out", traffic=LARGE_TB)
    return _(
        "at {traffic:g} TB saves that much with a fan-out of {fanout}",
        traffic=LARGE_TB,
        fanout=ranges(readers, MOST_READERS),
    )


def _saved(mine: Totals | Costs, other: Totals | Costs) -> Stretches:
    """Return where the saving is reached: cost <= (1 - saving) x the rival's cost."""
    feasible = 1.0 - np.maximum(mine.infeasible, other.infeasible)
    return holds_where((mine.total <= (1.0 - SAVING) * other.total) & feasible)


def _greatest(mine: Totals | Costs, other: Totals | Costs) -> tuple[float, float]:
    """Return the greatest saving while both are feasible, and the traffic [TB/month]."""
    blocked = np.maximum(mine.infeasible, other.infeasible)
    return greatest_saving(mine.total, other.total, blocked)
