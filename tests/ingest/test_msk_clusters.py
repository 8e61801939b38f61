"""Clusters of Amazon MSK: the deployment, its bill, and descriptions with a fault."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import kafkatco
from kafkatco.deployments import KINDS
from kafkatco.errors import InputError
from kafkatco.ingest.inventory import joined
from kafkatco.ingest.readings import Findings, Resource
from kafkatco.ingest.workload import traffic_of
from support.excerpts import excerpt_json
from support.ingest import read, series

BOOK = kafkatco.PriceBook("list", as_of="2026-10-31")
LOAD = kafkatco.Workload(ingress="1 MB/s", retention="72 h", partitions=60, local_retention="6 h")
ARN = "arn:aws:kafka:us-east-1:111122223333"


def clusters() -> dict[str, Any]:
    """Return the reply of list-clusters-v2 with the fields that are read."""
    return copy.deepcopy(excerpt_json("aws-msk-clusters.json"))


def cluster(**provisioned: Any) -> dict[str, Any]:
    """Return the reply of describe-cluster-v2 for the first cluster, with other fields."""
    info = clusters()["ClusterInfoList"][0]
    info["Provisioned"] |= provisioned
    return {"ClusterInfo": info}


def group(**fields: Any) -> dict[str, Any]:
    return {**cluster()["ClusterInfo"]["Provisioned"]["BrokerNodeGroupInfo"], **fields}


def quantities(resource: Resource) -> dict[str, Any]:
    """Return the quantity and cost of each sku in the bill of a cluster."""
    option = KINDS[resource.kind].model_validate(dict(resource.fields))
    [bill] = kafkatco.bill(LOAD, [option], BOOK)
    return {line.sku: (line.quantity, line.cost) for line in bill.lines}


def test_the_real_cluster_becomes_a_bill() -> None:
    """Three kafka.m5.large at 0.21 USD an hour, 3 x 300 GiB at 0.10 USD a month (us-east-1).

    Prices: https://aws.amazon.com/msk/pricing/.
    """
    found = read("cluster.json", cluster())
    [resource] = found.resources
    assert resource.kind == "msk-standard"
    assert resource.fields == {
        "region": "us-east-1",
        "instance": "kafka.m5.large",
        "brokers": 3,
        "disk_per_broker": "300 GiB",
        "storage_throughput": "included",
    }
    assert (resource.name, resource.missing, resource.where) == (
        "kcp-playground",
        (),
        "ClusterInfo",
    )
    assert resource.extra == {"kafka_version": "4.0.x.kraft", "monitoring": "DEFAULT"}
    lines = quantities(resource)
    assert lines["aws.msk.kafka.m5.large"] == (3 * 730, pytest.approx(3 * 730 * 0.21))
    assert lines["aws.msk.storage"] == (3 * 300, pytest.approx(900 * 0.10))


def test_the_size_of_disks_makes_bytes_of_a_share() -> None:
    """A quarter of 900 GiB over three copies of 1 MB/s: 225 x 2^30 / 3 / 1e6 / 3600 h."""
    found = read("cluster.json", cluster())
    zones, disks = found.readings
    assert (zones.quantity, zones.value) == ("zones", 3)
    assert (disks.quantity, disks.value, disks.cluster) == (
        "disk_bytes",
        900 * 2**30,
        "kcp-playground",
    )
    assert disks.query.startswith("ClusterInfo.Provisioned.BrokerNodeGroupInfo.StorageInfo")
    metrics = (
        series([1e6] * 24),
        series([0.25] * 24, "disk_used", form="level", combine="avg"),
        series([60.0] * 24, "partitions", form="level"),
        series([180.0] * 24, "partition_replicas", form="level"),
    )
    traffic = traffic_of(found + Findings(series=metrics))
    hours = 225 * 2**30 / 3 / 1e6 / 3600
    assert traffic.estimates["retention"].value == pytest.approx(hours)


def test_every_cluster_of_a_list() -> None:
    found = read("clusters.json", clusters())
    assert [(one.name, one.fields["region"]) for one in found.resources] == [
        ("kcp-playground", "us-east-1"),
        ("kcp-eu-test-cluster", "eu-south-1"),
    ]
    disks = [one.value / 2**30 for one in found.readings if one.quantity == "disk_bytes"]
    assert disks == [3 * 300, 3 * 250]
    more = read("clusters.json", clusters() | {"NextToken": "AAAA"})
    assert "clusters.json has a NextToken: it is the first of several pages" in more.warnings


def test_throughput_tiers_and_private_connectivity_are_fields() -> None:
    """Three brokers with 300 MiB/s each; two schemes are two hours an hour."""
    volume = {
        "VolumeSize": 300,
        "ProvisionedThroughput": {"Enabled": True, "VolumeThroughput": 300},
    }
    both = {"Sasl": {"Iam": {"Enabled": True}, "Scram": {"Enabled": True}}}
    info = cluster(
        StorageMode="TIERED",
        BrokerNodeGroupInfo=group(
            InstanceType="kafka.m5.4xlarge",
            StorageInfo={"EbsStorageInfo": volume},
            ConnectivityInfo={"VpcConnectivity": {"ClientAuthentication": both}},
        ),
        LoggingInfo={"BrokerLogs": {"CloudWatchLogs": {"Enabled": True}}},
    )
    [resource] = read("cluster.json", info).resources
    assert resource.fields["storage_throughput"] == "300 MiB/s"
    assert resource.fields["tiered"] is True
    assert resource.fields["private_connectivity"] == 2
    text = " ".join(resource.missing)
    assert "private_traffic" in text
    assert "broker_logs" in text
    assert "local_retention" in text
    lines = quantities(resource)
    assert lines["aws.msk.provisioned-throughput"][0] == 3 * 300
    assert lines["aws.msk.private-connectivity"][0] == 2 * 730
    # the tier keeps one copy of three days: 1 MB/s x 259,200 s
    assert lines["aws.msk.tiered-storage"][0] == pytest.approx(259_200e6 / 2**30)


def test_throughput_that_is_off_is_included() -> None:
    volume = {
        "VolumeSize": 300,
        "ProvisionedThroughput": {"Enabled": False, "VolumeThroughput": None},
    }
    info = cluster(BrokerNodeGroupInfo=group(StorageInfo={"EbsStorageInfo": volume}))
    [resource] = read("cluster.json", info).resources
    assert resource.fields["storage_throughput"] == "included"


def test_express_brokers_have_no_disks() -> None:
    """Three express.m7g.large at 0.408 USD an hour (us-east-1, MSK's page)."""
    info = cluster(BrokerNodeGroupInfo=group(InstanceType="express.m7g.large", StorageInfo=None))
    found = read("cluster.json", info)
    [resource] = found.resources
    assert resource.kind == "msk-express"
    assert resource.fields == {"region": "us-east-1", "instance": "express.m7g.large", "brokers": 3}
    assert [one.quantity for one in found.readings] == ["zones"]
    lines = quantities(resource)
    assert lines["aws.msk.express.m7g.large"] == (3 * 730, pytest.approx(3 * 730 * 0.408))


def test_serverless_has_no_provisioned_part() -> None:
    """A cluster at 0.75 USD an hour and 60 partitions at 0.0015 (us-east-1, MSK's page)."""
    info = cluster()["ClusterInfo"]
    info |= {"ClusterType": "SERVERLESS", "Provisioned": None, "Serverless": {"VpcConfigs": []}}
    [resource] = read("cluster.json", {"ClusterInfo": info}).resources
    assert (resource.kind, resource.fields) == ("msk-serverless", {"region": "us-east-1"})
    lines = quantities(resource)
    assert lines["aws.msk.serverless.cluster"] == (730, pytest.approx(730 * 0.75))
    assert lines["aws.msk.serverless.partition"] == (60 * 730, pytest.approx(60 * 730 * 0.0015))


def test_the_reply_of_the_first_version_is_read() -> None:
    info = cluster()["ClusterInfo"]
    old = {key: info[key] for key in ("ClusterArn", "ClusterName", "State")} | info["Provisioned"]
    [resource] = read("cluster.json", {"ClusterInfo": old}).resources
    [same] = read("cluster.json", cluster()).resources
    assert resource.fields == same.fields


def nodes() -> list[dict[str, Any]]:
    """Return three brokers as list-nodes has them, and three controllers, which are no brokers."""
    controllers: list[dict[str, Any]] = [
        {"NodeType": "CONTROLLER", "BrokerNodeInfo": None, "InstanceType": None, "NodeARN": None}
    ] * 3
    path = clusters()["ClusterInfoList"][0]["ClusterArn"].replace(":cluster/", ":broker/")
    return controllers + [
        {
            "NodeType": "BROKER",
            "BrokerNodeInfo": {"BrokerId": number, "ClientSubnet": f"subnet-{number}"},
            "InstanceType": "m5.large",
            "NodeARN": f"{path}/{number}",
        }
        for number in range(3)
    ]


def test_nodes_are_brokers_without_their_disks() -> None:
    found = read("nodes.json", {"NodeInfoList": nodes()})
    [resource] = found.resources
    assert resource.fields == {"region": "us-east-1", "instance": "kafka.m5.large", "brokers": 3}
    [zones] = found.readings
    assert (zones.quantity, zones.value, zones.cluster) == ("zones", 3, "kcp-playground")
    assert "describe-cluster-v2" in resource.missing[0]
    described = read("cluster.json", cluster())
    [one], told = joined([*found.resources, *described.resources])
    assert one.fields == described.resources[0].fields
    assert (one.missing, told) == ((), ())


def test_brokers_of_several_types_are_told() -> None:
    mixed = nodes()
    mixed[-1]["InstanceType"] = "m7g.large"
    found = read("nodes.json", {"NodeInfoList": mixed})
    assert found.resources[0].fields["instance"] == "kafka.m5.large"
    [text] = found.warnings
    assert "kafka.m5.large (2), kafka.m7g.large (1); kafka.m5.large is taken for all" in text


def test_a_cluster_that_is_deleted_is_left_out() -> None:
    info = clusters()
    info["ClusterInfoList"][0]["State"] = "DELETING"
    found = read("clusters.json", info)
    assert [one.name for one in found.resources] == ["kcp-eu-test-cluster"]
    assert "kcp-playground is being deleted; it is left out" in found.warnings


def test_all_faults_come_at_once() -> None:
    info = clusters()
    info["ClusterInfoList"][0]["Provisioned"]["NumberOfBrokerNodes"] = 0
    info["ClusterInfoList"][1]["ClusterArn"] = "kcp-eu-test-cluster"
    with pytest.raises(InputError) as caught:
        read("clusters.json", info)
    text = str(caught.value)
    assert "2 problems" in text
    assert (
        "clusters.json:ClusterInfoList[0].Provisioned.NumberOfBrokerNodes: got 0; expected a whole "
        "number of at least 1" in text
    )
    assert "ClusterInfoList[1].ClusterArn: got 'kcp-eu-test-cluster'; expected an ARN" in text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Provisioned": None}, "neither Provisioned nor Serverless"),
        ({"ClusterArn": None}, "ClusterInfo.ClusterArn: required field"),
    ],
)
def test_a_description_without_a_part_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read("cluster.json", {"ClusterInfo": cluster()["ClusterInfo"] | change})


def test_a_list_of_controllers_alone_is_refused() -> None:
    with pytest.raises(InputError, match="a list with brokers"):
        read("nodes.json", {"NodeInfoList": nodes()[:3]})
