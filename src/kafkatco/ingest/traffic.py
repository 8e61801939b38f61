"""Ingress, fan-out, peak and the other numbers of a workload that traffic has."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from kafkatco.i18n.message import _
from kafkatco.ingest.clusters import common
from kafkatco.ingest.estimate import Estimate, Numbers, provenance
from kafkatco.ingest.statistics import amount, step_name

__all__ = ["count", "fanout", "ingress", "message_size", "peak", "requests"]

#: Steps longer than this hide the peaks within them [s].
LONGEST_STEP: Final = 3600.0
#: Fewer steps show no peak.  Assumption: a day of hours.
LEAST_STEPS: Final = 24


def ingress(numbers: Numbers) -> Estimate | None:
    """Return the mean of what producers send."""
    mean = numbers.get("ingress", "mean")
    if mean is None:
        return None
    return Estimate("ingress", mean.value, "B/s", amount(mean.value, "B/s"), provenance(mean))


def fanout(numbers: Numbers) -> Estimate | None:
    """Return bytes out over bytes in, in the steps that both have."""
    bytes_in, bytes_out = numbers.get("ingress", "mean"), numbers.get("egress", "mean")
    if bytes_in is None or bytes_out is None or bytes_in.value <= 0:
        return None
    ratio = bytes_out.value / bytes_in.value
    if {"ingress", "egress"} <= numbers.series.keys():
        written, read, _step = common(numbers.series["ingress"], numbers.series["egress"])
        if not written.sum():
            return None
        ratio = float(read.sum() / written.sum())
    because = _("bytes out over bytes in: {source}", source=provenance(bytes_out))
    return Estimate("fanout", ratio, "1", _digits(ratio), because)


def peak(numbers: Numbers) -> Estimate | None:
    """Return the peak over the mean, unless there are too few steps."""
    mean = numbers.get("ingress", "mean")
    top = numbers.get("ingress", numbers.peak, "p99", "p95", "max")
    if mean is None or top is None or top.statistic == "stated" or mean.value <= 0:
        return None
    if "ingress" in numbers.series:
        steps = int(np.isfinite(numbers.series["ingress"].values).sum())
        if steps < LEAST_STEPS:
            text = _(
                "ingress has {n} steps, too few to show a peak (at least {least})",
                n=steps,
                least=LEAST_STEPS,
            )
            numbers.warnings.append(text)
            return None
    ratio = top.value / mean.value
    because = _("{source}, over the mean", source=provenance(top))
    if ratio < 1:
        text = _(
            "the {peak} of ingress is below its mean, which a few steps make; the peak is taken as "
            "the mean",
            peak=top.statistic,
        )
        numbers.warnings.append(text)
    if top.step_s is not None and top.step_s > LONGEST_STEP:
        text = _(
            "ingress is in steps of {step}, whose means hide the peaks within them: the true peak "
            "is higher. Export steps of 5 min or 1 h",
            step=step_name(top.step_s),
        )
        numbers.warnings.append(text)
    ratio = max(1.0, ratio)
    return Estimate("peak_to_average", ratio, "1", _digits(ratio), because)


def message_size(numbers: Numbers) -> Estimate | None:
    """Return the size of a record as on the wire."""
    given = numbers.state("message_size", "mean")
    bytes_in, records = numbers.get("ingress", "mean"), numbers.get("messages", "mean")
    if given is not None:
        return Estimate("message_size", given.value, "B", f"{given.value:.4g} B", provenance(given))
    if bytes_in is None or records is None or records.value <= 0:
        return None
    size = bytes_in.value / records.value
    if {"ingress", "messages"} <= numbers.series.keys():
        written, sent, _step = common(numbers.series["ingress"], numbers.series["messages"])
        size = float(written.sum() / sent.sum()) if sent.sum() else size
    because = _("bytes in over records, as on the wire: {source}", source=provenance(records))
    return Estimate("message_size", size, "B", f"{max(size, 1):.4g} B", because)


def count(name: str, stat: str) -> Callable[[Numbers], Estimate | None]:
    """Return what finds a count of something, by a statistic of it."""

    def find(numbers: Numbers) -> Estimate | None:
        reading = numbers.get(name, stat)
        if reading is None:
            return None
        return Estimate(name, reading.value, "1", math.ceil(reading.value), provenance(reading))

    return find


def requests(numbers: Numbers) -> Estimate | None:
    """Return the mean of client requests."""
    mean = numbers.get("requests", "mean")
    if mean is None:
        return None
    return Estimate("requests", mean.value, "1/s", _digits(mean.value), provenance(mean))


def _digits(value: float) -> float:
    return float(f"{value:.6g}")
