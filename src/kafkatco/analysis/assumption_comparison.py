"""A workload under several sets of assumptions, and which of them explain the difference."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import factorial
from typing import Any

from kafkatco.core.result import Results
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.candidates import price_candidates
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.dominance import undominated
from kafkatco.deployments import Deployment
from kafkatco.deployments.self_hosted import SelfHosted
from kafkatco.errors import InputError
from kafkatco.i18n.message import Message
from kafkatco.prices import Assumptions, PriceBook
from kafkatco.prices.assumption_sets import GROUPS, group_of, unknown_sets
from kafkatco.prices.assumptions import PRODUCTION, SETS
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.workload import Operands, Workload, hours_of_month

__all__ = [
    "AssumptionComparison",
    "AssumptionPart",
    "UnderAssumptions",
    "compare_assumptions",
    "shapley_values",
]

#: Groups of assumptions of the other set; the others are those of production.
Switched = frozenset[str]


@dataclass(frozen=True, slots=True)
class AssumptionPart:
    """The part of a difference that a group of assumptions explains."""

    group: str  #: one of ``kafkatco.prices.assumption_sets.GROUPS``
    text: Message
    names: tuple[str, ...]  #: the assumptions of the group that differ
    amount: float  #: [currency/month]


@dataclass(frozen=True, slots=True)
class UnderAssumptions:
    """The bill of a deployment under a set of assumptions, and what explains it.

    ``difference`` is its total less that under production [currency/month], the sum of ``parts``,
    the largest first; parts of 0 are left out.  Where the deployment cannot handle the workload
    under either set there is no difference; where it cannot under a mixture of the two there are no
    parts.
    """

    assumptions: str
    bill: Bill
    difference: float | None
    parts: tuple[AssumptionPart, ...] = ()

    @property
    def deployment(self) -> str:
        """The name of the deployment."""
        return self.bill.name


@dataclass(frozen=True, slots=True, repr=False)
class AssumptionComparison(Results[UnderAssumptions]):
    """The bills of some deployments under several sets of assumptions: a sequence."""

    items: tuple[UnderAssumptions, ...]
    sets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"AssumptionComparison({', '.join(self.sets)})"

    def of(self, deployment: str, assumptions: str) -> UnderAssumptions:
        """Return the bill of a deployment, by its name, under a set."""
        return next(
            one for one in self if one.deployment == deployment and one.assumptions == assumptions
        )

    def _about(self) -> dict[str, Any]:
        return self[0].bill._about()


def compare_assumptions(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    sets: Sequence[str] = SETS,
    month_hours: float | str = 730,
    track: Callable[[Collection[Any]], Iterable[Any]] = iter,
) -> AssumptionComparison:
    """Return the bills of deployments under several sets of assumptions, and what explains them.

    The difference between production and another set is split over groups of assumptions by their
    Shapley values (:func:`shapley_values`), of the totals under every mixture of the two sets.  The
    values that the book and the deployments give themselves stay in every set.

    Parameters
    ----------
    workload, deployments, book
        The demand, the deployments to bill, and the prices.
    sets
        The sets to compare with ``"production"``, which is always the first; by default all.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``.  [h]
    track
        Wraps what is iterated over, to show progress.

    Raises
    ------
    InputError
        For an unknown set, and the invalid arguments of :func:`kafkatco.bill`.
    MissingPriceError
        For a sku, region or instance that is not in the book or the catalogue.

    Examples
    --------
    >>> from kafkatco import MskStandard
    >>> found = compare_assumptions(
    ...     Workload(ingress="20 MiB/s", retention="1 day"), [MskStandard(region="us-east-1")],
    ...     PriceBook("list", as_of="2026-10-31"), sets=["bare"])
    >>> bare = found.of("msk-standard", "bare")
    >>> abs(sum(part.amount for part in bare.parts) - bare.difference) < 1e-6
    True
    """
    if problems := unknown_sets(sets):
        raise InputError("compare_assumptions", problems)
    Comparison.of("compare_assumptions", workload, deployments, book, month_hours)
    hours = hours_of_month(month_hours, book.as_of)
    names = tuple(dict.fromkeys((PRODUCTION, *sets)))
    books = {name: book.at(assumptions=replace(book.assumptions, name=name)) for name in names}
    pairs = [(deployment, name) for deployment in deployments for name in names]
    items = []
    base: Bill | None = None
    for deployment, name in track(pairs):
        catalogue = books[name].catalogue()
        load = _load_under(workload, hours, catalogue)
        bill = bill_of(deployment, load, books[name], catalogue)
        if base is None or name == PRODUCTION:
            base = bill
            items.append(UnderAssumptions(name, bill, None if bill.total is None else 0.0))
            continue
        difference = None
        if bill.total is not None and base.total is not None:
            difference = bill.total - base.total
        mixtures = _Mixtures(workload, deployment, books[PRODUCTION], books[name], hours)
        parts = mixtures.parts() if difference else ()
        items.append(UnderAssumptions(name, bill, difference, parts))
    return AssumptionComparison(tuple(items), names)


def shapley_values(
    players: Sequence[str], total: Callable[[frozenset[str]], float]
) -> dict[str, float]:
    """Return what each player adds to a total, on average over all orders in which they join.

    ``total`` is that of a set of players.  The values sum to the difference between the totals of
    all players and of none, and a player that never changes the total has 0.  Source: L. S.
    Shapley, A value for n-person games, 1953.

    >>> shapley_values(["a", "b"], lambda on: {0: 0.0, 1: 4.0, 2: 10.0}[len(on)])
    {'a': 5.0, 'b': 5.0}
    """
    count = len(players)
    values = dict.fromkeys(players, 0.0)
    for player in players:
        others = [other for other in players if other != player]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in map(frozenset, combinations(others, size)):
                values[player] += weight * (total(chosen | {player}) - total(chosen))
    return values


@dataclass(frozen=True, slots=True)
class _Asking(Assumptions):
    """Assumptions that record the names of those asked for."""

    asked: set[str] = field(default_factory=set)

    def set_of(self, name: str) -> str:
        """Return the set that an assumption is of, and record that it was asked for."""
        self.asked.add(name)
        return Assumptions.set_of(self, name)


@dataclass(frozen=True, slots=True)
class _Mixtures:
    """The bills of a deployment under mixtures of production and another set."""

    workload: Workload
    deployment: Deployment
    production: PriceBook
    other: PriceBook
    hours: float  #: [h]
    #: The totals so far: the groups asked for, those of them that are of the other set, the total.
    known: list[tuple[Switched, Switched, float | None]] = field(default_factory=list)
    #: The deployment without the types that another one beats, by the types that it may choose.
    fewer: dict[tuple[str, ...], Deployment] = field(default_factory=dict)

    def parts(self) -> tuple[AssumptionPart, ...]:
        """Return what each group of assumptions explains; none if a mixture is infeasible."""
        members = self._members()

        def total(on: Switched) -> float:
            cost = self._total(on, members)
            if cost is None:
                raise _InfeasibleError
            return cost

        try:
            amounts = shapley_values(list(members), total)
        except _InfeasibleError:
            return ()
        parts = [
            AssumptionPart(group, GROUPS[group], members[group], amount)
            for group, amount in amounts.items()
            if amount
        ]
        return tuple(sorted(parts, key=lambda part: -abs(part.amount)))

    def _members(self) -> dict[str, tuple[str, ...]]:
        """Return the assumptions that differ, by group."""
        names = self.production.catalogue().differing(self.other.catalogue())
        return {
            group: same
            for group in GROUPS
            if (same := tuple(sorted(name for name in names if group_of(name) == group)))
        }

    def _total(self, on: Switched, members: Mapping[str, tuple[str, ...]]) -> float | None:
        """Return the total with some groups of the other set; ``None`` if it is infeasible.

        A bill depends only on what it has asked for, so that it is also that of other mixtures.
        """
        for asked, of_other, cost in self.known:
            if on & asked == of_other:
                return cost
        taken = {name: self.other.assumptions.name for group in on for name in members[group]}
        own = self.production.assumptions
        asking = _Asking(own.name, own.values, taken)
        catalogue = self.production.catalogue(asking)
        load = _load_under(self.workload, self.hours, catalogue)
        deployment = self._with_fewer_types(load, catalogue)
        candidates = price_candidates(deployment, load, self.production, catalogue)
        costs = (float(candidate.total) for candidate in candidates if not candidate.infeasible)
        cost = min(costs, default=None)
        asked = frozenset(group for group, names in members.items() if asking.asked & {*names})
        self.known.append((asked, on & asked, cost))
        return cost

    def _with_fewer_types(self, load: Operands, catalogue: Catalogue) -> Deployment:
        """Return the deployment without the types that are never the cheapest.

        Which types beat others does not depend on assumptions, only on which may be chosen.
        """
        if not isinstance(self.deployment, SelfHosted):
            return self.deployment
        types = self.deployment.types(catalogue)
        if types not in self.fewer:
            self.fewer[types] = undominated(self.deployment, load, self.production, catalogue)
        return self.fewer[types]


def _load_under(workload: Workload, hours: float, catalogue: Catalogue) -> Operands:
    reads = catalogue.assumed("follower_fetch")
    return workload.operands(month_hours=hours, follower_fetch=reads)


class _InfeasibleError(Exception):
    """A deployment that cannot handle the workload under a mixture of assumptions."""
