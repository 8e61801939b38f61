"""Who is cheapest from when: the break-even, the bands of traffic, and the staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kafkatco.analysis.cost_curves import value_at
from kafkatco.analysis.crossovers import Crossovers
from kafkatco.article.claim import (
    FIRST,
    MOST_READERS,
    OWN,
    Case,
    Cases,
    Claim,
    Stretches,
    Verdict,
    about,
    by_share,
    stretches,
    won,
)
from kafkatco.planning.phases import LARGE_TB, SMALL_TB

__all__ = ["bands", "break_even", "staff", "staff_limit"]


def staff_limit(case: Case, rival: str, at_tb: float) -> float | None:
    """Return up to how many people self-hosting costs less than ``rival`` at a traffic; exact.

    Its cost is linear in its staff: the number is what the rival's cost leaves for people, over
    what one costs.
    ``None`` where it costs more even with nobody, or one of the two cannot serve.
    """
    name = case.options[0]
    found = case.volume
    costs = found.at(at_tb)
    own, other = costs[name], costs[rival]
    if own is None or other is None:
        return None
    people = float(value_at(found.curves[name].components["labour"], found.start))
    limit = (other - (own - people)) / (people / _fte(case))
    return limit if limit >= 0 else None


def break_even(at: Cases) -> Claim:
    """Self-hosting pays from about 10 TB a month: test it, and solve for what would make it so."""
    texts, numbers = {}, dict[str, Any]()
    for region, case in at.items():
        name, *rivals = case.options
        cheapest = won(case.volume, name, rivals)
        parts = [f"cheapest {stretches(cheapest, 'TB')}"]
        if case.alone:
            parts.append(f"without a rival that can serve {stretches(case.alone, 'TB')}")
        against = {}
        for rival in rivals:
            volume = won(case.volume, name, [rival])
            readers = won(case.fanout, name, [rival])
            people = staff_limit(case, rival, LARGE_TB)
            against[rival] = {"tb": volume, "fanout_at_10_tb": readers, "fte_at_10_tb": people}
            fanout = stretches(readers, lead="a fan-out of ", most=MOST_READERS)
            means = [fanout] if readers else []
            means += [f"at most {people:.3g} people"] if people is not None else []
            parts.append(
                f"below {rival} {stretches(volume, 'TB')}, and at {LARGE_TB:g} TB "
                + (f"with {' or '.join(means)}" if means else "with no fan-out and no staff")
            )
        texts[region] = "; ".join(parts)
        numbers[region] = {"cheapest_tb": cheapest, "alone_tb": case.alone, "against": against}
    first = numbers[FIRST]
    pays = bool(first["cheapest_tb"]) and about(first["cheapest_tb"][0][0], LARGE_TB)
    possible = all(item["fanout_at_10_tb"] for item in first["against"].values())
    verdict: Verdict = "holds" if pays else "holds only if" if possible else "does not hold"
    return Claim(
        "break-even",
        f"self-hosting pays from about {LARGE_TB:g} TB a month",
        texts.pop(OWN),
        texts,
        verdict,
        "one engineer outweighs what infrastructure saves at that traffic, unless many read each "
        "byte; the article's own figures leave network and MSK storage out",
        numbers,
    )


def bands(at: Cases) -> Iterable[Claim]:
    """Test the three bands of traffic: who is cheapest there."""
    claimed = (
        (2, "Confluent", 0.1, SMALL_TB),
        (1, "MSK", SMALL_TB, LARGE_TB),
        (0, "self-hosted", LARGE_TB, 1000.0),
    )
    for which, title, low, high in claimed:
        texts, shares = {}, {}
        for region, case in at.items():
            name = case.options[which]
            mine = won(case.volume, name, [other for other in case.options if other != name])
            alone = case.alone if which == 0 else []
            inside = sum(max(min(high, b) - max(low, a), 0.0) for a, b in (*mine, *alone))
            shares[region] = inside / (high - low)
            texts[region] = f"cheapest {stretches(mine, 'TB')}"
            if alone:
                texts[region] += f", and the only one to serve {stretches(alone, 'TB')}"
        share = shares[FIRST]
        yield Claim(
            f"band-{title.lower()}",
            f"{title} suits {low:,g} to {high:,g} TB a month",
            texts.pop(OWN),
            texts,
            by_share(share),
            f"by cost at list prices it is cheapest, or alone, on {share:.0%} of that band",
            {"share": shares},
        )


def staff(at: Cases) -> Claim:
    """Test the comparison table's 2-3 people against the cost example's one."""
    texts, numbers = {}, dict[str, Any]()
    for region, case in at.items():
        name, *rivals = case.options
        found = {fte: won(_staffed(case, fte), name, rivals) for fte in (1.0, 2.0, 3.0)}
        numbers[region] = {f"{fte:g}": mine for fte, mine in found.items()}
        texts[region] = "below a rival that can serve, with " + ", ".join(
            f"{fte:g} {_from(mine)}" for fte, mine in found.items()
        )
    first = numbers[FIRST]
    return Claim(
        "staff",
        "self-hosting needs 2-3 dedicated people, and its cost example pays one",
        texts.pop(OWN),
        texts,
        "holds" if first["1"] == first["2"] == first["3"] else "does not hold",
        "the two statements give different break-evens: at list prices each further person moves "
        "it up",
        numbers,
    )


def _staffed(case: Case, fte: float) -> Crossovers:
    """Return the sweep over traffic with another number of people; labour is linear in them."""
    found, name = case.volume, case.options[0]
    mine = found.curves[name]
    labour = mine.components["labour"]
    changed = replace(mine, total=mine.total + (fte / _fte(case) - 1.0) * labour)
    curves = {**found.curves, name: changed}
    return replace(found, curves=curves)


def _fte(case: Case) -> float:
    name = case.options[0]
    [fte] = (d.labour.fte for d in case.sized.deployments if d.label == name and d.labour)
    assert fte is not None  # the article gives a number of people
    return fte


def _from(found: Stretches) -> str:
    return f"from {found[0][0]:,.4g} TB" if found else "at no traffic"
