"""Ways to run Kafka: one module each, which turns a workload into quantities and knows no price."""

from __future__ import annotations

from kafkatco.deployments.base import Deployment, Labour
from kafkatco.deployments.confluent_basic import ConfluentBasic
from kafkatco.deployments.msk_express import MskExpress
from kafkatco.deployments.msk_serverless import MskServerless
from kafkatco.deployments.msk_standard import MskStandard
from kafkatco.deployments.self_hosted import SelfHosted

__all__ = [
    "KINDS", "ConfluentBasic", "Deployment", "Labour", "MskExpress", "MskServerless", "MskStandard",
    "SelfHosted",
]  # fmt: skip

#: Every kind of deployment by the name that a scenario file gives it.
KINDS: dict[str, type[Deployment]] = {
    str(model.model_fields["kind"].default): model
    for model in (SelfHosted, MskStandard, MskExpress, MskServerless, ConfluentBasic)
}
