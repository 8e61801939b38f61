"""A file with any fault is read or refused in a sentence: no reader ends in another error."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
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
MSK: dict[str, Any] = {
    "ClusterArn": "arn:aws:kafka:us-east-1:111122223333:cluster/orders/1-2",
    "ClusterName": "orders",
    "State": "ACTIVE",
    "Provisioned": {
        "BrokerNodeGroupInfo": {
            "InstanceType": "kafka.m5.large",
            "StorageInfo": {
                "EbsStorageInfo": {
                    "VolumeSize": 300,
                    "ProvisionedThroughput": {"Enabled": True, "VolumeThroughput": 300},
                }
            },
            "ZoneIds": ["use1-az1"],
        },
        "NumberOfBrokerNodes": 3,
        "StorageMode": "TIERED",
    },
}
REPLIES |= {
    "cluster.json": {"ClusterInfo": MSK},
    "clusters.json": {"ClusterInfoList": [MSK, MSK]},
    "nodes.json": {
        "NodeInfoList": [
            {
                "NodeARN": "arn:aws:kafka:us-east-1:111122223333:broker/orders/1-2/3",
                "InstanceType": "m5.large",
                "BrokerNodeInfo": {"ClientSubnet": "subnet-1"},
            }
        ]
    },
    "confluent.json": {
        "api_version": "cmk/v2",
        "kind": "ClusterList",
        "data": [
            {
                "id": "lkc-1",
                "spec": {
                    "display_name": "orders",
                    "cloud": "AWS",
                    "region": "us-east-1",
                    "availability": "HIGH",
                    "config": {"kind": "Dedicated", "cku": 2, "max_ecku": 4},
                },
                "status": {"phase": "PROVISIONED"},
            }
        ],
        "metadata": {"next": "page"},
    },
    "kcp-state.json": {
        "timestamp": TIMES[0],
        "msk_sources": {
            "regions": [
                {
                    "name": "us-east-1",
                    "costs": {"results": [{"Groups": [{"Keys": ["MSK", "Kafka.m5.large"]}]}]},
                    "clusters": [
                        {
                            "name": "orders",
                            "aws_client_information": {"msk_cluster_config": MSK},
                            "kafka_admin_client_information": {
                                "topics": {
                                    "summary": {
                                        "topics": 1,
                                        "internal_topics": 0,
                                        "total_partitions": 3,
                                        "total_internal_partitions": 0,
                                    },
                                    "details": [
                                        {
                                            "name": "a",
                                            "partitions": 3,
                                            "replication_factor": 3,
                                            "configurations": {"retention.ms": "1000"},
                                        }
                                    ],
                                }
                            },
                        }
                    ],
                }
            ]
        },
        "osk_sources": {
            "clusters": [
                {
                    "id": "clicks",
                    "metadata": {"location": "eu", "last_scanned": TIMES[0], "kafka_version": "4"},
                    "kafka_admin_client_information": {
                        "cluster_id": "c",
                        "discovered_brokers": ["b:9092"],
                    },
                    "metrics": {
                        "metadata": {
                            "start_date": TIMES[0],
                            "end_date": TIMES[1],
                            "follower_fetching": True,
                        },
                        "results": [
                            {
                                "start": TIMES[0],
                                "end": TIMES[1],
                                "label": "BytesInPerSec",
                                "value": 1.0,
                            }
                        ],
                    },
                }
            ]
        },
    },
    "log-dirs.json": {
        "brokers": [
            {
                "broker": 1,
                "logDirs": [
                    {
                        "logDir": "/data",
                        "error": "NONE",
                        "partitions": [{"partition": "a-0", "size": 7, "isFuture": False}],
                    }
                ],
            }
        ]
    },
}
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


TOPICS = (
    "Topic: a\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: "
    "cleanup.policy=compact,delete,retention.ms=1000\n\tTopic: a\tPartition: 0\tLeader: 1\n"
)
TCO = "orders,clicks\n1,2\n3,4\n1,2\n3,4\n7,1\n60,1000\n2,3\nFALSE,TRUE\nTRUE,N/A\n12,\n"


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
    assert found.series or found.resources or found.readings
    assert found.unknown == ()


@given(st.data())
def test_text_may_have_any_fault(data: st.DataObject) -> None:
    name, text = data.draw(
        st.sampled_from(
            [("a.csv", CSV), ("a.txt", EXPORT), ("topics.txt", TOPICS), ("tco.csv", TCO)]
        )
    )
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(len(text), start + 12)))
    junk = data.draw(st.text(st.characters(codec="utf-8"), max_size=6))
    read_or_refuse(name, text[:start] + junk + text[stop:])
