"""What a change of prices does to a scenario, as the commands on prices ask for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kafkatco.price_impact.impact import Impact
    from kafkatco.prices import PriceBook
    from kafkatco.scenario.scenario import Scenario

__all__ = ["IMPACT_HELP", "asked_scenario", "impact_of"]

IMPACT_HELP: Final = (
    "what that does to the answers to a scenario: a file, or 'article' (at list prices in its own "
    "country, with its claims) or another that comes with the package"
)


def asked_scenario(
    name: str, *, as_of: str | dt.date, book: str | Path | None
) -> tuple[Scenario, PriceBook]:
    """Return a scenario, and its book on a date; ``book`` is another one than its own."""
    from kafkatco.article.scenario import LIST_REGIONS, article, at_list
    from kafkatco.scenario.scenario import Scenario

    if name == "article" and book != "article" and not Path("article").exists():
        listed = article().book.at(as_of=as_of, folder=book or "list")
        return at_list(article(), LIST_REGIONS[0], sized=True, book=listed), listed
    scenario = Scenario.load(name)
    return scenario, scenario.book.at(as_of=as_of, folder=book)


def impact_of(scenario: Scenario, before: PriceBook, after: PriceBook) -> Impact:
    """Return what the one book changes of the other's answers; the article's has claims too."""
    from kafkatco.article.scenario import article
    from kafkatco.price_impact.impact import impact

    claims = scenario.source == article().source
    return impact(scenario, before, after, claims=claims)
