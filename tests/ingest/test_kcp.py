"""kcp of Confluent: its state file, in both shapes of metrics, and its table of TCO inputs."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest

import kafkatco
from kafkatco.deployments import KINDS
from kafkatco.errors import InputError
from kafkatco.ingest.reader import read_files
from kafkatco.ingest.readings import Findings
from kafkatco.ingest.statistics import statistic
from kafkatco.ingest.workload import traffic_of
from support.excerpts import excerpt_json, excerpt_rows
from support.ingest import START, read

BOOK = kafkatco.PriceBook("list", as_of="2026-10-31")
#: An inventory of the day before START.
MADE = "2026-08-31T12:00:00Z"
#: kcp's own values of its metrics over 100 hours, in ``aggregates`` of the same file.
AGGREGATES = {"ingress": (168_993.36, 205_914.51), "egress": (103_801.17, 126_755.57)}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(START)))


def topic(name: str, partitions: int, copies: int, **configs: str) -> dict[str, Any]:
    settings = {key.replace("_", "."): value for key, value in configs.items()}
    return {
        "name": name,
        "partitions": partitions,
        "replication_factor": copies,
        "configurations": settings,
    }


def admin(*topics: dict[str, Any], missing: int = 0) -> dict[str, Any]:
    """Return what kcp has of topics, of which ``missing`` are in the summary alone."""
    summary = {
        "topics": len(topics) + missing,
        "internal_topics": 0,
        "total_partitions": sum(one["partitions"] for one in topics) + 10 * missing,
        "total_internal_partitions": 0,
    }
    return {
        "cluster_id": "UnIfIeD",
        "discovered_brokers": ["b-1:9092", "b-2:9092", "b-3:9092"],
        "topics": {"summary": summary, "details": list(topics)},
    }


def other(**fields: Any) -> dict[str, Any]:
    """Return the cluster that is not of MSK, with the hours of the real file."""
    hours = excerpt_rows("kcp-hours.csv")
    results = [
        {
            "start": hour["start"],
            "end": (dt.datetime.fromisoformat(hour["start"]) + dt.timedelta(hours=1)).isoformat(),
            "label": label,
            "value": float(value),
        }
        for hour in hours
        for label, value in hour.items()
        if label != "start"
    ]
    window = {"start_date": hours[0]["start"], "end_date": "2026-03-31T16:48:38Z"}
    topics = (
        topic("orders", 3, 1, retention_ms="86400000"),
        topic("events", 2, 1, retention_ms="86400000"),
    )
    return {
        "id": "prod-kafka-us-east",
        "kafka_admin_client_information": admin(*topics),
        "metrics": {"metadata": window, "results": results},
        "metadata": {"location": "us-east-1", "last_scanned": MADE, "kafka_version": "3.6.0"},
        **fields,
    }


def msk(**fields: Any) -> dict[str, Any]:
    """Return the cluster of MSK, with replies of CloudWatch for two days."""
    times = ["2026-08-30T00:00:00Z", "2026-08-29T00:00:00Z"]
    labels = {"BytesInPerSec": [3e6, 1e6], "BytesOutPerSec": [4e6, 4e6], "PartitionCount": [12, 12]}
    results = [
        {
            "Id": f"m{label}",
            "Label": label,
            "StatusCode": "Complete",
            "Timestamps": times,
            "Values": values,
        }
        for label, values in labels.items()
    ]
    window = {
        "start_date": "2026-08-21T00:00:00Z",
        "end_date": "2026-08-31T00:00:00Z",
        "follower_fetching": True,
    }
    config = excerpt_json("aws-msk-clusters.json")["ClusterInfoList"][0]
    return {
        "name": "kcp-playground",
        "arn": config["ClusterArn"],
        "metrics": {"metadata": window, "results": results},
        "aws_client_information": {"msk_cluster_config": config},
        "kafka_admin_client_information": admin(topic("a", 4, 3, retention_ms="3600000")),
        **fields,
    }


def state(*, others: Any = (), regions: Any = (), timestamp: str = MADE, **more: Any) -> Any:
    return {
        "msk_sources": {"regions": list(regions)},
        "osk_sources": {"clusters": list(others)},
        "kcp_build_info": {"version": "0.7"},
        "timestamp": timestamp,
        **more,
    }


def region(*clusters: dict[str, Any], billed: tuple[str, ...] = ()) -> dict[str, Any]:
    groups = [{"Keys": ["Amazon Managed Streaming for Apache Kafka", usage]} for usage in billed]
    return {
        "name": "us-east-1",
        "clusters": list(clusters),
        "costs": {"results": [{"Groups": groups}]},
    }


def test_the_steps_of_kcp_to_the_digit() -> None:
    """The mean and maximum are kcp's own; p95 was computed in the field report of 2026-11-30."""
    found = read("kcp-state.json", state(others=[other()]))
    by = {one.quantity: one for one in found.series}
    for quantity, (mean, most) in AGGREGATES.items():
        assert round(statistic(by[quantity], "mean").value, 2) == mean
        assert round(statistic(by[quantity], "max").value, 2) == most
    assert round(statistic(by["ingress"], "p95").value, 2) == 205_091.70
    assert statistic(by["partitions"], "max").value == 52
    assert round(statistic(by["stored_replica_bytes"], "mean").value / 2**30, 2) == 20.18
    assert {one.step_s for one in found.series} == {3600}
    assert {one.cluster for one in found.series} == {"prod-kafka-us-east"}


