"""Growth fitted to a history of traffic, to be looked at before it is projected."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.result import Result, draw
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth.diagnostics import warnings_of
from kafkatco.planning.growth.estimate import METHODS, Estimate, Method, estimate
from kafkatco.planning.growth.fitted import Fitted
from kafkatco.planning.growth.history import History, read_history
from kafkatco.sizing.formulas import monthly_tb

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


__all__ = ["Fit", "fit_growth"]

MOST_MONTHS: Final = 1200
#: A month for traffic per month, whichever month it is.  [h]
MONTH_HOURS: Final = 730.0


@dataclass(frozen=True, slots=True)
class Fit(Result):
    """What a history of traffic says of growth, and what not; ``growth`` carries it on.

    ``estimate`` has the monthly log growth, its spread and the level; ``warnings`` say what the
    method cannot hold; ``months`` is how far the fit is shown, the history's last month being 1.
    """

    history: History
    estimate: Estimate
    warnings: tuple[str, ...]
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
        """The median of growth a year, as a share."""
        return self.estimate.annual_rate()

    @property
    def level(self) -> float:
        """The traffic of the history's end, from which it goes on, in a month of 730 h [TB]."""
        return float(monthly_tb(self.estimate.level_mib_s, MONTH_HOURS))

    def annual_interval(self, share: float) -> tuple[float, float]:
        """Return between what growth a year is with a probability of ``share``, as shares.

        Raises :class:`~kafkatco.errors.InputError` for a share that is not between 0 and 1.
        """
        tail = (1 - _inside("share", share)) / 2
        return self.estimate.annual_rate(tail), self.estimate.annual_rate(1 - tail)

    def quantile(self, probability: float) -> Floats:
        """Return a quantile of traffic, month by month: in months of 730 h [TB], ``(months,)``.

        Raises :class:`~kafkatco.errors.InputError` for what is not between 0 and 1.
        """
        _inside("probability", probability)
        return self.level * self.estimate.growth(np.arange(self.months), probability)

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Draw the history and where it leads, 50 % and 90 % of it; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)


def fit_growth(
    history: str | Path | pd.DataFrame | History, *, method: Method = "walk", months: int = 36
) -> Fit:
    """Fit growth to a history of monthly traffic, with what is not known of it.

    Parameters
    ----------
    history
        A CSV file, or a DataFrame of the same columns: ``month`` (``2025-01``, or a day of it) and
        ``ingress``, the data of that month or a data rate, with its unit in each cell (``10 TB``,
        ``5 MB/s``) or in the heading (``ingress [TB]``).  At least 6 months, all of them, the
        oldest first.  Each is taken to be whole (leave out one that is not over), and what is
        data of a month is spread over that month's own hours.
    method
        ``"walk"``: a random walk with drift of log traffic.  The median growth is that from the
        first to the last month; after k months its scale is σ √(k + k² / (n - 1)) for n months.
        ``"trend"``: a least squares line through log traffic with independent residuals, of scale
        σ √(1 + 1 / n + (x + k)² / S) around it.  Intervals of both are Student's t with n - 2
        degrees of freedom, exact under their model.  The walk is the default as it is safe where
        it is wrong: around a trend it promises too little, and a trend in a walk far too much.
    months
        How far to show it, the history's last month being 1.

    Returns
    -------
    Fit
        Its ``growth`` is the growth model, and its ``warnings`` are worth reading.

    Raises
    ------
    InputError
        With every problem of the history, each with its line: gaps, months twice or out of order,
        what is zero, negative or missing, unknown headings and units.
    KafkatcoError
        Without scipy, of the extra ``kafkatco[uncertainty]``.

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
    wrong = []
    if not isinstance(method, str) or method not in METHODS:
        hint = nearest(str(method), METHODS)
        wrong.append(Problem("method", repr(method), "walk or trend", hint))
    if isinstance(months, bool) or not (isinstance(months, int) and 1 <= months <= MOST_MONTHS):
        wrong.append(Problem("months", repr(months), f"a whole number, 1 to {MOST_MONTHS}"))
    try:
        read = read_history(history)
    except InputError as error:
        raise InputError("fit", [*wrong, *error.problems]) from None
    except ValueError as error:
        wrong.append(Problem("history", type(history).__name__, str(error)))
    if wrong:
        raise InputError("fit", wrong)
    return Fit(read, estimate(read, method), warnings_of(read, method), months)


def _inside(name: str, value: Any) -> float:
    if not isinstance(value, Real) or not 0 < float(value) < 1:
        raise InputError("fit", [Problem(name, repr(value), "a number between 0 and 1")])
    return float(value)
