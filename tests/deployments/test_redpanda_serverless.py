"""Redpanda Serverless: hours, partitions, bytes in, out and stored."""

import pytest

from kafkatco import PriceBook, Scenario, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.deployments.redpanda_serverless import RedpandaServerless

BOOK = PriceBook("list", as_of="2026-10-31")
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
