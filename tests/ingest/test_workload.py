"""The workload in series and readings: every field by arithmetic, and what must be told."""

from __future__ import annotations

import pytest

from kafkatco.errors import InputError
from kafkatco.i18n.message import _
from kafkatco.ingest.readings import Findings, Reading, Series
from kafkatco.ingest.workload import Traffic, traffic_of
from support.ingest import START, series

#: 99 hours at 1 MB/s and one at 3 MB/s: the mean is (99 + 3) / 100 = 1.02 MB/s.  Of 0 to 99, the
#: 99th percentile lies at place 98.01, between 1 and 3: 1.02 MB/s.
HOURS = [1e6] * 99 + [3e6]


def of(*found: Series | Reading, **options: object) -> Traffic:
    some = [one for one in found if isinstance(one, Series)]
    more = [one for one in found if isinstance(one, Reading)]
    return traffic_of(Findings(tuple(some), tuple(more)), **options)  # type: ignore[arg-type]


def level(value: float, quantity: str, **options: object) -> Series:
    return series([value] * 100, quantity, form="level", **options)  # type: ignore[arg-type]


def test_every_field_of_a_cluster_with_metrics() -> None:
    traffic = of(
        series(HOURS),
        series([2.5 * value for value in HOURS], "egress"),
        series([value / 500 for value in HOURS], "messages"),
        level(300.0, "partitions"),
        level(900.0, "partition_replicas"),
        # 1.02 MB/s for 48 h, three times
        level(3 * 48 * 3600 * 1.02e6, "stored_replica_bytes"),
        level(70.0, "connections"),
        level(12.0, "topics"),
        series([250.0] * 100, "requests"),
    )
    assert traffic.fields() == {
        "ingress": "1.02 MB/s",
        "fanout": 2.5,
        "peak_to_average": 1.0,
        "retention": "48 h",
        "replication_factor": 3,
        "partitions": 300,
        "message_size": "500 B",
        "connections": 70,
        "requests": 250.0,
        "topics": 12,
    }
    assert traffic.missing == {}
    operands = traffic.workload().operands()
    assert operands.ingress_mib_s == pytest.approx(1.02e6 / 2**20)
    assert operands.retention_h == 48.0


@pytest.mark.parametrize(
    ("peak", "value"),
    # of 0 to 99, the 99th percentile lies at 98.01: 1 + 0.01 x 2 = 1.02; the 99.5th at 98.505
    [(0.99, 1.02 / 1.02), (0.995, 2.01 / 1.02), (1.0, 3.0 / 1.02)],
)
def test_the_peak_is_the_percentile_that_is_chosen(peak: float, value: float) -> None:
    estimate = of(series(HOURS), peak=peak).estimates["peak_to_average"]
    assert estimate.value == pytest.approx(value)
    assert f"p{100 * peak:g} of 1 h steps, 2026-09-01 to 2026-09-05, 100% covered" in (
        estimate.because
    )


def test_a_peak_below_the_mean_is_told_and_is_one() -> None:
    # the 50th percentile of 1 and one 3000 is 1, the mean (99 + 3000) / 100 = 30.99
    traffic = of(series([1e6] * 99 + [3e9]), peak=0.5)
    assert traffic.fields()["peak_to_average"] == 1.0
    assert any("p50 of ingress is below its mean" in text for text in traffic.warnings)


@pytest.mark.parametrize(("steps", "shown"), [(23, False), (24, True)])
def test_few_steps_show_no_peak(steps: int, shown: bool) -> None:
    traffic = of(series([1e6] * steps))
    assert ("peak_to_average" in traffic.fields()) == shown
    assert ("peak_to_average" in traffic.missing) != shown
    told = f"ingress has {steps} steps, too few to show a peak (at least 24)"
    assert (told in traffic.warnings) != shown


@pytest.mark.parametrize(("step_s", "told"), [(3600.0, False), (7200.0, True)])
def test_long_steps_hide_peaks(step_s: float, told: bool) -> None:
    warnings = of(series(HOURS, step_s=step_s)).warnings
    assert any("hide the peaks within them" in text for text in warnings) == told


@pytest.mark.parametrize(("hours", "told"), [(167, True), (168, False)])
def test_less_than_a_week_is_told(hours: int, told: bool) -> None:
    warnings = of(series([1e6] * hours)).warnings
    assert any("less than a week" in text for text in warnings) == told


def test_gaps_are_told_against_the_window_that_was_asked_for() -> None:
    days = series([1e6] * 126, step_s=86_400.0)
    assert not any("have values" in text for text in of(days).warnings)
    warnings = of(days, asked=(START - 239 * 86_400.0, START + 126 * 86_400.0)).warnings
    # 126 / 365 = 34.5 %
    assert (
        "ingress: 126 of 365 steps of 1 d have values (35%); the mean is that of the others"
        in warnings
    )


