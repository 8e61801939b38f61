"""CSV of metrics: any step, units in the heading or in the cells, and parts of a cluster."""

from __future__ import annotations

import numpy as np
import pytest

from kafkatco.errors import InputError
from kafkatco.ingest.workload import traffic_of
from support.ingest import START, read


def test_units_in_the_heading() -> None:
    found = read(
        "ours.csv",
        "Time,ingress [MB/s],egress (KiB/s),Partitions,Remark\n"
        "2026-09-01 00:00,1,1000,30,busy\n"
        "2026-09-01 00:05,3,2000,30,\n",
    )
    assert [one.name for one in found.unknown] == ["Remark"]
    assert found.series[0].times.tolist() == [START, START + 300.0]
    fields = traffic_of(found).estimates
    assert fields["ingress"].value == 2e6
    assert fields["fanout"].value == pytest.approx(1500 * 1024 / 2e6)
    assert fields["partitions"].written == 30


def test_units_in_the_cells_and_gaps() -> None:
    found = read(
        "grafana.csv",
        '"Time";"Bytes In";"Messages [1/min]"\n'
        '"2026-09-01 00:00:00";"1.5 MB/s";"60"\n'
        '"2026-09-01 01:00:00";"";"NaN"\n'
        '"2026-09-01 02:00:00";"500 kB/s";"120"\n',
    )
    bytes_in, messages = found.series
    assert np.array_equal(bytes_in.values, [1.5e6, np.nan, 5e5], equal_nan=True)
    assert np.array_equal(messages.values, [1.0, np.nan, 2.0], equal_nan=True)
    assert traffic_of(found).estimates["ingress"].value == 1e6


def test_data_of_a_month_is_spread_over_its_own_hours() -> None:
    found = read("months.csv", "month,ingress [TB]\n2026-01,2.6784\n2026-02,2.4192\n")
    # 31 days have 2,678,400 s and 28 days 2,419,200 s: 1 MB/s in both
    assert found.series[0].values.tolist() == pytest.approx([1e6, 1e6])
    assert found.series[0].step_s == 730 * 3600.0
    warnings = traffic_of(found).warnings
    assert any("steps, too few to show a peak" in text for text in warnings)


def test_data_of_a_day_is_a_count_and_the_newest_may_come_first() -> None:
    found = read("days.csv", "date,received bytes [GB]\n2026-09-02,172.8\n2026-09-01,86.4\n")
    # 86.4 GB in 86,400 s
    assert found.series[0].values.tolist() == pytest.approx([1e6, 2e6])


def test_topics_and_clusters_are_parts() -> None:
    found = read(
        "topics.csv",
        "timestamp,cluster,topic,BytesInPerSec\n"
        "1788220800,main,orders,100\n"
        "1788220800,main,clicks,50\n"
        "1788220860,main,orders,200\n"
        "1788220860,main,clicks,50\n",
    )
    traffic = traffic_of(found)
    assert traffic.cluster == "main"
    assert traffic.estimates["ingress"].value == (150 + 250) / 2


def test_percent_is_a_share_and_not_bytes() -> None:
    found = read("disk.csv", "time,disk used [%]\n2026-09-01,20\n2026-09-02,40\n")
    assert found.series[0].quantity == "disk_used"
    assert found.series[0].values.tolist() == pytest.approx([0.2, 0.4])
    with pytest.raises(InputError, match=r"disk.csv:1: got 'stored bytes'"):
        read("disk.csv", "time,stored bytes [%]\n2026-09-01,20\n")


def test_every_fault_is_one_clear_error() -> None:
    with pytest.raises(InputError) as caught:
        read("bare.csv", "time,ingress\n2026-09-01,5\n")
    assert "bare.csv:2: got '5'; expected a number with a unit" in str(caught.value)
    assert "Write the unit in the heading, such as 'ingress [MB/s]'" in str(caught.value)
    with pytest.raises(InputError, match=r"kb.csv:1: got 'ingress'.*Write 'kbit' for bits"):
        read("kb.csv", "time,ingress [kb/s]\n2026-09-01,5\n")
    with pytest.raises(InputError, match=r"h.csv:1: got 'ingress'; expected a unit of ingress"):
        read("h.csv", "time,ingress [h]\n2026-09-01,5\n")
    with pytest.raises(InputError, match=r"cells.csv:3: got 1; expected 2 cells, as in the header"):
        read("cells.csv", "time,ingress [MB/s]\n2026-09-01,5\n2026-09-02\n")
    with pytest.raises(InputError, match=r"day.csv:2: got 'today'; expected a time"):
        read("day.csv", "time,ingress [MB/s]\ntoday,5\n")
    with pytest.raises(InputError, match="no reader recognises this file"):
        read("other.csv", "name,price\na,5\n")
