"""Plans and states of Terraform: each resource is a deployment, and a change is priced."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from kafkatco import PriceBook, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import KINDS
from kafkatco.errors import InputError
from kafkatco.ingest.readings import Findings, Resource
from support.ingest import read

PLAN = Path(__file__).parents[1] / "data" / "ingest" / "plan.json"
#: What no plan says of a deployment.
QUOTE = {"instaclustr": {"quote": "450 USD/month"}}


@pytest.fixture(scope="module")
def found() -> Findings:
    """The constructed plan of twelve resources."""
    return read("plan.json", PLAN.read_text(encoding="utf-8"))


def deployment(resource: Resource) -> Any:
    fields = {**resource.fields, **QUOTE.get(resource.kind, {})}
    return KINDS[resource.kind](name=resource.name, **fields)


def costs(resource: Resource) -> dict[str, float]:
    """Return the cost of each line at 5 MiB/s, kept for three days, and six hours on brokers."""
    book = PriceBook("list", as_of="2025-10-31")
    kept: dict[str, Any] = {"retention": "72 hours", "local_retention": "6 hours"}
    load = Workload(ingress="5 MiB/s", fanout=1, **kept).operands()
    bill = bill_of(deployment(resource), load, book, book.catalogue())
    assert bill.infeasible == ()
    totals: dict[str, float] = {}
    for line in bill.lines:
        totals[line.sku] = totals.get(line.sku, 0.0) + line.cost
    return totals


def plan_of(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "resource_changes": list(changes), **more}


def change(
    kind: str, before: Any, after: Any, *, address: str = "", unknown: Any = None, **more: Any
) -> dict[str, Any]:
    actions = {(True, True): ["update"], (False, True): ["create"], (True, False): ["delete"]}
    if before == after and before is not None:
        actions[True, True] = ["no-op"]
    return {
        "address": address or f"{kind}.a",
        "mode": "managed",
        "type": kind,
        "provider_name": f"registry.terraform.io/hashicorp/{kind.partition('_')[0]}",
        "change": {
            "actions": actions[before is not None, after is not None],
            "before": before,
            "after": after,
            "after_unknown": unknown or {},
        },
        **more,
    }


def msk(**changes: Any) -> dict[str, Any]:
    return {
        "cluster_name": "events",
        "region": "us-east-1",
        "number_of_broker_nodes": 3,
        "broker_node_group_info": [
            {
                "instance_type": "kafka.m7g.large",
                "storage_info": [{"ebs_storage_info": [{"volume_size": 100}]}],
            }
        ],
        **changes,
    }


def test_each_resource_of_a_plan_is_the_right_deployment(found: Findings) -> None:
    seoul = {"region": "ap-northeast-2"}  # of the variable that the provider refers to
    events = {"disk_per_broker": "2000 GiB", "storage_throughput": "400 MiB/s"}
    events |= {**seoul, "monitoring": "managed"}
    assert [(one.kind, one.when, dict(one.fields)) for one in found.resources] == [
        (
            "msk-standard",
            "before",
            {**events, "instance": "kafka.m5.4xlarge", "brokers": 3, "tiered": False},
        ),
        (
            "msk-standard",
            "after",
            {**events, "instance": "kafka.m7g.4xlarge", "brokers": 6, "tiered": True},
        ),
        ("msk-serverless", "after", seoul),
        ("confluent-dedicated", "after", {**seoul, "cloud": "aws", "units": 2, "sla": "99.99%"}),
        ("confluent-enterprise", "after", {"cloud": "aws", "region": "us-east-1", "sla": "99.99%"}),
        (
            "google-managed-kafka",
            "after",  # 25,769,803,776 bytes are 24 GiB, for 6 vCPUs
            {"region": "asia-northeast3", "vcpu": 6, "memory_gib_per_vcpu": 4.0},
        ),
        ("event-hubs-standard", "after", {"region": "koreacentral", "units": 4}),
        ("aiven", "after", {**seoul, "cloud": "aws", "plan": "business-8"}),
        (
            "instaclustr",
            "after",
            {**seoul, "cloud": "aws", "node": "KFK-PRD-r6g.large-250", "nodes": 3},
        ),
        ("msk-express", "after", {**seoul, "instance": "express.m7g.large", "brokers": 3}),
    ]


def test_the_fields_are_those_of_the_kinds(found: Findings) -> None:
    for resource in found.resources:
        model = deployment(resource)
        assert model.region == resource.fields["region"]
        assert set(resource.fields) <= model.model_fields_set


def test_what_the_plan_does_not_say_is_said(found: Findings) -> None:
    missing = {one.kind: " ".join(one.missing) for one in found.resources}
    assert "inflate from 4 to 10" in missing["event-hubs-standard"]
    assert "90GiB beyond the plan" in missing["aiven"]
    assert "quote: the price of one node" in missing["instaclustr"]
    assert "disk_size_gib has no field" in missing["google-managed-kafka"]
    # three clusters of MSK, and no reference to one of them
    assert found.warnings[0].startswith("aws_mskconnect_connector.s3: 1 to 2 units (MCU)")
    assert [one.name for one in found.unknown] == [
        "redpanda_cluster.c",
        "ncloud_cdss_cluster.c",
        "aws_mskconnect_connector.s3",
    ]
    assert found.unknown[0].where == "plan.json:resource_changes[9].change.after"
    [disks] = found.readings  # as they are: three brokers of 2000 GiB
    assert (disks.cluster, disks.value) == ("events", 3 * 2000 * 2**30)
    # 23 November 2026, 08:00 UTC, is 83 days and 8 hours after 1 September
    assert {one.dated for one in found.resources} == {1_788_220_800 + 83 * 86400 + 8 * 3600}


def test_the_change_of_the_plan_prices_the_right_difference(found: Findings) -> None:
    before, after = (costs(one) for one in found.resources[:2])
    change = {sku: after.get(sku, 0.0) - before.get(sku, 0.0) for sku in {**before, **after}}
    kept_gib = 5 * 3600 * 72 / 1024
    # Seoul, 2025-10-31: broker hours, GiB of disks, MiB/s beyond them, the tier, and metrics
    expected = {
        "aws.msk.kafka.m5.4xlarge": -3 * 730 * 2.065,
        "aws.msk.kafka.m7g.4xlarge": 6 * 730 * 2.006,
        "aws.msk.storage": 3 * 2000 * 0.114,
        "aws.msk.provisioned-throughput": 3 * 400 * 0.0912,
        "aws.msk.tiered-storage": kept_gib * 0.0652,
        "aws.cloudwatch.metric": 3 * 100 * 0.30,
    }
    # what the clients do is the same before and after
    assert set(change) - set(expected) == {"aws.data-transfer.inter-az"}
    for sku, cost in change.items():
        assert cost == pytest.approx(expected.get(sku, 0.0), abs=1e-9)


def test_other_resources_of_the_plan_have_their_bill(found: Findings) -> None:
    express = next(one for one in found.resources if one.kind == "msk-express")
    assert costs(express)["aws.msk.express.m7g.large"] == pytest.approx(3 * 730 * 0.5016)
    hub = next(one for one in found.resources if one.kind == "event-hubs-standard")
    load = Workload(ingress="1 MB/s", retention="24 hours", fanout=1).operands()
    book = PriceBook("list", as_of="2025-10-31")
    bill = bill_of(deployment(hub), load, book, book.catalogue())
    units = [line.cost for line in bill.lines if line.sku.endswith("throughput-unit")]
    assert units == [pytest.approx(4 * 730 * 0.03)]


def test_what_stays_is_now_what_goes_is_before_and_what_comes_is_after() -> None:
    tagged = {**msk(), "tags": {"team": "data"}}
    plan = plan_of(
        change("aws_msk_cluster", msk(), msk(), address="aws_msk_cluster.same"),
        change("aws_msk_cluster", msk(), tagged, address="aws_msk_cluster.tagged"),
        change("aws_msk_cluster", msk(cluster_name="old"), None, address="aws_msk_cluster.old"),
        change("aws_msk_cluster", None, msk(cluster_name="new"), address="aws_msk_cluster.new"),
        {**change("aws_msk_cluster", msk(), msk(), address="data.x"), "mode": "data"},
        {**change("aws_msk_cluster", msk(), None, address="aws_msk_cluster.old"), "deposed": "a"},
    )
    found = read("plan.json", plan)
    assert [(one.name, one.when) for one in found.resources] == [
        ("aws_msk_cluster.same", "now"),  # two with one name have their address
        ("aws_msk_cluster.tagged", "now"),
        ("old", "before"),
        ("new", "after"),
    ]


def test_a_resource_that_leaves_the_code_goes_on() -> None:
    item = change("aws_msk_cluster", msk(), None)
    item["change"]["actions"] = ["forget"]
    assert [one.when for one in read("plan.json", plan_of(item)).resources] == ["now"]


def test_values_known_after_apply_are_said() -> None:
    planned = msk()
    del planned["cluster_name"], planned["number_of_broker_nodes"]
    del planned["broker_node_group_info"][0]["storage_info"]
    unknown = {
        "cluster_name": True,
        "number_of_broker_nodes": True,
        "broker_node_group_info": [{"storage_info": True}],
    }
    found = read("plan.json", plan_of(change("aws_msk_cluster", None, planned, unknown=unknown)))
    [resource] = found.resources
    assert resource.name == "aws_msk_cluster.a"
    assert "brokers" not in resource.fields
    assert list(resource.missing) == [
        "brokers: number_of_broker_nodes is known only after the plan is applied",
        "disk_per_broker: broker_node_group_info.storage_info.ebs_storage_info.volume_size is "
        "known only after the plan is applied",
    ]


@pytest.mark.parametrize(
    ("values", "expressions", "expected"),
    [
        ({"region": "us-west-2"}, {"region": {"constant_value": "us-east-1"}}, "us-west-2"),
        ({}, {"region": {"constant_value": "us-east-1"}}, "us-east-1"),
        ({}, {"region": {"references": ["var.region"]}}, "eu-west-1"),
        ({}, {"region": {"references": ["var.unset"]}}, "ap-south-1"),
        ({}, {"region": {"references": ["local.region"]}}, None),
        ({}, {}, None),
        ({"arn": "arn:aws:kafka:sa-east-1:1:cluster/a/b"}, {}, "sa-east-1"),
    ],
)
def test_the_region_is_of_the_resource_its_arn_or_its_provider(
    values: dict[str, Any], expressions: dict[str, Any], expected: str | None
) -> None:
    block = {**msk(), **values}
    if "region" not in values:
        del block["region"]
    plan = plan_of(
        change("aws_msk_cluster", None, block, address='module.a["x"].aws_msk_cluster.a[0]'),
        variables={"region": {"value": "eu-west-1"}},
        configuration={
            "provider_config": {"aws.seoul": {"name": "aws", "expressions": expressions}},
            "root_module": {
                "variables": {"unset": {"default": "ap-south-1"}},
                "module_calls": {
                    "a": {
                        "module": {
                            "resources": [
                                {"address": "aws_msk_cluster.a", "provider_config_key": "aws.seoul"}
                            ]
                        }
                    }
                },
            },
        },
    )
    [resource] = read("plan.json", plan).resources
    assert resource.fields.get("region") == expected
    assert bool(resource.missing) == (expected is None)


def test_a_state_has_clusters_as_they_are() -> None:
    resource = {
        "address": "module.m.module.n.aws_msk_cluster.a",
        "mode": "managed",
        "type": "aws_msk_cluster",
        "values": {**msk(), "arn": "arn:aws:kafka:us-east-1:1:cluster/events/b"},
    }
    inner = {"resources": [resource, {**resource, "mode": "data"}]}
    state = {
        "format_version": "1.0",
        "values": {"root_module": {"child_modules": [{"child_modules": [inner]}]}},
    }
    [one] = read("state.json", state).resources
    assert (one.when, one.provider_id) == ("now", "arn:aws:kafka:us-east-1:1:cluster/events/b")
    assert one.where == "values.root_module.child_modules[0].child_modules[0].resources[0].values"


def connector(workers: int) -> dict[str, Any]:
    capacity = {"mcu_count": 2, "worker_count": workers}
    tasks = {"connector_configuration": {"tasks.max": "4"}}
    return {"capacity": [{"autoscaling": [], "provisioned_capacity": [capacity]}], **tasks}


def test_a_connector_is_of_the_cluster_that_the_code_refers_to() -> None:
    item = change("aws_mskconnect_connector", None, connector(3))
    clusters = [
        change("aws_msk_cluster", msk(), msk(), address=f"aws_msk_cluster.{name}") for name in "bc"
    ]
    references = ["aws_msk_cluster.c.bootstrap_brokers", "aws_msk_cluster.c"]
    code = {
        "address": "aws_mskconnect_connector.a",
        "expressions": {"kafka_cluster": [{"bootstrap_servers": {"references": references}}]},
    }
    configuration = {"root_module": {"resources": [code]}}
    found = read("plan.json", plan_of(*clusters, item, configuration=configuration))
    assert [
        (one.extra["address"], one.when, one.fields.get("connect_mcus")) for one in found.resources
    ] == [
        ("aws_msk_cluster.b", "now", None),
        ("aws_msk_cluster.c", "before", None),
        ("aws_msk_cluster.c", "after", 6),  # 2 MCU x 3 workers
    ]
    assert found.warnings == ()
    assert found.unknown == ()


def test_connectors_of_the_only_cluster_add_up() -> None:
    items = [
        change("aws_mskconnect_connector", None, connector(count), address=f"c.{count}")
        for count in (1, 2)
    ]
    found = read("plan.json", plan_of(change("aws_msk_cluster", None, msk()), *items))
    [cluster] = found.resources
    assert cluster.fields["connect_mcus"] == 2 * 1 + 2 * 2
    assert "c.1: the cost has it with connector_tasks of the workload: 4" in cluster.missing
    assert deployment(cluster).connect_mcus == 6


def test_a_connector_that_scales_costs_its_most() -> None:
    scaled = {"mcu_count": 1, "min_worker_count": 1, "max_worker_count": 3}
    item = change("aws_mskconnect_connector", None, {"capacity": [{"autoscaling": [scaled]}]})
    [cluster] = read("plan.json", plan_of(change("aws_msk_cluster", None, msk()), item)).resources
    assert cluster.fields["connect_mcus"] == 3
    assert "1 to 3 units (MCU); the cost is that of 3" in cluster.missing[0]


def test_controllers_of_instaclustr() -> None:
    centre = {
        "cloud_provider": "GCP",
        "region": "asia-northeast3",
        "node_size": "a",
        "number_of_nodes": 3,
    }
    dedicated = [{"controller_node_count": 5, "controller_node_size": "b"}]
    values = {"data_centre": [centre, centre], "dedicated_kraft_controller": dedicated}
    plan = plan_of(change("instaclustr_kafka_cluster_v3", None, values))
    [one] = read("plan.json", plan).resources
    assert one.fields["controllers"] == 5
    assert deployment(one).region == "asia-northeast3"
    assert "the cost is that of the first data centre alone" in one.missing


@pytest.mark.parametrize(
    ("tier", "block", "availability", "expected"),
    [
        ("basic", {}, "SINGLE_ZONE", {}),
        ("standard", {}, "LOW", {"sla": "99.9%"}),
        ("standard", {}, "HIGH", {"sla": "99.99%"}),
        ("freight", {}, "HIGH", {}),
        ("dedicated", {"cku": 1}, "SINGLE_ZONE", {"units": 1, "sla": "99.95%"}),
    ],
)
def test_clusters_of_confluent(
    tier: str, block: dict[str, Any], availability: str, expected: dict[str, Any]
) -> None:
    values: dict[str, Any] = {
        "cloud": "AWS",
        "region": "us-east-1",
        "availability": availability,
        "basic": [],
    }
    values[tier] = [block]
    [one] = read("p.json", plan_of(change("confluent_kafka_cluster", None, values))).resources
    assert one.kind == f"confluent-{tier}"
    assert one.fields == {"cloud": "aws", "region": "us-east-1", **expected}
    assert deployment(one).kind == one.kind


def test_event_hubs_of_every_sku() -> None:
    def hub(name: str, **values: Any) -> dict[str, Any]:
        block = {"name": name, "location": "Korea Central", **values}
        return change("azurerm_eventhub_namespace", None, block, address=f"a.{name}")

    cluster = {"name": "own", "location": "koreacentral", "sku_name": "Dedicated_1"}
    found = read(
        "plan.json",
        plan_of(
            hub("basic", sku="Basic", capacity=1),
            hub("standard", sku="Standard"),
            hub("premium", sku="Premium", capacity=2),
            hub("inner", sku="Standard", dedicated_cluster_id="/clusters/own"),
            change("azurerm_eventhub_cluster", None, cluster),
        ),
    )
    region = {"region": "koreacentral"}
    assert [(one.name, one.kind, dict(one.fields)) for one in found.resources] == [
        ("standard", "event-hubs-standard", {**region, "units": 1}),
        ("premium", "event-hubs-premium", {**region, "units": 2}),
        ("own", "event-hubs-dedicated", {**region, "units": 1}),
    ]
    assert [one.name for one in found.unknown] == ["a.basic"]
    assert "no Kafka endpoint" in found.warnings[0]


def test_other_forms_of_clusters() -> None:
    group = {
        "instance_type": "kafka.m5.large",
        "ebs_volume_size": 50,
        "client_subnets": ["a", "b"],
        "connectivity_info": [
            {
                "vpc_connectivity": [
                    {
                        "client_authentication": [
                            {"sasl": [{"iam": True, "scram": False}], "tls": True}
                        ]
                    }
                ]
            }
        ],
    }
    redpanda = {"name": "r", "serverless_region": "pro-us-east-1"}
    aiven = {"cloud_name": "google-asia-northeast3", "plan": "startup-2"}
    scaling = {"scalable_dimension": "kafka:broker-storage:VolumeSize", "max_capacity": 800}
    found = read(
        "plan.json",
        plan_of(
            change("aws_msk_cluster", None, msk(broker_node_group_info=[group])),
            change("redpanda_serverless_cluster", None, redpanda),
            change("aiven_kafka", None, aiven),
            change("aws_appautoscaling_target", None, scaling),
            change("aws_msk_replicator", None, {}),
            change("aws_msk_configuration", None, {}),
            change("aws_vpc", None, {}),
        ),
    )
    cluster, serverless, plan = found.resources
    assert cluster.fields["disk_per_broker"] == "50 GiB"  # before version 5 of the provider
    assert cluster.fields["private_connectivity"] == 2
    assert cluster.extra["zones"] == 2
    assert (serverless.kind, serverless.fields) == ("redpanda-serverless", {"region": "us-east-1"})
    assert plan.fields == {"cloud": "gcp", "region": "asia-northeast3", "plan": "startup-2"}
    assert ["800 GiB" in text for text in found.warnings] == [True]
    assert [one.name for one in found.unknown] == ["aws_msk_replicator.a"]
    for one in found.resources:
        assert deployment(one).kind == one.kind


def corrupted(path: tuple[Any, ...], junk: Any) -> dict[str, Any]:
    plan: dict[str, Any] = copy.deepcopy(json.loads(PLAN.read_text(encoding="utf-8")))
    target: Any = plan
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = junk
    return plan


AFTER = ("resource_changes", 0, "change", "after")


@pytest.mark.parametrize(
    ("path", "junk", "sentence"),
    [
        (("format_version",), "2.0", "format_version: got '2.0'; expected version 0 or 1"),
        ((*AFTER, "number_of_broker_nodes"), "six", "number_of_broker_nodes: got 'six'; expected"),
        ((*AFTER, "number_of_broker_nodes"), 0, "expected a whole number of at least 1"),
        ((*AFTER, "number_of_broker_nodes"), 2.5, "expected a whole number of at least 1"),
        ((*AFTER, "broker_node_group_info"), "kafka.m5.large", "expected a block"),
        ((*AFTER, "storage_mode"), 7, "after.storage_mode: got 7; expected a text"),
        (("resource_changes", 4, "change", "after", "basic"), [{}], "exactly one of the blocks"),
        (("resource_changes", 6, "change", "after", "sku"), "Free", "one of Basic, Standard"),
        (
            ("resource_changes", 7, "change", "after", "cloud_name"),
            "moon-1",
            "a cloud and a region",
        ),
        (
            ("resource_changes", 8, "change", "after", "data_centre", 0, "cloud_provider"),
            "X",
            "AWS",
        ),
        (("resource_changes",), {"a": 1}, "expected a list"),
        (("resource_changes", 1, "change"), None, "resource_changes[1].change: required field"),
        (("resource_changes", 1, "address"), 5, "expected a text"),
        (("timestamp",), "soon", "expected a time"),
    ],
)
def test_a_corrupted_plan_ends_in_one_message(
    path: tuple[Any, ...], junk: Any, sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        read("plan.json", corrupted(path, junk))
    assert len(caught.value.problems) == 1
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("plan.json")


def test_all_problems_come_at_once() -> None:
    plan = corrupted((*AFTER, "number_of_broker_nodes"), "six")
    plan["resource_changes"][5]["change"]["after"]["capacity_config"][0]["vcpu_count"] = "few"
    with pytest.raises(InputError) as caught:
        read("plan.json", plan)
    assert len(caught.value.problems) == 2


def test_the_file_of_a_state_and_a_failed_plan() -> None:
    with pytest.raises(InputError, match="give the output of 'terraform show -json'"):
        read("terraform.tfstate", {"version": 4, "terraform_version": "1.9.8", "lineage": "a"})
    found = read("plan.json", plan_of(change("aws_msk_cluster", None, msk()), errored=True))
    assert found.warnings == ("plan.json: the plan failed, and may lack resources",)


def test_deep_nesting_is_survived() -> None:
    deep = '{"format_version": "1.2", "values": ' + '{"root_module": ' * 100_000
    with pytest.raises(InputError, match=r"nested too deep|not valid JSON"):
        read("plan.json", deep)
    modules: dict[str, Any] = {"resources": []}
    for _number in range(200):
        modules = {"child_modules": [modules]}
    assert not read(
        "s.json", {"format_version": "1.0", "values": {"root_module": modules}}
    ).resources
