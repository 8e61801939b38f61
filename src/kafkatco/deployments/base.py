"""What every deployment has: a name, a region, people, and the offers it makes to a workload."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from kafkatco.discounts import Commitment, CommitmentField, Credit, CreditField
from kafkatco.model import Input, Name
from kafkatco.money import MoneyPerMonth, parse_salary
from kafkatco.prices.catalogue import Catalogue
from kafkatco.quantities import Limit, Meter, Offer
from kafkatco.sizing import broker_load, monthly_gib, whole_units, zone_crossings
from kafkatco.units import DURATION, Duration, parse
from kafkatco.workload import Operands

__all__ = ["Deployment", "Labour"]


class Labour(Input):
    """People who run the deployment.

    ``fte`` full-time people at ``monthly`` each, fully loaded; without ``monthly``, at the book's
    price for ``role`` in ``region``; not every role is known in each ("kr", "us", "de", "ie"):
    ``kafkatco prices list labour`` shows them.  ``setup`` is person-time spent once, at the same
    rate.
    """

    fte: float = Field(ge=0, le=1e6)
    monthly: MoneyPerMonth | None = None
    role: str = "devops-engineer"
    region: str = "kr"
    setup: Duration | None = None

    def meters(self, month_hours: Any) -> tuple[Meter, ...]:
        """Return FTE-months of running, and of setting up once.

        A person works one FTE-month in a month, so a setup of w weeks is
        w x 168 h / ``month_hours`` FTE-months.
        """
        worked_h = 0.0 if self.setup is None else parse(self.setup, DURATION).value(month_hours)
        monthly = None if self.monthly is None else parse_salary(self.monthly)
        sku = f"labour.{self.role}"
        return (
            Meter("labour", sku, self.region, self.fte, "FTE-month", price=monthly),
            Meter(
                "setup", sku, self.region, worked_h / month_hours, "FTE-month", "once",
                price=monthly, one_off=True,
            ),
        )  # fmt: skip


class Deployment(Input, ABC):
    """A way to run Kafka.  Subclasses define ``kind`` and :meth:`offers`.

    Parameters
    ----------
    name
        What results call it; its kind by default.
    region
        The provider's own name of a region.
    labour
        People; none by default, which results say.
    discount
        Share off everything but people, after a commitment; a line of its own.  [1]
    commitment
        What the nodes are committed to: "1-year" (a reservation or committed use), "3-year",
        "1-year-savings-plan", "3-year-savings-plan", at the published rates of that term; or
        ``{term = "1-year", discount = 0.28}``, your own share off their list price.  Of several
        choices, those without a rate for the term drop out, and the bill says how many.
    credit
        Money that pays the provider's charges until it is spent or expires: "400 USD",
        ``{amount = "400 USD", expires = "30 days"}``, or "trial", the provider's own.  It is paid
        once: bills and projections have it, crossovers and comparisons do not.
    monitoring, support
        Only "none" so far.
    """

    name: Name = ""
    region: str
    labour: Labour | None = None
    discount: float = Field(default=0.0, ge=0, le=1)
    monitoring: Literal["none"] = "none"
    support: Literal["none"] = "none"
    commitment: CommitmentField = Field(default="none", validate_default=True)
    credit: CreditField = Field(default="none", validate_default=True)

    @field_validator("credit")
    @classmethod
    def _known_credit(cls, credit: Credit | None) -> Credit | None:
        if credit is not None and credit.amount is None and not cls.trial_credit:
            raise ValueError("an amount: no trial credit of this provider is known")
        return credit

    #: How the skus of this kind begin: a region of theirs is one that it can be in.
    sku_prefix: ClassVar[str]

    @field_validator("commitment")
    @classmethod
    def _may_commit(cls, commitment: Commitment | None) -> Commitment | None:
        if commitment is not None and not cls.has_nodes:
            raise ValueError("'none': it has no nodes to commit; a discount is a share of all")
        return commitment

    #: Whether it runs on nodes, which may be committed to.
    has_nodes: ClassVar[bool] = True
    #: The sku of the credit that its provider gives to a new customer, if any.
    trial_credit: ClassVar[str] = ""
    #: What this kind of deployment costs that its offers leave out.
    leaves_out: ClassVar[tuple[str, ...]] = ()

    @property
    def label(self) -> str:
        """What results call this deployment."""
        return self.name or str(getattr(self, "kind", ""))

    @abstractmethod
    def offers(self, load: Operands, catalogue: Catalogue) -> tuple[Offer, ...]:
        """Return the ways in which this deployment can serve ``load``; several leave a choice."""

    def people(self, load: Operands) -> tuple[Meter, ...]:
        """Return the labour meters."""
        return self.labour.meters(load.month_hours) if self.labour else ()

    def not_modelled(self) -> tuple[str, ...]:
        """Name what this deployment costs in real life and not here."""
        return self.leaves_out if self.labour else (*self.leaves_out, "labour (none given)")


def aws_network(load: Operands, region: str, *, replication_billed: float) -> tuple[Meter, ...]:
    """Return the AWS meters for bytes between zones and to the internet.

    A byte that crosses is metered where it leaves and where it arrives, hence twice.
    Source: https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer
    """
    written_gib = monthly_gib(load.ingress_mib_s, load.month_hours)
    crossings = zone_crossings(
        zones=load.zones,
        producer_affinity=load.producer_affinity,
        replication_factor=load.replication_factor,
        replication_billed=replication_billed,
        fanout=load.fanout,
        follower_fetch=load.follower_fetch,
        internet_egress=load.internet_egress,
    )
    return (
        Meter(
            "network", "aws.data-transfer.inter-az", region, 2.0 * crossings * written_gib, "GiB",
            "between zones, metered on both sides",
        ),
        Meter(
            "network", "aws.data-transfer.internet", region,
            load.fanout * load.internet_egress * written_gib, "GiB", "to the internet",
        ),
    )  # fmt: skip


def quota(
    catalogue: Catalogue, item: str, attribute: str, demand: Any, *, what: str, scope: str,
    holders: Any = 1.0,
) -> Limit:  # fmt: skip
    """Return the limit that ``demand`` may not exceed: the catalogue's, for each of ``holders``.

    ``demand`` is in the catalogue's base unit; the reason gives the figure as its source does.
    A product, not a quotient by ``holders``, which is no line when those are swept.
    """
    row, most = catalogue.row(item, attribute), catalogue.value(item, attribute)
    return Limit(demand > most * holders, f"{what}: at most {row.value} {row.unit} {scope}")


def average_limits(
    load: Operands, brokers: float, capacity_mib_s: Mapping[str, float]
) -> tuple[Limit, ...]:
    """Return the limits of a cluster whose size is given, by ``capacity_mib_s`` per broker.

    What is sustained on average cannot exceed the sustained throughput of all brokers, without
    any margin; peaks may burst above it.
    """
    average = broker_load(load.ingress_mib_s, load.replication_factor, load.fanout)
    return (
        Limit(
            load.replication_factor > brokers, f"{brokers:g} brokers cannot hold so many replicas"
        ),
        *(
            Limit(
                whole_units(average[name], capacity) > brokers,
                f"{name}: {brokers:g} brokers cannot sustain the average",
            )
            for name, capacity in capacity_mib_s.items()
        ),
    )
