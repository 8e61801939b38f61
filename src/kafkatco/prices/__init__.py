"""Price and capacity tables: dated, cited rows of CSV, and the books that look them up."""

from kafkatco.prices.book import PriceBook
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.tables import PriceRow

__all__ = ["Catalogue", "PriceBook", "PriceRow"]
