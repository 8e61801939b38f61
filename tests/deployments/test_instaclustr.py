"""Instaclustr: nodes at a quoted price, sized by the machine in their name."""

from typing import Any

import pytest

from kafkatco import Catalogue, InputError, Instaclustr, PriceBook, Scenario, Workload
from kafkatco.costing.bill import bill_of
from support.unchecked import unchecked

UNKNOWN_MACHINE = "whether the nodes carry the workload (unknown machine type)"
LARGE = "KFK-PRD-r7g.large-250"  # 0.937 Gbit/s, 78.75 MB/s of disk, 1,000 partitions, 250 GB
DISK_MIB_S = 78.75e6 / 2**20
NETWORK_MIB_S = 0.937e9 / 8 / 2**20


def cluster(**changes: Any) -> Instaclustr:
    fields: dict[str, Any] = {"quote": "450 USD/month", **changes}
    return Instaclustr(**{"region": "us-east-1", **fields})


def light(**changes: Any) -> Workload:
    return Workload(**{"ingress": "1 kB/s", "retention": "1 h", **changes})


def test_each_line(book: PriceBook, catalogue: Catalogue) -> None:
    three = cluster(nodes=3, controllers=3, controller_quote="100 USD/month")
    bill = bill_of(three, light().operands(), book, catalogue)
    assert [(line.sku, line.quantity, line.cost) for line in bill.lines] == [
        ("instaclustr.kafka.node", 3, pytest.approx(3 * 450)),
        ("instaclustr.kafka.controller", 3, pytest.approx(3 * 100)),
    ]


