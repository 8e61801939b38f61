"""What differs between two books and may change an answer, and the scenario with that alone."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kafkatco.prices.book import PriceBook
from kafkatco.prices.changes import Change, changes_of
from kafkatco.prices.results import service_of
from kafkatco.scenario.scenario import Scenario

__all__ = ["Driver", "changed_prices", "find_drivers", "grouped"]

#: More prices than these are grouped by service, as each needs cost curves of its own.
MOST: Final = 12
#: More capacities than these are counted and not named.
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Driver:
    """A change of a price, exchange rate or wage, of the capacities, or of the month's length.

    ``text`` describes it, such as "aws.ec2.m5.large fell by 12 %".
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

    def concerns(self, looked_up: Collection[tuple[str, str]]) -> bool:
        """Whether it may change a result for which these skus and regions were looked up."""
        return not self.changes or not self.skus.isdisjoint(sku for sku, _ in looked_up)

    def alone(self, before: Scenario, after: Scenario) -> Scenario:
        """Return the scenario before, with this change alone."""
        book = before.book.taking(self.skus, after.book, capacities=self.capacities)
        conventions = before.conventions
        if self.hours is not None:
            conventions = conventions.model_copy(update={"month_hours": self.hours})
        return replace(before, book=book, catalogue=book.catalogue(), conventions=conventions)


def changed_prices(
    keys: Iterable[tuple[str, str]], before: PriceBook, after: PriceBook
) -> tuple[Change, ...]:
    """Return how the prices of some skus and regions differ between two books, in order.

    The user's own prices do not: they replace those of the tables.
    """
    changes: dict[tuple[object, ...], Change] = {}
    for sku, region in keys:
        if sku in before.overrides and sku in after.overrides:
            continue
        for change in changes_of(sku, region, before, after):
            row = change.after or change.before
            assert row is not None  # or it were no change
            changes[sku, row.region, row.tier_from] = change._replace(region=row.region)
    return tuple(changes[key] for key in sorted(changes, key=str))


def find_drivers(
    before: Scenario, after: Scenario, keys: Iterable[tuple[str, str]]
) -> tuple[Driver, ...]:
    """Return what differs between a scenario at two books, among the prices that were looked up.

    The newly known prices of one service are one driver.
    """
    changes = changed_prices(keys, before.book, after.book)
    drivers: list[Driver] = []
    new: dict[
        str, list[Driver]
    ] = {}  # one alone prices no candidate while others of its service are unknown
    for sku, same in itertools.groupby(changes, lambda change: change.sku):
        driver = Driver(sku, "", tuple(same))
        driver = replace(driver, text=f"{sku} {_description(driver.changes)}")
        if all(change.before is None for change in driver.changes):
            new.setdefault(service_of(sku), []).append(driver)
        else:
            drivers.append(driver)
    drivers += [_merged(name, same) for name, same in new.items()]
    if limits := before.catalogue.changed(after.catalogue):
        named = f" ({', '.join(limits)})" if len(limits) <= NAMED else ""
        plural = "y" if len(limits) == 1 else "ies"
        text = f"{len(limits)} capacit{plural} or sizing rules changed{named}"
        drivers.append(Driver("capacities", text, capacities=True))
    if before.month_hours != after.month_hours:
        text = f"the month has {after.month_hours:g} instead of {before.month_hours:g} hours"
        drivers.append(Driver("hours of the month", text, hours=after.month_hours))
    return tuple(drivers)


def grouped(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
    """Return the drivers, merged by service where there are more than ``MOST``."""
    if len(drivers) <= MOST:
        return tuple(drivers)
    services: dict[str, list[Driver]] = {}
    for driver in drivers:
        name = service_of(driver.name) if driver.changes else driver.name
        services.setdefault(name, []).append(driver)
    return tuple(_merged(name, same) for name, same in services.items())


def _merged(service: str, drivers: Sequence[Driver]) -> Driver:
    """Return the drivers of one service merged into one."""
    if len(drivers) == 1:
        return drivers[0]
    changes = tuple(change for driver in drivers for change in driver.changes)
    skus = {change.sku for change in changes}
    lost = {sku for sku in skus if _unpriced([change for change in changes if change.sku == sku])}
    new = skus - {change.sku for change in changes if change.before is not None}
    percents = [change.percent for change in changes if change.percent is not None]
    changed = skus - new - lost
    texts = [f"{len(changed)} changed"] if changed else []
    texts += [_range(percents)] if percents else []
    texts += [f"{len(lost)} without a price now"] if lost else []
    texts += [f"{len(new)} newly known"] if new else []
    return Driver(f"{service}.*", f"prices of {service} ({', '.join(texts)})", changes)


def _description(changes: Sequence[Change]) -> str:
    """Return how one sku differs, over its regions and tiers."""
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
    """Whether there was a price, and now there are rows without one."""
    was_priced = any(
        change.before is not None and change.before.price is not None for change in changes
    )
    rows = [change.after for change in changes if change.after is not None]
    return was_priced and bool(rows) and all(row.price is None for row in rows)


def _range(percents: Sequence[float]) -> str:
    low, high = min(percents), max(percents)
    signed = f"{'+' if low > 0 else ''}{_short(low)} %"
    return signed if low == high else f"{signed} to {'+' if high > 0 else ''}{_short(high)} %"


def _short(percent: float) -> str:
    return f"{float(f'{percent:.3g}'):g}"
