"""Self-hosted brokers on AWS, Azure and Google Cloud: the meters of each; arithmetic shown."""

from typing import Any

import pytest

from kafkatco import Catalogue, InputError, MissingPriceError, PriceBook, SelfHosted, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.costing.lines import Line
from support.plain import PLAIN

MONTH_GIB = 100 * 3600 * 730 / 1024  # 256,640.625 GiB written a month at 100 MiB/s
#: Region and a type of 8 vCPUs.
PLACES = {
    "aws": ("us-east-1", "m5.2xlarge"),
    "azure": ("eastus", "D8s_v5"),
    "gcp": ("us-central1", "n2-standard-8"),
}
EVERY_CLOUD = pytest.mark.parametrize("cloud", PLACES)


def cluster(cloud: str, **changes: Any) -> SelfHosted:
    region, instance = PLACES[cloud]
    fields: dict[str, Any] = {"cloud": cloud, "region": region, "instance": instance, **changes}
    return SelfHosted(**fields)


def steady(ingress: str = "100 MiB/s", **changes: Any) -> Workload:
    return Workload(**{"ingress": ingress, "retention": "1 h", "peak_to_average": 1.0, **changes})


def lines(
    deployment: SelfHosted, load: Workload, book: PriceBook, *, hours: float = 730.0
) -> list[Line]:
    bill = bill_of(deployment, load.operands(month_hours=hours), book)
    assert bill.infeasible == ()
    return list(bill.lines)


def of_sku(sku: str, bill_lines: list[Line]) -> list[Line]:
    return [line for line in bill_lines if line.sku == sku]


# Disks: throughput and IOPS beyond the included


def test_azure_charges_megabytes_a_second_by_the_hour(book: PriceBook) -> None:
    # 400 MiB/s in three copies with one zone of three down are 1,800 MiB/s on 9 disks
    bill_lines = lines(cluster("azure", brokers=9), steady("400 MiB/s"), book)
    [line] = of_sku("azure.disk.premium-ssd-v2.throughput", bill_lines)
    assert line.cost == pytest.approx((1800 * 1.048576 - 9 * 125) * 730 * 0.000055)
    assert of_sku("azure.disk.premium-ssd-v2.iops", bill_lines) == []


@pytest.mark.parametrize(("factor", "extra"), [(0.999, 0.0), (1.0, 0.0), (1.001, 1.125)])
def test_azure_includes_125_megabytes_a_second_of_each_disk(
    factor: float, extra: float, book: PriceBook
) -> None:
    # 9 x 125 MB/s are written by 250 MB/s in three copies, with one zone of three down
    load, nine = steady(f"{250 * factor!r} MB/s"), cluster("azure", brokers=9)
    bill_lines = of_sku("azure.disk.premium-ssd-v2.throughput", lines(nine, load, book))
    assert sum(x.quantity for x in bill_lines) == pytest.approx(extra * 730, abs=1e-6)


def test_azure_charges_the_iops_that_throughput_requires(book: PriceBook) -> None:
    # 2,400 MiB/s on 3 disks ask for 2,400 / 0.25 = 9,600 IOPS, of which 9,000 are included
    big = cluster("azure", instance="D32s_v5", brokers=3)
    bill_lines = lines(big, steady(f"{1600 / 3!r} MiB/s"), book)
    [line] = of_sku("azure.disk.premium-ssd-v2.iops", bill_lines)
    assert line.cost == pytest.approx(600 * 730 * 0.000007)


@pytest.mark.parametrize("hours", [720.0, 744.0])
def test_azure_charges_disks_by_the_hour(hours: float, book: PriceBook) -> None:
    load = steady("10 MiB/s", retention="1 day")
    bill_lines = lines(cluster("azure", disk_headroom=0.0), load, book, hours=hours)
    [line] = of_sku("azure.disk.premium-ssd-v2.storage", bill_lines)
    assert line.cost == pytest.approx(10 * 86_400 / 1024 * 3 * hours * 0.00011)


