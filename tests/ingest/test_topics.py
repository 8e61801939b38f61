"""Topics and log directories: counts, retention by bytes, compaction, and output with a fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kafkatco
from kafkatco.errors import InputError
from kafkatco.ingest.document import Document
from kafkatco.ingest.reader import read_documents
from kafkatco.ingest.readings import Findings, Reading
from kafkatco.ingest.topics import Topic, of_topics, whole
from kafkatco.ingest.workload import Traffic, traffic_of
from support.ingest import read, series

DAY_MS, HOUR_MS = 86_400_000, 3_600_000


def described(name: str, partitions: int = 1, copies: int = 3, configs: str = "") -> str:
    """Return the lines of a topic as kafka-topics --describe prints them since Kafka 4.0."""
    head = (
        f"Topic: {name}\tTopicId: odTuFAweSkSLsboC-QQ4wg\tPartitionCount: {partitions}\t"
        f"ReplicationFactor: {copies}\tConfigs: {configs}\n"
    )
    return head + "".join(
        f"\tTopic: {name}\tPartition: {number}\tLeader: 1\tReplicas: 1,0,2\tIsr: 1,2,0\tElr: \t"
        "LastKnownElr: \n"
        for number in range(partitions)
    )


def log_dirs(*sizes: tuple[int, str, int], future: bool = False, error: str | None = None) -> str:
    """Return what kafka-log-dirs prints for sizes of (broker, partition, bytes)."""
    brokers: list[dict[str, Any]] = []
    for broker in sorted({broker for broker, _name, _size in sizes}):
        partitions = [
            {"partition": name, "size": size, "offsetLag": 0, "isFuture": future and number == 0}
            for number, (at, name, size) in enumerate(sizes)
            if at == broker
        ]
        folder = {"logDir": "/data/1", "error": error, "partitions": partitions}
        brokers.append({"broker": broker, "logDirs": [folder]})
    return (
        "Querying brokers for log directories information\n"
        "Received log directory information from brokers 1,2,3\n"
        + json.dumps({"version": 1, "brokers": brokers}, separators=(",", ":"))
        + "\n"
    )


def traffic(*files: str) -> Traffic:
    documents = [Document(f"{number}.txt", text.encode()) for number, text in enumerate(files)]
    return traffic_of(read_documents(documents))


def test_counts_are_sums_and_the_factor_is_by_partitions() -> None:
    """3 x 3 + 1 x 2 replicas are 11 of 4 partitions."""
    found = read("topics.txt", described("orders", 3, 3) + described("state", 1, 2))
    by = {one.quantity: one.value for one in found.readings if not one.part}
    assert by == {
        "topics": 2,
        "partitions": 4,
        "partition_replicas": 11,
        "replication_factor": 11 / 4,
    }
    [line] = [one.query for one in found.readings if one.part == {"topic": "state"}][:1]
    assert line == "line 5"


@pytest.mark.parametrize(
    "head",
    [
        "Topic:orders\tPartitionCount:3\tReplicationFactor:2\tConfigs:retention.ms=3600000\n",
        "Topic: orders PartitionCount: 3 ReplicationFactor: 2 Configs: retention.ms=3600000\n",
        "Topic: orders\tTopicId: x\tPartitionCount: 3\tReplicationFactor: 2\tConfigs: "
        "cleanup.policy=delete,retention.ms=3600000\r\n",
    ],
    ids=["before 2.4", "copied from a terminal", "Windows"],
)
def test_every_version_of_the_output_is_read(head: str) -> None:
    assert traffic(head).fields() == {
        "retention": "1 h",
        "replication_factor": 2,
        "partitions": 3,
        "topics": 1,
    }


def test_retention_is_a_mean_over_the_bytes_that_topics_receive() -> None:
    """Two copies of 24 GB in 24 h and of 216 GB in 72 h are 1 and 3 GB an hour: (24 + 216) / 4."""
    topics = described("a", 1, 2, f"retention.ms={DAY_MS}") + described(
        "b", 1, 2, f"retention.ms={3 * DAY_MS}"
    )
    sizes = log_dirs(
        (1, "a-0", 24 * 10**9),
        (2, "a-0", 24 * 10**9),
        (1, "b-0", 216 * 10**9),
        (2, "b-0", 216 * 10**9),
    )
    for files in ((topics, sizes), (sizes, topics)):
        found = traffic(*files)
        assert found.estimates["retention"].value == pytest.approx(60)
        assert found.estimates["retention"].because.startswith(
            "retention.ms of 2 topics, weighted by their bytes"
        )
    # without bytes each partition receives the same: (24 + 72) / 2
    alone = traffic(topics)
    assert alone.estimates["retention"].value == pytest.approx(48)
    assert any("Add a file of kafka-log-dirs" in one for one in alone.warnings)
    same = traffic(
        described("a", 1, 2, f"retention.ms={DAY_MS}")
        + described("b", 5, 2, f"retention.ms={DAY_MS}")
    )
    assert not any("kafka-log-dirs" in one for one in same.warnings)


hours = st.floats(0.1, 10_000)


@given(st.lists(st.tuples(st.floats(1, 1e6), hours), min_size=1, max_size=6))
def test_the_mean_retention_stores_what_the_topics_store(topics: list[tuple[float, float]]) -> None:
    """Ingress of r and retention of h store r x h each; the cluster stores the sum."""
    readings = [
        reading
        for number, (rate, held) in enumerate(topics)
        for reading in (
            Reading("retention", held, part={"topic": str(number)}),
            Reading("stored_replica_bytes", rate * held, part={"topic": str(number)}),
        )
    ]
    [mean], _warnings = whole(readings)
    stored = sum(rate * held for rate, held in topics)
    assert mean.value * sum(rate for rate, _held in topics) == pytest.approx(stored)


def test_values_have_commas() -> None:
    """cleanup.policy=compact,delete is one value: the topic has a time, and a sentence."""
    configs = f"min.insync.replicas=2,cleanup.policy=compact,delete,retention.ms={HOUR_MS}"
    found = traffic(described("state", configs=configs))
    assert found.fields()["retention"] == "1 h"
    assert "0.txt: 1 topic is compacted as well, and holds less than its retention: state" in (
        found.warnings
    )


def test_compacted_and_endless_topics_have_no_time() -> None:
    text = (
        described("orders", configs=f"retention.ms={DAY_MS}")
        + described("state", configs="cleanup.policy=compact,retention.ms=1")
        + described("audit", configs="retention.ms=-1")
        + described("ledger", configs=f"retention.ms={2**63 - 1}")
        + described("__consumer_offsets", 50, configs="cleanup.policy=compact")
    )
    found = traffic(text)
    assert found.fields()["retention"] == "24 h"
    assert found.fields()["partitions"] == 54
    said = " ".join(found.warnings)
    assert "1 topic keeps the last record of each key, not a time" in said
    assert (
        "2 topics keep their records for ever, and are left out of the retention: audit, ledger"
        in said
    )
    assert "1 topic is Kafka's own and counts as well, with 50 partitions" in said
    # 30 of 120 bytes are of the compacted topic
    sizes = log_dirs(
        *((n, "orders-0", 30) for n in (1, 2, 3)), *((n, "state-0", 10) for n in (1, 2, 3))
    )
    assert any(
        one.startswith("25% of the stored bytes are of topics")
        for one in traffic(text, sizes).warnings
    )


def test_kafkas_default_is_assumed_and_told() -> None:
    found = traffic(described("orders"))
    assert found.fields()["retention"] == "168 h"
    assert "0.txt: 1 topic states no retention.ms; Kafka's default of 168 h is assumed: orders" in (
        found.warnings
    )


def test_a_limit_of_bytes_is_told() -> None:
    configs = f"retention.ms={DAY_MS},retention.bytes=1073741824"
    assert any(
        "1 topic has retention.bytes" in one
        for one in traffic(described("a", configs=configs)).warnings
    )
    unlimited = f"retention.ms={DAY_MS},retention.bytes=-1"
    assert not any(
        "retention.bytes" in one for one in traffic(described("a", configs=unlimited)).warnings
    )


def test_tiered_topics_have_a_local_retention() -> None:
    """6 GB in 6 h of 24 h, and 24 GB in 24 h: 1 GB an hour each, (6 + 24) / 2 local."""
    tiered = f"remote.storage.enable=true,retention.ms={DAY_MS},local.retention.ms={6 * HOUR_MS}"
    topics = described("a", 1, 1, tiered) + described("b", 1, 1, f"retention.ms={DAY_MS}")
    found = traffic(topics, log_dirs((1, "a-0", 6 * 10**9), (1, "b-0", 24 * 10**9)))
    assert found.estimates["retention"].value == pytest.approx(24)
    assert found.estimates["local_retention"].value == pytest.approx(15)
    as_remote = tiered.replace(str(6 * HOUR_MS), "-2")
    assert traffic(described("a", configs=as_remote)).fields()["local_retention"] == "24 h"
    assert "local_retention" not in traffic(described("a")).fields()


def test_cut_output_and_wrong_numbers_come_at_once() -> None:
    text = described("orders", 3) + described("state", configs="retention.ms=a week")
    cut = text.replace("\tTopic: orders\tPartition: 2", "\tPartition: 2", 1)
    with pytest.raises(InputError) as caught:
        read("topics.txt", cut + "Topic: x\tPartitionCount: many\tReplicationFactor: 3\n")
    said = str(caught.value)
    assert "3 problems" in said
    assert (
        "topics.txt:1: got 2; expected lines of the 3 partitions of orders: the output is cut"
        in said
    )
    assert "topics.txt:5 retention.ms: got 'a week'; expected a time in ms" in said
    assert "topics.txt:7: got 'Topic: x" in said


@pytest.mark.parametrize("newer", [False, True])
def test_both_orders_of_keys_are_read(newer: bool) -> None:
    text = log_dirs((1, "my-orders-0", 10), (2, "my-orders-0", 12), (1, "my-orders-1", 5))
    if newer:
        *lines, last = text.splitlines()
        swapped = json.loads(last)
        swapped["brokers"] = [
            {
                "broker": one["broker"],
                "logDirs": [dict(reversed(d.items())) for d in one["logDirs"]],
            }
            for one in swapped["brokers"]
        ]
        text = "\n".join([*lines, json.dumps(dict(reversed(swapped.items())))])
    found = read("dirs.txt", text)
    assert {(one.quantity, one.value) for one in found.readings if not one.part} == {
        ("stored_replica_bytes", 27),
        ("partitions", 2),
        ("partition_replicas", 3),
    }
    assert [(one.value, one.part) for one in found.readings if one.part] == [
        (27, {"topic": "my-orders"})
    ]


def test_the_copy_of_a_move_does_not_count() -> None:
    found = read("dirs.txt", log_dirs((1, "a-0", 7), (1, "a-0", 10), future=True))
    assert found.readings[-1].value == 1
    assert {one.value for one in found.readings if one.quantity == "stored_replica_bytes"} == {10}
    assert any("1 replica is being moved between disks (isFuture)" in one for one in found.warnings)


def test_a_part_of_the_brokers_is_no_sum() -> None:
    """Without a-0 the file is of some brokers; with all of a, of one of three by kafka-topics."""
    gap = traffic(log_dirs((1, "a-1", 10)))
    assert gap.fields() == {}
    assert any(
        "0.txt has no a-0: it is of some brokers or topics alone" in one for one in gap.warnings
    )
    topics = described("a", 2, 3, f"retention.ms={DAY_MS}")
    one_broker = log_dirs((1, "a-0", 10), (1, "a-1", 10))
    found = traffic(one_broker, topics)
    assert any("0.txt has 2 of 6 partition replicas" in one for one in found.warnings)
    assert "stored_replica_bytes" not in {one.quantity for one in found.readings}
    assert found.fields()["replication_factor"] == 3
    # 19 and 18 of 20 replicas: 95 % are enough
    twenty = described("a", 20, 1, f"retention.ms={DAY_MS}")
    for brokers, told in ((19, False), (18, True)):
        some = traffic(log_dirs(*((1, f"a-{p}", 10) for p in range(brokers))), twenty)
        assert any("partition replicas" in one for one in some.warnings) == told
    every = log_dirs(*((n, f"a-{p}", 10) for n in (1, 2, 3) for p in (0, 1)))
    assert not any("partition replicas" in one for one in traffic(every, topics).warnings)


def test_a_disk_that_fails_is_told() -> None:
    found = read("dirs.txt", log_dirs((1, "a-0", 7), error="KAFKA_STORAGE_ERROR"))
    assert all(one.part for one in found.readings)
    [text] = found.warnings
    assert text == (
        "dirs.txt:brokers[0].logDirs[0]: KAFKA_STORAGE_ERROR, so that its bytes are missing and "
        "the sums are left out"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('"size":7', '"size":-1'), "size: got -1; expected a size in bytes"),
        (('"size":7', '"size":"NaN"'), "size: got 'NaN'; expected a size in bytes"),
        (('"partition":"a-0",', ""), r"partitions\[0\].partition: required field"),
        (("}]}]}]}", "}]}]}"), "this is not valid JSON"),
    ],
)
def test_a_fault_of_log_directories_is_one_message(change: tuple[str, str], reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read("dirs.txt", log_dirs((1, "a-0", 7)).replace(*change))
    assert len(caught.value.problems) == 1


def test_files_of_the_command_line_become_a_bill() -> None:
    """1 MB/s for 60 h in one copy, and 2 partitions: MSK Serverless meters both.

    The two topics of 1 and 3 GB an hour, as above; GiB are of 2^30 bytes.
    """
    topics = described("a", 1, 3, f"retention.ms={DAY_MS}") + described(
        "b", 1, 3, f"retention.ms={3 * DAY_MS}"
    )
    sizes = log_dirs(
        *((n, "a-0", 24 * 10**9) for n in (1, 2, 3)), *((n, "b-0", 216 * 10**9) for n in (1, 2, 3))
    )
    documents = [Document("topics.txt", topics.encode()), Document("dirs.txt", sizes.encode())]
    found = read_documents(documents) + Findings(series=(series([1e6] * 24),))
    load = traffic_of(found).workload()
    options = [kafkatco.MskServerless(region="us-east-1")]
    [bill] = kafkatco.bill(load, options, kafkatco.PriceBook("list", as_of="2026-10-31"))
    quantities = {line.sku.rpartition(".")[2]: line.quantity for line in bill.lines}
    assert quantities["partition"] == 2 * 730
    assert quantities["storage"] == pytest.approx(1e6 * 60 * 3600 / 2**30)


def test_no_topic_states_nothing() -> None:
    assert of_topics([], "x") == Findings()
    kept = of_topics([Topic("a", 1, 1, {"retention.ms": "0"}, "line 1")], "x")
    assert whole(kept.readings)[0] == [one for one in kept.readings if not one.part]
