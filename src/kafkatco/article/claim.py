"""A claim of the article, and the cases that all claims are tested with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from kafkatco.analysis.cost_curves import Totals
from kafkatco.analysis.crossovers import Crossovers
from kafkatco.article.rivals import NAMED, NONE, Offers, Terms, offers
from kafkatco.article.scenario import LIST_REGIONS, article, at_list, names
from kafkatco.core.result import Results
from kafkatco.costing.bill import Bill
from kafkatco.costing.costs import Costs
from kafkatco.i18n.message import Message, _, join
from kafkatco.numerics.crossings import envelope
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import SAME
from kafkatco.planning.phases import LARGE_TB
from kafkatco.prices import PriceBook
from kafkatco.prices.assumptions import PRODUCTION
from kafkatco.scenario.scenario import Scenario

__all__ = [
    "Case",
    "Cases",
    "Claim",
    "Claims",
    "CostsByName",
    "Stretches",
    "Verdict",
    "agrees",
    "alone",
    "by_share",
    "cases",
    "cheapest",
    "holds_where",
    "ranges",
]

Verdict = Literal["holds", "holds only if", "does not hold"]

#: The share by which a figure may differ from one that the article calls "about".
ABOUT: Final = 0.10
#: The largest fan-out that is tried as a condition.
MOST_READERS: Final = 200.0


#: The costs of options along one axis, by name.
CostsByName = Mapping[str, Totals | Costs]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: the statement of the article, the computed result, and the verdict.

    ``own`` is computed from the article's own inputs, ``listed`` from list prices by region.
    ``numbers`` has the values behind the texts, for programs.
    """

    key: str
    stated: Message
    own: Message
    listed: dict[str, Message]
    verdict: Verdict
    because: Message
    numbers: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Case:
    """The article's scenario at one set of prices: with its own clusters, and with sized ones.

    Its own clusters are as it counts them; the others are sized under a set of assumptions.
    """

    scenario: Scenario
    sized: Scenario
    volume: Crossovers  #: of the sized scenario, over traffic
    fanout: Crossovers  #: of the sized scenario at ``LARGE_TB``, over the fan-out
    others: Offers = NONE  #: of every other kind, over traffic
    others_by_fanout: Offers = NONE  #: the same over the fan-out

    @classmethod
    def of(cls, scenario: Scenario, sized: Scenario, region: str = "") -> Case:
        """Compute the cost curves of the sized scenario, once for all claims.

        With a ``region`` of list prices, they are also those of every other kind there.
        """
        workload = sized.workload.replace(ingress=f"{LARGE_TB:g} TB/month")
        at = replace(sized, workload=workload)
        readers = at.crossovers(over="fanout", start=0, stop=MOST_READERS)
        case = cls(scenario, sized, sized.crossovers(), readers)
        if not region:
            return case
        terms = Terms.of(sized, region)
        others = [option for option in terms.options()[1] if option.label not in NAMED]
        large = replace(terms, workload=workload)
        by_fanout = offers(large, others, over="fanout", start=0, stop=MOST_READERS)
        return replace(case, others=offers(terms, others), others_by_fanout=by_fanout)

    @property
    def assumptions(self) -> str:
        """The name of the set of assumptions of the sized scenario."""
        return self.sized.book.assumptions.name

    @property
    def alone(self) -> Stretches:
        """The traffic at which, of the article's options, only self-hosting is feasible."""
        return alone(self.volume.curves, *self.options)

    @property
    def every(self) -> CostsByName:
        """The costs of every option with a price, over traffic."""
        return {**self.volume.curves, **self.others.costs}

    @property
    def every_by_fanout(self) -> CostsByName:
        """The costs of every option with a price at ``LARGE_TB``, over the fan-out."""
        return {**self.fanout.curves, **self.others_by_fanout.costs}

    @property
    def options(self) -> tuple[str, str, str]:
        """The names of the self-hosted, MSK and Confluent options."""
        return names(self.sized)

    def floor(self, which: int) -> bool:
        """Return whether the cost of one of the article's options is a floor somewhere."""
        return bool(np.any(self.volume.curves[self.options[which]].floor))

    def bill(self, which: int) -> Bill:
        """Return the bill of one of the article's options: 0 self-hosted, 1 MSK, 2 Confluent."""
        return self.scenario.bills()[which]

    def cost(self, which: int, component: str) -> float:
        """Return the cost of one component of a bill."""
        lines = self.bill(which).lines
        return sum(float(line.cost or 0) for line in lines if line.component == component)


