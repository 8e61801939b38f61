"""Growth fitted to a history of traffic, with a result to check before a projection uses it."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.result import Result, draw
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import Message, _
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth.diagnostics import warnings_of
from kafkatco.planning.growth.estimate import METHODS, Estimate, Method, estimate
from kafkatco.planning.growth.fitted import Fitted
from kafkatco.planning.growth.history import History, read_history
from kafkatco.prices.rows import MONTH_HOURS
from kafkatco.sizing.formulas import monthly_tb

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


__all__ = ["Fit", "fit_growth"]

MAX_MONTHS: Final = 1200


@dataclass(frozen=True, slots=True)
class Fit(Result):
    """Growth fitted to a history of traffic; ``growth`` is the model for projections.

    ``estimate`` has the monthly log growth, its spread and the level; ``warnings`` name the broken
    assumptions of the method; ``months`` is the number of months shown, from the last month of the
    history, which is 1.
    """

    history: History
    estimate: Estimate
    warnings: tuple[Message, ...]
    months: int

    def __repr__(self) -> str:
        return (
            f"Fit({self.method}, {self.estimate.months} months, "
            f"{self.estimate.annual_rate():+.1%} a year)"
        )

    @property
    def method(self) -> Method:
        """The method: walk or trend."""
        return self.estimate.method

    @property
    def growth(self) -> Fitted:
        """The growth model, for projections and plans."""
        return Fitted(file=self.history, method=self.method)

    @property
    def annual_rate(self) -> float:
        """The median growth a year [1]."""
        return self.estimate.annual_rate()

    @property
    def level(self) -> float:
        """The traffic at the end of the history, in a month of 730 h [TB]."""
        return float(monthly_tb(self.estimate.level_mib_s, MONTH_HOURS))

    def annual_interval(self, share: float) -> tuple[float, float]:
        """Return the ends of the central interval of growth a year of probability ``share`` [1].

        Raises :class:`~kafkatco.errors.InputError` if ``share`` is not between 0 and 1.
        """
        tail = (1 - _inside("share", share)) / 2
        return self.estimate.annual_rate(tail), self.estimate.annual_rate(1 - tail)

    def quantile(self, probability: float) -> Floats:
        """Return a quantile of the traffic of each month of 730 h [TB], shape ``(months,)``.

        Raises :class:`~kafkatco.errors.InputError` if ``probability`` is not between 0 and 1.
        """
        _inside("probability", probability)
        return self.level * self.estimate.growth(np.arange(self.months), probability)

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Plot the history and its future, with 50 % and 90 % bands; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)


def fit_growth(
    history: str | Path | pd.DataFrame | History, *, method: Method = "walk", months: int = 36
) -> Fit:
    """Fit growth to a history of monthly traffic, with its uncertainty.

    Parameters
    ----------
    history
        A CSV file, or a DataFrame with the same columns: ``month`` (``2025-01``, or a day of it)
        and ``ingress``, the data of that month or a data rate, with its unit in each cell
        (``10 TB``, ``5 MB/s``) or in the heading (``ingress [TB]``).  At least 6 consecutive
        months, the oldest first.  Each counts as a whole month (leave out one that has not ended),
        and the data of a month is spread over its own hours.
    method
        ``"walk"``: a random walk with drift of log traffic.  The median growth is that from the
        first to the last month; after k months its scale is σ √(k + k² / (n - 1)) for n months.
        ``"trend"``: a least squares line through log traffic with independent residuals, of scale
        σ √(1 + 1 / n + (x + k)² / S) around it.  Intervals of both are Student's t with n - 2
        degrees of freedom, exact under their model.  The walk is the default because its errors are
        on the safe side: its intervals are too wide for traffic around a trend, while those of the
        trend are far too narrow for a walk.
    months
        The number of months to show, from the last month of the history, which is 1.

    Returns
    -------
    Fit
        ``growth`` is the growth model; read the ``warnings`` before you use it.

    Raises
    ------
    InputError
        With the problems of the history, each with its line: gaps, duplicate months or months out
        of order, zero, negative or missing values, unknown headings and units.
    KafkatcoError
        If scipy, of the extra ``kafkatco[uncertainty]``, is not installed.

    Notes
    -----
    Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.5 and 7.6,
    https://otexts.com/fpp3/; Gelman et al., Bayesian Data Analysis, 3rd ed., 3.2 and 14.2.

    Examples
    --------
    >>> import pandas as pd
    >>> months = [f"2025-{month:02d}" for month in range(1, 8)]
    >>> traffic = pd.DataFrame({"month": months, "ingress [MB/s]": [40, 41, 43, 43, 45, 46, 48]})
    >>> fit = fit_growth(traffic)
    >>> low, high = fit.annual_interval(0.9)
    >>> f"{fit.annual_rate:.0%} a year, 90 %: {low:.0%} to {high:.0%}"
    '44% a year, 90 %: 20% to 73%'
    """
    problems = []
    if not isinstance(method, str) or method not in METHODS:
        hint = nearest(str(method), METHODS)
        problems.append(Problem("method", shown(method), _("walk or trend"), hint))
    if isinstance(months, bool) or not (isinstance(months, int) and 1 <= months <= MAX_MONTHS):
        expected = _("a whole number from 1 to {most}", most=MAX_MONTHS)
        problems.append(Problem("months", shown(months), expected))
    try:
        checked = read_history(history)
    except InputError as error:
        raise InputError("fit", [*problems, *error.problems]) from None
    except ValueError as error:
        problems.append(Problem("history", type(history).__name__, *error.args))
    if problems:
        raise InputError("fit", problems)
    return Fit(checked, estimate(checked, method), warnings_of(checked, method), months)


def _inside(name: str, value: Any) -> float:
    if not isinstance(value, Real) or not 0 < float(value) < 1:
        raise InputError("fit", [Problem(name, shown(value), _("a number between 0 and 1"))])
    return float(value)
