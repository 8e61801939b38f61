"""The workload and the deployment of an environment, and what a user may write."""

from typing import Any

import numpy as np
import pytest

from kafkatco import (
    Aiven,
    ConfluentBasic,
    Environment,
    InputError,
    Labour,
    MskStandard,
    SelfHosted,
    Workload,
)
from kafkatco.deployments import KINDS
from kafkatco.deployments.environments import TOGETHER
from kafkatco.scenario.scenario import Scenario
from kafkatco.sizing.workload import Operands

LOAD = Workload(
    ingress="10 MiB/s",
    fanout=3,
    retention="7 days",
    partitions=45,
    connections=25,
    requests=200,
    connector_tasks=11,
    stream_processing_units=6,
    schema_registry=True,
    replica_regions=1,
    topics=12,
).operands()
BASE: dict[str, Any] = {
    "workload": {"ingress": "10 MB/s", "fanout": 2, "retention": "1 day"},
    "prices": {"as_of": "2026-10-31"},
    "deployment": [
        {"kind": "msk-standard", "region": "us-east-1"},
        {"kind": "confluent-basic", "region": "us-east-1"},
    ],
}


def of(name: str = "staging", **fields: Any) -> Environment:
    return Environment(name=name, **fields)


def demand(**fields: Any) -> Operands:
    return of(**fields).load(LOAD)


def test_a_tenth_of_production_by_default() -> None:
    own = demand()
    assert (own.ingress_mib_s, own.retained_mib_s, own.requests_per_s) == (1.0, 1.0, 20.0)
    assert (own.fanout, own.retention_h) == (3.0, 168.0)
    # whole partitions, connections and connectors: 4.5, 2.5 and 1.1, rounded up
    assert (own.partitions, own.connections, own.connector_tasks) == (5.0, 3.0, 2.0)
    assert own.stream_processing_units == pytest.approx(0.6)
    # a registry and topics of its own, and no copies in other regions
    assert (own.schema_registry, own.topics, own.replica_regions) == (1.0, 12.0, 0.0)
    # each topic has a partition
    assert own.split(1).partitions == 12.0


def test_its_own_values() -> None:
    own = demand(
        traffic=0.5,
        fanout=1,
        retention="1 day",
        zones=1,
        replication_factor=2,
        partitions=9,
        connections=0,
    )
    assert (own.ingress_mib_s, own.fanout, own.retention_h) == (5.0, 1.0, 24.0)
    assert (own.zones, own.replication_factor, own.partitions) == (1.0, 2.0, 9.0)
    assert own.connections == 0.0


def test_no_traffic_leaves_a_cluster_with_one_partition() -> None:
    own = demand(traffic=0)
    assert (own.ingress_mib_s, own.partitions, own.connector_tasks) == (0.0, 1.0, 0.0)


def test_a_standby_has_the_writes_and_no_readers() -> None:
    standby = of(dr="standby")
    own = standby.load(LOAD)
    assert (own.ingress_mib_s, own.fanout) == (10.0, 0.0)
    assert (own.connector_tasks, own.stream_processing_units) == (0.0, 0.0)
    assert (standby.copied, standby.returned) == (1.0, 0.0)
    assert demand(dr="standby", fanout=3).fanout == 3.0
    # half of all topics
    assert of(dr="standby", traffic=0.5).copied == 0.5


def test_two_active_sites_exchange_all_writes_once() -> None:
    # half of 10 MiB/s is written at each site, and copied to the other: both have 10 MiB/s
    active = of(dr="active")
    own = active.load(LOAD)
    assert (own.ingress_mib_s, own.fanout, own.connector_tasks) == (10.0, 3.0, 11.0)
    assert active.copied * 10.0 == 5.0
    assert active.returned * own.ingress_mib_s == 5.0
    # a fifth is written at the second site: four fifths go there, and a fifth returns
    fifth = of(dr="active", writes=0.2)
    assert (fifth.copied, fifth.returned) == (0.8, 0.2)


