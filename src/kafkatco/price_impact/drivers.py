"""The differences between two books that may change an answer, each applied alone."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kafkatco.i18n.message import Message, _, join, ngettext, verbatim
from kafkatco.prices.book import PriceBook
from kafkatco.prices.changes import Change, changes_of
from kafkatco.prices.results import service_of
from kafkatco.scenario.scenario import Scenario

__all__ = ["Driver", "changed_prices", "find_drivers", "grouped"]

#: More prices are grouped by service, since each needs its own cost curves.
MOST: Final = 12
#: More capacities are counted, not named.
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
        """Return whether it may change a result that looked up these skus and regions."""
        return not self.changes or not self.skus.isdisjoint(sku for sku, _ in looked_up)

    def alone(self, before: Scenario, after: Scenario) -> Scenario:
        """Return the scenario before, with only this change."""
        book = before.book.taking(self.skus, after.book, capacities=self.capacities)
        conventions = before.conventions
        if self.hours is not None:
            conventions = conventions.model_copy(update={"month_hours": self.hours})
        return replace(before, book=book, catalogue=book.catalogue(), conventions=conventions)


def changed_prices(
    keys: Iterable[tuple[str, str]], before: PriceBook, after: PriceBook
) -> tuple[Change, ...]:
    """Return the changes of some skus and regions between two books, in order.

    Prices that the user overrides do not change.
    """
    changes: dict[tuple[object, ...], Change] = {}
    for sku, region in keys:
        if sku in before.overrides and sku in after.overrides:
            continue
        for change in changes_of(sku, region, before, after):
            row = change.after or change.before
            assert row is not None  # a change has one of them
            changes[sku, row.region, row.tier_from] = change._replace(region=row.region)
    return tuple(changes[key] for key in sorted(changes, key=str))


def find_drivers(
    before: Scenario, after: Scenario, keys: Iterable[tuple[str, str]]
) -> tuple[Driver, ...]:
    """Return the differences of a scenario between two books, among the prices looked up.

    The new prices of one service are one driver, since a candidate needs all of them.
    """
    changes = changed_prices(keys, before.book, after.book)
    drivers: list[Driver] = []
    new: dict[str, list[Driver]] = {}
    for sku, group in itertools.groupby(changes, lambda change: change.sku):
        same = tuple(group)
        driver = Driver(sku, _description(sku, same), same)
        if all(change.before is None for change in driver.changes):
            new.setdefault(service_of(sku), []).append(driver)
        else:
            drivers.append(driver)
    drivers += [_merged(name, members) for name, members in new.items()]
    if limits := before.catalogue.changed(after.catalogue):
        text = ngettext(
            "{n} capacity or sizing rule changed",
            "{n} capacities or sizing rules changed",
            len(limits),
        )
        if len(limits) <= NAMED:
            text = _("{text} ({names})", text=text, names=", ".join(limits))
        drivers.append(Driver("capacities", text, capacities=True))
    if before.month_hours != after.month_hours:
        text = _(
            "the month has {after:g} instead of {before:g} hours",
            after=after.month_hours,
            before=before.month_hours,
        )
        drivers.append(Driver("hours of the month", text, hours=after.month_hours))
    return tuple(drivers)


def grouped(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
    """Return the drivers, merged by service if there are more than ``MOST``."""
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
    texts = [_("{count} changed", count=len(changed))] if changed else []
    texts += [_range(percents)] if percents else []
    texts += [_("{count} without a price now", count=len(lost))] if lost else []
    texts += [_("{count} new", count=len(new))] if new else []
    text = _("prices of {service} ({changes})", service=service, changes=join(", ", texts))
    return Driver(f"{service}.*", text, changes)


def _description(sku: str, changes: Sequence[Change]) -> Message:
    """Return a clause about the changes of one sku, over its regions and tiers."""
    percents = [change.percent for change in changes]
    known = [percent for percent in percents if percent is not None]
    if len(known) < len(percents):
        if all(change.before is None for change in changes):
            return _("{sku} is new", sku=sku)
        if all(change.after is None for change in changes):
            return _("{sku} is gone", sku=sku)
        if _unpriced(changes):
            return _("{sku} has no price any more", sku=sku)
        return _("{sku} is priced differently", sku=sku)
    if len({_short(percent) for percent in known}) > 1:
        return _("{sku} changed by {range}", sku=sku, range=_range(known))
    percent = _short(abs(known[0]))
    if known[0] > 0:
        return _("{sku} rose by {percent} %", sku=sku, percent=percent)
    return _("{sku} fell by {percent} %", sku=sku, percent=percent)


def _unpriced(changes: Sequence[Change]) -> bool:
    """Return whether a sku had a price and its rows have none now."""
    was_priced = any(
        change.before is not None and change.before.price is not None for change in changes
    )
    rows = [change.after for change in changes if change.after is not None]
    return was_priced and bool(rows) and all(row.price is None for row in rows)


def _range(percents: Sequence[float]) -> Message:
    low, high = (
        f"{'+' if percent > 0 else ''}{_short(percent)} %"
        for percent in (min(percents), max(percents))
    )
    return verbatim(low) if low == high else _("{low} to {high}", low=low, high=high)


def _short(percent: float) -> str:
    return f"{float(f'{percent:.3g}'):g}"
