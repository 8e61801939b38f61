"""Price and capacity tables: dated, cited rows of CSV, and the books that look them up."""

from kafkatco.prices.assumptions import Assumption, Assumptions
from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.changes import Change, price_changes
from kafkatco.prices.rows import PriceRow
from kafkatco.prices.tax import Tax

__all__ = [
    "Assumption",
    "Assumptions",
    "Catalogue",
    "Change",
    "PriceBook",
    "PriceRow",
    "Tax",
    "price_changes",
]
