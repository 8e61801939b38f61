"""The article's scenario, and the same scenario at list prices."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kafkatco.core.money import PriceMeasure, parse_salary
from kafkatco.deployments import Deployment
from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.deployments.confluent import ConfluentBasic
from kafkatco.deployments.msk_standard import MskStandard
from kafkatco.deployments.self_hosted import SelfHosted
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import verbatim
from kafkatco.prices import PriceBook
from kafkatco.scenario.scenario import Scenario
from kafkatco.sizing.labour import Labour

__all__ = ["LIST_REGIONS", "article", "at_list", "names"]

#: The regions of list prices for the article's options, its own country first.
LIST_REGIONS: Final = ("ap-northeast-2", "us-east-1")
#: The region with public prices of every provider, for options without a price elsewhere.
PUBLIC: Final = "us-east-1"


def article() -> Scenario:
    """Return the article's scenario at its own figures.

    >>> article().book.name
    'article'
    """
    return Scenario.load()


def at_list(
    scenario: Scenario, region: str, *, sized: bool, book: PriceBook | None = None
) -> Scenario:
    """Return the article's scenario at list prices in an AWS ``region``.

    With ``sized``, the sizing chooses the cheapest instances under the assumptions of the book, and
    clients reach a service by its usual path; otherwise the clusters are the article's, under its
    own assumptions, as it counts them.
    Salaries are the article's.  A deployment without prices in ``region`` is moved to a region that
    has them.  ``book`` has list prices in the scenario's currency; by default they are those of
    the scenario's date, under the assumptions for production.

    >>> [bill.region for bill in at_list(article(), "ap-northeast-2", sized=True).bills()]
    ['ap-northeast-2', 'ap-northeast-2', 'us-east-1']
    """
    own = scenario.book
    book = book or PriceBook("list", as_of=own.as_of, currency=own.currency)
    if book.currency != own.currency:
        raise InputError(
            "prices", [Problem("currency", repr(book.currency), verbatim(repr(own.currency)))]
        )
    if not sized:
        book = book.at(assumptions=own.assumptions)
    moved = tuple(_at_list(option, own, book, region, sized) for option in scenario.deployments)
    return replace(scenario, book=book, catalogue=book.catalogue(), deployments=moved)


def _at_list(
    option: Deployment, own: PriceBook, book: PriceBook, region: str, sized: bool
) -> Deployment:
    regions = book.regions(option.sku_prefix)
    priced = [name for name in (region, PUBLIC, *regions) if name in regions]
    changes: dict[str, object] = {"region": priced[0] if priced else region}
    if option.labour is not None:
        monthly = _salary(option.labour, own)
        changes["labour"] = option.labour.model_copy(update={"monthly": monthly})
    if sized and isinstance(option, SelfHosted | MskStandard):
        changes["instance"] = "cheapest"
    if sized and isinstance(option, SelfHosted):
        changes["disk_minimum"] = None
    if sized and isinstance(option, OutsideNetwork):
        changes["access"] = None
    return option.model_copy(update=changes)


def _salary(labour: Labour, own: PriceBook) -> PriceMeasure:
    if labour.monthly is not None:
        return parse_salary(labour.monthly)
    [row] = own.price(f"labour.{labour.role}", "kr")
    return parse_salary(f"{row.price} {row.currency}")


def names(scenario: Scenario) -> tuple[str, str, str]:
    """Return the names of the scenario's self-hosted, MSK and Confluent options."""
    kinds = (SelfHosted, MskStandard, ConfluentBasic)
    self_hosted, msk, confluent = (
        next(option.label for option in scenario.deployments if isinstance(option, kind))
        for kind in kinds
    )
    return self_hosted, msk, confluent
