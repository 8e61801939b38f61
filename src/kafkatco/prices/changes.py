"""Price changes between two dates of one book."""

from __future__ import annotations

from typing import NamedTuple

from kafkatco.prices.book import PriceBook
from kafkatco.prices.rows import PriceRow

__all__ = ["Change", "changes_of", "price_changes"]


class Change(NamedTuple):
    """A changed price, or a changed tier of one.

    ``before`` is ``None`` for a new price, ``after`` for a tier that is gone.
    """

    sku: str
    region: str
    before: PriceRow | None
    after: PriceRow | None

    @property
    def percent(self) -> float | None:
        """The change [% of the older price]; ``None`` if the two cannot be compared."""
        if (
            self.before is None
            or self.after is None
            or _measure(self.before) != _measure(self.after)
        ):
            return None
        if not self.before.price or self.after.price is None:
            return None
        return float((self.after.price / self.before.price - 1) * 100)


def _measure(row: PriceRow) -> tuple[str, str]:
    return row.unit, row.currency


def _terms(row: PriceRow | None) -> object:
    return row and (row.price, *_measure(row), row.tier_from, row.tier_kind)


def price_changes(
    before: PriceBook, after: PriceBook, *, prefix: str = "", region: str | None = None
) -> tuple[Change, ...]:
    """Return every price of the tables that differs between two dates of a book, tier by tier.

    Overrides and variants do not matter.  ``prefix`` selects skus; with a ``region``, only its
    prices and those of any region are compared.

    >>> old, new = (PriceBook(as_of=date) for date in ("2025-10-09", "2025-10-31"))
    >>> for change in price_changes(old, new, prefix="fx.usd.krw"):
    ...     print(change.sku, f"{change.percent:+.2f} %")
    fx.usd.krw +0.63 %
    """
    changes: list[Change] = []
    for sku in after.skus(prefix):
        for place in after.regions_of(sku):
            if region not in (None, place) and place != "any":
                continue
            changes += changes_of(sku, place, before, after)
    return tuple(changes)


def changes_of(sku: str, region: str, before: PriceBook, after: PriceBook) -> tuple[Change, ...]:
    """Return the changes of one price between two books, tier by tier."""
    old = {row.tier_from: row for row in before.listed(sku, region)}
    new = {row.tier_from: row for row in after.listed(sku, region)}
    return tuple(
        Change(sku, region, old.get(at), new.get(at))
        for at in sorted({*old, *new})
        if _terms(old.get(at)) != _terms(new.get(at))
    )
