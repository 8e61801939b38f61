"""What environments add to a bill: by hand, and the laws that hold for every kind."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco import Environment, Labour, PriceBook, Workload
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.costs import costs_of
from kafkatco.costing.lines import priced
from kafkatco.deployments import KINDS, Deployment
from kafkatco.sizing.clouds.regions import cloud_of
from support.plain import PLAIN

LINK = "confluent.cluster-linking."
BOOK = PriceBook(
    "list",
    as_of="2026-10-31",
    assumptions=PLAIN,
    overrides={
        "confluent.dedicated.cku": "3 USD/hour",
        "confluent.dedicated.ingress": "0.05 USD/GiB",
        "confluent.dedicated.egress": "0.04 USD/GiB",
        "confluent.dedicated.storage": "0.08 USD/GiB/month",
        "azure.event-hubs.geo-replication": "0.06 USD/GiB",
        "gcp.network.inter-region": "0.02 USD/GiB",
        f"{LINK}link": "0.5 USD/hour",
        f"{LINK}read": "0.02 USD/GiB",
        f"{LINK}write": "0.03 USD/GiB",
    },
)
TEAM = Labour(fte=1, monthly="5000 USD", setup="4 weeks")
LOAD = Workload(ingress="10 MiB/s", fanout=2, retention="1 day", peak_to_average=1, partitions=30)
#: What 10 MiB/s are in a month of 730 h [GiB]: 10 x 3600 x 730 / 1024.
WRITTEN = 10 * 3600 * 730 / 1024
#: What brokers keep of them for a day, once [GiB]: 10 x 86400 / 1024.
KEPT = 10 * 86400 / 1024
STAGING = Environment(name="staging")
SELF = kt.SelfHosted(region="us-east-1", instance="m5.large", controllers=0)
MSK = kt.MskStandard(region="us-east-1", instance="kafka.m7g.large")
BASIC = kt.ConfluentBasic(region="us-east-1")
ENTERPRISE = kt.ConfluentEnterprise(region="us-east-1")


def price(sku: str, region: str = "us-east-1") -> float:
    """Return the price of the book [USD], which has one tier."""
    [row] = BOOK.price(sku, region)
    assert row.price is not None
    return float(row.price)


def of(deployment: Deployment, *environments: Environment, **fields: Any) -> Deployment:
    return deployment.replace(environments=environments, **fields)


def parts(bill: Bill, name: str = "staging") -> dict[str, float]:
    """Return the cost of an environment by sku."""
    costs: dict[str, float] = {}
    for line in bill.lines:
        if line.environment == name:
            assert line.component == "environments"
            costs[line.sku] = costs.get(line.sku, 0.0) + float(line.cost)
    return costs


def billed(deployment: Deployment, load: Any = LOAD, book: PriceBook = BOOK) -> Bill:
    bill = bill_of(deployment, load, book)
    assert bill.infeasible == ()
    return bill


def total(deployment: Deployment, load: Any = LOAD, book: PriceBook = BOOK) -> float:
    return float(billed(deployment, load, book).total or 0.0)


def test_staging_self_hosted_by_hand() -> None:
    # three brokers, one a zone; three copies on disks that are half full; traffic between zones:
    # two thirds of what producers and both readers move, and two copies, metered on both sides
    bill = billed(of(SELF, STAGING))
    crossings = 2 / 3 * (1 + 2) + 2
    assert parts(bill) == pytest.approx(
        {
            "aws.ec2.m5.large": 3 * 730 * price("aws.ec2.m5.large"),
            "aws.ebs.gp3.storage": 0.1 * KEPT * 3 / 0.5 * price("aws.ebs.gp3.storage"),
            "aws.data-transfer.inter-az": 2
            * crossings
            * 0.1
            * WRITTEN
            * price("aws.data-transfer.inter-az"),
        }
    )
    assert bill.total == pytest.approx(total(SELF) + sum(parts(bill).values()))
    [subtotal] = bill.environments
    assert (subtotal.name, subtotal.region) == ("staging", "us-east-1")
    assert subtotal.total == pytest.approx(sum(parts(bill).values()))
    assert subtotal.sizing.count == 3


def test_a_standby_of_msk_by_hand() -> None:
    # the copies arrive through a Replicator; nobody reads them, so that only writes cross zones
    bill = billed(of(MSK, Environment(name="dr", dr="standby", region="us-west-2")))
    replicator, private = "aws.msk.replicator", "aws.msk.private-connectivity"
    west = "us-west-2"
    assert parts(bill, "dr") == pytest.approx(
        {
            "aws.msk.kafka.m7g.large": 3 * 730 * price("aws.msk.kafka.m7g.large", west),
            "aws.msk.storage": KEPT * 3 / 0.5 * price("aws.msk.storage", west),
            "aws.data-transfer.inter-az": 2
            * (2 / 3)
            * WRITTEN
            * price("aws.data-transfer.inter-az", west),
            replicator: 730 * price(replicator),
            f"{replicator}-data-cross-region": WRITTEN * price(f"{replicator}-data-cross-region"),
            "aws.data-transfer.inter-region": WRITTEN * price("aws.data-transfer.inter-region"),
            private: 730 * price(private),
            f"{private}-data": WRITTEN * price(f"{private}-data"),
        }
    )
    assert "dr: sized for the copies until a failover; set fanout to size it for readers" in (
        bill.notes
    )


def test_staging_in_confluent_basic_by_hand() -> None:
    # the cluster and one eCKU are free; each stored byte is billed three times
    bill = billed(of(BASIC, STAGING))
    basic = "confluent.basic."
    assert parts(bill) == pytest.approx(
        {
            f"{basic}cluster": 730 * 0.0,
            f"{basic}ingress": 0.1 * WRITTEN * price(f"{basic}ingress"),
            f"{basic}egress": 0.1 * WRITTEN * 2 * price(f"{basic}egress"),
            f"{basic}storage": 0.1 * KEPT * 3 * price(f"{basic}storage"),
        }
    )


def test_two_active_clusters_of_confluent_enterprise_by_hand() -> None:
    # half of the writes go each way: one link each; both clusters have all writes and readers
    bill = billed(of(ENTERPRISE, Environment(name="dr", dr="active")))
    once = total(ENTERPRISE)
    half = WRITTEN / 2
    links = 2 * (730 * 0.5 + half * 0.02 + half * 0.03)
    assert bill.total == pytest.approx(2 * once + links)
    assert "dr: producers send 50% of writes to it" in bill.notes
    assert "dr: at the prices of us-east-1, unless region is set" in bill.notes


def test_geo_replication_of_event_hubs_by_hand() -> None:
    premium = kt.EventHubsPremium(region="eastus", units=4)
    site = Environment(name="dr", dr="standby", options={"units": 4})
    bill = billed(of(premium, site))
    geo, unit = "azure.event-hubs.geo-replication", "azure.event-hubs.premium.processing-unit"
    own = parts(bill, "dr")
    assert own[geo] == pytest.approx(WRITTEN * 0.06)
    assert own[unit] == pytest.approx(4 * 730 * price(unit, "eastus"))


def test_mirror_maker_reads_production() -> None:
    # the copies are reads of a consumer: production has one reader more, across zones
    alone, linked = billed(SELF), billed(of(SELF, Environment(name="dr", dr="standby")))

    def crossing(bill: Bill) -> float:
        lines = [x for x in bill.lines if x.sku == "aws.data-transfer.inter-az" and not x.part]
        return sum(float(x.quantity) for x in lines)

    assert crossing(linked) - crossing(alone) == pytest.approx(2 * (2 / 3) * WRITTEN)


def _of_every_kind() -> dict[str, Deployment]:
    """Return a deployment of each kind with one instance type, where it has prices."""
    types = {
        "self-hosted": "m5.xlarge",
        "msk-standard": "kafka.m7g.xlarge",
        "msk-express": "express.m7g.xlarge",
    }
    found = {}
    for kind, model in KINDS.items():
        example = dict(model.examples[0])
        prefix = model(region="any", **example).sku_prefix
        regions = {*BOOK.regions(prefix)} - {"any"} or {"us-east-1"}
        region = next(x for x in ("us-east-1", "eastus", "us-central1") if x in regions)
        if kind in types:
            example["instance"] = types[kind]
        assert cloud_of(region) in ("", model(region=region, **example).home.name)
        found[kind] = model(region=region, labour=TEAM, **example)
    return found


EVERY = _of_every_kind()
kinds = st.sampled_from(sorted(EVERY))
rates = st.floats(0.05, 30.0)
environments = st.builds(
    Environment,
    name=st.just("other"),
    traffic=st.floats(0, 1.5),
    fanout=st.one_of(st.none(), st.floats(0, 4)),
    retention=st.one_of(st.none(), st.just("6 hours")),
    dr=st.sampled_from(["none", "standby", "active"]),
)


@settings(max_examples=150)
@given(kinds, environments, rates)
def test_an_environment_never_lowers_a_bill(kind: str, other: Environment, rate: float) -> None:
    load = LOAD.operands().replace(ingress_mib_s=rate)
    alone, both = (bill_of(x, load, BOOK) for x in (EVERY[kind], of(EVERY[kind], other)))
    if alone.total is None:
        assert both.total is None
    elif both.total is not None:
        assert both.total >= alone.total * (1 - 1e-12)
        assert both.people == alone.people
        assert both.one_off_total == pytest.approx(alone.one_off_total)
        [subtotal] = both.environments
        assert subtotal.total == pytest.approx(sum(parts(both, "other").values()))
        assert both.total == pytest.approx(sum(float(line.cost) for line in both.lines))
    else:
        assert all(reason.startswith("other: ") for reason in both.infeasible) or alone.infeasible


@pytest.mark.parametrize("kind", sorted(EVERY))
def test_an_environment_like_production_is_a_second_bill_without_people(kind: str) -> None:
    deployment = EVERY[kind]
    same = Environment(name="same", traffic=1)
    alone, both = billed(deployment), billed(of(deployment, same))
    assert both.total == pytest.approx(2 * float(alone.provider_charges or 0) + 5000)
    assert both.people == alone.people == 5000


@pytest.mark.parametrize("dr", ["standby", "active"])
@pytest.mark.parametrize("kind", sorted(EVERY))
def test_a_second_site_is_a_second_bill_and_its_link(kind: str, dr: Any) -> None:
    deployment, catalogue = EVERY[kind].replace(labour=None), BOOK.catalogue()
    site = Environment(name="dr", dr=dr)
    load = LOAD.operands()
    # readers of copies, where the copies are reads: of all writes, or half of them each way
    reads = float(deployment.copies_are_reads)
    there, back = (1.0, 0.0) if dr == "standby" else (0.5, 0.5)
    first = load.replace(fanout=2.0 + reads * there)
    second = load.replace(fanout=(0.0 if dr == "standby" else 2.0) + reads * back)

    def link(share: float) -> float:
        sent = load.replace(ingress_mib_s=10.0 * share, replica_regions=1.0)
        meters = deployment.replicas(sent, catalogue) if share else ()
        lines = [line for meter in meters for line in priced(meter, BOOK, 730.0)]
        return sum(float(line.cost) for line in lines)

    expected = total(deployment, first) + total(deployment, second) + link(there) + link(back)
    assert total(of(deployment, site)) == pytest.approx(expected)


@pytest.mark.parametrize("kind", sorted(EVERY))
def test_no_traffic_costs_the_least_cluster(kind: str) -> None:
    idle = Environment(name="idle", traffic=0)
    least = total(
        EVERY[kind].replace(labour=None), LOAD.operands().replace(ingress_mib_s=0.0, partitions=1.0)
    )
    assert total(of(EVERY[kind], idle)) == pytest.approx(total(EVERY[kind]) + least)


@pytest.mark.parametrize("kind", sorted(EVERY))
def test_a_curve_is_the_formula_and_the_bill(kind: str) -> None:
    others = (STAGING, Environment(name="dr", dr="active"))
    deployment = of(EVERY[kind], *others, discount=0.1)
    load, points = LOAD.operands(), np.geomspace(0.1, 20.0, 13)
    whole = load.replace(ingress_mib_s=kt.Curve.identity(0.1, 20.0))
    curve, formula = (
        costs_of(deployment, one, BOOK) for one in (whole, load.replace(ingress_mib_s=points))
    )
    feasible = ~np.broadcast_to(np.asarray(formula.infeasible, bool), points.shape)
    exact = np.broadcast_to(curve.total(points), points.shape)
    np.testing.assert_allclose(exact[feasible], formula.total[feasible], rtol=1e-12)
    for point, cost, fits in zip(points, formula.total, feasible, strict=True):
        bill = bill_of(deployment, load.replace(ingress_mib_s=float(point)), BOOK)
        assert (bill.total is not None) == fits
        if bill.total is not None:
            assert cost == pytest.approx(bill.total)


def test_a_choice_among_types_is_made_for_each_environment_alone() -> None:
    # production needs more than small nodes; at each traffic, staging has its own cheapest type
    ours = kt.SelfHosted(region="us-east-1", instance=["m5.large", "c6in.large"], controllers=0)
    both = of(ours, STAGING)
    load, points = LOAD.operands(), np.geomspace(1.0, 3000.0, 17)
    whole = load.replace(ingress_mib_s=kt.Curve.identity(1.0, 3000.0))
    curve = costs_of(both, whole, BOOK).total(points)
    seen = set()
    for point, cost in zip(points, curve, strict=True):
        bill = billed(both, load.replace(ingress_mib_s=float(point)))
        assert cost == pytest.approx(bill.total)
        alone = total(ours, load.replace(ingress_mib_s=float(point)))
        tenth = load.replace(ingress_mib_s=float(point) / 10, partitions=3.0)
        assert bill.total == pytest.approx(alone + total(ours, tenth))
        seen.add((bill.sizing.details["instance"], bill.environments[0].sizing.details["instance"]))
    assert ("c6in.large", "m5.large") in seen


def test_programs_of_many_totals_are_the_bills() -> None:
    ours = of(MSK, STAGING, Environment(name="dr", dr="standby"))
    volumes = np.array([1.0, 10.0, 40.0])
    data = kt.totals(LOAD, [ours, BASIC], BOOK, {"ingress": volumes}, itemised=True)
    for i, volume in enumerate(volumes):
        bill = billed(ours, LOAD.replace(ingress=f"{volume} TB/month"))
        assert float(data.total[0, i]) == pytest.approx(bill.total)
        extra = sum(one.total for one in bill.environments)
        assert float(data.environments[0, i]) == pytest.approx(extra)
        assert float(data.environments[1, i]) == 0.0


def test_agreements_hold_for_all_environments_together() -> None:
    # 10 % off the charges of both; a support plan with one minimum; 10 % VAT on all of it
    both = of(BASIC, STAGING, discount=0.1, support="developer")
    taxed = PriceBook(
        "list", as_of="2026-10-31", assumptions=PLAIN, tax=kt.Tax(vat=0.1, recoverable=0)
    )
    bill = billed(both, book=taxed)
    charges = total(BASIC) + sum(parts(bill).values())
    [discount] = [line for line in bill.lines if line.component == "discount"]
    assert discount.cost == pytest.approx(-0.1 * charges)
    support = [line for line in bill.lines if line.component == "support"]
    assert sum(float(line.cost) for line in support) == pytest.approx(
        max(
            price("confluent.support.developer.minimum"),
            sum(float(line.cost) for line in support if not line.sku.endswith("minimum")),
        )
    )
    assert len([line for line in support if line.sku.endswith("minimum")]) <= 1
    paid = 0.9 * charges + sum(float(line.cost) for line in support)
    assert bill.total == pytest.approx(1.1 * paid)
    [tax] = [line for line in bill.lines if line.component == "tax"]
    assert tax.quantity == pytest.approx(paid)


def test_a_credit_is_paid_once() -> None:
    small = LOAD.replace(ingress="1 GB/month")
    credited = of(BASIC, STAGING, credit="100000 USD")
    bill = billed(credited, small)
    [credit] = [line for line in bill.one_off if line.component == "credit"]
    assert credit.cost == -100_000


def test_a_commitment_holds_for_the_nodes_of_each_environment() -> None:
    terms = {"term": "1-year", "discount": 0.25}
    both = of(SELF, STAGING, commitment=terms)
    own = parts(billed(both))
    nodes = 3 * 730 * price("aws.ec2.m5.large")
    assert own["aws.ec2.m5.large"] == pytest.approx(nodes)
    assert own["aws.ec2.m5.large@1-year"] == pytest.approx(-0.25 * nodes)


def test_another_set_of_assumptions_may_choose_burstable_nodes() -> None:
    # the types t3 and t4g are burstable: production does not choose them
    production = PriceBook("list", as_of="2026-10-31")
    ours = kt.SelfHosted(region="us-east-1")
    for name, burstable in ((None, False), ("bare", True)):
        both = of(ours, Environment(name="dev", traffic=0.01, assumptions=name))
        bill = billed(both, LOAD, production)
        instance = bill.environments[0].sizing.details["instance"]
        assert instance.startswith("t") == burstable
        assert not str(bill.sizing.details["instance"]).startswith("t")
        assert float(costs_of(both, LOAD, production).total) == pytest.approx(bill.total)


def test_an_environment_that_cannot_serve_names_itself() -> None:
    # Basic takes 250 MB/s in: production does, and ten times as much does not fit
    much = Environment(name="load-test", traffic=100)
    bill = bill_of(of(BASIC, much), LOAD, BOOK)
    assert bill.total is None
    assert bill.infeasible
    assert all(reason.startswith("load-test: ") for reason in bill.infeasible)
    cost = costs_of(of(BASIC, much), LOAD, BOOK)
    assert bool(cost.infeasible)


def test_a_floor_of_an_environment_is_a_floor_of_the_option() -> None:
    # requests beyond what the brokers' vCPUs handle by assumption are unknown for MSK
    production = PriceBook("list", as_of="2026-10-31")
    load = LOAD.replace(requests=1)
    fixed = of(
        kt.MskStandard(region="us-east-1", instance="kafka.m7g.large", brokers=60),
        Environment(name="busy", traffic=1, options={"brokers": 3}),
    )
    assert not billed(fixed, load, production).is_floor
    busy = LOAD.replace(requests=5_000_000 // 10)
    bill = bill_of(fixed, busy, production)
    reasons = [reason for reason in bill.unchecked if reason.startswith("busy: ")]
    assert bill.is_floor
    assert reasons
    assert bool(costs_of(fixed, busy, production).floor)


def test_options_that_a_kind_does_not_have_are_said() -> None:
    bill = billed(of(BASIC, Environment(name="dev", options={"brokers": 3})))
    assert "dev: brokers: not of this kind, no effect" in bill.notes


def test_what_has_no_effect_is_said_once() -> None:
    # Basic keeps three copies, whatever the workload states
    bill = billed(of(BASIC, STAGING), LOAD.replace(replication_factor=2))
    assert [note for note in bill.notes if "replication factor" in note] == [
        "the replication factor has no effect: the service always keeps 3 copies"
    ]
    # unless it is only the environment that states it
    own = Environment(name="dev", replication_factor=2)
    notes = [note for note in billed(of(BASIC, own)).notes if "replication factor" in note]
    assert [note.partition(": ")[0] for note in notes] == ["dev"]
    # a second site is where the copies go
    named = MSK.replace(replica_region="us-east-2")
    unused = "replica_region has no effect without replica_regions"
    assert unused in billed(of(named, STAGING)).notes
    linked = billed(of(named, Environment(name="dr", dr="standby")))
    assert not any(unused in note for note in linked.notes)


def test_plans_projections_and_placements_have_them() -> None:
    both = of(MSK, STAGING)
    horizon = kt.Horizon(months=2)
    [month] = {
        round(float(x), 6)
        for x in kt.project(LOAD, [both], BOOK, horizon=horizon).to_xarray().cost.values.ravel()
    }
    assert month == pytest.approx(total(both))
    parts_ = [kt.Part(name="all", share=1.0)]
    assert kt.place(LOAD, [both], BOOK, parts_).total == pytest.approx(total(both))


def test_focus_has_the_region_and_the_name_of_each() -> None:
    both = of(
        SELF,
        Environment(name="dr", dr="standby", region="us-west-2"),
        commitment={"term": "1-year", "discount": 0.25},
        discount=0.1,
    )
    bills = kt.bill(LOAD, [both], BOOK)
    frame = kt.focus(bills, month="2026-10")
    own = frame[frame["x_Environment"] == "dr"]
    # the link is billed where it starts
    links = own[own["SkuId"].str.contains("inter-region") | (own["x_Component"] == "connect")]
    assert set(links["RegionId"]) == {"us-east-1"}
    assert set(own.drop(links.index)["RegionId"]) == {"us-west-2"}
    assert float(frame["EffectiveCost"].sum()) == pytest.approx(bills[0].total)
    assert float(frame["BilledCost"].sum()) == pytest.approx(bills[0].total)
    used = own[(own["x_Component"] == "compute") & (own["ChargeCategory"] == "Usage")]
    assert set(used["CommitmentDiscountStatus"]) == {"Used"}


def test_the_table_and_json_have_a_row_for_each() -> None:
    from kafkatco.output.views.bill import bill_table, bills_dict

    bills = kt.bill(LOAD, [of(MSK, STAGING)], BOOK)
    rows = {str(row[0]): row[5] for row in bill_table(bills[0]).rows}
    assert {"staging: compute", "staging: storage", "environment staging"} <= rows.keys()
    [data] = bills_dict(bills)["deployments"]
    [own] = data["environments"]
    assert own["total"] == pytest.approx(
        sum(line["cost"] for line in data["lines"] if line["environment"] == "staging")
    )
    assert {line["part"] for line in data["lines"] if line["environment"]} == {
        "compute",
        "storage",
        "network",
    }
    assert own["sizing"]["brokers"] == 3


def test_without_environments_nothing_changes() -> None:
    # a deployment with an empty tuple is the same, and its bill has no line of an environment
    bill = billed(of(MSK))
    assert bill == billed(MSK)
    assert bill.environments == ()
    assert {line.environment for line in bill.lines} == {""}
    omitted = "staging and disaster recovery (not set)"
    assert omitted in bill.not_modelled
    assert omitted not in billed(of(MSK, STAGING)).not_modelled
