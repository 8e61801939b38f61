"""The tables of picks for twelve workloads are those of today; `test_docs` runs the example."""

from support.twelve import CASES, PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_are_those_of_today() -> None:
    assert page(TEXT) == TEXT, "run: python tests/support/twelve.py"


def test_every_workload_is_described() -> None:
    before, _, tables = TEXT.partition("## The picks")
    for case in CASES:
        assert f"\n| {case.name} | " in before
        assert tables.count(f"\n| {case.name} | ") == 6  # three tables for each region
