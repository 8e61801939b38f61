"""Replicas, partitions and retention: three numbers that stored bytes tie to each other."""

from __future__ import annotations

import dataclasses
import math
from typing import Final

from kafkatco.i18n.message import Message, _
from kafkatco.ingest.estimate import SAME, Estimate, Numbers, provenance
from kafkatco.ingest.readings import Reading
from kafkatco.ingest.statistics import amount

__all__ = ["local_retention", "partitions", "replication", "retention"]

#: The percentile of counts of partitions: what the cluster holds, without a one-off.
USUAL: Final = "p95"


def replication(numbers: Numbers) -> Estimate | None:
    """Return the replication factor as stated, else as counted."""
    given = numbers.state("replication_factor", "mean")
    if given is not None:
        return _copies(given.value, provenance(given))
    for several, once, stat in (
        ("partition_replicas", "partitions", USUAL),
        ("stored_replica_bytes", "stored_bytes", "mean"),
    ):
        many, one = numbers.get(several, stat), numbers.get(once, stat)
        if many is not None and one is not None and one.value > 0:
            because = _(
                "{many} over {one}: {source}",
                many=amount(many.value, many.unit),
                one=amount(one.value, one.unit),
                source=provenance(many),
            )
            return _copies(many.value / one.value, because)
    return None


def _copies(value: float, because: Message) -> Estimate:
    """Return the replication factor, which is whole; ``value`` keeps the mean of its topics."""
    written = max(1, round(value))
    if abs(written - value) > 0.005:
        because = _("mean {mean:.2f}, rounded; {because}", mean=value, because=because)
    return Estimate("replication_factor", value, "1", written, because)


def partitions(numbers: Numbers) -> Estimate | None:
    """Return the partitions before replication."""
    one = numbers.get("partitions", USUAL)
    if one is not None:
        return Estimate("partitions", one.value, "1", math.ceil(one.value), provenance(one))
    many, copies = numbers.get("partition_replicas", USUAL), replication(numbers)
    if many is None or copies is None:
        return None
    value = many.value / copies.value
    because = _("replicas over the replication factor: {source}", source=provenance(many))
    return Estimate("partitions", value, "1", math.ceil(value - 1e-9), because)


def retention(numbers: Numbers) -> Estimate | None:
    """Return the retention as stated, else as the stored bytes have it."""
    given, derived = numbers.state("retention", "mean"), _derived_retention(numbers)
    if given is None:
        return derived
    if derived is not None and abs(derived.value - given.value) > SAME * given.value:
        text = _(
            "retention is {given:,.4g} h as stated ({where}), but the stored bytes hold "
            "{derived:,.4g} h of ingress; the stated one is taken",
            given=given.value,
            where=given.source,
            derived=derived.value,
        )
        numbers.warnings.append(text)
    return Estimate("retention", given.value, "h", _hours(given.value), provenance(given))


def _derived_retention(numbers: Numbers) -> Estimate | None:
    """Return stored bytes over ingress; in tiered storage almost every byte is remote, too."""
    rate = numbers.get("ingress", "mean")
    if rate is None or rate.value <= 0:
        return None
    for quantity in ("remote_bytes", "stored_bytes"):
        stored = numbers.get(quantity, "mean")
        if stored is not None and stored.value > 0:
            because = _("stored bytes over ingress: {source}", source=provenance(stored))
            return _held(stored.value / rate.value, because)
    stored, copies = _stored_replicas(numbers), replication(numbers)
    if stored is None or copies is None:
        return None
    because = _(
        "stored bytes over replication factor {copies:.3g} and ingress: {source}",
        copies=copies.value,
        source=provenance(stored),
    )
    return _held(stored.value / copies.value / rate.value, because)


def _stored_replicas(numbers: Numbers) -> Reading | None:
    stored = numbers.get("stored_replica_bytes", "mean")
    if stored is not None:
        return stored
    share, size = numbers.get("disk_used", "mean"), numbers.get("disk_bytes", "max")
    if share is None:
        return None
    if size is None:
        text = _(
            "{name} is a share of the disks, not bytes: add a file with the size of the disks, "
            "such as aws kafka describe-cluster-v2",
            name=share.query,
        )
        numbers.warnings.append(text)
        return None
    value = share.value * size.value
    return dataclasses.replace(share, quantity="stored_replica_bytes", value=value)


def _held(seconds: float, because: Message) -> Estimate:
    hours = seconds / 3600.0
    return Estimate("retention", hours, "h", _hours(hours), because)


def local_retention(numbers: Numbers) -> Estimate | None:
    """Return the time that brokers hold, if the cluster has tiered storage."""
    given = numbers.state("local_retention", "mean")
    if given is not None:
        hours = given.value
        return Estimate("local_retention", hours, "h", _hours(hours), provenance(given))
    remote, rate = numbers.get("remote_bytes", "mean"), numbers.get("ingress", "mean")
    if remote is None or rate is None or remote.value <= 0 or rate.value <= 0:
        return None
    stored, copies = _stored_replicas(numbers), replication(numbers)
    if stored is None or copies is None:
        return None
    held = _held(
        stored.value / copies.value / rate.value,
        _(
            "bytes on brokers over replication factor and ingress: {source}",
            source=provenance(stored),
        ),
    )
    return dataclasses.replace(held, field="local_retention")


def _hours(hours: float) -> str:
    return f"{hours:.4g} h"
