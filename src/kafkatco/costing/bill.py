"""The itemised bill of one month, with its sources and omissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import Result, Results, about_prices, dataset, draw
from kafkatco.costing.candidates import PricedCandidate, cheapest_candidate, price_candidates
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.costing.discounts import on_demand_notes
from kafkatco.costing.lines import PEOPLE, Line
from kafkatco.costing.own_prices import unused_overrides
from kafkatco.costing.people import Winners, winners_of
from kafkatco.costing.price_ranges import CloseCall, PriceRange, close_call, price_range
from kafkatco.costing.tax import not_modelled, recovered_tax
from kafkatco.deployments.base import Deployment
from kafkatco.i18n.message import Message, join, ngettext
from kafkatco.prices.assumptions import Assumption
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.rows import PriceRow
from kafkatco.sizing.quantities import Limit, Sizing
from kafkatco.sizing.traffic_profile import PeakHour
from kafkatco.sizing.utilisation import Utilisation, utilisation
from kafkatco.sizing.workload import Operands, Workload

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["Alternative", "Bill", "Bills", "EnvironmentCost", "bill", "bill_of"]

#: How many of the candidates next in cost a bill names.
ALTERNATIVES: Final = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A candidate configuration that fits too, and costs no less than the one of the bill."""

    label: str  #: such as an instance type
    unit: str  #: the name of its units: "brokers"
    count: float  #: how many it has of them [1]
    total: float  #: [currency/month]
    more: float  #: how much more than the bill [currency/month]


@dataclass(frozen=True, slots=True)
class EnvironmentCost:
    """What an environment costs a month, before a discount, a support plan and tax."""

    name: str
    region: str
    total: float  #: [currency/month]
    sizing: Sizing


