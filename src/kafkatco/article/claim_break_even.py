"""Claims about the cheapest option: the break-even, the bands of traffic, and the staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    CostsByName,
    Stretches,
    Verdict,
    agrees,
    alone,
    by_share,
    cheapest,
    ranges,
)
from kafkatco.core.format import money
from kafkatco.i18n.message import Message, _, join, ngettext, verbatim
from kafkatco.planning.phases import LARGE_TB, SMALL_TB

__all__ = ["bands", "break_even", "staff", "staff_limit"]


def staff_limit(case: Case, rival: str, at_tb: float) -> float | None:
    """Return the number of people below which self-hosting costs less than ``rival``; exact.

    The cost is linear in the staff, so the number is the rival's cost less all other costs of
    self-hosting, divided by the cost of a person.  ``None`` if self-hosting costs more even without
    people, if its cost is a floor, or if one of the two is infeasible at ``at_tb`` [TB/month].
    """
    name = case.options[0]
    costs = case.volume.at(at_tb)
    own, other = costs[name], costs[rival]
    if own is None or other is None or case.floor(0):
        return None
    labour = case.volume.curves[name].components["labour"]
    people = float(value_at(labour, case.volume.start))
    limit = (other - (own - people)) / (people / _fte(case))
    return limit if limit >= 0 else None


def break_even(at: Cases) -> Claim:
    """Test that self-hosting pays from about 10 TB a month, and solve for the conditions."""
    texts, numbers = {}, dict[str, Any]()
    for region, case in at.items():
        name, *rivals = case.options
        mine = cheapest(case.volume.curves, name, rivals)
        readers = cheapest(case.fanout.curves, name, rivals)
        parts, against = [*_cheapest_texts(mine, case.alone, floor=case.floor(0))], {}
        if readers:
            parts.append(_at_fanouts(readers))
        every = _against_every(case)
        if region != OWN:
            parts += _every_texts(every)
        for rival in rivals:
            volume = cheapest(case.volume.curves, name, [rival])
            versus = cheapest(case.fanout.curves, name, [rival])
            people = staff_limit(case, rival, LARGE_TB)
            against[rival] = {"tb": volume, "fanout_at_10_tb": versus, "fte_at_10_tb": people}
            if not case.floor(0):
                parts += [_less_than(rival, volume), _condition(rival, versus, people)]
        if case.floor(0):
            parts.append(_least(case))
        texts[region] = join("; ", parts)
        numbers[region] = {
            "cheapest_tb": mine,
            "alone_tb": case.alone,
            "fanout_at_10_tb": readers,
            "against": against,
            "every": every,
        }
    first = numbers[FIRST]["every"]
    pays = bool(first["cheapest_tb"]) and agrees(first["cheapest_tb"][0][0], LARGE_TB)
    possible = bool(first["fanout_at_10_tb"])
    verdict: Verdict = "holds" if pays else "holds only if" if possible else "does not hold"
    return Claim(
        "break-even",
        _("self-hosting pays from about {traffic:g} TB a month", traffic=LARGE_TB),
        texts.pop(OWN),
        texts,
        verdict,
        join(
            "; ",
            [
                _(
                    "at that traffic one engineer costs more than the infrastructure saves, if it "
                    "saves at all, unless each byte is read many times"
                ),
                _("the article's own figures leave out network and MSK storage"),
                _("kafkatco claims --conditions shows what each condition does to it"),
            ],
        ),
        numbers,
    )


def _against_every(case: Case) -> dict[str, Any]:
    """Return where self-hosting is cheaper than every kind that has a price."""
    name = case.options[0]
    rivals = [label for label in case.every if label != name]
    readers = [label for label in case.every_by_fanout if label != name]
    return {
        "rivals": rivals,
        "cheapest_tb": cheapest(case.every, name, rivals),
        "alone_tb": alone(case.every, name, *rivals),
        "fanout_at_10_tb": cheapest(case.every_by_fanout, name, readers),
        "needs_price": case.others.needs_price,
    }


def _every_texts(every: Mapping[str, Any]) -> Iterable[Message]:
    """Yield where self-hosting is the cheapest of all kinds that have a price."""
    count, mine = len(every["rivals"]), every["cheapest_tb"]
    if mine:
        yield _(
            "cheaper than all {count} rivals with a price there at {ranges} TB",
            count=count,
            ranges=ranges(mine),
        )
    else:
        yield _("never cheaper than all {count} rivals with a price there", count=count)
    if every["alone_tb"]:
        yield _("the only feasible one of these at {ranges} TB", ranges=ranges(every["alone_tb"]))
    if every["fanout_at_10_tb"]:
        yield _(
            "at {traffic:g} TB cheaper than all of these with a fan-out of {fanout}",
            traffic=LARGE_TB,
            fanout=ranges(every["fanout_at_10_tb"], MOST_READERS),
        )
    if unpriced := len(every["needs_price"]):
        yield ngettext(
            "{n} other needs your price there", "{n} others need your price there", unpriced
        )


def _cheapest_texts(mine: Stretches, alone: Stretches, *, floor: bool) -> Iterable[Message]:
    """Yield where an option is the cheapest, and where it is the only feasible one."""
    if mine:
        yield _("cheapest of the three at {ranges} TB", ranges=ranges(mine))
    elif floor:
        yield _("not known to be the cheapest: its cost is a floor")
    else:
        yield _("never the cheapest of the three")
    if alone:
        yield _("the only feasible one of the three at {ranges} TB", ranges=ranges(alone))


def _at_fanouts(readers: Stretches) -> Message:
    """Return the fan-out at which self-hosting is the cheapest at large traffic."""
    return _(
        "at {traffic:g} TB the cheapest of the three with a fan-out of {fanout}",
        traffic=LARGE_TB,
        fanout=ranges(readers, MOST_READERS),
    )


def _least(case: Case) -> Message:
    """Return the costs at large traffic, of which some are floors."""
    unknown = case.volume.floors_at(LARGE_TB)
    currency = case.sized.book.currency
    costs = (
        verbatim(f"{name} {money(cost, currency)}{'+' if name in unknown else ''} {currency}")
        for name, cost in case.volume.at(LARGE_TB).items()
        if cost is not None
    )
    return _("at {traffic:g} TB: {costs}", traffic=LARGE_TB, costs=join(", ", costs))


def _less_than(rival: str, volume: Stretches) -> Message:
    if not volume:
        return _("never cheaper than {rival}", rival=rival)
    return _("cheaper than {rival} at {ranges} TB", rival=rival, ranges=ranges(volume))


def _condition(rival: str, readers: Stretches, people: float | None) -> Message:
    """Return the fan-out and the staff at which self-hosting costs less than a rival."""
    known = {"rival": rival, "traffic": LARGE_TB}
    fanout = ranges(readers, MOST_READERS)
    if readers and people is not None:
        return _(
            "at {traffic:g} TB cheaper than {rival} with a fan-out of {fanout}, or with at most "
            "{people:.3g} people",
            **known,
            fanout=fanout,
            people=people,
        )
    if readers:
        return _(
            "at {traffic:g} TB cheaper than {rival} with a fan-out of {fanout}",
            **known,
            fanout=fanout,
        )
    if people is not None:
        return _(
            "at {traffic:g} TB cheaper than {rival} with at most {people:.3g} people",
            **known,
            people=people,
        )
    return _("at {traffic:g} TB never cheaper than {rival}, even without people", **known)


def bands(at: Cases) -> Iterable[Claim]:
    """Test which option is cheapest in each of the three bands of traffic."""
    claimed = (
        (2, "confluent", "Confluent", 0.1, SMALL_TB),
        (1, "msk", "MSK", SMALL_TB, LARGE_TB),
        (0, "self-hosted", _("self-hosting"), LARGE_TB, 1000.0),
    )
    for which, key, option, low, high in claimed:
        texts, shares, of_every = {}, {}, {}
        for region, case in at.items():
            name = case.options[which]
            costs: CostsByName = {label: case.volume.curves[label] for label in case.options}
            mine, only = _suited(costs, name, which)
            shares[region] = _share(low, high, mine, only)
            of_every[region] = _share(low, high, *_suited(case.every, name, which))
            texts[region] = join("; ", _cheapest_texts(mine, only, floor=case.floor(which)))
        share = shares[FIRST]
        yield Claim(
            f"band-{key}",
            _("{option} suits {low:,g} to {high:,g} TB a month", option=option, low=low, high=high),
            texts.pop(OWN),
            texts,
            by_share(share),
            _(
                "at list prices it is the cheapest of the three or their only feasible one on "
                "{share:.0%} of that band, and of all with a price there on {every:.0%}",
                share=share,
                every=of_every[FIRST],
            ),
            {"share": shares, "share_of_every": of_every},
        )


def _suited(costs: CostsByName, name: str, which: int) -> tuple[Stretches, Stretches]:
    """Return where an option is the cheapest, and where self-hosting is the only feasible one."""
    rivals = [label for label in costs if label != name]
    return cheapest(costs, name, rivals), alone(costs, name, *rivals) if which == 0 else []


def _share(low: float, high: float, *stretches: Stretches) -> float:
    """Return the share of a range that stretches cover."""
    inside = (max(min(high, b) - max(low, a), 0.0) for part in stretches for a, b in part)
    return sum(inside) / (high - low)


def staff(at: Cases) -> Claim:
    """Test the 2-3 people of the comparison table against the one of the cost example."""
    texts, numbers = {}, dict[str, Any]()
    for region, case in at.items():
        name, *rivals = case.options
        by_people = {n: cheapest(_staffed(case, n).curves, name, rivals) for n in (1, 2, 3)}
        numbers[region] = {str(n): mine for n, mine in by_people.items()}
        texts[region] = (
            _("not known to be the cheapest: its cost is a floor")
            if case.floor(0)
            else _(
                "cheapest of the three {starts}",
                starts=join(", ", (_start(n, mine) for n, mine in by_people.items())),
            )
        )
    first = numbers[FIRST]
    return Claim(
        "staff",
        _("self-hosting needs 2-3 dedicated people, but the cost example pays for one"),
        texts.pop(OWN),
        texts,
        "holds" if first["1"] and first["1"] == first["2"] == first["3"] else "does not hold",
        _(
            "the two statements give different break-evens: at list prices each additional person "
            "raises it"
        )
        if first["1"]
        else _(
            "the two statements give different costs; at list prices self-hosting is not the "
            "cheapest with either"
        ),
        numbers,
    )


def _start(n: int, mine: Stretches) -> Message:
    """Return the traffic from which self-hosting with ``n`` people is the cheapest."""
    if not mine:
        return ngettext("at no traffic with {n} person", "at no traffic with {n} people", n)
    return ngettext(
        "from {traffic:,.4g} TB with {n} person",
        "from {traffic:,.4g} TB with {n} people",
        n,
        traffic=mine[0][0],
    )


def _staffed(case: Case, fte: float) -> Crossovers:
    """Return the costs against traffic with another number of people; labour is linear in it."""
    volume, name = case.volume, case.options[0]
    mine = volume.curves[name]
    labour = mine.components["labour"]
    changed = replace(mine, total=mine.total + (fte / _fte(case) - 1.0) * labour)
    return replace(volume, curves={**volume.curves, name: changed})


def _fte(case: Case) -> float:
    name = case.options[0]
    [fte] = (d.labour.fte for d in case.sized.deployments if d.label == name and d.labour)
    assert fte is not None  # the article gives a number of people
    return fte
