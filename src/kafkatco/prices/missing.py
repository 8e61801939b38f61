"""What a book says of a price that it does not have: the nearest thing that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kafkatco.errors import MissingPriceError, nearest

if TYPE_CHECKING:
    from kafkatco.prices.book import PriceBook

__all__ = ["missing_price"]


def missing_price(book: PriceBook, sku: str, region: str) -> MissingPriceError:
    """Return the error of a price that a book lacks in a region."""
    where = f"book {book.name!r} as of {book.as_of.isoformat()}"
    what = f"price of {sku!r} in region {region!r}"
    return MissingPriceError(what, where, lambda: _instead(book, sku, region), sku=sku)


def _instead(book: PriceBook, sku: str, region: str) -> str:
    """Say what there is instead."""
    if later := book.history(sku, region):
        return f"Its first row is dated {later[0].valid_from.isoformat()}."
    elsewhere = book.regions_of(sku)
    if not elsewhere:
        return nearest(sku, book.skus())
    hint = f"It has a price in: {', '.join(elsewhere)}."
    service = sku.partition(".")[0] + "."
    here = [other for other in book.skus(service) if region in book.regions_of(other)]
    if 0 < len(here) < 10:
        hint += f" In {region!r} there are: {', '.join(here)}."
    return hint
