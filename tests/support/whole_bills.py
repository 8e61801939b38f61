"""The whole bill of the twelve workloads, by its parts, for each kind in two regions.

``python tests/support/whole_bills.py`` writes the tables of ``docs/model/whole-bills.md``.  What
version 0.1.0 said of the same workloads is data: ``tests/data/totals-0.1.0.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from kafkatco import Environment, Labour, PriceBook, Tax, bill
from kafkatco.costing.bill import Bill, Bills
from kafkatco.costing.lines import PEOPLE
from kafkatco.deployments import KINDS, Deployment
from support.paths import ROOT
from support.twelve import CASES, MARKS, TITLES, Case, table

__all__ = ["KINDS_OF", "PAGE", "PARTS", "Row", "earlier", "least", "page", "rows_of"]

PAGE: Final = ROOT / "docs" / "model" / "whole-bills.md"
EARLIER: Final = ROOT / "tests" / "data" / "totals-0.1.0.csv"
KINDS_OF: Final = {
    "us-east-1": (
        "self-hosted",
        "msk-standard",
        "msk-express",
        "msk-serverless",
        "confluent-basic",
        "confluent-standard",
        "confluent-enterprise",
        "confluent-freight",
        "aiven",
        "redpanda-serverless",
    ),
    "ap-northeast-2": ("self-hosted", "msk-standard", "msk-express", "msk-serverless", "aiven"),
}
#: The tax that a supplier without recovery pays; elsewhere it is recovered in full.
TAX: Final = {"us-east-1": Tax(vat=0.0), "ap-northeast-2": Tax(vat="kr", recoverable=0.0)}
NEXT_TO: Final = (
    Environment(name="staging", traffic=0.1),
    Environment(name="development", traffic=0.01),
)
PARTS: Final = ("cluster", "network", "environments", "people", "tax")


@dataclass(frozen=True)
class Row:
    """The bill of one kind for one workload, by its parts [USD/month]."""

    kind: str
    bill: Bill

    @property
    def total(self) -> float | None:
        return self.bill.total

    @property
    def may_win(self) -> bool:
        return self.total is not None and not self.bill.is_floor

    def part(self, name: str) -> float:
        """Return one of ``PARTS``."""
        return sum(
            float(line.cost)
            for line in self.bill.lines
            if line.cost is not None and _part(line.component) == name
        )


def _part(component: str) -> str:
    if component in PEOPLE:
        return "people"
    return component if component in ("network", "environments", "tax") else "cluster"


@cache
def bills_of(case: Case, region: str) -> Bills:
    """Return the bill of each kind for a workload in a region."""
    book = PriceBook("list", as_of="2026-10-31", tax=TAX[region])
    options: list[Deployment] = [
        KINDS[kind].model_validate(
            {"region": region, "labour": Labour(), "environments": NEXT_TO, "name": kind}
        )
        for kind in KINDS_OF[region]
    ]
    return bill(case.workload, options, book)


def rows_of(case: Case, region: str) -> tuple[Row, ...]:
    """Return the rows of a workload in a region, the cheapest first."""
    rows = [Row(one.name, one) for one in bills_of(case, region)]
    return tuple(
        sorted(rows, key=lambda row: (not row.may_win, row.total is None, row.total or 0.0))
    )


@cache
def earlier() -> dict[tuple[str, str, str], float | None]:
    """Return the totals of version 0.1.0 by region, workload and kind; ``None`` if refused."""
    with EARLIER.open(encoding="utf-8", newline="") as file:
        return {
            (row["region"], row["workload"], row["kind"]): float(row["total"])
            if row["total"]
            else None
            for row in csv.DictReader(file)
        }


def least(costs: dict[str, float | None]) -> str:
    """Return the kind of the least cost that is known, or a dash."""
    known = {kind: cost for kind, cost in costs.items() if cost is not None}
    return min(known, key=lambda kind: known[kind]) if known else "-"


def without(rows: Sequence[Row], *parts: str) -> str:
    """Return the kind that is cheapest without some parts."""
    return least(
        {
            row.kind: row.total - sum(map(row.part, parts))
            for row in rows
            if row.may_win and row.total is not None
        }
    )


def decisive(first: Row, second: Row) -> str:
    """Return the part in which the cheapest kind is cheaper than the next one by most."""
    return max(PARTS, key=lambda name: second.part(name) - first.part(name))


def _money(cost: float | None) -> str:
    return "" if cost is None else f"{cost:,.0f}"


def _summary(region: str) -> Iterator[Sequence[str]]:
    for case in CASES:
        rows = rows_of(case, region)
        before = least({kind: earlier()[region, case.name, kind] for kind in KINDS_OF[region]})
        able = [row for row in rows if row.may_win]
        first, *others = able
        total = first.total or 0.0
        cells = [case.name, f"**{first.kind}**", _money(total)]
        if others:
            second = others[0]
            more = ((second.total or 0.0) / total - 1) * 100
            part = decisive(first, second)
            less = second.part(part) - first.part(part)
            close = " *" if second.kind in bills_of(case, region).close_call.options else ""
            share = f"+{more:.0f} %" if more >= 1 else f"+{more:.1f} %"
            cells += [f"{second.kind}, {share}{close}", f"{part}, {_money(less)} less"]
        else:
            cells += ["nobody", ""]
        yield [*cells, without(rows, "people"), without(rows, "environments"), before]


def _bills(case: Case, region: str) -> Iterator[Sequence[str]]:
    for row in rows_of(case, region):
        before = _money(earlier()[region, case.name, row.kind])
        if row.total is None:
            yield [row.kind, *[""] * len(PARTS), "cannot serve", before]
            continue
        floor = "" if row.may_win else "at least "
        parts = [_money(row.part(name)) for name in PARTS]
        yield [row.kind, *parts, floor + _money(row.total), before]


def page(text: str) -> str:
    """Return the text of the page with its tables as they are now."""
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return before + MARKS[0] + "\n".join(_tables()) + MARKS[1] + after


def _tables() -> Iterator[str]:
    for region, title in TITLES.items():
        yield f"## {title}\n"
        head = ("workload", "cheapest", "USD a month", "next", "decided by", "without people")
        yield table((*head, "without environments", "0.1.0"), _summary(region))
        for case in CASES:
            yield f"### {case.name.capitalize()}, {title}\n"
            yield table(("kind", *PARTS, "total", "0.1.0"), _bills(case, region))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
