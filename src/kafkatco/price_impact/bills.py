"""By how much each bill changes, and which price changes drive it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kafkatco.costing.bill import Bill, bill_of
from kafkatco.deployments import Deployment
from kafkatco.errors import KafkatcoError, one_line
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
    "used_prices",
]

#: The part of a difference that no driver makes alone.
TOGETHER: Final = "together"
#: The date in a reason: the same reason on two dates is one.
AS_OF: Final = re.compile(r" as of \d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Contribution:
    """The part of a bill's difference [currency] that one driver makes."""

    name: str
    text: str
    amount: float


@dataclass(frozen=True, slots=True)
class BillMove:
    """A deployment's monthly bill at two books.

    ``before`` and ``after`` are ``None`` where there is no total; ``why`` has the two reasons.
    ``parts`` sum to the difference: what each driver makes alone, in the book before, with the
    choices that follow (another instance, a support plan's share); and, last, what they make only
    together.  ``choices`` are those that differ, before and after.  A total with ``unpriced_skus``
    is a floor.  ``compared`` is whether both books have every price and capacity that is needed,
    even if the deployment cannot serve.
    """

    deployment: str
    before: float | None
    after: float | None
    why: tuple[str, str]
    unpriced_skus: tuple[tuple[str, ...], tuple[str, ...]]
    choices: tuple[tuple[str, Any, Any], ...]
    parts: tuple[Contribution, ...]
    compared: bool

    @property
    def difference(self) -> float | None:
        """The later total less the earlier one; ``None`` where one is not there."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def percent(self) -> float | None:
        """The difference in percent of the earlier total."""
        return 100 * self.difference / self.before if self.difference and self.before else None

    @property
    def changed(self) -> bool:
        """Whether the bill differs in anything."""
        return (
            bool(self.parts or self.choices)
            or (self.before is None) != (self.after is None)
            or self.unpriced_skus[0] != self.unpriced_skus[1]
        )


@dataclass(frozen=True, slots=True)
class Billed:
    """A bill, or the reason why there is none, and the prices that were looked up for it."""

    bill: Bill | None
    why: str
    looked_up: tuple[tuple[str, str], ...]

    @property
    def total(self) -> float | None:
        """The month's total; ``None`` where there is none."""
        return None if self.bill is None else self.bill.total

    @property
    def unpriced_skus(self) -> tuple[str, ...]:
        """The skus without a price, which make the total a floor."""
        return () if self.bill is None else self.bill.unpriced_skus


def missing_notes(was: str, now: str) -> list[str]:
    """Return why something is missing before and after; one note where the reasons agree.

    >>> missing_notes("no price as of 2025-10-31", "")
    ['before: no price as of 2025-10-31']
    >>> missing_notes("no price as of 2025-10-31", "no price as of 2026-10-31")
    ['before and after: no price']
    """
    same = AS_OF.sub("", was)
    if same == AS_OF.sub("", now):
        return [f"before and after: {was if was == now else same}"] if was else []
    return [f"{when}: {why}" for when, why in (("before", was), ("after", now)) if why]


def bill_at(scenario: Scenario, deployment: Deployment) -> Billed:
    """Return a bill; missing prices are reported in it rather than raised."""
    book = RecordingBook.of(scenario.book)
    try:
        result = bill_of(deployment, scenario.operands, book, scenario.catalogue)
    except KafkatcoError as error:
        return Billed(None, one_line(error), tuple(book.looked_up))
    why = f"cannot serve: {'; '.join(result.infeasible)}" if result.infeasible else ""
    return Billed(result, why, tuple(book.looked_up))


def used_prices(
    olds: Sequence[Billed], news: Sequence[Billed], before: Scenario, after: Scenario
) -> tuple[tuple[Change, tuple[str, ...]], ...]:
    """Return the changed prices behind the bills, with the deployments that use them.

    Exchange rates and wages are such prices too; the user's own are in no table, and do not differ.
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
    """Return how the bill of each deployment changes, and what drives it."""
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
        amount = 0.0 if total is None else total - old.total  # else only others make it payable
        if abs(amount) > least:
            rest -= amount
            yield Contribution(driver.name, driver.text, amount)
    if abs(rest) > least:
        yield Contribution(TOGETHER, "only together", rest)


def _choices(old: Bill | None, new: Bill | None) -> tuple[tuple[str, Any, Any], ...]:
    """Return the sizing choices that differ; the number of candidates is not one."""
    if old is None or new is None or old.infeasible or new.infeasible:
        return ()
    was, now = old.sizing.describe(), new.sizing.describe()
    names = (name for name in dict.fromkeys([*was, *now]) if name != "chosen")
    return tuple((n, was.get(n), now.get(n)) for n in names if was.get(n) != now.get(n))
