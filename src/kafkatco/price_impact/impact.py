"""What a change of prices does to the answers: bills, break-evens, the best path, the claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kafkatco.core.result import Result
from kafkatco.errors import InputError, Problem
from kafkatco.price_impact.bills import (
    Billed,
    BillMove,
    Part,
    bill_moves,
    bill_of,
    told,
    used_prices,
)
from kafkatco.price_impact.cheapest import Stretch, cheapest_moves
from kafkatco.price_impact.claims import ClaimMove, claim_moves
from kafkatco.price_impact.crossings import Because, CrossingMove, crossing_moves, sweep_of
from kafkatco.price_impact.drivers import find_movers, grouped
from kafkatco.price_impact.plans import PathMove, path_moves
from kafkatco.prices.book import PriceBook, RecordingBook
from kafkatco.prices.changes import Change
from kafkatco.scenario.scenario import Scenario

__all__ = [
    "Because",
    "BillMove",
    "ClaimMove",
    "CrossingMove",
    "Impact",
    "Part",
    "PathMove",
    "Stretch",
    "impact",
]


@dataclass(frozen=True, slots=True)
class Impact(Result):
    """What differs between the answers to one scenario at two books.

    ``prices`` are those behind its bills that differ, with the deployments that pay them;
    ``bills`` has every deployment's, ``crossings`` and ``cheapest`` (over traffic, in ``unit``)
    and ``claims`` what differs, ``paths`` the best path of every growth scenario.  ``winner`` is
    the cheapest at the scenario's own traffic, before and after; a floor, which lacks a price, is
    never the cheapest.  ``notes`` say what could not be compared, and why.
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
        """Whether no answer moved, of those that could be compared."""
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
        """The deployments that one of the books, or both, lack a price or a capacity of."""
        return tuple(bill.deployment for bill in self.bills if not bill.compared)

    def sentences(self) -> tuple[str, ...]:
        """Say which break-evens moved and why: first those at which the cheapest of all changes."""
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
    """Return what other prices do to the answers to a scenario.

    Parameters
    ----------
    scenario
        What is asked; its own book plays no part.
    before, after
        The same book on two dates, or two states of its tables: see
        :meth:`kafkatco.PriceBook.at`, which keeps the scenario's settings.
    claims
        Whether to test the article's claims as well, at these two as the list prices.

    Notes
    -----
    What moves an answer is found by letting each price, exchange rate and wage move alone, the
    others being as they were; so do the capacities of the book's date, and a calendar month's
    hours.  Of a bill, each part is what its mover makes alone; what is left of the difference they
    make only together, and it is the last part, so that the parts sum to the difference.

    Raises
    ------
    InputError
        For books that differ in currency, gigabyte or overrides.

    Examples
    --------
    >>> asked = Scenario.load("every-kind")
    >>> asked = replace(asked, deployments=asked.deployments[4:5])
    >>> old, new = (asked.book.at(as_of=date) for date in ("2025-10-31", "2026-10-31"))
    >>> [(bill.deployment, bill.parts[0].text) for bill in impact(asked, old, new).bills]
    [('msk-standard', 'fx.usd.krw fell by 6.5 %')]
    """
    _check(before, after)
    books = RecordingBook.of(before), RecordingBook.of(after)
    old, new = (replace(scenario, book=book, catalogue=book.catalogue()) for book in books)
    olds, news = ([bill_of(side, item) for item in side.deployments] for side in (old, new))
    (was, lacked), (now, lacks) = sweep_of(old), sweep_of(new)
    looked_up = {key for billed in (*olds, *news) for key in billed.looked_up}
    movers = find_movers(old, new, looked_up.union(*(book.looked_up for book in books)))
    paths, notes = path_moves(old, new)
    tested, untested = claim_moves(before, after) if claims else ((), ())
    crossings: tuple[CrossingMove, ...] = ()
    cheapest: tuple[Stretch, ...] = ()
    if was is not None and now is not None:
        crossings = crossing_moves(was, now, old, new, grouped(movers))
        cheapest = cheapest_moves(was, now)
    return Impact(
        scenario=scenario.source,
        currency=before.currency,
        unit=next((side.axis.unit for side in (was, now) if side is not None), ""),
        before=before.describe(),
        after=after.describe(),
        prices=used_prices(olds, news, old, new),
        bills=bill_moves(olds, news, old, new, movers),
        winner=(_cheapest(olds), _cheapest(news)),
        crossings=crossings,
        cheapest=cheapest,
        paths=paths,
        claims=tested,
        notes=(*_unswept(_priced(olds, lacked), _priced(news, lacks)), *notes, *untested),
    )


def _check(before: PriceBook, after: PriceBook) -> None:
    """Refuse books that differ in a setting: what it moves is not what prices move."""
    settings = (before.currency, after.currency), (before.gigabyte, after.gigabyte)
    problems = [
        Problem("after", repr(now), f"{was!r}, as before") for was, now in settings if was != now
    ]
    for sku in sorted({*before.overrides, *after.overrides}):
        was, now = (_override(book, sku) for book in (before, after))
        if was != now:
            problems.append(Problem("after", now, f"{was}, as before"))
    if problems:
        raise InputError("impact", problems)


def _override(book: PriceBook, sku: str) -> str:
    price = book.overrides.get(sku)
    return f"no override of {sku!r}" if price is None else f"the override {price.text!r} of {sku!r}"


def _cheapest(bills: Sequence[Billed]) -> str | None:
    """Return the deployment of the least total, of those that lack no price."""
    able = [
        (side.total, side.bill.name)
        for side in bills
        if side.bill and side.total is not None and not side.open
    ]
    return min(able, key=lambda pair: pair[0])[1] if able else None


def _priced(bills: Sequence[Billed], lacking: Mapping[str, str]) -> dict[str, str]:
    """Return which deployments have a bill and no curve, and why."""
    priced = {side.bill.name for side in bills if side.bill is not None}
    return {label: why for label, why in lacking.items() if label in priced}


def _unswept(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Say which deployments have a bill and no curve."""
    for label in dict.fromkeys([*was, *now]):
        for why in told(was.get(label, ""), now.get(label, "")):
            yield f"crossovers, without {label}, {why}"