@pytest.mark.parametrize(
    ("volume", "baseline", "per_gib", "price"),
    [("pd-balanced", 140, 0.28, 0.10), ("pd-ssd", 240, 0.48, 0.17)],
)
def test_google_s_disks_are_made_larger_for_their_throughput(
    volume: str, baseline: float, per_gib: float, price: float, book: PriceBook
) -> None:
    # 400 MiB/s in three copies with one zone of three down are 1,800 MiB/s on 3 machines, each
    # with a baseline, and more by the GiB; retained are 400 x 60 / 1024 x 3 = 70 GiB
    big = cluster("gcp", instance="n2-standard-16", brokers=3, volume=volume, disk_headroom=0.0)
    [line] = of_sku(f"gcp.disk.{volume}", lines(big, steady("400 MiB/s", retention="1 min"), book))
    assert line.quantity == pytest.approx((1800 - 3 * baseline) / per_gib)
    assert line.cost == pytest.approx((1800 - 3 * baseline) / per_gib * price)


@pytest.mark.parametrize(("factor", "beyond"), [(0.999, 0.0), (1.0, 0.0), (1.3, 126.0)])
def test_google_s_disks_are_not_larger_within_their_baseline(
    factor: float, beyond: float, book: PriceBook
) -> None:
    # 3 x 140 MiB/s are written by 420 / 4.5 MiB/s
    rate = 420 / 4.5 * factor
    three = cluster("gcp", brokers=3, disk_headroom=0.0)
    bill_lines = lines(three, steady(f"{rate!r} MiB/s", retention="1 min"), book)
    [line] = of_sku("gcp.disk.pd-balanced", bill_lines)
    stored = rate * 60 / 1024 * 3  # 16.4 GiB, 21.3 at most
    assert line.quantity == pytest.approx(max(stored, beyond / 0.28))


def test_google_s_disks_hold_the_retained_data(book: PriceBook) -> None:
    big = cluster("gcp", instance="n2-standard-16", brokers=3, disk_headroom=0.5)
    bill_lines = lines(big, steady("400 MiB/s", retention="1 day"), book)
    [line] = of_sku("gcp.disk.pd-balanced", bill_lines)
    assert line.quantity == pytest.approx(400 * 86_400 / 1024 * 3 / 0.5)


@pytest.mark.parametrize(
    ("cloud", "volume"), [("aws", "pd-ssd"), ("azure", "gp3"), ("gcp", "premium-ssd-v2")]
)
def test_a_volume_of_another_cloud_is_refused(cloud: str, volume: str) -> None:
    with pytest.raises(InputError, match="volume"):
        cluster(cloud, volume=volume)


# Sizing


@EVERY_CLOUD
def test_disks_share_the_network_only_on_google(
    cloud: str, workload: Workload, catalogue: Catalogue
) -> None:
    # a third of the network is planned: half used, with one zone of three down;
    # sent: 2 replicas and 3 readers, and on Google the writes of 3 brokers
    gbit_s = {"aws": 2.5, "azure": 12.5, "gcp": 16.0}[cloud]
    sent = 100 * (5 + (3 if cloud == "gcp" else 0))
    [candidate] = cluster(cloud).candidates(workload.operands(), catalogue)
    assert candidate.sizing.requirements["throughput-out"] == pytest.approx(
        sent / (gbit_s * 1e9 / 8 / 2**20) * 3
    )


