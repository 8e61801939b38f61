"""What a cluster cannot exceed: quotas of a service, and what brokers sustain on average."""

from __future__ import annotations

from collections.abc import Mapping

from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import broker_load, whole_units
from kafkatco.sizing.quantities import Limit
from kafkatco.sizing.workload import Operands

__all__ = ["average_limits", "quota"]


def quota(
    catalogue: Catalogue,
    item: str,
    attribute: str,
    demand: Operand,
    *,
    what: str,
    scope: str,
    holders: Operand = 1.0,
) -> Limit:
    """Return the limit that ``demand`` may not exceed: the catalogue's, for each of ``holders``.

    ``demand`` is in the catalogue's base unit; the reason gives the figure as its source does.
    A product, not a quotient by ``holders``, which is no line when those are swept.
    """
    row, most = catalogue.row(item, attribute), catalogue.value(item, attribute)
    is_word = row.unit.islower() and row.unit.replace(" ", "").isalpha()
    unit = f"{row.unit}s" if is_word and row.value != 1 else row.unit.removeprefix("1")
    figure = f"{row.value:,} {unit}".rstrip()
    return Limit(demand > most * holders, f"{what}: at most {figure} {scope}")


def average_limits(
    load: Operands,
    brokers: float,
    capacity_mib_s: Mapping[str, float],
    average: Mapping[str, Operand] | None = None,
) -> tuple[Limit, ...]:
    """Return the limits of a cluster whose size is given, by ``capacity_mib_s`` per broker.

    What is sustained on average cannot exceed the sustained throughput of all brokers, without
    any margin; peaks may burst above it.  ``average`` [MiB/s] is :func:`broker_load`'s by default.
    """
    average = average or broker_load(load.ingress_mib_s, load.replication_factor, load.fanout)
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
