"""A file with any fault is read or refused in a sentence: no reader ends in another error."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.errors import InputError
from kafkatco.ingest.document import Document
from kafkatco.ingest.reader import read_documents
from kafkatco.ingest.workload import traffic_of

TIMES = ["2026-09-01T00:00:00Z", "2026-09-01T01:00:00Z"]
#: One small reply of each format, constructed after the documents of its API.
REPLIES: dict[str, Any] = {
    "cloudwatch.json": {
        "MetricDataResults": [
            {
                "Id": "a",
                "Label": "BytesInPerSec",
                "StatusCode": "Complete",
                "Timestamps": TIMES,
                "Values": [1.0, 2.0],
            },
            {"Id": "b", "Label": "1 PartitionCount", "Timestamps": TIMES, "Values": [9, 9]},
        ]
    },
    "statistics.json": {
        "Label": "BytesInPerSec",
        "Datapoints": [{"Timestamp": TIMES[0], "Average": 1.0}],
    },
    "ingress.json": {
        "status": "success",
        "data": {
            "resultType": "matrix",
            "result": [
                {"metric": {"topic": "a"}, "values": [[1788220800, "1"], [1788220860, "2"]]},
                {
                    "metric": {"__name__": "redpanda_cluster_partitions", "cluster": "x"},
                    "values": [[1788220800, "1"]],
                },
            ],
        },
    },
    "received_bytes.json": {
        "data": [{"timestamp": TIMES[0], "metric.topic": "a", "value": 1.0}],
        "meta": {"pagination": {"page_size": 1}},
    },
    "sent_bytes.json": {
        "data": [{"resource.kafka.id": "l", "points": [{"timestamp": TIMES[0], "value": 1}]}]
    },
    "azure.json": {
        "timespan": "2026-09-01T00:00:00Z/2026-09-01T03:00:00Z",
        "interval": "PT1H",
        "value": [
            {
                "id": "/namespaces/hub",
                "name": {"value": "IncomingBytes"},
                "timeseries": [
                    {
                        "metadatavalues": [{"name": {"value": "EntityName"}, "value": "a"}],
                        "data": [{"timeStamp": TIMES[0], "total": 1.0}],
                    }
                ],
            }
        ],
    },
    "google.json": {
        "timeSeries": [
            {
                "metric": {
                    "type": "managedkafka.googleapis.com/byte_in_count",
                    "labels": {"a": "b"},
                },
                "resource": {"labels": {"cluster_id": "c", "topic_id": "t"}},
                "metricKind": "DELTA",
                "points": [
                    {
                        "interval": {"startTime": TIMES[0], "endTime": TIMES[1]},
                        "value": {"int64Value": "1"},
                    }
                ],
            }
        ]
    },
}
DATA = Path(__file__).parents[1] / "data" / "ingest"
FILES = ("plan.json", "connect.json", "strimzi.json", "confluent-kubernetes.json", "redpanda.json")
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e400,
    "",
    "NaN",
    "12,5",
    "x" * 200,
    [],
    [[]],
    {},
    {"a": 1},
)
CSV = "time,topic,ingress [MB/s],partitions\n2026-09-01,a,1,2\n2026-09-02,a,,NaN\n"
EXPORT = (
    'confluent_kafka_server_received_bytes{kafka_id="l",topic="a",} 1.2E8 1788220860000\n'
    'confluent_kafka_server_partition_count{kafka_id="l",} 3.0 1788220860000\n'
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value within a value."""
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    changed = copy.deepcopy(value)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = junk
    return changed


def read_or_refuse(name: str, text: str) -> None:
    with contextlib.suppress(InputError):
        traffic = traffic_of(read_documents([Document(name, text.encode())]))
        if "ingress" in traffic.estimates:
            traffic.workload()


@pytest.mark.parametrize("name", REPLIES)
def test_every_value_of_a_reply_may_be_junk(name: str) -> None:
    for path in places(REPLIES[name]):
        for junk in JUNK:
            read_or_refuse(name, json.dumps(replaced(REPLIES[name], path, junk)))


@pytest.mark.parametrize("name", REPLIES)
def test_the_replies_themselves_are_read(name: str) -> None:
    found = read_documents([Document(name, json.dumps(REPLIES[name]).encode())])
    assert found.series
    assert found.unknown == ()


def infrastructure() -> dict[str, Any]:
    """Return the constructed files of infrastructure code."""
    plan = json.loads((DATA / "plan.json").read_text(encoding="utf-8"))
    changes = plan["resource_changes"]
    # one cluster, so that the connector is its own
    connect = {**plan, "resource_changes": [changes[0], changes[2]]}
    files: dict[str, Any] = {"plan.json": plan, "connect.json": connect}
    for name in ("strimzi", "confluent-kubernetes", "redpanda"):
        items = [node.value for node in Document.open(DATA / f"{name}.yaml").yaml]
        files[f"{name}.json"] = {"kind": "List", "items": items}
    return files


@pytest.mark.parametrize("name", FILES)
def test_every_value_of_infrastructure_code_may_be_junk(name: str) -> None:
    content = infrastructure()[name]
    for path in places(content):
        for junk in JUNK:
            read_or_refuse(name, json.dumps(replaced(content, path, junk)))


@given(st.data())
def test_text_may_have_any_fault(data: st.DataObject) -> None:
    name, text = data.draw(st.sampled_from([("a.csv", CSV), ("a.txt", EXPORT)]))
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(len(text), start + 12)))
    junk = data.draw(st.text(st.characters(codec="utf-8"), max_size=6))
    read_or_refuse(name, text[:start] + junk + text[stop:])
