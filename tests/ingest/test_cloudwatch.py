"""CloudWatch: a year of a real cluster to the digit, and replies with a fault."""

from __future__ import annotations

import copy
import csv
import json
from typing import Any

import numpy as np
import pytest

import kafkatco
from kafkatco.errors import InputError
from kafkatco.ingest.document import Document
from kafkatco.ingest.reader import read_documents
from kafkatco.ingest.statistics import statistic
from kafkatco.ingest.workload import traffic_of
from support.ingest import read
from support.paths import ROOT

DAILY = ROOT / "tests" / "data" / "aws-msk-daily.csv"


def msk_reply() -> dict[str, Any]:
    """Return the reply of CloudWatch whose values the file has, newest first, and an empty one."""
    with DAILY.open(newline="") as file:
        header, *rows = csv.reader(file)
    times = [row[0] for row in rows]
    results = [
        {
            "Id": f"m{place}",
            "Label": label,
            "StatusCode": "Complete",
            "Timestamps": list(times),
            "Values": [float(row[place]) for row in rows],
        }
        for place, label in enumerate(header)
        if place
    ]
    empty = {"Id": "r", "Label": "TotalRemoteStorageUsage(GB)", "StatusCode": "Complete"}
    return {"MetricDataResults": [*results, empty | {"Timestamps": None, "Values": None}]}


def test_the_real_cluster_to_the_digit() -> None:
    """Values computed from the sample in the field report of 2026-11-30, with another program."""
    found = read("msk.json", msk_reply())
    by = {(one.quantity, one.statistic): one for one in found.series}
    bytes_in = by["ingress", "mean"]
    assert np.isfinite(bytes_in.values).sum() == 126
    assert bytes_in.step_s == 86_400.0
    figures = {name: round(statistic(bytes_in, name).value, 2) for name in ("mean", "p95", "p99")}
    assert figures == {"mean": 184_131.03, "p95": 529_315.12, "p99": 3_989_796.34}
    assert round(statistic(bytes_in, "max").value, 2) == 10_706_676.27
    assert round(statistic(by["egress", "mean"], "mean").value, 2) == 176_877.30
    partitions = by["partitions", "mean"]
    assert (statistic(partitions, "p95").value, statistic(partitions, "max").value) == (475, 8619)
    stored = by["stored_replica_bytes", "mean"]
    assert round(statistic(stored, "mean").value / 2**30, 2) == 145.81
    assert round(statistic(stored, "max").value / 2**30, 2) == 858.65

    traffic = traffic_of(found)
    fields = traffic.estimates
    assert round(fields["fanout"].value, 4) == 0.9606
    assert fields["peak_to_average"].value == pytest.approx(3_989_796.34 / 184_131.03)
    assert fields["replication_factor"].value == 1301 / 475
    assert fields["connections"].written == 135
    # 145.814637 GiB over 1301/475 and 184,131.03 B/s
    hours = 145.81463684445237 * 2**30 / (1301 / 475) / 184_131.02815400294 / 3600
    assert fields["retention"].value == pytest.approx(hours)
    text = " ".join(traffic.warnings)
    assert "TotalRemoteStorageUsage(GB): no values (msk.json:MetricDataResults[7])" in text
    assert "10.7067 MB/s on 2026-02-07" in text
    assert "8,619 on 2026-03-04" in text
    assert "steps of 1 d, whose means hide the peaks" in text


def test_the_reply_becomes_a_bill() -> None:
    """MSK Serverless meters partition-hours, GiB of 2^30 bytes in and out, and one copy stored."""
    load = traffic_of(read("msk.json", msk_reply())).workload()
    options = [kafkatco.MskServerless(region="us-east-1")]
    [bill] = kafkatco.bill(load, options, kafkatco.PriceBook("list", as_of="2026-10-31"))
    quantities = {line.sku.rpartition(".")[2]: line.quantity for line in bill.lines}
    month = 184_131 * 730 * 3600 / 2**30
    assert quantities["partition"] == pytest.approx(475 * 730)
    assert quantities["data-in"] == pytest.approx(month)
    assert quantities["data-out"] == pytest.approx(0.960606 * month)
    assert quantities["storage"] == pytest.approx(184_131 * 86.24 * 3600 / 2**30)