Cases = dict[str, Case]
#: The case of the article's own inputs; the other cases are regions of list prices.
OWN: Final = "article"
#: The list prices that decide verdicts: those of the article's own country.
FIRST: Final = LIST_REGIONS[0]


def cases(list_book: PriceBook | None = None, *, assumptions: str = PRODUCTION) -> Cases:
    """Return the article's scenario at its own figures and at list prices, by name.

    ``list_book`` has the list prices, in won, and the assumptions under which clusters are sized;
    by default the prices are those of the article's date, under a set of ``assumptions``.  Raises
    :class:`~kafkatco.errors.InputError` for an unknown set.
    """
    own = article()
    if list_book is None:
        list_book = own.book.at(folder="list", assumptions=assumptions)

    def listed(region: str) -> Case:
        counted, sized = (
            at_list(own, region, sized=sized, book=list_book) for sized in (False, True)
        )
        return Case.of(counted, sized, region)

    return {OWN: Case.of(own, own)} | {region: listed(region) for region in LIST_REGIONS}


def agrees(value: float, stated: float) -> bool:
    """Return whether ``value`` is about ``stated``."""
    return abs(value - stated) <= ABOUT * abs(stated)


Stretches = list[tuple[float, float]]


def cheapest(costs: CostsByName, name: str, rivals: Sequence[str]) -> Stretches:
    """Return the stretches on which ``name`` costs less than its rivals, in the axis's unit.

    On these stretches, ``name`` and at least one of the rivals are feasible, and the cost of
    ``name`` is not a floor; that of a rival may be one, since ``name`` then costs less anyway.
    """
    mine = costs[name]
    excluded = np.maximum(np.maximum(mine.infeasible, mine.floor), _unserved(costs, rivals))
    parts = envelope(
        {label: costs[label].total for label in (name, *rivals)},
        {label: np.maximum(costs[label].infeasible, excluded) for label in (name, *rivals)},
    )
    return [(part.start, part.stop) for part in parts if part.winner == name]


def alone(costs: CostsByName, name: str, *rivals: str) -> Stretches:
    """Return the stretches on which ``name`` is feasible and none of its rivals is."""
    return holds_where(_unserved(costs, rivals) * (1.0 - costs[name].infeasible))


def _unserved(costs: CostsByName, names: Sequence[str]) -> Any:
    """Return where none of some options is feasible."""
    nowhere: Any = 1.0
    for name in names:
        nowhere = np.minimum(nowhere, costs[name].infeasible)
    return nowhere


def by_share(share: float) -> Verdict:
    """Return the verdict on a claim that is true on a ``share`` of its range."""
    return "holds" if share > 1 - SAME else "holds only if" if share > 0 else "does not hold"


def holds_where(truth: Curve) -> Stretches:
    """Return the stretches on which a curve is true: 1, not 0."""
    parts = envelope({"yes": 1.0 - truth, "no": Curve.constant(0.5, truth)}, {})
    return [(part.start, part.stop) for part in parts if part.winner == "yes"]


def ranges(stretches: Stretches, most: float = math.inf) -> Message:
    """Return stretches as text; one that ends at ``most``, the end of the search, is open.

    >>> ranges([(1.0, 2.0), (3.0, 4.0)]), ranges([(1.0, 4.0)], most=4.0)
    ('1 to 2, 3 to 4', '1 and more')
    """
    return join(
        ", ",
        (
            _("{low:,.4g} to {high:,.4g}", low=low, high=high)
            if high < most * (1 - SAME)
            else _("{low:,.4g} and more", low=low)
            for low, high in stretches
        ),
    )


@dataclass(frozen=True, slots=True, repr=False)
class Claims(Results[Claim]):
    """A sequence of all claims, in the article's order.

    ``assumptions`` is the set under which clusters at list prices are sized.
    """

    items: tuple[Claim, ...]
    assumptions: str = PRODUCTION

    def __repr__(self) -> str:
        verdicts = Counter(claim.verdict for claim in self)
        return f"Claims({', '.join(f'{count} {verdict}' for verdict, count in verdicts.items())})"