def test_true_is_a_standby() -> None:
    assert (of(dr=True).dr, of(dr=False).dr) == ("standby", "none")


def test_arrays_keep_their_shape() -> None:
    rates = np.array([1.0, 10.0, 100.0])
    own = of(traffic=0.2).load(LOAD.replace(ingress_mib_s=rates))
    np.testing.assert_allclose(own.ingress_mib_s, [0.2, 2.0, 20.0])


def test_the_deployment_has_its_settings_and_not_its_size_people_and_agreements() -> None:
    ours = SelfHosted(
        name="ours",
        region="us-east-1",
        instance="m5.large",
        volume="gp2",
        brokers=9,
        disk_minimum="900 GB",
        clusters=3,
        commitment="1-year",
        discount=0.1,
        support="business",
        credit="100 USD",
        labour=Labour(fte=1),
        environments=[of(), of("dr", dr="standby", region="us-west-2")],
    )
    staging, dr = (ours.in_environment(one) for one in ours.environments)
    assert (staging.instance, staging.volume, staging.commitment) == (
        "m5.large",
        "gp2",
        ours.commitment,
    )
    assert (staging.brokers, staging.disk_minimum, staging.clusters) == (None, None, 1)
    assert (staging.labour, staging.discount, staging.support, staging.credit) == (
        None,
        0.0,
        "none",
        None,
    )
    assert (staging.region, dr.region, dr.clusters) == ("us-east-1", "us-west-2", 3)
    assert staging.environments == ()


def test_options_replace_fields_of_the_kinds_that_have_them() -> None:
    smaller = of(options={"brokers": 3, "units": 1, "plan": "startup-4"})
    ours = SelfHosted(region="us-east-1", brokers=9, environments=[smaller])
    assert ours.in_environment(smaller).brokers == 3
    assert ConfluentBasic(region="us-east-1").in_environment(smaller).units == 1
    assert Aiven(region="us-east-1").in_environment(smaller).plan == "startup-4"


