"""Small plans of Terraform, as ``terraform show -json`` prints them."""

import json
from pathlib import Path
from typing import Any

__all__ = ["change", "msk", "plan"]


def msk(brokers: int, name: str = "events") -> dict[str, Any]:
    """Return the values of a cluster in a plan."""
    return {
        "cluster_name": name,
        "kafka_version": "3.7.x",
        "number_of_broker_nodes": brokers,
        "region": "us-east-1",
        "storage_mode": "LOCAL",
        "broker_node_group_info": [
            {
                "instance_type": "kafka.m7g.large",
                "client_subnets": ["a", "b", "c"],
                "storage_info": [{"ebs_storage_info": [{"volume_size": 100}]}],
            }
        ],
    }


def change(
    name: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the change of one cluster in a plan."""
    actions = {(True, True): "update", (False, True): "create", (True, False): "delete"}
    same = ["no-op"] if before == after else [actions[before is not None, after is not None]]
    return {
        "address": f"aws_msk_cluster.{name}",
        "mode": "managed",
        "type": "aws_msk_cluster",
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": same, "before": before, "after": after, "after_unknown": {}},
    }


def plan(path: Path, *changes: dict[str, Any]) -> str:
    """Write the output of terraform show -json."""
    content = {"format_version": "1.2", "resource_changes": list(changes)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)
