"""View of growth fitted to a history of traffic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.format import number
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, ngettext, verbatim
from kafkatco.planning.growth.estimate import METHODS

if TYPE_CHECKING:
    from kafkatco.planning.growth.fit import Fit

__all__ = ["FIT_COLUMNS", "fit_dict", "fit_rows", "fit_tables"]

QUANTILES: Final = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
SHARES: Final = (0.5, 0.9)
FIT_COLUMNS: Final = ("month", "calendar_month", *QUANTILES, "unit")
UNIT: Final = "TB/month"
WHOLE: Final = _("every month counts as a whole month: leave out one that has not ended")
FROM: Final = _(
    "month 1 is the last month of the history; a projection starts at the traffic of the workload"
)


def fit_rows(fit: Fit) -> list[list[Any]]:
    """Return the quantiles of traffic of each month, under ``FIT_COLUMNS``."""
    quantiles = np.transpose([fit.quantile(p) for p in QUANTILES.values()]).tolist()
    last = fit.estimate.months - 1
    return [
        [i + 1, fit.history.month(last + i), *values, UNIT] for i, values in enumerate(quantiles)
    ]


def fit_dict(fit: Fit) -> dict[str, Any]:
    """Return ``kafkatco fit --format json``."""
    intervals = ((share, *fit.annual_interval(share)) for share in SHARES)
    return {
        "history": {
            "source": fit.history.source,
            "months": fit.estimate.months,
            "from": fit.history.month(0),
            "to": fit.history.month(fit.estimate.months - 1),
        },
        "method": fit.method,
        "annual_rate": fit.annual_rate,
        "annual_intervals": [
            {"share": share, "from": low, "to": high} for share, low, high in intervals
        ],
        "monthly_log_growth": fit.estimate.rate,
        "monthly_log_spread": fit.estimate.spread,
        "degrees_of_freedom": fit.estimate.freedom,
        "level": fit.level,
        "unit": UNIT,
        "months": [dict(zip(FIT_COLUMNS[:-1], row, strict=False)) for row in fit_rows(fit)],
        "warnings": list(fit.warnings),
    }


def fit_tables(fit: Fit, *, every: int = 6) -> Iterator[Table]:
    """Yield the fitted growth, and the traffic of every ``every``-th month."""
    history, count = fit.history, fit.estimate.months
    traffic = _("{traffic} {unit}", traffic=number(fit.level), unit=word(UNIT))
    rows: list[tuple[str, str]] = [
        (_("method"), verbatim(METHODS[fit.method])),
        (_("growth a year"), f"{fit.annual_rate:+.1%}"),
    ]
    for share in SHARES:
        low, high = fit.annual_interval(share)
        interval = _("{low:+.1%} to {high:+.1%}", low=low, high=high)
        rows.append((_("growth a year, {share:.0f} % interval", share=share * 100), interval))
    if fit.method == "walk":
        rows.append((_("spread of a month's growth"), f"{fit.estimate.spread:.1%}"))
        rows.append((_("traffic of the last month"), traffic))
    else:
        rows.append((_("spread around the trend"), f"{fit.estimate.spread:.1%}"))
        rows.append((_("the trend in the last month"), traffic))
    title = ngettext(
        "growth in {source}: {n} month, {first} to {last}",
        "growth in {source}: {n} months, {first} to {last}",
        count,
        source=history.source,
        first=history.month(0),
        last=history.month(count - 1),
    )
    warnings = map(verbatim, fit.warnings)
    columns = _("quantity fitted"), _("value")
    yield Table(title, columns, tuple(rows), frozenset({1}), (*warnings, WHOLE))
    months = [row for row in fit_rows(fit) if row[0] % every == 1 or row[0] == fit.months]
    cells = tuple((str(row[0]), row[1], *map(number, row[2:-1])) for row in months)
    heads: list[Message] = [_("month"), _("calendar month")]
    heads += [verbatim(f"{p * 100:.0f} %") for p in QUANTILES.values()]
    yield Table(
        _("traffic [{unit}] that is not exceeded, by probability", unit=word(UNIT)),
        tuple(heads),
        cells,
        frozenset({0, *range(2, len(heads))}),
        (FROM,),
    )


FIT: Final = View(
    columns=FIT_COLUMNS,
    rows=fit_rows,
    tables=fit_tables,
    plain=fit_dict,
    plots={"plot": "plot_fit"},
)
