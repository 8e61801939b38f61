"""The workload: defaults, base units, and every problem at once."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import InputError, Workload
from kafkatco.sizing.workload import hours_of_month


def test_operands_are_in_base_units() -> None:
    load = Workload(ingress="10 MiB/s", retention="2 days", message_size="2 KiB").operands()
    assert load.ingress_mib_s == 10.0
    assert load.retained_mib_s == 10.0
    assert load.retention_h == 48.0
    assert load.message_size_kib == pytest.approx(2.0, rel=1e-15)


def test_all_problems_are_reported_at_once_with_the_nearest_name() -> None:
    with pytest.raises(InputError) as caught:
        Workload(ingress=5, retention="7 MB", fanuot=3, zones=0, fanout=float("nan"))  # type: ignore[call-arg, arg-type]  # on purpose
    text = str(caught.value)
    assert len(caught.value.problems) == 5
    assert "ingress: got 5; expected a quantity with a unit" in text
    assert "A bare number has no unit" in text
    assert "retention: got '7 MB'; expected a duration" in text
    assert "Did you mean 'fanout'?" in text
    assert "zones: got 0; expected at least 1" in text
    assert "fanout: got nan; expected a finite number" in text


def test_a_missing_ingress_is_named() -> None:
    with pytest.raises(InputError, match=r"ingress: required field, such as"):
        Workload()  # type: ignore[call-arg]  # on purpose


def test_a_workload_is_frozen() -> None:
    load = Workload(ingress="1 MB/s")
    with pytest.raises(Exception, match="frozen"):
        load.fanout = 2  # type: ignore[misc]  # on purpose


@pytest.mark.parametrize(
    ("rule", "date", "hours"),
    [
        (730, dt.date(2026, 2, 1), 730.0),
        ("calendar", dt.date(2026, 2, 1), 28 * 24.0),
        ("calendar", dt.date(2028, 2, 29), 29 * 24.0),
        ("calendar", dt.date(2025, 10, 31), 744.0),
    ],
)
def test_hours_of_a_month(rule: int | str, date: dt.date, hours: float) -> None:
    assert hours_of_month(rule, date) == hours


@pytest.mark.parametrize(
    ("partitions", "topics", "clusters", "share"),
    [
        (30, 0, 1, (30, 0)),
        (30, 40, 1, (40, 40)),  # each topic has at least one partition
        (30, 40, 3, (14, 14)),
        (100, 10, 3, (34, 4)),  # partitions and topics stay whole
        (30, 1, 2, (15, 1)),
    ],
)
def test_clusters_share_partitions_and_topics(
    partitions: int, topics: int, clusters: int, share: tuple[int, int]
) -> None:
    load = Workload(ingress="1 MB/s", partitions=partitions, topics=topics).operands()
    one = load.split(clusters)
    assert (one.partitions, one.topics) == share


@given(
    partitions=st.integers(1, 10_000), topics=st.integers(0, 10_000), clusters=st.integers(1, 10)
)
def test_no_partition_or_topic_is_lost(partitions: int, topics: int, clusters: int) -> None:
    load = Workload(ingress="1 MB/s", partitions=partitions, topics=topics).operands()
    one = load.split(clusters)
    assert one.partitions * clusters >= partitions
    assert one.topics * clusters >= topics
    assert one.partitions >= one.topics
