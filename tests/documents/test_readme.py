"""The figures that the README states are those of the claims; `test_docs` runs its examples."""

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from kafkatco.article import Claims
from kafkatco.article.claim import FIRST
from kafkatco.article.scenario import article, at_list, names
from support.paths import ROOT

README = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
OWN, MSK, CONFLUENT = names(article())
#: The rows of the README's table, by the claim.
ROWS = {
    "break-even": "self-hosting pays from about 10 TB a month",
    "saving": "moving to it saves 60 % of TCO",
    "staff": "one engineer, or two to three",
}


def numbers_of(claims: Claims, key: str) -> Mapping[str, Any]:
    """Return the numbers behind a claim in the region that decides its verdict."""
    [found] = [claim.numbers for claim in claims if claim.key == key]
    numbers: Mapping[str, Any] = found[FIRST]
    return numbers


def fanouts(claims: Claims) -> str:
    """Return the fan-out with which self-hosting saves 60 % against Confluent."""
    [(least, most)] = numbers_of(claims, "saving")[CONFLUENT]["fanout_at_10_tb"]
    return f"{ceil(least)} to {floor(most)}"


def test_the_figures_for_production(article_claims: Claims) -> None:
    pays = numbers_of(article_claims, "break-even")
    [(readers, _)] = pays["fanout_at_10_tb"]  # from there on, and for good
    assert f"at 10 TB, each byte is read {ceil(readers)} times or more" in README
    (start, gap), (again, stop) = pays["cheapest_tb"]
    assert pays["alone_tb"][0][0] == stop
    assert f"cheapest from {start:.0f} TB on" in README
    assert f"but for a gap at {gap:.0f} to {again:.0f} TB" in README
    assert f"at 10 TB, with a fan-out of {fanouts(article_claims)}; against MSK never" in README
    most = numbers_of(article_claims, "saving")[MSK]["greatest"]
    assert f"against MSK never: {100 * most:.0f} % at most" in README
    assert pays["every"]["cheapest_tb"] == pays["every"]["alone_tb"] == []
    assert "of all kinds with a price, nowhere" in README
    assert "the cheapest of all kinds with a price always costs less" in README
    staff = numbers_of(article_claims, "staff")
    two, three = (staff[people][0][0] for people in ("2", "3"))
    assert f"with two, self-hosting is cheapest from {two:.0f} TB" in README
    assert f"with three, from {three:.0f} TB" in README


def test_the_figures_under_bare(bare_claims: Claims) -> None:
    pays = numbers_of(bare_claims, "break-even")
    assert pays["cheapest_tb"] == pays["alone_tb"] == []
    [(readers, _)] = pays["fanout_at_10_tb"]
    assert f"pays if each byte is read {ceil(readers)} times or more" in README
    assert f"with a fan-out of {fanouts(bare_claims)}. The other verdicts" in README
    # a saving of -6 % is the least that it costs more
    more = -numbers_of(bare_claims, "saving")[MSK]["greatest"]
    assert f"it costs at least {100 * more:.0f} % more than MSK" in README


def test_the_verdicts_are_those_of_the_claims(article_claims: Claims, bare_claims: Claims) -> None:
    for claim in article_claims:
        if claim.key in ROWS:
            assert f"| {ROWS[claim.key]} | {claim.verdict} |" in README
    differ = {
        production.key
        for production, bare in zip(article_claims, bare_claims, strict=True)
        if production.verdict != bare.verdict
    }
    assert differ == {"band-self-hosted"}
    [share] = [c.numbers["share"][FIRST] for c in article_claims if c.key == "band-self-hosted"]
    assert f"which holds on {100 * share:.0f} % of that band in production" in README


def test_the_plan_is_the_one_at_list_prices() -> None:
    plan = at_list(article(), FIRST, sized=True).plan()
    first, second = plan.stays(0)
    assert (first.deployment, second.deployment) == (CONFLUENT, MSK)
    assert f"Confluent Basic for the {first.last} months that it can carry" in README
    more = plan.phases[0] / plan.path.total[0] - 1
    assert f"cost {100 * more:.0f} % more than the best path" in README
    own = article().plan()
    assert own.stays(0) == ()
    first, second = own.lowest_stays(0)
    assert (first.deployment, second.deployment) == (CONFLUENT, MSK)
    assert f"Confluent Basic for {first.last} months, then MSK" in README
