"""A price book that borrows the prices that it does not have in a region."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from kafkatco.prices.book import PriceBook
from kafkatco.prices.rows import PriceRow

__all__ = ["BorrowingBook"]


class BorrowingBook(PriceBook):
    """A price book that takes a missing price from another region, and records it.

    It finds the prices that a user must set.  A price on request counts as missing, and so does a
    commitment's rate that is in no table.

    >>> book = BorrowingBook.of(PriceBook(as_of="2025-10-31"))
    >>> rows = book.price("aws.msk.kafka.m7g.large", "us-east-1")
    >>> rows = book.price("aws.msk.storage", "nowhere")
    >>> list(book.borrowed)
    [('aws.msk.storage', 'nowhere')]
    """

    #: The book without what is borrowed.
    lender: PriceBook
    #: A row of each missing price, by its sku and the region without it.
    borrowed: dict[tuple[str, str], PriceRow]

    @classmethod
    def of(cls, book: PriceBook) -> Self:
        """Return a book with the same prices and an empty record."""
        borrowing = cls.__new__(cls)
        borrowing._set(**{**vars(book), "lender": book, "borrowed": {}})
        return borrowing

    def listed(self, sku: str, region: str) -> tuple[PriceRow, ...]:
        """Return the rows of the book, or else a row in the unit of an override, and record it."""
        rows = super().listed(sku, region)
        missing = not rows or rows[0].tier_kind == "quote"
        if sku in self.overrides or "~" in sku or not missing:
            return rows
        row = next(self.lender._metered_as(sku), None)
        if row is None:
            return rows
        self.borrowed[sku, region] = row
        price = Decimal(1) if row.price is None else row.price
        return (row._replace(price=price, tier_from=Decimal(0), tier_kind="flat"),)
