"""Confluent Cloud: Basic, Standard, Enterprise, Freight and Dedicated clusters."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar, Literal

from kafkatco.deployments.confluent_cluster import ConfluentCluster
from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = [
    "ConfluentBasic",
    "ConfluentDedicated",
    "ConfluentEnterprise",
    "ConfluentFreight",
    "ConfluentStandard",
]


class ConfluentPrivate(ConfluentCluster, ABC):
    """A cluster type whose clients can connect over private endpoints of their cloud.

    Parameters
    ----------
    private_link
        Whether to include such endpoints, one in each zone, and their traffic, at the charge of the
        cloud.  False by default, which the bill mentions.
    """

    private_link: bool = False

    def access(self, load: Operands) -> tuple[Meter, ...]:
        """Return the meters of private endpoints, if enabled."""
        return self.home.linked(load, self.region) if self.private_link else ()

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Return the costs and limits that the model omits, as messages."""
        omitted = () if self.private_link else (_("private endpoints (not set)"),)
        return (*omitted, *super().not_modelled(load))


class ConfluentBasic(ConfluentCluster):
    """Basic: elastic eCKUs of which the first is free, at most 5 TB stored, SLA of 99.5 %.

    For parameters see ``ConfluentCluster``.

    Examples
    --------
    >>> ConfluentBasic(region="us-east-1").label
    'confluent-basic'
    """

    kind: Literal["confluent-basic"] = "confluent-basic"
    sla: Literal["99.5%"] = "99.5%"

    tier: ClassVar[str] = "basic"
    sku_prefix: ClassVar[str] = "confluent.basic."
    has_base_fee: ClassVar[bool] = True
    has_free_units: ClassVar[bool] = True
    caps_storage: ClassVar[bool] = True


class ConfluentStandard(ConfluentCluster):
    """Standard: elastic eCKUs, at most ten; SLA of 99.99 % with two or more.

    Examples
    --------
    >>> ConfluentStandard(region="us-east-1", sla="99.99%").sla
    '99.99%'
    """

    kind: Literal["confluent-standard"] = "confluent-standard"
    sla: Literal["99.9%", "99.99%"] = "99.9%"

    tier: ClassVar[str] = "standard"
    higher_sla: ClassVar[str] = "99.99%"
    sku_prefix: ClassVar[str] = "confluent.standard."
    has_base_fee: ClassVar[bool] = True


class ConfluentEnterprise(ConfluentPrivate):
    """Enterprise: elastic eCKUs with private networking; SLA of 99.99 % with two or more.

    Examples
    --------
    >>> ConfluentEnterprise(region="us-east-1").sla
    '99.9%'
    """

    kind: Literal["confluent-enterprise"] = "confluent-enterprise"
    sla: Literal["99.9%", "99.99%"] = "99.9%"

    tier: ClassVar[str] = "enterprise"
    higher_sla: ClassVar[str] = "99.99%"
    sku_prefix: ClassVar[str] = "confluent.enterprise."


class ConfluentFreight(ConfluentPrivate):
    """Freight: at least two elastic eCKUs, which write to object storage; on AWS only.

    It has no idempotent producers, no transactions and no managed connectors: Connect workers are
    self-managed.

    Examples
    --------
    >>> ConfluentFreight(region="us-east-1").sla
    '99.99%'
    """

    kind: Literal["confluent-freight"] = "confluent-freight"
    cloud: Literal["aws"] = "aws"
    sla: Literal["99.99%"] = "99.99%"

    tier: ClassVar[str] = "freight"
    sku_prefix: ClassVar[str] = "confluent.freight."

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of self-managed Connect workers."""
        return self.own.connect(load, catalogue)


class ConfluentDedicated(ConfluentPrivate):
    """Dedicated: provisioned CKUs, in one zone, or in several for 99.99 %.

    Confluent does not publish its prices; set yours as ``[prices.override]`` of its skus.

    Examples
    --------
    >>> ConfluentDedicated(region="us-east-1", sla="99.99%").label
    'confluent-dedicated'
    """

    kind: Literal["confluent-dedicated"] = "confluent-dedicated"
    units_from: Literal["peak"] = "peak"
    sla: Literal["99.95%", "99.99%"] = "99.95%"

    tier: ClassVar[str] = "dedicated"
    unit: ClassVar[str] = "CKU"
    higher_sla: ClassVar[str] = "99.99%"
    sku_prefix: ClassVar[str] = "confluent.dedicated."
