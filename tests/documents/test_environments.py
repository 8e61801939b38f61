"""The figures of the page on environments are those of the bills."""

from typing import Any

import pytest

from kafkatco import Scenario
from support.paths import ROOT

PAGE = ROOT / "docs" / "model" / "environments.md"
OPTIONS = (
    "self-hosted",
    "msk-standard",
    "msk-express",
    "confluent-standard",
    "confluent-enterprise",
)
SMALL = {"ingress": "10 TB/month", "fanout": 3, "retention": "7 days", "partitions": 500}
BANK = {"ingress": "40 MB/s", "fanout": 4, "retention": "7 days", "partitions": 3000}


def totals(workload: dict[str, Any], kinds: tuple[str, ...], *others: Any) -> dict[str, float]:
    """Return the total of each kind with some environments [USD/month]."""
    scenario = Scenario.from_dict(
        {
            "workload": workload,
            "prices": {"as_of": "2026-10-31"},
            "deployment": [{"kind": kind, "region": "us-east-1"} for kind in kinds],
            "environment": list(others),
        }
    )
    return {bill.name: float(bill.total or 0.0) for bill in scenario.bills()}


def rows(
    workload: dict[str, Any], kinds: tuple[str, ...], *columns: tuple[dict[str, Any], ...]
) -> list[str]:
    alone = totals(workload, kinds)
    others = [totals(workload, kinds, *column) for column in columns]
    return [
        f"| {kind} | {alone[kind]:,.0f} | "
        + " | ".join(f"+{100 * (cost[kind] / alone[kind] - 1):.0f} %" for cost in others)
        + " |"
        for kind in kinds
    ]


@pytest.mark.parametrize("which", ["staging and dev", "disaster recovery"])
def test_the_figures_are_those_of_the_bills(which: str) -> None:
    if which == "staging and dev":
        staging = {"name": "staging"}, {"name": "dev", "traffic": 0.01}
        bare = tuple({**one, "assumptions": "bare"} for one in staging)
        expected = rows(SMALL, OPTIONS, staging, bare)
    else:
        sites = tuple(({"name": "dr", "dr": dr},) for dr in ("standby", "active"))
        expected = rows(BANK, OPTIONS[:3], *sites)
    text = PAGE.read_text(encoding="utf-8")
    assert [row for row in expected if row not in text] == []
