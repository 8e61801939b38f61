"""Confluent Cloud: Basic, Standard, Enterprise, Freight and Dedicated clusters."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar, Literal

from kafkatco.deployments.confluent_cluster import ConfluentCluster
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
    """A type whose clients may come in by private endpoints of their cloud.

    Parameters
    ----------
    private_link
        Whether to count such endpoints, one in each zone, and the bytes that pass them, at their
        cloud's charge; not by default, which the bill says.
    """

    private_link: bool = False

    def access(self, load: Operands) -> tuple[Meter, ...]:
        """Return the meters of private endpoints, if asked for."""
        return self.home.linked(load, self.region) if self.private_link else ()

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Name what is left out."""
        missing = () if self.private_link else ("private endpoints (none given)",)
        return (*missing, *super().not_modelled(load))


class ConfluentBasic(ConfluentCluster):
    """Basic: elastic eCKUs of which the first is free, at most 5 TB stored, SLA of 99.5 %.

    Parameters are those of every Confluent cluster: see ``ConfluentCluster``.

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
    """Standard: elastic eCKUs, at most ten; an SLA of 99.99 % from two on.

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
    """Enterprise: elastic eCKUs behind private networking; an SLA of 99.99 % from two on.

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
    """Freight: elastic eCKUs, two at least, that write to object storage; on AWS alone.

    It has neither idempotent producers nor transactions, nor managed connectors: Connect workers
    are one's own.

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
        """Return the meters of Connect workers of one's own."""
        return self.own.connect(load, catalogue)


class ConfluentDedicated(ConfluentPrivate):
    """Dedicated: CKUs that are provisioned, in one zone, or in several for 99.99 %.

    Confluent publishes no price of it: yours are ``[prices.override]`` of its skus.

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
    has_nodes: ClassVar[bool] = True