def test_a_cluster_that_is_not_of_msk_becomes_a_bill() -> None:
    """Fan-out 103,801.17 / 168,993.36; three brokers for a month; a day of ingress in one copy."""
    found = read("kcp-state.json", state(others=[other()]))
    [resource] = found.resources
    assert (resource.kind, resource.name) == ("self-hosted", "prod-kafka-us-east")
    assert resource.fields == {"cloud": "aws", "region": "us-east-1", "brokers": 3}
    assert any(one.startswith("instance: ") for one in resource.missing)
    traffic = traffic_of(found)
    fields = traffic.fields()
    assert fields["fanout"] == pytest.approx(103_801.17 / 168_993.36, rel=1e-5)
    assert (fields["retention"], fields["replication_factor"], fields["topics"]) == ("24 h", 1, 2)
    instance = {"instance": "m5.large", "controllers": 0}
    option = KINDS[resource.kind].model_validate({**resource.fields, **instance})
    [bill] = kafkatco.bill(traffic.workload(), [option], BOOK)
    [brokers] = [line for line in bill.lines if line.component == "compute"]
    assert (brokers.sku, brokers.quantity) == ("aws.ec2.m5.large", 3 * 730)
    # 0.096 USD an hour: https://aws.amazon.com/ec2/pricing/on-demand/
    assert brokers.cost == pytest.approx(3 * 730 * 0.096)


def test_a_cluster_of_msk_becomes_a_bill() -> None:
    """A mean of 2 MB/s in and 4 MB/s out; four partitions in three copies; three kafka.m5.large."""
    found = read("kcp-state.json", state(regions=[region(msk())]))
    [resource] = found.resources
    assert (resource.kind, resource.name) == ("msk-standard", "kcp-playground")
    path = "msk_sources.regions[0].clusters[0].aws_client_information.msk_cluster_config"
    assert resource.where == path
    traffic = traffic_of(found)
    assert traffic.fields() == {
        "ingress": "2 MB/s",
        "fanout": 2.0,
        "retention": "1 h",
        "replication_factor": 3,
        "partitions": 4,
        "topics": 1,
        "zones": 3,
    }
    # the window that kcp asked for has ten days
    assert any("2 of 10 steps of 1 d have values (20%)" in one for one in traffic.warnings)
    assert any("kcp-playground fetches from followers" in one for one in found.warnings)
    [bill] = kafkatco.bill(traffic.workload(), [KINDS[resource.kind](**resource.fields)], BOOK)
    costs = {line.sku: line.cost for line in bill.lines}
    assert costs["aws.msk.kafka.m5.large"] == pytest.approx(3 * 730 * 0.21)
    assert costs["aws.msk.storage"] == pytest.approx(3 * 300 * 0.10)


def test_older_and_newer_names_are_read() -> None:
    older = {"regions": [region(msk())], "kcp_build_info": {"version": "0.5"}, "timestamp": MADE}
    newer = {"apache_kafka_sources": {"clusters": [other()]}, "timestamp": MADE}
    assert [one.name for one in read("kcp.json", older).resources] == ["kcp-playground"]
    assert [one.name for one in read("kcp.json", newer).resources] == ["prod-kafka-us-east"]


