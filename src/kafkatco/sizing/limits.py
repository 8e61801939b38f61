"""The limits of a cluster: quotas of a service, and the throughput that brokers sustain."""

from __future__ import annotations

from collections.abc import Mapping

from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, ngettext
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.rows import CapacityRow
from kafkatco.sizing.formulas import broker_load, whole_units
from kafkatco.sizing.quantities import Limit
from kafkatco.sizing.workload import Operands

__all__ = [
    "average_limits",
    "beyond_assumption",
    "not_sustained",
    "quota",
    "units_not_sustained",
    "unpublished",
]


def quota(
    catalogue: Catalogue,
    item: str,
    attribute: str,
    demand: Operand,
    *,
    resource: str,
    scope: str,
    holders: Operand = 1.0,
) -> Limit:
    """Return the limit that ``demand`` may not exceed: the catalogue's, for each of ``holders``.

    ``demand`` is in the catalogue's base unit; the reason has the figure in its source's unit.
    The limit is a product, since a quotient by a swept ``holders`` is not piecewise linear.
    """
    row, most = catalogue.row(item, attribute), catalogue.value(item, attribute)
    reason = _(
        "{resource}: at most {figure} {scope}", resource=resource, figure=_figure(row), scope=scope
    )
    return Limit(demand > most * holders, reason)


def unpublished(demands: Mapping[Message, Operand]) -> tuple[Limit, ...]:
    """Return the unknown limits of ``demands``, by resource; a demand of 0 is not stated."""
    return tuple(
        Limit(demand > 0.0, _("{resource}: the limit is not published", resource=resource))
        for resource, demand in demands.items()
    )


def beyond_assumption(required: Mapping[Message, Operand], vcpu: float) -> tuple[Limit, ...]:
    """Return the limits of ``vcpu`` [1] by an assumption: the vCPUs required, by resource."""
    return tuple(
        Limit(
            whole_units(needed, 1.0) > vcpu,
            _(
                "{resource}: more than {vcpu:g} vCPUs carry (assumption)",
                resource=resource,
                vcpu=vcpu,
            ),
        )
        for resource, needed in required.items()
    )


def _figure(row: CapacityRow) -> str:
    """Return a capacity as its source has it: with its unit, but for plain counts."""
    match row.unit:
        case "hour":
            return ngettext("{n:,} hour", "{n:,} hours", int(row.value))
        case "day":
            return ngettext("{n:,} day", "{n:,} days", int(row.value))
        case "request/s":
            return _("{count:,} per second", count=row.value)
        case unit if unit.removesuffix("/s").endswith("B"):  # data, such as MB/s
            return f"{row.value:,} {unit}"
    return f"{row.value:,}"


def average_limits(
    load: Operands,
    brokers: float,
    capacity_mib_s: Mapping[str, float],
    average: Mapping[str, Operand] | None = None,
) -> tuple[Limit, ...]:
    """Return the limits of a cluster with a fixed number of brokers.

    The average traffic, that of the busiest hour, may not exceed the sustained throughput of all
    brokers, ``capacity_mib_s`` for each, without any margin; peaks may burst above it.  ``average``
    [MiB/s] is that of the month, by default of :func:`~kafkatco.sizing.formulas.broker_load`.
    """
    average = average or broker_load(load.ingress_mib_s, load.replication_factor, load.fanout)
    too_few = _(
        "replication factor: higher than the number of brokers, {brokers:g}", brokers=brokers
    )
    return (
        Limit(load.replication_factor > brokers, too_few),
        *(
            Limit(
                whole_units(average[name] * load.profile.highest, capacity) > brokers,
                not_sustained(load, name, brokers),
            )
            for name, capacity in capacity_mib_s.items()
        ),
    )


def not_sustained(load: Operands, resource: str, brokers: float) -> Message:
    """Return the reason that a fixed number of brokers is too small for the average traffic."""
    return ngettext(
        "{resource}: {n} broker cannot sustain {traffic}",
        "{resource}: {n} brokers cannot sustain {traffic}",
        int(brokers),
        resource=word(resource),
        traffic=load.profile.longest,
    )


def units_not_sustained(load: Operands, unit: str, count: int) -> Message:
    """Return the reason that a fixed number of units is too small for the average traffic."""
    return _(
        "{unit}s: {count} cannot sustain {traffic}",
        unit=unit,
        count=count,
        traffic=load.profile.longest,
    )
