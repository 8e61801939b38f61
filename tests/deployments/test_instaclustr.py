"""Instaclustr: nodes at a quoted price, sized by the machine that their name says."""

from typing import Any

import pytest

from kafkatco import Catalogue, InputError, Instaclustr, PriceBook, Scenario, Workload
from kafkatco.costing.bill import bill_of

LARGE = "KFK-PRD-r7g.large-250"  # 0.937 Gbit/s, 78.75 MB/s of disk, 1,000 partitions, 250 GB
DISK_MIB_S = 78.75e6 / 2**20
NETWORK_MIB_S = 0.937e9 / 8 / 2**20


def cluster(**changes: Any) -> Instaclustr:
    fields: dict[str, Any] = {"quote": "450 USD/month", **changes}
    return Instaclustr(region="us-east-1", **fields)


def light(**changes: Any) -> Workload:
    return Workload(**{"ingress": "1 kB/s", "retention": "1 h", **changes})


def test_each_line(book: PriceBook, catalogue: Catalogue) -> None:
    three = cluster(nodes=3, controllers=3, controller_quote="100 USD/month")
    found = bill_of(three, light().operands(), book, catalogue)
    assert [(line.sku, line.quantity, line.cost) for line in found.lines] == [
        ("instaclustr.kafka.node", 3, pytest.approx(3 * 450)),
        ("instaclustr.kafka.controller", 3, pytest.approx(3 * 100)),
    ]


def test_a_controller_costs_what_a_broker_does_unless_quoted(
    book: PriceBook, catalogue: Catalogue
) -> None:
    found = bill_of(cluster(nodes=3, controllers=5), light().operands(), book, catalogue)
    assert found.total == pytest.approx((3 + 5) * 450)


@pytest.mark.parametrize("quote", [450, 450.0, "450 USD", "450 USD/month", "5400 USD/year"])
def test_a_bare_number_is_of_us_dollars_a_month(
    quote: object, book: PriceBook, catalogue: Catalogue
) -> None:
    found = bill_of(cluster(nodes=3, quote=quote), light().operands(), book, catalogue)
    assert found.total == pytest.approx(1350)


def test_a_quote_in_another_currency_is_turned(book: PriceBook, catalogue: Catalogue) -> None:
    # the ECB's cross of 2025-10-31: 1650.07 / 1.1554 KRW for a dollar
    found = bill_of(cluster(nodes=3, quote="600000 KRW"), light().operands(), book, catalogue)
    assert found.total == pytest.approx(3 * 600_000 / (1650.07 / 1.1554), rel=1e-6)


def test_the_month_s_length_does_not_change_a_quote(book: PriceBook, catalogue: Catalogue) -> None:
    for hours in (672.0, 744.0):
        load = light().operands(month_hours=hours)
        assert bill_of(cluster(nodes=3), load, book, catalogue).total == pytest.approx(1350)


def test_without_a_quote_it_says_that_there_are_no_public_prices() -> None:
    scenario = {
        "workload": {"ingress": "1 MB/s"},
        "prices": {"as_of": "2025-10-31"},
        "deployment": [{"kind": "instaclustr", "region": "us-east-1"}],
    }
    with pytest.raises(InputError, match="quote: got nothing; expected your quote for one node"):
        Scenario.from_dict(scenario)


@pytest.mark.parametrize("quote", [True, "much", "450 USD/hour", "450"])
def test_a_quote_is_money_a_month(quote: object) -> None:
    with pytest.raises(InputError, match="quote"):
        cluster(quote=quote)


@pytest.mark.parametrize(
    ("copies", "nodes"), [(1, 3), (2, 4), (3, 3), (4, 4), (5, 5)]
)  # 3 nodes at least, in multiples of the replication factor
def test_the_least_is_a_multiple_of_the_replication_factor(
    copies: int, nodes: int, book: PriceBook, catalogue: Catalogue
) -> None:
    found = bill_of(cluster(), light(replication_factor=copies).operands(), book, catalogue)
    assert found.sizing.count == nodes


@pytest.mark.parametrize(
    ("nodes", "copies", "reasons"),
    [
        (3, 3, ()),
        (6, 3, ()),
        (4, 2, ()),
        (3, 1, ()),
        (4, 3, ("nodes: must be a multiple of the replication factor",)),
        (3, 2, ("nodes: must be a multiple of the replication factor",)),
        (5, 3, ("nodes: must be a multiple of the replication factor",)),
    ],
)
def test_nodes_that_are_given_are_a_multiple_too(
    nodes: int, copies: int, reasons: tuple[str, ...], book: PriceBook, catalogue: Catalogue
) -> None:
    load = light(replication_factor=copies).operands()
    assert bill_of(cluster(nodes=nodes), load, book, catalogue).infeasible == reasons