@dataclass(frozen=True, slots=True)
class Bill(Result):
    """One month of one deployment, for one workload.

    ``lines`` recur every month and sum to ``total``; ``one_off`` lines, such as setup, occur in one
    month only.  An infeasible deployment has reasons and no total.  ``provider`` is the provider's
    name in skus.  With unpriced skus the total is a floor, as with ``unchecked``: the reasons why a
    limit is unknown for a dimension of the workload.

    ``utilisation`` has how far each dimension uses the units; none for the kinds without sizing by
    dimension.  ``alternatives`` are the next candidates by cost, at most three; none if the
    deployment has only one, or is infeasible.

    ``environments`` are those next to production, whose lines are among ``lines``; ``sizing``,
    ``utilisation`` and ``alternatives`` are production's.

    ``prices`` names the set of assumptions, and ``replaced`` has those that differ from it.
    ``provider_charges`` (of all providers, with their tax) and ``people`` add up to ``total``;
    without labour, ``staffed`` is false and ``people`` is ``None``.  ``notes`` have what a reader
    must know of the configuration, and the inputs of the workload that the service fixes to another
    value.  ``recovered_tax`` is paid with the month's invoices and recovered later: it is in no
    total.  ``price_range`` is where the total lies if a provider publishes two ends of a price:
    see ``low`` and ``high``.  ``peak_hour`` is that of the workload's profile; ``None`` for
    the same traffic all the time.
    """

    name: str
    kind: str
    region: str
    currency: str
    lines: tuple[Line, ...]
    one_off: tuple[Line, ...]
    sizing: Sizing
    infeasible: tuple[str, ...]
    not_modelled: tuple[str, ...]
    prices: dict[str, str]
    provider: str = ""
    utilisation: tuple[Utilisation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    replaced: tuple[Assumption, ...] = ()
    notes: tuple[Message, ...] = ()
    unchecked: tuple[str, ...] = ()
    recovered_tax: float = 0.0
    staffed: bool = True
    price_range: PriceRange | None = None
    environments: tuple[EnvironmentCost, ...] = ()
    peak_hour: PeakHour | None = None

    def __repr__(self) -> str:
        total = self.total
        cost = (
            "cannot handle the load" if total is None else f"{total:,.2f} {self.currency} a month"
        )
        return f"Bill({self.name!r}, {cost}{', a floor' if self.is_floor else ''})"

    @property
    def total(self) -> float | None:
        """The monthly total in ``currency``; ``None`` if the deployment is infeasible."""
        return None if self.infeasible else _sum(self.lines)

    @property
    def low(self) -> float | None:
        """The total at the lower end of every published range of a price: see ``total``."""
        return self.price_range.low if self.price_range else self.total

    @property
    def high(self) -> float | None:
        """The total at the upper end of every published range of a price: see ``total``."""
        return self.price_range.high if self.price_range else self.total

    @property
    def provider_charges(self) -> float | None:
        """The total without people; ``None`` if the deployment is infeasible."""
        if self.infeasible:
            return None
        return _sum([line for line in self.lines if line.component not in PEOPLE])

    @property
    def people(self) -> float | None:
        """The monthly cost of people; ``None`` without labour, or if infeasible."""
        if self.infeasible or not self.staffed:
            return None
        return _sum([line for line in self.lines if line.component in PEOPLE])

    @property
    def one_off_total(self) -> float:
        """The total of one-off lines."""
        return _sum(self.one_off)

    @property
    def unpriced_skus(self) -> tuple[str, ...]:
        """The skus with a quantity and without a price in this book."""
        return tuple(line.sku for line in (*self.lines, *self.one_off) if line.unit_price is None)

    @property
    def is_floor(self) -> bool:
        """Whether the total is a floor: the true cost may be higher."""
        return bool(self.unpriced_skus or self.unchecked)

    def sources(self) -> tuple[PriceRow, ...]:
        """Return the price rows of the lines, and the exchange rates, each once."""
        lines = (*self.lines, *self.one_off)
        rows = [row for line in lines for row in (line.row, *line.rates) if row is not None]
        return tuple(dict.fromkeys(rows))

    def to_xarray(self) -> xr.Dataset:
        """Return a Dataset over ``line``: quantity, unit price and cost, with component and sku."""
        return dataset(self)

    def plot(self, ax: Axes | None = None, *, once: bool = False, language: str = "en") -> Axes:
        """Draw the bill as a bar; see :func:`kafkatco.plot_bills`.  Needs the extra ``plot``."""
        return draw(Bills((self,)), "plot", ax, once=once, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


@dataclass(frozen=True, slots=True, repr=False)
class Bills(Results[Bill]):
    """The bills of several deployments for one workload, at the same prices: a sequence.

    ``unused_overrides`` are the user's own prices that no deployment bills, each with a note.
    """

    items: tuple[Bill, ...]
    unused_overrides: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Bills({', '.join(bill.name for bill in self)})"

    @property
    def winners(self) -> Winners:
        """The cheapest by provider charges alone, and with people."""
        return winners_of(self.items)

    @property
    def close_call(self) -> CloseCall:
        """The options that are too close to call, by published ranges of prices."""
        return close_call(self.items, self[0].currency) if self else CloseCall({}, "")

    def plot(self, ax: Axes | None = None, *, once: bool = False, language: str = "en") -> Axes:
        """Draw a bar for each bill; see :func:`kafkatco.plot_bills`.  Needs the extra ``plot``."""
        return draw(self, "plot", ax, once=once, language=language)

    def _about(self) -> dict[str, Any]:
        return self[0]._about() if self else {}


def _sum(lines: Sequence[Line]) -> float:
    return float(sum(line.cost for line in lines if line.cost is not None))


def bill(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    month_hours: float | str = 730,
) -> Bills:
    """Return the itemised bill of each deployment for one workload.

    Of several candidate configurations of a deployment, the bill is that of the cheapest one that
    fits; its sizing has the number of candidates.

    Parameters
    ----------
    workload, deployments, book
        The demand, the deployments to bill, and the prices.
    month_hours
        Hours of a billing month, 730 by default, or ``"calendar"``.  [h]

    Raises
    ------
    InputError
        For arguments of the wrong type or in the wrong order, and deployments of the same name.
    MissingPriceError
        For a sku, region or instance that is not in the book or the catalogue.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, PriceBook, Workload
    >>> [basic] = bill(Workload(ingress="1 TB/month"), [ConfluentBasic(region="us-east-1")],
    ...                PriceBook("list", as_of="2025-10-31"))
    >>> [round(line.cost, 2) for line in basic.lines if line.component == "throughput"]
    [46.57, 46.57]

    These are 10^12 / 2^30 GiB at 0.05 USD, in and out.
    """
    comparison = Comparison.of("bill", workload, deployments, book, month_hours)
    catalogue = book.catalogue()
    return Bills(
        tuple(
            bill_of(deployment, comparison.load, book, catalogue)
            for deployment in comparison.deployments
        ),
        unused_overrides(comparison.load, comparison.deployments, book),
    )


def bill_of(
    deployment: Deployment,
    load: Workload | Operands,
    book: PriceBook,
    catalogue: Catalogue | None = None,
) -> Bill:
    """Return the bill of one deployment for a workload, or for scalar operands.

    A ``Workload`` is billed at 730 h a month; the default catalogue is that of the book's date.
    Raises ``MissingPriceError`` as :func:`bill`.
    """
    load = operands_of(load, book) if isinstance(load, Workload) else load
    catalogue = catalogue or book.catalogue()
    candidates = price_candidates(deployment, load, book, catalogue)
    feasible = [candidate for candidate in candidates if not candidate.infeasible]
    best = cheapest_candidate(candidates)
    reasons = () if feasible else _exceeded(best.candidate.limits)
    sizing = best.candidate.sizing
    used = utilisation(sizing, float(load.peak_to_average), load.profile.highest)
    dropped = candidates[0].dropped_candidates
    if len(candidates) > 1 or dropped:
        choice = _choice(len(feasible), len(candidates), dropped)
        sizing = replace(sizing, details={**sizing.details, "chosen": choice})
    return Bill(
        name=deployment.label,
        kind=str(getattr(deployment, "kind", "")),
        region=deployment.region,
        currency=book.currency,
        lines=() if reasons else best.lines,
        one_off=() if reasons else best.one_off,
        sizing=sizing,
        infeasible=reasons,
        not_modelled=not_modelled(deployment, load, book),
        prices=book.describe(),
        provider=deployment.provider,
        utilisation=used,
        alternatives=_alternatives(best, feasible),
        replaced=deployment.replaced(catalogue),
        notes=()
        if reasons
        else (
            *best.candidate.notes,
            *(note for one in best.environments for note in one.notes),
            *deployment.without_effect(load),
            *on_demand_notes(deployment, best.lines),
        ),
        unchecked=() if reasons else _exceeded(best.candidate.unchecked),
        recovered_tax=0.0 if reasons else recovered_tax(best.lines, book),
        staffed=deployment.labour is not None,
        price_range=None if reasons else price_range(deployment, load, book, catalogue),
        environments=()
        if reasons
        else tuple(
            EnvironmentCost(one.name, one.region, float(one.total), one.sizing)
            for one in best.environments
        ),
        peak_hour=load.profile.peak_hour(float(load.peak_to_average)),
    )


def _exceeded(limits: Sequence[Limit]) -> tuple[str, ...]:
    """Return the reasons of the limits that a workload exceeds."""
    return tuple(dict.fromkeys(limit.reason for limit in limits if limit.exceeded))


def _alternatives(
    best: PricedCandidate, feasible: Sequence[PricedCandidate]
) -> tuple[Alternative, ...]:
    """Return the candidates of the lowest totals after that of ``best``; floors if it is one."""
    others = [
        priced
        for priced in feasible
        if priced is not best and bool(priced.floor) == bool(best.floor)
    ]
    others.sort(key=lambda priced: float(priced.total))
    return tuple(
        Alternative(
            label=priced.candidate.label,
            unit=priced.candidate.sizing.unit,
            count=float(priced.candidate.sizing.count),
            total=float(priced.total),
            more=float(priced.total) - float(best.total),
        )
        for priced in others[:ALTERNATIVES]
    )


def _choice(feasible: int, candidates: int, dropped: int) -> Message:
    """Return how the candidate was chosen: of how many that fit, do not fit, and have no price."""
    clauses = [
        ngettext("the only type that fits", "cheapest of the {n} types that fit", feasible)
        if feasible
        else ngettext("the only type does not fit", "none of the {n} types fits", candidates)
    ]
    if feasible and candidates > feasible:
        count = candidates - feasible
        clauses.append(ngettext("{n} does not fit", "{n} do not fit", count))
    if dropped:
        clauses.append(ngettext("{n} more has no price", "{n} more have no price", dropped))
    return join("; ", clauses)