@pytest.mark.parametrize(
    ("cloud", "mib_s"), [("aws", 287.5e6 / 2**20), ("azure", 290e6 / 2**20), ("gcp", 800.0)]
)
def test_disk_throughput_is_the_machine_s(
    cloud: str, mib_s: float, workload: Workload, catalogue: Catalogue
) -> None:
    [candidate] = cluster(cloud).candidates(workload.operands(), catalogue)
    assert candidate.sizing.requirements["disk-throughput"] == pytest.approx(300 / mib_s * 3)


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_a_fixed_cluster_on_google_shares_its_network_too(
    factor: float, able: bool, book: PriceBook, catalogue: Catalogue
) -> None:
    # 3 n2-standard-8 send 3 x 1,907.35 MiB/s: 3 copies written, 2 replicas and 40 readers
    rate = 3 * (16e9 / 8 / 2**20) / 45 * factor
    load = steady(f"{rate!r} MiB/s", fanout=40, retention="1 min").operands()
    bill = bill_of(cluster("gcp", brokers=3), load, book, catalogue)
    slow = ("throughput-out: 3 brokers cannot sustain the average",)
    assert bill.infeasible == (() if able else slow)


# Nodes


@pytest.mark.parametrize(
    ("instance", "price", "share"),
    [("n2-standard-8", 0.388472, 0.8), ("e2-standard-16", 0.53609136, 1.0)],
)
def test_sustained_use_is_a_fifth_off_n2_and_nothing_off_e2(
    instance: str, price: float, share: float, book: PriceBook
) -> None:
    # https://cloud.google.com/compute/docs/sustained-use-discounts
    bill_lines = lines(cluster("gcp", instance=instance, brokers=3), steady("1 MiB/s"), book)
    nodes = of_sku(f"gcp.compute.{instance}", bill_lines)
    assert sum(x.cost for x in nodes) == pytest.approx(3 * 730 * price * share)
    assert [x.component for x in nodes] == ["compute", "discount"][: 2 if share < 1 else 1]


@pytest.mark.parametrize(
    ("commitment", "rate"),
    [
        ("1-year", 0.244728),
        ("3-year", 0.174824),
        ({"term": "1-year", "discount": 0.28}, 0.388472 * 0.72),
    ],
)
def test_committed_nodes_have_no_sustained_use(
    commitment: Any, rate: float, book: PriceBook
) -> None:
    bill_lines = lines(cluster("gcp", brokers=3, commitment=commitment), steady("1 MiB/s"), book)
    nodes = [x.cost for x in bill_lines if x.sku.startswith("gcp.compute.")]
    assert sum(nodes) == pytest.approx(3 * 730 * rate)
    assert of_sku("gcp.compute.n2-standard-8", bill_lines)[0].cost == pytest.approx(
        3 * 730 * 0.388472
    )


def test_controllers_have_sustained_use_too(book: PriceBook) -> None:
    bill_lines = lines(cluster("gcp", brokers=3, controllers=3), steady("1 MiB/s"), book)
    small = sum(x.cost for x in of_sku("gcp.compute.n2-standard-2", bill_lines))
    assert small == pytest.approx(3 * 730 * 0.097118 * 0.8)


# Network


@pytest.mark.parametrize(
    ("cloud", "sku", "price"),
    [
        ("aws", "aws.data-transfer.inter-az", 2 * 0.01),
        ("azure", "azure.bandwidth.inter-zone", 0.0),
        ("gcp", "gcp.network.inter-zone", 0.01),
    ],
)
def test_a_crossing_is_billed_on_both_sides_on_one_or_not_at_all(
    cloud: str, sku: str, price: float, workload: Workload, book: PriceBook
) -> None:
    [line] = of_sku(sku, lines(cluster(cloud), workload, book))
    assert line.cost == pytest.approx((2 / 3 + 2 + 2) * MONTH_GIB * price)


def test_azure_s_crossings_are_billed_on_both_sides_with_a_price(workload: Workload) -> None:
    metered = PriceBook(
        "list",
        as_of="2025-10-31",
        variants={"azure.bandwidth.inter-zone": "metered"},
        assumptions=PLAIN,
    )
    [line] = of_sku("azure.bandwidth.inter-zone", lines(cluster("azure"), workload, metered))
    assert line.cost == pytest.approx((2 / 3 + 2 + 2) * MONTH_GIB * 2 * 0.01)


