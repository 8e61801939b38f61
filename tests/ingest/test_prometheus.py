"""Range queries of Prometheus: names of exporters, counters, doubled series, faults."""

from __future__ import annotations

import math
from typing import Any

import pytest

from kafkatco.errors import InputError
from kafkatco.ingest.workload import traffic_of
from support.ingest import START, read


def matrix(*results: tuple[dict[str, str], list[Any]], step: int = 3600) -> dict[str, Any]:
    """Return a reply with series of consecutive steps, whose values are text as in a real one."""
    return {
        "status": "success",
        "data": {
            "resultType": "matrix",
            "result": [
                {
                    "metric": labels,
                    "values": [[START + step * i, str(value)] for i, value in enumerate(values)],
                }
                for labels, values in results
            ],
        },
    }


def bytes_in(**labels: str) -> dict[str, str]:
    return {"__name__": "kafka_server_brokertopicmetrics_bytesin_total", **labels}


def test_counters_of_brokers_become_the_ingress() -> None:
    # per hour 3.6 and 7.2 MB at one broker, 0 and 3.6 MB at the other: (1 + 3) / 2 = 2 kB/s
    reply = matrix(
        (bytes_in(instance="a"), [0, 3_600_000, 10_800_000]),
        (bytes_in(instance="b"), [5_000_000, 5_000_000, 8_600_000]),
    )
    estimate = traffic_of(read("range.json", reply)).estimates["ingress"]
    assert estimate.value == 2000.0
    assert "kafka_server_brokertopicmetrics_bytesin_total by instance (range.json)" in (
        estimate.because
    )


def test_a_restart_is_told_and_loses_no_hour() -> None:
    reply = matrix((bytes_in(instance="a"), [7_200_000, 10_800_000, 3_600_000, 7_200_000]))
    traffic = traffic_of(read("range.json", reply))
    assert traffic.estimates["ingress"].value == 1000.0
    assert any("1 restart of a counter" in text for text in traffic.warnings)


def test_series_with_and_without_topic_are_counted_once() -> None:
    reply = matrix(
        (bytes_in(instance="a"), [0, 3_600_000]),
        (bytes_in(instance="a", topic="orders"), [0, 2_600_000]),
        (bytes_in(instance="a", topic="clicks"), [0, 1_000_000]),
    )
    traffic = traffic_of(read("range.json", reply))
    assert traffic.estimates["ingress"].value == 1000.0
    assert any("ingress comes twice" in text and "they agree" in text for text in traffic.warnings)


def test_an_expression_is_named_by_its_file() -> None:
    """As the constructed sample of the field report: NaN in one of two topics is a gap."""
    reply = matrix(
        ({"topic": "orders"}, ["5242880", "7340032.5", "NaN"]),
        ({"topic": "clicks"}, ["1048576", "1572864", "2097152"]),
    )
    found = read("ingress.json", reply)
    # a rate at a time is that of the hour before it
    assert found.series[0].times[0] == START - 3600.0
    assert math.isnan(found.series[0].values[2])
    traffic = traffic_of(found)
    assert traffic.estimates["ingress"].value == (5242880 + 1048576 + 7340032.5 + 1572864) / 2
    assert any("1 of 3 steps is left out" in text for text in traffic.warnings)
    with pytest.raises(
        InputError, match=r"name the file after what it holds.*such as ingress.json"
    ):
        read("query_range.json", reply)


def test_redpanda_names_produce_and_consume_apart() -> None:
    name = "redpanda_kafka_request_bytes_total"
    reply = matrix(
        ({"__name__": name, "redpanda_request": "produce"}, [0, 3600]),
        ({"__name__": name, "redpanda_request": "consume"}, [0, 10800]),
        ({"__name__": name, "redpanda_request": "other"}, [0, 1]),
        ({"__name__": "redpanda_cluster_partitions", "instance": "a"}, [48, 48]),
        ({"__name__": "redpanda_cluster_partitions", "instance": "b"}, [48, 48]),
    )
    found = read("redpanda.json", reply)
    assert [one.name for one in found.unknown] == [name]
    fields = traffic_of(found).estimates
    assert (fields["ingress"].value, fields["fanout"].value) == (1.0, 3.0)
    assert fields["partitions"].written == 48  # each broker knows all


def test_a_gauge_of_confluent_is_the_count_of_a_minute() -> None:
    labels = {"__name__": "confluent_kafka_server_received_bytes", "kafka_id": "lkc-1"}
    reply = matrix(({**labels, "topic": "orders"}, [1.2e8, 6e7]))
    found = read("range.json", reply)
    # 120 MB and 60 MB in a minute are 2 and 1 MB/s
    assert found.series[0].values.tolist() == pytest.approx([2e6, 1e6])
    assert found.series[0].cluster == "lkc-1"


def test_a_gauge_under_the_name_of_a_counter_is_refused() -> None:
    values = [100, 90, 120, 80, 130, 70]  # 3 falls in 5 steps
    traffic = traffic_of(read("range.json", matrix((bytes_in(), values))))
    assert "ingress" not in traffic.estimates
    assert any("the values fall in 3 of 5 steps" in text for text in traffic.warnings)


def test_names_that_nobody_knows_are_listed() -> None:
    reply = matrix(({"__name__": "node_cpu_seconds_total", "cpu": "0"}, [1, 2]))
    [unknown] = read("range.json", reply).unknown
    assert unknown == ("node_cpu_seconds_total", "range.json:data.result[0]")


def test_replies_at_fault_are_one_clear_error() -> None:
    failed = {"status": "error", "errorType": "bad_data", "error": "parse error at char 3"}
    with pytest.raises(InputError, match="the server returned an error: parse error at char 3"):
        read("range.json", failed)
    instant = {"status": "success", "data": {"resultType": "vector", "result": []}}
    with pytest.raises(InputError, match="An instant query has one moment: use query_range"):
        read("range.json", instant)
    reply = matrix((bytes_in(), [1, "many"]))
    with pytest.raises(InputError, match=r"result\[0\].values\[1\]\[1\]: got 'many'"):
        read("range.json", reply)
    warned = matrix((bytes_in(), [0, 3600])) | {"warnings": ["a store is down"]}
    assert read("range.json", warned).warnings == ("range.json: the server warns: a store is down",)


def test_clusters_stay_apart() -> None:
    reply = matrix(
        (bytes_in(strimzi_io_cluster="orders"), [0, 3600]),
        (bytes_in(strimzi_io_cluster="clicks"), [0, 7200]),
    )
    found = read("range.json", reply)
    assert traffic_of(found, cluster="clicks").estimates["ingress"].value == 2.0
    with pytest.raises(InputError, match="several clusters; choose one: clicks, orders"):
        traffic_of(found)
