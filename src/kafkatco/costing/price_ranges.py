"""The range of a cost, where a provider publishes two ends of a price and not who pays which.

The low and the high of a total are the total of the same formulas at the lower and at the upper end
of every range: the provider may grant one end of one price and another of the next, and whatever it
grants lies between, since a cost never falls when a price rises.  Two options whose ranges overlap
are too close to call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from kafkatco.core.format import either
from kafkatco.costing.candidates import PricedCandidate, cheapest_candidate, price_candidates
from kafkatco.costing.costs import costs_of
from kafkatco.deployments.base import Deployment
from kafkatco.i18n.message import EMPTY, Message, _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.rows import CapacityRow, PriceRow
from kafkatco.sizing.workload import Operands

__all__ = [
    "CloseCall",
    "PriceRange",
    "RangeEnd",
    "close_call",
    "close_of",
    "contenders",
    "has_ranges",
    "known_ends",
    "price_range",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RangeEnd:
    """A figure with a published range: the rows that are its ends in what is paid.

    ``figure`` is a sku, or ``"item.attribute"`` of a capacity.
    """

    figure: str
    low: PriceRow | CapacityRow
    high: PriceRow | CapacityRow


@dataclass(frozen=True, slots=True)
class PriceRange:
    """The least and the most that a month may cost [currency/month], and the figures behind it."""

    low: float
    high: float
    ends: tuple[RangeEnd, ...]


class Ranged(Protocol):
    """What a bill has that decides which options are too close to call."""

    @property
    def name(self) -> str:
        """The name of the deployment."""

    @property
    def total(self) -> float | None:
        """The total; ``None`` if infeasible."""

    @property
    def low(self) -> float | None:
        """The total at the lower ends of published ranges."""

    @property
    def high(self) -> float | None:
        """The total at the upper ends."""

    @property
    def is_floor(self) -> bool:
        """Whether the total is a floor."""


@dataclass(frozen=True, slots=True)
class CloseCall:
    """Options that may each be the cheapest, by name, with the low and high of each [currency].

    The first is the cheapest at the prices of the bill.  Empty if one option is the cheapest
    whatever the ends of published ranges.
    """

    options: Mapping[str, tuple[float, float]]
    currency: str

    def describe(self) -> list[dict[str, Any]]:
        """Return the options as plain values."""
        return [
            {"name": name, "low": low, "high": high} for name, (low, high) in self.options.items()
        ]

    @property
    def text(self) -> Message:
        """The options in a sentence without a full stop; empty if there are none."""
        if not self.options:
            return EMPTY
        return _("too close to call: {options}", options=either(self.options, self.currency))


def has_ranges(deployment: Deployment, book: PriceBook) -> bool:
    """Return whether a provider that a deployment pays publishes a range of some price."""
    return bool(_of_its_providers(deployment, book))


def price_range(
    deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> PriceRange | None:
    """Return the range of a bill's total for a single workload; ``None`` if it has none.

    At each end of the prices the cheapest candidate counts.  Without a range of its providers,
    nothing is computed.
    """
    figures = _of_its_providers(deployment, book)
    if not figures:
        return None
    low, high = (_at_end(deployment, load, end, catalogue) for end in (book.low, book.high))
    if low.priced.total == high.priced.total:
        return None
    own = tuple(figure for figure in figures if figure.startswith(deployment.sku_prefix))
    ends = (*_prices(figures, low, high), *_capacities(own, low, high))
    return PriceRange(float(low.priced.total), float(high.priced.total), ends)


@dataclass(frozen=True, slots=True)
class _End:
    """The cheapest candidate at one end of the prices."""

    book: PriceBook
    catalogue: Catalogue
    priced: PricedCandidate


def _at_end(deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue) -> _End:
    limits = book.catalogue(catalogue.assumptions)
    return _End(book, limits, cheapest_candidate(price_candidates(deployment, load, book, limits)))


def known_ends(
    deployment: Deployment, load: Operands, book: PriceBook
) -> tuple[Operand, Operand] | None:
    """Return the low and high of a known cost, for floats, arrays or a curve [currency/month].

    ``None`` without a range of its providers; infinite where infeasible or a floor.
    """
    if not has_ranges(deployment, book):
        return None
    low, high = (costs_of(deployment, load, end).known for end in (book.low, book.high))
    return low, high


def contenders(
    options: Iterable[T], cost: Callable[[T], tuple[float, float, float]]
) -> tuple[T, ...]:
    """Return the options that may be the cheapest, the cheapest at today's prices first.

    ``cost`` has the low, the total and the high of an option [currency].  The others are those
    whose low is below the high of the cheapest; there are none without a range.

    >>> contenders([(9, 9, 9), (4, 10, 12), (9.5, 9.5, 9.5)], lambda option: option)
    ((9, 9, 9), (4, 10, 12))
    """
    in_order = sorted(options, key=lambda option: cost(option)[1])
    if not in_order:
        return ()
    best, *others = in_order
    return (best, *(one for one in others if cost(one)[0] < cost(best)[2]))


def close_of(costs: Mapping[str, tuple[float, float, float]], currency: str) -> CloseCall:
    """Return the options that are too close to call, of the low, total and high of each by name.

    >>> close_of({"ours": (9.0, 9.0, 9.0), "theirs": (4.0, 10.0, 12.0)}, "USD").options
    {'ours': (9.0, 9.0), 'theirs': (4.0, 12.0)}
    """
    names = contenders(costs, lambda name: costs[name])
    close = {name: (costs[name][0], costs[name][2]) for name in names if len(names) > 1}
    return CloseCall(close, currency)


def close_call(bills: Sequence[Ranged], currency: str) -> CloseCall:
    """Return the bills at the same prices that are too close to call; a floor never is."""
    costs = {
        bill.name: (float(bill.low or 0.0), float(bill.total), float(bill.high or 0.0))
        for bill in bills
        if bill.total is not None and not bill.is_floor
    }
    return close_of(costs, currency)


def _of_its_providers(deployment: Deployment, book: PriceBook) -> tuple[str, ...]:
    """Return the figures with a range of the providers that a deployment pays."""
    paid = {deployment.provider, deployment.home.nodes.partition(".")[0]}
    return tuple(figure for figure in book.ranges if figure.partition(".")[0] in paid)


def _prices(figures: Sequence[str], low: _End, high: _End) -> Iterator[RangeEnd]:
    """Yield the ends of the prices that a line has."""
    lines = (*low.priced.lines, *high.priced.lines)
    regions = {line.sku: line.row.region for line in lines if line.row is not None}
    for figure in figures:
        if figure in regions:
            rows = [end.book.price(figure, regions[figure])[0] for end in (low, high)]
            if rows[0] != rows[1]:
                yield RangeEnd(figure, *rows)


def _capacities(figures: Sequence[str], low: _End, high: _End) -> Iterator[RangeEnd]:
    """Yield the ends of the capacities that differ in the details of the sizing."""
    below, above = (end.priced.candidate.sizing.details for end in (low, high))
    for figure in figures:
        item, _dot, attribute = figure.rpartition(".")
        if below.get(attribute) != above.get(attribute):
            rows = [end.catalogue.row(item, attribute) for end in (low, high)]
            yield RangeEnd(figure, *rows)