@EVERY_CLOUD
def test_one_zone_has_no_crossings(cloud: str, book: PriceBook) -> None:
    bill_lines = lines(cluster(cloud), steady(zones=1), book)
    assert [x for x in bill_lines if x.component == "network"] == []


def test_in_two_zones_half_of_everything_crosses(book: PriceBook) -> None:
    # producers 1/2; of three replicas 2 + 1: 3 - (4 + 1) / 3 = 4/3 elsewhere; three readers 3/2
    bill_lines = lines(cluster("gcp"), steady(zones=2, fanout=3), book)
    [line] = of_sku("gcp.network.inter-zone", bill_lines)
    assert line.quantity == pytest.approx((1 / 2 + 4 / 3 + 3 / 2) * MONTH_GIB)


@pytest.mark.parametrize(
    ("cloud", "sku", "edges", "prices"),
    [
        (
            "azure",
            "azure.bandwidth.internet",
            [0, 100, 10_335, 51_295, 153_695],
            [0, 0.087, 0.083, 0.07, 0.05],
        ),
        ("gcp", "gcp.network.internet", [0, 1024, 10_240], [0.12, 0.11, 0.08]),
    ],
)
def test_internet_egress_has_price_tiers(
    cloud: str, sku: str, edges: list[float], prices: list[float], book: PriceBook
) -> None:
    bill_lines = of_sku(sku, lines(cluster(cloud), steady(internet_egress=1.0), book))
    bands = [above - below for below, above in zip(edges, [*edges[1:], MONTH_GIB], strict=True)]
    assert [x.quantity for x in bill_lines] == pytest.approx(bands)
    assert [x.cost for x in bill_lines] == pytest.approx(
        [band * price for band, price in zip(bands, prices, strict=True)]
    )


def test_internet_egress_crosses_no_zone(book: PriceBook) -> None:
    bill_lines = lines(cluster("gcp"), steady(internet_egress=0.25, fanout=4), book)
    [line] = of_sku("gcp.network.inter-zone", bill_lines)
    assert line.quantity == pytest.approx((2 / 3 + 2 + 3 * 2 / 3) * MONTH_GIB)
    assert sum(x.quantity for x in of_sku("gcp.network.internet", bill_lines)) == pytest.approx(
        MONTH_GIB
    )


def test_the_load_balancer_carries_all_client_traffic(workload: Workload, book: PriceBook) -> None:
    # written once and read three times; a capacity unit is a GiB an hour
    bill_lines = lines(cluster("aws", access="load-balancer"), workload, book)
    [hours], [units] = of_sku("aws.nlb", bill_lines), of_sku("aws.nlb.lcu", bill_lines)
    assert hours.cost == pytest.approx(730 * 0.0225)
    assert units.cost == pytest.approx(4 * MONTH_GIB * 0.006)


@pytest.mark.parametrize(
    ("cloud", "access", "sku"),
    [
        ("azure", "load-balancer", r"azure\.load-balancer"),
        ("gcp", "load-balancer", r"gcp\.load-balancer"),
        ("gcp", "private-link", r"gcp\.private-service-connect"),
    ],
)
def test_access_without_a_list_price_requires_a_price_of_the_user(
    cloud: str, access: str, sku: str, workload: Workload, book: PriceBook
) -> None:
    with pytest.raises(MissingPriceError, match=f"no list price of '{sku}'"):
        bill_of(cluster(cloud, access=access), workload.operands(), book)


