"""The impact of price changes on the answers: bills, break-evens, the best path, the claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kafkatco.core.result import Result
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import Message, _
from kafkatco.price_impact.bills import (
    Billed,
    BillMove,
    Contribution,
    bill_at,
    bill_moves,
    missing_notes,
    used_prices,
)
from kafkatco.price_impact.cheapest import Stretch, cheapest_moves
from kafkatco.price_impact.claims import ClaimMove, claim_moves
from kafkatco.price_impact.crossings import Cause, CrossingMove, crossing_moves, crossovers_of
from kafkatco.price_impact.drivers import find_drivers, grouped
from kafkatco.price_impact.plans import PathMove, path_moves
from kafkatco.prices.book import PriceBook, RecordingBook
from kafkatco.prices.changes import Change
from kafkatco.scenario.scenario import Scenario

__all__ = [
    "BillMove",
    "Cause",
    "ClaimMove",
    "Contribution",
    "CrossingMove",
    "Impact",
    "PathMove",
    "Stretch",
    "impact",
]


@dataclass(frozen=True, slots=True)
class Impact(Result):
    """The differences between the answers to one scenario with two books.

    ``prices`` are the changed prices behind the bills, with the deployments that use them;
    ``bills`` has one entry for each deployment; ``crossings`` and ``cheapest`` (over traffic, in
    ``unit``) and ``claims`` have the differences; ``paths`` has the best path of every growth
    scenario.  ``winner`` is the cheapest at the scenario's own traffic, before and after; a floor,
    with a missing price or an unknown limit, never wins.  ``notes`` have the reason for everything
    that could not be compared.
    """

    scenario: str
    currency: str
    unit: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    prices: tuple[tuple[Change, tuple[str, ...]], ...]
    bills: tuple[BillMove, ...]
    winner: tuple[str | None, str | None]
    crossings: tuple[CrossingMove, ...]
    cheapest: tuple[Stretch, ...]
    paths: tuple[PathMove, ...]
    claims: tuple[ClaimMove, ...]
    notes: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether no answer changed, among those that could be compared."""
        return not (
            self.prices
            or self.crossings
            or self.cheapest
            or self.claims
            or any(bill.changed for bill in self.bills)
            or any(path.changed or path.cost_before != path.cost_after for path in self.paths)
        )

    @property
    def not_compared(self) -> tuple[str, ...]:
        """The deployments for which one of the books lacks a price or a capacity."""
        return tuple(bill.deployment for bill in self.bills if not bill.compared)

    def sentences(self) -> tuple[str, ...]:
        """Return a sentence for each moved break-even; those of the cheapest of all come first."""
        ordered = sorted(self.crossings, key=lambda move: not move.leads)
        return tuple(move.sentence(self.unit) for move in ordered)

    def __repr__(self) -> str:
        dates = f"{self.before['as_of']} to {self.after['as_of']}"
        moved = f"{len(self.prices)} prices, {len(self.crossings)} crossovers moved"
        return f"Impact({dates}: {'nothing moved' if self.nothing else moved})"

    def _about(self) -> dict[str, Any]:
        return {"currency": self.currency, "before": dict(self.before), "after": dict(self.after)}


