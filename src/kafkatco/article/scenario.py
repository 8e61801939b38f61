"""The article's scenario, and the same scenario at list prices."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kafkatco.core.money import PriceMeasure, parse_salary
from kafkatco.deployments import Deployment
from kafkatco.deployments.confluent import ConfluentBasic
from kafkatco.deployments.msk_standard import MskStandard
from kafkatco.deployments.self_hosted import SelfHosted
from kafkatco.errors import InputError, Problem
from kafkatco.prices import PriceBook
from kafkatco.scenario.scenario import Scenario
from kafkatco.sizing.labour import Labour

__all__ = ["LIST_REGIONS", "article", "at_list", "names"]

#: Where the list book prices the article's options, its own country first.
LIST_REGIONS: Final = ("ap-northeast-2", "us-east-1")
#: Where every provider's prices are public; what has none elsewhere is taken there.
PUBLIC: Final = "us-east-1"


def article() -> Scenario:
    """Return the article's scenario at the article's own figures.

    >>> article().book.name
    'article'
    """
    return Scenario.load()


def at_list(
    scenario: Scenario, region: str, *, sized: bool, book: PriceBook | None = None
) -> Scenario:
    """Return the article's scenario at list prices in an AWS ``region``.

    ``sized`` lets the sizing choose the cheapest instances instead of the article's smallest
    ones.  People cost what the article says.  Confluent is taken at its own price region where
    the book has no price in ``region``.  ``book`` is of list prices, those of the scenario's own
    date if left out, in the scenario's currency.

    >>> [bill.region for bill in at_list(article(), "ap-northeast-2", sized=True).bills()]
    ['ap-northeast-2', 'ap-northeast-2', 'us-east-1']
    """
    own = scenario.book
    book = book or PriceBook("list", as_of=own.as_of, currency=own.currency)
    if book.currency != own.currency:
        raise InputError("prices", [Problem("currency", repr(book.currency), repr(own.currency))])
    moved = tuple(_at_list(item, own, book, region, sized) for item in scenario.deployments)
    return replace(scenario, book=book, catalogue=book.catalogue(), deployments=moved)


def _at_list(
    item: Deployment, own: PriceBook, book: PriceBook, region: str, sized: bool
) -> Deployment:
    regions = book.regions(item.sku_prefix)
    known = [name for name in (region, PUBLIC, *regions) if name in regions]
    changes: dict[str, object] = {"region": known[0] if known else region}
    if item.labour is not None:
        monthly = _salary(item.labour, own)
        changes["labour"] = item.labour.model_copy(update={"monthly": monthly})
    if sized and isinstance(item, SelfHosted | MskStandard):
        changes["instance"] = "cheapest"
    if sized and isinstance(item, SelfHosted):
        changes["disk_minimum"] = None
    return item.model_copy(update=changes)


def _salary(labour: Labour, own: PriceBook) -> PriceMeasure:
    if labour.monthly is not None:
        return parse_salary(labour.monthly)
    [row] = own.price(f"labour.{labour.role}", "kr")
    return parse_salary(f"{row.price} {row.currency}")


def names(scenario: Scenario) -> tuple[str, str, str]:
    """Return what the scenario calls its self-hosted, MSK and Confluent options."""
    kinds = (SelfHosted, MskStandard, ConfluentBasic)
    self_hosted, msk, confluent = (
        next(item.label for item in scenario.deployments if isinstance(item, kind))
        for kind in kinds
    )
    return self_hosted, msk, confluent