@pytest.mark.parametrize(
    ("cloud", "sku", "edge"),
    [("aws", "aws.privatelink", 1_048_576), ("azure", "azure.private-link", 1_000_000)],
)
@pytest.mark.parametrize("beyond", [-1.0, 0.0, 1000.0])
def test_private_endpoints_in_each_zone_carry_all_client_traffic(
    cloud: str, sku: str, edge: float, beyond: float, book: PriceBook
) -> None:
    # written once and read three times; 0.01 an hour and zone; 0.01 a GiB to the edge, then 0.006
    load = steady(f"{(edge + beyond) / 4!r} GiB/month", fanout=3)
    bill_lines = lines(cluster(cloud, access="private-link"), load, book)
    [hours] = of_sku(f"{sku}.endpoint", bill_lines)
    assert hours.cost == pytest.approx(3 * 730 * 0.01)
    passed = of_sku(f"{sku}.data", bill_lines)
    below, above = min(edge, edge + beyond), max(beyond, 0.0)
    assert sum(x.quantity for x in passed) == pytest.approx(edge + beyond)
    assert sum(x.cost for x in passed) == pytest.approx(below * 0.01 + above * 0.006)


def test_google_s_private_link_at_a_price_of_the_user(workload: Workload) -> None:
    prices = {
        "gcp.private-service-connect": "0.01 USD/hour",
        "gcp.private-service-connect.data": "0.01 USD/GiB",
    }
    own = PriceBook("list", as_of="2025-10-31", overrides=prices, assumptions=PLAIN)
    bill_lines = lines(cluster("gcp", access="private-link"), workload, own)
    cost = sum(x.cost for x in bill_lines if x.sku.startswith("gcp.private-service-connect"))
    assert cost == pytest.approx(3 * 730 * 0.01 + 4 * MONTH_GIB * 0.01)


# Kubernetes


@pytest.mark.parametrize(
    ("cloud", "sku"),
    [("aws", "aws.eks.cluster"), ("azure", "azure.aks.cluster"), ("gcp", "gcp.gke.cluster")],
)
def test_a_managed_control_plane_is_a_dime_an_hour(
    cloud: str, sku: str, workload: Workload, book: PriceBook
) -> None:
    [line] = of_sku(sku, lines(cluster(cloud, kubernetes=True), workload, book))
    assert line.cost == pytest.approx(73.0)


def test_each_cluster_has_a_control_plane(workload: Workload, book: PriceBook) -> None:
    three = cluster("aws", kubernetes=True, clusters=3)
    [line] = of_sku("aws.eks.cluster", lines(three, workload, book))
    assert line.cost == pytest.approx(3 * 73.0)


def test_kubernetes_keeps_a_twentieth_of_a_node(workload: Workload, catalogue: Catalogue) -> None:
    [plain] = cluster("aws").candidates(workload.operands(), catalogue)
    [kept] = cluster("aws", kubernetes=True).candidates(workload.operands(), catalogue)
    # 500 MiB/s sent x 3 / 298.02 = 5.03 brokers, and 5.30 of which 95 % are left: 6 either way
    for name in ("throughput-in", "throughput-out", "disk-throughput"):
        assert kept.sizing.requirements[name] == pytest.approx(
            plain.sizing.requirements[name] / 0.95
        )
    for name in ("minimum", "partitions", "storage"):
        assert kept.sizing.requirements[name] == plain.sizing.requirements[name]


# What is not known


def test_korea_s_disks_on_azure_have_no_public_price(workload: Workload, book: PriceBook) -> None:
    korean = SelfHosted(cloud="azure", region="koreacentral", instance="D8s_v5")
    with pytest.raises(MissingPriceError, match=r"azure\.disk\.premium-ssd-v2\.storage"):
        bill_of(korean, workload.operands(), book)


@pytest.mark.parametrize(("cloud", "nearest"), [("azure", "D8s_v5"), ("gcp", "n2-standard-8")])
def test_an_unknown_instance_names_the_nearest(
    cloud: str, nearest: str, workload: Workload, book: PriceBook
) -> None:
    with pytest.raises(MissingPriceError, match=f"Did you mean .*{nearest}"):
        bill_of(cluster(cloud, instance=nearest + "x"), workload.operands(), book)