def test_fewer_nodes_than_replicas_cannot_hold_them(book: PriceBook, catalogue: Catalogue) -> None:
    found = bill_of(cluster(nodes=3), light(replication_factor=5).operands(), book, catalogue)
    assert "replication factor: higher than the number of brokers, 3" in found.infeasible


@pytest.mark.parametrize("fields", [{"nodes": 2}, {"controllers": 1}, {"controllers": 4}])
def test_what_is_not_sold_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(fields))):
        cluster(**fields)


def test_sizing_takes_the_dimension_that_asks_for_most(catalogue: Catalogue) -> None:
    # half of a machine is used, with one zone of three down: a third of what it sustains
    load = Workload(ingress="20 MiB/s", fanout=3, retention="1 h", peak_to_average=2.0)
    [offer] = cluster(node=LARGE).candidates(load.operands(), catalogue)
    requirements = offer.sizing.requirements
    assert requirements["throughput-out"] == pytest.approx(40 * (2 + 3) / NETWORK_MIB_S * 3)  # 5.37
    assert requirements["disk-throughput"] == pytest.approx(40 * 3 / DISK_MIB_S * 3)  # 4.79
    assert requirements["throughput-in"] == pytest.approx(40 * 3 / NETWORK_MIB_S * 3)  # 3.22
    assert offer.sizing.count == 6
    assert offer.sizing.bottleneck == "throughput-out"


@pytest.mark.parametrize(("factor", "nodes"), [(0.999, 3), (1.0, 3), (1.001, 6)])
def test_disks_are_half_full(factor: float, nodes: int, catalogue: Catalogue) -> None:
    # 3 x 250 GB, half kept free, hold 125 GB in three copies
    load = Workload(ingress=f"{125 * factor!r} GB/day", retention="1 day", peak_to_average=1.0)
    [offer] = cluster(node=LARGE).candidates(load.operands(), catalogue)
    assert offer.sizing.count == nodes


@pytest.mark.parametrize(("partitions", "nodes"), [(1000, 3), (1001, 6), (2001, 9)])
def test_partitions_fill_nodes(partitions: int, nodes: int, catalogue: Catalogue) -> None:
    # 1,000 replicas a node
    load = light(partitions=partitions).operands()
    [offer] = cluster(node=LARGE).candidates(load, catalogue)
    assert offer.sizing.count == nodes


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_nodes_that_are_given_hold_what_their_disks_do(
    factor: float, able: bool, book: PriceBook, catalogue: Catalogue
) -> None:
    load = Workload(ingress=f"{125 * factor!r} GB/day", retention="1 day").operands()
    found = bill_of(cluster(node=LARGE, nodes=3), load, book, catalogue)
    assert found.infeasible == (() if able else ("storage: 3 disks cannot hold it",))


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_nodes_that_are_given_carry_the_average(
    factor: float, able: bool, book: PriceBook, catalogue: Catalogue
) -> None:
    # three machines write 3 x 75.1 MiB/s in three copies
    load = Workload(ingress=f"{DISK_MIB_S * factor!r} MiB/s", retention="1 min").operands()
    found = bill_of(cluster(node=LARGE, nodes=3), load, book, catalogue)
    slow = ("disk-throughput: 3 brokers cannot sustain the average",)
    assert found.infeasible == (() if able else slow)


def test_without_a_node_it_says_what_is_not_checked(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="1 TB/s").operands()
    found = bill_of(cluster(nodes=3), load, book, catalogue)
    assert found.total == pytest.approx(1350)
    unchecked = "whether the nodes carry the workload (unknown machine type)"
    assert unchecked in found.not_modelled
    assert unchecked not in cluster(node=LARGE).not_modelled(load)


@pytest.mark.parametrize("fields", [{"node": "as quoted"}, {"node": LARGE, "cloud": "gcp"}])
def test_a_machine_that_is_not_known_is_not_checked(
    fields: dict[str, Any], book: PriceBook, catalogue: Catalogue
) -> None:
    found = bill_of(
        cluster(nodes=3, **fields), Workload(ingress="1 TB/s").operands(), book, catalogue
    )
    assert found.total == pytest.approx(1350)
    assert "whether the nodes carry the workload (unknown machine type)" in found.not_modelled
