"""Clusters of Confluent Cloud: the deployment, its bill, and lists with a fault."""

from __future__ import annotations

from typing import Any

import pytest

import kafkatco
from kafkatco.deployments import KINDS
from kafkatco.errors import InputError
from support.ingest import read


def cluster(config: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """Return a cluster with the fields of /cmk/v2/clusters that are read, as its documents have."""
    return {
        "api_version": "cmk/v2",
        "kind": "Cluster",
        "id": "lkc-19ynpv",
        "spec": {
            "availability": "LOW",
            "cloud": "AWS",
            "config": config,
            "display_name": "orders",
            "region": "us-east-1",
            **spec,
        },
        "status": {"phase": "PROVISIONED"},
    }


def listed(*clusters: dict[str, Any]) -> dict[str, Any]:
    return {"api_version": "cmk/v2", "kind": "ClusterList", "data": list(clusters)}


@pytest.mark.parametrize(
    ("config", "spec", "kind", "fields"),
    [
        (
            {"kind": "Basic", "max_ecku": 5},
            {"cloud": "GCP", "region": "us-central1", "availability": "SINGLE_ZONE"},
            "confluent-basic",
            {"cloud": "gcp", "region": "us-central1"},
        ),
        ({"kind": "Standard"}, {}, "confluent-standard", {"sla": "99.9%"}),
        ({"kind": "Standard"}, {"availability": "HIGH"}, "confluent-standard", {"sla": "99.99%"}),
        (
            {"kind": "Enterprise"},
            {"availability": "HIGH"},
            "confluent-enterprise",
            {"sla": "99.99%"},
        ),
        ({"kind": "Freight"}, {"availability": "HIGH"}, "confluent-freight", {}),
        (
            {"kind": "Dedicated", "cku": 2},
            {"availability": "MULTI_ZONE", "cloud": "AZURE", "region": "koreacentral"},
            "confluent-dedicated",
            {"cloud": "azure", "region": "koreacentral", "units": 2, "sla": "99.99%"},
        ),
    ],
)
def test_each_type_is_a_deployment(
    config: dict[str, Any], spec: dict[str, Any], kind: str, fields: dict[str, Any]
) -> None:
    for reply in (listed(cluster(config, **spec)), cluster(config, **spec)):
        [resource] = read("clusters.json", reply).resources
        assert resource.kind == kind
        assert resource.fields == {"cloud": "aws", "region": "us-east-1"} | fields
        assert (resource.name, resource.provider_id) == ("orders", "lkc-19ynpv")
        model = KINDS[kind].model_validate(dict(resource.fields))
        assert {name: getattr(model, name) for name in fields} == fields


def test_a_cluster_becomes_a_bill() -> None:
    """Two eCKUs for 99.99 % at 0.75 USD an hour; 1 MB/s of a month in GiB, once in, twice out."""
    found = read("clusters.json", listed(cluster({"kind": "Standard"}, availability="HIGH")))
    [resource] = found.resources
    option = KINDS[resource.kind].model_validate(dict(resource.fields))
    load = kafkatco.Workload(ingress="1 MB/s", fanout=2)
    [bill] = kafkatco.bill(load, [option], kafkatco.PriceBook("list", as_of="2026-10-31"))
    lines = {line.sku: line for line in bill.lines}
    assert lines["confluent.standard.ecku"].quantity == 2 * 730
    assert lines["confluent.standard.ecku"].cost == pytest.approx(2 * 730 * 0.75)
    month = 1e6 * 730 * 3600 / 2**30
    assert lines["confluent.standard.ingress"].quantity == pytest.approx(month)
    assert lines["confluent.standard.egress"].quantity == pytest.approx(2 * month)


def test_a_limit_is_no_size() -> None:
    [resource] = read("clusters.json", listed(cluster({"kind": "Basic", "max_ecku": 5}))).resources
    assert "units" not in resource.fields
    assert resource.extra == {"max_ecku": 5}


def test_pages_and_clusters_that_are_gone_are_told() -> None:
    gone = cluster({"kind": "Basic"}) | {"status": {"phase": "FAILED"}}
    found = read("clusters.json", listed(gone) | {"metadata": {"next": "https://api"}})
    assert found.resources == ()
    assert "orders is failed; it is left out" in found.warnings
    assert any("metadata.next: it is the first of several pages" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("config", "spec", "reason"),
    [
        ({"kind": "Dedicated"}, {}, r"data\[1\].spec.config.cku: required field"),
        ({"kind": "Basik"}, {}, r"config.kind: got 'Basik'.*Did you mean 'basic'"),
        ({"kind": "Basic"}, {"cloud": "OCI"}, "spec.cloud: got 'OCI'; expected one of aws, azure"),
        ({"kind": "Standard"}, {"availability": "MULTIZONE"}, "Did you mean 'MULTI_ZONE'"),
        ({"kind": "Dedicated", "cku": "two"}, {}, "cku: got 'two'; expected a number"),
    ],
)
def test_a_fault_is_one_message(config: dict[str, Any], spec: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read("clusters.json", listed(cluster({"kind": "Basic"}), cluster(config, **spec)))
    assert len(caught.value.problems) == 1
