"""The table of conditions in the page of the claims is that of today."""

import pytest

from kafkatco.article import ClaimConditions
from support.claims_page import MARKS, PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_table_is_that_of_today(article_conditions: ClaimConditions) -> None:
    assert page(TEXT, article_conditions) == TEXT, "run: python tests/support/claims_page.py"


def test_the_page_has_a_row_for_each_topic() -> None:
    table = TEXT.partition(MARKS[0])[2].partition(MARKS[1])[0]
    topics = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")]
    assert len([topic for topic in topics[1:] if topic.strip(":- ")]) == 1 + 12  # base, conditions