def test_a_swept_setting_is_that_of_the_environment_too() -> None:
    swept = np.array([0.1, 0.2])
    ours = SelfHosted(region="us-east-1", utilisation=0.4).model_copy(update={"utilisation": swept})
    inherited: Any = ours.in_environment(of()).utilisation
    np.testing.assert_array_equal(inherited, swept)
    assert ours.in_environment(of(options={"utilisation": 0.3})).utilisation == 0.3


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": ""}, "a name, such as 'staging'"),
        ({"traffic": -0.1}, "traffic: got -0.1; expected at least 0"),
        ({"clusters": 0}, "clusters: got 0; expected at least 1"),
        ({"dr": "hot"}, r"dr: got 'hot'; expected one of 'none', 'standby'"),
        ({"writes": 0.5}, 'writes: only with dr = "active"'),
        ({"dr": "active", "writes": 1.5}, "writes: got 1.5; expected at most 1"),
        ({"assumptions": "bear"}, "a set of assumptions. Did you mean 'bare'"),
        ({"options": {"zones": 1}}, r"options\.zones: a field of the environment itself"),
        ({"options": {"labour": {}}}, r"options\.labour: set it on the deployment"),
        ({"brokers": 3}, "brokers: unknown field"),
    ],
)
def test_invalid_fields(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        Environment(**{"name": "staging", **fields})


def test_problems_of_options_and_regions_name_the_environment() -> None:
    bad = [of(options={"brokers": 0, "volume": "pd-ssd"}), of(region="koreacentral")]
    with pytest.raises(InputError) as error:
        SelfHosted(region="us-east-1", environments=bad)
    text = str(error.value)
    assert "environments: got 'staging'; expected a different name for each environment" in text
    assert "environment 'staging'.brokers: got 0; expected at least 1" in text
    assert "environment 'staging'.region: got 'koreacentral'; expected a region of aws" in text


def test_a_file_has_environments_for_all_deployments_or_for_one() -> None:
    whole = Scenario.from_dict({**BASE, "environment": [{"name": "staging", "traffic": 0.2}]})
    assert [one.environments for one in whole.deployments] == [(of(traffic=0.2),)] * 2
    msk, basic = BASE["deployment"]
    own = [msk, {**basic, "environments": []}]
    data = {**BASE, "deployment": own, "environment": [{"name": "dr", "dr": True}]}
    first, second = Scenario.from_dict(data).deployments
    assert (first.environments, second.environments) == ((of("dr", dr="standby"),), ())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"environment": [{"name": "dev", "options": {"broker": 3}}]},
            r"environment\[0\]\.options\.broker: a field of no kind of deployment. "
            "Did you mean 'brokers'",
        ),
        ({"environment": {"name": "dev"}}, r"expected a table \[\[environment\]\]"),
        ({"environment": [{"name": "dev", "traffic": "1"}]}, r"environment\[0\]\.traffic"),
        ({"workload": {**BASE["workload"], "dr": "standby"}}, r"Write \[\[environment\]\]"),
        (
            {"deployment": [{**BASE["deployment"][0], "dr": True}]},
            r"deployment\[0\]\.dr: unknown field\. Write \[\[environment\]\], one line each: "
            'name = "dr", dr = "standby"',
        ),
        (
            {
                "deployment": [
                    {
                        **BASE["deployment"][0],
                        "environments": [{"name": "dev", "options": {"broker": 3}}],
                    }
                ]
            },
            r"environments\[0\]\.options\.broker: a field of no kind",
        ),
    ],
)
def test_problems_of_a_file(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        Scenario.from_dict({**BASE, **changes})


def test_a_second_site_without_a_price_of_its_link_needs_it() -> None:
    # Confluent publishes no price of Cluster Linking
    scenario = Scenario.from_dict({**BASE, "environment": [{"name": "dr", "dr": "standby"}]})
    assert [one.label for one in scenario.deployments] == ["msk-standard"]
    [needs] = scenario.needs_price
    sku = "confluent.cluster-linking."
    assert list(needs.prices) == [f"{sku}link", f"{sku}read", f"{sku}write"]
    override = {name: price.replace("...", "0.1") for name, price in needs.prices.items()}
    prices = {**BASE["prices"], "override": override}
    scenario = Scenario.from_dict(
        {**BASE, "prices": prices, "environment": [{"name": "dr", "dr": "standby"}]}
    )
    assert not scenario.needs_price
    assert not scenario.unused_overrides
    assert [bill.infeasible for bill in scenario.bills()] == [(), ()]


def test_a_region_without_prices_is_a_problem() -> None:
    data = {**BASE, "environment": [{"name": "dr", "dr": "standby", "region": "us-east-9"}]}
    with pytest.raises(InputError, match=r"no price of .* in region 'us-east-9'"):
        Scenario.from_dict(data)


def test_fields_that_hold_for_all_environments_are_fields_of_every_kind() -> None:
    for model in KINDS.values():
        assert set(TOGETHER) <= model.model_fields.keys()


def test_a_link_to_the_same_region_crosses_none() -> None:
    ours = MskStandard(region="us-east-1", environments=[of("dr", dr=True, region="us-east-1")])
    catalogue = Scenario.from_dict(BASE).catalogue
    skus = {meter.sku for meter in ours.link(LOAD, catalogue, 1.0, "us-east-1")}
    assert skus == {"aws.msk.replicator", "aws.msk.replicator-data-same-region"}
    skus = {meter.sku for meter in ours.link(LOAD, catalogue, 1.0, "us-west-2")}
    assert {"aws.msk.replicator-data-cross-region", "aws.data-transfer.inter-region"} <= skus
    assert ours.link(LOAD, catalogue, 0.0, "us-west-2") == ()
