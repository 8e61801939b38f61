"""A cluster from its parts: sums, lives of topics and brokers, and quantities that come twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from kafkatco.ingest.clusters import common, of_cluster
from kafkatco.ingest.statistics import coverage
from support.ingest import START, series

NAN = float("nan")


def topic(name: str) -> dict[str, Any]:
    return {"part": {"topic": name}}


def test_topics_add_up() -> None:
    chosen, warnings = of_cluster(
        [series([1.0, 2.0], **topic("a")), series([10.0, 20.0], **topic("b"))]
    )
    assert chosen["ingress"].values.tolist() == [11.0, 22.0]
    assert chosen["ingress"].query == "ingress by topic"
    assert warnings == ()


def test_a_gap_in_one_part_is_a_gap_and_a_part_adds_nothing_outside_its_life() -> None:
    old = series([1.0, NAN, 1.0, 1.0], **topic("old"))
    new = series([10.0, 10.0], start=START + 2 * 3600.0, **topic("new"))
    chosen, warnings = of_cluster([old, new])
    assert np.array_equal(chosen["ingress"].values, [1.0, NAN, 11.0, 11.0], equal_nan=True)
    assert warnings == (
        "ingress by topic: 1 of 4 steps is left out, since one of the 2 parts has no value",
    )


def test_a_counted_part_without_a_point_counted_nothing() -> None:
    busy = series([3600.0, 3600.0, 3600.0], form="count", sparse=True, **topic("busy"))
    idle = series([3600.0, 7200.0], form="count", sparse=True, **topic("idle"))
    idle.times[1] += 3600.0  # the second hour is not in the file
    chosen, warnings = of_cluster([busy, idle])
    assert chosen["ingress"].values.tolist() == [2.0, 1.0, 3.0]
    assert warnings == ()


def test_the_same_traffic_with_and_without_topic_is_taken_once() -> None:
    whole = series([11.0, 22.0], query="bytesin", part={"broker": "1"})
    parts = [
        series([1.0, 2.0], query="bytesin", part={"broker": "1", "topic": "a"}),
        series([10.0, 20.0], query="bytesin", part={"broker": "1", "topic": "b"}),
    ]
    chosen, [message] = of_cluster([*parts, whole])
    assert chosen["ingress"].values.tolist() == [11.0, 22.0]
    assert message.startswith("ingress comes twice: bytesin by broker")
    assert "bytesin by broker, topic" in message
    assert message.endswith("they agree")


def test_two_files_that_differ_are_told_and_the_shorter_step_counts() -> None:
    hourly = series([10.0] * 24, source="hours.csv")
    daily = series([20.0], source="days.csv", step_s=86_400.0)
    chosen, [message] = of_cluster([daily, hourly])
    assert chosen["ingress"].source == "hours.csv"
    assert message.endswith("they differ: check which one is the cluster")
    assert "(mean 20 B/s)" in message


def test_what_every_controller_knows_is_not_added_up() -> None:
    parts = [
        series([475.0, 475.0], "partitions", form="level", combine="max", part={"pod": str(pod)})
        for pod in range(3)
    ]
    parts[0].values[0] = NAN
    chosen, warnings = of_cluster(parts)
    assert chosen["partitions"].values.tolist() == [475.0, 475.0]
    assert warnings == ()


def test_shares_are_averaged() -> None:
    shares = [0.25, 0.5]
    parts = [
        series([share], "disk_used", form="level", combine="avg", part={"broker": str(share)})
        for share in shares
    ]
    # (0.25 + 0.5) / 2
    assert of_cluster(parts)[0]["disk_used"].values.tolist() == [0.375]


def test_scrapes_that_are_not_made_together_are_put_on_one_grid() -> None:
    parts = [
        series([1.0] * 5, step_s=60.0, start=START + offset, part={"broker": str(offset)})
        for offset in (0.0, 7.0, 20.0)
    ]
    chosen, warnings = of_cluster(parts)
    assert chosen["ingress"].values.tolist() == [3.0] * 5
    assert warnings == ()


def test_connections_are_counted_at_their_most_and_traffic_by_its_mean() -> None:
    found = [
        series([5.0, 6.0], "connections", form="level"),
        series([9.0, 8.0], "connections", form="level", statistic="maximum"),
        series([1.0, 1.0]),
        series([7.0, 7.0], statistic="maximum"),
    ]
    chosen, warnings = of_cluster(found)
    assert chosen["connections"].values.tolist() == [9.0, 8.0]
    assert chosen["ingress"].values.tolist() == [1.0, 1.0]
    assert warnings == ()
    chosen, [message] = of_cluster([series([7.0, 7.0], statistic="maximum")])
    assert "the values are the maximum of each step, so the sum overstates it" in message


def test_common_steps_are_those_that_both_have() -> None:
    finer = series([1.0, 3.0, NAN, NAN, 5.0, 5.0], step_s=1800.0)
    longer = series([10.0, 20.0, 30.0, 40.0])
    mine, theirs, step = common(finer, longer)
    assert (mine.tolist(), theirs.tolist(), step) == ([2.0, 5.0], [10.0, 30.0], 3600.0)


def test_files_whose_times_follow_each_other_are_one_series() -> None:
    first = series([1.0, 2.0], source="a.csv", asked=(START, START + 7200.0))
    second = series([3.0], source="b.csv", start=START + 3 * 3600.0)
    chosen, warnings = of_cluster([second, first])
    assert chosen["ingress"].values.tolist() == [1.0, 2.0, 3.0]
    assert chosen["ingress"].source == "a.csv, b.csv"
    assert coverage(chosen["ingress"]) == 3 / 4
    assert warnings == ()
    # files that overlap are two ways to the same number
    overlapping = series([2.0, 3.0], source="b.csv", start=START + 3600.0)
    chosen, [message] = of_cluster([first, overlapping])
    assert "ingress comes twice" in message
    assert chosen["ingress"].values.tolist() == [1.0, 2.0]