def test_fanout_uses_the_steps_that_both_have() -> None:
    bytes_in = series([1e6, 1e6, float("nan"), 1e6])
    bytes_out = series([2e6, 4e6, 9e9, float("nan")], "egress")
    # (2 + 4) / (1 + 1)
    assert of(bytes_in, bytes_out).estimates["fanout"].value == 3.0


def test_mean_replication_is_rounded_and_retention_keeps_it() -> None:
    traffic = of(
        series(HOURS),
        level(475.0, "partitions"),
        level(1301.0, "partition_replicas"),
        level(1301 / 475 * 10 * 3600 * 1.02e6, "stored_replica_bytes"),
    )
    estimate = traffic.estimates["replication_factor"]
    assert (estimate.value, estimate.written) == (1301 / 475, 3)
    assert estimate.because.startswith("mean 2.74, rounded; 1,301 over 475: p95 of 1 h steps")
    assert traffic.fields()["retention"] == "10 h"
    # 3 / (1301 / 475) = 1.0953
    assert (
        "the workload has replication factor 3 in place of 2.74, so that it stores 10% more than "
        "the cluster" in traffic.warnings
    )


def test_stated_retention_counts_and_a_difference_is_told() -> None:
    stored = level(3 * 48 * 3600 * 1.02e6, "stored_replica_bytes")
    copies = Reading("replication_factor", 3.0, source="topics.txt")
    for hours, told in ((48.0, False), (168.0, True)):
        stated = Reading("retention", hours, source="topics.txt", query="retention.ms")
        traffic = of(series(HOURS), stored, copies, stated)
        assert traffic.estimates["retention"].value == hours
        assert (
            f"retention is {hours:g} h as stated (topics.txt), but the stored bytes hold 48 h of "
            "ingress; the stated one is taken" in traffic.warnings
        ) == told


def test_with_tiered_storage_remote_bytes_are_the_retention_and_disks_the_local_one() -> None:
    traffic = of(
        series(HOURS),
        level(100 * 3600 * 1.02e6, "remote_bytes"),
        level(3 * 6 * 3600 * 1.02e6, "stored_replica_bytes"),
        Reading("replication_factor", 3.0),
    )
    assert traffic.fields()["retention"] == "100 h"
    assert traffic.fields()["local_retention"] == "6 h"


def test_a_share_of_disks_needs_their_size() -> None:
    share = level(0.25, "disk_used", combine="avg", query="CloudWatch KafkaDataLogsDiskUsed")
    copies = Reading("replication_factor", 3.0)
    traffic = of(series(HOURS), share, copies)
    assert "retention" in traffic.missing
    assert any("is a share of the disks, not bytes" in text for text in traffic.warnings)
    # a quarter of 4 x 3 x 24 h of 1.02 MB/s
    size = Reading("disk_bytes", 4 * 3 * 24 * 3600 * 1.02e6)
    traffic = of(series(HOURS), share, copies, size)
    assert traffic.fields()["retention"] == "24 h"


def test_numbers_that_files_state_are_enough() -> None:
    traffic = of(
        Reading("ingress", 2e6, "mean", source="tco.csv", query="row 1"),
        Reading("ingress", 8e6, "max", source="tco.csv", query="row 2"),
        Reading("egress", 5e6, "mean"),
        Reading("partition_replicas", 90.0),
        Reading("replication_factor", 3.0),
    )
    assert traffic.fields() == {
        "ingress": "2 MB/s",
        "fanout": 2.5,
        "peak_to_average": 4.0,
        "replication_factor": 3,
        "partitions": 30,
    }
    assert traffic.estimates["ingress"].because == "row 1 (tco.csv)"


@pytest.mark.parametrize(("second", "told"), [(75.0, False), (76.0, True)])
def test_files_that_state_different_numbers_are_told(second: float, told: bool) -> None:
    """More than a quarter apart: 60 + 15 = 75."""
    traffic = of(
        Reading("partitions", 60.0, source="topics.txt"),
        Reading("partitions", second, source="cluster.json"),
    )
    assert traffic.fields() == {"partitions": 60}
    message = "partitions is 60 in topics.txt, but 76 in cluster.json; the first one is taken"
    assert (message in traffic.warnings) == told


def test_several_clusters_must_be_chosen_from() -> None:
    one, other = series([1e6] * 24, cluster="orders"), series([2e6] * 24, cluster="clicks")
    with pytest.raises(InputError, match="choose one: clicks, orders"):
        of(one, other)
    assert of(one, other, cluster="clicks").fields()["ingress"] == "2 MB/s"
    with pytest.raises(InputError, match="Did you mean 'orders'"):
        of(one, other, cluster="order")


def test_without_ingress_there_is_no_workload_but_what_to_do() -> None:
    traffic = traffic_of(Findings(warnings=(_("one file is short"),)))
    assert traffic.warnings == ("one file is short",)
    with pytest.raises(InputError, match="ingress: no file has the bytes that producers send"):
        traffic.workload()
