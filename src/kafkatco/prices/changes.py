"""What changed between two dates of one price book."""

from __future__ import annotations

from typing import NamedTuple

from kafkatco.prices.book import PriceBook
from kafkatco.prices.rows import PriceRow

__all__ = ["Change", "price_changes"]


class Change(NamedTuple):
    """A price, or a tier of one, that differs; ``before`` is ``None`` where it is newly known."""

    sku: str
    region: str
    before: PriceRow | None
    after: PriceRow | None

    @property
    def percent(self) -> float | None:
        """The change in percent of the older price; ``None`` where there is nothing to compare."""
        if self.before is None or self.after is None:
            return None
        old, new = self.before, self.after
        if not old.price or new.price is None or (old.unit, old.currency) != (
            new.unit, new.currency,
        ):  # fmt: skip
            return None
        return float((new.price / old.price - 1) * 100)


def price_changes(
    before: PriceBook, after: PriceBook, *, prefix: str = "", region: str | None = None
) -> tuple[Change, ...]:
    """Return every price, tier by tier, that the two dates of a book do not share.

    >>> old, new = (PriceBook(as_of=date) for date in ("2025-10-09", "2025-10-31"))
    >>> for change in price_changes(old, new, prefix="fx.usd.krw"):
    ...     print(change.sku, f"{change.percent:+.2f} %")
    fx.usd.krw +0.63 %
    """
    found = []
    for sku in after.skus(prefix):
        for where in after.regions_of(sku):
            if region not in (None, where) and where != "any":
                continue
            old, new = before.listed(sku, where), after.listed(sku, where)
            tiers = sorted({row.tier_from for row in (*old, *new)})
            if [row[:6] for row in old] == [row[:6] for row in new]:
                continue
            at_old = {row.tier_from: row for row in old}
            at_new = {row.tier_from: row for row in new}
            found += [Change(sku, where, at_old.get(at), at_new.get(at)) for at in tiers]
    return tuple(
        change for change in found
        if change.before is None or change.after is None or change.before[:6] != change.after[:6]
    )  # fmt: skip
