"""Confluent Cloud: Basic, Standard, Enterprise, Freight and Dedicated clusters."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from typing import ClassVar, Literal

from kafkatco.deployments.client_path import Access
from kafkatco.deployments.confluent_cluster import ConfluentCluster
from kafkatco.deployments.confluent_legacy import LegacyBilling
from kafkatco.errors import Problem
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
    """A cluster type whose clients usually connect over private endpoints of their cloud.

    Parameters
    ----------
    private_link
        True for ``access = "private-link"``, false for "none"; by default as ``access``.
    """

    private_link: bool | None = None

    usual_access: ClassVar[Access] = "private-link"

    @property
    def chosen_access(self) -> Access | None:
        """The user's own choice of a path, in either field, if any."""
        if self.access is None and self.private_link is not None:
            return "private-link" if self.private_link else "none"
        return self.access

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem if the two fields contradict each other."""
        yield from super().conflicts()
        linked = self.access == "private-link"
        if None not in (self.access, self.private_link) and linked != self.private_link:
            expected = _('the same path as access = "{access}"', access=self.access)
            yield Problem("private_link", repr(self.private_link), expected)


class ConfluentBasic(LegacyBilling):
    """Basic: elastic eCKUs of which the first is free, at most 5 TB stored, SLA of 99.5 %.

    For parameters see ``ConfluentCluster`` and ``LegacyBilling``.

    Examples
    --------
    >>> ConfluentBasic(region="us-east-1").label
    'confluent-basic'
    """

    kind: Literal["confluent-basic"] = "confluent-basic"
    sla: Literal["99.5%"] = "99.5%"

    tier: ClassVar[str] = "basic"
    sells_endpoints: ClassVar[bool] = False
    sku_prefix: ClassVar[str] = "confluent.basic."
    has_base_fee: ClassVar[bool] = True
    has_free_units: ClassVar[bool] = True
    caps_storage: ClassVar[bool] = True


class ConfluentStandard(LegacyBilling):
    """Standard: elastic eCKUs, at most ten; SLA of 99.99 % with two or more.

    For parameters see ``ConfluentCluster`` and ``LegacyBilling``.

    Examples
    --------
    >>> ConfluentStandard(region="us-east-1", sla="99.99%").sla
    '99.99%'
    """

    kind: Literal["confluent-standard"] = "confluent-standard"
    sla: Literal["99.9%", "99.99%"] = "99.9%"

    tier: ClassVar[str] = "standard"
    has_legacy_base_fee: ClassVar[bool] = True
    sells_endpoints: ClassVar[bool] = False
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
    private_only: ClassVar[bool] = True
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
    private_only: ClassVar[bool] = True
    sku_prefix: ClassVar[str] = "confluent.freight."

    def conflicts(self) -> Iterator[Problem]:
        """Yield also a problem for classes of managed connectors, which it does not have."""
        yield from super().conflicts()
        if self.connector_classes.tasks:
            given = f"{self.connector_classes.tasks}"
            yield Problem("connector_classes", given, _("none: Freight has no managed connectors"))

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
    elastic: ClassVar[bool] = False
    higher_sla: ClassVar[str] = "99.99%"
    sku_prefix: ClassVar[str] = "confluent.dedicated."
