"""Redpanda Serverless: hours, partitions, bytes in, out and stored."""

from typing import Any

import pytest

from kafkatco import PriceBook, Scenario, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.deployments.redpanda_serverless import RedpandaServerless
from support.plain import PLAIN
from support.unchecked import unchecked

BOOK = PriceBook("list", as_of="2026-10-31", assumptions=PLAIN)
SERVERLESS = RedpandaServerless(region="us-east-1")


def test_each_line_is_quantity_times_price() -> None:
    # 100 messages of 1 kB a second, read twice, kept 7 days, 30 partitions: a comparison of ten
    # services of 2026-10-04 prints about 144 USD
    load = Workload(ingress="0.1 MB/s", fanout=2, retention="7 days", partitions=30)
    bill = bill_of(SERVERLESS, load, BOOK)
    written, kept = 0.1e6 * 3600 * 730 / 1e9, 0.1e6 * 3600 * 168 / 1e9  # GB
    expected = {
        "redpanda.serverless.uptime": 730 * 0.10,
        "redpanda.serverless.partition": 30 * 730 * 0.0015,
        "redpanda.serverless.ingress": written * 0.045,
        "redpanda.serverless.egress": 2 * written * 0.04,
        "redpanda.serverless.storage": kept * 0.09,
    }
    assert {line.sku: line.cost for line in bill.lines} == pytest.approx(expected, rel=1e-9)
    assert bill.total == pytest.approx(144, rel=0.005)


def steady(**fields: Any) -> Workload:
    return Workload(**{"ingress": "1 MB/s", "peak_to_average": 1, **fields})


@pytest.mark.parametrize(
    ("at", "above", "reason"),
    [
        # https://docs.redpanda.com/redpanda-cloud/get-started/cluster-types/serverless/
        (
            {"ingress": "100 MB/s"},
            {"ingress": "100.1 MB/s"},
            "ingress at peak: at most 100 MB/s per cluster",
        ),
        (
            {"ingress": "50 MB/s", "peak_to_average": 2},
            {"ingress": "50.1 MB/s", "peak_to_average": 2},
            "ingress at peak: at most 100 MB/s per cluster",
        ),
        (
            {"ingress": "75 MB/s", "fanout": 4},
            {"ingress": "75 MB/s", "fanout": 4.1},
            "egress at peak: at most 300 MB/s per cluster",
        ),
        ({"partitions": 5000}, {"partitions": 5001}, "partitions: at most 5,000 per cluster"),
        ({"topics": 5000}, {"topics": 5001}, "partitions: at most 5,000 per cluster"),
        (
            {"connections": 10_000},
            {"connections": 10_001},
            "connections: at most 10,000 per cluster",
        ),
        (
            {"message_size": "20 MiB"},
            {"message_size": "20.1 MiB"},
            "message size: at most 20 MiB per cluster",
        ),
    ],
)
def test_a_quota_is_feasible_and_above_it_infeasible(
    at: dict[str, Any], above: dict[str, Any], reason: str
) -> None:
    assert bill_of(SERVERLESS, steady(**at).operands(), BOOK).infeasible == ()
    assert bill_of(SERVERLESS, steady(**above).operands(), BOOK).infeasible == (reason,)


def test_a_bank_is_more_than_a_cluster_can_send() -> None:
    # 40 MB/s, twice that at peak, read four times: 80 MB/s in, and 320 out
    bank = Workload(ingress="40 MB/s", fanout=4, retention="7 days", partitions=3000).operands()
    bill = bill_of(SERVERLESS, bank, BOOK)
    assert bill.infeasible == ("egress at peak: at most 300 MB/s per cluster",)


def test_its_prices_and_its_quotas_are_of_the_same_day() -> None:
    load = steady().operands()
    assert (
        bill_of(SERVERLESS, load, PriceBook("list", as_of="2025-03-25", assumptions=PLAIN)).total
        is not None
    )


def test_it_runs_in_one_zone() -> None:
    omitted = SERVERLESS.not_modelled(steady().operands())
    assert "several availability zones (a cluster runs in one)" in omitted
    totals = [bill_of(SERVERLESS, steady(zones=x).operands(), BOOK).total for x in (1, 3)]
    assert totals[0] == totals[1]


def test_the_limit_of_requests_is_unknown() -> None:
    reasons = ("requests: the limit is not published",)
    assert unchecked(SERVERLESS, steady(requests=1).operands(), BOOK.catalogue()) == reasons
    assert unchecked(SERVERLESS, steady().operands(), BOOK.catalogue()) == ()


def test_a_scenario_file_knows_the_kind_and_its_region() -> None:
    scenario = Scenario.from_dict(
        {
            "workload": {"ingress": "1 TB/month"},
            "prices": {"as_of": "2026-10-31", "currency": "KRW"},
            "deployment": [{"kind": "redpanda-serverless", "region": "us-east-1"}],
        }
    )
    [bill] = scenario.bills()
    assert (bill.kind, bill.currency) == ("redpanda-serverless", "KRW")
    assert bill.total is not None
