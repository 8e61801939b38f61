"""Growth estimated from a history, with its uncertainty.

Both methods model the logarithm y of traffic, so that growth is a share and traffic stays positive.
Their predictive distributions are exact under the model: Student's t with n - 2 degrees of freedom
for n months, which includes the uncertainty of the estimated mean and spread.  In Bayesian terms
they follow from the usual non-informative prior, p(b, σ) ~ 1 / σ.

``walk``
    A random walk with drift: y grows by b + σ e each month.  b is the mean of the n - 1 changes,
    σ their standard deviation.  After k months log growth is b k, with scale
    σ √(k + k² / (n - 1)).
    Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.5 ("Drift
    method"), https://otexts.com/fpp3/prediction-intervals.html; the joint distribution: Gelman et
    al., Bayesian Data Analysis, 3rd ed., 3.2.
``trend``
    A straight line with independent residuals: y = a + b x + σ e, by least squares.  k months after
    the line's value in the last month log growth is b k, with scale
    σ √(1 + 1 / n + (x + k)² / S), where x is the distance of the last month from the middle and S
    the sum of squares of these distances.
    Source: the same book, 7.6 and 7.9, https://otexts.com/fpp3/forecasting-regression.html;
    Gelman et al., 14.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth.history import History

__all__ = ["MAX_GROWTH", "METHODS", "Estimate", "Method", "estimate", "residuals", "special"]

Method = Literal["walk", "trend"]
METHODS: Final = {"walk": _("random walk with drift"), "trend": _("log-linear trend")}
#: The bound of every path as a multiple of its first month, up and down: the exponential of a
#: Student's t has an infinite mean without one.  Assumption.
MAX_GROWTH: Final = 1e6


@dataclass(frozen=True, slots=True)
class Estimate:
    """Monthly log growth ``rate`` and its ``spread`` σ, from a number of ``months``.

    ``level_mib_s`` is the traffic at the end of the history [MiB/s]: the last month's for the walk,
    and the line's value in the last month for the trend.
    """

    method: Method
    months: int
    rate: float
    spread: float
    level_mib_s: float

    @property
    def freedom(self) -> int:
        """The degrees of freedom of every Student's t."""
        return self.months - 2

    @property
    def rate_scale(self) -> float:
        """The standard error of the rate, in units of the spread."""
        return float(np.sqrt(1 / (self.months - 1 if self.method == "walk" else self._squares)))

    @property
    def _squares(self) -> float:
        """The sum of squares of months 1 to n around their mean."""
        return self.months * (self.months**2 - 1) / 12

    def scale(self, ahead: Any) -> Floats:
        """Return the scale of log growth over ``ahead`` months, in units of the spread."""
        k = np.asarray(ahead, float)
        if self.method == "walk":
            return np.sqrt(k + k**2 / (self.months - 1))
        last = (self.months - 1) / 2
        scale = np.sqrt(1 + 1 / self.months + (last + k) ** 2 / self._squares)
        return np.where(k > 0, scale, 0.0)

    def annual_rate(self, probability: float = 0.5) -> float:
        """Return a quantile of the mean growth a year [1], which varies less than a single year's.

        >>> Estimate("walk", 12, np.log(2) / 12, 0.0, 1.0).annual_rate()
        1.0
        """
        rate = self.rate + self._t(probability) * self.spread * self.rate_scale
        return float(np.expm1(12 * rate))

    def growth(self, ahead: Any, probability: float = 0.5) -> Floats:
        """Return a quantile of traffic after ``ahead`` months, as a multiple of the first."""
        k = np.asarray(ahead, float)
        return _bounded(self.rate * k + self._t(probability) * self.spread * self.scale(k))

    def dimensions(self, months: int) -> int:
        """Return the number of random numbers of a path: its parameters, then one a month."""
        return 0 if months < 2 else months + (1 if self.method == "walk" else 2)

    def draw(self, uniform: Floats, months: int) -> Floats:
        """Return random paths as multiples of the first month, shape ``(draws, months)``.

        ``uniform`` has shape ``(draws, dimensions(months))``: a number for the spread, one or two
        for the parameters of the mean, and one for each month.
        """
        if months < 2:
            return np.ones((len(uniform), months))
        ahead = np.arange(1.0, months)
        chi2 = special().chdtri(self.freedom, uniform[:, :1])
        spread = self.spread * np.sqrt(self.freedom / chi2)
        normal = special().ndtri(uniform[:, 1:])
        if self.method == "walk":
            noise = normal[:, :1] * ahead * self.rate_scale + np.cumsum(normal[:, 1:], axis=1)
        else:
            last = (self.months - 1) / 2
            noise = (
                normal[:, :1] * self.months**-0.5
                + normal[:, 1:2] * (last + ahead) * self.rate_scale
                + normal[:, 2:]
            )
        later = _bounded(self.rate * ahead + spread * noise)
        return np.concatenate([np.ones((len(uniform), 1)), later], axis=1)

    def _t(self, probability: float) -> float:
        if probability == 0.5:
            return 0.0
        return float(special().stdtrit(self.freedom, probability))


def estimate(history: History, method: Method) -> Estimate:
    """Estimate growth from a history by a method."""
    y = np.log(history.rates_mib_s)
    n = y.size
    if method == "walk":
        rate = (y[-1] - y[0]) / (n - 1)
        level = y[-1]
    else:
        x = np.arange(n) - (n - 1) / 2
        rate = float(x @ y / (x @ x))
        level = y.mean() + rate * x[-1]
    left = residuals(history, method)
    spread = np.sqrt(left @ left / (n - 2))
    return Estimate(method, n, float(rate), float(spread), float(np.exp(level)))


def residuals(history: History, method: Method) -> Floats:
    """Return the residuals: of the n - 1 changes for the walk, of the n months for the trend."""
    y = np.log(history.rates_mib_s)
    if method == "walk":
        changes: Floats = np.diff(y) - np.diff(y).mean()
        return changes
    x = np.arange(y.size) - (y.size - 1) / 2
    left: Floats = y - y.mean() - x * (x @ y / (x @ x))
    return left


def special() -> Any:
    """Return :mod:`scipy.special`; raise ``KafkatcoError`` if scipy is not installed."""
    with needing(_("uncertainty needs"), "scipy"):
        from scipy import special
    return special


def _bounded(log_growth: Floats) -> Floats:
    bound = np.log(MAX_GROWTH)
    bounded: Floats = np.exp(np.clip(log_growth, -bound, bound))
    return bounded