def test_names_and_sums_that_are_missing_are_not_made_up() -> None:
    """As in files of kcp's own tests: no ClusterName, no name, no total_internal_partitions."""
    config = {**excerpt_json("aws-msk-clusters.json")["ClusterInfoList"][0], "ClusterName": None}
    topics = {"topics": {"summary": {"topics": 3, "internal_topics": 1, "total_partitions": 9}}}
    nameless = msk(
        name=None,
        aws_client_information={"msk_cluster_config": config},
        kafka_admin_client_information=topics,
    )
    found = read("kcp.json", state(regions=[region(nameless)]))
    assert found.resources[0].name == "kcp-playground"
    counted = {one.quantity: one.value for one in found.readings}
    assert counted["topics"] == 4
    assert "partitions" not in counted
    arn = "arn:aws:kafka:us-east-1:123456789012:cluster/demo/uuid"
    alone = read("kcp.json", state(regions=[region({"arn": arn})]))
    assert [one.name for one in alone.unknown] == ["demo"]


def test_a_part_of_the_topics_is_no_mean() -> None:
    """One of three topics: 4 + 2 x 10 partitions, and neither a factor nor a retention."""
    part = admin(topic("a", 4, 3, retention_ms="3600000"), missing=2)
    found = read("kcp.json", state(regions=[region(msk(kafka_admin_client_information=part))]))
    fields = traffic_of(found).fields()
    assert (fields["topics"], fields["partitions"]) == (3, 24)
    assert "retention" not in fields
    assert any("has 1 of 3 topics" in one for one in found.warnings)


def test_a_billed_type_that_no_cluster_has_is_told() -> None:
    billed = (
        "USE1-Kafka.m5.large",
        "USE1-Kafka.m7g.xlarge",
        "Express.m7g.large",
        "USE1-Kafka.Storage.GP2",
        "USE1-Kafka.mcu.general",
        "DataTransfer-Regional-Bytes",
    )
    found = read("kcp.json", state(regions=[region(msk(), billed=billed)]))
    [text] = [one for one in found.warnings if "the bill has" in one]
    assert text.startswith("us-east-1: the bill has express.m7g.large, kafka.m7g.xlarge, which no")
    known = read("kcp.json", state(regions=[region(msk(), billed=billed[:1])]))
    assert not any("the bill has" in one for one in known.warnings)


@pytest.mark.parametrize(("day", "told"), [(25, False), (24, True)])
def test_an_inventory_of_more_than_a_week_ago_is_told(day: int, told: bool) -> None:
    """Seven and eight days before 1 September."""
    found = read("kcp.json", state(regions=[region(msk())], timestamp=f"2026-08-{day}T12:00:00Z"))
    text = "kcp.json is of 2026-08-24, 8 days ago: the clusters may have changed since"
    assert (text in found.warnings) == told


