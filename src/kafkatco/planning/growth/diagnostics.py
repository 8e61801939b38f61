"""Warnings of a fit: features of a history that break the assumptions of both methods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from kafkatco.i18n.message import Message, _, join, ngettext
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth.estimate import Method, residuals, special
from kafkatco.planning.growth.history import History

__all__ = ["warnings_of"]

#: The significance level of a warning [1]: an ordinary history seldom causes one.
LEVEL: Final = 0.01
#: Months in two years: with fewer, a season is seen only once.
TWO_YEARS: Final = 24
#: A smaller spread is rounding: growth has no residuals, so there is nothing to test.
NO_SPREAD: Final = 1e-9


def warnings_of(history: History, method: Method) -> tuple[Message, ...]:
    """Return the warnings of a fit as sentences; empty for an ordinary history.

    Both methods assume independent, identically distributed residuals.  The tests look for a month
    unlike all others (a t test of each month against the rest, with Bonferroni's correction),
    different growth in the second half (a t test of two means), differences between the months of
    the year (an F test), and autocorrelation from one month to the next (outside ±1.96 / √n).
    """
    left = residuals(history, method)
    count = len(history.rates_mib_s)
    warnings: list[Message] = []
    if count < TWO_YEARS:
        warnings.append(
            ngettext(
                "{n} month, less than two years: seasons look like growth",
                "{n} months, less than two years: seasons look like growth",
                count,
            )
        )
    if np.std(left) > NO_SPREAD:
        warnings += [*_outlier(history, method, left), *_halves(history)]
        warnings += _seasons(history, method, left) if count >= TWO_YEARS else ()
        warnings += _autocorrelation(method, left)
    return tuple(warnings)


def _outlier(history: History, method: Method, left: Floats) -> Iterator[Message]:
    """Yield a warning if the month farthest from the others is too far to be chance."""
    n = left.size
    at = int(np.argmax(np.abs(left)))
    others = np.delete(left, at)
    scale = max(np.std(others, ddof=1), NO_SPREAD) * np.sqrt(1 + 1 / (n - 1))
    away = (left[at] - others.mean()) / scale
    if 2 * n * special().stdtr(n - 2, -abs(away)) > LEVEL:
        return
    last = at == n - 1 and away < 0
    if method == "walk":
        outlier = _(
            "{month} changed by {share:+.0%}, unlike any other month",
            month=history.month(at + 1),
            share=history.rates_mib_s[at + 1] / history.rates_mib_s[at] - 1,
        )
    else:
        outlier = _(
            "{month} is {share:+.0%} off the trend, unlike any other month",
            month=history.month(at),
            share=float(np.expm1(left[at])),
        )
    cause = _("has the month ended?") if last else _("a break, or a wrong row?")
    yield join(": ", [outlier, cause])


def _halves(history: History) -> Iterator[Message]:
    """Yield a warning if growth differs between the halves of the history."""
    changes = np.diff(np.log(history.rates_mib_s))
    first, second = np.array_split(changes, 2)
    freedom = changes.size - 2
    within = first.var() * first.size + second.var() * second.size
    scale = np.sqrt(within / freedom * (1 / first.size + 1 / second.size))
    apart = abs(first.mean() - second.mean())
    if 2 * special().stdtr(freedom, -apart / max(scale, NO_SPREAD)) < LEVEL:
        yield _(
            "growth was {before:.1%} a month up to {month} and {after:.1%} since: fit the later "
            "part",
            before=float(np.expm1(first.mean())),
            month=history.month(first.size),
            after=float(np.expm1(second.mean())),
        )


def _seasons(history: History, method: Method, left: Floats) -> Iterator[Message]:
    """Yield a warning if the months of the year differ."""
    first = history.first.month + (method == "walk")
    month = (np.arange(left.size) + first) % 12
    groups = [left[month == number] for number in range(12)]
    between = sum(group.size * (group.mean() - left.mean()) ** 2 for group in groups) / 11
    freedom = left.size - 12
    within = sum(group.size * group.var() for group in groups) / freedom
    if special().fdtrc(11, freedom, between / max(within, NO_SPREAD**2)) < LEVEL:
        yield _("the months of the year differ: seasons are not modelled and count as noise")


def _autocorrelation(method: Method, left: Floats) -> Iterator[Message]:
    """Yield a warning if the residuals of successive months are correlated."""
    centred = left - left.mean()
    correlation = float(centred[1:] @ centred[:-1] / (centred @ centred))
    if abs(correlation) <= 1.96 / np.sqrt(left.size):
        return
    if method == "trend" and correlation > 0:
        yield _("residuals are autocorrelated: the intervals are too narrow; use the method walk")
    elif method == "walk" and correlation > 0:
        yield _("growth persists from month to month: the intervals are too narrow")
    elif method == "walk":
        yield _(
            "growth reverts from month to month: the intervals are too wide; the method trend may "
            "fit better"
        )