def test_text_for_numbers_and_nan_are_told() -> None:
    reply = msk_reply()
    first = reply["MetricDataResults"][0]
    first["Values"] = [str(value) for value in first["Values"]]
    found = read("msk.json", reply)
    assert (
        "BytesInPerSec: 126 values are text in quotes; they are read as numbers" in found.warnings
    )
    assert round(statistic(found.series[0], "mean").value, 2) == 184_131.03
    first["Values"][:13] = ["NaN"] * 13
    traffic = traffic_of(read("msk.json", reply))
    # 113 of 126 is 89.7 %
    assert any("113 of 126 steps of 1 d have values (90%)" in one for one in traffic.warnings)
    first["Values"][0] = "12,5"
    with pytest.raises(InputError, match=r"Values\[0\]: got '12,5'; expected a number"):
        read("msk.json", reply)


def test_missing_days_are_a_gap() -> None:
    reply = msk_reply()
    for result in reply["MetricDataResults"][:-1]:
        for key in ("Timestamps", "Values"):
            del result[key][10:73]
    traffic = traffic_of(read("msk.json", reply))
    # 63 of 126 days
    assert any("63 of 126 steps of 1 d have values (50%)" in one for one in traffic.warnings)


def test_brokers_add_up_and_shares_of_disks_do_not() -> None:
    times = ["2026-09-01T00:00:00Z", "2026-09-01T00:05:00Z"]

    def result(label: str, *values: float) -> dict[str, Any]:
        return {"Id": "x", "Label": label, "Timestamps": times, "Values": list(values)}

    reply = {
        "MetricDataResults": [
            result("1 BytesInPerSec", 100.0, 300.0),
            result("2 BytesInPerSec", 50.0, 50.0),
            result("1 KafkaDataLogsDiskUsed", 20.0, 20.0),
            result("2 KafkaDataLogsDiskUsed", 40.0, 40.0),
            result("1 ReplicationBytesInPerSec", 9e9, 9e9),
        ]
    }
    found = read("brokers.json", reply)
    assert [one.name for one in found.unknown] == ["1 ReplicationBytesInPerSec"]
    traffic = traffic_of(found)
    # (150 + 350) / 2
    assert traffic.estimates["ingress"].value == 250.0
    [share] = [one for one in traffic.warnings if "share of the disks" in one]
    assert share.startswith("CloudWatch KafkaDataLogsDiskUsed by label")


def test_a_page_of_several_and_unequal_lists_are_told() -> None:
    reply = msk_reply()
    reply["NextToken"] = "abc"
    reply["MetricDataResults"][0]["StatusCode"] = "PartialData"
    found = read("page.json", reply)
    assert "BytesInPerSec: CloudWatch returned only a part of the values" in found.warnings
    assert "page.json has a NextToken: it is the first of several pages" in found.warnings
    broken = copy.deepcopy(reply)
    del broken["MetricDataResults"][0]["Values"][0]
    with pytest.raises(InputError, match="BytesInPerSec has 126 times and 125 values"):
        read("page.json", broken)


def test_statistics_of_one_metric() -> None:
    data = [
        {
            "Timestamp": "2026-09-01T01:00:00Z",
            "Average": 3.0,
            "Maximum": 9.0,
            "Unit": "Bytes/Second",
        },
        {
            "Timestamp": "2026-09-01T00:00:00Z",
            "Average": 1.0,
            "Maximum": 5.0,
            "Unit": "Bytes/Second",
        },
    ]
    found = read("one.json", {"Label": "BytesInPerSec", "Datapoints": data})
    assert [(one.statistic, one.values.tolist()) for one in found.series] == [
        ("mean", [1.0, 3.0]),
        ("maximum", [5.0, 9.0]),
    ]
    assert traffic_of(found).estimates["ingress"].value == 2.0
    # a sum of samples is no rate
    sums = [{"Timestamp": "2026-09-01T01:00:00Z", "Sum": 3.0}]
    found = read("one.json", {"Label": "BytesInPerSec", "Datapoints": sums})
    assert found.warnings == ("BytesInPerSec: no Average and no Maximum (one.json)",)


def test_a_reply_cut_in_half_is_one_error() -> None:
    data = json.dumps(msk_reply()).encode()
    with pytest.raises(InputError) as caught:
        read_documents([Document("cut.json", data[: len(data) // 2])])
    assert len(caught.value.problems) == 1
    assert "cut.json: this is not valid JSON" in str(caught.value)