def test_a_controller_costs_as_much_as_a_broker_by_default(
    book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(cluster(nodes=3, controllers=5), light().operands(), book, catalogue)
    assert bill.total == pytest.approx((3 + 5) * 450)


@pytest.mark.parametrize("quote", [450, 450.0, "450 USD", "450 USD/month", "5400 USD/year"])
def test_a_bare_number_is_of_us_dollars_a_month(
    quote: object, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(cluster(nodes=3, quote=quote), light().operands(), book, catalogue)
    assert bill.total == pytest.approx(1350)


def test_a_quote_in_another_currency_is_converted(book: PriceBook, catalogue: Catalogue) -> None:
    # the ECB's cross of 2025-10-31: 1650.07 / 1.1554 KRW for a dollar
    bill = bill_of(cluster(nodes=3, quote="600000 KRW"), light().operands(), book, catalogue)
    assert bill.total == pytest.approx(3 * 600_000 / (1650.07 / 1.1554), rel=1e-6)


def test_the_month_s_length_does_not_change_a_quote(book: PriceBook, catalogue: Catalogue) -> None:
    for hours in (672.0, 744.0):
        load = light().operands(month_hours=hours)
        assert bill_of(cluster(nodes=3), load, book, catalogue).total == pytest.approx(1350)


def test_a_missing_quote_is_an_error_with_a_reason() -> None:
    scenario = {
        "workload": {"ingress": "1 MB/s"},
        "prices": {"as_of": "2025-10-31"},
        "deployment": [{"kind": "instaclustr", "region": "us-east-1"}],
    }
    with pytest.raises(InputError, match="quote: required field: your quote for one node"):
        Scenario.from_dict(scenario)


@pytest.mark.parametrize("quote", [True, "much", "450 USD/hour", "450"])
def test_a_quote_is_money_per_month(quote: object) -> None:
    with pytest.raises(InputError, match="quote"):
        cluster(quote=quote)


@pytest.mark.parametrize(
    ("copies", "nodes"), [(1, 3), (2, 4), (3, 3), (4, 4), (5, 5)]
)  # 3 nodes at least, in multiples of the replication factor
def test_the_number_of_nodes_is_a_multiple_of_the_replication_factor(
    copies: int, nodes: int, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(cluster(), light(replication_factor=copies).operands(), book, catalogue)
    assert bill.sizing.count == nodes


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
def test_a_fixed_number_of_nodes_must_be_a_multiple(
    nodes: int, copies: int, reasons: tuple[str, ...], book: PriceBook, catalogue: Catalogue
) -> None:
    load = light(replication_factor=copies).operands()
    assert bill_of(cluster(nodes=nodes), load, book, catalogue).infeasible == reasons


def test_fewer_nodes_than_replicas_are_infeasible(book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(cluster(nodes=3), light(replication_factor=5).operands(), book, catalogue)
    assert "replication factor: higher than the number of brokers, 3" in bill.infeasible


@pytest.mark.parametrize("fields", [{"nodes": 2}, {"controllers": 1}, {"controllers": 4}])
def test_a_size_that_is_not_for_sale_is_an_error(fields: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(fields))):
        cluster(**fields)


def test_the_bottleneck_is_the_highest_requirement(catalogue: Catalogue) -> None:
    # half of a machine is used, with one zone of three down: a third of its throughput
    load = Workload(ingress="20 MiB/s", fanout=3, retention="1 h", peak_to_average=2.0)
    [candidate] = cluster(node=LARGE).candidates(load.operands(), catalogue)
    requirements = candidate.sizing.requirements
    assert requirements["throughput-out"] == pytest.approx(40 * (2 + 3) / NETWORK_MIB_S * 3)  # 5.37
    assert requirements["disk-throughput"] == pytest.approx(40 * 3 / DISK_MIB_S * 3)  # 4.79
    assert requirements["throughput-in"] == pytest.approx(40 * 3 / NETWORK_MIB_S * 3)  # 3.22
    assert candidate.sizing.count == 6
    assert candidate.sizing.bottleneck == "throughput-out"


@pytest.mark.parametrize(("factor", "nodes"), [(0.999, 3), (1.0, 3), (1.001, 6)])
def test_disks_are_half_full(factor: float, nodes: int, catalogue: Catalogue) -> None:
    # 3 x 250 GB, half kept free, hold 125 GB in three copies
    load = Workload(ingress=f"{125 * factor!r} GB/day", retention="1 day", peak_to_average=1.0)
    [candidate] = cluster(node=LARGE).candidates(load.operands(), catalogue)
    assert candidate.sizing.count == nodes


@pytest.mark.parametrize(("partitions", "nodes"), [(1000, 3), (1001, 6), (2001, 9)])
def test_partitions_fill_nodes(partitions: int, nodes: int, catalogue: Catalogue) -> None:
    # 1,000 replicas a node
    load = light(partitions=partitions).operands()
    [candidate] = cluster(node=LARGE).candidates(load, catalogue)
    assert candidate.sizing.count == nodes


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_disks_limit_a_fixed_number_of_nodes(
    factor: float, able: bool, book: PriceBook, catalogue: Catalogue
) -> None:
    load = Workload(ingress=f"{125 * factor!r} GB/day", retention="1 day").operands()
    bill = bill_of(cluster(node=LARGE, nodes=3), load, book, catalogue)
    assert bill.infeasible == (() if able else ("storage: more than 3 disks can hold",))


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_a_fixed_number_of_nodes_must_carry_the_average(
    factor: float, able: bool, book: PriceBook, catalogue: Catalogue
) -> None:
    # three machines write 3 x 75.1 MiB/s in three copies
    load = Workload(ingress=f"{DISK_MIB_S * factor!r} MiB/s", retention="1 min").operands()
    bill = bill_of(cluster(node=LARGE, nodes=3), load, book, catalogue)
    slow = ("disk-throughput: 3 brokers cannot sustain the average",)
    assert bill.infeasible == (() if able else slow)


def test_without_a_node_type_the_capacity_is_not_checked(
    book: PriceBook, catalogue: Catalogue
) -> None:
    load = Workload(ingress="1 TB/s").operands()
    bill = bill_of(cluster(nodes=3), load, book, catalogue)
    assert bill.total == pytest.approx(1350)
    assert unchecked(cluster(nodes=3), load, catalogue) == (UNKNOWN_MACHINE,)
    assert unchecked(cluster(node=LARGE), load, catalogue) == ()


@pytest.mark.parametrize(
    "fields", [{"node": "as quoted"}, {"node": LARGE, "cloud": "gcp", "region": "us-central1"}]
)
def test_the_capacity_of_an_unknown_machine_is_not_checked(
    fields: dict[str, Any], book: PriceBook, catalogue: Catalogue
) -> None:
    load = Workload(ingress="1 TB/s").operands()
    assert bill_of(cluster(nodes=3, **fields), load, book, catalogue).total == pytest.approx(1350)
    assert unchecked(cluster(nodes=3, **fields), load, catalogue) == (UNKNOWN_MACHINE,)


def test_connections_of_a_known_machine_are_sized_by_assumption() -> None:
    # 3,000 for each node: 9,001 need 4 nodes, so 6, a multiple of three copies
    production = PriceBook("list", as_of="2025-10-31").catalogue()
    load = light(connections=9_001, requests=1).operands()
    [candidate] = cluster(node=LARGE).candidates(load, production)
    assert candidate.sizing.requirements["connections"] == pytest.approx(9_001 / 3_000)
    assert candidate.sizing.count == 6
    assert candidate.unchecked == ()
