"""The volumes of each cloud: size, throughput and number at their edges; arithmetic shown."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    Assumptions,
    Catalogue,
    Curve,
    InputError,
    MissingPriceError,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.sizing.clouds import CLOUDS
from support.plain import PLAIN

#: Brokers with as many volumes as their types attach.
MANY = Assumptions("production", {**PLAIN.values, "volumes_per_broker": 100})
BOOK = PriceBook("list", as_of="2026-10-31", assumptions=MANY)
CATALOGUE = Catalogue(as_of=BOOK.as_of, assumptions=MANY)
AWS, AZURE, GCP = CLOUDS["aws"], CLOUDS["azure"], CLOUDS["gcp"]
#: A cloud, one of its volumes, and a type that it attaches to.
VOLUMES = [
    *[("aws", volume, "m5.2xlarge") for volume in ("gp3", "gp2", "io2", "st1", "sc1")],
    ("aws", "local", "i3en.2xlarge"),
    *[("azure", volume, "D8s_v5") for volume in ("premium-ssd-v2", "premium-ssd", "standard-ssd")],
    ("azure", "local", "L8s_v3"),
    *[("gcp", volume, "n2-standard-8") for volume in ("pd-balanced", "pd-ssd")],
]
REGIONS = {"aws": "us-east-1", "azure": "eastus", "gcp": "us-central1"}
EACH_VOLUME = pytest.mark.parametrize(("cloud", "volume", "instance"), VOLUMES)
MB = 1e6 / 2**20  # MiB


def quantities(
    cloud: str, volume: str, count: float, size_gib: float, written_mib_s: float
) -> dict[str, float]:
    meters = CLOUDS[cloud].disks(CATALOGUE, REGIONS[cloud], volume, count, size_gib, written_mib_s)
    return {meter.sku: float(meter.quantity) for meter in meters}


def cluster(cloud: str = "aws", **changes: Any) -> SelfHosted:
    return SelfHosted(**{"cloud": cloud, "region": REGIONS[cloud], **changes})


def bill(deployment: SelfHosted, **workload: Any) -> Bill:
    load = Workload(**{"peak_to_average": 1.0, **workload})
    return bill_of(deployment, load.operands(), BOOK, CATALOGUE)


def skus(bill: Bill) -> dict[str, float]:
    return {line.sku: line.cost for line in bill.lines}


# Volumes whose throughput comes with their size


@pytest.mark.parametrize(
    ("volume", "size_gib", "written_mib_s", "billed_gib"),
    [
        # gp2: 3 IOPS x 256 KiB for each GiB; three volumes of 334 GiB write 250 MiB/s each
        ("gp2", 999.0, 750.0, 1000.0),
        ("gp2", 1000.0, 750.0, 1000.0),
        ("gp2", 1001.0, 750.0, 1001.0),
        ("gp2", 999.0, 749.0, 999.0),
        ("gp2", 1.0, 900.0, 1000.0),
        # st1: 40 MiB/s for each TiB, at most 500 from 12.5 TiB on; at least 125 GiB
        ("st1", 374.0, 0.0, 375.0),
        ("st1", 376.0, 0.0, 376.0),
        ("st1", 3071.0, 120.0, 3072.0),
        ("st1", 3073.0, 120.0, 3073.0),
        ("st1", 1.0, 1500.0, 3 * 12.5 * 1024),
        ("st1", 1.0, 1600.0, 3 * 12.5 * 1024),
        # sc1: 12 MiB/s for each TiB, 192 of 16 TiB: the baseline, not the 250 of a burst
        ("sc1", 3071.0, 36.0, 3072.0),
        ("sc1", 3073.0, 36.0, 3073.0),
        ("sc1", 1.0, 576.0, 3 * 16 * 1024),
        ("sc1", 1.0, 750.0, 3 * 16 * 1024),
    ],
)
def test_three_volumes_are_large_enough_for_their_baseline_throughput(
    volume: str, size_gib: float, written_mib_s: float, billed_gib: float
) -> None:
    [billed] = quantities("aws", volume, 3.0, size_gib, written_mib_s).values()
    assert billed == pytest.approx(billed_gib, rel=1e-12)


# Provisioned IOPS


@pytest.mark.parametrize(
    ("written_mib_s", "iops"),
    [
        (10.0, 300.0),  # at least 100 of each volume
        (75.0, 300.0),
        (76.0, 304.0),
        (12_000.0, 48_000.0),  # 4,000 MiB/s of each volume with 16,000 IOPS
        (13_000.0, 48_000.0),
    ],
)
def test_io2_charges_every_iops_that_throughput_requires(written_mib_s: float, iops: float) -> None:
    billed = quantities("aws", "io2", 3.0, 1000.0, written_mib_s)
    assert billed == {"aws.ebs.io2.storage": 1000.0, "aws.ebs.io2.first-iops": iops}


def test_io2_has_at_most_1000_iops_for_each_gib() -> None:
    # 12,000 MiB/s are 48,000 IOPS, so 48 GiB
    assert quantities("aws", "io2", 3.0, 12.0, 12_000.0)["aws.ebs.io2.storage"] == 48.0
    # three volumes have 4 GiB each at least
    assert quantities("aws", "io2", 3.0, 1.0, 0.0)["aws.ebs.io2.storage"] == 12.0


@pytest.mark.parametrize("region", sorted(BOOK.regions("aws.ebs.io2.iops")))
def test_the_first_iops_of_io2_cost_the_first_tier(region: str) -> None:
    # the lower tiers are for the IOPS of one volume beyond 32,000, never for those of a cluster
    [flat] = BOOK.price("aws.ebs.io2.first-iops", region)
    first = BOOK.price("aws.ebs.io2.iops", region)[0]
    assert first.tier_from == 0
    assert flat.price == first.price


# Whole disks, of equal number on each node


@pytest.mark.parametrize(
    ("volume", "size_gib", "written_mib_s", "disks"),
    [
        ("premium-ssd", 3072.0, 0.0, 3.0),
        ("premium-ssd", 3073.0, 0.0, 6.0),
        ("premium-ssd", 6144.0, 0.0, 6.0),
        ("premium-ssd", 6145.0, 0.0, 9.0),
        ("premium-ssd", 1.0, 600 * MB, 3.0),
        ("premium-ssd", 1.0, 601 * MB, 6.0),
        ("premium-ssd", 6145.0, 601 * MB, 9.0),
        ("standard-ssd", 1.0, 180 * MB, 3.0),
        ("standard-ssd", 1.0, 181 * MB, 6.0),
        # a D8s_v5 attaches 16 data disks: no more for throughput, but as many as data needs
        ("standard-ssd", 1.0, 9999 * MB, 48.0),
        ("standard-ssd", 49 * 1024.0, 0.0, 49.0),
    ],
)
def test_three_nodes_have_equally_many_whole_disks(
    volume: str, size_gib: float, written_mib_s: float, disks: float
) -> None:
    count = AZURE.volume_count(CATALOGUE, "D8s_v5", volume, 3.0, size_gib, written_mib_s)
    assert float(count) == disks
    assert list(quantities("azure", volume, disks, size_gib, written_mib_s).values()) == [disks]


@pytest.mark.parametrize(
    ("instance", "volumes"), [("D2s_v5", 4), ("D4s_v5", 8), ("D8s_v5", 16), ("D16s_v5", 32)]
)
def test_a_node_attaches_the_data_disks_of_its_type(instance: str, volumes: int) -> None:
    assert AZURE.volumes_per_node(CATALOGUE, instance, "premium-ssd") == volumes


def test_a_type_without_a_known_limit_attaches_one_volume() -> None:
    assert GCP.volumes_per_node(CATALOGUE, "c4-standard-8", "pd-ssd") == 1.0


@pytest.mark.parametrize(
    ("instance", "volume", "mb_s"),
    [
        ("D2s_v5", "standard-ssd", 85),  # 4 x 60 are more than the machine writes
        ("D4s_v5", "premium-ssd", 145),
        ("D16s_v5", "premium-ssd", 600),  # one disk writes 200
    ],
)
def test_a_node_writes_to_all_its_volumes(instance: str, volume: str, mb_s: float) -> None:
    written = AZURE.capacity(CATALOGUE, instance, volume)["disk-throughput"]
    assert written == pytest.approx(mb_s * MB)


def test_a_node_holds_the_data_of_all_its_volumes() -> None:
    # 4 disks of 1 TiB: 10 MiB/s for 7 days in three copies, half free, are 35,437.5 GiB
    load = Workload(ingress="10 MiB/s", retention="7 days", peak_to_average=1.0).operands()
    sized = cluster("azure", instance="D2s_v5", volume="premium-ssd")
    [candidate] = sized.candidates(load, CATALOGUE)
    assert candidate.sizing.requirements["storage"] == pytest.approx(35_437.5 / 4096)
    assert candidate.sizing.count == 9  # 8.65, equal in three zones


@pytest.mark.parametrize(("factor", "fits"), [(0.999, True), (1.001, False)])
def test_a_fixed_cluster_holds_no_more_than_its_volumes(factor: float, fits: bool) -> None:
    # 3 x 4 disks of 1 TiB hold one MiB/s in three copies for 12 x 1024 x 1024 / 3 / 3600 hours
    hours = 12 * 1024 * 1024 / 3 / 3600 * factor
    fixed = cluster("azure", instance="D2s_v5", volume="premium-ssd", brokers=3)
    result = bill(fixed, ingress="1 MiB/s", retention=f"{hours!r} h")
    assert (result.total is not None) is fits
    assert fits or result.infeasible == ("storage: at most 4,096 GiB per broker",)


def test_p30_disks_on_kubernetes() -> None:
    # 10 MB/s for a day in three copies, half free: 4,827.98 GiB on 3 brokers, 2 disks of 1 TiB each
    aks = cluster("azure", instance="D8s_v5", brokers=3, volume="premium-ssd", kubernetes=True)
    lines = skus(bill(aks, ingress="10 MB/s", retention="1 day"))
    assert lines["azure.disk.premium-ssd.P30"] == pytest.approx(6 * 135.17)


def test_standard_ssds_charge_write_operations() -> None:
    # 10 MiB/s in three copies are 120 operations of 256 KiB a second, at 0.2 USD a million
    fixed = cluster("azure", instance="D8s_v5", brokers=3, volume="standard-ssd")
    lines = skus(bill(fixed, ingress="10 MiB/s", retention="1 h"))
    assert lines["azure.disk.standard-ssd.operations"] == pytest.approx(
        120 * 3600 * 730 / 1e6 * 0.2
    )
    assert lines["azure.disk.standard-ssd.E30"] == pytest.approx(3 * 76.8)


def test_st1_in_a_published_cluster() -> None:
    # 256 MiB/s for 7 days in three copies, half free: 907,200 GiB, within 57 volumes of 16 TiB
    fixed = cluster(instance="m5.xlarge", brokers=57, volume="st1")
    lines = skus(bill(fixed, ingress="256 MiB/s", fanout=1, retention="7 days", partitions=600))
    assert lines["aws.ebs.st1.storage"] == pytest.approx(256 * 7 * 86_400 * 3 / 1024 / 0.5 * 0.045)


# Local disks


def test_a_type_with_local_disks_keeps_its_data_on_them() -> None:
    load = {"ingress": "20 MiB/s", "retention": "1 day", "partitions": 100}
    result = bill(cluster(instance="i3en.2xlarge", brokers=6), **load)
    assert set(skus(result)) == {"aws.ec2.i3en.2xlarge", "aws.data-transfer.inter-az"}
    assert result.lines[0].cost == pytest.approx(6 * 730 * 0.904)
    assert result.lines[0].note == "brokers; data on local disks is lost when a machine stops"
    # 20 MiB/s for a day in three copies are 5,062.5 GiB
    chosen = bill(cluster(instance="i3en.2xlarge", brokers=6, volume="gp3"), **load)
    assert skus(chosen)["aws.ebs.gp3.storage"] == pytest.approx(5062.5 / 0.5 * 0.08)


@pytest.mark.parametrize(
    ("instance", "mib_s"),
    [
        ("i3en.2xlarge", 130_000 * 4 / 1024),  # random writes of 4 KiB
        ("im4gn.16xlarge", 800_000 * 4 / 1024),
        ("d3en.2xlarge", 3100 * 2 / 24 * 4 * MB),  # four disks, each twice as fast as one of D2
        ("d3.xlarge", 3100 * 1.45 / 24 * 3 * MB),
        ("i4g.2xlarge", 0.1 * 1875e9 / 2**30),  # no figure of its own: by the GiB
    ],
)
def test_local_disks_bound_the_disk_throughput(instance: str, mib_s: float) -> None:
    written = AWS.capacity(CATALOGUE, instance, "local")["disk-throughput"]
    assert written == pytest.approx(mib_s, rel=1e-5)


def test_the_assumption_is_below_every_figure_of_local_flash() -> None:
    per_gib = CATALOGUE.value("own.local-disk", "throughput_per_gib")
    known = [
        CATALOGUE.value(item, "local_throughput") / CATALOGUE.value(item, "local_disk")
        for item in CATALOGUE.items("aws.ec2.")
        if CATALOGUE.listed(item, "local_throughput") and not item.startswith("aws.ec2.d3")
    ]
    assert len(known) > 30
    assert per_gib < min(known) < 1.2 * per_gib


def test_dense_hard_disks_for_a_week_of_a_bank() -> None:
    # 40 MB/s for 7 days in three copies, half free, on 4 x 13,980 GB: 2.6 brokers
    load = {"ingress": "40 MB/s", "fanout": 4, "retention": "7 days", "partitions": 3000}
    result = bill(cluster(instance="d3en.2xlarge", brokers=6), **load)
    required = result.sizing.requirements["storage"]
    assert required == pytest.approx(40e6 * 7 * 86_400 * 3 / 0.5 / (4 * 13_980e9))
    assert skus(result)["aws.ec2.d3en.2xlarge"] == pytest.approx(4603, rel=1e-3)
    assert not any("ebs" in sku for sku in skus(result))


@pytest.mark.parametrize(("factor", "fits"), [(0.999, True), (1.001, False)])
def test_a_fixed_cluster_holds_no_more_than_its_local_disks(factor: float, fits: bool) -> None:
    # 3 x 5,000 GB hold 1 MB/s in three copies for 5,000,000 s
    hours = 5e6 / 3600 * factor
    fixed = cluster(instance="i3en.2xlarge", brokers=3)
    assert (bill(fixed, ingress="1 MB/s", retention=f"{hours!r} h").total is not None) is fits


def test_wildcards_match_local_disks_with_this_volume_only() -> None:
    local = set(AWS.instances(CATALOGUE, "local"))
    others = set(AWS.instances(CATALOGUE, "gp3"))
    assert {"d3en.2xlarge", "i3en.large", "m5d.large"} <= local
    assert {"m5.large", "m7g.large"} <= others
    assert not local & others
    # nothing is known of the writes of some hard disks
    unknown = set(AWS.instances(CATALOGUE, "gp3", by_name=True)) - local - others
    assert {name.partition(".")[0] for name in unknown} == {"d2", "h1"}
    load = Workload(ingress="1 MB/s").operands()
    chosen = cluster(instance="i3*", volume="local").candidates(load, CATALOGUE)
    assert {one.label.partition(".")[0] for one in chosen} == {"i3", "i3en"}
    with pytest.raises(InputError, match="unless volume is 'local'"):
        cluster(instance="i3*").candidates(load, CATALOGUE)
    with pytest.raises(InputError, match="instance"):
        cluster(instance="m5.*", volume="local").candidates(load, CATALOGUE)


def test_a_list_takes_the_own_volume_of_each_type() -> None:
    load = Workload(ingress="1 MB/s", retention="1 h").operands()
    mixed = cluster(instance=["m5.large", "i3en.large"]).candidates(load, CATALOGUE)
    storage = {
        one.label: [x.sku for x in one.meters if x.component == "storage" and not x.is_zero]
        for one in mixed
    }
    assert storage["i3en.large"] == []
    assert "aws.ebs.gp3.storage" in storage["m5.large"]


# Validation


def test_local_disks_need_a_type_that_has_them() -> None:
    with pytest.raises(MissingPriceError, match="local_disk"):
        bill(cluster(instance="m5.large", volume="local"), ingress="1 MB/s")
    with pytest.raises(InputError, match="volume"):
        cluster("gcp", instance="n2-standard-8", volume="local")


def test_a_volume_without_a_price_in_the_region_is_missing() -> None:
    seoul = SelfHosted(
        cloud="azure", region="koreacentral", instance="D4s_v5", volume="premium-ssd"
    )
    with pytest.raises(MissingPriceError, match=r"azure\.disk\.premium-ssd\.P30"):
        bill(seoul, ingress="1 MB/s")


# Laws

gib = st.floats(0, 500_000)
mib_s = st.floats(0, 20_000)


@EACH_VOLUME
@given(count=st.integers(1, 30), size=gib, more_size=gib, written=mib_s, more_written=mib_s)
def test_a_volume_never_costs_less_for_more(
    cloud: str,
    volume: str,
    instance: str,
    count: int,
    size: float,
    more_size: float,
    written: float,
    more_written: float,
) -> None:
    """At the same number of volumes, since another one of some has more performance included."""
    less = quantities(cloud, volume, count, size, written)
    more = quantities(cloud, volume, count, size + more_size, written + more_written)
    assert all(more[sku] >= less[sku] for sku in less)


@pytest.mark.parametrize(
    ("cloud", "volume", "instance"),
    [one for one in VOLUMES if one[1] not in ("gp3", "premium-ssd-v2", "pd-balanced", "pd-ssd")],
)
@given(nodes=st.integers(1, 30), size=gib, more_size=gib, written=mib_s, more_written=mib_s)
def test_nodes_never_cost_less_for_more(
    cloud: str,
    volume: str,
    instance: str,
    nodes: int,
    size: float,
    more_size: float,
    written: float,
    more_written: float,
) -> None:
    """With the number of volumes that they need, where volumes have no performance included."""

    def needed(size: float, written: float) -> dict[str, float]:
        count = CLOUDS[cloud].volume_count(CATALOGUE, instance, volume, nodes, size, written)
        assert count >= nodes
        return quantities(cloud, volume, float(count), size, written)

    less, more = needed(size, written), needed(size + more_size, written + more_written)
    assert all(more[sku] >= less[sku] for sku in less)


@EACH_VOLUME
@pytest.mark.parametrize(
    ("field", "low", "high"), [("ingress_mib_s", 0.1, 800.0), ("retention_h", 0.5, 800.0)]
)
@settings(max_examples=20)
@given(at=st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_the_curve_is_the_formula(
    cloud: str, volume: str, instance: str, field: str, low: float, high: float, at: list[float]
) -> None:
    deployment = cluster(cloud, instance=instance, volume=volume)
    load = Workload(ingress="30 MiB/s", fanout=3, retention="2 days", partitions=60).operands()
    swept = load.replace(**{field: Curve.identity(low, high)})
    total = costs_of(deployment, swept, BOOK, CATALOGUE).total
    points = low + np.array(at) * (high - low)
    exact = costs_of(deployment, load.replace(**{field: points}), BOOK, CATALOGUE).total
    edges = np.min(np.abs(points[:, None] - total.edges), axis=1)
    away = edges > 1e-9 * points
    np.testing.assert_allclose(total(points)[away], exact[away], rtol=1e-12)
