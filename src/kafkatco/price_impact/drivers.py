"""What differs between two books and may move an answer, and the scenario with that alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kafkatco.prices.book import PriceBook
from kafkatco.prices.changes import Change, changes_of
from kafkatco.scenario.scenario import Scenario

__all__ = ["Mover", "changed_prices", "find_movers", "grouped"]

#: More prices than these are looked at service by service, as each takes a sweep of its own.
MOST: Final = 12
#: More capacities than these are counted, and not named.
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Mover:
    """A price (an exchange rate and a wage are some), the capacities, or how long the month is.

    ``text`` says how it differs, such as "aws.ec2.m5.large fell by 12 %".
    """

    name: str
    text: str
    changes: tuple[Change, ...] = ()
    capacities: bool = False
    hours: float | None = None

    @property
    def skus(self) -> frozenset[str]:
        """The skus whose rows differ."""
        return frozenset(change.sku for change in self.changes)

    def concerns(self, asked: Collection[tuple[str, str]]) -> bool:
        """Whether it may move what looked up these prices: the sku and region of each."""
        return not self.changes or not self.skus.isdisjoint(sku for sku, _ in asked)

    def alone(self, before: Scenario, after: Scenario) -> Scenario:
        """Return the scenario as it was before, in which this alone is as it is after."""
        book = before.book.taking(self.skus, after.book, capacities=self.capacities)
        conventions = before.conventions
        if self.hours is not None:
            conventions = conventions.model_copy(update={"month_hours": self.hours})
        return replace(before, book=book, catalogue=book.catalogue(), conventions=conventions)


def changed_prices(
    asked: Iterable[tuple[str, str]], before: PriceBook, after: PriceBook
) -> tuple[Change, ...]:
    """Return how the prices that were asked for differ between two books, in order.

    The user's own do not: they count instead of the tables'.
    """
    found: dict[tuple[object, ...], Change] = {}
    for sku, region in asked:
        if sku in before.overrides and sku in after.overrides:
            continue
        for change in changes_of(sku, region, before, after):
            row = change.after or change.before
            assert row is not None  # or it were no change
            found[sku, row.region, row.tier_from] = change._replace(region=row.region)
    return tuple(found[key] for key in sorted(found, key=str))


def find_movers(
    before: Scenario, after: Scenario, asked: Iterable[tuple[str, str]]
) -> tuple[Mover, ...]:
    """Return what differs between a scenario at two books, of all that was asked of them.

    The prices of one service that are newly known are one mover.
    """
    changes = changed_prices(asked, before.book, after.book)
    found: list[Mover] = []
    new: dict[str, list[Mover]] = {}  # one alone makes no offer where others of it are unknown
    for sku, same in itertools.groupby(changes, lambda change: change.sku):
        mover = Mover(sku, "", tuple(same))
        mover = replace(mover, text=f"{sku} {_said(mover.changes)}")
        if all(change.before is None for change in mover.changes):
            new.setdefault(_service(sku), []).append(mover)
        else:
            found.append(mover)
    found += [_together(name, same) for name, same in new.items()]
    if limits := before.catalogue.changed(after.catalogue):
        named = f" ({', '.join(limits)})" if len(limits) <= NAMED else ""
        plural = "y" if len(limits) == 1 else "ies"
        text = f"{len(limits)} capacit{plural} or sizing rules changed{named}"
        found.append(Mover("capacities", text, capacities=True))
    if before.month_hours != after.month_hours:
        text = f"the month has {after.month_hours:g} instead of {before.month_hours:g} hours"
        found.append(Mover("hours of the month", text, hours=after.month_hours))
    return tuple(found)


def grouped(movers: Sequence[Mover]) -> tuple[Mover, ...]:
    """Return the movers, with those of a service as one where there are more than ``MOST``."""
    if len(movers) <= MOST:
        return tuple(movers)
    services: dict[str, list[Mover]] = {}
    for mover in movers:
        name = _service(mover.name) if mover.changes else mover.name
        services.setdefault(name, []).append(mover)
    return tuple(_together(name, same) for name, same in services.items())


def _service(sku: str) -> str:
    """Return what a sku is of, without its commitment or its variant."""
    return ".".join(re.split("[~@]", sku)[0].split(".")[:2])


def _together(service: str, movers: Sequence[Mover]) -> Mover:
    """Return the movers of one service as one."""
    if len(movers) == 1:
        return movers[0]
    changes = tuple(change for mover in movers for change in mover.changes)
    skus = {change.sku for change in changes}
    lost = {sku for sku in skus if _unpriced([change for change in changes if change.sku == sku])}
    new = skus - {change.sku for change in changes if change.before is not None}
    percents = [change.percent for change in changes if change.percent is not None]
    changed = skus - new - lost
    parts = [f"{len(changed)} changed"] if changed else []
    parts += [_range(percents)] if percents else []
    parts += [f"{len(lost)} without a price now"] if lost else []
    parts += [f"{len(new)} newly known"] if new else []
    return Mover(f"{service}.*", f"prices of {service} ({', '.join(parts)})", changes)


def _said(changes: Sequence[Change]) -> str:
    """Say how one sku differs, over its regions and tiers."""
    percents = [change.percent for change in changes]
    known = [percent for percent in percents if percent is not None]
    if len(known) < len(percents):
        if all(change.before is None for change in changes):
            return "is newly known"
        if all(change.after is None for change in changes):
            return "is known no more"
        return "has no price any more" if _unpriced(changes) else "is priced otherwise"
    if len({_short(percent) for percent in known}) > 1:
        return f"changed by {_range(known)}"
    return f"{'rose' if known[0] > 0 else 'fell'} by {_short(abs(known[0]))} %"


def _unpriced(changes: Sequence[Change]) -> bool:
    """Whether there was a figure, and now there are rows without any."""
    known = any(change.before is not None and change.before.price is not None for change in changes)
    rows = [change.after for change in changes if change.after is not None]
    return known and bool(rows) and all(row.price is None for row in rows)


def _range(percents: Sequence[float]) -> str:
    low, high = min(percents), max(percents)
    signed = f"{'+' if low > 0 else ''}{_short(low)} %"
    return signed if low == high else f"{signed} to {'+' if high > 0 else ''}{_short(high)} %"


def _short(percent: float) -> str:
    return f"{float(f'{percent:.3g}'):g}"
