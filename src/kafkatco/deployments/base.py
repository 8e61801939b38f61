"""The base of all deployments: name, region, people, and candidate configurations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final, Literal, Self, get_args

import numpy as np
from pydantic import Field, field_validator, model_validator

from kafkatco.core.inputs import Input, Name
from kafkatco.deployments.agreements import Commitment, CommitmentField, Credit, CreditField
from kafkatco.deployments.clusters import MAX_AS_NEEDED, ClustersField, times
from kafkatco.deployments.environments import TOGETHER, Environment, EnvironmentsField, repeated
from kafkatco.errors import InputError, InvalidValueError, Problem, either, nearest
from kafkatco.i18n.message import Message, _, join
from kafkatco.prices.assumptions import ITEM, Assumption
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds import CLOUDS, Cloud
from kafkatco.sizing.clouds.regions import cloud_of, nearest_of_cloud
from kafkatco.sizing.labour import Family, Labour
from kafkatco.sizing.own_nodes import OwnNodes
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing, any_exceeded
from kafkatco.sizing.workload import DR_HINT, Operands

__all__ = ["Deployment", "Labour"]

#: The support plans with prices, by the prefix of their skus.
SUPPORT_PLANS: Final = {
    "aws.support.": (
        "developer",
        "business",
        "business-plus",
        "enterprise-on-ramp",
        "enterprise",
        "unified-operations",
    ),
    "confluent.support.": ("developer", "business", "premier"),
}

#: Assumptions that deployments may have as fields of their own.
REPLACEABLE: Final = ("utilisation", "disk_headroom", "controllers")
#: Fields that no environment has from production: its people and agreements, and what sizes it.
OF_PRODUCTION: Final = (
    *TOGETHER,
    "clusters",
    "brokers",
    "units",
    "vcpu",
    "nodes",
    "plan",
    "connect_mcus",
    "replica_region",
    "public_addresses",
    "disk_minimum",
    "disk_per_broker",
    "broker_logs",
    "log_destination",
    "log_retention",
    "connector_classes",
    "sites",
    "hands",
)


class Deployment(Input, ABC):
    """A way to run Kafka.  Subclasses define ``kind`` and :meth:`candidates`, and little else.

    Parameters
    ----------
    name
        Name in results; by default the kind.
    region
        The cloud's name of a region.
    labour
        People; none by default, which answers say once.  ``{}`` uses the staffing model.
    clusters
        Number of clusters, over which the workload is spread evenly: 1 (default), another number,
        or "as-needed", the least number, up to ten, that can handle the workload.  [1]
    discount
        Share off the provider's charges, after a commitment; a separate line of a bill.  [1]
    commitment
        The term that the nodes are committed for: "1-year" (a reservation or committed use),
        "3-year", "1-year-savings-plan", "3-year-savings-plan", at published rates; or
        ``{term = "1-year", discount = 0.28}``, your own share off the list price.  A node without a
        rate for the term keeps its price on demand, which the bill says: a commitment never raises
        a cost.  Kinds that nobody sells commitments for have a ``discount`` only.
    credit
        Money that pays the provider's charges until it is spent or expires: "400 USD",
        ``{amount = "400 USD", expires = "30 days"}``, or "trial", the provider's trial credit.  It
        is paid once: bills and projections include it, crossovers and comparisons do not.
    monitoring
        "none" (default); "self-hosted", Prometheus and Grafana on self-managed nodes; or
        "managed", the provider's, which managed services include except for metered parts.
    support
        A support plan of the provider at the date of the prices, such as "business-plus"; "none" by
        default.
    service_instance
        Instance type of self-managed Connect workers, registries and the like; by default a small
        type of the cloud.
    environments
        Clusters next to production's, such as staging or a second site; none by default.  See
        :class:`~kafkatco.Environment`.
    """

    name: Name = ""
    region: str
    labour: Labour | None = None
    clusters: ClustersField = 1
    discount: float = Field(default=0.0, ge=0, le=1)
    monitoring: Literal["none", "self-hosted", "managed"] = "none"
    support: str = "none"
    commitment: CommitmentField = Field(default="none", validate_default=True)
    credit: CreditField = Field(default="none", validate_default=True)
    service_instance: str | None = None
    environments: EnvironmentsField = ()

    hints: ClassVar[Mapping[str, Message]] = {"dr": DR_HINT}
    #: The prefix of its skus: their regions are the valid regions of this kind.
    sku_prefix: ClassVar[str]
    #: The item of the capacity tables with assumptions of its own.
    service: ClassVar[str] = ITEM
    #: One of the article's three families.
    family: ClassVar[Family] = "fully-managed"
    #: The cloud of kinds without a field ``cloud``.
    runs_on: ClassVar[str] = "aws"
    #: Whether the provider sells its nodes at a lower rate for a term.
    sells_commitments: ClassVar[bool] = False
    #: The sku of the provider's credit for new customers, if any.
    trial_credit: ClassVar[str] = ""
    #: The prefix of the skus of its support plans, if it is not the provider's name.
    support_prefix: ClassVar[str] = ""
    #: The provider's service that copies data to other regions, if any.
    replication: ClassVar[str] = ""
    #: Whether the copies to other regions are reads of a consumer.
    copies_are_reads: ClassVar[bool] = True
    #: The copies of each byte and the zones that the service has, whatever the workload states.
    fixed_replication: ClassVar[int | None] = None
    fixed_zones: ClassVar[int | None] = None
    #: Costs and limits that the model omits, as messages.
    leaves_out: ClassVar[tuple[str, ...]] = ()
    #: The fields that a user must set, besides the region, for each set of prices.
    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    @field_validator("credit")
    @classmethod
    def _known_credit(cls, credit: Credit | None) -> Credit | None:
        if credit is not None and credit.amount is None and not cls.trial_credit:
            raise InvalidValueError(_("an amount; this provider has no trial credit"))
        return credit

    @field_validator("commitment")
    @classmethod
    def _may_commit(cls, commitment: Commitment | None) -> Commitment | None:
        if commitment is not None and not cls.sells_commitments:
            raise InvalidValueError(
                _(
                    "'none': nobody sells a commitment for this kind; "
                    "use discount for a share off all charges"
                )
            )
        return commitment

    @model_validator(mode="after")
    def _has_no_conflicts(self) -> Self:
        problems = tuple(self.conflicts())
        if problems:
            raise InputError(self.label, problems)
        return self

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem for each field that contradicts another field or the kind."""
        cloud, other, fields = self.home.name, cloud_of(self.region), type(self).model_fields
        if other not in ("", cloud):
            expected = _(
                "a region of {cloud}; {region!r} is one of {other}",
                cloud=cloud,
                region=self.region,
                other=other,
            )
            hint = nearest_of_cloud(self.region, cloud)
            if "cloud" in fields and other in get_args(fields["cloud"].annotation):
                own = _('Or set cloud = "{other}".', other=other)
                hint = join(" ", filter(None, [hint, own]))
            yield Problem("region", repr(self.region), expected, hint)
        plans = SUPPORT_PLANS.get(self.support_skus, ())
        if self.support not in ("none", *plans):
            expected = either(repr(plan) for plan in ("none", *plans))
            yield Problem("support", repr(self.support), expected, nearest(self.support, plans))
        yield from self._environment_problems()

    def _environment_problems(self) -> Iterator[Problem]:
        for name in repeated(self.environments):
            yield Problem("environments", repr(name), _("a different name for each environment"))
        for environment in self.environments:
            try:
                self.in_environment(environment)
            except InputError as error:
                path = f"environment {environment.name!r}"
                for problem in error.problems:
                    yield replace(problem, where=f"{path}.{problem.where}".rstrip("."))

    @property
    def label(self) -> str:
        """Its name in results."""
        return self.name or str(getattr(self, "kind", ""))

    @property
    def home(self) -> Cloud:
        """The cloud of the deployment and of the services next to it."""
        return CLOUDS[str(getattr(self, "cloud", self.runs_on))]

    @property
    def own(self) -> OwnNodes:
        """The self-managed nodes next to it."""
        return OwnNodes(self.home, self.region, self.service_instance or self.home.small_node)

    @property
    def provider(self) -> str:
        """The provider, by its name in skus."""
        return self.sku_prefix.partition(".")[0]

    @property
    def support_skus(self) -> str:
        """The prefix of the skus of its support plans."""
        return self.support_prefix or f"{self.provider}.support."

    def assumed(self, catalogue: Catalogue, name: str) -> Any:
        """Return the deployment's own value of an assumption, or the catalogue's [base unit].

        A deployment has its own value in a field of the same name, of which it may be a curve.
        """
        own = getattr(self, name, None)
        return catalogue.assumed(name, self.service) if own is None else own

    def replaced(self, catalogue: Catalogue) -> tuple[Assumption, ...]:
        """Return the assumptions that differ from those of the set, by a field or the scenario."""
        given = self.model_fields_set.intersection(REPLACEABLE)
        own = {name: value for name in given if (value := getattr(self, name)) is not None}
        return catalogue.replaced(own, self.service)

    @abstractmethod
    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the candidate configurations of one cluster, such as instance types."""

    def choices(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the candidates complete: all clusters, the services next to them, and people."""
        services = tuple(self._services(load, catalogue))
        if self.clusters != "as-needed":
            return self._of_clusters(int(self.clusters), services, load, catalogue)
        candidates: list[Candidate] = []
        infeasible: Any = True  # with any smaller number of clusters
        for count in range(1, MAX_AS_NEEDED + 1):
            fewer = Limit(np.logical_not(infeasible), _("fewer clusters are enough"))
            own = self._of_clusters(count, services, load, catalogue)
            candidates += [
                replace(candidate, limits=(*candidate.limits, fewer)) for candidate in own
            ]
            for candidate in own:
                infeasible = np.logical_and(infeasible, any_exceeded(candidate.limits))
        return tuple(candidates)

    def _of_clusters(
        self, count: int, services: tuple[Meter, ...], load: Operands, catalogue: Catalogue
    ) -> tuple[Candidate, ...]:
        """Return the candidates with ``count`` clusters, which share the workload evenly."""
        share = load.split(count)
        copied: tuple[Meter, ...] = ()
        if np.any(load.replica_regions):
            copied = times(self.replicas(share, catalogue), count)
        share = self.with_copies(share)
        candidates = []
        for candidate in self.candidates(share, catalogue):
            sizing = candidate.sizing
            if self.clusters != 1:
                details = {**sizing.details, "clusters": count}
                mean = None if sizing.mean is None else sizing.mean * count
                sizing = replace(
                    sizing, count=sizing.count * count, details=details, clusters=count, mean=mean
                )
            meters = (
                *times(candidate.meters, count),
                *services,
                *copied,
                *self._monitoring(load, catalogue, sizing),
                *self.client_path(load, catalogue, sizing),
                *self.people(load, catalogue, sizing),
            )
            candidates.append(replace(candidate, meters=meters, sizing=sizing))
        return tuple(candidates)

    def with_copies(self, load: Operands) -> Operands:
        """Return a workload with the reads of copies to other regions and sites, if there are any.

        >>> from kafkatco import SelfHosted, Workload
        >>> ours = SelfHosted(region="us-east-1", environments=[Environment(name="dr", dr=True)])
        >>> ours.with_copies(Workload(ingress="1 MB/s", fanout=2).operands()).fanout
        3.0
        """
        copied = sum(site.copied for site in self.second_sites)
        if not self.copies_are_reads or not (copied or np.any(load.replica_regions)):
            return load
        return load.replace(fanout=load.fanout + load.replica_regions + copied)

    @property
    def second_sites(self) -> tuple[Environment, ...]:
        """The environments that are second sites for disaster recovery."""
        return tuple(one for one in self.environments if one.dr != "none")

    def in_environment(self, environment: Environment) -> Self:
        """Return the deployment of an environment: without people, agreements and environments.

        Raises :class:`~kafkatco.errors.InputError` for options that are invalid for this kind.
        """
        fields = type(self).model_fields
        changes = {
            "name": environment.name,
            "region": environment.region or self.region,
            "clusters": environment.clusters or (1 if environment.dr == "none" else self.clusters),
            **{name: value for name, value in environment.options.items() if name in fields},
        }
        kept = sorted(self.model_fields_set - changes.keys() - {*OF_PRODUCTION})
        own = {name: getattr(self, name) for name in kept}
        swept = {name: value for name, value in own.items() if _is_swept(value)}
        plain = {name: value for name, value in own.items() if name not in swept}
        return type(self)(**plain, **changes).model_copy(update=swept)

    def link(
        self, load: Operands, catalogue: Catalogue, share: float, target: str
    ) -> tuple[Meter, ...]:
        """Return the meters of copying a ``share`` of all writes [1] to another site.

        ``target`` is its region, or "" for any other region.
        """
        if not share:
            return ()
        count = 1 if self.clusters == "as-needed" else int(self.clusters)
        sent = load.replace(ingress_mib_s=load.ingress_mib_s * share, replica_regions=1.0)
        return times(self.replicas(sent.split(count), catalogue, target), count)

    def _services(self, load: Operands, catalogue: Catalogue) -> Iterator[Meter]:
        """Yield the meters of services that the workload needs once, next to its clusters."""
        for demand, provide in (
            (load.connector_tasks, self.connectors),
            (load.schema_registry, self.registry),
            (load.stream_processing_units, self.streams),
        ):
            if np.any(demand):
                yield from provide(load, catalogue)

    def _monitoring(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> Iterator[Meter]:
        if self.monitoring == "self-hosted":
            yield from self.own.monitoring(load, catalogue)
        elif self.monitoring == "managed":
            yield from self.metrics(load, catalogue, sizing)

    def connectors(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of ``load.connector_tasks``, by default self-managed workers."""
        return self.own.connect(load, catalogue)

    def registry(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of a schema registry, by default self-managed nodes."""
        return self.own.registry(load, catalogue)

    def streams(self, load: Operands, catalogue: Catalogue) -> tuple[Meter, ...]:
        """Return the meters of ``load.stream_processing_units``, by default self-managed nodes."""
        return self.own.streams(load, catalogue)

    def replicas(self, load: Operands, catalogue: Catalogue, target: str = "") -> tuple[Meter, ...]:
        """Return the meters of copies to ``load.replica_regions``, by default MirrorMaker 2.

        All go to the region ``target``, if one is given.
        """
        return self.own.mirrors(load, catalogue, target)

    def metrics(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the meters of the provider's monitoring, by default none, since it is included."""
        return ()

    def client_path(
        self, load: Operands, catalogue: Catalogue, sizing: Sizing
    ) -> tuple[Meter, ...]:
        """Return the meters of the clients' path to all clusters, by default none."""
        return ()

    def people(self, load: Operands, catalogue: Catalogue, sizing: Sizing) -> tuple[Meter, ...]:
        """Return the labour meters."""
        if self.labour is None:
            return ()
        return self.labour.meters(self.family, self.region, catalogue, sizing, load.month_hours)

    def without_effect(self, load: Operands) -> tuple[Message, ...]:
        """Return the workload's inputs that the service fixes to other values, as messages."""
        fixed = []
        if self.fixed_replication and np.any(load.replication_factor != self.fixed_replication):
            fixed.append(
                _(
                    "the replication factor has no effect: the service always keeps {n} copies",
                    n=self.fixed_replication,
                )
            )
        if self.fixed_zones and np.any(load.zones != self.fixed_zones):
            fixed.append(
                _(
                    "the number of zones has no effect: the service always has {n}",
                    n=self.fixed_zones,
                )
            )
        return tuple(fixed)

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Return the costs and limits that the model omits, as messages."""
        omitted = [*self.leaves_out]
        if np.any(load.replica_regions):
            omitted.append(
                _("the clusters in the replica regions (add an [[environment]] with dr for each)")
            )
        if self.monitoring == "none":
            omitted.append(_("monitoring (not set)"))
        if self.support == "none":
            omitted.append(_("support plan (not set)"))
        if not self.environments:
            omitted.append(_("staging and disaster recovery (not set)"))
        return tuple(omitted)


def _is_swept(value: Any) -> bool:
    """Return whether a value is an array, a curve or a trace, in place of a number."""
    return hasattr(type(value), "__array_ufunc__") and not isinstance(value, float)
