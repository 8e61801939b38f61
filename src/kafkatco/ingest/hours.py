"""The traffic of each hour of the day or of the week, from a series of ingress."""

from __future__ import annotations

from typing import Final

import numpy as np

from kafkatco.i18n.message import _
from kafkatco.ingest.estimate import Estimate, Numbers, provenance
from kafkatco.ingest.readings import Series
from kafkatco.ingest.statistics import resampled, statistic, window
from kafkatco.numerics.typing import Floats
from kafkatco.sizing.traffic_profile import DAY, WEEK, TrafficProfile

__all__ = ["LEAST_DAYS", "LEAST_WEEKS", "UNEVEN", "by_hour", "profile"]

#: Fewer days show no usual day.  Assumption: a week, so that each weekday is in it once.
LEAST_DAYS: Final = 7
#: With fewer weeks an hour of the week is the mean of too few, and the day is taken.  Assumption.
LEAST_WEEKS: Final = 4
#: Below this, the busiest hour over the mean is as good as even, and no profile is written [1].
#: Assumption.
UNEVEN: Final = 1.1

HOUR: Final = 3600.0
#: 1 January 1970 was a Thursday: the hours from Monday until then.
THURSDAY: Final = 3 * DAY


def profile(numbers: Numbers) -> Estimate | None:
    """Return the traffic of each hour over the mean of all; ``None`` if it is even or not known.

    It needs steps of at most an hour, over :data:`LEAST_DAYS` days; with :data:`LEAST_WEEKS` weeks
    it is that of the hours of a week, else of a day.  The value is the busiest hour over the mean.
    """
    series = numbers.series.get("ingress")
    if series is None or series.step_s > HOUR:
        return None
    start, end = window(series)
    days = (end - start) / (DAY * HOUR)
    if days < LEAST_DAYS:
        return None
    hourly = resampled(series, HOUR)
    hours = by_hour(hourly, WEEK) if days >= LEAST_WEEKS * 7 else None
    if hours is None:
        hours = by_hour(hourly, DAY)
    if hours is None:
        return None
    written = [float(f"{hour:.3g}") for hour in hours]
    highest = TrafficProfile(hours=written).by_hour.highest
    if highest < UNEVEN:
        return None
    source = provenance(numbers.use(statistic(hourly, "mean")))
    of_day, of_week = (
        _("for each hour of the day, in UTC: {source}", source=source),
        _("for each hour of the week from Monday, in UTC: {source}", source=source),
    )
    because = of_day if len(written) == DAY else of_week
    return Estimate("profile", highest, "1", {"hours": written}, because)


def by_hour(hourly: Series, length: int) -> Floats | None:
    """Return the mean of each hour of a day (24) or week (168) over the mean of these hours.

    ``None`` if an hour never has a value, or if nothing was sent.  Hours are in UTC; those of a
    week begin on Monday.

    >>> two_days = Series("ingress", np.arange(48) * 3600.0, np.repeat([1.0, 3.0] * 2, 12), 3600.0)
    >>> by_hour(two_days, 24)[[0, 23]]
    array([0.5, 1.5])
    """
    known = np.isfinite(hourly.values)
    place = (np.floor(hourly.times[known] / HOUR).astype(np.int64) + THURSDAY) % length
    count = np.bincount(place, minlength=length)
    if not count.all():
        return None
    means = np.bincount(place, weights=hourly.values[known], minlength=length) / count
    mean = float(means.mean())
    return means / mean if mean > 0 else None
