"""The hybrid strategy: what each phase costs, and what moving saves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.analysis.solve import greatest_saving
from kafkatco.article.claim import (
    FIRST,
    MOST_READERS,
    OWN,
    Case,
    Cases,
    Claim,
    by_share,
    stretches,
    where,
)
from kafkatco.core.format import money
from kafkatco.numerics.curve import Curve
from kafkatco.planning.phases import LARGE_TB, SMALL_TB

__all__ = ["phases", "saving"]

SAVING: Final = 0.60


def phases(at: Cases) -> Iterable[Claim]:
    """What each phase is said to cost."""
    small, large = f"{SMALL_TB:g}", f"{LARGE_TB:g}"
    claimed = (
        ("phase-1", f"up to {small} TB on Confluent", (2,), 0.1, SMALL_TB, 1e6, 2e6),
        (
            "phase-2",
            f"{small} to {large} TB on Confluent or MSK",
            (1, 2),
            SMALL_TB,
            LARGE_TB,
            2e6,
            5e6,
        ),
        ("phase-3", f"{large} to 100 TB self-hosted", (0,), LARGE_TB, 100.0, 5e6, 10e6),
    )
    for key, text, options, low, high, least, most in claimed:
        texts, numbers = {}, dict[str, Any]()
        for region, case in at.items():
            cost = _least_cost(case, options)
            start, stop = cost.domain
            a, b = (float(cost(min(max(x, start), stop))) for x in (low, high))
            met = where((cost >= least) & (cost <= most))
            inside = [(max(x, low), min(y, high)) for x, y in met if x < high and y > low]
            numbers[region] = {"from": a, "to": b, "met_tb": inside}
            texts[region] = f"{money(a, 'KRW')} to {money(b, 'KRW')} KRW; as stated {_at(inside)}"
        first = numbers[FIRST]
        share = sum(y - x for x, y in first["met_tb"]) / (high - low)
        yield Claim(
            key,
            f"{text}: {money(least, 'KRW')} to {money(most, 'KRW')} KRW a month",
            texts.pop(OWN),
            texts,
            by_share(share),
            f"at list prices the stated cost is met {_at(first['met_tb'])}",
            numbers,
        )


def _at(found: list[tuple[float, float]]) -> str:
    return stretches(found, "TB") if found else "at no traffic of this phase"


def _least_cost(case: Case, options: tuple[int, ...]) -> Curve:
    """Return the cost of the cheapest of some options, infinite where none can serve."""
    items = [case.volume.curves[case.options[which]] for which in options]
    best: Any = np.inf
    for item in items:
        best = np.minimum(best, np.where(item.infeasible, np.inf, item.total))
    assert isinstance(best, Curve)
    return best


def saving(at: Cases) -> Claim:
    """Test the saving of 60 % of TCO: from which volume or fan-out, against whom."""
    texts, numbers = {}, dict[str, Any]()
    for region, case in at.items():
        name, *rivals = case.options
        parts, numbers[region] = [], {}
        for rival in rivals:
            volume = _saved(case.volume, name, rival)
            readers = _saved(case.fanout, name, rival)
            best, best_tb = _greatest(case.volume, name, rival)
            numbers[region][rival] = {
                "tb": volume,
                "fanout_at_10_tb": readers,
                "greatest": best,
                "greatest_at_tb": best_tb,
            }
            parts.append(
                f"against {rival}: {stretches(volume, 'TB')} (at best {best:+.0%}, at "
                f"{best_tb:,.4g} TB); to save so much at {LARGE_TB:g} TB, "
                + (
                    stretches(readers, lead="a fan-out of ", most=MOST_READERS)
                    if readers
                    else "no fan-out"
                )
                + " will do"
            )
        texts[region] = "; ".join(parts)
    first = numbers[FIRST].values()
    pays = any(item["tb"] for item in first)
    possible = pays or any(item["fanout_at_10_tb"] for item in first)
    return Claim(
        "saving",
        f"self-hosting beyond {LARGE_TB:g} TB a month saves {SAVING:.0%} of TCO",
        texts.pop(OWN),
        texts,
        "holds only if" if possible else "does not hold",
        "it needs a rival of two and a half times the cost; a negative saving is an extra cost",
        numbers,
    )


def _saved(found: Crossovers, name: str, rival: str) -> list[tuple[float, float]]:
    """Return where the saving is reached: cost <= (1 - saving) x the rival's cost."""
    mine, other = found.curves[name], found.curves[rival]
    able = 1.0 - np.maximum(mine.infeasible, other.infeasible)
    return where((mine.total <= (1.0 - SAVING) * other.total) & able)


def _greatest(found: Crossovers, name: str, rival: str) -> tuple[float, float]:
    """Return the greatest saving where both serve, and at which traffic [TB]."""
    mine, other = found.curves[name], found.curves[rival]
    blocked = np.maximum(mine.infeasible, other.infeasible)
    return greatest_saving(mine.total, other.total, blocked)
