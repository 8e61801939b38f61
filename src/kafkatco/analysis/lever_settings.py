"""What may be changed to make an option cheaper: one record for each setting of each lever.

A lever is a name, such as "commitment"; its settings are alternatives, of which one can be chosen.
Settings of different levers never contradict each other, in whatever order they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from pydantic import Field

from kafkatco.analysis.axes import OWN_SHARES
from kafkatco.core.inputs import Input
from kafkatco.core.units import DURATION, RATE, Duration, parse
from kafkatco.costing.bill import Bill
from kafkatco.costing.comparison import operands_of
from kafkatco.deployments.agreements import Commitment
from kafkatco.deployments.base import Deployment
from kafkatco.deployments.client_path import OutsideNetwork
from kafkatco.i18n.message import EMPTY, Message, _
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.prices.rows import TERMS
from kafkatco.sizing.brokers import FailureMargin
from kafkatco.sizing.workload import Operands, Workload

__all__ = ["LEVERS", "Option", "Setting", "Targets", "Written", "settings_of"]


class Targets(Input):
    """What levers change their inputs to: assumptions, since nobody knows what you would accept.

    Parameters
    ----------
    disk_headroom
        Share of the disk kept free; 0.4, at which Amazon MSK's storage scaling adds disk
        (https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html: a target of
        60 % used).  [1]
    local_retention
        What brokers keep with tiered storage; 12 hours, an assumption of this project.  [time]
    tiered_retention
        The least retention for which tiered storage is tried; 3 days, below which MSK has none.
        [time]
    utilisation
        Share of a broker's sustained throughput that a bolder plan uses at peak; 0.7, an assumption
        of this project.  [1]
    compression_ratio
        Uncompressed bytes over bytes on the wire, if producers compress; 2, an assumption of this
        project: measure yours.  [1]
    retention_share
        Share of the retention that is enough; a half, an assumption of this project.  [1]

    Examples
    --------
    >>> Targets(local_retention="1 day").disk_headroom
    0.4
    """

    disk_headroom: float = Field(default=0.4, ge=0, lt=1)
    local_retention: Duration = Field(default="12 hours", validate_default=True)
    tiered_retention: Duration = Field(default="3 days", validate_default=True)
    utilisation: float = Field(default=0.7, gt=0, le=1)
    compression_ratio: float = Field(default=2.0, ge=1, le=1e6)
    retention_share: float = Field(default=0.5, gt=0, le=1)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """One alternative of a lever: the fields that it sets, and what else it changes.

    ``keeps_service`` is whether what was promised or agreed stays as it is; ``consequence`` is
    empty if nobody notices.
    """

    lever: str
    text: Message
    workload: Mapping[str, Any] = field(default_factory=dict)
    deployment: Mapping[str, Any] = field(default_factory=dict)
    keeps_service: bool = True
    consequence: Message = EMPTY

    @property
    def is_numeric(self) -> bool:
        """Whether costs are formulas of all that it sets, so that arrays hold both values."""
        return OWN_SHARES.keys() >= self.deployment.keys()

    @property
    def change(self) -> dict[str, Any]:
        """The fields as a scenario file has them, those of the workload after their section."""
        of_workload = {f"workload.{name}": value for name, value in self.workload.items()}
        changed = {**of_workload, **self.deployment}
        return {name: getattr(value, "text", value) for name, value in changed.items()}


@dataclass(frozen=True, slots=True)
class Option:
    """A deployment and its workload, which settings change."""

    deployment: Deployment
    workload: Workload
    book: PriceBook
    catalogue: Catalogue
    month_hours: float  #: [h]

    @property
    def load(self) -> Operands:
        """The workload in base units."""
        return operands_of(self.workload, self.book, self.month_hours)

    def has(self, name: str) -> bool:
        """Return whether the deployment has a field."""
        return name in type(self.deployment).model_fields

    def share(self, name: str) -> float | None:
        """Return a share of the deployment, its own or the assumed one; ``None`` if it has none."""
        return float(self.deployment.assumed(self.catalogue, name)) if self.has(name) else None


@dataclass(frozen=True, slots=True)
class Written:
    """An option as it is written, its bill, and what levers change inputs to."""

    option: Option
    bill: Bill
    targets: Targets


#: The settings that a lever has for an option: none if it does not apply.
Lever = Callable[[Written], Iterator[Setting]]


def settings_of(at: Written) -> tuple[Setting, ...]:
    """Return the settings of every lever that applies to an option."""
    return tuple(setting for lever in LEVERS for setting in lever(at))


def _fetch_from_followers(at: Written) -> Iterator[Setting]:
    load = at.option.load
    if load.follower_fetch < 1.0 and load.zones > 1.0:
        text = _("consumers fetch from followers in their own zone (client.rack)")
        yield Setting("follower-fetch", text, {"follower_fetch": 1.0})


def _tier(at: Written) -> Iterator[Setting]:
    least_h = parse(at.targets.tiered_retention, DURATION).value(at.option.month_hours)
    tiered = getattr(at.option.deployment, "tiered", None)
    if tiered is not False or at.option.load.retention_h < least_h:
        return
    given = at.option.workload.local_retention
    kept = parse(given or at.targets.local_retention, DURATION)
    text = _("tiered storage, {time} on brokers", time=kept.text)
    own = {} if given else {"local_retention": kept}
    yield Setting("tiering", text, own, {"tiered": True}, consequence=_older_is_slower(kept.text))


def _keep_less_on_brokers(at: Written) -> Iterator[Setting]:
    kept = parse(at.targets.local_retention, DURATION)
    given = at.option.workload.local_retention
    if given and at.option.has("tiered") and at.option.load.local_retention_h > kept.value(730.0):
        text = _("{time} on brokers", time=kept.text)
        changes, slower = {"local_retention": kept}, _older_is_slower(kept.text)
        yield Setting("local-retention", text, changes, consequence=slower)


def _older_is_slower(time: str) -> Message:
    return _(
        "data older than {time} is read from object storage, slower; not for compacted topics",
        time=time,
    )


def _fill_disks(at: Written) -> Iterator[Setting]:
    free = at.targets.disk_headroom
    now = at.option.share("disk_headroom")
    if now is not None and now > free:
        text = _("{share} of the disk free, not {now}", share=_percent(free), now=_percent(now))
        less = _("less time to add disk as traffic grows")
        yield Setting("disk-headroom", text, {}, {"disk_headroom": free}, consequence=less)


def _any_instance(at: Written) -> Iterator[Setting]:
    """Yield the choice among all types; a number of brokers of one type is not that of another."""
    if getattr(at.option.deployment, "instance", "cheapest") != "cheapest":
        fixed = getattr(at.option.deployment, "brokers", None) is not None
        changes = {"instance": "cheapest", **({"brokers": None} if fixed else {})}
        text = _("the cheapest instance type of all")
        yield Setting("instance", text, {}, changes, keeps_service=not fixed)


def _link_privately(at: Written) -> Iterator[Setting]:
    deployment = at.option.deployment
    if not isinstance(deployment, OutsideNetwork) or not deployment.sells_endpoints:
        return
    linked = "private-link" in deployment.home.paths
    if linked and deployment.path(at.option.catalogue) == "nat":
        text = _("private link instead of NAT gateways")
        yield Setting("access", text, {}, {"access": "private-link"})


def _merge_clusters(at: Written) -> Iterator[Setting]:
    count = at.option.deployment.clusters
    if isinstance(count, int) and count > 1:
        text = _("as few clusters as can handle the load, not {n}", n=count)
        shared = _("teams share the clusters, their upgrades and their failures")
        yield Setting("clusters", text, {}, {"clusters": "as-needed"}, consequence=shared)


def _commit(at: Written) -> Iterator[Setting]:
    now = at.option.deployment.commitment
    own_rate = isinstance(now, Commitment) and now.discount is not None
    if not type(at.option.deployment).sells_commitments or own_rate:
        return
    for term in TERMS:
        if not (isinstance(now, Commitment) and now.term == term):
            yield Setting(
                "commitment",
                _("a commitment: {term}", term=term),
                {},
                {"commitment": term},
                keeps_service=False,
                consequence=_("paid for the whole term, used or not"),
            )


def _compress(at: Written) -> Iterator[Setting]:
    now, ratio = at.option.workload.compression_ratio, at.targets.compression_ratio
    if now < ratio:
        wire = parse(at.option.workload.ingress, RATE).times(now / ratio)
        yield Setting(
            "compression",
            _("producers compress {ratio:g} to 1", ratio=ratio),
            {"ingress": wire, "compression_ratio": ratio},
            keeps_service=False,
            consequence=_("the ratio is an assumption until you measure it; clients use more CPU"),
        )


def _retain_less(at: Written) -> Iterator[Setting]:
    kept_h = at.option.load.retention_h * at.targets.retention_share
    kept = parse(_duration(kept_h), DURATION)
    if at.targets.retention_share < 1.0:
        yield Setting(
            "retention",
            _("retention of {time}", time=kept.text),
            {"retention": kept},
            keeps_service=False,
            consequence=_("data older than {time} is gone", time=kept.text),
        )


def _percent(share: float) -> str:
    return f"{100.0 * share:g} %"


def _duration(hours: float) -> str:
    """Return a duration as text, in days if it has some.

    >>> _duration(84.0), _duration(12.0)
    ('3.5 days', '12 hours')
    """
    return f"{hours / 24.0:.4g} days" if hours >= 48.0 else f"{hours:.4g} hours"


def _copy_less(at: Written) -> Iterator[Setting]:
    copies = at.option.workload.replication_factor - 1
    if copies >= 2 and type(at.option.deployment).fixed_replication is None:
        yield Setting(
            "replication-factor",
            _("{n} copies of each byte", n=copies),
            {"replication_factor": copies},
            keeps_service=False,
            consequence=_(
                "while one broker is down, {left} of {n} copies", left=copies - 1, n=copies
            ),
        )


def _size_brokers(at: Written) -> Iterator[Setting]:
    fixed = getattr(at.option.deployment, "brokers", None)
    if fixed is not None:
        text = _("as many brokers as the sizing needs, not {n}", n=fixed)
        fewer = _("what the other brokers were for is not in the workload")
        changes = {"brokers": None}
        yield Setting("brokers", text, {}, changes, keeps_service=False, consequence=fewer)


def _use_more(at: Written) -> Iterator[Setting]:
    now, used = at.option.share("utilisation"), at.targets.utilisation
    if now is not None and now < used:
        yield Setting(
            "utilisation",
            _("brokers are used to {share}, not {now}", share=_percent(used), now=_percent(now)),
            {},
            {"utilisation": used},
            keeps_service=False,
            consequence=_("less room for growth, and for more traffic than planned"),
        )


def _lose_less(at: Written) -> Iterator[Setting]:
    """Yield each margin for failures that is below the present one."""
    if not at.option.has("failure_margin"):
        return
    now = at.bill.sizing.details["failure_margin"]
    for margin in MARGINS[MARGINS.index(str(now)) + 1 :]:
        text, consequence = _MARGIN_TEXTS[margin]
        changes = {"failure_margin": margin}
        yield Setting("failure-margin", text, {}, changes, False, consequence)


#: The margins for failures, the largest first, and what the smaller ones mean.
MARGINS: Final[tuple[str, ...]] = get_args(FailureMargin)
_MARGIN_TEXTS: Final = {
    "zone": (
        _("no room for recovery while a zone is down"),
        _("with a zone down the peak is carried, and lagging consumers catch up later"),
    ),
    "none": (_("no room for a lost zone"), _("with a zone down the peak is not carried")),
}
#: The levers, those that keep the service first.
LEVERS: Final[tuple[Lever, ...]] = (
    _fetch_from_followers,
    _tier,
    _keep_less_on_brokers,
    _fill_disks,
    _any_instance,
    _link_privately,
    _merge_clusters,
    _commit,
    _compress,
    _retain_less,
    _copy_less,
    _size_brokers,
    _use_more,
    _lose_less,
)
