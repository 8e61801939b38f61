"""Measure ratios of times on one machine against their limits, and print a table.

Run it by hand: ``.venv-dev/bin/python benchmarks/run.py``.  No test measures time.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import kafkatco as kt
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.prices.history import _read_once
from kafkatco.prices.meters.aws import LAYOUTS, RULES
from kafkatco.prices.refresh.aws_price_list import read_file
from kafkatco.prices.refresh.fetched_file import Origin, Raw

BOOK = kt.PriceBook("list", as_of="2025-10-31")
CATALOGUE = kt.Catalogue(as_of=BOOK.as_of)
LOAD = kt.Workload(ingress="1 MB/s", fanout=3, retention="1 day")
MSK = kt.MskStandard(region="us-east-1", instance="kafka.m7g.large")
OWN = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge")


def best(run: Callable[[], Any], repeat: int = 5) -> float:
    """Return the time of the fastest of some runs [s]."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def import_time(module: str) -> float:
    """Return the time that a new interpreter takes to import a module [s]."""
    return best(lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True), 7)


def totals(deployment: Deployment, rates: Any) -> Any:
    """Return monthly totals for an array of traffic, by the plain formula."""
    return costs_of(deployment, LOAD.operands().replace(ingress_mib_s=rates), BOOK, CATALOGUE).total


def load_book() -> None:
    """Read the tables of the list book, check every cell and look up one price."""
    _read_once.cache_clear()
    kt.PriceBook("list", as_of="2025-10-31").price("aws.msk.kafka.m7g.large", "us-east-1")


def parse_tables() -> int:
    """Read the same tables with the csv module alone, and return the number of rows."""
    rows = 0
    for path in (pricing_root() / "list").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows += sum(1 for _ in csv.reader(file)) - 1
    return rows


def price_list(path: Path) -> None:
    """Write a price list of Amazon EC2 in one region, of about 50 MB."""
    needed = {name for rule in RULES["AmazonEC2"] for name in rule.columns}
    columns = list(dict.fromkeys([*LAYOUTS["AmazonEC2"].columns, *sorted(needed)]))
    columns += [f"Column {number}" for number in range(60)]  # a real list has about ninety
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([("FormatVersion", "v1.0"), ("Publication Date", "2026-11-02"), columns])
        for number in range(60_000):
            cells = dict.fromkeys(columns, "as wide as real")
            usage = f"APN2-BoxUsage:x{number % 900}.large"
            writer.writerow({**cells, "usageType": usage, "Unit": "Hrs"}.values())


def crossover_times() -> list[tuple[str, float, int]]:
    """Return the time of all pairs and the envelope [s], and the number of their pieces.

    For the fifteen kinds of the bundled scenario ``every-kind``, with one workload.
    """
    scenario = kt.Scenario.load("every-kind")
    by_kind = {x.kind: x for x in reversed(scenario.deployments)}  # type: ignore[attr-defined]
    kinds = list(by_kind.values())[::-1]
    rows = []
    for count, end in (
        (5, "1 PB/month"),
        (10, "1 PB/month"),
        (15, "1 PB/month"),
        (15, "10 PB/month"),
        (15, "100 PB/month"),
    ):

        def run(count: int = count, end: str = end) -> kt.Crossovers:
            return kt.crossovers(scenario.workload, kinds[:count], scenario.book, stop=end)

        pieces = sum(costs.total.pieces for costs in run().curves.values())
        rows.append(
            (f"{count} kinds, {count * (count - 1) // 2} pairs, to {end}", best(run, 3), pieces)
        )
    return rows


def main() -> None:
    """Measure and print the tables."""
    rates = np.geomspace(0.04, 360.0, 200_000)
    few = rates[::400]
    curves = best(lambda: kt.crossovers(LOAD, [MSK, OWN], BOOK))
    scan = best(lambda: [totals(deployment, rates) for deployment in (MSK, OWN)])
    array = best(lambda: totals(MSK, few))
    loop = best(lambda: [totals(MSK, float(rate)) for rate in few], 1)
    book, plain = best(load_book, 20), best(parse_tables, 20)
    rows = [
        ("import kafkatco / import numpy", import_time("kafkatco") / import_time("numpy"), "< 1.2"),
        ("exact crossovers / scan of 200,000 points", curves / scan, "< 2"),
        ("500 totals at once / one by one", array / loop, "< 0.02"),
        ("a book, read and checked / its bare csv", book / plain, "< 4"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.csv"
        price_list(path)
        raw = Raw("EC2", path, Origin("benchmark", ""))
        rules, layout = RULES["AmazonEC2"], LAYOUTS["AmazonEC2"]
        read = best(lambda: read_file(raw, rules, layout, "ap-northeast-2", ()), 3)
        bare = best(lambda: sum(1 for _ in csv.reader(path.open(encoding="utf-8", newline=""))), 3)
        rows.append(("a price list, read / its bare csv", read / bare, "< 2"))
    for name, ratio, limit in rows:
        print(f"{name:45} {ratio:8.4f}   {limit}")
    for name, seconds, pieces in crossover_times():
        print(f"{name:45} {seconds:8.2f} s, {pieces:,} pieces")
    print("(15 kinds to 10 PB: must be under 1 s on one core)")
    print(f"a book of 5,000 rows: {1000 * book * 5000 / parse_tables():.0f} ms (must be under 50)")


if __name__ == "__main__":
    main()
