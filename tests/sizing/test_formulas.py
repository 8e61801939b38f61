"""The physics: expected values are arithmetic shown here."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.sizing.formulas import (
    disk_gib,
    monthly_gib,
    nodes,
    stored_gib,
    surviving_share,
    whole_units,
    zone_crossings,
)

STILL = {"producer_affinity": 0.0, "follower_fetch": 0.0}


def test_zone_crossings_of_the_design() -> None:
    # Z=3, RF=3, F=3, nothing kept home: 2/3 + 2 + 2/3 x 3 = 4.667
    own = zone_crossings(zones=3, replication_factor=3, replication_billed=1, fanout=3, **STILL)
    assert own == pytest.approx(2 / 3 + 2 + 2, rel=1e-15)
    # MSK does not bill replication: 2/3 + 0 + 2
    msk = zone_crossings(zones=3, replication_factor=3, replication_billed=0, fanout=3, **STILL)
    assert msk == pytest.approx(2 / 3 + 2, rel=1e-15)


def test_traffic_within_a_zone_does_not_cross() -> None:
    home = zone_crossings(
        zones=3,
        producer_affinity=1,
        replication_factor=1,
        replication_billed=1,
        fanout=5,
        follower_fetch=1,
    )
    assert home == 0.0
    one_zone = zone_crossings(
        zones=1, replication_factor=3, replication_billed=1, fanout=5, **STILL
    )
    assert one_zone == 0.0


def test_replicas_that_share_a_zone_do_not_cross() -> None:
    # 3 replicas in 2 zones are 2 + 1: 2/3 of leaders have one other elsewhere, 1/3 have two
    shared = zone_crossings(
        zones=2,
        producer_affinity=1,
        replication_factor=3,
        replication_billed=1,
        fanout=0,
        follower_fetch=0,
    )
    assert shared == pytest.approx(2 / 3 * 1 + 1 / 3 * 2)


def test_reads_that_leave_for_the_internet_cross_no_zone() -> None:
    all_leave = zone_crossings(
        zones=3, replication_factor=1, replication_billed=0, fanout=6, internet_egress=1.0, **STILL
    )
    assert all_leave == pytest.approx(2 / 3)


def test_volumes() -> None:
    # 2 MiB/s for 730 h: 2 x 3600 x 730 / 1024 GiB
    assert monthly_gib(2.0, 730) == pytest.approx(2 * 3600 * 730 / 1024, rel=1e-15)
    assert stored_gib(2.0, 24) == pytest.approx(2 * 3600 * 24 / 1024, rel=1e-15)
    # three copies of 100 GiB with a quarter of the disk free: 300 / 0.75
    assert disk_gib(100.0, 3, 0.25) == pytest.approx(400.0)


@pytest.mark.parametrize(
    ("demand", "capacity", "units"),
    [(0, 5, 0), (4.999, 5, 1), (5, 5, 1), (5 * (1 + 1e-15), 5, 1), (5.0001, 5, 2), (10, 5, 2)],
)
def test_whole_units_below_at_and_above_an_edge(demand: float, capacity: float, units: int) -> None:
    assert whole_units(demand, capacity) == units


@pytest.mark.parametrize(
    ("requirements", "zones", "count"),
    [([3.0, 2.0], 3, 3), ([3.0001], 3, 6), ([6.0], 3, 6), ([4.0], 2, 4), ([4.5], 1, 5)],
)
def test_brokers_are_whole_and_equal_per_zone(
    requirements: list[float], zones: int, count: int
) -> None:
    assert nodes(requirements, zones) == count


def test_survivors() -> None:
    assert surviving_share(3.0, 1.0) == pytest.approx(2 / 3)
    assert surviving_share(1.0, 1.0) == 1.0
    assert surviving_share(3.0, 0.0) == 1.0


@given(st.floats(0, 1e6), st.floats(1e-3, 1e4), st.integers(1, 6), st.floats(0, 1), st.floats(0, 1))
def test_laws(demand: float, capacity: float, zones: int, affinity: float, fetch: float) -> None:
    units = float(whole_units(demand, capacity))
    assert units >= demand / capacity * (1 - 1e-11)
    assert units <= demand / capacity + 1
    more = float(whole_units(demand * 1.5, capacity))
    assert more >= units
    crossing = zone_crossings(
        zones=zones,
        producer_affinity=affinity,
        replication_factor=3,
        replication_billed=1,
        fanout=2,
        follower_fetch=fetch,
    )
    assert 0 <= crossing <= 1 + 2 + 2


def test_formulas_broadcast() -> None:
    rates, hours = np.array([[1.0], [2.0]]), np.array([720.0, 744.0])
    table = monthly_gib(rates, hours)
    assert table.shape == (2, 2)
    for i in range(2):
        for j in range(2):
            assert table[i, j] == monthly_gib(float(rates[i, 0]), float(hours[j]))
