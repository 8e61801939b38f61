"""Stored data while traffic grows: that of the past retention period."""

from __future__ import annotations

import numpy as np

from kafkatco.numerics.typing import Floats

__all__ = ["retained"]


def retained(rate_mib_s: Floats, retention_h: float | Floats, month_hours: Floats) -> Floats:
    """Return the traffic whose data is stored in each month [MiB/s], shape of ``rate_mib_s``.

    At any instant the traffic of the past ``retention_h`` [h] is stored; a month is billed for the
    average.  As traffic is constant within a month, the average is exactly a weighted sum of past
    months: the weight of each is its share of the retention window, averaged over the billed month.
    Before the first month, traffic is assumed to equal the first month's.  The last axis is months
    of ``month_hours`` [h], shape ``(months,)``; ``retention_h`` may vary along it, or along the
    axes before it, as ``(..., 1)``.

    >>> retained(np.array([1.0, 1.0, 3.0]), 1460.0, np.full(3, 730.0))
    array([1. , 1. , 1.5])
    """
    shape = np.broadcast_shapes(np.shape(retention_h), month_hours.shape)
    window = np.broadcast_to(retention_h, shape)[..., None]
    ends = np.cumsum(month_hours)
    # edges of every month k relative to the start of the billed month m: shape (m, k)
    stop = ends[None, :] - (ends - month_hours)[:, None]
    start = stop - month_hours[None, :]
    length = month_hours[:, None]

    def written_by(lag: Floats | float) -> Floats:
        """Return the hours of month k up to ``lag`` ago, integrated over the billed month."""
        return (
            _ramp(length - lag - start)
            - _ramp(-lag - start)
            - _ramp(length - lag - stop)
            + _ramp(-lag - stop)
        )

    in_window = (stop > -window) & (start < length)
    held = np.where(in_window, written_by(0.0) - written_by(window), 0.0)
    weight = np.broadcast_to(np.eye(ends.size), held.shape).copy()
    np.divide(held, window * length, out=weight, where=window > 0)
    first = rate_mib_s[..., :1]
    if weight.ndim == 2:
        kept: Floats = first + (rate_mib_s - first) @ weight.T
        return kept
    return np.asarray(first + (weight @ (rate_mib_s - first)[..., None])[..., 0])


def _ramp(hours: Floats) -> Floats:
    area: Floats = 0.5 * np.maximum(hours, 0.0) ** 2
    return area
