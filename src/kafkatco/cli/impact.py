"""The effect of a change of prices on a scenario, for the commands on prices."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kafkatco.cli.answers import note_needs
from kafkatco.cli.console import print_note
from kafkatco.i18n.message import _

if TYPE_CHECKING:
    from kafkatco.price_impact.impact import Impact
    from kafkatco.prices import PriceBook
    from kafkatco.scenario.scenario import Scenario

__all__ = ["IMPACT_HELP", "impact_of", "scenario_on"]

IMPACT_HELP: Final = _(
    "show the effect on a scenario: a file, or one in the package, such as 'article' (at list "
    "prices in its own country, with its claims)"
)


def scenario_on(
    as_of: str | dt.date, name: str, *, book: str | Path | None
) -> tuple[Scenario, PriceBook]:
    """Return a scenario, and its book on a date; ``book`` replaces the scenario's own."""
    from kafkatco.article.scenario import LIST_REGIONS, article, at_list
    from kafkatco.prices.assumptions import PRODUCTION
    from kafkatco.scenario.scenario import Scenario

    if name == "article" and book != "article" and not Path("article").exists():
        listed = article().book.at(as_of=as_of, folder=book or "list", assumptions=PRODUCTION)
        return at_list(article(), LIST_REGIONS[0], sized=True, book=listed), listed
    scenario = Scenario.load(name)
    return scenario, scenario.book.at(as_of=as_of, folder=book)


def impact_of(scenario: Scenario, before: PriceBook, after: PriceBook) -> Impact:
    """Return how the results of a scenario differ between two books; the article's has claims.

    Print a note on each deployment that needs a price, and on labour that is not set.
    """
    from kafkatco.article.scenario import article
    from kafkatco.costing.people import without_people
    from kafkatco.price_impact.impact import impact

    note_needs(scenario)
    if note := without_people(scenario.deployments):
        print_note(note)
    claims = scenario.source == article().source
    return impact(scenario, before, after, claims=claims)
