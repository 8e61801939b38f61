"""The utilisation of a deployment's units, and the candidates next in cost."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

import kafkatco as kt
from kafkatco.costing.bill import Bill
from kafkatco.deployments import Deployment
from kafkatco.errors import MissingPriceError
from kafkatco.output.views.bill import bill_table, bills_dict
from kafkatco.sizing.utilisation import Utilisation
from support.plain import PLAIN

BOOK = kt.PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)
PRODUCTION = kt.PriceBook("list", as_of="2025-10-31")


def workload(**changes: Any) -> kt.Workload:
    fields: dict[str, Any] = {
        "ingress": "100 MB/s",
        "peak_to_average": 2,
        "fanout": 3,
        "retention": "1 day",
        "partitions": 900,
    }
    return kt.Workload(**(fields | changes))


def billed(deployment: Deployment, book: kt.PriceBook = BOOK, **changes: Any) -> Bill:
    [bill] = kt.bill(workload(**changes), [deployment], book)
    return bill


def rows(bill: Bill) -> dict[str, Utilisation]:
    return {row.dimension: row for row in bill.utilisation}


def test_self_hosted_by_hand() -> None:
    # m5.2xlarge: 312.5 MB/s of network, 287.5 MB/s of disk; 12 brokers in three zones
    bill = billed(kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=12))
    used = rows(bill)
    # at peak 200 MB/s are received 3 times, sent 3 - 1 + 3 times and written 3 times
    received, sent, written = (
        used[n] for n in ("throughput-in", "throughput-out", "disk-throughput")
    )
    assert received.peak == pytest.approx(600 / (12 * 312.5))  # 16 %
    assert sent.peak == pytest.approx(1000 / (12 * 312.5))  # 26.7 %
    assert sent.average == pytest.approx(500 / (12 * 312.5))  # 13.3 %
    assert sent.zone_lost == pytest.approx(1000 / (8 * 312.5))  # 40 %
    assert written.zone_lost == pytest.approx(600 / (8 * 287.5))
    # of the half of eight brokers that the sizing may use
    assert sent.of_limit == pytest.approx(1000 / (8 * 312.5 * 0.5))  # 80 %
    assert sent.required == pytest.approx(1000 / (312.5 * 0.5 * 2 / 3))  # 9.6 brokers
    assert sent.count == 12.0
    assert [row.dimension for row in bill.utilisation if row.bottleneck] == ["throughput-out"]


def test_self_hosted_without_a_margin() -> None:
    cluster = kt.SelfHosted(
        region="us-east-1", instance="m5.2xlarge", brokers=12, failure_margin="none"
    )
    sent = rows(billed(cluster))["throughput-out"]
    assert sent.peak == pytest.approx(1000 / (12 * 312.5))
    assert sent.of_limit == pytest.approx(1000 / (12 * 312.5 * 0.5))
    assert sent.zone_lost == pytest.approx(1000 / (8 * 312.5))  # not planned for, and still true


def test_one_zone_has_none_to_lose() -> None:
    cluster = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=12)
    used = rows(billed(cluster, zones=1))
    assert used["throughput-out"].peak == pytest.approx(1000 / (12 * 312.5))
    assert all(row.zone_lost is None for row in used.values())


def test_what_does_not_follow_traffic() -> None:
    used = rows(billed(kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=12)))
    for name in ("partitions", "storage"):
        assert used[name].peak == used[name].average == used[name].of_limit
        assert used[name].zone_lost is None
    assert used["minimum"].of_limit == 3 / 12
    assert used["minimum"].peak is None


def test_clusters_share_the_traffic() -> None:
    def sent(clusters: int, brokers: int) -> Utilisation:
        cluster = kt.SelfHosted(
            region="us-east-1", instance="m5.2xlarge", brokers=brokers, clusters=clusters
        )
        return rows(billed(cluster))["throughput-out"]

    assert sent(2, 6).count == 6.0  # of each
    assert sent(2, 6).peak == pytest.approx(sent(1, 12).peak)


def test_msk_standard_by_hand() -> None:
    # kafka.m5.2xlarge: 250 MiB/s of EBS, 320 MiB/s of network, 8 vCPU
    cluster = kt.MskStandard(region="us-east-1", instance="kafka.m5.2xlarge", brokers=12)
    used = rows(billed(cluster, ingress="100 MiB/s"))
    # 200 MiB/s at peak are written 3 times and sent 3 - 1 + 3 times
    disk, network = used["disk-throughput"], used["network"]
    assert disk.peak == pytest.approx(600 / (12 * 250))  # 20 %
    assert network.peak == pytest.approx(1000 / (12 * 320))  # 26 %
    assert network.average == pytest.approx(500 / (12 * 320))
    assert network.zone_lost == pytest.approx(1000 / (8 * 320))
    # AWS's script counts 6.5 and 5.7 + 1.5 x 3, with a zone down and with rebalancing
    assert disk.of_limit == pytest.approx(200 * 6.5 / (12 * 250 * 0.5))
    assert network.of_limit == pytest.approx(200 * 10.2 / (12 * 320 * 0.5))


def test_cpu_of_msk_standard() -> None:
    # 12 x 8 vCPU carry 96 x 31 MB/s of write-equivalents: 3 + (3 - 1 + 3) / 4 for each of 200 MB/s
    cluster = kt.MskStandard(region="us-east-1", instance="kafka.m5.2xlarge", brokers=12)
    cpu = rows(billed(cluster, PRODUCTION, message_size="10 kB"))["cpu"]
    assert cpu.peak == pytest.approx(200 * 4.25 / (96 * 31))  # 29 %
    assert cpu.average == pytest.approx(100 * 4.25 / (96 * 31))
    assert cpu.zone_lost == pytest.approx(200 * 4.25 / (64 * 31))  # 43 %
    assert cpu.of_limit == pytest.approx(200 * 4.25 / (64 * 31) / 0.6)


def test_average_is_the_base_of_units_from_average() -> None:
    # eCKUs for the average: twice that at peak
    cluster = kt.ConfluentStandard(region="us-east-1", units_from="average")
    received = rows(billed(cluster))["throughput-in"]
    assert received.average == pytest.approx(received.of_limit)
    assert received.peak == pytest.approx(2 * received.of_limit)


@pytest.mark.parametrize(
    ("model", "fixed", "instance"),
    [
        (kt.SelfHosted, "brokers", {"instance": "m5.2xlarge"}),
        (kt.MskStandard, "brokers", {"instance": "kafka.m5.2xlarge"}),
        (kt.MskExpress, "brokers", {"instance": "express.m7g.2xlarge"}),
        (kt.ConfluentStandard, "units", {}),
    ],
)
def test_more_units_are_never_used_more(model: Any, fixed: str, instance: dict[str, str]) -> None:
    bills = [billed(model(region="us-east-1", **instance, **{fixed: n})) for n in (6, 9, 12, 30)]
    for fewer, more in pairwise(bills):
        for before, after in zip(fewer.utilisation, more.utilisation, strict=True):
            for share in ("of_limit", "peak", "average", "zone_lost"):
                a, b = getattr(before, share), getattr(after, share)
                assert (a is None and b is None) or b <= a


def test_alternatives_are_the_next_by_cost() -> None:
    cheapest = billed(kt.MskStandard(region="us-east-1"))
    totals = {}
    for label in BOOK.catalogue().items("aws.msk.kafka."):
        name = label.removeprefix("aws.msk.")
        try:
            one = billed(kt.MskStandard(region="us-east-1", instance=name))
        except MissingPriceError:
            continue
        if one.total is not None:
            totals[name] = one.total
    first, *others = sorted(totals.values())
    assert cheapest.total == pytest.approx(first)
    assert [row.total for row in cheapest.alternatives] == pytest.approx(others[:3])
    for row in cheapest.alternatives:
        assert totals[row.label] == pytest.approx(row.total)
        assert row.more == pytest.approx(row.total - first)


def test_no_alternatives_to_a_named_type_or_an_infeasible_one() -> None:
    assert (
        billed(kt.MskStandard(region="us-east-1", instance="kafka.m5.2xlarge")).alternatives == ()
    )
    infeasible = billed(kt.MskStandard(region="us-east-1"), zones=4)
    assert infeasible.infeasible
    assert infeasible.alternatives == ()
    notes = " ".join(map(str, bill_table(infeasible).notes))
    assert "utilisation at peak" not in notes


def test_the_table_has_a_line_for_each() -> None:
    cluster = kt.SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=12, name="ours")
    notes = list(map(str, bill_table(billed(cluster)).notes))
    # sent 80 %, written 600 / (8 x 287.5 x 0.5) = 52 % and received 48 % of the limit
    assert notes[1] == (
        "utilisation at peak: throughput-out 27 %, disk-throughput 17 %, throughput-in 16 %; "
        "with a zone lost: throughput-out 40 %, disk-throughput 26 %, throughput-in 24 %"
    )
    assert not any(note.startswith("next: ") for note in notes)
    bill = billed(kt.MskStandard(region="us-east-1"))
    [following] = [n for n in map(str, bill_table(bill).notes) if n.startswith("next: ")]
    assert bill.total is not None
    for row in bill.alternatives:
        percent = 100 * row.more / bill.total
        assert f"{row.count:g} brokers of {row.label} +{percent:.1f} %" in following


def test_json_has_the_same() -> None:
    bill = billed(kt.MskStandard(region="us-east-1"))
    [deployment] = json.loads(json.dumps(bills_dict([bill])))["deployments"]
    assert [row["dimension"] for row in deployment["utilisation"]] == list(rows(bill))
    assert [row["more"] for row in deployment["alternatives"]] == [
        row.more for row in bill.alternatives
    ]
