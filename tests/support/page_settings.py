"""Random settings of the page, the same settings in the library, and the results of both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_curves import cheapest, swept_totals
from kafkatco.costing.bill import bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.numerics.crossings import crossings
from kafkatco.output.page import page
from kafkatco.output.page.data import FANOUTS
from kafkatco.prices import PriceBook
from kafkatco.prices.tax import Tax
from kafkatco.scenario.scenario import Scenario

EXACT = 1e-9
PEOPLE = {"fte": 0.5, "monthly": "7000000 KRW"}
#: Every source of a line: commitments, discounts, support in bands, credits, a tax, prices in
#: three currencies, the staffing model and tiers; and an infeasible option.
EVERYTHING: dict[str, Any] = {
    "workload": {
        "ingress": "3 MB/s",
        "fanout": 4,
        "retention": "2 days",
        "partitions": 90,
        "connector_tasks": 2,
        "schema_registry": True,
    },
    "prices": {
        "book": "list",
        "as_of": "2026-10-31",
        "currency": "KRW",
        "override": {
            "aws.ec2.m7g.xlarge": "250 KRW/hour",
            "aws.ebs.gp3.storage": "0.07 EUR/GiB/month",
        },
    },
    "tax": {"vat": "KR", "recoverable": 0.4},
    "deployment": [
        {
            "name": "own",
            "kind": "self-hosted",
            "region": "ap-northeast-2",
            "volume": "gp3",
            "instance": "m7g.xlarge",
            "labour": {},
            "monitoring": "self-hosted",
            "commitment": {"term": "1-year", "discount": 0.28},
            "support": "business",
        },
        {
            "name": "committed",
            "kind": "self-hosted",
            "region": "us-east-1",
            "instance": "m6i.2xlarge",
            "commitment": "1-year",
            "discount": 0.1,
            "credit": "5000 USD",
            "labour": {"fte": 2, "setup": "8 weeks"},
        },
        {
            "name": "msk",
            "kind": "msk-standard",
            "region": "ap-northeast-2",
            "discount": 0.05,
            "instance": "kafka.m7g.xlarge",
            "support": "enterprise",
            "labour": PEOPLE,
        },
        {
            "name": "basic",
            "kind": "confluent-basic",
            "region": "us-east-1",
            "credit": "trial",
            "labour": {"fte": 0.1, "monthly": "90000 USD/year"},
        },
        {"name": "hubs", "kind": "event-hubs-standard", "region": "koreacentral"},  # nobody
        {
            "name": "plans",
            "kind": "aiven",
            "cloud": "aws",
            "region": "us-east-1",
            "labour": {"fte": 0.0},
        },  # nobody yet
    ],
}
#: Options with several candidates, among which people, prices and limits decide.
CHOICES: dict[str, Any] = {
    **EVERYTHING,
    "deployment": [
        {"name": "own", "kind": "self-hosted", "region": "ap-northeast-2", "labour": {}},
        {"name": "msk", "kind": "msk-standard", "region": "ap-northeast-2", "labour": {}},
        {
            "name": "basic",
            "kind": "confluent-basic",
            "region": "us-east-1",
            "clusters": "as-needed",
            "labour": {},
        },
    ],
}


def written(folder: Path, scenario: Scenario, **options: Any) -> Path:
    file = folder / "page.html"
    file.write_text(page({"as in the file": scenario}, **options), encoding="utf-8")
    return file


def settings(rng: np.random.Generator, scenario: Scenario) -> dict[str, float | str]:
    """Return random settings, by their names in a link; some stay as in the file."""
    names = [deployment.label for deployment in scenario.deployments]
    staffed = [d.label for d in scenario.deployments if d.labour is not None]
    values: dict[str, float | str] = {
        "traffic": float(10 ** rng.uniform(-1, 3)),
        "fanout": float(rng.choice(FANOUTS)),
        "salary": float(rng.uniform(0, 2e7)),
        "rate.KRW": float(rng.uniform(700, 2800)),
        "currency": str(rng.choice(["USD", "KRW"])),
        "vat": float(rng.choice([0.0, rng.uniform(0, 1)])),
        "recoverable": float(rng.choice([0.0, rng.uniform(0, 1), 1.0])),
        **{f"fte.{name}": float(rng.choice([0.0, rng.uniform(0, 10)])) for name in staffed},
        # at 100 % every candidate costs the same, and only rounding decides
        **{f"discount.{name}": float(rng.choice([0.0, rng.uniform(0, 0.99)])) for name in names},
    }
    return {key: x for key, x in values.items() if key == "traffic" or rng.random() < 0.7}


def as_set(scenario: Scenario, changed: dict[str, float | str]) -> tuple[Comparison, float]:
    """Return the comparison of the library at some settings, and the traffic [MiB/s]."""
    own = scenario.book
    currency = str(changed.get("currency", own.currency))
    given = {} if own.tax is None else own.tax.model_dump()
    given |= {name: changed[name] for name in ("vat", "recoverable") if name in changed}
    book = PriceBook(
        own.name,
        as_of=own.as_of,
        overrides=own.overrides,
        currency=currency,
        assumptions=own.assumptions,
        tax=Tax(**given) if "vat" in given else None,
    )
    if "rate.KRW" in changed:
        book = book.swept("fx.usd.krw", changed["rate.KRW"])
    comparison = Comparison.of("test", scenario.workload, scenario.deployments, book, 730)
    names = {"fanout": changed.get("fanout")}
    names |= {
        key.replace(".", ":", 1): x
        for key, x in changed.items()
        if key.startswith(("fte.", "discount."))
    }
    for name, x in names.items():
        if x is not None:
            comparison = find_axis(name, comparison).vary(comparison, x)
    if "salary" in changed:  # in the currency of the file
        salary = float(changed["salary"]) * comparison.book.exchange(own.currency)
        comparison = replace(comparison, book=comparison.book.swept("labour.", salary))
    return comparison, float(changed["traffic"]) / find_axis("ingress", comparison).per_base


READ = """() => {
  const exact = (part) => part && Number(part.querySelector("data").value);
  const cells = (row) => [...row.children];
  return {
    bills: Object.fromEntries([...document.querySelectorAll(".bill")].map((bill) => [
      bill.dataset.name, {
        total: exact(bill.querySelector(".total:has(data)")),
        charges: exact(bill.querySelector(".charges:has(data)")),
        people: exact(bill.querySelector(".people:has(data)")),
        lines: [...bill.querySelectorAll("tr[data-component]")].map((row) => [
          row.dataset.component, row.querySelector("code").textContent,
          ...[2, 4, 5].map((i) => exact(cells(row)[i])),
        ]),
      }])),
    intervals: [...document.querySelectorAll("#intervals tbody tr")].map((row) =>
      [exact(cells(row)[0]), exact(cells(row)[1]), cells(row)[2].textContent]),
    crossovers: [...document.querySelectorAll("#crossovers tbody tr")].map((row) =>
      [row.dataset.a, row.dataset.b, exact(row), row.dataset.kind, cells(row)[2].textContent,
       exact(cells(row)[4])]),
  };
}"""
GO = """async (link) => {
  const done = new Promise((go) => addEventListener("hashchange", go, { once: true }));
  location.hash = link;
  await done;
}"""


def assert_equal(shown: dict[str, Any], comparison: Comparison, x: float) -> None:
    """Compare the bills line by line, the cheapest options and every crossing, to 1e-9."""
    assert_bills_equal(shown, comparison, x)
    assert_crossings_equal(shown, comparison)


def assert_bills_equal(shown: dict[str, Any], comparison: Comparison, x: float) -> None:
    """Compare the bills at a traffic [MiB/s], line by line."""
    at = find_axis("ingress", comparison)
    here = at.vary(comparison, x)
    for deployment in here.deployments:
        on_page = shown["bills"][deployment.label]
        bill = bill_of(deployment, here.load, here.book)
        assert on_page["total"] == (bill.total and pytest.approx(bill.total, rel=EXACT, abs=1e-9))
        for part, amount in (("charges", bill.provider_charges), ("people", bill.people)):
            shown_amount = None if amount is None else pytest.approx(amount, rel=EXACT, abs=1e-9)
            assert on_page[part] == shown_amount, part
        lines = [line for line in (*bill.lines, *bill.one_off) if line.quantity != 0]
        assert [line[:2] for line in on_page["lines"]] == [[x.component, x.sku] for x in lines]
        for line, (_, _, *numbers) in zip(lines, on_page["lines"], strict=True):
            assert numbers == pytest.approx(
                [float(line.quantity), line.unit_price, float(line.cost)], rel=EXACT, abs=1e-9
            )
    assert len(shown["bills"]) == len(here.deployments)


def assert_crossings_equal(shown: dict[str, Any], comparison: Comparison) -> None:
    """Compare the cheapest options and the crossings."""
    at = find_axis("ingress", comparison)
    low, high = (at.read(end, comparison.load.month_hours) for end in at.ends)
    curves = swept_totals(comparison, at, low, high)
    expected = [
        (a, b, crossing)
        for i, a in enumerate(curves)
        for b in [*curves][i + 1 :]
        for crossing in crossings(
            curves[a].total,
            curves[b].total,
            names=(a, b),
            blocked=np.maximum(curves[a].infeasible, curves[b].infeasible),
        )
    ]
    got = sorted(shown["crossovers"], key=lambda row: (row[2], row[0], row[1]))
    expected.sort(key=lambda pair: (pair[2].x, pair[0], pair[1]))
    assert len(got) == len(expected)
    for (a, b, where, kind, below, cost), (own_a, own_b, own) in zip(got, expected, strict=True):
        assert (a, b, kind, below) == (own_a, own_b, own.kind, own.below)
        assert where == pytest.approx(own.x * at.per_base, rel=EXACT)
        assert cost == pytest.approx(own.cost, rel=EXACT, abs=1e-9)
    parts = cheapest(curves)
    assert [row[2] for row in shown["intervals"]] == [
        part.winner or "none can handle the load" for part in parts
    ]
    for (start, stop, _), part in zip(shown["intervals"], parts, strict=True):
        assert (start, stop) == pytest.approx(
            (part.start * at.per_base, part.stop * at.per_base), rel=EXACT
        )


LINK = "() => [...new URLSearchParams(document.getElementById('link').hash.slice(1))]"
