"""Bills as files of a cluster: Confluent's traffic by arithmetic, and brokers of no inventory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kafkatco.ingest.bills import READER
from kafkatco.ingest.cluster import cluster_of
from kafkatco.ingest.document import Document
from kafkatco.ingest.reader import read_files
from kafkatco.ingest.readings import Findings, Resource
from support.bill_samples import confluent, cur_rows, write_csv


def test_the_traffic_of_confluents_costs(tmp_path: Path) -> None:
    findings = read_files([confluent(tmp_path / "costs.json")])
    # 28 days of 100 GB (of 2^30 bytes) a day, read three times
    found = cluster_of(findings).traffic
    a_day = 100 * 2**30 / 86_400
    assert found.estimates["ingress"].value == pytest.approx(a_day)
    assert found.estimates["fanout"].value == pytest.approx(3.0)
    # 2,400 GB-hours a day are 100 GB, a third of which is one copy: a third of a day's ingress
    assert found.estimates["retention"].value == pytest.approx(24 / 3)
    assert found.fields()["replication_factor"] == 3
    assert "KAFKA_NETWORK_WRITE 2025-02 (costs.json)" in found.estimates["ingress"].because
    assert any("all clusters together" in text for text in found.warnings)
    assert "peak_to_average" in found.missing  # a month's total has none


def test_the_days_without_rows_do_not_count(tmp_path: Path) -> None:
    path = confluent(tmp_path / "costs.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    # the first 14 of 28 days, and twice as much on each
    data["data"] = [row for row in data["data"] if row["start_date"] < "2025-02-15"]
    for row in data["data"]:
        row["quantity"] *= 2
    path.write_text(json.dumps(data), encoding="utf-8")
    ingress = next(one for one in read_files([path]).readings if one.quantity == "ingress")
    assert ingress.value == pytest.approx(2 * 100 * 2**30 / 86_400)


def test_billed_brokers_that_no_inventory_has_are_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "cur.csv", cur_rows())
    findings = read_files([path])
    # 2,016 h in the 672 h of February 2025
    [billed] = findings.billed
    assert billed.instance == "kafka.m7g.large"
    assert billed.brokers == pytest.approx(2016 / 672)

    def told(instance: str) -> bool:
        ours = Resource("msk-standard", {"region": "us-east-1", "instance": instance}, "ours")
        every = cluster_of(findings + Findings(resources=(ours,))).told
        return "cur.csv bills 3 brokers of kafka.m7g.large, which no inventory has" in every

    assert told("kafka.m5.large")
    assert not told("kafka.m7g.large")


@pytest.mark.parametrize(
    "text", ["time,ingress [MB/s]\n2026-01-01,1\n", '{"status": "success"}', "", "[]"]
)
def test_other_files_are_no_bills(text: str) -> None:
    assert not READER.recognises(Document("x", text.encode()))