def test_the_age_of_a_file_is_that_of_its_last_change(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt"
    path.write_text("Topic: a\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: \n")
    for days, told in ((7, False), (8, True)):
        os.utime(path, (START - days * 86_400,) * 2)
        text = f"topics.txt is of 2026-08-{32 - days}, {days} days ago"
        assert any(text in one for one in read_files([path]).warnings) == told


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"timestamp": "yesterday"}, "timestamp: got 'yesterday'; expected a time"),
        ({"msk_sources": {"regions": []}}, "no clusters: neither msk_sources nor osk_sources"),
        ({"msk_sources": {"regions": {"name": "a"}}}, "msk_sources.regions: .*expected a list"),
        (
            {"msk_sources": {"regions": [region({"region": "x"})]}},
            r"clusters\[0\].arn: required field",
        ),
        (
            {
                "osk_sources": {
                    "clusters": [other(metrics={"results": [{"label": "BytesInPerSec"}]})]
                }
            },
            r"metrics.results\[0\].start: required field",
        ),
        (
            {
                "osk_sources": {
                    "clusters": [other(kafka_admin_client_information=admin(topic("a", 0, 1)))]
                }
            },
            r"details\[0\].partitions: got 0; expected a whole number of at least 1",
        ),
    ],
)
def test_a_fault_of_a_state_is_one_message(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read("kcp.json", state() | change)
    assert len(caught.value.problems) == 1


def test_a_location_that_is_no_region_and_no_brokers_are_missing() -> None:
    nowhere = other(
        metadata={"location": "Rack 7"}, kafka_admin_client_information=None, metrics=None
    )
    [resource] = read("kcp.json", state(others=[nowhere])).resources
    assert resource.fields == {}
    text = " ".join(resource.missing)
    assert "metadata.location is 'Rack 7'" in text
    assert "brokers: their number" in text


TABLE = """orders,clicks
1.50000,2
3,
3.00000,
4.5,
7,1
60,1000
2,3
FALSE,TRUE
TRUE,N/A
12,
"""


def test_the_table_of_ten_rows() -> None:
    """Its MB/s are MiB/s: 1.5 x 2^20 B/s in, twice that out and at peak; a week of 168 h."""
    found = read("tco.csv", TABLE)
    orders, clicks = (traffic_of(found, cluster=name) for name in ("orders", "clicks"))
    assert orders.estimates["ingress"].value == 1.5 * 2**20
    assert orders.fields() | {"ingress": ""} == {
        "ingress": "",
        "fanout": 2.0,
        "peak_to_average": 2.0,
        "retention": "168 h",
        "local_retention": "12 h",
        "replication_factor": 2,
        "partitions": 60,
    }
    assert clicks.estimates["ingress"].value == 2 * 2**20
    assert "fanout" not in clicks.fields()
    text = " ".join(found.warnings)
    assert "clicks: Partitions is 1000, which kcp writes where nobody has typed a value" in text
    assert "clicks: Replication Factor is 3" in text
    assert "orders has tiered storage" in text
    assert "clicks fetches from followers" in text
    assert "orders: Partitions" not in text


def test_the_table_becomes_a_bill() -> None:
    """MSK Serverless at 0.10 USD a GiB in: 1.5 MiB/s of a month are 1.5 x 3600 x 730 / 1024 GiB."""
    load = traffic_of(read("tco.csv", TABLE), cluster="orders").workload()
    [bill] = kafkatco.bill(load, [kafkatco.MskServerless(region="us-east-1")], BOOK)
    lines = {line.sku.rpartition(".")[2]: line for line in bill.lines}
    month = 1.5 * 3600 * 730 / 1024
    assert lines["data-in"].quantity == pytest.approx(month, rel=1e-5)
    assert lines["data-in"].cost == pytest.approx(month * 0.10, rel=1e-5)
    assert lines["partition"].quantity == 60 * 730


def test_one_cluster_and_a_column_of_names_are_read() -> None:
    alone = "\n".join(line.partition(",")[0] for line in TABLE.splitlines())
    assert traffic_of(read("tco.csv", alone)).fields()["retention"] == "168 h"
    one_empty = alone.replace("\n4.5\n", "\n\n")
    assert traffic_of(read("tco.csv", one_empty)).fields()["fanout"] == 2
    names = ["Workload Assumptions", "Avg Ingress Throughput (MB/s)", *"bcdefghij"]
    named = "\n".join(
        f"{name},{line}" for name, line in zip(names, TABLE.splitlines(), strict=True)
    )
    both, same = read("tco.csv", named), read("tco.csv", TABLE)
    assert both == same


def test_tiered_storage_that_is_off_has_no_local_retention() -> None:
    found = read("tco.csv", TABLE.replace("TRUE,N/A", "FALSE,N/A"))
    assert not [one for one in found.readings if one.quantity == "local_retention"]


def test_faults_of_the_table_come_at_once() -> None:
    text = TABLE.replace("1.50000,2", "1.5 MB/s,-2")
    with pytest.raises(InputError) as caught:
        read("tco.csv", text)
    said = str(caught.value)
    assert "2 problems" in said
    assert "tco.csv:2 Avg Ingress Throughput (MB/s): got '1.5 MB/s'; expected a number" in said
    assert "got '-2'; expected a number of at least 0" in said
    with pytest.raises(InputError, match=r"tco\.csv:3: got 3; expected 2 cells, one a cluster"):
        read("tco.csv", TABLE.replace("3,\n", "3,,\n", 1))


def test_a_table_of_other_rows_is_not_recognised() -> None:
    for text in (TABLE + "1,2\n", TABLE.replace("FALSE,TRUE", "1,2")):
        with pytest.raises(InputError, match="no reader recognises this file"):
            read("tco.csv", text)
    assert read("tco.csv", TABLE) != Findings()
