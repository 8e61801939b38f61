"""The figures that the README states are those of the claims; `test_docs` runs its examples."""

import pytest

from kafkatco.article import Claims
from kafkatco.article.claim import FIRST
from kafkatco.article.scenario import article, names
from support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("figure", ["28.4 times", "52 TB", "68 to 98", "14 %", "232 TB", "401 TB"])
def test_its_figures_are_those_of_the_claims(figure: str, article_claims: Claims) -> None:
    found = {claim.key: claim for claim in article_claims}
    _, msk, confluent = names(article())
    pays, saves = found["break-even"].numbers[FIRST], found["saving"].numbers[FIRST]
    readers = pays["against"][msk]["fanout_at_10_tb"]
    staff = found["staff"].numbers[FIRST]
    shown = {
        f"{readers[0][0]:.1f} times",
        f"{pays['cheapest_tb'][0][0]:.0f} TB",
        f"{saves[confluent]['fanout_at_10_tb'][0][0]:.0f} to "
        f"{int(saves[confluent]['fanout_at_10_tb'][0][1])}",
        f"{saves[msk]['greatest']:.0%}".replace("%", " %"),
        f"{staff['2'][0][0]:.0f} TB",
        f"{staff['3'][0][0]:.0f} TB",
    }
    assert len(readers) == len(pays["cheapest_tb"]) == 1  # from there on, and for good
    assert figure in README
    assert figure in shown
