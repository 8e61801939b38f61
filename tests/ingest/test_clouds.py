"""Azure Monitor and Google Cloud Monitoring: counts of each interval."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from kafkatco.errors import InputError
from kafkatco.ingest.workload import traffic_of
from support.ingest import START, read

ID = "/subscriptions/0/providers/Microsoft.EventHub/namespaces/hub/providers/x/metrics/y"


def azure(**metrics: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a reply of three hours; constructed, after the documents of the API."""
    return {
        "timespan": "2026-09-01T00:00:00Z/2026-09-01T03:00:00Z",
        "interval": "PT1H",
        "value": [
            {
                "id": ID,
                "name": {"value": name},
                "timeseries": [
                    {
                        "metadatavalues": [],
                        "data": [
                            {"timeStamp": f"2026-09-01T0{hour}:00:00Z", **point}
                            for hour, point in enumerate(points)
                        ],
                    }
                ],
            }
            for name, points in metrics.items()
        ],
    }


def test_totals_are_counts_and_a_point_without_a_key_is_a_gap() -> None:
    found = read(
        "hub.json",
        azure(
            IncomingBytes=[{"total": 18e9}, {"total": 36e9}, {}],
            OutgoingBytes=[{"total": 54e9}, {"total": 108e9}, {}],
            Size=[{"average": 270e9}, {"average": 270e9}, {"average": 270e9}],
            ActiveConnections=[{"average": 85}, {"average": 91}, {"average": 88}],
            ThrottledRequests=[{"total": 0}, {"total": 0}, {"total": 0}],
        ),
    )
    assert [one.name for one in found.unknown] == ["ThrottledRequests"]
    traffic = traffic_of(found)
    assert traffic.cluster == "hub"
    fields = traffic.estimates
    # 18 and 36 GB in an hour are 5 and 10 MB/s; 270 GB over 7.5 MB/s are 36,000 s
    assert fields["ingress"].value == pytest.approx(7.5e6)
    assert fields["fanout"].value == pytest.approx(3.0)
    assert fields["retention"].value == pytest.approx(10.0)
    assert fields["connections"].written == 91
    assert any("2 of 3 steps of 1 h have values (67%)" in text for text in traffic.warnings)


def test_another_aggregation_is_told() -> None:
    found = read("hub.json", azure(IncomingBytes=[{"average": 5.0}, {"average": 5.0}, {}]))
    assert found.series == ()
    assert found.warnings == (
        "IncomingBytes: the points have no total; export it with --aggregation Total",
    )


def test_azure_values_at_fault() -> None:
    reply = azure(IncomingBytes=[{"total": "18e9"}, {"total": 36e9}, {}])
    assert read("hub.json", reply).warnings == (
        "IncomingBytes: 1 value is text in quotes; it is read as a number",
    )
    reply["timespan"] = "yesterday"
    with pytest.raises(InputError, match=r"hub.json:timespan: got 'yesterday'"):
        read("hub.json", reply)


def google(*points: tuple[int, str], kind: str = "DELTA") -> dict[str, Any]:
    """Return a page of one topic; constructed, after the documents of the API."""
    return {
        "timeSeries": [
            {
                "metric": {"type": "managedkafka.googleapis.com/byte_in_count", "labels": {}},
                "resource": {
                    "type": "managedkafka.googleapis.com/Topic",
                    "labels": {"cluster_id": "main", "topic_id": "orders"},
                },
                "metricKind": kind,
                "points": [
                    {
                        "interval": {
                            "startTime": f"2026-09-01T00:{minute:02}:00Z",
                            "endTime": f"2026-09-01T00:{minute + 1:02}:00Z",
                        },
                        "value": {"int64Value": value},
                    }
                    for minute, value in points
                ],
            }
        ]
    }


def test_deltas_come_newest_first_and_as_text() -> None:
    [one] = read("page.json", google((1, "180000000"), (0, "60000000"))).series
    assert (one.cluster, dict(one.part)) == ("main", {"topic": "orders"})
    assert one.times.tolist() == [START, START + 60.0]
    # 60 and 180 MB in a minute
    assert (one.values / one.step_s).tolist() == [1e6, 3e6]


def test_cumulative_points_are_a_counter() -> None:
    found = read(
        "page.json", google((0, "0"), (1, "60000000"), (2, "240000000"), kind="CUMULATIVE")
    )
    assert traffic_of(found).estimates["ingress"].value == pytest.approx(2e6)


def test_google_pages_at_fault() -> None:
    page = google((0, "1"))
    page["nextPageToken"] = "x"
    assert read("page.json", page).warnings == (
        "page.json has a nextPageToken: it is the first of several pages",
    )
    other = copy.deepcopy(page)
    other["timeSeries"][0]["metric"]["type"] = "compute.googleapis.com/cpu"
    assert [one.name for one in read("page.json", other).unknown] == ["compute.googleapis.com/cpu"]
    page["timeSeries"][0]["metricKind"] = "PERCENT"
    with pytest.raises(InputError, match="got 'PERCENT'; expected DELTA, CUMULATIVE or GAUGE"):
        read("page.json", page)


def test_a_repeated_point_counts_once() -> None:
    found = read("page.json", google((1, "9"), (0, "60"), (0, "120")))
    assert np.array_equal(found.series[0].values, [120.0, 9.0])
    assert "1 value repeats a time; the last of each time counts" in found.warnings[0]
