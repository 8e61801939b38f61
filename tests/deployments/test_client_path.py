"""How clients reach a service outside their network: what their cloud bills for each path.

Prices are those of us-east-1 on 2025-10-31 (pricing/list/aws/network.csv): a NAT gateway 0.045 an
hour and 0.045 a GiB, a private endpoint 0.01 and 0.01, a public address 0.005 an hour, and 0.01 a
GiB to public addresses of the same region.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import (
    Aiven,
    Assumptions,
    Catalogue,
    ConfluentBasic,
    ConfluentDedicated,
    ConfluentEnterprise,
    ConfluentFreight,
    ConfluentStandard,
    Curve,
    GoogleManagedKafka,
    InputError,
    Instaclustr,
    PriceBook,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.deployments import Deployment
from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.deployments.redpanda_serverless import RedpandaServerless
from kafkatco.prices.assumptions import SETS
from kafkatco.sizing.workload import Operands

AS_OF = "2026-10-31"
BOOK = PriceBook("list", as_of=AS_OF)  # in production, the usual path of each kind is billed
STANDARD = ConfluentStandard(region="us-east-1")
TB_GIB = 1e12 / 2**30
NAT = ("aws.nat-gateway", "aws.public-ipv4", "aws.nat-gateway.data")
LINK = ("aws.privatelink.endpoint", "aws.privatelink.data")
PUBLIC = ("aws.public-ipv4", "aws.data-transfer.inter-az")


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def load_of(tb: float, **fields: Any) -> Operands:
    base = {"ingress": f"{tb} TB/month", "fanout": 3, "retention": "7 days", "partitions": 60}
    return Workload(**{**base, **fields}).operands()


def path_of(deployment: Deployment, load: Operands, book: PriceBook = BOOK) -> dict[str, float]:
    """Return the quantities of the network by sku."""
    lines = bill_of(deployment, load, book).lines
    return {line.sku: line.quantity for line in lines if line.component == "network"}


@pytest.mark.parametrize(
    ("tb", "more", "before"), [(10, 0.51, 3472), (50, 0.60, 14_075), (200, 0.73, 46_042)]
)
def test_confluent_standard_through_nat_gateways(tb: float, more: float, before: float) -> None:
    load = load_of(tb)
    plain = bill_of(STANDARD.replace(access="none"), load, BOOK).total
    through = bill_of(STANDARD.replace(access="nat"), load, BOOK).total
    assert plain is not None
    assert through is not None
    # written once and read three times; a gateway with its address in each of three zones
    added = 4 * tb * TB_GIB * 0.045 + 3 * 730 * (0.045 + 0.005)
    assert through - plain == near(added)
    assert added / before == pytest.approx(more, abs=0.005)


@pytest.mark.parametrize("zones", [1, 3])
def test_the_meters_of_each_path(zones: int) -> None:
    load = load_of(10, zones=zones)
    moved = near(4 * 10 * TB_GIB)

    def quantities(**fields: Any) -> dict[str, float]:
        return path_of(STANDARD.replace(**fields), load)

    hours = zones * 730
    assert quantities(access="nat") == {NAT[0]: hours, NAT[1]: hours, NAT[2]: moved}
    assert quantities(access="private-link") == {LINK[0]: zones * 730, LINK[1]: moved}
    assert quantities(access="public-ip") == {PUBLIC[1]: moved}
    addresses = quantities(access="public-ip", public_addresses=20)
    assert addresses == {PUBLIC[0]: 20 * 730, PUBLIC[1]: moved}
    assert quantities(access="none") == {}


@pytest.mark.parametrize(
    ("deployment", "skus"),
    [
        (ConfluentBasic(region="us-east-1"), NAT),
        (STANDARD, NAT),
        (ConfluentEnterprise(region="us-east-1"), LINK),
        (ConfluentFreight(region="us-east-1"), LINK),
        (Aiven(region="us-east-1", plan="usage"), NAT),
        (RedpandaServerless(region="us-east-1"), NAT),
        (Instaclustr(region="us-east-1", quote="450 USD/month"), ()),
        (GoogleManagedKafka(region="us-central1"), ("gcp.network.inter-zone",)),
        # no price of a NAT gateway of Azure is in the tables
        (Aiven(region="eastus", cloud="azure", plan="usage"), ()),
        (
            Aiven(region="us-central1", cloud="gcp", plan="usage"),
            ("gcp.nat.gateway", "gcp.public-ipv4", "gcp.nat.data"),
        ),
    ],
    ids=lambda value: value.label if isinstance(value, Deployment) else "",
)
def test_the_usual_path_is_billed_where_it_is_assumed(
    deployment: Deployment, skus: tuple[str, ...]
) -> None:
    load = load_of(1)
    assert tuple(path_of(deployment, load)) == skus
    for name in SETS[1:]:
        book = PriceBook("list", as_of=AS_OF, assumptions=name)
        inside = [sku for sku in path_of(deployment, load, book) if "inter-zone" not in sku]
        assert inside == []
        own = PriceBook("list", as_of=AS_OF, assumptions=Assumptions(name, {"client_path": True}))
        assert tuple(path_of(deployment, load, own)) == skus


def test_a_path_that_is_named_is_billed_under_every_set() -> None:
    for name in SETS:
        book = PriceBook("list", as_of=AS_OF, assumptions=name)
        assert tuple(path_of(STANDARD.replace(access="private-link"), load_of(1), book)) == LINK


def test_a_bill_says_what_it_leaves_out() -> None:
    omitted = "the path of clients to the service"
    notes = (
        "the path of clients to the service is not billed",
        "traffic between NAT gateways and the service is not billed",
    )
    bare = PriceBook("list", as_of=AS_OF, assumptions="bare")
    azure = Aiven(region="eastus", cloud="azure", plan="usage")
    for deployment, book, said in (
        (STANDARD, BOOK, (False, False, True)),
        (STANDARD.replace(access="nat"), bare, (False, False, True)),
        (STANDARD.replace(access="private-link"), BOOK, (False, False, False)),
        (STANDARD.replace(access="none"), BOOK, (True, False, False)),
        (STANDARD, bare, (False, True, False)),
        (azure, BOOK, (True, False, False)),
    ):
        bill = bill_of(deployment, load_of(1), book)
        has = [any(str(words) == note for words in bill.notes) for note in notes]
        assert (omitted in bill.not_modelled, *has) == said
        assert not any("NAT" in str(words) for words in bill.not_modelled)


def test_a_gateway_of_google_serves_its_region() -> None:
    # https://cloud.google.com/nat/pricing: 32 x 0.0014 = 0.0448 an hour, and 0.005 for its address
    usage = Aiven(region="us-central1", cloud="gcp", plan="usage")
    load = load_of(10)
    assert path_of(usage, load) == {
        "gcp.nat.gateway": 730,
        "gcp.public-ipv4": 730,
        "gcp.nat.data": near(4 * 10 * TB_GIB),
    }
    lines = {line.sku: line.cost for line in bill_of(usage, load, BOOK).lines}
    assert lines["gcp.nat.gateway"] == near(730 * 0.0448)
    assert lines["gcp.public-ipv4"] == near(730 * 0.005)


def test_where_a_gateway_has_a_price_so_has_its_address() -> None:
    for gateway, address in (("aws.nat-gateway", NAT[1]), ("gcp.nat.gateway", "gcp.public-ipv4")):
        assert set(BOOK.regions_of(gateway)) <= set(BOOK.regions_of(address))


@pytest.mark.parametrize(("zones", "clusters"), [(3, 1), (1, 1), (3, 5), (2, 9)])
def test_private_endpoints_against_nat_gateways(zones: int, clusters: int) -> None:
    """A private path is cheaper from the traffic whose gigabytes pay for its endpoints.

    Per zone and hour a gateway with its address costs 0.050 and each endpoint 0.010: up to five
    clusters, endpoints are never dearer; with k, from 730 Z (0.010 k - 0.050) / 0.035 GiB.
    """

    def cost(access: str, tb: float) -> float:
        own = STANDARD.replace(access=access, clusters=clusters)
        lines = bill_of(own, load_of(tb, zones=zones), BOOK).lines
        return sum(line.cost or 0.0 for line in lines if line.component == "network")

    crossing_gib = 730 * zones * (0.010 * clusters - 0.050) / (0.045 - 0.010)
    crossing_tb = crossing_gib / 4 / TB_GIB  # written once, read three times
    if crossing_tb <= 0:
        assert cost("private-link", 0) <= cost("nat", 0) + 1e-9
        assert cost("private-link", 1) < cost("nat", 1)
    else:
        assert cost("private-link", crossing_tb) == near(cost("nat", crossing_tb))
        assert cost("private-link", crossing_tb * 0.99) > cost("nat", crossing_tb * 0.99)
        assert cost("private-link", crossing_tb * 1.01) < cost("nat", crossing_tb * 1.01)


def test_clusters_share_gateways_and_have_their_own_endpoints() -> None:
    load = load_of(10)
    moved = near(4 * 10 * TB_GIB)
    twice = STANDARD.replace(clusters=2)
    assert path_of(twice, load) == {NAT[0]: 3 * 730, NAT[1]: 3 * 730, NAT[2]: moved}
    linked = path_of(twice.replace(access="private-link"), load)
    assert linked == {LINK[0]: 2 * 3 * 730, LINK[1]: moved}


def test_readers_over_the_internet_do_not_pass_a_gateway() -> None:
    load = load_of(10, internet_egress=0.5)
    assert path_of(STANDARD, load)[NAT[2]] == near((1 + 3 * 0.5) * 10 * TB_GIB)


def test_mirror_makers_read_through_the_gateway() -> None:
    load = load_of(10, replica_regions=2)
    usage = Aiven(region="us-east-1", plan="usage")
    assert path_of(usage, load)[NAT[2]] == near((1 + 3 + 2) * 10 * TB_GIB)


@pytest.mark.parametrize(
    ("kind", "fields", "where"),
    [
        (ConfluentEnterprise, {"access": "nat"}, "access"),
        (ConfluentFreight, {"access": "public-ip"}, "access"),
        (Aiven, {"cloud": "azure", "region": "eastus", "access": "nat"}, "access"),
        (Aiven, {"cloud": "gcp", "region": "us-central1", "access": "public-ip"}, "access"),
        (STANDARD.__class__, {"access": "nat", "public_addresses": 2}, "public_addresses"),
        (ConfluentEnterprise, {"access": "none", "private_link": True}, "private_link"),
        (ConfluentDedicated, {"access": "private-link", "private_link": False}, "private_link"),
    ],
)
def test_a_path_that_does_not_exist_is_refused(
    kind: type[OutsideNetwork], fields: dict[str, Any], where: str
) -> None:
    with pytest.raises(InputError) as caught:
        kind(**{"region": "us-east-1", **fields})
    assert [problem.where for problem in caught.value.problems] == [where]


def test_private_link_is_a_synonym() -> None:
    kind, load = ConfluentEnterprise, load_of(1)
    bare = PriceBook("list", as_of=AS_OF, assumptions="bare")
    assert tuple(path_of(kind(region="us-east-1", private_link=True), load, bare)) == LINK
    assert path_of(kind(region="us-east-1", private_link=False), load) == {}


PATHS = st.sampled_from(["private-link", "nat", "public-ip"])
CATALOGUE = Catalogue(as_of=BOOK.as_of)


@given(path=PATHS, tb=st.floats(0, 300), fanout=st.floats(0, 9), internet=st.floats(0, 1))
def test_the_curve_of_a_path_is_its_formula_and_never_falls(
    path: Any, tb: float, fanout: float, internet: float
) -> None:
    deployment = STANDARD.replace(access=path)
    at_one = load_of(1, fanout=fanout, internet_egress=internet, partitions=30)

    def more(load: Operands) -> Any:
        plain = STANDARD.replace(access="none")
        with_path, without = (costs_of(x, load, BOOK, CATALOGUE).total for x in (deployment, plain))
        return with_path - without

    unit = at_one.ingress_mib_s
    swept = more(at_one.replace(ingress_mib_s=Curve.identity(0.0, 400.0) * unit))
    reads = fanout if path == "private-link" else fanout * (1 - internet)
    hourly, byte = {
        "private-link": (0.03, 0.01),
        "nat": (3 * (0.045 + 0.005), 0.045),
        "public-ip": (0, 0.01),
    }[path]
    gib = tb * TB_GIB * (1 + reads)
    if path == "private-link":  # 0.006 beyond a PiB
        paid = byte * min(gib, 2**20) + 0.006 * max(gib - 2**20, 0)
    else:
        paid = byte * gib
    assert float(swept(tb)) == pytest.approx(730 * hourly + paid, rel=1e-6, abs=1e-3)
    assert float(swept(tb + 1)) >= float(swept(tb)) - 1e-6
