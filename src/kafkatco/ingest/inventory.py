"""What readers of inventory share: the age of a file, and one cluster of several files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Final

from kafkatco.core.today import today
from kafkatco.i18n.message import Message, _
from kafkatco.ingest.node import Node
from kafkatco.ingest.readings import Resource

__all__ = ["FRESH_DAYS", "count", "joined", "old"]

#: An inventory that is older may be of another cluster by now [days].  Assumption, as kcp has it.
FRESH_DAYS: Final = 7


def old(name: str, dated: float | None) -> tuple[Message, ...]:
    """Return the warning on an inventory of more than a week ago; ``dated`` is in s since 1970."""
    if dated is None:
        return ()
    day = dt.datetime.fromtimestamp(dated, dt.UTC).date()
    days = (today() - day).days
    if days <= FRESH_DAYS:
        return ()
    return (
        _(
            "{name} is of {day}, {days} days ago: the clusters may have changed since",
            name=name,
            day=day.isoformat(),
            days=days,
        ),
    )


def count(node: Node) -> int:
    """Return a whole number of at least 1, which must be there."""
    value = node.number()
    if not value >= 1 or value != int(value):
        raise node.wrong(_("a whole number of at least 1"))
    return int(value)


def joined(resources: Iterable[Resource]) -> tuple[tuple[Resource, ...], tuple[Message, ...]]:
    """Return each cluster once, with the fields of all files that describe it.

    Files describe the same cluster if they have its id of the provider.  Of a field that they state
    differently the first counts, which a message says.

    >>> nodes = Resource("msk-standard", {"brokers": 6}, "orders", "arn:1", source="nodes.json")
    >>> cluster = Resource("msk-standard", {"brokers": 3, "tiered": True}, "orders", "arn:1")
    >>> [one], told = joined([nodes, dataclasses.replace(cluster, source="cluster.json")])
    >>> one.fields, told
    ({'brokers': 6, 'tiered': True}, ('orders: brokers is 6 in nodes.json, but 3 in cluster.json; \
the first one is taken',))
    """
    found: dict[object, Resource] = {}
    told: list[Message] = []
    for number, one in enumerate(resources):
        key = (one.provider_id, one.when) if one.provider_id else number
        first = found.get(key)
        if first is None:
            found[key] = one
            continue
        told.extend(
            _(
                "{name}: {field} is {first} in {source}, but {second} in {other}; the first one is "
                "taken",
                name=first.name,
                field=field,
                first=first.fields[field],
                source=first.source,
                second=value,
                other=one.source,
            )
            for field, value in one.fields.items()
            if field in first.fields and first.fields[field] != value
        )
        fewest = min(first.missing, one.missing, key=len)
        found[key] = dataclasses.replace(
            first,
            fields={**one.fields, **first.fields},
            extra={**one.extra, **first.extra},
            source=f"{first.source}, {one.source}",
            missing=fewest,
        )
    return tuple(found.values()), tuple(told)
