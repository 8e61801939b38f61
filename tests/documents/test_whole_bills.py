"""The tables of whole bills are those of today, and their parts are all of each bill."""

import pytest

from support.twelve import CASES, Case
from support.whole_bills import KINDS_OF, PAGE, PARTS, earlier, least, page, rows_of

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_are_those_of_today() -> None:
    assert page(TEXT) == TEXT, "run: python tests/support/whole_bills.py"


@pytest.mark.parametrize("region", KINDS_OF)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_parts_are_all_of_a_bill(case: Case, region: str) -> None:
    rows = rows_of(case, region)
    assert {row.kind for row in rows} == {*KINDS_OF[region]}
    for row in rows:
        if row.total is None:
            continue
        assert sum(map(row.part, PARTS)) == pytest.approx(row.total, rel=1e-12)
        assert row.part("people") == pytest.approx(row.bill.people, rel=1e-12)
        environments = sum(one.total for one in row.bill.environments)
        assert row.part("environments") == pytest.approx(environments, rel=1e-12)
        vat = 0.1 if region == "ap-northeast-2" else 0.0
        charged = row.total - row.part("tax") - row.part("people")
        assert row.part("tax") == pytest.approx(vat * charged, rel=1e-12)
    able = {row.kind: row.total for row in rows if row.may_win}
    assert rows[0].kind == least(able)


def test_version_0_1_0_has_a_total_or_a_refusal_for_each() -> None:
    names = {
        (region, case.name, kind)
        for region in KINDS_OF
        for case in CASES
        for kind in KINDS_OF[region]
    }
    assert earlier().keys() == names
