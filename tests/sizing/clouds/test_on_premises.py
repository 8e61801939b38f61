"""Servers on premises, in Korea: purchase, spares, upkeep, power, space, ports.

A server costs 25,000 USD over 5 years, 5 % more for spares; upkeep is 10 % of that a year.  It
takes 583 W x 1.54 (PUE) at 182.7 KRW a kWh, 217.30 USD of space a kW and month, and 2 ports of
131 USD.  One dollar is 1650.07 / 1.1554 KRW, the ECB's cross of 2025-10-31.
"""

import datetime as dt
from typing import Any

import pytest

from kafkatco import (
    Assumptions,
    Catalogue,
    InputError,
    MissingPriceError,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.costing.lines import Line
from support.plain import PLAIN

WON = 1650.07 / 1.1554
SERVER = {
    "purchase": 25_000 * 1.05 / 60,  # 437.50
    "maintenance": 25_000 * 0.10 / 12,  # 208.33
    "power": 0.583 * 1.54 * 730 * 182.7 / WON,  # 83.86
    "space": 0.583 * 217.3,  # 126.69
    "ports": 2 * 131 * 1.05 / 60,  # 4.585
}


def cluster(**changes: Any) -> SelfHosted:
    return SelfHosted(cloud="on-prem", region="kr", instance="server", **changes)


def light(**changes: Any) -> Workload:
    return Workload(**{"ingress": "1 MB/s", "retention": "1 h", "peak_to_average": 1.0, **changes})


def lines(deployment: SelfHosted, load: Workload, book: PriceBook) -> tuple[Line, ...]:
    bill = bill_of(deployment, load.operands(), book)
    assert bill.infeasible == ()
    return bill.lines


def parts(bill_lines: tuple[Line, ...]) -> dict[str, float]:
    """Return the cost by the last part of the note of a line."""
    return {x.note.partition(": ")[2].partition(",")[0]: x.cost for x in bill_lines}


def test_each_line(book: PriceBook) -> None:
    # three servers, one a zone, are the least
    by_note = parts(lines(cluster(), light(), book))
    assert by_note == {what: pytest.approx(3 * cost, rel=1e-6) for what, cost in SERVER.items()}


def test_the_life_of_a_server_spreads_its_price() -> None:
    # Alphabet and Microsoft write servers off in 6 years
    longer = PriceBook(
        "list",
        as_of="2025-10-31",
        variants={"onprem.server.life": "hyperscaler"},
        assumptions=PLAIN,
    )
    by_note = parts(lines(cluster(brokers=3), light(), longer))
    assert by_note["purchase"] == pytest.approx(3 * 25_000 * 1.05 / 72)
    assert by_note["ports"] == pytest.approx(3 * 2 * 131 * 1.05 / 72)
    assert by_note["maintenance"] == pytest.approx(3 * SERVER["maintenance"])


def test_power_and_space_follow_the_watts() -> None:
    small = PriceBook(
        "list",
        as_of="2025-10-31",
        variants={"onprem.server.power": "one-socket"},
        assumptions=PLAIN,
    )
    by_note = parts(lines(cluster(brokers=3), light(), small))
    assert by_note["power"] == pytest.approx(3 * 0.256 * 1.54 * 730 * 182.7 / WON, rel=1e-6)
    assert by_note["space"] == pytest.approx(3 * 0.256 * 217.3)


@pytest.mark.parametrize("hours", [672.0, 744.0])
def test_a_longer_month_needs_more_power_only(hours: float, book: PriceBook) -> None:
    by_note = parts(bill_of(cluster(brokers=3), light().operands(month_hours=hours), book).lines)
    assert by_note.pop("power") == pytest.approx(3 * SERVER["power"] * hours / 730, rel=1e-6)
    assert by_note == {what: pytest.approx(3 * SERVER[what]) for what in by_note}


def test_power_is_billed_in_won() -> None:
    korean = PriceBook("list", as_of="2025-10-31", currency="KRW", assumptions=PLAIN)
    by_note = parts(lines(cluster(brokers=3), light(), korean))
    assert by_note["power"] == pytest.approx(3 * 0.583 * 1.54 * 730 * 182.7)


def test_sizing_by_network_and_disk(catalogue: Catalogue) -> None:
    # half used, with one zone of three down; 25 Gbit/s of one port, 2,000 MiB/s of NVMe
    load = Workload(ingress="500 MiB/s", fanout=6, retention="1 h", peak_to_average=2.0)
    [candidate] = cluster().candidates(load.operands(), catalogue)
    network = 25e9 / 8 / 2**20
    assert candidate.sizing.requirements["throughput-out"] == pytest.approx(
        1000 * 8 / network * 3
    )  # 8.05
    assert candidate.sizing.requirements["disk-throughput"] == pytest.approx(
        1000 * 3 / 2000 * 3
    )  # 4.5
    assert candidate.sizing.count == 9


@pytest.mark.parametrize(("factor", "servers"), [(0.999, 3), (1.0, 3), (1.001, 6)])
def test_more_data_needs_more_servers(factor: float, servers: int, catalogue: Catalogue) -> None:
    # 3 x 19.2 TB, half kept free, hold 9.6 TB in three copies
    load = light(ingress=f"{9.6 * factor!r} TB/week", retention="7 days")
    [candidate] = cluster().candidates(load.operands(), catalogue)
    assert candidate.sizing.count == servers


@pytest.mark.parametrize(("partitions", "servers"), [(4000, 3), (4001, 6)])
def test_a_server_holds_four_thousand_replicas(
    partitions: int, servers: int, catalogue: Catalogue
) -> None:
    [candidate] = cluster().candidates(light(partitions=partitions).operands(), catalogue)
    assert candidate.sizing.count == servers


@pytest.mark.parametrize(("factor", "able"), [(0.999, True), (1.0, True), (1.001, False)])
def test_a_fixed_number_of_servers_must_carry_the_average(
    factor: float, able: bool, book: PriceBook
) -> None:
    # three servers write 3 x 2,000 MiB/s in three copies
    load = Workload(ingress=f"{2000 * factor!r} MiB/s", fanout=0, retention="1 min").operands()
    bill = bill_of(cluster(brokers=3), load, book)
    slow = ("disk-throughput: 3 brokers cannot sustain the average",)
    assert bill.infeasible == (() if able else slow)


def test_there_is_one_server_to_choose_from(book: PriceBook) -> None:
    cheapest = SelfHosted(cloud="on-prem", region="kr", instance="cheapest")
    assert lines(cheapest, light(), book) == lines(cluster(), light(), book)


def test_bytes_between_racks_are_not_metered(book: PriceBook) -> None:
    bill_lines = lines(cluster(), light(ingress="100 MB/s", fanout=5), book)
    assert {x.component for x in bill_lines} == {"compute"}


def test_client_access_is_free(book: PriceBook) -> None:
    plain = lines(cluster(), light(), book)
    for access in ("load-balancer", "private-link"):
        assert lines(cluster(access=access), light(), book) == plain


def test_kubernetes_takes_its_share_and_no_fee(book: PriceBook, catalogue: Catalogue) -> None:
    load = light(ingress="500 MiB/s")
    [plain] = cluster().candidates(load.operands(), catalogue)
    [kept] = cluster(kubernetes=True).candidates(load.operands(), catalogue)
    for name in ("throughput-in", "throughput-out", "disk-throughput"):
        assert kept.sizing.requirements[name] == pytest.approx(
            plain.sizing.requirements[name] / 0.95
        )
    assert {x.component for x in lines(cluster(kubernetes=True), load, book)} == {"compute"}


def test_internet_egress_has_price_tiers_in_won() -> None:
    # 5,000 GB: 1,000 each at 150, 140, 130, 120 and 110 KRW
    korean = PriceBook("list", as_of="2025-10-31", currency="KRW", assumptions=PLAIN)
    load = light(ingress="10000 GB/month", fanout=1, internet_egress=0.5)
    costs = [x.cost for x in lines(cluster(), load, korean) if x.component == "network"]
    assert costs == pytest.approx([150e3, 140e3, 130e3, 120e3, 110e3])


def test_copies_to_other_regions_use_the_internet() -> None:
    korean = PriceBook("list", as_of="2025-10-31", currency="KRW", assumptions=PLAIN)
    load = light(ingress="250 GB/month", fanout=1, replica_regions=2)
    [line] = [x for x in lines(cluster(), load, korean) if x.component == "network"]
    assert line.cost == pytest.approx(2 * 250 * 150)


@pytest.mark.parametrize("region", ["us", "eu"])
def test_transit_in_other_regions_requires_a_price_of_the_user(region: str) -> None:
    book = PriceBook("list", as_of="2026-10-31", assumptions=PLAIN)
    there = SelfHosted(cloud="on-prem", region=region, instance="server")
    assert bill_of(there, light().operands(), book).total is not None
    with pytest.raises(MissingPriceError, match=r"no list price of 'onprem\.internet'"):
        bill_of(there, light(internet_egress=1.0).operands(), book)


def test_american_power_has_a_price_from_february_2026() -> None:
    there = SelfHosted(cloud="on-prem", region="us", instance="server", brokers=3)
    since, before = dt.date(2026, 2, 28), dt.date(2026, 2, 27)
    by_note = parts(
        bill_of(there, light().operands(), PriceBook("list", as_of=since, assumptions=PLAIN)).lines
    )
    assert by_note["power"] == pytest.approx(3 * 0.583 * 1.54 * 730 * 0.1437)
    assert by_note["space"] == pytest.approx(3 * 0.583 * 184.06)
    with pytest.raises(MissingPriceError, match=r"onprem\.electricity"):
        bill_of(there, light().operands(), PriceBook("list", as_of=before, assumptions=PLAIN))


# Small services take 2 of a server's 200 vCPUs


@pytest.mark.parametrize(
    ("load", "component", "nodes"),
    [
        (light(connector_tasks=4), "connect", 2),
        (light(schema_registry=True), "schema-registry", 2),
        (light(stream_processing_units=5), "stream-processing", 3),
    ],
)
def test_a_small_service_needs_a_share_of_a_server(
    load: Workload, component: str, nodes: int, book: PriceBook
) -> None:
    by_note = parts(tuple(x for x in lines(cluster(), load, book) if x.component == component))
    assert by_note == {
        what: pytest.approx(nodes * 0.01 * cost, rel=1e-6) for what, cost in SERVER.items()
    }


def test_controllers_and_monitoring_need_a_share_too(book: PriceBook) -> None:
    watched = cluster(brokers=3, controllers=3, monitoring="self-hosted")
    total = bill_of(watched, light().operands(), book).total
    assert total == pytest.approx((3 + 0.03 + 0.02) * sum(SERVER.values()), rel=1e-6)


def test_a_service_may_run_on_a_whole_server(book: PriceBook) -> None:
    # 200 vCPUs run 400 tasks: two workers at least, each a server
    load = light(connector_tasks=100)
    whole = cluster(service_instance="server")
    by_note = parts(tuple(x for x in lines(whole, load, book) if x.component == "connect"))
    assert by_note["purchase"] == pytest.approx(2 * SERVER["purchase"])


def test_managed_monitoring_on_premises_is_an_error() -> None:
    with pytest.raises(InputError, match="monitoring: got 'managed'"):
        cluster(monitoring="managed")


def test_volumes_are_the_server_s_disks() -> None:
    with pytest.raises(InputError, match=r"volume.*local"):
        cluster(volume="gp3")


def test_omissions_are_listed() -> None:
    omitted = cluster().not_modelled(light().operands())
    assert "the network between racks" in omitted
    assert "system disks" not in omitted


# Capital: straight-line depreciation leaves half of the price on average


CAPITAL = {
    "capital": 25_000 * 1.05 * 0.08 / 2 / 12,  # 87.50
    "capital of ports": 2 * 131 * 1.05 * 0.08 / 2 / 12,  # 0.917
}


def with_rate(rate: float) -> PriceBook:
    own = Assumptions("production", {**PLAIN.values, "cost_of_capital": rate})
    return PriceBook("list", as_of="2025-10-31", assumptions=own)


def test_capital_costs_eight_per_cent_a_year_on_half_of_the_price() -> None:
    values = {name: value for name, value in PLAIN.values.items() if name != "cost_of_capital"}
    production = PriceBook(
        "list", as_of="2025-10-31", assumptions=Assumptions("production", values)
    )
    by_note = parts(lines(cluster(brokers=3), light(), production))
    assert by_note == {
        what: pytest.approx(3 * cost, rel=1e-6) for what, cost in (SERVER | CAPITAL).items()
    }


@pytest.mark.parametrize("rate", [0.0, 1e-6, 0.05, 1.0])
def test_capital_follows_its_rate(rate: float) -> None:
    by_note = parts(lines(cluster(brokers=3), light(), with_rate(rate)))
    expected = {what: 3 * cost * rate / 0.08 for what, cost in CAPITAL.items() if rate}
    expected |= {what: 3 * cost for what, cost in SERVER.items()}
    assert by_note == {what: pytest.approx(cost, rel=1e-6) for what, cost in expected.items()}


@pytest.mark.parametrize("rate", [-0.01, 1.01])
def test_a_rate_is_a_share(rate: float) -> None:
    with pytest.raises(InputError, match=r"cost_of_capital.*a number from 0 to 1"):
        with_rate(rate)


# Sites and their staff


def test_each_site_beyond_the_first_needs_a_link_at_the_user_s_price(book: PriceBook) -> None:
    one = bill_of(cluster(), light().operands(), book)
    with pytest.raises(MissingPriceError, match=r"\"onprem\.site-link\" = \"\.\.\. USD/month\""):
        bill_of(cluster(sites=2), light().operands(), book)
    own = PriceBook(
        "list",
        as_of="2025-10-31",
        assumptions=PLAIN,
        overrides={"onprem.site-link": "3000 USD/month"},
    )
    for sites, links in ((1, 0), (2, 1), (3, 2)):
        spread = bill_of(cluster(sites=sites), light().operands(), own)
        assert spread.total == pytest.approx((one.total or 0.0) + 3000 * links)


def test_all_clusters_share_the_links_and_the_staff() -> None:
    own = PriceBook(
        "list",
        as_of="2025-10-31",
        assumptions=PLAIN,
        overrides={"onprem.site-link": "3000 USD/month"},
    )
    spread = cluster(sites=3, hands="4 h", clusters=2, brokers=3)
    by_sku = {x.sku: x.cost for x in lines(spread, light(), own)}
    assert by_sku["onprem.site-link"] == pytest.approx(2 * 3000)
    assert by_sku["onprem.remote-hands"] == pytest.approx(4 * 165)


def test_hands_on_site_are_billed_by_the_hour(book: PriceBook) -> None:
    # 365 Data Centers: 165 USD an hour without a plan
    own = lines(cluster(hands="90 min"), light(), book)
    [line] = [x for x in own if x.sku == "onprem.remote-hands"]
    assert line.cost == pytest.approx(1.5 * 165)
    assert [x for x in own if x is not line] == list(lines(cluster(), light(), book))


def test_sites_and_hands_are_of_servers_on_premises() -> None:
    with pytest.raises(InputError) as caught:
        SelfHosted(region="us-east-1", sites=2, hands="1 h")
    assert {problem.where for problem in caught.value.problems} == {"sites", "hands"}


def test_what_is_left_out_follows_the_inputs() -> None:
    def omitted(**changes: Any) -> set[str]:
        return set(cluster(**changes).not_modelled(light().operands()))

    staff = "data-centre staff"
    carries = "whether the links between sites carry the replication"
    assert staff in omitted()
    assert carries not in omitted()
    assert staff not in omitted(hands="1 h")
    assert carries in omitted(sites=2)