def impact(
    scenario: Scenario, before: PriceBook, after: PriceBook, *, claims: bool = False
) -> Impact:
    """Return the impact of price changes on the answers to a scenario.

    Parameters
    ----------
    scenario
        The scenario; its own book is not used.
    before, after
        The same book on two dates, or two versions of its tables: see
        :meth:`kafkatco.PriceBook.at`, which keeps the scenario's settings.
    claims
        Whether to test the article's claims as well, with these books as the list prices.

    Notes
    -----
    To attribute a difference, each price, exchange rate and wage is changed alone, and so are the
    capacities of the book's date and the hours of a calendar month.  Each part of a bill's
    difference is the effect of its driver alone; the last part is the effect that they have only
    together, so that the parts sum to the difference.

    Raises
    ------
    InputError
        For books that differ in currency, gigabyte or overrides.

    Examples
    --------
    >>> scenario = Scenario.load("every-kind")
    >>> scenario = replace(scenario, deployments=scenario.deployments[3:4])
    >>> old, new = (scenario.book.at(as_of=date) for date in ("2025-10-31", "2026-10-31"))
    >>> [(bill.deployment, bill.parts[0].text) for bill in impact(scenario, old, new).bills]
    [('self-hosted on premises', 'fx.usd.krw fell by 6.5 %')]
    """
    _check(before, after)
    books = RecordingBook.of(before), RecordingBook.of(after)
    old, new = (replace(scenario, book=book, catalogue=book.catalogue()) for book in books)
    olds, news = (
        [bill_at(side, deployment) for deployment in side.deployments] for side in (old, new)
    )
    (was, missing_before), (now, missing_after) = crossovers_of(old), crossovers_of(new)
    looked_up = {key for billed in (*olds, *news) for key in billed.looked_up}
    drivers = find_drivers(old, new, looked_up.union(*(book.looked_up for book in books)))
    paths, notes = path_moves(old, new)
    tested, untested = claim_moves(before, after) if claims else ((), ())
    crossings: tuple[CrossingMove, ...] = ()
    cheapest: tuple[Stretch, ...] = ()
    if was is not None and now is not None:
        crossings = crossing_moves(was, now, old, new, grouped(drivers))
        cheapest = cheapest_moves(was, now)
    return Impact(
        scenario=scenario.source,
        currency=before.currency,
        unit=next((side.axis.unit for side in (was, now) if side is not None), ""),
        before=before.describe(),
        after=after.describe(),
        prices=used_prices(olds, news, old, new),
        bills=bill_moves(olds, news, old, new, drivers),
        winner=(_cheapest(olds), _cheapest(news)),
        crossings=crossings,
        cheapest=cheapest,
        paths=paths,
        claims=tested,
        notes=(
            *_without_curve(_with_bill(olds, missing_before), _with_bill(news, missing_after)),
            *notes,
            *untested,
        ),
    )


def _check(before: PriceBook, after: PriceBook) -> None:
    """Refuse books that differ in a setting, whose effect would not be that of prices."""
    settings = (before.currency, after.currency), (before.gigabyte, after.gigabyte)
    problems = [
        Problem("after", repr(now), _("{value}, as before", value=repr(was)))
        for was, now in settings
        if was != now
    ]
    for sku in sorted({*before.overrides, *after.overrides}):
        was, now = (_override(book, sku) for book in (before, after))
        if was != now:
            problems.append(Problem("after", now, _("{value}, as before", value=was)))
    if problems:
        raise InputError("impact", problems)


def _override(book: PriceBook, sku: str) -> Message:
    price = book.overrides.get(sku)
    if price is None:
        return _("no override of {sku!r}", sku=sku)
    return _("the override {price!r} of {sku!r}", price=price.text, sku=sku)


def _cheapest(bills: Sequence[Billed]) -> str | None:
    """Return the deployment with the lowest total, among those whose total is no floor."""
    able = [
        (side.total, side.bill.name)
        for side in bills
        if side.bill and side.total is not None and not side.bill.is_floor
    ]
    return min(able, key=lambda pair: pair[0])[1] if able else None


def _with_bill(bills: Sequence[Billed], reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons why deployments with a bill have no cost curve."""
    priced = {side.bill.name for side in bills if side.bill is not None}
    return {label: why for label, why in reasons.items() if label in priced}


def _without_curve(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Yield a note for each deployment with a bill and no cost curve."""
    for label in dict.fromkeys([*was, *now]):
        for why in missing_notes(was.get(label, ""), now.get(label, "")):
            yield _("crossovers, without {deployment}, {reason}", deployment=label, reason=why)
