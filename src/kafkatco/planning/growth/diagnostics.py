"""What in a history a fit cannot hold, and a user should know before trusting it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth.estimate import Method, residuals, special
from kafkatco.planning.growth.history import History

__all__ = ["warnings_of"]

#: Below this a test speaks up, so that an ordinary history is seldom warned of.
SELDOM: Final = 0.01
#: Months that two years have: with fewer, a season is seen but once.
TWO_YEARS: Final = 24
#: A smaller spread is rounding: traffic grows without a residual, and there is nothing to test.
NO_SPREAD: Final = 1e-9


def warnings_of(history: History, method: Method) -> tuple[str, ...]:
    """Return what is worth a user's attention, as sentences; none where nothing is.

    Independent residuals, all alike, are what both methods rest on.  Looked for are a month unlike
    the others (a t test of each against all others, by Bonferroni), growth that is another in the
    second half (a t test of two means), months of the year that differ (an F test), and residuals
    that hang together (the autocorrelation from one month to the next, outside of ±1.96 / √n).
    """
    left = residuals(history, method)
    count = len(history.rates_mib_s)
    found = []
    if count < TWO_YEARS:
        found.append(f"{count} months, less than two years: seasons look like growth")
    if np.std(left) > NO_SPREAD:
        found += [*_outlier(history, method, left), *_halves(history)]
        found += _seasons(history, method, left) if count >= TWO_YEARS else ()
        found += _memory(method, left)
    return tuple(found)


def _outlier(history: History, method: Method, left: Floats) -> Iterator[str]:
    """Tell of the month that is farthest from all others, where chance seldom makes such a one."""
    n = left.size
    at = int(np.argmax(np.abs(left)))
    others = np.delete(left, at)
    scale = max(np.std(others, ddof=1), NO_SPREAD) * np.sqrt(1 + 1 / (n - 1))
    away = (left[at] - others.mean()) / scale
    if 2 * n * special().stdtr(n - 2, -abs(away)) > SELDOM:
        return
    last = at == n - 1 and away < 0
    why = "a month that is not over?" if last else "a break, or a wrong row?"
    if method == "walk":
        name = history.month(at + 1)
        share = history.rates_mib_s[at + 1] / history.rates_mib_s[at] - 1
        yield f"{name} changed by {share:+.0%}, unlike any other month: {why}"
    else:
        share = np.expm1(left[at])
        yield f"{history.month(at)} is {share:+.0%} off the trend, unlike any other month: {why}"


def _halves(history: History) -> Iterator[str]:
    """Tell of growth that is another in the second half of the history."""
    changes = np.diff(np.log(history.rates_mib_s))
    first, second = np.array_split(changes, 2)
    freedom = changes.size - 2
    within = first.var() * first.size + second.var() * second.size
    scale = np.sqrt(within / freedom * (1 / first.size + 1 / second.size))
    apart = abs(first.mean() - second.mean())
    if 2 * special().stdtr(freedom, -apart / max(scale, NO_SPREAD)) < SELDOM:
        was, now = np.expm1(first.mean()), np.expm1(second.mean())
        month = history.month(first.size)
        yield f"growth was {was:.1%} a month up to {month} and {now:.1%} since: fit the later part"


def _seasons(history: History, method: Method, left: Floats) -> Iterator[str]:
    """Tell of months of the year that differ."""
    first = history.first.month + (method == "walk")
    names = (np.arange(left.size) + first) % 12
    groups = [left[names == name] for name in range(12)]
    between = sum(group.size * (group.mean() - left.mean()) ** 2 for group in groups) / 11
    freedom = left.size - 12
    within = sum(group.size * group.var() for group in groups) / freedom
    if special().fdtrc(11, freedom, between / max(within, NO_SPREAD**2)) < SELDOM:
        yield "months of the year differ: seasons are not modelled, and count as chance"


def _memory(method: Method, left: Floats) -> Iterator[str]:
    """Tell of residuals that hang together from month to month."""
    own = left - left.mean()
    together = float(own[1:] @ own[:-1] / (own @ own))
    if abs(together) <= 1.96 / np.sqrt(left.size):
        return
    if method == "trend" and together > 0:
        yield "residuals hang together: the intervals are too narrow, take the method walk"
    elif method == "walk" and together > 0:
        yield "a month's growth goes on in the next: the intervals are too narrow"
    elif method == "walk":
        yield "growth swings back: the intervals are too wide, the method trend may fit better"
