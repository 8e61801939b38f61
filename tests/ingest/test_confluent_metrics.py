"""Confluent's Metrics API: counts of each step under the type gauge."""

from __future__ import annotations

from typing import Any

import pytest

from kafkatco.errors import InputError
from kafkatco.ingest.reader import read_documents
from kafkatco.ingest.workload import traffic_of
from support.ingest import START, read

#: Constructed, after the documents of the API.
QUERY = {
    "data": [
        {"timestamp": "2026-09-01T00:00:00Z", "metric.topic": "orders", "value": 72e9},
        {"timestamp": "2026-09-01T01:00:00Z", "metric.topic": "orders", "value": 90e9},
        {"timestamp": "2026-09-01T00:00:00Z", "metric.topic": "clicks", "value": 3.6e9},
    ],
    "meta": {"pagination": {"page_size": 1000}},
}
#: 1788220860 is 2026-09-01 00:01 UTC.
EXPORT = """\
# HELP confluent_kafka_server_received_bytes The delta count of bytes.
# TYPE confluent_kafka_server_received_bytes gauge
confluent_kafka_server_received_bytes{kafka_id="lkc-1",topic="orders",} 1.2E8 1788220860000
confluent_kafka_server_received_bytes{kafka_id="lkc-1",topic="a\\"b",} 6.0E7 1788220860000
confluent_kafka_server_sent_bytes{kafka_id="lkc-1",topic="orders",} 3.6E8 1788220860000
confluent_kafka_server_retained_bytes{kafka_id="lkc-1",topic="orders",} 1.08E10 1788220860000
confluent_kafka_server_partition_count{kafka_id="lkc-1",} 312.0 1788220860000
confluent_kafka_server_new_metric{kafka_id="lkc-1",} 1.0 1788220860000
"""


def test_counts_of_hours_become_rates() -> None:
    # (72 + 3.6) and 90 GB in an hour are 21 and 25 MB/s; clicks counted nothing in the second
    estimate = traffic_of(read("received_bytes.PT1H.json", QUERY)).estimates["ingress"]
    assert estimate.value == pytest.approx((21e6 + 25e6) / 2)
    assert "io.confluent.kafka.server/received_bytes by topic" in estimate.because


def test_the_granularity_of_the_name_counts_for_a_single_point() -> None:
    one = {"data": [QUERY["data"][0]]}  # type: ignore[index]
    assert read("received_bytes.PT1H.json", one).series[0].step_s == 3600.0
    assert read("received_bytes.P1D.json", one).series[0].step_s == 86_400.0


def test_groups_of_points_are_read_too() -> None:
    points: list[dict[str, Any]] = [
        {"timestamp": "2026-09-01T00:00:00Z", "value": 3600.0},
        {"timestamp": "2026-09-01T01:00:00Z", "value": 7200.0},
    ]
    reply = {"data": [{"resource.kafka.id": "lkc-1", "metric.topic": "a", "points": points}]}
    [one] = read("sent_bytes.json", reply).series
    assert (one.cluster, dict(one.part), one.quantity) == ("lkc-1", {"topic": "a"}, "egress")
    assert (one.values / one.step_s).tolist() == [1.0, 2.0]


def test_a_reply_must_be_named_after_its_metric() -> None:
    with pytest.raises(InputError, match=r"name the file after it, such as received_bytes.PT1H"):
        read("reply.json", QUERY)


def test_a_first_page_is_told() -> None:
    page = QUERY | {"meta": {"pagination": {"next_page_token": "x"}}}
    assert read("received_bytes.json", page).warnings == (
        "received_bytes.json has a next_page_token: it is the first of several pages",
    )


def test_an_export_counts_a_minute() -> None:
    found = read("export.txt", EXPORT)
    assert found.series[0].times.tolist() == [START]
    assert [one.name for one in found.unknown] == ["confluent_kafka_server_new_metric"]
    assert dict(found.series[1].part) == {"topic": 'a\\"b'}
    fields = traffic_of(found).estimates
    # 180 MB and 360 MB in a minute; 10.8 GB over 3 MB/s are 3,600 s
    assert fields["ingress"].value == pytest.approx(3e6)
    assert fields["fanout"].value == pytest.approx(2.0)
    assert fields["retention"].value == pytest.approx(1.0)
    assert fields["partitions"].written == 312


def test_every_broken_line_is_named() -> None:
    text = EXPORT + "confluent_kafka_server_sent_bytes{ 1\nnonsense\n"
    with pytest.raises(InputError) as caught:
        read("export.txt", text)
    assert [problem.where for problem in caught.value.problems] == ["export.txt:9", "export.txt:10"]
    bad = EXPORT.replace("312.0", "many")
    with pytest.raises(InputError, match=r"export.txt:7: got 'many'; expected a number"):
        read("export.txt", bad)


def test_other_lists_are_not_taken_for_it() -> None:
    with pytest.raises(InputError, match="no reader recognises this file"):
        read("costs.json", {"data": [{"amount": 1}]})
    assert read_documents([]).series == ()
