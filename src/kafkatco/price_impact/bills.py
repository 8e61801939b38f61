"""The change of each bill, and the price changes behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kafkatco.costing.bill import Bill, bill_of
from kafkatco.deployments import Deployment
from kafkatco.errors import KafkatcoError, MissingPriceError, one_line
from kafkatco.i18n.message import _, join
from kafkatco.numerics.tolerance import ROUNDING
from kafkatco.price_impact.drivers import Driver, changed_prices
from kafkatco.prices.book import RecordingBook
from kafkatco.prices.changes import Change
from kafkatco.scenario.scenario import Scenario

__all__ = [
    "TOGETHER",
    "BillMove",
    "Billed",
    "Contribution",
    "bill_at",
    "bill_moves",
    "missing_notes",
    "reason_of",
    "used_prices",
]

#: The part of a difference that no driver causes alone.
TOGETHER: Final = "together"


@dataclass(frozen=True, slots=True)
class Contribution:
    """The part of a bill's difference [currency] that one driver causes."""

    name: str
    text: str
    amount: float


@dataclass(frozen=True, slots=True)
class BillMove:
    """A deployment's monthly bill with two books.

    ``before`` and ``after`` are ``None`` without a total; ``why`` has the two reasons.  ``parts``
    sum to the difference: the effect of each driver alone, in the book before, with the choices
    that follow (another instance, a support plan's share); and, last, their effect only together.
    ``choices`` are those that differ, before and after.  A total with ``unpriced_skus`` is a floor,
    as with ``unchecked``, the reasons why a limit is unknown.
    ``compared`` is whether both books have all necessary prices and capacities, even if the
    deployment is infeasible.
    """

    deployment: str
    before: float | None
    after: float | None
    why: tuple[str, str]
    unpriced_skus: tuple[tuple[str, ...], tuple[str, ...]]
    choices: tuple[tuple[str, Any, Any], ...]
    parts: tuple[Contribution, ...]
    compared: bool
    unchecked: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def floors(self) -> tuple[bool, bool]:
        """Whether the totals before and after are floors."""
        was, now = zip(self.unpriced_skus, self.unchecked, strict=True)
        return any(was), any(now)

    @property
    def difference(self) -> float | None:
        """The later total less the earlier one; ``None`` if one is missing."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def percent(self) -> float | None:
        """The difference [% of the earlier total]."""
        return 100 * self.difference / self.before if self.difference and self.before else None

    @property
    def changed(self) -> bool:
        """Whether anything in the bill differs."""
        return (
            bool(self.parts or self.choices)
            or (self.before is None) != (self.after is None)
            or self.unpriced_skus[0] != self.unpriced_skus[1]
            or self.unchecked[0] != self.unchecked[1]
        )


@dataclass(frozen=True, slots=True)
class Billed:
    """A bill, or the reason why it has no total, and the prices that were looked up for it."""

    bill: Bill | None
    why: str
    looked_up: tuple[tuple[str, str], ...]

    @property
    def total(self) -> float | None:
        """The month's total; ``None`` without one."""
        return None if self.bill is None else self.bill.total

    @property
    def unpriced_skus(self) -> tuple[str, ...]:
        """The skus without a price, which make the total a floor."""
        return () if self.bill is None else self.bill.unpriced_skus

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The reasons why a limit is unknown, which make the total a floor."""
        return () if self.bill is None else self.bill.unchecked


def missing_notes(was: str, now: str) -> list[str]:
    """Return why something is missing before and after; one note if the reasons are equal.

    >>> missing_notes("no price of storage", "")
    ['before: no price of storage']
    >>> missing_notes("no price of storage", "no price of storage")
    ['before and after: no price of storage']
    """
    if was == now:
        return [_("before and after: {reason}", reason=was)] if was else []
    notes = (was, _("before: {reason}", reason=was)), (now, _("after: {reason}", reason=now))
    return [note for reason, note in notes if reason]


def reason_of(error: KafkatcoError) -> str:
    """Return an error as a reason: without the book and its date, which an impact names once.

    >>> reason_of(MissingPriceError("price of storage", "book 'list' as of 2025-10-31"))
    'no price of storage'
    """
    if isinstance(error, MissingPriceError):
        return join(". ", filter(None, [_("no {thing}", thing=error.what), error.hint]))
    return error.message if "\n" not in error.message else one_line(error)


def bill_at(scenario: Scenario, deployment: Deployment) -> Billed:
    """Return a bill; missing prices are reported in it rather than raised."""
    book = RecordingBook.of(scenario.book)
    try:
        result = bill_of(deployment, scenario.operands, book, scenario.catalogue)
    except KafkatcoError as error:
        return Billed(None, reason_of(error), tuple(book.looked_up))
    reasons = join("; ", result.infeasible)
    why = _("cannot handle the workload: {reasons}", reasons=reasons) if reasons else ""
    return Billed(result, why, tuple(book.looked_up))


def used_prices(
    olds: Sequence[Billed], news: Sequence[Billed], before: Scenario, after: Scenario
) -> tuple[tuple[Change, tuple[str, ...]], ...]:
    """Return the changed prices behind the bills, with the deployments that use them.

    Exchange rates and wages are prices, too.  The user's own prices never differ.
    """
    users: dict[tuple[str, str], dict[str, None]] = {}
    for result in (billed.bill for billed in (*olds, *news) if billed.bill is not None):
        for row in result.sources():
            if row.where:
                users.setdefault((row.sku, row.region), {})[result.name] = None
    changes = changed_prices(users, before.book, after.book)
    return tuple(
        (
            change,
            tuple(
                dict.fromkeys(
                    name for (sku, _), names in users.items() if sku == change.sku for name in names
                )
            ),
        )
        for change in changes
    )


def bill_moves(
    olds: Sequence[Billed],
    news: Sequence[Billed],
    before: Scenario,
    after: Scenario,
    drivers: Sequence[Driver],
) -> tuple[BillMove, ...]:
    """Return the change of each deployment's bill, and its parts."""
    alone = [(driver, driver.alone(before, after)) for driver in drivers]
    return tuple(
        BillMove(
            deployment.label,
            old.total,
            new.total,
            (old.why, new.why),
            (old.unpriced_skus, new.unpriced_skus),
            _choices(old.bill, new.bill),
            tuple(_contributions(deployment, old, new, alone)),
            old.bill is not None and new.bill is not None,
            (old.unchecked, new.unchecked),
        )
        for deployment, old, new in zip(before.deployments, olds, news, strict=True)
    )


def _contributions(
    deployment: Deployment, old: Billed, new: Billed, alone: Sequence[tuple[Driver, Scenario]]
) -> Iterable[Contribution]:
    if old.total is None or new.total is None:
        return
    rest = new.total - old.total
    least = ROUNDING * max(abs(old.total), abs(new.total))
    looked_up = (*old.looked_up, *new.looked_up)
    for driver, scenario in alone:
        total = bill_at(scenario, deployment).total if driver.concerns(looked_up) else old.total
        amount = 0.0 if total is None else total - old.total  # no bill without other changes
        if abs(amount) > least:
            rest -= amount
            yield Contribution(driver.name, driver.text, amount)
    if abs(rest) > least:
        yield Contribution(TOGETHER, _("only together"), rest)


def _choices(old: Bill | None, new: Bill | None) -> tuple[tuple[str, Any, Any], ...]:
    """Return the sizing choices that differ, except for the number of candidates."""
    if old is None or new is None or old.infeasible or new.infeasible:
        return ()
    was, now = old.sizing.describe(), new.sizing.describe()
    names = (name for name in dict.fromkeys([*was, *now]) if name != "chosen")
    return tuple((n, was.get(n), now.get(n)) for n in names if was.get(n) != now.get(n))
